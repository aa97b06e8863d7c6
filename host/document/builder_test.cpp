// SPDX-License-Identifier: Apache-2.0
// What an importer may do with a builder, what comes of it, and how each broken rule is reported.
#include "host/document/builder.hpp"

#include <gtest/gtest.h>

#include "host/document/dump.hpp"
#include "host/document/random_document.hpp"
#include "host/document/validate.hpp"

namespace calque::host {
namespace {

using test::str;

/// A builder on a source, with the calls under short names.
struct workbench {
  explicit workbench(std::string source, const limits &within = {}, stop_flag *stop = nullptr,
                     const calque_stage &stage = test::tiling_stage())
      : source(std::move(source)), made({"reader", &stage}, {"a.txt", "text/plain", this->source}, within, stop, out) {}

  calque_status begin(uint16_t kind) { return b->begin(b, kind, &id); }
  calque_status end() { return b->end(b); }
  /// The next occurrence of these words in the source.
  calque_status text(std::string_view words, uint16_t kind = CALQUE_TEXT) {
    const uint64_t from = source.find(words, at);
    at = from + words.size();
    return b->text(b, kind, str(words), 0, from, at, &id);
  }
  calque_status skip(uint64_t from, uint64_t to, std::string_view code = "test.layout") {
    return b->skip(b, 0, from, to, str(code));
  }
  std::string error() {
    const auto result = made.finish();
    return result.has_value() ? "none" : result.error().code + " " + result.error().message;
  }
  document part(size_t k = 0) {
    auto result = made.finish();
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return result->parts.at(k);
  }

