// SPDX-License-Identifier: Apache-2.0
// Finds the end record, then the directory, then the head of each member; every offset is checked before it is used.
#include "host/plugins/zip_directory.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "host/document/stage_rules.hpp"

namespace calque::host {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t end_size = 22, end_64_size = 56, locator_size = 20, entry_size = 46, head_size = 30;
constexpr std::uint32_t in_zip64 = 0xffffffff;

/// Little-endian numbers at places that the caller has checked.
std::uint64_t number(std::string_view bytes, std::uint64_t at, unsigned size) {
  std::uint64_t value = 0;
  for (unsigned k = size; k-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + k]);
  return value;
}
std::uint16_t number16(std::string_view bytes, std::uint64_t at) {
  return static_cast<std::uint16_t>(number(bytes, at, 2));
}
std::uint32_t number32(std::string_view bytes, std::uint64_t at) {
  return static_cast<std::uint32_t>(number(bytes, at, 4));
}
bool has(std::string_view bytes, std::uint64_t at, std::uint64_t size) {
  return at <= bytes.size() && size <= bytes.size() - at;
}

diagnostic damaged(std::string message) {
  return error("archive.damaged", std::move(message), "get the file again, or pack its members anew");
}

/// Where the directory lies, in offsets of the whole input.
struct directory_place {
  std::uint64_t begin = 0, size = 0, count = 0;
  std::uint64_t shift = 0;  // what stands before the archive
  std::uint64_t end = 0;    // of the archive, its comment included
};

/// The end record at `at`; nothing when what it says cannot be.
std::optional<directory_place> read_end(std::string_view bytes, std::uint64_t at) {
  const std::uint64_t comment = number16(bytes, at + 20);
  if (!has(bytes, at, end_size + comment)) return std::nullopt;
  if (number16(bytes, at + 4) != 0 || number16(bytes, at + 6) != 0) return std::nullopt;  // one of several files
  directory_place place;
  place.count = number16(bytes, at + 10);
  place.size = number32(bytes, at + 12);
  std::uint64_t begin = number32(bytes, at + 16), behind = at;
  place.end = at + end_size + comment;
  if (at >= locator_size && bytes.substr(at - locator_size, 4) == "PK\x06\x07"sv) {
    // Behind a shift, the offset in the locator is off as well; the record stands right before it then.
    std::uint64_t record = number(bytes, at - locator_size + 8, 8);
    const auto is_record = [&](std::uint64_t from) {
      return has(bytes, from, end_64_size) && from + end_64_size <= at - locator_size &&
             bytes.substr(from, 4) == "PK\x06\x06"sv;
    };
    if (!is_record(record) && at >= locator_size + end_64_size) record = at - locator_size - end_64_size;
    if (!is_record(record)) return std::nullopt;
    place.count = number(bytes, record + 32, 8);
    place.size = number(bytes, record + 40, 8);
    begin = number(bytes, record + 48, 8);
    behind = record;
  }
  if (place.size > behind || begin > behind - place.size) return std::nullopt;
  place.begin = behind - place.size;
  place.shift = place.begin - begin;
  const bool begins_well = place.count == 0 ? place.size == 0 : has(bytes, place.begin, 4) &&
                                                                    bytes.substr(place.begin, 4) == "PK\x01\x02"sv;
  return begins_well ? std::optional(place) : std::nullopt;
}

std::optional<directory_place> find_end(std::string_view bytes) {
  if (bytes.size() < end_size) return std::nullopt;
  const std::size_t last = bytes.size() - end_size;
  const std::size_t first = last > 0xffff ? last - 0xffff : 0;
  for (std::size_t at = bytes.rfind("PK\x05\x06"sv, last); at != std::string_view::npos && at >= first;
       at = at == 0 ? std::string_view::npos : bytes.rfind("PK\x05\x06"sv, at - 1))
    if (auto place = read_end(bytes, at)) return place;
  return std::nullopt;
}

/// The 64-bit values of the extra fields, for those that do not fit into the entry; in their fixed order.
bool read_zip64(std::string_view extra, std::uint64_t &size, std::uint64_t &packed, std::uint64_t &at) {
  if (size != in_zip64 && packed != in_zip64 && at != in_zip64) return true;
  while (extra.size() >= 4) {
    const std::uint64_t length = number16(extra, 2);
    if (length > extra.size() - 4) return false;
    if (number16(extra, 0) == 1) {
      std::string_view values = extra.substr(4, length);
      for (std::uint64_t *value : {&size, &packed, &at}) {
        if (*value != in_zip64) continue;
        if (values.size() < 8) return false;
        *value = number(values, 0, 8);
        values.remove_prefix(8);
      }
      return true;
    }
    extra.remove_prefix(4 + length);
  }
  // A member of exactly that size needs no such field; it does not fit into any input that is read here.
  return false;
}

struct stretch {
  std::uint64_t begin, end;
  std::size_t entry;
};

