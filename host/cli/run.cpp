// SPDX-License-Identifier: Apache-2.0
// `calque run`: a pipeline over its inputs, what is recorded of it, and a summary at the end.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>

#include "host/records/bag.hpp"
#include "host/batch/coordinator.hpp"
#include "host/batch/dry_run.hpp"
#include "host/records/metrics.hpp"
#include "host/records/premis.hpp"
#include "host/records/report.hpp"
#include "host/records/run_folder.hpp"
#include "host/cli/batch_options.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/run_talk.hpp"
#include "host/cli/signals.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

std::string arguments_of(const run_options &options) {
  return options.output.empty() ? options.pipeline : options.pipeline + " -o " + options.output;
}

/// `run -n`: a line a document that would be done, at most twenty, and the counts; or all of them as JSON.
exit_code tell_plan(program &p, const run_options &options, const batch_settings &settings) {
  constexpr std::size_t most_lines = 20;
  std::map<std::string, std::uint64_t> counts;
  std::size_t lines = 0;
  const auto each = [&](const named_input &input, const decision &plan) {
    const std::string why(plan.errors.empty() ? name_of(plan.why) : plan.errors.front().code);
    ++counts[why];
    if (options.format == "json") {
      nlohmann::ordered_json line{{"input", input.path}, {"action", plan.why == reason::unchanged ? "none" : "run"}, {"reason", why}};
      for (const changed_field &one : plan.changed)
        line["changed"].push_back({{"field", one.field}, {"old", one.before}, {"new", one.after}});
      p.data(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    } else if ((plan.why != reason::unchanged || !plan.errors.empty()) && ++lines <= most_lines) {
      std::string what;
      if (!plan.changed.empty()) what = "  " + plan.changed.front().field + (plan.changed.size() > 1 ? ", …" : "");
      if (!plan.output.empty() && plan.changed.empty()) what = "  " + plan.output;
      p.data(fmt::format("{:<16} {}{}\n", why, show_text(input.path), show_text(what)));
    }
  };
  const auto told = dry_run(settings, each);
  if (!told.has_value()) return refuse(p, told.errors());
  if (options.format == "json") return exit_code::ok;
  if (lines > most_lines) p.data(fmt::format("… and {} more\n", lines - most_lines));
  std::string sums;
  for (const auto &[why, count] : counts) sums += fmt::format("{}{} {}", sums.empty() ? "" : ", ", count, why);
  p.data(fmt::format("{}: {}\n", counted(settings.inputs.size(), "input"), sums));
  return exit_code::ok;
}

/// At most twelve lines, whatever happened.
void summarize(program &p, const run_options &options, const batch_settings &settings, const batch_totals &totals,
               const run_talk &talk) {
  const std::uint64_t not_run = totals.count(run_status::not_run);
  std::string counts = fmt::format("{}: {} ok", counted(settings.inputs.size(), "input"), totals.count(run_status::ok));
  const auto add = [&](std::uint64_t count, std::string_view what) {
    if (count > 0) counts += fmt::format(", {} {}", count, what);
  };
  add(totals.count(run_status::ok_with_warnings), "with warnings");
  add(totals.count(run_status::up_to_date), "up to date");
  add(talk.failure_count(), "failed");
  add(totals.count(run_status::skipped), "skipped");
  add(not_run, "not run");
  p.log().info(fmt::format("pipeline {}: {}; {}", settings.whole->name, counts, counted(totals.files_written, "file")));
  p.say(fmt::format("{}: {}; {} in {} ({:.1f} s)", settings.whole->name, counts, counted(totals.files_written, "file"),
                    show_text(settings.output), totals.seconds));
  for (const told_failure &one : talk.failures())
    p.say(fmt::format("  {:<15} {}  {}", one.status, show_text(one.path), one.code));
  if (talk.failure_count() > talk.failures().size())
    p.say(fmt::format("  … and {} more", talk.failure_count() - talk.failures().size()));
  const std::uint64_t done = totals.count(run_status::ok) + totals.count(run_status::ok_with_warnings);
  if (done >= 20 && totals.seconds > 0) {
    std::string slow;
    for (const run_talk::slow_document &one : talk.slowest())
      slow += fmt::format("{}{} {:.2f} s", slow.empty() ? "" : ", ", show_text(one.path), one.seconds);
    p.say(fmt::format("{:.0f} documents a second; slowest: {}", static_cast<double>(done) / totals.seconds, slow));
  }
  if (settings.inputs.size() > 1) p.say(fmt::format("report: {}/report.html", show_text(totals.run_folder)));
  if (not_run > 0)
    p.say(fmt::format("next: calque run {} goes on where this one ended", arguments_of(options)));
  else if (!talk.failures().empty())
    p.say(fmt::format("next: calque explain {}", talk.failures().front().code));
}

exit_code outcome_of(const batch_totals &totals, const run_talk &talk, bool deny_warnings) {
  switch (totals.outcome) {
    case batch_outcome::interrupted: return signal_that_came() == SIGINT ? exit_code::interrupted : exit_code::terminated;
    case batch_outcome::max_failures: return exit_code::stopped;
    case batch_outcome::disk_full:
    case batch_outcome::io_error: return exit_code::io_error;
    case batch_outcome::finished: break;
  }
  const std::uint64_t done =
      totals.count(run_status::ok) + totals.count(run_status::ok_with_warnings) + totals.count(run_status::up_to_date);
  // One cause for all that failed, and nothing else done: the exit code says the cause.
  if (talk.failure_count() > 0) return done == 0 ? talk.meaning() : exit_code::some_failed;
  return totals.count(run_status::ok_with_warnings) > 0 && deny_warnings ? exit_code::warnings_denied : exit_code::ok;
}

/// What is made of a run beside its outputs. A failure of these changes no verdict: it is told.
class aftermath {
 public:
  aftermath(program &p, const run_options &options, const batch_settings &settings, const batch_totals &totals)
      : p_(p), options_(options), settings_(settings), totals_(totals) {}

  void write(const run_folder &run, exit_code outcome) {
    std::string before;
    for (const run_folder &one : find_runs(settings_.output))
      if (one.id < run.id) before = one.events();
    if (settings_.inputs.size() > 1) tell(write_report(run.events(), before, run.report()));
    if (!options_.premis.empty()) tell(write_premis(run.events(), options_.premis));
    if (options_.bag) tell(write_the_bag());
    if (!options_.metrics.empty()) tell(write_metrics(options_.metrics, totals_for_metrics(outcome)));
    keep_runs(settings_.output, std::max<std::uint64_t>(options_.keep_runs, 1), run.id);
    if (!options_.on_failure.empty() && outcome != exit_code::ok) call(outcome);
  }

 private:
  void tell(const result<void> &step) {
    if (step.has_value()) return;
    std::vector<diagnostic> why = step.errors();
    for (diagnostic &d : why) d.level = severity::warning;
    p_.show(why);
  }

  result<void> write_the_bag() {
    std::vector<diagnostic> damage;
    const std::string folder = settings_.state_folder.empty() ? settings_.output + "/.calque" : settings_.state_folder;
    const auto known = state::open(folder + "/state.db", journal::access::read_only, damage);
    if (!known.has_value()) return known.errors();
    std::vector<bag_entry> entries;
    for (const std::string &input : known.value()->inputs())
      if (const auto record = known.value()->find(input))
        for (const placed_file &file : record->files)
          if (file.file.path.starts_with("data/"))
            entries.push_back({file.file.path.substr(5), file.file.size, to_hex(file.file.sha256)});
    bag_info info;
    info.software = settings_.host;
    info.description = settings_.whole->summary;
    return write_bag(settings_.output, entries, info);
  }

  run_totals totals_for_metrics(exit_code outcome) const {
    run_totals all;
    all.pipeline = settings_.whole->name;
    all.completed = static_cast<std::uint64_t>(std::time(nullptr));
    all.is_success = outcome == exit_code::ok;
    all.seconds = totals_.seconds;
    for (std::size_t k = 0; k < run_status_count; ++k)
      if (const auto status = static_cast<run_status>(k); status != run_status::stopped)
        all.documents.emplace_back(name_of(status), totals_.counts[k]);
    for (const auto &[reason, count] : totals_.worker_restarts) all.worker_restarts.emplace_back(reason, count);
    all.quarantined = totals_.quarantined;
    all.state_bytes = totals_.state_bytes;
    all.exit_code = static_cast<int>(outcome);
    return all;
  }

  // The operator's own command, with the totals as its input.
  void call(exit_code outcome) {
    nlohmann::ordered_json facts{{"pipeline", settings_.whole->name},
                                 {"output", settings_.output},
                                 {"run", totals_.run_id},
                                 {"outcome", name_of(totals_.outcome)},
                                 {"exit", static_cast<int>(outcome)}};
    for (std::size_t k = 0; k < run_status_count; ++k)
      if (totals_.counts[k] > 0) facts["counts"][std::string(name_of(static_cast<run_status>(k)))] = totals_.counts[k];
    const std::string text = facts.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    std::FILE *command = ::popen(options_.on_failure.c_str(), "we");
    const bool is_told = command != nullptr && std::fwrite(text.data(), 1, text.size(), command) == text.size();
    if (command != nullptr) ::pclose(command);
    if (!is_told) p_.say("the command of --on-failure could not be run");
  }

  program &p_;
  const run_options &options_;
  const batch_settings &settings_;
  const batch_totals &totals_;
};

/// Where --events go: -1 for nowhere, with what is wrong shown. What the file holds stays until the run has begun.
int open_events(program &p, const std::string &name, bool &failed) {
  failed = false;
  if (name.empty()) return -1;
  int given = name == "-" ? STDOUT_FILENO : -1;
  if (name.starts_with("fd:")) std::from_chars(name.data() + 3, name.data() + name.size(), given);
  const int fd = given >= 0 || name.starts_with("fd:") ? ::fcntl(given, F_DUPFD_CLOEXEC, 0)
                             : ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd >= 0) return fd;
  failed = true;
  p.show(output_failure("write the events to", name, errno));
  return -1;
}

