// SPDX-License-Identifier: Apache-2.0
// The state: what is known of inputs, before and after it is opened again, and what failed is not known.
#include "host/batch/state.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <functional>
#include <random>

#include "host/batch/sample_records.hpp"

namespace calque::host {
namespace {

using names = std::vector<std::string>;

struct machine {
  scratch_folder folder;
  std::vector<diagnostic> notices;
  std::unique_ptr<state> known;

  machine() { open(); }
  void open(journal::access how = journal::access::read_write) {
    known.reset();
    auto opened = state::open(folder.path("state.db"), how, notices);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    known = std::move(opened.value());
  }
};

void expect_same(const std::optional<input_record> &a, const input_record &b) {
  ASSERT_TRUE(a);
  EXPECT_EQ(a->path, b.path);
  EXPECT_EQ(a->sha256, b.sha256);
  EXPECT_EQ(a->size, b.size);
  EXPECT_EQ(a->configuration, b.configuration);
  EXPECT_EQ(a->status, b.status);
  EXPECT_EQ(a->detail, b.detail);
  EXPECT_EQ(a->code, b.code);
  EXPECT_EQ(a->quarantine, b.quarantine);
  EXPECT_EQ(a->milliseconds, b.milliseconds);
  ASSERT_EQ(a->files.size(), b.files.size());
  for (std::size_t k = 0; k < b.files.size(); ++k) {
    EXPECT_EQ(a->files[k].file, b.files[k].file);
    EXPECT_EQ(a->files[k].stage, b.files[k].stage);
    EXPECT_EQ(a->files[k].part, b.files[k].part);
    EXPECT_EQ(a->files[k].inode, b.files[k].inode);
    EXPECT_EQ(a->files[k].changed_ns, b.files[k].changed_ns);
  }
  ASSERT_EQ(a->results.size(), b.results.size());
  for (std::size_t k = 0; k < b.results.size(); ++k) EXPECT_EQ(a->results[k].key, b.results[k].key);
}

input_record with_files(const std::string &path, std::uint8_t seed) {
  input_record record = sample_record(path, seed);
  record.files = {placed("x/a.xml", "1"), placed("x/b.txt", "22")};
  record.files[1].stage = 4;
  record.files[1].part = 3;
  return record;
}

publication publication_of(std::uint64_t number, input_record record) {
  publication one;
  one.number = number;
  one.record = std::move(record);
  one.staging = "w1";
  one.moves = {{"7-0", 0}, {"7-1", 1}};
  one.removals = {"x/old.xml"};
  return one;
}

TEST(state, a_record_is_known_once_it_is_flushed_and_after) {
  machine m;
  input_record record = with_files("records/a.txt", 3);
  record.files[0].inode = 77;
  record.files[0].changed_ns = -5;
  m.known->set(record);
  EXPECT_FALSE(m.known->find("records/a.txt"));
  ASSERT_EQ(m.known->flush(), 0);
  expect_same(m.known->find("records/a.txt"), record);
  EXPECT_FALSE(m.known->find("records/b.txt"));
  m.open();
  expect_same(m.known->find("records/a.txt"), record);
  EXPECT_EQ(m.known->count(), 1u);
  m.open(journal::access::read_only);
  expect_same(m.known->find("records/a.txt"), record);
}

TEST(state, a_publication_counts_when_it_is_finished) {
  machine m;
  publication one = publication_of(7, with_files("a", 1));
  m.known->begin(one);
  ASSERT_EQ(m.known->flush(), 0);
  EXPECT_FALSE(m.known->find("a"));
  m.open();
  EXPECT_FALSE(m.known->find("a"));
  const auto begun = m.known->unfinished();
  ASSERT_EQ(begun.size(), 1u);
  EXPECT_EQ(begun[0].number, 7u);
  EXPECT_EQ(begun[0].staging, "w1");
  EXPECT_EQ(begun[0].moves, one.moves);
  EXPECT_EQ(begun[0].removals, one.removals);
  expect_same(begun[0].record, one.record);
  one.record.files[0].inode = 11;
  one.record.files[1].changed_ns = 12;
  m.known->finish(one);
  ASSERT_EQ(m.known->flush(), 0);
  expect_same(m.known->find("a"), one.record);
  m.open();
  expect_same(m.known->find("a"), one.record);
  EXPECT_TRUE(m.known->unfinished().empty());
}

TEST(state, what_is_given_up_leaves_the_older_record) {
  machine m;
  m.known->set(sample_record("a", 1));
  const publication one = publication_of(7, with_files("a", 2));
  m.known->begin(one);
  m.known->give_up(one);
  ASSERT_EQ(m.known->flush(), 0);
  for (int k = 0; k < 2; ++k) {
    expect_same(m.known->find("a"), sample_record("a", 1));
    EXPECT_TRUE(m.known->unfinished().empty());
    m.open();
  }
}

TEST(state, two_publications_may_be_in_flight) {
  machine m;
  const publication one = publication_of(7, with_files("a", 1)), two = publication_of(8, with_files("b", 2)),
                    three = publication_of(9, with_files("c", 3));
  m.known->begin(one);
  m.known->begin(two);
  m.known->begin(three);
  m.known->finish(two);
  m.known->give_up(one);
  ASSERT_EQ(m.known->flush(), 0);
  for (int k = 0; k < 2; ++k) {
    EXPECT_FALSE(m.known->find("a"));
    EXPECT_TRUE(m.known->find("b"));
    EXPECT_FALSE(m.known->find("c"));
    ASSERT_EQ(m.known->unfinished().size(), 1u);
    EXPECT_EQ(m.known->unfinished()[0].number, 9u);
    m.open();
  }
  EXPECT_EQ(m.known->inputs(), names{"b"});
}

TEST(state, unfinished_ones_come_oldest_first) {
  machine m;
  for (const std::uint64_t number : {30, 4, 200}) m.known->begin(publication_of(number, with_files(std::to_string(number), 1)));
  ASSERT_EQ(m.known->flush(), 0);
  m.open();
  std::vector<std::uint64_t> numbers;
  for (const publication &one : m.known->unfinished()) numbers.push_back(one.number);
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{4, 30, 200}));
}

