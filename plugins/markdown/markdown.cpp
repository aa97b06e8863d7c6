// SPDX-License-Identifier: Apache-2.0
// The Markdown exporter: front matter and blocks.
#include "markdown.hpp"

#include "block_starts.hpp"
#include "escape.hpp"

#include <algorithm>

namespace markdown {

using calque::kind;

namespace {

uint64_t span_of(std::optional<std::string_view> text) {
  if (!text || text->empty() || text->size() > 3) return 1;
  uint64_t value = 0;
  for (char c : *text) {
    if (!is_digit(c)) return 1;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return std::max<uint64_t>(value, 1);
}

/// Whether raw HTML is read as one block again where it stands as it is.
bool is_html_block(std::string_view text) {
  const size_t first_end = std::min(text.find('\n'), text.size());
  const size_t begin = text.find_first_not_of(' ');
  if (begin == none || begin > 3) return false;
  const int start = html_start(text.substr(begin, first_end - begin));
  if (start == 0) return false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (start >= 6 && after_blanks(line, 0) == line.size()) return false;
    if (start < 6 && end < text.size() && ends_html(line, start)) return false;
    if (start < 6 && end == text.size() && !ends_html(line, start)) return false;
    at = end + 1;
  }
  return text.back() != '\n';
}

}  // namespace

void stage::run(calque::document_view document, calque::output &out) const {
  auto file = out.create("text/markdown");
  file << writer(*this, document, out).write();
  file.close();
}

std::string writer::write() {
  account_.emitted(document_.root());
  front_matter();
  blocks(document_.root());
  // A note may call further notes.
  for (size_t k = 0; k < notes_.size(); ++k) {
    lines_.part();
    lines_.open("[^" + std::to_string(k + 1) + "]: ", "    ");
    account_.emitted(notes_[k]);
    blocks(notes_[k]);
    lines_.close();
  }
  for (const auto &[index, code] : changed_) account_.not_expressed(document_.at(index), code);
  account_.marks_not_expressed("calque.page/1", "markdown.page-not-expressed");
  // The front matter says one language: that of the most text.
  for (uint32_t l = 0; l < document_.layer_count(); ++l) {
    const auto layer = document_.layer(l);
    for (uint32_t k = 0; layer.name() == "calque.language/1" && k < layer.size(); ++k) {
      if (says_language_ && layer[k].value("tag") == reading_.main_language())
        account_.emitted(l, layer[k]);
      else
        account_.not_expressed(l, layer[k], "markdown.language-not-expressed");
    }
  }
  return lines_.take();
}

void writer::front_matter() {
  const auto fields = document_.fields();
  if (!options_.fields) {
    for (node field : fields) account_.not_expressed_tree(field, "markdown.fields-left-out");
    return;
  }
  std::vector<std::string_view> keys;
  std::map<std::string_view, std::vector<std::string>> values;
  for (node field : fields) {
    account_.emitted(field);
    std::string value;
    for (uint32_t i = field.index() + 1; i < field.end_index();) {
      const node n = document_.at(i);
      const uint32_t end = edition::end_of_inlines(document_, field, i);
      if (n.is(kind::aside)) {
        loose_aside(n);
        i = n.end_index();
      } else if (end > i || n.is_text_block()) {
        const uint32_t first = end > i ? i : i + 1, last = end > i ? end : n.end_index();
        if (end == i) account_.emitted(n);
        // The value begins no line of Markdown, so it has nothing to escape at its begin.
        const std::string text = inlines(first, last, {field.range(), false, true}, "x").substr(1);
        value += (value.empty() || text.empty() ? "" : " ") + text;
        i = last;
      } else {
        not_a_kind(n);
        ++i;
      }
    }
    auto key = field.attr("key").value_or("field");
    if (key == "calque.other") key = field.attr("label").value_or(key);
    if (!values.contains(key)) keys.push_back(key);
    values[key].push_back(value);
  }
  const auto language = reading_.main_language();
  const bool is_known = edition::is_language_tag(language) && language != "und";
  if (keys.empty() && !is_known) return;
  lines_.line("---");
  for (std::string_view key : keys) {
    // A dot or a colon would part a plain key for some readers.
    const bool is_plain = key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
    const std::string name = is_plain ? std::string(key) : yaml_string(key);
    if (values[key].size() == 1) {
      lines_.line(name + ": " + yaml_string(values[key].front()));
      continue;
    }
    lines_.line(name + ":");
    for (const std::string &value : values[key]) lines_.line("  - " + yaml_string(value));
  }
  says_language_ = is_known && !values.contains("lang");
  if (says_language_) lines_.line("lang: " + yaml_string(language));
  lines_.line("---");
  lines_.part();
}

void writer::no_attributes(node n) {
  if (!attributes_of(n).is_empty()) changed_.emplace(n.index(), "markdown.attribute-not-expressed");
}

void writer::not_a_kind(node n) { changed_.emplace(n.index(), "markdown.kind-not-expressed"); }

/// True when the node is an aside, which is written with its call, as a field, or at the end.
bool writer::loose_aside(node n) {
  if (!n.is(kind::aside)) return false;
  if (!reading_.is_called(n)) {
    // Without a call, its place is where the note is called from.
    lines_.line("[^" + std::to_string(number_of(n)) + "]");
    lines_.part();
  }
  return true;
}

void writer::blocks(node parent) { children(parent, parent.index() + 1, parent.end_index()); }

void writer::children(node parent, uint32_t first, uint32_t last) {
  std::optional<kind> before;
  for (uint32_t i = first; i < last;) {
    const node n = document_.at(i);
    const uint32_t end = edition::end_of_inlines(document_, parent, i);
    if (end > i) {
      paragraph(inlines(i, end, {parent.range()}));
      before = kind::paragraph;
      i = end;
      continue;
    }
    const bool is_field = parent.index() == 0 && n.is(kind::aside) && n.attr("role") == "field";
    if (!is_field && !loose_aside(n)) {
      // Two lists in a row would be read as one.
      const bool is_list = n.is(kind::bullet_list) || n.is(kind::ordered_list);
      if (is_list && before == n.kind()) {
        lines_.line("<!-- -->");
        lines_.part();
      }
      block(n);
      before = n.kind();
    }
    i = n.end_index();
  }
}

void writer::paragraph(const std::string &text) {
  if (!text.empty()) lines_.lines(text);
  lines_.part();
}

/// Attributes of a block that has no place for them are those of a division around it.
void writer::block(node n) {
  const bool has_place = n.is(kind::heading) || n.is(kind::code_block) || n.is(kind::document);
  const std::string attrs = has_place ? std::string() : written(attributes_of(n));
  if (attrs.empty()) return inner_block(n);
  lines_.part();
  lines_.line("::: " + attrs);
  inner_block(n);
  lines_.join();
  lines_.line(":::");
  lines_.part();
}

void writer::inner_block(node n) {
  account_.emitted(n);
  switch (n.kind()) {
    case kind::heading:
      return heading(n);
    case kind::paragraph:
      return paragraph(inlines(n.index() + 1, n.end_index(), {n.range()}));
    case kind::stage_direction:
      return stage_direction(n);
    case kind::speech:
      return speech(n);
    case kind::block_quote:
      lines_.open("> ", "> ");
      blocks(n);
      lines_.close();
      return lines_.part();
    case kind::bullet_list:
    case kind::ordered_list:
      return list(n);
    case kind::definition_list:
      return definitions(n);
    case kind::table:
      return table(n);
    case kind::line_block:
      return lines(n);
    case kind::code_block:
    case kind::raw_block:
      return code_block(n);
    case kind::rule:
      if (n.end_index() == n.index() + 1) {
        lines_.line("* * *");
        return lines_.part();
      }
      break;
    case kind::section:
    case kind::division:
    case kind::document:
      return blocks(n);
    default:
      break;
  }
  not_a_kind(n);
  if (n.is_text_block()) return paragraph(inlines(n.index() + 1, n.end_index(), {n.range()}));
  blocks(n);
}

void writer::heading(node n) {
  size_t level = 1;
  if (auto text = n.attr("level"); text && text->size() == 1 && (*text)[0] >= '1' && (*text)[0] <= '9')
    level = std::min<size_t>(static_cast<size_t>((*text)[0] - '0'), 6);
  const std::string marks(level, '#');
  std::string text = inlines(n.index() + 1, n.end_index(), {n.range(), false, true}, marks + " ");
  // Marks at the end would be taken for closing ones.
  if (text.size() > marks.size() && text.ends_with('#')) text.insert(text.size() - 1, "\\");
  if (const std::string attrs = written(attributes_of(n)); !attrs.empty()) text += " " + attrs;
  lines_.line(text);
  lines_.part();
}

void writer::stage_direction(node n) {
  std::string text = inlines(n.index() + 1, n.end_index(), {n.range(), false, true}, "*");
  paragraph(text.size() > 1 && text[1] != ' ' ? text + "*" : text.substr(1));
}

/// The label in bold, on one line with the first words.
void writer::speech(node n) {
  std::string label;
  uint32_t i = n.index() + 1;
  if (i < n.end_index() && document_.at(i).is(kind::speaker)) {
    const node speaker = document_.at(i);
    account_.emitted(speaker);
    const std::string text = inlines(i + 1, speaker.end_index(), {speaker.range(), false, true}, "x").substr(1);
    const size_t first = std::min(text.find_first_not_of(' '), text.size());
    if (first < text.size()) label = "**" + text.substr(first) + "**";
    i = speaker.end_index();
    // Notes on the label stand after it.
    while (i < n.end_index() && document_.at(i).is(kind::aside) && reading_.is_called(document_.at(i)))
      i = document_.at(i).end_index();
  }
  if (i < n.end_index() && document_.at(i).is(kind::paragraph)) {
    const node first = document_.at(i);
    account_.emitted(first);
    paragraph(inlines(i + 1, first.end_index(), {first.range()}, label.empty() ? label : label + " "));
    i = first.end_index();
  } else if (!label.empty()) {
    paragraph(label);
  }
  children(n, i, n.end_index());
}

void writer::list(node n) {
  uint64_t number = 1;
  if (auto start = n.attr("start"); start && !start->empty() && start->size() < 9 &&
                                    start->find_first_not_of("0123456789") == std::string_view::npos)
    number = std::stoul(std::string(*start));
  const bool is_tight = n.attr("tight") == "true";
  const std::string point = n.attr("delimiter") == "parenthesis" ? ") " : ". ";
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node item = document_.at(i);
    const uint32_t end = std::max(edition::end_of_inlines(document_, n, i), item.end_index());
    if (!loose_aside(item)) {
      const std::string marker = n.is(kind::ordered_list) ? std::to_string(number++) + point : "- ";
      // Pandoc wants four columns for what an item goes on with; CommonMark takes the marker's width.
      const auto checked = item.attr("checked");
      lines_.open(marker + (checked ? *checked == "true" ? "[x] " : "[ ] " : ""), std::string(marker.size(), ' '));
      if (item.is(kind::list_item)) {
        account_.emitted(item);
        no_attributes(item);
        tight_blocks(item, is_tight);
      } else {
        children(n, i, end);
      }
      if (is_tight) lines_.join();
      lines_.close();
      if (!is_tight) lines_.part();
    }
    i = end;
  }
  lines_.part();
}

