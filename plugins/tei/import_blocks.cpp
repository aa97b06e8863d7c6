// SPDX-License-Identifier: Apache-2.0
// Blocks: divisions, paragraphs, lists, tables. A paragraph that holds blocks is parted by them.
#include "import.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace tei {

using calque::kind;

namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Elements that are blocks where they stand among blocks, and inlines in a line.
bool may_stand_alone(const element_rule &rule) {
  return rule.role == role::unknown || rule.role == role::figure || rule.role == role::verbatim ||
         rule.name == "stage" || rule.name == "q" || rule.name == "quote" || rule.name == "said" || rule.name == "bibl";
}

/// The name of a kind for an element that has none: lower case, for kinds know no other.
std::string kind_name_of(std::string_view element) {
  if (element.starts_with("x.")) return std::string(element);
  std::string made = "x.tei/";
  for (char c : element) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    if (is_upper)
      made += static_cast<char>(c | 32);
    else if (fits)
      made += c;
    else if (made.back() != '_')
      made += '_';
  }
  return made;
}

}  // namespace

calque::scope tree_reader::begin_named(std::string_view element) {
  return out_.begin(kind_name_of(element));
}

/// Whether an element stands among blocks: its parent holds no words beside it.
bool tree_reader::stands_alone(uint32_t element) {
  const uint32_t parent = tree_.at(element).parent;
  if (parent == element) return true;
  // Asked for each of its children, and the same for all of them.
  char &known = parts_memo_[parent];
  if (known == 0) known = holds_no_words(parent) ? 2 : 1;
  return known == 2;
}

bool tree_reader::holds_no_words(uint32_t parent) const {
  const element_rule &above = rule_of(tree_.at(parent).name);
  if (above.role != role::container && above.role != role::transparent && above.role != role::unknown &&
      above.role != role::figure)
    return false;
  bool alone = true;
  tree_.each_child(parent, [&](uint32_t child) {
    const xml_node &n = tree_.at(child);
    if (n.is == xml_node::what::text) alone = alone && is_blank(n.text);
    if (n.is == xml_node::what::element) {
      const element_rule &beside = rule_of(n.name);
      alone = alone && (beside.role != role::inlines || may_stand_alone(beside));
    }
  });
  return alone;
}

bool tree_reader::is_block(uint32_t element) {
  const element_rule &rule = rule_of(tree_.at(element).name);
  if (is_block_rule(rule) || rule.role == role::transparent) return true;
  if (rule.role == role::note || rule.role == role::page_begin || rule.role == role::line_begin ||
      rule.role == role::anchor || rule.role == role::graphic || rule.role == role::header ||
      rule.role == role::formula)
    return false;
  if (is_edition_ && rule.role == role::figure) return attribute(element, "place") != "inline";
  if (is_edition_ && in_line_.contains(element)) return false;
  char &known = block_memo_[element];
  if (known == 0) {
    known = 1;
    if (holds_blocks(element) || (may_stand_alone(rule) && stands_alone(element))) known = 2;
  }
  return known == 2;
}

bool tree_reader::holds_blocks(uint32_t element) {
  bool holds = false;
  tree_.each_child(element, [&](uint32_t child) {
    holds = holds || (tree_.at(child).is == xml_node::what::element && is_block(child));
  });
  return holds;
}

/// What a container holds: blocks, and runs of inlines between them.
void tree_reader::children(uint32_t parent) {
  const uint32_t end = tree_.at(parent).end;
  for (uint32_t i = parent + 1; i < end;) {
    if (tree_.at(i).is == xml_node::what::element && is_block(i)) {
      block(i);
      i = tree_.at(i).end;
      continue;
    }
    uint32_t last = i;
    while (last < end && !(tree_.at(last).is == xml_node::what::element && is_block(last))) last = tree_.at(last).end;
    line_ = {};
    linked(i, last);
    drop_blanks();
    i = last;
  }
}

