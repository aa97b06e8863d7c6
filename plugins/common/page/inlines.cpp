// SPDX-License-Identifier: Apache-2.0
// Inlines, marks, images and page breaks of a page.
#include "plugins/common/page/page_writer.hpp"

namespace edition {

using calque::kind;

void page_writer::inlines(uint32_t first, uint32_t last, text_range said_by_block) {
  const size_t outside = open_.size();
  for (const step &s : reading_.steps(first, last)) {
    switch (s.does) {
      case step::what::open_node:
        open_inline(document_.at(s.node));
        break;
      case step::what::open_mark:
        open_mark(*s.mark, said_by_block);
        break;
      case step::what::close_node:
      case step::what::close_mark: {
        const std::string element = std::move(open_.back());
        open_.pop_back();
        if (element == "a") --in_link_;
        if (!element.empty()) end(element);
        break;
      }
      case step::what::leaf:
        leaf(document_.at(s.node), s.range);
        break;
      case step::what::point:
        point(*s.mark);
        break;
    }
  }
  for (; open_.size() > outside; open_.pop_back())
    if (!open_.back().empty()) end(open_.back());
}

void page_writer::put(std::string_view element, std::string_view attributes) {
  if (!element.empty()) start(element, attributes);
  open_.emplace_back(element);
}

void page_writer::open_inline(node n) {
  account_.emitted(n);
  note_languages(n.range());
  // Only what links lead to needs a name within a line; of pieces that a mark cut, the first has it.
  const bool is_named = is_target(n) && begun_.insert(n.index()).second;
  const std::string attributes = (is_named ? id(n) : std::string()) + language_attributes(n);
  switch (n.kind()) {
    case kind::emphasis:
      return put("em", attributes);
    case kind::strong:
      return put("strong", attributes);
    case kind::underline:
      return put("span", " class=\"underline\"" + attributes);
    case kind::strikeout:
      return put("s", attributes);
    case kind::superscript:
      return put("sup", attributes);
    case kind::subscript:
      return put("sub", attributes);
    case kind::small_caps:
      return put("span", " class=\"small-caps\"" + attributes);
    case kind::quoted:
      return put("span", " class=\"quoted\"" + attributes);
    case kind::citation:
      return put("cite", attributes);
    case kind::link:
      return open_link(n, attributes);
    case kind::span:
      return put("span", attributes);
    default:
      changed_.emplace(n.index(), form_.codes.unknown_kind);
      return put("span", attribute("data-kind", n.kind_name()) + attributes);
  }
}

void page_writer::open_link(node n, const std::string &attributes) {
  std::string title;
  if (auto words = n.attr("title")) title = attribute("title", *words);
  const auto target = n.attr("href");
  if (!target) return put("span", attributes + title);
  if (auto to = in_link_ == 0 ? link_to(*target) : std::nullopt) {
    ++in_link_;
    return put("a", attribute("href", *to) + attributes + title);
  }
  changed_.emplace(n.index(), form_.codes.link_not_followed);
  put("span", attributes + title + attribute("data-target", *target));
}

void page_writer::open_mark(const mark &m, text_range said_by_block) {
  const auto kind = m.what.kind();
  if (m.is_bracket) return put("span", " class=\"bracket\"");
  if (m.name == "calque.editorial/1") {
    if (kind == "marked") {
      // The first of its pieces is the one that links lead to.
      const bool is_first = marked_.insert(m.what.id()).second;
      return put("span", " class=\"marked\"" + (is_first ? id(m) : std::string()));
    }
    const auto *shown = find_intervention(kind);
    if (!shown) return put("span", attribute("class", kind));
    std::string language;
    if (auto tag = m.what.value("lang")) language = language_attributes(*tag);
    return put("span",
               attribute("class", "ed " + std::string(kind)) + attribute("title", explain(*shown, m.what)) + language);
  }
  if (m.name == "calque.language/1") {
    const auto tag = m.what.value("tag").value_or("");
    if (reading::covers(m, said_by_block) || !is_language_tag(tag)) return put({});
    said_marks_.emplace(m.layer, m.what.index());
    return put("span", language_attribute(tag, form_.is_xml) + " dir=\"auto\"");
  }
  if (m.name == "calque.date/1") {
    const auto edtf = m.what.value("edtf").value_or("");
    const std::string time = machine_time(edtf);
    if (time.empty()) return put("span", " class=\"date\"" + attribute("title", edtf));
    return put("time", attribute("datetime", time) + attribute("title", edtf));
  }
  if (m.name == "calque.term/1") return put("span", " class=\"term\"");
  // calque.name/1: a mark on a block says something of that block, not of the words in it.
  if (auto of = m.what.node_id()) {
    auto n = reading_.ids().node(*of);
    if (n && !is_inline(*n)) return put({});
  }
  put("span", attribute("class", "name " + std::string(kind)));
}

void page_writer::leaf(node n, text_range range) {
  const std::string_view words = document_.text(range);
  switch (n.kind()) {
    case kind::line_break:
      account_.emitted(n);
      return void_element("br");
    case kind::code:
      out_ += "<code>";
      leaf_text(n, words);
      out_ += "</code>";
      return;
    case kind::math:
      out_ += "<span class=\"math\">";
      leaf_text(n, words);
      out_ += "</span>";
      return;
    case kind::raw:
      if (is_own_notation(n)) {
        account_.emitted(n);
        return raw(n, range);
      }
      out_ += "<code class=\"raw\">";
      leaf_text(n, words);
      out_ += "</code>";
      return;
    case kind::image:
      return image(n);
    case kind::anchor:
      return call(n);
    default:
      leaf_text(n, words);
  }
}

void page_writer::leaf_text(node n, std::string_view words) {
  account_.emitted(n);
  if (escape(words, out_, form_.is_xml)) changed_.emplace(n.index(), form_.codes.forbidden_character);
}

void page_writer::image(node n) {
  account_.emitted(n);
  const std::string alternative = alternative_text(n);
  std::string_view why_not;
  if (const auto address = picture(n, alternative, why_not)) {
    std::string attributes = id(n) + attribute("src", *address) + attribute("alt", alternative);
    if (auto title = n.attr("title")) attributes += attribute("title", *title);
    return void_element("img", attributes);
  }
  changed_.emplace(n.index(), why_not);
  const auto name = n.attr("resource");
  start("span", id(n) + " class=\"image\"" + (name ? attribute("title", *name) : std::string()));
  // In brackets, unless an importer knows it: it is no word of the line, and would be one with the word before it.
  if (form_.names_parts)
    text(alternative);
  else if (!alternative.empty())
    text("[" + alternative + "]");
  end("span");
}

void page_writer::point(const mark &m) {
  if (m.name != "calque.page/1") return;
  const auto number = m.what.value("n");
  const bool has_number = number && number->find_first_not_of(" \t\n\r") != std::string_view::npos;
  const std::string words = has_number ? "page " + std::string(*number) : "page break";
  const std::string name = name_of(m);
  start("span", id(name) + " class=\"page\"" + std::string(form_.page_break) + attribute("aria-label", words));
  text(words);
  end("span");
  if (has_number) page_begins(*number, name);
  said_marks_.emplace(m.layer, m.what.index());
}

}  // namespace edition