/// The blocks of an item or a definition; in a tight list no blank line parts what needs none.
void writer::tight_blocks(node parent, bool is_tight) {
  if (!is_tight) return blocks(parent);
  std::optional<kind> before;
  for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
    const node n = document_.at(i);
    const uint32_t end = std::max(edition::end_of_inlines(document_, parent, i), n.end_index());
    if (before && (before != kind::paragraph || !n.is(kind::paragraph)) && before != n.kind()) lines_.join();
    children(parent, i, end);
    if (!n.is(kind::aside)) before = n.kind();
    i = end;
  }
}

void writer::definitions(node n) {
  const bool is_tight = n.attr("tight") == "true";
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t end = std::max(edition::end_of_inlines(document_, n, i), child.end_index());
    if (child.is(kind::term)) {
      account_.emitted(child);
      no_attributes(child);
      lines_.part();
      lines_.line(inlines(i + 1, child.end_index(), {child.range(), false, true}));
      if (!is_tight) lines_.part();
    } else if (!loose_aside(child)) {
      lines_.open(":   ", "    ");
      if (child.is(kind::definition)) {
        account_.emitted(child);
        no_attributes(child);
        tight_blocks(child, is_tight);
      } else {
        children(n, i, end);
      }
      if (is_tight) lines_.join();
      lines_.close();
      if (!is_tight) lines_.part();
    }
    i = end;
  }
  lines_.part();
}

