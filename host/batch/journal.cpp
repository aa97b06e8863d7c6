// SPDX-License-Identifier: Apache-2.0
// A file of checksummed records that only grows.
#include "host/batch/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "host/pipeline/output_failure.hpp"
#include "host/system/bytes_io.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

constexpr std::uint32_t version = 1;
constexpr std::uint32_t most_payload = std::uint32_t{256} << 20;

struct file_header {
  std::array<char, 8> magic;
  std::uint32_t version, checksum;  // of the bytes before it
};
constexpr std::array<char, 8> magic{'C', 'A', 'L', 'Q', 'S', 'T', 'A', 'T'};

struct record_header {
  std::uint32_t size, checksum;
};
constexpr std::size_t head_size = sizeof(record_header) + 1;

std::uint32_t checksum_of(std::string_view bytes) {
  return XXH32(bytes.data(), bytes.size(), 0);
}

std::string header_bytes(std::uint32_t number) {
  file_header head{magic, number, 0};
  head.checksum = checksum_of({reinterpret_cast<const char *>(&head), offsetof(file_header, checksum)});
  return {reinterpret_cast<const char *>(&head), sizeof head};
}

std::string record_bytes(std::uint8_t type, std::string_view payload) {
  std::string body(1, static_cast<char>(type));
  body += payload;
  const record_header head{static_cast<std::uint32_t>(payload.size()), checksum_of(body)};
  return std::string(reinterpret_cast<const char *>(&head), sizeof head) + body;
}

/// A window on a file that is read from front to back.
class window {
 public:
  window(int fd, std::uint64_t at) : fd_(fd), begin_(at) {}
  /// Up to `size` bytes from the place that was reached; fewer at the end of the file.
  std::string_view look(std::size_t size) {
    if (bytes_.size() - used_ < size) {
      bytes_.erase(0, used_);
      begin_ += used_;
      used_ = 0;
      constexpr std::size_t step = 1 << 16;
      bytes_ += read_at(fd_, begin_ + bytes_.size(), std::max(size, step)).value_or("");
    }
    return std::string_view(bytes_).substr(used_, size);
  }
  void pass(std::size_t size) { used_ += size; }
  std::uint64_t at() const { return begin_ + used_; }

 private:
  int fd_;
  std::uint64_t begin_;
  std::string bytes_;
  std::size_t used_ = 0;
};

diagnostic damaged(const std::string &path, std::string message, std::string hint) {
  diagnostic d = error("state.damaged", std::move(message), std::move(hint));
  d.level = severity::warning;
  d.where.file = path;
  return d;
}

}  // namespace

