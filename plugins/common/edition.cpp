// SPDX-License-Identifier: Apache-2.0
// Looking a document up for an edition, and its marks cut so that they nest.
#include "edition.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace edition {

using calque::kind;

namespace {

/// The end of a bracket as printed at the begin or end of an intervention; 0 where there is none.
uint32_t bracket_size(const annotation &a, std::string_view key, std::string_view text, bool at_end) {
  auto printed = a.value(key);
  if (!printed || printed->empty() || printed->size() > text.size()) return 0;
  const bool is_there = at_end ? text.ends_with(*printed) : text.starts_with(*printed);
  return is_there ? static_cast<uint32_t>(printed->size()) : 0;
}

void add_brackets(document_view document, const mark &m, std::vector<mark> &to) {
  const auto text = document.text(m.range);
  const uint32_t open = bracket_size(m.what, "open", text, false), close = bracket_size(m.what, "close", text, true);
  if (open != 0) to.push_back({m.what, m.layer, m.name, {m.range.begin, m.range.begin + open}, true});
  if (close != 0 && open + close <= text.size())
    to.push_back({m.what, m.layer, m.name, {m.range.end - close, m.range.end}, true});
}

}  // namespace

mark_list::mark_list(document_view document, std::span<const std::string_view> layers) {
  for (std::string_view name : layers)
    for (uint32_t l = 0; l < document.layer_count(); ++l) {
      const auto layer = document.layer(l);
      if (layer.name() != name) continue;
      for (uint32_t k = 0; k < layer.size(); ++k) {
        const annotation a = layer[k];
        if (a.range().is_empty()) continue;
        marks_.push_back({a, l, layer.name(), a.range()});
        const mark added = marks_.back();
        if (name == "calque.editorial/1") add_brackets(document, added, marks_);
      }
    }
  sort();
}

void mark_list::sort() {
  std::stable_sort(marks_.begin(), marks_.end(), [](const mark &a, const mark &b) {
    return std::tuple(a.range.begin, b.range.end) < std::tuple(b.range.begin, a.range.end);
  });
  farthest_end_.clear();
  uint32_t farthest = 0;
  for (const mark &m : marks_) farthest_end_.push_back(farthest = std::max(farthest, m.range.end));
}

std::vector<const mark *> mark_list::touching(text_range range) const {
  std::vector<const mark *> found;
  // Before this one, every mark ends at or before the range.
  auto first = std::upper_bound(farthest_end_.begin(), farthest_end_.end(), range.begin) - farthest_end_.begin();
  for (auto k = static_cast<size_t>(first); k < marks_.size() && marks_[k].range.begin < range.end; ++k)
    if (marks_[k].range.end > range.begin) found.push_back(&marks_[k]);
  return found;
}

bool is_inline(node n) {
  const auto k = static_cast<uint16_t>(n.kind());
  if (k >= CALQUE_KIND_NAMED) {
    for (node child : n.children())
      if (!is_inline(child)) return false;
    return true;
  }
  return k >= CALQUE_EMPHASIS;
}

uint32_t end_of_inlines(document_view document, node parent, uint32_t first) {
  while (first < parent.end_index() && is_inline(document.at(first))) first = document.at(first).end_index();
  return first;
}

void note_languages(const reading &lookup, text_range block, said_marks &to) {
  for (const mark *m : lookup.language_marks().touching(block))
    if (reading::covers(*m, block) && is_language_tag(m->what.value("tag").value_or("")))
      to.emplace(m->layer, m->what.index());
}

void account_for_marks(document_view document, calque::output &account, const said_marks &said, const unsaid_codes &codes) {
  for (uint32_t l = 0; l < document.layer_count(); ++l) {
    const auto layer = document.layer(l);
    const bool is_page = layer.name() == "calque.page/1", is_language = layer.name() == "calque.language/1";
    if (!is_page && !is_language) continue;
    for (uint32_t k = 0; k < layer.size(); ++k) {
      if (said.contains({l, k}))
        account.emitted(l, layer[k]);
      else if (is_page)
        account.not_expressed(l, layer[k], codes.page);
      else
        account.not_expressed(l, layer[k], layer[k].range().is_empty() ? codes.language_of_nothing : codes.language);
    }
  }
}

bool is_language_tag(std::string_view tag) {
  size_t length = 0, parts = 0;
  for (char c : tag) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'), is_digit = c >= '0' && c <= '9';
    if (c == '-') {
      if (length == 0) return false;
      length = 0, ++parts;
    } else if (!(is_letter || (is_digit && parts > 0)) || ++length > 8) {
      return false;
    }
  }
  return length > 0;
}