/// Inlines that stand by themselves in a block. A link around blocks is one in each of them, where there is something to
/// follow it from.
void tree_reader::linked(uint32_t first, uint32_t end) {
  bool says_something = false;
  for (uint32_t i = first; i < end; ++i) {
    const xml_node &n = tree_.at(i);
    says_something = says_something || (n.is == xml_node::what::text ? !is_blank(n.text) : rule_of(n.name).role == role::graphic);
  }
  std::vector<std::unique_ptr<opened>> links;
  if (says_something)
    for (link_around &one : links_around_) {
      links.push_back(std::make_unique<opened>(*this, out_.begin(kind::link)));
      if (std::exchange(one.is_written, true))
        out_.attr("href", attribute(one.element, "target"));
      else
        attributes(one.element, kind::link);
    }
  inlines(first, end);
  while (!links.empty()) links.pop_back();
}

kind tree_reader::block_kind(uint32_t element) {
  const xml_node &n = tree_.at(element);
  const element_rule &rule = rule_of(n.name);
  const std::string_view above = tree_.at(n.parent).name;
  if (n.name == "head") {
    // They come in their order, so that the first that is asked for is the first there is.
    const bool is_first = first_heads_.emplace(n.parent, element).first->second == element;
    if (above == "table" || above == "figure") return kind::caption;
    if (attribute(element, "type") == "sub") return kind::subtitle;
    if (!above.starts_with("div") && above != "attachment" && above != "front" && above != "body" && above != "back" &&
        above != "text" && above != "group")
      return kind::paragraph;
    return is_first ? kind::heading : kind::subtitle;
  }
  if (n.name == "ab") {
    const auto type = attribute(element, "type");
    constexpr std::pair<std::string_view, kind> written[] = {{"heading", kind::heading}, {"subtitle", kind::subtitle},
                                                             {"caption", kind::caption}, {"speaker", kind::speaker},
                                                             {"term", kind::term},       {"line", kind::line}};
    for (const auto &[name, k] : written)
      if (type == name) return k;
  }
  if (n.name == "stage") return kind::stage_direction;
  if (n.name == "q" || n.name == "quote" || n.name == "said") return kind::block_quote;
  if (n.name == "bibl") return kind::paragraph;
  return rule.kind;
}

/// In an edition each block that is a node has an id. Without one, a <p> holds inlines that stood by themselves, and a
/// <div> is there because TEI wants one around a heading, or behind a division.
bool tree_reader::is_dress(uint32_t element) const {
  const xml_node &n = tree_.at(element);
  if (!is_edition_ || (n.name != "p" && n.name != "div" && n.name != "l" && n.name != "item" && n.name != "label" &&
       n.name != "cell"))
    return false;
  const auto [first, last] = tree_.attributes(element);
  return std::all_of(first, last, [&](const auto &a) { return n.name == "div" && a.name == "type" && a.value == "continued"; });
}

void tree_reader::dress(uint32_t element) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  heading_depth_ += n.name == "div";
  children(element);
  heading_depth_ -= n.name == "div";
  may_continue_ = false;
  skip(n.close, "tei.markup");
}

void tree_reader::block(uint32_t element) {
  const xml_node &n = tree_.at(element);
  const element_rule &rule = rule_of(n.name);
  if (is_dress(element)) return dress(element);
  if (leaves_documents_out_ && std::binary_search(documents_.begin(), documents_.end(), element)) return;
  may_continue_ = false;
  switch (rule.role) {
    case role::text_block:
      if ((n.name == "ab" && attribute(element, "type") == "code")) return verbatim(element);
      return text_block(element, block_kind(element));
    case role::container:
      if (n.name == "front" || n.name == "back") {
        // The exporter's <front> holds one division, which is the node.
        uint32_t elements = 0, same = 0;
        tree_.each_child(element, [&](uint32_t child) {
          elements += tree_.at(child).is == xml_node::what::element ? 1 : 0;
          same += tree_.is_element(child, n.name) ? 1 : 0;
        });
        if (elements == 1 && same == 1) {
          skip(n.at, "tei.markup");
          children(element);
          return skip(n.close, "tei.markup");
        }
      }
      return container(element, rule.kind);
    case role::transparent:
      skip(n.at, "tei.markup");
      children(element);
      return skip(n.close, "tei.markup");
    case role::table:
      return table(element);
    case role::list:
      return list(element);
    case role::figure:
      return figure(element);
    case role::verbatim:
      return verbatim(element);
    case role::header:
      // A header within an edition's text: its words are kept as blocks.
      return named(element);
    case role::unknown:
      return named(element);
    default:
      break;
  }
  if (!is_block(element)) {
    line_ = {};
    inlines(element, n.end);
    return drop_blanks();
  }
  const kind k = block_kind(element);
  if (k == kind::stage_direction && !holds_blocks(element)) return text_block(element, k);
  if (k == kind::paragraph && !holds_blocks(element)) return text_block(element, k);
  if (k == kind::block_quote) return container(element, k);
  if (rule.role == role::inlines && inline_kind(element) == kind::link) return link_around_blocks(element);
  named(element);
}

