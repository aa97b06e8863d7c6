// SPDX-License-Identifier: Apache-2.0
// libzip unpacks and checks sums; names, links, sizes and limits are judged here.
#include "host/plugins/archive_reader.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "host/plugins/zip_directory.hpp"

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

struct closes_file {
  void operator()(zip_file_t *file) const { zip_fclose(file); }
};

diagnostic cannot_unpack(const archive_member &member, int code) {
  const std::string name = shown_name(member.name);
  switch (code) {
    case ZIP_ER_COMPNOTSUPP:
      return error("archive.unknown-method", fmt::format("the member \"{}\" is packed by a method that is not read", name),
                   "pack it anew with \"deflate\"");
    case ZIP_ER_ENCRNOTSUPP:
    case ZIP_ER_NOPASSWD:
    case ZIP_ER_WRONGPASSWD:
      return error("archive.encrypted", fmt::format("the member \"{}\" is encrypted", name),
                   "unpack it with its password and pack it anew without one");
    case ZIP_ER_CRC:
      return error("archive.damaged", fmt::format("the bytes of the member \"{}\" are not those that were packed", name),
                   std::string(damaged_hint));
    default:
      return error("archive.damaged", fmt::format("the member \"{}\" cannot be unpacked", name), std::string(damaged_hint));
  }
}

}  // namespace

struct archive_reader::held {
  zip_t *zip = nullptr;
  ~held() {
    if (zip != nullptr) zip_discard(zip);
  }
};

archive_reader::archive_reader(std::unique_ptr<held> given) : held_(std::move(given)) {}
archive_reader::~archive_reader() = default;

result<std::unique_ptr<archive_reader>> archive_reader::open(std::string_view bytes, const limits &within,
                                                             std::vector<diagnostic> &notices) {
  const auto directory = read_zip_directory(bytes, within.max_archive_members);
  if (!directory) return directory.error();
  const auto unreadable = [](std::string why) {
    return error("archive.damaged", std::move(why), std::string(damaged_hint));
  };
  auto opened = std::make_unique<held>();
  zip_error_t code;
  zip_error_init(&code);
  zip_source_t *source = zip_source_buffer_create(directory->archive.data(), directory->archive.size(), 0, &code);
  if (source != nullptr) opened->zip = zip_open_from_source(source, ZIP_RDONLY, &code);
  zip_error_fini(&code);
  if (opened->zip == nullptr) {
    if (source != nullptr) zip_source_free(source);
    return unreadable("the directory of the archive is not sound");
  }
  // Two readings of one archive that differ are how one member is passed off as another.
  const auto count = zip_get_num_entries(opened->zip, 0);
  if (count < 0 || static_cast<std::uint64_t>(count) != directory->entries.size())
    return unreadable("the archive has two directories that differ");
  std::unique_ptr<archive_reader> made(new archive_reader(std::move(opened)));
  zip_t *zip = made->held_->zip;

  std::unordered_map<std::string, std::uint64_t> folded;
  for (std::uint64_t k = 0; k < directory->entries.size(); ++k) {
    const zip_entry &entry = directory->entries[k];
    const auto refuse = [&](std::string_view shown, std::string_view fault) {
      notices.push_back(warning("archive.refused-name",
                                fmt::format("the name of the member \"{}\" {}; it is not read", shown_name(shown), fault),
                                "a program that unpacks the archive may write where it should not"));
    };
    // As stored first: decoding makes signs of control characters, and libzip ends a name at a NUL.
    if (const std::string_view fault = fault_of_name(entry.name); !fault.empty()) {
      refuse(entry.name, fault);
      continue;
    }
    const char *name = zip_get_name(zip, k, ZIP_FL_ENC_GUESS), *raw = zip_get_name(zip, k, ZIP_FL_ENC_RAW);
    zip_stat_t about;
    if (name == nullptr || raw == nullptr || entry.name != raw || zip_stat_index(zip, k, 0, &about) != 0 ||
        (about.valid & ZIP_STAT_SIZE) == 0 || about.size != entry.size || about.comp_size != entry.packed)
      return unreadable("the archive has two directories that differ");
    archive_member member{name, entry.size, entry.packed, entry.is_encrypted, k};
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
  if (member.is_encrypted) return cannot_unpack(member, ZIP_ER_NOPASSWD);
  if (auto beyond = count_beyond(member.size)) return std::move(*beyond);
  const std::unique_ptr<zip_file_t, closes_file> file(zip_fopen_index(held_->zip, member.index, 0));
  if (!file) return cannot_unpack(member, zip_error_code_zip(zip_get_error(held_->zip)));
  std::string bytes;
  // The size is only what the directory says; past this, memory is taken as bytes come.
  constexpr std::uint64_t believed = std::uint64_t{16} << 20;
  bytes.reserve(static_cast<std::size_t>(std::min(member.size, believed)));
  constexpr std::size_t step = 256 * 1024;
  const auto buffer = std::make_unique_for_overwrite<char[]>(step);
  for (;;) {
    if (!work.goes_on()) return error("run.stopped", "the run was stopped");
    const auto got = zip_fread(file.get(), buffer.get(), step);
    if (got < 0) return cannot_unpack(member, zip_error_code_zip(zip_file_get_error(file.get())));
    if (got == 0) break;
    bytes.append(buffer.get(), static_cast<std::size_t>(got));
    if (bytes.size() > member.size)
      return error("archive.damaged",
                   fmt::format("the member \"{}\" holds more than the {} bytes that the directory says", name, member.size),
                   std::string(damaged_hint));
  }
  if (bytes.size() != member.size)
    return error("archive.damaged",
                 fmt::format("the member \"{}\" holds {} bytes; the directory says {}", name, bytes.size(), member.size),
                 std::string(damaged_hint));
  work.unpacked += bytes.size();
  return bytes;
}

}  // namespace calque::host
