// SPDX-License-Identifier: Apache-2.0
// Which files a run reads: path patterns to names, in an order that does not depend on the file system.
#include "host/pipeline/input_files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace calque::host {
namespace {

namespace fs = std::filesystem;

bool is_pattern(std::string_view part) {
  return part.find_first_of("*?") != std::string_view::npos;
}

std::string join(const std::string &folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  std::string path = folder;
  if (path.back() != '/') path += '/';
  path += name;
  return path;
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

/// The names in a folder, sorted; empty when it cannot be read.
std::vector<std::string> names_in(const std::string &folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder.empty() ? "." : folder, error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

class walk {
 public:
  walk(std::vector<std::string> parts, std::map<std::string, std::string> &found)
      : parts_(std::move(parts)), found_(found) {}

  /// Matches parts from `part` on below `folder`; `dir` is what {dir} has so far.
  void visit(const std::string &folder, const std::string &dir, size_t part) {
    const bool last = part + 1 == parts_.size();
    if (parts_[part] == "**") {
      if (!last) visit(folder, dir, part + 1);
      for (const std::string &name : names_in(folder)) {
        if (name.front() == '.') continue;
        const std::string path = join(folder, name);
        std::error_code error;
        if (fs::is_directory(fs::symlink_status(path, error)))
          visit(path, join(dir, name), part);
        else if (last)
          found_.emplace(path, dir);
      }
      return;
    }
    for (const std::string &name : names_in(folder)) {
      if ((name.front() == '.' && parts_[part].front() != '.') || !matches_name(parts_[part], name)) continue;
      const std::string path = join(folder, name);
      std::error_code error;
      const bool is_folder = fs::is_directory(path, error);
      if (!last && is_folder)
        visit(path, join(dir, name), part + 1);
      else if (last && !is_folder)
        found_.emplace(path, dir);
    }
  }

 private:
  std::vector<std::string> parts_;
  std::map<std::string, std::string> &found_;
};

}  // namespace

bool matches_name(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, retry = 0;
  const auto next = [&](size_t at) {
    do ++at;
    while (at < name.size() && (static_cast<unsigned char>(name[at]) & 0xC0) == 0x80);
    return at;
  };
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = n;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      n = next(n);
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<named_input> expand_patterns(std::span<const std::string> patterns) {
  std::map<std::string, std::string> found;
  for (const std::string &pattern : patterns) {
    std::vector<std::string> parts = parts_of(pattern);
    std::string folder = pattern.starts_with('/') ? "/" : "";
    size_t fixed = 0;
    while (fixed < parts.size() && !is_pattern(parts[fixed])) ++fixed;
    if (fixed == parts.size()) {
      found.emplace(pattern, "");
      continue;
    }
    for (size_t k = 0; k < fixed; ++k) folder = join(folder, parts[k]);
    parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(fixed));
    walk(std::move(parts), found).visit(folder, "", 0);
  }
  std::vector<named_input> inputs;
  for (auto &[path, dir] : found) inputs.push_back({path, dir});
  return inputs;
}

}  // namespace calque::host