TEST(state, what_is_forgotten_is_not_known) {
  machine m;
  m.known->set(sample_record("a"));
  m.known->set(sample_record("b"));
  ASSERT_EQ(m.known->flush(), 0);
  m.known->forget("a");
  m.known->forget("never there");
  EXPECT_TRUE(m.known->find("a")) << "not flushed yet";
  ASSERT_EQ(m.known->flush(), 0);
  for (int k = 0; k < 2; ++k) {
    EXPECT_FALSE(m.known->find("a"));
    EXPECT_EQ(m.known->inputs(), names{"b"});
    m.open();
  }
  m.known->forget("b");
  m.known->set(sample_record("b", 9));
  ASSERT_EQ(m.known->flush(), 0);
  m.open();
  expect_same(m.known->find("b"), sample_record("b", 9));
}

TEST(state, the_last_record_of_an_input_counts) {
  machine m;
  for (const std::uint8_t seed : {1, 2, 3}) m.known->set(sample_record("a", seed));
  ASSERT_EQ(m.known->flush(), 0);
  m.open();
  expect_same(m.known->find("a"), sample_record("a", 3));
  EXPECT_EQ(m.known->count(), 1u);
}

TEST(state, inputs_are_sorted_and_told_from_those_that_are_given) {
  machine m;
  for (const char *path : {"c", "a/b", "a", "d"}) m.known->set(sample_record(path));
  ASSERT_EQ(m.known->flush(), 0);
  EXPECT_EQ(m.known->inputs(), (names{"a", "a/b", "c", "d"}));
  EXPECT_EQ(m.known->inputs_beside({"d", "a", "new"}), (names{"a/b", "c"}));
  EXPECT_EQ(m.known->inputs_beside({}), m.known->inputs());
}

TEST(state, the_owner_stays) {
  machine m;
  EXPECT_EQ(m.known->owner(), "");
  m.known->set_owner("minutes");
  ASSERT_EQ(m.known->flush(), 0);
  m.open();
  EXPECT_EQ(m.known->owner(), "minutes");
}

