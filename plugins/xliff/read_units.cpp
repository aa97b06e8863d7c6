// SPDX-License-Identifier: Apache-2.0
// Units of both generations: the source becomes a block, and what is said of it becomes layers and comments.
#include <algorithm>

#include "import.hpp"

namespace xliff {

using calque::kind;

namespace {

/// The score of a match from what the file says: "85", "85.5%", "0.85".
double score_of(std::string_view text, double whole) {
  if (text.ends_with('%')) text.remove_suffix(1);
  if (text.empty() || text.size() > 8 || text.find_first_not_of("0123456789.") != std::string_view::npos ||
      std::count(text.begin(), text.end(), '.') > 1 || text == ".")
    return -1;
  const double value = std::stod(std::string(text)) / whole;
  return value > 1 ? 1 : value;
}

std::string_view fragment_id(std::string_view reference) {
  const size_t hash = reference.find('#');
  if (hash == std::string_view::npos) return {};
  reference.remove_prefix(hash + 1);
  const size_t last = reference.find_last_of("/=");
  return last == std::string_view::npos ? reference : reference.substr(last + 1);
}

}  // namespace

void tree_reader::unit(uint32_t element) {
  unit_state u;
  u.element = element;
  skip_tags(element);
  const std::string_view id = attribute(element, "id");
  note_id(unit_ids_, element, id, "units");
  is_old_ ? read_trans_unit(u) : read_unit(u);
  if (u.pieces.empty() && u.segments.empty())
    warn(element, "xliff.no-source", "the unit \"" + std::string(id) + "\" has no source", "see whether the file is whole");

  std::string_view type = attribute(element, "type");
  std::optional<kind> k = kind::paragraph;
  if (is_edition_ && type.starts_with(own_prefix)) {
    type.remove_prefix(own_prefix.size());
    if (type == "text") k.reset();
#define CALQUE_KIND_ENTRY(NAME, named, value, cls) \
  if (type == #named && value < CALQUE_EMPHASIS && CALQUE_CLASS_##cls == CALQUE_CLASS_INLINES) k = kind::named;
    CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
  }
  if (depth_ == 0) has_blocks_ = true;
  auto inside = [&] {
    u.begin = out_.position();
    pair(u);
    write(u);
    annotate(u);
    notes(u);
  };
  if (!k) return inside();
  {
    const calque::scope block = out_.begin(*k);
    said_.clear();
    if (is_edition_ && id.starts_with('u')) own_attributes(u, "a" + std::string(id.substr(1)));
    put_attr(is_edition_ ? "xliff.id" : "id", id);
    if (!is_edition_) {
      put_attr("xliff.type", is_old_ ? attribute(element, "restype") : type);
      put_attr("xliff.name", attribute(element, is_old_ ? "resname" : "name"));
      put_attr("xliff.translate", attribute(element, "translate"));
    }
    place_attributes(element);
    inside();
  }
}

void tree_reader::read_unit(unit_state &u) {
  tree_.each_child(u.element, [&](uint32_t i) {
    const xml_node &n = tree_.at(i);
    if (n.is != xml_node::what::element) return misc(i);
    if (n.space != core_) return module(u, i);
    if (n.name == "segment" || n.name == "ignorable") return read_segment(u, i);
    if (n.name == "notes") {
      skip_tags(i);
      return tree_.each_child(i, [&](uint32_t note) {
        if (tree_.is_element(note, "note")) u.notes.push_back(note);
        else if (tree_.at(note).is == xml_node::what::element) skip_tree(note, "xliff.module-dropped");
        else misc(note);
      });
    }
    if (n.name == "originalData") {
      skip_tags(i);
      return tree_.each_child(i, [&](uint32_t data) {
        if (!tree_.is_element(data, "data")) {
          if (tree_.at(data).is == xml_node::what::element) return skip_tree(data, "xliff.module-dropped");
          return misc(data);
        }
        if (!u.data.emplace(attribute(data, "id"), data).second)
          warn(data, "xliff.duplicate-id", "two <data> have the id \"" + std::string(attribute(data, "id")) + "\"",
               "give each an id of its own");
        skip_tree(data, "xliff.native-code");
      });
    }
    skip_tree(i, "xliff.module-dropped");
  });
}

void tree_reader::read_segment(unit_state &u, uint32_t element) {
  skip_tags(element);
  const bool is_segment = tree_.at(element).name == "segment";
  note_id(u.ids, element, attribute(element, "id"), "segments");
  const auto number = static_cast<uint32_t>(u.segments.size());
  if (is_segment) {
    u.segments.push_back({std::string(attribute(element, "id")), 0, element});
    u.pieces.push_back({piece::what::segment_begin, number});
  }
  bool has_source = false;
  tree_.each_child(element, [&](uint32_t i) {
    const xml_node &n = tree_.at(i);
    if (n.is != xml_node::what::element) return misc(i);
    if (n.space == core_ && n.name == "source") {
      skip_tags(i);
      has_source = true;
      return flatten(u, i);
    }
    if (n.space == core_ && n.name == "target") {
      if (is_segment) u.segments[number].target = i;
      return skip_tree(i, "xliff.target");
    }
    skip_tree(i, "xliff.module-dropped");
  });
  if (!has_source)
    warn(element, "xliff.no-source", "a segment of the unit \"" + std::string(attribute(u.element, "id")) + "\" has no source",
         "see whether the file is whole");
  if (is_segment) u.pieces.push_back({piece::what::segment_end, number});
}

/// 1.x: the segments are those of <seg-source>, if its words are those of <source>.
void tree_reader::read_trans_unit(unit_state &u) {
  uint32_t source = 0, segmented = 0;
  tree_.each_child(u.element, [&](uint32_t i) {
    if (tree_.at(i).space != core_) return;
    if (source == 0 && tree_.is_element(i, "source")) source = i;
    if (segmented == 0 && tree_.is_element(i, "seg-source")) segmented = i;
  });
  auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  auto letters = [&](uint32_t element) {
    std::string all = words(element);
    std::erase_if(all, is_blank);
    return all;
  };
  const bool differs = source != 0 && segmented != 0 && letters(source) != letters(segmented);
  const uint32_t read = segmented != 0 && !differs ? segmented : source;
  if (differs)
    warn(segmented, "xliff.sources-differ", "<seg-source> has other words than <source>", "segment the unit anew");
  if (read != 0) {
    const bool is_whole = read == source;
    if (is_whole) {
      u.segments.push_back({"", 0, u.element});
      u.pieces.push_back({piece::what::segment_begin, 0});
    }
    skip_tags(read);
    flatten(u, read);
    if (is_whole) u.pieces.push_back({piece::what::segment_end, 0});
  }
  for (size_t k = 0; k < u.segments.size(); ++k)
    if (u.segments[k].element != u.element) u.segment_at.insert_or_assign(u.segments[k].id, k);
  tree_.each_child(u.element, [&](uint32_t i) {
    const xml_node &n = tree_.at(i);
    if (i == read) return;
    if (n.is != xml_node::what::element) return misc(i);
    if (n.space != core_) return module(u, i);
    if (n.name == "source") return skip_tree(i, read == segmented ? "xliff.source-again" : "xliff.stray-text");
    if (n.name == "seg-source") return skip_tree(i, "xliff.sources-differ");
    if (n.name == "note") return u.notes.push_back(i);
    if (n.name == "alt-trans") return u.matches.push_back(i);
    if (n.name == "target") {
      // Its segments go by the ids of those of the source.
      bool has_segments = false;
      for (uint32_t k = i + 1; k < n.end; ++k) {
        if (!tree_.is_element(k, "mrk") || attribute(k, "mtype") != "seg") continue;
        const auto at = u.segment_at.find(attribute(k, "mid"));
        if (at != u.segment_at.end()) u.segments[at->second].target = k, has_segments = true;
      }
      if (!has_segments && u.segments.size() == 1) u.segments[0].target = i;
      else if (!has_segments) u.whole_target = i;
      return skip_tree(i, "xliff.target");
    }
    if (n.name == "context-group" || n.name == "prop-group" || n.name == "count-group")
      return skip_tree(i, "xliff.context-dropped");
    skip_tree(i, "xliff.module-dropped");
  });
}

/// Matches, glossaries and Calque's metadata are read; other modules are passed over.
void tree_reader::module(unit_state &u, uint32_t element) {
  const xml_node &n = tree_.at(element);
  if (n.space == matches_space && n.name == "matches") {
    skip_tags(element);
    return tree_.each_child(element, [&](uint32_t i) {
      if (tree_.is_element(i, "match")) u.matches.push_back(i);
      else if (tree_.at(i).is == xml_node::what::element) skip_tree(i, "xliff.module-dropped");
      else misc(i);
    });
  }
  if (n.space == glossary_space && n.name == "glossary") {
    skip_tags(element);
    return tree_.each_child(element, [&](uint32_t i) {
      if (tree_.is_element(i, "glossEntry"))
        u.entries.push_back(i), u.entry_refs.emplace(fragment_id(attribute(i, "ref")));
      else if (tree_.at(i).is == xml_node::what::element) skip_tree(i, "xliff.module-dropped");
      else misc(i);
    });
  }
  if (is_edition_ && n.space == metadata_space && n.name == "metadata") return read_metadata(element, u);
  skip_tree(element, "xliff.module-dropped");
}

/// Layers, once the text stands.
void tree_reader::annotate(unit_state &u) {
  const text_range whole{u.begin, out_.position()};
  for (segment &s : u.segments)
    if (!s.range.is_empty()) s.mark = out_.marks().span("calque.segment/1", "sentence", s.range).text("rule", "xliff").id();
  for (const segment &s : u.segments)
    if (s.target != 0) translation(u, &s, s.target, whole);
  if (u.whole_target != 0) translation(u, nullptr, u.whole_target, whole);
  for (size_t k = 0; k < u.segments.size(); ++k) u.segment_at.insert_or_assign(u.segments[k].id, k);
  for (uint32_t m : u.matches) match(u, m, whole);
  for (uint32_t e : u.entries) glossary_entry(u, e, whole);
}

void tree_reader::translation(unit_state &u, const segment *s, uint32_t target, text_range whole) {
  bool has_unknown = false;
  const std::string text = fragment(u, target, has_unknown);
  if (has_unknown)
    warn(target, "xliff.target-code-unknown", "the target has a code, or a remark, that its source does not have",
         "its words were kept; see whether the code is meant");
  const std::string_view state =
      is_old_ ? attribute(tree_.is_element(target, "mrk") ? tree_.at(target).parent : target, "state")
              : attribute(s->element, "state"),
                         sub_state = s != nullptr ? attribute(s->element, "subState") : std::string_view();
  if (text.empty() && state.empty()) return;
  const calque::mark m = out_.marks().span("calque.translation/1", "target", s != nullptr ? s->range : whole);
  if (s != nullptr && s->mark != 0) m.refers("segment", s->mark);
  if (is_language(target_language_)) m.text("lang", target_language_);
  m.text("text", text);
  if (is_edition_ && sub_state.starts_with(own_prefix)) m.text("state", sub_state.substr(own_prefix.size()));
  else if (!state.empty()) m.text("state", state);
  if (s != nullptr)
    if (auto who = u.producers.find(s->id); who != u.producers.end()) m.text("producer", who->second);
}

/// A target as a fragment of XLIFF 2, whose codes have the ids of the nodes that they stand for.
std::string tree_reader::fragment(const unit_state &u, uint32_t target, bool &has_unknown) const {
  std::string made;
  std::vector<std::pair<uint32_t, std::string_view>> open;
  auto close_until = [&](uint32_t index) {
    for (; !open.empty() && tree_.at(open.back().first).end <= index; open.pop_back()) made += open.back().second;
  };
  for (uint32_t i = target + 1; i < tree_.at(target).end;) {
    close_until(i);
    const xml_node &n = tree_.at(i);
    uint32_t next = i + 1;
    has_unknown = has_unknown || (!is_old_ && n.is == xml_node::what::element && tree_.attribute(i, "value"));
    if (n.is == xml_node::what::text) {
      for (char c : n.text) c == '&' ? made += "&amp;" : c == '<' ? made += "&lt;" : c == '>' ? made += "&gt;" : made += c;
    } else if (n.is == xml_node::what::element && n.name == "cp" && !is_old_) {
      const std::string_view hex = attribute(i, "hex");
      const bool is_number = hex.size() >= 4 && hex.size() <= 6 &&
                             hex.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
      if (is_number) made += "<cp hex=\"" + std::string(hex) + "\"/>";
    } else if (n.is == xml_node::what::element && n.name != "mrk" && n.name != "sm" && n.name != "em" && n.name != "sub") {
      const bool is_end = n.name == "ec" || n.name == "ex" || n.name == "ept";
      const bool is_start = n.name == "sc" || n.name == "bx" || n.name == "bpt", is_span = n.name == "pc" || n.name == "g";
      std::string_view id = attribute(i, is_old_ ? "id" : is_end ? "startRef" : "id");
      if (is_old_ && (is_end || is_start) && !attribute(i, "rid").empty()) id = attribute(i, "rid");
      if (id.empty()) id = attribute(i, "id");
      const bool is_paired = u.paired.contains(id) && (is_end || is_start);
      const auto node = u.nodes.find(is_end || is_start ? (is_end && !is_paired ? "end " : "start ") + std::string(id) : std::string(id));
      if (node == u.nodes.end()) {
        has_unknown = true;
      } else {
        made += (is_paired ? (is_end ? "<ec startRef=\"" : "<sc id=\"") : is_span ? "<pc id=\"" : "<ph id=\"") +
                std::to_string(node->second) + (is_span ? "\">" : "\"/>");
        if (is_span) open.emplace_back(i, "</pc>");
      }
      // Native code is no text.
      if (is_old_ && !is_span && n.name != "x") next = n.end;
    }
    i = next;
  }
  close_until(UINT32_MAX);
  return made;
}

void tree_reader::match(unit_state &u, uint32_t element, text_range whole) {
  skip_tree(element, "xliff.match");
  std::string source, target;
  tree_.each_child(element, [&](uint32_t i) {
    if (tree_.is_element(i, "source") || (tree_.is_element(i, "seg-source") && source.empty())) source = words(i);
    if (tree_.is_element(i, "target")) target = words(i);
  });
  text_range range = whole;
  uint32_t mark = 0;
  const std::string_view id = is_old_ ? attribute(element, "mid") : fragment_id(attribute(element, "ref"));
  const auto found = u.segment_at.find(id);
  if (!id.empty() && found != u.segment_at.end()) range = u.segments[found->second].range, mark = u.segments[found->second].mark;
  else if (id.empty() && u.segments.size() == 1) range = u.segments[0].range, mark = u.segments[0].mark;
  if (auto at = u.marked.find(id); mark == 0 && at != u.marked.end()) range = at->second.first;
  const calque::mark m = out_.marks().span("calque.match/1", "match", range);
  const std::string_view quality = attribute(element, is_old_ ? "match-quality" : "similarity");
  const bool is_share = is_old_ && !quality.ends_with('%') && (quality.starts_with("0.") || quality == "1.0");
  if (const double score = score_of(quality, is_share ? 1 : 100); score >= 0) m.number("score", score);
  if (auto origin = attribute(element, "origin"); !origin.empty()) m.text("origin", origin);
  m.text("source", source).text("target", target);
  if (mark != 0) m.refers("segment", mark);
}

void tree_reader::glossary_entry(unit_state &u, uint32_t element, text_range whole) {
  skip_tree(element, "xliff.term");
  std::string source, target, concept_id, status;
  tree_.each_child(element, [&](uint32_t i) {
    if (tree_.is_element(i, "term")) source = words(i), concept_id = attribute(i, "source");
    if (tree_.is_element(i, "translation") && target.empty()) target = words(i);
    if (tree_.is_element(i, "definition") && attribute(i, "source") == "calque:status") status = words(i);
  });
  const auto at = u.marked.find(fragment_id(attribute(element, "ref")));
  const calque::mark m = out_.marks().span("calque.term/1", "term", at != u.marked.end() ? at->second.first : whole);
  if (!concept_id.empty()) m.text("concept", concept_id);
  m.text("source", source);
  if (!target.empty()) m.text("target", target);
  if (!status.empty()) m.text("status", status);
}

/// Notes are comments called at the end of their unit; those of an edition that repeat its own words are not.
void tree_reader::notes(unit_state &u) {
  std::vector<std::pair<uint32_t, uint32_t>> called;
  for (uint32_t i : u.notes) {
    const std::string text = words(i);
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
      skip_tree(i, "xliff.layout");
      continue;
    }
    const auto of = u.marked.find("#" + std::string(attribute(i, "id")));
    if (is_edition_ && of != u.marked.end() && of->second.second == text) {
      out_.marks().span("calque.editorial/1",
                        attribute(i, "category") == "editor" ? "editor_note" : "translator_note", of->second.first);
      skip_tree(i, "xliff.made-anew");
      continue;
    }
    const xml_range at = tree_.at(i).at;
    called.emplace_back(out_.text({}, tree_.source_of({at.begin, at.begin}), kind::anchor), i);
  }
  std::vector<std::pair<uint32_t, const std::pair<std::string_view, calque::source_range> *>> remarks;
  for (const auto &value : u.values)
    remarks.emplace_back(out_.text({}, calque::source_range{value.second.begin, value.second.begin, value.second.source}, kind::anchor),
                         &value);
  for (const auto &[anchor, element] : called) aside(anchor, element);
  for (const auto &[anchor, value] : remarks) {
    const calque::scope comment = out_.aside("comment", anchor);
    out_.text(value->first, value->second);
  }
}

/// A note as the comment that a leaf calls.
void tree_reader::aside(uint32_t anchor, uint32_t element) {
  skip_tags(element);
  const calque::scope comment = out_.aside("comment", anchor);
  said_ = {"role", "anchor"};
  put_attr("xliff.category", attribute(element, "category"));
  put_attr("xliff.priority", attribute(element, "priority"));
  put_attr("xliff.applies_to", attribute(element, is_old_ ? "annotates" : "appliesTo"));
  put_attr("xliff.from", attribute(element, "from"));
  is_at_start_ = true;
  may_continue_ = false;
  preserves_ = is_preserving(element);
  for (uint32_t i = element + 1; i < tree_.at(element).end; i = tree_.at(i).end) {
    if (tree_.at(i).is == xml_node::what::text) text(i);
    else if (tree_.at(i).is == xml_node::what::element) skip_tree(i, "xliff.module-dropped");
    else misc(i);
  }
  end_of_line();
}

}  // namespace xliff
