// SPDX-License-Identifier: Apache-2.0
// `calque log`: what became of each input of a run, a line each, and which runs there are. Reads only.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "host/records/document_rows.hpp"
#include "host/records/event_reader.hpp"
#include "host/records/failure_groups.hpp"
#include "host/records/named_run.hpp"
#include "host/records/shown_units.hpp"
#include "host/records/status_words.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/program.hpp"
#include "host/cli/signals.hpp"
#include "host/cli/verbs.hpp"
#include "host/document/ledger.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/pipeline/suggest.hpp"

namespace calque::host {
namespace {

constexpr std::string_view verdict_names[] = {"fine", "failed", "untried"};

std::string first_code(const input_finished &one) {
  const bool has_message = one.cause() != nullptr && !one.cause()->code.empty();
  return has_message ? one.cause()->code : one.detail;
}

struct filter {
  std::string key, pattern;

  bool takes(const input_finished &one) const {
    const auto any_message = [&](auto &&value_of) {
      return std::any_of(one.messages.begin(), one.messages.end(),
                         [&](const auto &message) { return matches(pattern, value_of(message)); });
    };
    if (key == "status") return matches(pattern, one.status);
    if (key == "verdict") return matches(pattern, verdict_names[static_cast<int>(find_status(one.status).means)]);
    if (key == "input") return matches(pattern, one.input);
    if (key == "code")
      return any_message([](const auto &message) { return message.code; }) ||
             (!first_code(one).empty() && matches(pattern, first_code(one)));
    return any_message([](const auto &message) { return stage_name(message.stage); });
  }
};

result<std::vector<filter>> read_filters(const std::vector<std::string> &words) {
  const std::vector<std::string> keys = {"status", "verdict", "code", "stage", "input"};
  std::vector<filter> filters;
  for (const std::string &word : words) {
    const std::size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    if (equals == std::string::npos || std::find(keys.begin(), keys.end(), key) == keys.end()) {
      const std::string nearest = suggest(key, keys);
      return error("run.unknown-filter", fmt::format("\"{}\" is no filter", show_text(word)),
                   nearest.empty() || equals == std::string::npos
                       ? "write KEY=VALUE, where KEY is status, verdict, code, stage or input"
                       : fmt::format("did you mean {}={}?", nearest, show_text(word.substr(equals + 1))));
    }
    filters.push_back({key, word.substr(equals + 1)});
  }
  return filters;
}

/// Filters of one key widen, those of another narrow: two statuses are either, a status and a code are both.
bool all_take(const std::vector<filter> &filters, const input_finished &one) {
  return std::all_of(filters.begin(), filters.end(), [&](const filter &asked) {
    return std::any_of(filters.begin(), filters.end(),
                       [&](const filter &other) { return other.key == asked.key && other.takes(one); });
  });
}

/// A field of TSV: what would end a field or a line is escaped.
std::string tsv(std::string_view text) {
  std::string field;
  for (const char c : text) switch (c) {
      case '\\':
        field += "\\\\";
        break;
      case '\t':
        field += "\\t";
        break;
      case '\n':
        field += "\\n";
        break;
      case '\r':
        field += "\\r";
        break;
      default:
        field += c;
    }
  return field;
}

exit_code print_inputs(program &p, const run_place &run, const log_options &options,
                       const std::vector<filter> &filters) {
  auto opened = event_reader::open(run.events);
  if (!opened.has_value()) {
    p.show(opened.errors());
    return exit_code_of_input(opened.errors());
  }
  event_reader &reader = *opened;
  if (options.format == "tsv") p.data("status\ttook_ms\tinput\tcode\tstage\treason\tbytes\tpeak_kib\tworker\n");
  while (const auto event = reader.next()) {
    // A reader that has seen enough, as `head` has, does not wait for the rest.
    if (signal_that_came() != 0 || !p.data_is_taken()) break;
    const auto *one = std::get_if<input_finished>(&*event);
    if (one == nullptr || !all_take(filters, *one)) continue;
    if (options.format == "json") {
      p.data(std::string(reader.line()) + "\n");
    } else if (options.format == "tsv") {
      p.data(fmt::format("{}\t{:.6g}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", tsv(one->status), one->took, tsv(one->input),
                         tsv(first_code(*one)), tsv(one->messages.empty() ? "" : cause_of(*one).second),
                         tsv(one->reason), one->bytes, one->peak_kib, one->worker ? std::to_string(*one->worker) : ""));
    } else {
      const std::string code = first_code(*one);
      p.data(fmt::format("{} {:<16} {:>9}  {}{}{}\n", find_status(one->status).sign, show_text(one->status),
                         one->worker ? show_duration(one->took) : "–", show_text(one->input), code.empty() ? "" : "  ",
                         show_text(code)));
    }
  }
  if (reader.damaged_lines() > 0)
    p.say(
        fmt::format("{} of {} could not be read", show_counted(reader.damaged_lines(), "line"), show_text(run.events)));
  return exit_code::ok;
}

std::string counts_text(const run_summary &summary, std::string_view between, bool for_people) {
  std::string text;
  for (const auto &[status, count] : summary.counts) {
    if (!text.empty()) text += between;
    text += for_people ? show_count(count) + " " + show_text(status) : tsv(status) + "=" + std::to_string(count);
  }
  return text;
}

exit_code print_runs(program &p, const std::vector<run_place> &runs, const log_options &options) {
  exit_code outcome = exit_code::ok;
  if (options.format == "tsv") p.data("run\ttime\toutcome\tdocuments\tcounts\n");
  for (const run_place &run : runs) {
    if (signal_that_came() != 0 || !p.data_is_taken()) break;
    const auto summary = summarize_run(run);
    if (!summary.has_value()) {
      p.show(summary.errors());
      outcome = exit_code_of_input(summary.errors());
      continue;
    }
    const std::string ended = summary->outcome.empty() ? "unfinished" : summary->outcome;
    if (options.format == "json") {
      std::string counts;
      for (const auto &[status, count] : summary->counts)
        counts += fmt::format("{}{}:{}", counts.empty() ? "" : ",", json_text(status), count);
      p.data(
          fmt::format("{{\"run\":{},\"time\":{},\"pipeline\":{},\"outcome\":{},\"inputs\":{},\"documents\":{},"
                      "\"counts\":{{{}}}}}\n",
                      json_text(run.id), json_text(summary->time), json_text(summary->pipeline), json_text(ended),
                      summary->inputs, summary->documents, counts));
    } else if (options.format == "tsv") {
      p.data(fmt::format("{}\t{}\t{}\t{}\t{}\n", tsv(run.id), tsv(summary->time), tsv(ended), summary->documents,
                         counts_text(*summary, " ", false)));
    } else {
      const std::string counts = counts_text(*summary, ", ", true);
      p.data(fmt::format("{}  {:<12} {:>9}  {}{}{}\n", show_text(run.id), show_text(ended),
                         show_duration(summary->took), show_counted(summary->documents, "document"),
                         counts.empty() ? "" : ": ", counts));
    }
  }
  return outcome;
}

}  // namespace

exit_code log_runs(program &p, const log_options &options) {
  const auto filters = read_filters(options.filters);
  if (!filters.has_value()) {
    p.show(filters.errors());
    return exit_code::usage;
  }
  const auto runs = find_records(options.run);
  if (!runs.has_value()) {
    p.show(runs.errors());
    return exit_code_of_input(runs.errors());
  }
  return options.runs ? print_runs(p, *runs, options) : print_inputs(p, runs->back(), options, *filters);
}

}  // namespace calque::host
