// SPDX-License-Identifier: Apache-2.0
// Each rule of a document is broken once, and the message says where and which.
#include "host/document/validate.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

#include "host/document/document.hpp"
#include "host/document/tree_writer.hpp"

namespace calque::host {
namespace {

/// A small sound document whose sections a test may spoil before it is put together.
struct parts {
  std::string text;
  node_columns nodes;
  label_columns labels;
  origin_columns origins;
  std::vector<source_data> sources;
  std::vector<resource_data> resources;
  annotation_columns marks;
  std::vector<uint32_t> mark_names;
  std::string mark_strings;
  std::string layer_name = "calque.editorial/1";

  parts() {
    tree_writer tree(0);
    tree.open(CALQUE_PARAGRAPH, 1);
    tree.leaf(CALQUE_TEXT, 2, "Zhang: né [sic]");
    tree.attr("lang", "en");
    tree.close();
    document_sections sections;
    tree.finish(sections);
    text = *sections.text;
    nodes = *sections.nodes;
    labels = *sections.labels;
    origins.add(0, 0, 0, 16, true);
    sources.push_back({CALQUE_NONE, "a.txt", "text/plain", "UTF-8", 20, {}});
    resources.push_back({"images/1.png", "image/png", "bytes"});
    mark_strings = "sicopenmarks[7";
    mark_names = {3, 7, 12};
    marks = {{7, 8},   {11, 11}, {16, 16}, {CALQUE_NONE, CALQUE_NONE}, {0, 0}, {0, 0}, {0, 0}, {0, 1}, {1, 2},
             {12, 13}, {13, 14}, {0, 4}};
  }

