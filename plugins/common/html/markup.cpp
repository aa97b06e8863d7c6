// SPDX-License-Identifier: Apache-2.0
// The states of HTML's tokenizer, as far as the ends of tokens depend on them.
#include "plugins/common/html/markup.hpp"

#include <array>

namespace calque::plugins::html_reading {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

size_t after(std::string_view text, std::string_view what, size_t from) {
  const size_t found = text.find(what, from);
  return found == std::string_view::npos ? text.size() : found + what.size();
}

size_t end_of_tag(std::string_view text, size_t at, size_t *attributes = nullptr) {
  while (at < text.size() && !is_blank(text[at]) && text[at] != '/' && text[at] != '>') ++at;
  while (at < text.size()) {
    while (at < text.size() && (is_blank(text[at]) || text[at] == '/')) ++at;
    if (at == text.size()) break;
    if (text[at] == '>') return at + 1;
    if (attributes != nullptr) ++*attributes;
    ++at;  // a name may begin with "="
    while (at < text.size() && !is_blank(text[at]) && text[at] != '/' && text[at] != '>' && text[at] != '=') ++at;
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size() || text[at] != '=') continue;
    ++at;
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) break;
    if (text[at] == '"' || text[at] == '\'') {
      at = after(text, text.substr(at, 1), at + 1);
    } else {
      while (at < text.size() && !is_blank(text[at]) && text[at] != '>') ++at;
    }
  }
  return text.size();
}

size_t end_of_comment(std::string_view text, size_t at) {
  // "<!-->" and "<!--->" are whole comments.
  if (text.substr(at + 4, 1) == ">") return at + 5;
  if (text.substr(at + 4, 2) == "->") return at + 6;
  const size_t plain = after(text, "-->", at + 4), odd = after(text, "--!>", at + 4);
  return plain < odd ? plain : odd;
}

constexpr std::array<std::string_view, 9> raw_elements{"script", "style",   "title",    "textarea", "xmp",
                                                        "iframe", "noembed", "noframes", "plaintext"};

}  // namespace

bool same_word(std::string_view a, std::string_view lower_case) {
  if (a.size() != lower_case.size()) return false;
  for (size_t k = 0; k < a.size(); ++k)
    if ((a[k] >= 'A' && a[k] <= 'Z' ? static_cast<char>(a[k] + 32) : a[k]) != lower_case[k]) return false;
  return true;
}

bool begins_markup(std::string_view text, size_t at) {
  if (text[at] != '<' || at + 1 >= text.size()) return false;
  const char c = text[at + 1];
  return is_letter(c) || c == '!' || c == '?' || c == '/';
}

size_t end_of_markup(std::string_view text, size_t at) {
  const char c = text[at + 1];
  if (c == '!' && text.substr(at, 4) == "<!--") return end_of_comment(text, at);
  if (c == '!' && text.substr(at, 9) == "<![CDATA[") return at + 9;
  if (c == '!' || c == '?' || (c == '/' && (at + 2 >= text.size() || !is_letter(text[at + 2]))))
    return after(text, ">", at + 2);
  return end_of_tag(text, c == '/' ? at + 2 : at + 1);
}

size_t attributes_of_tag(std::string_view text, const token &tag) {
  size_t count = 0;
  end_of_tag(text.substr(0, tag.end), tag.begin + 1, &count);
  return count;
}

bool tokens::next(token &to) {
  if (at_ >= text_.size()) return false;
  const size_t begin = at_;
  if (!raw_.empty()) {
    const std::string_view element = raw_;
    raw_ = {};
    size_t end = begin;
    for (;; ++end) {
      end = same_word(element, "plaintext") ? text_.size() : text_.find("</", end);
      if (end >= text_.size()) {
        end = text_.size();
        break;
      }
      const size_t after_name = end + 2 + element.size();
      if (after_name < text_.size() && same_word(text_.substr(end + 2, element.size()), element) &&
          (is_blank(text_[after_name]) || text_[after_name] == '/' || text_[after_name] == '>'))
        break;
    }
    if (end > begin) {
      at_ = end;
      to = {token_kind::text, begin, end, {}, false};
      return true;
    }
  }
  if (!begins_markup(text_, begin)) {
    size_t end = begin + 1;
    while ((end = text_.find('<', end)) != std::string_view::npos && !begins_markup(text_, end)) ++end;
    at_ = end == std::string_view::npos ? text_.size() : end;
    to = {token_kind::text, begin, at_, {}, false};
    return true;
  }
  at_ = end_of_markup(text_, begin);
  const char c = text_[begin + 1];
  const bool closes = c == '/' && begin + 2 < text_.size() && is_letter(text_[begin + 2]);
  if (!is_letter(c) && !closes) {
    to = {c == '!' && text_.substr(begin, 4) == "<!--" ? token_kind::comment : token_kind::declaration, begin, at_, {},
          false};
    return true;
  }
  const size_t name_begin = begin + (closes ? 2 : 1);
  size_t name_end = name_begin;
  while (name_end < at_ && !is_blank(text_[name_end]) && text_[name_end] != '/' && text_[name_end] != '>') ++name_end;
  const bool closes_itself = at_ - begin > 2 && text_[at_ - 1] == '>' && text_[at_ - 2] == '/';
  to = {closes ? token_kind::end_tag : token_kind::tag, begin, at_, text_.substr(name_begin, name_end - name_begin),
        closes_itself};
  if (!closes)
    for (std::string_view name : raw_elements)
      if (same_word(to.name, name)) raw_ = name;
  return true;
}

}  // namespace calque::plugins::html_reading
