// SPDX-License-Identifier: Apache-2.0
// Addresses that are links as they stand: <in angles>, and, as GFM has it, of the web and of mail.
#include "plugins/markdown/inline_reader.hpp"

#include <algorithm>

namespace markdown {

using std::string;
using std::string_view;

namespace {

// No domain is longer, and a search that is cut off keeps a row of beginnings from costs that grow with its square.
constexpr size_t longest_domain = 1000;

bool is_domain(char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

/// The end of a domain at `at`, or `none`: at least two parts, and no underscore in the last two.
size_t domain_end(string_view s, size_t at, bool may_be_short) {
  size_t end = at, points = 0, underscores_here = 0, underscores_before = 0;
  s = s.substr(0, at + longest_domain);
  for (; end < s.size(); ++end) {
    if (s[end] == '.') {
      ++points;
      underscores_before = underscores_here;
      underscores_here = 0;
    } else if (s[end] == '_') {
      ++underscores_here;
    } else if (!is_domain(s[end])) {
      break;
    }
  }
  if (end == at || end - at >= longest_domain || underscores_here > 0 || underscores_before > 0) return none;
  return may_be_short || points > 0 ? end : none;
}

/// What ends a sentence is not part of the address.
size_t without_stops(string_view s, size_t begin, size_t end) {
  if (const size_t angle = s.find('<', begin); angle < end) end = angle;
  const string_view address = s.substr(begin, end - begin);
  const auto open = std::count(address.begin(), address.end(), '(');
  auto close = std::count(address.begin(), address.end(), ')');
  while (end > begin) {
    const char last = s[end - 1];
    if (string_view("?!.,:*_~'\"").find(last) != none) {
      --end;
    } else if (last == ';') {
      size_t k = end - 1;
      while (k > begin && is_letter_or_digit(s[k - 1])) --k;
      if (k < end - 1 && k > begin && s[k - 1] == '&')
        end = k - 1;
      else
        --end;
    } else if (last == ')' && close > open) {
      --close;
      --end;
    } else {
      break;
    }
  }
  return end;
}

bool may_precede(char c) { return is_space(c) || c == '*' || c == '_' || c == '~' || c == '('; }

}  // namespace

size_t inline_reader::angle_link(size_t at, string &target) const {
  const string_view s = s_;
  size_t k = at + 1;
  if (k < s.size() && is_letter(s[k])) {
    while (k < s.size() && (is_letter_or_digit(s[k]) || s[k] == '.' || s[k] == '+' || s[k] == '-')) ++k;
    const size_t scheme = k - at - 1;
    if (scheme >= 2 && scheme <= 32 && k < s.size() && s[k] == ':') {
      while (k < s.size() && static_cast<unsigned char>(s[k]) > ' ' && s[k] != '<' && s[k] != '>') ++k;
      if (k < s.size() && s[k] == '>') {
        target = s.substr(at + 1, k - at - 1);
        return k + 1;
      }
    }
  }
  k = at + 1;
  while (k < s.size() && (is_letter_or_digit(s[k]) || string_view(".!#$%&'*+/=?^_`{|}~-").find(s[k]) != none)) ++k;
  if (k == at + 1 || k >= s.size() || s[k] != '@') return none;
  for (;;) {
    const size_t part = ++k;
    while (k < s.size() && (is_letter_or_digit(s[k]) || s[k] == '-')) ++k;
    if (k == part || k - part > 63 || s[part] == '-' || s[k - 1] == '-') return none;
    if (k >= s.size() || s[k] != '.') break;
  }
  if (k >= s.size() || s[k] != '>') return none;
  target = "mailto:" + string(s.substr(at + 1, k - at - 1));
  return k + 1;
}

/// At the colon of http://, or at www.
bool inline_reader::web_address() {
  if (open_links_ > 0) return false;
  size_t begin = at_, end = none;
  string prefix;
  if (s_[at_] == ':') {
    if (s_.substr(at_, 3) != "://") return false;
    while (begin > 0 && is_letter(s_[begin - 1])) --begin;
    string scheme(s_.substr(begin, at_ - begin));
    std::transform(scheme.begin(), scheme.end(), scheme.begin(), lower);
    if (scheme != "http" && scheme != "https" && scheme != "ftp") return false;
    end = domain_end(s_, at_ + 3, true);
  } else {
    if (s_.size() - at_ < 5 || lower(s_[at_ + 1]) != 'w' || lower(s_[at_ + 2]) != 'w' || s_[at_ + 3] != '.') return false;
    end = domain_end(s_, at_, false);
    prefix = "http://";
  }
  if (end == none || (begin > 0 && !may_precede(s_[begin - 1]))) return false;
  while (end < s_.size() && !is_space(s_[end]) && s_[end] != '<') ++end;
  end = without_stops(s_, begin, end);
  if (end <= at_ + 1) return false;
  // The scheme was taken for text.
  for (uint32_t last = nodes_[0].last; begin < at_ && last != no_node && nodes_[last].end > begin; last = nodes_[0].last) {
    inline_node &n = nodes_[last];
    if (n.begin >= begin) {
      unlink(last);
    } else {
      n.text.remove_suffix(n.end - begin);
      n.end = static_cast<uint32_t>(begin);
    }
  }
  const uint32_t words = add_text(begin, end);
  const uint32_t link = add(inline_kind::link, begin, end, {});
  gather(link, words, words);
  data_[data_of(link)].target = prefix + string(s_.substr(begin, end - begin));
  at_ = end;
  return true;
}

/// In all text that is in no link; marks that turned out to be text are part of it.
void inline_reader::mail_addresses() {
  std::vector<uint32_t> open{0};
  while (!open.empty()) {
    const uint32_t parent = open.back();
    open.pop_back();
    for (uint32_t k = nodes_[parent].first; k != no_node;) {
      inline_node &n = nodes_[k];
      if (n.kind >= inline_kind::root && n.kind != inline_kind::link) open.push_back(k);
      const auto is_plain = [&](const inline_node &t) {
        return t.kind == inline_kind::text && t.text.data() == s_.data() + t.begin && t.text.size() == t.end - t.begin;
      };
      while (is_plain(n) && n.next != no_node && is_plain(nodes_[n.next]) && nodes_[n.next].begin == n.end) {
        inline_node &joined = nodes_[n.next];
        n.end = joined.end;
        n.text = s_.substr(n.begin, n.end - n.begin);
        joined.kind = inline_kind::gone;
        n.next = joined.next;
        if (n.next != no_node)
          nodes_[n.next].previous = k;
        else
          nodes_[parent].last = k;
      }
      const uint32_t next = n.next;
      if (is_plain(n) && n.text.find('@') != none) link_mail(k);
      k = next;
    }
  }
}

void inline_reader::link_mail(uint32_t k) {
  for (size_t from = 0;;) {
    const string_view text = nodes_[k].text;
    const size_t sign = text.find('@', from);
    if (sign == none) return;
    size_t begin = sign, end = sign + 1, points = 0;
    while (begin > 0 && (is_letter_or_digit(text[begin - 1]) || string_view(".+-_").find(text[begin - 1]) != none)) --begin;
    for (; end < text.size(); ++end) {
      if (is_letter_or_digit(text[end]) || text[end] == '-' || text[end] == '_') continue;
      if (text[end] == '.' && end + 1 < text.size() && is_letter_or_digit(text[end + 1]))
        ++points;
      else
        break;
    }
    from = sign + 1;
    if (begin == sign || points == 0 || end == sign + 1 || !is_letter_or_digit(text[end - 1])) continue;
    if (end < text.size() && text[end] == '@') continue;
    // Three pieces: before, the link, and what is left to look at.
    const uint32_t base = nodes_[k].begin;
    const auto piece = [&](size_t first, size_t last) {
      const auto made = static_cast<uint32_t>(nodes_.size());
      nodes_.push_back({inline_kind::text, base + static_cast<uint32_t>(first), base + static_cast<uint32_t>(last),
                        text.substr(first, last - first)});
      return made;
    };
    const uint32_t words = piece(begin, end), rest = piece(end, text.size());
    const auto link = static_cast<uint32_t>(nodes_.size());
    nodes_.push_back({inline_kind::link, nodes_[words].begin, nodes_[words].end, {}});
    nodes_[link].first = nodes_[link].last = words;
    data_[data_of(link)].target = "mailto:" + string(nodes_[words].text);
    nodes_[k].text = text.substr(0, begin);
    nodes_[k].end = base + static_cast<uint32_t>(begin);
    insert_after(k, link);
    insert_after(link, rest);
    k = rest;
    from = 0;
  }
}

}  // namespace markdown
