// SPDX-License-Identifier: Apache-2.0
// Test support: random documents, made through the builder as an importer would, the same ones for the same seed.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "host/document/builder.hpp"
#include "host/document/layer_schemas.hpp"

namespace calque::host::test {

inline calque_str str(std::string_view text) {
  return {text.data(), text.size()};
}

/// An importer's table that may write every layer and has one code for skips.
inline const calque_stage &tiling_stage() {
  static const calque_code codes[] = {{"test.layout", "", CALQUE_THING_TEXT, CALQUE_EFFECT_NONE, CALQUE_INFO, 0},
                                      {"test.dropped", "", CALQUE_THING_TEXT, CALQUE_EFFECT_DROPPED, CALQUE_INFO, 0}};
  static const std::vector<const char *> layers = [] {
    std::vector<const char *> names;
    for (const layer_schema &schema : all_schemas()) names.push_back(schema.name.data());
    names.push_back("test.mood/1");
    names.push_back(nullptr);
    return names;
  }();
  static const calque_stage stage = [] {
    calque_stage s{};
    s.struct_size = sizeof s;
    s.flags = CALQUE_TILED;
    s.id = "test.importer";
    s.version = "1.0.0";
    s.code_count = 2;
    s.code_stride = sizeof(calque_code);
    s.codes = codes;
    s.written_layers = layers.data();
    return s;
  }();
  return stage;
}

/// A source, and the calls that make documents of it.
class random_import {
 public:
  explicit random_import(uint64_t seed) : engine_(seed) {
    for (uint32_t part = one_in(8) ? 2 : 1; part > 0; --part) {
      write_part();
      if (part > 1) {
        add([](state &s) { return s.b->next_part(s.b); });
        add([](state &s) { return s.nodes = {0}, s.marks.clear(), CALQUE_OK; });
      }
    }
  }

  const std::string &source() const { return source_; }

  /// The status of the first call that is not OK.
  calque_status replay(calque_builder *b) const {
    state s{b, {0}, {}};
    for (const auto &call : calls_)
      if (const calque_status status = call(s); status != CALQUE_OK) return status;
    return CALQUE_OK;
  }

 private:
  struct state {
    calque_builder *b;
    std::vector<uint32_t> nodes, marks;  // ids, in the order of the calls
  };

  uint32_t below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }
  bool one_in(uint32_t n) { return below(n) == 0; }
  void add(std::function<calque_status(state &)> call) { calls_.push_back(std::move(call)); }

  // Structure -----------------------------------------------------------------------------------------------------

  void write_part() {
    nodes_ = 1;
    marks_ = 0;
    text_size_ = version_begin_ = 0;
    places_.clear();
    for (uint32_t k = below(4); k > 0; --k) {
      const char *key = k == 1 ? "title" : k == 2 ? "calque.credits" : "date";
      const char *language = one_in(2) ? "ru" : "";
      add([=](state &s) { return opened(s, s.b->field(s.b, str(key), str(language), add_id(s))); });
      ++nodes_;
      if (!one_in(4)) inlines(1);
      close();
    }
    if (one_in(6)) {
      for (int version = 0; version < 2; ++version) {
        open(CALQUE_VERSION);
        version_begin_ = text_size_;
        blocks(2);
        close();
        version_begin_ = text_size_;
      }
    } else {
      blocks(0);
    }
    if (one_in(3)) {
      const std::string name = "images/" + std::to_string(calls_.size()) + ".png", bytes = words(30);
      add([=](state &s) { return s.b->resource(s.b, str(name), str("image/png"), str(bytes)); });
    }
  }

