// SPDX-License-Identifier: Apache-2.0
// What a report says, in numbers.
#include "host/records/report_facts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

/// The quicker one on top of a heap; names decide between equals, so that the order of workers does not.
bool is_slower(const slow_document &one, const slow_document &other) {
  return one.took != other.took ? one.took > other.took : one.input < other.input;
}

/// The entry of that key, or null when there are too many.
template <class Map>
typename Map::mapped_type *entry_of(Map &map, typename Map::key_type key, std::size_t most) {
  if (const auto found = map.find(key); found != map.end()) return &found->second;
  return map.size() < most ? &map[std::move(key)] : nullptr;
}

}  // namespace

void report_facts::add(const run_event &event) {
  if (const auto *one = std::get_if<input_finished>(&event)) {
    add_input(*one);
  } else if (const auto *started = std::get_if<run_started>(&event)) {
    start = *started;
  } else if (const auto *finished = std::get_if<run_finished>(&event)) {
    finish = *finished;
    last_at = std::max(last_at, finished->at);
  } else if (const auto *began = std::get_if<worker_started>(&event)) {
    if (auto *entry = entry_of(workers, began->worker, timeline::most_lanes)) ++entry->started;
  } else if (const auto *ended = std::get_if<worker_ended>(&event)) {
    if (auto *entry = entry_of(workers, ended->worker, timeline::most_lanes)) ++entry->ends[ended->reason];
  } else if (const auto *notice = std::get_if<run_notice>(&event)) {
    ++notice_count;
    if (notices.size() < most_notices) notices.push_back(*notice);
  }
}

void report_facts::add_input(const input_finished &one) {
  const verdict means = find_status(one.status).means;
  if (!one.replaces.empty()) take_back(one.replaces);
  ++documents;
  ++(means == verdict::fine ? fine : means == verdict::failed ? failed : untried);
  if (auto *count = entry_of(statuses, one.status, most_words)) ++*count;
  if (!one.reason.empty())
    if (auto *count = entry_of(reasons, one.reason, most_words)) ++*count;
  files += one.files;
  files_bytes += one.files_bytes;
  input_bytes += one.bytes;
  quarantined += one.quarantine.empty() ? 0 : 1;
  flaky += one.is_flaky ? 1 : 0;
  last_at = std::max(last_at, one.at);
  if (means == verdict::failed) failures.add(one);
  if (one.worker) {
    when.add(*one.worker, one.began, one.took, means == verdict::failed);
    times.add(one.took);
    if (one.peak_kib > 0) peaks.add(static_cast<double>(one.peak_kib));
    keep_if_slow(one);
  }
  for (const auto &stage : one.stages) {
    auto *facts = entry_of(stages, stage.name, most_codes);
    if (facts == nullptr) continue;
    ++(stage.action == "ran" ? facts->ran : stage.action == "reused" ? facts->reused : facts->skipped);
    if (stage.action == "ran") facts->times.add(stage.ms);
  }
  add_messages(one);
  if (before) changes.add(one, *before);
  rows.add(one, means);
}

// What it was counted as before.
void report_facts::take_back(const std::string &status) {
  const auto counted = statuses.find(status);
  if (counted == statuses.end() || counted->second == 0) return;  // records that are no run's
  const verdict meant = find_status(status).means;
  --documents;
  --(meant == verdict::fine ? fine : meant == verdict::failed ? failed : untried);
  if (--counted->second == 0) statuses.erase(counted);
}

void report_facts::add_messages(const input_finished &one) {
  // Of a code that was folded, the records keep some messages and the number of all; that number is not for a stage.
  std::vector<warning_facts *> seen;
  std::vector<std::string_view> unfolded;
  for (const auto &message : one.messages) {
    if (message.level != "warning") continue;
    auto *facts = entry_of(warnings, std::pair{message.code, stage_name(message.stage)}, most_codes);
    if (facts == nullptr) continue;
    if (facts->count == 0) facts->message = message.text.substr(0, 400);
    if (std::find(seen.begin(), seen.end(), facts) == seen.end()) {
      seen.push_back(facts);
      ++facts->documents;
      for (const auto &[code, count] : one.folded) {
        if (code != message.code || std::find(unfolded.begin(), unfolded.end(), code) != unfolded.end()) continue;
        unfolded.push_back(code);
        const auto kept = static_cast<std::uint64_t>(std::count_if(
            one.messages.begin(), one.messages.end(), [&code = code](const auto &m) { return m.code == code; }));
        facts->count += count > kept ? count - kept : 0;
      }
    }
    ++facts->count;
  }
  std::vector<loss_facts *> counted;
  for (const auto &loss : one.losses) {
    auto *facts = entry_of(losses, std::tuple{loss.stage, loss.code, loss.thing, loss.effect}, most_codes);
    if (facts == nullptr) continue;
    facts->count += loss.count;
    facts->letters_before += loss.letters_before;
    facts->letters_after += loss.letters_after;
    facts->bytes += loss.bytes;
    if (std::find(counted.begin(), counted.end(), facts) == counted.end()) {
      counted.push_back(facts);
      ++facts->documents;
    }
  }
}

void report_facts::keep_if_slow(const input_finished &one) {
  slow_document slow{one.input, one.status, "", one.took, 0, one.peak_kib, one.bytes};
  if (slow_.size() == most_slow && !is_slower(slow, slow_.front())) return;
  for (const auto &stage : one.stages)
    if (stage.ms > slow.slowest_ms) {
      slow.slowest_ms = stage.ms;
      slow.slowest_stage = stage.name;
    }
  if (slow_.size() == most_slow) {
    std::pop_heap(slow_.begin(), slow_.end(), is_slower);
    slow_.pop_back();
  }
  slow_.push_back(std::move(slow));
  std::push_heap(slow_.begin(), slow_.end(), is_slower);
}

std::vector<slow_document> report_facts::slowest() const {
  std::vector<slow_document> sorted = slow_;
  std::sort(sorted.begin(), sorted.end(), is_slower);
  return sorted;
}

result<report_facts> gather_facts(const std::string &events, const std::string &before) {
  report_facts facts;
  if (!before.empty()) {
    auto opened = event_reader::open(before);
    if (opened.has_value()) {
      facts.before.emplace();
      while (const auto event = opened->next()) facts.before->add(*event);
      facts.before->close();
    } else {
      facts.before_trouble = opened.error().message;  // no reason to have no report of this run
    }
  }
  auto opened = event_reader::open(events);
  if (!opened.has_value()) return opened.errors();
  event_reader &reader = *opened;
  bool has_events = false;
  while (const auto event = reader.next()) {
    has_events = true;
    facts.add(*event);
  }
  if (!has_events)
    return error("run.no-records", fmt::format("{} has no events", show_text(events)),
                 "name an output folder, or one of the folders in its .calque/runs");
  facts.damaged_lines = reader.damaged_lines();
  facts.ends_in_a_line = reader.ends_in_a_line();
  facts.broke_off = reader.broke_off();
  return facts;
}

}  // namespace calque::host
