// SPDX-License-Identifier: Apache-2.0
// What stands in the records of a run, read back by another hand.
#include "host/batch/event_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host/pipeline/scratch_folder.hpp"
#include "host/records/event_reader.hpp"
#include "host/worker/sample_messages.hpp"

namespace calque::host {
namespace {

struct records {
  scratch_folder folder;
  event_writer writer{{"record", "tei"}, event_writer::clock::now()};
  std::string path = folder.path("events.ndjson");

  records() { writer.add_target(descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600))); }
  std::vector<nlohmann::json> lines() {
    writer.flush();
    std::vector<nlohmann::json> all;
    std::istringstream in(folder.read("events.ndjson"));
    for (std::string line; std::getline(in, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }
};

TEST(event_writer, an_end_has_all_that_is_known_of_it) {
  records r;
  decision plan;
  plan.input.size = 12;
  plan.input.sha256 = sample_digest<32>(3);
  plan.why = reason::pipeline_changed;
  plan.changed = {{"stage.tei.with.x", "1", "2"}};
  job_report report = sample_report();
  report.diagnostics[0].count = 7;
  input_end end;
  end.path = "a/\"b\"\n\xFF.txt";
  end.status = run_status::ok_with_warnings;
  end.plan = &plan;
  end.report = &report;
  end.worker = 2;
  end.began = std::chrono::microseconds(1500);
  end.took = std::chrono::microseconds(250);
  end.peak_kib = 4096;
  end.removed = {"old.xml"};
  end.quarantine = ".calque/quarantine/x";
  end.last_words = "bell \a";
  end.is_flaky = true;
  end.replaces = run_status::ok;
  r.writer.write("worker-started", {{"worker", 2}});
  r.writer.write(end);

  const auto all = r.lines();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["seq"], 0);
  const auto &got = all[1];
  EXPECT_EQ(got["seq"], 1);
  EXPECT_EQ(got["event"], "input-finished");
  EXPECT_GE(got["at"].get<double>(), 0);
  EXPECT_EQ(got["input"], "a/\"b\"\n\uFFFD.txt");
  EXPECT_EQ(got["digest"], to_hex(plan.input.sha256));
  EXPECT_EQ(got["bytes"], 12);
  EXPECT_EQ(got["status"], "ok-with-warnings");
  EXPECT_EQ(got["replaces"], "ok");
  EXPECT_EQ(got["reason"], "pipeline-changed");
  EXPECT_EQ(got["changed"], nlohmann::json::parse(R"([{"field":"stage.tei.with.x","old":"1","new":"2"}])"));
  EXPECT_EQ(got["worker"], 2);
  EXPECT_EQ(got["attempt"], 1);
  EXPECT_EQ(got["began"], 1.5);
  EXPECT_EQ(got["took"], 0.25);
  EXPECT_EQ(got["peak_kib"], 4096);
  EXPECT_EQ(got["stages"].size(), report.stages.size());
  EXPECT_EQ(got["parts"].size(), report.parts.size());
  ASSERT_EQ(got["files"].size(), report.files.size());
  for (std::size_t k = 0; k < report.files.size(); ++k) {
    EXPECT_EQ(got["files"][k]["path"], report.files[k].file.path);
    EXPECT_EQ(got["files"][k]["sha256"], to_hex(report.files[k].file.sha256));
    EXPECT_EQ(got["files"][k]["action"], report.files[k].staged.empty() ? "unchanged" : "written");
  }
  EXPECT_EQ(got["ledger"].size(), report.account.entries().size());
  EXPECT_EQ(got["removed"], nlohmann::json::parse(R"(["old.xml"])"));
  EXPECT_EQ(got["folded"][0]["count"], 7);
  EXPECT_EQ(got["quarantine"], end.quarantine);
  EXPECT_EQ(got["stderr"], "bell ⟨U+0007⟩");
  EXPECT_EQ(got["flaky"], true);
}

TEST(event_writer, an_end_has_nothing_that_is_not_known) {
  records r;
  input_end end;
  end.path = "a";
  r.writer.write(end);
  const auto all = r.lines();
  ASSERT_EQ(all.size(), 1u);
  std::vector<std::string> keys;
  for (const auto &[key, value] : all[0].items()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"at", "event", "input", "seq", "status"}));
}

// A failure has no files in the records: what was published before stays.
TEST(event_writer, a_failure_has_no_files) {
  records r;
  job_report report = sample_report();
  input_end end;
  end.path = "a";
  end.status = run_status::failed;
  end.report = &report;
  r.writer.write(end);
  EXPECT_FALSE(r.lines()[0].contains("files"));
}

TEST(event_writer, trouble_is_told_and_stops_nothing) {
  records r;
  r.writer.add_target(descriptor(::open("/dev/full", O_WRONLY | O_CLOEXEC)));
  r.writer.write("notice", {{"level", "warning"}});
  EXPECT_EQ(r.lines().size(), 1u) << "the other target has it";
  EXPECT_EQ(r.writer.trouble(), ENOSPC);
}

}  // namespace
}  // namespace calque::host