  void blocks(uint32_t depth) {
    for (uint32_t k = 1 + below(4); k > 0; --k) {
      skip();
      static constexpr uint16_t holders[] = {CALQUE_SECTION, CALQUE_BLOCK_QUOTE, CALQUE_BULLET_LIST,
                                             CALQUE_TABLE,   CALQUE_FIGURE,      CALQUE_SPEECH};
      if (depth < 4 && one_in(3)) {
        if (one_in(5))
          open_named("x.test/box-" + std::to_string(below(3)));
        else
          open(holders[below(std::size(holders))]);
        blocks(depth + 1);
      } else {
        static constexpr uint16_t lines[] = {CALQUE_PARAGRAPH, CALQUE_HEADING, CALQUE_SPEAKER, CALQUE_STAGE_DIRECTION};
        open(lines[below(std::size(lines))]);
        if (one_in(3)) attr("lang", one_in(2) ? "zh-Hant" : "en");
        if (one_in(5)) attr("x.note", words(12));
        if (!one_in(6)) inlines(1 + below(5));
      }
      close();
    }
  }

  void inlines(uint32_t count) {
    for (; count > 0; --count) {
      switch (below(9)) {
        case 0:
          open(one_in(2) ? CALQUE_EMPHASIS : CALQUE_LINK);
          if (one_in(2)) inlines(below(3));
          close();
          break;
        case 1:
          leaf(CALQUE_SOFT_BREAK, " ", "\n");
          break;
        case 2:
          leaf(one_in(2) ? CALQUE_ANCHOR : CALQUE_IMAGE, "", one_in(2) ? "[1]" : "");
          aside();
          break;
        default:
          leaf(one_in(9) ? CALQUE_CODE : CALQUE_TEXT, {}, {});
          for (uint32_t k = below(3); k > 0; --k) piece([](state &s, auto... args) { return s.b->more(s.b, args...); });
          mark();
      }
    }
  }

  void aside() {
    const uint32_t anchor = nodes_ - 1;
    if (one_in(3)) mark();
    const char *role = one_in(2) ? "note" : "comment";
    add([=](state &s) { return opened(s, s.b->aside(s.b, str(role), s.nodes[anchor], add_id(s))); });
    ++nodes_;
    open(CALQUE_PARAGRAPH);
    inlines(below(3));
    close();
    close();
  }

  static uint32_t *add_id(state &s) { return &s.nodes.emplace_back(); }
  static calque_status opened(state &, calque_status status) { return status; }

  void open(uint16_t kind) {
    add([=](state &s) { return s.b->begin(s.b, kind, add_id(s)); });
    ++nodes_;
  }
  void open_named(const std::string &name) {
    add([=](state &s) {
      uint16_t kind = 0;
      if (const calque_status status = s.b->kind(s.b, str(name), &kind); status != CALQUE_OK) return status;
      return s.b->begin(s.b, kind, add_id(s));
    });
    ++nodes_;
  }
  void close() {
    add([](state &s) { return s.b->end(s.b); });
  }
  void attr(const std::string &key, const std::string &value) {
    add([=](state &s) { return s.b->attr(s.b, str(key), str(value)); });
  }

  // Text and where it came from -------------------------------------------------------------------------------------

  std::string words(uint32_t most) {
    static const char *const pieces[] = {
        "a",    "Zh",  " ",    "\xd0\xb6", "\xe5\x91\xa8", "e\xcc\x81", "\xf0\x9f\x98\x80",
        "\"",   "\\",  "\t",   "\xc2\xa0", "\xe2\x80\x8b", "\xd7\x90",  "|",
        "\x01", "[I]", "talk", "9"};
    std::string text;
    for (uint32_t k = below(most); k > 0; --k) text += pieces[below(std::size(pieces))];
    return text;
  }

  /// Text that equals the source, text that the source has in other bytes, or text that came of nothing.
  template <class Call>
  void piece(Call call) {
    std::string text = words(8);
    const uint64_t begin = source_.size();
    switch (below(6)) {
      case 0:
        text += "&";
        source_ += "<" + text + "amp;>";
        break;
      case 1:
        break;
      default:
        source_ += text;
    }
    put(call, text, begin);
  }

  template <class Call>
  void put(Call call, const std::string &text, uint64_t begin) {
    const uint64_t end = source_.size();
    places_.push_back(text_size_);
    text_size_ += static_cast<uint32_t>(text.size());
    places_.push_back(text_size_);
    add([=](state &s) { return call(s, str(text), uint32_t{0}, begin, end); });
  }

