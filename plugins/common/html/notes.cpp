// SPDX-License-Identifier: Apache-2.0
// Calls come before what they call; a table of contents, whose links lead to headings, is none of that.
#include "plugins/common/html/notes.hpp"

#include <algorithm>

namespace calque::plugins::html_reading {

namespace {

bool is_heading(element e) {
  const GumboTag tag = tag_of(e);
  return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6;
}

/// "1", "[12]", "(a)", "iv.", "*", "†": what calls a note, and not a word of the text.
bool is_label(std::string_view text) {
  text = trimmed(text);
  for (bool again = true; again && !text.empty();) {
    again = false;
    for (std::string_view mark : {"[", "(", "^", "]", ")", ".", ":", "{", "}"}) {
      if (text.starts_with(mark)) text.remove_prefix(1), again = true;
      if (text.ends_with(mark)) text.remove_suffix(1), again = true;
    }
    text = trimmed(text);
  }
  for (std::string_view word : {"note ", "n ", "lower-alpha "})
    if (text.size() > word.size() && lower(text.substr(0, word.size())) == word) text.remove_prefix(word.size());
  if (text.empty() || text.size() > 9) return false;
  bool digits = true, letters = true, signs = true;
  for (char c : text) {
    const bool is_digit = c >= '0' && c <= '9', is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    digits = digits && is_digit;
    letters = letters && is_letter;
    signs = signs && !is_digit && !is_letter;
  }
  // Digits of other scripts and signs are not ASCII; three of them have at most nine bytes.
  return (digits && text.size() <= 4) || (letters && text.size() <= 4) || signs;
}

std::string bare_label(std::string_view text) {
  std::string made;
  for (char c : text)
    if (!is_space(c) && std::string_view("[]().:^").find(c) == std::string_view::npos) made += c;
  return made;
}

bool says_call(element e) {
  return has_word(value_of(e, "role"), "doc-noteref") || has_word(value_of(e, "epub:type"), "noteref") ||
         has_word(value_of(e, "class"), "footnote-ref") || has_word(value_of(e, "class"), "footnoteref") ||
         has_word(value_of(e, "class"), "noteref");
}

bool says_back(element e) {
  return has_word(value_of(e, "role"), "doc-backlink") || has_word(value_of(e, "epub:type"), "backlink") ||
         has_word(value_of(e, "epub:type"), "referrer") || has_word(value_of(e, "class"), "footnote-back") ||
         has_word(value_of(e, "class"), "footnote-backref") || has_word(value_of(e, "class"), "footnoteback") ||
         has_word(value_of(e, "class"), "fn-backref");
}

bool says_note(element e) {
  for (const char *word : {"doc-footnote", "doc-endnote"})
    if (has_word(value_of(e, "role"), word)) return true;
  for (const char *word : {"footnote", "endnote", "rearnote", "note"})
    if (has_word(value_of(e, "epub:type"), word)) return true;
  return false;
}

bool says_notes(element e) {
  for (const char *word : {"doc-endnotes", "doc-footnotes"})
    if (has_word(value_of(e, "role"), word)) return true;
  for (const char *word : {"footnotes", "endnotes", "rearnotes"})
    if (has_word(value_of(e, "epub:type"), word)) return true;
  for (const char *word : {"footnotes", "endnotes", "notes", "references", "footnote-list", "wp-block-footnotes"})
    if (has_word(value_of(e, "class"), word)) return true;
  return false;
}

bool stands_below(element e, element above) {
  for (; e != nullptr; e = e->parent)
    if (e == above) return true;
  return false;
}

bool is_blank_text(element e) { return is_text(e) && trimmed(e->v.text.text).empty(); }

/// The parts of an element that are not white space, comments or unread.
std::vector<element> parts_of(element e) {
  std::vector<element> found;
  for (element child : children(e))
    if (!is_blank_text(child) && child->type != GUMBO_NODE_COMMENT && !is_unread(child)) found.push_back(child);
  return found;
}

template <class F>
void each_element(element e, F &&f) {
  if (!is_element(e)) return;
  f(e);
  for (element child : children(e)) each_element(child, f);
}

}  // namespace

note_finder::note_finder(element root, marks known) {
  collect(root);
  for (element link : links_) targets_.insert(std::string_view(find_attribute(link, "href")->value).substr(1));
  std::unordered_set<element> found_bodies;
  for (element link : links_) {
    if (says_back(link)) continue;
    const element target = target_of(link);
    if (target == nullptr || target == link || stands_below(link, target)) continue;
    const element body = block_of(target);
    if (body == nullptr || stands_below(link, body)) continue;
    if (known == marks::said) {
      if (link->parent != nullptr && has_word(value_of(link->parent, "class"), "call") && has_word(value_of(body, "class"), "note"))
        add(link, body, known);
      continue;
    }
    bool is_listed = false;
    for (element above = body; above != nullptr && !is_listed; above = above->parent) is_listed = says_notes(above) || says_note(above);
    const bool says_so = says_call(link) || says_note(body) || (link->parent != nullptr && says_call(link->parent));
    const bool goes_on = order_.at(body) > order_.at(link);
    if (!says_so && !(goes_on && is_label(plain_text(link)) && (is_listed || leads_to(body, link)))) continue;
    add(link, body, known);
  }
  for (const note &n : notes_) find_parts(n);
  find_shells();
}

void note_finder::collect(element e) {
  if (!is_element(e)) return;
  order_.emplace(e, static_cast<uint32_t>(order_.size()));
  if (auto id = value_of(e, "id"); id && !id->empty()) by_id_.emplace(*id, e);
  if (tag_of(e) == GUMBO_TAG_A) {
    if (auto name = value_of(e, "name"); name && !name->empty()) by_id_.emplace(*name, e);
    if (auto href = value_of(e, "href"); href && href->size() > 1 && href->front() == '#') links_.push_back(e);
  }
  if (is_unread(e)) return;
  for (element child : children(e)) collect(child);
}

element note_finder::target_of(element link) const {
  const auto found = by_id_.find(std::string_view(find_attribute(link, "href")->value).substr(1));
  return found == by_id_.end() ? nullptr : found->second;
}

/// The block that a note's target stands for: the target, or what it is the beginning of.
element note_finder::block_of(element target) const {
  element block = target;
  while (block != nullptr && !is_block(block)) block = block->parent;
  if (block == nullptr) return nullptr;
  switch (tag_of(block)) {
    case GUMBO_TAG_HTML: case GUMBO_TAG_BODY: case GUMBO_TAG_MAIN: case GUMBO_TAG_ARTICLE: case GUMBO_TAG_OL:
    case GUMBO_TAG_UL: case GUMBO_TAG_DL: case GUMBO_TAG_NAV: case GUMBO_TAG_HEADER: case GUMBO_TAG_FOOTER:
      return nullptr;
    default:
      break;
  }
  if (is_heading(block)) return nullptr;
  if (block == target && tag_of(block) != GUMBO_TAG_P) return says_notes(block) ? nullptr : block;
  // A paragraph that begins an item or a note of its own is part of it.
  for (element above = block->parent; above != nullptr; above = above->parent) {
    const GumboTag tag = tag_of(above);
    const bool is_whole = tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DD || says_note(above) ||
                          (tag == GUMBO_TAG_DIV && find_attribute(above, "id") != nullptr && !says_notes(above));
    if (!is_whole && tag != GUMBO_TAG_DIV) break;
    const auto parts = parts_of(above);
    if (parts.empty() || !stands_below(block, parts.front())) break;
    if (is_whole) return above;
  }
  return block;
}

/// Whether a link in the block leads to the call or to what it stands in.
bool note_finder::leads_to(element block, element call) const {
  bool found = false;
  each_element(block, [&](element e) {
    if (found || tag_of(e) != GUMBO_TAG_A) return;
    const auto href = value_of(e, "href");
    if (!href || href->size() < 2 || href->front() != '#') return;
    const auto to = by_id_.find(href->substr(1));
    if (to == by_id_.end()) return;
    element around = call;
    while (around->parent != nullptr && !is_block(around->parent)) around = around->parent;
    found = stands_below(to->second, around);
  });
  return found;
}

void note_finder::add(element link, element body, marks known_marks) {
  // The call is all that surrounds the link and says nothing else: <sup>[<a>1</a>]</sup>.
  const std::string label = plain_text(link);
  element call = known_marks == marks::said ? link->parent : link;
  while (known_marks == marks::any && call->parent != nullptr && is_element(call->parent) && !is_block(call->parent) &&
         children_of(call->parent).length < 6 &&
         bare_label(plain_text(call->parent)) == bare_label(label))
    call = call->parent;
  const auto known = bodies_.find(body);
  if (known != bodies_.end()) return;  // called again: that call stays a link
  calls_.emplace(call, notes_.size());
  bodies_.emplace(body, notes_.size());
  notes_.push_back({call, body, plain_text(call)});
}

void note_finder::find_parts(const note &n) {
  each_element(n.body, [&](element e) {
    if (has_word(value_of(e, "class"), "mw-cite-backlink")) back_links_.insert(e);
    if (tag_of(e) != GUMBO_TAG_A) return;
    const auto href = value_of(e, "href");
    const bool is_back = says_back(e);
    element to = nullptr;
    if (href && href->size() > 1 && href->front() == '#')
      if (const auto found = by_id_.find(href->substr(1)); found != by_id_.end()) to = found->second;
    element around = n.call;
    while (around->parent != nullptr && !is_block(around->parent)) around = around->parent;
    // Wikipedia leads back to each of several calls, with letters or an arrow.
    const bool is_sign = to != nullptr && tag_of(e) == GUMBO_TAG_A &&
                         (is_label(plain_text(e)) || plain_text(e).empty()) && order_.at(to) < order_.at(n.body);
    if (is_back || is_sign || (to != nullptr && stands_below(to, around) && plain_text(e).size() < 12))
      back_links_.insert(e);
  });
  // The number before the text, where the first thing of the note is nothing else.
  for (element e = n.body; !parts_of(e).empty();) {
    element first = nullptr;
    for (element part : parts_of(e))
      if (back_links_.count(part) == 0) {
        first = part;
        break;
      }
    if (first == nullptr || !is_element(first)) break;
    const std::string text = bare_label(plain_text(first));
    if (!text.empty() && text == bare_label(n.label) && !is_block(first)) {
      numbers_.insert(first);
      break;
    }
    e = first;
  }
}

bool note_finder::is_bare(element e) const {
  // A heading goes only where the element says that it is a list of notes and nothing else.
  const bool may_have_heading = has_word(value_of(e, "class"), "notes");
  for (element part : parts_of(e)) {
    if (bodies_.count(part) > 0 || shells_.count(part) > 0) continue;
    if (tag_of(part) == GUMBO_TAG_HR || tag_of(part) == GUMBO_TAG_BR) continue;
    if (may_have_heading && is_heading(part)) continue;
    return false;
  }
  return true;
}

uint32_t note_finder::order_of(element e) const {
  const auto found = order_.find(e);
  return found == order_.end() ? 0 : found->second;
}

/// Level by level upwards, each element once a level, since a shell is one when all below it are.
void note_finder::find_shells() {
  std::vector<element> level;
  for (const note &n : notes_) level.push_back(n.body->parent);
  while (!level.empty()) {
    std::sort(level.begin(), level.end(), [&](element a, element b) { return order_of(a) < order_of(b); });
    level.erase(std::unique(level.begin(), level.end()), level.end());
    std::vector<element> next;
    for (element e : level) {
      if (e == nullptr || !is_element(e) || tag_of(e) == GUMBO_TAG_BODY || tag_of(e) == GUMBO_TAG_HTML) continue;
      if (shells_.count(e) > 0 || bodies_.count(e) > 0 || !is_bare(e)) continue;
      shells_.insert(e);
      next.push_back(e->parent);
    }
    level = std::move(next);
  }
}

note *note_finder::called_by(element e) {
  const auto found = calls_.find(e);
  return found == calls_.end() ? nullptr : &notes_[found->second];
}

note *note_finder::body_of(element e) {
  const auto found = bodies_.find(e);
  return found == bodies_.end() ? nullptr : &notes_[found->second];
}

}  // namespace calque::plugins::html_reading
