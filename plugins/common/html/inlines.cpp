// SPDX-License-Identifier: Apache-2.0
// Elements within a line: formatting, links, images, and what a page embeds.
#include "plugins/common/html/page_reader.hpp"

#include <unicode/ulocdata.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace calque::plugins::html_reading {

namespace {

/// The bytes that base64 stands for; blanks are passed over.
std::string decoded_base64(std::string_view text) {
  std::string made;
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    int value = -1;
    if (c >= 'A' && c <= 'Z') value = c - 'A';
    else if (c >= 'a' && c <= 'z') value = c - 'a' + 26;
    else if (c >= '0' && c <= '9') value = c - '0' + 52;
    else if (c == '+' || c == '-') value = 62;
    else if (c == '/' || c == '_') value = 63;
    if (value < 0) continue;
    bits = bits << 6 | static_cast<uint32_t>(value);
    if ((count += 6) >= 8) made += static_cast<char>(bits >> (count -= 8) & 0xff);
  }
  return made;
}

std::string decoded_percents(std::string_view text) {
  auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  std::string made;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 && digit(text[at + 2]) >= 0) {
      made += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
      at += 2;
    } else {
      made += text[at];
    }
  }
  return made;
}

struct quotation_marks {
  std::string open, close;
};

/// The marks of a language, as CLDR has them.
quotation_marks marks_of(std::string_view language, bool is_inner) {
  UErrorCode status = U_ZERO_ERROR;
  const std::string locale = language.empty() ? "en" : std::string(language);
  const std::unique_ptr<ULocaleData, decltype(&ulocdata_close)> data(ulocdata_open(locale.c_str(), &status), ulocdata_close);
  auto mark = [&](ULocaleDataDelimiterType which, const char *otherwise) {
    if (data == nullptr) return std::string(otherwise);
    UErrorCode found = U_ZERO_ERROR;
    UChar text[8];
    const int32_t size = ulocdata_getDelimiter(data.get(), which, text, 8, &found);
    if (U_FAILURE(found) || size <= 0 || size > 8) return std::string(otherwise);
    std::string made;
    icu::UnicodeString(text, size).toUTF8String(made);
    return made;
  };
  if (is_inner) return {mark(ULOCDATA_ALT_QUOTATION_START, "\u2018"), mark(ULOCDATA_ALT_QUOTATION_END, "\u2019")};
  return {mark(ULOCDATA_QUOTATION_START, "\u201c"), mark(ULOCDATA_QUOTATION_END, "\u201d")};
}

std::string_view language_around(element e) {
  for (; e != nullptr && is_element(e); e = e->parent) {
    if (auto lang = value_of(e, "lang")) return *lang;
    if (auto lang = value_of(e, "xml:lang")) return *lang;
  }
  return {};
}

}  // namespace

void page_reader::wrap(element e, kind k, attributes attrs) {
  bool is_target = false;
  for (const auto &one : attrs) is_target = is_target || one.first == "id";
  flow_.enter_inline(k, std::move(attrs));
  nodes(e);
  flow_.leave_inline(is_target && !has_block_inside(e));
}

/// An inline that is a node only when it says something.
void page_reader::plain_inline(element e, attributes attrs) {
  if (attrs.empty()) return nodes(e);
  wrap(e, kind::span, std::move(attrs));
}

