// SPDX-License-Identifier: Apache-2.0
// Random rewrites of both modes give what a slow reference says, to the last byte, mark, origin and attribute.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "host/document/ledger.hpp"
#include "host/document/packed.hpp"
#include "host/document/random_rewrite.hpp"
#include "host/document/rewriter.hpp"
#include "host/document/rewriter_reference.hpp"
#include "host/document/validate.hpp"

namespace calque::host {
namespace {

constexpr calque_code codes[] = {
    {"test.changed", "", CALQUE_THING_TEXT, CALQUE_EFFECT_CHANGED, CALQUE_INFO, 0},
    {"test.dropped", "", CALQUE_THING_TEXT, CALQUE_EFFECT_DROPPED, CALQUE_INFO, 0},
    {"test.moved", "", CALQUE_THING_TEXT, CALQUE_EFFECT_CHANGED, CALQUE_INFO, 0},
    {"test.repeated", "", CALQUE_THING_TEXT, CALQUE_EFFECT_CHANGED, CALQUE_INFO, 0},
};
constexpr const char *written[] = {"test.mark/1", nullptr};

calque_stage any_stage() {
  calque_stage stage{};
  stage.struct_size = sizeof(calque_stage);
  stage.id = "test.rewrite";
  stage.version = "1";
  stage.code_count = std::size(codes);
  stage.code_stride = sizeof(calque_code);
  stage.codes = codes;
  stage.written_layers = written;
  return stage;
}

struct tally {
  uint64_t rewrites = 0, spans = 0, empty = 0, on_nodes = 0, bytes = 0, moved = 0, stale = 0, lost = 0, circular = 0,
           packed = 0;
};

/// What two documents are compared in; the first difference is kept.
class comparison {
 public:
  comparison(const document &old, const rewrite_script &script, const reference::model &expected,
             const rewrite_result &made, tally &seen)
      : old_(old), script_(script), made_(made), new_(made.output.view()), expected_(expected), seen_(seen) {}

  std::string difference() {
    if (text() && nodes() && attributes() && origins() && layers() && changes() && letters()) return "";
    return difference_;
  }

 private:
  template <class A, class B>
  bool same(const std::string &what, const A &expected, const B &found) {
    if (expected == found) return true;
    difference_ = what + ": expected " + testing::PrintToString(expected) + ", found " + testing::PrintToString(found);
    return false;
  }

  bool text() {
    std::string expected;
    for (const reference::out_byte &b : expected_.text()) expected += b.c;
    seen_.bytes += expected.size();
    return same("text", expected, std::string(to_view(new_.text)));
  }

  bool nodes() {
    uint32_t next = 0, at = 0;
    return node(expected_.root(), next, at) && same("number of nodes", next, new_.nodes.count);
  }
  bool node(const reference::out_node &expected, uint32_t &next, uint32_t &at) {
    const uint32_t i = next++;
    const std::string name = "node " + std::to_string(i) + " ";
    if (i >= new_.nodes.count) return same(name, std::string("there"), std::string("missing"));
    if (!same(name + "kind", expected.kind, new_.nodes.kind[i])) return false;
    if (expected.id >= 0 && !same(name + "id", expected.id, long{new_.nodes.id[i]})) return false;
    if (expected.id < 0 && !same(name + "has a new id", true, new_.nodes.id[i] >= old_.sections().next_node_id))
      return false;
    id_of_[expected.id] = new_.nodes.id[i];
    index_of_[new_.nodes.id[i]] = i;
    expected_nodes_.push_back(&expected);
    if (!same(name + "begin", at, new_.nodes.text_begin[i])) return false;
    at += static_cast<uint32_t>(expected.bytes.size());
    for (const reference::out_node &child : expected.children)
      if (!node(child, next, at)) return false;
    return same(name + "end", next, new_.nodes.end[i]) && same(name + "text end", at, new_.nodes.text_end[i]);
  }

  bool attributes() {
    std::vector<std::map<std::string, std::string>> found(new_.nodes.count);
    for (uint32_t k = 0; k < new_.attrs.count; ++k)
      found[new_.attrs.node[k]][std::string(name_at(new_.name_end, new_.strings, new_.attrs.key[k]))] =
          std::string(new_.strings.data + new_.attrs.value_begin[k], new_.attrs.value_end[k] - new_.attrs.value_begin[k]);
    for (uint32_t i = 0; i < new_.nodes.count; ++i) {
      std::map<std::string, std::string> expected = expected_nodes_[i]->attrs;
      for (const char *key : {"anchor", "aside"})  // ids below 0 stand for new ones
        if (expected.count(key) != 0) expected[key] = std::to_string(id_of_[std::stol(expected[key])]);
      if (!same("attributes of node " + std::to_string(i), expected, found[i])) return false;
    }
    return true;
  }

