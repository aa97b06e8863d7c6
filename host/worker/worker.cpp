// SPDX-License-Identifier: Apache-2.0
// A worker's side: loads plugins, closes its jail, and takes one input after another.
#include "host/worker/worker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "host/worker/channel.hpp"
#include "host/jail/jail.hpp"
#include "host/worker/job.hpp"
#include "host/worker/loaded_libraries.hpp"
#include "host/worker/status_page.hpp"
#include "host/worker/wire_forms.hpp"
#include "host/worker/worker_condition.hpp"
#include "host/worker/worker_end.hpp"
#include "host/worker/worker_memory.hpp"
#include "host/worker/worker_ready.hpp"
#include "host/worker/worker_setup.hpp"
#include "host/pipeline/found.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/run.hpp"
#include "host/pipeline/source_places.hpp"
#include "host/system/bytes_io.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

std::uint64_t peak_kib() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<std::uint64_t>(used.ru_maxrss);
}

class worker {
 public:
  worker(channel &to, worker_setup setup, status_page page, descriptor staging, bool is_process)
      : channel_(to), setup_(std::move(setup)), page_(std::move(page)), staging_(std::move(staging)),
        catalog_(setup_.importers), is_process_(is_process) {
    stop_.beat_on(page_->calls);
    umask_ = condition_.look().umask;
  }

  /// Loads the plugins within the jail; false when there is nothing to go on with.
  bool prepare() {
    worker_ready ready;
    jail_tier tier;
    if (setup_.has_jail) {
      jail_rules rules;
      rules.readable = setup_.readable;
      rules.writable_folder = *staging_;
      rules.memory = setup_.whole.budget.memory;
      // Whatever it writes is an output, or a document on its way to the cache.
      rules.file_size = std::max<std::uint64_t>(setup_.whole.bounds.max_output, std::uint64_t{8} << 30);
      rules.newest_landlock = setup_.newest_landlock;
      rules.calls = setup_.calls;
      auto entered = restrict_files(rules);
      if (!entered.has_value()) return refuse(entered.errors());
      tier = std::move(entered.value());
    }
    runner_.emplace(setup_.whole, catalog_, &stop_);
    ready.diagnostics = runner_->prepare();
    const bool failed = std::any_of(ready.diagnostics.begin(), ready.diagnostics.end(),
                                    [](const diagnostic &d) { return d.level == severity::error; });
    if (failed) return refuse(ready.diagnostics);
    ready.libraries = loaded_libraries();
    if (setup_.has_jail)
      if (auto closed = restrict_calls(tier); !closed.has_value()) return refuse(closed.errors());
    ready.landlock_abi = tier.landlock_abi;
    ready.has_seccomp = tier.seccomp;
    ready.missing = setup_.has_jail ? tier.missing : std::vector<std::string>{"the jail was not asked for"};
    message answer;
    if (channel_.send(message_kind::ready, 0, to_wire(ready)) != 0 || channel_.receive(answer) != channel_state::open ||
        answer.kind != message_kind::configure)
      return false;
    auto prints = read_stage_fingerprints(answer.payload);
    if (!prints || prints->stages.size() != setup_.whole.stages.size()) return false;
    prints_ = std::move(*prints);
    if (is_process_) condition_.settle();
    return true;
  }

