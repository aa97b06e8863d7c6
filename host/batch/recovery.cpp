// SPDX-License-Identifier: Apache-2.0
// What a run that was killed left unfinished: forward when all of it is there, else back.
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "host/batch/file_digest.hpp"
#include "host/batch/publisher.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

std::optional<sha256_digest> digest_at(const std::string &path) {
  const descriptor fd(calls::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  return fd ? sha256_of_file(*fd) : std::nullopt;
}

/// Where each file of a publication is.
struct remains {
  std::size_t placed = 0;
  std::vector<std::size_t> staged;  // of one.moves: still to be placed
  bool is_whole = true;
};

remains look_for(const publication &one, output_folder &folder, const std::string &staging) {
  remains found;
  for (std::size_t k = 0; k < one.moves.size(); ++k) {
    const known_file &file = one.record.files[one.moves[k].second].file;
    if (digest_at(staging + "/" + one.staging + "/" + one.moves[k].first) == file.sha256)
      found.staged.push_back(k);
    else if (folder.digest(file.path) == file.sha256)
      ++found.placed;
    else
      found.is_whole = false;
  }
  return found;
}

/// What was replaced is put back, where it was set aside; false when some of it is not to be had.
bool go_back(const publication &one, output_folder &folder, int staging) {
  bool is_whole = true;
  for (const auto &[name, index] : one.moves) {
    const known_file &file = one.record.files[index].file;
    if (folder.digest(file.path) != file.sha256) continue;  // it was not placed
    is_whole &= folder.place(staging, one.staging + "/" + name_aside(name), file.path) == 0;
  }
  return is_whole;
}

/// 0 or an errno.
int go_forward(publication &one, const remains &found, output_folder &folder, int staging) {
  for (const std::size_t k : found.staged) {
    const auto &[name, index] = one.moves[k];
    if (const int failed = folder.place(staging, one.staging + "/" + name, one.record.files[index].file.path); failed != 0)
      return failed;
  }
  for (const std::string &path : one.removals)
    if (const int failed = folder.remove(path); failed != 0) return failed;
  if (const int failed = folder.sync_folders(); failed != 0) return failed;
  for (placed_file &file : one.record.files)
    if (const auto mark = folder.look(file.file.path)) {
      file.inode = mark->inode;
      file.changed_ns = mark->changed_ns;
    }
  return 0;
}

}  // namespace

result<void> recover(state &known, output_folder &folder, const std::string &staging) {
  const descriptor fd(calls::open(staging.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  std::vector<publication> unfinished = known.unfinished();
  for (publication &one : unfinished) {
    const remains found = look_for(one, folder, staging);
    if (found.is_whole) {
      if (const int failed = go_forward(one, found, folder, *fd); failed != 0)
        return output_failure("bring to an end what was begun in", folder.path(), failed);
      known.finish(one);
    } else {
      known.give_up(one);
      // An older record speaks of what was there before.
      if (found.placed > 0 && !go_back(one, folder, *fd)) known.forget(one.record.path);
      folder.sync_folders();
    }
  }
  int failed = known.flush();
  if (failed == 0 && !unfinished.empty()) failed = known.sync();
  if (failed != 0) return output_failure("write the state of", folder.path(), failed);
  // Only now may what is staged go: it was the way forward.
  std::error_code problem;
  for (const std::filesystem::directory_entry &entry : std::filesystem::directory_iterator(staging, problem))
    std::filesystem::remove_all(entry.path(), problem);
  return {};
}

}  // namespace calque::host
