// SPDX-License-Identifier: Apache-2.0
// Runs with a memory: what is known does not run again, what changed does, and the files are the same as without one.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

#include "host/document/packed.hpp"
#include "tests/run/machine.hpp"

namespace calque::host {
namespace {

/// What earlier runs left, in memory. `files` are those that lie in the output folder.
class kept_memory final : public stage_memory {
 public:
  std::map<std::size_t, std::string> prints;
  std::map<short_digest, stage_result> known, now;
  std::map<short_digest, std::vector<document>> documents;
  std::map<std::string, std::string> files;
  std::vector<short_digest> fetched;
  bool keeps_documents = true;
  bool has_imports_only = false;

  std::string_view fingerprint(std::size_t index) override {
    return prints.emplace(index, "print " + std::to_string(index)).first->second;
  }
  std::string_view fingerprint_of_importer(std::string_view) override { return "print of an importer"; }
  const stage_result *find(const short_digest &key) override {
    const auto found = known.find(key);
    return found == known.end() ? nullptr : &found->second;
  }
  bool has_files(const std::vector<known_file> &all) override {
    return std::all_of(all.begin(), all.end(), [&](const known_file &file) {
      const auto found = files.find(file.path);
      return found != files.end() && sha256_of(found->second) == file.sha256;
    });
  }
  void keep(stage_result result) override { now[result.key] = std::move(result); }
  std::optional<std::vector<document>> fetch(const short_digest &key) override {
    fetched.push_back(key);
    const auto found = documents.find(key);
    if (found == documents.end()) return std::nullopt;
    return found->second;
  }
  void offer(const short_digest &key, const std::vector<document> &all, std::size_t next, double) override {
    if (keeps_documents && (!has_imports_only || next <= 1)) documents[key] = all;
  }
};

struct remembering : machine {
  kept_memory memory;
  run_outcome last;
  using machine::machine;

