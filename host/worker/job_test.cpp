// SPDX-License-Identifier: Apache-2.0
// Jobs and reports in messages: all of them comes back, and what a worker may send instead does no harm.
#include "host/worker/job.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>

#include "host/pipeline/publish.hpp"
#include "host/worker/sample_messages.hpp"

namespace calque::host {
namespace {

constexpr std::uint64_t seed = 20260301;
constexpr int bits = 10'000;

void expect_same(const diagnostic &a, const diagnostic &b) {
  EXPECT_EQ(a.level, b.level);
  EXPECT_EQ(a.code, b.code);
  EXPECT_EQ(a.message, b.message);
  EXPECT_EQ(a.hint, b.hint);
  EXPECT_EQ(a.stage, b.stage);
  EXPECT_EQ(a.document, b.document);
  EXPECT_EQ(a.where.file, b.where.file);
  EXPECT_EQ(a.where.line, b.where.line);
  EXPECT_EQ(a.where.column, b.where.column);
  EXPECT_EQ(a.where.length, b.where.length);
  ASSERT_EQ(a.where.source.has_value(), b.where.source.has_value());
  if (a.where.source) {
    EXPECT_EQ(a.where.source->source, b.where.source->source);
    EXPECT_EQ(a.where.source->begin, b.where.source->begin);
    EXPECT_EQ(a.where.source->end, b.where.source->end);
  }
  ASSERT_EQ(a.notes.size(), b.notes.size());
  for (std::size_t k = 0; k < a.notes.size(); ++k) {
    EXPECT_EQ(a.notes[k].message, b.notes[k].message);
    EXPECT_EQ(a.notes[k].where.file, b.notes[k].where.file);
    EXPECT_EQ(a.notes[k].where.source.has_value(), b.notes[k].where.source.has_value());
  }
}

void expect_same(const ledger &a, const ledger &b) {
  EXPECT_EQ(to_json(a), to_json(b));
  ASSERT_EQ(a.entries().size(), b.entries().size());
  for (std::size_t k = 0; k < a.entries().size(); ++k) EXPECT_EQ(a.entries()[k].bytes, b.entries()[k].bytes);
}

void expect_same(const std::vector<stage_result> &a, const std::vector<stage_result> &b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(a[k].key, b[k].key);
    EXPECT_EQ(a[k].documents, b[k].documents);
    EXPECT_EQ(a[k].files, b[k].files);
    EXPECT_EQ(a[k].holds, b[k].holds);
    expect_same(a[k].account, b[k].account);
    ASSERT_EQ(a[k].diagnostics.size(), b[k].diagnostics.size());
    for (std::size_t d = 0; d < a[k].diagnostics.size(); ++d) expect_same(a[k].diagnostics[d], b[k].diagnostics[d]);
  }
}

TEST(job_order, all_of_it_comes_back) {
  const job_order sent = sample_order();
  const auto got = read_job_order(to_wire(sent));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->path, sent.path);
  EXPECT_EQ(got->name, sent.name);
  EXPECT_EQ(got->media_type, sent.media_type);
  EXPECT_EQ(got->dir, sent.dir);
  EXPECT_EQ(got->stem, sent.stem);
  EXPECT_EQ(got->sha256, sent.sha256);
  EXPECT_EQ(got->size, sent.size);
  EXPECT_EQ(got->in_place, sent.in_place);
  expect_same(got->known, sent.known);
  EXPECT_TRUE(read_job_order(to_wire(job_order{})));
}

TEST(job_report, all_of_it_comes_back) {
  const job_report sent = sample_report();
  const auto got = read_job_report(to_wire(sent));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, sent.status);
  EXPECT_EQ(got->importer, sent.importer);
  EXPECT_EQ(got->parts, sent.parts);
  ASSERT_EQ(got->stages.size(), sent.stages.size());
  for (std::size_t k = 0; k < sent.stages.size(); ++k) {
    EXPECT_EQ(got->stages[k].stage, sent.stages[k].stage);
    EXPECT_EQ(got->stages[k].action, sent.stages[k].action);
    EXPECT_EQ(got->stages[k].milliseconds, sent.stages[k].milliseconds);
  }
  ASSERT_EQ(got->files.size(), sent.files.size());
  for (std::size_t k = 0; k < sent.files.size(); ++k) {
    EXPECT_EQ(got->files[k].file, sent.files[k].file);
    EXPECT_EQ(got->files[k].stage, sent.files[k].stage);
    EXPECT_EQ(got->files[k].part, sent.files[k].part);
    EXPECT_EQ(got->files[k].staged, sent.files[k].staged);
    EXPECT_EQ(got->files[k].xxh3, sent.files[k].xxh3);
  }
  expect_same(got->results, sent.results);
  ASSERT_EQ(got->diagnostics.size(), 2u);
  expect_same(got->diagnostics[0], sent.diagnostics[0]);
  expect_same(got->account, sent.account);
  EXPECT_EQ(got->found, sent.found);
  EXPECT_EQ(got->peak_kib, sent.peak_kib);
  EXPECT_EQ(got->resident_kib, sent.resident_kib);
  EXPECT_EQ(got->changes, sent.changes);
}

