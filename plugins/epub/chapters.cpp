// SPDX-License-Identifier: Apache-2.0
// Ties are found on the trees of all files at once, before anything is written: a note may stand behind its call, before
// it, or in another file.
#include "plugins/epub/chapters.hpp"

#include <algorithm>
#include <utility>

#include "plugins/common/characters.hpp"
#include "plugins/epub/front_matter.hpp"
#include "plugins/epub/own_edition.hpp"
#include "plugins/epub/paths.hpp"

namespace calque::plugins {
namespace {

constexpr uint32_t none = markup_node::none;

template <size_t N>
bool is_one_of(std::string_view name, const std::string_view (&sorted)[N]) {
  return std::binary_search(std::begin(sorted), std::end(sorted), name);
}

bool is_structure(std::string_view name) {
  static constexpr std::string_view names[] = {"dl", "figure", "hr", "li", "list", "ol", "pre", "table", "ul"};
  return is_one_of(name, names) || heading_level(name) != 0;
}

/// Says of itself, in EPUB's words or ARIA's, that it is one of these.
bool says(const markup_node &node, std::initializer_list<std::string_view> words) {
  const bool has_type = node.attribute("epub:type").has_value(), has_role = node.attribute("role").has_value();
  for (const std::string_view word : words)
    if ((has_type && node.has_word("epub:type", word)) ||
        (has_role && node.has_word("role", "doc-" + std::string(word))))
      return true;
  return false;
}

bool is_note_element(const markup_node &node) { return says(node, {"footnote", "endnote", "rearnote"}); }
bool is_list_of_notes(const markup_node &node) { return says(node, {"footnotes", "endnotes", "rearnotes"}); }

/// What a book marks as a note without saying so: its class has one of the words that tools write.
bool is_classed_note(const markup_node &node) {
  for (const std::string_view word : {"footnote", "endnote", "rearnote", "footnote-item", "duokan-footnote-item"})
    if (node.has_word("class", word)) return true;
  return false;
}

/// What can be written as a note: a block of text, or a run of it. An image or a table stays where it stands, whatever
/// it says of itself.
bool can_hold_note(std::string_view name) {
  static constexpr std::string_view names[] = {"article", "aside", "blockquote", "dd",      "div",
                                               "li",      "note",  "p",          "section", "span"};
  return is_one_of(name, names);
}

/// What is read by itself and holds no notes: drawings, formulas, what is not shown, a form that was not chosen.
bool is_closed(const chapter &in, uint32_t node) {
  const std::string_view name = in[node].name;
  return name.starts_with("svg:") || name.starts_with("math:") || is_silent_name(name) || in.is_other_case[node];
}

bool is_page_break(const markup_node &node) {
  return node.name == "pagenum" || says(node, {"pagebreak"});
}

/// What is no text and must not go when a sign does: pictures, formulas, sound, the beginning of a page.
bool is_shown_without_words(const markup_node &node) {
  static constexpr std::string_view names[] = {"audio",     "embed",  "iframe",  "img",
                                               "math:math", "object", "svg:svg", "video"};
  return is_one_of(node.name, names) || is_page_break(node);
}

/// How a call looks that does not say what it is: one to eight characters, "12", "[12]", "*".
bool looks_like_call(std::string_view text) {
  const std::string_view inner = trimmed(text);
  size_t count = 0;
  for (size_t at = 0; at < inner.size(); ++count) {
    const char32_t c = next_character(inner, at);
    if (is_blank(c)) return false;
  }
  return count >= 1 && count <= 8;
}

/// The words of a link are the sign that called the note, whatever is around either, or no words at all.
bool is_sign_of(std::string_view text, std::string_view label) {
  const auto words = [](std::string_view all) {
    std::string kept;
    for (size_t at = 0; at < all.size();)
      if (const char32_t c = next_character(all, at); is_word(c)) append(kept, c);
    return kept;
  };
  const std::string own = words(text);
  return own.empty() || own == words(label);
}

/// The form for any program, else the first.
void choose_case(chapter &in, const markup_node &choice) {
  uint32_t chosen = none;
  for (uint32_t k = choice.first; k != none; k = in[k].next)
    if (in[k].name == "epub:default" || (in[k].name == "epub:case" && chosen == none)) chosen = k;
  for (uint32_t k = choice.first; k != none; k = in[k].next)
    in.is_other_case[k] = k != chosen && (in[k].name == "epub:default" || in[k].name == "epub:case");
}

}  // namespace

bool is_block_name(std::string_view name) {
  if (name.empty() || name.starts_with(own::block_mark)) return !name.empty();
  static constexpr std::string_view names[] = {
      "address",  "article",    "aside",    "blockquote", "body",   "bodymatter",  "book",       "caption",  "center",
      "col",      "colgroup",   "dd",       "details",    "div",    "dl",          "docauthor",  "doctitle", "dt",
      "fieldset", "figcaption", "figure",   "footer",     "form",   "frontmatter", "h1",         "h2",       "h3",
      "h4",       "h5",         "h6",       "header",     "hgroup", "hr",          "html",       "legend",   "level",
      "level1",   "level2",     "level3",   "level4",     "level5", "level6",      "li",         "list",     "main",
      "nav",      "ol",         "optgroup", "option",     "p",      "pre",         "rearmatter", "section",  "summary",
      "table",    "tbody",      "td",       "tfoot",      "th",     "thead",       "tr",         "ul"};
  return is_one_of(name, names);
}

unsigned heading_level(std::string_view name) {
  if (name == "doctitle") return 1;
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' ? static_cast<unsigned>(name[1] - '0') : 0;
}

bool is_silent_name(std::string_view name) {
  static constexpr std::string_view names[] = {"epub:trigger", "head",       own::made_anew, silent_navigation,
                                               own::number,    own::persons, "rp",           "script",
                                               "style",        "svg:script", "svg:style",    "template"};
  return is_one_of(name, names);
}

bool is_annotation(std::string_view name) {
  return name == "math:annotation" || name == "math:annotation-xml";
}

uint32_t tex_of(const chapter &in, uint32_t formula) {
  for (uint32_t k = in.tree.next_in_order(formula, formula); k != none; k = in.tree.next_in_order(k, formula))
    if (in[k].name == "math:annotation")
      for (const std::string_view tex : {"application/x-tex", "TeX", "LaTeX"})
        if (in[k].attribute("encoding") == tex && !in.tree.is_blank(k)) return k;
  return none;
}

std::string_view words_of_field(const markup_node &node) {
  if (node.name != "input") return {};
  const std::string_view type = node.attribute("type").value_or("text");
  for (const std::string_view unseen : {"checkbox", "color", "file", "hidden", "image", "password", "radio", "range"})
    if (type == unseen) return {};
  return node.attribute("value").value_or("");
}

std::string squeezed(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

bool chapter::has_plain_bytes() const {
  return !tree.was_ill_formed && folded(tree.encoding) == "utf-8";
}

bool chapter::holds_picture(uint32_t node) const {
  for (uint32_t k = tree.next_in_order(node, node); k != none; k = tree.next_in_order(k, node))
    if (is_shown_without_words(tree[k])) return true;
  return false;
}

bool chapter::is_page_sign(uint32_t node) const {
  if (!is_page_break(tree[node])) return false;
  constexpr size_t longest_number = 24;
  return squeezed(tree.text_of(node)).size() <= longest_number && !tree.find("img", node) &&
         !tree.find("svg:svg", node);
}

chapter make_chapter(std::string path, uint32_t source, markup tree) {
  chapter made{path, path, source, std::move(tree), 0, {}, {}, {}};
  made.body_node = made.tree.find("body").value_or(0);
  const std::vector<markup_node> &nodes = made.tree.nodes();
  if (const auto base = made.tree.find("base"))
    if (const auto href = nodes[*base].attribute("href"))
      if (const auto to = resolved(path, *href)) made.base = to->empty() || href->ends_with('/') ? *to + "/" : *to;
  made.holds_block.resize(nodes.size());
  made.holds_structure.resize(nodes.size());
  made.is_other_case.resize(nodes.size());
  for (const markup_node &node : nodes)
    if (node.name == "epub:switch") choose_case(made, node);
  // Nodes come after what holds them, so that one pass from the end carries both upwards.
  for (uint32_t k = static_cast<uint32_t>(nodes.size()); k-- > 1;) {
    const uint32_t parent = nodes[k].parent;
    // What a drawing or a formula holds is no part of the text around it.
    if (nodes[k].name == "svg:svg" || nodes[k].name == "math:math" || is_silent_name(nodes[k].name)) {
      made.holds_block[k] = made.holds_structure[k] = false;
      continue;
    }
    if (made.holds_block[k] || is_block_name(nodes[k].name)) made.holds_block[parent] = true;
    if (made.holds_structure[k] || is_structure(nodes[k].name)) made.holds_structure[parent] = true;
  }
  return made;
}

book_ties::book_ties(const std::vector<chapter> &chapters, bool is_own) {
  for (uint32_t c = 0; c < chapters.size(); ++c) {
    const auto &nodes = chapters[c].tree.nodes();
    const auto [file, is_new] = files_.try_emplace(chapters[c].path, names_of_file{c, chapters[c].body(), {}});
    for (uint32_t k = 1; k < nodes.size(); ++k)
      for (const std::string_view key : {"id", "xml:id", "name"})
        if (const auto id = nodes[k].attribute(key); id && (key != "name" || nodes[k].name == "a"))
          if (is_new) file->second.nodes.emplace(*id, k);
  }
  find_pages(chapters);
  find_notes(chapters, is_own);
  if (is_own) find_notes_called_in_links(chapters);
  leave_unreachable(chapters);
  find_back_links(chapters);
}

std::optional<node_place> book_ties::target_of(std::string_view base, std::string_view reference) const {
  const auto path = resolved(base, reference);
  return path ? target_at(*path, fragment_of(reference)) : std::nullopt;
}

std::optional<node_place> book_ties::target_at(std::string_view path, std::string_view fragment) const {
  const auto file = files_.find(path);
  if (file == files_.end()) return std::nullopt;
  const names_of_file &in = file->second;
  if (fragment.empty()) return node_place{in.chapter, in.body};
  const auto found = in.nodes.find(fragment);
  return found == in.nodes.end() ? std::nullopt : std::optional(node_place{in.chapter, found->second});
}

const book_note *book_ties::called_by(node_place link) const {
  const auto found = by_call_.find(link.key());
  return found == by_call_.end() ? nullptr : &notes_[found->second];
}

const std::string *book_ties::page_at(node_place element) const {
  const auto found = pages_.find(element.key());
  return found == pages_.end() ? nullptr : &found->second;
}

uint32_t book_ties::note_that_holds(const std::vector<chapter> &chapters, node_place place) const {
  for (uint32_t k = place.node; k != none; k = chapters[place.chapter][k].parent)
    if (const auto found = by_element_.find(node_place{place.chapter, k}.key()); found != by_element_.end())
      return found->second;
  return none;
}

namespace {

/// Whether a note may be moved away from here: not out of a link, whose words would go with it, nor out of what is
/// closed.
bool can_leave(const chapter &in, uint32_t note) {
  for (uint32_t k = note; k != none && k != 0; k = in[k].parent)
    if (is_closed(in, k) || in.is_page_sign(k) || (in[k].name == "a" && in[k].attribute("href"))) return false;
  return true;
}

/// Whether an anchor stands right before an element, as Project Gutenberg marks the way back: <a id="r1"></a><a …>.
bool is_just_before(const chapter &in, uint32_t anchor, uint32_t element) {
  if (in[anchor].name != "a" || in[anchor].parent != in[element].parent) return false;
  constexpr int most = 4;
  uint32_t k = anchor;
  for (int left = most; k != none && left > 0; k = in[k].next, --left) {
    if (k == element) return true;
    if (in[k].is_text() ? !in.tree.is_blank(k) : in[k].first != none) return false;
  }
  return false;
}

/// Whether a place is the call, what is around it within its line, or the anchor before it.
bool is_at_call(const std::vector<chapter> &chapters, node_place place, node_place call) {
  if (place.chapter != call.chapter) return false;
  const chapter &in = chapters[call.chapter];
  for (uint32_t k = call.node; k != none && !is_block_name(in[k].name); k = in[k].parent)
    if (k == place.node || is_just_before(in, place.node, k)) return true;
  return false;
}

/// The note that begins with a block: the item, or the element of that class, that it is the first part of.
uint32_t whole_note(const chapter &in, uint32_t block) {
  const auto is_first = [&](uint32_t k) {
    uint32_t first = in[in[k].parent].first;
    while (first != k && in[first].is_text() && in.tree.is_blank(first)) first = in[first].next;
    return first == k;
  };
  for (uint32_t k = block; in[k].parent != none && is_first(k); k = in[k].parent) {
    const markup_node &above = in[in[k].parent];
    if (is_classed_note(above) || (above.name == "li" && !is_list_of_notes(above))) return in[k].parent;
    if (above.name != "div") break;
  }
  return block;
}

}  // namespace

void book_ties::find_pages(const std::vector<chapter> &chapters) {
  for (uint32_t c = 0; c < chapters.size(); ++c)
    for (uint32_t k = 1; k < chapters[c].tree.nodes().size(); ++k) {
      const markup_node &node = chapters[c][k];
      if (!is_page_break(node)) continue;
      std::string label;
      for (const std::string_view key : {"title", "aria-label"})
        if (label.empty()) label = squeezed(node.attribute(key).value_or(""));
      if (label.empty() && chapters[c].is_page_sign(k)) label = squeezed(chapters[c].tree.text_of(k));
      set_page({c, k}, std::move(label));
    }
}

void book_ties::find_notes(const std::vector<chapter> &chapters, bool is_own) {
  const auto is_within = [&](node_place inner, node_place outer) {
    if (inner.chapter != outer.chapter) return false;
    for (uint32_t k = inner.node; k != none; k = chapters[inner.chapter][k].parent)
      if (k == outer.node) return true;
    return false;
  };
  // The note that a link's target is, or is in: what says so, else the block around it.
  const auto note_around = [&](node_place target, bool &is_said) -> std::optional<node_place> {
    const chapter &in = chapters[target.chapter];
    constexpr int most = 4;
    is_said = false;
    uint32_t block = none;
    uint32_t k = target.node;
    for (int up = 0; k != none && k != 0 && in[k].name != "body" && up < most; k = in[k].parent, ++up) {
      if (is_note_element(in[k]) && can_hold_note(in[k].name)) {
        is_said = true;
        return node_place{target.chapter, k};
      }
      if (is_list_of_notes(in[k])) {
        is_said = true;
        break;
      }
      if (block == none && is_block_name(in[k].name)) block = k;
    }
    if (block == none) return std::nullopt;
    static constexpr std::string_view can_be_notes[] = {"aside", "blockquote", "dd", "div", "li", "p"};
    if (!is_one_of(in[block].name, can_be_notes) || is_list_of_notes(in[block])) return std::nullopt;
    return node_place{target.chapter, whole_note(in, block)};
  };
  const auto leads_back = [&](node_place note, node_place call) {
    const chapter &in = chapters[note.chapter];
    // What is longer is no note, and would be looked through for each link to it.
    int left = 2000;
    for (uint32_t k = note.node; k != none && left > 0; k = in.tree.next_in_order(k, note.node), --left) {
      const auto href = in[k].name == "a" ? in[k].attribute("href") : std::nullopt;
      const auto back = href ? target_of(in.base, *href) : std::nullopt;
      if (back && is_at_call(chapters, *back, call)) return true;
    }
    return false;
  };

  for (uint32_t c = 0; c < chapters.size(); ++c) {
    const chapter &in = chapters[c];
    const uint32_t body = in.body();
    for (uint32_t k = body; k != none;) {
      const markup_node &node = in[k];
      if (is_closed(in, k) || in.is_page_sign(k)) {
        k = in.tree.after(k, body);
        continue;
      }
      const node_place call{c, k};
      k = in.tree.next_in_order(k, body);
      const auto href = node.name == "a" ? node.attribute("href") : std::nullopt;
      if (!href || (is_own && !says(node, {"noteref"})) || says(node, {"backlink"}) || fragment_of(*href).empty())
        continue;
      const auto target = target_of(in.base, *href);
      if (!target || in.holds_block[call.node]) continue;
      const bool is_picture = in.holds_picture(call.node);
      if (is_picture && !says(node, {"noteref"})) continue;
      bool is_said = false;
      const auto note = note_around(*target, is_said);
      if (!note || is_within(call, *note)) continue;
      if (const auto known = by_element_.find(note->key()); known != by_element_.end()) {
        constexpr size_t most_calls = 32;
        if (auto &more = notes_[known->second].more_calls; more.size() < most_calls) more.push_back(call);
        continue;
      }
      if (!can_leave(chapters[note->chapter], note->node)) continue;
      const std::string label = squeezed(in.tree.text_of(call.node));
      // Two links that lead to each other are a call and the way back, in this order; what says so needs no order.
      const bool goes_on = call.key() < target->key();
      if (says(node, {"noteref"}) || (is_said && looks_like_call(label)) ||
          (goes_on && looks_like_call(label) && leads_back(*note, call))) {
        // What is called from within the note that it calls would be written nowhere near.
        const uint32_t outer = note_that_holds(chapters, call);
        if (outer != none && is_within(notes_[outer].call, *note)) continue;
        by_element_.emplace(note->key(), static_cast<uint32_t>(notes_.size()));
        by_call_.emplace(call.key(), static_cast<uint32_t>(notes_.size()));
        notes_.push_back({*note, call, label, is_picture, {}});
      }
    }
  }
}

// A call within a link can be none itself in an edition; only the way back tells what it calls.
void book_ties::find_notes_called_in_links(const std::vector<chapter> &chapters) {
  for (uint32_t c = 0; c < chapters.size(); ++c) {
    const chapter &in = chapters[c];
    for (uint32_t k = in.body(); k != none; k = in.tree.next_in_order(k, in.body())) {
      if (in[k].name != "aside" || !is_note_element(in[k]) || is_note({c, k})) continue;
      uint32_t back = k;
      while (back != none && !(in[back].name == "a" && says(in[back], {"backlink"})))
        back = in.tree.next_in_order(back, k);
      const auto href = back == none ? std::nullopt : in[back].attribute("href");
      const auto call = href ? target_of(in.base, *href) : std::nullopt;
      if (!call) continue;
      const chapter &calling = chapters[call->chapter];
      if (calling[call->node].name != own::call || calling.holds_block[call->node] ||
          calling.tree.find("a", call->node))
        continue;
      if (!by_call_.emplace(call->key(), static_cast<uint32_t>(notes_.size())).second) continue;
      by_element_.emplace(node_place{c, k}.key(), static_cast<uint32_t>(notes_.size()));
      notes_.push_back({{c, k}, *call, squeezed(calling.tree.text_of(call->node)), false, {}});
    }
  }
}

// Notes that call each other in a circle have no place in the text that leads to them; they stay where they stand.
void book_ties::leave_unreachable(const std::vector<chapter> &chapters) {
  std::vector<uint32_t> caller(notes_.size(), none);  // the note that a note's call stands in
  for (uint32_t n = 0; n < notes_.size(); ++n) caller[n] = note_that_holds(chapters, notes_[n].call);
  enum : uint8_t { unknown, open, reached, lost };
  std::vector<uint8_t> state(notes_.size(), unknown);
  std::vector<uint32_t> path;
  for (uint32_t n = 0; n < notes_.size(); ++n) {
    path.clear();
    uint32_t k = n;
    while (k != none && state[k] == unknown) {
      state[k] = open;
      path.push_back(k);
      k = caller[k];
    }
    const uint8_t end = k == none || state[k] == reached ? reached : lost;
    for (const uint32_t one : path) state[one] = end;
  }
  std::vector<book_note> kept;
  by_element_.clear();
  by_call_.clear();
  for (uint32_t n = 0; n < notes_.size(); ++n) {
    if (state[n] != reached) continue;
    by_element_.emplace(notes_[n].element.key(), static_cast<uint32_t>(kept.size()));
    by_call_.emplace(notes_[n].call.key(), static_cast<uint32_t>(kept.size()));
    kept.push_back(std::move(notes_[n]));
  }
  notes_ = std::move(kept);
}

void book_ties::find_back_links(const std::vector<chapter> &chapters) {
  for (const book_note &note : notes_) {
    const chapter &in = chapters[note.element.chapter];
    for (uint32_t k = note.element.node; k != none; k = in.tree.next_in_order(k, note.element.node)) {
      const auto href = in[k].name == "a" ? in[k].attribute("href") : std::nullopt;
      if (!href || by_call_.count(node_place{note.element.chapter, k}.key()) != 0) continue;
      if (in.holds_block[k] || in.holds_picture(k) || !looks_like_call(squeezed(in.tree.text_of(k)))) continue;
      const auto back = target_of(in.base, *href);
      bool leads_back = says(in[k], {"backlink"});
      if (!leads_back && back && back->chapter == note.call.chapter) {
        leads_back = is_at_call(chapters, *back, note.call);
        for (const node_place &more : note.more_calls) leads_back = leads_back || is_at_call(chapters, *back, more);
        // A note may speak of the paragraph that calls it; only the call's sign, or an arrow, leads back there.
        uint32_t block = note.call.node;
        while (block != none && !is_block_name(chapters[note.call.chapter][block].name))
          block = chapters[note.call.chapter][block].parent;
        leads_back = leads_back || (back->node == block && is_sign_of(squeezed(in.tree.text_of(k)), note.label));
      }
      if (leads_back) back_links_.insert(node_place{note.element.chapter, k}.key());
    }
  }
}

}  // namespace calque::plugins
