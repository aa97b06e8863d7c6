// SPDX-License-Identifier: Apache-2.0
// What an annotator may write, how layers are put in order, and how each broken rule is reported.
#include "host/document/layer_writer.hpp"

#include <gtest/gtest.h>

#include "host/document/random_document.hpp"

namespace calque::host {
namespace {

using test::str;

/// A writer on a text with nodes 0 to 2, of which node 2 covers [6, 10).
struct workbench {
  explicit workbench(const limits &within = {})
      : shared({"editorial", &test::tiling_stage()}, within, nullptr, out),
        writer(
            shared, [this] { return std::string_view(text); }, [](uint32_t id) { return id < 3; }, 5) {}

  calque_status open(std::string_view name) { return w->open(w, str(name), &layer); }
  calque_status span(std::string_view kind, uint32_t begin, uint32_t end, uint32_t side = CALQUE_AFTER) {
    return w->span(w, layer, str(kind), begin, end, side, &id);
  }
  calque_status value(std::string_view key, uint32_t type, std::string_view text) {
    return w->value(w, id, str(key), type, str(text));
  }
  auto finish() {
    return writer.finish([](uint32_t annotation) { return annotation < 5; },
                         [](uint32_t node) {
                           return node == 2 ? text_span{6, 10} : text_span{0, 11};
                         });
  }
  std::string message() const { return out.all().empty() ? "none" : out.all()[0].message; }

