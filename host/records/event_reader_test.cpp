// SPDX-License-Identifier: Apache-2.0
// Records are read as they are written, and whatever else stands in the file costs only itself.
#include "host/records/event_reader.hpp"

#include <gtest/gtest.h>

#include <string>

#include "host/records/random_events.hpp"
#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

const std::string first_line =
    R"({"seq":0,"event":"run-started","schema":"calque.events/1","run":"R","inputs":2,"workers":1,"new-key":[{}]})"
    "\n";

std::string finished(const std::string &input) {
  return R"({"seq":1,"event":"input-finished","at":2.5,"input":")" + input +
         R"(","status":"ok","worker":1})"
         "\n";
}

struct read_all {
  std::vector<run_event> events;
  std::uint64_t damaged = 0;
  bool ends_in_a_line = false;
};

read_all read(const std::string &bytes) {
  const scratch_folder folder;
  auto opened = event_reader::open(folder.write("events.ndjson", bytes));
  EXPECT_TRUE(opened.has_value());
  read_all all;
  while (auto event = opened->next()) all.events.push_back(std::move(*event));
  all.damaged = opened->damaged_lines();
  all.ends_in_a_line = opened->ends_in_a_line();
  return all;
}

TEST(event_reader, reads_every_key_that_it_knows) {
  const read_all all = read(
      first_line +
      R"({"seq":17,"event":"input-finished","at":812.4,"input":"records/a.txt","digest":"9c","bytes":7413,)"
      R"("status":"crashed","detail":"signal SEGV","reason":"input-changed","worker":2,"attempt":1,"began":810.9,"took":1.5,)"
      R"("peak_kib":41200,"flaky":true,"quarantine":".calque/quarantine/7","stderr":"boo",)"
      R"("stages":[{"name":"record","action":"ran","ms":0.21},{"name":"tei","action":"reused","ms":0}],)"
      R"("files":[{"path":"a.xml","bytes":20},{"path":"b.xml","bytes":22}],)"
      R"("diagnostics":[{"level":"warning","code":"a.b","message":"m","hint":"h","stage":"s","line":3,"column":4},)"
      R"({"level":"error","code":"c.d","message":"n"}],"folded":[{"code":"a.b","count":312}],)"
      R"("ledger":[{"stage":"tei","code":"t.p","thing":"page","effect":"dropped","count":3,"letters_before":5,)"
      R"("letters_after":4,"bytes":9}]})"
      "\n"
      R"({"event":"worker-started","at":3.1,"worker":1,"pid":4712})"
      "\n"
      R"({"event":"worker-ended","at":9,"worker":1,"pid":4712,"reason":"crash","documents":500})"
      "\n"
      R"({"event":"notice","at":1,"level":"warning","code":"state.damaged","message":"m"})"
      "\n"
      R"({"event":"run-finished","at":61000.2,"outcome":"finished","exit":1,"counts":{"ok":4980,"failed":8},)"
      R"("files_written":14976,"bytes_written":301000000,"worker_restarts":{"crash":3}})"
      "\n");
  ASSERT_EQ(all.events.size(), 6U);
  EXPECT_EQ(all.damaged, 0U);
  const auto &one = std::get<input_finished>(all.events[1]);
  EXPECT_EQ(one.input, "records/a.txt");
  EXPECT_EQ(one.status + "/" + one.detail + "/" + one.reason, "crashed/signal SEGV/input-changed");
  EXPECT_EQ(one.worker, 2U);
  EXPECT_DOUBLE_EQ(one.at + one.began + one.took, 812.4 + 810.9 + 1.5);
  EXPECT_EQ(one.peak_kib + one.bytes, 41200U + 7413U);
  EXPECT_TRUE(one.is_flaky);
  ASSERT_EQ(one.stages.size(), 2U);
  EXPECT_EQ(one.stages[1].action, "reused");
  EXPECT_EQ(one.files_bytes, 42U);
  EXPECT_EQ(one.cause()->code, "c.d");
  EXPECT_EQ(one.messages[0].line, 3U);
  EXPECT_EQ(one.folded.at(0).second, 312U);
  EXPECT_EQ(one.losses.at(0).letters_before, 5U);
  EXPECT_EQ(std::get<worker_ended>(all.events[3]).documents, 500U);
  EXPECT_EQ(std::get<run_notice>(all.events[4]).code, "state.damaged");
  const auto &end = std::get<run_finished>(all.events[5]);
  EXPECT_EQ(end.counts.at(1), (std::pair<std::string, std::uint64_t>("failed", 8)));
  EXPECT_EQ(end.worker_restarts.at(0).second, 3U);
}

