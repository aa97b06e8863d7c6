// SPDX-License-Identifier: Apache-2.0
// Labels, targets, titles, tags, character references, attributes and rows of tables.
#include "plugins/markdown/syntax.hpp"

#include "plugins/markdown/entities.hpp"

#include <unicode/unistr.h>

#include <algorithm>

namespace markdown {

using std::string;
using std::string_view;

namespace {

constexpr int target_parentheses = 32;
constexpr size_t label_size = 999;
// More than anybody writes; without an end, many names would be compared with each other.
constexpr size_t attributes_size = 10'000;

void append_utf8(string &to, uint32_t c) {
  if (c < 0x80) {
    to += static_cast<char>(c);
  } else if (c < 0x800) {
    to += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    to += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    to += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
           static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
}

bool is_attribute_name(char c) { return is_letter_or_digit(c) || c == '_' || c == '-' || c == ':' || c == '.'; }
bool is_word(char c) { return is_attribute_name(c) || static_cast<unsigned char>(c) >= 0x80; }

/// A search that remembers that it found nothing from some place on.
size_t find_end(string_view s, string_view what, size_t from, size_t &missing_from) {
  if (missing_from != none && from >= missing_from) return none;
  const size_t at = s.find(what, from);
  if (at == none) missing_from = from;
  return at;
}

}  // namespace

const string *attributes::find(string_view key) const {
  for (const auto &[name, value] : others)
    if (name == key) return &value;
  return nullptr;
}

size_t read_attributes(string_view s, size_t at, attributes &into) {
  if (at >= s.size() || s[at] != '{') return none;
  attributes found;
  size_t k = at + 1;
  s = s.substr(0, at + attributes_size);
  for (;;) {
    k = after_spaces(s, k);
    if (k >= s.size()) return none;
    const char c = s[k];
    if (c == '}') break;
    size_t end = k + 1;
    while (end < s.size() && is_word(s[end])) ++end;
    if (c == '#' || c == '.' || c == '=') {
      const string_view word = s.substr(k + 1, end - k - 1);
      if (word.empty()) return none;
      if (c == '#')
        found.id = word;
      else if (c == '.')
        found.classes += (found.classes.empty() ? "" : " ") + string(word);
      else
        found.format = word;
      k = end;
    } else if (is_letter(c) || c == '_') {
      if (end >= s.size() || s[end] != '=') return none;
      string name(s.substr(k, end - k)), value;
      k = end + 1;
      if (k < s.size() && (s[k] == '"' || s[k] == '\'')) {
        const char quote = s[k++];
        while (k < s.size() && s[k] != quote) {
          if (s[k] == '\\' && k + 1 < s.size() && is_punctuation(s[k + 1])) ++k;
          value += is_line_end(s[k]) ? ' ' : s[k];
          ++k;
        }
        if (k >= s.size()) return none;
        ++k;
      } else {
        while (k < s.size() && !is_space(s[k]) && s[k] != '}' && s[k] != '"' && s[k] != '\'') value += s[k++];
        if (value.empty()) return none;
      }
      if (name == "id")
        found.id = value;
      else if (name == "class")
        found.classes += (found.classes.empty() || value.empty() ? "" : " ") + value;
      else if (!found.find(name))
        found.others.emplace_back(std::move(name), std::move(value));
    } else {
      return none;
    }
    if (k < s.size() && !is_space(s[k]) && s[k] != '}') return none;
  }
  if (found.is_empty()) return none;
  into = std::move(found);
  return k + 1;
}

string written(const attributes &a) {
  if (a.is_empty()) return {};
  auto is_plain = [](string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_word); };
  auto quoted = [](string_view text) {
    string made = "\"";
    for (char c : text) {
      if (c == '"' || c == '\\') made += '\\';
      made += is_line_end(c) ? ' ' : c;
    }
    return made + '"';
  };
  string made = "{";
  auto add = [&](const string &piece) { made += (made.size() > 1 ? " " : "") + piece; };
  if (!a.id.empty()) add(is_plain(a.id) ? "#" + a.id : "id=" + quoted(a.id));
  for (size_t at = 0; at < a.classes.size();) {
    const size_t end = std::min(a.classes.find(' ', at), a.classes.size());
    const string word = a.classes.substr(at, end - at);
    if (!word.empty()) add(is_plain(word) ? "." + word : "class=" + quoted(word));
    at = end + 1;
  }
  for (const auto &[key, value] : a.others) add(key + "=" + (is_plain(value) ? value : quoted(value)));
  return made.size() > 1 ? made + "}" : string();
}

size_t read_entity(string_view s, size_t at, string &text) {
  size_t k = at + 1;
  if (k >= s.size()) return none;
  if (s[k] != '#') {
    while (k < s.size() && is_letter_or_digit(s[k]) && k - at < 34) ++k;
    if (k >= s.size() || s[k] != ';') return none;
    const auto found = find_entity(s.substr(at + 1, k - at - 1));
    if (found.empty()) return none;
    text = found;
    return k + 1;
  }
  ++k;
  const bool is_hex = k < s.size() && lower(s[k]) == 'x';
  if (is_hex) ++k;
  const size_t first = k, most = is_hex ? 6 : 7;
  uint32_t value = 0;
  for (; k < s.size() && k - first <= most; ++k) {
    const char c = lower(s[k]);
    if (is_digit(c))
      value = value * (is_hex ? 16 : 10) + static_cast<uint32_t>(c - '0');
    else if (is_hex && c >= 'a' && c <= 'f')
      value = value * 16 + static_cast<uint32_t>(c - 'a' + 10);
    else
      break;
  }
  if (k == first || k - first > most || k >= s.size() || s[k] != ';') return none;
  text.clear();
  append_utf8(text, value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000) ? 0xFFFD : value);
  return k + 1;
}

