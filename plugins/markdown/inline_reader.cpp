// SPDX-License-Identifier: Apache-2.0
// One pass over the text of a block; brackets and delimiters wait until what closes them is met.
#include "plugins/markdown/inline_reader.hpp"

#include <algorithm>
#include <array>

namespace markdown {

using std::string;
using std::string_view;

namespace {

constexpr size_t label_size = 999;

constexpr std::array<bool, 256> table_of(string_view marks) {
  std::array<bool, 256> table{};
  for (char c : marks) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto special = table_of("\n\\`&<[]!*_~^$");
constexpr auto special_with_addresses = table_of("\n\\`&<[]!*_~^$:wW");

}  // namespace

uint32_t inline_reader::add(inline_kind kind, size_t begin, size_t end, string_view text) {
  const auto index = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back({kind, static_cast<uint32_t>(begin), static_cast<uint32_t>(end), text});
  inline_node &root = nodes_[0], &made = nodes_.back();
  made.previous = root.last;
  if (root.last != no_node)
    nodes_[root.last].next = index;
  else
    root.first = index;
  root.last = index;
  return index;
}

/// Only nodes that are not yet within another are moved, so that their parent is the root or is not asked for.
void inline_reader::unlink(uint32_t k) {
  inline_node &n = nodes_[k];
  if (n.previous != no_node)
    nodes_[n.previous].next = n.next;
  else if (nodes_[0].first == k)
    nodes_[0].first = n.next;
  if (n.next != no_node)
    nodes_[n.next].previous = n.previous;
  else if (nodes_[0].last == k)
    nodes_[0].last = n.previous;
  n.kind = inline_kind::gone;
}

void inline_reader::insert_after(uint32_t k, uint32_t made) {
  inline_node &n = nodes_[k], &m = nodes_[made];
  m.previous = k;
  m.next = n.next;
  if (n.next != no_node)
    nodes_[n.next].previous = made;
  else if (nodes_[0].last == k)
    nodes_[0].last = made;
  n.next = made;
}

void inline_reader::gather(uint32_t container, uint32_t first, uint32_t last) {
  if (first == no_node || first == container) return;
  // What stands before and behind the stretch is joined.
  const uint32_t before = nodes_[first].previous, after = nodes_[last].next;
  if (before != no_node)
    nodes_[before].next = after;
  else if (nodes_[0].first == first)
    nodes_[0].first = after;
  if (after != no_node)
    nodes_[after].previous = before;
  else if (nodes_[0].last == last)
    nodes_[0].last = before;
  nodes_[first].previous = nodes_[last].next = no_node;
  nodes_[container].first = first;
  nodes_[container].last = last;
}

void inline_reader::read(string_view text) {
  s_ = text;
  at_ = 0;
  nodes_.clear();
  data_.clear();
  delimiters_.clear();
  brackets_.clear();
  open_links_ = 0;
  strings_.clear();
  last_backticks_.clear();
  last_delimiter_ = no_node;
  no_end_ = {};
  no_dollar_ = none;
  nodes_.push_back({inline_kind::root, 0, static_cast<uint32_t>(s_.size()), {}});
  const bool has_addresses = autolinks_ && (s_.find("://") != none || s_.find("ww.") != none || s_.find("WW.") != none);
  const auto &table = has_addresses ? special_with_addresses : special;
  while (at_ < s_.size()) {
    size_t end = at_;
    while (end < s_.size() && !table[static_cast<unsigned char>(s_[end])]) ++end;
    if (end > at_) {
      add_text(at_, end);
      at_ = end;
      continue;
    }
    const char c = s_[at_];
    const char next = at_ + 1 < s_.size() ? s_[at_ + 1] : '\0';
    switch (c) {
      case '\n': line_end(); break;
      case '\\': backslash(); break;
      case '&': reference(); break;
      case '`': code(); break;
      case '$': math(); break;
      case '<': angle(); break;
      case '*':
      case '_':
      case '~': marks(); break;
      case '^': caret(); break;
      case '[': open_bracket(1, false, false); break;
      case ']': close_bracket(); break;
      case '!':
        if (next == '[') {
          open_bracket(2, true, false);
          break;
        }
        [[fallthrough]];
      default:
        if ((c == ':' || c == 'w' || c == 'W') && web_address()) break;
        add_text(at_, at_ + 1);
        ++at_;
    }
  }
  emphasis(no_node);
  if (autolinks_ && s_.find('@') != none) mail_addresses();
}

void inline_reader::line_end() {
  const uint32_t last = nodes_[0].last;
  size_t blanks = 0;
  if (last != no_node && nodes_[last].kind == inline_kind::text && nodes_[last].end == at_) {
    string_view &text = nodes_[last].text;
    while (!text.empty() && text.back() == ' ') {
      text.remove_suffix(1);
      ++blanks;
    }
    while (!text.empty() && text.back() == '\t') {
      text.remove_suffix(1);
      blanks = 0;
      --nodes_[last].end;
    }
    nodes_[last].end = static_cast<uint32_t>(nodes_[last].begin + text.size());
    if (text.empty()) unlink(last);
  }
  add(blanks >= 2 ? inline_kind::hard_break : inline_kind::soft_break, at_, at_ + 1, s_.substr(at_, 1));
  at_ = after_blanks(s_, at_ + 1);
}

void inline_reader::backslash() {
  const char next = at_ + 1 < s_.size() ? s_[at_ + 1] : '\0';
  if (next == '\n') {
    add(inline_kind::hard_break, at_ + 1, at_ + 2, s_.substr(at_ + 1, 1));
    at_ = after_blanks(s_, at_ + 2);
  } else if (is_punctuation(next)) {
    add(inline_kind::text, at_, at_ + 2, s_.substr(at_ + 1, 1));
    at_ += 2;
  } else {
    add_text(at_, at_ + 1);
    ++at_;
  }
}

void inline_reader::reference() {
  string text;
  const size_t end = read_entity(s_, at_, text);
  if (end == none) {
    add_text(at_, at_ + 1);
    ++at_;
    return;
  }
  strings_.push_back(std::move(text));
  add(inline_kind::text, at_, end, strings_.back());
  at_ = end;
}

void inline_reader::code() {
  const size_t length = run_of(s_, at_, '`'), begin = at_ + length;
  if (last_backticks_.empty())
    for (size_t k = at_; k != none; k = s_.find('`', k)) {
      const size_t run = run_of(s_, k, '`');
      last_backticks_[run] = k;
      k += run;
    }
  size_t end = none;
  if (last_backticks_[length] >= begin) {
    end = s_.find('`', begin);
    for (size_t run = run_of(s_, end, '`'); run != length; run = run_of(s_, end, '`')) end = s_.find('`', end + run);
  }
  if (end == none) {
    add_text(at_, begin);
    at_ = begin;
    return;
  }
  size_t first = begin, last = end;
  const string_view inner = s_.substr(first, last - first);
  auto is_outer = [](char c) { return c == ' ' || c == '\n'; };
  if (inner.size() > 1 && is_outer(inner.front()) && is_outer(inner.back()) && inner.find_first_not_of(" \n") != none)
    ++first, --last;
  const uint32_t k = add(inline_kind::code, first, last, s_.substr(first, last - first));
  at_ = end + length;
  attach_attributes(k);
}

void inline_reader::math() {
  const char next = at_ + 1 < s_.size() ? s_[at_ + 1] : '\0';
  size_t end = none;
  if (next != '\0' && next != '$' && !is_space(next) && (no_dollar_ == none || at_ < no_dollar_)) {
    for (end = s_.find_first_of("$\\", at_ + 1); end != none; end = s_.find_first_of("$\\", end)) {
      if (s_[end] == '\\') {
        end += 2;
        continue;
      }
      const char after = end + 1 < s_.size() ? s_[end + 1] : '\0';
      if (!is_space(s_[end - 1]) && !is_digit(after)) break;
      ++end;
    }
    if (end == none) no_dollar_ = at_;
  }
  if (end == none) {
    add_text(at_, at_ + 1);
    ++at_;
    return;
  }
  add(inline_kind::math, at_ + 1, end, s_.substr(at_ + 1, end - at_ - 1));
  at_ = end + 1;
}

void inline_reader::angle() {
  string target;
  if (const size_t end = angle_link(at_, target); end != none) {
    const uint32_t words = add_text(at_ + 1, end - 1);
    const uint32_t link = add(inline_kind::link, at_, end, {});
    gather(link, words, words);
    const uint32_t data = data_of(link);
    data_[data].target = std::move(target);
    at_ = end;
  } else if (const size_t tag = read_html(s_, at_, no_end_); tag != none) {
    add(inline_kind::html, at_, tag, s_.substr(at_, tag - at_));
    at_ = tag;
  } else {
    add_text(at_, at_ + 1);
    ++at_;
  }
}

void inline_reader::caret() {
  if (at_ + 1 < s_.size() && s_[at_ + 1] == '[') return open_bracket(2, false, true);
  add_text(at_, at_ + 1);
  ++at_;
}

void inline_reader::open_bracket(size_t size, bool is_image, bool is_note) {
  // A call of a note that is defined somewhere.
  const size_t bracket_at = at_ + size - 1;
  if (!is_image && !is_note && bracket_at + 1 < s_.size() && s_[bracket_at + 1] == '^' && !tree_.notes.empty()) {
    const size_t size_of_label = s_.substr(bracket_at + 2, label_size).find(']');
    if (size_of_label != none) {
      const size_t end = bracket_at + 2 + size_of_label;
      const auto found = tree_.notes.find(normalized_label(s_.substr(bracket_at + 2, size_of_label)));
      if (found != tree_.notes.end()) {
        const uint32_t call = add(inline_kind::call, at_, end + 1, s_.substr(at_, end + 1 - at_));
        nodes_[call].data = found->second;
        at_ = end + 1;
        return;
      }
    }
  }
  const uint32_t k = add_text(at_, at_ + size);
  if (!brackets_.empty()) brackets_.back().has_bracket_after = true;
  brackets_.push_back({k, static_cast<uint32_t>(at_ + size), is_image, is_note, true, false, last_delimiter_});
  if (!is_image && !is_note) ++open_links_;
  at_ += size;
}

void inline_reader::pop_bracket() {
  if (!brackets_.back().is_image && !brackets_.back().is_note) --open_links_;
  brackets_.pop_back();
}

void inline_reader::close_bracket() {
  auto as_text = [&] {
    add_text(at_, at_ + 1);
    ++at_;
  };
  if (brackets_.empty()) return as_text();
  bracket opener = brackets_.back();
  auto contain = [&](inline_kind kind, size_t end) {
    const uint32_t made = add(kind, nodes_[opener.node].begin, end, {});
    emphasis(opener.delimiter);
    const uint32_t first = nodes_[opener.node].next;
    if (first != made) gather(made, first, nodes_[made].previous);
    unlink(opener.node);
    pop_bracket();
    return made;
  };
  if (opener.is_note) {
    contain(inline_kind::note, at_ + 1);
    ++at_;
    return;
  }
  if (!opener.is_active) {
    pop_bracket();
    return as_text();
  }
  inline_data found;
  size_t end = none;
  // [text](target "title")
  if (at_ + 1 < s_.size() && s_[at_ + 1] == '(') {
    size_t k = after_spaces(s_, at_ + 2);
    k = read_target(s_, k, found.target);
    if (k != none) {
      const size_t title_at = after_spaces(s_, k);
      const size_t title_end = title_at > k ? read_title(s_, title_at, found.title) : none;
      found.has_title = title_end != none;
      k = after_spaces(s_, title_end != none ? title_end : k);
      if (k < s_.size() && s_[k] == ')') end = k + 1;
    }
  }
  // [text][label], [label][] and [label]
  if (end == none && !tree_.links.empty()) {
    string_view label;
    size_t label_end = read_label(s_, at_ + 1, label);
    const bool has_label = label_end != none && !label.empty();
    if (!has_label) {
      if (opener.has_bracket_after || at_ - opener.at > label_size)
        label = {};
      else
        label = s_.substr(opener.at, at_ - opener.at);
      if (label_end == none) label_end = at_ + 1;
    }
    if (!label.empty()) {
      const auto definition = tree_.links.find(normalized_label(label));
      if (definition != tree_.links.end()) {
        found.target = definition->second.target;
        found.title = definition->second.title;
        found.has_title = definition->second.has_title;
        end = label_end;
      }
    }
  }
  if (end != none) {
    const uint32_t made = contain(opener.is_image ? inline_kind::image : inline_kind::link, end);
    data_[data_of(made)] = std::move(found);
    at_ = end;
    attach_attributes(made);
    nodes_[made].end = static_cast<uint32_t>(at_);
    // No link within a link.
    if (!opener.is_image)
      for (auto b = brackets_.rbegin(); b != brackets_.rend(); ++b) {
        if (b->is_image || b->is_note) continue;
        if (!b->is_active) break;
        b->is_active = false;
      }
    return;
  }
  attributes attrs;
  if (!opener.is_image && at_ + 1 < s_.size() && s_[at_ + 1] == '{') {
    if (const size_t after = read_attributes(s_, at_ + 1, attrs); after != none && attrs.format.empty()) {
      const uint32_t made = contain(inline_kind::span, after);
      data_[data_of(made)].attrs = std::move(attrs);
      at_ = after;
      return;
    }
  }
  pop_bracket();
  as_text();
}

uint32_t inline_reader::data_of(uint32_t k) {
  if (nodes_[k].data == no_node) {
    nodes_[k].data = static_cast<uint32_t>(data_.size());
    data_.emplace_back();
  }
  return nodes_[k].data;
}

void inline_reader::attach_attributes(uint32_t k) {
  if (at_ >= s_.size() || s_[at_] != '{') return;
  attributes found;
  const size_t end = read_attributes(s_, at_, found);
  if (end == none || (!found.format.empty() && nodes_[k].kind != inline_kind::code)) return;
  data_[data_of(k)].attrs = std::move(found);
  at_ = end;
}

}  // namespace markdown
