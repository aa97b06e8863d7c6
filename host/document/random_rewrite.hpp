// SPDX-License-Identifier: Apache-2.0
// Small random documents, dense with marks and odd origins, and random scripts that rewrite them; for property tests.
#pragma once

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host/document/rewriter_script.hpp"
#include "host/document/stage_rules.hpp"
#include "host/document/tree_writer.hpp"

namespace calque::host {

class dice {
 public:
  explicit dice(uint64_t seed) : engine_(seed) {}
  uint32_t below(uint64_t n) { return static_cast<uint32_t>(engine_() % n); }
  bool chance(uint32_t percent) { return below(100) < percent; }
  template <class List>
  const auto &one_of(const List &list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 engine_;
};

inline std::string random_words(dice &d, uint32_t most) {
  static const std::string words[] = {"Zhang", " ", "said", ".", "a", "1962", "\xe4\xb8\xad\xe5\x9b\xbd", "e\xcc\x81",
                                      "\xd0\xa7\xd0\xb6", "\xf0\x9f\x98\x80", "\xc3\xa9"};
  std::string all;
  for (uint32_t n = d.below(most + 1); n > 0; --n) all += d.one_of(words);
  return all;
}

inline uint32_t random_boundary(dice &d, std::string_view text, uint32_t from, uint32_t to) {
  uint32_t at = from + d.below(to - from + 1);
  while (at > from && !is_boundary(text, at)) --at;
  return at;
}

/// A document of a few dozen nodes at most, put together from columns; it passes validate.
class random_document_maker {
 public:
  explicit random_document_maker(dice &d) : d_(d), tree_(0) {}

