// SPDX-License-Identifier: Apache-2.0
// Records of runs that never were, for tests: as a run would write them, from a seed.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

namespace calque::host {

struct random_run {
  std::uint32_t seed = 1;
  std::uint64_t documents = 100, workers = 2;
  double failing = 0.05;  // share of them
  bool has_end = true;
  std::string id = "20260301T020000Z-4711";
};

/// What was written, counted while it was.
struct random_counts {
  std::map<std::string, std::uint64_t> statuses, codes_of_failures, stage_ran;
  std::map<std::string, double> stage_ms, stage_max;
  std::map<std::string, std::vector<double>> stage_times;
  std::vector<std::string> failed;
  std::uint64_t bytes = 0, files = 0, warnings = 0, dropped = 0;
};

class random_events {
 public:
  explicit random_events(const random_run &run) : run_(run), dice_(run.seed) {}

  /// The lines, written to `path`.
  random_counts write(const std::string &path) {
    std::ofstream to(path, std::ios::binary);
    put(to, start());
    for (std::uint64_t worker = 1; worker <= run_.workers; ++worker) {
      free_at_.push_back(5);
      put(to, {{"event", "worker-started"}, {"at", 3.5}, {"worker", worker}, {"pid", 5000 + worker}});
    }
    for (std::uint64_t k = 0; k < run_.documents; ++k) put(to, document(k));
    if (run_.has_end) {
      nlohmann::ordered_json end = {{"event", "run-finished"},
                                    {"at", at_ + 1},
                                    {"outcome", "finished"},
                                    {"exit", counts_.failed.empty() ? 0 : 1}};
      for (const auto &[status, count] : counts_.statuses) end["counts"][status] = count;
      end["files_written"] = counts_.files;
      end["bytes_written"] = counts_.files * 20114;
      end["worker_restarts"] = {{"crash", 3}};
      put(to, std::move(end));
    }
    return counts_;
  }

 private:
  // Not std::uniform_…: its results differ between libraries, and a seed must mean the same everywhere.
  double share() { return static_cast<double>(dice_() >> 5) / static_cast<double>(1U << 27); }
  std::uint64_t below(std::uint64_t n) { return dice_() % n; }
  static double rounded(double ms) { return static_cast<double>(static_cast<std::int64_t>(ms * 100)) / 100; }

  void put(std::ostream &to, nlohmann::ordered_json event) {
    nlohmann::ordered_json line = {{"seq", seq_++}};
    line.update(event);
    to << line.dump() << "\n";
  }

  nlohmann::ordered_json start() const {
    nlohmann::ordered_json stages = nlohmann::ordered_json::array();
    for (const auto &[name, role] : stages_())
      stages.push_back({{"name", name},
                        {"role", role},
                        {"id", std::string("calque.") + name},
                        {"version", "0.1.0"},
                        {"plugin", std::string("/usr/lib/calque/plugins/") + name + ".calque"},
                        {"digest", std::string(64, name[0] < 'g' ? name[0] : 'a')}});
    return {
        {"event", "run-started"},
        {"schema", "calque.events/1"},
        {"run", run_.id},
        {"time", "2026-03-01T02:00:00Z"},
        {"host", "calque 0.1.0 (ABI 0.1, model 1)"},
        {"build", std::string(40, '9')},
        {"pipeline", "diplomatic-minutes"},
        {"pipeline_file", "/srv/minutes.toml"},
        {"pipeline_digest", std::string(64, '5')},
        {"output", "/srv/editions"},
        {"command", {"calque", "run", "minutes.toml", "--set", "stage.tei.with.indent=false"}},
        {"inputs", run_.documents},
        {"workers", run_.workers},
        {"pid", 4711},
        {"sandbox",
         {{"tier", "landlock+seccomp"}, {"landlock_abi", 7}, {"seccomp", true}, {"missing", nlohmann::json::array()}}},
        {"budgets", {{"total_ms", 600000}, {"silence_ms", 60000}, {"memory", 2147483648U}}},
        {"stages", stages}};
  }

  static std::vector<std::pair<const char *, const char *>> stages_() {
    return {{"record", "import"}, {"unicode", "normalize"}, {"speeches", "normalize"}, {"editorial", "annotate"},
            {"cast", "annotate"}, {"tei", "export"},        {"html", "export"}};
  }

