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

/// Letters or digits, as an arrow has none.
bool has_letters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
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
  return e->order >= above->order && e->order <= above->last;
}

bool is_blank_text(element e) { return is_text(e) && trimmed(e->text).empty(); }

/// Not white space, a comment or unread.
bool is_part(element e) { return !is_blank_text(e) && e->type != node_type::comment && !is_unread(e); }

/// The first part of an element for which `f` holds, or NULL. Elements with thousands of notes are asked for each note.
template <class F>
element first_part(element e, F &&f) {
  for (element child : children(e))
    if (is_part(child) && f(child)) return child;
  return nullptr;
}

/// The outermost inline that an inline stands in; the element itself when it is a block.
element line_part(element e) {
  while (!is_block(e) && e->parent != nullptr && is_element(e->parent) && !is_block(e->parent)) e = e->parent;
  return e;
}

/// The element after this one, where nothing but blanks is between them.
element next_beside(element e) {
  element next = e->next;
  while (next != nullptr && is_blank_text(next)) next = next->next;
  return next != nullptr && is_element(next) ? next : nullptr;
}

/// What a call and its brackets are at most.
bool has_few_children(element e) {
  size_t count = 0;
  for (element child = e->first; child != nullptr && count < 6; child = child->next) ++count;
  return count < 6;
}

template <class F>
void each_element(element e, F &&f) {
  if (!is_element(e)) return;
  f(e);
  for (element child : children(e)) each_element(child, f);
}

}  // namespace

bool is_classed_note(element e) {
  for (const char *word : {"footnote", "endnote", "footnote-item", "sdfootnote", "duokan-footnote-item"})
    if (has_word(value_of(e, "class"), word)) return true;
  return false;
}

note_finder::note_finder(element root, marks known) {
  collect(root);
  for (element link : links_) {
    targets_.insert(std::string_view(find_attribute(link, "href")->value).substr(1));
    if (const element target = target_of(link)) target_places_.push_back(target->order);
  }
  std::sort(target_places_.begin(), target_places_.end());
  target_places_.erase(std::unique(target_places_.begin(), target_places_.end()), target_places_.end());
  struct lead {
    element link, body;
  };
  std::vector<lead> leads;
  for (element link : links_) {
    if (says_back(link)) continue;
    const element target = target_of(link);
    if (target == nullptr || target == link || stands_below(link, target)) continue;
    const element body = block_of(target);
    if (body == nullptr || stands_below(link, body)) continue;
    leads.push_back({link, body});
    call_places_[body].insert(line_part(link));
  }
  for (const auto &[link, body] : leads) {
    if (known == marks::said) {
      if (link->parent != nullptr && has_word(value_of(link->parent, "class"), "call") && has_word(value_of(body, "class"), "note"))
        add(link, body, known);
      continue;
    }
    bool is_listed = false;
    for (element above = body; above != nullptr && !is_listed; above = above->parent) is_listed = says_notes(above) || says_note(above);
    const bool says_so = says_call(link) || says_note(body) || (link->parent != nullptr && says_call(link->parent));
    const bool goes_on = body->order > link->order;
    if (!says_so && !(goes_on && is_label(plain_text(link)) && (is_listed || leads_to(body, link)))) continue;
    add(link, body, known);
  }
  for (const note &n : notes_) find_parts(n);
  find_shells();
}

void note_finder::collect(element e) {
  if (!is_element(e)) return;
  if (auto id = value_of(e, "id"); id && !id->empty()) by_id_.emplace(*id, e);
  if (tag_of(e) == GUMBO_TAG_A) {
    if (auto name = value_of(e, "name"); name && !name->empty()) by_id_.emplace(*name, e);
    if (auto href = value_of(e, "href"); href && href->size() > 1 && href->front() == '#') links_.push_back(e);
  }
  if (is_unread(e)) return;
  for (element child : children(e)) collect(child);
}

element note_finder::target_of(element link) const {
  const auto href = value_of(link, "href");
  if (!href || href->size() < 2 || href->front() != '#') return nullptr;
  const auto found = by_id_.find(href->substr(1));
  return found == by_id_.end() ? nullptr : found->second;
}

/// The block that a note's target stands for: the target, or what it is the beginning of.
element note_finder::block_of(element target) const {
  if (target->space != vocabulary::html) return nullptr;
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
  // Docutils and others have the number as a term and the note as what it means; a word is a term of a glossary.
  if (tag_of(block) == GUMBO_TAG_DT) {
    const std::string term = bare_label(plain_text(block));
    const element meaning = next_beside(block);
    const bool is_number =
        is_label(term) && (term.size() == 1 || term.find_first_not_of("0123456789") == std::string::npos);
    return is_number && meaning != nullptr && tag_of(meaning) == GUMBO_TAG_DD ? meaning : nullptr;
  }
  if (tag_of(block) == GUMBO_TAG_TABLE && !is_classed_note(block)) return nullptr;
  if (block == target && tag_of(block) != GUMBO_TAG_P) return says_notes(block) ? nullptr : block;
  // A paragraph that begins an item or a note of its own is part of it.
  for (element above = block->parent; above != nullptr; above = above->parent) {
    const GumboTag tag = tag_of(above);
    const bool may_be_whole = tag == GUMBO_TAG_DIV && find_attribute(above, "id") != nullptr && !says_notes(above);
    const bool is_whole = tag == GUMBO_TAG_LI || tag == GUMBO_TAG_DD || says_note(above);
    if (!is_whole && !is_classed_note(above) && tag != GUMBO_TAG_DIV) break;
    const element first = first_part(above, [](element) { return true; });
    if (first == nullptr || !stands_below(block, first)) break;
    if (is_whole || ((may_be_whole || is_classed_note(above)) && !holds_other_target(above, block))) return above;
  }
  return block;
}

