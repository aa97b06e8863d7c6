// SPDX-License-Identifier: Apache-2.0
// What becomes of each document: published, failed, tried again, put in quarantine.
#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "host/batch/coordinator.hpp"
#include "host/batch/quarantine.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

/// Codes that every further document would meet as well.
bool is_full(const std::vector<diagnostic> &errors) {
  return std::any_of(errors.begin(), errors.end(), [](const diagnostic &d) { return d.code == "output.disk-full"; });
}

std::string first_error(const std::vector<diagnostic> &all) {
  for (const diagnostic &d : all)
    if (d.level == severity::error) return d.code;
  return {};
}

}  // namespace

// A worker is gone. What it has made for documents that are not published yet lies in its folder still.
void coordinator::leave_folder(const std::string &worker) {
  const bool is_needed = std::any_of(leaving_.begin(), leaving_.end(), [&](const auto &one) { return one.second.staging == worker; });
  if (is_needed) {
    left_folders_.insert(worker);
    return;
  }
  left_folders_.erase(worker);
  std::error_code failed;
  std::filesystem::remove_all(staging_path_ + "/" + worker, failed);
}

void coordinator::publish(lane &one, task done, job_report report) {
  const auto refuse = [&](std::string message, std::string hint) {
    for (const reported_file &staged : report.files)
      if (!staged.staged.empty()) calls::unlinkat(*staging_, (one.process->name() + "/" + staged.staged).c_str(), 0);
    std::vector<diagnostic> why{error("output.duplicate", std::move(message), std::move(hint))};
    fail(std::move(done), run_status::failed, "", std::move(why), &one);
  };
  output_claims own;
  for (std::uint32_t k = 0; k < report.files.size(); ++k) {
    const std::string &path = report.files[k].file.path;
    if (own.holder(path, k))
      return refuse(fmt::format("two outputs would have the name \"{}\"", path),
                    "give one of the stages another `to`, with {stem}, {dir} or {part}");
    own.claim(path, k);
  }
  // The first of two inputs in order has the name, whichever is ready first: so the result is the same each time.
  for (const reported_file &file : report.files) {
    const auto holder = claims_.holder(file.file.path, done.index);
    if (!holder) continue;
    if (*holder < done.index)
      return refuse(fmt::format("{} and {} would both become {}", path_of(*holder), path_of(done.index), file.file.path),
                    "give `to` a {dir} or {id}, or run them into two folders");
    withdraw(*holder, file.file.path);
  }

  if (state_->owner().empty()) state_->set_owner(settings_.whole->name);
  publication next;
  next.number = done.job;
  next.staging = one.process->name();
  input_record &record = next.record;
  record.path = path_of(done.index);
  record.sha256 = done.plan.input.sha256;
  record.size = done.plan.input.size;
  record.configuration = configuration_;
  record.status = report.status;
  record.milliseconds = std::chrono::duration<double, std::milli>(clock::now() - done.began).count();
  record.results = std::move(report.results);
  for (const reported_file &file : report.files) {
    if (!file.staged.empty()) {
      next.moves.emplace_back(file.staged, record.files.size());
      next.written.push_back(file.xxh3);
    }
    record.files.push_back({file.file, file.stage, file.part, 0, 0});
    claims_.claim(file.file.path, done.index);
  }
  // What the input does not become any more goes with its record.
  if (done.plan.record)
    for (const placed_file &old : done.plan.record->files) {
      const bool stays = std::any_of(record.files.begin(), record.files.end(),
                                     [&](const placed_file &file) { return file.file.path == old.file.path; });
      if (!stays && !claims_.holder(old.file.path, done.index)) next.removals.push_back(old.file.path);
    }
  leaving gone;
  gone.index = done.index;
  gone.removed = next.removals;
  gone.staging = next.staging;
  gone.worker = one.number;
  gone.attempt = done.before ? 2 : 1;
  gone.began = done.began;
  gone.ended = clock::now();
  gone.before = std::move(done.before);
  done.plan.input.file.close();
  gone.plan = std::move(done.plan);
  gone.report = std::move(report);
  leaving_.emplace(next.number, std::move(gone));
  publisher_->submit(std::move(next));
}