  bool origins() {
    uint32_t run = 0;
    for (uint32_t o = 0; o < new_.text.size; ++o) {
      while (run + 1 < new_.origins.count && new_.origins.text_begin[run + 1] <= o) ++run;
      reference::byte_origin found{new_.origins.source[run], new_.origins.begin[run], new_.origins.end[run],
                                   new_.origins.exact[run] != 0};
      if (found.exact) {
        found.begin += o - new_.origins.text_begin[run];
        found.end = found.begin + 1;
      }
      const reference::byte_origin expected = expected_.origin(static_cast<int>(o));
      if (found == expected) continue;
      difference_ = "origin of byte " + std::to_string(o) + ": expected " + describe(expected) + ", found " +
                    describe(found);
      return false;
    }
    return true;
  }
  static std::string describe(const reference::byte_origin &o) {
    return std::to_string(o.source) + ":" + std::to_string(o.begin) + "-" + std::to_string(o.end) +
           (o.exact ? " exact" : "");
  }

  /// kind, begin, end, side, state, node, values: as one line.
  struct mark {
    std::string kind, values;
    uint32_t begin, end, node;
    int side, state;
    std::string line() const {
      return kind + " [" + std::to_string(begin) + ", " + std::to_string(end) + ") side " + std::to_string(side) +
             " state " + std::to_string(state) + " node " + (node == CALQUE_NONE ? "-" : std::to_string(node)) + values;
    }
  };

  mark expected_mark(uint32_t begin, uint32_t end, uint32_t node, int side, int state) {
    ++seen_.spans;
    seen_.empty += begin == end;
    seen_.on_nodes += node != CALQUE_NONE;
    const int from = static_cast<int>(begin), to = static_cast<int>(end);
    reference::place p{};
    const auto on = node == CALQUE_NONE ? expected_.nodes_by_id().end() : expected_.nodes_by_id().find(node);
    if (on != expected_.nodes_by_id().end()) {
      p = {on->second.first, on->second.second, CALQUE_INTACT};
      if (to_view(old_.view().text).substr(begin, end - begin) !=
          to_view(new_.text).substr(static_cast<size_t>(p.begin), static_cast<size_t>(p.end - p.begin)))
        p.state = CALQUE_STALE;
    } else {
      p = begin == end ? expected_.point(from, side == CALQUE_BEFORE) : expected_.span(from, to);
      if (node != CALQUE_NONE) p.state = CALQUE_STALE;
      node = CALQUE_NONE;
    }
    seen_.moved += p.state == CALQUE_MOVED;
    seen_.stale += p.state == CALQUE_STALE;
    return {"", "", static_cast<uint32_t>(p.begin), static_cast<uint32_t>(p.end), node, side, std::max(state, p.state)};
  }

  static std::string value_line(const calque_layer &l, uint32_t v) {
    return " " + std::string(name_at(l.name_end, l.strings, l.value_key[v])) + "=" +
           std::string(l.strings.data + l.value_begin[v], l.value_end[v] - l.value_begin[v]);
  }