  /// What happened: "tidy" ran, "(tidy)" was known, "[tidy]" did not hold its condition. Its files are put in place.
  names go(const std::string &text, bool wants_documents = false) {
    names seen;
    run_observer watch;
    watch.begins = [&](std::size_t, std::string_view name) { seen.emplace_back(name); };
    watch.omitted = [&](std::size_t, std::string_view name, stage_omission why) {
      seen.push_back(why == stage_omission::reused ? "(" + std::string(name) + ")" : "[" + std::string(name) + "]");
    };
    memory.fetched.clear();
    memory.now.clear();
    last = runs->run(input_from_memory("in.lines", text), {"", "in"}, watch, {.memory = &memory, .wants_documents = wants_documents});
    memory.known = memory.now;
    for (const made_file &file : last.files)
      if (!file.known) memory.files[file.path] = file.bytes;
    // What whoever puts files into place knows of them.
    for (auto &[key, result] : memory.known)
      for (known_file &file : result.files)
        if (const auto there = memory.files.find(file.path); there != memory.files.end()) file.sha256 = sha256_of(there->second);
    return seen;
  }
  std::string output(const std::string &name = "in.plain") { return memory.files[name]; }
};

const std::string text = "@title T\none ~ sic\n";
const names all_run{"lines", "tidy", "marker", "plain"}, all_known{"(lines)", "(tidy)", "(marker)", "(plain)"};

/// The usual pipeline, with something else in place of a part of it.
std::string with(std::string_view old, std::string_view now) {
  std::string changed(whole);
  return changed.replace(changed.find(old), old.size(), now);
}

TEST(stage_memory, after_a_run_everything_is_known) {
  remembering m(with("id = \"tidy\"", "id = \"tidy\"\nwith = { hyphen = \"=\" }"));
  EXPECT_EQ(m.go(text), all_run);
  const run_outcome first = m.last;
  EXPECT_EQ(m.go(text), all_known);
  EXPECT_TRUE(m.memory.fetched.empty()) << "no document is needed";
  EXPECT_EQ(m.last.status, first.status);
  EXPECT_EQ(codes_of(m.last), codes_of(first));
  EXPECT_EQ(m.last.diagnostics[0].where.source->begin, first.diagnostics[0].where.source->begin);
  EXPECT_EQ(to_json(m.last.parts.at(0).account), to_json(first.parts.at(0).account));
  EXPECT_EQ(to_json(m.last.import_account), to_json(first.import_account));
  ASSERT_EQ(m.last.files.size(), 1u);
  ASSERT_TRUE(m.last.files[0].known.has_value());
  EXPECT_EQ(m.last.files[0].path, "in.plain");
  EXPECT_EQ(m.last.files[0].known->sha256, sha256_of(first.files[0].bytes));
  EXPECT_EQ(m.go(text), all_known) << "and what is known stays known";
}

TEST(stage_memory, another_input_runs_everything) {
  remembering m;
  m.go(text);
  EXPECT_EQ(m.go(text + "two\n"), all_run);
  EXPECT_EQ(m.output(), "T\none - sic\ntwo\n");
}

TEST(stage_memory, a_result_that_is_as_before_cuts_off_the_rest) {
  remembering m;
  m.go(text);
  m.memory.prints[1] = "another tidy";
  EXPECT_EQ(m.go(text), (names{"(lines)", "tidy", "(marker)", "(plain)"}));
  EXPECT_EQ(m.memory.fetched.size(), 1u);
  m.memory.prints[2] = "another marker";
  EXPECT_EQ(m.go(text), (names{"(lines)", "(tidy)", "marker", "(plain)"}));
  m.memory.prints[3] = "another plain";
  EXPECT_EQ(m.go(text), (names{"(lines)", "(tidy)", "(marker)", "plain"}));
  m.memory.prints[0] = "another lines";
  EXPECT_EQ(m.go(text), (names{"lines", "(tidy)", "(marker)", "(plain)"}));
  EXPECT_EQ(m.go(text), all_known);
}

TEST(stage_memory, a_known_stage_that_changes_nothing_keeps_the_document_at_hand) {
  remembering m;
  m.go("nothing to do\n");
  m.memory.prints[0] = "another lines";
  m.memory.prints[2] = "another marker";
  EXPECT_EQ(m.go("nothing to do\n"), (names{"lines", "(tidy)", "marker", "(plain)"}));
  EXPECT_TRUE(m.memory.fetched.empty());
}

TEST(stage_memory, a_result_that_changed_runs_what_follows) {
  remembering first, second(with("id = \"tidy\"", "id = \"tidy\"\nwith = { hyphen = \"=\" }"));
  first.go(text);
  second.memory = first.memory;
  second.memory.prints[1] = "tidy with another hyphen";
  EXPECT_EQ(second.go(text), (names{"(lines)", "tidy", "marker", "plain"}));
  EXPECT_EQ(second.output(), "T\none = sic\n");
  // Where there is nothing for it to change, nothing follows.
  first.go("nothing to do\n");
  second.memory = first.memory;
  second.memory.prints[1] = "tidy with another hyphen";
  EXPECT_EQ(second.go("nothing to do\n"), (names{"(lines)", "tidy", "(marker)", "(plain)"}));
}

TEST(stage_memory, an_output_that_is_gone_is_made_from_the_latest_kept_document) {
  remembering m;
  m.go(text);
  const std::string made = m.output();
  const auto lose = [&] { m.memory.files.clear(); };
  lose();
  EXPECT_EQ(m.go(text), (names{"(lines)", "(tidy)", "(marker)", "plain"}));
  EXPECT_EQ(m.memory.fetched.size(), 1u);
  EXPECT_EQ(m.output(), made);
  // Without the last document, the one before it, and so on to the import.
  const names expected[] = {{"(lines)", "(tidy)", "(marker)", "marker", "plain"},
                            {"(lines)", "(tidy)", "(marker)", "tidy", "marker", "plain"},
                            {"(lines)", "(tidy)", "(marker)", "lines", "tidy", "marker", "plain"}};
  for (std::size_t k = 0; k < 3; ++k) {
    lose();
    m.memory.keeps_documents = false;
    m.memory.documents.erase(m.memory.fetched[k]);
    EXPECT_EQ(m.go(text), expected[k]);
    EXPECT_EQ(m.memory.fetched.size(), std::min<std::size_t>(k + 2, 3));
    EXPECT_EQ(m.output(), made);
    EXPECT_EQ(codes_of(m.last), names{"marker.seen"}) << "what runs again says nothing again";
    EXPECT_EQ(m.last.parts.at(0).account.entries().size(), 1u);
  }
}

TEST(stage_memory, an_output_with_other_bytes_is_made_again) {
  remembering m;
  m.go(text);
  const std::string made = m.output();
  m.memory.files["in.plain"] = "changed by somebody";
  EXPECT_EQ(m.go(text), (names{"(lines)", "(tidy)", "(marker)", "plain"}));
  EXPECT_EQ(m.output(), made);
}

TEST(stage_memory, a_false_document_is_none) {
  remembering m;
  m.go("@title F\nquite another text\n");
  const auto others = m.memory.documents;
  m.memory.documents.clear();
  m.go(text);
  const std::string made = m.output();
  for (auto &[key, documents] : m.memory.documents) documents = others.begin()->second;
  m.memory.files.clear();
  EXPECT_EQ(m.go(text), (names{"(lines)", "(tidy)", "(marker)", "lines", "tidy", "marker", "plain"}));
  EXPECT_EQ(m.output(), made);
}

TEST(stage_memory, conditions_are_remembered) {
  const std::string pipeline = with("id = \"tidy\"", "id = \"tidy\"\nwhen = { fields = { title = \"T\" } }");
  remembering m(pipeline);
  EXPECT_EQ(m.go(text), all_run);
  EXPECT_EQ(m.go(text), all_known);
  EXPECT_TRUE(m.memory.fetched.empty());
  remembering other(pipeline);
  const std::string untitled = "@title U\none ~ sic\n";
  EXPECT_EQ(other.go(untitled), (names{"lines", "[tidy]", "marker", "plain"}));
  EXPECT_EQ(other.go(untitled), (names{"(lines)", "[tidy]", "(marker)", "(plain)"}));
  EXPECT_TRUE(other.memory.fetched.empty());
  EXPECT_EQ(other.output(), "U\none ~ sic\n");
  // Another condition is another fingerprint, and is asked of the imported document.
  other.memory.prints[1] = "another condition";
  EXPECT_EQ(other.go(untitled), (names{"(lines)", "[tidy]", "(marker)", "(plain)"}));
  EXPECT_EQ(other.memory.fetched.size(), 1u);
}

TEST(stage_memory, a_condition_that_holds_now_changes_what_follows) {
  remembering first(with("id = \"tidy\"", "id = \"tidy\"\nwhen = { fields = { title = \"U\" } }"));
  first.go(text);
  remembering second;
  second.memory = first.memory;
  second.memory.prints[1] = "without a condition";
  EXPECT_EQ(second.go(text), (names{"(lines)", "tidy", "marker", "plain"}));
  EXPECT_EQ(second.output(), "T\none - sic\n");
}

TEST(stage_memory, parts_are_known_one_by_one) {
  remembering m;
  const std::string parts = "one ~\n====\ntwo ~\n====\nthree sic\n";
  EXPECT_EQ(m.go(parts), (names{"lines", "tidy", "marker", "plain", "tidy", "marker", "plain", "tidy", "marker", "plain"}));
  EXPECT_EQ(m.go(parts), (names{"(lines)", "(tidy)", "(marker)", "(plain)", "(tidy)", "(marker)", "(plain)", "(tidy)", "(marker)", "(plain)"}));
  ASSERT_EQ(m.last.files.size(), 3u);
  EXPECT_EQ(m.last.files[2].part, 3u);
  m.memory.files.erase("in-2.plain");
  EXPECT_EQ(m.go(parts), (names{"(lines)", "(tidy)", "(marker)", "(plain)", "(tidy)", "(marker)", "plain", "(tidy)", "(marker)", "(plain)"}));
  EXPECT_EQ(m.output("in-2.plain"), "two -\n");
}

TEST(stage_memory, each_part_is_taken_from_the_import_by_its_number) {
  for (const bool has_imports : {true, false}) {
    remembering m;
    m.memory.has_imports_only = true;
    m.memory.keeps_documents = has_imports;
    const std::string parts = "one ~\n====\ntwo ~\n====\nthree sic\n";
    m.go(parts);
    const auto made = m.memory.files;
    m.memory.files.clear();
    const names seen = m.go(parts);
    EXPECT_EQ(m.memory.files, made);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), "lines"), has_imports ? 0 : 1) << "one import serves all parts";
  }
}