std::string writer::cell(node n) {
  std::string made;
  auto add = [&](uint32_t first, uint32_t end, calque::text_range range) {
    const std::string text = inlines(first, end, {range, true, true}, "x").substr(1);
    made += (made.empty() || text.empty() ? "" : "<br>") + text;
  };
  if (edition::is_inline(n)) {
    add(n.index(), n.end_index(), n.range());
    return made;
  }
  account_.emitted(n);
  const bool spans = n.attr("colspan").value_or("1") != "1" || n.attr("rowspan").value_or("1") != "1";
  if (spans) changed_.emplace(n.index(), "markdown.cell-changed");
  // Blocks in the cell lose their form; their text is kept, parted by line breaks.
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    uint32_t end = i;
    while (end < n.end_index() && edition::is_inline(document_.at(end))) end = document_.at(end).end_index();
    if (end > i) {
      add(i, end, n.range());
      i = end;
    } else if (child.is(kind::aside)) {
      if (!reading_.is_called(child)) made += "[^" + std::to_string(number_of(child)) + "]";
      i = child.end_index();
    } else if (child.is_text_block()) {
      account_.emitted(child);
      if (!child.is(kind::paragraph)) changed_.emplace(i, "markdown.cell-changed");
      add(i + 1, child.end_index(), child.range());
      i = child.end_index();
    } else {
      changed_.emplace(i, "markdown.cell-changed");
      ++i;
    }
  }
  return made;
}