  bool layers() {
    const calque_document &old = old_.view();
    std::map<uint32_t, mark> expected;  // by id
    for (uint32_t l = 0; l < old.layer_count; ++l) {
      const calque_layer &layer = *old.layers[l];
      for (uint32_t k = 0; k < layer.count; ++k) {
        mark m = expected_mark(layer.begin[k], layer.end[k], layer.node[k], layer.side[k], layer.state[k]);
        m.kind = name_at(layer.name_end, layer.strings, layer.kind[k]);
        if (layer.on_change == CALQUE_DROP && m.state == CALQUE_STALE) ++seen_.lost;
        else expected[layer.id[k]] = m;
      }
    }
    uint32_t id = old_.sections().next_annotation_id;
    for (const rewrite_mark &made : script_.marks) {
      uint32_t begin = made.from, end = made.to;
      for (uint32_t i = 0; i < old.nodes.count && made.node != CALQUE_NONE; ++i)
        if (old.nodes.id[i] == made.node) begin = old.nodes.text_begin[i], end = old.nodes.text_end[i];
      mark m = expected_mark(begin, end, made.node, made.node == CALQUE_NONE ? static_cast<int>(made.side) : 0, 0);
      m.kind = "mark";
      expected[id++] = m;
    }
    // Values go with their annotation; those that refer to what is gone are gone.
    for (uint32_t l = 0; l < old.layer_count; ++l) {
      const calque_layer &layer = *old.layers[l];
      for (uint32_t v = 0; v < layer.value_count; ++v) {
        const auto of = expected.find(layer.id[layer.value_of[v]]);
        const std::string line = value_line(layer, v);
        const std::string value = line.substr(line.find('=') + 1);
        if (of == expected.end()) continue;
        if (layer.value_type[v] == CALQUE_VALUE_REF && expected.count(static_cast<uint32_t>(std::stoul(value))) == 0)
          continue;
        if (layer.value_type[v] == CALQUE_VALUE_NODE && index_of_.count(static_cast<uint32_t>(std::stoul(value))) == 0)
          continue;
        of->second.values += line;
      }
    }
    std::map<uint32_t, std::string> expected_lines, found;
    for (const auto &[one, m] : expected) expected_lines[one] = m.line();
    for (uint32_t l = 0; l < new_.layer_count; ++l) {
      const calque_layer &layer = *new_.layers[l];
      if (to_view(layer.name) == "calque.change/1") continue;
      uint32_t v = 0;
      for (uint32_t k = 0; k < layer.count; ++k) {
        mark m{std::string(name_at(layer.name_end, layer.strings, layer.kind[k])), "", layer.begin[k], layer.end[k],
               layer.node[k], layer.side[k], layer.state[k]};
        for (; v < layer.value_count && layer.value_of[v] == k; ++v) m.values += value_line(layer, v);
        found[layer.id[k]] = m.line();
      }
    }
    for (const auto &[one, line] : expected_lines)
      if (!same("annotation " + std::to_string(one), line, found[one])) return false;
    return same("number of annotations", expected_lines.size(), found.size());
  }

  /// Each change of the text has its note: code, before, after, and where that is now.
  bool changes() {
    std::vector<std::string> expected, found;
    for (const rewrite_step &s : script_.steps) {
      if (s.what != rewrite_step::edit && s.what != rewrite_step::text && s.what != rewrite_step::drop) continue;
      expected.push_back(s.code + "|" + std::string(to_view(old_.view().text).substr(s.from, s.to - s.from)) + "|" +
                         s.bytes);
    }
    for (uint32_t l = 0; l < new_.layer_count; ++l) {
      const calque_layer &layer = *new_.layers[l];
      if (to_view(layer.name) != "calque.change/1") continue;
      uint32_t v = 0;
      for (uint32_t k = 0; k < layer.count; ++k) {
        std::map<std::string, std::string> values;
        for (; v < layer.value_count && layer.value_of[v] == k; ++v) {
          const std::string line = value_line(layer, v);
          values[line.substr(1, line.find('=') - 1)] = line.substr(line.find('=') + 1);
        }
        const std::string after(to_view(new_.text).substr(layer.begin[k], layer.end[k] - layer.begin[k]));
        if (!same("text of a change", values["after"], after)) return false;
        if (values["code"] == "test.moved" || values["code"] == "test.repeated") continue;
        found.push_back(values["code"] + "|" + values["before"] + "|" + values["after"]);
      }
    }
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    // Trees that were left out are noted too; their codes are looked at by the account of letters.
    std::vector<std::string> missing;
    std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(missing));
    return same("changes without a note", std::vector<std::string>{}, missing);
  }

  /// Letters before, and what each code took and gave, are the letters after.
  bool letters() {
    int64_t sum = static_cast<int64_t>(count(old_.view()).letters);
    for (const ledger_entry &e : made_.account.entries())
      sum += static_cast<int64_t>(e.letters_after) - static_cast<int64_t>(e.letters_before);
    return same("letters", sum, static_cast<int64_t>(count(new_).letters));
  }

