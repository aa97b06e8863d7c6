// SPDX-License-Identifier: Apache-2.0
// The statuses that an input can end with, as docs/run-records.md has them: what each means, and its sign.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace calque::host {

enum class verdict : std::uint8_t {
  fine,     // its editions are there
  failed,   // it was tried, or could not be
  untried,  // the run ended before
};

struct status_word {
  std::string_view name;
  verdict means = verdict::failed;
  std::string_view sign;     // one character, so that no colour is needed to tell them apart
  std::string_view meaning;  // a few words for people
};

/// In the order in which they are shown.
std::span<const status_word> status_words();
/// A status that a newer program wrote counts as a failure: it is shown, and nobody is told that all is well.
status_word find_status(std::string_view name);

}  // namespace calque::host
