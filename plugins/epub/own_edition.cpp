// SPDX-License-Identifier: Apache-2.0
// What the exporter says in classes and attributes is said in names here, so that all who read the tree see it alike:
// the finder of notes, the writer, and the count of what is there.
#include "plugins/epub/own_edition.hpp"

#include "plugins/common/kind_names.hpp"
#include "plugins/epub/chapters.hpp"

namespace calque::plugins {
namespace {

constexpr uint32_t none = markup_node::none;

struct dress_name {
  std::string_view element, word, name;
};

/// Nodes by element and class. Elements that are in no such line are what their own names say.
constexpr dress_name nodes[] = {
    {"p", "subtitle", "block subtitle"},
    {"p", "caption", "caption"},
    {"p", "speaker", "block speaker"},
    {"p", "stage", "block stage_direction"},
    {"p", "term", "block term"},
    {"p", "line", "block line"},
    {"p", "rule", "block rule"},
    {"div", "lines", "block line_block"},
    {"div", "speech", "block speech"},
    {"div", "table", "table"},
    {"div", "version", "block version"},
    {"div", "attachment", "block attachment"},
    {"div", "section", "block section"},
    {"div", "division", "block division"},
    {"section", "version", "block version"},
    {"section", "attachment", "block attachment"},
    {"section", "section", "block section"},
    {"section", "division", "block division"},
    {"span", "underline", "inline underline"},
    {"span", "small-caps", "inline small_caps"},
    {"span", "quoted", "inline quoted"},
    {"span", "math", own::math},
    {"span", "image", own::missing_image},
    {"code", "raw", own::raw},
    {"sup", "call", own::call},
    {"a", "address", own::inline_dress},
};

/// What stands around the text and is no node.
constexpr dress_name frames[] = {
    {"header", "record", own::record}, {"section", "cast", own::persons}, {"section", "legend", own::made_anew},
    {"section", "notes", "div"},       {"p", "number", own::number},
};

/// Kinds that stand where their own place is not.
constexpr std::pair<std::string_view, std::string_view> orphans[] = {
    {"row", "block row"}, {"cell", "block cell"}, {"list_item", "li"}, {"definition", "dd"}, {"term", "dt"}};

template <size_t N>
std::string_view name_in(const dress_name (&list)[N], const markup_node &node) {
  for (const dress_name &one : list)
    if (one.element == node.name && node.has_word("class", one.word)) return one.name;
  return {};
}

class renamer {
 public:
  explicit renamer(markup &page) : page_(page) {}

  void run() {
    const auto body = page_.find("body");
    if (!body) return;
    for (uint32_t k = *body; k != none; k = page_.next_in_order(k, *body)) {
      if (k != *body && !page_[k].is_text() && !has_name_of_ours(k)) rename(k);
      name_dress_below(k);
    }
  }

 private:
  const markup_node &above(uint32_t node) const { return page_[page_[node].parent]; }
  bool has_name_of_ours(uint32_t node) const { return page_[node].name.find(' ') != std::string::npos; }
  void name(uint32_t node, std::string_view to) { page_.edit(node).name = to; }

  void rename(uint32_t k) {
    const markup_node &node = page_[k];
    const bool is_node = node.attribute("id").has_value();
    if (above(k).name == own::record || (above(k).name == "dl" && page_[above(k).parent].name == own::record))
      return of_record(k);
    if (!is_node)
      if (const std::string_view frame = name_in(frames, node); !frame.empty()) return name(k, frame);
    if (const auto kind = node.attribute("data-kind")) return orphan(k, *kind);
    if (node.name == "span" && node.attribute("data-target")) return unfollowed(k);
    if (node.has_word("epub:type", "pagebreak")) return page(k);
    if (const std::string_view known = name_in(nodes, node); !known.empty()) {
      if (known == own::missing_image) silence_elements_below(k);
      return name(k, known);
    }
    if (node.name == "span") return span(k, is_node);
    if (node.name == "time") return name(k, own::inline_dress);
    if (node.name == "code" && above(k).name == "pre") return name(k, own::inline_dress);
    if (node.name == "a" && above(k).name == "block speaker" &&
        node.attribute("href").value_or("").find("#person-") != std::string_view::npos)
      return name(k, own::inline_dress);
    // What stands in a list and is no item of it.
    if ((node.name == "li" || node.name == "dd") && !is_node && node.first != none && page_[node.first].attribute("id"))
      return name(k, "div");
    // What fills up a table or a list of definitions.
    const bool is_filling = node.name == "td" || node.name == "dt" || node.name == "dd";
    if (is_filling && !is_node && node.first == none) return name(k, own::made_anew);
  }

