// SPDX-License-Identifier: Apache-2.0
// Sections of the report: the timeline of the workers, the slowest documents, and the time of each stage.
#include <fmt/format.h>

#include <algorithm>

#include "host/records/html_text.hpp"
#include "host/records/report_sections.hpp"
#include "host/records/shown_units.hpp"
#include "host/records/status_words.hpp"

namespace calque::host {
namespace {

constexpr double chart_width = 1000, lane_height = 22, lane_gap = 10;

/// A tick below the lane: failures are told by place and form, not by colour.
std::string failure_tick(double x, double y) {
  return fmt::format("<path class=\"tick\" d=\"M{:.1f} {:.1f}l3 6h-6z\"/>", x, y + lane_height + 1);
}

std::string lane_chart(const timeline &when, const timeline::lane &lane, double y, double scale) {
  std::string marks = fmt::format("<rect class=\"lane\" x=\"0\" y=\"{:.1f}\" width=\"{}\" height=\"{}\"/>", y,
                                  chart_width, lane_height);
  if (!when.is_binned()) {
    for (const timeline::span &one : lane.spans) {
      const double x = one.began * scale, width = std::max(one.took * scale - 0.4, 0.8);
      marks += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\"/>",
                           one.failed ? "bad" : "busy", x, y, width, lane_height);
      if (one.failed) marks += failure_tick(x + width / 2, y);
    }
    return marks;
  }
  for (std::size_t k = 0; k < lane.bins.size(); ++k) {
    const timeline::bin &bin = lane.bins[k];
    // The last bin is as long as the run lets it be.
    const double begin = when.bin_ms() * static_cast<double>(k), length = std::min(when.bin_ms(), when.end() - begin);
    if (length <= 0) continue;
    const double share = std::clamp(bin.busy / length, 0.0, 1.0), height = lane_height * share;
    if (height >= 0.05)
      marks += fmt::format("<rect class=\"busy\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
                           begin * scale, y + lane_height - height, std::max(length * scale - 0.3, 0.5), height);
    if (bin.failures > 0) marks += failure_tick((begin + length / 2) * scale, y);
  }
  return marks;
}

std::string ends_text(const worker_facts &facts) {
  std::string text;
  for (const auto &[reason, count] : facts.ends)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", html_count(count), html(reason));
  return text.empty() ? "–" : text;
}

}  // namespace

