// SPDX-License-Identifier: Apache-2.0
// Reads packages, navigation documents and NCX; two versions of EPUB say the same things in different words.
#include "plugins/epub/opf.hpp"

#include <algorithm>
#include <utility>

#include "plugins/epub/chapters.hpp"
#include "plugins/epub/paths.hpp"

namespace calque::plugins {
namespace {

constexpr uint32_t none = markup_node::none;

std::string value_of(const markup_node &node, std::string_view name) {
  return std::string(node.attribute(name).value_or(""));
}

/// A name of an attribute of ours: a word in lower case.
std::string attribute_name(std::string_view property) {
  std::string name;
  for (char c : property) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    name += is_plain ? c : c == ':' ? '.' : '_';
  }
  return name;
}

/// Keys of Dublin Core, by the names of its elements and of its terms.
std::string key_of_term(std::string_view name) {
  static constexpr std::string_view known[] = {"contributor", "coverage", "creator",  "date",     "description",
                                               "format",      "identifier", "language", "modified", "publisher",
                                               "relation",    "rights",   "source",   "subject",  "title", "type"};
  return std::binary_search(std::begin(known), std::end(known), name) ? std::string(name) : std::string();
}

/// A name that comes again gets all values, parted by blanks.
void add_attribute(book_field &field, std::string name, std::string_view value) {
  if (name.empty() || value.empty()) return;
  if (name == "role" || name == "key" || name == "anchor" || name == "label" || name == "lang" || name == "dir")
    name.insert(0, "opf.");
  for (auto &[known, all] : field.attributes)
    if (known == name) {
      all += " " + std::string(value);
      return;
    }
  field.attributes.emplace_back(std::move(name), value);
}

}  // namespace

const manifest_item *book_package::item_at(std::string_view wanted) const {
  for (const manifest_item &one : manifest)
    if (one.path == wanted) return &one;
  return nullptr;
}

const manifest_item *book_package::item_with(std::string_view property) const {
  for (const manifest_item &one : manifest) {
    const std::string all = " " + one.properties + " ";
    if (all.find(" " + std::string(property) + " ") != all.npos) return &one;
  }
  return nullptr;
}

book_package read_package(std::string path, uint32_t source, markup tree) {
  book_package made;
  made.path = std::move(path);
  made.source = source;
  made.tree = std::move(tree);
  const markup &all = made.tree;
  for (uint32_t k = 0; k != none; k = all.next_in_order(k, 0)) {
    const markup_node &node = all[k];
    const source_range where{node.begin, node.tag_end, source};
    if (node.name == "item") {
      manifest_item item{value_of(node, "id"), {}, value_of(node, "media-type"), value_of(node, "properties"),
                         value_of(node, "fallback"), false, where};
      const std::string href = value_of(node, "href");
      if (auto to = resolved(made.path, href, &item.is_outside))
        item.path = std::move(*to);
      else
        item.is_outside = true;
      made.by_id.emplace(item.id, made.manifest.size());
      made.manifest.push_back(std::move(item));
    } else if (node.name == "spine") {
      made.ncx = value_of(node, "toc");
      made.direction = value_of(node, "page-progression-direction");
    } else if (node.name == "itemref") {
      made.spine.push_back({value_of(node, "idref"), node.attribute("linear") != "no", where});
    } else if (node.name == "meta" && node.attribute("name") == "cover") {
      made.cover = value_of(node, "content");
    }
  }
  if (const manifest_item *cover = made.item_with("cover-image")) made.cover = cover->id;
  return made;
}