/// The bytes of a member, its head included; a diagnostic when its head is not there or names another member.
result<stretch> find_bytes(std::string_view archive, std::uint64_t directory, zip_entry &entry, std::uint64_t packed,
                           std::uint64_t at, std::size_t index) {
  const auto no_head = [&] {
    return damaged(fmt::format("the member \"{}\" is not where the directory says", shown_name(entry.name)));
  };
  if (at > directory || directory - at < head_size || archive.substr(at, 4) != "PK\x03\x04"sv) return no_head();
  const std::uint64_t name_size = number16(archive, at + 26), extra_size = number16(archive, at + 28);
  if (directory - at - head_size < name_size + extra_size) return no_head();
  if (archive.substr(at + head_size, name_size) != entry.name)
    return damaged(fmt::format("the member \"{}\" has another name at its own place, \"{}\"", shown_name(entry.name),
                               shown_name(archive.substr(at + head_size, name_size))));
  const std::uint64_t data = at + head_size + name_size + extra_size;
  if (packed > directory - data)
    return damaged(fmt::format("the member \"{}\" reaches beyond the end of the archive", shown_name(entry.name)));
  entry.packed = archive.substr(data, packed);
  return stretch{at, data + packed, index};
}

}  // namespace

diagnostic beyond_limit(std::string_view what, std::uint64_t granted, std::uint64_t wanted) {
  return error("document.limit", fmt::format("{}: {} wanted, {} granted", what, wanted, granted),
               "raise the limit in [limits] of the pipeline if the document is sound");
}

std::string shown_name(std::string_view name) {
  constexpr std::size_t most = 120;
  std::string shown;
  for (const char c : name.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      shown += fmt::format("\\x{:02x}", byte);
    else
      shown += c;
  }
  if (!is_utf8(shown))
    for (char &c : shown)
      if ((c & 0x80) != 0) c = '?';
  return name.size() > most ? shown + "..." : shown;
}

result<std::vector<zip_entry>> read_zip_directory(std::string_view bytes, std::uint64_t most_members) {
  const auto place = find_end(bytes);
  if (!place)
    return damaged(bytes.starts_with("PK"sv) ? "the archive has no directory at its end: it is cut off, or one of several files"
                                             : "this is no ZIP archive");
  if (place->count > most_members)
    return beyond_limit("members of an archive (archive_members)", most_members, place->count);
  std::vector<zip_entry> entries;
  const std::uint64_t begin = place->begin - place->shift, end = begin + place->size;
  const std::string_view archive = bytes.substr(place->shift, place->end - place->shift);
  std::vector<stretch> stretches;
  std::uint64_t at = begin;
  for (std::uint64_t k = 0; k < place->count; ++k) {
    if (end - at < entry_size || archive.substr(at, 4) != "PK\x01\x02"sv)
      return damaged(fmt::format("the directory ends after {} of {} members", k, place->count));
    const std::uint64_t name_size = number16(archive, at + 28), extra_size = number16(archive, at + 30),
                        comment_size = number16(archive, at + 32);
    if (end - at - entry_size < name_size + extra_size + comment_size)
      return damaged(fmt::format("the directory ends after {} of {} members", k, place->count));
    zip_entry entry;
    entry.name = archive.substr(at + entry_size, name_size);
    const std::uint16_t flags = number16(archive, at + 8);
    entry.is_utf8 = (flags & 0x800) != 0;
    entry.is_encrypted = (flags & 0x2041) != 0;  // encrypted, strongly, or with its directory
    entry.method = number16(archive, at + 10);
    entry.crc = number32(archive, at + 16);
    std::uint64_t packed = number32(archive, at + 20);
    entry.size = number32(archive, at + 24);
    std::uint64_t head = number32(archive, at + 42);
    if (!read_zip64(archive.substr(at + entry_size + name_size, extra_size), entry.size, packed, head))
      return damaged(fmt::format("the member \"{}\" says that it is big, but not how big", shown_name(entry.name)));
    // The upper half of the attributes is a Unix mode where the archive was made by Unix or macOS.
    const std::uint8_t system = static_cast<std::uint8_t>(number16(archive, at + 4) >> 8);
    const mode_t kind = (system == 3 || system == 19 ? number32(archive, at + 38) >> 16 : 0) & S_IFMT;
    entry.is_special = kind != 0 && kind != S_IFREG && kind != S_IFDIR;
    auto found = find_bytes(archive, begin, entry, packed, head, entries.size());
    if (!found) return found.error();
    stretches.push_back(*found);
    entries.push_back(entry);
    at += entry_size + name_size + extra_size + comment_size;
  }
  if (at != end) return damaged("the directory is longer than its members need");
  std::sort(stretches.begin(), stretches.end(), [](const stretch &a, const stretch &b) { return a.begin < b.begin; });
  for (std::size_t k = 1; k < stretches.size(); ++k)
    if (stretches[k].begin < stretches[k - 1].end)
      return error("archive.overlapping",
                   fmt::format("the members \"{}\" and \"{}\" share bytes",
                               shown_name(entries[stretches[k - 1].entry].name),
                               shown_name(entries[stretches[k].entry].name)),
                   "archives that are made so unpack to far more than they hold; pack its members anew");
  return entries;
}

}  // namespace calque::host
