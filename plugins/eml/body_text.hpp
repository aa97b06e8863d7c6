// SPDX-License-Identifier: Apache-2.0
// The text of a body: transfer encoding and charset taken off, each word with its place in the message.
#pragma once

#include "plugins/common/decoding.hpp"
#include "plugins/eml/transfer.hpp"

#include <string>
#include <string_view>

namespace calque::plugins::mail {

/// How the charset was found.
enum class charset_state { as_labelled, guessed, wrong_label, unknown_label };

class body_text {
 public:
  /// `charset`: the label, or nothing. `is_text` is false for bytes that no text has.
  body_text(stored_bytes stored, std::string_view charset);
  // The text views the bytes beside it.
  body_text(const body_text &) = delete;
  body_text &operator=(const body_text &) = delete;

  bool is_text() const { return is_text_; }
  std::string_view text() const { return is_text_ ? decoded_.text() : std::string_view(); }
  const std::string &charset() const { return decoded_.encoding; }
  charset_state state() const { return state_; }
  size_t replaced() const { return decoded_.replaced.size(); }
  const stored_bytes &stored() const { return stored_; }

  /// What is stored before the first word: a byte-order mark, line ends of the encoding. Once, first.
  void skip_front(builder &out, std::string_view code) const;
  /// One leaf of text [begin, end); what the encoding put between its bytes is skipped.
  void put(builder &out, size_t begin, size_t end, kind k = kind::text) const;
  /// The place of a break that stands for text [begin, end).
  void put_break(builder &out, size_t begin, size_t end, kind k) const;
  /// Text that is no text of the document. Neighbours tile what is stored.
  void skip(builder &out, size_t begin, size_t end, std::string_view code) const;

 private:
  source_range place_of(size_t begin, size_t end) const;

  stored_bytes stored_;
  decoded_text decoded_;
  bool is_text_ = false;
  charset_state state_ = charset_state::as_labelled;
};

}  // namespace calque::plugins::mail
