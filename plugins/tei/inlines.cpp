// SPDX-License-Identifier: Apache-2.0
// Inlines, marks, points and notes within a block.
#include "tei.hpp"

namespace tei {

using calque::kind;
using edition::step;

namespace {

bool is_gap(std::string_view kind) { return kind == "omitted" || kind == "illegible" || kind == "withheld"; }

bool is_certainty(std::string_view text) {
  if (text == "high" || text == "medium" || text == "low" || text == "unknown") return true;
  return text == "1" || text == "0" || ((text.starts_with("0.") || text.starts_with("1.0")) && text.size() < 8);
}

}  // namespace

void writer::inlines(uint32_t first, uint32_t end, calque::text_range said_by_block) {
  const size_t outside = open_.size();
  for (const step &s : reading_.steps(first, end)) {
    switch (s.does) {
      case step::what::open_node:
        open_inline(document_.at(s.node));
        break;
      case step::what::open_mark:
        open_mark(s, said_by_block);
        break;
      case step::what::close_node:
      case step::what::close_mark:
        close_inline();
        break;
      case step::what::leaf:
        leaf(document_.at(s.node), s.range);
        break;
      case step::what::point:
        point(*s.mark);
        break;
    }
  }
  while (open_.size() > outside) close_inline();
}

void writer::close_inline() {
  const std::string element = std::move(open_.back());
  open_.pop_back();
  if (element == "gap/desc") {
    --in_gap_;
    out_ += "</desc></gap>";
  } else if (element == "bracket") {
    --left_out_;
  } else if (!element.empty()) {
    end(element);
  }
}

void writer::open_inline(node n) {
  account_.emitted(n);
  auto put = [&](std::string_view element, std::string attributes = {}) {
    attributes = id_attribute(n, false) + attributes + own_attributes(n, element, attributes);
    attributes += language_attribute(n, languages_.back());
    start(element, attributes);
    open_.emplace_back(element);
  };
  const std::string_view came_from = own_element_of(n);
  if (in_gap_ == 0 && static_cast<uint16_t>(n.kind()) < CALQUE_KIND_NAMED && !came_from.empty() && came_from != "hi" &&
      n.kind() != kind::link) {
    uint32_t readings = 0;
    for (node child : n.children()) readings += child.is(kind::span) || child.is(kind::anchor) ? 1 : 0;
    if (came_from == "choice" && readings < 2) return put("seg", " type=\"tei:choice\"");
    const bool is_full_gap = came_from == "gap" && n.end_index() > n.index() + 1;
    if (is_own_inline(came_from) && !is_full_gap) return put(came_from);
    return put("seg", attribute("type", "tei:" + std::string(came_from)));
  }
  if (n.attr("tei.rend") && n.kind() >= kind::emphasis && n.kind() <= kind::small_caps) return put("hi");
  if (came_from == "hi") return put("hi");
  switch (n.kind()) {
    case kind::emphasis:
      return put("hi", " rend=\"italic\"");
    case kind::strong:
      return put("hi", " rend=\"bold\"");
    case kind::underline:
      return put("hi", " rend=\"underline\"");
    case kind::strikeout:
      return put("hi", " rend=\"strikethrough\"");
    case kind::superscript:
      return put("hi", " rend=\"superscript\"");
    case kind::subscript:
      return put("hi", " rend=\"subscript\"");
    case kind::small_caps:
      return put("hi", " rend=\"smallcaps\"");
    case kind::quoted:
      return put("seg", " type=\"quoted\"");
    case kind::link:
      if (auto href = n.attr("href"); href && !href->empty()) {
        std::string attributes = attribute("target", link_target(n, *href));
        if (auto title = n.attr("title")) attributes += attribute("n", *title);
        return put(came_from == "ptr" && n.end_index() == n.index() + 1 ? "ptr" : "ref", attributes);
      }
      return put("ref");
    case kind::span:
    case kind::citation:
      return put("seg", attribute("type", n.kind_name()));
    default:
      // A block or a kind without a name of ours in the midst of a line.
      changed_.emplace(n.index(), "tei.unknown-kind");
      return put("seg", attribute("type", n.kind_name()));
  }
}

void writer::open_mark(const step &s, calque::text_range said_by_block) {
  const edition::mark &m = *s.mark;
  const auto kind = m.what.kind();
  auto put = [&](std::string_view element, std::string_view attributes = {}) {
    std::string all(attributes);
    if (s.is_split) {
      // Pieces of one annotation: each points back to the one before it.
      const int piece = ++pieces_[&m];
      const std::string id = "a" + std::to_string(m.what.id()) + ".";
      all += attribute("xml:id", id + std::to_string(piece));
      if (piece > 1) all += attribute("prev", "#" + id + std::to_string(piece - 1));
    }
    start(element, all);
    open_.emplace_back(element);
  };
  auto nothing = [&] { open_.emplace_back(); };

  if (m.is_bracket) {
    if (options_.bracket_style == brackets::elements) {
      ++left_out_;
      open_.emplace_back("bracket");
      return;
    }
    return in_gap_ > 0 ? nothing() : put("pc", " type=\"bracket\"");
  }
  if (in_gap_ > 0) return nothing();
  // An element of the source says itself what the layers say of it.
  if (auto id = m.what.node_id())
    if (auto n = reading_.ids().node(*id); n && (!edition::is_inline(*n) || !own_element_of(*n).empty())) return nothing();
  if (m.name == "calque.editorial/1") return open_editorial(s);
  if (m.name == "calque.segment/1") return put("s");
  if (m.name == "calque.term/1") return put("term");
  if (m.name == "calque.date/1") {
    if (in_date_field_) return nothing();
    return put("date", date_attributes(m.what.value("edtf").value_or("")));
  }
  if (m.name == "calque.language/1") {
    const auto tag = m.what.value("tag").value_or("");
    if (edition::reading::covers(m, said_by_block) || !edition::is_language_tag(tag)) return nothing();
    said_marks_.emplace(m.layer, m.what.index());
    return put("foreign", attribute("xml:lang", tag));
  }
  if (kind == "person") {
    auto at = person_ids_.find(m.what.id());
    return put("persName", at == person_ids_.end() ? std::string() : attribute("ref", "#" + at->second));
  }
  if (kind == "place") return put("placeName");
  if (kind == "organization") return put("orgName");
  if (kind == "role") return put("roleName");
  put("name", attribute("type", kind));
}

void writer::open_editorial(const step &s) {
  const edition::mark &m = *s.mark;
  const auto kind = m.what.kind();
  std::string all;
  if (auto agent = m.what.value("agent")) all += agent_reference(*agent);
  if (auto certainty = m.what.value("certainty"); certainty && is_certainty(*certainty))
    all += attribute("cert", *certainty);
  if (options_.bracket_style == brackets::elements && kind != "marked") {
    const auto open = m.what.value("open").value_or(""), close = m.what.value("close").value_or("");
    // @rend is a list of words; a bracket of the source is one word.
    std::string rend(open);
    if (!open.empty() && !close.empty()) rend += ' ';
    rend += close;
    if (!rend.empty()) all += attribute("rend", rend);
  }
  std::string target, id;
  for (const auto &value : m.what.values())
    if (value.key == "marks" && value.type == CALQUE_VALUE_REF) target = value.text;
  const bool is_target = kind == "marked";
  if (s.is_split) {
    const int piece = ++pieces_[&m];
    id = "a" + std::to_string(m.what.id()) + ".";
    all += attribute("xml:id", id + std::to_string(piece));
    if (piece > 1) all += attribute("prev", "#" + id + std::to_string(piece - 1));
  } else if (is_target && target_of_.contains(m.what.id())) {
    all += attribute("xml:id", "a" + std::to_string(m.what.id()));
  }
  if (!target.empty()) {
    // A target in pieces has no id of its own; its first piece does.
    all += attribute("corresp", "#a" + target);
  }
  auto put = [&](std::string_view element, std::string_view attributes = {}) {
    start(element, std::string(attributes) + all);
    open_.emplace_back(element);
  };
  if (is_target) {
    auto at = target_of_.find(m.what.id());
    const std::string_view by = at == target_of_.end() ? std::string_view() : at->second;
    if (by == "sic") return put("sic");
    if (by == "variant_name") return put("placeName");
    if (by == "uncertain") return put("unclear");
    return put("seg", " type=\"marked\"");
  }
  if (is_gap(kind)) {
    const std::string reason = attribute("reason", kind);
    std::string extent;
    if (auto value = m.what.value("extent"); value && !value->empty()) extent = attribute("extent", *value);
    if (!s.is_split && reading_.is_plain(m.range)) {
      start("gap", reason + extent + all);
      out_ += "<desc>";
      ++in_gap_;
      open_.emplace_back("gap/desc");
      return;
    }
    // <desc> holds no page breaks, notes or pieces.
    return put("seg", " type=\"gap\"" + attribute("subtype", kind));
  }
  if (kind == "supplied") return put("supplied");
  if (kind == "gloss") return put("gloss");
  if (kind == "variant_name") return put("placeName", " type=\"variant\"");
  if (kind == "marginal") return put("add", " place=\"margin\"");
  if (kind == "original_word") {
    const auto language = m.what.value("lang").value_or("");
    return put("foreign", edition::is_language_tag(language) ? attribute("xml:lang", language) : std::string());
  }
  if (kind == "uncertain" && target.empty()) return put("unclear");
  const std::string_view type = kind == "translator_note" ? "translator" : kind == "editor_note" ? "editor" : kind;
  put("note", attribute("type", type) + " place=\"inline\"");
}

void writer::leaf(node n, calque::text_range range) {
  const std::string_view text = document_.text(range);
  switch (n.kind()) {
    case kind::line_break:
      account_.emitted(n);
      out_ += in_gap_ > 0 ? " " : "<lb/>";
      return;
    case kind::code:
      start(in_gap_ > 0 ? "seg" : "code");
      leaf_text(n, text);
      return end(in_gap_ > 0 ? "seg" : "code");
    case kind::math:
      start("formula");
      leaf_text(n, text);
      return end("formula");
    case kind::raw: {
      const auto format = n.attr("format");
      start("seg", " type=\"raw\"" + (format ? attribute("n", *format) : std::string()));
      leaf_text(n, text);
      return end("seg");
    }
    case kind::image:
      return image(n);
    case kind::anchor:
      return anchor(n);
    default:
      break;
  }
  if (left_out_ > 0)
    account_.emitted(n);  // @rend has it
  else
    leaf_text(n, text);
}

void writer::anchor(node n) {
  account_.emitted(n);
  const auto asides = reading_.asides_of(n);
  if (asides.empty()) out_ += "<anchor" + id_attribute(n, true) + "/>";
  if (!n.range().is_empty()) leaf_text(n, n.text());
  for (node called : asides) aside(called);
}

void writer::aside(node n) {
  account_.emitted(n);
  const std::string_view came_from = own_element_of(n), inside = open_.empty() ? std::string_view() : open_.back();
  const bool is_reading = (inside == "choice" || inside == "app") && is_own_inline(came_from);
  std::string attributes = id_attribute(n, true);
  if (!is_reading && !n.attr("tei.type")) attributes += attribute("type", n.attr("role").value_or("note"));
  if (auto label = n.attr("label")) attributes += attribute("n", *label);
  const std::string element(is_reading ? came_from : "note");
  attributes += own_attributes(n, element, attributes);
  attributes += language_attribute(n, languages_.back());
  note_languages(n.range());
  start(element, attributes);
  // The note's blocks open nothing within the inlines around its call, and its own marks begin anew.
  std::vector<std::string> outside;
  outside.swap(open_);
  const int outside_gap = in_gap_;
  in_gap_ = 0;
  if (edition::end_of_inlines(document_, n, n.index() + 1) == n.end_index())
    inlines(n.index() + 1, n.end_index(), n.range());
  else
    blocks(n, context::parts);
  in_gap_ = outside_gap;
  open_.swap(outside);
  end(element);
}

void writer::image(node n) {
  changed_.emplace(n.index(), "tei.image-by-name");
  account_.emitted(n);
  // A figure that is a block of its own has no place.
  start("figure", id_attribute(n, true) + " place=\"inline\"");
  if (auto name = n.attr("resource")) out_ += "<graphic" + attribute("url", link_target(n, *name)) + "/>";
  if (auto title = n.attr("title")) {
    out_ += "<head>";
    escape(*title);
    out_ += "</head>";
  }
  if (!n.range().is_empty()) {
    out_ += "<figDesc>";
    leaf_text(n, n.text());
    out_ += "</figDesc>";
  }
  for (node alternative : reading_.asides_of(n)) aside(alternative);
  end("figure");
}

void writer::point(const edition::mark &m) {
  if (m.name != "calque.page/1") {
    out_ += "<lb type=\"source\"";
    if (auto number = m.what.value("n")) out_ += attribute("n", *number);
    if (auto facsimile = m.what.value("facs")) out_ += attribute("facs", edition::uri(*facsimile));
    out_ += "/>";
    return;
  }
  if (in_gap_ > 0) return;
  std::string attributes;
  if (auto number = m.what.value("n")) {
    attributes += attribute("n", *number);
    std::string id = "pg_";
    for (char c : *number)
      if (c != '[' && c != ']') id += c;
    std::set<std::string> none;
    if (called_.contains(id) && edition::unique_id(id, none) == id && used_ids_.insert(id).second)
      attributes += attribute("xml:id", id);
  }
  if (auto facsimile = m.what.value("facs")) attributes += attribute("facs", edition::uri(*facsimile));
  if (auto source = m.what.value("source")) attributes += attribute("type", *source);
  out_ += "<pb" + attributes + "/>";
  said_marks_.emplace(m.layer, m.what.index());
}

std::string writer::link_target(node n, std::string_view href) {
  std::string made = edition::uri(href);
  if (made != href) changed_.emplace(n.index(), "tei.link-changed");
  return made;
}

}  // namespace tei