  document make() {
    const uint16_t named = *tree_.named_kind("x.test/box");
    for (uint32_t n = d_.below(3); n > 0; --n) field();
    for (uint32_t n = d_.below(4) + (d_.chance(95) ? 1 : 0); n > 0; --n) block(0, named);
    document_sections s;
    tree_.finish(s);
    s.origins = std::make_shared<const origin_columns>(origins(*s.text));
    s.sources = std::make_shared<const std::vector<source_data>>(std::vector<source_data>{
        {CALQUE_NONE, "a.zip", "", "", 1'000'000, {}}, {0, "b.xml", "text/xml", "UTF-8", 500'000, {}}});
    s.resources = std::make_shared<const std::vector<resource_data>>();
    s.next_node_id = next_id_ + d_.below(3);
    uint32_t annotations = 0;
    std::vector<uint32_t> sizes{d_.below(10), d_.below(6), d_.below(3)};
    for (uint32_t size : sizes) annotations += size;
    uint32_t id = 10;
    static const char *const names[] = {"test.follow/1", "test.drop/1", "test.more/2"};
    static const uint32_t on_change[] = {CALQUE_FOLLOW, CALQUE_DROP, CALQUE_FOLLOW};
    for (size_t l = 0; l < sizes.size(); ++l) {
      s.layers.push_back(layer(names[l], on_change[l], sizes[l], id, annotations, s));
      id += sizes[l];
    }
    s.next_annotation_id = id;
    return document(std::move(s));
  }

 private:
  uint32_t id() {
    if (d_.chance(10)) next_id_ += d_.below(4);
    return next_id_++;
  }
  void attrs() {
    if (d_.chance(25)) tree_.attr("lang", d_.chance(50) ? "zh" : "ru");
    if (d_.chance(10)) tree_.attr("x", random_words(d_, 1));
  }
  void field() {
    tree_.open(CALQUE_ASIDE, id());
    tree_.attr("role", "field");
    tree_.attr("key", "title");
    tree_.leaf(CALQUE_TEXT, id(), random_words(d_, 3));
    tree_.close();
  }
  void leaf() {
    const uint32_t kind = d_.below(100);
    if (kind < 78) tree_.leaf(CALQUE_TEXT, id(), random_words(d_, 5));
    else if (kind < 84) tree_.leaf(CALQUE_SOFT_BREAK, id(), " ");
    else if (kind < 88) tree_.leaf(CALQUE_LINE_BREAK, id(), "\n");
    else if (kind < 92) tree_.leaf(CALQUE_CODE, id(), random_words(d_, 2));
    else if (kind < 96) tree_.leaf(CALQUE_IMAGE, id(), "");
    else anchor();
    attrs();
  }
  void anchor() {
    const uint32_t anchor = id(), aside = id();
    tree_.leaf(CALQUE_ANCHOR, anchor, "");
    tree_.attr("aside", std::to_string(aside));
    waiting_.back().push_back({anchor, aside});
  }
  void inlines(uint32_t depth) {
    for (uint32_t n = d_.below(4); n > 0; --n) {
      if (depth < 2 && d_.chance(20)) {
        static const uint16_t kinds[] = {CALQUE_EMPHASIS, CALQUE_STRONG, CALQUE_LINK, CALQUE_SPAN};
        tree_.open(d_.one_of(kinds), id());
        attrs();
        inlines(depth + 1);
        tree_.close();
      } else {
        leaf();
      }
    }
  }
  void container(uint16_t kind) {
    tree_.open(kind, id());
    attrs();
    waiting_.emplace_back();
  }
  /// Ends a block; the asides of its anchors follow it.
  void close() {
    tree_.close();
    const auto asides = waiting_.back();
    waiting_.pop_back();
    for (const call_of_aside &note : asides) {
      tree_.open(CALQUE_ASIDE, note.aside);
      tree_.attr("role", "note");
      tree_.attr("anchor", std::to_string(note.anchor));
      container(CALQUE_PARAGRAPH);
      tree_.leaf(CALQUE_TEXT, id(), random_words(d_, 3));
      if (d_.chance(20)) anchor();  // a note on a note
      close();
      tree_.close();
    }
  }
  void block(uint32_t depth, uint16_t named) {
    const uint32_t what = d_.below(100);
    if (what < 50 || depth >= 2) {
      static const uint16_t kinds[] = {CALQUE_PARAGRAPH, CALQUE_PARAGRAPH, CALQUE_PARAGRAPH, CALQUE_HEADING,
                                       CALQUE_SUBTITLE};
      container(d_.one_of(kinds));
      inlines(0);
      close();
      return;
    }
    static const uint16_t kinds[] = {CALQUE_SPEECH, CALQUE_SECTION, CALQUE_BLOCK_QUOTE};
    if (what < 60) {
      container(CALQUE_TABLE);
      container(CALQUE_ROW);
      for (uint32_t n = d_.below(3); n > 0; --n) {
        container(CALQUE_CELL);
        inlines(1);
        close();
      }
      close();
      close();
      return;
    }
    container(what < 65 ? named : d_.one_of(kinds));
    for (uint32_t n = d_.below(4); n > 0; --n) block(depth + 1, named);
    close();
  }

  origin_columns origins(std::string_view text) {
    origin_columns made;
    uint64_t source_at[2] = {d_.below(50), d_.below(50)};
    for (uint32_t at = 0; at < text.size();) {
      uint32_t end = std::min<uint32_t>(at + 1 + d_.below(12), static_cast<uint32_t>(text.size()));
      while (!is_boundary(text, end)) ++end;
      const uint32_t source = d_.chance(85) ? 0 : 1;
      const bool exact = d_.chance(60);
      const uint64_t from = source_at[source], to = from + (exact ? end - at : d_.below(7));
      made.add(at, source, from, to, exact);
      source_at[source] = to + (d_.chance(50) ? 0 : d_.below(5));
      at = end;
    }
    return made;
  }

  std::shared_ptr<const layer_data> layer(const char *name, uint32_t on_change, uint32_t size, uint32_t first_id,
                                          uint32_t annotations, const document_sections &s) {
    struct row {
      uint32_t id, begin, end, node, kind;
      uint8_t side, state;
    };
    std::vector<row> rows;
    const std::string_view text = *s.text;
    for (uint32_t k = 0; k < size; ++k) {
      row r{first_id + k, 0, 0, CALQUE_NONE, d_.below(2), 0, 0};
      r.state = static_cast<uint8_t>(d_.chance(90) || on_change == CALQUE_DROP ? 0 : d_.below(3));
      if (d_.chance(20)) {
        const uint32_t node = d_.below(s.nodes->count());
        r.node = s.nodes->id[node];
        r.begin = s.nodes->text_begin[node];
        r.end = s.nodes->text_end[node];
      } else {
        r.begin = random_boundary(d_, text, 0, static_cast<uint32_t>(text.size()));
        r.end = d_.chance(25) ? r.begin : random_boundary(d_, text, r.begin, static_cast<uint32_t>(text.size()));
        if (r.begin == r.end) r.side = static_cast<uint8_t>(d_.below(2));
      }
      rows.push_back(r);
    }
    std::sort(rows.begin(), rows.end(), [](const row &a, const row &b) {
      return a.begin != b.begin ? a.begin < b.begin : a.end != b.end ? a.end > b.end : a.id < b.id;
    });
    annotation_columns c;
    const std::string names = "onetwokeynoderef";
    std::string values;
    for (const row &r : rows) {
      c.id.push_back(r.id), c.begin.push_back(r.begin), c.end.push_back(r.end), c.node.push_back(r.node);
      c.kind.push_back(r.kind), c.side.push_back(r.side), c.state.push_back(r.state);
      const auto value = [&](uint32_t key, uint8_t type, const std::string &bytes) {
        c.value_of.push_back(c.count() - 1), c.value_key.push_back(key), c.value_type.push_back(type);
        c.value_begin.push_back(static_cast<uint32_t>(names.size() + values.size()));
        values += bytes;
        c.value_end.push_back(static_cast<uint32_t>(names.size() + values.size()));
      };
      if (d_.chance(30)) value(2, CALQUE_VALUE_TEXT, random_words(d_, 2));
      if (d_.chance(15)) value(3, CALQUE_VALUE_NODE, std::to_string(s.nodes->id[d_.below(s.nodes->count())]));
      if (d_.chance(25)) value(4, CALQUE_VALUE_REF, std::to_string(10 + d_.below(annotations)));
    }
    return std::make_shared<const layer_data>(name, "random", on_change, std::move(c),
                                              std::vector<uint32_t>{3, 6, 9, 13, 16}, names + values);
  }

  dice &d_;
  tree_writer tree_;
  uint32_t next_id_ = 1;
  struct call_of_aside {
    uint32_t anchor, aside;
  };
  std::vector<std::vector<call_of_aside>> waiting_{{}};
};

inline std::vector<rewrite_mark> random_marks(dice &d, const calque_document &doc) {
  std::vector<rewrite_mark> marks;
  for (uint32_t n = d.below(4); n > 0; --n) {
    const auto size = static_cast<uint32_t>(doc.text.size);
    const uint32_t from = random_boundary(d, to_view(doc.text), 0, size);
    const uint32_t to = d.chance(40) ? from : random_boundary(d, to_view(doc.text), from, size);
    marks.push_back({from, to, from == to ? d.below(2) : 0u,
                     d.chance(20) ? doc.nodes.id[d.below(doc.nodes.count)] : CALQUE_NONE});
  }
  return marks;
}

/// Leaves whose text a stage may change.
inline bool is_free(uint16_t kind) {
  return kind == CALQUE_TEXT || kind == CALQUE_CODE;
}

inline rewrite_script random_edits(dice &d, const calque_document &doc) {
  rewrite_script script;
  script.marks = random_marks(d, doc);
  const uint32_t rate = d.one_of(std::vector<uint32_t>{5, 20, 60});
  for (uint32_t i = 0; i < doc.nodes.count; ++i) {
    if (!is_free(doc.nodes.kind[i])) continue;
    uint32_t at = doc.nodes.text_begin[i];
    const uint32_t end = doc.nodes.text_end[i];
    while (d.chance(rate)) {
      rewrite_step s{rewrite_step::edit, i};
      s.from = random_boundary(d, to_view(doc.text), at, end);
      s.to = d.chance(40) ? s.from : random_boundary(d, to_view(doc.text), s.from, std::min(end, s.from + 9));
      if (s.to < s.from) s.to = s.from;
      if (d.chance(70)) s.bytes = random_words(d, 2);
      s.code = s.bytes.empty() ? "test.dropped" : "test.changed";
      at = s.to;
      script.steps.push_back(std::move(s));
    }
  }
  return script;
}

/// Writes the tree of a document anew: most of it as it was, the rest split, wrapped, unwrapped, moved, repeated,
/// replaced or left out.
class random_rebuild_maker {
 public:
  random_rebuild_maker(dice &d, const calque_document &doc)
      : d_(d), doc_(doc), copied_ahead_(doc.nodes.count, false) {
    wildness_ = d.one_of(std::vector<uint32_t>{2, 8, 25});
  }

  rewrite_script make() {
    script_.rebuilds = true;
    script_.marks = random_marks(d_, doc_);
    kinds_.push_back(CALQUE_DOCUMENT);
    uint32_t child = 1;
    // Fields stay at the front.
    for (; child < doc_.nodes.count && is_field(child); child = doc_.nodes.end[child]) {
      if (!chance() || !leave_out(child)) copy_tree(child, "");
    }
    children(child, doc_.nodes.count);
    flush(100);
    return std::move(script_);
  }

 private:
  /// Part of a leaf, or (whole) a tree.
  struct stretch {
    uint32_t node, from, to;
    bool whole = false;
  };

  bool chance() { return d_.chance(wildness_); }
  bool is_field(uint32_t i) const { return to_view(find_attr(doc_, i, "role")) == "field"; }
  bool is_leaf(uint32_t i) const { return kind_class(doc_.nodes.kind[i]) == CALQUE_CLASS_LEAF; }
  bool fits(uint16_t kind) const {
    return kind_class(kinds_.back()) == CALQUE_CLASS_BLOCKS || (kind >= CALQUE_EMPHASIS && kind < CALQUE_KIND_NAMED);
  }
  void put(rewrite_step s) { script_.steps.push_back(std::move(s)); }
  void open(uint16_t kind, uint32_t like) {
    rewrite_step s{rewrite_step::begin, like};
    s.kind = kind;
    put(s);
    kinds_.push_back(kind);
    if (kind == CALQUE_ASIDE && like == CALQUE_NONE) attr("role", "comment");
    else if (d_.chance(10)) attr("new", random_words(d_, 1));
  }
  void close() {
    put({rewrite_step::end});
    kinds_.pop_back();
  }
  void attr(const char *key, std::string value) {
    rewrite_step s{rewrite_step::set_attr};
    s.key = key;
    s.bytes = std::move(value);
    put(std::move(s));
  }
  /// False where something of it was copied ahead of its turn.
  bool leave_out(uint32_t node) {
    for (uint32_t i = node; i < doc_.nodes.end[node]; ++i)
      if (copied_ahead_[i]) return false;
    put({rewrite_step::drop_tree, node, 0, 0, 0, {}, "test.dropped", {}});
    return true;
  }

  /// Puts some of what was set aside here, and now and then something that is elsewhere already.
  void flush(uint32_t percent) {
    while (!moved_.empty() && d_.chance(percent)) {
      const size_t k = d_.below(moved_.size());
      const stretch what = moved_[k];
      if (what.whole && !fits(doc_.nodes.kind[what.node])) break;
      if (what.whole) copy_tree(what.node, "test.moved");
      else copy(what, "test.moved");
      moved_.erase(moved_.begin() + static_cast<long>(k));
    }
    if (d_.chance(wildness_ / 3)) repeat();
  }

  void repeat() {
    const uint32_t node = d_.below(doc_.nodes.count);
    if (is_leaf(node) && is_free(doc_.nodes.kind[node])) {
      const uint32_t from = random_boundary(d_, text(), doc_.nodes.text_begin[node], doc_.nodes.text_end[node]);
      copy({node, from, random_boundary(d_, text(), from, doc_.nodes.text_end[node])}, "test.repeated");
      copied_ahead_[node] = true;
    } else if (doc_.nodes.end[node] <= done_ && node > 0 && !is_within_field(node) && fits(doc_.nodes.kind[node])) {
      copy_tree(node, "test.repeated");
    }
  }
  void copy_tree(uint32_t node, const char *code) {
    put({rewrite_step::copy_tree, node, 0, 0, 0, {}, code, {}});
  }
  bool is_within_field(uint32_t node) const {
    for (uint32_t i = 1; i < doc_.nodes.count && is_field(i); i = doc_.nodes.end[i])
      if (node >= i && node < doc_.nodes.end[i]) return true;
    return false;
  }

  void copy(stretch what, const char *code) {
    rewrite_step s{rewrite_step::copy, what.node, what.from, what.to};
    s.code = code;
    put(std::move(s));
    if (d_.chance(5)) attr("x", "copied");
    if (d_.chance(3)) put({rewrite_step::remove_attr, CALQUE_NONE, 0, 0, 0, {}, {}, "lang"});
  }

  std::string_view text() const { return to_view(doc_.text); }

  void leaf(uint32_t i) {
    const uint32_t begin = doc_.nodes.text_begin[i], end = doc_.nodes.text_end[i];
    if (!is_free(doc_.nodes.kind[i])) {
      if (chance() && leave_out(i)) return;
      if (chance()) moved_.push_back({i, begin, end});
      else copy({i, begin, end}, "");
      return;
    }
    if (begin == end && d_.chance(90)) copy({i, begin, end}, "");
    for (uint32_t at = begin; at < end;) {
      uint32_t to = chance() ? random_boundary(d_, text(), at, end) : end;
      while (to == at || !is_boundary(text(), to)) ++to;
      if (!chance()) {
        copy({i, at, to}, "");
      } else {
        switch (d_.below(4)) {
          case 0:
            moved_.push_back({i, at, to});
            break;
          case 1:
            put({rewrite_step::drop, i, at, to, 0, {}, "test.dropped", {}});
            break;
          case 2:
            // Dropped here, and somewhere else all the same.
            put({rewrite_step::drop, i, at, to, 0, {}, "test.dropped", {}});
            moved_.push_back({i, at, to});
            break;
          default:
            new_text(i, at, to);
        }
      }
      if (chance()) new_text(i, to, to);
      flush(15);
      at = to;
    }
    if (chance()) new_text(i, end, end);
  }

  void new_text(uint32_t i, uint32_t from, uint32_t to) {
    rewrite_step s{rewrite_step::text, i, from, to};
    s.kind = d_.chance(80) ? CALQUE_TEXT : CALQUE_SOFT_BREAK;
    s.bytes = s.kind == CALQUE_SOFT_BREAK ? " " : random_words(d_, 2);
    s.code = "test.changed";
    put(std::move(s));
  }

  void children(uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i = doc_.nodes.end[i]) {
      node(i);
      done_ = std::max(done_, doc_.nodes.end[i]);
      flush(5);
    }
  }

  void node(uint32_t i) {
    if (is_leaf(i)) {
      leaf(i);
      return;
    }
    const uint16_t kind = doc_.nodes.kind[i];
    if (chance() && leave_out(i)) return;
    if (d_.chance(wildness_ / 2)) {
      moved_.push_back({i, 0, 0, true});
      return;
    }
    if (!fits(kind)) {  // what held it became a block of inlines
      unwrap(i);
      return;
    }
    if (d_.chance(40)) {
      copy_tree(i, "");
      return;
    }
    if (chance() && kind != CALQUE_ASIDE) {
      unwrap(i);
      return;
    }
    const bool wrapped = chance() && fits(CALQUE_SECTION);
    if (wrapped) open(CALQUE_SECTION, CALQUE_NONE);
    if (chance() && kind != CALQUE_ASIDE) {
      static const uint16_t inlines[] = {CALQUE_PARAGRAPH, CALQUE_HEADING, CALQUE_EMPHASIS, CALQUE_SPEECH};
      const uint16_t other = d_.one_of(inlines);
      open(fits(other) ? other : kind, i);
    } else {
      open(kind, i);
    }
    // Now and then the node ends in the middle, and a new one of its kind goes on.
    const uint32_t first = i + 1, last = doc_.nodes.end[i];
    if (chance() && first < last && kind != CALQUE_ASIDE) {
      const uint32_t middle = doc_.nodes.end[first];
      children(first, middle);
      const uint16_t opened = kinds_.back();
      close();
      open(opened, CALQUE_NONE);
      children(middle, last);
    } else {
      children(first, last);
    }
    close();
    if (wrapped) close();
  }

  void unwrap(uint32_t i) {
    put({rewrite_step::unwrap, i, 0, 0, 0, {}, "test.changed", {}});
    children(i + 1, doc_.nodes.end[i]);
  }

  dice &d_;
  const calque_document &doc_;
  uint32_t wildness_;
  rewrite_script script_;
  std::vector<uint16_t> kinds_;  // of what is open
  std::vector<stretch> moved_;
  std::vector<bool> copied_ahead_;
  uint32_t done_ = 1;  // nodes before this had their turn
};

}  // namespace calque::host
