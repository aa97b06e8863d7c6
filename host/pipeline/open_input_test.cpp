// SPDX-License-Identifier: Apache-2.0
// What can be opened as an input, and what is said of the rest.
#include "host/pipeline/open_input.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "host/pipeline/scratch_folder.hpp"
#include "host/plugins/media_types.hpp"

namespace calque::host {
namespace {

constexpr std::uint64_t most = 1 << 20;

std::string code_of(const std::string &path, std::uint64_t most_bytes = most) {
  auto opened = open_input(path, most_bytes);
  if (opened.has_value()) return "opened";
  EXPECT_EQ(opened.error().document, path);
  EXPECT_FALSE(opened.error().message.empty());
  EXPECT_FALSE(opened.error().hint.empty());
  return opened.error().code;
}

TEST(open_input, a_file_comes_with_name_type_and_digest) {
  scratch_folder folder;
  auto opened = open_input(folder.write("letter.txt", "abc"), most);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened.value().name, "letter.txt");
  EXPECT_EQ(opened.value().media_type, "text/plain");
  EXPECT_EQ(opened.value().bytes, "abc");
  EXPECT_EQ(opened.value().sha256[0], 0xba); // of "abc": ba7816bf…
  EXPECT_EQ(opened.value().sha256[31], 0xad);
}

TEST(open_input, each_kind_of_trouble_has_its_code) {
  scratch_folder folder;
  EXPECT_EQ(code_of(folder.path("missing.txt")), "input.missing");
  EXPECT_EQ(code_of(folder.write("file", "x") + "/below"), "input.missing");
  EXPECT_EQ(code_of(folder.path()), "input.is-a-folder");
  EXPECT_EQ(code_of(folder.write("empty.txt", "")), "input.empty");
  EXPECT_EQ(code_of(folder.write("big.txt", "12345"), 4), "input.too-big");
  EXPECT_EQ(code_of(folder.write("fits.txt", "1234"), 4), "opened");
  EXPECT_EQ(code_of("/dev/null"), "input.not-a-file");
  std::filesystem::create_symlink("loop", folder.path("loop"));
  EXPECT_EQ(code_of(folder.path("loop")), "input.missing");
}

TEST(open_input, a_pipe_without_writer_does_not_block) {
  scratch_folder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(code_of(pipe), "input.not-a-file");
}

TEST(open_input, a_socket_is_refused) {
  scratch_folder folder;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, folder.path("s").c_str(), sizeof address.sun_path - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
  EXPECT_EQ(code_of(folder.path("s")), "input.not-a-file");
  close(fd);
}

TEST(open_input, no_permission_is_said) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything; tests/cli drops its rights for this";
  scratch_folder folder;
  const std::string file = folder.write("secret.txt", "x");
  chmod(file.c_str(), 0);
  EXPECT_EQ(code_of(file), "input.permission");
}

TEST(open_input, reading_that_fails_half_way_is_said) {
  // Reading this process's memory at 0 fails with EIO.
  EXPECT_EQ(code_of("/proc/self/mem"), "input.unreadable");
}

TEST(media_type, the_extension_refines_a_container) {
  EXPECT_EQ(input_from_memory("a.docx", "PK\x03\x04").media_type,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
  EXPECT_EQ(input_from_memory("a.txt", "%PDF-1.7").media_type, "application/pdf");
  EXPECT_EQ(input_from_memory("A.TXT", "hello").media_type, "text/plain");
  EXPECT_EQ(input_from_memory("noname", "hello").media_type, "");
}

TEST(describe_content, names_what_it_sees) {
  EXPECT_EQ(describe_content("%PDF-1.7"), "a PDF");
  EXPECT_EQ(describe_content(std::string_view("a\0b", 3)), "binary data");
  EXPECT_EQ(describe_content("hello"), "text");
}

}  // namespace
}  // namespace calque::host
