// SPDX-License-Identifier: Apache-2.0
// F18: packed documents that a worker, a cache or a plugin may hand over, each wrong in one way that has a name, and each
// refused by the rule that it breaks. Their digests are right: nothing here is found by that.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <ostream>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/document/document.hpp"
#include "host/document/packed.hpp"
#include "host/document/packed_format.hpp"
#include "host/document/tree_writer.hpp"

namespace calque::host {
namespace {

/// Two paragraphs, an attribute, two layers (one with a reference, one with a number), two resources.
document sample() {
  tree_writer tree(0);
  tree.open(CALQUE_PARAGRAPH, 1);
  tree.leaf(CALQUE_TEXT, 2, "Zhang: n\u00e9 [sic]");
  tree.attr("lang", "en");
  tree.close();
  tree.open(CALQUE_PARAGRAPH, 3);
  tree.leaf(CALQUE_TEXT, 4, "Ja.");
  tree.close();
  document_sections s;
  tree.finish(s);
  origin_columns origins;
  origins.add(0, 0, 0, 16, true);
  origins.add(16, 0, 17, 20, true);
  s.origins = std::make_shared<const origin_columns>(std::move(origins));
  s.sources = std::make_shared<const std::vector<source_data>>(
      std::vector<source_data>{{CALQUE_NONE, "a.txt", "text/plain", "UTF-8", 20, {}}});
  s.resources = std::make_shared<const std::vector<resource_data>>(
      std::vector<resource_data>{{"images/1.png", "image/png", "bytes"}, {"images/2.png", "image/png", "more"}});
  const uint32_t none = CALQUE_NONE;
  annotation_columns marks{{7, 8}, {10, 11}, {16, 16}, {none, none}, {0, 0}, {0, 0}, {0, 0},
                           {0, 1}, {1, 2},   {12, 13}, {13, 14},     {0, 4}};
  annotation_columns tongues{{9}, {16}, {19}, {none}, {0}, {0}, {0}, {0, 0}, {1, 2}, {21, 23}, {23, 26}, {0, 2}};
  s.layers.push_back(std::make_shared<const layer_data>("calque.editorial/1", "editorial", uint32_t{CALQUE_FOLLOW},
                                                        std::move(marks), std::vector<uint32_t>{3, 7, 12},
                                                        "sicopenmarks[7"));
  s.layers.push_back(std::make_shared<const layer_data>("calque.language/1", "language", uint32_t{CALQUE_FOLLOW},
                                                        std::move(tongues), std::vector<uint32_t>{8, 11, 21},
                                                        "languagetagconfidencede0.9"));
  s.next_node_id = 5;
  s.next_annotation_id = 10;
  return document(std::move(s));
}

/// The bytes of a packed document, to be changed in place.
class victim {
 public:
  victim() : bytes(pack(sample())) {}

  template <class T>
  T get(size_t at) const {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }
  template <class T>
  void put(size_t at, T value) {
    std::memcpy(bytes.data() + at, &value, sizeof value);
  }

  packed::header head() const { return get<packed::header>(0); }
  void change_head(const std::function<void(packed::header &)> &change) {
    packed::header head = this->head();
    change(head);
    put(0, head);
  }
  /// Where the entry of a section stands in the table.
  size_t entry(uint32_t id, uint32_t instance = 0) const {
    for (uint32_t k = 0; k < head().section_count; ++k) {
      const size_t at = sizeof(packed::header) + k * sizeof(packed::section);
      const auto one = get<packed::section>(at);
      if (one.id == id && one.instance == instance) return at;
    }
    throw std::runtime_error("there is no such section");
  }
  packed::section section(uint32_t id, uint32_t instance = 0) const { return get<packed::section>(entry(id, instance)); }
  void change_section(uint32_t id, const std::function<void(packed::section &)> &change, uint32_t instance = 0) {
    const size_t at = entry(id, instance);
    auto one = get<packed::section>(at);
    change(one);
    put(at, one);
  }
  /// Element `index` of a section; T has to be its type.
  template <class T>
  void set(uint32_t id, size_t index, T value, uint32_t instance = 0) {
    const packed::section one = section(id, instance);
    if (one.element_size != sizeof(T) || index >= one.count) throw std::runtime_error("there is no such element");
    put(one.offset + index * sizeof(T), value);
  }
  void write(uint32_t id, std::string_view text, size_t at = 0, uint32_t instance = 0) {
    for (const char c : text) set<char>(id, at++, c, instance);
  }
  void seal() {
    if (bytes.size() < sizeof(packed::header)) return;
    const auto digest = packed::digest_of(std::as_bytes(std::span(bytes)));
    change_head([&](packed::header &head) { head.digest = digest; });
  }

