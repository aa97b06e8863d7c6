// SPDX-License-Identifier: Apache-2.0
// A document as plain text: speakers before their words, notes at the end, tables with tabs.
#include "plugins/text/export.hpp"

#include "../common/edition.hpp"
#include "../common/prefixed_lines.hpp"

#include <algorithm>

namespace calque::plugins {
namespace {

class text_writer {
 public:
  text_writer(const text_exporter &options, document_view document, output &account)
      : options_(options), document_(document), account_(account), reading_(document, {}) {}

  std::string write() {
    account_.emitted(document_.root());
    for (node field : document_.fields()) {
      if (options_.fields)
        write_field(field);
      else
        account_.not_expressed_tree(field, "text.fields-left-out");
    }
    lines_.part();
    blocks(document_.root());
    // A note may call further notes.
    for (size_t k = 0; k < notes_.size(); ++k) {
      lines_.part();
      const std::string number = "[" + std::to_string(k + 1) + "] ";
      lines_.open(number, std::string(number.size(), ' '));
      account_.emitted(notes_[k]);
      blocks(notes_[k]);
      lines_.close();
    }
    account_.marks_not_expressed("calque.page/1", "text.page-not-expressed");
    account_.marks_not_expressed("calque.language/1", "text.language-not-expressed");
    return lines_.take();
  }

 private:
  void write_field(node field) {
    account_.emitted(field);
    std::string value;
    each_run(field, [&](uint32_t first, uint32_t end) {
      const std::string text = inlines(first, end);
      if (!value.empty() && !text.empty()) value += "\n";
      value += text;
    });
    std::string label(field.attr("label").value_or(field.attr("key").value_or("")));
    while (label.ends_with(':')) label.pop_back();
    lines_.open({}, "  ");
    lines_.lines(value.empty() ? label + ":" : label + ": " + value);
    lines_.close();
  }

  /// Calls f for the inlines of every text block and every loose run below a node, and accounts for the containers.
  template <class F>
  void each_run(node parent, F &&f) {
    for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
      const node n = document_.at(i);
      const uint32_t end = edition::end_of_inlines(document_, parent, i);
      if (end > i) {
        f(i, end);
        i = end;
      } else if (n.is(kind::aside)) {
        if (!reading_.is_called(n)) collect(n);
        i = n.end_index();
      } else if (n.is_text_block()) {
        account_.not_expressed(n, "text.formatting-not-expressed");
        f(i + 1, n.end_index());
        i = n.end_index();
      } else {
        account_.not_expressed(n, "text.formatting-not-expressed");
        each_run(n, f);
        i = n.end_index();
      }
    }
  }

  void blocks(node parent) {
    for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
      const node n = document_.at(i);
      const uint32_t end = edition::end_of_inlines(document_, parent, i);
      if (end > i) {
        paragraph(inlines(i, end));
        i = end;
        continue;
      }
      if (n.is(kind::aside)) {
        const bool is_field = parent.index() == 0 && n.attr("role") == "field";
        if (!is_field && !reading_.is_called(n)) collect(n);
      } else {
        block(n);
      }
      i = n.end_index();
    }
  }

  void block(node n) {
    account_.emitted(n);
    switch (n.kind()) {
      case kind::speech:
        return speech(n);
      case kind::table:
        return table(n);
      case kind::bullet_list:
      case kind::ordered_list:
        return list(n);
      case kind::rule:
        return paragraph(n.end_index() == n.index() + 1 ? "* * *" : inlines(n.index() + 1, n.end_index()));
      case kind::block_quote:
      case kind::definition:
      case kind::code_block:
        lines_.open("    ", "    ");
        if (n.is_text_block())
          lines_.lines(inlines(n.index() + 1, n.end_index()));
        else
          blocks(n);
        lines_.close();
        return lines_.part();
      case kind::line_block:
        for (node line : n.children()) {
          if (line.is_text_block()) {
            account_.emitted(line);
            lines_.lines(inlines(line.index() + 1, line.end_index()));
          } else if (edition::is_inline(line)) {
            lines_.lines(inlines(line.index(), line.end_index()));
          } else if (!line.is(kind::aside)) {
            block(line);
          } else if (!reading_.is_called(line)) {
            collect(line);
          }
        }
        return lines_.part();
      default:
        if (n.is_text_block()) return paragraph(inlines(n.index() + 1, n.end_index()));
        if (static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED)
          account_.not_expressed(n, "text.formatting-not-expressed");
        return blocks(n);
    }
  }

  /// The label and the first words of a speech share a line.
  void speech(node n) {
    std::string label;
    uint32_t i = n.index() + 1;
    if (i < n.end_index() && document_.at(i).is(kind::speaker)) {
      const node speaker = document_.at(i);
      account_.emitted(speaker);
      label = inlines(i + 1, speaker.end_index());
      i = speaker.end_index();
      while (i < n.end_index() && document_.at(i).is(kind::aside)) {
        if (!reading_.is_called(document_.at(i))) collect(document_.at(i));
        i = document_.at(i).end_index();
      }
    }
    if (i < n.end_index() && document_.at(i).is(kind::paragraph)) {
      const node first = document_.at(i);
      account_.emitted(first);
      const std::string text = inlines(i + 1, first.end_index());
      paragraph(label.empty() ? text : label + " " + text);
      i = first.end_index();
    } else if (!label.empty()) {
      paragraph(label);
    }
    for (; i < n.end_index(); i = document_.at(i).end_index()) {
      const node child = document_.at(i);
      if (edition::is_inline(child))
        paragraph(inlines(i, child.end_index()));
      else if (child.is(kind::aside)) {
        if (!reading_.is_called(child)) collect(child);
      } else {
        block(child);
      }
    }
  }