std::string plain_text(document_view document, node n) {
  std::string made;
  uint32_t block_end = 0;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document.at(i);
    if (child.is(kind::aside)) {
      i = child.end_index();
      continue;
    }
    if (child.is_text_block()) {
      if (!made.empty() && i >= block_end) made += ' ';
      block_end = child.end_index();
    }
    if (child.is_leaf()) made += child.is(kind::line_break) ? std::string_view(" ") : child.text();
    ++i;
  }
  return made;
}

std::string title_of(document_view document) {
  auto has_words = [](const std::string &text) { return text.find_first_not_of(" \t\n\r") != std::string::npos; };
  if (auto field = document.field("title"))
    if (std::string text = plain_text(document, *field); has_words(text)) return text;
  for (node n : document.main_flow())
    if (n.is(kind::heading))
      if (std::string text = plain_text(document, n); has_words(text)) return text;
  return "Untitled document";
}

reading::reading(document_view document, std::span<const std::string_view> shown)
    : document_(document), ids_(document), shown_(document, shown) {
  constexpr std::string_view languages[] = {"calque.language/1"};
  language_marks_ = mark_list(document, languages);
  for (node n : document.nodes()) {
    if (!n.is(kind::aside)) continue;
    auto anchor = n.attr("anchor");
    if (!anchor) continue;
    uint32_t id = 0;
    for (char c : *anchor) id = id * 10 + static_cast<uint32_t>(c - '0');
    auto call = ids_.node(id);
    if (call && call->is_leaf() && call->index() < n.index()) {
      asides_[id].push_back(n.index());
      called_.insert(n.index());
    }
  }
  place_points();
  find_people();

  std::map<std::string_view, uint64_t> sizes;
  for (node n : document.main_flow())
    if (n.is_text_block()) sizes[language_of(n)] += n.text().size();
  if (auto own = document.root().attr("lang")) {
    main_language_ = *own;
  } else {
    uint64_t most = 0;
    for (const auto &[tag, size] : sizes)
      if (!tag.empty() && size > most) most = size, main_language_ = tag;
  }
}

void reading::place_points() {
  for (uint32_t l = 0; l < document_.layer_count(); ++l) {
    const auto layer = document_.layer(l);
    if (layer.name() != "calque.page/1" && layer.name() != "calque.line/1") continue;
    for (uint32_t k = 0; k < layer.size(); ++k)
      points_.push_back({layer[k], l, layer.name(), {layer[k].range().begin, layer[k].range().begin}});
  }
  std::stable_sort(points_.begin(), points_.end(),
                   [](const mark &a, const mark &b) { return a.range.begin < b.range.begin; });
  // A point that keeps to what follows goes to the leaf that holds its next letter, else to the one before it.
  std::vector<uint32_t> with_text;
  for (node leaf : document_.root().leaves())
    if (!leaf.range().is_empty()) with_text.push_back(leaf.index());
  for (const mark &p : points_) {
    const uint32_t at = p.range.begin;
    auto holds_next = std::upper_bound(with_text.begin(), with_text.end(), at, [&](uint32_t position, uint32_t leaf) {
      return position < document_.at(leaf).range().end;
    });
    if (holds_next != with_text.begin() &&
        (holds_next == with_text.end() ||
         (p.what.side() == calque::side::before && document_.at(*holds_next).range().begin == at)))
      --holds_next;
    points_at_[holds_next == with_text.end() ? CALQUE_NONE : *holds_next].push_back(&p);
  }
}

void reading::find_people() {
  std::set<std::string> used;
  const auto names = document_.annotations("calque.name/1");
  for (const annotation &a : names) {
    // Who has no part in the record is only named in it.
    if (a.kind() != "person" || !a.value("part")) continue;
    person found{a, {}, {}, {}};
    found.full = a.value("full").value_or(document_.text(a.range()));
    found.short_name = a.value("short").value_or(std::string_view());
    found.slug = unique_id(a.value("key").value_or(found.short_name.empty() ? found.full : found.short_name), used);
    person_by_annotation_.emplace(a.id(), people_.size());
    people_.push_back(std::move(found));
  }
  for (const annotation &a : names) {
    if (a.kind() != "speaker" || !a.node_id()) continue;
    for (const auto &value : a.values()) {
      if (value.key != "person" || value.type != CALQUE_VALUE_REF) continue;
      auto at = person_by_annotation_.find(static_cast<uint32_t>(std::stoul(std::string(value.text))));
      if (at != person_by_annotation_.end()) person_by_speech_.emplace(*a.node_id(), at->second);
    }
  }
}

