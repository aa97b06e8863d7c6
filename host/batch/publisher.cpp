// SPDX-License-Identifier: Apache-2.0
// Puts outputs into place and records it, in groups.
#include "host/batch/publisher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>
#include <utility>

#include "host/batch/file_digest.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

// One sync of the state serves a whole group. More would make a killed run repeat more.
constexpr std::size_t most_in_group = 64;

std::string staged_path(const publication &one, const std::string &name) {
  return one.staging + "/" + name;
}

/// Of each file that is in place: what tells it from the next version.
void mark_files(output_folder &folder, publication &one) {
  for (placed_file &file : one.record.files)
    if (const auto mark = folder.look(file.file.path)) {
      file.inode = mark->inode;
      file.changed_ns = mark->changed_ns;
    }
}

}  // namespace

publisher::publisher(state &to, output_folder folder, descriptor staging, bool is_durable)
    : state_(to),
      folder_(std::move(folder)),
      staging_(std::move(staging)),
      event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      is_durable_(is_durable),
      thread_([this] { work(); }) {}

publisher::~publisher() {
  finish();
}

void publisher::submit(publication one) {
  {
    const std::lock_guard hold(guard_);
    queue_.push_back(std::move(one));
  }
  more_.notify_one();
}

std::vector<published> publisher::take() {
  std::uint64_t count = 0;
  // Nonblocking: there may be nothing to read, and that is no error.
  if (::read(*event_, &count, sizeof count) < 0 && errno != EAGAIN) return {};
  const std::lock_guard hold(guard_);
  return std::exchange(done_, {});
}

std::size_t publisher::waiting() const {
  const std::lock_guard hold(guard_);
  return queue_.size() + in_work_;
}

int publisher::finish() {
  {
    const std::lock_guard hold(guard_);
    if (!thread_.joinable()) return last_error_;
    is_closing_ = true;
  }
  more_.notify_one();
  thread_.join();
  return last_error_;
}

void publisher::work() {
  for (;;) {
    std::vector<publication> group;
    {
      std::unique_lock hold(guard_);
      more_.wait(hold, [this] { return is_closing_ || !queue_.empty(); });
      if (queue_.empty()) break;
      // What is withdrawn has to be recorded before, so it has a group of its own.
      const auto first = std::find_if(queue_.begin(), queue_.end(), [](const publication &one) { return one.withdraws; });
      const auto before = static_cast<std::size_t>(first - queue_.begin());
      const std::size_t size = before == 0 ? 1 : std::min(before, most_in_group);
      const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(size);
      group.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
      queue_.erase(queue_.begin(), end);
      in_work_ = group.size();
    }
    publish(group);
  }
  int failed = state_.flush();
  if (failed == 0 && is_durable_) failed = state_.sync();
  const std::lock_guard hold(guard_);
  last_error_ = failed;
}

void publisher::answer(std::vector<published> done) {
  {
    const std::lock_guard hold(guard_);
    in_work_ = 0;
    for (published &one : done) done_.push_back(std::move(one));
  }
  const std::uint64_t one = 1;
  // It can only fail when the count is full, and then it is readable anyway.
  if (::write(*event_, &one, sizeof one) < 0) return;
}

void publisher::publish(std::vector<publication> &group) {
  std::vector<published> outcomes(group.size());
  const auto is_sound = [&](std::size_t k) { return outcomes[k].errors.empty(); };
  const auto note = [&](std::size_t k, const result<void> &step) {
    if (!step.has_value()) outcomes[k].errors = step.errors();
  };
  bool has_begun = false;
  for (std::size_t k = 0; k < group.size(); ++k) {
    outcomes[k].number = group[k].number;
    if (group[k].withdraws) prepare_withdrawal(group[k]);
    note(k, stage(group[k]));
    if (!is_sound(k)) continue;
    note_digests(group[k], outcomes[k]);
    if (group[k].moves.empty() && group[k].removals.empty()) {
      mark_files(folder_, group[k]);
      if (group[k].forgets)
        state_.forget(group[k].record.path);
      else
        state_.set(group[k].record);
    } else {
      state_.begin(group[k]);
      has_begun = true;
    }
  }
  // Folders that were made on the way have to be there before anything in them is said to be.
  int failed = is_durable_ ? folder_.sync_folders() : 0;
  if (failed == 0) failed = state_.flush();
  if (failed == 0 && is_durable_ && has_begun) failed = state_.sync();
  for (std::size_t k = 0; failed != 0 && k < group.size(); ++k)
    if (is_sound(k)) outcomes[k].errors = {output_failure("write the state of", folder_.path(), failed)};
  for (std::size_t k = 0; k < group.size(); ++k)
    if (is_sound(k)) note(k, place(group[k]));
  if (is_durable_)
    if (const int unsynced = folder_.sync_folders(); unsynced != 0)
      for (std::size_t k = 0; k < group.size(); ++k)
        if (is_sound(k)) outcomes[k].errors = {output_failure("write to", folder_.path(), unsynced)};
  for (std::size_t k = 0; k < group.size(); ++k) {
    if (group[k].moves.empty() && group[k].removals.empty()) continue;
    if (is_sound(k)) {
      mark_files(folder_, group[k]);
      state_.finish(group[k]);
      if (group[k].forgets) state_.forget(group[k].record.path);
    } else {
      state_.give_up(group[k]);
    }
    for (const auto &[name, file] : group[k].moves)  // what did not move
      if (!is_sound(k)) calls::unlinkat(*staging_, staged_path(group[k], name).c_str(), 0);
  }
  if (const int unsaid = state_.flush(); unsaid != 0)
    for (std::size_t k = 0; k < group.size(); ++k)
      if (is_sound(k)) outcomes[k].errors = {output_failure("write the state of", folder_.path(), unsaid)};
  answer(std::move(outcomes));
}

