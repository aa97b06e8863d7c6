// SPDX-License-Identifier: Apache-2.0
// Words of labels that are no speakers, in the languages of the archives.
#pragma once

#include <string_view>

namespace calque::plugins {

/// Labels of circumstances: Time, Venue, Present, Recorded by, 时间, Присутствовали. `key` is folded.
bool is_circumstance(std::string_view key);
/// Offices that may speak in a conversation and may be named before it: Interpreter, Chairman, Секретарь.
bool is_office(std::string_view key);
/// Words that begin a thought or a part of a text, or a letter: Note, Conclusion, First, Dear Comrades.
bool is_heading_word(std::string_view key);
/// Small words that are names too ("He", "So", "Well"): no label, unless it comes again.
bool is_plain_word(std::string_view key);

}  // namespace calque::plugins