const person *reading::person_of(uint32_t annotation_id) const {
  auto at = person_by_annotation_.find(annotation_id);
  return at == person_by_annotation_.end() ? nullptr : &people_[at->second];
}

const person *reading::speaker_of(node speech) const {
  auto at = person_by_speech_.find(speech.id());
  return at == person_by_speech_.end() ? nullptr : &people_[at->second];
}

std::vector<node> reading::asides_of(node anchor) const {
  std::vector<node> found;
  if (auto at = asides_.find(anchor.id()); at != asides_.end())
    for (uint32_t index : at->second) found.push_back(document_.at(index));
  return found;
}

std::vector<node> reading::asides_below(node n) const {
  std::vector<node> found;
  for (uint32_t i = n.index() + 1; i < n.end_index();) {
    const node child = document_.at(i);
    if (child.is(kind::aside)) {
      if (!is_called(child)) found.push_back(child);
      i = child.end_index();
      continue;
    }
    for (node called : asides_of(child)) found.push_back(called);
    ++i;
  }
  return found;
}

bool reading::is_called(node aside) const {
  return called_.contains(aside.index());
}

std::vector<const mark *> reading::homeless_points() const {
  auto at = points_at_.find(CALQUE_NONE);
  return at == points_at_.end() ? std::vector<const mark *>() : at->second;
}

std::string_view reading::language_of(node n) const {
  if (auto own = n.attr("lang")) return *own;
  if (n.range().is_empty()) return {};
  std::string_view found;
  uint32_t smallest = UINT32_MAX;
  for (const mark *m : language_marks_.touching(n.range()))
    if (covers(*m, n.range()) && m->range.end - m->range.begin <= smallest) {
      smallest = m->range.end - m->range.begin;
      found = m->what.value("tag").value_or(std::string_view());
    }
  return found;
}

std::vector<std::string_view> reading::languages() const {
  std::set<std::string_view> found;
  for (const mark &m : language_marks_.all())
    if (auto tag = m.what.value("tag")) found.insert(*tag);
  for (node n : document_.nodes())
    if (auto tag = n.attr("lang")) found.insert(*tag);
  return {found.begin(), found.end()};
}

bool reading::is_plain(text_range range) const {
  auto p = std::lower_bound(points_.begin(), points_.end(), range.begin,
                            [](const mark &m, uint32_t at) { return m.range.begin < at; });
  // A point at the very end stands before what follows, unless it keeps to what is before it.
  if (p != points_.end() && (p->range.begin < range.end ||
                             (p->range.begin == range.end && p->what.side() == calque::side::before)))
    return false;
  uint32_t low = 0, high = document_.node_count();
  // The last node that begins at or before the range and is not empty there.
  while (low + 1 < high) {
    const uint32_t middle = (low + high) / 2;
    (document_.at(middle).range().begin <= range.begin ? low : high) = middle;
  }
  const node n = document_.at(low);
  return n.is(kind::text) && n.range().begin <= range.begin && n.range().end >= range.end;
}

namespace {

/// What is open at a place: an inline or a mark.
struct element {
  uint32_t node = CALQUE_NONE;
  const mark *m = nullptr;
  bool operator==(const element &) const = default;
};

class inline_steps {
 public:
  inline_steps(document_view document, std::vector<const mark *> marks)
      : document_(document), marks_(std::move(marks)) {}

  void leaf(node n, std::span<const mark *const> points) {
    const text_range all = n.range();
    std::vector<uint32_t> cuts{all.begin, all.end};
    for (const mark *m : active(all)) {
      if (m->range.begin > all.begin && m->range.begin < all.end) cuts.push_back(m->range.begin);
      if (m->range.end > all.begin && m->range.end < all.end) cuts.push_back(m->range.end);
    }
    for (const mark *p : points) cuts.push_back(p->range.begin);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    size_t next_point = 0;
    auto points_up_to = [&](uint32_t at) {
      for (; next_point < points.size() && points[next_point]->range.begin <= at; ++next_point)
        steps_.push_back({.does = step::what::point, .mark = points[next_point]});
    };
    if (all.is_empty()) {
      go_to(wanted(all, n));
      steps_.push_back({.does = step::what::leaf, .node = n.index(), .range = all});
    }
    for (size_t k = 0; k + 1 < cuts.size(); ++k) {
      const text_range piece{cuts[k], cuts[k + 1]};
      // Before the piece, a point stands outside what the piece opens, and inside what goes on.
      auto next = wanted(piece, n);
      leave(next);
      points_up_to(piece.begin);
      go_to(next);
      steps_.push_back({.does = step::what::leaf, .node = n.index(), .range = piece});
    }
    points_up_to(all.end);
  }
  /// An inline that holds no leaf.
  void hollow(node n) {
    auto open = wanted(n.range(), n);
    open.push_back({n.index(), nullptr});
    go_to(open);
  }
  void enter(node n) { chain_.push_back(n.index()); }
  void leave_chain(uint32_t index) {
    while (!chain_.empty() && document_.at(chain_.back()).end_index() <= index) chain_.pop_back();
  }

