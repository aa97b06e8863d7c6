// SPDX-License-Identifier: Apache-2.0
// Text, inlines, notes and the readings of a choice.
#include "import.hpp"

namespace tei {

using calque::kind;

namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_reading_aside(std::string_view name) {
  return name == "corr" || name == "reg" || name == "expan" || name == "ex" || name == "rdg";
}

}  // namespace

/// Nodes [first, end): siblings with all below them.
void tree_reader::inlines(uint32_t first, uint32_t end) {
  for (uint32_t i = first; i < end; i = tree_.at(i).end) {
    const xml_node &n = tree_.at(i);
    if (n.is == xml_node::what::text)
      text(i);
    else if (n.is == xml_node::what::element)
      inline_element(i);
    else
      misc(i);
  }
}

/// Words are copied as they stand. Blanks with a line end in them are the layout of the file: a soft break.
void tree_reader::text(uint32_t piece) {
  const xml_node &n = tree_.at(piece);
  auto put = [&](std::string_view bytes, xml_range at, kind k) {
    bool is_first = !(may_continue_ && k == kind::text);
    auto one = [&](std::string_view part, calque::source_range from) {
      if (is_first)
        out_.text(part, from, k);
      else
        out_.more(part, from);
      is_first = false;
    };
    if (n.equal)
      tree_.decoded().each_piece(at.begin, at.end, one);
    else
      one(bytes, tree_.source_of(at));
    may_continue_ = k == kind::text;
  };
  if (is_preserving_) {
    line_.is_at_start = false;
    return put(n.text, n.at, kind::text);
  }
  if (!n.equal) {
    // An entity, or a line end of two bytes.
    if (n.text.find_first_not_of(blanks) == std::string_view::npos &&
        n.text.find_first_of("\n") != std::string_view::npos) {
      line_.blanks.push_back(n.at);
      line_.has_line_end = true;
      return;
    }
    flush_blanks();
    // What an entity stands for may have line ends of its own.
    if (n.text.empty()) return skip(n.at, "tei.layout");
    put(n.text, n.at, kind::text);
    line_.is_at_start = false;
    return;
  }
  for (size_t at = 0; at < n.text.size();) {
    size_t word = n.text.find_first_not_of(blanks, at);
    if (word == std::string_view::npos) word = n.text.size();
    if (word > at) {
      const std::string_view blank = n.text.substr(at, word - at);
      line_.blanks.push_back({n.at.begin + at, n.at.begin + word});
      line_.has_line_end = line_.has_line_end || blank.find_first_of("\n\r\t") != std::string_view::npos;
      at = word;
      if (at == n.text.size()) return;
    }
    flush_blanks();
    // Up to the next blanks that hold a line end, or that end the piece.
    size_t end = at;
    while (end < n.text.size()) {
      const size_t blank = n.text.find_first_of(blanks, end);
      if (blank == std::string_view::npos) {
        end = n.text.size();
        break;
      }
      const size_t next = n.text.find_first_not_of(blanks, blank);
      if (next == std::string_view::npos ||
          n.text.substr(blank, next - blank).find_first_of("\n\r\t") != std::string_view::npos) {
        end = blank;
        break;
      }
      end = next;
    }
    put(n.text.substr(at, end - at), {n.at.begin + at, n.at.begin + end}, kind::text);
    line_.is_at_start = false;
    at = end;
  }
}

/// Writes the blanks that were held back, now that something follows them.
void tree_reader::flush_blanks() {
  if (line_.is_at_start) return drop_blanks();
  if (line_.blanks.empty()) return;
  const xml_range first = line_.blanks.front();
  if (line_.has_line_end || line_.blanks.size() > 1) {
    out_.text(" ", tree_.source_of(first), kind::soft_break);
    may_continue_ = false;
    for (size_t k = 1; k < line_.blanks.size(); ++k) skip(line_.blanks[k], "tei.layout");
  } else {
    const std::string_view bytes = tree_.decoded().text().substr(first.begin, first.end - first.begin);
    if (may_continue_)
      out_.more(bytes, tree_.source_of(first));
    else
      out_.text(bytes, tree_.source_of(first));
    may_continue_ = true;
  }
  line_.blanks.clear();
  line_.has_line_end = false;
}

void tree_reader::drop_blanks() {
  for (xml_range r : line_.blanks) skip(r, "tei.layout");
  line_.blanks.clear();
  line_.has_line_end = false;
}

