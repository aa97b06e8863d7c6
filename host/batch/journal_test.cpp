// SPDX-License-Identifier: Apache-2.0
// The journal: whatever becomes of its file, what is read is a beginning of what was written, and is told once.
#include "host/batch/journal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

struct record {
  int type = 0;
  std::string payload;
  std::uint64_t offset = 0;
  bool operator==(const record &other) const { return type == other.type && payload == other.payload; }
};

struct reading {
  std::optional<journal> file;
  std::vector<record> records;
  std::vector<std::string> codes;  // of notices, or of the error
};

reading read_all(const std::string &path, journal::access how = journal::access::read_write) {
  reading got;
  std::vector<diagnostic> notices;
  auto opened = journal::open(
      path, how, [&](const journal_record &one) { got.records.push_back({one.type, std::string(one.payload), one.offset}); },
      notices);
  for (const diagnostic &d : notices) {
    EXPECT_EQ(d.level, severity::warning);
    EXPECT_EQ(d.where.file, path);
    got.codes.push_back(d.code);
  }
  if (opened.has_value())
    got.file.emplace(std::move(opened.value()));
  else
    got.codes.push_back(opened.error().code);
  return got;
}

using codes = std::vector<std::string>;
const codes none, damaged{"state.damaged"};

std::vector<record> some_records() {
  std::vector<record> all;
  for (int k = 0; k < 12; ++k) all.push_back({1 + k % 7, std::string(static_cast<std::size_t>(k * 5), static_cast<char>('a' + k)), 0});
  all[5].payload = std::string(3, '\0');
  return all;
}

/// The bytes of a journal with some_records, and where each record begins; the last entry is the end.
std::string sound_bytes(const scratch_folder &folder, std::vector<std::uint64_t> &offsets) {
  reading made = read_all(folder.path("sound"));
  for (const record &one : some_records()) offsets.push_back(made.file->add(static_cast<std::uint8_t>(one.type), one.payload));
  offsets.push_back(made.file->size());
  EXPECT_EQ(made.file->flush(), 0);
  return folder.read("sound");
}

bool is_beginning(const std::vector<record> &part, const std::vector<record> &whole) {
  return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin());
}

TEST(journal, records_come_back_in_order) {
  scratch_folder folder;
  reading made = read_all(folder.path("state.db"));
  ASSERT_TRUE(made.file);
  EXPECT_TRUE(made.records.empty());
  EXPECT_EQ(made.codes, none);
  std::vector<std::uint64_t> offsets;
  for (const record &one : some_records()) offsets.push_back(made.file->add(static_cast<std::uint8_t>(one.type), one.payload));
  EXPECT_EQ(folder.read("state.db").size(), 16u) << "nothing is in the file before it is flushed";
  ASSERT_EQ(made.file->flush(), 0);
  ASSERT_EQ(made.file->sync(), 0);
  EXPECT_EQ(made.file->size(), folder.read("state.db").size());
  for (std::size_t k = 0; k < offsets.size(); ++k) EXPECT_EQ(made.file->read(offsets[k]), some_records()[k].payload);
  const reading again = read_all(folder.path("state.db"), journal::access::read_only);
  EXPECT_EQ(again.records, some_records());
  EXPECT_EQ(again.codes, none);
  for (std::size_t k = 0; k < offsets.size(); ++k) EXPECT_EQ(again.records[k].offset, offsets[k]);
}

TEST(journal, can_be_added_to_when_it_is_opened_again) {
  scratch_folder folder;
  for (int k = 0; k < 3; ++k) {
    reading made = read_all(folder.path("a"));
    ASSERT_EQ(made.records.size(), static_cast<std::size_t>(k));
    made.file->add(1, std::to_string(k));
    ASSERT_EQ(made.file->flush(), 0);
  }
  EXPECT_EQ(read_all(folder.path("a")).records.back().payload, "2");
}

// Every cut, the boundaries among them: the longest sound beginning, one notice, and none the second time.
TEST(journal, a_cut_at_any_byte_leaves_the_longest_sound_beginning) {
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  const std::string bytes = sound_bytes(folder, offsets);
  const std::vector<record> all = some_records();
  for (std::size_t size = 16; size <= bytes.size(); ++size) {
    SCOPED_TRACE(size);
    std::filesystem::remove(folder.path("cut"));  // a file that is cut to nothing and written anew waits for the disk
    const std::string path = folder.write("cut", std::string_view(bytes).substr(0, size));
    const auto whole = static_cast<std::size_t>(std::upper_bound(offsets.begin(), offsets.end(), size) - offsets.begin()) - 1;
    const bool is_boundary = offsets[whole] == size;
    const reading looked = read_all(path, journal::access::read_only);
    ASSERT_EQ(looked.codes, is_boundary ? none : damaged);
    ASSERT_EQ(folder.read("cut").size(), size) << "a reader mends nothing";
    reading got = read_all(path);
    ASSERT_EQ(got.records.size(), whole);
    ASSERT_TRUE(is_beginning(got.records, all));
    ASSERT_EQ(got.codes, is_boundary ? none : damaged);
    ASSERT_EQ(got.file->size(), offsets[whole]);
    got.file->add(9, "more");
    ASSERT_EQ(got.file->flush(), 0);
    const reading second = read_all(path);
    ASSERT_EQ(second.codes, none);
    ASSERT_EQ(second.records.size(), whole + 1);
    ASSERT_EQ(second.records.back().payload, "more");
  }
}