  std::vector<step> finish() {
    go_to({});
    std::unordered_map<const mark *, int> pieces;
    for (const step &s : steps_)
      if (s.does == step::what::open_mark) ++pieces[s.mark];
    for (step &s : steps_) s.is_split = s.mark != nullptr && s.does == step::what::open_mark && pieces[s.mark] > 1;
    return std::move(steps_);
  }

 private:
  /// Marks that may touch the range; those that ended before it are let go, since leaves come in order.
  std::vector<const mark *> active(text_range range) {
    while (next_ < marks_.size() && marks_[next_]->range.begin < range.end) live_.push_back(marks_[next_++]);
    std::erase_if(live_, [&](const mark *m) { return m->range.end <= range.begin && !range.is_empty(); });
    return live_;
  }

  /// The elements that hold a piece, outermost first: inlines as they nest, and each mark outside the first inline
  /// that it covers whole.
  std::vector<element> wanted(text_range piece, node leaf) {
    std::vector<std::vector<const mark *>> slots(chain_.size() + 1);
    for (const mark *m : active(leaf.range())) {
      const bool holds = piece.is_empty() ? m->range.begin < piece.begin && m->range.end > piece.begin
                                          : m->range.begin <= piece.begin && m->range.end >= piece.end;
      if (!holds) continue;
      size_t slot = 0;
      while (slot < chain_.size() && !reading::covers(*m, document_.at(chain_[slot]).range())) ++slot;
      slots[slot].push_back(m);
    }
    std::vector<element> open;
    for (size_t k = 0; k < slots.size(); ++k) {
      for (const mark *m : slots[k]) open.push_back({CALQUE_NONE, m});
      if (k < chain_.size()) open.push_back({chain_[k], nullptr});
    }
    return open;
  }

  void leave(const std::vector<element> &wanted) {
    size_t same = 0;
    while (same < open_.size() && same < wanted.size() && open_[same] == wanted[same]) ++same;
    while (open_.size() > same) {
      const element e = open_.back();
      open_.pop_back();
      if (e.m)
        steps_.push_back({.does = step::what::close_mark, .mark = e.m});
      else
        steps_.push_back({.does = step::what::close_node, .node = e.node});
    }
  }
  void go_to(const std::vector<element> &wanted) {
    leave(wanted);
    for (size_t k = open_.size(); k < wanted.size(); ++k) {
      open_.push_back(wanted[k]);
      if (wanted[k].m)
        steps_.push_back({.does = step::what::open_mark, .mark = wanted[k].m});
      else
        steps_.push_back({.does = step::what::open_node, .node = wanted[k].node});
    }
  }

  document_view document_;
  std::vector<const mark *> marks_, live_;
  size_t next_ = 0;
  std::vector<uint32_t> chain_;  // the inlines that hold the next leaf
  std::vector<element> open_;
  std::vector<step> steps_;
};

}  // namespace

std::vector<step> reading::steps(uint32_t first, uint32_t end) const {
  if (first >= end) return {};
  const text_range all{document_.at(first).range().begin, document_.at(end - 1).range().end};
  inline_steps steps(document_, shown_.touching(all));
  for (uint32_t i = first; i < end; ++i) {
    const node n = document_.at(i);
    steps.leave_chain(i);
    if (n.is_leaf()) {
      auto points = points_at_.find(i);
      steps.leaf(n, points == points_at_.end() ? std::span<const mark *const>() : points->second);
    } else if (n.end_index() == i + 1) {
      steps.hollow(n);
    } else {
      steps.enter(n);
    }
  }
  auto made = steps.finish();
  // A mark that goes on in another block is in pieces too.
  for (step &s : made)
    if (s.does == step::what::open_mark && (s.mark->range.begin < all.begin || s.mark->range.end > all.end))
      s.is_split = true;
  return made;
}