kind tree_reader::inline_kind(uint32_t element) const {
  const xml_node &n = tree_.at(element);
  if (n.name == "ref" || n.name == "ptr") return attribute(element, "target").empty() ? kind::span : kind::link;
  if (n.name != "hi") return rule_of(n.name).kind;
  constexpr std::pair<std::string_view, kind> looks[] = {{"italic", kind::emphasis},
                                                         {"italics", kind::emphasis},
                                                         {"it", kind::emphasis},
                                                         {"bold", kind::strong},
                                                         {"strong", kind::strong},
                                                         {"underline", kind::underline},
                                                         {"strikethrough", kind::strikeout},
                                                         {"superscript", kind::superscript},
                                                         {"sup", kind::superscript},
                                                         {"subscript", kind::subscript},
                                                         {"sub", kind::subscript},
                                                         {"smallcaps", kind::small_caps},
                                                         {"small-caps", kind::small_caps},
                                                         {"sc", kind::small_caps}};
  const std::string_view rend = attribute(element, "rend");
  for (const auto &[name, k] : looks)
    if (rend == name) return k;
  return kind::span;
}

void tree_reader::inline_element(uint32_t element) {
  const xml_node &n = tree_.at(element);
  switch (rule_of(n.name).role) {
    case role::note:
      if (attribute(element, "place") != "inline") return note(element);
      break;
    case role::page_begin:
      return page(element);
    case role::line_begin:
      return line_mark(element);
    case role::graphic:
      return image(element);
    case role::figure:
      if (is_edition_) return inline_figure(element);
      skip(n.at, "tei.markup");
      last_image_ = 0;
      tree_.each_child(element, [&](uint32_t child) {
        if (tree_.is_element(child, "figDesc"))
          alternative(child, last_image_);
        else
          inlines(child, tree_.at(child).end);
      });
      return skip(n.close, "tei.markup");
    case role::choice:
      return choice(element);
    case role::anchor:
      out_.text({}, tree_.source_of({n.at.end, n.at.end}), kind::anchor);
      attributes(element, kind::anchor);
      may_continue_ = false;
      skip(n.at, "tei.markup");
      inlines(element + 1, n.end);  // TEI has none
      return skip(n.close, "tei.markup");
    case role::formula:
    case role::verbatim: {
      bool has_elements = false;
      tree_.each_child(element,
                       [&](uint32_t c) { has_elements = has_elements || tree_.at(c).is == xml_node::what::element; });
      if (has_elements) break;
      flush_blanks();
      skip(n.at, "tei.markup");
      may_continue_ = false;
      verbatim_text(element);
      may_continue_ = false;
      return skip(n.close, "tei.markup");
    }
    default:
      break;
  }
  if (n.end > element + 1) flush_blanks();
  skip(n.at, "tei.markup");
  const element_rule &rule = rule_of(n.name);
  const bool is_named = rule.role == role::unknown || (rule.role != role::inlines && rule.role != role::note);
  {
    const kind k = is_named ? kind::span : rule.role == role::note ? kind::span : inline_kind(element);
    const opened scope(*this, is_named ? begin_named(n.name) : out_.begin(k));
    attributes(element, k);
    const uint32_t id = scope.id();
    annotate(element, id);
    inlines(element + 1, n.end);
  }
  skip(n.close, "tei.markup");
}

/// The text of an element as one leaf, blanks and all.
void tree_reader::verbatim_text(uint32_t element) {
  const xml_node &n = tree_.at(element);
  const kind k = rule_of(n.name).kind == kind::math ? kind::math : kind::code;
  bool is_first = true;
  for (uint32_t i = element + 1; i < n.end; ++i) {
    const xml_node &c = tree_.at(i);
    if (c.is == xml_node::what::element) {
      skip(c.at, "tei.markup");
      skip(c.close, "tei.markup");
      continue;
    }
    if (c.is != xml_node::what::text) {
      misc(i);
      continue;
    }
    auto one = [&](std::string_view part, calque::source_range from) {
      if (is_first)
        out_.text(part, from, k);
      else
        out_.more(part, from);
      is_first = false;
    };
    if (c.equal)
      tree_.decoded().each_piece(c.at.begin, c.at.end, one);
    else if (!c.text.empty())
      one(c.text, tree_.source_of(c.at));
  }
  line_.is_at_start = false;
}

uint32_t tree_reader::put_anchor(uint32_t element) {
  const size_t at = tree_.at(element).at.begin;
  may_continue_ = false;
  return out_.text({}, tree_.source_of({at, at}), kind::anchor);
}

/// A note hangs at its call. The blanks before the call stay held back, and stand behind it.
void tree_reader::note(uint32_t element) {
  const xml_node &n = tree_.at(element);
  const uint32_t call = put_anchor(element);
  const line outside = std::move(line_);
  const std::vector<link_around> links_outside = std::exchange(links_around_, {});
  line_ = {};
  skip(n.at, "tei.markup");
  {
    const std::string_view type = attribute(element, "type");
    const bool has_role = type == "alt" || type == "comment" || type == "reading";
    const opened scope(*this, out_.aside(has_role ? type : std::string_view("note"), call));
    if (auto number = tree_.attribute(element, "n")) out_.attr("label", *number);
    attributes(element, kind::aside);
    children(element);
  }
  skip(n.close, "tei.markup");
  line_ = outside;
  links_around_ = links_outside;
  line_.is_at_start = false;
}