void tree_reader::link_around_blocks(uint32_t element) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  links_around_.push_back({element, false});
  children(element);
  links_around_.pop_back();
  skip(n.close, "tei.markup");
}

void tree_reader::container(uint32_t element, kind k) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  {
    const opened scope(*this, out_.begin(k));
    attributes(element, k);
    if (n.name == "div" || n.name == "attachment") ++heading_depth_;
    children(element);
    if (n.name == "div" || n.name == "attachment") --heading_depth_;
  }
  skip(n.close, "tei.markup");
}

void tree_reader::named(uint32_t element) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  {
    const opened scope(*this, begin_named(n.name));
    attributes(element, kind::span);
    children(element);
  }
  skip(n.close, "tei.markup");
}

void tree_reader::text_block(uint32_t element, kind k) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  auto part = [&](uint32_t first, uint32_t end, bool is_first) {
    const opened scope(*this, out_.begin(is_first || k == kind::paragraph ? k : kind::paragraph));
    if (is_first) {
      attributes(element, k);
      if (k == kind::heading) out_.attr("level", std::to_string(std::clamp(heading_depth_, 1, 9)));
    } else {
      out_.attr("tei.part", "continued");
    }
    const bool outside = is_preserving_;
    if (auto space = tree_.attribute(element, "xml:space")) is_preserving_ = *space == "preserve";
    line_ = {};
    linked(first, end);
    drop_blanks();
    is_preserving_ = outside;
  };
  bool is_first = true;
  for (uint32_t i = element + 1; i < n.end || is_first;) {
    uint32_t last = i;
    bool has_words = false;
    while (last < n.end && !(tree_.at(last).is == xml_node::what::element && is_block(last))) {
      has_words =
          has_words || (tree_.at(last).is == xml_node::what::text ? !is_blank(tree_.at(last).text)
                                                                  : tree_.at(last).is == xml_node::what::element);
      last = tree_.at(last).end;
    }
    // A paragraph that only holds a list is the list; its attributes would have nothing to stand on.
    if (has_words || (last == n.end && is_first)) {
      part(i, last, is_first);
      is_first = false;
    } else {
      line_ = {};
      inlines(i, last);
      drop_blanks();
    }
    if (last < n.end) {
      block(last);
      last = tree_.at(last).end;
      if (last == n.end) is_first = false;
    }
    i = last;
  }
  may_continue_ = false;
  skip(n.close, "tei.markup");
}

void tree_reader::list(uint32_t element) {
  const xml_node &n = tree_.at(element);
  bool has_labels = attribute(element, "type") == "gloss";
  tree_.each_child(element, [&](uint32_t child) { has_labels = has_labels || tree_.is_element(child, "label"); });
  const std::string_view rend = attribute(element, "rend"), type = attribute(element, "type");
  const bool is_ordered = rend == "numbered" || rend == "ordered" || type == "ordered" || type == "numbered";
  const kind k = has_labels ? kind::definition_list : is_ordered ? kind::ordered_list : kind::bullet_list;
  skip(n.at, "tei.markup");
  // Headings of a list, and notes between its items, stand before it: a list holds items alone.
  tree_.each_child(element, [&](uint32_t child) {
    if (!tree_.is_element(child, "head") && !tree_.is_element(child, "note")) return;
    line_ = {};
    tree_.is_element(child, "head") ? text_block(child, kind::paragraph) : note(child);
    drop_blanks();
  });
  {
    const opened scope(*this, out_.begin(k));
    attributes(element, k);
    tree_.each_child(element, [&](uint32_t child) {
      const xml_node &c = tree_.at(child);
      if (c.is != xml_node::what::element) {
        if (c.is == xml_node::what::text && !is_blank(c.text)) {
          const opened item(*this, out_.begin(kind::list_item));
          line_ = {};
          text(child);
          drop_blanks();
        } else {
          misc(child);
        }
      } else if (is_dress(child)) {
        dress(child);
      } else if (c.name == "label" && has_labels) {
        text_block(child, kind::term);
      } else if (c.name == "item") {
        container(child, has_labels ? kind::definition : kind::list_item);
      } else if (c.name != "head" && c.name != "note") {
        line_ = {};
        is_block(child) ? block(child) : inlines(child, c.end);
        drop_blanks();
      }
    });
  }
  skip(n.close, "tei.markup");
}

