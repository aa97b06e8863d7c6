// SPDX-License-Identifier: Apache-2.0
// What a worker is told first: all of it comes back, and nothing that is cut or false is taken for it.
#include "host/worker/worker_setup.hpp"

#include <gtest/gtest.h>

#include <random>

#include "host/worker/sample_messages.hpp"
#include "host/worker/worker_ready.hpp"

namespace calque::host {
namespace {

TEST(worker_setup, all_of_it_comes_back) {
  const worker_setup sent = sample_setup();
  const auto got = read_worker_setup(to_wire(sent));
  ASSERT_TRUE(got);
  const pipeline &a = got->whole, &b = sent.whole;
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.path, b.path);
  ASSERT_EQ(a.stages.size(), b.stages.size());
  for (std::size_t k = 0; k < b.stages.size(); ++k) {
    EXPECT_EQ(a.stages[k].name, b.stages[k].name);
    EXPECT_EQ(a.stages[k].description, b.stages[k].description) << k;
    EXPECT_EQ(a.stages[k].options, b.stages[k].options) << k;
    EXPECT_EQ(a.stages[k].to, b.stages[k].to);
    EXPECT_EQ(a.stages[k].when.language, b.stages[k].when.language);
    EXPECT_EQ(a.stages[k].when.media_type, b.stages[k].when.media_type);
    EXPECT_EQ(a.stages[k].when.fields, b.stages[k].when.fields);
    EXPECT_EQ(a.stages[k].budget.silence, b.stages[k].budget.silence);
    EXPECT_EQ(a.stages[k].budget.total, b.stages[k].budget.total);
    EXPECT_EQ(a.stages[k].where.file, b.stages[k].where.file);
    EXPECT_EQ(a.stages[k].where.line, b.stages[k].where.line);
    EXPECT_EQ(a.stages[k].where.column, b.stages[k].where.column);
    EXPECT_EQ(a.stages[k].where.length, b.stages[k].where.length);
  }
  EXPECT_EQ(a.loss.allow, b.loss.allow);
  EXPECT_EQ(a.loss.warn_only, b.loss.warn_only);
  ASSERT_EQ(a.severities.size(), b.severities.size());
  for (std::size_t k = 0; k < b.severities.size(); ++k) {
    EXPECT_EQ(a.severities[k].pattern, b.severities[k].pattern);
    EXPECT_EQ(a.severities[k].level, b.severities[k].level);
  }
  EXPECT_EQ(a.bounds.max_input, 1u);
  EXPECT_EQ(a.bounds.max_text, 2u);
  EXPECT_EQ(a.bounds.max_nodes, 3u);
  EXPECT_EQ(a.bounds.max_depth, 4u);
  EXPECT_EQ(a.bounds.max_annotations, 5u);
  EXPECT_EQ(a.bounds.max_resource, 6u);
  EXPECT_EQ(a.bounds.max_output, 7u);
  EXPECT_EQ(a.bounds.max_parts, 8u);
  EXPECT_EQ(a.bounds.max_archive_members, 9u);
  EXPECT_EQ(a.bounds.max_archive_member, 10u);
  EXPECT_EQ(a.bounds.max_archive_total, 11u);
  EXPECT_EQ(a.bounds.max_archive_ratio, 12u);
  EXPECT_EQ(a.bounds.max_archive_depth, 13u);
  EXPECT_EQ(a.bounds.max_embedded, 14u);
  EXPECT_EQ(a.bounds.max_nesting, 15u);
  EXPECT_EQ(a.budget.silence, b.budget.silence);
  EXPECT_EQ(a.budget.total, b.budget.total);
  EXPECT_EQ(a.budget.memory, b.budget.memory);
  EXPECT_EQ(a.cache.dear, b.cache.dear);
  EXPECT_EQ(got->importers, sent.importers);
  EXPECT_EQ(got->keeps, sent.keeps);
  EXPECT_EQ(got->readable, sent.readable);
  EXPECT_EQ(got->has_jail, sent.has_jail);
  EXPECT_EQ(got->newest_landlock, sent.newest_landlock);
  EXPECT_EQ(got->wants_found, sent.wants_found);
  EXPECT_EQ(got->keeps_documents, sent.keeps_documents);
}

TEST(worker_setup, no_beginning_of_it_is_one) {
  const std::string whole = to_wire(sample_setup());
  for (std::size_t size = 0; size < whole.size(); ++size)
    ASSERT_FALSE(read_worker_setup(std::string_view(whole).substr(0, size))) << size;
  EXPECT_FALSE(read_worker_setup(whole + "x"));
}

TEST(worker_setup, another_form_is_refused) {
  std::string whole = to_wire(sample_setup());
  ++whole[0];
  EXPECT_FALSE(read_worker_setup(whole));
  worker_setup setup = sample_setup();
  setup.keeps.push_back(true);
  EXPECT_FALSE(read_worker_setup(to_wire(setup))) << "there are as many as stages";
}

TEST(worker_setup, lists_of_options_have_no_end_of_depth) {
  worker_setup setup = sample_setup();
  option_value deep;
  for (int k = 0; k < 12; ++k) {
    option_value outer;
    outer.items = {deep};
    deep = outer;
  }
  setup.whole.stages[0].options = {deep};
  EXPECT_FALSE(read_worker_setup(to_wire(setup)));
}

TEST(worker_setup, false_bits_give_a_setup_or_none) {
  constexpr std::uint64_t seed = 20260302;
  worker_setup setup = sample_setup();
  setup.importers.clear();  // descriptions are what takes long to read
  setup.whole.stages.pop_back();
  setup.keeps.pop_back();
  const std::string sound = to_wire(setup);
  std::mt19937_64 random(seed);
  int taken = 0;
  for (int flipped = 0, round = 0; flipped < 10'000; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << round);
    std::string bytes = sound;
    for (std::uint64_t flips = 1 + random() % 5; flips > 0; --flips, ++flipped)
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    const auto got = read_worker_setup(bytes);
    if (!got) continue;
    ++taken;
    ASSERT_EQ(got->keeps.size(), got->whole.stages.size());
    for (const severity_rule &rule : got->whole.severities)
      ASSERT_LE(static_cast<int>(rule.level.value_or(severity::debug)), static_cast<int>(severity::error));
  }
  EXPECT_GT(taken, 200) << "the flips reach nothing that is read";
}

TEST(stage_fingerprints, come_back_whole_or_not_at_all) {
  const stage_fingerprints sent{{"one", std::string("t\0wo", 4)}, {{"calque.text", "three"}, {"calque.record", ""}}};
  const std::string whole = to_wire(sent);
  const auto got = read_stage_fingerprints(whole);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->stages, sent.stages);
  EXPECT_EQ(got->importers, sent.importers);
  for (std::size_t size = 0; size < whole.size(); ++size)
    ASSERT_FALSE(read_stage_fingerprints(std::string_view(whole).substr(0, size))) << size;
}

TEST(worker_ready, comes_back_whole_or_not_at_all) {
  const worker_ready sent{{{"/lib/a.so", "ab12"}, {"/lib/b.so", ""}}, -3, true, {"Landlock"}, {sample_diagnostic()}};
  const std::string whole = to_wire(sent);
  const auto got = read_worker_ready(whole);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->libraries, sent.libraries);
  EXPECT_EQ(got->landlock_abi, sent.landlock_abi);
  EXPECT_EQ(got->has_seccomp, sent.has_seccomp);
  EXPECT_EQ(got->missing, sent.missing);
  ASSERT_EQ(got->diagnostics.size(), 1u);
  EXPECT_EQ(got->diagnostics[0].message, sent.diagnostics[0].message);
  for (std::size_t size = 0; size < whole.size(); ++size)
    ASSERT_FALSE(read_worker_ready(std::string_view(whole).substr(0, size))) << size;
}

}  // namespace
}  // namespace calque::host
