// SPDX-License-Identifier: Apache-2.0
// The inlines of a unit: text, codes, halves of codes that find each other, markers.
#include <algorithm>

#include "plugins/common/kind_names.hpp"
#include "import.hpp"

namespace xliff {

using calque::kind;

namespace {

constexpr std::string_view blank_signs = " \t\r\n";

bool is_start(std::string_view name) { return name == "sc" || name == "bx" || name == "bpt"; }
bool is_end(std::string_view name) { return name == "ec" || name == "ex" || name == "ept"; }
/// Elements of 1.x that hold code of the original format.
bool is_native(std::string_view name) { return name == "bpt" || name == "ept" || name == "it" || name == "ph"; }

void append_utf8(std::string &to, uint32_t c) {
  if (c < 0x80) {
    to += static_cast<char>(c);
  } else if (c < 0x800) {
    to += static_cast<char>(0xC0 | c >> 6);
    to += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    to += static_cast<char>(0xE0 | c >> 12);
    to += static_cast<char>(0x80 | (c >> 6 & 63));
    to += static_cast<char>(0x80 | (c & 63));
  } else {
    to += static_cast<char>(0xF0 | c >> 18);
    to += static_cast<char>(0x80 | (c >> 12 & 63));
    to += static_cast<char>(0x80 | (c >> 6 & 63));
    to += static_cast<char>(0x80 | (c & 63));
  }
}

/// The character of <cp hex>; nothing when it is none.
std::string character(std::string_view hex) {
  uint32_t c = 0;
  if (hex.empty() || hex.size() > 8) return {};
  for (char digit : hex) {
    const char low = static_cast<char>(digit | 32);
    if (digit >= '0' && digit <= '9') c = c * 16 + static_cast<uint32_t>(digit - '0');
    else if (low >= 'a' && low <= 'f') c = c * 16 + static_cast<uint32_t>(low - 'a' + 10);
    else return {};
  }
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return {};
  std::string made;
  append_utf8(made, c);
  return made;
}

}  // namespace

/// Whether a marker stays a node, because no layer says what it says.
bool tree_reader::has_node(uint32_t element) const {
  const xml_node &n = tree_.at(element);
  if (n.name != "mrk" && n.name != "sm") return true;
  const std::string_view type = attribute(element, is_old_ ? "mtype" : "type");
  if (type == "term" || type == "seg" || type == "mtc:match") return false;
  if (type == "comment" && (tree_.attribute(element, "value") || tree_.attribute(element, "ref"))) return false;
  return foreign(element, its_space, "locQualityIssueType").empty() && foreign(element, itsm_space, "lang").empty();
}

/// A source as a row of pieces; segments of 1.x lie within it.
void tree_reader::flatten(unit_state &u, uint32_t parent) {
  tree_.each_child(parent, [&](uint32_t i) {
    const xml_node &n = tree_.at(i);
    if (n.is == xml_node::what::text) {
      if (n.text.empty()) return skip(n.at, "xliff.layout");
      u.pieces.push_back({piece::what::text, i});
      return;
    }
    if (n.is != xml_node::what::element) return misc(i);
    if (n.space != core_) return skip_tree(i, "xliff.module-dropped");
    if (!is_end(n.name) && n.name != "em" && !(n.name == "mrk" && attribute(i, "mtype") == "seg"))
      note_id(u.ids, i, attribute(i, "id"), "codes of a unit");
    if (is_old_ && n.name == "mrk" && attribute(i, "mtype") == "seg") {
      skip_tags(i);
      const auto number = static_cast<uint32_t>(u.segments.size());
      u.segments.push_back({std::string(attribute(i, "mid")), 0, i});
      u.pieces.push_back({piece::what::segment_begin, number});
      flatten(u, i);
      u.pieces.push_back({piece::what::segment_end, number});
      return;
    }
    if (n.name == "pc" || n.name == "mrk" || n.name == "g" || n.name == "sub") {
      u.pieces.push_back({piece::what::open, i});
      flatten(u, i);
      u.pieces.push_back({piece::what::close, i});
      return;
    }
    const bool is_known = is_start(n.name) || is_end(n.name) || n.name == "ph" || n.name == "x" || n.name == "it" ||
                          n.name == "cp" || n.name == "sm" || n.name == "em";
    if (!is_known) return skip_tree(i, "xliff.module-dropped");
    u.pieces.push_back({piece::what::empty, i});
    if (!is_old_ || !is_native(n.name)) {
      // Nothing belongs within.
      return tree_.each_child(i, [&](uint32_t k) {
        if (tree_.at(k).is == xml_node::what::element) skip_tree(k, "xliff.module-dropped");
        else misc(k);
      });
    }
    tree_.each_child(i, [&](uint32_t k) {
      if (tree_.at(k).is == xml_node::what::text) return skip(tree_.at(k).at, "xliff.native-code");
      if (!tree_.is_element(k, "sub") || tree_.at(k).space != core_)
        return tree_.at(k).is == xml_node::what::element ? skip_tree(k, "xliff.module-dropped") : misc(k);
      u.pieces.push_back({piece::what::open, k});
      flatten(u, k);
      u.pieces.push_back({piece::what::close, k});
    });
  });
}

/// Halves make a container where they and all other elements between them nest. The others stay as they are.
void tree_reader::pair(unit_state &u) {
  struct opened {
    size_t piece;
    bool is_half;
  };
  std::vector<opened> open;
  std::set<size_t> crossed;  // starts that make no container
  std::map<std::string, size_t, std::less<>> halves;  // ids of starts that wait for an end → piece
  auto id_of = [&](uint32_t element, bool end) {
    std::string_view id = is_old_ ? attribute(element, "rid") : end ? attribute(element, "startRef") : std::string_view();
    return std::string(id.empty() ? attribute(element, "id") : id);
  };
  for (size_t k = 0; k < u.pieces.size(); ++k) {
    const piece &p = u.pieces[k];
    if (p.does == piece::what::open && has_node(p.index)) open.push_back({k, false});
    if (p.does == piece::what::close && has_node(p.index)) {
      while (!open.empty() && open.back().is_half) open.pop_back();
      if (!open.empty()) open.pop_back();
    }
    if (p.does != piece::what::empty) continue;
    const std::string_view name = tree_.at(p.index).name;
    if (is_start(name)) {
      const std::string id = id_of(p.index, false);
      open.push_back({k, true});
      if (attribute(p.index, "isolated") != "yes") halves.insert_or_assign(id, k);
    } else if (is_end(name)) {
      const std::string id = id_of(p.index, true);
      const auto start = halves.find(id);
      const bool has_start = start != halves.end();
      const size_t start_piece = has_start ? start->second : 0;
      if (has_start) halves.erase(start);
      if (!has_start && attribute(p.index, "isolated") != "yes")
        warn(p.index, "xliff.unpaired-code", "the end of the code \"" + id + "\" has no start", "see whether its start was lost");
      while (!open.empty() && crossed.contains(open.back().piece)) open.pop_back();
      if (has_start && !open.empty() && open.back().piece == start_piece) {
        u.pieces[start_piece].is_paired = u.pieces[k].is_paired = true;
        u.paired.insert(id);
        open.pop_back();
      } else if (has_start) {
        crossed.insert(start_piece);
      }
    }
  }
  for (const auto &[id, k] : halves)
    warn(u.pieces[k].index, "xliff.unpaired-code", "the start of the code \"" + id + "\" has no end", "see whether its end was lost");
}

void tree_reader::write(unit_state &u) {
  is_at_start_ = true;
  may_continue_ = has_line_end_ = false;
  verbatim_ = {};
  written_.clear();
  for (const piece &p : u.pieces) {
    switch (p.does) {
      case piece::what::text:
        preserves_ = is_preserving(tree_.at(p.index).parent);
        text(p.index);
        break;
      case piece::what::segment_begin:
        // Blanks before a segment are no part of it, unless it has them itself.
        if (!(is_at_start_ && has_line_end_)) flush_blanks();
        u.segments[p.index].range.begin = out_.position();
        break;
      case piece::what::segment_end:
        u.segments[p.index].range.end = out_.position();
        break;
      case piece::what::open:
        open(u, p.index);
        break;
      case piece::what::close:
        skip(tree_.at(p.index).close, "xliff.markup");
        if (has_node(p.index)) close_code(u);
        else close_marker(u, p.index);
        break;
      default:
        empty(u, p.index, p.is_paired);
    }
  }
  end_of_line();
}

/// Words are copied as they stand. Where white space is not preserved, blanks with a line end are layout.
void tree_reader::text(uint32_t index) {
  const xml_node &n = tree_.at(index);
  const bool is_all_blank = n.text.find_first_not_of(blank_signs) == std::string_view::npos;
  if (n.text.empty()) return skip(n.at, "xliff.layout");
  if (preserves_ || verbatim_.kind != kind::text) {
    flush_blanks();
    return characters(n.text, n.at, n.equal);
  }
  if (!n.equal) {
    if (is_all_blank && n.text.find('\n') != std::string_view::npos && !n.at.is_empty()) {
      blanks_.push_back(n.at);
      has_line_end_ = true;
      return;
    }
    flush_blanks();
    return characters(n.text, n.at, false);
  }
  for (size_t at = 0; at < n.text.size();) {
    const size_t word = std::min(n.text.find_first_not_of(blank_signs, at), n.text.size());
    if (word > at) {
      blanks_.push_back({n.at.begin + at, n.at.begin + word});
      has_line_end_ = has_line_end_ || n.text.substr(at, word - at).find_first_of("\n\r") != std::string_view::npos;
    }
    const size_t end = std::min(n.text.find_first_of(blank_signs, word), n.text.size());
    if (end > word) {
      flush_blanks();
      characters(n.text.substr(word, end - word), {n.at.begin + word, n.at.begin + end}, true);
    }
    at = end;
  }
}

/// Text that is written now. A line end in it is meant.
void tree_reader::characters(std::string_view text, xml_range at, bool equal) {
  is_at_start_ = false;
  auto put = [&](std::string_view part, xml_range from, kind k) {
    bool continues = may_continue_ && k != kind::line_break;
    auto one = [&](std::string_view bytes, calque::source_range source) {
      if (continues) {
        out_.more(bytes, source);
      } else {
        out_.text(bytes, source, k);
        begin_verbatim();
      }
      continues = true;
    };
    if (equal) tree_.decoded().each_piece(from.begin, from.end, one);
    else one(part, tree_.source_of(from));
    may_continue_ = k != kind::line_break;
    written_ += part;
  };
  for (size_t begin = 0; begin < text.size();) {
    const size_t line = verbatim_.kind != kind::text ? std::string_view::npos : text.find('\n', begin);
    const size_t end = line == begin ? begin + 1 : std::min(line, text.size());
    // Of what an entity stands for, the first part has its bytes.
    const xml_range from = equal ? xml_range{at.begin + begin, at.begin + end} : begin == 0 ? at : xml_range{at.end, at.end};
    put(text.substr(begin, end - begin), from, line == begin ? kind::line_break : verbatim_.kind);
    begin = end;
  }
}

/// Writes the blanks that were held back, now that something follows them.
void tree_reader::flush_blanks() {
  if (is_at_start_ && has_line_end_) return end_of_line();
  const auto held = std::move(blanks_);
  blanks_.clear();
  const bool is_break = has_line_end_;
  has_line_end_ = false;
  if (is_break) {
    out_.text(" ", tree_.source_of(held.front()), kind::soft_break);
    written_ += ' ';
    may_continue_ = false;
    for (size_t k = 1; k < held.size(); ++k) skip(held[k], "xliff.layout");
    return;
  }
  for (xml_range r : held) characters(tree_.decoded().text().substr(r.begin, r.end - r.begin), r, true);
}

/// Blanks at the edge of a unit: those of the file's layout go, others stay.
void tree_reader::end_of_line() {
  if (!has_line_end_ && !blanks_.empty()) return flush_blanks();
  for (xml_range r : blanks_) skip(r, "xliff.layout");
  blanks_.clear();
  has_line_end_ = false;
}

/// The kind of a code, where its type says one.
const code_type *tree_reader::type_of(uint32_t element) const {
  if (is_old_) {
    const std::string_view type = attribute(element, "ctype");
    constexpr std::pair<std::string_view, std::string_view> types[] = {
        {"bold", "xlf:b"}, {"italic", "xlf:i"}, {"underlined", "xlf:u"}, {"lb", "xlf:lb"}};
    for (const auto &[name, sub_type] : types)
      if (type == name) return code_type_named(sub_type);
    return nullptr;
  }
  const std::string_view type = attribute(element, "subType");
  return is_edition_ || type.starts_with("xlf:") ? code_type_named(type) : nullptr;
}

void tree_reader::open(unit_state &u, uint32_t element) {
  const xml_node &n = tree_.at(element);
  flush_blanks();
  if (!has_node(element)) {
    const std::string_view value = attribute(element, "value");
    // A remark in an attribute is words: its comment has the bytes of the tag.
    if (!is_old_ && n.name == "mrk" && attribute(element, "type") == "comment" && !value.empty())
      u.values.emplace_back(value, tree_.source_of(n.at));
    else
      skip(n.at, "xliff.markup");
    u.markers.emplace(element, marker{out_.position(), written_.size()});
    return;
  }
  skip(n.at, "xliff.markup");
  const code_type *type = n.name == "mrk" || n.name == "sub" ? nullptr : type_of(element);
  may_continue_ = false;
  if (type != nullptr && calque::class_of(type->kind) == calque::kind_class::leaf) {
    if (type->kind == kind::code || type->kind == kind::math || type->kind == kind::raw) {
      verbatim_ = {type->kind, &u, element, false};
      u.scopes.emplace_back();
      return;
    }
    type = nullptr;
  }
  std::string_view named = attribute(element, "subType");
  named.remove_prefix(std::min(named.size(), own_prefix.size()));
  const bool is_named = is_edition_ && calque::plugins::is_kind_name(named);
  u.scopes.emplace_back(is_named ? out_.begin(named)
                                 : out_.begin(type != nullptr ? type->kind : kind::span));
  name_code(u, element, u.scopes.back()->id());
  code_attributes(u, element, type == nullptr && !is_named);
}

void tree_reader::close_code(unit_state &u) {
  may_continue_ = false;
  if (u.scopes.empty()) return;
  if (!u.scopes.back().has_value()) {
    if (!verbatim_.is_begun) {
      const xml_range close = tree_.at(verbatim_.element).at;
      out_.text({}, tree_.source_of({close.end, close.end}), verbatim_.kind);
      begin_verbatim();
    }
    verbatim_ = {};
  }
  u.scopes.pop_back();
}

/// A leaf of code, a formula or raw text has been begun: the attributes are its own.
void tree_reader::begin_verbatim() {
  if (verbatim_.unit == nullptr || verbatim_.is_begun) return;
  verbatim_.is_begun = true;
  said_.clear();
  own_attributes(*verbatim_.unit, "a" + std::string(attribute(verbatim_.element, "id")));
}

/// Targets find the node of a code by the id in the file.
void tree_reader::name_code(unit_state &u, uint32_t element, uint32_t node) {
  const std::string_view name = tree_.at(element).name;
  std::string_view id = is_old_ ? attribute(element, "rid") : is_end(name) ? attribute(element, "startRef") : std::string_view();
  if (id.empty() || !(is_start(name) || is_end(name))) id = attribute(element, "id");
  u.nodes.emplace((is_start(name) ? "start " : is_end(name) ? "end " : "") + std::string(id), node);
}

void tree_reader::empty(unit_state &u, uint32_t element, bool is_paired) {
  const xml_node &n = tree_.at(element);
  skip(n.close, "xliff.markup");
  flush_blanks();
  if (n.name == "cp") {
    const std::string made = character(attribute(element, "hex"));
    if (made.empty()) return skip(n.at, "xliff.module-dropped");
    return characters(made, n.at, false);
  }
  if (n.name == "em") {
    skip(n.at, "xliff.markup");
    const auto start = u.open_markers.find(attribute(element, "startRef"));
    if (start == u.open_markers.end()) return;
    const uint32_t of = start->second;
    u.open_markers.erase(start);
    return close_marker(u, of);
  }
  if (n.name == "sm" && !has_node(element)) {
    const std::string_view value = attribute(element, "value");
    if (attribute(element, "type") == "comment" && !value.empty()) u.values.emplace_back(value, tree_.source_of(n.at));
    else skip(n.at, "xliff.markup");
    u.markers.emplace(element, marker{out_.position(), written_.size()});
    u.open_markers.insert_or_assign(std::string(attribute(element, "id")), element);
    return;
  }
  if (is_paired) {
    if (is_start(n.name)) return open(u, element);
    skip(n.at, "xliff.markup");
    return close_code(u);
  }
  may_continue_ = false;
  const bool is_code = n.name == "ph" || n.name == "x";
  const std::string_view id = attribute(element, "id");
  const code_type *type = is_code ? type_of(element) : nullptr;
  if (type != nullptr && type->kind == kind::line_break) {
    name_code(u, element, out_.text("\n", tree_.source_of(n.at), kind::line_break));
    written_ += '\n';
    return;
  }
  skip(n.at, "xliff.markup");
  is_at_start_ = false;
  if (is_code && !is_old_ && attribute(element, "subType") == "xlf:pb") {
    const auto m = out_.marks().point("calque.page/1", "page", out_.position());
    if (const auto number = attribute(element, "disp"); !number.empty()) m.text("n", number);
    if (auto at = u.attributes.find("a" + std::string(id)); at != u.attributes.end())
      tree_.each_child(at->second, [&](uint32_t i) {
        const std::string_view key = attribute(i, "type");
        if (key == "facs" || key == "source" || key == "box") m.text(key, words(i));
      });
    return;
  }
  if (type != nullptr && (type->kind == kind::image || type->kind == kind::anchor)) {
    const uint32_t leaf = out_.text({}, tree_.source_of({n.at.end, n.at.end}), type->kind);
    said_.clear();
    if (auto data = u.data.find(attribute(element, "dataRef")); data != u.data.end() && type->kind == kind::image)
      put_attr("resource", words(data->second));
    said_.insert("aside");
    own_attributes(u, "a" + std::string(id));
    name_code(u, element, leaf);
    anchors_.emplace(id, leaf);
    return;
  }
  const calque::scope code = out_.begin(kind::span);
  name_code(u, element, code.id());
  code_attributes(u, element, true);
}

/// What a code says of itself. Of one that is generic: all that stands in the file.
void tree_reader::code_attributes(unit_state &u, uint32_t element, bool is_generic) {
  said_.clear();
  const xml_node &n = tree_.at(element);
  const std::string_view id = attribute(element, "id");
  if (is_edition_) own_attributes(u, "a" + std::string(id));
  for (std::string_view name : {"dataRef", "dataRefStart"}) {
    const auto data = u.data.find(attribute(element, name));
    if (data == u.data.end()) continue;
    put_attr(is_edition_ && attribute(element, "subType") == "calque:link" ? "href" : "xliff.data", words(data->second));
  }
  if (const auto end = u.data.find(attribute(element, "dataRefEnd")); end != u.data.end())
    put_attr("xliff.data_end", words(end->second));
  if (is_old_ && is_native(n.name)) {
    std::string native;
    tree_.each_child(element, [&](uint32_t i) {
      if (tree_.at(i).is == xml_node::what::text) native += tree_.at(i).text;
    });
    put_attr("xliff.data", native);
  }
  place_attributes(element);
  // A span of an edition says all by the group of its attributes.
  if (!is_generic || (is_edition_ && attribute(element, "subType").starts_with(own_prefix))) return;
  put_attr("xliff.element", n.name);
  put_attr("xliff.id", id);
  put_attr("xliff.type", attribute(element, is_old_ ? (n.name == "mrk" ? "mtype" : "ctype") : "type"));
  put_attr("xliff.sub_type", attribute(element, "subType"));
  put_attr("xliff.equiv", attribute(element, is_old_ ? "equiv-text" : "equiv"));
  put_attr("xliff.disp", attribute(element, "disp"));
  put_attr("xliff.translate", attribute(element, "translate"));
  put_attr("xliff.copy_of", attribute(element, "copyOf"));
}

/// What a marker says of the text that it ends behind.
void tree_reader::close_marker(unit_state &u, uint32_t element) {
  const auto at = u.markers.find(element);
  if (at == u.markers.end()) return;
  const marker m = at->second;
  u.markers.erase(at);
  const text_range range{m.begin, out_.position()};
  const std::string text = written_.substr(m.written);
  const std::string_view id = attribute(element, "id"), type = attribute(element, is_old_ ? "mtype" : "type"),
                         ref = attribute(element, "ref");
  if (!id.empty()) u.marked.insert_or_assign(std::string(id), std::pair(range, text));
  if (type == "comment" && ref.starts_with("#n=")) u.marked.insert_or_assign("#" + std::string(ref.substr(3)), std::pair(range, text));
  if (range.is_empty()) return;
  auto &marks = out_.marks();
  if (type == "term") {
    if (!u.entry_refs.contains(id)) marks.span("calque.term/1", "term", range).text("source", text);
  }
  if (const auto language = foreign(element, itsm_space, "lang"); is_language(language))
    marks.span("calque.language/1", "language", range).text("tag", language);
  if (const auto issue = foreign(element, its_space, "locQualityIssueType"); !issue.empty()) {
    const auto made = marks.span("calque.issue/1", "issue", range).text("type", issue);
    if (const auto comment = foreign(element, its_space, "locQualityIssueComment"); !comment.empty())
      made.text("comment", comment);
    const auto severity = foreign(element, its_space, "locQualityIssueSeverity");
    if (!severity.empty() && severity.size() < 8 && severity.find_first_not_of("0123456789.") == std::string_view::npos &&
        severity.find_first_of("0123456789") != std::string_view::npos)
      made.number("severity", std::stod(std::string(severity)));
    if (const auto enabled = foreign(element, its_space, "locQualityIssueEnabled"); enabled == "yes" || enabled == "no")
      made.boolean("enabled", enabled == "yes");
  }
}

}  // namespace xliff
