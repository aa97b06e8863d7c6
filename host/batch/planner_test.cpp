// SPDX-License-Identifier: Apache-2.0
// What is to be done and why: each reason, and what is no reason.
#include "host/batch/planner.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "host/batch/sample_records.hpp"

namespace calque::host {
namespace {

struct machine : batch_folder {
  configuration now{{"stage.a.with.form", "NFC"}};
  std::string input;

  /// An input that was done, with two outputs.
  machine() {
    input = root.write("in/a.txt", "the input");
    input_record record = sample_record(input);
    record.sha256 = sha256_of("the input");
    record.size = 9;
    record.configuration = digest_of(now);
    for (const char *name : {"x/a.xml", "a.html"}) {
      root.write(std::string("out/") + name, name);
      placed_file file = placed(name, name);
      const auto mark = folder.look(name);
      file.inode = mark->inode;
      file.changed_ns = mark->changed_ns;
      record.files.push_back(file);
    }
    known->keep(now);
    set(record);
  }
  void set(const input_record &record) {
    known->set(record);
    ASSERT_EQ(known->flush(), 0);
  }
  decision decide(const configuration &with, bool is_forced = false) {
    planner plans(*known, folder, with, 1000, is_forced);
    return plans.decide(input);
  }
  std::string why(bool is_forced = false) { return std::string(name_of(decide(now, is_forced).why)); }
};

TEST(planner, what_is_as_it_was_is_unchanged) {
  machine m;
  const decision made = m.decide(m.now);
  EXPECT_EQ(made.why, reason::unchanged);
  EXPECT_TRUE(made.errors.empty());
  EXPECT_FALSE(made.has_new_marks);
  EXPECT_EQ(made.in_place.size(), 2u);
  EXPECT_EQ(made.input.sha256, sha256_of("the input"));
  EXPECT_EQ(made.input.media_type, "text/plain");
}

TEST(planner, an_input_without_a_record_is_new) {
  machine m;
  m.input = m.root.write("in/b.txt", "another");
  EXPECT_EQ(m.why(), "new");
  EXPECT_EQ(m.why(true), "new");
}

TEST(planner, other_bytes_are_a_reason_and_another_time_is_none) {
  machine m;
  const timespec times[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, m.input.c_str(), times, 0), 0);
  EXPECT_EQ(m.why(), "unchanged");
  m.root.write("in/a.txt", "the inpuT");
  EXPECT_EQ(m.why(), "input-changed");
  m.root.write("in/a.txt", "the input");
  EXPECT_EQ(m.why(), "unchanged");
}

TEST(planner, a_changed_pipeline_is_told_field_by_field) {
  machine m;
  const decision made = m.decide({{"stage.a.with.form", "NFKC"}});
  EXPECT_EQ(made.why, reason::pipeline_changed);
  ASSERT_EQ(made.changed.size(), 1u);
  EXPECT_EQ(made.changed[0].field, "stage.a.with.form");
  EXPECT_EQ(made.changed[0].before, "NFC");
  EXPECT_EQ(made.changed[0].after, "NFKC");
  EXPECT_EQ(made.in_place.size(), 2u) << "what lies there may serve all the same";
}

TEST(planner, outputs_that_are_missing_or_changed_are_named) {
  machine m;
  std::filesystem::remove(m.root.path("out/a.html"));
  decision made = m.decide(m.now);
  EXPECT_EQ(made.why, reason::output_missing);
  EXPECT_EQ(made.output, "a.html");
  ASSERT_EQ(made.in_place.size(), 1u);
  EXPECT_EQ(made.in_place[0].path, "x/a.xml");
  m.root.write("out/a.html", "A.HTML");
  made = m.decide(m.now);
  EXPECT_EQ(made.why, reason::output_changed);
  EXPECT_EQ(made.output, "a.html");
  m.root.write("out/a.html", "longer than it was");
  EXPECT_EQ(m.why(), "output-changed");
  std::filesystem::remove(m.root.path("out/a.html"));
  std::filesystem::create_directory(m.root.path("out/a.html"));
  EXPECT_EQ(m.why(), "output-changed");
  std::filesystem::remove(m.root.path("out/a.html"));
  std::filesystem::create_symlink(m.root.write("copy", "a.html"), m.root.path("out/a.html"));
  EXPECT_EQ(m.why(), "output-changed") << "a link is not what was made";
  std::filesystem::remove_all(m.root.path("out/x"));
  made = m.decide(m.now);
  EXPECT_EQ(made.why, reason::output_missing);
  EXPECT_EQ(made.output, "x/a.xml");
}

TEST(planner, an_output_that_was_touched_or_copied_is_the_same) {
  machine m;
  ::usleep(20'000);
  const timespec times[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, m.root.path("out/a.html").c_str(), times, 0), 0);
  std::filesystem::copy_file(m.root.path("out/x/a.xml"), m.root.path("out/x/new"));
  std::filesystem::rename(m.root.path("out/x/new"), m.root.path("out/x/a.xml"));
  decision made = m.decide(m.now);
  EXPECT_EQ(made.why, reason::unchanged);
  EXPECT_TRUE(made.has_new_marks) << "so that the next run need not read them";
  m.set(*made.record);
  made = m.decide(m.now);
  EXPECT_EQ(made.why, reason::unchanged);
  EXPECT_FALSE(made.has_new_marks);
}

TEST(planner, bytes_that_changed_with_the_size_and_time_of_before_are_seen) {
  machine m;
  struct stat info {};
  ASSERT_EQ(::stat(m.root.path("out/a.html").c_str(), &info), 0);
  ::usleep(20'000);
  m.root.write("out/a.html", "A.html");
  const timespec times[2] = {info.st_atim, info.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, m.root.path("out/a.html").c_str(), times, 0), 0);
  EXPECT_EQ(m.why(), "output-changed");
}

TEST(planner, what_failed_is_tried_again) {
  machine m;
  auto record = *m.known->find(m.input);
  for (const run_status status : {run_status::failed, run_status::crashed, run_status::io_error, run_status::not_run}) {
    record.status = status;
    m.set(record);
    EXPECT_EQ(m.why(), "failed-before") << name_of(status);
  }
  for (const run_status status : {run_status::ok, run_status::ok_with_warnings}) {
    record.status = status;
    m.set(record);
    EXPECT_EQ(m.why(), "unchanged") << name_of(status);
  }
}

TEST(planner, the_first_reason_counts) {
  machine m;
  auto record = *m.known->find(m.input);
  record.status = run_status::failed;
  m.set(record);
  std::filesystem::remove(m.root.path("out/a.html"));
  const configuration other{{"stage.a.with.form", "NFKC"}};
  EXPECT_EQ(m.why(), "failed-before");
  EXPECT_EQ(m.decide(other).why, reason::pipeline_changed);
  m.root.write("in/a.txt", "other");
  EXPECT_EQ(m.decide(other).why, reason::input_changed);
  EXPECT_EQ(m.decide(other, true).why, reason::forced);
}

TEST(planner, inputs_that_cannot_be_read_are_errors) {
  machine m;
  const auto code = [&] {
    const decision made = m.decide(m.now);
    return made.errors.empty() ? "ok" : made.errors[0].code;
  };
  m.root.write("in/a.txt", std::string(1001, 'x'));
  EXPECT_EQ(code(), "input.too-big");
  m.root.write("in/a.txt", "");
  EXPECT_EQ(code(), "input.empty");
  std::filesystem::remove(m.input);
  EXPECT_EQ(code(), "input.missing");
  ASSERT_EQ(::mkfifo(m.input.c_str(), 0600), 0);
  EXPECT_EQ(code(), "input.not-a-file");
}

TEST(planner, an_order_has_what_is_known) {
  machine m;
  const decision made = m.decide(m.now);
  const job_order order = order_for(made, {m.input, "sub/folder"});
  EXPECT_EQ(order.path, m.input);
  EXPECT_EQ(order.name, "a.txt");
  EXPECT_EQ(order.dir, "sub/folder");
  EXPECT_EQ(order.stem, "a");
  EXPECT_EQ(order.size, 9u);
  EXPECT_EQ(order.sha256, sha256_of("the input"));
  EXPECT_EQ(order.in_place.size(), 2u);
  EXPECT_EQ(order.known.size(), 1u);
  EXPECT_TRUE(order_for(m.decide(m.now, true), {m.input, ""}).known.empty()) << "forced: nothing is known";
}

TEST(planner, globs_of_only_are_of_a_path_or_its_last_parts) {
  EXPECT_TRUE(is_wanted_by("a.txt", "records/1962/a.txt"));
  EXPECT_TRUE(is_wanted_by("1962/*", "records/1962/a.txt"));
  EXPECT_TRUE(is_wanted_by("records/*/a.txt", "records/1962/a.txt"));
  EXPECT_FALSE(is_wanted_by("962/a.txt", "records/1962/a.txt"));
  EXPECT_FALSE(is_wanted_by("b.txt", "records/1962/a.txt"));
}

}  // namespace
}  // namespace calque::host