TEST(stage_memory, a_volatile_stage_is_never_known) {
  const std::string pipeline = with("[[stage]]\nannotate", "[[stage]]\nnormalize = \"test.stamp\"\nid = \"stamp\"\n[[stage]]\nannotate");
  remembering m(pipeline);
  m.go("100%\n");
  const std::string made = m.output();
  EXPECT_EQ(m.go("100%\n"), (names{"(lines)", "(tidy)", "stamp", "marker", "plain"}));
  EXPECT_NE(m.output(), made) << "it gave something else";
  // When it gives the same, what follows is known.
  m.go("no number\n");
  EXPECT_EQ(m.go("no number\n"), (names{"(lines)", "(tidy)", "stamp", "(marker)", "(plain)"}));
}

TEST(stage_memory, an_importer_that_was_chosen_is_remembered) {
  std::string pipeline(whole);
  pipeline.erase(pipeline.find("[[stage]]"), std::string_view("[[stage]]\nimport = \"test.lines\"\nid = \"lines\"\n").size());
  remembering m(pipeline);
  EXPECT_EQ(m.go(text).size(), 4u);
  EXPECT_EQ(m.go(text), (names{"(test.lines)", "(tidy)", "(marker)", "(plain)"}));
  EXPECT_EQ(m.last.importer, "test.lines");
}

