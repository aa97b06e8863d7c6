// SPDX-License-Identifier: Apache-2.0
// F31: the state cut at every byte, with bits flipped, with other bytes behind it. What is read is what stood there after
// some record, all of it and nothing else; and a second opening has nothing to say.
#include <gtest/gtest.h>

#include <xxhash.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "host/batch/state.hpp"
#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

constexpr std::size_t head_size = 16;  // of the file

/// All that a state knows, as a text.
std::string content_of(const state &known) {
  std::ostringstream out;
  out << "owner " << known.owner() << "\n";
  for (const std::string &path : known.inputs()) {
    const auto record = known.find(path);
    if (!record) {
      out << path << " has no record that can be read\n";
      continue;
    }
    out << path << " " << record->size << " " << name_of(record->status) << " " << record->code;
    for (const placed_file &file : record->files)
      out << " " << file.file.path << ":" << int{file.file.sha256[0]} << ":" << file.inode << ":" << file.changed_ns;
    out << (known.find_configuration(record->configuration) ? "\n" : " of an unknown configuration\n");
  }
  for (const publication &one : known.unfinished()) out << "begun " << one.number << " " << one.record.path << "\n";
  return out.str();
}

struct moment {
  std::size_t size = 0;  // of the file
  std::string content;
};

std::string bytes_of(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class state_damage : public ::testing::Test {
 protected:
  /// The life of a state, a record at a time: documents published, failed, forgotten, given up, and one begun at the end.
  void live(std::uint32_t documents, bool is_watched = true) {
    std::vector<diagnostic> none;
    auto opened = state::open(path(), journal::access::read_write, none);
    ASSERT_TRUE(opened.has_value());
    state &known = *opened.value();
    const configuration fields{{"stage.a.with.b", "c"}};
    const auto note = [&] {
      if (!is_watched) return;
      ASSERT_EQ(known.flush(), 0);
      moments_.push_back({std::filesystem::file_size(path()), content_of(known)});
    };
    moments_ = {{head_size, content_of(known)}};
    known.set_owner("minutes");
    note();
    known.keep(fields);
    note();
    for (std::uint32_t k = 0; k < documents; ++k) {
      publication one;
      one.number = k + 1;
      one.staging = "w1-1";
      one.record.path = "in/" + std::to_string(k) + ".txt";
      one.record.size = 100 + k;
      one.record.configuration = digest_of(fields);
      if (k % 7 == 3) {
        one.record.status = run_status::failed;
        one.record.code = "test.failed";
        known.set(one.record);
        note();
        continue;
      }
      for (std::uint8_t n = 0; n < 2; ++n) {
        placed_file file;
        file.file.path = std::to_string(k) + "." + std::to_string(n) + ".txt";
        file.file.sha256[0] = static_cast<std::uint8_t>(k + n);
        one.moves.emplace_back(std::to_string(k) + "-" + std::to_string(n), n);
        one.record.files.push_back(std::move(file));
      }
      known.begin(one);
      note();
      if (k + 1 == documents) break;
      for (placed_file &file : one.record.files) file.inode = 1000 + k, file.changed_ns = 77;
      if (k % 7 == 5)
        known.give_up(one);
      else
        known.finish(one);
      note();
      if (k % 7 != 6) continue;
      known.forget("in/" + std::to_string(k - 2) + ".txt");
      note();
    }
    ASSERT_EQ(known.flush(), 0);
    whole_ = bytes_of(path());
  }

  std::string path() const { return folder_.path("state.db"); }
  /// The last moment before that byte.
  const moment &before(std::size_t byte) const {
    return *std::prev(std::upper_bound(moments_.begin(), moments_.end(), byte,
                                       [](std::size_t at, const moment &one) { return at < one.size; }));
  }

  /// Opens a state of these bytes twice.
  void expect(const std::string &bytes, const moment &wanted, std::size_t notices) {
    std::filesystem::remove(path() + ".damaged");
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    std::vector<diagnostic> said, again;
    {
      const auto opened = state::open(path(), journal::access::read_write, said);
      ASSERT_TRUE(opened.has_value()) << opened.error().message;
      ASSERT_EQ(content_of(*opened.value()), wanted.content);
    }
    ASSERT_EQ(said.size(), notices) << (said.empty() ? "" : said[0].message);
    ASSERT_EQ(std::filesystem::file_size(path()), wanted.size);
    const auto opened = state::open(path(), journal::access::read_write, again);
    ASSERT_TRUE(opened.has_value());
    ASSERT_EQ(content_of(*opened.value()), wanted.content);
    ASSERT_TRUE(again.empty()) << again[0].message;
  }

  scratch_folder folder_;
  std::vector<moment> moments_;
  std::string whole_;
};

TEST_F(state_damage, each_moment_differs_from_the_one_before) {
  live(40);
  for (std::size_t k = 3; k < moments_.size(); ++k) {
    EXPECT_GT(moments_[k].size, moments_[k - 1].size);
    EXPECT_TRUE(moments_[k].content != moments_[k - 1].content) << k;
  }
  EXPECT_EQ(whole_.size(), moments_.back().size);
}

TEST_F(state_damage, cut_at_every_byte) {
  live(20);
  for (std::size_t size = head_size; size <= whole_.size() && !HasFatalFailure(); ++size) {
    SCOPED_TRACE("cut at " + std::to_string(size) + " of " + std::to_string(whole_.size()));
    const moment &wanted = before(size);
    expect(whole_.substr(0, size), wanted, wanted.size == size ? 0 : 1);
  }
  for (std::size_t size = 0; size < head_size && !HasFatalFailure(); ++size) {
    SCOPED_TRACE("cut at " + std::to_string(size));
    expect(whole_.substr(0, size), moments_.front(), size == 0 ? 0 : 1);  // empty: it was made and nothing more
  }
}

TEST_F(state_damage, a_flipped_bit) {
  live(40);
  std::mt19937_64 engine(1962);
  for (int k = 0; k < 3'000 && !HasFatalFailure(); ++k) {
    const std::size_t at = head_size + engine() % (whole_.size() - head_size), bit = engine() % 8;
    SCOPED_TRACE("bit " + std::to_string(bit) + " of byte " + std::to_string(at));
    std::string flipped = whole_;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
    expect(flipped, before(at), 1);
  }
}

TEST_F(state_damage, a_flipped_bit_of_the_head_loses_no_byte) {
  live(10);
  for (std::size_t bit = 0; bit < head_size * 8 && !HasFatalFailure(); ++bit) {
    SCOPED_TRACE("bit " + std::to_string(bit));
    std::string flipped = whole_;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    expect(flipped, moments_.front(), 1);
    ASSERT_EQ(bytes_of(path() + ".damaged"), flipped);
  }
}

TEST_F(state_damage, other_bytes_behind_it) {
  live(10);
  std::mt19937_64 engine(1);
  std::string noise(4096, '\0');
  for (char &c : noise) c = static_cast<char>(engine());
  for (const std::string &tail : {std::string(1, '\0'), std::string(9, '\0'), std::string(4096, '\0'), noise, whole_}) {
    SCOPED_TRACE(std::to_string(tail.size()) + " bytes");
    expect(whole_ + tail, moments_.back(), 1);
  }
  // Zeros in place of the last record, as a file system leaves them that knew the size before the bytes.
  const moment &wanted = moments_[moments_.size() - 2];
  expect(whole_.substr(0, wanted.size) + std::string(whole_.size() - wanted.size, '\0'), wanted, 1);
}

TEST_F(state_damage, a_newer_version_is_refused_and_left_alone) {
  live(3);
  std::string newer = whole_;
  const std::uint32_t number = 2;
  std::memcpy(newer.data() + 8, &number, sizeof number);
  const std::uint32_t checksum = XXH32(newer.data(), 12, 0);
  std::memcpy(newer.data() + 12, &checksum, sizeof checksum);
  std::ofstream(path(), std::ios::binary | std::ios::trunc) << newer;
  std::vector<diagnostic> said;
  const auto opened = state::open(path(), journal::access::read_write, said);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, "state.newer-version");
  EXPECT_EQ(bytes_of(path()), newer);
}

TEST_F(state_damage, five_thousand_documents_open_quickly) {
  live(5'000, false);
  std::vector<diagnostic> said;
  const auto began = std::chrono::steady_clock::now();
  const auto opened = state::open(path(), journal::access::read_write, said);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  ASSERT_TRUE(opened.has_value());
  std::printf("%zu bytes in %.1f ms\n", whole_.size(), took.count());
  EXPECT_LE(took.count(), 200);
}

}  // namespace
}  // namespace calque::host