book_navigation read_navigation(std::string_view path, const markup &tree) {
  book_navigation made;
  const auto add = [&](std::vector<book_place> &list, std::string_view reference, std::string label) {
    if (const auto to = resolved(path, reference)) list.push_back({*to, fragment_of(reference), std::move(label)});
  };
  for (uint32_t k = 0; k != none; k = tree.next_in_order(k, 0)) {
    const markup_node &node = tree[k];
    if (node.name == "nav") {
      const bool is_pages = node.has_word("epub:type", "page-list");
      if (!is_pages && !node.has_word("epub:type", "toc")) continue;
      for (uint32_t a = k; a != none; a = tree.next_in_order(a, k))
        if (const auto href = tree[a].name == "a" ? tree[a].attribute("href") : std::nullopt)
          add(is_pages ? made.pages : made.contents, *href, squeezed(tree.text_of(a)));
    } else if (node.name == "navPoint" || node.name == "pageTarget") {
      std::string label, reference;
      for (uint32_t child = node.first; child != none; child = tree[child].next) {
        if (tree[child].name == "navLabel" && label.empty()) label = squeezed(tree.text_of(child));
        if (tree[child].name == "content") reference = value_of(tree[child], "src");
      }
      add(node.name == "navPoint" ? made.contents : made.pages, reference, std::move(label));
    }
  }
  return made;
}

std::vector<book_field> read_fields(const book_package &book) {
  const markup &tree = book.tree;
  std::vector<book_field> fields;
  const auto metadata = tree.find("metadata");
  if (!metadata) return fields;
  const auto package = tree.find("package");
  const std::string identifier = package ? value_of(tree[*package], "unique-identifier") : std::string();
  const std::string_view language_of_all = package ? tree[*package].attribute("xml:lang").value_or("") : "";
  std::map<std::string, size_t> by_id;
  for (uint32_t k = *metadata; k != none; k = tree.next_in_order(k, *metadata)) {
    const markup_node &node = tree[k];
    const bool is_term = node.name.starts_with("dc:"), is_meta = node.name == "meta";
    if ((!is_term && !is_meta) || node.attribute("refines")) continue;
    book_field field;
    field.language = value_of(node, "xml:lang");
    if (field.language.empty() && is_term && node.name != "dc:identifier" && node.name != "dc:date" &&
        node.name != "dc:language" && node.name != "dc:format")
      field.language = language_of_all;
    field.direction = value_of(node, "dir");
    const std::string property = value_of(node, "property"), name = value_of(node, "name");
    if (is_term) {
      field.key = key_of_term(node.name.substr(3));
      if (field.key.empty()) field.label = node.name;
    } else if (!property.empty()) {
      field.key = property.starts_with("dcterms:") ? key_of_term(property.substr(8)) : std::string();
      if (field.key.empty()) field.label = property;
    } else {
      field.label = name;
    }
    if (field.key.empty()) field.key = "calque.other";
    if (is_meta && property.empty()) {
      field.text = value_of(node, "content");
      field.where = tree.place_of(node, field.text, book.source);
    } else {
      field.text = squeezed(tree.text_of(k));
      field.node = k;
    }
    // The cover is a field of its own, by its file.
    if (field.text.empty() || (name == "cover" && book.item(field.text) != nullptr)) continue;
    for (const markup_attribute &one : node.attributes)
      if (one.name == "role" || one.name == "file-as" || one.name == "scheme" || one.name == "event")
        add_attribute(field, attribute_name(one.name), one.value);
    const std::string id = value_of(node, "id");
    if (!id.empty()) {
      if (id == identifier) add_attribute(field, "unique", "true");
      by_id.emplace(id, fields.size());
    }
    fields.push_back(std::move(field));
  }
  for (uint32_t k = *metadata; k != none; k = tree.next_in_order(k, *metadata)) {
    const markup_node &node = tree[k];
    const auto refined = node.name == "meta" ? node.attribute("refines") : std::nullopt;
    if (!refined || refined->size() < 2) continue;
    const auto known = by_id.find(std::string(refined->substr(refined->front() == '#' ? 1 : 0)));
    const std::string words = squeezed(tree.text_of(k));
    if (known != by_id.end()) {
      add_attribute(fields[known->second], attribute_name(value_of(node, "property")), words);
    } else if (!words.empty()) {
      // It refines something that is no field: an item of the manifest, or what refines itself.
      book_field field;
      field.key = "calque.other";
      field.label = value_of(node, "property");
      field.language = value_of(node, "xml:lang");
      field.text = words;
      field.node = k;
      add_attribute(field, "refines", *refined);
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

}  // namespace calque::plugins
