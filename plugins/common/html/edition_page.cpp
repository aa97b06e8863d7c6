// SPDX-License-Identifier: Apache-2.0
// Editions that Calque has written: what stands around the text is taken for what it is, and each node for itself.
//
// In an edition every element with an id is a node, and a block without one is dress. Record and kinds are told by the
// attributes and classes that the exporter writes; what it makes of layers, and would make again, is left out.
#include "plugins/common/html/page_reader.hpp"

#include <algorithm>

namespace calque::plugins::html_reading {

namespace {

struct named_kind {
  std::string_view name;
  kind k;
};
constexpr named_kind paragraphs[] = {{"subtitle", kind::subtitle}, {"caption", kind::caption},
                                     {"speaker", kind::speaker},   {"stage", kind::stage_direction},
                                     {"term", kind::term},         {"line", kind::line},
                                     {"rule", kind::rule}};
constexpr named_kind containers[] = {{"section", kind::section},  {"division", kind::division},
                                     {"version", kind::version},  {"attachment", kind::attachment},
                                     {"lines", kind::line_block}, {"speech", kind::speech}};
/// What may stand where its own place is not: a row without a table, an item without a list.
constexpr named_kind orphans[] = {{"row", kind::row},
                                  {"cell", kind::cell},
                                  {"list_item", kind::list_item},
                                  {"term", kind::term},
                                  {"definition", kind::definition}};

template <size_t N>
const named_kind *find_kind(const named_kind (&list)[N], std::optional<std::string_view> words) {
  const auto *found =
      std::find_if(std::begin(list), std::end(list), [&](const named_kind &one) { return has_word(words, one.name); });
  return found == std::end(list) ? nullptr : found;
}

element find_below(element e, GumboTag tag, std::string_view word) {
  if (!is_element(e)) return nullptr;
  if (tag_of(e) == tag && has_word(value_of(e, "class"), word)) return e;
  for (element child : children(e))
    if (element found = find_below(child, tag, word)) return found;
  return nullptr;
}

/// A key as the document takes it: a page may hold anything.
std::string key_of(element e) {
  const std::string_view key = value_of(e, "data-key").value_or("");
  const bool is_key = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
  return is_key ? std::string(key) : "calque.other";
}

}  // namespace

bool is_edition(element head) {
  if (head != nullptr)
    for (element child : children(head))
      if (tag_of(child) == GUMBO_TAG_META && value_of(child, "name") == "generator" &&
          value_of(child, "content") == "Calque")
        return true;
  return false;
}

void page_reader::find_edition(element head, element body) {
  if (!is_edition(head) || body == nullptr) return;
  edition_text_ = find_below(body, GUMBO_TAG_DIV, "text");
  edition_record_ = find_below(body, GUMBO_TAG_HEADER, "record");
  if (edition_text_ == nullptr || edition_record_ == nullptr)
    edition_text_ = edition_record_ = nullptr;
  else
    notes_ = note_finder(tree_.root(), note_finder::marks::said);
}

void page_reader::edition_fields(element e) {
  for (element child : children(e)) {
    const GumboTag tag = tag_of(child);
    if (tag == GUMBO_TAG_DL) {
      edition_fields(child);
    } else if (tag == GUMBO_TAG_DD || (tag == GUMBO_TAG_H1 && value_of(child, "data-key"))) {
      attributes attrs = common_attributes(child);
      std::string language;
      std::erase_if(attrs, [&](auto &one) { return one.first == "lang" && (language = one.second, true); });
      if (const auto label = value_of(child, "data-label")) attrs.emplace_back("label", *label);
      const scope field = account_.out().field(key_of(child), valid(language));
      const flow::detour inside(flow_);
      flow_.write_attributes(attrs);
      flow_.put_place({text_place::way::direct, kind::paragraph, {}});
      nodes(child);
      flow_.close();
    } else {
      // Labels, which their fields keep, and a title that is made of the text.
      skip_text(child, "made-anew");
    }
  }
}

/// The inlines of a block that is no node stand in what is open.
void page_reader::dress(element e) {
  flow_.end_block();
  if (flow_.place().how == text_place::way::single) return nodes(e), flow_.end_block();
  text_place outside = flow_.put_place({text_place::way::direct, kind::paragraph, {}});
  nodes(e);
  flow_.close();
  flow_.put_place(std::move(outside));
}

bool page_reader::edition_block(element e) {
  if (e == edition_record_) return true;
  const auto words = value_of(e, "class");
  const GumboTag tag = tag_of(e);
  if (e == edition_text_) return nodes(e), true;
  if (!value_of(e, "id")) {
    if (tag == GUMBO_TAG_NAV && has_word(words, "cast")) return skip_text(e, "persons-not-read"), true;
    if (tag == GUMBO_TAG_SECTION && has_word(words, "legend")) return skip_text(e, "made-anew"), true;
    if (tag == GUMBO_TAG_MAIN || tag == GUMBO_TAG_ARTICLE) return nodes(e), true;
    if (tag == GUMBO_TAG_P || tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_DT || tag == GUMBO_TAG_DD) return dress(e), true;
    return false;
  }
  if (const named_kind *orphan = find_kind(orphans, value_of(e, "data-kind"))) {
    if (flow_.place().how == text_place::way::single) return false;
    return item(e, orphan->k, common_attributes(e)), true;
  }
  if (tag == GUMBO_TAG_P)
    if (const named_kind *found = find_kind(paragraphs, words))
      return text_block(e, found->k, common_attributes(e), text_place::way::single), true;
  if (tag == GUMBO_TAG_DIV || tag == GUMBO_TAG_SECTION)
    if (const named_kind *found = find_kind(containers, words))
      return container(e, found->k, common_attributes(e)), true;
  return false;
}

bool page_reader::edition_inline(element e) {
  const auto words = value_of(e, "class");
  const GumboTag tag = tag_of(e);
  if (tag == GUMBO_TAG_A) {
    if (has_word(words, "skip")) return skip_text(e, "made-anew"), true;
    const bool leads_to_person = has_word(value_of(e->parent, "class"), "speaker") &&
                                 value_of(e, "href").value_or("").starts_with("#person-");
    if (has_word(words, "address") || leads_to_person) return nodes(e), true;
    return false;
  }
  if (tag != GUMBO_TAG_SPAN) return false;
  attributes attrs = common_attributes(e);
  if (has_word(words, "math")) {
    flow_.enter_math();
    nodes(e);
    flow_.leave_math();
    return true;
  }
  if (has_word(words, "image")) {
    add(attrs, "resource", value_of(e, "title"));
    const uint32_t id = flow_.empty_leaf(kind::image, e->place.begin);
    flow_.write_attributes(attrs);
    alternative(id, nullptr, e);
    return true;
  }
  if (const auto target = value_of(e, "data-target")) {
    attrs.emplace_back("href", *target);
    add(attrs, "title", value_of(e, "title"));
    flow_.enter_inline(kind::link, std::move(attrs));
    nodes(e);
    flow_.leave_inline(true);
    return true;
  }
  // A span that says nothing parts what stands in it from what stands beside it.
  if (e->attribute_count == 0) return wrap(e, kind::span, {}), true;
  return false;
}

}  // namespace calque::plugins::html_reading