void page_reader::inline_element(element e) {
  if (edition_text_ != nullptr && edition_inline(e)) return;
  attributes attrs = common_attributes(e);
  if (is_hidden(e)) attrs.emplace_back("role", "hidden");
  if (e->space == vocabulary::svg)
    return e->tag == GUMBO_TAG_SVG ? drawing(e) : apart(e, [&] { nodes(e); });
  if (e->space == vocabulary::mathml) {
    if (e->tag == GUMBO_TAG_MATH) return formula(e);
    const std::string name = name_of(e);
    if (name == "annotation" || name == "annotation-xml") return skip_text(e, "math-presentation");
    // Each sign is a word, whatever it stands over, under or beside.
    flow_.end_word(e->place.begin);
    return nodes(e);
  }
  auto role = [&](const char *word) { attrs.emplace_back("role", word); };
  switch (tag_of(e)) {
    case GUMBO_TAG_EM: case GUMBO_TAG_I: case GUMBO_TAG_VAR: case GUMBO_TAG_DFN:
      return wrap(e, kind::emphasis, std::move(attrs));
    case GUMBO_TAG_STRONG: case GUMBO_TAG_B:
      return wrap(e, kind::strong, std::move(attrs));
    case GUMBO_TAG_U: case GUMBO_TAG_INS:
      return wrap(e, kind::underline, std::move(attrs));
    case GUMBO_TAG_S: case GUMBO_TAG_DEL: case GUMBO_TAG_STRIKE:
      return wrap(e, kind::strikeout, std::move(attrs));
    case GUMBO_TAG_SUP:
      return wrap(e, kind::superscript, std::move(attrs));
    case GUMBO_TAG_SUB:
      return wrap(e, kind::subscript, std::move(attrs));
    case GUMBO_TAG_CITE:
      return wrap(e, kind::citation, std::move(attrs));
    case GUMBO_TAG_Q:
      return quotation(e);
    case GUMBO_TAG_CODE: case GUMBO_TAG_KBD: case GUMBO_TAG_SAMP: case GUMBO_TAG_TT:
      flow_.enter_code();
      plain_inline(e, std::move(attrs));
      return flow_.leave_code();
    case GUMBO_TAG_A:
      return link(e);
    case GUMBO_TAG_SMALL:
      return role("small"), plain_inline(e, std::move(attrs));
    case GUMBO_TAG_MARK:
      return role("mark"), plain_inline(e, std::move(attrs));
    case GUMBO_TAG_BDI:
      return role("bdi"), plain_inline(e, std::move(attrs));
    case GUMBO_TAG_BDO:
      return role("bdo"), plain_inline(e, std::move(attrs));
    case GUMBO_TAG_RUBY:
      return role("ruby"), plain_inline(e, std::move(attrs));
    case GUMBO_TAG_RT:
      return ruby_reading(e);
    case GUMBO_TAG_ABBR: case GUMBO_TAG_ACRONYM:
      add(attrs, "title", value_of(e, "title"));
      return plain_inline(e, std::move(attrs));
    case GUMBO_TAG_TIME:
      add(attrs, "datetime", value_of(e, "datetime"));
      return plain_inline(e, std::move(attrs));
    case GUMBO_TAG_BR:
      return flow_.line_break(e->place);
    case GUMBO_TAG_IMG: case GUMBO_TAG_IMAGE:
      return image(e);
    case GUMBO_TAG_INPUT: case GUMBO_TAG_TEXTAREA:
      return apart(e, [&] { field_of_form(e); });
    case GUMBO_TAG_IFRAME: case GUMBO_TAG_EMBED: case GUMBO_TAG_FRAME: case GUMBO_TAG_VIDEO: case GUMBO_TAG_AUDIO:
      return apart(e, [&] { embedded(e, "src"); });
    case GUMBO_TAG_OBJECT:
      return apart(e, [&] { embedded(e, "data"); });
    case GUMBO_TAG_AREA: {
      // A part of a picture that leads elsewhere.
      const auto href = value_of(e, "href");
      if (!href) return;
      add(attrs, "href", options_.link ? options_.link(trimmed(*href)) : std::string(trimmed(*href)));
      add(attrs, "title", value_of(e, "alt"));
      flow_.enter_inline(kind::link, std::move(attrs));
      return flow_.leave_inline(true);
    }
    case GUMBO_TAG_BUTTON: case GUMBO_TAG_SELECT: case GUMBO_TAG_CANVAS:
      return apart(e, [&] { plain_inline(e, std::move(attrs)); });
    case GUMBO_TAG_NOSCRIPT: case GUMBO_TAG_NOEMBED:
      return fallback(e);
    case GUMBO_TAG_SPAN: case GUMBO_TAG_FONT: {
      const auto words = value_of(e, "class");
      if (has_word(words, "quoted")) return wrap(e, kind::quoted, std::move(attrs));
      if (has_word(words, "underline") || style_of(e, "text-decoration").starts_with("underline"))
        return wrap(e, kind::underline, std::move(attrs));
      if (has_word(words, "smallcaps") || has_word(words, "small-caps") || style_of(e, "font-variant") == "small-caps")
        return wrap(e, kind::small_caps, std::move(attrs));
      if (style_of(e, "text-decoration").starts_with("line-through")) return wrap(e, kind::strikeout, std::move(attrs));
      if (style_of(e, "font-style") == "italic") return wrap(e, kind::emphasis, std::move(attrs));
      if (const std::string weight = style_of(e, "font-weight"); weight == "bold" || weight == "700")
        return wrap(e, kind::strong, std::move(attrs));
      add(attrs, "title", value_of(e, "title"));
      return plain_inline(e, std::move(attrs));
    }
    default:
      return plain_inline(e, std::move(attrs));
  }
}

void page_reader::quotation(element e) {
  attributes attrs = common_attributes(e);
  add(attrs, "cite", value_of(e, "cite"));
  const quotation_marks marks = marks_of(language_around(e), quotes_ % 2 == 1);
  flow_.enter_inline(kind::quoted, std::move(attrs));
  const stretch place = whole(e);
  flow_.insert(marks.open, e->place.end);
  ++quotes_;
  nodes(e);
  --quotes_;
  flow_.insert(marks.close, place.end);
  flow_.leave_inline();
}