TEST(state, configurations_are_kept_once_and_found_by_their_digest) {
  machine m;
  const configuration one{{"limits.depth", "1024"}, {"stage.a.with.form", "NFC"}}, two{{"limits.depth", "1025"}};
  m.known->keep(one);
  m.known->keep(two);
  ASSERT_EQ(m.known->flush(), 0);
  const std::uint64_t size = m.known->bytes();
  m.known->keep(one);
  ASSERT_EQ(m.known->flush(), 0);
  EXPECT_EQ(m.known->bytes(), size);
  for (int k = 0; k < 2; ++k) {
    EXPECT_EQ(m.known->find_configuration(digest_of(one)), one);
    EXPECT_EQ(m.known->find_configuration(digest_of(two)), two);
    EXPECT_FALSE(m.known->find_configuration(digest_of({})));
    m.open();
  }
}

TEST(state, the_digest_of_a_configuration_tells_names_from_values) {
  EXPECT_NE(digest_of({{"ab", "c"}}), digest_of({{"a", "bc"}}));
  EXPECT_NE(digest_of({{"a", "b"}, {"c", "d"}}), digest_of({{"a", "b"}}));
  EXPECT_EQ(digest_of({{"a", "b"}}), digest_of({{"a", "b"}}));
}

/// Calls `write` while no file may grow beyond `most` bytes.
int on_a_full_disk(std::uint64_t most, const std::function<int()> &write) {
  const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{most, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const int failed = write();
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, ignored);
  return failed;
}

TEST(state, what_could_not_be_written_is_not_known) {
  machine m;
  m.known->set(sample_record("a", 1));
  ASSERT_EQ(m.known->flush(), 0);
  const configuration fields{{"stage.a.with.form", "NFC"}};
  m.known->set(sample_record("a", 2));
  m.known->set(sample_record("b", 2));
  m.known->forget("a");
  m.known->keep(fields);
  EXPECT_EQ(on_a_full_disk(m.known->bytes() / 2, [&] { return m.known->flush(); }), EFBIG);
  for (int k = 0; k < 2; ++k) {
    expect_same(m.known->find("a"), sample_record("a", 1));
    EXPECT_FALSE(m.known->find("b"));
    EXPECT_FALSE(m.known->find_configuration(digest_of(fields)));
    ASSERT_EQ(m.known->flush(), 0);
  }
  // Once there is room, it is written as if nothing had been.
  m.known->keep(fields);
  m.known->set(sample_record("b", 3));
  ASSERT_EQ(m.known->flush(), 0);
  m.open();
  EXPECT_TRUE(m.notices.empty());
  EXPECT_EQ(m.known->find_configuration(digest_of(fields)), fields);
  expect_same(m.known->find("b"), sample_record("b", 3));
}

/// A state with far more records than what is current.
void fill(machine &m) {
  m.known->set_owner("minutes");
  m.known->keep({{"a", "1"}});
  for (std::uint64_t round = 0; round < 110; ++round)
    for (std::uint64_t k = 0; k < 5; ++k) {
      const publication one = publication_of(round * 5 + k, with_files("input-" + std::to_string(k), static_cast<std::uint8_t>(round)));
      m.known->begin(one);
      m.known->finish(one);
    }
  m.known->set(sample_record("plain", 5));
  m.known->forget("input-4");
  ASSERT_EQ(m.known->flush(), 0);
  m.open();
}

TEST(state, shrinks_to_what_is_current) {
  machine m;
  fill(m);
  const std::uint64_t before = m.known->bytes();
  ASSERT_EQ(m.known->shrink(), 0);
  EXPECT_LT(m.known->bytes() * 20, before);
  for (int k = 0; k < 2; ++k) {
    EXPECT_EQ(m.known->inputs(), (names{"input-0", "input-1", "input-2", "input-3", "plain"}));
    expect_same(m.known->find("input-3"), with_files("input-3", 109));
    expect_same(m.known->find("plain"), sample_record("plain", 5));
    EXPECT_EQ(m.known->owner(), "minutes");
    EXPECT_EQ(m.known->find_configuration(digest_of({{"a", "1"}})), (configuration{{"a", "1"}}));
    m.known->set(sample_record("more-" + std::to_string(k)));
    ASSERT_EQ(m.known->flush(), 0);
    m.open();
    EXPECT_TRUE(m.notices.empty());
    EXPECT_TRUE(m.known->find("more-" + std::to_string(k)));
    m.known->forget("more-" + std::to_string(k));
    ASSERT_EQ(m.known->flush(), 0);
  }
}

