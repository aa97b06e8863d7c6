// SPDX-License-Identifier: Apache-2.0
// Whole reads and writes: pieces of a pipe, ends of files, what is no file, and memory that nobody can change.
#include "host/system/bytes_io.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <thread>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

TEST(bytes_io, a_write_that_comes_in_pieces_is_whole) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const descriptor from(ends[0]);
  descriptor to(ends[1]);
  // Far more than a pipe holds, so write() gives less than it was asked for.
  std::string sent(3'000'001, 'x');
  for (std::size_t k = 0; k < sent.size(); k += 97) sent[k] = static_cast<char>('a' + k % 26);
  std::string got;
  std::thread reader([&] {
    std::string piece(10'007, '\0');
    for (ssize_t size = 0; (size = ::read(*from, piece.data(), piece.size())) > 0;) got.append(piece, 0, static_cast<std::size_t>(size));
  });
  EXPECT_EQ(write_whole(*to, sent), 0);
  to.close();
  reader.join();
  EXPECT_TRUE(got == sent);
}

TEST(bytes_io, a_failed_write_says_why) {
  scratch_folder folder;
  const descriptor fd(::open(folder.write("a", "old").c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(write_whole(*fd, "new"), EBADF);
  EXPECT_EQ(write_whole_at(*fd, "new", 0), EBADF);
  EXPECT_EQ(write_whole(*fd, ""), 0);
}

TEST(bytes_io, a_write_beyond_the_limit_fails_though_a_part_of_it_fits) {
  scratch_folder folder;
  const descriptor fd(::open(folder.path("a").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{10, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const int whole = write_whole(*fd, "0123456789abcdef"), at = write_whole_at(*fd, "0123456789abcdef", 0);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, ignored);
  EXPECT_EQ(whole, EFBIG);
  EXPECT_EQ(at, EFBIG);
}

TEST(bytes_io, writes_and_reads_at_a_place_leave_the_position_alone) {
  scratch_folder folder;
  const descriptor fd(::open(folder.write("a", "0123456789").c_str(), O_RDWR | O_CLOEXEC));
  EXPECT_EQ(write_whole_at(*fd, "XY", 4), 0);
  EXPECT_EQ(read_at(*fd, 3, 4), "3XY6");
  EXPECT_EQ(::lseek(*fd, 0, SEEK_CUR), 0);
  EXPECT_EQ(read_at(*fd, 8, 100), "89");
  EXPECT_EQ(read_at(*fd, 100, 5), "");
  EXPECT_EQ(write_whole_at(*fd, "end", 10), 0);
  EXPECT_EQ(folder.read("a"), "0123XY6789end");
  EXPECT_EQ(read_at(-1, 0, 1), std::nullopt);
}

TEST(bytes_io, only_regular_files_of_some_size_are_read) {
  scratch_folder folder;
  const std::string bytes("a\0b", 3);
  EXPECT_EQ(read_file(folder.write("a", bytes), 3), bytes);
  EXPECT_EQ(read_file(folder.write("empty", ""), 0), "");
  EXPECT_EQ(read_file(folder.path("a"), 2), std::nullopt);
  EXPECT_EQ(errno, EFBIG);
  EXPECT_EQ(read_file(folder.path("none"), 9), std::nullopt);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_EQ(read_file(folder.path(), 9), std::nullopt);
  EXPECT_EQ(errno, EINVAL);
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(folder.path("pipe"), 9), std::nullopt);  // and does not wait for a writer
  EXPECT_EQ(errno, EINVAL);
}

TEST(bytes_io, the_folder_of_a_path_is_synced) {
  scratch_folder folder;
  EXPECT_EQ(sync_folder_of(folder.path("not-there")), 0);
  EXPECT_EQ(sync_folder_of("/x"), 0);
  EXPECT_EQ(sync_folder_of("x"), 0);
  EXPECT_EQ(sync_folder_of(folder.path("none/x")), ENOENT);
}

TEST(sealed_memory, has_its_bytes_and_keeps_them) {
  const std::string bytes(100'000, 'z');
  const descriptor fd = sealed_memory("test", bytes);
  ASSERT_TRUE(fd);
  EXPECT_TRUE(is_sealed(*fd));
  EXPECT_TRUE(read_at(*fd, 0, 200'000) == bytes);
  EXPECT_LT(::pwrite(*fd, "!", 1, 0), 0);
  EXPECT_LT(::ftruncate(*fd, 5), 0);
  EXPECT_LT(::ftruncate(*fd, 200'000), 0);
  EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0), MAP_FAILED);
  EXPECT_TRUE(is_sealed(*sealed_memory("empty", "")));
}

TEST(sealed_memory, each_missing_seal_is_seen) {
  EXPECT_FALSE(is_sealed(-1));
  scratch_folder folder;
  EXPECT_FALSE(is_sealed(*descriptor(::open(folder.write("a", "x").c_str(), O_RDWR | O_CLOEXEC))));
  const int all[] = {F_SEAL_WRITE, F_SEAL_SHRINK, F_SEAL_GROW};
  for (const int missing : all) {
    const descriptor fd(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    for (const int seal : all)
      if (seal != missing) {
        ASSERT_EQ(::fcntl(*fd, F_ADD_SEALS, seal), 0);
      }
    EXPECT_FALSE(is_sealed(*fd)) << missing;
    ASSERT_EQ(::fcntl(*fd, F_ADD_SEALS, missing), 0);
    EXPECT_TRUE(is_sealed(*fd)) << missing;
  }
}

TEST(descriptor, is_closed_once_by_its_last_holder) {
  const auto is_open = [](int number) { return ::fcntl(number, F_GETFD) >= 0; };
  descriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int number = *first;
  descriptor second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): that it is empty is the point
  EXPECT_EQ(*second, number);
  second = descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(is_open(number));
  const int other = second.release();
  EXPECT_FALSE(second);
  EXPECT_TRUE(is_open(other));
  descriptor third(other);
  third.close();
  EXPECT_FALSE(is_open(other));
  third.close();
}

}  // namespace
}  // namespace calque::host
