// SPDX-License-Identifier: Apache-2.0
// Inlines as pandoc has them: words and blanks, looks, notes at their calls, annotations as spans.
#include "../common/json_string.hpp"
#include "json_tree.hpp"
#include "writer.hpp"

#include <algorithm>

namespace pandoc_json {

using calque::kind;
using calque::node;

namespace {

std::string_view type_of_look(kind k) {
  switch (k) {
    case kind::emphasis: return "Emph";
    case kind::strong: return "Strong";
    case kind::underline: return "Underline";
    case kind::strikeout: return "Strikeout";
    case kind::superscript: return "Superscript";
    case kind::subscript: return "Subscript";
    case kind::small_caps: return "SmallCaps";
    default: return {};
  }
}

/// The kind of quotation marks that stand at both ends of the text, as leaves of the node's own.
std::string_view quotation_of(node n) {
  node last = n;
  for (node child : n.children()) last = child;
  if (n.end_index() == n.index() + 1 || !last.is(kind::text) || !(*n.children().begin()).is(kind::text)) return {};
  const std::string_view text = n.text();
  if (text.size() < 6) return {};
  if (text.starts_with("“") && text.ends_with("”")) return "DoubleQuote";
  if (text.starts_with("‘") && text.ends_with("’")) return "SingleQuote";
  return {};
}

/// A mark that is a span: no bracket of one, and nothing that is said of a node.
bool travels(const edition::mark &m) {
  return !m.is_bracket && !m.what.node_id();
}

/// The attribute pandoc.citations, where it is what an importer put there.
std::string citations_of(node n) {
  const auto said = n.attr("pandoc.citations");
  if (!said) return "[]";
  try {
    const json_tree tree(*said);
    const json_value list(tree, 0);
    auto is_word = [](const json_value &v, std::string_view words) {
      return v["t"].is_string() && has_word(words, v["t"].raw());
    };
    for (const json_value &one : list.items())
      if (!one["citationId"].is_string() || !is_word(one["citationMode"], "AuthorInText SuppressAuthor NormalCitation")) return "[]";
    return list.is_array() ? std::string(*said) : "[]";
  } catch (const json_error &) {
    return "[]";
  }
}

}  // namespace

void writer::text(std::string_view words) {
  for (size_t at = 0; at < words.size();) {
    if (words[at] == ' ') {
      word("Space");
      ++at;
      continue;
    }
    const size_t end = std::min(words.find(' ', at), words.size());
    std::string quoted;
    edition::add_json_string(quoted, words.substr(at, end - at));
    if (word_end_ == out_.size()) {
      // The other half of a word that a bracket or a page cut.
      out_.resize(out_.size() - 2);
      out_.append(quoted, 1);
    } else {
      next();
      (out_ += "{\"t\":\"Str\",\"c\":") += quoted;
    }
    out_ += '}';
    word_end_ = out_.size();
    at = end;
  }
}

void writer::inlines(uint32_t first, uint32_t end) {
  std::vector<std::string> closers;
  const size_t hidden_before = hidden_.size();
  auto close_with = [&](std::string_view json) {
    out_ += json;
    is_first_ = false;
  };
  for (const edition::step &step : reading_.steps(first, end)) {
    switch (step.does) {
      case edition::step::what::open_node:
        closers.push_back(opened(document_.at(step.node)));
        break;
      case edition::step::what::close_node:
        close_with(closers.back());
        closers.pop_back();
        break;
      case edition::step::what::open_mark:
        if (travels(*step.mark)) open_mark(*step.mark);
        break;
      case edition::step::what::close_mark:
        if (travels(*step.mark)) close_with("]]}");
        break;
      case edition::step::what::point:
        open_mark(*step.mark);
        close_with("]]}");
        break;
      case edition::step::what::leaf:
        leaf(document_.at(step.node), step.range);
        break;
    }
  }
  hidden_.resize(hidden_before);
}

/// The element that stands for an inline, up to the list of what it holds.
std::string writer::opened(node n) {
  account_.emitted(n);
  const attributes attr = attributes_of(n);
  auto open_span = [&](const attributes &with) {
    open("Span");
    put(with);
    list();
    return std::string("]]}");
  };
  std::string closer;
  const bool has_attr = n.is(kind::span) || n.is(kind::link) || static_cast<uint16_t>(n.kind()) >= CALQUE_KIND_NAMED;
  const std::string_view quotation = n.is(kind::quoted) ? quotation_of(n) : std::string_view();
  if (n.is(kind::quoted) && quotation.empty()) return open_span(with_class(attr, "quoted"));
  if (!has_attr && !attr.empty()) closer = open_span(with_class(attr, "wrapper"));
  if (const std::string_view look = type_of_look(n.kind()); !look.empty()) {
    open(look);
    return "]}" + closer;
  }
  switch (n.kind()) {
    case kind::quoted:
      hidden_.push_back({n.range().begin, n.range().begin + 3});
      hidden_.push_back({n.range().end - 3, n.range().end});
      open("Quoted");
      word(quotation);
      list();
      return "]]}" + closer;
    case kind::citation:
      open("Cite");
      raw(citations_of(n));
      list();
      return "]]}" + closer;
    case kind::link: {
      open("Link");
      put(attr);
      list();
      std::string target;
      target.swap(out_);
      is_first_ = true;
      list();
      string(n.attr("href").value_or(""));
      string(n.attr("title").value_or(""));
      end_list();
      target.swap(out_);
      is_first_ = true;
      return "]," + target + "]}";
    }
    case kind::span:
      return open_span(attr);
    default: {
      attributes named = with_class(attr, "named");
      named.pairs.emplace_back("kind", n.kind_name());
      return open_span(named);
    }
  }
}

void writer::open_mark(const edition::mark &m) {
  attributes attr;
  attr.classes = {"calque-mark", std::string(m.what.kind())};
  attr.pairs.emplace_back("layer", m.name);
  attr.pairs.emplace_back("mark", std::to_string(m.what.id()));
  if (m.what.range().is_empty() && m.what.side() == calque::side::before) attr.pairs.emplace_back("side", "before");
  for (const auto &value : m.what.values()) {
    attr.pairs.emplace_back(value.key, value.text);
    // For pandoc's own writers.
    if (m.name == "calque.language/1" && value.key == "tag") attr.pairs.emplace_back("lang", value.text);
  }
  open("Span");
  put(attr);
  list();
  account_.emitted(m.layer, m.what);
}

void writer::leaf(node n, calque::text_range range) {
  account_.emitted(n);
  for (const calque::text_range &h : hidden_)
    if (h.begin <= range.begin && h.end > range.begin)
      range.begin = std::min(h.end, range.end);
    else if (h.begin < range.end && h.end >= range.end)
      range.end = std::max(h.begin, range.begin);
  const std::string_view words = document_.text(range);
  const attributes attr = attributes_of(n);
  switch (n.kind()) {
    case kind::code:
      open("Code");
      put(attr);
      string(words);
      return close();
    case kind::image:
      return image(n);
    case kind::anchor: {
      const auto asides = reading_.asides_of(n);
      if (asides.empty()) {
        open("Span");
        put(with_class(attr, "anchor"));
        list();
        end_list();
        close();
      }
      text(words);
      for (node aside : asides) note(aside);
      return;
    }
    default: break;
  }
  const bool is_wrapped = !attr.empty();
  if (is_wrapped) {
    open("Span");
    put(n.is(kind::text) ? attr : with_class(attr, "wrapper"));
    list();
  }
  if (n.is(kind::line_break) && words == "\n") {
    word("LineBreak");
  } else if (n.is(kind::soft_break) && words == " ") {
    word("SoftBreak");
  } else if (n.is(kind::math)) {
    open("Math");
    word(n.attr("display") == "true" ? "DisplayMath" : "InlineMath");
    string(words);
    close();
  } else if (n.is(kind::raw)) {
    open("RawInline");
    string(n.attr("format").value_or("text"));
    string(words);
    close();
  } else {
    text(words);
  }
  if (is_wrapped) {
    end_list();
    close();
  }
  for (node aside : reading_.asides_of(n)) note(aside);
}

/// The address of an image: the blob itself as a data URI, where the document has it.
std::string writer::target_of(node image, attributes &attr) {
  const std::string_view name = image.attr("resource").value_or("");
  const calque_document &raw_document = document_.raw();
  for (uint32_t r = 0; r < raw_document.resource_count; ++r) {
    const calque_resource &one = *raw_document.resources[r];
    if (calque::view(one.name) != name) continue;
    attr.pairs.emplace_back("calque.resource", name);
    shown_resources_.insert(calque::view(one.name));
    return "data:" + std::string(calque::view(one.media_type)) + ";base64," +
           edition::base64({reinterpret_cast<const char *>(one.data), one.size});
  }
  return std::string(name);
}

void writer::image(node n) {
  attributes attr = attributes_of(n);
  const std::string target = target_of(n, attr);
  std::vector<node> others;
  open("Image");
  put(attr);
  list();
  for (node aside : reading_.asides_of(n))
    if (aside.attr("role") == "alt")
      alternative(aside);
    else
      others.push_back(aside);
  end_list();
  list();
  string(target);
  string(n.attr("title").value_or(""));
  end_list();
  close();
  for (node aside : others) note(aside);
}

void writer::figure_image(node n, const node *caption) {
  attributes attr = attributes_of(n);
  const std::string target = target_of(n, attr);
  open("Image");
  put(attr);
  list();
  if (caption != nullptr) {
    account_.emitted(*caption);
    inlines_of(*caption);
  }
  end_list();
  list();
  string(target);
  string("fig:" + std::string(n.attr("title").value_or("")));
  end_list();
  close();
}

/// All the text of an aside as inlines.
void writer::alternative(node aside) {
  account_.emitted(aside);
  bool is_begun = false;
  auto run = [&](uint32_t first, uint32_t end) {
    if (is_begun) word("Space");
    is_begun = true;
    inlines(first, end);
  };
  for (uint32_t i = aside.index() + 1; i < aside.end_index();) {
    const node n = document_.at(i);
    if (n.is(kind::aside)) {
      if (!is_called(n)) note(n);
      i = n.end_index();
    } else if (n.is_text_block()) {
      account_.not_expressed(n, "pandoc_json.alt-flattened");
      run(i + 1, n.end_index());
      i = n.end_index();
    } else if (edition::is_inline(n)) {
      uint32_t end = i;
      while (end < aside.end_index() && edition::is_inline(document_.at(end))) end = document_.at(end).end_index();
      run(i, end);
      i = end;
    } else {
      account_.not_expressed(n, "pandoc_json.alt-flattened");
      ++i;
    }
  }
}

void writer::note(node aside) {
  account_.emitted(aside);
  attributes attr = attributes_of(aside);
  const std::string role(aside.attr("role").value_or("note"));
  if (role != "note") attr.pairs.insert(attr.pairs.begin(), {"role", role});
  open("Note");
  if (!attr.empty()) {
    open("Div");
    put(with_class(attr, "aside"));
    list();
  }
  blocks(aside);
  if (!attr.empty()) {
    end_list();
    close();
  }
  close();
}

}  // namespace pandoc_json