  void of_record(uint32_t k) {
    const markup_node &node = page_[k];
    if (node.name == "dl") return;
    const bool is_made = node.name == "dt" || (node.name == "h1" && !node.attribute("data-key"));
    name(k, is_made ? own::made_anew : own::field);
    // A value is one line: what was put into it may part its words, and no more.
    for (uint32_t below = page_.next_in_order(k, k); below != none; below = page_.next_in_order(below, k)) {
      if (!is_block_name(page_[below].name)) continue;
      name(below, "div");
      std::erase_if(page_.edit(below).attributes,
                    [](const markup_attribute &one) { return one.name == "class" || one.name == "data-kind"; });
    }
  }
  void orphan(uint32_t k, std::string_view kind) {
    for (const auto &[known, to] : orphans)
      if (known == kind) return name(k, to);
    if (!is_kind_name(kind)) return;
    name(k, std::string(page_[k].name == "span" ? own::inline_mark : own::block_mark) + std::string(kind));
  }
  /// A link that leads nowhere from within a book.
  void unfollowed(uint32_t k) {
    markup_node &node = page_.edit(k);
    node.name = "a";
    node.attributes.push_back({"href", std::string(*node.attribute("data-target"))});
  }
  void page(uint32_t k) {
    constexpr std::string_view before = "page ";
    for (markup_attribute &one : page_.edit(k).attributes)
      if (one.name == "aria-label" && one.value.starts_with(before))
        one.value = one.value == "page break" ? "" : one.value.substr(before.size());
  }
  /// Alternative text is words alone.
  void silence_elements_below(uint32_t k) {
    for (uint32_t below = page_.next_in_order(k, k); below != none; below = page_.next_in_order(below, k)) {
      if (page_[below].is_text()) continue;
      page_.edit(below).attributes.clear();
      name(below, own::inline_dress);
    }
  }
  void span(uint32_t k, bool is_node) {
    const markup_node &node = page_[k];
    if (node.attribute("class"))
      name(k, own::inline_dress);
    else
      name(k, is_node && node.first == none ? own::anchor : "inline span");
  }
  /// Paragraphs that say nothing, but none in a row: those are not ours, and would run into each other.
  void name_dress_below(uint32_t parent) {
    const auto next_element = [&](uint32_t k) {
      while (k != none && page_[k].is_text()) k = page_[k].next;
      return k;
    };
    const auto is_bare = [&](uint32_t k) {
      return k != none && page_[k].name == "p" && !page_[k].attribute("id") && !page_[k].attribute("class");
    };
    bool is_after_bare = false;
    for (uint32_t k = next_element(page_[parent].first); k != none;) {
      const uint32_t next = next_element(page_[k].next);
      const bool is_one = is_bare(k);
      if (is_one && !is_after_bare && !is_bare(next)) name(k, own::dress);
      is_after_bare = is_one;
      k = next;
    }
  }

  markup &page_;
};

}  // namespace

bool is_own_edition(const markup &package) {
  for (uint32_t k = 0; k != none; k = package.next_in_order(k, 0))
    if (package[k].name == "meta" && package[k].attribute("name") == "generator" &&
        package[k].attribute("content") == "Calque")
      return true;
  return false;
}

void name_after_nodes(markup &page) {
  renamer(page).run();
}

std::optional<kind> own_kind(std::string_view name) {
  const std::string_view mark = name.starts_with(own::block_mark) ? own::block_mark : own::inline_mark;
  if (!name.starts_with(mark)) return std::nullopt;
  name.remove_prefix(mark.size());
#define CALQUE_KIND_ENTRY(NAME, word, value, cls) \
  if (name == #word) return kind::word;
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
  return std::nullopt;
}

bool is_own_part(std::string_view name) {
  return name == "block section" || name == "block division" || name == "block version" || name == "block attachment";
}

}  // namespace calque::plugins