  std::string source;
  diagnostics out;
  builder made;
  calque_builder *b = made.abi();
  uint32_t id = 0;
  uint16_t number = 0;
  uint64_t at = 0;
};

/// The lines of a dump that show the tree, without the head and what follows the tree.
std::string tree_of(const document &d) {
  const std::string all = dump(d);
  const size_t begin = all.find("document #0");
  return all.substr(begin, std::min(all.find("\nlayer "), all.find("\norigin ")) + 1 - begin);
}

TEST(builder, makes_the_tree_in_the_order_of_the_calls) {
  workbench w("Talks\nGood day");
  uint32_t field = 0;
  EXPECT_EQ(w.b->field(w.b, str("title"), str("en"), &field), CALQUE_OK);
  w.b->attr(w.b, str("label"), str("Title:"));
  w.text("Talks");
  w.end();
  w.skip(5, 6);
  w.begin(CALQUE_PARAGRAPH);
  w.text("Good");
  w.begin(CALQUE_EMPHASIS);
  w.text(" day");
  w.end();
  w.end();
  const document d = w.part();
  EXPECT_EQ(tree_of(d),
            "document #0\n"
            "  aside #1 role=\"field\" key=\"title\" lang=\"en\" label=\"Title:\"\n"
            "    text #2 \"Talks\"\n"
            "  paragraph #3\n"
            "    text #4 \"Good\"\n"
            "    emphasis #5\n"
            "      text #6 \" day\"\n");
  EXPECT_TRUE(validate(d, check_level::full).has_value());
}

TEST(builder, aside_stands_behind_the_block_of_its_anchor) {
  workbench w("Said.[1] More. Note");
  w.begin(CALQUE_PARAGRAPH);
  w.text("Said.");
  w.begin(CALQUE_EMPHASIS);
  w.b->text(w.b, CALQUE_ANCHOR, {}, 0, 5, 8, &w.id);
  w.b->aside(w.b, str("note"), w.id, nullptr);
  w.begin(CALQUE_PARAGRAPH);
  w.text("Note");
  w.end();
  w.end();
  w.end();
  w.at = 0;
  w.text(" More.");
  w.end();
  w.skip(14, 15);
  const document d = w.part();
  EXPECT_EQ(tree_of(d),
            "document #0\n"
            "  paragraph #1\n"
            "    text #2 \"Said.\"\n"
            "    emphasis #3\n"
            "      anchor #4 aside=\"5\" \"\"\n"
            "    text #8 \" More.\"\n"
            "  aside #5 role=\"note\" anchor=\"4\"\n"
            "    paragraph #6\n"
            "      text #7 \"Note\"\n");
  EXPECT_TRUE(validate(d, check_level::full).has_value());
}

TEST(builder, aside_of_a_named_kind_in_a_line_stands_behind_the_line) {
  workbench w("H2[1]Note");
  uint16_t named = 0;
  w.b->kind(w.b, str("x.test/index"), &named);
  w.begin(CALQUE_PARAGRAPH);
  w.begin(CALQUE_SUBSCRIPT);
  w.begin(named);
  w.text("H2");
  w.b->text(w.b, CALQUE_ANCHOR, {}, 0, 2, 5, &w.id);
  w.b->aside(w.b, str("note"), w.id, nullptr);
  w.text("Note");
  for (int open = 4; open > 0; --open) w.end();
  const document d = w.part();
  EXPECT_EQ(tree_of(d),
            "document #0\n"
            "  paragraph #1\n"
            "    subscript #2\n"
            "      x.test/index #3\n"
            "        text #4 \"H2\"\n"
            "        anchor #5 aside=\"6\" \"\"\n"
            "  aside #6 role=\"note\" anchor=\"5\"\n"
            "    text #7 \"Note\"\n");
  EXPECT_TRUE(validate(d, check_level::full).has_value());
}

TEST(builder, marks_follow_the_text_of_asides_that_are_put_in_place) {
  workbench w("Said.[1] Жук. Note");
  w.begin(CALQUE_PARAGRAPH);
  w.text("Said.");
  w.b->text(w.b, CALQUE_ANCHOR, {}, 0, 5, 8, &w.id);
  w.b->aside(w.b, str("note"), w.id, nullptr);
  w.text("Note");
  w.end();
  w.at = 0;
  w.text(" Жук.");
  w.end();
  w.skip(16, 17);
  calque_layer_writer *layers = w.b->layers;
  uint32_t handle = 0;
  ASSERT_EQ(layers->open(layers, str("test.mood/1"), &handle), CALQUE_OK);
  layers->span(layers, handle, str("note"), 5, 9, 0, nullptr);    // "Note", as written
  layers->span(layers, handle, str("word"), 10, 16, 0, nullptr);  // "Жук"
  const document d = w.part();
  const calque_layer &layer = *d.view().layers[0];
  const auto covered = [&](uint32_t k) {
    return to_view(d.view().text).substr(layer.begin[k], layer.end[k] - layer.begin[k]);
  };
  EXPECT_EQ(to_view(d.view().text), "Said. Жук.Note");
  EXPECT_EQ(covered(0), "Жук");
  EXPECT_EQ(covered(1), "Note");
}

TEST(builder, origins_are_exact_where_bytes_are_equal) {
  workbench w("a &amp; b");
  w.begin(CALQUE_PARAGRAPH);
  w.b->text(w.b, CALQUE_TEXT, str("a "), 0, 0, 2, nullptr);
  w.b->more(w.b, str("&"), 0, 2, 7);
  w.b->more(w.b, str(" "), 0, 7, 8);
  w.b->more(w.b, str("b"), 0, 8, 9);
  w.end();
  const std::string all = dump(w.part());
  EXPECT_NE(all.find("origin 0..2 = 0:0..2\norigin 2..3 ~ 0:2..7\norigin 3..5 = 0:7..9\n"), std::string::npos) << all;
}

TEST(builder, members_are_sources_of_their_own) {
  workbench w("");
  uint32_t member = 0;
  w.b->member(w.b, 0, str("word/document.xml"), str("text/xml"), str("<p>Hi</p>"), &member);
  w.b->encoding(w.b, member, str("UTF-8"));
  w.begin(CALQUE_PARAGRAPH);
  w.b->text(w.b, CALQUE_TEXT, str("Hi"), member, 3, 5, nullptr);
  w.end();
  const document d = w.part();
  ASSERT_EQ(d.view().source_count, 2u);
  EXPECT_EQ(d.view().sources[1]->parent, 0u);
  EXPECT_EQ(d.view().origins.exact[0], 1);
  EXPECT_EQ(to_hex(d.sections().sources->at(1).sha256), to_hex(sha256_of("<p>Hi</p>")));
}

TEST(builder, parts_are_independent_documents_of_one_source) {
  workbench w("one|two");
  for (const char *words : {"one", "two"}) {
    w.begin(CALQUE_PARAGRAPH);
    w.text(words);
    EXPECT_EQ(w.id, 2u);
    w.end();
    if (words == std::string_view("one")) {
      w.skip(3, 4);
      EXPECT_EQ(w.b->next_part(w.b), CALQUE_OK);
    }
  }
  auto result = w.made.finish();
  ASSERT_TRUE(result.has_value());
  ASSERT_EQ(result->parts.size(), 2u);
  EXPECT_EQ(to_view(result->parts[1].view().text), "two");
  EXPECT_EQ(result->parts[1].view().origins.begin[0], 4u);
  ASSERT_EQ(result->account.entries().size(), 1u);
  EXPECT_EQ(result->account.entries()[0].bytes, 1u);
}

TEST(builder, gap_in_the_source_is_an_error_that_names_it) {
  workbench w("abcdef");
  w.text("ab");
  w.skip(4, 6);
  EXPECT_EQ(w.error(), "ledger.source-not-tiled bytes [2, 4) of the source are neither in the document nor skipped");
  EXPECT_EQ(w.out.all()[0].stage, "reader (test.importer 1.0.0)");
  EXPECT_EQ(w.out.all()[0].where.source->begin, 2u);
}

TEST(builder, bytes_accounted_for_twice_are_an_error) {
  workbench w("abcdef");
  w.text("abcd");
  w.skip(3, 6);
  EXPECT_EQ(w.error(), "ledger.source-not-tiled bytes [3, 4) of the source are accounted for twice");
}

TEST(builder, skips_count_letters_and_bytes_by_code) {
  workbench w("Год 1958!");
  w.skip(0, 6, "test.dropped");
  w.skip(6, 12, "test.dropped");
  const auto result = w.made.finish();
  ASSERT_TRUE(result.has_value());
  const ledger_entry &entry = result->account.entries().at(0);
  EXPECT_EQ(entry.code, "test.dropped");
  EXPECT_EQ(entry.count, 2u);
  EXPECT_EQ(entry.letters_before, 7u);
  EXPECT_EQ(entry.bytes, 12u);
}

TEST(builder, what_was_seen_is_there_or_skipped) {
  workbench w("x");
  w.text("x");
  w.b->seen(w.b, CALQUE_THING_TABLE, 2);
  EXPECT_EQ(w.error(), "ledger.not-all-seen table: 2 in the source, 0 in the document and 0 skipped");
}

struct misuse {
  const char *name;
  std::function<calque_status(workbench &)> call;
  const char *message;
};

TEST(builder, each_broken_rule_is_named_and_writes_nothing) {
  const std::vector<misuse> all = {
      {"end", [](workbench &w) { return w.end(); }, "builder.end: nothing is open"},
      {"leaf as container", [](workbench &w) { return w.begin(CALQUE_TEXT); }, "builder.begin: 128 is no container"},
      {"unknown kind", [](workbench &w) { return w.begin(60); }, "builder.begin: 60 is no container"},
      {"number that no name has", [](workbench &w) { return w.begin(CALQUE_KIND_NAMED); },
       "builder.begin: 32768 is no container"},
      {"block in inlines", [](workbench &w) { return w.begin(CALQUE_PARAGRAPH), w.begin(CALQUE_PARAGRAPH); },
       "builder.begin: a block cannot stand within a block of inlines"},
      {"kind name", [](workbench &w) { return w.b->kind(w.b, str("owner/thing"), &w.number); },
       "builder.kind: \"owner/thing\" is neither"},
      {"late field", [](workbench &w) { return w.text("a"), w.b->field(w.b, str("title"), {}, nullptr); },
       "builder.field: fields come before the first block"},
      {"anchor to come", [](workbench &w) { return w.b->aside(w.b, str("note"), 5, nullptr); },
       "builder.aside: the anchor is to be written first"},
      {"container as leaf", [](workbench &w) { return w.text("a", CALQUE_PARAGRAPH); }, "builder.text: 8 is no kind"},
      {"text of an anchor", [](workbench &w) { return w.text("a", CALQUE_ANCHOR); },
       "builder.text: anchors and images"},
      {"line break", [](workbench &w) { return w.text("a", CALQUE_LINE_BREAK); }, "builder.text: the text of a line"},
      {"silent loss", [](workbench &w) { return w.b->text(w.b, CALQUE_TEXT, {}, 0, 0, 3, nullptr); },
       "builder.text: bytes that give no text are skipped, with a code"},
      {"range", [](workbench &w) { return w.b->text(w.b, CALQUE_TEXT, str("a"), 0, 2, 99, nullptr); },
       "builder.text: [2, 99) is not in source 0, which has 3 bytes"},
      {"source", [](workbench &w) { return w.b->text(w.b, CALQUE_TEXT, str("a"), 7, 0, 1, nullptr); },
       "builder.text: there is no source 7"},
      {"UTF-8", [](workbench &w) { return w.b->text(w.b, CALQUE_TEXT, str("\xff"), 0, 0, 1, nullptr); },
       "builder.text: the text is not UTF-8"},
      {"more", [](workbench &w) { return w.b->more(w.b, str("a"), 0, 0, 1); }, "builder.more: no leaf was written"},
      {"attribute twice",
       [](workbench &w) {
         return w.begin(CALQUE_PARAGRAPH), w.b->attr(w.b, str("lang"), str("en")),
                w.b->attr(w.b, str("lang"), str("de"));
       },
       "builder.attr: the node has \"lang\" already"},
      {"code", [](workbench &w) { return w.skip(0, 1, "test.other"); },
       "builder.skip: the stage does not declare the code test.other"},
      {"resource climbs", [](workbench &w) { return w.b->resource(w.b, str("../a"), {}, {}); },
       "builder.resource: the name is relative"},
      {"resource twice",
       [](workbench &w) {
         w.b->resource(w.b, str("a"), {}, {}), w.b->next_part(w.b);
         return w.b->resource(w.b, str("a"), {}, {}), w.b->resource(w.b, str("a"), {}, {});
       },
       "builder.resource: a is there already"},
      {"part with something open", [](workbench &w) { return w.begin(CALQUE_SECTION), w.b->next_part(w.b); },
       "builder.next_part: something is still open"},
      {"end of the run", [](workbench &w) { return w.begin(CALQUE_SECTION), (void)w.made.finish(), CALQUE_MISUSE; },
       "builder.end: something is still open at the end"},
  };
  for (const misuse &one : all) {
    workbench w("abc");
    EXPECT_EQ(one.call(w), CALQUE_MISUSE) << one.name;
    ASSERT_EQ(w.out.all().size(), 1u) << one.name;
    EXPECT_EQ(w.out.all()[0].message.substr(0, std::string(one.message).size()), one.message) << one.name;
    EXPECT_EQ(w.out.all()[0].stage, "reader (test.importer 1.0.0)");
    EXPECT_NE(w.begin(CALQUE_SECTION), CALQUE_OK) << "a run that went wrong writes no more";
  }
}

TEST(builder, attribute_keys_are_no_kinds) {
  workbench w("abc");
  w.begin(CALQUE_PARAGRAPH);
  w.b->attr(w.b, str("lang"), str("en"));
  w.end();
  EXPECT_EQ(w.begin(CALQUE_KIND_NAMED), CALQUE_MISUSE);
}

TEST(builder, limits_end_the_run_and_say_which) {
  limits few;
  few.max_text = 2;
  workbench text("abc", few);
  EXPECT_EQ(text.text("abc"), CALQUE_LIMIT);
  EXPECT_EQ(text.error(), "document.limit bytes of text: 3 wanted, 2 granted");
  few = {};
  few.max_depth = 2;
  workbench depth("", few);
  EXPECT_EQ(depth.begin(CALQUE_SECTION), CALQUE_OK);
  EXPECT_EQ(depth.begin(CALQUE_SECTION), CALQUE_LIMIT);
  few = {};
  few.max_nodes = 1;
  workbench nodes("", few);
  EXPECT_EQ(nodes.begin(CALQUE_SECTION), CALQUE_LIMIT);
  few = {};
  few.max_parts = 1;
  workbench parts("", few);
  EXPECT_EQ(parts.b->next_part(parts.b), CALQUE_LIMIT);
}

TEST(builder, run_that_is_stopped_at_any_call_ends_there) {
  const test::random_import import(5);
  uint64_t stopped = 0;
  for (uint64_t k = 1;; ++k) {
    stop_flag stop;
    stop.stop_at_call(k);
    diagnostics out;
    const limits within;
    builder b({"import", &test::tiling_stage()}, {"a", "", import.source()}, within, &stop, out);
    const calque_status status = import.replay(b.abi());
    if (status == CALQUE_OK) break;
    ASSERT_EQ(status, CALQUE_CANCELLED);
    ASSERT_EQ(b.finish().error().code, "run.stopped");
    ++stopped;
  }
  EXPECT_GT(stopped, 10u);
}

}  // namespace
}  // namespace calque::host
