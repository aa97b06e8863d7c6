// SPDX-License-Identifier: Apache-2.0
// Opens an input: regular files only, read whole, with its digest and what its first bytes look like.
#include "host/pipeline/open_input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "host/plugins/media_types.hpp"

namespace calque::host {
namespace {

diagnostic problem(std::string code, const std::string &path, std::string message, std::string hint) {
  diagnostic d;
  d.level = severity::error;
  d.code = std::move(code);
  d.message = std::move(message);
  d.hint = std::move(hint);
  d.document = path;
  return d;
}

diagnostic failed(const std::string &path, int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return problem("input.missing", path, "there is no such file", "check the name and the folder you are in");
    case EACCES:
    case EPERM:
      return problem("input.permission", path, "no permission to read it",
                     "give the user who runs this the right to read the file and to enter its folders");
    case ELOOP:
      return problem("input.missing", path, "its symbolic links lead in a circle", "give the file itself");
    default:
      return problem("input.unreadable", path, fmt::format("reading failed: {}", std::strerror(error)),
                     "copy the file to another disk and try that copy");
  }
}

diagnostic too_big(const std::string &path, std::uint64_t most_bytes) {
  return problem("input.too-big", path, fmt::format("it is bigger than {} bytes, the limit for an input", most_bytes),
                 "split it, or raise `input` in [limits]");
}

/// What a mode says when it is not a regular file's.
std::string_view kind_of_file(mode_t mode) {
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "something that is not a file";
}

result<input_file> finish(std::string path, std::string name, std::string bytes) {
  if (bytes.empty()) return input_error(path, 0, 0);
  input_file input = input_from_memory(std::move(name), std::move(bytes));
  input.path = std::move(path);
  return input;
}

/// Reads to the end; a file that grows meanwhile is read as far as `most_bytes` allows.
result<std::string> read_all(int fd, const std::string &path, std::uint64_t expected, std::uint64_t most_bytes) {
  std::string bytes;
  size_t used = 0;
  bytes.resize(static_cast<size_t>(expected) + 1);
  for (;;) {
    if (used > most_bytes) return too_big(path, most_bytes);
    if (used == bytes.size()) bytes.resize(std::max<size_t>(bytes.size() * 2, 64 * 1024));
    const ssize_t got = read(fd, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, errno);
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace

input_file input_from_memory(std::string name, std::string bytes) {
  input_file input;
  input.path = name;
  input.name = std::move(name);
  input.bytes = std::move(bytes);
  input.sha256 = sha256_of(input.bytes);
  input.media_type = media_type_of(input.name, input.bytes);
  return input;
}

diagnostic input_error(const std::string &path, int number, std::uint64_t most_bytes) {
  if (number == 0)
    return problem("input.empty", path, "it has no content (0 bytes)", "see whether copying or downloading it failed");
  return number == EFBIG ? too_big(path, most_bytes) : failed(path, number);
}

result<descriptor> open_regular_file(const std::string &path, std::uint64_t most_bytes) {
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  descriptor fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENXIO) // a socket cannot be opened
      return problem("input.not-a-file", path, "it is a socket", "save what comes out of it as a file and give that");
    return failed(path, errno);
  }
  struct stat info {};
  if (fstat(*fd, &info) != 0) return failed(path, errno);
  if (S_ISDIR(info.st_mode))
    return problem("input.is-a-folder", path, "it is a folder", "name the files in it: \"FOLDER/*.txt\"");
  if (!S_ISREG(info.st_mode))
    return problem("input.not-a-file", path, fmt::format("it is {}", kind_of_file(info.st_mode)),
                   "save what comes out of it as a file and give that");
  if (static_cast<std::uint64_t>(info.st_size) > most_bytes) return too_big(path, most_bytes);
  return fd;
}

result<input_file> open_input(const std::string &path, std::uint64_t most_bytes) {
  const auto fd = open_regular_file(path, most_bytes);
  if (!fd.has_value()) return fd.errors();
  struct stat info {};
  if (fstat(*fd.value(), &info) != 0) return failed(path, errno);
  auto bytes = read_all(*fd.value(), path, static_cast<std::uint64_t>(info.st_size), most_bytes);
  if (!bytes.has_value()) return bytes.error();
  return finish(path, path.substr(path.rfind('/') + 1), std::move(bytes.value()));
}

result<input_file> read_standard_input(std::uint64_t most_bytes) {
  auto bytes = read_all(STDIN_FILENO, "standard input", 64 * 1024, most_bytes);
  if (!bytes.has_value()) return bytes.error();
  return finish("standard input", "stdin", std::move(bytes.value()));
}

}  // namespace calque::host