TEST(event_reader, passes_over_events_of_other_names) {
  const read_all all = read(first_line +
                            R"({"seq":1,"event":"moon-rose","at":1})"
                            "\n" +
                            finished("a"));
  EXPECT_EQ(all.events.size(), 2U);
  EXPECT_EQ(all.damaged, 0U);
}

TEST(event_reader, a_last_line_without_its_end_is_no_damage) {
  const read_all cut = read(first_line + finished("a") + finished("b").substr(0, 40));
  EXPECT_EQ(cut.events.size(), 2U);
  EXPECT_TRUE(cut.ends_in_a_line);
  EXPECT_EQ(cut.damaged, 0U);
  std::string whole = first_line + finished("a");
  whole.pop_back();
  EXPECT_EQ(read(whole).events.size(), 2U);
  EXPECT_FALSE(read(whole).ends_in_a_line);
}

TEST(event_reader, damaged_lines_cost_only_themselves) {
  std::string deep = R"({"event":"notice","x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}\n";
  std::string long_line = R"({"event":"notice","message":")" + std::string(event_reader::longest_line, 'x') + "\"}\n";
  const read_all all =
      read(first_line + "{\"event\":\"inp\n" + std::string("\0\0\0\0\n", 5) + "[1,2]\n" + "7\n" + deep + long_line +
           R"({"event":7})"
           "\n" +
           finished("a"));
  EXPECT_EQ(all.events.size(), 2U);
  EXPECT_EQ(all.damaged, 7U);
}

TEST(event_reader, every_cut_of_a_file_is_read_without_harm) {
  const std::string whole = first_line + finished("\\u0000\\u001b") + finished("ü");
  for (std::size_t size = first_line.size(); size <= whole.size(); ++size) {
    const read_all all = read(whole.substr(0, size));
    EXPECT_EQ(all.damaged, 0U) << size;
    EXPECT_GE(all.events.size(), 1U) << size;
  }
}

TEST(event_reader, a_name_that_is_not_utf8_is_spelled) {
  const read_all all = read(first_line + finished("a\xFF\xC3z.txt"));
  ASSERT_EQ(all.events.size(), 2U);
  EXPECT_EQ(std::get<input_finished>(all.events[1]).input, "a⟨0xFF⟩⟨0xC3⟩z.txt");
}

TEST(event_reader, numbers_of_no_record_are_nothing) {
  const read_all all = read(
      first_line +
      R"({"event":"input-finished","input":[],"status":{},"at":-5,"took":1e308,"bytes":-1,"peak_kib":1e300,"worker":"x",)"
      R"("stages":{"name":7},"diagnostics":"no","folded":[1],"files":[{"bytes":18446744073709551615}]})"
      "\n");
  ASSERT_EQ(all.events.size(), 2U);
  const auto &one = std::get<input_finished>(all.events[1]);
  EXPECT_EQ(one.at, 0);
  EXPECT_EQ(one.bytes, 0U);
  EXPECT_EQ(one.peak_kib, 0U);
  EXPECT_FALSE(one.worker.has_value());
}

TEST(event_reader, refuses_what_is_no_record_by_name) {
  const scratch_folder folder;
  EXPECT_EQ(event_reader::open(folder.path("none")).error().code, "run.no-records");
  EXPECT_EQ(event_reader::open(folder.path()).error().code, "run.no-records");
  const std::string newer = folder.write("e", R"({"seq":0,"event":"run-started","schema":"calque.events/2"})"
                                              "\n");
  EXPECT_EQ(event_reader::open(newer).error().code, "run.unreadable-records");
}

TEST(event_reader, counts_what_a_run_has_written) {
  const scratch_folder folder;
  const random_counts counts = random_events({.documents = 500}).write(folder.path("e"));
  auto opened = event_reader::open(folder.path("e"));
  ASSERT_TRUE(opened.has_value());
  std::map<std::string, std::uint64_t> statuses;
  while (const auto event = opened->next())
    if (const auto *one = std::get_if<input_finished>(&*event)) ++statuses[one->status];
  EXPECT_EQ(statuses, counts.statuses);
  EXPECT_GT(statuses.size(), 4U);
}

}  // namespace
}  // namespace calque::host