  std::string text = "Zhang né it";
  diagnostics out;
  boundary shared;
  layer_writer writer;
  calque_layer_writer *w = writer.abi();
  uint32_t layer = 0, id = 0;
};

TEST(layer_writer, annotations_are_sorted_the_longer_first) {
  workbench w;
  w.open("test.mood/1");
  w.span("late", 6, 9);
  w.span("short", 0, 5);
  w.span("long", 0, 9);
  w.span("point", 0, 0, CALQUE_BEFORE);
  w.w->node(w.w, w.layer, str("node"), 2, nullptr);
  const auto made = w.finish();
  ASSERT_EQ(made.size(), 1u);
  const annotation_columns &c = made[0]->columns();
  EXPECT_EQ(c.id, (std::vector<uint32_t>{7, 6, 8, 9, 5}));
  EXPECT_EQ(c.begin, (std::vector<uint32_t>{0, 0, 0, 6, 6}));
  EXPECT_EQ(c.end, (std::vector<uint32_t>{9, 5, 0, 10, 9}));
  EXPECT_EQ(c.side[2], CALQUE_BEFORE);
  EXPECT_EQ(c.node[3], 2u);
  EXPECT_EQ(made[0]->stage(), "editorial");
}

TEST(layer_writer, values_go_with_their_annotations) {
  workbench w;
  w.open("calque.date/1");
  w.span("date", 6, 9);
  const uint32_t late = w.id;
  w.value("edtf", CALQUE_VALUE_TEXT, "1962");
  w.span("date", 0, 5);
  w.value("edtf", CALQUE_VALUE_TEXT, "1958");
  w.value("printed", CALQUE_VALUE_TEXT, "a");
  w.value("printed", CALQUE_VALUE_TEXT, "b");
  w.id = late;
  w.value("part", CALQUE_VALUE_TEXT, "meeting");
  const auto made = w.finish();
  const annotation_columns &c = made[0]->columns();
  EXPECT_EQ(c.value_of, (std::vector<uint32_t>{0, 0, 0, 1, 1}));
  std::string all;
  for (size_t v = 0; v < c.value_of.size(); ++v)
    all += made[0]->strings().substr(c.value_begin[v], c.value_end[v] - c.value_begin[v]) + " ";
  EXPECT_EQ(all, "1958 a b 1962 meeting ");
}

TEST(layer_writer, same_name_gives_the_same_handle) {
  workbench w;
  w.open("calque.name/1");
  const uint32_t first = w.layer;
  w.open("calque.date/1");
  EXPECT_NE(w.layer, first);
  w.open("calque.name/1");
  EXPECT_EQ(w.layer, first);
  EXPECT_EQ(w.finish().size(), 2u) << "layers that stay empty say that somebody looked";
}

TEST(layer_writer, each_broken_rule_is_named) {
  struct misuse {
    std::function<calque_status(workbench &)> call;
    const char *message;
  };
  const std::vector<misuse> all = {
      {[](workbench &w) { return w.open("editorial"); }, "layers.open: \"editorial\" is no layer name"},
      {[](workbench &w) { return w.open("org.other/1"); }, "layers.open: the stage does not declare that it writes"},
      {[](workbench &w) { return w.span("sic", 0, 1); }, "layers.span: this handle was not opened"},
      {[](workbench &w) { return w.open("calque.editorial/1"), w.span("sic", 0, 99); }, "layers.span: [0, 99) is not"},
      {[](workbench &w) { return w.open("calque.editorial/1"), w.span("sic", 3, 2); }, "layers.span: [3, 2) is not"},
      {[](workbench &w) { return w.open("calque.editorial/1"), w.span("sic", 0, 8); }, "layers.span: [0, 8) begins or"},
      {[](workbench &w) { return w.open("calque.editorial/1"), w.span("sic", 0, 0, 2); }, "layers.span: there is no"},
      {[](workbench &w) { return w.open("calque.editorial/1"), w.span("mood", 0, 1); },
       "layers.span: calque.editorial/1 has no kind \"mood\""},
      {[](workbench &w) { return w.open("calque.name/1"), w.w->node(w.w, w.layer, str("speaker"), 3, nullptr); },
       "layers.node: no node has the id 3"},
      {[](workbench &w) { return w.w->value(w.w, 4, str("n"), 0, str("1")); },
       "layers.value: annotation 4 was not made in this run"},
      {[](workbench &w) {
         return w.open("calque.editorial/1"), w.span("sic", 0, 1), w.value("mood", CALQUE_VALUE_TEXT, "");
       },
       "layers.value: calque.editorial/1 has no key \"mood\""},
      {[](workbench &w) {
         return w.open("calque.editorial/1"), w.span("sic", 0, 1), w.value("marks", CALQUE_VALUE_TEXT, "7");
       },
       "layers.value: the value of marks is of another type"},
      {[](workbench &w) {
         return w.open("calque.language/1"), w.span("language", 0, 1),
                w.value("confidence", CALQUE_VALUE_NUMBER, "1,5");
       },
       "layers.value: the value of confidence is no decimal number with a point"},
  };
  for (const misuse &one : all) {
    workbench w;
    EXPECT_EQ(one.call(w), CALQUE_MISUSE) << one.message;
    EXPECT_EQ(w.message().substr(0, std::string(one.message).size()), one.message);
  }
}

TEST(layer_writer, references_lead_somewhere_and_required_values_are_there) {
  workbench dangling;
  dangling.open("calque.editorial/1");
  dangling.span("sic", 0, 1);
  dangling.value("marks", CALQUE_VALUE_REF, "99");
  dangling.finish();
  EXPECT_EQ(dangling.message(), "layers.value: a value of calque.editorial/1 refers to 99, which is not there");
  workbench older;
  older.open("calque.editorial/1");
  older.span("sic", 0, 1);
  older.value("marks", CALQUE_VALUE_REF, "4");
  older.finish();
  EXPECT_EQ(older.message(), "none") << "an annotation of an earlier stage";
  workbench lacking;
  lacking.open("calque.language/1");
  lacking.span("language", 0, 1);
  lacking.finish();
  EXPECT_EQ(lacking.message(), "layers.value: an annotation of calque.language/1 lacks the value tag");
}

TEST(layer_writer, annotations_are_limited) {
  limits few;
  few.max_annotations = 1;
  workbench w(few);
  w.open("test.mood/1");
  EXPECT_EQ(w.span("a", 0, 1), CALQUE_OK);
  EXPECT_EQ(w.span("b", 0, 1), CALQUE_LIMIT);
}

}  // namespace
}  // namespace calque::host
