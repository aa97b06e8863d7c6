// SPDX-License-Identifier: Apache-2.0
// Puts the files of one input into the output folder, all or none. The one place that writes outputs.
#include "host/pipeline/publish.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "host/pipeline/output_failure.hpp"
#include "host/system/bytes_io.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {
namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t slash; (slash = path.find('/', begin)) != std::string_view::npos; begin = slash + 1)
    parts.emplace_back(path.substr(begin, slash - begin));
  parts.emplace_back(path.substr(begin));
  return parts;
}

/// One publication. Its destructor leaves the folder as it was unless `done_` says that all files are in place.
class publication {
 public:
  explicit publication(const std::string &folder) : folder_(folder) {}
  ~publication() {
    if (!done_) roll_back();
    for (const std::string &name : staged_) unlinkat(*staging_, name.c_str(), 0);
    if (staging_) {
      staging_ = descriptor();
      rmdir((folder_ + "/.calque/staging/" + staging_name_).c_str());
    }
    rmdir((folder_ + "/.calque/staging").c_str()); // both stay while another run, or a batch's state, is in them
    rmdir((folder_ + "/.calque").c_str());
    if (!done_)
      for (auto made = made_folders_.rbegin(); made != made_folders_.rend(); ++made) rmdir(made->c_str());
  }

  result<void> run(std::span<const file_to_publish> files) {
    if (auto opened = open_folder(); !opened.has_value()) return opened;
    if (auto made = make_staging(); !made.has_value()) return made;
    for (const file_to_publish &file : files)
      if (auto staged = stage(file); !staged.has_value()) return staged;
    // Only now is anything touched that was there before.
    for (size_t k = 0; k < targets_.size(); ++k)
      if (auto moved = move_into_place(k); !moved.has_value()) return moved;
    done_ = true;
    for (const auto &[name, parent] : folders_) fsync(*parent);
    return {};
  }

 private:
  struct target {
    std::string path, name; // name: the last part
    int parent;             // descriptor of its folder
    std::string backup;     // staged link to the file that was there; empty if there was none
    bool in_place = false;
  };

