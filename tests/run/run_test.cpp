// SPDX-License-Identifier: Apache-2.0
// One document through a pipeline: verdicts, places, parts, the account, and the tests that pipelines carry.
#include "host/pipeline/run.hpp"

#include <gtest/gtest.h>

#include "host/document/dump.hpp"
#include "host/pipeline/run_tests.hpp"
#include "tests/run/machine.hpp"

namespace calque::host {
namespace {

TEST(runner, makes_files_from_an_input) {
  machine m;
  const run_outcome done = m.run("one\ntwo ~ three\n");
  EXPECT_EQ(name_of(done.status), "ok");
  EXPECT_EQ(done.importer, "test.lines");
  ASSERT_EQ(done.files.size(), 1u);
  EXPECT_EQ(done.files[0].path, "in.plain");
  EXPECT_EQ(done.files[0].bytes, "one\ntwo - three\n");
  EXPECT_TRUE(done.files[0].primary);
  ASSERT_EQ(done.parts.size(), 1u);
  EXPECT_EQ(done.parts[0].account.entries().size(), 1u); // one change, no loss
}

TEST(runner, further_files_stand_beside_the_first) {
  std::string text(whole);
  text.replace(text.find("to = "), 5, "with = { extra = true }\nto = ");
  machine m(text);
  const run_outcome done = m.runs->run(input_from_memory("in.lines", "x\n"), {"a/b", "in"});
  ASSERT_EQ(done.files.size(), 2u);
  EXPECT_EQ(done.files[0].path, "a/b/in.plain");
  EXPECT_EQ(done.files[1].path, "a/b/more/extra.txt");
}

TEST(runner, parts_have_files_of_their_own) {
  machine m;
  const run_outcome done = m.run("one\n====\ntwo\n");
  ASSERT_EQ(done.files.size(), 2u);
  EXPECT_EQ(done.files[0].path, "in-1.plain");
  EXPECT_EQ(done.files[1].path, "in-2.plain");
  EXPECT_EQ(done.files[1].bytes, "two\n");
}

TEST(runner, one_failed_part_leaves_no_file_of_the_input) {
  machine m;
  const run_outcome done = m.run("one\n====\ntwo $\n====\nthree\n");
  EXPECT_EQ(name_of(done.status), "failed");
  ASSERT_EQ(done.parts.size(), 3u);
  EXPECT_EQ(name_of(done.parts[0].status), "ok");
  EXPECT_EQ(name_of(done.parts[1].status), "failed");
  EXPECT_EQ(name_of(done.parts[2].status), "ok");
  EXPECT_TRUE(done.files.empty());
}

TEST(runner, an_importer_that_refuses_rejects) {
  machine m;
  const run_outcome done = m.run("fine\n!fail\n");
  EXPECT_EQ(name_of(done.status), "rejected");
  EXPECT_EQ(codes_of(done), names{"lines.bad"});
  const diagnostic &d = done.diagnostics[0];
  EXPECT_EQ(d.document, "in.lines");
  EXPECT_NE(d.stage.find("test.lines 1.0.0"), std::string::npos) << d.stage;
  ASSERT_TRUE(d.where.source.has_value());
  EXPECT_EQ(d.where.source->begin, 5u);
  EXPECT_EQ(d.where.source->end, 10u);
}

TEST(runner, what_an_annotator_reports_leads_to_the_source) {
  machine m;
  const run_outcome done = m.run("one\n~ sic\n");
  EXPECT_EQ(name_of(done.status), "ok-with-warnings");
  ASSERT_EQ(codes_of(done), names{"marker.seen"});
  ASSERT_TRUE(done.diagnostics[0].where.source.has_value());
  EXPECT_EQ(done.diagnostics[0].where.source->begin, 6u);
  EXPECT_EQ(done.diagnostics[0].where.source->end, 9u);
}

TEST(runner, a_loss_fails_unless_it_is_allowed) {
  const std::string text = "#one\n";
  machine strict;
  const run_outcome failed = strict.run(text);
  EXPECT_EQ(name_of(failed.status), "failed");
  EXPECT_TRUE(failed.files.empty());
  machine allowing(std::string(whole) + "[loss]\nallow = [\"tidy.*\"]\n");
  EXPECT_EQ(name_of(allowing.run(text).status), "ok");
  machine warning(std::string(whole) + "[loss]\ndefault = \"warn\"\n");
  const run_outcome warned = warning.run(text);
  EXPECT_EQ(name_of(warned.status), "ok-with-warnings");
  EXPECT_EQ(warned.files.size(), 1u);
}

TEST(runner, severities_are_the_pipelines) {
  machine off(std::string(whole) + "[diagnostics]\n\"lines.*\" = \"off\"\n");
  EXPECT_EQ(name_of(off.run("!warn\n").status), "ok");
  machine raised(std::string(whole) + "[diagnostics]\n\"lines.odd\" = \"error\"\n");
  const run_outcome failed = raised.run("!warn\n");
  EXPECT_EQ(name_of(failed.status), "rejected");
  EXPECT_TRUE(failed.files.empty());
}

TEST(runner, an_importer_is_chosen_by_its_probe) {
  std::string text(whole);
  text.erase(text.find("[[stage]]"), std::string_view("[[stage]]\nimport = \"test.lines\"\nid = \"lines\"\n").size());
  machine m(text);
  EXPECT_EQ(m.run("one\n").importer, "test.lines");
  const run_outcome refused = m.runs->run(input_from_memory("in.pdf", "%PDF-1.7\n"), {"", "in"});
  EXPECT_EQ(name_of(refused.status), "rejected");
  ASSERT_EQ(codes_of(refused), names{"input.unknown-format"});
  EXPECT_NE(refused.diagnostics[0].message.find("a PDF"), std::string::npos) << refused.diagnostics[0].message;
}

TEST(runner, conditions_are_asked_of_what_was_imported) {
  std::string text(whole);
  const auto with = [&](const std::string &when) {
    std::string changed = text;
    changed.replace(changed.find("id = \"tidy\""), 11, "id = \"tidy\"\nwhen = " + when);
    machine m(changed);
    if (!m.runs) return false;
    return m.run("@title Boats ~ and reeds\na ~ b\n").files.at(0).bytes.find('~') == std::string::npos;
  };
  EXPECT_TRUE(with("{ fields = { title = \"Boats*\" } }"));
  EXPECT_FALSE(with("{ fields = { title = \"Goats*\" } }"));
  EXPECT_FALSE(with("{ language = \"zh\" }"));
}

TEST(runner, an_observer_sees_each_stage_of_each_part) {
  machine m;
  names seen;
  m.run("a\n====\nb\n", [&](const stage_event &event) {
    seen.push_back(std::string(event.name) + " " + std::to_string(event.part) + (event.files ? " files" : ""));
  });
  EXPECT_EQ(seen, (names{"lines 1", "lines 2", "tidy 1", "marker 1", "plain 1 files", "tidy 2", "marker 2", "plain 2 files"}));
}

TEST(runner, it_can_end_early_and_begin_late) {
  machine m;
  const run_outcome early = m.run("~ sic\n", {}, 1);
  EXPECT_TRUE(early.files.empty());
  ASSERT_TRUE(early.parts.at(0).final.has_value());
  const run_outcome late = m.runs->run_from(*early.parts[0].final, 2, {"", "late"});
  ASSERT_EQ(late.files.size(), 1u);
  EXPECT_EQ(late.files[0].path, "late.plain");
  EXPECT_EQ(late.files[0].bytes, "- sic\n");
}

TEST(runner, it_stops_at_any_call) {
  const std::string text = "@title x\none ~\n====\n#two sic\n!warn\n";
  std::uint64_t calls = 1;
  for (;; ++calls) {
    machine m(std::string(whole) + "[loss]\nallow = [\"*\"]\n");
    m.stop.stop_at_call(calls);
    const run_outcome done = m.run(text);
    if (is_done(done.status)) break;
    ASSERT_EQ(name_of(done.status), "stopped") << "at call " << calls;
    ASSERT_TRUE(done.files.empty());
    ASSERT_LT(calls, 1000u);
  }
  EXPECT_GT(calls, 20u);
}

TEST(runner, an_empty_input_is_rejected) {
  machine m;
  const run_outcome done = m.run("");
  EXPECT_EQ(name_of(done.status), "rejected");
  EXPECT_EQ(codes_of(done), names{"input.empty"});
}

TEST(runner, the_same_input_gives_the_same_again) {
  machine m;
  const run_outcome a = m.run("one ~ sic\n"), b = m.run("one ~ sic\n");
  EXPECT_EQ(a.files.at(0).bytes, b.files.at(0).bytes);
  EXPECT_EQ(dump(*a.parts.at(0).final), dump(*b.parts.at(0).final));
}

/// The messages of the failures of one test with these expectations.
names failures_of(const std::string &input, const std::string &expect, const std::string &more = {}) {
  machine m(std::string(whole) + "[loss]\nallow = [\"*\"]\n[[test]]\nname = \"t\"\ninput = " + input + "\n" + more + "expect = [\n" + expect +
            "\n]\n");
  if (!m.loaded.value) return {"not loaded"};
  const test_outcome done = run_test(*m.runs, *m.loaded.value, m.loaded.value->tests.at(0), false);
  EXPECT_EQ(done.passed, done.failures.empty());
  names messages;
  for (const diagnostic &d : done.failures) {
    messages.push_back(d.message);
    EXPECT_EQ(d.where.file.substr(d.where.file.rfind('/') + 1), "small.toml");
    EXPECT_GT(d.where.line, 18u);
  }
  return messages;
}

TEST(run_test, expectations_that_hold) {
  EXPECT_EQ(failures_of("{ text = \"@title T\\none ~\\nsic sic\\n\", name = \"a.lines\" }",
                        "{ status = \"ok-with-warnings\", outputs = 1, diagnostics = [\"marker.seen\"] },\n"
                        "{ layer = \"test.mark/1\", kind = \"word\", text = \"sic\", count = 2 },\n"
                        "{ kind = \"paragraph\", count = 2 },\n{ kind = \"paragraph\", text = \"sic sic\" },\n"
                        "{ field = \"title\", text = \"T\", count = 1 },\n{ field = \"date\", count = 0 },\n"
                        "{ at = \"lines\", equals = \"one ~\\nsic sic\" },\n{ at = \"tidy\", contains = \"one -\" },\n"
                        "{ at = \"plain\", equals = \"T\\none -\\nsic sic\\n\" }"),
            names{});
}

TEST(run_test, expectations_that_do_not_hold_say_what_there_is) {
  const names found = failures_of("{ text = \"one sic\\n\", name = \"a.lines\" }",
                                  "{ status = \"failed\" },\n{ outputs = 2 },\n{ diagnostics = [] },\n"
                                  "{ layer = \"test.mark/1\", count = 3 },\n{ kind = \"heading\" },\n"
                                  "{ at = \"tidy\", equals = \"two sic\" },\n{ at = \"tidy\", contains = \"one tic\" }");
  ASSERT_EQ(found.size(), 7u);
  EXPECT_EQ(found[0], "status: expected failed, found ok-with-warnings");
  EXPECT_EQ(found[1], "outputs: expected 2, found 1\n  a.plain");
  EXPECT_EQ(found[2], "diagnostics differ\n--- expected\n+++ found\n@@ -0,0 +1,1 @@\n+marker.seen");
  EXPECT_EQ(found[3], "annotation of test.mark/1: expected 3, found 1; there are:\n  word \"sic\"");
  EXPECT_EQ(found[4], "node, kind heading: expected at least 1, found 0");
  EXPECT_EQ(found[5], "the text after `tidy` differs\n[-two-]{+one+} sic");
  EXPECT_EQ(found[6], "the text after `tidy` does not hold \"one tic\"\nnearest: one [-tic-]{+sic+}");
}

TEST(run_test, a_failed_run_fails_a_test_that_does_not_expect_it) {
  EXPECT_EQ(failures_of("{ text = \"!fail\\n\", name = \"a.lines\" }", "{ outputs = 0 }"), names{"the run ended as rejected"});
  EXPECT_EQ(failures_of("{ text = \"!fail\\n\", name = \"a.lines\" }", "{ diagnostics = [\"lines.bad\"] }"), names{});
}

TEST(run_test, it_ends_where_the_test_says) {
  EXPECT_EQ(failures_of("{ text = \"sic ~\\n\", name = \"a.lines\" }", "{ equals = \"sic -\", outputs = 0, status = \"ok\" }", "to = \"tidy\"\n"),
            names{});
}

}  // namespace
}  // namespace calque::host