  nlohmann::ordered_json document(std::uint64_t k) {
    struct end {
      const char *status, *code, *stage, *message, *detail;
    };
    static constexpr end failures[] = {
        {"failed", "loss.not-allowed", "tei", "3 pages are dropped, and the pipeline does not allow it", ""},
        {"rejected", "record.not-a-record", "record", "it has no heading of a record of conversation", ""},
        {"crashed", "worker.crashed", "speeches", "the plugin brought its worker down", "signal SEGV"},
        {"timeout", "worker.silent", "editorial", "it gave no sign for 60 s", "silence"},
        {"limit", "document.limit", "record", "its nodes are more than 2,000,000", "nodes"}};
    const auto worker = static_cast<std::size_t>(below(run_.workers));
    const bool fails = share() < run_.failing;
    const bool warns = !fails && share() < 0.04, is_known = !fails && !warns && share() < 0.1;
    const std::uint64_t bytes = 400 + below(30'000);
    const std::string input =
        "records/19" + std::to_string(50 + k % 30) + "/conversation-" + std::to_string(k) + ".txt";
    nlohmann::ordered_json event = {
        {"event", "input-finished"}, {"at", 0}, {"input", input}, {"digest", std::string(64, 'c')}, {"bytes", bytes}};
    const auto &failure = failures[below(std::size(failures)) * (share() < 0.5 ? 1 : 0)];
    const std::string status = fails ? failure.status : warns ? "ok-with-warnings" : is_known ? "up-to-date" : "ok";
    event["status"] = status;
    if (fails && *failure.detail != '\0') event["detail"] = failure.detail;
    event["reason"] = is_known ? "unchanged" : "input-changed";
    ++counts_.statuses[status];
    counts_.bytes += bytes;
    if (is_known) {
      event["at"] = rounded(at_);
      return event;
    }
    nlohmann::ordered_json stages = nlohmann::ordered_json::array();
    double took = 0.3;
    for (const auto &[name, role] : stages_()) {
      const bool is_reused = share() < 0.05;
      const double ms = is_reused ? 0 : rounded(0.05 + share() * share() * static_cast<double>(bytes) / 4000);
      took += ms;
      stages.push_back({{"name", name}, {"action", is_reused ? "reused" : "ran"}, {"ms", ms}});
      if (!is_reused) {
        ++counts_.stage_ran[name];
        counts_.stage_ms[name] += ms;
        counts_.stage_times[name].push_back(ms);
        counts_.stage_max[name] = std::max(counts_.stage_max[name], ms);
      }
      if (fails && std::string(failure.stage) == name) break;
    }
    const double began = free_at_[worker];
    took = rounded(took);
    free_at_[worker] = began + took + 0.2;
    at_ = std::max(at_, free_at_[worker]);
    event["at"] = rounded(free_at_[worker]);
    event["worker"] = worker + 1;
    event["attempt"] = 1;
    event["began"] = rounded(began);
    event["took"] = took;
    event["peak_kib"] = 30'000 + below(20'000);
    event["stages"] = std::move(stages);
    if (fails) {
      event["diagnostics"] = {{{"level", "error"},
                               {"code", failure.code},
                               {"message", failure.message},
                               {"hint", "see the file"},
                               {"stage", std::string(failure.stage) + " (calque." + failure.stage + " 0.1.0)"},
                               {"line", 3},
                               {"column", 1}}};
      if (std::string(failure.status) == "crashed") event["quarantine"] = ".calque/quarantine/" + std::to_string(k);
      ++counts_.codes_of_failures[failure.code];
      counts_.failed.push_back(input);
      return event;
    }
    event["parts"] = {{{"part", 1}, {"status", status}}};
    event["files"] = {{{"path", std::to_string(k) + ".xml"},
                       {"bytes", 20114},
                       {"sha256", std::string(64, '7')},
                       {"media_type", "application/tei+xml"},
                       {"stage", "tei"},
                       {"action", "written"}},
                      {{"path", std::to_string(k) + ".html"},
                       {"bytes", 20114},
                       {"sha256", std::string(64, '8')},
                       {"media_type", "text/html"},
                       {"stage", "html"},
                       {"action", "written"}}};
    counts_.files += 2;
    if (warns) {
      event["diagnostics"] = {{{"level", "warning"},
                               {"code", "record.no-body"},
                               {"message", "the record has no body"},
                               {"stage", "record (calque.record 0.1.0)"},
                               {"line", 3},
                               {"column", 1}}};
      event["folded"] = {{{"code", "record.no-body"}, {"count", 312}}};
      counts_.warnings += 312;
    }
    event["ledger"] = {{{"stage", "tei"},
                        {"code", "tei.page-not-expressed"},
                        {"thing", "page"},
                        {"effect", "dropped"},
                        {"count", 3},
                        {"letters_before", 0},
                        {"letters_after", 0},
                        {"bytes", 0}}};
    counts_.dropped += 3;
    return event;
  }

  random_run run_;
  std::mt19937 dice_;
  std::uint64_t seq_ = 0;
  double at_ = 5;
  std::vector<double> free_at_;
  random_counts counts_;
};

}  // namespace calque::host
