// SPDX-License-Identifier: Apache-2.0
// Units: where segments and markers begin and end among the inlines of a block, and how that is written.
#include <algorithm>

#include "export.hpp"
#include "vocabulary.hpp"

namespace xliff {

using calque::kind;

namespace {

bool is_within(calque::text_range inner, calque::text_range outer) {
  return inner.begin >= outer.begin && inner.end <= outer.end;
}

/// Issue types of ITS 2.0; what is none of them is `other`.
std::string_view issue_type(std::string_view type) {
  constexpr std::string_view types[] = {
      "terminology",     "mistranslation",     "omission",         "untranslated",
      "addition",        "duplication",        "inconsistency",    "grammar",
      "legal",           "register",           "locale-specific-content", "locale-violation",
      "style",           "characters",         "misspelling",      "typographical",
      "formatting",      "inconsistent-entities", "numbers",       "markup",
      "pattern-problem", "whitespace",         "internationalization", "length",
      "non-conformance", "uncategorized",      "other"};
  return std::find(std::begin(types), std::end(types), type) != std::end(types) ? type : "other";
}

/// A decimal number from 0 to 100, as layers write them, times a power of ten; empty when it is none.
std::string percent(std::string_view number, int times) {
  if (number.empty() || number.size() > 12 || number.find_first_not_of("0123456789.") != std::string_view::npos) return {};
  const double value = std::stod(std::string(number)) * times;
  if (value > 100) return {};
  const auto tenths = static_cast<int>(value * 10 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// A code without words that came from another XLIFF file.
bool is_placeholder(calque::node n) {
  return n.is(kind::span) && n.end_index() == n.index() + 1 && n.attr("xliff.element");
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

void writer::unit(node parent, uint32_t first, uint32_t end) {
  const bool is_block = parent.is_text_block();
  const node block = is_block ? parent : document_.at(first);
  unit_state u;
  u.own_id = "u" + std::to_string(block.id());
  u.range = {document_.at(first).range().begin, document_.at(end - 1).range().end};
  if (is_block) {
    account_.emitted(parent);
    u.metadata = attribute_group(parent, "a" + std::to_string(parent.id()));
  }
  find_stretches(u);
  find_markers(u, is_block ? parent.attr("lang").value_or("") : std::string_view());
  find_events(u, first, end);
  place_markers(u);
  find_splits(u);
  write_content(u);
  matches(u);
  write_unit(u, block, is_block ? parent.kind_name() : std::string_view("text"));
}

/// Segments, and what lies between them: blanks can be ignored, words that no segment covers cannot.
void writer::find_stretches(unit_state &u) {
  auto between = [&](uint32_t begin, uint32_t end) {
    if (begin < end) u.stretches.push_back({{begin, end}, 0, is_blank(document_.text({begin, end}))});
  };
  uint32_t at = u.range.begin;
  auto s = std::lower_bound(segments_.begin(), segments_.end(), u.range.begin,
                            [](const annotation &a, uint32_t begin) { return a.range().begin < begin; });
  for (; s != segments_.end() && s->range().begin < u.range.end; ++s) {
    const text_range r = s->range();
    if (r.is_empty() || r.begin < at || r.end > u.range.end) continue;
    between(at, r.begin);
    u.stretches.push_back({r, s->id()});
    at = r.end;
  }
  between(at, u.range.end);
  const bool has_segment =
      std::any_of(u.stretches.begin(), u.stretches.end(), [](const stretch &s) { return !s.is_ignorable; });
  if (u.stretches.empty()) u.stretches.push_back({u.range});
  if (!has_segment) u.stretches.front().is_ignorable = false;
}

void writer::find_markers(unit_state &u, std::string_view unit_language) {
  for (const edition::mark *m : marks_.touching(u.range)) {
    if (m->is_bracket) continue;  // it has been met whole
    const annotation &a = m->what;
    const text_range r{std::max(a.range().begin, u.range.begin), std::min(a.range().end, u.range.end)};
    const std::string id = "m" + std::to_string(a.id());
    std::string attributes = attribute("id", id);
    if (m->name == "calque.language/1") {
      const std::string_view tag = a.value("tag").value_or("");
      if (!is_language(tag)) continue;
      said_marks_.emplace(m->layer, a.index());
      if (tag == (unit_language.empty() ? std::string_view(source_language_) : unit_language) && r == u.range) continue;
      attributes += " type=\"itsm:generic\"" + attribute("itsm:lang", tag);
    } else if (m->name == "calque.editorial/1") {
      if (a.kind() != "translator_note" && a.kind() != "editor_note") continue;
      const std::string note = "n" + std::to_string(a.id());
      attributes += " type=\"comment\"" + attribute("ref", "#n=" + note);
      u.notes += element("note",
                         attribute("id", note) +
                             attribute("category", a.kind() == "editor_note" ? "editor" : "translator") +
                             " appliesTo=\"source\"",
                         document_.text(r));
    } else if (m->name == "calque.term/1") {
      attributes += " type=\"term\"";
      const std::string_view target = a.value("target").value_or(""), status = a.value("status").value_or("");
      if (!target.empty() || !status.empty()) {
        const auto origin = a.value("concept");
        u.glossary += "<gls:glossEntry" + attribute("id", "e" + std::to_string(a.id())) + attribute("ref", "#" + id) + ">" +
                      element("gls:term", origin ? attribute("source", *origin) : std::string(),
                              a.value("source").value_or(document_.text(r)));
        if (!target.empty()) u.glossary += element("gls:translation", {}, target);
        if (!status.empty()) u.glossary += element("gls:definition", " source=\"calque:status\"", status);
        u.glossary += "</gls:glossEntry>";
      }
    } else {
      attributes += " type=\"itsm:generic\"" + attribute("its:locQualityIssueType", issue_type(a.value("type").value_or("")));
      if (auto comment = a.value("comment")) attributes += attribute("its:locQualityIssueComment", *comment);
      if (auto severity = percent(a.value("severity").value_or(""), 1); !severity.empty())
        attributes += attribute("its:locQualityIssueSeverity", severity);
      if (auto enabled = a.value("enabled"))
        attributes += attribute("its:locQualityIssueEnabled", *enabled == "true" ? "yes" : "no");
    }
    u.markers.push_back({m, r, std::move(attributes)});
  }
}

/// Leaves in order, cut where a segment, a marker or a page begins or ends.
void writer::find_events(unit_state &u, uint32_t first, uint32_t end) {
  std::vector<uint32_t> cuts;
  for (const stretch &s : u.stretches) cuts.push_back(s.range.begin), cuts.push_back(s.range.end);
  for (const marker &m : u.markers) cuts.push_back(m.range.begin), cuts.push_back(m.range.end);
  for (size_t k = next_page_; k < pages_.size() && pages_[k].range().begin < u.range.end; ++k)
    cuts.push_back(pages_[k].range().begin);
  std::sort(cuts.begin(), cuts.end());
  size_t current = 0;
  auto advance = [&](uint32_t begin) {
    while (current + 1 < u.stretches.size() && u.stretches[current].range.end <= begin) {
      u.events.push_back({event::what::next_stretch});
      ++current;
    }
  };
  auto pages_until = [&](uint32_t at) {
    for (; next_page_ < pages_.size() && pages_[next_page_].range().begin <= at; ++next_page_)
      u.events.push_back({event::what::page, static_cast<uint32_t>(next_page_)});
  };
  std::vector<uint32_t> open;
  auto close_until = [&](uint32_t index) {
    for (; !open.empty() && document_.at(open.back()).end_index() <= index; open.pop_back())
      u.events.push_back({event::what::close_node, open.back()});
  };
  for (uint32_t i = first; i < end; ++i) {
    close_until(i);
    const node n = document_.at(i);
    const text_range r = n.range();
    if (!n.is_leaf() && !is_placeholder(n)) {
      if (!r.is_empty()) advance(r.begin), pages_until(r.begin);
      u.events.push_back({event::what::open_node, i});
      open.push_back(i);
      continue;
    }
    if (r.is_empty()) {
      u.events.push_back({event::what::leaf, i, r});
      continue;
    }
    for (uint32_t at = r.begin; at < r.end;) {
      auto next = std::upper_bound(cuts.begin(), cuts.end(), at);
      const uint32_t stop = next == cuts.end() ? r.end : std::min(*next, r.end);
      advance(at);
      pages_until(at);
      u.events.push_back({event::what::leaf, i, {at, stop}});
      at = stop;
    }
  }
  // Behind the last letter of the document there is no other place.
  if (!u.range.is_empty() && u.range.end == last_text_) pages_until(u.range.end);
  close_until(end);
}

/// Puts each marker right around its text, and around the inline nodes that lie in it whole.
void writer::place_markers(unit_state &u) {
  if (u.markers.empty()) return;
  std::vector<std::vector<uint32_t>> before(u.events.size() + 1), after(u.events.size() + 1);
  std::vector<size_t> texts;  // events with words, in the order of their words
  for (size_t k = 0; k < u.events.size(); ++k)
    if (u.events[k].does == event::what::leaf && !u.events[k].range.is_empty()) texts.push_back(k);
  for (uint32_t k = 0; k < u.markers.size(); ++k) {
    const text_range r = u.markers[k].range;
    const auto first_text = std::lower_bound(texts.begin(), texts.end(), r.begin, [&](size_t e, uint32_t at) {
      return u.events[e].range.begin < at;
    });
    const auto end_of_texts = std::upper_bound(texts.begin(), texts.end(), r.end, [&](uint32_t at, size_t e) {
      return at < u.events[e].range.end;
    });
    if (first_text >= end_of_texts) continue;
    size_t begin = *first_text, last = *(end_of_texts - 1);
    auto is_inside = [&](const event &e, event::what does) {
      return e.does == does && is_within(document_.at(e.index).range(), r);
    };
    while (begin > 0 && is_inside(u.events[begin - 1], event::what::open_node)) --begin;
    while (last + 1 < u.events.size() && is_inside(u.events[last + 1], event::what::close_node)) ++last;
    before[begin].push_back(k);
    after[last].insert(after[last].begin(), k);
  }
  std::vector<event> all;
  for (size_t k = 0; k < u.events.size(); ++k) {
    for (uint32_t m : before[k]) all.push_back({event::what::open_marker, m});
    all.push_back(u.events[k]);
    for (uint32_t m : after[k]) all.push_back({event::what::close_marker, m});
  }
  u.events = std::move(all);
}

/// What goes on in the next segment, and markers that cross another element, get a start and an end of their own.
void writer::find_splits(unit_state &u) {
  std::vector<std::pair<bool, uint32_t>> open;  // a marker?, index
  auto split = [&](const std::pair<bool, uint32_t> &one) {
    if (one.first) u.markers[one.second].is_split = true;
    else u.split_nodes.insert(one.second);
  };
  auto close = [&](std::pair<bool, uint32_t> what) {
    auto at = std::find(open.begin(), open.end(), what);
    if (at + 1 != open.end()) {
      if (what.first) split(what);
      else std::for_each(at + 1, open.end(), split);
    }
    open.erase(at);
  };
  for (const event &e : u.events) {
    switch (e.does) {
      case event::what::open_node: open.emplace_back(false, e.index); break;
      case event::what::open_marker: open.emplace_back(true, e.index); break;
      case event::what::close_node: close({false, e.index}); break;
      case event::what::close_marker: close({true, e.index}); break;
      case event::what::next_stretch: std::for_each(open.begin(), open.end(), split); break;
      default: break;
    }
  }
}

void writer::write_content(unit_state &u) {
  std::string outside = std::move(out_);
  out_.clear();
  size_t current = 0;
  auto keep = [&] {
    u.stretches[current++].content = std::move(out_);
    out_.clear();
  };
  for (const event &e : u.events) {
    switch (e.does) {
      case event::what::open_node:
        open_node(u, document_.at(e.index));
        break;
      case event::what::close_node:
        if (u.split_nodes.contains(e.index))
          out_ += "<ec startRef=\"" + std::to_string(document_.at(e.index).id()) + "\"/>";
        else
          end("pc");
        break;
      case event::what::open_marker:
        out_ += (u.markers[e.index].is_split ? "<sm" : "<mrk") + u.markers[e.index].attributes +
                (u.markers[e.index].is_split ? "/>" : ">");
        break;
      case event::what::close_marker:
        if (u.markers[e.index].is_split)
          out_ += "<em startRef=\"m" + std::to_string(u.markers[e.index].mark->what.id()) + "\"/>";
        else
          end("mrk");
        break;
      case event::what::leaf:
        leaf(u, document_.at(e.index), e.range);
        break;
      case event::what::page:
        page(u, pages_[e.index]);
        break;
      case event::what::next_stretch:
        keep();
        break;
    }
  }
  keep();
  out_ = std::move(outside);
}

/// The code of an inline node, made once a unit: targets name it too.
const writer::code &writer::code_for(unit_state &u, node n) {
  const std::string id = std::to_string(n.id());
  if (auto at = u.codes.find(id); at != u.codes.end()) return at->second;
  code made;
  const code_type *type = code_type_of(n.kind());
  made.attributes = attribute("id", id) + attribute("type", type ? type->type : "other") +
                    attribute("subType", type ? std::string(type->sub_type) : "calque:" + std::string(n.kind_name()));
  if (auto dir = n.attr("dir"); (dir == "ltr" || dir == "rtl") && !n.is_leaf()) made.attributes += attribute("dir", *dir);
  const auto data = n.is(kind::link) ? n.attr("href") : n.is(kind::image) ? n.attr("resource") : std::nullopt;
  if (data) {
    made.data = "d" + id;
    u.data += element("data", attribute("id", made.data), *data);
  }
  u.metadata += attribute_group(n, "a" + id);
  return u.codes.emplace(id, std::move(made)).first->second;
}

void writer::open_node(unit_state &u, node n) {
  account_.emitted(n);
  const code &c = code_for(u, n);
  const bool is_split = u.split_nodes.contains(n.index());
  out_ += (is_split ? "<sc" : "<pc") + c.attributes;
  if (!c.data.empty()) out_ += attribute(is_split ? "dataRef" : "dataRefStart", c.data);
  out_ += is_split ? "/>" : ">";
}

void writer::leaf(unit_state &u, node n, text_range range) {
  account_.emitted(n);
  switch (n.kind()) {
    case kind::text:
    case kind::soft_break:
      return characters(document_.text(range));
    case kind::line_break:
    case kind::image:
    case kind::anchor:
    case kind::span:
      return placeholder(u, n, std::to_string(n.id()));
    default: {
      // Code, formulas and raw text keep their kind as a code around them, cut like the text itself.
      std::string id = std::to_string(n.id());
      if (range != n.range()) id += "." + std::to_string(range.begin);
      const code_type *type = code_type_of(n.kind());
      code c{attribute("id", id) + attribute("type", type->type) + attribute("subType", type->sub_type), {}};
      if (range.begin == n.range().begin) u.metadata += attribute_group(n, "a" + id);
      start("pc", c.attributes);
      characters(document_.text(range));
      end("pc");
      u.codes.emplace(id, std::move(c));
    }
  }
}

void writer::placeholder(unit_state &u, node n, std::string_view id) {
  if (!u.codes.contains(id)) {
    code_for(u, n);
    code &c = u.codes.find(id)->second;
    std::string shown(n.is(kind::image)    ? "[image]"
                      : n.is(kind::anchor) ? "[*]"
                                           : n.attr("xliff.disp").value_or(""));
    std::string flows;
    for (node aside : reading_.asides_of(n)) {
      if (n.is(kind::image)) shown = edition::plain_text(document_, aside);
      else if (auto label = aside.attr("label")) shown = *label;
      for (const std::string &one : units_below(aside)) flows += (flows.empty() ? "" : " ") + one;
    }
    c.attributes += attribute("equiv", n.is(kind::line_break) ? "\n" : n.attr("xliff.equiv").value_or(""));
    if (!shown.empty()) c.attributes += attribute("disp", shown);
    if (!flows.empty()) c.attributes += " canCopy=\"no\"" + attribute("subFlows", flows);
    if (!c.data.empty()) c.attributes += attribute("dataRef", c.data);
    c.is_placeholder = true;
  }
  if (n.is(kind::image)) by_name_.insert(n.index());
  out_ += "<ph" + u.codes.find(id)->second.attributes + "/>";
}

void writer::page(unit_state &u, const annotation &a) {
  said_pages_.insert(a.id());
  const std::string id = "p" + std::to_string(a.id());
  code c{attribute("id", id) + " canCopy=\"no\" type=\"fmt\" subType=\"xlf:pb\" equiv=\"\"", {}, true};
  std::string values;
  for (const auto &value : a.values()) {
    if (value.key == "n") c.attributes += attribute("disp", value.text);
    else values += meta(value.key, value.text);
  }
  if (!values.empty())
    u.metadata += "<mda:metaGroup category=\"calque:page\"" + attribute("id", "a" + id) + ">" + values + "</mda:metaGroup>";
  out_ += "<ph" + c.attributes + "/>";
  u.codes.emplace(id, std::move(c));
}

/// Text; what XML cannot hold has an element of its own.
void writer::characters(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  for (size_t k = 0; k < text.size(); ++k) {
    const auto c = static_cast<unsigned char>(text[k]);
    switch (c) {
      case '&': out_ += "&amp;"; continue;
      case '<': out_ += "&lt;"; continue;
      case '>': out_ += "&gt;"; continue;
      case '\r': out_ += "&#13;"; continue;
      default: break;
    }
    const bool is_last = c == 0xEF && (text.substr(k, 3) == "\xEF\xBF\xBE" || text.substr(k, 3) == "\xEF\xBF\xBF");
    if (is_last) {
      out_ += text[k + 2] == '\xBE' ? "<cp hex=\"FFFE\"/>" : "<cp hex=\"FFFF\"/>";
      k += 2;
    } else if (c < 0x20 && c != '\t' && c != '\n') {
      out_ += std::string("<cp hex=\"00") + digits[c >> 4] + digits[c & 15] + "\"/>";
    } else {
      out_ += text[k];
    }
  }
}

void writer::matches(unit_state &u) {
  auto segment_of = [&](const annotation &m) -> std::optional<uint32_t> {
    if (auto reference = m.value("segment")) return static_cast<uint32_t>(std::stoul(std::string(*reference)));
    if (auto at = segment_at_.find({m.range().begin, m.range().end}); at != segment_at_.end()) return at->second;
    return std::nullopt;
  };
  std::set<uint32_t> here;
  for (const stretch &s : u.stretches)
    if (s.segment != 0) here.insert(s.segment);
  auto m = std::lower_bound(match_list_.begin(), match_list_.end(), u.range.begin,
                            [](const annotation &a, uint32_t begin) { return a.range().begin < begin; });
  for (; m != match_list_.end() && m->range().begin < u.range.end; ++m) {
    const auto segment = segment_of(*m);
    if (!segment || !here.contains(*segment) || m->value("source").value_or("").empty() || m->value("target").value_or("").empty()) continue;
    said_matches_.insert(m->id());
    std::string attributes = attribute("id", "t" + std::to_string(m->id())) + attribute("ref", "#s" + std::to_string(*segment));
    if (auto origin = m->value("origin")) attributes += attribute("origin", *origin);
    if (auto score = percent(m->value("score").value_or(""), 100); !score.empty()) attributes += attribute("similarity", score);
    u.matches += "<mtc:match" + attributes + ">" + element("source", {}, *m->value("source")) +
                 element("target", {}, *m->value("target")) + "</mtc:match>";
  }
}

void writer::write_unit(unit_state &u, node block, std::string_view kind_name) {
  std::string producers;
  for (const stretch &s : u.stretches) {
    auto t = targets_.find(s.segment);
    if (s.segment == 0 || t == targets_.end()) continue;
    if (auto producer = t->second.value("producer")) producers += meta("s" + std::to_string(s.segment), *producer);
  }
  if (!producers.empty())
    u.metadata += "<mda:metaGroup category=\"calque:producer\">" + producers + "</mda:metaGroup>";

  const bool is_code = block.is(kind::code_block) || block.is(kind::raw_block);
  std::string attributes = attribute("id", u.own_id);
  attributes += kind_name == "text" ? std::string(" type=\"calque:text\"") : place_attributes(block, kind_name);
  if (is_code) attributes += " translate=\"no\"";
  start("unit", attributes);
  out_ += '\n';
  auto part = [&](std::string_view name, const std::string &content) {
    if (!content.empty()) out_ += "<" + std::string(name) + ">" + content + "</" + std::string(name) + ">\n";
  };
  part("gls:glossary", u.glossary);
  part("mtc:matches", u.matches);
  part("mda:metadata", u.metadata);
  part("notes", u.notes);
  part("originalData", u.data);
  uint32_t without_name = 0;
  for (const stretch &s : u.stretches) {
    if (s.is_ignorable)
      out_ += "<ignorable><source>" + s.content + "</source></ignorable>\n";
    else
      segment(u, s, s.segment != 0 ? "s" + std::to_string(s.segment) : "x" + std::to_string(++without_name));
  }
  out_ += "</unit>\n";
}

void writer::segment(unit_state &u, const stretch &s, std::string_view id) {
  std::string attributes = attribute("id", id), words;
  auto t = targets_.find(s.segment);
  const bool has_target = s.segment != 0 && t != targets_.end() && t->second.value("text");
  if (has_target) {
    said_targets_.insert(t->second.id());
    words = target(u, *t->second.value("text"));
    const std::string_view state = t->second.value("state").value_or("translated");
    if (state == "initial" || state == "translated" || state == "reviewed" || state == "final") {
      attributes += attribute("state", state);
    } else {
      attributes += " state=\"initial\"";
      if (!state.empty() && state.find_first_of(" \t\r\n:") == std::string_view::npos)
        attributes += attribute("subState", "calque:" + std::string(state));
    }
  }
  start("segment", attributes);
  out_ += "<source>" + s.content + "</source>";
  if (has_target) out_ += "<target>" + words + "</target>";
  out_ += "</segment>\n";
}

}  // namespace xliff