  const document &old_;
  const rewrite_script &script_;
  const rewrite_result &made_;
  const calque_document &new_;
  const reference::model &expected_;
  tally &seen_;
  std::string difference_;
  std::map<long, uint32_t> id_of_;
  std::map<uint32_t, uint32_t> index_of_;
  std::vector<const reference::out_node *> expected_nodes_;
};

std::string list(const rewrite_script &script) {
  static const char *const verbs[] = {"edit", "begin", "end", "copy", "copy_tree", "text", "attr", "remove_attr", "drop",
                                      "drop_tree", "unwrap"};
  std::string all;
  for (const rewrite_step &s : script.steps)
    all += std::string(verbs[s.what]) + " node " + std::to_string(static_cast<int>(s.node)) + " [" +
           std::to_string(s.from) + ", " + std::to_string(s.to) + ") \"" + s.bytes + "\" " + s.code + "\n";
  return all;
}

std::string try_one(uint64_t seed, bool rebuilds, tally &seen) {
  dice d(seed);
  const document old = random_document_maker(d).make();
  if (const auto sound = validate(old.view(), check_level::full); !sound)
    return "the random document is wrong: " + sound.error().message;
  const rewrite_script script =
      rebuilds ? random_rebuild_maker(d, old.view()).make() : random_edits(d, old.view());
  static const calque_stage stage = any_stage();
  diagnostics out;
  boundary shared({"rewrite", &stage}, limits{}, nullptr, out);
  rewriter r(shared, old);
  const auto why = [&] { return (out.all().empty() ? "no reason" : out.all().front().message) + "\n" + list(script); };
  if (play(r.abi(), script) != CALQUE_OK) return "a call failed: " + why();
  auto made = r.finish();
  ++seen.rewrites;
  const reference::model expected(old.view(), script);
  if (expected.is_circular()) {
    ++seen.circular;
    return made ? "asides in a circle passed" : "";
  }
  if (!made) return "finish failed: " + made.error().message + "\n" + list(script);
  const std::string difference = comparison(old, script, expected, *made, seen).difference();
  if (!difference.empty()) return difference + "\n" + list(script);
  if (const auto sound = validate(made->output.view(), check_level::full); !sound)
    return "the output is wrong: " + sound.error().message + "\n" + list(script);
  if (seed % 50 == 0) {
    ++seen.packed;
    const std::string packed = pack(made->output);
    const auto again = unpack(std::as_bytes(std::span(packed)));
    if (!again || pack(*again) != packed) return "the packed form does not come back the same";
  }
  return "";
}

void try_many(bool rebuilds) {
  // Other seeds, and more or fewer of them, can be tried than those of every run.
  const char *given = std::getenv("CALQUE_SEED");
  const uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1'962'000'000;
  const char *fewer = std::getenv("CALQUE_REWRITES");
  const uint64_t many = fewer != nullptr ? std::strtoull(fewer, nullptr, 10) : 60'000;
  tally seen;
  uint64_t wrong = 0;
  for (uint64_t seed = first; seed < first + many; ++seed) {
    const std::string difference = try_one(seed, rebuilds, seen);
    if (difference.empty()) continue;
    if (++wrong <= 3) ADD_FAILURE() << "seed " << seed << ": " << difference;
  }
  std::printf(
      "seeds %llu to %llu: %llu rewrites, %llu marks (%llu empty, %.1f %%; %llu on nodes; %llu moved, %llu stale, %llu "
      "dropped), %llu bytes, %llu packed, %llu refused as circular, %llu wrong\n",
      static_cast<unsigned long long>(first), static_cast<unsigned long long>(first + many - 1),
      static_cast<unsigned long long>(seen.rewrites), static_cast<unsigned long long>(seen.spans),
      static_cast<unsigned long long>(seen.empty),
      100.0 * static_cast<double>(seen.empty) / static_cast<double>(std::max<uint64_t>(seen.spans, 1)),
      static_cast<unsigned long long>(seen.on_nodes), static_cast<unsigned long long>(seen.moved),
      static_cast<unsigned long long>(seen.stale), static_cast<unsigned long long>(seen.lost),
      static_cast<unsigned long long>(seen.bytes), static_cast<unsigned long long>(seen.packed),
      static_cast<unsigned long long>(seen.circular), static_cast<unsigned long long>(wrong));
  EXPECT_EQ(wrong, 0u);
  EXPECT_GE(seen.empty * 10, seen.spans) << "at least a tenth of the spans are empty";
}

TEST(rewriter_property, edits_agree_with_the_reference) { try_many(false); }

TEST(rewriter_property, rebuilds_agree_with_the_reference) { try_many(true); }

}  // namespace
}  // namespace calque::host