string resolved(string_view s) {
  string made;
  made.reserve(s.size());
  for (size_t k = 0; k < s.size();) {
    string entity;
    if (s[k] == '\\' && k + 1 < s.size() && is_punctuation(s[k + 1])) {
      made += s[k + 1];
      k += 2;
    } else if (size_t end = s[k] == '&' ? read_entity(s, k, entity) : none; end != none) {
      made += entity;
      k = end;
    } else {
      made += s[k++];
    }
  }
  return made;
}

size_t read_tag(string_view s, size_t at) {
  size_t k = at + 1;
  const bool closes = k < s.size() && s[k] == '/';
  if (closes) ++k;
  if (k >= s.size() || !is_letter(s[k])) return none;
  while (k < s.size() && (is_letter_or_digit(s[k]) || s[k] == '-')) ++k;
  for (;;) {
    const size_t next = after_spaces(s, k);
    if (next >= s.size()) return none;
    if (s[next] == '>') return next + 1;
    if (closes) return none;
    if (s[next] == '/') return next + 1 < s.size() && s[next + 1] == '>' ? next + 2 : none;
    if (next == k || !(is_letter(s[next]) || s[next] == '_' || s[next] == ':')) return none;
    k = next + 1;
    while (k < s.size() && is_attribute_name(s[k])) ++k;
    size_t value = after_spaces(s, k);
    if (value >= s.size() || s[value] != '=') continue;
    value = after_spaces(s, value + 1);
    if (value >= s.size()) return none;
    if (s[value] == '"' || s[value] == '\'') {
      k = s.find(s[value], value + 1);
      if (k == none) return none;
      ++k;
    } else {
      k = value;
      while (k < s.size() && !is_space(s[k]) && string_view("\"'=<>`").find(s[k]) == none) ++k;
      if (k == value) return none;
    }
  }
}

size_t read_html(string_view s, size_t at, missing_ends &no_end) {
  if (at + 1 >= s.size() || s[at] != '<') return none;
  const string_view rest = s.substr(at);
  size_t end = none;
  if (rest[1] == '?') {
    end = find_end(s, "?>", at + 2, no_end.instruction);
    return end == none ? none : end + 2;
  }
  if (rest[1] != '!') return read_tag(s, at);
  if (rest.starts_with("<!-->")) return at + 5;
  if (rest.starts_with("<!--->")) return at + 6;
  if (rest.starts_with("<!--")) {
    end = find_end(s, "-->", at + 4, no_end.comment);
    return end == none ? none : end + 3;
  }
  if (rest.starts_with("<![CDATA[")) {
    end = find_end(s, "]]>", at + 9, no_end.cdata);
    return end == none ? none : end + 3;
  }
  if (rest.size() > 2 && is_letter(rest[2])) {
    end = find_end(s, ">", at + 3, no_end.declaration);
    return end == none ? none : end + 1;
  }
  return none;
}

