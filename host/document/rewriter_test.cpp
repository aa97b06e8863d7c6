// SPDX-License-Identifier: Apache-2.0
// The rules of a normalizer's calls, each kept and each broken once; the property test has what comes of them.
#include "host/document/rewriter.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "host/document/rewriter_script.hpp"
#include "host/document/validate.hpp"

namespace calque::host {
namespace {

constexpr calque_code codes[] = {{"t.changed", "", CALQUE_THING_TEXT, CALQUE_EFFECT_CHANGED, CALQUE_INFO, 0},
                                 {"t.dropped", "", CALQUE_THING_TEXT, CALQUE_EFFECT_DROPPED, CALQUE_INFO, 0}};
constexpr const char *written[] = {"test.mark/1", nullptr};

const calque_stage &stage() {
  static const calque_stage one = [] {
    calque_stage s{};
    s.struct_size = sizeof(s);
    s.id = "test.rewrite";
    s.version = "1";
    s.code_count = 2;
    s.code_stride = sizeof(calque_code);
    s.codes = codes;
    s.written_layers = written;
    return s;
  }();
  return one;
}

/// Ids are indices: 1 heading {2 "Talks"}, 3 paragraph {4 "Zhang né." 5 anchor 6 "\n"}, 7 aside of 5 {8 paragraph {9 "A note."}};
/// a layer on "Zhang" ([5, 10) of the text).
document small_document(uint32_t on_change = CALQUE_FOLLOW) {
  tree_writer tree(0);
  tree.open(CALQUE_HEADING, 1);
  tree.leaf(CALQUE_TEXT, 2, "Talks");
  tree.close();
  tree.open(CALQUE_PARAGRAPH, 3);
  tree.leaf(CALQUE_TEXT, 4, "Zhang n\xc3\xa9.");
  tree.leaf(CALQUE_ANCHOR, 5, "");
  tree.attr("aside", "7");
  tree.leaf(CALQUE_LINE_BREAK, 6, "\n");
  tree.close();
  tree.open(CALQUE_ASIDE, 7);
  tree.attr("role", "note");
  tree.attr("anchor", "5");
  tree.open(CALQUE_PARAGRAPH, 8);
  tree.leaf(CALQUE_TEXT, 9, "A note.");
  tree.close();
  tree.close();
  document_sections s;
  tree.finish(s);
  origin_columns origins;
  origins.add(0, 0, 100, 100 + s.text->size(), true);
  s.origins = std::make_shared<const origin_columns>(origins);
  s.sources = std::make_shared<const std::vector<source_data>>(
      std::vector<source_data>{{CALQUE_NONE, "a.txt", "", "", 1000, {}}});
  s.resources = std::make_shared<const std::vector<resource_data>>();
  annotation_columns c;
  c.id = {1}, c.begin = {5}, c.end = {10}, c.node = {CALQUE_NONE}, c.kind = {0}, c.side = {0}, c.state = {0};
  s.layers.push_back(std::make_shared<const layer_data>("test.name/1", "cast", on_change, c, std::vector<uint32_t>{6},
                                                        "person"));
  s.next_node_id = 10;
  s.next_annotation_id = 2;
  return document(std::move(s));
}

/// One run over the small document.
struct run {
  explicit run(document d = small_document(), const limits &within = {}, stop_flag *stop = nullptr)
      : given(std::move(d)), shared({"rewrite", &stage()}, within, stop, out), made(shared, given), r(made.abi()) {}

  calque_status edit(uint32_t leaf, uint32_t from, uint32_t to, const char *text, const char *code = "t.changed") {
    return r->edit(r, leaf, from, to, to_str(text), to_str(code));
  }
  calque_status begin(uint16_t kind, uint32_t like) { return r->begin(r, kind, like, nullptr); }
  calque_status end() { return r->end(r); }
  calque_status copy(uint32_t leaf, uint32_t from, uint32_t to, const char *code = "") {
    return r->copy(r, leaf, from, to, to_str(code));
  }
  calque_status tree(uint32_t node, const char *code = "") { return r->copy_tree(r, node, to_str(code)); }
  calque_status drop_tree(uint32_t node) { return r->drop_tree(r, node, to_str("t.dropped")); }
  calque_status text(const char *bytes, uint32_t leaf, uint32_t from, uint32_t to) {
    return r->text(r, CALQUE_TEXT, to_str(bytes), leaf, from, to, to_str("t.changed"), nullptr);
  }
  /// The new text, or what went wrong.
  std::string finish() {
    auto ended = made.finish();
    if (!ended) return ended.error().code + ": " + ended.error().message;
    result.emplace(std::move(ended).value());
    const auto sound = validate(result->output.view(), check_level::full);
    return sound ? std::string(to_view(result->output.view().text)) : sound.error().message;
  }
  const calque_layer &layer(uint32_t k) const { return *result->output.view().layers[k]; }

