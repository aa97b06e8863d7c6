// SPDX-License-Identifier: Apache-2.0
// A batch from its first input to its last: beginning, the loop, and the end.
#include "host/batch/coordinator.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "host/jail/syscall_filter.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

bool is_network_file_system(const std::string &path) {
  struct statfs info {};
  if (::statfs(path.c_str(), &info) != 0) return false;
  constexpr std::uint32_t kinds[] = {0x6969, 0x517B, 0xFF534D42, 0xFE534D42, 0x564C, 0x5346414F, 0x00C36400};
  return std::find(std::begin(kinds), std::end(kinds), static_cast<std::uint32_t>(info.f_type)) != std::end(kinds);
}

std::string utc(std::time_t when) {
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  char text[32] = {};
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string hex(const short_digest &digest) {
  std::string text;
  for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

std::string_view name_of(batch_outcome outcome) {
  constexpr std::string_view names[] = {"finished", "max-failures", "interrupted", "disk-full", "io-error"};
  return names[static_cast<std::size_t>(outcome)];
}

coordinator::coordinator(const batch_settings &settings, batch_watcher &watcher)
    : settings_(settings), watcher_(watcher), began_(clock::now()), cache_(settings.cache_folder),
      verdicts_(settings.inputs.size()) {}

coordinator::~coordinator() {
  // Workers first: they write into what the publisher reads.
  lanes_.clear();
  spare_.reset();
  first_.reset();
  publisher_.reset();
  // Still under the lock, and only then: else it is another's.
  if (!lock_) return;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(staging_path_, failed), end; !failed && at != end; at.increment(failed))
    ::rmdir(at->path().c_str());  // of a worker that was given nothing
  ::rmdir(staging_path_.c_str());
}

void coordinator::notice(diagnostic d) {
  if (events_)
    events_->write("notice", {{"level", d.level == severity::error ? "error" : "warning"},
                              {"code", d.code}, {"message", d.message}});
  watcher_.notice(d);
}

result<void> coordinator::prepare() {
  // Whatever a plugin leaves running becomes ours to end.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (auto opened = open_folders(); !opened.has_value()) return opened;
  if (auto owned = check_owner(); !owned.has_value()) return owned;
  if (auto free = check_targets(); !free.has_value()) return free;
  worker_setup setup = setup_of(settings_);
  if (setup.has_jail && possible_jail(setup.newest_landlock).seccomp)
    if (auto compiled = compile_call_filters(); compiled.has_value()) setup.calls = std::move(compiled.value());
  setup_ = to_wire(setup);
  const std::string name = fmt::format("w{}-{}", ::getpid(), next_worker_++);
  auto first = start_first_worker(settings_, setup_, *staging_, name);
  if (!first.has_value()) return first.errors();
  first_.emplace(std::move(first.value()));
  configuration_ = digest_of(first_->depends);
  state_->keep(first_->depends);
  auto made = make_run_folder(folder_.path(), std::time(nullptr), ::getpid());
  if (!made.has_value()) return made.errors();
  records_ = std::move(made.value());
  planner_.emplace(*state_, folder_, first_->depends, settings_.whole->bounds.max_input, settings_.is_forced);
  auto own = output_folder::open(settings_.output, false);
  if (!own.has_value()) return own.errors();
  publisher_.emplace(*state_, std::move(own.value()),
                     descriptor(::fcntl(*staging_, F_DUPFD_CLOEXEC, 0)), settings_.is_durable);
  return {};
}

result<void> coordinator::open_folders() {
  auto opened = output_folder::open(settings_.output, true);
  if (!opened.has_value()) return opened.errors();
  folder_ = std::move(opened.value());
  // Staged files lie beside the outputs whatever is asked: a rename does not leave a file system.
  const std::string own = folder_.path() + "/.calque";
  state_folder_ = settings_.state_folder.empty() ? own : settings_.state_folder;
  staging_path_ = own + "/staging";
  const auto make = [](const std::string &path) -> result<void> {
    if (calls::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) return output_failure("create the folder", path, errno);
    return {};
  };
  for (const std::string &path : {own, state_folder_})
    if (auto made = make(path); !made.has_value()) return made;
  if (settings_.state_folder.empty() && is_network_file_system(state_folder_))
    return error("run.network-state", fmt::format("{} is on a network file system", state_folder_),
                 "name a local folder with --state");
  auto locked = run_lock::take(path_in_state("lock"), settings_.patience, settings_.is_stopped);
  if (!locked.has_value()) return locked.errors();
  lock_.emplace(std::move(locked.value()));
  // Not before: a run removes its staging folder at its end, while the next one waits for the lock.
  if (auto made = make(staging_path_); !made.has_value()) return made;
  staging_ = descriptor(calls::open(staging_path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!staging_) return output_failure("open", staging_path_, errno);
  auto known = state::open(state_folder_ + "/state.db", journal::access::read_write, early_notices_);
  if (!known.has_value()) return known.errors();
  state_ = std::move(known.value());
  if (auto recovered = recover(*state_, folder_, staging_path_); !recovered.has_value()) return recovered;
  state_->shrink();
  return {};
}

result<void> coordinator::check_owner() {
  const std::string owner = state_->owner();
  if (!owner.empty() && owner != settings_.whole->name)
    return error("run.other-pipeline",
                 fmt::format("{} belongs to the pipeline {}, not to {}", folder_.path(), owner, settings_.whole->name),
                 "give this pipeline a folder of its own with -o, or remove .calque from this one");
  return {};
}

// What would fail for every document is found before the first one.
result<void> coordinator::check_targets() {
  struct stat root {};
  if (::fstat(folder_.fd(), &root) != 0) return output_failure("read", folder_.path(), errno);
  std::set<std::string> folders{""};
  for (const named_input &input : settings_.inputs)
    for (const pipeline_stage &stage : settings_.whole->stages) {
      if (stage.description.role != stage_role::export_) continue;
      const std::string file = output_name(stage.to, {input.dir, "x", "", 1, 1});
      folders.insert(file.substr(0, file.rfind('/') == std::string::npos ? 0 : file.rfind('/')));
    }
  for (const std::string &folder : folders) {
    const std::string path = folder.empty() ? folder_.path() : folder_.path() + "/" + folder;
    if (auto free = folder_.check(folder.empty() ? ".calque-probe" : folder + "/.calque-probe", false); !free.has_value())
      return free;
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) continue;  // it will be made
    if (info.st_dev != root.st_dev)
      return error("output.cannot-create", fmt::format("{} is another file system than {}", path, folder_.path()),
                   "outputs are renamed into place, which does not go from one to another; mount it elsewhere");
    if (::access(path.c_str(), W_OK | X_OK) != 0) return output_failure("write to", path, errno);
  }
  struct statvfs space {};
  constexpr std::uint64_t least = std::uint64_t{1} << 20;
  if (::fstatvfs(folder_.fd(), &space) == 0 && space.f_bavail * space.f_frsize < least)
    return error("output.disk-full",
                 fmt::format("{} has {} bytes left", folder_.path(), space.f_bavail * space.f_frsize),
                 "free some space and run again; nothing was changed");
  return {};
}

void coordinator::tell_start() {
  std::vector<std::string> names;
  nlohmann::ordered_json stages = nlohmann::ordered_json::array();
  for (const pipeline_stage &stage : settings_.whole->stages) {
    names.push_back(stage.name);
    stages.push_back({{"name", stage.name},
                      {"role", role_name(stage.description.role)},
                      {"id", stage.description.id},
                      {"version", stage.description.version},
                      {"plugin", stage.description.path},
                      {"digest", stage.description.digest}});
  }
  events_.emplace(std::move(names), began_);
  descriptor file(calls::open(records_.events().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666));
  if (file) events_->add_target(std::move(file));
  if (settings_.events_fd >= 0) events_->add_target(descriptor(::fcntl(settings_.events_fd, F_DUPFD_CLOEXEC, 0)));
  std::string build;
  for (const auto &[path, id] : first_->ready.libraries)
    if (path == settings_.program) build = id;
  const worker_ready &ready = first_->ready;
  totals_.tier = ready.landlock_abi > 0 && ready.has_seccomp ? "landlock+seccomp"
                 : ready.landlock_abi > 0                    ? "landlock"
                 : ready.has_seccomp                         ? "seccomp"
                                                             : "none";
  const time_budget &budget = settings_.whole->budget;
  events_->write("run-started",
                 {{"schema", "calque.events/1"},
                  {"run", records_.id},
                  {"time", utc(std::time(nullptr))},
                  {"host", settings_.host},
                  {"build", build},
                  {"pipeline", settings_.whole->name},
                  {"pipeline_file", settings_.whole->path},
                  {"pipeline_digest", hex(configuration_)},
                  {"output", folder_.path()},
                  {"command", settings_.command},
                  {"inputs", settings_.inputs.size()},
                  {"workers", settings_.workers},
                  {"pid", ::getpid()},
                  {"sandbox", {{"tier", totals_.tier}, {"landlock_abi", ready.landlock_abi}, {"seccomp", ready.has_seccomp},
                               {"missing", ready.missing}}},
                  {"budgets", {{"total_ms", budget.total.count()}, {"silence_ms", budget.silence.count()},
                               {"memory", budget.memory}}},
                  {"stages", std::move(stages)}});
  totals_.run_folder = records_.path;
  totals_.run_id = records_.id;
}

batch_totals coordinator::run() {
  tell_start();
  for (diagnostic &d : early_notices_) notice(std::move(d));
  for (diagnostic &d : first_->ready.diagnostics) notice(std::move(d));
  for (unsigned k = 0; k < std::max(1u, settings_.workers); ++k) {
    lanes_.emplace_back();
    lanes_.back().number = k + 1;
  }
  lane &first = lanes_.front();
  first.process = std::move(first_->process);
  first.state = lane_state::idle;
  first.started = clock::now();
  wants_spare_ = settings_.has_fresh_workers;
  events_->write("worker-started", {{"worker", 1}, {"pid", first.process->pid()}});

  for (;;) {
    if (!is_draining_ && settings_.is_stopped()) {
      stop_for(batch_outcome::interrupted);
      drain_end_ = clock::now() + settings_.grace;
    }
    if (is_draining_ && settings_.is_hurried && settings_.is_hurried()) drain_end_ = began_;
    dispatch();
    const bool is_busy = std::any_of(lanes_.begin(), lanes_.end(), [](const lane &one) { return one.doing.has_value(); });
    if (!is_busy && leaving_.empty() && (is_draining_ || !wants_more())) break;
    wait();
    take_published();
    check_budgets();
    state_->flush();
    events_->flush();
    watcher_.tick();
  }

  // What was never begun has a verdict too.
  for (; next_ < settings_.inputs.size(); ++next_) {
    input_end end;
    end.index = next_;
    end.path = path_of(next_);
    finish(std::move(end));
  }
  for (const auto *left : {&returned_, &retries_})
    for (const task &one : *left) {
      input_end end;
      end.index = one.index;
      end.path = path_of(one.index);
      end.plan = &one.plan;
      finish(std::move(end));
    }
  if (!is_draining_ && settings_.is_all) prune();
  for (lane &one : lanes_)
    if (one.process) end_worker(one, "end");
  lanes_.clear();
  if (spare_) {
    spare_->kill();
    spare_->reap();
    leave_folder(spare_->name());
    spare_.reset();
  }
  const int failed = publisher_->finish();
  take_published();
  if (failed != 0 && totals_.outcome == batch_outcome::finished) {
    totals_.outcome = batch_outcome::io_error;
    notice(output_failure("write the state of", folder_.path(), failed));
  }
  if (cache_.is_on()) cache_.shrink(settings_.whole->cache.most);
  totals_.state_bytes = state_->bytes();
  totals_.seconds = std::chrono::duration<double>(clock::now() - began_).count();
  return totals_;
}

void coordinator::end_records(int exit) {
  nlohmann::ordered_json counts = nlohmann::ordered_json::object();
  for (std::size_t k = 0; k < run_status_count; ++k)
    if (totals_.counts[k] > 0) counts[std::string(name_of(static_cast<run_status>(k)))] = totals_.counts[k];
  events_->write("run-finished", {{"outcome", name_of(totals_.outcome)},
                                  {"exit", exit},
                                  {"counts", std::move(counts)},
                                  {"files_written", totals_.files_written},
                                  {"bytes_written", totals_.bytes_written},
                                  {"worker_restarts", totals_.worker_restarts}});
  events_->flush();
  if (const int trouble = events_->trouble(); trouble != 0) {
    diagnostic d = output_failure("write the records of", records_.path, trouble);
    d.level = severity::warning;
    watcher_.notice(d);
  }
}

void coordinator::wait() {
  std::vector<pollfd> waiting;
  waiting.push_back({publisher_->fd(), POLLIN, 0});
  auto most = std::chrono::milliseconds(100);
  for (lane &one : lanes_) {
    if (!one.process) continue;
    waiting.push_back({one.process->to().fd(), POLLIN, 0});
    waiting.push_back({one.process->ended_fd(), POLLIN, 0});
    waiting.push_back({one.process->talk_fd(), POLLIN, 0});
    if (one.doing) most = std::min(most, one.doing->watch->pause());
  }
  // What is up to date needs nobody to wait for.
  const bool goes_on = !is_draining_ && next_ < settings_.inputs.size() &&
                       std::any_of(lanes_.begin(), lanes_.end(), [](const lane &one) { return one.state == lane_state::idle; }) &&
                       publisher_->waiting() <= most_waiting;
  ::poll(waiting.data(), waiting.size(), goes_on ? 0 : static_cast<int>(most.count()));
  std::size_t k = 1;
  for (lane &one : lanes_) {
    if (!one.process) continue;
    const short heard = waiting[k].revents, ended = waiting[k + 1].revents, talked = waiting[k + 2].revents;
    k += 3;
    if (talked != 0) one.process->drain();
    // What it said before it died counts.
    if (heard != 0) hear(one);
    if (one.process && (ended != 0 || (one.process->ended_fd() < 0 && (heard & POLLHUP) != 0))) on_death(one);
  }
}

void coordinator::check_budgets() {
  const auto now = clock::now();
  for (lane &one : lanes_) {
    if (one.state == lane_state::starting && now - one.started > std::chrono::minutes(1)) one.process->kill();
    if (!one.doing || one.spent) continue;
    const worker_status &page = one.process->status();
    const std::uint32_t stage = page.stage.load(std::memory_order_relaxed);
    if (stage != one.doing->stage && stage > 0 && stage <= settings_.whole->stages.size()) {
      one.doing->stage = stage;
      watcher_.stage_began(one.number, settings_.whole->stages[stage - 1].name);
    }
    one.spent = one.doing->watch->look(page.calls.load(std::memory_order_relaxed), stage,
                                       page.stages_begun.load(std::memory_order_relaxed), now);
    if (one.spent || (is_draining_ && now > drain_end_)) one.process->kill();
    // The one before it may go on for hours, or hang.
    if (one.waiting && now - one.doing->began > quick) {
      take_back(one);
      one.is_last = true;
    }
  }
}

void coordinator::stop_for(batch_outcome why) {
  if (is_draining_) return;
  is_draining_ = true;
  drain_end_ = clock::now() + settings_.grace;
  totals_.outcome = why;
}

}  // namespace calque::host