// An input that came first in time, and second in order, gives its outputs back.
void coordinator::withdraw(std::uint32_t index, const std::string &path) {
  leaving gone;
  gone.index = index;
  gone.is_withdrawal = true;
  publication next;
  next.number = next_job_++;
  next.record.path = path_of(index);
  next.record.status = run_status::failed;
  next.record.code = "output.duplicate";
  next.record.configuration = configuration_;
  // Its own files stand in its record once they are published, and that is before this is.
  next.withdraws = true;
  next.kept_by_other = path;
  leaving_.emplace(next.number, std::move(gone));
  claims_.release(path, index);
  publisher_->submit(std::move(next));
}

void coordinator::take_published() {
  for (published &one : publisher_->take()) {
    const auto found = leaving_.find(one.number);
    if (found == leaving_.end()) {  // outputs of an input that is gone
      for (const diagnostic &d : one.errors) notice(d);
      continue;
    }
    leaving gone = std::move(found->second);
    leaving_.erase(found);
    if (left_folders_.contains(gone.staging)) leave_folder(gone.staging);
    if (!one.errors.empty() && one.errors.front().code == "run.false-report") {
      // It lied; so this is a crash like that of any worker that a plugin has taken over.
      task lost;
      lost.index = gone.index;
      lost.plan = std::move(gone.plan);
      lost.before = std::move(gone.before);
      lost.worker = gone.worker;
      lost.began = gone.began;
      if (auto again = open_batch_input(path_of(gone.index), settings_.whole->bounds.max_input); again.has_value())
        lost.plan.input.file = std::move(again.value().file);
      fail(std::move(lost), run_status::crashed, "protocol", std::move(one.errors), nullptr);
      continue;
    }
    input_end end;
    end.index = gone.index;
    end.path = path_of(gone.index);
    end.plan = &gone.plan;
    end.report = &gone.report;
    end.worker = gone.worker;
    end.attempt = gone.attempt;
    end.began = gone.began - began_;
    end.took = gone.ended - gone.began;
    end.peak_kib = gone.report.peak_kib;
    end.removed = std::move(gone.removed);
    end.is_flaky = gone.before.has_value();
    if (gone.is_withdrawal) {
      end.plan = nullptr;
      end.report = nullptr;
      end.status = run_status::failed;
      end.diagnostics = {error("output.duplicate", "an input that comes before it has an output of the same name",
                               "give `to` a {dir} or {id}, or run them into two folders")};
      finish(std::move(end));
      continue;
    }
    if (one.errors.empty()) {
      end.status = gone.report.status;
      for (std::size_t k = 0; k < one.digests.size(); ++k) gone.report.files[k].file.sha256 = one.digests[k];
      for (const reported_file &file : gone.report.files)
        if (!file.staged.empty()) {
          ++totals_.files_written;
          totals_.bytes_written += file.file.size;
        }
      if (settings_.wants_found) watcher_.found(gone.report.found);
    } else {
      end.status = run_status::io_error;
      if (is_full(one.errors)) {
        // One message for the run, not one for each document that was on its way.
        if (!is_draining_) {
          stop_for(batch_outcome::disk_full);
          notice(one.errors.front());
        }
      }
      for (diagnostic &d : one.errors) d.document = path_of(gone.index);
      end.diagnostics = std::move(one.errors);
      end.report = nullptr;
    }
    finish(std::move(end));
  }
}

void coordinator::fail(task lost, run_status status, std::string detail, std::vector<diagnostic> why, const lane *at,
                       const job_report *report) {
  for (diagnostic &d : why) d.document = path_of(lost.index);
  if (is_full(why) && !is_draining_) {
    stop_for(batch_outcome::disk_full);
    notice(why.front());
  }
  const auto ended = clock::now();
  // Once more, alone, when all others are done: it may have been the worker, not the document.
  if (is_worth_a_retry(status) && !lost.before && !is_draining_) {
    lost.before = first_try{status, detail};
    lost.plan.input.file.close();  // many may wait, and descriptors are few
    if (at != nullptr) watcher_.document_given_back(at->number);
    retries_.push_back(std::move(lost));
    return;
  }
  input_end end;
  end.index = lost.index;
  end.path = path_of(lost.index);
  end.plan = &lost.plan;
  end.report = report;
  end.status = status;
  end.detail = detail;
  if (lost.worker > 0) {
    end.worker = lost.worker;
    end.attempt = lost.before ? 2 : 1;
    end.began = lost.began - began_;
    end.took = ended - lost.began;
  }
  if (at != nullptr && at->process && report == nullptr) end.last_words = at->process->last_words();
  if (report != nullptr) end.peak_kib = report->peak_kib;
  if (lost.before && is_worth_a_retry(status)) {
    end.is_flaky = lost.before->status != status || lost.before->detail != detail;
    end.quarantine = quarantine(lost, status, detail, end.last_words);
    ++totals_.quarantined;
  }
  record_failure(lost, status, detail, first_error(why), end.quarantine);
  end.diagnostics = std::move(why);
  finish(std::move(end));
}

