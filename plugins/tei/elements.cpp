// SPDX-License-Identifier: Apache-2.0
// One table, in the order of the alphabet.
#include "elements.hpp"

#include <algorithm>

namespace tei {

namespace {

using calque::kind;
using enum role;

constexpr element_rule rules[] = {
    {"TEI", container, kind::division},
    {"ab", text_block, kind::paragraph},
    {"abbr", inlines, kind::span},
    {"add", inlines, kind::span},
    {"address", inlines, kind::span},
    {"affiliation", inlines, kind::span},
    {"anchor", anchor, kind::anchor},
    {"app", choice, kind::span},
    {"argument", container, kind::division},
    {"attachment", container, kind::attachment},
    {"author", inlines, kind::span},
    {"back", container, kind::division},
    {"bibl", inlines, kind::span},
    {"body", transparent, kind::division},
    {"byline", text_block, kind::paragraph},
    {"cell", container, kind::cell},
    {"choice", choice, kind::span},
    {"cit", container, kind::block_quote},
    {"classification", inlines, kind::span},
    {"closer", container, kind::division},
    {"code", verbatim, kind::code},
    {"corr", inlines, kind::span},
    {"date", inlines, kind::span},
    {"dateline", text_block, kind::paragraph},
    {"del", inlines, kind::strikeout},
    {"distinct", inlines, kind::span},
    {"div", container, kind::division},
    {"div1", container, kind::division},
    {"div2", container, kind::division},
    {"div3", container, kind::division},
    {"div4", container, kind::division},
    {"div5", container, kind::division},
    {"div6", container, kind::division},
    {"div7", container, kind::division},
    {"docAuthor", inlines, kind::span},
    {"docDate", inlines, kind::span},
    {"docImprint", text_block, kind::paragraph},
    {"docTitle", container, kind::division},
    {"editor", inlines, kind::span},
    {"eg", verbatim, kind::code},
    {"email", inlines, kind::span},
    {"emph", inlines, kind::emphasis},
    {"epigraph", container, kind::block_quote},
    {"ex", inlines, kind::span},
    {"expan", inlines, kind::span},
    {"figure", figure, kind::figure},
    {"floatingText", container, kind::division},
    {"foreign", inlines, kind::span},
    {"forename", inlines, kind::span},
    {"formula", formula, kind::math},
    {"front", container, kind::division},
    {"gap", inlines, kind::span},
    {"gloss", inlines, kind::span},
    {"graphic", graphic, kind::image},
    {"group", container, kind::division},
    {"head", text_block, kind::heading},
    {"hi", inlines, kind::span},
    {"idno", inlines, kind::span},
    {"imprint", inlines, kind::span},
    {"innerHead", text_block, kind::paragraph},
    {"item", container, kind::list_item},
    {"l", text_block, kind::line},
    {"label", inlines, kind::span},
    {"lb", line_begin, kind::line_break},
    {"lem", inlines, kind::span},
    {"lg", container, kind::line_block},
    {"list", list, kind::bullet_list},
    {"measure", inlines, kind::span},
    {"media", graphic, kind::image},
    {"mentioned", inlines, kind::span},
    {"name", inlines, kind::span},
    {"note", note, kind::anchor},
    {"num", inlines, kind::span},
    {"opener", container, kind::division},
    {"orgName", inlines, kind::span},
    {"orig", inlines, kind::span},
    {"p", text_block, kind::paragraph},
    {"pb", page_begin, kind::anchor},
    {"pc", inlines, kind::span},
    {"persName", inlines, kind::span},
    {"placeName", inlines, kind::span},
    {"postscript", container, kind::division},
    {"ptr", inlines, kind::link},
    {"pubPlace", inlines, kind::span},
    {"publisher", inlines, kind::span},
    {"q", inlines, kind::span},
    {"quote", inlines, kind::span},
    {"rdg", inlines, kind::span},
    {"ref", inlines, kind::link},
    {"reg", inlines, kind::span},
    {"roleName", inlines, kind::span},
    {"row", container, kind::row},
    {"rs", inlines, kind::span},
    {"s", inlines, kind::span},
    {"said", inlines, kind::span},
    {"salute", text_block, kind::paragraph},
    {"seg", inlines, kind::span},
    {"sic", inlines, kind::span},
    {"signed", text_block, kind::paragraph},
    {"soCalled", inlines, kind::span},
    {"sp", container, kind::speech},
    {"speaker", text_block, kind::speaker},
    {"stage", inlines, kind::span},
    {"subst", inlines, kind::span},
    {"supplied", inlines, kind::span},
    {"surname", inlines, kind::span},
    {"table", table, kind::table},
    {"teiCorpus", container, kind::division},
    {"teiHeader", header, kind::division},
    {"term", inlines, kind::span},
    {"text", transparent, kind::division},
    {"time", inlines, kind::span},
    {"title", inlines, kind::span},
    {"titlePage", container, kind::division},
    {"titlePart", text_block, kind::paragraph},
    {"trailer", text_block, kind::paragraph},
    {"unclear", inlines, kind::span},
    {"w", inlines, kind::span},
};

constexpr element_rule no_rule{"", unknown, kind::span};

constexpr bool by_name(const element_rule &rule, std::string_view name) {
  return rule.name < name;
}

static_assert(std::is_sorted(std::begin(rules), std::end(rules),
                             [](const element_rule &a, const element_rule &b) { return a.name < b.name; }));

}  // namespace

const element_rule &rule_of(std::string_view name) {
  const auto *found = std::lower_bound(std::begin(rules), std::end(rules), name, by_name);
  return found != std::end(rules) && found->name == name ? *found : no_rule;
}

bool is_block_rule(const element_rule &rule) {
  return rule.role == container || rule.role == text_block || rule.role == table || rule.role == list;
}

}  // namespace tei