void tree_reader::table(uint32_t element) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  auto notes_of = [&](uint32_t parent) {
    tree_.each_child(parent, [&](uint32_t child) {
      if (tree_.is_element(child, "note")) line_ = {}, note(child);
    });
  };
  notes_of(element);
  tree_.each_child(element, [&](uint32_t child) {
    if (tree_.is_element(child, "row")) notes_of(child);
  });
  auto rest = [&](uint32_t child) {
    const xml_node &c = tree_.at(child);
    line_ = {};
    if (c.is == xml_node::what::text && !is_blank(c.text))
      text(child);
    else if (c.is != xml_node::what::element)
      misc(child);
    else if (c.name != "note")
      is_block(child) ? block(child) : inlines(child, c.end);
    drop_blanks();
  };
  {
    const opened scope(*this, out_.begin(kind::table));
    attributes(element, kind::table);
    tree_.each_child(element, [&](uint32_t row) {
      if (!tree_.is_element(row, "row")) return rest(row);
      skip(tree_.at(row).at, "tei.markup");
      {
        const opened row_scope(*this, out_.begin(kind::row));
        attributes(row, kind::row);
        tree_.each_child(row, [&](uint32_t cell) {
          if (!tree_.is_element(cell, "cell")) return rest(cell);
          if (is_dress(cell)) return dress(cell);
          const xml_node &c = tree_.at(cell);
          skip(c.at, "tei.markup");
          {
            const opened cell_scope(*this, out_.begin(kind::cell));
            attributes(cell, kind::cell);
            if (attribute(cell, "role") == "label" || attribute(row, "role") == "label") out_.attr("header", "true");
            if (auto cols = tree_.attribute(cell, "cols")) out_.attr("colspan", *cols);
            if (auto rows = tree_.attribute(cell, "rows")) out_.attr("rowspan", *rows);
            children(cell);
          }
          skip(c.close, "tei.markup");
        });
      }
      skip(tree_.at(row).close, "tei.markup");
    });
  }
  skip(n.close, "tei.markup");
}

void tree_reader::figure(uint32_t element) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  {
    const opened scope(*this, out_.begin(kind::figure));
    attributes(element, kind::figure);
    uint32_t picture = 0;
    tree_.each_child(element, [&](uint32_t child) {
      const xml_node &c = tree_.at(child);
      line_ = {};
      if (c.is == xml_node::what::element && c.name == "graphic") {
        linked(child, c.end);
        picture = last_image_;
      } else if (c.is == xml_node::what::element && picture != 0 &&
                 (c.name == "figDesc" || (c.name == "note" && attribute(child, "type") == "alt"))) {
        alternative(child, picture);
      } else if (c.is == xml_node::what::element && is_block(child)) {
        block(child);
      } else {
        linked(child, c.end);
      }
      drop_blanks();
    });
  }
  skip(n.close, "tei.markup");
}

/// Text whose blanks count: a block where it stands alone.
void tree_reader::verbatim(uint32_t element) {
  const xml_node &n = tree_.at(element);
  skip(n.at, "tei.markup");
  {
    const opened scope(*this, out_.begin(kind::code_block));
    attributes(element, kind::code_block);
    verbatim_text(element);
  }
  skip(n.close, "tei.markup");
}

}  // namespace tei