  document make() const {
    const auto share = [](const auto &section) {
      return std::make_shared<const std::decay_t<decltype(section)>>(section);
    };
    document_sections s{
        share(text), share(nodes), share(labels), share(origins), share(sources), share(resources), {}, 3, 9};
    s.layers.push_back(std::make_shared<const layer_data>(layer_name, "editorial", uint32_t{CALQUE_FOLLOW}, marks,
                                                          mark_names, mark_strings));
    return document(std::move(s));
  }
};

std::string problem(const parts &p, check_level level = check_level::full, const limits &within = {}) {
  const document d = p.make();
  const auto checked = validate(d.view(), level, within);
  return checked.has_value() ? "" : checked.error().message;
}

struct broken_case {
  std::string name;
  check_level level;  // the lowest that sees it
  std::function<void(parts &)> spoil;
  std::string message;
};

const check_level structure = check_level::structure, full = check_level::full;

const std::vector<broken_case> &broken_cases() {
  static const std::vector<broken_case> cases = {
      {"RootIsNoDocument", structure, [](parts &p) { p.nodes.kind[0] = CALQUE_SECTION; },
       "nodes[0]: the root is a document"},
      {"NodeEndsBeforeItself", structure, [](parts &p) { p.nodes.end[1] = 1; }, "nodes[1]: it ends at 1"},
      {"NodeEndsOutsideParent", structure, [](parts &p) { p.nodes.end[2] = 4; }, "nodes[2]: it ends at 4"},
      {"UnknownKind", structure, [](parts &p) { p.nodes.kind[1] = 7; }, "nodes[1]: kind 7 is not known"},
      {"KindWithoutName", structure, [](parts &p) { p.nodes.kind[1] = CALQUE_KIND_NAMED + 9; },
       "nodes[1]: its kind is no name"},
      {"FlagsSet", structure, [](parts &p) { p.nodes.flags[2] = 1; }, "nodes[2]: flags are 0"},
      {"LeafWithChildren", structure, [](parts &p) { p.nodes.kind[1] = CALQUE_TEXT; }, "nodes[1]: a leaf has no"},
      {"BlockWithinInlines", structure, [](parts &p) { p.nodes.kind[2] = CALQUE_PARAGRAPH; },
       "nodes[2]: a paragraph cannot hold a paragraph"},
      {"LeafBeginsLate", structure, [](parts &p) { p.nodes.text_begin[2] = 1; }, "nodes[2]: its text begins at 1"},
      {"LeafEndsOutside", structure, [](parts &p) { p.nodes.text_end[2] = 99; }, "nodes[2]: its text ends at 99"},
      {"LeavesEndEarly", structure,
       [](parts &p) {
         for (uint32_t i = 0; i < 3; ++i) p.nodes.text_end[i] = 15;
       },
       "nodes: the leaves end at 15, the text at 16"},
      {"LeafCutsCodePoint", structure,
       [](parts &p) {
         for (uint32_t i = 0; i < 3; ++i) p.nodes.text_end[i] = 9;
       },
       "nodes[2]: its text ends inside a code point"},
      {"ContainerSpansMore", structure, [](parts &p) { p.nodes.text_end[1] = 3; },
       "nodes[1]: its text ends at 3, its leaves at 16"},
      {"SameIdTwice", structure, [](parts &p) { p.nodes.id[2] = 1; }, "nodes[2]: another node has the id 1"},
      {"HugeIdTwice", structure, [](parts &p) { p.nodes.id[2] = p.nodes.id[1] = 4'000'000'000; },
       "nodes[2]: another node has the id 4000000000"},
      {"NameEndsOutside", structure, [](parts &p) { p.labels.name_end[0] = 99; }, "names[0]: it ends at 99"},
      {"AttributeOfNoNode", structure, [](parts &p) { p.labels.attrs.node[0] = 3; }, "attrs[0]: node 3"},
      {"AttributeKeyUnknown", structure, [](parts &p) { p.labels.attrs.key[0] = 1; }, "attrs[0]: its key"},
      {"AttributeValueOutside", structure, [](parts &p) { p.labels.attrs.value_end[0] = 99; }, "attrs[0]: its value"},
      {"AttributeTwice", structure,
       [](parts &p) {
         auto &a = p.labels.attrs;
         a.node.push_back(2), a.key.push_back(0), a.value_begin.push_back(0), a.value_end.push_back(0);
       },
       "attrs[1]: its node has that key already"},
      {"NoSource", structure, [](parts &p) { p.sources.clear(); }, "sources: there is none"},
      {"SourceParent", structure, [](parts &p) { p.sources[0].parent = 0; }, "sources[0]: its parent"},
      {"NoOrigins", structure, [](parts &p) { p.origins = {}; }, "origins: runs tile the text"},
      {"OriginBeginsLate", structure, [](parts &p) { p.origins.text_begin[0] = 1; }, "origins[0]: the first run"},
      {"OriginOfNoSource", structure, [](parts &p) { p.origins.source[0] = 1; }, "origins[0]: there is no source 1"},
      {"OriginOutsideSource", structure, [](parts &p) { p.origins.end[0] = 21; }, "origins[0]: its range"},
      {"ExactButShorter", structure, [](parts &p) { p.origins.end[0] = 15; }, "origins[0]: an exact run"},
      {"OriginsOutOfOrder", structure, [](parts &p) { p.origins.add(16, 0, 0, 1, false); }, "origins[1]: runs ascend"},
      {"LayerName", structure, [](parts &p) { p.layer_name = "editorial"; }, "layers[0]: its name is not"},
      {"MarkOutside", structure, [](parts &p) { p.marks.end[0] = 17; }, "layers[0][0]: its span is not in the text"},
      {"MarkCutsCodePoint", structure, [](parts &p) { p.marks.begin[0] = 9; }, "layers[0][0]: its span cuts"},
      {"MarksOutOfOrder", structure,
       [](parts &p) {
         p.marks.id = {8, 7};
       },
       "layers[0][1]: annotations are in order"},
      {"MarkKind", structure, [](parts &p) { p.marks.kind[1] = 3; }, "layers[0][1]: its kind"},
      {"MarkSide", structure, [](parts &p) { p.marks.side[0] = 2; }, "layers[0][0]: side or state"},
      {"MarkOnNoNode", structure, [](parts &p) { p.marks.node[0] = 77; }, "layers[0][0]: no node has the id 77"},
      {"MarkNotItsNode", structure, [](parts &p) { p.marks.node[0] = 2; }, "layers[0][0]: its span is not its node's"},
      {"ValueOfNone", structure, [](parts &p) { p.marks.value_of[1] = 2; }, "layers[0].values[1]: its annotation"},
      {"ValueOutside", structure, [](parts &p) { p.marks.value_end[1] = 15; }, "layers[0].values[1]: it is not in"},
      {"ValueType", structure, [](parts &p) { p.marks.value_type[0] = 9; }, "layers[0].values[0]: its type"},
      {"ResourceClimbs", structure, [](parts &p) { p.resources[0].name = "a/../../b"; }, "resources[0]: its name"},
      {"ResourceTwice", structure, [](parts &p) { p.resources.push_back(p.resources[0]); }, "resources[1]: another"},
      {"TextNotUtf8", full, [](parts &p) { p.text[0] = '\xff'; }, "text: it is not UTF-8"},
      {"StringsNotUtf8", full, [](parts &p) { p.labels.strings[0] = '\xff'; }, "strings: they are not UTF-8"},
      {"AsideWithoutRole", full, [](parts &p) { p.nodes.kind[1] = CALQUE_ASIDE; }, "nodes[1]: an aside has a role"},
      {"UnknownLayer", full, [](parts &p) { p.layer_name = "calque.mood/1"; }, "layers[0]: this model has no layer"},
      {"UnknownLayerKind", full, [](parts &p) { p.mark_strings[0] = 'S'; }, "calque.editorial/1 has no kind \"Sic\""},
      {"UnknownLayerKey", full, [](parts &p) { p.mark_strings[3] = 'O'; }, "calque.editorial/1 has no key \"Open\""},
      {"ReferenceToNothing", full, [](parts &p) { p.mark_strings[13] = '6'; }, "it refers to 6, which is not there"},
  };
  return cases;
}

TEST(validate, sound_document_passes_all_levels) {
  for (const check_level level : {check_level::sizes, check_level::structure, check_level::full})
    EXPECT_EQ(problem({}, level), "");
}

TEST(validate, each_broken_rule_is_named_with_its_place) {
  for (const broken_case &one : broken_cases()) {
    parts p;
    one.spoil(p);
    for (const check_level level : {check_level::structure, check_level::full}) {
      const std::string found = problem(p, level);
      if (level >= one.level)
        EXPECT_NE(found.find(one.message), std::string::npos) << one.name << " gave: " << found;
      else
        EXPECT_EQ(found, "") << one.name;
    }
  }
}

TEST(validate, span_over_the_edge_of_a_version_is_refused) {
  tree_writer tree(0);
  uint32_t id = 1;
  for (const char *text : {"Guten Tag", "Good day"}) {
    tree.open(CALQUE_VERSION, id++);
    tree.leaf(CALQUE_TEXT, id++, text);
    tree.close();
  }
  document_sections sections;
  tree.finish(sections);
  parts p;
  p.text = *sections.text;
  p.nodes = *sections.nodes;
  p.labels = *sections.labels;
  p.origins = {};
  p.origins.add(0, 0, 0, 17, true);
  p.marks.begin = {0, 9}, p.marks.end = {9, 12};
  EXPECT_EQ(problem(p), "");
  p.marks.end = {10, 12};
  EXPECT_EQ(problem(p), "layers[0][0]: its span reaches over the edge of a language version");
}

TEST(validate, limits_are_kept) {
  limits few;
  few.max_depth = 1;
  EXPECT_EQ(problem({}, structure, few), "nodes[1]: it is deeper than 1");
  few = {};
  few.max_annotations = 1;
  EXPECT_EQ(problem({}, check_level::sizes, few), "layers: 2 annotations, at most 1 are allowed");
}

TEST(validate, missing_columns_are_seen_before_they_are_read) {
  const document d = parts().make();
  calque_document view = d.view();
  view.nodes.end = nullptr;
  EXPECT_EQ(validate(view, check_level::sizes).error().message, "nodes: a column is missing");
  view = d.view();
  view.struct_size = 8;
  EXPECT_FALSE(validate(view).has_value());
}

TEST(validate, two_million_nodes_take_milliseconds) {
  tree_writer tree(0);
  origin_columns origins;
  uint32_t id = 1;
  for (uint32_t block = 0; block < 400'000; ++block) {
    tree.open(CALQUE_PARAGRAPH, id++);
    for (int leaf = 0; leaf < 4; ++leaf) tree.leaf(CALQUE_TEXT, id++, "forty bytes of text, more or less, here. ");
    tree.close();
  }
  const uint64_t size = tree.text().size();
  origins.add(0, 0, 0, size, true);
  document_sections sections;
  tree.finish(sections);
  parts p;
  p.text = *sections.text;
  p.nodes = *sections.nodes;
  p.labels = *sections.labels;
  p.origins = origins;
  p.sources[0].size = size;
  p.marks = {};
  const document d = p.make();
  const std::clock_t begin = std::clock();  // of this process, so that a busy machine does not blur it
  ASSERT_TRUE(validate(d.view()).has_value());
  std::printf("%u nodes: %.1f ms\n", d.view().nodes.count,
              1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace calque::host