namespace {

bool may_begin_a_name(char32_t c) {
  return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         (c >= 0xC0 && c <= 0x2FF && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c <= 0x1FFF && c != 0x37E) ||
         (c >= 0x2C00 && c <= 0x2FEF) || (c >= 0x3001 && c <= 0xD7FF);
}

/// The code point at the front, which is taken off. The text is valid UTF-8.
char32_t take(std::string_view &text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t c = size == 1 ? lead : lead & (0xFFu >> (size + 1));
  for (size_t k = 1; k < size; ++k) c = (c << 6) | (static_cast<unsigned char>(text[k]) & 0x3Fu);
  text.remove_prefix(size);
  return c;
}

}  // namespace

std::string unique_id(std::string_view wish, std::set<std::string> &used) {
  std::string made;
  while (!wish.empty() && made.size() < 60) {
    const std::string_view before = wish;
    const char32_t c = take(wish);
    if (may_begin_a_name(c) || (!made.empty() && ((c >= '0' && c <= '9') || c == '-')))
      made += before.substr(0, before.size() - wish.size());
    else if (!made.empty() && made.back() != '_')
      made += '_';
  }
  while (!made.empty() && made.back() == '_') made.pop_back();
  if (made.empty()) made = "x";
  std::string unique = made;
  for (int k = 2; !used.insert(unique).second; ++k) unique = made + "_" + std::to_string(k);
  return unique;
}

namespace {

/// Whether a code point that begins with this byte may be one that no edition can hold.
constexpr auto may_be_forbidden = [] {
  std::array<bool, 256> may{};
  for (unsigned byte = 0; byte < 0x20; ++byte) may[byte] = byte != '\t' && byte != '\n';
  may[0x7F] = may[0xC2] = may[0xEF] = true;
  for (unsigned byte = 0xF0; byte <= 0xF4; ++byte) may[byte] = true;
  return may;
}();

}  // namespace

bool replace_forbidden(std::string_view text, std::string &result) {
  bool found = false;
  result.clear();
  for (;;) {
    size_t sound = 0;
    while (sound < text.size() && !may_be_forbidden[static_cast<unsigned char>(text[sound])]) ++sound;
    result += text.substr(0, sound);
    text.remove_prefix(sound);
    if (text.empty()) break;
    const std::string_view before = text;
    const char32_t c = take(text);
    const bool is_control = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
    if (is_control) {
      const char32_t picture = c == 0x7F ? 0x2421 : 0x2400 + c;
      result += {static_cast<char>(0xE2), static_cast<char>(0x80 | ((picture >> 6) & 0x3F)),
                 static_cast<char>(0x80 | (picture & 0x3F))};
      found = true;
    } else if ((c >= 0x80 && c < 0xA0) || (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF)) {
      result += "\xEF\xBF\xBD";
      found = true;
    } else {
      result += before.substr(0, before.size() - text.size());
    }
  }
  return found;
}

std::string uri(std::string_view text) {
  constexpr std::string_view allowed = "-._~:/?#@!$&'()*+,;=%";
  constexpr char digits[] = "0123456789ABCDEF";
  auto is_hex = [&](size_t k) {
    return k < text.size() && std::string_view("0123456789abcdefABCDEF").find(text[k]) != std::string_view::npos;
  };
  std::string made;
  bool has_fragment = false;
  for (size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80 ||
                          allowed.find(c) != std::string_view::npos;
    if (!is_plain || (c == '%' && !(is_hex(k + 1) && is_hex(k + 2))) || (c == '#' && has_fragment))
      made += {'%', digits[byte >> 4], digits[byte & 15]};
    else
      made += c;
    has_fragment = has_fragment || c == '#';
  }
  // What stands before the first colon must be a scheme.
  if (const size_t colon = made.find(':'); colon != std::string::npos && colon < made.find_first_of("/?#")) {
    bool is_scheme = colon > 0 && ((made[0] | 32) >= 'a' && (made[0] | 32) <= 'z');
    for (size_t k = 0; k < colon; ++k)
      is_scheme = is_scheme && std::string_view("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
                                       .find(made[k]) != std::string_view::npos;
    if (!is_scheme) made = "./" + made;
  }
  return made;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string made;
  made.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t k = 0; k < bytes.size(); k += 3) {
    uint32_t group = 0;
    const size_t have = std::min<size_t>(3, bytes.size() - k);
    for (size_t j = 0; j < 3; ++j) group = group << 8 | (j < have ? static_cast<unsigned char>(bytes[k + j]) : 0);
    for (size_t j = 0; j < 4; ++j) made += j <= have ? digits[group >> (18 - 6 * j) & 63] : '=';
  }
  return made;
}

}  // namespace edition