  result<void> open_folder() {
    // The folder itself may be reached through links: the caller named it.
    std::string path = folder_.starts_with('/') ? "/" : "";
    for (const std::string &part : split(folder_)) {
      if (part.empty()) continue;
      path += (path.empty() || path.back() == '/' ? "" : "/") + part;
      if (mkdir(path.c_str(), 0777) == 0)
        made_folders_.push_back(path);
      else if (errno != EEXIST)
        return output_failure("create the folder", path, errno);
    }
    descriptor fd(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return output_failure("open the folder", folder_, errno);
    folders_.emplace("", std::move(fd));
    return {};
  }

  result<void> make_staging() {
    // Another program that publishes here removes these folders when it finds them empty, so a step may find that the
    // one before it is undone.
    constexpr int most_tries = 1000;
    for (int tries = 0, n = 0; tries < most_tries; ++tries) {
      descriptor at;
      const auto step_into = [&](int from, const char *name) {
        if (mkdirat(from, name, 0777) != 0 && errno != EEXIST) return false;
        at = descriptor(openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        return static_cast<bool>(at);
      };
      if (step_into(*folders_.at(""), ".calque") && step_into(*at, "staging")) {
        staging_name_ = fmt::format("{}-{}", getpid(), n);
        if (mkdirat(*at, staging_name_.c_str(), 0777) == 0) {
          staging_ = descriptor(openat(*at, staging_name_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
          if (staging_) return {};
        } else if (errno == EEXIST) {
          ++n;
          continue;
        }
      }
      if (errno != ENOENT) break;
    }
    return output_failure("write in", folder_ + "/.calque/staging", errno);
  }

  /// The descriptor of a folder below ours, made if it is not there; no link is followed.
  result<int> open_below(const std::vector<std::string> &parts) {
    std::string path;
    int at = *folders_.at("");
    for (const std::string &part : parts) {
      path += (path.empty() ? "" : "/") + part;
      auto known = folders_.find(path);
      if (known == folders_.end()) {
        const std::string full = folder_ + "/" + path;
        if (mkdirat(at, part.c_str(), 0777) == 0)
          made_folders_.push_back(full);
        else if (errno != EEXIST)
          return output_failure("create the folder", full, errno);
        descriptor fd(openat(at, part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!fd) {
          const int number = errno;
          struct stat info {};
          const bool is_link = fstatat(at, part.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
          return output_failure("write below", full, is_link ? ELOOP : number);
        }
        known = folders_.emplace(path, std::move(fd)).first;
      }
      at = *known->second;
    }
    return at;
  }

  result<void> stage(const file_to_publish &file) {
    std::vector<std::string> parts = split(file.path);
    target t{file.path, parts.back(), -1, {}, false};
    parts.pop_back();
    auto parent = open_below(parts);
    if (!parent.has_value()) return parent.error();
    t.parent = parent.value();
    const std::string full = folder_ + "/" + file.path;
    struct stat there {};
    if (fstatat(t.parent, t.name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0) {
      if (S_ISDIR(there.st_mode))
        return error("output.not-a-file", fmt::format("cannot write {}: there is a folder of that name", full),
                       "choose another name with `to`, or another folder with -o");
      if (!S_ISREG(there.st_mode) && !S_ISLNK(there.st_mode))
        return error("output.not-a-file", fmt::format("cannot write {}: it is a pipe or a device", full),
                       "write to standard output with -o - instead");
    } else if (errno != ENOENT) {
      return output_failure("write", full, errno);
    }

    const std::string name = fmt::format("{}.new", targets_.size());
    descriptor fd(openat(*staging_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd) return output_failure("write", full, errno);
    staged_.push_back(name);
    if (const int number = write_whole(*fd, file.bytes); number != 0) return output_failure("write", full, number);
    if (fsync(*fd) != 0) return output_failure("write", full, errno);
    targets_.push_back(std::move(t));
    return {};
  }

  result<void> move_into_place(size_t k) {
    target &t = targets_[k];
    const std::string name = fmt::format("{}.new", k), backup = fmt::format("{}.old", k);
    const std::string full = folder_ + "/" + t.path;
    // The old file is linked aside first, so that a failure further on can put it back. Some file systems have no
    // links; there it is moved aside.
    if (linkat(t.parent, t.name.c_str(), *staging_, backup.c_str(), 0) == 0 ||
        (errno != ENOENT && renameat(t.parent, t.name.c_str(), *staging_, backup.c_str()) == 0)) {
      t.backup = backup;
      staged_.push_back(backup);
    } else if (errno != ENOENT) {
      return output_failure("replace", full, errno);
    }
    if (renameat(*staging_, name.c_str(), t.parent, t.name.c_str()) != 0) return output_failure("write", full, errno);
    t.in_place = true;
    return {};
  }

  void roll_back() {
    for (const target &t : targets_) {
      if (!t.backup.empty())
        renameat(*staging_, t.backup.c_str(), t.parent, t.name.c_str());
      else if (t.in_place)
        unlinkat(t.parent, t.name.c_str(), 0);
    }
  }

  std::string folder_, staging_name_;
  std::map<std::string, descriptor> folders_; // open folders by path below folder_
  std::vector<std::string> made_folders_, staged_;
  std::vector<target> targets_;
  descriptor staging_;
  bool done_ = false;
};

/// The path as a file system without regard to case may see it.
std::string folded(std::string_view path) {
  std::string out(path);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

bool is_safe_output_path(std::string_view path) {
  if (path.empty() || path.size() > 4000) return false;
  for (const char c : path)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  for (const std::string &part : split(path))
    if (part.empty() || part == "." || part == ".." || part.size() > 255) return false;
  return split(path).front() != ".calque";
}

result<void> publish(const std::string &folder, std::span<const file_to_publish> files) {
  std::map<std::string, std::string_view> seen;
  for (const file_to_publish &file : files) {
    if (!is_safe_output_path(file.path))
      return error("output.bad-name", fmt::format("\"{}\" is not a name for an output", file.path),
                     "names are relative, without '..', and stay below the output folder");
    const auto [other, is_new] = seen.emplace(folded(file.path), file.path);
    if (!is_new)
      return error("output.duplicate", fmt::format("two outputs would have the name \"{}\"", file.path),
                     "give one of the stages another `to`, with {stem}, {dir} or {part}");
  }
  return publication(folder.empty() ? "." : folder).run(files);
}

}  // namespace calque::host
