// SPDX-License-Identifier: Apache-2.0
// The cache: what was kept comes back sealed, what is cut or false is none, and what is not used goes first.
#include "host/batch/document_cache.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <random>

#include "host/document/packed.hpp"
#include "host/document/random_document.hpp"
#include "host/pipeline/scratch_folder.hpp"
#include "host/system/bytes_io.hpp"
#include "host/worker/sample_messages.hpp"
#include "host/worker/worker_memory.hpp"

namespace calque::host {
namespace {

std::string packed(std::uint64_t seed) {
  return pack_all(test::random_documents(seed).value());
}

bool keep(const document_cache &cache, std::uint8_t key, const std::string &bytes) {
  return cache.keep(sample_digest<16>(key), *sealed_memory("d", bytes));
}

std::optional<std::string> fetch(const document_cache &cache, std::uint8_t key) {
  const descriptor fd = cache.fetch(sample_digest<16>(key));
  if (!fd) return std::nullopt;
  EXPECT_TRUE(is_sealed(*fd));
  return read_at(*fd, 0, 1 << 20);
}

/// The only file of a key, in a cache that has one.
std::string only_file(const scratch_folder &folder) {
  std::string found;
  for (const std::string &name : folder.list())
    if (!name.ends_with('/')) found += name;
  return found;
}

TEST(document_cache, what_was_kept_comes_back) {
  scratch_folder folder;
  const document_cache cache(folder.path("calque/documents"));
  EXPECT_TRUE(cache.is_on());
  EXPECT_EQ(fetch(cache, 1), std::nullopt);
  const std::string bytes = packed(1), other = packed(2);
  EXPECT_TRUE(keep(cache, 1, bytes));
  EXPECT_TRUE(keep(cache, 2, other));
  EXPECT_EQ(fetch(cache, 1), bytes);
  EXPECT_EQ(fetch(cache, 2), other);
  EXPECT_TRUE(keep(cache, 1, other));
  EXPECT_EQ(fetch(cache, 1), other) << "the last one counts";
  EXPECT_EQ(cache.size().documents, 2u);
  EXPECT_EQ(cache.size().bytes, 2 * other.size());
}

TEST(document_cache, only_what_is_sealed_and_sound_is_taken) {
  scratch_folder folder;
  const document_cache cache(folder.path());
  const std::string bytes = packed(1);
  const descriptor open(::memfd_create("d", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(write_whole(*open, bytes), 0);
  EXPECT_FALSE(cache.keep(sample_digest<16>(1), *open));
  EXPECT_FALSE(cache.keep(sample_digest<16>(1), -1));
  EXPECT_FALSE(keep(cache, 1, ""));
  EXPECT_FALSE(keep(cache, 1, "no documents"));
  EXPECT_FALSE(keep(cache, 1, bytes.substr(0, bytes.size() - 1)));
  EXPECT_TRUE(folder.list().empty());
  EXPECT_TRUE(keep(cache, 1, bytes));
}

TEST(document_cache, an_entry_that_is_cut_or_false_is_none) {
  scratch_folder folder;
  const document_cache cache(folder.path());
  const std::string bytes = packed(3);
  const auto digest = content_digest(unpack_all(bytes)->front());
  ASSERT_TRUE(keep(cache, 1, bytes));
  const std::string file = only_file(folder);
  std::mt19937_64 random(20260305);
  for (int round = 0; round < 200; ++round) {
    std::string now = bytes.substr(0, random() % bytes.size());
    if (round % 2 == 0) {
      now = bytes;
      now[random() % now.size()] ^= static_cast<char>(1u << random() % 8);
    }
    std::filesystem::remove(folder.path(file));  // writing over it would wait for the disk
    folder.write(file, now);
    const auto got = fetch(cache, 1);
    if (!got) continue;
    // The worker that unpacks it is who looks.
    const auto documents = unpack_all(*got);
    ASSERT_TRUE(!documents || content_digest(documents->front()) == digest) << "seed 20260305, round " << round;
  }
}

TEST(document_cache, what_is_no_file_is_none) {
  scratch_folder folder;
  const document_cache cache(folder.path());
  ASSERT_TRUE(keep(cache, 1, packed(1)));
  const std::string file = only_file(folder);
  std::filesystem::remove(folder.path(file));
  std::filesystem::create_directories(folder.path(file + "/in-the-way"));
  EXPECT_EQ(fetch(cache, 1), std::nullopt);
  EXPECT_FALSE(keep(cache, 1, packed(1)));
  std::filesystem::remove_all(folder.path(file));
  ASSERT_EQ(::mkfifo(folder.path(file).c_str(), 0600), 0);
  EXPECT_EQ(fetch(cache, 1), std::nullopt);
}

TEST(document_cache, none_is_as_empty_as_can_be) {
  const document_cache none("");
  EXPECT_FALSE(none.is_on());
  EXPECT_EQ(fetch(none, 1), std::nullopt);
  EXPECT_FALSE(keep(none, 1, packed(1)));
  const document_cache away("/proc/none/documents");
  EXPECT_FALSE(keep(away, 1, packed(1)));
  EXPECT_EQ(away.size().documents, 0u);
  EXPECT_EQ(away.shrink(0).documents, 0u);
}

TEST(document_cache, what_was_used_least_recently_goes_first) {
  scratch_folder folder;
  const document_cache cache(folder.path());
  std::vector<std::string> files;
  std::uint64_t all = 0;
  for (std::uint8_t key = 1; key <= 5; ++key) {
    const std::string bytes = packed(key);
    ASSERT_TRUE(keep(cache, key, bytes));
    all += bytes.size();
  }
  std::time_t time = 1'000'000;
  for (const std::string &name : folder.list())
    if (!name.ends_with('/')) {
      const timespec times[2] = {{time, 0}, {time, 0}};
      ASSERT_EQ(::utimensat(AT_FDCWD, folder.path(name).c_str(), times, 0), 0);
      time += 10;
    }
  EXPECT_EQ(cache.shrink(all).documents, 0u);
  EXPECT_TRUE(fetch(cache, 1)) << "which makes it the one that was used last";
  const cache_size gone = cache.shrink(all - packed(2).size());
  EXPECT_EQ(gone.documents, 1u);
  EXPECT_EQ(gone.bytes, packed(2).size());
  EXPECT_FALSE(fetch(cache, 2));
  EXPECT_EQ(cache.shrink(packed(1).size()).documents, 3u);
  EXPECT_TRUE(fetch(cache, 1));
  EXPECT_EQ(cache.shrink(0).documents, 1u);
  EXPECT_EQ(cache.size().documents, 0u);
}

}  // namespace
}  // namespace calque::host