  /// False when the coordinator is gone.
  bool take(message &asked) {
    const auto order = read_job_order(asked.payload);
    if (!order || asked.descriptors.size() != 1) return false;
    job_report report;
    try {
      worker_memory memory(setup_, prints_, *order, channel_, asked.job);
      report = run(*order, asked, memory);
      report.results = memory.take_results();
      if (memory.is_cut_off()) return false;
    } catch (const std::bad_alloc &) {
      report = {};
      fail(report, run_status::oom,
           error("plugin.out-of-memory", "there was not enough memory for the document",
                 "raise `memory` in [budget] of the pipeline if the document is sound"));
    } catch (const std::exception &thrown) {
      report = {};
      fail(report, run_status::failed,
           error("run.internal-error", fmt::format("an error of Calque itself: {}", thrown.what()),
                 "please report it, with the input"));
    }
    asked.descriptors.clear(); // or the condition would have the input in it
    report.peak_kib = peak_kib();
    const worker_condition::state now = condition_.look();
    report.resident_kib = now.resident_kib;
    // As a thread it sees what the others open and close meanwhile.
    if (is_process_) report.changes = condition_.changes(now);
    page_->stage.store(0, std::memory_order_relaxed);
    int failed = channel_.send(message_kind::done, asked.job, to_wire(report));
    if (failed == EMSGSIZE) {
      job_report shorter;
      shorter.peak_kib = report.peak_kib;
      shorter.resident_kib = report.resident_kib;
      shorter.changes = std::move(report.changes);
      fail(shorter, run_status::limit,
           error("run.big-report", fmt::format("there is more to say of it than the records hold: {} files, {} messages",
                                               report.files.size(), report.diagnostics.size()),
                 "split the document, or let its stages make fewer files"));
      failed = channel_.send(message_kind::done, asked.job, to_wire(shorter));
    }
    return failed == 0;
  }

 private:
  bool refuse(const std::vector<diagnostic> &why) {
    wire_writer out;
    write(out, why);
    channel_.send(message_kind::unready, 0, out.bytes());
    return false;
  }

  static void fail(job_report &report, run_status status, diagnostic why) {
    report.status = status;
    report.diagnostics = {std::move(why)};
  }

  job_report run(const job_order &order, const message &asked, worker_memory &memory) {
    job_report report;
    auto bytes = read_at(*asked.descriptors[0], 0, static_cast<std::size_t>(order.size));
    if (!bytes || bytes->size() != order.size || sha256_of(*bytes) != order.sha256) {
      fail(report, run_status::io_error,
           error("input.changed", "it was changed while it was read", "run again when nothing writes to it"));
      return report;
    }
    input_file input;
    input.path = order.path;
    input.name = order.name;
    input.media_type = order.media_type;
    input.sha256 = order.sha256;
    input.bytes = std::move(*bytes);

    run_observer watch;
    watch.begins = [&](std::size_t index, std::string_view) {
      page_->stage.store(index == no_stage ? 0 : static_cast<std::uint32_t>(index + 1), std::memory_order_relaxed);
      page_->stages_begun.fetch_add(1, std::memory_order_relaxed);
    };
    watch.ended = [&](const stage_event &event) {
      // The import's time is that of all parts, and told with each.
      const bool is_told = event.stage.role == stage_role::import && event.part > 1;
      add_time(report, event.index, stage_action::ran,
               is_told ? 0 : std::chrono::duration<double, std::milli>(event.time).count());
    };
    watch.omitted = [&](std::size_t index, std::string_view, stage_omission why) {
      add_time(report, index, why == stage_omission::reused ? stage_action::reused : stage_action::skipped, 0);
    };
    run_outcome done = runner_->run(input, {order.dir, order.stem}, watch,
                                    {.memory = &memory, .wants_documents = setup_.wants_found});
    place_in_input(done.diagnostics, input);
    report.status = done.status;
    report.importer = std::move(done.importer);
    report.diagnostics = std::move(done.diagnostics);
    report.account = std::move(done.import_account);
    for (std::size_t k = 0; k < done.parts.size(); ++k) {
      part_outcome &part = done.parts[k];
      report.parts.push_back(part.status);
      report.account.append(part.account);
      if (!setup_.wants_found || !part.final) continue;
      report.found += order.path + (done.parts.size() > 1 ? fmt::format(" (part {})\n", k + 1) : "\n");
      report.found += describe_found(part.final->view());
    }
    if (is_done(report.status)) stage_files(done.files, asked.job, memory, report);
    return report;
  }

  static void add_time(job_report &report, std::size_t index, stage_action action, double milliseconds) {
    const auto number = index == no_stage ? 0 : static_cast<std::uint32_t>(index + 1);
    for (stage_time &known : report.stages)
      if (known.stage == number) {
        known.milliseconds += milliseconds;
        if (action == stage_action::ran) known.action = action; // on one of the parts
        return;
      }
    report.stages.push_back({number, action, milliseconds});
  }

