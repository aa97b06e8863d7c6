// SPDX-License-Identifier: Apache-2.0
// Blocks of pandoc's: paragraphs, lists, tables with their parts, figures, and Divs that are blocks of our own.
#include "reader.hpp"

namespace pandoc_json {

using calque::kind;

namespace {

std::string_view word_of(std::string_view type, std::string_view from, std::string_view to) {
  // The n-th word of `from` is the n-th word of `to`.
  size_t a = 0, b = 0;
  while (a < from.size()) {
    const size_t a_end = std::min(from.find(' ', a), from.size()), b_end = std::min(to.find(' ', b), to.size());
    if (from.substr(a, a_end - a) == type) return to.substr(b, b_end - b);
    a = a_end + 1;
    b = b_end + 1;
  }
  return {};
}

std::string_view alignment_of(std::string_view type) {
  return word_of(type, "AlignLeft AlignRight AlignCenter AlignDefault", "left right center default");
}

}  // namespace

void reader::blocks(const json_value &array) {
  if (!array.is_array()) wrong(array, "here should stand a list of blocks");
  in_text_ = false;
  bool after_inlines = false;
  for (const json_value &v : array.items()) {
    if (type_of(v) == "Plain") {
      after_inlines = plain(v, after_inlines);
    } else {
      block(v, nullptr);
      after_inlines = false;
    }
  }
}

bool reader::plain(const json_value &v, bool after_inlines) {
  const json_value content = v["c"];
  // Two runs of inlines would become one, and an empty run nothing.
  if (after_inlines || !content[size_t{0}]) {
    const calque::scope s = open(kind::paragraph);
    out_.attr("pandoc.plain", "true");
    inlines(content);
    settle_asides();
    in_text_ = false;
    return false;
  }
  in_text_ = false;
  inlines(content);
  in_text_ = false;
  settle_asides();
  return true;
}

void reader::text_block(kind k, const json_value &content, const attributes *attr) {
  const calque::scope s = open(k);
  if (attr != nullptr) put_attributes(*attr, 1);
  inlines(content);
  settle_asides();
  in_text_ = false;
}

void reader::container(kind k, const json_value &content, const attributes *attr) {
  const calque::scope s = open(k);
  if (attr != nullptr) put_attributes(*attr, 1);
  blocks(content);
  in_text_ = false;
}

void reader::verbatim_block(kind k, kind inner, const json_value &string, const attributes *attr, std::string_view format) {
  if (!string.is_string()) wrong(string, "here should stand a string");
  const calque::scope s = open(k);
  if (!format.empty()) out_.attr("format", format);
  if (attr != nullptr) put_attributes(*attr);
  leaf(inner, string);
  if (!format.empty()) out_.attr("format", format);
  in_text_ = false;
}

void reader::block(const json_value &v, const attributes *outer) {
  const std::string_view type = type_of(v);
  const json_value content = v["c"];
  auto put_outer = [&] {
    if (outer != nullptr) put_attributes(*outer, 1);
  };
  if (type == "Para") {
    if (!implicit_figure(content, outer)) text_block(kind::paragraph, content, outer);
  } else if (type == "Plain") {
    // Of a wrapper: what stands directly in a block cannot bear attributes.
    const calque::scope s = open(kind::paragraph);
    out_.attr("pandoc.plain", "true");
    put_outer();
    inlines(content);
    settle_asides();
    in_text_ = false;
  } else if (type == "Header") {
    const uint64_t level = number_of(need(content, 0, "the level of a heading"), "the level of a heading");
    const attributes attr = attributes_of(content[1]);
    const calque::scope s = open(kind::heading);
    out_.attr("level", std::to_string(level));
    put_attributes(attr);
    inlines(content[2]);
    settle_asides();
    in_text_ = false;
  } else if (type == "BlockQuote") {
    container(kind::block_quote, content, outer);
  } else if (type == "BulletList") {
    const calque::scope s = open(kind::bullet_list);
    put_outer();
    list_items(content);
  } else if (type == "OrderedList") {
    const json_value list = need(content, 0, "the numbering of a list");
    const uint64_t start = number_of(need(list, 0, "the first number of a list"), "the first number of a list");
    const std::string_view style = word_of(type_of(list[1]), "Decimal LowerRoman UpperRoman LowerAlpha UpperAlpha Example",
                                           "decimal lower_roman upper_roman lower_alpha upper_alpha example");
    const std::string_view delimiter = word_of(type_of(list[2]), "Period OneParen TwoParens", "period one_parenthesis two_parentheses");
    const calque::scope s = open(kind::ordered_list);
    if (start != 1) out_.attr("start", std::to_string(start));
    if (!style.empty()) out_.attr("style", style);
    if (!delimiter.empty()) out_.attr("delimiter", delimiter);
    put_outer();
    list_items(content[1]);
  } else if (type == "DefinitionList") {
    const calque::scope s = open(kind::definition_list);
    put_outer();
    definitions(content);
  } else if (type == "CodeBlock") {
    const attributes attr = attributes_of(content[size_t{0}]);
    verbatim_block(kind::code_block, kind::code, content[1], &attr, {});
  } else if (type == "RawBlock") {
    const std::string format = content[size_t{0}].text();
    if (format.empty()) wrong(v, "a raw block names its format");
    verbatim_block(kind::raw_block, kind::raw, content[1], outer, format);
  } else if (type == "HorizontalRule") {
    const calque::scope s = open(kind::rule);
    put_outer();
  } else if (type == "LineBlock") {
    const calque::scope s = open(kind::line_block);
    put_outer();
    for (const json_value &line : content.items()) text_block(kind::line, line, nullptr);
  } else if (type == "Div") {
    div(v);
  } else if (type == "Table") {
    table(content, outer);
  } else if (type == "Figure") {
    const attributes attr = attributes_of(content[size_t{0}]);
    const calque::scope s = open(kind::figure);
    put_attributes(attr);
    blocks(content[2]);
    captioned(content[1]);
  } else if (type != "Null") {
    wrong(v, type.empty() ? "here should stand a block: an object with \"t\"" : "\"" + std::string(type) + "\" is no block of pandoc's");
  }
  in_text_ = false;
}

/// Before 1.23 a figure is a paragraph of one image whose title begins with "fig:"; its text is the caption.
bool reader::implicit_figure(const json_value &content, const attributes *outer) {
  const json_value only = content[1] ? json_value() : content[size_t{0}];
  if (type_of(only) != "Image") return false;
  const json_value parts = only["c"];
  if (!parts[2][1].is_string() || !parts[2][1].text().starts_with("fig:")) return false;
  const calque::scope s = open(kind::figure);
  if (outer != nullptr) put_attributes(*outer, 1);
  image(attributes_of(parts[size_t{0}]), parts[1], parts[2], true);
  if (parts[1][size_t{0}]) text_block(kind::caption, parts[1], nullptr);
  in_text_ = false;
  return true;
}

void reader::div(const json_value &v) {
  const json_value content = v["c"];
  attributes attr = attributes_of(content[size_t{0}]);
  const std::string_view own = attr.own_class();
  const json_value inner = need(content, 1, "a list of blocks");
  const json_value only = inner[1] ? json_value() : inner[size_t{0}];
  if (own == "wrapper" && only &&
      has_word("Para Plain BlockQuote BulletList OrderedList DefinitionList RawBlock HorizontalRule LineBlock", type_of(only)))
    return block(only, &attr);
  if (own == "aside") {
    // A note without a call: it is called from an empty place before it.
    const std::string *role = attr.find("role");
    if (role == nullptr || has_word("note comment reading alt", *role)) {
      const uint32_t anchor = leaf(kind::anchor, {}, v.begin(), v.begin());
      asides_.push_back({role == nullptr ? "note" : *role, anchor, json_value(inner), false});
      return settle_asides();
    }
  }
  if (own == "named") {
    const std::string *name = attr.find("kind");
    if (name != nullptr && name->starts_with("x.") && name->find('/') != std::string::npos) {
      const std::string kept = *name;
      std::erase_if(attr.pairs, [](const auto &pair) { return pair.first == "kind"; });
      in_text_ = false;
      const calque::scope s = out_.begin(kept);
      put_attributes(attr, 1);
      return blocks(inner);
    }
  }
  if (const auto k = block_kind(own)) {
    const bool is_version = *k == kind::version;
    if (is_version) marks_begin_ = marks_.size();
    if (class_of(*k) == calque::kind_class::blocks) {
      container(*k, inner, &attr);
      if (is_version) marks_begin_ = marks_.size();
      return;
    }
    if (type_of(only) == "Para" || type_of(only) == "Plain") return text_block(*k, only["c"], &attr);
  }
  const calque::scope s = open(kind::division);
  put_attributes(attr);
  blocks(inner);
}

void reader::list_items(const json_value &items) {
  if (!items.is_array()) wrong(items, "here should stand a list of items");
  for (const json_value &one : items.items()) item(kind::list_item, one);
  in_text_ = false;
}

void reader::item(kind k, const json_value &content) {
  const json_value only = content[1] ? json_value() : content[size_t{0}];
  if (type_of(only) == "Div") {
    const attributes attr = attributes_of(only["c"][size_t{0}]);
    if (attr.own_class() == "self") return container(k, only["c"][1], &attr);
  }
  container(k, content, nullptr);
}

void reader::definitions(const json_value &content) {
  if (!content.is_array()) wrong(content, "here should stand a list of terms and definitions");
  for (const json_value &entry : content.items()) {
    if (need(entry, 0, "a term")[size_t{0}]) text_block(kind::term, entry[size_t{0}], nullptr);
    if (!need(entry, 1, "definitions").is_array()) wrong(entry[1], "here should stand a list of definitions");
    for (const json_value &one : entry[1].items()) item(kind::definition, one);
  }
  in_text_ = false;
}

void reader::captioned(const json_value &content) {
  if (!content.is_array() || !content[1].is_array()) wrong(content, "here should stand a caption: [short, [block]]");
  const json_value brief = content[size_t{0}];
  const bool has_brief = brief.is_array() && brief[size_t{0}];
  const json_value body = content[1], only = body[1] ? json_value() : body[size_t{0}];
  if (!body[size_t{0}] && !has_brief) return;
  if (only || !body[size_t{0}]) {
    const bool is_para = type_of(only) == "Para";
    if (!only || is_para || type_of(only) == "Plain") {
      const calque::scope s = open(kind::caption);
      if (is_para) out_.attr("pandoc.caption", "para");
      if (only) inlines(only["c"]);
      // The short form is another reading of the caption.
      if (has_brief) {
        const uint32_t id = leaf(kind::anchor, {}, brief.begin(), brief.begin());
        asides_.push_back({"reading", id, brief, true});
      }
      settle_asides();
      in_text_ = false;
      return;
    }
  }
  const calque::scope s = open(kind::division);
  out_.attr("class", "calque-captions");
  if (has_brief) {
    const uint32_t id = leaf(kind::anchor, {}, brief.begin(), brief.begin());
    asides_.push_back({"reading", id, brief, true});
    settle_asides();
  }
  blocks(body);
}

void reader::columns(const json_value &specs) {
  if (!specs.is_array()) wrong(specs, "here should stand the columns of a table");
  std::string alignments, widths;
  bool has_width = false;
  for (const json_value &spec : specs.items()) {
    const std::string_view alignment = alignment_of(type_of(spec[size_t{0}]));
    if (alignment.empty()) wrong(spec, "a column has an alignment of pandoc's");
    const json_value width = spec[1];
    const bool is_width = type_of(width) == "ColWidth" && width["c"].is(json_tree::type::number);
    has_width |= is_width;
    const std::string_view gap = alignments.empty() ? "" : " ";
    alignments += gap;
    alignments += alignment;
    widths += gap;
    widths += is_width ? width["c"].raw() : "default";
  }
  out_.attr("alignments", alignments);
  if (has_width) out_.attr("widths", widths);
}

void reader::table(const json_value &content, const attributes *) {
  const attributes attr = attributes_of(content[size_t{0}]);
  if (!content[5] || !content[4].is_array()) wrong(content, "a table has a caption, columns, a head, bodies and a foot");
  const calque::scope s = open(kind::table);
  columns(content[2]);
  put_attributes(attr);
  captioned(content[1]);
  auto drop_attributes = [&](const json_value &part) {
    if (!attributes_of(part).empty()) {
      dropped_.emplace_back(place(part), "pandoc_json.part-attributes-dropped");
      say(part, "pandoc_json.part-attributes-dropped", "attributes of a head, body or foot of a table are left out");
    }
  };
  const json_value head = content[3], foot = content[5];
  drop_attributes(need(head, 0, "the attributes of a table's head"));
  rows(head[1], "head", 0, 0);
  size_t number = 0;
  for (const json_value &body : content[4].items()) {
    drop_attributes(need(body, 0, "the attributes of a table's body"));
    const uint64_t heads = number_of(need(body, 1, "the number of head columns"), "the number of head columns");
    rows(body[2], "body_head", 0, number);
    rows(body[3], "body", heads, number);
    ++number;
  }
  drop_attributes(need(foot, 0, "the attributes of a table's foot"));
  rows(foot[1], "foot", 0, number == 0 ? 0 : number - 1);
  in_text_ = false;
}

void reader::rows(const json_value &array, std::string_view part, uint64_t head_columns, size_t body) {
  if (!array.is_array()) wrong(array, "here should stand the rows of a table");
  std::vector<uint64_t> taken;  // by column: rows that a cell from above still covers
  for (const json_value &one : array.items()) {
    const attributes attr = attributes_of(one[size_t{0}]);
    const std::vector<json_value> cells = need(one, 1, "the cells of a row").items();
    const calque::scope s = open(kind::row);
    // What the place and the cells do not say. A body row of nothing but head cells would pass for a row of the head.
    if (part != "body" || head_columns > 0) out_.attr("part", part);
    if (body > 0) out_.attr("body", std::to_string(body + 1));
    put_attributes(attr);
    size_t column = 0;
    for (const json_value &c : cells) {
      while (column < taken.size() && taken[column] > 0) --taken[column++];
      const uint64_t down = std::max<uint64_t>(1, number_of(need(c, 2, "a row span"), "a row span"));
      const uint64_t across = std::min<uint64_t>(10'000, std::max<uint64_t>(1, number_of(need(c, 3, "a column span"), "a column span")));
      cell(c, part == "head" || part == "body_head" || column < head_columns);
      if (taken.size() < column + across) taken.resize(column + across, 0);
      for (uint64_t k = 0; k < across; ++k) taken[column++] = down - 1;
    }
    while (column < taken.size()) {
      if (taken[column] > 0) --taken[column];
      ++column;
    }
  }
  in_text_ = false;
}

void reader::cell(const json_value &v, bool is_header) {
  const attributes attr = attributes_of(v[size_t{0}]);
  const std::string_view alignment = alignment_of(type_of(v[1]));
  if (alignment.empty()) wrong(v, "a cell has an alignment of pandoc's");
  const uint64_t down = number_of(v[2], "a row span"), across = number_of(v[3], "a column span");
  const calque::scope s = open(kind::cell);
  if (is_header) out_.attr("header", "true");
  if (across != 1) out_.attr("colspan", std::to_string(across));
  if (down != 1) out_.attr("rowspan", std::to_string(down));
  if (alignment != "default") out_.attr("align", alignment);
  put_attributes(attr);
  blocks(need(v, 4, "the blocks of a cell"));
  in_text_ = false;
}

}  // namespace pandoc_json
