// SPDX-License-Identifier: Apache-2.0
// Mailboxes: messages one behind the other, each behind a line that begins with "From ".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace calque::plugins::mail {

/// [from_line, begin) is the line, [begin, end) the message, [end, next) the blank line behind it.
struct mailbox_message {
  uint64_t from_line, begin, end, next;
};

bool is_mailbox(std::string_view head);

/// Messages tile the mailbox. A "From " line counts behind a blank line, when it has a time in it, and a year or a
/// header behind it: text that happens to begin so parts no message.
std::vector<mailbox_message> split_mailbox(std::string_view all);

}  // namespace calque::plugins::mail