/// The totals of a run that did not begin: whoever watches over it hears of that too.
exit_code did_not_begin(program &p, const run_options &options, const std::string &pipeline, exit_code outcome) {
  if (options.metrics.empty() || options.dry) return outcome;
  run_totals all;
  all.pipeline = pipeline;
  all.completed = static_cast<std::uint64_t>(std::time(nullptr));
  all.exit_code = static_cast<int>(outcome);
  if (const auto written = write_metrics(options.metrics, all); !written.has_value()) p.show(written.errors());
  return outcome;
}

exit_code run_batch(program &p, const run_options &options) {
  prepared_batch batch;
  if (!prepare_batch(p, options, batch)) {
    const std::string file = options.pipeline.substr(options.pipeline.rfind('/') + 1);
    return did_not_begin(p, options, batch.loaded.value ? batch.loaded.value->name : stem_of(file), batch.outcome);
  }
  batch_settings &settings = batch.settings;
  if (options.dry) return tell_plan(p, options, settings);
  bool failed = false;
  const descriptor events(open_events(p, options.events, failed));
  if (failed) return exit_code::cannot_create;
  settings.events_fd = *events;

  run_talk talk(p, settings.workers, settings.inputs);
  if (const auto last = last_run(settings.output)) talk.learn_from(last->events());
  exit_code outcome = exit_code::ok;
  batch_totals totals;
  run_folder records;
  {
    coordinator work(settings, talk);
    if (auto ready = work.prepare(); !ready.has_value()) {
      p.show(ready.errors(), batch.loaded.sources);
      const exit_code meaning = exit_code_of_input(ready.errors());
      // The run that holds the lock writes its own.
      if (meaning == exit_code::locked) return meaning;
      return did_not_begin(p, options, settings.whole->name,
                           meaning != exit_code::some_failed ? meaning : exit_code_of_pipeline(ready.errors()));
    }
    // Not before: a run that is refused leaves the events of the one at work. Pipes and devices have nothing to cut.
    const bool is_named = options.events != "-" && !options.events.starts_with("fd:");
    if (events && is_named && ::ftruncate(*events, 0) != 0 && errno != EINVAL)
      p.show(output_failure("empty", options.events, errno));
    expect_two_signals();
    totals = work.run();
    talk.end(settings.output);
    outcome = outcome_of(totals, talk, options.deny_warnings);
    work.end_records(static_cast<int>(outcome));
    records = work.records();
    // While the lock is still held: the next run finds all of this one.
    aftermath(p, options, settings, totals).write(records, outcome);
  }
  summarize(p, options, settings, totals, talk);
  return outcome;
}

}  // namespace

exit_code run(program &p, const run_options &options) {
  return run_batch(p, options);
}

}  // namespace calque::host
