// SPDX-License-Identifier: Apache-2.0
// Attributes of nodes, and what the layers say of them.
#include "import.hpp"

#include <algorithm>
#include <set>

namespace tei {

using calque::kind;

namespace {

/// The element that a kind is written as, where no other was read.
std::string_view canonical_element(kind k) {
  switch (k) {
    case kind::division:
      return "div";
    case kind::paragraph:
      return "p";
    case kind::heading:
    case kind::subtitle:
    case kind::caption:
      return "head";
    case kind::block_quote:
      return "quote";
    case kind::bullet_list:
    case kind::ordered_list:
    case kind::definition_list:
      return "list";
    case kind::list_item:
    case kind::definition:
      return "item";
    case kind::term:
      return "label";
    case kind::table:
      return "table";
    case kind::row:
      return "row";
    case kind::cell:
      return "cell";
    case kind::figure:
      return "figure";
    case kind::image:
      return "graphic";
    case kind::line_block:
      return "lg";
    case kind::line:
      return "l";
    case kind::speech:
      return "sp";
    case kind::speaker:
      return "speaker";
    case kind::stage_direction:
      return "stage";
    case kind::attachment:
      return "attachment";
    case kind::aside:
      return "note";
    case kind::anchor:
      return "anchor";
    case kind::link:
      return "ref";
    case kind::code_block:
    case kind::code:
      return "code";
    case kind::emphasis:
    case kind::strong:
    case kind::underline:
    case kind::strikeout:
    case kind::superscript:
    case kind::subscript:
    case kind::small_caps:
      return "hi";
    default:
      return {};
  }
}

/// The word for the look of a kind that is written where no other was read.
std::string_view canonical_look(kind k) {
  switch (k) {
    case kind::emphasis:
      return "italic";
    case kind::strong:
      return "bold";
    case kind::underline:
      return "underline";
    case kind::strikeout:
      return "strikethrough";
    case kind::superscript:
      return "superscript";
    case kind::subscript:
      return "subscript";
    case kind::small_caps:
      return "smallcaps";
    default:
      return {};
  }
}

/// Attributes that the model has a place of its own for.
bool is_placed(std::string_view element, std::string_view name, kind k) {
  if (name == "xml:space") return true;
  if (k == kind::cell) return name == "role" || name == "cols" || name == "rows";
  if (k == kind::link) return name == "target";
  if (k == kind::image) return name == "url";
  if (k == kind::aside) return name == "n";
  if (k == kind::ordered_list && name == "n") return true;
  return (k == kind::bullet_list || k == kind::ordered_list) && element == "list" && name == "rend";
}

std::string_view without_hash(std::string_view reference) {
  return reference.starts_with('#') ? reference.substr(1) : reference;
}

}  // namespace

void tree_reader::attributes(uint32_t element, kind k) {
  const xml_node &n = tree_.at(element);
  // A heading that opens no division says so, or it would become one.
  const std::string_view own = n.name == "head" && k == kind::paragraph ? std::string_view("innerHead") : n.name;
  if (own != canonical_element(k) && !own.starts_with("x.")) out_.attr("tei.element", own);
  std::set<std::string, std::less<>> said;
  const auto [first, last] = tree_.attributes(element);
  for (const auto *a = first; a != last; ++a) {
    if (a->value.empty() || is_placed(n.name, a->name, k)) continue;
    if (a->name == "type" && (a->value.starts_with("tei:") || a->value == n.name)) continue;
    if (a->name == "rend" && n.name == "hi" && a->value == canonical_look(k)) continue;
    if (a->name == "type" && k == kind::aside &&
        (a->value == "note" || a->value == "alt" || a->value == "comment" || a->value == "reading"))
      continue;
    const std::string key = a->name == "xml:id" ? "id" : a->name == "xml:lang" ? "lang" : "tei." + std::string(a->name);
    if (said.insert(key).second) out_.attr(key, a->value);
  }
  if (k == kind::link) out_.attr("href", attribute(element, "target"));
  if (k == kind::ordered_list)
    if (auto start = tree_.attribute(element, "n")) out_.attr("start", *start);
}

void tree_reader::page(uint32_t element) {
  const xml_node &n = tree_.at(element);
  const auto m = out_.marks().point("calque.page/1", "page", out_.position());
  const auto number = tree_.attribute(element, "n");
  if (number) m.text("n", *number);
  if (auto facsimile = tree_.attribute(element, "facs")) m.text("facs", *facsimile);
  if (auto source = tree_.attribute(element, "type")) m.text("source", *source);
  // A page is found by its number; an id that says more than it needs a place of its own.
  if (auto id = tree_.attribute(element, "xml:id"); id && called_.contains(*id)) {
    std::string usual = "pg_";
    for (char c : number.value_or(""))
      if (c != '[' && c != ']') usual += c;
    if (*id != usual) {
      put_anchor(element);
      out_.attr("id", *id);
    }
  }
  skip(n.at, "tei.markup");
  inlines(element + 1, n.end);  // TEI has none, but words are words
  skip(n.close, "tei.markup");
}

/// A line break is meant, unless it tells a line of the source.
void tree_reader::line_mark(uint32_t element) {
  const xml_node &n = tree_.at(element);
  const auto number = tree_.attribute(element, "n");
  if (n.end > element + 1) inlines(element + 1, n.end);
  if (number || attribute(element, "type") == "source" || tree_.attribute(element, "break") ||
      tree_.attribute(element, "facs")) {
    const auto m = out_.marks().point("calque.line/1", "line", out_.position());
    if (number) m.text("n", *number);
    if (auto facsimile = tree_.attribute(element, "facs")) m.text("facs", *facsimile);
    skip(n.at, "tei.markup");
  } else {
    drop_blanks();
    out_.text("\n", tree_.source_of(n.at), kind::line_break);
    may_continue_ = false;
    line_.is_at_start = true;
  }
  skip(n.close, "tei.markup");
}

void tree_reader::annotate(uint32_t element, uint32_t node) {
  const xml_node &n = tree_.at(element);
  auto &marks = out_.marks();
  auto reference = [&]() -> std::string_view {
    for (std::string_view name : {"corresp", "ref", "key", "sameAs"})
      if (auto value = tree_.attribute(element, name); value && !value->empty()) return *value;
    return {};
  };
  auto name = [&](std::string_view what) {
    const auto m = marks.node("calque.name/1", what, node);
    const std::string_view target = reference(), id = attribute(element, "xml:id");
    if (!id.empty()) {
      m.text("key", id);
      named_.emplace(id, m.id());
    } else if (!target.empty()) {
      m.text("key", without_hash(target));
      if (target.starts_with('#')) mentions_.emplace_back(m, std::string(without_hash(target)));
    }
    if (target.find("://") != std::string_view::npos) m.text("authority", target);
  };
  if (n.name == "persName") return name("person");
  if (n.name == "placeName") return name("place");
  if (n.name == "orgName") return name("organization");
  if (n.name == "roleName") return name("role");
  if (n.name == "name" || n.name == "rs") {
    const std::string_view type = attribute(element, "type");
    if (type == "person") return name("person");
    if (type == "place") return name("place");
    if (type == "org" || type == "organization") return name("organization");
    return;
  }
  if (n.name == "gloss" || n.name == "term") {
    std::string_view concept_id =
        n.name == "term" ? attribute(element, "xml:id") : without_hash(attribute(element, "target"));
    if (concept_id.empty()) concept_id = without_hash(reference());
    const auto m = marks.node("calque.term/1", "term", node);
    if (!concept_id.empty()) m.text("concept", concept_id);
    return;
  }
  if (n.name == "date") {
    std::string edtf;
    auto value = [&](std::string_view a) {
      auto found = tree_.attribute(element, a);
      if (!found) found = tree_.attribute(element, std::string(a) + "-iso");
      return std::string(found.value_or(""));
    };
    if (edtf = value("when"); edtf.empty()) {
      std::string from = value("from"), to = value("to");
      if (from.empty() && to.empty()) from = value("notBefore"), to = value("notAfter");
      if (!from.empty() || !to.empty()) edtf = (from.empty() ? ".." : from) + "/" + (to.empty() ? ".." : to);
    }
    if (edtf.empty()) edtf = attribute(element, "when-custom");
    if (edtf.empty()) return;
    const auto m = marks.node("calque.date/1", "date", node).text("edtf", edtf);
    if (auto calendar = tree_.attribute(element, "calendar")) m.text("calendar", without_hash(*calendar));
    return;
  }
  auto editorial = [&](std::string_view what) {
    const auto m = marks.node("calque.editorial/1", what, node);
    if (auto who = agents_.find(without_hash(attribute(element, "resp"))); who != agents_.end())
      m.text("agent", who->second);
    if (auto reason = tree_.attribute(element, "reason")) m.text("reason", *reason);
    if (auto certainty = tree_.attribute(element, "cert")) m.text("certainty", *certainty);
    if (auto extent = tree_.attribute(element, "extent"))
      m.text("extent", *extent);
    else if (auto quantity = tree_.attribute(element, "quantity"))
      m.text("extent", std::string(*quantity) + " " + std::string(attribute(element, "unit")));
  };
  if (n.name == "supplied") return editorial("supplied");
  if (n.name == "unclear") return editorial("uncertain");
  if (n.name == "add" && attribute(element, "place").starts_with("margin")) return editorial("marginal");
  if (n.name == "gap") {
    const std::string_view reason = attribute(element, "reason");
    return editorial(reason == "illegible" || reason == "withheld" ? reason : std::string_view("omitted"));
  }
  if (n.name == "note") {
    const std::string_view type = attribute(element, "type");
    if (type == "translator") return editorial("translator_note");
    if (type == "editor") return editorial("editor_note");
  }
}

/// Mentions lead to the entry of whom they mention, wherever in the part it stands.
void tree_reader::settle_names() {
  for (const auto &[m, id] : mentions_)
    if (auto entry = named_.find(id); entry != named_.end()) m.refers("of", entry->second);
  mentions_.clear();
  named_.clear();
}

}  // namespace tei