TEST(state, does_not_shrink_what_is_small_or_in_flight) {
  machine m;
  m.known->set(sample_record("a", 1));
  m.known->set(sample_record("a", 2));
  ASSERT_EQ(m.known->flush(), 0);
  m.open();
  const std::uint64_t small = m.known->bytes();
  ASSERT_EQ(m.known->shrink(), 0);
  EXPECT_EQ(m.known->bytes(), small);
  machine other;
  fill(other);
  other.known->begin(publication_of(9999, with_files("in flight", 1)));
  ASSERT_EQ(other.known->flush(), 0);
  other.open();
  const std::uint64_t before = other.known->bytes();
  ASSERT_EQ(other.known->shrink(), 0);
  EXPECT_EQ(other.known->bytes(), before);
}

TEST(state, a_shrinking_that_fails_changes_nothing) {
  for (const bool has_room_for_records : {false, true}) {
    machine m;
    fill(m);
    // Either the whole records do not fit behind the others, or they do and the new file cannot be made.
    const std::uint64_t before = m.known->bytes();
    if (has_room_for_records) m.folder.write("state.db.new/in-the-way", "");
    const int failed = has_room_for_records ? m.known->shrink() : on_a_full_disk(before + 10, [&] { return m.known->shrink(); });
    EXPECT_NE(failed, 0);
    ASSERT_EQ(m.known->flush(), 0);
    for (int k = 0; k < 2; ++k) {
      expect_same(m.known->find("input-3"), with_files("input-3", 109));
      expect_same(m.known->find("plain"), sample_record("plain", 5));
      EXPECT_EQ(m.known->inputs().size(), 5u);
      m.open();
      EXPECT_TRUE(m.notices.empty());
    }
  }
}

// Any number of steps in any order, held against a plain map; opened again at any time.
TEST(state, random_steps_are_as_in_a_map) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    machine m;
    std::map<std::string, std::uint8_t> model;
    std::vector<publication> begun;
    std::uint64_t number = 1;
    for (int step = 0; step < 200; ++step) {
      const std::string path = "input-" + std::to_string(random() % 12);
      const auto version = static_cast<std::uint8_t>(random());
      switch (random() % 7) {
        case 0:
          m.known->set(sample_record(path, version));
          model[path] = version;
          break;
        case 1:
          m.known->forget(path);
          model.erase(path);
          break;
        case 2:
        case 3:
          begun.push_back(publication_of(number++, with_files(path, version)));
          m.known->begin(begun.back());
          break;
        case 4:
        case 5: {
          if (begun.empty()) break;
          const auto at = begun.begin() + static_cast<std::ptrdiff_t>(random() % begun.size());
          if (random() % 3 == 0) {
            m.known->give_up(*at);
          } else {
            m.known->finish(*at);
            model[at->record.path] = static_cast<std::uint8_t>(at->record.size - 10);
          }
          begun.erase(at);
          break;
        }
        default:
          ASSERT_EQ(m.known->flush(), 0);
          m.open();
          ASSERT_EQ(m.known->unfinished().size(), begun.size());
      }
      ASSERT_EQ(m.known->flush(), 0);
      names paths;
      for (const auto &[name, at] : model) paths.push_back(name);
      std::sort(paths.begin(), paths.end());
      ASSERT_EQ(m.known->inputs(), paths) << "step " << step;
      for (const auto &[name, at] : model) ASSERT_EQ(m.known->find(name)->sha256, sample_digest<32>(at)) << "step " << step;
    }
  }
}

}  // namespace
}  // namespace calque::host