std::string coordinator::quarantine(const task &lost, run_status status, const std::string &detail,
                                    const std::string &last_words) {
  quarantined one;
  one.setup = setup_of(settings_);
  one.order = order_for(lost.plan, settings_.inputs[lost.index]);
  one.status = status;
  one.detail = detail;
  one.last_words = last_words.size() > 16384 ? last_words.substr(last_words.size() - 16384) : last_words;
  const std::string name = "quarantine/" + to_hex(lost.plan.input.sha256).substr(0, 16);
  if (auto written = write_bundle(path_in_state(name), one, *lost.plan.input.file); !written.has_value()) {
    diagnostic d = written.error();
    d.level = severity::warning;
    notice(std::move(d));
    return {};
  }
  return settings_.state_folder.empty() ? ".calque/" + name : path_in_state(name);
}

// Its outputs of an earlier run stay, and so does what is known of them.
void coordinator::record_failure(const task &lost, run_status status, const std::string &detail, const std::string &code,
                                 const std::string &quarantine) {
  input_record record;
  if (lost.plan.record) record = *lost.plan.record;
  record.path = path_of(lost.index);
  record.sha256 = lost.plan.input.sha256;
  record.size = lost.plan.input.size;
  record.configuration = configuration_;
  record.status = status;
  record.detail = detail;
  record.code = code;
  record.quarantine = quarantine;
  state_->set(record);
}

void coordinator::finish(input_end end) {
  const auto index = static_cast<std::size_t>(end.index);
  if (verdicts_[index] != 0) {  // it has lost its outputs to another
    end.replaces = static_cast<run_status>(verdicts_[index] - 1u);
    --totals_.counts[verdicts_[index] - 1u];
  }
  verdicts_[index] = static_cast<std::uint8_t>(static_cast<unsigned>(end.status) + 1);
  ++totals_.counts[static_cast<std::size_t>(end.status)];
  if (end.is_flaky) ++totals_.flaky;
  events_->write(end);
  watcher_.document_ended(end);
  const bool is_failure = end.status > run_status::ok_with_warnings && end.status < run_status::skipped;
  if (!is_failure) return;
  ++failures_;
  if (settings_.most_failures > 0 && failures_ >= settings_.most_failures && wants_more())
    stop_for(batch_outcome::max_failures);
}

// Inputs with a record that are not there any more.
void coordinator::prune() {
  std::vector<std::string> known;
  for (const named_input &input : settings_.inputs) known.push_back(input.path);
  totals_.vanished = state_->inputs_beside(known);
  if (totals_.vanished.empty()) return;
  if (!settings_.is_pruning) {
    diagnostic d = error("run.vanished",
                         fmt::format("{} input{} gone, and what was made of {} is still in {}: {}{}", totals_.vanished.size(),
                                     totals_.vanished.size() == 1 ? " is" : "s are",
                                     totals_.vanished.size() == 1 ? "it" : "them", folder_.path(), totals_.vanished.front(),
                                     totals_.vanished.size() == 1 ? "" : ", …"),
                         fmt::format("remove it with: calque run {} --prune", settings_.whole->path));
    d.level = severity::warning;
    notice(std::move(d));
    return;
  }
  for (const std::string &path : totals_.vanished) {
    publication next;
    next.number = next_job_++;
    next.record.path = path;
    next.withdraws = true;
    next.forgets = true;
    publisher_->submit(std::move(next));
  }
}

}  // namespace calque::host
