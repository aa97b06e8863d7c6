// SPDX-License-Identifier: Apache-2.0
// Blocks as pandoc has them; those that it has not are Divs of class calque-KIND.
#include "writer.hpp"

#include <algorithm>

namespace pandoc_json {

using calque::kind;
using calque::node;

namespace {

constexpr uint64_t most_columns = 10'000;

uint64_t number_of(std::optional<std::string_view> digits, uint64_t otherwise, uint64_t most) {
  if (!digits || digits->empty() || digits->size() > 9 || digits->find_first_not_of("0123456789") != std::string_view::npos)
    return otherwise;
  return std::min<uint64_t>(std::stoull(std::string(*digits)), most);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> found;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) found.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return found;
}

std::string_view alignment_type(std::string_view word) {
  return word == "left" ? "AlignLeft" : word == "right" ? "AlignRight" : word == "center" ? "AlignCenter" : "AlignDefault";
}

/// A width as JSON writes numbers: 0.25, 9.7e-2.
bool is_width(std::string_view text) {
  auto digits = [&] {
    const size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  auto skips = [&](std::string_view one_of) {
    const bool is_there = !text.empty() && one_of.find(text.front()) != std::string_view::npos;
    if (is_there) text.remove_prefix(1);
    return is_there;
  };
  if (text.size() > 24 || (text.starts_with('0') && text.size() > 1 && text[1] >= '0' && text[1] <= '9')) return false;
  if (digits() == 0 || (skips(".") && digits() == 0)) return false;
  if (skips("eE")) {
    skips("+-");
    if (const size_t count = digits(); count == 0 || count > 2) return false;
  }
  return text.empty();
}

bool is_captions(node n) {
  return n.is(kind::caption) || (n.is(kind::division) && n.attr("class") == "calque-captions");
}

}  // namespace

void writer::blocks(node parent, uint32_t first) {
  for (uint32_t i = first; i < parent.end_index();) {
    const node n = document_.at(i);
    const uint32_t end = edition::end_of_inlines(document_, parent, i);
    if (end > i) {
      open("Plain");
      inlines(i, end);
      close();
      i = end;
      continue;
    }
    if (n.is(kind::aside)) {
      const bool is_field = parent.index() == 0 && n.attr("role") == "field";
      if (!is_field && !is_called(n)) loose_aside(n);
    } else {
      block(n);
    }
    i = n.end_index();
  }
}

/// An aside that nothing calls stands where it is.
void writer::loose_aside(node aside) {
  account_.emitted(aside);
  attributes attr = attributes_of(aside);
  attr.pairs.insert(attr.pairs.begin(), {"role", std::string(aside.attr("role").value_or("note"))});
  open("Div");
  put(with_class(attr, "aside"));
  list();
  blocks(aside);
  end_list();
  close();
}

void writer::block(node n) {
  const attributes attr = attributes_of(n);
  const bool bears_none = n.is(kind::paragraph) || n.is(kind::block_quote) || n.is(kind::bullet_list) || n.is(kind::ordered_list) ||
                          n.is(kind::definition_list) || n.is(kind::raw_block) || n.is(kind::rule) || n.is(kind::line_block);
  if (bears_none && !attr.empty()) {
    open("Div");
    put(with_class(attr, "wrapper"));
    list();
    bare_block(n);
    end_list();
    close();
  } else {
    bare_block(n);
  }
}

void writer::bare_block(node n) {
  account_.emitted(n);
  const attributes attr = attributes_of(n);
  switch (n.kind()) {
    case kind::paragraph:
      open(n.attr("pandoc.plain") == "true" ? "Plain" : "Para");
      inlines_of(n);
      return close();
    case kind::heading:
      open("Header");
      number(std::max<uint64_t>(1, number_of(n.attr("level"), 1, 999'999)));
      put(attr);
      list();
      inlines_of(n);
      end_list();
      return close();
    case kind::division:
      open("Div");
      put(attr);
      list();
      blocks(n);
      end_list();
      return close();
    case kind::block_quote:
      open("BlockQuote");
      blocks(n);
      return close();
    case kind::bullet_list:
      open("BulletList");
      items(n);
      return close();
    case kind::ordered_list: {
      constexpr std::pair<std::string_view, std::string_view> styles[] = {
          {"decimal", "Decimal"},         {"lower_roman", "LowerRoman"}, {"upper_roman", "UpperRoman"},
          {"lower_alpha", "LowerAlpha"}, {"upper_alpha", "UpperAlpha"}, {"example", "Example"},
          {"period", "Period"},           {"one_parenthesis", "OneParen"},     {"two_parentheses", "TwoParens"}};
      auto named = [&](std::string_view key, std::string_view otherwise) {
        for (const auto &[name, type] : styles)
          if (n.attr(key) == name) return type;
        return otherwise;
      };
      open("OrderedList");
      list();
      number(number_of(n.attr("start"), 1, 999'999));
      word(named("style", "DefaultStyle"));
      word(named("delimiter", "DefaultDelim"));
      end_list();
      list();
      items(n);
      end_list();
      return close();
    }
    case kind::definition_list:
      open("DefinitionList");
      definitions(n);
      return close();
    case kind::code_block:
      return verbatim(n, "CodeBlock", attr);
    case kind::raw_block:
      return verbatim(n, "RawBlock", attr);
    case kind::rule:
      word("HorizontalRule");
      if (n.end_index() > n.index() + 1) {
        // What the source has in place of a line: asterisks, a word.
        open("Plain");
        inlines_of(n);
        close();
      }
      return;
    case kind::line_block:
      open("LineBlock");
      for (uint32_t i = n.index() + 1; i < n.end_index();) {
        const node line = document_.at(i);
        uint32_t end = line.end_index();
        if (edition::is_inline(line)) {
          end = edition::end_of_inlines(document_, n, i);
          list();
          inlines(i, end);
          end_list();
        } else if (line.is_text_block()) {
          account_.emitted(line);
          const attributes own = attributes_of(line);
          list();
          if (!own.empty()) {
            open("Span");
            put(own);
            list();
          }
          inlines_of(line);
          if (!own.empty()) {
            end_list();
            close();
          }
          end_list();
        } else if (line.is(kind::aside) && is_called(line)) {
          // Written where it is called.
        } else {
          list();
          open("Note");
          if (line.is(kind::aside))
            loose_aside(line);
          else
            block(line);
          close();
          end_list();
        }
        i = end;
      }
      return close();
    case kind::figure:
      return figure(n);
    case kind::table:
      return table(n);
    default:
      return foreign(n, attr);
  }
}

void writer::foreign(node n, const attributes &attr) {
  attributes own = with_class(attr, n.kind_name());
  if (static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED) {
    own = with_class(attr, "named");
    own.pairs.emplace_back("kind", n.kind_name());
  }
  auto keep = [&](const char *key) {
    // What such a block would say in its place, and cannot here.
    if (const auto value = n.attr(key)) own.pairs.emplace_back("data." + std::string(key), *value);
  };
  keep("colspan");
  keep("rowspan");
  open("Div");
  put(own);
  list();
  if (n.is_text_block()) {
    open("Para");
    inlines_of(n);
    close();
  } else {
    blocks(n);
  }
  end_list();
  close();
}

void writer::verbatim(node n, std::string_view type, const attributes &attr) {
  std::vector<node> called;
  for (node inner : n.descendants()) {
    if (inner.is_leaf())
      account_.emitted(inner);
    else
      account_.not_expressed(inner, "pandoc_json.code-formatting-not-expressed");
    for (node aside : reading_.asides_of(inner)) called.push_back(aside);
  }
  open(type);
  if (type == "CodeBlock")
    put(attr);
  else
    string(n.attr("format").value_or("text"));
  string(n.text());
  close();
  for (node aside : called) loose_aside(aside);
}

void writer::figure(node n) {
  std::vector<node> captions, others;
  for (node child : n.children()) (is_captions(child) ? captions : others).push_back(child);
  const attributes attr = attributes_of(n);
  std::erase_if(others, [&](const node &child) { return child.is(kind::aside) && is_called(child); });
  const bool is_one_image = others.size() == 1 && others[0].is(kind::image);
  if (!has_figures_ && is_one_image && captions.size() <= 1 && attr.empty() && reading_.asides_of(others[0]).empty() &&
      (captions.empty() || (captions[0].is(kind::caption) && attributes_of(captions[0]).empty()))) {
    // Before 1.23, an image with "fig:" before its title is a figure; its text is the caption.
    account_.emitted(others[0]);
    open("Para");
    figure_image(others[0], captions.empty() ? nullptr : &captions[0]);
    return close();
  }
  if (has_figures_) {
    open("Figure");
    put(attr);
    caption_of(n);
    list();
  } else {
    open("Div");
    put(with_class(attr, "figure"));
    list();
  }
  bool has_caption = !has_figures_;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t end = edition::end_of_inlines(document_, n, i);
    if (end > i) {
      open("Plain");
      inlines(i, end);
      close();
      i = end;
      continue;
    }
    if (child.is(kind::aside)) {
      if (!is_called(child)) loose_aside(child);
    } else if (has_figures_ && is_captions(child) && !has_caption) {
      has_caption = true;  // written already
    } else {
      block(child);
    }
    i = child.end_index();
  }
  end_list();
  close();
}

void writer::items(node parent) {
  for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
    const node n = document_.at(i);
    uint32_t end = n.end_index();
    if (n.is(kind::aside) && is_called(n)) {
      i = end;
      continue;
    }
    list();
    if (n.is(kind::list_item)) {
      item(n);
    } else if (edition::is_inline(n)) {
      end = edition::end_of_inlines(document_, parent, i);
      open("Plain");
      inlines(i, end);
      close();
    } else if (n.is(kind::aside)) {
      loose_aside(n);
    } else {
      block(n);
    }
    end_list();
    i = end;
  }
}

void writer::item(node n) {
  account_.emitted(n);
  const attributes attr = attributes_of(n);
  if (attr.empty()) return blocks(n);
  open("Div");
  put(with_class(attr, "self"));
  list();
  blocks(n);
  end_list();
  close();
}

void writer::definitions(node parent) {
  for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
    node n = document_.at(i);
    if (n.is(kind::aside) && is_called(n)) {
      i = n.end_index();
      continue;
    }
    list();
    list();
    if (n.is(kind::term)) {
      account_.emitted(n);
      const attributes attr = attributes_of(n);
      if (!attr.empty()) {
        open("Span");
        put(attr);
        list();
      }
      inlines_of(n);
      if (!attr.empty()) {
        end_list();
        close();
      }
      i = n.end_index();
    }
    end_list();
    list();
    for (; i < parent.end_index() && !document_.at(i).is(kind::term); i = document_.at(i).end_index()) {
      n = document_.at(i);
      if (n.is(kind::aside) && is_called(n)) continue;
      list();
      if (n.is(kind::definition)) {
        item(n);
      } else if (edition::is_inline(n)) {
        open("Plain");
        inlines(i, n.end_index());
        close();
      } else if (n.is(kind::aside)) {
        loose_aside(n);
      } else {
        block(n);
      }
      end_list();
    }
    end_list();
    end_list();
  }
}

/// [short, [block]] of the first caption.
void writer::caption_of(node parent) {
  list();
  for (node child : parent.children()) {
    if (!is_captions(child)) continue;
    caption_body(child);
    end_list();
    return;
  }
  raw("null");
  list();
  end_list();
  end_list();
}

void writer::caption_body(node caption) {
  account_.emitted(caption);
  // The short form is called from an anchor of the caption's own.
  uint32_t brief_at = CALQUE_NONE;
  for (node child : caption.children())
    if (child.is(kind::anchor) && child.range().is_empty())
      if (const auto asides = reading_.asides_of(child); asides.size() == 1 && asides[0].attr("role") == "reading") {
        brief_at = child.index();
        account_.emitted(child);
        list();
        alternative(asides[0]);
        end_list();
      }
  if (brief_at == CALQUE_NONE) raw("null");
  list();
  if (caption.is(kind::caption)) {
    attributes attr = attributes_of(caption);
    const uint32_t first = caption.index() + 1, end = caption.end_index();
    if (end > first && !(brief_at == first && end == first + 1)) {
      open(caption.attr("pandoc.caption") == "para" ? "Para" : "Plain");
      if (!attr.empty()) {
        open("Span");
        put(attr);
        list();
      }
      if (brief_at == CALQUE_NONE) {
        inlines(first, end);
      } else {
        inlines(first, brief_at);
        inlines(brief_at + 1, end);
      }
      if (!attr.empty()) {
        end_list();
        close();
      }
      close();
    }
  } else {
    blocks(caption, brief_at == caption.index() + 1 ? brief_at + 1 : caption.index() + 1);
  }
  end_list();
}

void writer::table(node n) {
  std::vector<grid_row> all;
  std::vector<node> others;
  bool has_caption = false, in_head = true;
  for (node child : n.children()) {
    if (child.is(kind::row)) {
      grid_row row{child, {}, {}, 0};
      bool is_head = true;
      for (node c : child.children()) {
        if (c.is(kind::aside) && is_called(c)) continue;
        row.cells.push_back(c);
        is_head = is_head && c.is(kind::cell) && c.attr("header") == "true";
      }
      row.body = number_of(child.attr("body"), 1, 100'000) - (child.attr("body") == "0" ? 0 : 1);
      const auto part = child.attr("part");
      if (part == "head" || part == "foot" || part == "body" || part == "body_head") {
        row.part = *part;
        in_head = in_head && part == "head";
      } else {
        in_head = in_head && is_head && !row.cells.empty();
        row.part = in_head ? "head" : "body";
      }
      all.push_back(std::move(row));
    } else if (is_captions(child) && !has_caption) {
      has_caption = true;
    } else if (!(child.is(kind::aside) && is_called(child))) {
      others.push_back(child);
    }
  }

  // Columns: as many as the widest row takes, with what cells of other rows cover.
  const auto alignments = words_of(n.attr("alignments").value_or("")), widths = words_of(n.attr("widths").value_or(""));
  size_t columns = alignments.size();
  std::map<size_t, uint64_t> heads;  // by body: columns of nothing but head cells
  std::vector<uint64_t> taken;
  std::vector<bool> is_head_above;
  const grid_row *last = nullptr;
  for (const grid_row &row : all) {
    if (last == nullptr || last->part != row.part || last->body != row.body) taken.clear(), is_head_above.clear();
    last = &row;
    size_t column = 0;
    uint64_t head_columns = 0;
    bool goes_on = true;
    auto pass = [&] {
      while (column < taken.size() && taken[column] > 0) {
        goes_on = goes_on && is_head_above[column];
        if (goes_on) head_columns = column + 1;
        --taken[column++];
      }
    };
    for (node c : row.cells) {
      pass();
      const uint64_t across = std::max<uint64_t>(1, number_of(c.attr("colspan"), 1, most_columns));
      const uint64_t down = std::max<uint64_t>(1, number_of(c.attr("rowspan"), 1, 999'999));
      const bool is_head = c.attr("header") == "true";
      if (column + across > most_columns) break;
      if (taken.size() < column + across) taken.resize(column + across, 0), is_head_above.resize(column + across, false);
      for (uint64_t k = 0; k < across; ++k, ++column) taken[column] = down - 1, is_head_above[column] = is_head;
      goes_on = goes_on && is_head;
      if (goes_on) head_columns = column;
    }
    pass();
    columns = std::max(columns, column);
    if (row.part == "body") {
      const auto [at, is_new] = heads.emplace(row.body, head_columns);
      if (!is_new) at->second = std::min(at->second, head_columns);
    }
  }

  // Parts, and the bodies by their numbers: a number that no row bears is none, but a table has one body at least.
  std::map<std::pair<std::string_view, size_t>, std::vector<const grid_row *>> parts;
  std::set<size_t> bodies;
  for (const grid_row &row : all) {
    const bool is_body = row.part == "body" || row.part == "body_head";
    parts[{row.part, is_body ? row.body : 0}].push_back(&row);
    if (is_body) bodies.insert(row.body);
  }
  if (bodies.empty()) bodies.insert(0);

  open("Table");
  put(attributes_of(n));
  caption_of(n);
  list();
  for (size_t k = 0; k < columns; ++k) {
    list();
    word(alignment_type(k < alignments.size() ? alignments[k] : std::string_view("default")));
    if (k < widths.size() && is_width(widths[k]))
      raw("{\"t\":\"ColWidth\",\"c\":" + std::string(widths[k]) + "}");
    else
      word("ColWidthDefault");
    end_list();
  }
  end_list();
  list();
  put({});
  list();
  rows(parts[{"head", 0}]);
  end_list();
  end_list();
  list();
  for (const size_t body : bodies) {
    list();
    put({});
    const auto found = heads.find(body);
    number(found == heads.end() ? 0 : found->second);
    list();
    rows(parts[{"body_head", body}]);
    end_list();
    list();
    rows(parts[{"body", body}]);
    end_list();
    end_list();
  }
  end_list();
  list();
  put({});
  list();
  rows(parts[{"foot", 0}]);
  end_list();
  end_list();
  close();
  // What stands between the rows of some tables follows them.
  for (const node other : others) {
    if (edition::is_inline(other)) {
      open("Plain");
      inlines(other.index(), other.end_index());
      close();
    } else if (other.is(kind::aside)) {
      loose_aside(other);
    } else {
      block(other);
    }
  }
}

void writer::rows(const std::vector<const grid_row *> &part) {
  for (const grid_row *row : part) {
    account_.emitted(row->row);
    list();
    put(attributes_of(row->row));
    list();
    for (node c : row->cells) cell(c);
    end_list();
    end_list();
  }
}

void writer::cell(node n) {
  const bool is_cell = n.is(kind::cell);
  list();
  put(is_cell ? attributes_of(n) : attributes());
  word(alignment_type(is_cell ? n.attr("align").value_or("default") : std::string_view("default")));
  number(is_cell ? std::max<uint64_t>(1, number_of(n.attr("rowspan"), 1, 999'999)) : 1);
  number(is_cell ? std::max<uint64_t>(1, number_of(n.attr("colspan"), 1, most_columns)) : 1);
  list();
  if (is_cell) {
    account_.emitted(n);
    blocks(n);
  } else if (edition::is_inline(n)) {
    open("Plain");
    inlines(n.index(), n.end_index());
    close();
  } else if (n.is(kind::aside)) {
    loose_aside(n);
  } else {
    block(n);
  }
  end_list();
  end_list();
}

}  // namespace pandoc_json