  std::string bytes;
};

using packed::annotation_list, packed::attr_list, packed::node_list, packed::origin_list, packed::value_list;
enum node_column : uint32_t { kind = node_list, flags, id, end, text_begin, text_end };
enum attr_column : uint32_t { attr_node = attr_list, attr_key, attr_begin, attr_end };
enum origin_column : uint32_t { origin_text = origin_list, origin_source, origin_begin, origin_end, origin_exact };
enum mark_column : uint32_t { mark_id = annotation_list, mark_begin, mark_end, mark_node, mark_kind, mark_side, mark_state };
enum value_column : uint32_t { value_of = value_list, value_key, value_begin, value_end, value_type };

struct mutator {
  std::string name;
  std::string code, rule;  // what it is refused with
  std::function<void(victim &)> change;
  bool is_sealed = true;
};

void PrintTo(const mutator &one, std::ostream *out) {
  *out << one.name;
}

constexpr const char *section_code = "packed.section", *invalid = "document.invalid";

const std::vector<mutator> &mutators() {
  static const std::vector<mutator> all = {
      // The frame.
      {"NothingAtAll", "packed.truncated", "after 0 bytes", [](victim &v) { v.bytes.clear(); }},
      {"HalfAHeader", "packed.truncated", "after 32 bytes", [](victim &v) { v.bytes.resize(32); }},
      {"WrongMagic", "packed.not-a-document", "", [](victim &v) { v.put<char>(0, 'c'); }},
      {"OtherByteOrder", "packed.byte-order", "", [](victim &v) { v.change_head([](auto &h) { h.byte_order = 0x01000000; }); }},
      {"ModelOfTheFuture", "packed.model", "model 99", [](victim &v) { v.change_head([](auto &h) { h.model = 99; }); }},
      {"SaysMoreThanItHas", "packed.truncated", "it says it has", [](victim &v) { v.change_head([](auto &h) { ++h.total_size; }); }},
      {"EndCutOff", "packed.truncated", "it says it has", [](victim &v) { v.bytes.resize(v.bytes.size() - 64); }},
      {"OtherDigest", "packed.digest", "", [](victim &v) { v.put<char>(v.section(packed::text).offset, 'z'); }, false},
      {"FourBillionSections", section_code, "the table of sections does not fit", [](victim &v) { v.change_head([](auto &h) { h.section_count = UINT32_MAX; }); }},
      {"SectionOutside", section_code, "is outside", [](victim &v) { v.change_section(packed::text, [&](auto &s) { s.offset = (v.bytes.size() + 127) / 64 * 64; }); }},
      {"SectionsOverlap", section_code, "overlaps", [](victim &v) { v.change_section(kind, [&](auto &s) { s.offset = v.section(packed::text).offset; }); }},
      {"SectionNotAligned", section_code, "multiple of 64", [](victim &v) { v.change_section(packed::text, [](auto &s) { s.offset += 8; }); }},
      {"ElementsOfNoSize", section_code, "reaches past the end", [](victim &v) { v.change_section(kind, [](auto &s) { s.element_size = 0; }); }},
      {"CountTimesSizeOverflows", section_code, "reaches past the end", [](victim &v) { v.change_section(origin_begin, [](auto &s) { s.count = (uint64_t{1} << 61) + 2; }); }},
      {"TwoToThe32Nodes", section_code, "reaches past the end", [](victim &v) { v.change_section(kind, [](auto &s) { s.count = uint64_t{1} << 32; }); }},
      {"SectionTwice", section_code, "is there twice", [](victim &v) { v.change_section(flags, [](auto &s) { s.id = kind; }); }},
      {"SectionMissing", section_code, "is missing", [](victim &v) { v.change_section(text_end, [](auto &s) { s.id = 0xfffe; }); }},
      {"ElementsOfAnotherSize", section_code, "elements of another size", [](victim &v) { v.change_section(id, [](auto &s) { s.element_size = 2, s.count *= 2; }); }},
      {"ColumnsOfTwoLengths", section_code, "another length than the first", [](victim &v) { v.change_section(text_end, [](auto &s) { --s.count; }); }},
      {"ShortDigestOfASource", section_code, "a SHA-256 has another length", [](victim &v) { v.change_section(packed::source_sha256, [](auto &s) { --s.count; }); }},
      {"NumberTooBig", section_code, "a number is too big", [](victim &v) { v.set<uint64_t>(packed::source_numbers, 0, uint64_t{1} << 40); }},
      // The tree and the text.
      {"NodeThatHoldsItself", invalid, "nodes[1]: it ends at 1", [](victim &v) { v.set<uint32_t>(end, 1, 1); }},
      {"ParentsInACircle", invalid, "nodes[3]: it ends at 1", [](victim &v) { v.set<uint32_t>(end, 3, 1); }},
      {"ChildBeyondItsParent", invalid, "nodes[3]: it ends at 5, outside its parent", [](victim &v) { v.set<uint32_t>(end, 1, 4); }},
      {"IndexBeyondTheNodes", invalid, "nodes[3]: it ends at 4294967295", [](victim &v) { v.set<uint32_t>(end, 3, UINT32_MAX); }},
      {"RootThatEndsEarly", invalid, "nodes[0]: the root", [](victim &v) { v.set<uint32_t>(end, 0, 4); }},
      {"RootThatIsNone", invalid, "nodes[0]: the root", [](victim &v) { v.set<uint16_t>(kind, 0, CALQUE_SECTION); }},
      {"KindOfNoModel", invalid, "nodes[1]: kind 999", [](victim &v) { v.set<uint16_t>(kind, 1, 999); }},
      {"LeafWithChildren", invalid, "nodes[2]: a leaf has no children", [](victim &v) { v.set<uint32_t>(end, 1, 5), v.set<uint32_t>(end, 2, 4); }},
      {"KindInAWrongPlace", invalid, "nodes[1]: a document cannot hold", [](victim &v) { v.set<uint16_t>(kind, 1, CALQUE_DOCUMENT); }},
      {"FlagsOfNoModel", invalid, "nodes[2]: flags are 0", [](victim &v) { v.set<uint16_t>(flags, 2, 1); }},
      {"TextBeyondItsEnd", invalid, "nodes[4]: its text ends at 1000, outside the text", [](victim &v) { v.set<uint32_t>(text_end, 4, 1000); }},
      {"LeavesWithAGap", invalid, "nodes[4]: its text begins at 17", [](victim &v) { v.set<uint32_t>(text_begin, 4, 17); }},
      {"LeavesThatOverlap", invalid, "nodes[4]: its text begins at 3", [](victim &v) { v.set<uint32_t>(text_begin, 4, 3); }},
      {"LeafThatCutsACodePoint", invalid, "nodes[2]: its text ends inside a code point", [](victim &v) { v.set<uint32_t>(text_end, 2, 9); }},
      {"TwoNodesOfOneId", invalid, "nodes[4]: another node has the id 2", [](victim &v) { v.set<uint32_t>(id, 4, 2); }},
      {"NextIdInUse", invalid, "ids: the next id", [](victim &v) { v.change_head([](auto &h) { h.next_node_id = 4; }); }},
      {"TextNotUtf8", invalid, "text: it is not UTF-8", [](victim &v) { v.set<char>(packed::text, 0, '\xff'); }},
      // Attributes, origins, sources, resources.
      {"AttributeOfNoNode", invalid, "attrs[0]: node 99", [](victim &v) { v.set<uint32_t>(attr_node, 0, 99); }},
      {"AttributeWithoutAName", invalid, "attrs[0]: its key", [](victim &v) { v.set<uint32_t>(attr_key, 0, 77); }},
      {"ValueBeyondTheStrings", invalid, "attrs[0]: its value is not in the strings", [](victim &v) { v.set<uint32_t>(attr_end, 0, 1'000'000); }},
      {"OriginsOutOfOrder", invalid, "origins[0]: runs ascend", [](victim &v) { v.set<uint32_t>(origin_text, 1, 0); }},
      {"OriginOfNoSource", invalid, "origins[1]: there is no source 7", [](victim &v) { v.set<uint32_t>(origin_source, 1, 7); }},
      {"OriginBeyondItsSource", invalid, "origins[1]: its range is not in the source", [](victim &v) { v.set<uint64_t>(origin_end, 1, UINT64_MAX); }},
      {"OriginThatLiesOfItsLength", invalid, "origins[1]: an exact run", [](victim &v) { v.set<uint64_t>(origin_begin, 1, 18); }},
      {"SourceThatIsItsOwnParent", invalid, "sources[0]: its parent", [](victim &v) { v.set<uint64_t>(packed::source_numbers, 0, 0); }},
      {"ResourceThatClimbs", invalid, "resources[0]: its name is empty, absolute or climbs", [](victim &v) { v.write(packed::resource_name, "../age"); }},
      {"TwoResourcesOfOneName", invalid, "resources[1]: another one has its name", [](victim &v) { v.write(packed::resource_name, "1", 7, 1); }},
      // Layers.
      {"LayerOfNoSchema", invalid, "this model has no layer", [](victim &v) { v.write(packed::layer_name, "calque.editorixl"); }},
      {"ChangeOfNoKind", invalid, "layers[0]: `on_change`", [](victim &v) { v.set<uint64_t>(packed::layer_numbers, 0, 99); }},
      {"SpanBeyondTheText", invalid, "layers[0][1]: its span is not in the text", [](victim &v) { v.set<uint32_t>(mark_end, 1, 1000); }},
      {"SpanThatEndsBeforeItBegins", invalid, "layers[0][1]: its span is not in the text", [](victim &v) { v.set<uint32_t>(mark_begin, 1, 17); }},
      {"SpansOutOfOrder", invalid, "layers[0][1]: annotations are in order", [](victim &v) { v.set<uint32_t>(mark_begin, 0, 12); }},
      {"TwoAnnotationsOfOneId", invalid, "layers[0][1]: another annotation has the id 7", [](victim &v) { v.set<uint32_t>(mark_id, 1, 7); }},
      {"AnnotationOfNoNode", invalid, "layers[0][0]: no node has the id 77", [](victim &v) { v.set<uint32_t>(mark_node, 0, 77); }},
      {"KindWithoutAName", invalid, "layers[0][0]: its kind", [](victim &v) { v.set<uint32_t>(mark_kind, 0, 50); }},
      {"ReferenceToNothing", invalid, "it refers to 6", [](victim &v) { v.write(packed::layer_strings, "6", 13); }},
      {"ValueOfNoAnnotation", invalid, "layers[0].values[1]: its annotation", [](victim &v) { v.set<uint32_t>(value_of, 1, 9); }},
      {"NotANumber", invalid, "layers[1].values[1]: the value of confidence", [](victim &v) { v.write(packed::layer_strings, "nan", 23, 1); }},
      {"LayerStringsNotUtf8", invalid, "layers[0]: its strings are not UTF-8", [](victim &v) { v.write(packed::layer_strings, "\xff", 12); }},
  };
  return all;
}

TEST(packed_mutators, the_sample_is_sound) {
  const victim v;
  const auto read = unpack(std::as_bytes(std::span(v.bytes)));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(pack(read.value()), v.bytes);
}

TEST(packed_mutators, forty_at_least_with_a_name_each) {
  std::set<std::string> names;
  for (const mutator &one : mutators()) EXPECT_TRUE(names.insert(one.name).second) << one.name;
  EXPECT_GE(names.size(), 40u);
}

class each : public ::testing::TestWithParam<mutator> {};

TEST_P(each, is_refused_by_the_rule_that_it_breaks) {
  victim v;
  GetParam().change(v);
  if (GetParam().is_sealed) v.seal();
  const auto read = unpack(std::as_bytes(std::span(v.bytes)));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().code, GetParam().code);
  EXPECT_NE(read.error().message.find(GetParam().rule), std::string::npos) << read.error().message;
}

INSTANTIATE_TEST_SUITE_P(packed_mutators, each, ::testing::ValuesIn(mutators()),
                         [](const auto &info) { return info.param.name; });

}  // namespace
}  // namespace calque::host