TEST(journal, a_cut_head_is_moved_aside) {
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  const std::string bytes = sound_bytes(folder, offsets);
  for (std::size_t size = 1; size < 16; ++size) {
    const std::string path = folder.write("cut", std::string_view(bytes).substr(0, size));
    const reading got = read_all(path);
    ASSERT_EQ(got.codes, damaged) << size;
    ASSERT_TRUE(got.records.empty());
    ASSERT_EQ(folder.read("cut.damaged"), bytes.substr(0, size));
    ASSERT_EQ(read_all(path).codes, none);
  }
}

TEST(journal, an_empty_file_and_none_are_empty_journals) {
  scratch_folder folder;
  folder.write("empty", "");
  EXPECT_EQ(read_all(folder.path("empty"), journal::access::read_only).codes, none);
  EXPECT_EQ(folder.read("empty"), "");
  reading got = read_all(folder.path("empty"));
  EXPECT_EQ(got.codes, none);
  EXPECT_TRUE(got.records.empty());
  got.file->add(1, "x");
  EXPECT_EQ(got.file->flush(), 0);
  EXPECT_EQ(read_all(folder.path("empty")).records.size(), 1u);
  const reading missing = read_all(folder.path("missing"), journal::access::read_only);
  EXPECT_EQ(missing.codes, none);
  EXPECT_FALSE(missing.file->is_open());
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"empty"})) << "looking makes nothing";
}

TEST(journal, a_foreign_file_is_kept_aside_and_told_once) {
  scratch_folder folder;
  const std::string foreign = "SQLite format 3\0 and many pages more of somebody else's";
  const std::string path = folder.write("state.db", foreign);
  EXPECT_EQ(read_all(path, journal::access::read_only).codes, damaged);
  EXPECT_EQ(folder.read("state.db"), foreign) << "a reader moves nothing";
  EXPECT_EQ(read_all(path).codes, damaged);
  EXPECT_EQ(folder.read("state.db.damaged"), foreign);
  EXPECT_EQ(read_all(path).codes, none);
}

TEST(journal, a_newer_version_is_refused_and_untouched) {
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  std::string bytes = sound_bytes(folder, offsets);
  const std::uint32_t version = 2;
  std::memcpy(bytes.data() + 8, &version, 4);
  const std::uint32_t checksum = XXH32(bytes.data(), 12, 0);
  std::memcpy(bytes.data() + 12, &checksum, 4);
  const std::string path = folder.write("newer", bytes);
  EXPECT_EQ(read_all(path).codes, codes{"state.newer-version"});
  EXPECT_EQ(folder.read("newer"), bytes);
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"newer", "sound"}));
}

TEST(journal, a_tail_of_zeros_or_of_anything_is_cut_off) {
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  const std::string bytes = sound_bytes(folder, offsets);
  for (const std::string &tail : {std::string(1, '\0'), std::string(9, '\0'), std::string(4096, '\0'), std::string("x"),
                                  std::string(9, '\xFF'), std::string(5000, '\xFF')}) {
    const std::string path = folder.write("tail", bytes + tail);
    const reading got = read_all(path);
    EXPECT_EQ(got.records, some_records());
    EXPECT_EQ(got.codes, damaged);
    EXPECT_EQ(read_all(path).codes, none);
    EXPECT_EQ(folder.read("tail"), bytes);
  }
}

