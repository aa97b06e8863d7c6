// SPDX-License-Identifier: Apache-2.0
// Text, names, dates, notes and pages.
#include "frus_tei.hpp"

namespace frus_tei {

using calque::kind;
using edition::step;

namespace {

std::string_view without_hash(std::string_view reference) {
  return reference.starts_with('#') ? reference.substr(1) : reference;
}

constexpr std::string_view looks[] = {"strong", "italic", "smallcaps", "roman", "underline", "sub", "superscript"};

bool is_date(std::string_view value) {
  if (value.size() < 4 || value.size() > 40) return false;
  for (char c : value)
    if (!((c >= '0' && c <= '9') || c == '-' || c == ':' || c == 'T' || c == '+' || c == 'Z' || c == '.')) return false;
  return true;
}

}  // namespace

void writer::inlines(uint32_t first, uint32_t end_index) {
  const size_t outside = open_.size();
  auto close = [&] {
    const std::string element = std::move(open_.back());
    open_.pop_back();
    if (element == "]")
      out_ += ']';
    else if (!element.empty())
      end(element);
  };
  for (const step &s : reading_.steps(first, end_index)) {
    switch (s.does) {
      case step::what::open_node:
        open_inline(document_.at(s.node));
        break;
      case step::what::open_mark:
        open_mark(s);
        break;
      case step::what::close_node:
      case step::what::close_mark:
        close();
        break;
      case step::what::leaf:
        leaf(document_.at(s.node), s.range);
        break;
      case step::what::point:
        point(*s.mark);
        break;
    }
  }
  while (open_.size() > outside) close();
}

void writer::open_inline(node n) {
  account_.emitted(n);
  auto put = [&](std::string_view element, std::string attributes = {}) {
    if (auto own = n.attr("id"); own) attributes += attribute("xml:id", id_of(n, "x"));
    start(element, attributes + common(n));
    open_.emplace_back(element);
  };
  auto own = [&](std::string_view names) {
    std::string made;
    n.each_attr([&](std::string_view key, std::string_view value) {
      if (key.starts_with("tei.") && names.find(" " + std::string(key.substr(4)) + " ") != std::string_view::npos &&
          value.find(' ') == std::string_view::npos)
        made += attribute(key.substr(4), value);
    });
    return made;
  };
  auto neutral = [&] {
    changed_.emplace(n.index(), "frus_tei.neutral-element");
    put("seg");
  };
  const std::string_view element = element_of(n);
  if (element == "persName") {
    std::string attributes = own(" type ");
    if (auto target = n.attr("tei.corresp"); target && names_.contains(without_hash(*target)))
      attributes += attribute("corresp", *target);
    else if (target)
      changed_.emplace(n.index(), "frus_tei.link-outside"), attributes += attribute("n", *target);
    if (n.range().is_empty()) return neutral();
    return put("persName", attributes);
  }
  if (element == "gloss") {
    std::string attributes = own(" type ");
    if (auto target = n.attr("tei.target"); target && terms_.contains(without_hash(*target)))
      attributes += attribute("target", *target);
    else if (target)
      changed_.emplace(n.index(), "frus_tei.link-outside"), attributes += attribute("n", *target);
    if (n.range().is_empty()) return neutral();
    return put("gloss", attributes);
  }
  if (element == "placeName" || element == "orgName" || element == "name" || element == "term" || element == "seg" ||
      element == "affiliation")
    return put(element, own(element == "affiliation" ? "" : " type "));
  if (element == "date" || element == "time")
    return put(element, own(" when from to notBefore notAfter type calendar "));
  if (element == "gap" && n.range().is_empty()) return put("gap", own(" reason unit quantity "));
  if (element == "unclear") return put("unclear", own(" reason "));
  if (element == "supplied") {
    changed_.emplace(n.index(), "frus_tei.brackets-added");
    out_ += '[';
    open_.emplace_back("]");
    return;
  }
  switch (n.kind()) {
    case kind::emphasis:
      return put("hi", " rend=\"italic\"");
    case kind::strong:
      return put("hi", " rend=\"strong\"");
    case kind::underline:
      return put("hi", " rend=\"underline\"");
    case kind::strikeout:
      return put("del", " rend=\"strikethrough\"");
    case kind::superscript:
      return put("hi", " rend=\"superscript\"");
    case kind::subscript:
      return put("hi", " rend=\"sub\"");
    case kind::small_caps:
      return put("hi", " rend=\"smallcaps\"");
    case kind::link: {
      const auto href = n.attr("href").value_or("");
      const auto id = without_hash(href);
      if ((href.starts_with('#') && (own_ids_.contains(id) || pages_.contains(id))) ||
          (href.starts_with("frus") && href.find('/') == std::string_view::npos))
        return put("ref", attribute("target", edition::uri(href)));
      changed_.emplace(n.index(), "frus_tei.link-outside");
      return put("seg", " type=\"link\"" + attribute("n", href));
    }
    default:
      break;
  }
  if (element == "hi")
    for (std::string_view look : looks)
      if (n.attr("tei.rend") == look) return put("hi", attribute("rend", look));
  neutral();
}

void writer::open_mark(const step &s) {
  const edition::mark &m = *s.mark;
  auto nothing = [&] { open_.emplace_back(); };
  auto put = [&](std::string_view element, std::string_view attributes = {}) {
    start(element, attributes);
    open_.emplace_back(element);
  };
  // Brackets stand in the text, as they do in print.
  if (m.is_bracket) return nothing();
  if (m.what.node_id()) return nothing();
  if (m.name == "calque.language/1") {
    const auto tag = m.what.value("tag").value_or("");
    if (said_marks_.contains({m.layer, m.what.index()}) || !edition::is_language_tag(tag)) return nothing();
    said_marks_.emplace(m.layer, m.what.index());
    return put("seg", attribute("xml:lang", tag));
  }
  if (m.name == "calque.date/1") {
    const auto value = m.what.value("edtf").value_or("");
    const auto date = edition::read_edtf(value);
    if (!date || date->is_interval || !is_date(date->begin.value) || date->begin.value.find('T') != std::string::npos)
      return put("date");
    return put("date", attribute("when", date->begin.value));
  }
  if (m.name == "calque.editorial/1") return m.what.kind() == "uncertain" ? put("unclear") : nothing();
  if (m.what.kind() == "person") return put("persName");
  if (m.what.kind() == "place") return put("placeName");
  if (m.what.kind() == "organization") return put("orgName");
  nothing();
}

void writer::leaf(node n, calque::text_range range) {
  account_.emitted(n);
  switch (n.kind()) {
    case kind::line_break:
      out_ += "<lb/>";
      return;
    case kind::image:
      out_ += "<figure>";
      image(n);
      out_ += "</figure>";
      return;
    case kind::anchor: {
      const auto asides = reading_.asides_of(n);
      if (asides.empty()) {
        std::string id = id_of(n, "n" + std::to_string(n.id()));
        out_ += "<anchor" + attribute("xml:id", id) + "/>";
      }
      for (node called : asides) aside(called);
      return;
    }
    case kind::code:
    case kind::math:
    case kind::raw:
      changed_.emplace(n.index(), "frus_tei.neutral-element");
      break;
    default:
      break;
  }
  leaf_text(n, document_.text(range));
}

void writer::leaf_text(node n, std::string_view text) {
  if (escape(text)) changed_.emplace(n.index(), "frus_tei.forbidden-character");
}

void writer::aside(node n) {
  account_.emitted(n);
  std::vector<std::string> outside;
  outside.swap(open_);
  const bool is_note = n.attr("role") == "note";
  if (in_note_ > 0) {
    changed_.emplace(n.index(), "frus_tei.note-in-note");
    out_ += " [";
    blocks(n.index() + 1, n.end_index(), place::note);
    out_ += ']';
    open_.swap(outside);
    return;
  }
  if (!is_note) changed_.emplace(n.index(), "frus_tei.reading-as-note");
  std::string attributes;
  if (auto label = n.attr("label")) attributes += attribute("n", *label);
  const std::string wish = division_id_ + "fn" + std::to_string(++notes_);
  const auto own = n.attr("id");
  // A note's id begins with that of its division.
  if (own && own->starts_with(division_id_ + "fn"))
    attributes += attribute("xml:id", id_of(n, wish));
  else {
    std::string made = wish;
    while (own_ids_.contains(made) || !used_ids_.insert(made).second)
      made = division_id_ + "fn" + std::to_string(++notes_);
    attributes += attribute("xml:id", made);
  }
  if (auto type = n.attr("tei.type"); type && type->find_first_of(" :") == std::string_view::npos)
    attributes += attribute("type", *type);
  else if (!is_note)
    attributes += attribute("type", n.attr("role").value_or("note"));
  if (auto look = n.attr("tei.rend")) attributes += attribute("rend", *look);
  ++in_note_;
  const int outside_list = in_list_;
  start("note", attributes + common(n));
  blocks(n.index() + 1, n.end_index(), place::note);
  end("note");
  in_list_ = outside_list;
  --in_note_;
  open_.swap(outside);
}

void writer::image(node n) {
  account_.emitted(n);
  changed_.emplace(n.index(), "frus_tei.image-by-name");
  std::string name = edition::uri(n.attr("resource").value_or("image"));
  // The series names images without the ending of a file.
  if (const size_t dot = name.rfind('.'); dot != std::string::npos && name.size() - dot <= 5 && name.size() - dot >= 4)
    name.resize(dot);
  out_ += "<graphic" + attribute("url", name) + "/>";
  for (node alternative : reading_.asides_of(n)) aside(alternative);
}

void writer::point(const edition::mark &m) {
  if (m.name != "calque.page/1") return;
  std::string attributes;
  if (auto number = m.what.value("n")) {
    attributes += attribute("n", *number);
    std::string id = "pg_";
    for (char c : *number)
      if (c != '[' && c != ']') id += c;
    if (pages_.contains(id) && !own_ids_.contains(id) && used_ids_.insert(id).second)
      attributes += attribute("xml:id", id);
  }
  if (auto facsimile = m.what.value("facs")) attributes += attribute("facs", edition::uri(*facsimile));
  out_ += "<pb" + attributes + "/>";
  said_marks_.emplace(m.layer, m.what.index());
}

}  // namespace frus_tei
