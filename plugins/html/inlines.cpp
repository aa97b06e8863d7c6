// SPDX-License-Identifier: Apache-2.0
// Inlines, marks, page breaks and note calls of the reading edition.
#include "html.hpp"
#include "raw_tags.hpp"

#include <algorithm>

namespace html {

using calque::kind;
using edition::step;

void writer::inlines(uint32_t first, uint32_t last, calque::text_range said_by_block) {
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

void writer::put(std::string_view element, std::string_view attributes) {
  if (!element.empty()) start(element, attributes);
  open_.emplace_back(element);
}

void writer::open_inline(node n) {
  account_.emitted(n);
  note_languages(n.range());
  // Only what links lead to needs a name within a line; of pieces that a mark cut, the first has it.
  const bool is_named = n.attr("id") && begun_.insert(n.index()).second;
  const std::string language = (is_named ? attribute("id", id_of(n)) : std::string()) + language_attributes(n);
  switch (n.kind()) {
    case kind::emphasis:
      return put("em", language);
    case kind::strong:
      return put("strong", language);
    case kind::underline:
      return put("span", " class=\"underline\"" + language);
    case kind::strikeout:
      return put("s", language);
    case kind::superscript:
      return put("sup", language);
    case kind::subscript:
      return put("sub", language);
    case kind::small_caps:
      return put("span", " class=\"small-caps\"" + language);
    case kind::quoted:
      return put("span", " class=\"quoted\"" + language);
    case kind::citation:
      return put("cite", language);
    case kind::link: {
      const auto href = n.attr("href");
      std::string attributes = language;
      if (auto title = n.attr("title")) attributes += attribute("title", *title);
      if (href && can_follow(*href) && in_link_ == 0) {
        ++in_link_;
        return put("a", attribute("href", edition::uri(*href)) + attributes);
      }
      if (href) {
        changed_.emplace(n.index(), "html.link-not-followed");
        attributes += attribute("data-target", *href);
      }
      return put("span", attributes);
    }
    case kind::span:
      return put("span", language);
    default:
      changed_.emplace(n.index(), "html.unknown-kind");
      return put("span", attribute("data-kind", n.kind_name()) + language);
  }
}

void writer::open_mark(const edition::mark &m, calque::text_range said_by_block) {
  const auto kind = m.what.kind();
  if (m.is_bracket) return put("span", " class=\"bracket\"");
  if (m.name == "calque.editorial/1") {
    if (kind == "marked") {
      // The first of its pieces is the one that links lead to.
      const bool is_first = marked_.insert(m.what.id()).second;
      return put("span", " class=\"marked\"" +
                             (is_first ? mark_id(m) : std::string()));
    }
    const auto *shown = find_intervention(kind);
    if (!shown) return put("span", attribute("class", kind));
    const std::string title = edition::explain(*shown, m.what);
    std::string language;
    if (auto tag = m.what.value("lang")) language = language_attributes(*tag);
    return put("span", attribute("class", "ed " + std::string(kind)) + attribute("title", title) + language);
  }
  if (m.name == "calque.language/1") {
    const auto tag = m.what.value("tag").value_or("");
    if (edition::reading::covers(m, said_by_block) || !edition::is_language_tag(tag)) return put({});
    said_marks_.emplace(m.layer, m.what.index());
    return put("span", attribute("lang", tag) + " dir=\"auto\"");
  }
  if (m.name == "calque.date/1") {
    const auto edtf = m.what.value("edtf").value_or("");
    const std::string time = machine_time(edtf);
    if (time.empty()) return put("span", " class=\"date\"" + attribute("title", edtf));
    return put("time", attribute("datetime", time) + attribute("title", edtf));
  }
  if (m.name == "calque.term/1") return put("span", " class=\"term\"");
  // calque.name/1: a mark on a block says something of that block, not of the words in it.
  if (auto id = m.what.node_id()) {
    auto n = reading_.ids().node(*id);
    if (n && !edition::is_inline(*n)) return put({});
  }
  put("span", attribute("class", "name " + std::string(kind)));
}

void writer::leaf(node n, calque::text_range range) {
  const std::string_view text = document_.text(range);
  switch (n.kind()) {
    case kind::line_break:
      account_.emitted(n);
      out_ += "<br>";
      return;
    case kind::code:
      out_ += "<code>";
      leaf_text(n, text);
      out_ += "</code>";
      return;
    case kind::math:
      out_ += "<span class=\"math\">";
      leaf_text(n, text);
      out_ += "</span>";
      return;
    case kind::raw:
      if (options_.raw_html && n.attr("format") == "html") {
        account_.emitted(n);
        // A mark may cut the text within a tag.
        const uint32_t begin = n.range().begin;
        if (!options_.tag_filter)
          out_ += text;
        else if (append_filtered(out_, n.text(), range.begin - begin, range.end - begin))
          changed_.emplace(n.index(), "html.tag-filtered");
        return;
      }
      out_ += "<code class=\"raw\">";
      leaf_text(n, text);
      out_ += "</code>";
      return;
    case kind::image:
      return image(n);
    case kind::anchor:
      return call(n);
    default:
      leaf_text(n, text);
  }
}

/// The number that calls a note; the first one carries the id that the notes lead back to.
void writer::call(node n) {
  account_.emitted(n);
  const auto asides = reading_.asides_of(n);
  const std::string id = attribute("id", id_of(n));
  if (asides.empty()) out_ += "<span" + id + "></span>";
  if (!n.range().is_empty()) leaf_text(n, n.text());
  bool is_first = true;
  for (node aside : asides) {
    notes_.push_back({aside, id_of(n)});
    const std::string number = std::to_string(notes_.size());
    out_ += "<sup class=\"call\"" + (is_first ? id : std::string()) + ">";
    is_first = false;
    if (in_link_ == 0)
      out_ += "<a" + attribute("href", "#" + id_of(aside)) + " aria-label=\"Note " + number + "\">" + number + "</a>";
    else
      out_ += number;
    out_ += "</sup>";
  }
}

/// The image itself, so that the page stands alone.
void writer::image(node n) {
  account_.emitted(n);
  const auto name = n.attr("resource");
  std::string alternative(n.text());
  for (node aside : reading_.asides_of(n)) {
    // An alternative text is one string: notes that it calls are called by the image.
    for (uint32_t i = aside.index(); i < aside.end_index();) {
      const node part = document_.at(i);
      const bool is_nested = part.is(kind::aside) && i > aside.index();
      if (!is_nested) account_.emitted(part);
      i = is_nested ? part.end_index() : i + 1;
    }
    for (node further : reading_.asides_below(aside)) notes_.push_back({further, id_of(n)});
    if (!alternative.empty()) alternative += ' ';
    alternative += edition::plain_text(document_, aside);
  }
  const calque_document &raw = document_.raw();
  for (uint32_t k = 0; name && k < raw.resource_count; ++k) {
    const calque_resource &resource = *raw.resources[k];
    const auto type = calque::view(resource.media_type);
    if (calque::view(resource.name) != *name || !type.starts_with("image/")) continue;
    const std::string data = "data:" + std::string(type) + ";base64," +
                             edition::base64({reinterpret_cast<const char *>(resource.data), resource.size});
    std::string attributes = attribute("id", id_of(n)) + attribute("src", data) +
                             attribute("alt", alternative);
    if (auto title = n.attr("title")) attributes += attribute("title", *title);
    start("img", attributes);
    return;
  }
  changed_.emplace(n.index(), "html.image-missing");
  start("span", attribute("id", id_of(n)) + " class=\"image\"" +
                    (name ? attribute("title", *name) : std::string()));
  escape(alternative);
  end("span");
}

void writer::point(const edition::mark &m) {
  if (m.name != "calque.page/1") return;
  const auto number = m.what.value("n");
  const std::string name = number && !number->empty() ? "page " + std::string(*number) : "page break";
  start("span", mark_id(m) + " class=\"page\" role=\"doc-pagebreak\"" +
                    attribute("aria-label", name));
  escape(name);
  end("span");
  said_marks_.emplace(m.layer, m.what.index());
}

}  // namespace html