  void list(node n) {
    int64_t number = 1;
    if (auto start = n.attr("start"); start && start->size() < 9)
      for (number = 0; char c : *start) number = number * 10 + (c - '0');
    for (node item : n.children()) {
      if (item.is(kind::aside)) {
        if (!reading_.is_called(item)) collect(item);
        continue;
      }
      const std::string marker = n.is(kind::ordered_list) ? std::to_string(number++) + ". " : "- ";
      lines_.open(marker, std::string(marker.size(), ' '));
      if (edition::is_inline(item))
        paragraph(inlines(item.index(), item.end_index()));
      else if (item.is_text_block())
        block(item);
      else
        account_.emitted(item), blocks(item);
      lines_.close();
      lines_.join();
    }
    lines_.part();
  }

  void table(node n) {
    for (node row : n.children()) {
      if (!row.is(kind::row)) {
        if (!row.is(kind::aside))
          edition::is_inline(row) ? paragraph(inlines(row.index(), row.end_index())) : block(row);
        else if (!reading_.is_called(row))
          collect(row);
        continue;
      }
      account_.emitted(row);
      std::string line;
      bool is_first = true;
      for (node cell : row.children()) {
        if (cell.is(kind::aside)) {
          if (!reading_.is_called(cell)) collect(cell);
          continue;
        }
        std::string text;
        auto add = [&](uint32_t first, uint32_t end) {
          if (!text.empty()) text += ' ';
          text += inlines(first, end);
        };
        if (edition::is_inline(cell)) {
          add(cell.index(), cell.end_index());
        } else {
          account_.emitted(cell);
          each_run(cell, add);
        }
        std::replace(text.begin(), text.end(), '\n', ' ');
        std::replace(text.begin(), text.end(), '\t', ' ');
        if (!is_first) line += '\t';
        is_first = false;
        line += text;
      }
      lines_.line(line);
    }
    lines_.part();
  }

  std::string inlines(uint32_t first, uint32_t end) {
    std::string made;
    std::vector<std::pair<uint32_t, std::string>> targets;  // link targets, by where their links end
    for (uint32_t i = first; i < end; ++i) {
      const node n = document_.at(i);
      while (!targets.empty() && targets.back().first <= i) {
        made += targets.back().second;
        targets.pop_back();
      }
      if (!n.is_leaf()) {
        const auto href = n.is(kind::link) ? n.attr("href") : std::nullopt;
        if (href) {
          account_.emitted(n);
          if (*href != n.text()) targets.emplace_back(n.end_index(), " <" + std::string(*href) + ">");
        } else {
          account_.not_expressed(n, "text.formatting-not-expressed");
        }
        continue;
      }
      account_.emitted(n);
      made += n.text();
      if (n.is(kind::image)) {
        account_.not_expressed(n, "text.image-not-expressed");
        made += "(image";
        if (auto name = n.attr("resource")) made += " " + std::string(*name);
        for (node alternative : reading_.asides_of(n)) {
          account_.emitted(alternative);
          each_run(alternative, [&](uint32_t from, uint32_t to) { made += ": " + inlines(from, to); });
        }
        made += ")";
      } else if (n.is(kind::anchor)) {
        for (node called : reading_.asides_of(n)) made += "[" + std::to_string(collect(called)) + "]";
      }
    }
    for (; !targets.empty(); targets.pop_back()) made += targets.back().second;
    return made;
  }

  /// Puts a note off to the end; its number.
  size_t collect(node aside) {
    notes_.push_back(aside);
    return notes_.size();
  }

  void paragraph(const std::string &text) {
    lines_.lines(options_.width == 0 ? text : wrapped(text));
    lines_.part();
  }

  std::string wrapped(const std::string &text) const {
    const auto room = static_cast<size_t>(options_.width);
    const size_t columns = room > lines_.indent() + 20 ? room - lines_.indent() : 20;
    std::string made;
    size_t used = 0;
    for (size_t at = 0; at < text.size();) {
      size_t end = text.find_first_of(" \n", at + 1);
      if (end == std::string::npos) end = text.size();
      const std::string_view word = std::string_view(text).substr(at, end - at);
      const auto letters = static_cast<size_t>(
          std::count_if(word.begin(), word.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
      if (word.front() == '\n') {
        used = letters - 1;
        made += word;
      } else if (word.front() == ' ' && used + letters > columns) {
        made += '\n';
        made += word.substr(1);
        used = letters - 1;
      } else {
        made += word;
        used += letters;
      }
      at = end;
    }
    return made;
  }

  const text_exporter &options_;
  document_view document_;
  output &account_;
  edition::reading reading_;
  edition::prefixed_lines lines_;
  std::vector<node> notes_;
};

}  // namespace

void text_exporter::run(document_view document, output &out) const {
  auto file = out.create("text/plain");
  file << text_writer(*this, document, out).write();
  file.close();
}

}  // namespace calque::plugins
