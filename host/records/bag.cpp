// SPDX-License-Identifier: Apache-2.0
// An output folder as a BagIt bag (RFC 8493): the editions below data/, their digests and what is known of them beside.
#include "host/records/bag.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

#include "host/records/durable_file.hpp"
#include "host/document/document.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

/// Below data/ every name is good that a folder can have; line feeds are encoded.
bool stays_below(std::string_view path) {
  for (;;) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

result<std::vector<const bag_entry *>> sorted(std::span<const bag_entry> entries) {
  std::vector<const bag_entry *> all;
  for (const bag_entry &entry : entries) {
    if (!stays_below(entry.path) || find_invalid_utf8(entry.path))
      return error("output.bad-name", fmt::format("a bag cannot hold \"{}\"", show_text(entry.path)),
                   "names in a bag are UTF-8 and stay below its data folder");
    all.push_back(&entry);
  }
  std::sort(all.begin(), all.end(), [](const bag_entry *a, const bag_entry *b) { return a->path < b->path; });
  const auto twice = std::adjacent_find(all.begin(), all.end(),
                                        [](const bag_entry *a, const bag_entry *b) { return a->path == b->path; });
  if (twice != all.end())
    return error("output.duplicate", fmt::format("\"{}\" stands twice in the bag", show_text((*twice)->path)),
                 "give one of the stages another `to`, with {stem}, {dir} or {part}");
  return all;
}

std::string date_of_environment() {
  const char *text = std::getenv("SOURCE_DATE_EPOCH");
  if (!text) return {};
  const std::string_view seconds(text);
  std::time_t time = 0;
  const auto [end, failed] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), time);
  constexpr std::time_t year_10000 = 253402300800;
  if (failed != std::errc() || end != seconds.data() + seconds.size() || time < 0 || time >= year_10000) return {};
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(time));
}

/// A line of bag-info.txt. A line end within a value would begin another label.
void add_line(std::string &text, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  std::string one_line(value);
  std::replace_if(
      one_line.begin(), one_line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  text += fmt::format("{}: {}\n", label, one_line);
}

std::string describe(std::span<const bag_entry> entries, const bag_info &info) {
  std::uint64_t bytes = 0;
  for (const bag_entry &entry : entries) bytes += entry.bytes;
  std::string text;
  add_line(text, "Source-Organization", info.organization);
  add_line(text, "External-Description", info.description);
  add_line(text, "Bagging-Date", info.date.empty() ? date_of_environment() : info.date);
  add_line(text, "Payload-Oxum", fmt::format("{}.{}", bytes, entries.size()));
  add_line(text, "Bag-Software-Agent", info.software);
  return text;
}

/// A bag without files has a data folder all the same.
result<void> make_data_folder(const std::string &folder) {
  const std::string path = folder + "/data";
  if (mkdir(path.c_str(), 0777) == 0) return {};
  if (errno != EEXIST) return output_failure("create the folder", path, errno);
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return output_failure("open the folder", path, errno);
  if (S_ISDIR(info.st_mode)) return {};
  return output_failure("write below", path, S_ISLNK(info.st_mode) ? ELOOP : ENOTDIR);
}

}  // namespace

std::string manifest_path(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (c == '\r')
      text += "%0D";
    else if (c == '\n')
      text += "%0A";
    else if (c == '%')
      text += "%25";
    else
      text += c;
  }
  return text;
}

result<void> write_bag(const std::string &folder, std::span<const bag_entry> entries, const bag_info &info) {
  const auto all = sorted(entries);
  if (!all.has_value()) return all.errors();
  if (auto made = make_data_folder(folder); !made.has_value()) return made;

  std::string manifest;
  for (const bag_entry *entry : all.value())
    manifest += fmt::format("{}  data/{}\n", entry->sha256, manifest_path(entry->path));
  std::vector<std::pair<std::string, std::string>> tag_files = {
      {"bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"},
      {"bag-info.txt", describe(entries, info)},
      {"manifest-sha256.txt", std::move(manifest)}};
  std::string tag_manifest;
  for (const std::size_t k : {1u, 0u, 2u})  // by name
    tag_manifest += fmt::format("{}  {}\n", to_hex(sha256_of(tag_files[k].second)), tag_files[k].first);
  tag_files.emplace_back("tagmanifest-sha256.txt", std::move(tag_manifest));

  std::vector<durable_file> files;
  for (const auto &[name, bytes] : tag_files) {
    auto file = durable_file::create(fmt::format("{}/{}", folder, name));
    if (!file.has_value()) return file.errors();
    if (auto done = file->write(bytes); !done.has_value()) return done;
    if (auto done = file->make_durable(); !done.has_value()) return done;
    files.push_back(std::move(file.value()));
  }
  for (durable_file &file : files)
    if (auto done = file.put_in_place(); !done.has_value()) return done;
  return {};
}

}  // namespace calque::host
