// SPDX-License-Identifier: Apache-2.0
// zlib unpacks; names, links, sizes, sums and limits are judged here.
#include "host/plugins/archive_reader.hpp"

#include <fmt/format.h>
#include <unicode/unistr.h>
#include <zlib.h>

#include <algorithm>
#include <new>
#include <optional>
#include <unordered_map>
#include <utility>

namespace calque::host {
namespace {

constexpr std::string_view damaged_hint = "get the file again, or pack its members anew";

diagnostic warning(std::string code, std::string message, std::string hint) {
  diagnostic d = error(std::move(code), std::move(message), std::move(hint));
  d.level = severity::warning;
  return d;
}

/// Why a name is not one of a member: what unpacking it would do on some system. Nothing when it is sound.
std::string_view fault_of_name(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.find('\0') != name.npos) return "holds a NUL";
  if (name.find('\\') != name.npos) return "holds a backslash";
  if (name.front() == '/') return "is absolute";
  if (name.size() >= 2 && name[1] == ':' && ((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z')) return "names a drive";
  if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return "holds control characters";
  for (std::size_t begin = 0; begin < name.size();) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part == "..") return "climbs out of the archive";
    if (part.empty() || part == ".") return "has an empty step";
    begin = end + 1;
  }
  return {};
}

/// As the archive says or, where it says nothing, as is usual: UTF-8 where it can be, or the first PC's own signs.
std::string name_in_utf8(const zip_entry &entry) {
  if (entry.is_utf8 || is_utf8(entry.name)) return std::string(entry.name);
  std::string name;
  icu::UnicodeString(entry.name.data(), static_cast<int32_t>(entry.name.size()), "cp437").toUTF8String(name);
  return name;
}

/// Bytes that are taken out of an archive, piece by piece.
class unpacker {
 public:
  static constexpr std::uint16_t stored = 0, deflated = 8;

  explicit unpacker(const zip_entry &entry) : is_deflated_(entry.method == deflated), left_(entry.packed) {
    // Without zlib's own head: an archive has one of its own.
    if (is_deflated_ && inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~unpacker() {
    if (is_deflated_) inflateEnd(&stream_);
  }
  unpacker(const unpacker &) = delete;
  unpacker &operator=(const unpacker &) = delete;

  /// How much of `room` was filled; 0 at the end, nothing when the bytes are not what `deflate` makes.
  std::optional<std::size_t> fill(char *room, std::size_t size) {
    if (!is_deflated_) {
      const std::size_t got = left_.copy(room, size);
      left_.remove_prefix(got);
      return got;
    }
    stream_.next_out = reinterpret_cast<Bytef *>(room);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out > 0 && !is_at_end_) {
      // zlib counts in 32 bits; a member may be bigger.
      const std::string_view piece = left_.substr(0, std::size_t{1} << 30);
      stream_.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(piece.data()));
      stream_.avail_in = static_cast<uInt>(piece.size());
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_MEM_ERROR) throw std::bad_alloc();
      if (code != Z_OK && code != Z_STREAM_END) return std::nullopt;
      left_.remove_prefix(piece.size() - stream_.avail_in);
      is_at_end_ = code == Z_STREAM_END;
    }
    return size - stream_.avail_out;
  }
  /// Whether nothing stands behind what was unpacked.
  bool took_all() const { return left_.empty(); }

 private:
  const bool is_deflated_;
  std::string_view left_;
  z_stream stream_{};
  bool is_at_end_ = false;
};

}  // namespace

