// SPDX-License-Identifier: Apache-2.0
// Inlines of a fragment.
#include "fragment.hpp"
#include "raw_tags.hpp"

#include <algorithm>

namespace html {

using calque::kind;

void fragment_writer::inlines(uint32_t first, uint32_t end) {
  for (uint32_t i = first; i < end; i = document_.at(i).end_index()) inline_node(document_.at(i));
}

void fragment_writer::inline_node(node n) {
  if (n.is_leaf()) return leaf(n);
  switch (n.kind()) {
    case kind::aside:
      return;
    case kind::emphasis:
      return wrap(n, "em");
    case kind::strong:
      return wrap(n, "strong");
    case kind::strikeout:
      return wrap(n, "del");
    case kind::underline:
      return wrap(n, "u");
    case kind::superscript:
      return wrap(n, "sup");
    case kind::subscript:
      return wrap(n, "sub");
    case kind::citation:
      return wrap(n, "cite");
    case kind::small_caps:
    case kind::quoted:
    case kind::span:
      return wrap(n, "span");
    case kind::link: {
      const auto href = n.attr("href");
      if (!href) return wrap(n, "span");
      out_ += "<a href=\"";
      target(*href);
      out_ += '"';
      if (auto title = n.attr("title")) out_ += attribute("title", *title);
      out_ += attributes_of(n);
      out_ += '>';
      inlines(n.index() + 1, n.end_index());
      out_ += "</a>";
      return;
    }
    default:
      not_expressed_.emplace(n.index(), "html.unknown-kind");
      return wrap(n, "span");
  }
}

void fragment_writer::wrap(node n, std::string_view name, std::string_view attributes) {
  ((out_ += '<') += name) += attributes;
  out_ += attributes_of(n);
  out_ += '>';
  inlines(n.index() + 1, n.end_index());
  ((out_ += "</") += name) += '>';
}

void fragment_writer::leaf(node n) {
  switch (n.kind()) {
    case kind::line_break:
      out_ += "<br />\n";
      return;
    case kind::soft_break:
      out_ += '\n';
      return;
    case kind::code:
      out_ += "<code" + attributes_of(n) + '>';
      text(n);
      out_ += "</code>";
      return;
    case kind::raw:
      if (!raw_html_ || n.attr("format") != "html") return text(n);
      if (!tag_filter_)
        out_ += n.text();
      else if (append_filtered(out_, n.text(), 0, n.text().size()))
        not_expressed_.emplace(n.index(), "html.tag-filtered");
      return;
    case kind::image:
      return image(n);
    case kind::anchor:
      return call(n);
    default:
      text(n);
  }
}

void fragment_writer::image(node n) {
  const auto name = n.attr("resource");
  const calque_document &raw = document_.raw();
  std::string source(name.value_or(""));
  for (uint32_t k = 0; name && k < raw.resource_count; ++k) {
    const calque_resource &resource = *raw.resources[k];
    if (calque::view(resource.name) == *name)
      source = "data:" + std::string(calque::view(resource.media_type)) + ";base64," +
               edition::base64({reinterpret_cast<const char *>(resource.data), resource.size});
  }
  out_ += "<img src=\"";
  target(source);
  out_ += "\" alt=\"";
  escape(n.text());
  for (uint32_t aside : asides_of(n)) met_.insert(aside), alternative(document_.at(aside));
  out_ += '"';
  if (auto title = n.attr("title")) out_ += attribute("title", *title);
  out_ += attributes_of(n);
  out_ += " />";
}

/// The words of an alternative text, those of images in it included.
void fragment_writer::alternative(node parent) {
  for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
    const node n = document_.at(i);
    if (n.is(kind::aside)) {
      i = n.end_index();
      continue;
    }
    if (n.is(kind::image))
      for (uint32_t aside : asides_of(n)) met_.insert(aside), alternative(document_.at(aside));
    else if (n.is(kind::anchor))
      for (uint32_t aside : asides_of(n)) put_off(aside, false);
    else if (n.is(kind::soft_break) || n.is(kind::line_break))
      out_ += '\n';
    else if (n.is_leaf())
      escape(n.text());
    ++i;
  }
}

void fragment_writer::call(node n) {
  text(n);
  for (uint32_t aside : asides_of(n)) {
    put_off(aside, true);
    const std::string number = std::to_string(notes_.size());
    out_ += "<sup class=\"footnote-ref\"><a href=\"#fn-" + number + "\" id=\"fnref-" + number + "\" data-footnote-ref>" +
            number + "</a></sup>";
  }
}

void fragment_writer::text(node n) {
  const std::string_view words = n.text();
  // Most text has nothing that HTML cannot hold, which is cheaper to ask than to replace.
  const bool is_clean = std::none_of(words.begin(), words.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F || byte == 0xEF || byte >= 0xF0 || byte == 0xC2;
  });
  if (is_clean) return escape(words);
  std::string replaced;
  if (edition::replace_forbidden(words, replaced)) not_expressed_.emplace(n.index(), "html.forbidden-character");
  escape(replaced);
}

void fragment_writer::escape(std::string_view text) {
  size_t begin = 0;
  for (size_t k = 0; k < text.size(); ++k) {
    std::string_view with;
    switch (text[k]) {
      case '&': with = "&amp;"; break;
      case '<': with = "&lt;"; break;
      case '>': with = "&gt;"; break;
      case '"': with = "&quot;"; break;
      default: continue;
    }
    out_ += text.substr(begin, k - begin);
    out_ += with;
    begin = k + 1;
  }
  out_ += text.substr(begin);
}

void fragment_writer::target(std::string_view href) {
  constexpr std::string_view digits = "0123456789ABCDEF", safe = "-_.+!*(),%#@?=;:/$~";
  for (char c : href) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || safe.find(c) != std::string_view::npos)
      out_ += c;
    else if (c == '&')
      out_ += "&amp;";
    else if (c == '\'')
      out_ += "&#x27;";
    else
      ((out_ += '%') += digits[byte >> 4]) += digits[byte & 15];
  }
}

std::string fragment_writer::attribute(std::string_view name, std::string_view value) {
  std::string outer;
  outer.swap(out_);
  escape(value);
  outer.swap(out_);
  return " " + std::string(name) + "=\"" + outer + "\"";
}

/// What the document itself says of a node.
std::string fragment_writer::attributes_of(node n) {
  std::string made;
  n.each_attr([&](std::string_view key, std::string_view value) {
    if (key == "id" || key == "class" || key == "dir" || (key == "lang" && edition::is_language_tag(value)))
      made += attribute(key, value);
  });
  return made;
}

}  // namespace html
