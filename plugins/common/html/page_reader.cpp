// SPDX-License-Identifier: Apache-2.0
// Reading as a whole: fields, then the body with its notes at their calls, then what is left of the bytes.
#include "plugins/common/html/page_reader.hpp"

#include "plugins/common/html/metadata.hpp"

#include <algorithm>

namespace calque::plugins {

using namespace html_reading;

void read_html(const decoded_text &text, builder &out, const call &c, const html_reading_options &options) {
  std::optional<tree> page;
  if (options.is_xhtml) {
    page = tree::read_xhtml(text.text());
    if (!page)
      c.report(level::warning, options.stage + ".not-well-formed", "it says that it is XML, but is not well-formed",
               "it was read as HTML; check whether all is there");
  }
  if (!page) page = tree::read_html(text.text(), options.stage);
  page_reader(text, out, c, options, std::move(*page)).read();
}

namespace html_reading {

page_reader::page_reader(const decoded_text &text, builder &out, const call &c, const html_reading_options &options,
                         tree page)
    : text_(text),
      call_(c),
      options_(options),
      tree_(std::move(page)),
      account_(out, text, options.source, options.stage),
      flow_(account_, tree_),
      notes_(tree_.root() == nullptr ? tree_.document() : tree_.root()) {}

void page_reader::read() {
  const element root = tree_.root();
  element head = nullptr, body = nullptr;
  if (root != nullptr)
    for (element child : children(root)) {
      if (tag_of(child) == GUMBO_TAG_HEAD) head = child;
      if (tag_of(child) == GUMBO_TAG_BODY || tag_of(child) == GUMBO_TAG_FRAMESET) body = child;
    }
  find_edition(head, body);
  if (options_.with_fields && root != nullptr) {
    // An edition speaks English around a text of any language.
    attributes of_root = common_attributes(edition_text_ != nullptr ? edition_text_ : root);
    if (body != nullptr)
      for (auto &own : common_attributes(body)) {
        std::erase_if(of_root, [&](const auto &one) { return one.first == own.first; });
        of_root.push_back(std::move(own));
      }
    std::erase_if(of_root, [](const auto &one) { return one.first == "id"; });
    for (const auto &[key, value] : of_root) account_.out().attr(key, valid(value));
    if (edition_record_ != nullptr)
      edition_fields(edition_record_);
    else
      write_fields(root, head, tree_, account_, flow_);
  }
  if (head != nullptr)
    for (element child : children(head)) {
      if (is_unread(child) || tag_of(child) == GUMBO_TAG_NOSCRIPT) skip_unread(child);
      if (tag_of(child) == GUMBO_TAG_TITLE) skip_text(child, "metadata");
    }
  // Frames may be followed by what stands in their place, and XML may hold whatever it likes.
  for (element part : children(root != nullptr ? root : tree_.document())) {
    if (part == head) continue;
    if (part == body)
      nodes(body);
    else
      node(part);
  }
  flow_.close();
  for (note &n : notes_.all())
    if (!n.is_written) {
      // Its call was in nothing that is shown, so it stands here.
      n.is_written = true;
      const scope left = account_.out().begin(kind::division);
      account_.out().attr("role", "notes");
      note_text(n.body);
      flow_.close();
    }
  if (!flow_.is_written())
    call_.report(level::warning, options_.stage + ".no-text", "the page holds no text and no image",
                 "a page that a script writes must be saved from a browser");
  account_.settle();
}

void page_reader::nodes(element parent) {
  for (element child : children(parent)) node(child);
}

void page_reader::node(element e) {
  if (is_text(e)) {
    if (const auto part = place_of(e))
      flow_.text(e->text, *part, e->type != node_type::comment && tag_of(e->parent) != GUMBO_TAG_PLAINTEXT &&
                                            tag_of(e->parent) != GUMBO_TAG_XMP && tag_of(e->parent) != GUMBO_TAG_TEXTAREA);
    return;
  }
  if (!is_element(e)) return;
  if (is_unread(e)) return skip_unread(e);
  if (is_of_note(e)) return;
  if (has_word(value_of(e, "role"), "doc-pagebreak") || has_word(value_of(e, "epub:type"), "pagebreak"))
    return page_break(e);
  if (is_hidden(e) && !options_.keep_hidden) return skip_text(e, "hidden-dropped");
  if (is_block(e))
    block(e);
  else
    inline_element(e);
}

bool page_reader::is_of_note(element e) {
  if (note *n = notes_.called_by(e)) {
    if (n->is_written) return false;
    write_note(*n);
    return true;
  }
  if (notes_.body_of(e) != nullptr) return true;
  if (notes_.leads_back(e)) {
    skip_text(e, "note-back-link");
    return true;
  }
  if (notes_.is_number(e)) {
    skip_text(e, "note-number");
    return true;
  }
  if (notes_.is_shell(e)) {
    for (element child : children(e))
      if (!is_text(child) && !is_of_note(child)) skip_text(child, "note-heading");
    return true;
  }
  return false;
}

void page_reader::write_note(note &n) {
  n.is_written = true;
  pictures(n.call);
  const uint32_t anchor = flow_.empty_leaf(kind::anchor, n.call->place.begin);
  std::string_view role = "note";
  attributes attrs = common_attributes(n.body);
  if (edition_text_ != nullptr) {
    if (const auto name = value_of(n.call, "id")) account_.out().attr("id", valid(*name));
    for (std::string_view other : {"alt", "comment", "reading"})
      if (value_of(n.body, "data-role") == other) role = other;
    // Its number is outside of what may be in another language.
    for (element part : children(n.body))
      if (tag_of(part) == GUMBO_TAG_DIV)
        for (auto &one : common_attributes(part))
          if (std::none_of(attrs.begin(), attrs.end(), [&](const auto &own) { return own.first == one.first; }))
            attrs.push_back(std::move(one));
  }
  skip_text(n.call, "note-call");
  const flow::detour aside_flow(flow_);
  const scope aside = account_.out().aside(role, anchor);
  if (!n.label.empty()) attrs.emplace_back("label", n.label);
  flow_.write_attributes(attrs);
  note_text(n.body);
  flow_.close();
}

/// A note's text: what its element holds, which is a paragraph where it is not made of blocks.
void page_reader::note_text(element body) {
  flow_.put_place({});
  if (tag_of(body) == GUMBO_TAG_PRE || tag_of(body) == GUMBO_TAG_BLOCKQUOTE) return block(body);
  nodes(body);
}

/// What a call shows besides its sign.
void page_reader::pictures(element e) {
  for (element child : children(e)) {
    const bool is_drawing = is_element(child) && child->space != vocabulary::html;
    if (tag_of(child) == GUMBO_TAG_IMG || is_drawing)
      node(child);
    else
      pictures(child);
  }
}

void page_reader::skip_text(element e, std::string_view code) {
  if (is_text(e)) {
    if (const auto part = place_of(e)) account_.skip(*part, code);
    return;
  }
  if (!is_element(e)) return;
  if (is_unread(e)) return skip_unread(e);
  for (element child : children(e))
    if (notes_.body_of(child) == nullptr) skip_text(child, code);
}

void page_reader::skip_unread(element e) {
  if (e->type == node_type::template_contents || tag_of(e) == GUMBO_TAG_TEMPLATE) return account_.skip(whole(e), "template");
  if (tag_of(e) == GUMBO_TAG_SCRIPT && value_of(e, "type").value_or("").starts_with("math/tex")) return formula(e);
  const bool is_style = e->tag == GUMBO_TAG_STYLE;
  for (element child : children(e))
    if (const auto part = place_of(child))
      account_.skip(*part, is_style ? "style" : "script");
}

stretch page_reader::whole(element e) const {
  return e->end_tag.end > e->end_tag.begin && e->end_tag.end >= e->place.end ? stretch{e->place.begin, e->end_tag.end} : e->place;
}

void page_reader::add(attributes &to, std::string key, std::optional<std::string_view> value) {
  if (value && !value->empty()) to.emplace_back(std::move(key), *value);
}

/// Language, direction, and the name that links lead to, which any node may have.
attributes page_reader::common_attributes(element e) const {
  attributes made;
  auto language = value_of(e, "lang");
  if (!language) language = value_of(e, "xml:lang");
  if (language) {
    const std::string_view tag = trimmed(*language);
    if (!tag.empty()) made.emplace_back("lang", tag);
  }
  if (const auto direction = value_of(e, "dir")) {
    const std::string word = lower(trimmed(*direction));
    if (word == "ltr" || word == "rtl" || word == "auto") made.emplace_back("dir", word);
  }
  const auto id = value_of(e, "id");
  if (id && !id->empty() && (edition_text_ != nullptr || notes_.is_target(*id))) made.emplace_back("id", *id);
  return made;
}

}  // namespace html_reading
}  // namespace calque::plugins