result<std::unique_ptr<archive_reader>> archive_reader::open(std::string_view bytes, const limits &within,
                                                             std::vector<diagnostic> &notices) {
  auto directory = read_zip_directory(bytes, within.max_archive_members);
  if (!directory) return directory.error();
  std::unique_ptr<archive_reader> made(new archive_reader(std::move(directory.value())));
  std::unordered_map<std::string, std::uint64_t> folded;
  for (std::uint64_t k = 0; k < made->entries_.size(); ++k) {
    const zip_entry &entry = made->entries_[k];
    const auto refuse = [&](std::string_view shown, std::string_view fault) {
      notices.push_back(warning("archive.refused-name",
                                fmt::format("the name of the member \"{}\" {}; it is not read", shown_name(shown), fault),
                                "a program that unpacks the archive may write where it should not"));
    };
    // As stored first: decoding makes signs of control characters.
    if (const std::string_view fault = fault_of_name(entry.name); !fault.empty()) {
      refuse(entry.name, fault);
      continue;
    }
    archive_member member{name_in_utf8(entry), entry.size, entry.packed.size(), entry.is_encrypted, k};
    if (const std::string_view fault = is_utf8(member.name) ? fault_of_name(member.name) : "is no text"; !fault.empty()) {
      refuse(member.name, fault);
      continue;
    }
    if (entry.is_special) {
      notices.push_back(warning("archive.link",
                                fmt::format("the member \"{}\" is a link or a device; it is not read", shown_name(member.name)),
                                "pack the file that it leads to"));
      continue;
    }
    if (member.name.back() == '/') continue;
    const auto [known, is_new] = folded.emplace(fold_case(member.name), made->members_.size());
    if (!is_new) {
      const std::string &other = made->members_[known->second].name;
      if (other == member.name)
        return error("archive.duplicate-name", fmt::format("two members have the name \"{}\"", shown_name(member.name)),
                     "programs differ in which of them they read; pack the archive anew with the right one");
      notices.push_back(warning("archive.case-collision",
                                fmt::format("the names of the members \"{}\" and \"{}\" differ in case only",
                                            shown_name(other), shown_name(member.name)),
                                "on some systems one of them replaces the other"));
    }
    made->members_.push_back(std::move(member));
  }
  return made;
}

result<std::string> archive_reader::read(const archive_member &member, unpacking &work) const {
  const limits &within = work.within;
  const std::string name = shown_name(member.name);
  const auto count_beyond = [&](std::uint64_t size) -> std::optional<diagnostic> {
    if (size > within.max_archive_member)
      return beyond_limit(fmt::format("bytes of the member \"{}\" (archive_member)", name), within.max_archive_member, size);
    if (size > within.max_archive_total - std::min(work.unpacked, within.max_archive_total))
      return beyond_limit(fmt::format("bytes unpacked in all, with the member \"{}\" (archive_total)", name),
                          within.max_archive_total, work.unpacked + size);
    // What is small harms nobody, however well it was packed.
    constexpr std::uint64_t small = std::uint64_t{1} << 20;
    if (size > small && member.packed < size / within.max_archive_ratio)
      return beyond_limit(fmt::format("bytes from each packed byte of the member \"{}\" (archive_ratio)", name),
                          within.max_archive_ratio, size / std::max<std::uint64_t>(member.packed, 1));
    return std::nullopt;
  };
  const zip_entry &entry = entries_[member.index];
  if (member.is_encrypted)
    return error("archive.encrypted", fmt::format("the member \"{}\" is encrypted", name),
                 "unpack it with its password and pack it anew without one");
  if (entry.method != unpacker::stored && entry.method != unpacker::deflated)
    return error("archive.unknown-method", fmt::format("the member \"{}\" is packed by a method that is not read", name),
                 "pack it anew with \"deflate\"");
  if (auto beyond = count_beyond(member.size)) return std::move(*beyond);
  const auto damaged = [&](std::string message) { return error("archive.damaged", std::move(message), std::string(damaged_hint)); };
  unpacker packed(entry);
  std::string bytes;
  // The size is only what the directory says; past this, memory is taken as bytes come.
  constexpr std::uint64_t believed = std::uint64_t{16} << 20;
  bytes.reserve(static_cast<std::size_t>(std::min(member.size, believed)));
  constexpr std::size_t step = 256 * 1024;
  const auto buffer = std::make_unique_for_overwrite<char[]>(step);
  for (;;) {
    if (!work.goes_on()) return error("run.stopped", "the run was stopped");
    const auto got = packed.fill(buffer.get(), step);
    if (!got) return damaged(fmt::format("the member \"{}\" cannot be unpacked", name));
    if (*got == 0) break;
    bytes.append(buffer.get(), *got);
    if (bytes.size() > member.size)
      return damaged(fmt::format("the member \"{}\" holds more than the {} bytes that the directory says", name, member.size));
  }
  if (bytes.size() != member.size || !packed.took_all())
    return damaged(fmt::format("the member \"{}\" holds {} bytes; the directory says {}", name, bytes.size(), member.size));
  if (crc32_z(0, reinterpret_cast<const Bytef *>(bytes.data()), bytes.size()) != entry.crc)
    return damaged(fmt::format("the bytes of the member \"{}\" are not those that were packed", name));
  work.unpacked += bytes.size();
  return bytes;
}

}  // namespace calque::host