  document given;
  diagnostics out;
  boundary shared;
  rewriter made;
  calque_rewriter *r;
  std::optional<rewrite_result> result;
};

const std::string whole = "TalksZhang n\xc3\xa9.\nA note.";

TEST(rewriter, run_that_calls_nothing_keeps_the_document) {
  run one;
  EXPECT_EQ(one.finish(), whole);
  EXPECT_EQ(one.result->output.view().text.data, one.given.view().text.data);
  EXPECT_EQ(one.result->output.view().layers[0], one.given.view().layers[0]);
}

TEST(rewriter, untouched_sections_and_layers_are_shared) {
  run one;
  ASSERT_EQ(one.edit(9, 22, 23, "!"), CALQUE_OK);
  EXPECT_EQ(one.finish(), "TalksZhang n\xc3\xa9.\nA note!");
  EXPECT_EQ(one.result->output.view().layers[0], one.given.view().layers[0]);
  EXPECT_EQ(one.result->output.view().strings.data, one.given.view().strings.data);
  EXPECT_EQ(one.result->output.sections().sources, one.given.sections().sources);
}

TEST(rewriter, insertion_between_leaves_needs_an_owner) {
  run first, second;
  ASSERT_EQ(first.edit(2, 5, 5, "+"), CALQUE_OK);
  ASSERT_EQ(second.edit(4, 5, 5, "+"), CALQUE_OK);
  EXPECT_EQ(first.finish(), second.finish());
  EXPECT_EQ(first.result->output.view().nodes.text_end[2], 6u);
  EXPECT_EQ(second.result->output.view().nodes.text_end[2], 5u);
}

TEST(rewriter, edits_that_break_a_rule_are_refused) {
  const auto status = [](auto &&calls) {
    run one;
    const calque_status got = calls(one);
    if (got == CALQUE_OK) return got;
    EXPECT_TRUE(one.out.has_errors());
    EXPECT_FALSE(one.made.finish().has_value());
    return got;
  };
  EXPECT_EQ(status([](run &one) { return one.edit(4, 5, 10, "Xu"); }), CALQUE_OK);
  EXPECT_EQ(status([](run &one) { return one.edit(99, 5, 5, "x"); }), CALQUE_MISUSE) << "no such node";
  EXPECT_EQ(status([](run &one) { return one.edit(3, 5, 6, "x"); }), CALQUE_MISUSE) << "no leaf";
  EXPECT_EQ(status([](run &one) { return one.edit(4, 4, 6, "x"); }), CALQUE_MISUSE) << "outside the leaf";
  EXPECT_EQ(status([](run &one) { return one.edit(4, 13, 14, "x"); }), CALQUE_MISUSE) << "inside a code point";
  EXPECT_EQ(status([](run &one) { return one.edit(5, 15, 15, "x"); }), CALQUE_MISUSE) << "anchors have no text";
  EXPECT_EQ(status([](run &one) { return one.edit(4, 5, 6, "\xff"); }), CALQUE_MISUSE) << "not UTF-8";
  EXPECT_EQ(status([](run &one) { return one.edit(4, 5, 6, "x", "t.other"); }), CALQUE_MISUSE) << "code not declared";
  EXPECT_EQ(status([](run &one) { return one.edit(4, 5, 6, "x", ""); }), CALQUE_MISUSE) << "no code";
  EXPECT_EQ(status([](run &one) {
              one.edit(4, 8, 9, "x");
              return one.edit(4, 7, 8, "x");
            }),
            CALQUE_MISUSE)
      << "descending";
  EXPECT_EQ(status([](run &one) {
              one.edit(4, 8, 9, "x");
              return one.edit(4, 9, 9, "y");
            }),
            CALQUE_OK)
      << "one may begin where the last ended";
  EXPECT_EQ(status([](run &one) {
              one.edit(4, 8, 9, "x");
              return one.r->rebuild(one.r);
            }),
            CALQUE_MISUSE)
      << "modes mixed";
}

TEST(rewriter, rebuilds_that_break_a_rule_are_refused) {
  const auto status = [](auto &&calls) {
    run one;
    EXPECT_EQ(one.r->rebuild(one.r), CALQUE_OK);
    return calls(one);
  };
  EXPECT_EQ(status([](run &one) { return one.edit(4, 5, 6, "x"); }), CALQUE_MISUSE) << "modes mixed";
  EXPECT_EQ(status([](run &one) { return one.r->rebuild(one.r); }), CALQUE_MISUSE) << "twice";
  EXPECT_EQ(status([](run &one) { return one.end(); }), CALQUE_MISUSE) << "nothing open";
  EXPECT_EQ(status([](run &one) { return one.begin(CALQUE_TEXT, CALQUE_NONE); }), CALQUE_MISUSE) << "a leaf";
  EXPECT_EQ(status([](run &one) { return one.begin(CALQUE_PARAGRAPH, 4); }), CALQUE_MISUSE) << "like a leaf";
  EXPECT_EQ(status([](run &one) {
              one.begin(CALQUE_PARAGRAPH, 3);
              one.end();
              return one.begin(CALQUE_PARAGRAPH, 3);
            }),
            CALQUE_MISUSE)
      << "like twice";
  EXPECT_EQ(status([](run &one) {
              one.begin(CALQUE_PARAGRAPH, CALQUE_NONE);
              return one.tree(3);
            }),
            CALQUE_MISUSE)
      << "a block within inlines";
  EXPECT_EQ(status([](run &one) {
              one.copy(4, 9, 12);
              return one.copy(4, 5, 9);
            }),
            CALQUE_MISUSE)
      << "back without a code";
  EXPECT_EQ(status([](run &one) {
              one.copy(4, 9, 12);
              return one.copy(4, 5, 9, "t.changed");
            }),
            CALQUE_OK)
      << "back with a code";
  EXPECT_EQ(status([](run &one) { return one.tree(0); }), CALQUE_MISUSE) << "the root";
  EXPECT_EQ(run().copy(4, 5, 6), CALQUE_MISUSE) << "without rebuild";
}

TEST(rewriter, text_that_is_forgotten_fails_the_document_and_is_named) {
  run one;
  one.r->rebuild(one.r);
  one.tree(1);
  one.begin(CALQUE_PARAGRAPH, 3);
  one.copy(4, 5, 10);
  one.copy(4, 14, 15);
  one.tree(5);
  one.tree(6);
  one.end();
  one.tree(7);
  const std::string why = one.finish();
  EXPECT_NE(why.find("ledger.text-lost"), std::string::npos) << why;
  EXPECT_NE(why.find("\" n"), std::string::npos) << why;
  EXPECT_NE(one.out.all().front().stage.find("rewrite"), std::string::npos);
}

TEST(rewriter, countable_nodes_need_a_word) {
  const auto rewritten = [](auto &&heading) {
    run one;
    one.r->rebuild(one.r);
    heading(one);
    one.tree(3);
    one.tree(7);
    return one.finish();
  };
  const auto paragraph_of = [](run &one) {
    one.begin(CALQUE_PARAGRAPH, CALQUE_NONE);
    one.copy(2, 0, 5);
    one.end();
  };
  EXPECT_NE(rewritten(paragraph_of).find("ledger.structure-lost: a heading"), std::string::npos);
  EXPECT_EQ(rewritten([&](run &one) {
              one.r->unwrap(one.r, 1, to_str("t.changed"));
              paragraph_of(one);
            }),
            whole);
  EXPECT_EQ(rewritten([](run &one) { one.drop_tree(1); }), whole.substr(5));
}

TEST(rewriter, note_follows_its_call) {
  run one;
  one.r->rebuild(one.r);
  one.tree(7, "t.changed");
  one.tree(1);
  one.tree(3);
  EXPECT_EQ(one.finish(), whole);
  EXPECT_EQ(one.result->output.view().nodes.kind[7], CALQUE_ASIDE);
}

TEST(rewriter, note_without_its_call_belongs_to_nothing) {
  run one;
  one.r->rebuild(one.r);
  one.tree(1);
  one.begin(CALQUE_PARAGRAPH, 3);
  one.copy(4, 5, 15);
  one.drop_tree(5);
  one.tree(6);
  one.end();
  one.tree(7);
  EXPECT_EQ(one.finish(), whole);
  EXPECT_EQ(find_attr(one.result->output.view(), 6, "anchor").data, nullptr);
}

TEST(rewriter, layers_follow_drop_or_forbid) {
  for (const uint32_t on_change : {CALQUE_FOLLOW, CALQUE_DROP, CALQUE_FORBID}) {
    run one(small_document(on_change));
    one.edit(4, 5, 10, "Xu");
    const std::string text = one.finish();
    if (on_change == CALQUE_FORBID) {
      EXPECT_NE(text.find("protected by the layer \"test.name/1: Zhang"), std::string::npos) << text;
      continue;
    }
    ASSERT_EQ(text, "TalksXu n\xc3\xa9.\nA note.");
    EXPECT_EQ(one.layer(0).count, on_change == CALQUE_DROP ? 0u : 1u);
    if (on_change == CALQUE_FOLLOW) {
      EXPECT_EQ(one.layer(0).state[0], CALQUE_STALE);
    }
  }
}

TEST(rewriter, mark_on_a_new_node_lies_on_its_text) {
  run one;
  uint32_t speech = 0, layer = 0;
  one.r->rebuild(one.r);
  one.tree(1);
  one.r->begin(one.r, CALQUE_SPEECH, CALQUE_NONE, &speech);
  one.r->layers->open(one.r->layers, to_str("test.mark/1"), &layer);
  ASSERT_EQ(one.r->layers->node(one.r->layers, layer, to_str("speaker"), speech, nullptr), CALQUE_OK);
  one.tree(3);
  one.end();
  one.tree(7);
  ASSERT_EQ(one.finish(), whole);
  EXPECT_EQ(one.layer(1).begin[0], 5u);
  EXPECT_EQ(one.layer(1).state[0], CALQUE_INTACT);
}

TEST(rewriter, letters_that_were_removed_and_added_are_counted) {
  run one;
  one.edit(4, 5, 10, "Xu");
  one.edit(9, 16, 18, "", "t.dropped");
  ASSERT_NE(one.finish(), "");
  ASSERT_EQ(one.result->account.entries().size(), 2u);
  EXPECT_EQ(one.result->account.entries()[0].letters_before, 5u);
  EXPECT_EQ(one.result->account.entries()[0].letters_after, 2u);
  EXPECT_EQ(one.result->account.entries()[1].letters_before, 1u);
}

TEST(rewriter, stop_is_obeyed_at_any_call) {
  for (uint64_t k = 1; k <= 5; ++k) {
    stop_flag stop;
    run one(small_document(), {}, &stop);
    stop.stop_at_call(k);
    calque_status last = CALQUE_OK;
    for (uint64_t call = 1; call <= 5; ++call) {
      last = call == 1 ? one.r->rebuild(one.r) : one.begin(CALQUE_SECTION, CALQUE_NONE);
      EXPECT_EQ(last, call < k ? CALQUE_OK : CALQUE_CANCELLED);
    }
    EXPECT_FALSE(one.made.finish().has_value());
  }
}

TEST(rewriter, limits_are_kept) {
  limits within;
  within.max_text = 30;
  run edited(small_document(), within);
  EXPECT_EQ(edited.edit(4, 5, 5, "0123456789"), CALQUE_LIMIT);
  within = {};
  within.max_nodes = 3;
  run rebuilt(small_document(), within);
  rebuilt.r->rebuild(rebuilt.r);
  EXPECT_EQ(rebuilt.tree(3), CALQUE_LIMIT);
  within = {};
  within.max_depth = 2;
  run deep(small_document(), within);
  deep.r->rebuild(deep.r);
  deep.begin(CALQUE_SECTION, CALQUE_NONE);
  EXPECT_EQ(deep.begin(CALQUE_SECTION, CALQUE_NONE), CALQUE_LIMIT);
}

}  // namespace
}  // namespace calque::host