/// Whether links lead to other places in an element than to its beginning: then it holds several notes.
bool note_finder::holds_other_target(element above, element block) const {
  // What comes before the block in it is what the block stands in, since it stands at its beginning.
  const auto behind = std::upper_bound(target_places_.begin(), target_places_.end(), block->last);
  return behind != target_places_.end() && *behind <= above->last;
}

/// The number of a note that is the term before it.
element note_finder::term_of(element body) const {
  if (tag_of(body) != GUMBO_TAG_DD) return nullptr;
  element before = body->previous;
  while (before != nullptr && is_blank_text(before)) before = before->previous;
  return before != nullptr && tag_of(before) == GUMBO_TAG_DT ? before : nullptr;
}

/// Whether a place is one of these parts of lines, in one, or an empty anchor right before one: <a id="r1"></a><a …>.
bool note_finder::is_at(element place, const std::unordered_set<element> &parts) const {
  const element part = line_part(place);
  if (is_block(part)) return false;
  if (parts.count(part) > 0) return true;
  if (tag_of(part) != GUMBO_TAG_A || part->first != nullptr) return false;
  const element next = next_beside(part);
  return next != nullptr && parts.count(next) > 0;
}

/// Whether a link in the block, or in the term before it, leads to the call or to what it stands in.
bool note_finder::leads_to(element block, element call) {
  const auto known = leads_of_.try_emplace(block);
  std::vector<element> &leads = known.first->second;
  if (known.second) {
    const auto look = [&](element e) {
      if (tag_of(e) != GUMBO_TAG_A) return;
      if (const element to = target_of(e)) leads.push_back(to);
    };
    each_element(block, look);
    if (const element term = term_of(block)) each_element(term, look);
  }
  // Who has so many links is no note; it would be looked through for each link to it.
  constexpr size_t most_links = 1000;
  const std::unordered_set<element> parts{line_part(call)};
  return leads.size() <= most_links && std::any_of(leads.begin(), leads.end(), [&](element to) { return is_at(to, parts); });
}

void note_finder::add(element link, element body, marks known_marks) {
  // The call is all that surrounds the link and says nothing else: <sup>[<a>1</a>]</sup>.
  const std::string label = plain_text(link);
  element call = known_marks == marks::said ? link->parent : link;
  while (known_marks == marks::any && call->parent != nullptr && is_element(call->parent) && !is_block(call->parent) &&
         has_few_children(call->parent) &&
         bare_label(plain_text(call->parent)) == bare_label(label))
    call = call->parent;
  const auto known = bodies_.find(body);
  if (known != bodies_.end()) return;  // called again: that call stays a link
  calls_.emplace(call, notes_.size());
  bodies_.emplace(body, notes_.size());
  notes_.push_back({call, body, plain_text(call)});
}

void note_finder::find_parts(const note &n) {
  const std::unordered_set<element> &calls = call_places_.at(n.body);
  const element paragraph = line_part(n.call)->parent;
  const auto look = [&](element e) {
    if (has_word(value_of(e, "class"), "mw-cite-backlink")) back_links_.insert(e);
    if (tag_of(e) != GUMBO_TAG_A) return;
    if (says_back(e)) back_links_.insert(e);
    const element to = target_of(e);
    if (to == nullptr) return;
    const std::string text = plain_text(e), sign = bare_label(text);
    // Wikipedia leads back to each of several calls. A note may speak of the paragraph that calls it; only the number,
    // or an arrow, leads back there.
    const bool is_sign = sign == bare_label(n.label) || (is_label(text) && !has_letters(sign)) || text.empty();
    if ((is_at(to, calls) && (text.size() < 12 || is_label(text))) || (to == paragraph && is_sign))
      back_links_.insert(e);
  };
  each_element(n.body, look);
  if (const element term = term_of(n.body); term != nullptr && bare_label(plain_text(term)) == bare_label(n.label)) {
    each_element(term, look);
    numbers_.insert(term);
  }
  // The number before the text, where the first thing of the note is nothing else.
  for (element e = n.body;;) {
    const element first = first_part(e, [&](element part) { return back_links_.count(part) == 0; });
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
  return first_part(e, [&](element part) {
           if (bodies_.count(part) > 0 || shells_.count(part) > 0 || numbers_.count(part) > 0) return false;
           if (tag_of(part) == GUMBO_TAG_HR || tag_of(part) == GUMBO_TAG_BR) return false;
           return !may_have_heading || !is_heading(part);
         }) == nullptr;
}

/// Level by level upwards, each element once a level, since a shell is one when all below it are.
void note_finder::find_shells() {
  std::vector<element> level;
  const auto add = [](std::vector<element> &to, element e) {
    if (e != nullptr) to.push_back(e);
  };
  for (const note &n : notes_) add(level, n.body->parent);
  while (!level.empty()) {
    std::sort(level.begin(), level.end(), [](element a, element b) { return a->order < b->order; });
    level.erase(std::unique(level.begin(), level.end()), level.end());
    std::vector<element> next;
    for (element e : level) {
      if (!is_element(e) || tag_of(e) == GUMBO_TAG_BODY || tag_of(e) == GUMBO_TAG_HTML) continue;
      if (shells_.count(e) > 0 || bodies_.count(e) > 0 || !is_bare(e)) continue;
      shells_.insert(e);
      add(next, e->parent);
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
