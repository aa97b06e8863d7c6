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

namespace calque::host {
namespace {

struct content_mark {
  std::string_view bytes, media_type, what;
};
using namespace std::string_view_literals;

constexpr content_mark content_marks[] = {
    {"%PDF-"sv, "application/pdf", "a PDF"},
    {"PK\x03\x04"sv, "application/zip", "a ZIP archive (DOCX, ODT and EPUB are such)"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "application/x-ole-storage", "an old Office document"},
    {"\x1F\x8B"sv, "application/gzip", "gzip data"},
    {"\xFD"
     "7zXZ\0"sv,
     "application/x-xz", "xz data"},
    {"\x28\xB5\x2F\xFD"sv, "application/zstd", "zstd data"},
    {"\x89PNG\r\n\x1A\n"sv, "image/png", "a PNG image"},
    {"\xFF\xD8\xFF"sv, "image/jpeg", "a JPEG image"},
    {"GIF8"sv, "image/gif", "a GIF image"},
    {"II*\0"sv, "image/tiff", "a TIFF image"},
    {"MM\0*"sv, "image/tiff", "a TIFF image"},
    {"\x7F"
     "ELF"sv,
     "application/x-elf", "a program"},
    {"{\\rtf"sv, "application/rtf", "an RTF document"},
    {"<?xml"sv, "application/xml", "XML"},
    {"\xEF\xBB\xBF<?xml"sv, "application/xml", "XML"},
};

constexpr std::pair<std::string_view, std::string_view> extensions[] = {
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"eml", "message/rfc822"},
    {"epub", "application/epub+zip"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"json", "application/json"},
    {"mbox", "application/mbox"},
    {"md", "text/markdown"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"pdf", "application/pdf"},
    {"rtf", "application/rtf"},
    {"text", "text/plain"},
    {"txt", "text/plain"},
    {"xhtml", "application/xhtml+xml"},
    {"xml", "application/xml"},
};

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

std::string_view media_type_of_content(std::string_view head) {
  for (const content_mark &mark : content_marks)
    if (head.starts_with(mark.bytes)) return mark.media_type;
  return {};
}

std::string_view media_type_of_name(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  std::string extension(name.substr(dot + 1));
  for (char &c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const auto &[known, media_type] : extensions)
    if (extension == known) return media_type;
  return {};
}

std::string describe_content(std::string_view head) {
  for (const content_mark &mark : content_marks)
    if (head.starts_with(mark.bytes)) return std::string(mark.what);
  return head.substr(0, 4096).find('\0') != std::string_view::npos ? "binary data" : "text";
}

input_file input_from_memory(std::string name, std::string bytes) {
  input_file input;
  input.path = name;
  input.name = std::move(name);
  input.bytes = std::move(bytes);
  input.sha256 = sha256_of(input.bytes);
  input.media_type = media_type_of(input.name, input.bytes);
  return input;
}

std::string media_type_of(std::string_view name, std::string_view head) {
  const std::string_view by_content = media_type_of_content(head), by_name = media_type_of_name(name);
  // An extension may say more than a mark does: a DOCX is a ZIP, XHTML is XML. It never says less than nothing.
  const bool is_container = by_content == "application/zip" || by_content == "application/xml";
  return std::string(by_content.empty() || (is_container && !by_name.empty()) ? by_name : by_content);
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
