// SPDX-License-Identifier: Apache-2.0
// Finds where messages begin in a mailbox.
#include "plugins/eml/mailbox.hpp"

#include <algorithm>

#include "plugins/eml/entity.hpp"

namespace calque::plugins::mail {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "10:00" somewhere in it.
bool has_time(std::string_view line) {
  for (size_t at = line.find(':'); at != line.npos; at = line.find(':', at + 1))
    if (at > 0 && at + 2 < line.size() && is_digit(line[at - 1]) && is_digit(line[at + 1]) && is_digit(line[at + 2]))
      return true;
  return false;
}

/// Four digits that stand alone.
bool has_year(std::string_view line) {
  size_t digits = 0;
  for (size_t at = 0; at <= line.size(); ++at) {
    if (at < line.size() && is_digit(line[at])) {
      ++digits;
      continue;
    }
    if (digits == 4 && at >= 5 && line[at - 5] == ' ' && (at == line.size() || line[at] <= ' ')) return true;
    digits = 0;
  }
  return false;
}

bool is_from_line(std::string_view all, uint64_t at) {
  if (all.substr(at, 5) != "From ") return false;
  const uint64_t next = std::min<uint64_t>(all.find('\n', at), all.size() - 1) + 1;
  const std::string_view line = all.substr(at, next - at);
  if (!has_time(line)) return false;
  if (has_year(line)) return true;
  uint64_t body = 0;
  const uint64_t far = std::min<uint64_t>(all.size(), next + 4096);
  return !read_headers(all, next, far, body).empty();
}

}  // namespace

bool is_mailbox(std::string_view head) {
  return head.starts_with("From ") && is_from_line(head, 0);
}

std::vector<mailbox_message> split_mailbox(std::string_view all) {
  std::vector<mailbox_message> found;
  const auto end_last = [&](uint64_t at) {
    if (found.empty()) return;
    mailbox_message &last = found.back();
    last.next = last.end = at;
    // The blank line before a "From " line is the mailbox's; at the end of the file it may be missing.
    for (const std::string_view blank : {"\r\n\r\n", "\n\n"})
      if (last.end - last.begin >= blank.size() && all.substr(last.end - blank.size(), blank.size()) == blank) {
        last.end -= blank.size() / 2;
        break;
      }
  };
  bool after_blank = true;
  for (uint64_t at = 0; at < all.size();) {
    const uint64_t next = std::min<uint64_t>(all.find('\n', at), all.size() - 1) + 1;
    if (after_blank && is_from_line(all, at)) {
      end_last(at);
      found.push_back({at, next, next, next});
    }
    const std::string_view line = all.substr(at, next - at);
    after_blank = line == "\n" || line == "\r\n";
    at = next;
  }
  end_last(all.size());
  return found;
}

}  // namespace calque::plugins::mail
