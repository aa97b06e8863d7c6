// SPDX-License-Identifier: Apache-2.0
// References within a book: where they lead in the archive, whatever they are relative to and however they are written.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace calque::plugins {

/// %XX undone; what is no such escape stays as it is.
inline std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
  };
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0) {
      out += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

/// Leads out of the book: it has a scheme ("https:", "data:") or a host.
inline bool is_remote(std::string_view reference) {
  const size_t end = reference.find_first_of(":/?#");
  return reference.starts_with("//") || (end != reference.npos && end > 0 && reference[end] == ':');
}

/// What stands behind '#', decoded; empty when nothing does.
inline std::string fragment_of(std::string_view reference) {
  const size_t mark = reference.find('#');
  return mark == reference.npos ? std::string() : percent_decoded(reference.substr(mark + 1));
}

/// The name in the archive that a reference in `from` leads to, without its fragment. Nothing when it leads out of the
/// book. As URLs are resolved, ".." at the top stays at the top; `climbs` (may be null) says that it was there.
inline std::optional<std::string> resolved(std::string_view from, std::string_view reference, bool *climbs = nullptr) {
  if (is_remote(reference)) return std::nullopt;
  reference = reference.substr(0, reference.find_first_of("?#"));
  if (reference.empty()) return std::string(from);
  const size_t folder = reference.front() == '/' ? from.npos : from.rfind('/');
  std::string path = folder == from.npos ? std::string() : std::string(from.substr(0, folder));
  const std::string decoded = percent_decoded(reference);
  for (size_t begin = 0; begin <= decoded.size();) {
    const size_t end = std::min(decoded.find('/', begin), decoded.size());
    const std::string_view step = std::string_view(decoded).substr(begin, end - begin);
    begin = end + 1;
    if (step.empty() || step == ".") continue;
    if (step == "..") {
      if (path.empty() && climbs != nullptr) *climbs = true;
      const size_t up = path.rfind('/');
      path.resize(up == path.npos ? 0 : up);
    } else {
      if (!path.empty()) path += '/';
      path += step;
    }
  }
  return path;
}

}  // namespace calque::plugins