TEST(stage_memory, a_document_that_is_wanted_is_made) {
  remembering m;
  m.go(text);
  m.go(text);
  EXPECT_FALSE(m.last.parts.at(0).final.has_value());
  EXPECT_EQ(m.go(text, true), all_known);
  ASSERT_TRUE(m.last.parts.at(0).final.has_value());
  EXPECT_EQ(m.last.parts[0].final->view().layer_count, 2u) << "the marks, and what tidy changed";
}

TEST(stage_memory, what_went_well_before_a_failure_is_known) {
  remembering m;
  EXPECT_EQ(m.go("one $\n"), (names{"lines", "tidy"}));
  EXPECT_EQ(name_of(m.last.status), "failed");
  EXPECT_EQ(m.go("one $\n"), (names{"(lines)", "tidy"})) << "a failure is tried again";
  EXPECT_EQ(name_of(m.last.status), "failed");
  EXPECT_TRUE(m.last.files.empty());
}

TEST(stage_memory, the_policy_is_not_remembered) {
  remembering strict;
  strict.go("#one\n");
  EXPECT_EQ(name_of(strict.last.status), "failed");
  remembering allowing(std::string(whole) + "[loss]\nallow = [\"tidy.*\"]\n[diagnostics]\n\"marker.*\" = \"error\"\n");
  allowing.memory.known = strict.memory.known;
  allowing.go("#one\n");
  EXPECT_EQ(name_of(allowing.last.status), "ok") << "the loss of tidy is known, and allowed now";
}

// Whatever of the memory is lost in between, the files are those of a run that knows nothing.
TEST(stage_memory, files_are_the_same_whatever_is_known) {
  const std::string inputs[] = {text, "one\n====\ntwo ~ sic\n", "@title U\n~~\n====\nsic\n====\nnothing\n"};
  const std::string pipelines[] = {std::string(whole), with("id = \"tidy\"", "id = \"tidy\"\nwhen = { fields = { title = \"U\" } }"),
                                   with("id = \"tidy\"", "id = \"tidy\"\nwith = { hyphen = \"=\" }")};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    kept_memory memory;
    for (int round = 0; round < 6; ++round) {
      const std::size_t which = random() % 3;
      const std::string &input = inputs[seed % 3];
      machine fresh(pipelines[which]);
      const run_outcome expected = fresh.run(input);
      remembering m(pipelines[which]);
      m.memory = memory;
      // Tidy is another stage in each of the pipelines.
      m.memory.prints[1] = "tidy " + std::to_string(which);
      m.memory.keeps_documents = random() % 3 != 0;
      for (auto at = m.memory.documents.begin(); at != m.memory.documents.end();)
        at = random() % 3 == 0 ? m.memory.documents.erase(at) : std::next(at);
      for (auto at = m.memory.known.begin(); at != m.memory.known.end();)
        at = random() % 5 == 0 ? m.memory.known.erase(at) : std::next(at);
      if (random() % 2 == 0 && !m.memory.files.empty()) m.memory.files.erase(m.memory.files.begin());
      m.go(input);
      ASSERT_EQ(m.last.status, expected.status);
      ASSERT_EQ(codes_of(m.last), codes_of(expected));
      ASSERT_EQ(m.last.files.size(), expected.files.size());
      for (std::size_t k = 0; k < expected.files.size(); ++k) {
        ASSERT_EQ(m.last.files[k].path, expected.files[k].path);
        ASSERT_EQ(m.output(expected.files[k].path), expected.files[k].bytes);
        ASSERT_EQ(to_json(m.last.parts[k].account), to_json(expected.parts[k].account));
      }
      memory = m.memory;
    }
  }
}

}  // namespace
}  // namespace calque::host
