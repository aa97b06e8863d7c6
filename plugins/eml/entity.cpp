// SPDX-License-Identifier: Apache-2.0
// Headers by lines, multiparts by their boundaries: nothing is looked at twice at the same depth.
#include "plugins/eml/entity.hpp"

#include <calque/base.hpp>

#include <algorithm>
#include <map>
#include <optional>

#include "plugins/eml/ascii.hpp"
#include "plugins/eml/header_text.hpp"

namespace calque::plugins::mail {
namespace {

using std::string_view;

uint64_t next_line(string_view all, uint64_t at, uint64_t end) {
  return std::min<uint64_t>(all.substr(0, end).find('\n', at), end - 1) + 1;
}

/// The end of a line's text, before its line end.
uint64_t text_end(string_view all, uint64_t begin, uint64_t next) {
  uint64_t end = next;
  if (end > begin && all[end - 1] == '\n') --end;
  if (end > begin && all[end - 1] == '\r') --end;
  return end;
}

/// Where a header's name ends; nothing when the line is none.
std::optional<uint64_t> header_name(string_view all, uint64_t begin, uint64_t end) {
  for (uint64_t at = begin; at < end; ++at) {
    const auto c = static_cast<unsigned char>(all[at]);
    if (c == ':') return at > begin ? std::optional(at) : std::nullopt;
    if (c <= ' ' || c >= 0x7f) {
      // Old programs put blanks before the colon.
      uint64_t colon = at;
      while (colon < end && is_ascii_blank(all[colon])) ++colon;
      return at > begin && colon < end && all[colon] == ':' ? std::optional(at) : std::nullopt;
    }
  }
  return std::nullopt;
}

/// One parameter as it is stored: name, section and star taken apart.
struct stored_parameter {
  std::string name, value;
  uint64_t begin, end;
  int section = -1;
  bool is_encoded = false;
};

/// Reads `; name=value` to the end of a header. Comments in parentheses are passed over.
std::vector<stored_parameter> stored_parameters(string_view all, uint64_t at, uint64_t end) {
  std::vector<stored_parameter> found;
  while (at < end) {
    at = std::min<uint64_t>(all.substr(0, end).find(';', at), end);
    if (at == end) break;
    ++at;
    while (at < end && is_ascii_gap(all[at])) ++at;
    const uint64_t name_begin = at;
    while (at < end && all[at] != '=' && all[at] != ';' && !is_ascii_gap(all[at])) ++at;
    stored_parameter one{lower_ascii(all.substr(name_begin, at - name_begin)), {}, 0, 0};
    while (at < end && is_ascii_gap(all[at])) ++at;
    if (at == end || all[at] != '=') continue;
    ++at;
    while (at < end && is_ascii_gap(all[at])) ++at;
    if (at < end && all[at] == '"') {
      one.begin = ++at;
      while (at < end && all[at] != '"') {
        if (all[at] == '\\' && at + 1 < end) ++at;
        if (all[at] != '\r' && all[at] != '\n') one.value += all[at];
        ++at;
      }
      one.end = at;
      if (at < end) ++at;
    } else {
      one.begin = at;
      while (at < end && all[at] != ';' && !is_ascii_gap(all[at])) ++at;
      one.end = at;
      one.value = all.substr(one.begin, one.end - one.begin);
    }
    if (one.name.ends_with('*')) {
      one.is_encoded = true;
      one.name.pop_back();
    }
    if (const size_t star = one.name.find('*'); star != std::string::npos) {
      const std::string number = one.name.substr(star + 1);
      if (!number.empty() && number.size() < 4 && std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; }))
        one.section = std::stoi(number);
      one.name.resize(star);
    }
    if (!one.name.empty()) found.push_back(std::move(one));
    if (found.size() > 200) break;  // no header has so many, and whoever writes them means no good
  }
  return found;
}

