// SPDX-License-Identifier: Apache-2.0
// Finds the records that a verb is asked for.
#include "host/records/named_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "host/records/event_reader.hpp"
#include "host/records/status_words.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;
constexpr const char *events_name = "events.ndjson";

std::vector<run_place> runs_in(const fs::path &runs) {
  std::vector<run_place> found;
  std::error_code failed;
  for (fs::directory_iterator at(runs, failed), end; !failed && at != end; at.increment(failed)) {
    const fs::path events = at->path() / events_name;
    std::error_code ignored;
    if (fs::is_regular_file(events, ignored)) found.push_back({at->path().filename(), at->path(), events});
  }
  std::sort(found.begin(), found.end(), [](const run_place &a, const run_place &b) { return a.id < b.id; });
  return found;
}

/// The last line of a file, if it ends within the last stretch of it: run-finished is short.
std::string last_line(const std::string &path) {
  constexpr std::streamoff stretch = 64 << 10;
  std::ifstream file(path, std::ios::binary);
  file.seekg(0, std::ios::end);
  const std::streamoff size = file.tellg(), begin = std::max<std::streamoff>(size - stretch, 0);
  if (size <= 0) return {};
  std::string bytes(static_cast<std::size_t>(size - begin), '\0');
  file.seekg(begin);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  while (bytes.ends_with('\n')) bytes.pop_back();
  const std::size_t end = bytes.rfind('\n');
  return end == std::string::npos ? bytes : bytes.substr(end + 1);
}

/// Fills the summary when the last event is the run's end.
bool take_end(const std::string &events, run_summary &summary) {
  json_line json;
  if (!json.parse(last_line(events)) || json.root()["event"].text() != "run-finished") return false;
  summary.outcome = json.root()["outcome"].text();
  summary.took = json.root()["at"].number();
  const json_value counts = json.root()["counts"];
  for (json_value one = counts.first(); one.is_there(); one = one.next()) {
    summary.counts.emplace_back(one.key(), one.count());
    summary.documents += one.count();
  }
  return true;
}

/// Where a status stands when counts are listed: those of newer programs at the end.
std::size_t rank_of(const std::string &status) {
  const auto words = status_words();
  return static_cast<std::size_t>(
      std::find_if(words.begin(), words.end(), [&](const status_word &word) { return word.name == status; }) -
      words.begin());
}

}  // namespace

result<std::vector<run_place>> find_records(const std::string &path) {
  std::error_code ignored;
  fs::path at = fs::path(path.empty() ? "." : path).lexically_normal();
  if (!at.has_filename() && at.has_parent_path() && at != at.root_path()) at = at.parent_path();
  if (fs::is_regular_file(at, ignored))
    return std::vector<run_place>{{at.parent_path().filename(), at.has_parent_path() ? at.parent_path() : ".", at}};
  if (fs::is_regular_file(at / events_name, ignored)) {
    const fs::path whole = fs::absolute(at, ignored).lexically_normal();
    return std::vector<run_place>{{whole.filename(), at, at / events_name}};
  }
  auto found = runs_in(at / ".calque/runs");
  if (!found.empty()) return found;
  return error("run.no-records", fmt::format("there are no records of a run in {}", show_text(at.string())),
               "name an output folder, or one of the folders in its .calque/runs");
}

std::string events_before(const run_place &place) {
  std::string before;
  const fs::path folder = fs::path(place.folder);
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(folder) / "..";
  for (const run_place &one : runs_in(parent))
    if (one.id < place.id) before = one.events;
  return before;
}

result<run_summary> summarize_run(const run_place &place) {
  auto opened = event_reader::open(place.events);
  if (!opened.has_value()) return opened.errors();
  run_summary summary;
  std::map<std::string, std::uint64_t> counts;
  for (bool is_first = true; const auto event = opened->next(); is_first = false) {
    if (const auto *start = std::get_if<run_started>(&*event)) {
      summary.time = start->time;
      summary.pipeline = start->pipeline;
      summary.inputs = start->inputs;
    } else if (const auto *one = std::get_if<input_finished>(&*event)) {
      ++counts[one->status];
      ++summary.documents;
      if (const auto before = counts.find(one->replaces); before != counts.end() && before->second > 0) {
        --before->second;
        --summary.documents;
      }
      summary.took = std::max(summary.took, one->at);
    }
    if (is_first && std::get_if<run_started>(&*event) != nullptr && take_end(place.events, summary)) break;
  }
  if (summary.outcome.empty()) summary.counts.assign(counts.begin(), counts.end());
  std::stable_sort(summary.counts.begin(), summary.counts.end(),
                   [](const auto &a, const auto &b) { return rank_of(a.first) < rank_of(b.first); });
  return summary;
}

}  // namespace calque::host