TEST(job_report, no_beginning_of_a_message_is_one) {
  const std::string order = to_wire(sample_order()), report = to_wire(sample_report());
  for (std::size_t size = 0; size < order.size(); ++size)
    ASSERT_FALSE(read_job_order(std::string_view(order).substr(0, size))) << size;
  for (std::size_t size = 0; size < report.size(); ++size)
    ASSERT_FALSE(read_job_report(std::string_view(report).substr(0, size))) << size;
  EXPECT_FALSE(read_job_order(order + "x"));
  EXPECT_FALSE(read_job_report(report + "x"));
}

TEST(job_report, names_that_leave_their_folder_are_refused) {
  const auto takes = [](const std::function<void(job_report &)> &change) {
    job_report report = sample_report();
    change(report);
    return read_job_report(to_wire(report)).has_value();
  };
  EXPECT_TRUE(takes([](job_report &) {}));
  for (const char *path : {"", "/etc/passwd", "../a", "a/../../b", "a//b", "a/.", ".calque/state.db", "a\nb"})
    EXPECT_FALSE(takes([&](job_report &r) { r.files[0].file.path = path; })) << path;
  for (const char *staged : {"../../a", "a", "1-0/..", "/1", "1-0\n", ".", "111111111111111111111111111111111111111111"})
    EXPECT_FALSE(takes([&](job_report &r) { r.files[0].staged = staged; })) << staged;
}

TEST(job_report, values_that_there_are_not_are_refused) {
  const auto takes = [](const std::function<void(job_report &)> &change) {
    job_report report = sample_report();
    change(report);
    return read_job_report(to_wire(report)).has_value();
  };
  EXPECT_FALSE(takes([](job_report &r) { r.status = static_cast<run_status>(run_status_count); }));
  EXPECT_FALSE(takes([](job_report &r) { r.parts[1] = static_cast<run_status>(200); }));
  EXPECT_FALSE(takes([](job_report &r) { r.stages[0].action = static_cast<stage_action>(3); }));
  EXPECT_FALSE(takes([](job_report &r) { r.stages[0].milliseconds = -1; }));
  EXPECT_FALSE(takes([](job_report &r) { r.stages[0].milliseconds = std::numeric_limits<double>::infinity(); }));
  EXPECT_FALSE(takes([](job_report &r) { r.stages[0].milliseconds = std::numeric_limits<double>::quiet_NaN(); }));
  EXPECT_FALSE(takes([](job_report &r) { r.diagnostics[0].level = static_cast<severity>(4); }));
  EXPECT_FALSE(takes([](job_report &r) { r.status = run_status::failed; })) << "a failure has no files";
  EXPECT_TRUE(takes([](job_report &r) {
    r.status = run_status::failed;
    r.files.clear();
  }));
}

TEST(job_report, false_bits_never_give_an_unsafe_path) {
  const std::string sound = to_wire(sample_report());
  std::mt19937_64 random(seed);
  int taken = 0;
  for (int flipped = 0, round = 0; flipped < bits; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << round);
    std::string bytes = sound;
    for (std::uint64_t flips = 1 + random() % 5; flips > 0; --flips, ++flipped)
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    const auto got = read_job_report(bytes);
    if (!got) continue;
    ++taken;
    ASSERT_LT(static_cast<std::size_t>(got->status), run_status_count);
    ASSERT_TRUE(is_done(got->status) || got->files.empty());
    for (const reported_file &file : got->files) {
      ASSERT_TRUE(is_safe_output_path(file.file.path)) << file.file.path;
      ASSERT_EQ(file.staged.find_first_not_of("0123456789-"), std::string::npos) << file.staged;
    }
    // What was understood is a message again, of the same meaning.
    const std::string again = to_wire(*got);
    const auto twice = read_job_report(again);
    ASSERT_TRUE(twice);
    ASSERT_EQ(to_wire(*twice), again);
  }
  EXPECT_GT(taken, 300) << "the flips reach no member beyond the first ones";
}

TEST(job_order, false_bits_give_an_order_or_none) {
  const std::string sound = to_wire(sample_order());
  std::mt19937_64 random(seed);
  for (int flipped = 0, round = 0; flipped < bits; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << round);
    std::string bytes = sound;
    for (std::uint64_t flips = 1 + random() % 5; flips > 0; --flips, ++flipped)
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    if (const auto got = read_job_order(bytes)) {
      ASSERT_TRUE(read_job_order(to_wire(*got)));
    }
  }
}

}  // namespace
}  // namespace calque::host