result<journal> journal::open(const std::string &path, access how, const std::function<void(const journal_record &)> &each,
                              std::vector<diagnostic> &notices) {
  journal made;
  made.path_ = path;
  const bool writes = how == access::read_write;
  const int flags = (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  made.fd_ = descriptor(calls::open(path.c_str(), flags));
  if (!made.fd_ && errno != ENOENT) return output_failure("open the state", path, errno);
  struct stat info {};
  if (made.fd_ && (::fstat(*made.fd_, &info) != 0 || !S_ISREG(info.st_mode)))
    return output_failure("open the state", path, EISDIR);

  const auto begin_anew = [&]() -> int {
    if (!writes) return 0;
    made.fd_ = descriptor(calls::open(path.c_str(), flags | O_CREAT | O_EXCL, 0666));
    if (!made.fd_) return errno;
    made.end_ = 0;
    made.pending_ = header_bytes(version);
    if (const int failed = made.flush(); failed != 0) return failed;
    if (calls::fsync(*made.fd_) != 0) return errno;
    sync_folder_of(path);
    return 0;
  };
  if (!made.fd_ || info.st_size == 0) {
    if (made.fd_ && writes) {
      made.pending_ = header_bytes(version);
      if (const int failed = made.flush(); failed != 0) return output_failure("write the state", path, failed);
    } else if (const int failed = begin_anew(); failed != 0) {
      return output_failure("make the state", path, failed);
    }
    return made;
  }

  const std::string head = read_at(*made.fd_, 0, sizeof(file_header)).value_or("");
  file_header found{};
  if (head.size() == sizeof found) std::memcpy(&found, head.data(), sizeof found);
  if (head.size() != sizeof found || head != header_bytes(found.version) || found.version > version) {
    if (head.size() == sizeof found && head == header_bytes(found.version)) {
      diagnostic d = error("state.newer-version", fmt::format("the state was written by a newer Calque (form {}, this one knows {})", found.version, version),
                           "use the newer program, or another output folder");
      d.where.file = path;
      return d;
    }
    const std::string aside = path + ".damaged";
    notices.push_back(damaged(path, "the state is damaged at its beginning; all inputs are done again",
                              writes ? "what was there is kept as " + aside : ""));
    if (writes && calls::rename(path.c_str(), aside.c_str()) != 0) return output_failure("move the state aside", path, errno);
    made.fd_.close();
    if (const int failed = begin_anew(); failed != 0) return output_failure("make the state", path, failed);
    return made;
  }

  window file(*made.fd_, sizeof(file_header));
  bool is_sound = true;
  for (;;) {
    const std::string_view head_bytes = file.look(head_size);
    if (head_bytes.empty()) break;
    record_header record{};
    if ((is_sound = head_bytes.size() == head_size)) {
      std::memcpy(&record, head_bytes.data(), sizeof record);
      // Before anything is made room for: a false size may be any.
      is_sound = record.size <= most_payload && file.at() + head_size + record.size <= static_cast<std::uint64_t>(info.st_size);
    }
    if (!is_sound) break;
    const std::string_view whole = file.look(head_size + record.size);
    is_sound = whole.size() == head_size + record.size &&
               checksum_of(whole.substr(sizeof record)) == record.checksum;
    if (!is_sound) break;
    each({static_cast<std::uint8_t>(whole[sizeof record]), whole.substr(head_size), file.at()});
    file.pass(whole.size());
  }
  made.end_ = file.at();
  if (!is_sound) {
    notices.push_back(damaged(path,
                              fmt::format("the state is damaged from byte {} on, and {} bytes are left out", made.end_,
                                          static_cast<std::uint64_t>(info.st_size) - made.end_),
                              "nothing is wrong with the outputs: what is not known is done again"));
    if (writes && (calls::ftruncate(*made.fd_, static_cast<off_t>(made.end_)) != 0 || calls::fdatasync(*made.fd_) != 0))
      return output_failure("mend the state", path, errno);
  }
  return made;
}

std::uint64_t journal::add(std::uint8_t type, std::string_view payload) {
  const std::uint64_t at = size();
  pending_ += record_bytes(type, payload);
  return at;
}

journal::~journal() {
  if (fd_ && room_ > end_) calls::ftruncate(*fd_, static_cast<off_t>(end_));  // or the room would stay ours
}

// What is in place on a full disk has to be said, so the place for that is taken beforehand. Where there is none, or the
// file system cannot do it, the records come to what room they find.
void journal::make_room() {
  constexpr std::uint64_t ahead = std::uint64_t{1} << 20;
  const std::uint64_t wanted = end_ + pending_.size();
  if (wanted + ahead / 4 <= room_) return;
  for (std::uint64_t more = ahead; more >= ahead / 16; more /= 4)
    if (::fallocate(*fd_, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(end_), static_cast<off_t>(pending_.size() + more)) == 0) {
      room_ = wanted + more;
      return;
    }
}

int journal::flush() {
  if (pending_.empty()) return 0;
  make_room();
  const int failed = write_whole_at(*fd_, pending_, end_);
  if (failed != 0) {
    // A part of it may stand there; it is cut off, or found to be unsound when the file is opened next.
    if (calls::ftruncate(*fd_, static_cast<off_t>(end_)) != 0) return failed;
    pending_.clear();
    return failed;
  }
  end_ += pending_.size();
  pending_.clear();
  return 0;
}

int journal::sync() {
  return calls::fdatasync(*fd_) == 0 ? 0 : errno;
}

std::string journal::read(std::uint64_t offset) const {
  record_header head{};
  const auto bytes = read_at(*fd_, offset, sizeof head);
  if (!bytes || bytes->size() != sizeof head) return {};
  std::memcpy(&head, bytes->data(), sizeof head);
  if (head.size > most_payload) return {};
  const auto body = read_at(*fd_, offset + sizeof head, head.size + 1);
  if (!body || body->size() != head.size + 1 || checksum_of(*body) != head.checksum) return {};
  return body->substr(1);
}

int journal::rewrite(const std::vector<std::uint64_t> &offsets,
                     const std::function<void(std::uint64_t, std::uint64_t)> &moved) {
  const std::string part = path_ + ".new";
  descriptor fd(calls::open(part.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!fd) return errno;
  const auto give_up = [&](int number) {
    ::unlink(part.c_str());
    return number;
  };
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  std::string bytes = header_bytes(version);
  std::uint64_t written = 0;
  for (const std::uint64_t offset : offsets) {
    const auto head = read_at(*fd_, offset, head_size);
    if (!head || head->size() != head_size) return give_up(EIO);
    record_header record{};
    std::memcpy(&record, head->data(), sizeof record);
    const std::string payload = read(offset);
    if (payload.size() != record.size) return give_up(EIO);
    places.emplace_back(offset, written + bytes.size());
    bytes += record_bytes(static_cast<std::uint8_t>((*head)[sizeof record]), payload);
    if (bytes.size() < (1 << 20)) continue;
    if (const int failed = write_whole(*fd, bytes); failed != 0) return give_up(failed);
    written += bytes.size();
    bytes.clear();
  }
  if (const int failed = write_whole(*fd, bytes); failed != 0) return give_up(failed);
  written += bytes.size();
  if (calls::fsync(*fd) != 0 || calls::rename(part.c_str(), path_.c_str()) != 0) return give_up(errno);
  sync_folder_of(path_);
  fd_ = std::move(fd);
  end_ = written;
  room_ = 0;
  for (const auto &[before, after] : places) moved(before, after);
  return 0;
}

}  // namespace calque::host
