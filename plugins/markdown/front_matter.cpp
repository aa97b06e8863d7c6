// SPDX-License-Identifier: Apache-2.0
// The part of YAML that people and exporters write before a text: scalars of every style, and lists of them.
#include "plugins/markdown/front_matter.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace markdown {

using std::string;
using std::string_view;

namespace {

constexpr std::array<string_view, 55> dublin_core{
    "abstract", "access_rights", "accrual_method", "accrual_periodicity", "accrual_policy", "alternative", "audience",
    "available", "bibliographic_citation", "conforms_to", "contributor", "coverage", "created", "creator", "date",
    "date_accepted", "date_copyrighted", "date_submitted", "description", "education_level", "extent", "format",
    "has_format", "has_part", "has_version", "identifier", "instructional_method", "is_format_of", "is_part_of",
    "is_referenced_by", "is_replaced_by", "is_required_by", "is_version_of", "issued", "language", "license", "mediator",
    "medium", "modified", "provenance", "publisher", "references", "relation", "replaces", "requires", "rights",
    "rights_holder", "source", "spatial", "subject", "table_of_contents", "temporal", "title", "type", "valid"};

struct line {
  size_t begin, end, next;
};

line line_at(string_view text, size_t at) {
  size_t end = text.find_first_of("\r\n", at);
  if (end == none) return {at, text.size(), text.size()};
  return {at, end, end + (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n' ? 2u : 1u)};
}

class yaml_reader {
 public:
  explicit yaml_reader(string_view text) : text_(text) {}

  front_matter read() {
    const line open = line_at(text_, 0);
    if (trimmed(text_.substr(0, open.end)) != "---" || text_[0] != '-') return {};
    at_ = open.next;
    // A blank line behind it makes it a rule.
    if (at_ >= text_.size() || is_blank_line(line_at(text_, at_))) return {};
    while (at_ < text_.size()) {
      const line l = line_at(text_, at_);
      const string_view words = text_.substr(l.begin, l.end - l.begin);
      if (trimmed(words) == "---" || trimmed(words) == "...") {
        if (is_blank(words[0]) || made_.values.empty()) return {};
        made_.end = l.next;
        return std::move(made_);
      }
      if (is_blank_line(l) || words[0] == '#') {
        at_ = l.next;
        continue;
      }
      if (!entry(l)) return {};
    }
    return {};
  }

 private:
  bool is_blank_line(const line &l) const { return after_blanks(text_.substr(0, l.end), l.begin) == l.end; }
  bool is_end(const line &l) const {
    const string_view words = text_.substr(l.begin, l.end - l.begin);
    return words.starts_with("---") || words.starts_with("...");
  }

  bool entry(const line &l) {
    size_t k = l.begin;
    string key;
    if (text_[k] == '"' || text_[k] == '\'') {
      const char quote = text_[k++];
      while (k < l.end && text_[k] != quote) {
        if (quote == '"' && text_[k] == '\\' && k + 1 < l.end) ++k;
        key += text_[k++];
      }
      if (k >= l.end) return false;
      ++k;
    } else {
      if (!is_letter(text_[k]) && text_[k] != '_' && static_cast<unsigned char>(text_[k]) < 0x80) return false;
      while (k < l.end && text_[k] != ':' ) key += text_[k++];
      if (key.size() > 80) return false;
    }
    if (k >= l.end || text_[k] != ':' || key.empty()) return false;
    if (k + 1 < l.end && !is_blank(text_[k + 1])) return false;
    const size_t value = after_blanks(text_.substr(0, l.end), k + 1);
    if (value < l.end && text_[value] != '#') {
      if (text_[value] == '[' && flow_list(key, value, l.end)) {
        at_ = l.next;
        return true;
      }
      return scalar(key, value, l, 1);
    }
    at_ = l.next;
    // A list below, or deeper lines, which are kept as they are.
    bool is_list = false;
    while (at_ < text_.size()) {
      const line item = line_at(text_, at_);
      if (is_end(item)) break;
      if (is_blank_line(item)) {
        at_ = item.next;
        continue;
      }
      const size_t first = after_blanks(text_.substr(0, item.end), item.begin);
      const bool is_item = text_[first] == '-' && (first + 1 == item.end || is_blank(text_[first + 1]));
      if (is_item) {
        is_list = true;
        const size_t inner = after_blanks(text_.substr(0, item.end), first + 1);
        if (inner == item.end) {
          at_ = item.next;
          continue;
        }
        if (!scalar(key, inner, item, first - item.begin + 1)) return false;
      } else if (first > item.begin) {
        content raw;
        raw.add(text_.substr(first, item.end - first), static_cast<uint32_t>(first), static_cast<uint32_t>(item.end));
        made_.values.push_back({key, std::move(raw)});
        is_list = true;
        at_ = item.next;
      } else {
        break;
      }
    }
    if (!is_list) made_.values.push_back({key, content()});
    return true;
  }

  bool scalar(const string &key, size_t at, const line &l, size_t indent) {
    content made;
    const char c = text_[at];
    bool is_good = true;
    if (c == '"' || c == '\'')
      is_good = quoted(made, at);
    else if (c == '|' || c == '>')
      block(made, at, l, indent);
    else
      plain(made, at, l, indent);
    if (is_good) made_.values.push_back({key, std::move(made)});
    return is_good;
  }

  void add(content &to, size_t begin, size_t end) {
    if (begin < end) to.add(text_.substr(begin, end - begin), static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
  }
  void add(content &to, string_view what, size_t begin, size_t end) {
    to.add(what, static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
  }

  bool flow_list(const string &key, size_t at, size_t end) {
    std::vector<content> items;
    size_t k = after_blanks(text_.substr(0, end), at + 1);
    while (k < end && text_[k] != ']') {
      content made;
      if (text_[k] == '"' || text_[k] == '\'') {
        const size_t stop = quoted_end(k);
        if (stop == none || stop > end) return false;
        quoted_text(made, k, stop);
        k = stop;
      } else {
        const size_t begin = k;
        while (k < end && text_[k] != ',' && text_[k] != ']') {
          if (text_[k] == '[' || text_[k] == '{') return false;
          ++k;
        }
        size_t last = k;
        while (last > begin && is_blank(text_[last - 1])) --last;
        add(made, begin, last);
      }
      items.push_back(std::move(made));
      k = after_blanks(text_.substr(0, end), k);
      if (k < end && text_[k] == ',') k = after_blanks(text_.substr(0, end), k + 1);
      else if (k < end && text_[k] != ']') return false;
    }
    if (k >= end) return false;
    const size_t after = after_blanks(text_.substr(0, end), k + 1);
    if (after < end && text_[after] != '#') return false;
    for (content &item : items) made_.values.push_back({key, std::move(item)});
    if (items.empty()) made_.values.push_back({key, content()});
    return true;
  }

  size_t quoted_end(size_t at) const {
    const char quote = text_[at];
    for (size_t k = at + 1; k < text_.size(); ++k) {
      if (quote == '"' && text_[k] == '\\')
        ++k;
      else if (text_[k] == quote && quote == '\'' && k + 1 < text_.size() && text_[k + 1] == '\'')
        ++k;
      else if (text_[k] == quote)
        return k + 1;
    }
    return none;
  }

  bool quoted(content &made, size_t at) {
    const size_t end = quoted_end(at);
    if (end == none) return false;
    quoted_text(made, at, end);
    const line l = line_at(text_, end);
    const size_t after = after_blanks(text_.substr(0, l.end), end);
    if (after < l.end && text_[after] != '#') return false;
    at_ = l.next;
    return true;
  }

  void quoted_text(content &made, size_t at, size_t end) {
    const char quote = text_[at];
    size_t begin = at + 1;
    for (size_t k = begin; k < end - 1;) {
      size_t next = k;
      string what;
      if (quote == '\'' && text_[k] == '\'') {
        next = k + 2;
        what = "'";
      } else if (quote == '"' && text_[k] == '\\') {
        next = escape(k, end - 1, what);
      } else if (is_line_end(text_[k])) {
        next = after_spaces(text_.substr(0, end - 1), k);
        what = " ";
      } else {
        ++k;
        continue;
      }
      add(made, begin, k);
      if (!what.empty()) add(made, what, k, next);
      begin = k = next;
    }
    add(made, begin, end - 1);
  }

  /// The text of an escape sequence, and the place after it.
  size_t escape(size_t at, size_t end, string &what) const {
    if (at + 1 >= end) {
      what = "\\";
      return at + 1;
    }
    const char c = text_[at + 1];
    using namespace std::string_view_literals;  // of a NUL too
    constexpr string_view from = "nt r0abefv"sv, to = "\n\t \r\0\a\b\x1b\f\v"sv;
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits > 0 && at + 2 + digits <= end) {
      uint32_t value = 0;
      const char *first = text_.data() + at + 2, *last = first + digits;
      const auto [stop, error] = std::from_chars(first, last, value, 16);
      if (error == std::errc() && stop == last) {
        string reference = "&#" + std::to_string(value) + ";";
        if (read_entity(reference, 0, what) != none) return at + 2 + digits;
      }
    }
    if (is_line_end(c)) {
      what.clear();
      return after_spaces(text_.substr(0, end), at + 1);
    }
    if (const size_t k = from.find(c); k != none && to[k] != '\0') {
      what = to[k];
      return at + 2;
    }
    // Any other character stands for itself, with all of its bytes.
    size_t stop = at + 2;
    while (stop < end && (static_cast<unsigned char>(text_[stop]) & 0xc0) == 0x80) ++stop;
    what = text_.substr(at + 1, stop - at - 1);
    return stop;
  }

  void plain(content &made, size_t at, const line &first, size_t indent) {
    line l = first;
    size_t begin = at;
    for (;;) {
      size_t end = l.end;
      if (const size_t comment = text_.substr(0, l.end).find(" #", begin); comment != none) end = comment;
      while (end > begin && is_blank(text_[end - 1])) --end;
      add(made, begin, end);
      at_ = l.next;
      if (at_ >= text_.size()) return;
      const line further = line_at(text_, at_);
      const size_t words = after_blanks(text_.substr(0, further.end), further.begin);
      if (words == further.end || words - further.begin < indent || is_end(further)) return;
      if (text_[words] == '-' && indent == 1 && words + 1 < further.end && is_blank(text_[words + 1])) return;
      add(made, " ", end, words);
      l = further;
      begin = words;
    }
  }

  /// | and >: the deeper lines below. The text is Markdown, to which both mean the same but for blank lines.
  void block(content &made, size_t, const line &head, size_t indent) {
    at_ = head.next;
    size_t own = 0, last_end = none;
    while (at_ < text_.size()) {
      const line l = line_at(text_, at_);
      const size_t words = after_blanks(text_.substr(0, l.end), l.begin);
      if (words < l.end) {
        if (own == 0) own = words - l.begin;
        if (words - l.begin < std::max(indent, own) || own == 0) break;
        const size_t begin = l.begin + own;
        if (last_end != none) add(made, "\n", last_end, begin);
        add(made, begin, l.end);
        last_end = l.end;
      }
      at_ = l.next;
    }
  }

  string_view text_;
  size_t at_ = 0;
  front_matter made_;
};

/// % title, % authors; parted by semicolons or lines, % date.
front_matter read_title_block(string_view text) {
  constexpr std::array<string_view, 3> keys{"title", "author", "date"};
  front_matter made;
  size_t at = 0;
  for (size_t k = 0; k < keys.size() && at < text.size() && text[at] == '%'; ++k) {
    line l = line_at(text, at);
    size_t begin = after_blanks(text.substr(0, l.end), at + 1);
    for (bool is_first = true;; is_first = false) {
      size_t from = begin;
      while (from < l.end) {
        size_t to = k == 1 ? std::min(text.find(';', from), l.end) : l.end;
        const size_t next = std::min(to + 1, l.end);
        while (to > from && is_blank(text[to - 1])) --to;
        if (from < to) {
          if (k != 1 && !is_first) {
            made.values.back().text.add(" ", static_cast<uint32_t>(from), static_cast<uint32_t>(from));
          } else {
            made.values.push_back({string(keys[k]), content()});
          }
          made.values.back().text.add(text.substr(from, to - from), static_cast<uint32_t>(from), static_cast<uint32_t>(to));
        }
        from = after_blanks(text.substr(0, l.end), next);
      }
      at = l.next;
      if (at >= text.size() || !is_blank(text[at]) || made.values.empty() || made.values.back().key != keys[k]) break;
      l = line_at(text, at);
      begin = after_blanks(text.substr(0, l.end), at);
      if (begin == l.end) break;
    }
  }
  if (!made.values.empty()) made.end = at;
  return made;
}

}  // namespace

front_matter read_front_matter(string_view text) {
  if (text.starts_with("---")) return yaml_reader(text).read();
  if (text.starts_with("% ")) return read_title_block(text);
  return {};
}

string_view field_of(string_view key) {
  static constexpr std::array<std::pair<string_view, string_view>, 6> names{{{"author", "creator"},
                                                                             {"authors", "creator"},
                                                                             {"keywords", "subject"},
                                                                             {"tags", "subject"},
                                                                             {"citation", "bibliographic_citation"},
                                                                             {"summary", "abstract"}}};
  for (const auto &[name, field] : names)
    if (key == name) return field;
  if (std::binary_search(dublin_core.begin(), dublin_core.end(), key)) return key;
  const bool is_own = key.starts_with("calque.") && key.size() > 7 && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == none;
  return is_own ? key : string_view();
}

}  // namespace markdown