  void leaf(uint16_t kind, const std::string &text, const std::string &stored) {
    const auto call = [kind](state &s, calque_str bytes, uint32_t source, uint64_t begin, uint64_t end) {
      return s.b->text(s.b, kind, bytes, source, begin, end, add_id(s));
    };
    if (kind == CALQUE_TEXT || kind == CALQUE_CODE) {
      piece(call);
    } else {
      const uint64_t begin = source_.size();
      source_ += stored;
      put(call, text, begin);
    }
    ++nodes_;
  }

  void skip() {
    const uint64_t begin = source_.size();
    source_ += one_in(2) ? "\n\n" : "  ";
    const uint64_t end = source_.size();
    add([=](state &s) { return s.b->skip(s.b, 0, begin, end, str("test.layout")); });
  }

  // Marks -------------------------------------------------------------------------------------------------------------

  void mark() {
    const auto schemas = all_schemas();
    const layer_schema &schema = schemas[below(static_cast<uint32_t>(schemas.size()))];
    const std::string kind(schema.kinds[below(static_cast<uint32_t>(schema.kinds.size()))]);
    uint32_t first = place(), last = place();
    if (first > last) std::swap(first, last);
    if (one_in(5)) last = first;  // empty spans are where rules differ
    const uint32_t side = below(2), node = one_in(6) ? below(nodes_) : CALQUE_NONE;
    add([=, &schema](state &s) {
      uint32_t handle = 0, *id = &s.marks.emplace_back();
      calque_layer_writer *w = s.b->layers;
      if (const calque_status status = w->open(w, str(schema.name), &handle); status != CALQUE_OK) return status;
      return node == CALQUE_NONE ? w->span(w, handle, str(kind), first, last, side, id)
                                 : w->node(w, handle, str(kind), s.nodes[node], id);
    });
    ++marks_;
    for (const layer_key &key : schema.keys)
      if (key.required || one_in(4)) value(key);
  }

  void value(const layer_key &key) {
    const uint32_t annotation = marks_ - 1, target = below(marks_), node = below(nodes_);
    static const char *const numbers[] = {"0", "-7", "42"};
    const std::string text = key.type == CALQUE_VALUE_INT      ? numbers[below(3)]
                             : key.type == CALQUE_VALUE_NUMBER ? "0.875"
                             : key.type == CALQUE_VALUE_BOOL   ? (one_in(2) ? "true" : "false")
                                                               : words(6);
    add([=](state &s) {
      const std::string given = key.type == CALQUE_VALUE_REF    ? std::to_string(s.marks[target])
                                : key.type == CALQUE_VALUE_NODE ? std::to_string(s.nodes[node])
                                                                : text;
      return s.b->layers->value(s.b->layers, s.marks[annotation], str(key.name), key.type, str(given));
    });
  }

  /// An end of some leaf's text, in the version that is being written.
  uint32_t place() {
    const uint32_t at = places_.empty() ? 0 : places_[below(static_cast<uint32_t>(places_.size()))];
    return at < version_begin_ || at > text_size_ ? text_size_ : at;
  }

  std::mt19937_64 engine_;
  std::string source_;
  std::vector<std::function<calque_status(state &)>> calls_;
  std::vector<uint32_t> places_;
  uint32_t nodes_ = 1, marks_ = 0;  // made so far, the root included
  uint32_t text_size_ = 0, version_begin_ = 0;
};

/// The documents of one random import. An error says what a builder that should have taken every call reported.
inline result<std::vector<document>> random_documents(uint64_t seed) {
  const random_import import(seed);
  diagnostics out;
  const limits within;
  builder b({"import", &tiling_stage()}, {"random.txt", "text/plain", import.source()}, within, nullptr, out);
  if (import.replay(b.abi()) != CALQUE_OK) return b.shared().failure();
  auto made = b.finish();
  if (!made) return made.errors();
  return std::move(made.value().parts);
}

}  // namespace calque::host::test
