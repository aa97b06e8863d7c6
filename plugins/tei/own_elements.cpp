// SPDX-License-Identifier: Apache-2.0
// Elements and attributes that came from TEI, and may be written where they stood.
#include "tei.hpp"

#include <algorithm>

namespace tei {

namespace {

struct own_element {
  std::string_view name, attributes;  // the ones that it has beside those of every element
};

constexpr std::string_view names = " key ref role type subtype nymRef ";
constexpr std::string_view dates =
    " when from to notBefore notAfter when-iso from-iso to-iso notBefore-iso notAfter-iso when-custom calendar type ";
constexpr std::string_view typed = " type subtype ";

/// Elements of a line. What is not here is a <seg> with its name in @type.
constexpr own_element in_line[] = {
    {"abbr", typed},
    {"add", " place type "},
    {"affiliation", names},
    {"app", " type from to "},
    {"bibl", typed},
    {"choice", ""},
    {"corr", typed},
    {"date", dates},
    {"del", typed},
    {"distinct", " type "},
    {"email", ""},
    {"emph", ""},
    {"expan", typed},
    {"foreign", ""},
    {"forename", names},
    {"gap", " reason unit quantity extent "},
    {"gloss", " target type "},
    {"hi", ""},
    {"lem", " wit type "},
    {"measure", " type unit quantity commodity "},
    {"mentioned", ""},
    {"name", names},
    {"note", " type place "},
    {"num", " type value "},
    {"orgName", names},
    {"orig", ""},
    {"persName", names},
    {"placeName", names},
    {"ptr", " type "},
    {"q", " type who "},
    {"quote", typed},
    {"rdg", " wit type "},
    {"ref", " type subtype "},
    {"reg", typed},
    {"roleName", names},
    {"rs", names},
    {"said", " who aloud direct "},
    {"seg", " type subtype function "},
    {"sic", typed},
    {"soCalled", ""},
    {"supplied", " reason "},
    {"surname", names},
    {"term", " target key ref type "},
    {"time", dates},
    {"title", " type level key ref "},
    {"unclear", " reason "},
};

constexpr own_element blocks_with[] = {
    {"ab", " subtype "},
    {"cell", ""},
    {"div", typed},
    {"figure", typed},
    {"head", " type "},
    {"item", ""},
    {"l", ""},
    {"label", ""},
    {"lg", typed},
    {"list", " type "},
    {"note", " type subtype place target "},
    {"p", ""},
    {"quote", typed},
    {"row", " role "},
    {"sp", " who "},
    {"speaker", ""},
    {"stage", " type "},
    {"table", " rows cols "},
};

constexpr std::string_view of_every_element = " n rend rendition corresp resp cert ";

bool has(std::string_view list, std::string_view name) {
  return list.find(" " + std::string(name) + " ") != std::string_view::npos;
}

template <size_t N>
const own_element *find(const own_element (&table)[N], std::string_view name) {
  const auto *found =
      std::find_if(std::begin(table), std::end(table), [&](const own_element &e) { return e.name == name; });
  return found == std::end(table) ? nullptr : found;
}

bool is_name(std::string_view id) {
  std::set<std::string> none;
  return !id.empty() && edition::unique_id(id, none) == id;
}

}  // namespace

bool is_own_inline(std::string_view element) {
  return find(in_line, element) != nullptr;
}

std::string_view own_element_of(calque::node n) {
  return n.attr("tei.element").value_or(std::string_view());
}

/// The attributes of the source's element that `element` may have, but not those that `said` holds already.
std::string writer::own_attributes(node n, std::string_view element, std::string_view said) {
  std::string made;
  const own_element *known = find(in_line, element);
  if (known == nullptr) known = find(blocks_with, element);
  n.each_attr([&](std::string_view key, std::string_view value) {
    if (!key.starts_with("tei.")) return;
    const std::string_view name = key.substr(4);
    if (!has(of_every_element, name) && (known == nullptr || !has(known->attributes, name))) return;
    if (said.find(" " + std::string(name) + "=\"") != std::string_view::npos) return;
    if (name == "type" && (value.starts_with("tei:") || value.find(' ') != std::string_view::npos)) return;
    made += attribute(name, value);
  });
  return made;
}

/// The id that links of the source use, else one made of the node's own; each stands once in the file.
std::string writer::id_attribute(node n, bool always) {
  if (auto own = n.attr("id"); own && is_name(*own)) {
    if (used_ids_.insert(std::string(*own)).second) return attribute("xml:id", *own);
    return {};
  }
  if (!always) return {};
  std::string made = "n" + std::to_string(n.id());
  if (own_ids_.contains(made) || !used_ids_.insert(made).second) return {};
  return attribute("xml:id", made);
}

void writer::find_ids() {
  for (node n : document_.nodes()) {
    if (auto own = n.attr("id"); own && is_name(*own)) own_ids_.emplace(*own);
    if (auto href = n.attr("href"); href && href->starts_with('#')) called_.emplace(href->substr(1));
  }
}

}  // namespace tei