  /// With the rights that the user's umask gives, whatever a plugin has made of it; its own stays for `changes` to see.
  void stage_files(std::vector<made_file> &files, std::uint64_t job, const worker_memory &memory, job_report &report) {
    const mode_t found = ::umask(umask_);
    write_files(files, job, memory, report);
    ::umask(found);
  }

  void write_files(std::vector<made_file> &files, std::uint64_t job, const worker_memory &memory, job_report &report) {
    for (made_file &made : files) {
      reported_file one;
      one.stage = static_cast<std::uint32_t>(made.stage + 1);
      one.part = made.part;
      one.file = made.known ? *made.known
                            : known_file{std::move(made.path), std::move(made.media_type), made.bytes.size(), {}, made.primary};
      // Whoever puts it into place reads it for its digest; here that is only asked for where it may save the writing.
      if (!made.known && memory.may_be_in_place(one.file.path, one.file.size)) one.file.sha256 = sha256_of(made.bytes);
      if (!made.known && !memory.is_in_place(one.file.path, one.file.sha256)) {
        one.staged = fmt::format("{}-{}", job, report.files.size());
        one.xxh3 = xxh3_of(made.bytes);
        const descriptor fd(calls::openat(*staging_, one.staged.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
        const int failed = fd ? write_whole(*fd, made.bytes) : errno;
        if (failed != 0) {
          report.files.clear();
          fail(report, run_status::io_error, output_failure(fmt::format("write the {} bytes of", one.file.size), one.file.path, failed));
          return;
        }
      }
      made.bytes = {};
      report.files.push_back(std::move(one));
    }
  }

  channel &channel_;
  const worker_setup setup_;
  stage_fingerprints prints_;
  status_page page_;
  descriptor staging_;
  plugin_catalog catalog_;
  stop_flag stop_;
  std::optional<runner> runner_;
  worker_condition condition_;
  mode_t umask_ = 0;  // before any plugin was loaded
  const bool is_process_;
};

}  // namespace

namespace {

/// When the machine has no memory left the kernel ends somebody: let it be a worker, which costs a document a second
/// try, and not the coordinator. Everybody may raise their own number.
void go_first_without_memory() {
  constexpr const char *path = "/proc/self/oom_score_adj";
  const descriptor fd(calls::open(path, O_RDWR | O_CLOEXEC));
  if (!fd) return;
  const long inherited = std::strtol(read_at(*fd, 0, 16).value_or("0").c_str(), nullptr, 10);
  write_whole(*fd, std::to_string(std::min(inherited + 300, 1000L)));
}

/// A document's memory is as good as the next one's: given back after each, the kernel has to find and clear it again.
void keep_memory_between_documents() {
  ::mallopt(M_TRIM_THRESHOLD, 16 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 4 << 20); // the other one's default depends on it
}

/// `is_process`: the process is the worker's own, to be changed as it needs.
int serve(int channel_end, bool is_process) {
  channel to{descriptor(channel_end)};
  message first;
  if (to.receive(first) != channel_state::open || first.kind != message_kind::setup || first.descriptors.empty())
    return 2;
  auto setup = read_worker_setup(first.payload);
  status_page page;
  if (!setup || !page.map(std::move(first.descriptors[0]))) return 2;
  if (is_process)
    note_the_end(*page, setup->has_jail ? setup->whole.budget.memory : 0);
  else
    setup->has_jail = false;
  descriptor staging = first.descriptors.size() > 1 ? std::move(first.descriptors[1]) : descriptor();
  worker me(to, std::move(*setup), std::move(page), std::move(staging), is_process);
  if (!me.prepare()) return 1;
  message next;
  while (to.receive(next) == channel_state::open && next.kind == message_kind::job)
    if (!me.take(next)) return 1;
  return 0;
}

}  // namespace

int run_worker() {
  // Whoever started this is gone: so is all reason to go on.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ}) std::signal(number, SIG_IGN);
  ::fcntl(worker_channel, F_SETFD, FD_CLOEXEC);
  go_first_without_memory();
  keep_memory_between_documents();
  return serve(worker_channel, true);
}

int run_worker_in_process(int channel_end) {
  return serve(channel_end, false);
}

}  // namespace calque::host