size_t read_target(string_view s, size_t at, string &target) {
  size_t k = at;
  if (k < s.size() && s[k] == '<') {
    for (++k; k < s.size() && s[k] != '>'; ++k) {
      if (s[k] == '<' || is_line_end(s[k])) return none;
      if (s[k] == '\\' && k + 1 < s.size() && is_punctuation(s[k + 1])) ++k;
    }
    if (k >= s.size()) return none;
    target = resolved(s.substr(at + 1, k - at - 1));
    return k + 1;
  }
  int depth = 0;
  for (; k < s.size(); ++k) {
    const char c = s[k];
    if (c == '\\' && k + 1 < s.size() && is_punctuation(s[k + 1])) {
      ++k;
    } else if (c == '(') {
      if (++depth > target_parentheses) return none;
    } else if (c == ')') {
      if (depth == 0) break;
      --depth;
    } else if (static_cast<unsigned char>(c) <= ' ' || c == 0x7F) {
      break;
    }
  }
  if (depth != 0) return none;
  target = resolved(s.substr(at, k - at));
  return k;
}

size_t read_title(string_view s, size_t at, string &title) {
  if (at >= s.size()) return none;
  const char open = s[at], close = open == '(' ? ')' : open;
  if (open != '"' && open != '\'' && open != '(') return none;
  for (size_t k = at + 1; k < s.size(); ++k) {
    if (s[k] == '\\' && k + 1 < s.size() && is_punctuation(s[k + 1])) {
      ++k;
    } else if (s[k] == close) {
      title = resolved(s.substr(at + 1, k - at - 1));
      return k + 1;
    } else if (s[k] == open && open == '(') {
      return none;
    }
  }
  return none;
}

size_t read_label(string_view s, size_t at, string_view &label) {
  if (at >= s.size() || s[at] != '[') return none;
  for (size_t k = at + 1; k < s.size() && k - at - 1 <= label_size; ++k) {
    if (s[k] == '\\' && k + 1 < s.size() && is_punctuation(s[k + 1])) {
      ++k;
    } else if (s[k] == '[') {
      return none;
    } else if (s[k] == ']') {
      label = s.substr(at + 1, k - at - 1);
      return k + 1;
    }
  }
  return none;
}

string normalized_label(string_view label) {
  string made;
  label = trimmed(label);
  bool is_ascii = true;
  for (size_t k = 0; k < label.size(); ++k) {
    if (is_space(label[k])) {
      if (!made.ends_with(' ')) made += ' ';
    } else {
      is_ascii = is_ascii && static_cast<unsigned char>(label[k]) < 0x80;
      made += lower(label[k]);
    }
  }
  if (is_ascii) return made;
  string folded;
  icu::UnicodeString::fromUTF8(made).foldCase().toUTF8String(folded);
  return folded;
}

std::vector<std::pair<size_t, size_t>> cells_of(string_view row) {
  std::vector<std::pair<size_t, size_t>> cells;
  size_t at = after_blanks(row, 0), end = row.size();
  while (end > at && is_space(row[end - 1])) --end;
  if (at < end && row[at] == '|') ++at;
  size_t begin = at;
  auto add = [&](size_t from, size_t to) {
    while (from < to && is_blank(row[from])) ++from;
    while (to > from && is_blank(row[to - 1])) --to;
    cells.emplace_back(from, to);
  };
  for (; at < end; ++at) {
    if (row[at] == '\\' && at + 1 < end) {
      ++at;
    } else if (row[at] == '|') {
      add(begin, at);
      begin = at + 1;
    }
  }
  if (begin < end || cells.empty()) add(begin, end);
  return cells;
}

}  // namespace markdown
