// SPDX-License-Identifier: Apache-2.0
// Commands that people copy: words as a shell reads them back, byte for byte.
#include "host/records/shell_words.hpp"

#include <fmt/format.h>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./=:,+@%").find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string shell_word(std::string_view word) {
  bool is_safe = !word.empty();
  for (const char c : word) is_safe = is_safe && is_plain(c);
  const bool is_visible = show_text(word) == word;
  if (is_visible && is_safe) return std::string(word);
  std::string quoted = is_visible ? "'" : "$'";
  while (!word.empty()) {
    std::string_view rest = word;
    const std::string shown = take_shown(rest, 0).text;
    const std::string_view bytes = word.substr(0, word.size() - rest.size());
    word = rest;
    if (bytes == "'")
      quoted += is_visible ? "'\\''" : "\\'";
    else if (bytes == "\\" && !is_visible)
      quoted += "\\\\";
    else if (shown == bytes)
      quoted += bytes;
    else
      for (const char c : bytes) quoted += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
  }
  return quoted + "'";
}

std::string shell_line(std::span<const std::string> words) {
  std::string line;
  for (const std::string &word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

}  // namespace calque::host