TEST(journal, false_bits_never_give_a_record_that_was_not_written) {
  constexpr std::uint64_t seed = 20260304;
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  const std::string bytes = sound_bytes(folder, offsets);
  const std::vector<record> all = some_records();
  std::mt19937_64 random(seed);
  const std::string path = folder.write("flipped", bytes);
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  for (int flipped_bits = 0, round = 0; flipped_bits < 10'000; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", round " << round);
    std::string flipped = bytes;
    for (std::uint64_t flips = 1 + random() % 5; flips > 0; --flips, ++flipped_bits)
      flipped[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    ASSERT_EQ(::pwrite(fd, flipped.data(), flipped.size(), 0), static_cast<ssize_t>(flipped.size()));
    const reading got = read_all(path, journal::access::read_only);
    ASSERT_TRUE(is_beginning(got.records, all)) << got.records.size() << " records";
    if (flipped != bytes) {
      ASSERT_LT(got.records.size(), all.size());
      ASSERT_EQ(got.codes.size(), 1u);
    }
  }
  ::close(fd);
}

TEST(journal, what_is_read_again_is_checked_again) {
  scratch_folder folder;
  reading made = read_all(folder.path("a"));
  const std::uint64_t at = made.file->add(1, "payload"), next = made.file->add(1, "other");
  ASSERT_EQ(made.file->flush(), 0);
  EXPECT_EQ(made.file->read(at), "payload");
  EXPECT_EQ(made.file->read(at + 1), "");
  EXPECT_EQ(made.file->read(1 << 30), "");
  std::string bytes = folder.read("a");
  bytes[at + 10] ^= 1;
  folder.write("a", bytes);  // the same file, as somebody else may write to it
  EXPECT_EQ(made.file->read(at), "");
  EXPECT_EQ(made.file->read(next), "other");
}

TEST(journal, a_failed_flush_leaves_the_file_as_it_was) {
  scratch_folder folder;
  reading made = read_all(folder.path("a"));
  made.file->add(1, "first");
  ASSERT_EQ(made.file->flush(), 0);
  const std::string before = folder.read("a");
  const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit small{before.size() + 5, limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  made.file->add(1, "second, that does not fit");
  const int failed = made.file->flush();
  ::setrlimit(RLIMIT_FSIZE, &limit);
  ::signal(SIGXFSZ, ignored);
  EXPECT_EQ(failed, EFBIG);
  EXPECT_EQ(folder.read("a"), before);
  EXPECT_EQ(made.file->size(), before.size());
  made.file->add(1, "third");
  EXPECT_EQ(made.file->flush(), 0);
  const reading again = read_all(folder.path("a"));
  EXPECT_EQ(again.codes, none);
  ASSERT_EQ(again.records.size(), 2u);
  EXPECT_EQ(again.records[1].payload, "third");
}

TEST(journal, is_rewritten_with_what_is_named) {
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  sound_bytes(folder, offsets);
  const std::vector<record> all = some_records();
  reading got = read_all(folder.path("sound"));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> moves;
  ASSERT_EQ(got.file->rewrite({offsets[7], offsets[2], offsets[11]},
                              [&](std::uint64_t before, std::uint64_t after) { moves.emplace_back(before, after); }),
            0);
  ASSERT_EQ(moves.size(), 3u);
  EXPECT_EQ(moves[1].first, offsets[2]);
  EXPECT_EQ(got.file->read(moves[1].second), all[2].payload);
  got.file->add(5, "after");
  ASSERT_EQ(got.file->flush(), 0);
  const reading again = read_all(folder.path("sound"));
  EXPECT_EQ(again.records, (std::vector<record>{all[7], all[2], all[11], {5, "after", 0}}));
  EXPECT_EQ(again.records[2].offset, moves[2].second);
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"sound"}));
}

TEST(journal, a_rewrite_that_fails_leaves_the_old_file) {
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  const std::string bytes = sound_bytes(folder, offsets);
  reading got = read_all(folder.path("sound"));
  EXPECT_NE(got.file->rewrite({offsets[1] + 1}, [](auto, auto) { FAIL(); }), 0) << "there is no record";
  EXPECT_EQ(folder.read("sound"), bytes);
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"sound"}));
  EXPECT_EQ(got.file->read(offsets[3]), some_records()[3].payload);
}

TEST(journal, goes_through_no_link_and_no_pipe) {
  scratch_folder folder;
  std::vector<std::uint64_t> offsets;
  sound_bytes(folder, offsets);
  ASSERT_EQ(::symlink("sound", folder.path("link").c_str()), 0);
  EXPECT_EQ(read_all(folder.path("link")).codes, codes{"output.symlink"});
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_all(folder.path("pipe")).codes, codes{"output.cannot-create"});
  EXPECT_EQ(read_all(folder.path("none/state.db")).codes, codes{"output.cannot-create"});
}

TEST(journal, has_room_ahead_while_it_is_written_and_gives_it_back) {
  const scratch_folder folder;
  const std::string path = folder.path("state.db");
  const auto blocks = [&] {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return static_cast<std::uint64_t>(info.st_blocks) * 512;
  };
  std::vector<diagnostic> notices;
  {
    auto opened = journal::open(path, journal::access::read_write, [](const journal_record &) {}, notices);
    ASSERT_TRUE(opened.has_value());
    for (int k = 0; k < 40; ++k) {
      opened->add(1, std::string(50'000, 'x'));
      ASSERT_EQ(opened->flush(), 0);
      ASSERT_GE(blocks(), opened->size() + (256 << 10)) << k;
      ASSERT_EQ(std::filesystem::file_size(path), opened->size()) << "a reader sees what was written, and no more";
    }
  }
  EXPECT_LE(blocks(), std::filesystem::file_size(path) + 8192);
}

}  // namespace
}  // namespace calque::host