void publisher::prepare_withdrawal(publication &one) {
  const auto known = state_.find(one.record.path);
  if (!known) return;
  for (const placed_file &file : known->files)
    if (file.file.path != one.kept_by_other) one.removals.push_back(file.file.path);
  one.record.sha256 = known->sha256;
  one.record.size = known->size;
}

// The staged files are what the worker said that they are, and durable; nothing is in their way.
result<void> publisher::stage(publication &one) {
  std::set<std::string_view> names;
  for (std::size_t m = 0; m < one.moves.size(); ++m) {
    const auto &[name, k] = one.moves[m];
    known_file &file = one.record.files[k].file;
    if (auto free = folder_.check(file.path, true); !free.has_value()) return free;
    const descriptor fd(calls::openat(*staging_, staged_path(one, name).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    // What is not there, or a link, is a lie of the worker and no trouble of the disk.
    if (!fd && errno != ENOENT && errno != ELOOP) return output_failure("read the staged file of", file.path, errno);
    const bool may_be_it = fd && ::fstat(*fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_nlink == 1 &&
                           names.insert(name).second && static_cast<std::uint64_t>(info.st_size) == file.size;
    const auto found = may_be_it ? digests_of_file(*fd) : std::nullopt;
    if (!found || found->xxh3 != one.written[m])
      return error("run.false-report", fmt::format("{} is not what its worker said that it had written", file.path),
                   "a plugin has taken over its process; see `stderr` in the record of the run");
    file.sha256 = found->sha256;  // of what was read here: no worker can have it otherwise in the records
    if (is_durable_ && calls::fsync(*fd) != 0) return output_failure("write", file.path, errno);
  }
  return {};
}

// The stages' results speak of the same files.
void publisher::note_digests(publication &one, published &told) const {
  for (const placed_file &placed : one.record.files) {
    told.digests.push_back(placed.file.sha256);
    for (stage_result &made : one.record.results)
      for (known_file &file : made.files)
        if (file.path == placed.file.path) file.sha256 = placed.file.sha256;
  }
}

std::string name_aside(const std::string &staged) {
  return staged + ".old";
}

// All or none: what is replaced is set aside first. Some file systems have no links; there, and where one file is all,
// a failure leaves what it leaves, and the next run makes it good.
result<void> publisher::place(publication &one) {
  std::vector<std::size_t> added;  // moves to where nothing was
  for (std::size_t k = 0; k < one.moves.size(); ++k) {
    const auto &[name, index] = one.moves[k];
    const std::string &path = one.record.files[index].file.path, staged = staged_path(one, name);
    if (!folder_.look(path))
      added.push_back(index);
    else if (one.moves.size() > 1)
      folder_.set_aside(path, *staging_, name_aside(staged));
    if (const int failed = folder_.place(*staging_, staged, path); failed != 0) {
      put_back(one, k, added);
      return output_failure("write", folder_.path() + "/" + path, failed);
    }
  }
  for (std::size_t k = 0; added.size() < one.moves.size() && k < one.moves.size(); ++k)
    ::unlinkat(*staging_, name_aside(staged_path(one, one.moves[k].first)).c_str(), 0);
  for (const std::string &path : one.removals)
    if (const int failed = folder_.remove(path); failed != 0)
      return output_failure("remove", folder_.path() + "/" + path, failed);
  return {};
}

void publisher::put_back(const publication &one, std::size_t moved, const std::vector<std::size_t> &added) {
  for (std::size_t k = 0; k < one.moves.size(); ++k) {
    const std::string aside = name_aside(staged_path(one, one.moves[k].first));
    const std::size_t index = one.moves[k].second;
    const std::string &path = one.record.files[index].file.path;
    if (k >= moved)
      ::unlinkat(*staging_, aside.c_str(), 0);
    else if (std::find(added.begin(), added.end(), index) != added.end())
      folder_.remove(path);
    else
      folder_.place(*staging_, aside, path);
  }
}

}  // namespace calque::host
