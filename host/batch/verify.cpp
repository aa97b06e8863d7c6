// SPDX-License-Identifier: Apache-2.0
// Whether what the state says is there is there.
#include "host/batch/verify.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <system_error>
#include <vector>

#include "host/batch/output_folder.hpp"
#include "host/batch/state.hpp"

namespace calque::host {

std::string_view name_of(finding what) {
  constexpr std::string_view names[] = {"changed", "missing", "unexpected"};
  return names[static_cast<std::size_t>(what)];
}

namespace {

/// What --bag writes beside the payload.
bool is_tag_file_of_bag(std::string_view name) {
  return name == "bagit.txt" || name == "bag-info.txt" || name == "manifest-sha256.txt" || name == "tagmanifest-sha256.txt";
}

}  // namespace

result<verified> verify(const std::string &path, const std::string &state_folder, bool fast,
                        const std::function<void(finding, const std::string &path)> &tell) {
  namespace fs = std::filesystem;
  auto opened = output_folder::open(path, false);
  if (!opened.has_value()) return opened.errors();
  output_folder folder = std::move(opened.value());
  const std::string file = (state_folder.empty() ? path + "/.calque" : state_folder) + "/state.db";
  std::error_code failed;
  if (!fs::exists(file, failed))
    return error("verify.no-state", fmt::format("there is no state in {}", path),
                 "name a folder that `calque run` has written to; --state when its state lies elsewhere");
  std::vector<diagnostic> damage;
  auto known = state::open(file, journal::access::read_only, damage);
  if (!known.has_value()) return known.errors();

  verified found;
  std::set<std::string> expected;
  const auto report = [&](finding what, const std::string &where) {
    ++found.findings;
    tell(what, where);
  };
  for (const std::string &input : known.value()->inputs()) {
    const auto record = known.value()->find(input);
    if (!record) continue;
    for (const placed_file &placed : record->files) {
      expected.insert(placed.file.path);
      ++found.files;
      found.bytes += placed.file.size;
      const auto mark = folder.look(placed.file.path);
      if (!mark)
        report(finding::missing, placed.file.path);
      else if (!mark->is_regular || mark->size != placed.file.size ||
               (!fast && folder.digest(placed.file.path) != placed.file.sha256))
        report(finding::changed, placed.file.path);
    }
  }
  std::vector<std::string> others;
  for (fs::recursive_directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed)) {
    const std::string below = at->path().lexically_relative(path).string();
    std::error_code unknown;
    if (at.depth() == 0 && is_tag_file_of_bag(below)) continue;
    if (at.depth() == 0 && below == ".calque")
      at.disable_recursion_pending();
    else if (!fs::is_directory(at->symlink_status(unknown)) && !expected.contains(below))
      others.push_back(below);
  }
  for (const std::string &other : std::set<std::string>(others.begin(), others.end())) report(finding::unexpected, other);
  return found;
}

}  // namespace calque::host
