// SPDX-License-Identifier: Apache-2.0
// Finds the fenced blocks of a file of cases.
#include "tests/cases/case_file.hpp"

#include <algorithm>
#include <stdexcept>

#include "host/plugins/sample_archives.hpp"

namespace calque::cases {
namespace {

void append_utf8(std::string &out, uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 63));
    out += static_cast<char>(0x80 | (c & 63));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 63));
    out += static_cast<char>(0x80 | ((c >> 6) & 63));
    out += static_cast<char>(0x80 | (c & 63));
  }
}

/// \n \r \t \f \\ \xNN (a byte) \u{N} (a code point).
std::string unescape(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const char what = text[++at];
    if (what == 'n')
      out += '\n';
    else if (what == 'r')
      out += '\r';
    else if (what == 't')
      out += '\t';
    else if (what == 'f')
      out += '\f';
    else if (what == '\\')
      out += '\\';
    else if (what == 'x' && at + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    } else if (what == 'u' && text.find('}', at) != text.npos) {
      const size_t close = text.find('}', at);
      append_utf8(out,
                  static_cast<uint32_t>(std::stoul(std::string(text.substr(at + 2, close - at - 2)), nullptr, 16)));
      at = close;
    } else {
      throw std::runtime_error(std::string("\\") + what + " is no escape");
    }
  }
  return out;
}

/// A ZIP archive of the members that lines `--- NAME` part; a member ends before the line end that ends its last line.
std::string packed(std::string_view text) {
  host::test::archive_maker archive;
  for (size_t at = 0; at < text.size();) {
    const size_t name_end = std::min(text.find('\n', at), text.size());
    if (!text.substr(at).starts_with("--- ")) throw std::runtime_error("a member of an archive begins with \"--- NAME\"");
    const size_t begin = std::min(name_end + 1, text.size()), next = text.find("\n--- ", name_end);
    const size_t end = next == text.npos ? text.size() : std::max(next, begin);
    archive.add(std::string(text.substr(at + 4, name_end - at - 4)), std::string(text.substr(begin, end - begin)));
    at = next == text.npos ? text.size() : next + 1;
  }
  return archive.bytes();
}

}  // namespace

case_file parse_cases(std::string text) {
  case_file file;
  file.text = std::move(text);
  const std::string &all = file.text;
  std::string subject;
  size_t line_number = 0;
  const auto fail = [&](const std::string &message) {
    throw std::runtime_error("line " + std::to_string(line_number) + ": " + message);
  };
  for (size_t at = 0; at < all.size();) {
    const size_t end = std::min(all.find('\n', at), all.size());
    const std::string line = all.substr(at, end - at);
    ++line_number;
    at = end + 1;
    if (line.starts_with("#")) subject = line.substr(std::min(line.find_first_not_of("# "), line.size()));
    if (!line.starts_with("```") || line == "```") continue;
    const std::string fence = line.substr(0, line.find_first_not_of('`'));
    const size_t close = all.find("\n" + fence + "\n", at - 1);
    if (close == std::string::npos) fail("this block is not closed");
    const size_t begin = at, block_end = std::max(close, at);
    const std::string body = close < at ? "" : all.substr(begin, block_end - begin);
    const std::string info = line.substr(fence.size());
    const std::string word = info.substr(0, info.find(' '));
    if (word == "toml") {
      file.cases.push_back({subject, body, "", "case.txt", {}});
    } else if (word == "input") {
      if (file.cases.empty()) fail("an input comes after its pipeline");
      one_case &now = file.cases.back();
      now.input = info.find(" escaped") != info.npos ? unescape(body) : body;
      if (info.find(" archive") != info.npos) now.input = packed(now.input);
      if (const size_t name = info.find("name="); name != info.npos)
        now.input_name = info.substr(name + 5, info.find(' ', name) - name - 5);
    } else if (word == "expected") {
      if (file.cases.empty()) fail("an expectation comes after its pipeline");
      file.cases.back().expected.push_back({info.size() > 9 ? info.substr(9) : "", body, begin, begin + body.size()});
    }
    for (char c : all.substr(begin, close + fence.size() + 1 - begin)) line_number += c == '\n';
    at = close + 1 + fence.size() + 1;
  }
  return file;
}

}  // namespace calque::cases
