// SPDX-License-Identifier: Apache-2.0
// The normalizer that drops the furniture of a page: navigation, banners, notices; each by a rule with a name.
#include <calque/calque.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

namespace {

/// A rule drops divisions of one role. Some roles are used for text too, so their rule looks at what they hold.
struct rule {
  std::string_view name, role;
  const char *code;
  bool only_links;  // drop only what is short, or made of links for the most part
};

constexpr std::array<rule, 9> rules{{{"navigation", "nav", "boilerplate.navigation", false},
                                     {"banner", "banner", "boilerplate.banner", false},
                                     {"header", "header", "boilerplate.header", true},
                                     {"footer", "footer", "boilerplate.footer", true},
                                     {"aside", "aside", "boilerplate.aside", true},
                                     {"cookies", "cookies", "boilerplate.cookies", false},
                                     {"share", "share", "boilerplate.share", false},
                                     {"advertisement", "advertisement", "boilerplate.advertisement", false},
                                     {"search", "search", "boilerplate.search", false}}};
constexpr rule hidden_rule{"hidden", "hidden", "boilerplate.hidden", false};

constexpr size_t short_text = 80;

/// Of the bytes of a node's text, how many are in links.
size_t linked_bytes(node n) {
  size_t bytes = 0;
  for (node inner : n.descendants())
    if (inner.is(kind::link)) bytes += inner.text().size();
  return bytes;
}

/// A header with a heading of the text, or a footer with its date and place, is text.
bool is_furniture(node n) {
  for (node inner : n.descendants())
    if (inner.is(kind::heading) || inner.is(kind::anchor)) return false;
  const size_t bytes = n.text().size();
  return bytes <= short_text || linked_bytes(n) * 2 >= bytes;
}

}  // namespace

struct boilerplate : normalizer {
  std::vector<std::string> chosen;

  static constexpr stage_info info{"calque.boilerplate", "1.0.0", "Drops navigation, banners, notices and other furniture of pages",
                                   CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("rules", &boilerplate::chosen,
          "[\"navigation\", \"banner\", \"header\", \"footer\", \"aside\", \"cookies\", \"share\", \"advertisement\", \"search\"]",
          "The rules that drop; \"hidden\" is one more"));
  static constexpr auto codes = calque::codes(
      code("boilerplate.navigation", "Links to other pages: menus, breadcrumbs, page numbers.", thing::text, effect::dropped),
      code("boilerplate.banner", "The banner of a site.", thing::text, effect::dropped),
      code("boilerplate.header", "A header that is short or made of links, without a heading or a note.", thing::text,
           effect::dropped),
      code("boilerplate.footer", "A footer that is short or made of links, without a heading or a note.", thing::text,
           effect::dropped),
      code("boilerplate.aside", "An aside that is short or made of links, without a heading or a note.", thing::text,
           effect::dropped),
      code("boilerplate.cookies", "A notice on cookies.", thing::text, effect::dropped),
      code("boilerplate.share", "Buttons for sharing.", thing::text, effect::dropped),
      code("boilerplate.advertisement", "An advertisement.", thing::text, effect::dropped),
      code("boilerplate.search", "A form for searching.", thing::text, effect::dropped),
      code("boilerplate.hidden", "What a browser does not show, as asked.", thing::text, effect::dropped),
      code("boilerplate.unknown-rule", "The option `rules` names a rule that there is not.", thing::text, effect::none,
           level::error));

  void prepare() const;
  void run(document_view document, rewrite &out) const;

 private:
  const rule *rule_for(node n) const;
  void copy(node parent, const std::vector<uint32_t> &dropped, rebuild &tree) const;
};

void boilerplate::prepare() const {
  for (const std::string &name : chosen) {
    const bool is_known = name == hidden_rule.name ||
                          std::any_of(rules.begin(), rules.end(), [&](const rule &one) { return one.name == name; });
    if (!is_known)
      throw failure("boilerplate.unknown-rule", "there is no rule \"" + name + "\"",
                    "the rules are navigation, banner, header, footer, aside, cookies, share, advertisement, search, hidden");
  }
}

const rule *boilerplate::rule_for(node n) const {
  const auto role = n.attr("role");
  if (!role || n.is(kind::aside) || n.is_leaf()) return nullptr;
  auto is_chosen = [&](const rule &one) {
    return *role == one.role && std::find(chosen.begin(), chosen.end(), one.name) != chosen.end() &&
           (!one.only_links || is_furniture(n));
  };
  if (is_chosen(hidden_rule)) return &hidden_rule;
  for (const rule &one : rules)
    if (is_chosen(one)) return &one;
  return nullptr;
}

/// Writes what `parent` holds again, less the dropped nodes, which are in ascending order.
void boilerplate::copy(node parent, const std::vector<uint32_t> &dropped, rebuild &tree) const {
  for (node child : parent.children()) {
    const auto next = std::lower_bound(dropped.begin(), dropped.end(), child.index());
    if (next == dropped.end() || *next >= child.end_index()) {
      tree.copy_tree(child);
    } else if (*next == child.index()) {
      tree.drop_tree(child, rule_for(child)->code);
    } else {
      const rebuilt_scope same = tree.begin_like(child);
      copy(child, dropped, tree);
    }
  }
}

void boilerplate::run(document_view document, rewrite &out) const {
  std::vector<uint32_t> dropped;
  for (uint32_t i = 1; i < document.node_count();) {
    const node n = document.at(i);
    const bool drops = rule_for(n) != nullptr;
    if (drops) dropped.push_back(i);
    i = drops ? n.end_index() : i + 1;
  }
  if (dropped.empty()) return;
  copy(document.root(), dropped, out.start_rebuild());
}

}  // namespace calque::plugins

CALQUE_PLUGIN("boilerplate", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::boilerplate)