std::string timeline_section(const report_facts &facts) {
  const timeline &when = facts.when;
  if (when.lanes().empty()) return "";
  const double end = std::max({when.end(), facts.last_at, 1.0}), scale = chart_width / end;
  std::string marks, rows;
  double y = 2;
  for (const auto &[worker, lane] : when.lanes()) {
    marks += lane_chart(when, lane, y, scale) + "\n";
    y += lane_height + lane_gap;
    const auto found = facts.workers.find(worker);
    const auto share = static_cast<std::uint64_t>(std::min(lane.busy / end, 1.0) * 10'000);
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td "
        "class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
        worker, html_count(lane.documents), html_count(lane.failures), html_duration(lane.busy),
        show_share(share, 10'000), html_count(found == facts.workers.end() ? 0 : found->second.started),
        found == facts.workers.end() ? "–" : ends_text(found->second));
  }
  std::string content = fmt::format(
      "<svg class=\"timeline\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-labelledby=\"timeline-title\">"
      "<title id=\"timeline-title\">When each worker was busy; the table below has the same in "
      "numbers</title>\n{}</svg>\n"
      "<p class=\"scale\"><span>0</span><span>{}</span><span>{}</span></p>\n",
      chart_width, y, marks, show_duration(end / 2), show_duration(end));
  content +=
      when.is_binned()
          ? fmt::format(
                "<p class=\"aside\">A lane a worker, in steps of {}: the height is the share of the step in "
                "which it worked on a document. A triangle below a lane: documents failed there.</p>\n",
                html_duration(when.bin_ms()))
          : std::string(
                "<p class=\"aside\">A lane a worker, a bar a document. A triangle below a bar: it failed.</p>\n");
  if (when.left_out() > 0)
    content += fmt::format("<p class=\"aside\">{} of further workers are not shown.</p>\n",
                           show_counted(when.left_out(), "document"));
  content +=
      "<table><caption>Workers</caption><thead><tr><th scope=\"col\">Worker</th>"
      "<th scope=\"col\" class=\"number\">Documents</th><th scope=\"col\" class=\"number\">Failed</th>"
      "<th scope=\"col\" class=\"number\">Busy</th><th scope=\"col\" class=\"number\">Of the time</th>"
      "<th scope=\"col\" class=\"number\">Processes</th><th scope=\"col\">How they ended</th></tr></thead>\n<tbody>\n" +
      rows + "</tbody></table>\n";
  return html_section("timeline", "Timeline", content);
}

std::string slowest_section(const report_facts &facts) {
  const auto slow = facts.slowest();
  if (slow.empty()) return "";
  std::string content =
      "<table><thead><tr><th scope=\"col\">Input</th><th scope=\"col\" class=\"number\">Took</th><th "
      "scope=\"col\">Most of it in</th>"
      "<th scope=\"col\" class=\"number\">Size</th><th scope=\"col\" class=\"number\">Peak memory</th><th "
      "scope=\"col\">Status</th>"
      "</tr></thead>\n<tbody>\n";
  for (const slow_document &one : slow)
    content += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td>{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td>{} {}</td></tr>\n",
        html_name(one.input), html_duration(one.took),
        one.slowest_stage.empty() ? "–" : html(one.slowest_stage) + " (" + html_duration(one.slowest_ms) + ")",
        html_size(one.bytes), one.peak_kib > 0 ? html_size(one.peak_kib * 1024) : "–", find_status(one.status).sign,
        html(one.status));
  return html_section("slowest", "Slowest documents", content + "</tbody></table>\n");
}

std::string stages_section(report_facts &facts) {
  if (facts.times.count() == 0) return "";
  std::string rows;
  const auto row = [&](const std::string &name, const std::string &counts, spread &times) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th>{}", name, counts);
    for (const double value : {times.percentile(0.5), times.percentile(0.95), times.max(), times.sum()})
      rows += "<td class=\"number\">" + (times.count() > 0 ? html_duration(value) : "–") + "</td>";
    rows += "</tr>\n";
  };
  const auto counts = [](const std::string &ran, const std::string &reused, const std::string &skipped) {
    return fmt::format("<td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td>", ran,
                       reused, skipped);
  };
  std::vector<std::string> order;
  for (const auto &stage : facts.start.stages)
    if (facts.stages.contains(stage.name)) order.push_back(stage.name);
  for (const auto &[name, stage] : facts.stages)
    if (std::find(order.begin(), order.end(), name) == order.end()) order.push_back(name);
  if (order.size() > 40) order.resize(40);
  for (const std::string &name : order) {
    stage_facts &stage = facts.stages.at(name);
    row(html(name), counts(html_count(stage.ran), html_count(stage.reused), html_count(stage.skipped)), stage.times);
  }
  row("<em>whole document</em>", counts(html_count(facts.times.count()), "–", "–"), facts.times);
  std::string content =
      "<table><caption>Time of each stage, of the documents for which it ran</caption><thead><tr><th "
      "scope=\"col\">Stage</th>"
      "<th scope=\"col\" class=\"number\">Ran</th><th scope=\"col\" class=\"number\">Reused</th>"
      "<th scope=\"col\" class=\"number\">Skipped</th><th scope=\"col\" class=\"number\">Median</th>"
      "<th scope=\"col\" class=\"number\">95 of 100</th><th scope=\"col\" class=\"number\">Longest</th>"
      "<th scope=\"col\" class=\"number\">Sum</th></tr></thead>\n<tbody>\n" +
      rows + "</tbody></table>\n";
  if (facts.peaks.count() > 0) {
    const auto kib = [](double value) { return html_size(static_cast<std::uint64_t>(value) * 1024); };
    content += fmt::format(
        "<table><caption>Peak memory of the worker while it had a document</caption><thead><tr>"
        "<th scope=\"col\" class=\"number\">Median</th><th scope=\"col\" class=\"number\">95 of 100</th>"
        "<th scope=\"col\" class=\"number\">Most</th></tr></thead>\n<tbody><tr><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td></tr></tbody></table>\n",
        kib(facts.peaks.percentile(0.5)), kib(facts.peaks.percentile(0.95)), kib(facts.peaks.max()));
  }
  return html_section("stages", "Stages", content);
}

}  // namespace calque::host
