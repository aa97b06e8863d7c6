// SPDX-License-Identifier: Apache-2.0
// The report of a run as one page of HTML: its frame, the verdict and the summary.
#include "host/records/report_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/records/html_text.hpp"
#include "host/records/report_sections.hpp"
#include "host/records/shown_units.hpp"
#include "host/records/status_words.hpp"

namespace calque::host {
namespace {

std::string how_it_ended(const report_facts &facts) {
  if (!facts.finish) return "The run is still going on, or was killed";
  const std::string &outcome = facts.finish->outcome;
  if (outcome == "finished") return facts.failed > 0 ? "Finished, with failures" : "Finished";
  if (outcome == "max-failures") return "Stopped early, after as many failures as were allowed";
  if (outcome == "interrupted") return "Interrupted";
  if (outcome == "disk-full") return "Stopped: the disk is full";
  if (outcome == "io-error") return "Stopped: reading or writing failed";
  return "Ended: " + outcome;
}

/// The class that colours the verdict; the words say the same.
std::string_view tone_of(const report_facts &facts) {
  if (facts.failed > 0 || !facts.finish || facts.finish->outcome != "finished") return "bad";
  return facts.statuses.contains("ok-with-warnings") ? "uneasy" : "good";
}

std::string count_of(const report_facts &facts, const std::string &status) {
  const auto found = facts.statuses.find(status);
  return show_count(found == facts.statuses.end() ? 0 : found->second);
}

/// Names of statuses that a newer program wrote come after the known ones.
std::vector<std::pair<status_word, std::uint64_t>> counts_in_order(const report_facts &facts) {
  std::vector<std::pair<status_word, std::uint64_t>> ordered;
  for (const status_word &word : status_words())
    if (const auto found = facts.statuses.find(std::string(word.name)); found != facts.statuses.end())
      ordered.emplace_back(word, found->second);
  for (const auto &[name, count] : facts.statuses) {
    const bool is_known =
        std::any_of(ordered.begin(), ordered.end(), [&name = name](const auto &one) { return one.first.name == name; });
    if (!is_known) ordered.emplace_back(find_status(name), count);
  }
  return ordered;
}

std::string_view tone_of(const status_word &word) {
  if (word.means == verdict::failed) return "bad";
  if (word.means == verdict::untried) return "untried";
  return word.name == "ok-with-warnings" ? "uneasy" : word.name == "ok" ? "good" : "quiet";
}

std::string statuses_table(const report_facts &facts) {
  std::string bar, rows;
  double at = 0;
  for (const auto &[word, count] : counts_in_order(facts)) {
    const double width =
        1000.0 * static_cast<double>(count) / static_cast<double>(std::max<std::uint64_t>(facts.documents, 1));
    bar += fmt::format("<rect class=\"{}\" x=\"{:.2f}\" y=\"0\" width=\"{:.2f}\" height=\"10\"/>", tone_of(word), at,
                       width);
    at += width;
    rows += fmt::format(
        "<tr><th scope=\"row\"><span class=\"sign {}\" aria-hidden=\"true\">{}</span> {}</th>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
        tone_of(word), word.sign, html(word.name), html_count(count), show_share(count, facts.documents),
        html(word.meaning));
  }
  return fmt::format(
      "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}</svg>\n"
      "<table class=\"statuses\"><caption>Documents by how they ended</caption>\n"
      "<thead><tr><th scope=\"col\">Status</th><th scope=\"col\" class=\"number\">Documents</th>"
      "<th scope=\"col\" class=\"number\">Share</th><th "
      "scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n{}</tbody></table>\n",
      bar, rows);
}

std::string figure(std::string_view name, const std::string &value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
}

std::string figures(const report_facts &facts) {
  std::string list = figure("Documents", html_count(facts.documents));
  if (facts.start.inputs > facts.documents) list += figure("Of inputs", html_count(facts.start.inputs));
  list += figure("Time", html_duration(facts.last_at));
  if (facts.last_at > 0 && facts.times.count() > 0)
    list += figure("Worked on, a second",
                   fmt::format("{:.1f}", 1000.0 * static_cast<double>(facts.times.count()) / facts.last_at));
  list += figure("Read", html_size(facts.input_bytes));
  // Files that did not change are files of the documents too; the run itself says what it has written.
  list += figure("Files of documents", html_count(facts.files) + " (" + html_size(facts.files_bytes) + ")");
  if (facts.finish)
    list += figure("Of these written",
                   html_count(facts.finish->files_written) + " (" + html_size(facts.finish->bytes_written) + ")");
  if (facts.quarantined > 0) list += figure("In quarantine", html_count(facts.quarantined));
  if (facts.flaky > 0) list += figure("Ended otherwise when tried again", html_count(facts.flaky));
  if (facts.finish) {
    std::uint64_t restarts = 0;
    for (const auto &[reason, count] : facts.finish->worker_restarts) restarts += count;
    if (restarts > 0) list += figure("Workers started again", html_count(restarts));
    list += figure("Exit code", html_count(facts.finish->exit));
  }
  return "<dl class=\"figures\">\n" + list + "</dl>\n";
}

std::string doubts(const report_facts &facts) {
  std::string list;
  const auto say = [&](const std::string &text) { list += "<li>" + text + "</li>\n"; };
  if (facts.damaged_lines > 0)
    say(fmt::format("{} of the records could not be read; what they said is in no number here.",
                    show_counted(facts.damaged_lines, "line")));
  if (facts.broke_off)
    say("Reading the records broke off with an error of the system; the numbers are of the part before.");
  if (facts.ends_in_a_line) say("The records end in the middle of a line: the run is writing it, or was killed.");
  if (!facts.before_trouble.empty()) say("The records of the run before cannot be read: " + html(facts.before_trouble));
  if (facts.finish)
    for (const auto &[status, count] : facts.finish->counts) {
      const auto found = facts.statuses.find(status);
      const std::uint64_t seen = found == facts.statuses.end() ? 0 : found->second;
      if (seen != count)
        say(fmt::format("The run counted {} as {}, its records have {}.", show_counted(count, "document"), html(status),
                        show_count(seen)));
    }
  for (const run_notice &notice : facts.notices)
    say(fmt::format("<span class=\"level\">{}</span> <code>{}</code> {} {}", html(notice.level), html(notice.code),
                    html(notice.text), html(notice.hint)));
  if (facts.notice_count > facts.notices.size())
    say(fmt::format("… and {} more.", show_counted(facts.notice_count - facts.notices.size(), "notice")));
  return list.empty() ? "" : "<ul class=\"doubts\">\n" + list + "</ul>\n";
}

std::string summary_section(const report_facts &facts) {
  std::string why;
  for (const auto &[reason, count] : facts.reasons)
    why += fmt::format("{}{} {}", why.empty() ? "" : ", ", html_count(count), html(reason));
  const std::string reasons = why.empty() ? "" : "<p class=\"aside\">Why: " + why + ".</p>\n";
  return html_section("summary", "Summary", doubts(facts) + figures(facts) + statuses_table(facts) + reasons);
}

/// "2026-03-01T02:00:00Z" as "2026-03-01 02:00:00 UTC".
std::string shown_time(const std::string &time) {
  if (time.size() != 20 || time[10] != 'T' || time[19] != 'Z') return html(time);
  return fmt::format("<time datetime=\"{}\">{} {} UTC</time>", html(time), html(time.substr(0, 10)),
                     html(time.substr(11, 8)));
}

std::string contents(const std::vector<std::pair<std::string, std::string>> &sections) {
  std::string list;
  for (const auto &[id, text] : sections) {
    if (text.empty()) continue;
    const std::size_t begin = text.find("<h2"), open = text.find('>', begin) + 1, close = text.find("</h2>", open);
    list += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", id, text.substr(open, close - open));
  }
  return "<nav aria-label=\"Sections\"><ul>\n" + list + "</ul></nav>\n";
}

}  // namespace

std::string verdict_sentence(const report_facts &facts) {
  std::string text = how_it_ended(facts) + ". ";
  const bool has_warnings = facts.statuses.contains("ok-with-warnings");
  if (facts.documents == 0) return text + "No document has come to an end.";
  if (!facts.finish)
    text += fmt::format("{} of {} have come to an end so far", show_count(facts.documents),
                        show_counted(std::max(facts.start.inputs, facts.documents), "document"));
  else if (facts.failed == 0 && facts.untried == 0)
    text += facts.documents == 1 ? "The document is done"
                                 : fmt::format("All {} are done", show_counted(facts.documents, "document"));
  else
    text += fmt::format("{} of {} are done", show_count(facts.fine), show_counted(facts.documents, "document"));
  if (has_warnings) text += fmt::format(", {} of them with warnings", count_of(facts, "ok-with-warnings"));
  if (facts.failed > 0) text += fmt::format("; {} failed", show_count(facts.failed));
  if (facts.untried > 0) text += fmt::format("; {} had no turn", show_count(facts.untried));
  text += ".";
  if (const auto groups = facts.failures.by_size(); !groups.empty()) {
    const failure_group &most = *groups.front();
    const std::string where = most.stage.empty() ? "" : " in " + most.stage;
    if (groups.size() == 1 && facts.failures.left_out() == 0)
      text += fmt::format(" There is one cause: {}{}.", most.code, where);
    else
      text += fmt::format(" The most frequent of {} is {}{}, {}.", show_counted(groups.size(), "cause"), most.code,
                          where, show_counted(most.count, "document"));
  }
  return text;
}

std::string report_page(report_facts &facts) {
  const std::vector<std::pair<std::string, std::string>> sections = {
      {"summary", summary_section(facts)}, {"failures", failures_section(facts)},   {"changes", changes_section(facts)},
      {"losses", losses_section(facts)},   {"timeline", timeline_section(facts)},   {"slowest", slowest_section(facts)},
      {"stages", stages_section(facts)},   {"documents", documents_section(facts)}, {"making", making_section(facts)}};
  const std::string name = facts.start.pipeline.empty() ? "A run" : facts.start.pipeline;
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; script-src {}; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>{} · {}</title>\n<style>{}</style>\n</head>\n<body>\n",
      policy_source(report_style), policy_source(report_script), html(name), html(facts.start.run), report_style);
  page += fmt::format(
      "<a class=\"skip\" href=\"#content\">To the content</a>\n<header>\n<p class=\"above\">Calque run report</p>\n"
      "<h1>{}</h1>\n<p class=\"below\">{}{}<span class=\"run\">{}</span></p>\n<p class=\"verdict "
      "{}\">{}</p>\n</header>\n",
      html_name(name), shown_time(facts.start.time), facts.start.time.empty() ? "" : " · ", html(facts.start.run),
      tone_of(facts), html(verdict_sentence(facts)));
  page += contents(sections);
  page += "<main id=\"content\">\n";
  for (const auto &[id, text] : sections) page += text;
  page += fmt::format(
      "</main>\n<footer><p>Every number here is taken from <code>events.ndjson</code> of this run. Percentiles are by "
      "nearest rank: each is the value of a document.</p></footer>\n<script>{}</script>\n</body>\n</html>\n",
      report_script);
  return page;
}

}  // namespace calque::host