void writer::table(node n) {
  std::vector<std::vector<std::string>> rows;
  std::vector<uint64_t> taken;  // rows that a cell above still reaches into, by column
  std::vector<std::string_view> alignments;
  size_t columns = 1;
  bool has_header = false;
  for (node row : n.children()) {
    if (loose_aside(row)) continue;
    if (!row.is(kind::row)) {
      // A caption, or what has no row.
      if (edition::is_inline(row))
        paragraph(inlines(row.index(), row.end_index(), {row.range()}));
      else
        block(row);
      continue;
    }
    account_.emitted(row);
    no_attributes(row);
    std::vector<std::string> cells;
    auto reach = [&] {
      for (; cells.size() < taken.size() && taken[cells.size()] > 0; cells.emplace_back()) --taken[cells.size()];
    };
    bool is_header = row.end_index() > row.index() + 1;
    for (node child : row.children()) {
      if (child.is(kind::aside)) {
        if (!reading_.is_called(child)) number_of(child);
        continue;
      }
      is_header = is_header && child.attr("header").value_or("false") != "false";
      no_attributes(child);
      reach();
      // A merged cell stands in its first place; the others are empty, so that columns stay under each other.
      const uint64_t across = span_of(child.attr("colspan")), down = span_of(child.attr("rowspan"));
      const size_t at = cells.size();
      if (taken.size() < at + across) taken.resize(at + across, 0);
      if (alignments.size() <= at) alignments.resize(at + 1);
      if (alignments[at].empty()) alignments[at] = child.attr("align").value_or("");
      cells.push_back(cell(child));
      for (uint64_t k = 1; k < across; ++k) cells.emplace_back();
      for (uint64_t k = 0; k < across; ++k) taken[at + k] = down - 1;
    }
    reach();
    if (rows.empty()) has_header = is_header;
    columns = std::max(columns, cells.size());
    rows.push_back(std::move(cells));
  }
  if (rows.empty()) return;
  if (!has_header) rows.insert(rows.begin(), std::vector<std::string>());
  alignments.resize(columns);
  for (size_t r = 0; r < rows.size(); ++r) {
    std::string line = "|";
    for (size_t c = 0; c < columns; ++c) line += " " + (c < rows[r].size() ? rows[r][c] : std::string()) + " |";
    lines_.line(line);
    if (r > 0) continue;
    line = "|";
    for (std::string_view a : alignments)
      line += a == "left" ? ":--|" : a == "right" ? "--:|" : a == "center" ? ":-:|" : "---|";
    lines_.line(line);
  }
  lines_.part();
}

/// Lines of verse, each but the last with a hard break.
void writer::lines(node n) {
  std::string made;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    const uint32_t end = std::max(edition::end_of_inlines(document_, n, i), child.end_index());
    const bool is_loose = edition::is_inline(child);
    if (is_loose || child.is_text_block()) {
      if (!is_loose) account_.emitted(child);
      if (!made.empty()) made += "\\\n";
      made = inlines(is_loose ? i : i + 1, end, {is_loose ? n.range() : child.range()}, std::move(made));
    } else if (!child.is(kind::aside) || !reading_.is_called(child)) {
      paragraph(made);
      made.clear();
      children(n, i, end);
    }
    i = end;
  }
  paragraph(made);
}

void writer::code_block(node n) {
  std::string text;
  for (node leaf : n.leaves())
    if (leaf.is_leaf()) {
      text += text_of(leaf);
      for (node aside : reading_.asides_of(leaf)) number_of(aside);
    }
  for (node inner : n.descendants())
    if (!inner.is_leaf()) not_a_kind(inner);
  if (n.is(kind::raw_block) && n.attr("format") == "html" && is_html_block(text)) {
    lines_.lines(text);
    return lines_.part();
  }
  const auto format = n.attr("format");
  const auto info = n.attr("info").value_or("");
  std::string head = format ? "{=" + std::string(*format) + "}" : written(attributes_of(n));
  if (head.empty()) {
    for (char c : info) {
      if (c == '&' || c == '\\') head += '\\';
      head += is_line_end(c) ? ' ' : c;
    }
  } else if (!format && !info.empty()) {
    // Beside attributes, the language is the first class.
    head.insert(1, "." + std::string(info.substr(0, info.find_first_of(" {}"))) + " ");
  }
  const char mark = head.find('`') == none ? '`' : '~';
  size_t longest = 2, run = 0;
  for (char c : text) {
    run = c == mark ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, mark);
  lines_.line(fence + head);
  if (!text.empty()) {
    if (text.ends_with('\n')) text.pop_back();
    lines_.lines(text);
  }
  lines_.line(fence);
  lines_.part();
}

}  // namespace markdown
