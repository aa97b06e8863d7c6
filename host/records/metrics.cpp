// SPDX-License-Identifier: Apache-2.0
// The totals of a run as Prometheus' textfile collector reads them.
#include "host/records/metrics.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>

#include "host/records/durable_file.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

constexpr std::string_view last_success = "calque_run_last_success_timestamp_seconds";

/// A label's value; what is not UTF-8 is spelled, for the collector refuses the whole file otherwise.
std::string label(std::string_view name, std::string_view value) {
  const std::string spelled = find_invalid_utf8(value) ? show_text(value) : std::string(value);
  std::string text = fmt::format("{}=\"", name);
  for (const char c : spelled) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
  return text + '"';
}

class exposition {
 public:
  // Every sample has the pipeline: the files of several pipelines stand in one folder, and two samples of one name and
  // labels make the collector refuse both files.
  explicit exposition(const run_totals &totals) : pipeline_(label("pipeline", totals.pipeline)) {}

  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
    name_ = name;
  }
  template <class Number>
  void sample(Number value, const std::string &more = {}) {
    text_ += fmt::format("{}{{{}{}{}}} {}\n", name_, pipeline_, more.empty() ? "" : ",", more, value);
  }
  std::string sample_begin(std::string_view name) const { return fmt::format("{}{{{}}} ", name, pipeline_); }
  std::string take() { return std::move(text_); }

 private:
  std::string pipeline_, text_;
  std::string_view name_;
};

/// The value of the sample that begins so, or 0.
std::uint64_t old_value(std::string_view old, const std::string &begin) {
  while (!old.empty()) {
    const std::size_t end = old.find('\n');
    const std::string_view line = old.substr(0, end);
    std::uint64_t value = 0;
    if (line.starts_with(begin)) {
      const auto [stop, failed] = std::from_chars(line.data() + begin.size(), line.data() + line.size(), value);
      if (failed == std::errc() && stop == line.data() + line.size()) return value;
    }
    old.remove_prefix(end == std::string_view::npos ? old.size() : end + 1);
  }
  return 0;
}

}  // namespace

std::string metrics_text(const run_totals &totals, std::string_view old) {
  exposition to(totals);
  to.family("calque_run_completion_timestamp_seconds", "gauge", "When the last run ended.");
  to.sample(totals.completed);
  to.family(last_success, "gauge", "When the last run ended that succeeded; 0: none ever has.");
  to.sample(totals.is_success ? totals.completed : old_value(old, to.sample_begin(last_success)));
  to.family("calque_run_documents", "gauge", "Documents of the last run by how they ended.");
  for (const auto &[status, count] : totals.documents) to.sample(count, label("status", status));
  to.family("calque_run_duration_seconds", "gauge", "How long the last run took.");
  to.sample(totals.seconds);
  to.family("calque_run_quarantined", "gauge", "Documents that are in quarantine.");
  to.sample(totals.quarantined);
  to.family("calque_run_worker_restarts_total", "counter", "Workers that the last run started again, by reason.");
  for (const auto &[reason, count] : totals.worker_restarts) to.sample(count, label("reason", reason));
  to.family("calque_run_state_bytes", "gauge", "Size of the state of the output folder.");
  to.sample(totals.state_bytes);
  to.family("calque_run_exit_code", "gauge", "Exit code of the last run.");
  to.sample(totals.exit_code);
  return to.take();
}

result<void> write_metrics(const std::string &path, const run_totals &totals) {
  std::string old(std::size_t{1} << 20, '\0');  // far more than we ever write
  std::ifstream file(path, std::ios::binary);
  file.read(old.data(), static_cast<std::streamsize>(old.size()));
  old.resize(static_cast<std::size_t>(file.gcount()));
  return write_durably(path, metrics_text(totals, old));
}

}  // namespace calque::host
