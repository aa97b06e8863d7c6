// SPDX-License-Identifier: Apache-2.0
// A batch from its first input to its last: who does what next, what becomes of it, and when to stop. Loads no plugin.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/batch/batch_settings.hpp"
#include "host/batch/budget_watch.hpp"
#include "host/batch/document_cache.hpp"
#include "host/batch/event_writer.hpp"
#include "host/batch/first_worker.hpp"
#include "host/batch/output_claims.hpp"
#include "host/batch/planner.hpp"
#include "host/batch/publisher.hpp"
#include "host/records/run_folder.hpp"
#include "host/batch/run_lock.hpp"
#include "host/batch/state.hpp"
#include "host/batch/worker_process.hpp"

namespace calque::host {

/// One thread; the publisher has another. Used once: prepare, then run.
class coordinator {
 public:
  /// The settings and the watcher outlive it.
  coordinator(const batch_settings &, batch_watcher &);
  ~coordinator();

  /// Takes the lock, brings what an earlier run left to an end, and starts the first worker. Nothing is done when there
  /// are errors. Codes: run.locked, run.other-pipeline, run.network-state, state.newer-version, output.*, those of
  /// start_first_worker.
  result<void> prepare();
  batch_totals run();
  /// Writes the last event, when the exit code is known.
  void end_records(int exit);
  const run_folder &records() const { return records_; }

 private:
  using clock = std::chrono::steady_clock;
  /// Publications that may wait: beyond it the disk is slower than the workers, and what waits takes memory.
  static constexpr std::size_t most_waiting = 256;
  /// Any worker may be killed by somebody while it starts; but who never gets beyond that is not tried for ever.
  static constexpr unsigned most_failed_starts = 3;
  /// What takes longer keeps no other document waiting at its worker.
  static constexpr std::chrono::milliseconds quick{100};

  /// What a first try came to, of a document that is tried again.
  struct first_try {
    run_status status = run_status::crashed;
    std::string detail;
  };
  /// A document in a worker.
  struct task {
    std::uint32_t index = 0;  // of the input
    std::uint64_t job = 0;
    decision plan;
    std::optional<first_try> before;
    unsigned worker = 0;      // that has it, or had it; 0: none yet
    clock::time_point began;
    std::optional<budget_watch> watch;
    std::uint32_t stage = 0;  // as it was seen last
  };
  /// A document whose outputs are on their way.
  struct leaving {
    std::uint32_t index = 0;
    decision plan;
    job_report report;
    std::vector<std::string> removed;
    std::string staging;             // the folder that its files lie in
    unsigned worker = 0, attempt = 1;
    clock::time_point began, ended;
    std::optional<first_try> before;
    bool is_withdrawal = false;  // of a document that has failed already
  };
  enum class lane_state { empty, starting, idle, busy };
  /// A place for one worker at a time.
  struct lane {
    unsigned number = 0;
    lane_state state = lane_state::empty;
    std::unique_ptr<worker_process> process;
    std::optional<task> doing;
    std::optional<task> waiting;  // the worker has its order, and begins when it has done the other
    bool is_quick = false;        // the last document took less time than would be noticed
    bool is_last = false;         // what waited was taken back: the worker has an order that nobody wants any more
    std::uint64_t documents = 0, first_kib = 0;
    clock::time_point started;
    std::optional<spent_budget> spent;  // why it was killed
    std::string ending;                 // why it is to end, as records say it
    bool is_for_retry = false;
  };

  // Steps of prepare.
  result<void> open_folders();
  result<void> check_owner();
  result<void> check_targets();
  void tell_start();

  // What is done next.
  void dispatch();
  bool fill(lane &);
  std::optional<task> next_task();
  std::optional<task> next_retry();
  bool wants_more() const;
  bool may_wait_at(const lane &) const;
  void give(lane &, task);
  void begin(lane &, task);
  void take_back(lane &);
  void start_worker(lane &, bool for_retry);
  std::unique_ptr<worker_process> new_worker();
  void keep_spare();
  void end_worker(lane &, const std::string &reason, const std::string &changes = {});

  // What happens.
  void wait();
  void hear(lane &);
  void on_ready(lane &, const message &);
  void on_done(lane &, const message &);
  void on_death(lane &);
  void check_budgets();
  void take_published();

  // What becomes of a document.
  void publish(lane &, task, job_report);
  void withdraw(std::uint32_t index, const std::string &path);
  void fail(task, run_status, std::string detail, std::vector<diagnostic> why, const lane *, const job_report * = nullptr);
  void finish(input_end);
  void record_failure(const task &, run_status, const std::string &detail, const std::string &code,
                      const std::string &quarantine);
  std::string quarantine(const task &, run_status, const std::string &detail, const std::string &last_words);
  void stop_for(batch_outcome);
  void prune();
  void notice(diagnostic);
  void leave_folder(const std::string &worker);
  void end_orphans() const;

  std::string path_in_state(std::string_view name) const { return state_folder_ + "/" + std::string(name); }
  const std::string &path_of(std::uint32_t index) const { return settings_.inputs[index].path; }

  const batch_settings &settings_;
  batch_watcher &watcher_;
  const clock::time_point began_;
  std::string state_folder_, staging_path_, setup_;
  std::optional<run_lock> lock_;
  descriptor staging_;
  output_folder folder_;
  std::unique_ptr<state> state_;
  document_cache cache_;
  std::optional<first_worker> first_;
  short_digest configuration_{};
  std::optional<planner> planner_;
  std::optional<publisher> publisher_;
  std::optional<event_writer> events_;
  run_folder records_;
  output_claims claims_;
  std::vector<std::uint8_t> verdicts_;  // by input: its status + 1; 0: none yet

  std::vector<lane> lanes_;
  // Once workers die, one that has started already takes the place of the next to do so.
  std::unique_ptr<worker_process> spare_;
  clock::time_point spare_started_;
  bool wants_spare_ = false;
  unsigned failed_starts_ = 0;  // in a row
  std::uint32_t next_ = 0;
  std::uint64_t next_job_ = 1, next_worker_ = 1, documents_ = 0;
  std::deque<task> returned_;  // they waited at a worker that is gone, and were not begun
  std::deque<task> retries_;
  std::map<std::uint64_t, leaving> leaving_;  // by number of publication
  std::set<std::string> left_folders_;        // of workers that are gone, with files that still wait there
  std::uint64_t failures_ = 0;
  bool is_draining_ = false;
  clock::time_point drain_end_;
  std::vector<diagnostic> early_notices_;
  batch_totals totals_;
};

}  // namespace calque::host