void page_reader::link(element e) {
  attributes attrs = common_attributes(e);
  const auto name = value_of(e, "name");
  const bool has_id = std::any_of(attrs.begin(), attrs.end(), [](const auto &one) { return one.first == "id"; });
  if (name && !has_id && notes_.is_target(*name)) attrs.emplace_back("id", *name);
  const auto href = value_of(e, "href");
  if (!href) return plain_inline(e, std::move(attrs));
  attrs.emplace_back("href", options_.link ? options_.link(trimmed(*href)) : std::string(trimmed(*href)));
  add(attrs, "title", value_of(e, "title"));
  flow_.enter_inline(kind::link, std::move(attrs));
  nodes(e);
  // A link without text is still one.
  flow_.leave_inline(!has_block_inside(e));
}

void page_reader::image(element e) {
  const auto source = value_of(e, "src");
  const attribute *alt = find_attribute(e, "alt");
  if ((!source || source->empty()) && (alt == nullptr || alt->value.empty())) return;
  std::string resource;
  const std::string_view address = trimmed(source.value_or(""));
  if (lower(address.substr(0, 5)) == "data:") {
    const size_t comma = address.find(',');
    if (comma != std::string_view::npos) {
      const std::string head = lower(address.substr(5, comma - 5));
      const std::string type = head.substr(0, head.find(';'));
      const size_t slash = type.find('/');
      std::string ending = slash == std::string::npos ? "bin" : type.substr(slash + 1);
      ending = ending.substr(0, ending.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"));
      resource = "image-" + std::to_string(++images_) + "." + ending;
      const std::string_view data = address.substr(comma + 1);
      const bool is_base64 = head.find(";base64") != std::string::npos;
      account_.out().resource(resource, valid(type), is_base64 ? decoded_base64(decoded_percents(data)) : decoded_percents(data));
    }
  } else if (options_.image) {
    resource = options_.image(address);
  }
  attributes attrs = common_attributes(e);
  if (is_hidden(e)) attrs.emplace_back("role", "hidden");
  add(attrs, "resource", resource.empty() ? address : std::string_view(resource));
  for (const char *name : {"title", "width", "height"}) add(attrs, name, value_of(e, name));
  const uint32_t id = flow_.empty_leaf(kind::image, e->place.begin);
  flow_.write_attributes(attrs);
  alternative(id, alt, nullptr);
}

void page_reader::alternative(uint32_t image, const attribute *alt, element text_of) {
  if (alt != nullptr ? trimmed(alt->value).empty() : text_of == nullptr || plain_text(text_of).empty()) return;
  const flow::detour aside_flow(flow_);
  const scope aside = account_.out().aside("alt", image);
  flow_.put_place({text_place::way::direct, kind::paragraph, {}});
  if (alt != nullptr)
    flow_.attribute_text(*alt);
  else
    nodes(text_of);
  flow_.close();
}

/// A drawing is an image whose bytes stand in the page; its words are its alternative text.
void page_reader::drawing(element e) {
  const stretch bytes = whole(e);
  const std::string name = "drawing-" + std::to_string(++images_) + ".svg";
  account_.out().resource(name, "image/svg+xml", tree_.text().substr(bytes.begin, bytes.end - bytes.begin));
  attributes attrs = common_attributes(e);
  attrs.emplace_back("resource", name);
  const uint32_t id = flow_.empty_leaf(kind::image, bytes.begin);
  flow_.write_attributes(attrs);
  alternative(id, nullptr, e);
  account_.skip(bytes, "markup");  // the resource has them
}

namespace {

element tex_of(element e) {
  if (is_element(e)) {
    const auto encoding = value_of(e, "encoding");
    if (encoding && (*encoding == "application/x-tex" || *encoding == "TeX" || *encoding == "LaTeX")) return e;
    for (element child : children(e))
      if (element found = tex_of(child)) return found;
  }
  return nullptr;
}

}  // namespace

void page_reader::formula(element e) {
  const element tex = tag_of(e) == GUMBO_TAG_SCRIPT ? e : tex_of(e);
  if (tex == nullptr) {
    attributes attrs = common_attributes(e);
    attrs.emplace_back("role", "math");
    const stretch bytes = whole(e);
    attrs.emplace_back("mathml", tree_.text().substr(bytes.begin, bytes.end - bytes.begin));
    return plain_inline(e, std::move(attrs));
  }
  flow_.enter_math();
  for (element child : children(tex))
    if (const auto part = place_of(child))
      flow_.text(child->text, *part, tag_of(tex) != GUMBO_TAG_SCRIPT);
  flow_.leave_math();
  if (tex != e) skip_text(e, "math-presentation");
}

/// What is read aloud over a word follows it in parentheses, as where a browser cannot set it above.
void page_reader::ruby_reading(element e) {
  const auto [known, is_first] = has_parentheses_.emplace(e->parent, false);
  if (is_first)
    for (element other : children(e->parent)) known->second = known->second || tag_of(other) == GUMBO_TAG_RP;
  const bool has_parentheses = known->second;
  attributes attrs = common_attributes(e);
  attrs.emplace_back("role", "reading");
  const bool is_blank = plain_text(e).empty();
  flow_.enter_inline(kind::span, std::move(attrs));
  if (!has_parentheses && !is_blank) flow_.insert("(", e->place.end);
  nodes(e);
  if (!has_parentheses && !is_blank) flow_.insert(")", whole(e).end);
  flow_.leave_inline();
}

/// What a page shows from elsewhere becomes a link to it, and what stands in its place for others is kept.
void page_reader::embedded(element e, const char *name) {
  const attribute *address = find_attribute(e, name);
  for (element child : children(e))
    if (address == nullptr && tag_of(child) == GUMBO_TAG_SOURCE) address = find_attribute(child, "src");
  if (address != nullptr && !trimmed(address->value).empty() && lower(address->value).substr(0, 5) != "data:") {
    attributes attrs = common_attributes(e);
    attrs.emplace_back("role", name_of(e));
    attrs.emplace_back("href", options_.link ? options_.link(trimmed(address->value)) : std::string(trimmed(address->value)));
    add(attrs, "title", value_of(e, "title"));
    if (tag_of(e) == GUMBO_TAG_FRAME) flow_.end_block();
    // A link without words: its address is none that the page shows.
    flow_.enter_inline(kind::link, std::move(attrs));
    flow_.leave_inline(true);
  }
  if (tag_of(e) == GUMBO_TAG_IFRAME) return skip_text(e, "markup");
  nodes(e);
}

void page_reader::field_of_form(element e) {
  attributes attrs = common_attributes(e);
  attrs.emplace_back("role", name_of(e));
  if (tag_of(e) == GUMBO_TAG_TEXTAREA) return plain_inline(e, std::move(attrs));
  const std::string type = lower(trimmed(value_of(e, "type").value_or("text")));
  for (const char *unseen : {"hidden", "password", "checkbox", "radio", "file", "color", "range"})
    if (type == unseen) return;
  if (type == "image") return image(e);
  const attribute *value = find_attribute(e, "value");
  if (value == nullptr || value->value.empty()) return;
  flow_.enter_inline(kind::span, std::move(attrs));
  flow_.attribute_text(*value);
  flow_.leave_inline();
}

namespace {

/// "Page 12", "p. 12" → "12".
std::string page_number(std::string_view said) {
  std::string_view number = trimmed(said);
  for (std::string_view word : {"page break", "page ", "p. "})
    if (lower(number).starts_with(word)) number = trimmed(number.substr(word.size()));
  return std::string(number);
}

std::string_view without_brackets(std::string_view number) {
  return number.starts_with('[') && number.ends_with(']') ? number.substr(1, number.size() - 2) : number;
}

}  // namespace

/// A page break of the printed book, with its number where it has one. What stands in it and is no number is text: HTML
/// lets no `<span …/>` end where it begins.
void page_reader::page_break(element e) {
  constexpr size_t longest_number = 16;
  const std::string text = plain_text(e);
  std::string said;
  for (const char *name : {"title", "aria-label"})
    if (said.empty()) said = page_number(value_of(e, name).value_or(""));
  const bool is_number = said.empty() ? text.size() <= longest_number
                                      : text.empty() || without_brackets(page_number(text)) == without_brackets(said);
  if (said.empty() && is_number) said = page_number(text);
  // An element that nothing closes goes on in each block after it, and is the same page.
  if (pages_.insert(e->place.begin).second) {
    const mark page = account_.out().marks().point("calque.page/1", "page", account_.out().position());
    if (!said.empty()) page.text("n", valid(said));
    page.text("source", "printed");
  }
  if (is_number) return skip_text(e, "page-number");
  nodes(e);
}

/// What stands here for a browser without scripts or frames: HTML leaves it as one text, so it is read by itself.
void page_reader::fallback(element e) {
  // An element that is never closed takes all behind it as its text, again and again where they nest.
  constexpr int most_fallbacks = 4;
  for (element child : children(e)) {
    const auto part = place_of(child);
    if (!part) {
      node(child);
      continue;
    }
    const element fragment = fallbacks_ < most_fallbacks ? tree_.read_fragment(*part) : nullptr;
    if (fragment == nullptr) {
      flow_.verbatim(tree_.text().substr(part->begin, part->end - part->begin), *part, true);
      continue;
    }
    ++fallbacks_;
    nodes(fragment);
    --fallbacks_;
  }
}

}  // namespace calque::plugins::html_reading
