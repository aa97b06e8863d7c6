// SPDX-License-Identifier: Apache-2.0
// The coordinator's workers: what they are given, what they say, how they end.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "host/batch/coordinator.hpp"
#include "host/worker/wire.hpp"
#include "host/batch/worker_verdict.hpp"

namespace calque::host {
namespace {

// Up to date documents are decided without any worker; signals and the publisher are looked at in between.
constexpr int most_decisions_a_turn = 256;

/// Whether what is said to lie in place already was there when the worker got its order.
bool is_true_of_place(const job_report &report, const std::vector<known_file> &in_place) {
  return std::all_of(report.files.begin(), report.files.end(), [&](const reported_file &one) {
    return !one.staged.empty() || std::any_of(in_place.begin(), in_place.end(), [&](const known_file &there) {
      return there.path == one.file.path && there.size == one.file.size && there.sha256 == one.file.sha256;
    });
  });
}

/// Whether a success has what every success has: a file at least of each exporter without a condition.
bool has_all_files(const job_report &report, const pipeline &whole) {
  for (std::size_t k = 0; is_done(report.status) && k < whole.stages.size(); ++k) {
    const pipeline_stage &stage = whole.stages[k];
    if (stage.description.role != stage_role::export_ || !stage.when.empty()) continue;
    const bool is_there = std::any_of(report.files.begin(), report.files.end(),
                                      [&](const reported_file &file) { return file.stage == k + 1; });
    if (!is_there) return false;
  }
  return true;
}

}  // namespace

bool coordinator::wants_more() const {
  return next_ < settings_.inputs.size() || !returned_.empty() || !retries_.empty();
}

// A worker that waits for its next document costs as much as the document's import. Where documents are few or take
// long, the next one is better off with whoever is free first.
bool coordinator::may_wait_at(const lane &one) const {
  return one.state == lane_state::busy && one.doing && !one.waiting && one.is_quick && !one.spent && one.ending.empty() &&
         !one.is_last && !one.is_for_retry && !settings_.has_fresh_workers && one.documents + 1 < settings_.documents_a_worker &&
         settings_.inputs.size() - next_ > lanes_.size();
}

void coordinator::dispatch() {
  if (is_draining_ || publisher_->waiting() > most_waiting) return;
  for (lane &one : lanes_) {
    if (is_draining_) return;
    if (one.state == lane_state::idle && !fill(one)) return;
    if (may_wait_at(one) && !fill(one)) return;
    if (one.state == lane_state::empty && wants_more())
      start_worker(one, next_ >= settings_.inputs.size() && returned_.empty());
  }
  keep_spare();
}

void coordinator::keep_spare() {
  if (!wants_spare_ || spare_ || is_draining_ || settings_.is_in_process || !wants_more()) return;
  spare_started_ = clock::now();
  spare_ = new_worker();
  wants_spare_ = spare_ != nullptr;
}

// False when this turn's decisions are used up.
bool coordinator::fill(lane &one) {
  for (int turns = 0; turns < most_decisions_a_turn; ++turns) {
    if (next_ >= settings_.inputs.size() && returned_.empty()) {
      if (one.doing) return true;
      // A document that is tried again has a worker of its own, that nothing was done in.
      if (retries_.empty()) return true;
      if (one.documents > 0 || !one.is_for_retry) {
        end_worker(one, "end");
        start_worker(one, true);
        return true;
      }
      if (auto again = next_retry()) {
        give(one, std::move(*again));
        return true;
      }
      continue;
    }
    if (auto next = next_task()) {
      give(one, std::move(*next));
      return true;
    }
    if (is_draining_) return true;
  }
  return false;
}

// Takes the next input. Nothing when it needs no worker: its end is told then.
std::optional<coordinator::task> coordinator::next_task() {
  if (!returned_.empty()) {
    task next = std::move(returned_.front());
    returned_.pop_front();
    return next;
  }
  const std::uint32_t index = next_++;
  const std::string &path = path_of(index);
  input_end end;
  end.index = index;
  end.path = path;
  const bool is_wanted = settings_.only.empty() || std::any_of(settings_.only.begin(), settings_.only.end(), [&](const std::string &glob) {
                           return is_wanted_by(glob, path);
                         });
  if (!is_wanted || (settings_.most_documents > 0 && documents_ >= settings_.most_documents)) {
    end.status = run_status::skipped;
    finish(std::move(end));
    return std::nullopt;
  }
  task next;
  next.index = index;
  next.plan = planner_->decide(path);
  if (!next.plan.errors.empty()) {
    const std::string &code = next.plan.errors.front().code;
    const run_status status = code == "input.empty" || code == "input.too-big" ? run_status::rejected : run_status::io_error;
    std::vector<diagnostic> why = next.plan.errors;
    fail(std::move(next), status, "", std::move(why), nullptr);
    return std::nullopt;
  }
  if (next.plan.why == reason::unchanged) {
    for (const placed_file &file : next.plan.record->files) claims_.claim(file.file.path, index);
    if (next.plan.has_new_marks) state_->set(*next.plan.record);
    end.status = run_status::up_to_date;
    end.plan = &next.plan;
    finish(std::move(end));
    return std::nullopt;
  }
  ++documents_;
  return next;
}

// Takes the next of those that are tried again. Nothing when it cannot be: its end is told then.
std::optional<coordinator::task> coordinator::next_retry() {
  task again = std::move(retries_.front());
  retries_.pop_front();
  const std::string &path = path_of(again.index);
  auto opened = open_batch_input(path, settings_.whole->bounds.max_input);
  std::vector<diagnostic> why;
  if (!opened.has_value())
    why = opened.errors();
  else if (opened.value().sha256 != again.plan.input.sha256)
    why = {error("input.changed", "it was changed between two tries", "run again when nothing writes to it")};
  if (!why.empty()) {
    fail(std::move(again), run_status::io_error, "", std::move(why), nullptr);
    return std::nullopt;
  }
  again.plan.input = std::move(opened.value());
  return again;
}

void coordinator::give(lane &one, task next) {
  next.job = next_job_++;
  next.worker = one.number;
  const job_order order = order_for(next.plan, settings_.inputs[next.index]);
  const int failed = one.process->to().send(message_kind::job, next.job, to_wire(order), {*next.plan.input.file}, false);
  if (one.doing)
    one.waiting = std::move(next);
  else
    begin(one, std::move(next));
  // It died while it waited, or takes nothing any more: the document is not to blame, and its end is seen to.
  if (failed != 0) one.process->kill();
}

void coordinator::begin(lane &one, task next) {
  next.began = clock::now();
  next.watch.emplace(*settings_.whole, next.began);
  one.state = lane_state::busy;
  ++one.documents;
  watcher_.document_began(one.number, settings_.inputs[next.index].path, next.plan.input.size);
  one.doing = std::move(next);
}

// What waits at a worker that does no more. Should it have been begun, nothing of that is heard.
void coordinator::take_back(lane &one) {
  if (!one.waiting) return;
  returned_.push_back(std::move(*one.waiting));
  one.waiting.reset();
}

std::unique_ptr<worker_process> coordinator::new_worker() {
  const std::string name = fmt::format("w{}-{}", ::getpid(), next_worker_++);
  return worker_process::start(settings_.program, *staging_, name, setup_, settings_.is_in_process);
}

void coordinator::start_worker(lane &one, bool for_retry) {
  one.is_for_retry = for_retry;
  one.documents = 0;
  one.first_kib = 0;
  one.is_quick = one.is_last = false;
  one.spent.reset();
  one.ending.clear();
  one.started = spare_ ? spare_started_ : clock::now();
  one.process = spare_ ? std::move(spare_) : new_worker();
  if (one.process) {
    one.state = lane_state::starting;
    return;
  }
  notice(error("run.no-worker", fmt::format("no worker can be started: {}", std::strerror(errno)), "see `calque doctor`"));
  stop_for(batch_outcome::io_error);
}

void coordinator::end_worker(lane &one, const std::string &reason, const std::string &changes) {
  take_back(one);
  one.process->to().send(message_kind::end, 0, "", {}, false);
  one.process->to().close();
  nlohmann::ordered_json fields{{"worker", one.number}, {"pid", one.process->pid()}, {"reason", reason}, {"documents", one.documents}};
  if (!changes.empty()) fields["changed"] = changes;
  if (reason != "end") ++totals_.worker_restarts[reason];
  wants_spare_ |= reason != "end" && reason != "documents";
  events_->write("worker-ended", fields);
  // It has nothing left to do, and nothing of it is waited for.
  one.process->kill();
  one.process->reap();
  leave_folder(one.process->name());
  one.process.reset();
  one.state = lane_state::empty;
  end_orphans();
}

void coordinator::hear(lane &one) {
  message said;
  // A flood of messages from one worker must not keep the others waiting. Who broke the protocol is not heard any more:
  // it may have sent a good report right behind, and the document after that would be blamed for its end.
  for (int turns = 0; turns < 64 && one.process && one.ending != "protocol"; ++turns) {
    switch (one.process->to().receive(said, false)) {
      case channel_state::empty:
      case channel_state::closed: return;
      case channel_state::broken:
        one.ending = "protocol";
        one.process->kill();
        return;
      case channel_state::open: break;
    }
    const bool is_about_job = one.doing && said.job == one.doing->job;
    switch (said.kind) {
      case message_kind::ready: on_ready(one, said); break;
      case message_kind::done: on_done(one, said); break;
      case message_kind::fetch: {
        wire_reader in(said.payload);
        const auto key = in.fixed<16>();
        const descriptor found = is_about_job && in.is_whole() ? cache_.fetch(key) : descriptor();
        const std::vector<int> sent = found ? std::vector<int>{*found} : std::vector<int>{};
        if (one.process->to().send(message_kind::document, said.job, "", sent, false) != 0) one.process->kill();
        break;
      }
      case message_kind::keep: {
        wire_reader in(said.payload);
        const auto key = in.fixed<16>();
        if (is_about_job && in.is_whole() && said.descriptors.size() == 1) cache_.keep(key, *said.descriptors[0]);
        break;
      }
      default:
        one.ending = "protocol";
        one.process->kill();
        return;
    }
  }
}

void coordinator::on_ready(lane &one, const message &said) {
  const auto ready = read_worker_ready(said.payload);
  if (!ready || one.state != lane_state::starting) {
    one.ending = "protocol";
    one.process->kill();
    return;
  }
  if (ready->libraries != first_->ready.libraries) {
    notice(error("run.changed-plugins", "plugins or libraries were replaced while the run went on", "run again"));
    stop_for(batch_outcome::io_error);
    return;
  }
  if (one.process->to().send(message_kind::configure, 0, to_wire(first_->prints), {}, false) != 0) {
    one.process->kill();
    return;
  }
  one.state = lane_state::idle;
  failed_starts_ = 0;
  events_->write("worker-started", {{"worker", one.number}, {"pid", one.process->pid()}});
}

void coordinator::on_done(lane &one, const message &said) {
  auto report = read_job_report(said.payload);
  if (!report || !one.doing || said.job != one.doing->job || !has_all_files(*report, *settings_.whole) ||
      !is_true_of_place(*report, one.doing->plan.in_place)) {
    one.ending = "protocol";
    one.process->kill();
    return;
  }
  if (one.spent) return;  // it has been given up already
  task done = std::move(*one.doing);
  one.doing.reset();
  one.state = lane_state::idle;
  one.is_quick = clock::now() - done.began < quick;
  if (one.first_kib == 0) one.first_kib = report->resident_kib;
  // Long before a document could miss the memory that those before it have lost.
  const std::uint64_t most_growth = std::min(settings_.growth_kib, settings_.whole->budget.memory / 4 / 1024);
  std::string reason;
  const std::string changes = report->changes;
  if (!report->changes.empty())
    reason = "fingerprint";
  else if (report->status == run_status::oom)
    reason = "memory";
  else if (report->status == run_status::crashed)
    reason = "exception";  // what was thrown past the stage may have left it in pieces
  else if (report->resident_kib > one.first_kib + most_growth)
    reason = "growth";
  else if (settings_.has_fresh_workers || one.documents >= settings_.documents_a_worker)
    reason = "documents";
  if (is_done(report->status)) {
    publish(one, std::move(done), std::move(*report));
  } else {
    const run_status status = report->status == run_status::stopped ? run_status::failed : report->status;
    // The one crash that a worker lives to tell.
    fail(std::move(done), status, status == run_status::crashed ? "exception" : "", report->diagnostics, &one, &*report);
  }
  if (!reason.empty()) {
    end_worker(one, reason, changes);
  } else if (one.is_last || (one.waiting && is_draining_)) {
    end_worker(one, "end");  // it would begin what nobody wants any more
  } else if (one.waiting) {
    task next = std::move(*one.waiting);
    one.waiting.reset();
    begin(one, std::move(next));
  }
}

// What plugins have left running, in sessions of their own too, became ours when its parent ended: see prepare.
void coordinator::end_orphans() const {
  for (bool found = true; found;) {
    found = false;
    std::ifstream children(fmt::format("/proc/self/task/{}/children", ::getpid()));
    for (pid_t pid = 0; children >> pid;) {
      const bool is_worker = (spare_ && spare_->pid() == pid) ||
                             std::any_of(lanes_.begin(), lanes_.end(), [&](const lane &one) { return one.process && one.process->pid() == pid; });
      if (is_worker || ::kill(pid, SIGKILL) != 0) continue;
      found = true;  // its own children come to us now
      ::waitpid(pid, nullptr, 0);
    }
  }
}

// The process has ended, or was killed.
void coordinator::on_death(lane &one) {
  hear(one);  // what it said last may be a report
  if (!one.process) return;
  const worker_death death = one.process->reap();
  worker_verdict found = verdict_of(death, one.spent, one.ending == "protocol", settings_.whole->budget.memory);
  std::string reason = found.reason;
  if (is_draining_ && clock::now() > drain_end_ && !one.spent) reason = "end";
  events_->write("worker-ended", {{"worker", one.number}, {"pid", one.process->pid()}, {"reason", reason}, {"documents", one.documents}});
  if (reason != "end") ++totals_.worker_restarts[reason];
  wants_spare_ = true;
  take_back(one);

  const bool was_starting = one.state == lane_state::starting;
  if (one.doing) {
    task lost = std::move(*one.doing);
    one.doing.reset();
    if (reason == "end") {
      input_end end;
      end.index = lost.index;
      end.path = path_of(lost.index);
      end.plan = &lost.plan;
      finish(std::move(end));
    } else {
      const std::uint32_t stage = one.process->status().stage.load(std::memory_order_relaxed);
      diagnostic d = std::move(found.why);
      if (stage > 0 && stage <= settings_.whole->stages.size()) {
        const pipeline_stage &at = settings_.whole->stages[stage - 1];
        d.stage = fmt::format("{} ({} {})", at.name, at.description.id, at.description.version);
      }
      fail(std::move(lost), found.status, found.detail, {std::move(d)}, &one);
    }
  } else if (was_starting && ++failed_starts_ >= most_failed_starts) {
    notice(error("run.no-worker", "a worker died before it was ready: " + found.why.message, "see `calque doctor`"));
    stop_for(batch_outcome::io_error);
  }
  leave_folder(one.process->name());
  one.process.reset();
  one.state = lane_state::empty;
  one.spent.reset();
  one.ending.clear();
  end_orphans();
}

}  // namespace calque::host