/// The reading of the source stands in the text, each other one in an aside beside it.
void tree_reader::choice(uint32_t element) {
  const xml_node &n = tree_.at(element);
  flush_blanks();
  skip(n.at, "tei.markup");
  uint32_t kept = 0;
  tree_.each_child(element, [&](uint32_t child) {
    const xml_node &c = tree_.at(child);
    if (kept == 0 && c.is == xml_node::what::element && !is_reading_aside(c.name)) kept = child;
  });
  if (kept == 0)
    tree_.each_child(element, [&](uint32_t child) {
      if (kept == 0 && tree_.at(child).is == xml_node::what::element) kept = child;
    });
  {
    const opened scope(*this, out_.begin(kind::span));
    attributes(element, kind::span);
    if (kept != 0) inlines(kept, tree_.at(kept).end);
    const bool starts = line_.is_at_start;
    line_.is_at_start = false;
    tree_.each_child(element, [&](uint32_t child) {
      const xml_node &c = tree_.at(child);
      if (child == kept) return;
      if (c.is == xml_node::what::text)
        c.text.find_first_not_of(blanks) == std::string_view::npos ? skip(c.at, "tei.layout") : text(child);
      else if (c.is == xml_node::what::element)
        reading(child);
      else
        misc(child);
    });
    line_.is_at_start = starts && kept == 0;
  }
  skip(n.close, "tei.markup");
}

void tree_reader::reading(uint32_t element) {
  const xml_node &n = tree_.at(element);
  const uint32_t call = put_anchor(element);
  const line outside = std::move(line_);
  line_ = {};
  skip(n.at, "tei.markup");
  {
    const opened scope(*this, out_.aside("reading", call));
    attributes(element, kind::span);
    children(element);
  }
  skip(n.close, "tei.markup");
  line_ = outside;
}

void tree_reader::image(uint32_t element) {
  const xml_node &n = tree_.at(element);
  flush_blanks();
  last_image_ = out_.text({}, tree_.source_of(n.at), kind::image);
  if (auto url = tree_.attribute(element, "url"); url && !url->empty()) out_.attr("resource", *url);
  attributes(element, kind::image);
  may_continue_ = false;
  line_.is_at_start = false;
  tree_.each_child(element, [&](uint32_t child) {
    if (tree_.is_element(child, "desc"))
      alternative(child, last_image_);
    else
      inlines(child, tree_.at(child).end);
  });
  skip(n.close, "tei.markup");
}

/// An image in a line as the exporter writes it: a figure that holds its address, its title and what it shows.
void tree_reader::inline_figure(uint32_t element) {
  const xml_node &n = tree_.at(element);
  flush_blanks();
  skip(n.at, "tei.markup");
  const uint32_t image = out_.text({}, tree_.source_of({n.at.end, n.at.end}), kind::image);
  if (const auto id = attribute(element, "xml:id"); !id.empty()) out_.attr("id", id);
  tree_.each_child(element, [&](uint32_t child) {
    if (tree_.is_element(child, "graphic")) {
      if (const auto url = attribute(child, "url"); !url.empty()) out_.attr("resource", url);
      skip_tree(child, "tei.markup");
    } else if (tree_.is_element(child, "head") && tree_.at(child).end == child + 2) {
      out_.attr("title", tree_.at(child + 1).text);
      skip_tree(child, "tei.made-anew");
    }
  });
  may_continue_ = false;
  line_.is_at_start = false;
  tree_.each_child(element, [&](uint32_t child) {
    if (tree_.is_element(child, "graphic") || (tree_.is_element(child, "head") && tree_.at(child).end == child + 2)) return;
    if (tree_.is_element(child, "figDesc") || (tree_.is_element(child, "note") && attribute(child, "type") == "alt"))
      alternative(child, image);
    else
      inlines(child, tree_.at(child).end);
  });
  skip(n.close, "tei.markup");
}

/// What an image shows, in words. Without an image it is text like any other.
void tree_reader::alternative(uint32_t element, uint32_t picture) {
  const xml_node &n = tree_.at(element);
  if (picture == 0) picture = put_anchor(element);
  const line outside = std::move(line_);
  line_ = {};
  skip(n.at, "tei.markup");
  {
    const opened scope(*this, out_.aside("alt", picture));
    if (const auto id = attribute(element, "xml:id"); is_edition_ && !id.empty()) out_.attr("id", id);
    children(element);
  }
  skip(n.close, "tei.markup");
  line_ = outside;
}

}  // namespace tei
