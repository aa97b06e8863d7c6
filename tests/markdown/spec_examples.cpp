// SPDX-License-Identifier: Apache-2.0
// What the specification's test takes for the same HTML.
#include "tests/markdown/spec_examples.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace markdown_tests {

using std::string;
using std::string_view;

namespace {

string with_tabs(string_view text) {
  string made;
  for (size_t k = 0; k < text.size(); ++k) {
    if (text.substr(k, 3) == "→") {
      made += '\t';
      k += 2;
    } else {
      made += text[k];
    }
  }
  return made;
}

const std::set<string_view> &block_tags() {
  static const std::set<string_view> names{
      "article", "header", "aside", "hgroup", "blockquote", "hr", "iframe", "body", "li", "map", "button", "object",
      "canvas", "ol", "caption", "output", "col", "p", "colgroup", "pre", "dd", "progress", "div", "section", "dl",
      "table", "td", "dt", "tbody", "embed", "textarea", "fieldset", "tfoot", "figcaption", "th", "figure", "thead",
      "footer", "tr", "form", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "video", "script", "style"};
  return names;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

string unescaped(string_view text) {
  static const std::map<string_view, string_view> names{{"&quot;", "\""}, {"&#39;", "'"}, {"&#x27;", "'"}};
  string made;
  for (size_t k = 0; k < text.size();) {
    bool is_found = false;
    for (const auto &[name, value] : names)
      if (text.substr(k).starts_with(name)) {
        made += value;
        k += name.size();
        is_found = true;
        break;
      }
    if (!is_found) made += text[k++];
  }
  return made;
}

/// A tag with its attributes in order.
string tag_of(string_view tag, string &name) {
  size_t k = 1;
  const bool closes = k < tag.size() && tag[k] == '/';
  if (closes) ++k;
  name.clear();
  while (k < tag.size() && !is_space(tag[k]) && tag[k] != '>' && tag[k] != '/') name += static_cast<char>(std::tolower(tag[k++]));
  if (closes) return "</" + name + ">";
  std::map<string, string> attributes;
  while (k < tag.size()) {
    while (k < tag.size() && (is_space(tag[k]) || tag[k] == '/' || tag[k] == '>')) ++k;
    if (k >= tag.size()) break;
    string key, value;
    while (k < tag.size() && !is_space(tag[k]) && tag[k] != '=' && tag[k] != '>' && tag[k] != '/') key += static_cast<char>(std::tolower(tag[k++]));
    while (k < tag.size() && is_space(tag[k])) ++k;
    if (k < tag.size() && tag[k] == '=') {
      ++k;
      while (k < tag.size() && is_space(tag[k])) ++k;
      if (k < tag.size() && (tag[k] == '"' || tag[k] == '\'')) {
        const size_t end = std::min(tag.find(tag[k], k + 1), tag.size());
        value = tag.substr(k + 1, end - k - 1);
        k = end + 1;
      } else {
        while (k < tag.size() && !is_space(tag[k]) && tag[k] != '>') value += tag[k++];
      }
    }
    if (key.empty()) break;
    attributes[key] = unescaped(value);
  }
  string made = "<" + name;
  for (const auto &[key, value] : attributes) made += " " + key + "=\"" + value + "\"";
  return made + ">";
}

}  // namespace

std::vector<example> read_examples(string_view specification) {
  std::vector<example> found;
  const string fence(32, '`');
  bool is_in = false, is_html = false;
  for (size_t at = 0; at < specification.size();) {
    const size_t end = std::min(specification.find('\n', at), specification.size());
    const string_view line = specification.substr(at, end - at);
    at = end + 1;
    if (!is_in && line.starts_with(fence + " example")) {
      string extension(line.substr(fence.size() + 8));
      extension.erase(0, extension.find_first_not_of(' '));
      found.push_back({static_cast<int>(found.size() + 1), "", "", extension});
      is_in = true, is_html = false;
    } else if (is_in && line == fence) {
      is_in = false;
    } else if (is_in && line == "." && !is_html) {
      is_html = true;
    } else if (is_in) {
      (is_html ? found.back().html : found.back().markdown) += with_tabs(line) + "\n";
    }
  }
  return found;
}

string normalized(string_view html) {
  string made;
  bool in_pre = false, after_block = true;
  for (size_t k = 0; k < html.size();) {
    if (html[k] == '<' && k + 1 < html.size() && (std::isalpha(static_cast<unsigned char>(html[k + 1])) || html[k + 1] == '/')) {
      size_t end = k + 1;
      char quote = '\0';
      while (end < html.size() && (quote != '\0' || html[end] != '>')) {
        if (quote != '\0')
          quote = html[end] == quote ? '\0' : quote;
        else if (html[end] == '"' || html[end] == '\'')
          quote = html[end];
        ++end;
      }
      string name;
      const string tag = tag_of(html.substr(k, end + 1 - k), name);
      const bool is_block = block_tags().contains(name);
      if (is_block && !in_pre)
        while (!made.empty() && is_space(made.back())) made.pop_back();
      made += tag;
      if (name == "pre") in_pre = html[k + 1] != '/';
      after_block = is_block;
      if (name == "br") after_block = true;
      k = end + 1;
      continue;
    }
    if (is_space(html[k]) && !in_pre) {
      while (k < html.size() && is_space(html[k])) ++k;
      if (!after_block && !made.ends_with(' ')) made += ' ';
      continue;
    }
    const size_t end = std::min(html.find_first_of("< \n\t\r", k + 1), html.size());
    made += unescaped(html.substr(k, end - k));
    after_block = false;
    k = end;
  }
  while (!made.empty() && is_space(made.back())) made.pop_back();
  return made;
}

}  // namespace markdown_tests
