// SPDX-License-Identifier: Apache-2.0
// The teiHeader: every element with words of its own becomes a field.
#include "import.hpp"

#include <algorithm>

namespace tei {

using calque::kind;

namespace {

bool has_no_words(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

struct placed_key {
  std::string_view path, key;  // path: the end of it
};

/// Elements whose words, with all below them, are the value of a field.
constexpr placed_key keys[] = {
    {"titleStmt/title", "title"},
    {"titleStmt/author", "creator"},
    {"titleStmt/editor", "contributor"},
    {"titleStmt/respStmt", "contributor"},
    {"titleStmt/funder", "contributor"},
    {"titleStmt/sponsor", "contributor"},
    {"publicationStmt/publisher", "publisher"},
    {"publicationStmt/distributor", "publisher"},
    {"publicationStmt/authority", "publisher"},
    {"publicationStmt/date", "issued"},
    {"publicationStmt/idno", "identifier"},
    {"availability/p", "rights"},
    {"availability/licence", "rights"},
    {"fileDesc/extent", "extent"},
    {"seriesStmt/title", "is_part_of"},
    {"sourceDesc/p", "source"},
    {"sourceDesc/bibl", "bibliographic_citation"},
    {"bibl/bibl", "bibliographic_citation"},
    {"bibl/idno", "identifier"},
    {"bibl/textLang", "calque.original_language"},
    {"creation/date", "date"},
    {"profileDesc/creation", "created"},
    {"abstract/p", "abstract"},
    {"langUsage/language", "language"},
    {"keywords/term", "subject"},
    {"keywords/list/item", "subject"},
};

/// A note's type as the exporter writes it is the key of a field.
bool is_key(std::string_view type) {
  return !type.empty() && type.front() >= 'a' && type.front() <= 'z' &&
         std::all_of(type.begin(), type.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.'; });
}

}  // namespace

void tree_reader::header(uint32_t element) {
  // Who made interventions, before any of them is met.
  for (uint32_t i = element; i < tree_.at(element).end; ++i)
    if (tree_.is_element(i, "respStmt") && attribute(i, "n") == "calque")
      tree_.each_child(i, [&](uint32_t child) {
        if (const std::string_view name = first_text(child); tree_.is_element(child, "name") && !name.empty())
          agents_.emplace(attribute(i, "xml:id"), name);
      });
  skip(tree_.at(element).at, "tei.markup");
  tree_.each_child(element, [&](uint32_t child) { header_part(child, {}); });
  skip(tree_.at(element).close, "tei.markup");
}

void tree_reader::header_part(uint32_t index, const std::string &above) {
  const xml_node &n = tree_.at(index);
  if (n.is != xml_node::what::element) {
    if (n.is == xml_node::what::text && !has_no_words(n.text)) {
      // Loose words between elements, as in a citation that is not one.
      const opened scope(*this, out_.field("calque.other"));
      if (!above.empty()) out_.attr("tei.path", above);
      line_ = {};
      text(index);
      return drop_blanks();
    }
    return misc(index);
  }
  const std::string path = above.empty() ? std::string(n.name) : above + "/" + std::string(n.name);
  if (attribute(index, "n") == "calque" || (n.name == "bibl" && attribute(index, "type") == "file"))
    return skip_tree(index, "tei.made-anew");
  bool has_words = false, has_text = false;
  for (uint32_t i = index + 1; i < n.end; ++i)
    if (tree_.at(i).is == xml_node::what::text && !has_no_words(tree_.at(i).text)) {
      has_words = true;
      has_text = has_text || tree_.at(i).parent == index;
    }
  if (!has_words)
    return skip_tree(index, n.end == index + 1 && n.attribute_count > 0 ? "tei.header-attributes" : "tei.markup");
  for (const placed_key &k : keys) {
    const bool fits =
        path.ends_with(k.path) && (path.size() == k.path.size() || path[path.size() - k.path.size() - 1] == '/');
    // A citation or a creation without words of its own is told by what it holds.
    if (fits && (has_text || n.name == "respStmt")) return field(index, k.key, {});
  }
  if (n.name == "note" && above.ends_with("notesStmt")) {
    const std::string_view type = attribute(index, "type"), subtype = attribute(index, "subtype");
    return is_key(type) ? field(index, type, std::string(subtype)) : field(index, "calque.other", path);
  }
  const element_rule &rule = rule_of(n.name);
  if (has_text || rule.role == role::text_block || (rule.role == role::inlines && n.name != "bibl") ||
      rule.role == role::list)
    return field(index, "calque.other", path);
  skip(n.at, "tei.markup");
  tree_.each_child(index, [&](uint32_t child) { header_part(child, path); });
  skip(n.close, "tei.markup");
}

void tree_reader::field(uint32_t element, std::string_view key, const std::string &path) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  {
    const opened scope(*this, out_.field(key));
    const auto [first, last] = tree_.attributes(element);
    const bool is_note = n.name == "note";
    for (const auto *a = first; a != last; ++a) {
      if (a->value.empty()) continue;
      if (a->name == "n")
        out_.attr("label", a->value);
      else if (a->name == "xml:id")
        out_.attr("id", a->value);
      else if (a->name == "xml:lang")
        out_.attr("lang", a->value);
      else if (!is_note || (a->name != "type" && a->name != "subtype"))
        out_.attr("tei." + std::string(a->name), a->value);
    }
    if (!path.empty()) out_.attr("tei.path", path);
    const uint32_t node = scope.id();
    if (n.name == "date") annotate(element, node);
    if (holds_blocks(element)) {
      children(element);
    } else {
      line_ = {};
      inlines(element + 1, n.end);
      drop_blanks();
    }
  }
  skip(n.close, "tei.markup");
}

}  // namespace tei