std::string percent_decoded(string_view text) {
  std::string out;
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1; };
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0) {
      out += static_cast<char>(digit(text[at + 1]) << 4 | digit(text[at + 2]));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

/// Sections of one name put together; charsets and encoded words decoded.
std::vector<parameter> read_parameters(string_view all, const header &h) {
  std::map<std::string, std::vector<stored_parameter>> by_name;
  for (stored_parameter &one : stored_parameters(all, h.value_begin, h.value_end))
    by_name[one.name].push_back(std::move(one));
  std::vector<parameter> made;
  for (auto &[name, pieces] : by_name) {
    std::stable_sort(pieces.begin(), pieces.end(), [](const auto &a, const auto &b) { return a.section < b.section; });
    parameter whole{name, {}, UINT64_MAX, 0};
    std::string charset, bytes;
    const bool is_sectioned = pieces.back().section >= 0;
    for (const stored_parameter &piece : pieces) {
      if (is_sectioned && piece.section < 0) continue;  // a plain form beside the sections
      string_view value = piece.value;
      if (piece.is_encoded && piece.section <= 0) {
        const size_t first = value.find('\''), second = first == value.npos ? value.npos : value.find('\'', first + 1);
        if (second != value.npos) {
          charset = value.substr(0, first);
          value.remove_prefix(second + 1);
        }
      }
      bytes += piece.is_encoded ? percent_decoded(value) : std::string(value);
      whole.begin = std::min(whole.begin, piece.begin);
      whole.end = std::max(whole.end, piece.end);
      if (!is_sectioned) break;
    }
    if (name == "boundary")
      whole.value = bytes;  // compared with bytes, and never shown
    else
      whole.value = charset.empty() ? plain_words(bytes) : to_utf8(bytes, charset);
    made.push_back(std::move(whole));
  }
  return made;
}

const parameter *find_parameter(const std::vector<parameter> &all, string_view name) {
  for (const parameter &one : all)
    if (one.name == name && !one.value.empty()) return &one;
  return nullptr;
}

class entity_reader {
 public:
  explicit entity_reader(string_view all) : all_(all) {}

  // `digest`: the parts of a multipart/digest are messages where they do not say otherwise.
  entity read(uint64_t begin, uint64_t end, uint32_t depth, bool digest) {
    if (depth > most_depth)
      throw failure("eml.too-deep", "its parts are nested deeper than " + std::to_string(most_depth) + " (depth of parts)",
                    source_range{begin, end}, "it may be damaged, or made to do harm; no mail program writes such a message");
    if (++count_ > most_parts)
      throw failure("eml.too-many-parts", "it has more than " + std::to_string(most_parts) + " parts (number of parts)",
                    source_range{begin, end}, "it may be damaged, or made to do harm; no mail program writes such a message");
    entity e;
    e.begin = begin;
    e.end = end;
    e.headers = read_headers(all_, begin, end, e.body);
    if (digest) e.type = "message/rfc822";
    if (const header *type = e.find("content-type")) {
      const std::string value = lower_ascii(trimmed_ascii(all_.substr(type->value_begin, type->value_end - type->value_begin)));
      std::string main = value.substr(0, value.find_first_of("; \t\r\n("));
      const bool is_type = main.find('/') != main.npos &&
                           std::all_of(main.begin(), main.end(), [](char c) { return c > ' ' && c < 0x7f; });
      if (is_type) e.type = std::move(main);
      e.parameters = read_parameters(all_, *type);
    }
    if (const header *disposition = e.find("content-disposition")) {
      const std::string value = lower_ascii(trimmed_ascii(all_.substr(disposition->value_begin, disposition->value_end - disposition->value_begin)));
      e.disposition = value.substr(0, value.find_first_of("; \t\r\n"));
      const std::vector<parameter> named = read_parameters(all_, *disposition);
      if (const parameter *name = find_parameter(named, "filename")) e.file_name = *name;
    }
    if (e.file_name.value.empty())
      if (const parameter *name = find_parameter(e.parameters, "name")) e.file_name = *name;
    if (const header *encoding = e.find("content-transfer-encoding"))
      e.transfer_encoding = trimmed_ascii(all_.substr(encoding->value_begin, encoding->value_end - encoding->value_begin));
    if (e.is_multipart()) read_parts(e, depth);
    return e;
  }

 private:
  void read_parts(entity &e, uint32_t depth) {
    const std::string boundary = "--" + std::string(e.value_of("boundary"));
    if (boundary.size() == 2) return;
    std::optional<uint64_t> part_begin;
    const bool is_digest = e.type == "multipart/digest";
    // The line end before a boundary belongs to the boundary.
    const auto close = [&](uint64_t at) {
      if (!part_begin) return;
      uint64_t end = std::max(at, *part_begin);
      end = text_end(all_, *part_begin, end);
      e.parts.push_back(read(*part_begin, end, depth + 1, is_digest));
      part_begin.reset();
    };
    for (uint64_t at = e.body; at < e.end;) {
      const uint64_t next = next_line(all_, at, e.end);
      string_view line = all_.substr(at, text_end(all_, at, next) - at);
      if (line.starts_with(boundary)) {
        line.remove_prefix(boundary.size());
        while (!line.empty() && is_ascii_blank(line.back())) line.remove_suffix(1);
        if (line.empty() || line == "--") {
          close(at);
          if (!line.empty()) return;
          part_begin = next;
        }
      }
      at = next;
    }
    close(e.end);
  }

  string_view all_;
  uint32_t count_ = 0;
};

}  // namespace

const header *entity::find(string_view name) const {
  for (const header &h : headers)
    if (h.name == name) return &h;
  return nullptr;
}

string_view entity::value_of(string_view name) const {
  const parameter *found = find_parameter(parameters, name);
  return found != nullptr ? string_view(found->value) : string_view();
}

std::vector<header> read_headers(string_view all, uint64_t begin, uint64_t end, uint64_t &body) {
  std::vector<header> found;
  uint64_t at = begin;
  while (at < end) {
    const uint64_t next = next_line(all, at, end), line_end = text_end(all, at, next);
    if (line_end == at) {
      at = next;
      break;
    }
    if (is_ascii_blank(all[at]) && !found.empty()) {
      found.back().end = next;
      found.back().value_end = line_end;
      at = next;
      continue;
    }
    const auto name_end = header_name(all, at, line_end);
    if (!name_end) break;
    uint64_t value = all.find(':', *name_end) + 1;
    while (value < line_end && is_ascii_blank(all[value])) ++value;
    found.push_back({lower_ascii(all.substr(at, *name_end - at)), at, *name_end, value, line_end, next});
    at = next;
  }
  body = at;
  // A value that begins on its second line, and blanks at the end of the last one.
  for (header &h : found) {
    while (h.value_begin < h.value_end && is_ascii_gap(all[h.value_begin])) ++h.value_begin;
    while (h.value_end > h.value_begin && is_ascii_gap(all[h.value_end - 1])) --h.value_end;
  }
  return found;
}

entity read_entity(string_view all, uint64_t begin, uint64_t end) {
  return entity_reader(all).read(begin, end, 0, false);
}

}  // namespace calque::plugins::mail
