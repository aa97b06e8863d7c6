// SPDX-License-Identifier: Apache-2.0
// Sections of the report: what failed, what is otherwise than in the run before, what was warned of and left out.
#include <fmt/format.h>

#include <algorithm>

#include "host/records/html_text.hpp"
#include "host/records/report_sections.hpp"
#include "host/records/shell_words.hpp"
#include "host/records/shown_units.hpp"

namespace calque::host {
namespace {

// What a page can show and a reader can take in: together with the table of documents at most 500 rows.
constexpr std::size_t most_groups = 40, most_failures = 120, most_warnings = 30, most_losses = 40;

std::string in_stage(const std::string &stage) {
  return stage.empty() ? "" : " in <b>" + html(stage) + "</b>";
}

std::string group_item(const report_facts &facts, const failure_group &group, std::size_t most_samples, bool is_open) {
  std::string statuses;
  for (const auto &[status, count] : group.statuses)
    statuses += fmt::format("{}{} {}", statuses.empty() ? "" : ", ", html_count(count), html(status));
  std::string item = fmt::format(
      "<details class=\"cause\"{}><summary><span class=\"times\">{}</span> <code>{}</code>{}<span class=\"message\">{}"
      "</span></summary>\n<div>\n",
      is_open ? " open" : "", html_count(group.count), html(group.code), in_stage(group.stage), html(group.message));
  item += "<p class=\"aside\">" + statuses + ".";
  if (group.is_code) item += " " + html_command("calque explain " + shell_word(group.code)) + " says more.";
  item += "</p>\n";
  if (!group.hint.empty()) item += "<p class=\"hint\">" + html(group.hint) + "</p>\n";
  const std::size_t shown = std::min(group.samples.size(), most_samples);
  item +=
      "<table class=\"samples\"><thead><tr><th scope=\"col\">Input</th><th scope=\"col\">To see it "
      "again</th></tr></thead>\n<tbody>\n";
  for (std::size_t k = 0; k < shown; ++k) {
    const failure_sample &sample = group.samples[k];
    item += fmt::format("<tr><th scope=\"row\">{}{}{}</th><td>{}</td></tr>\n", html_name(sample.input),
                        sample.is_flaky ? " <em>ended otherwise when tried again</em>" : "",
                        sample.message == group.message || sample.message.empty()
                            ? ""
                            : "<span class=\"message\">" + html(sample.message) + "</span>",
                        html_command(command_to_repeat(facts.start, sample.input, sample.quarantine)));
  }
  item += "</tbody></table>\n";
  if (group.count > shown)
    item += fmt::format("<p class=\"aside\">… and {} more.</p>\n", html_count(group.count - shown));
  return item + "</div></details>\n";
}

}  // namespace

std::string failures_section(const report_facts &facts) {
  const auto groups = facts.failures.by_size();
  if (groups.empty()) return "";
  std::string list;
  const std::size_t shown = std::min(groups.size(), most_groups);
  std::size_t left = most_failures;
  std::uint64_t not_shown = facts.failures.left_out();
  for (std::size_t k = 0; k < groups.size(); ++k) {
    if (k >= shown) {
      not_shown += groups[k]->count;
      continue;
    }
    // Every cause that is shown has a document to look at, however many the first ones have.
    const std::size_t kept_back = shown - k - 1;
    const std::size_t samples = std::min(groups[k]->samples.size(), left - kept_back);
    left -= samples;
    list += group_item(facts, *groups[k], samples, k == 0);
  }
  if (not_shown > 0)
    list += fmt::format("<p class=\"aside\">… and {} of rarer causes; the table of documents has them.</p>\n",
                        show_counted(not_shown, "failure"));
  return html_section("failures", "What failed, by cause", list);
}

std::string changes_section(const report_facts &facts) {
  if (!facts.before) return "";
  const run_changes &changes = facts.changes;
  const earlier_run &before = *facts.before;
  std::string content =
      fmt::format("<p>Compared with the run <span class=\"run\">{}</span>{}.</p>\n", html(before.start().run),
                  before.has_finished() ? "" : ", which did not come to its end");
  content += "<dl class=\"figures\">\n";
  const auto figure = [&](std::string_view name, std::uint64_t count) {
    content += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html_count(count));
  };
  figure("Newly failing", changes.newly_failing);
  figure("Mended", changes.mended);
  figure("Failing still", changes.still_failing);
  if (changes.new_and_failing > 0) figure("New, and failing", changes.new_and_failing);
  if (changes.new_inputs > 0) figure("New inputs", changes.new_inputs);
  if (facts.finish && before.documents() > changes.seen) figure("Inputs gone", before.documents() - changes.seen);
  content += "</dl>\n";
  const auto table = [&](std::string_view caption, const std::vector<run_changes::sample> &samples,
                         std::uint64_t count) {
    if (samples.empty()) return;
    content += fmt::format(
        "<table><caption>{}</caption><thead><tr><th scope=\"col\">Input</th><th scope=\"col\">Now</th>"
        "<th scope=\"col\">Cause</th></tr></thead>\n<tbody>\n",
        caption);
    for (const auto &one : samples) {
      const bool has_failed = find_status(one.status).means == verdict::failed;
      content +=
          fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", html_name(one.input),
                      html(one.status), has_failed ? "<code>" + html(one.code) + "</code>" + in_stage(one.stage) : "–");
    }
    content += "</tbody></table>\n";
    if (count > samples.size())
      content += fmt::format("<p class=\"aside\">… and {} more.</p>\n", html_count(count - samples.size()));
  };
  table("Newly failing", changes.newly_failing_samples, changes.newly_failing);
  table("Mended", changes.mended_samples, changes.mended);
  const auto makings = changed_makings(before.start(), facts.start);
  content += "<h3>Made otherwise</h3>\n";
  if (makings.empty())
    content += "<p>Host, pipeline, plugins and sandbox are the same.</p>\n";
  else
    content += "<ul class=\"plain\">\n";
  for (std::size_t k = 0; k < std::min<std::size_t>(makings.size(), 30); ++k)
    content += "<li>" + html(makings[k]) + "</li>\n";
  if (!makings.empty()) content += "</ul>\n";
  return html_section("changes", "Since the run before", content);
}

std::string losses_section(const report_facts &facts) {
  std::string content;
  if (!facts.warnings.empty()) {
    std::vector<std::pair<std::pair<std::string, std::string>, warning_facts>> all(facts.warnings.begin(),
                                                                                   facts.warnings.end());
    std::stable_sort(all.begin(), all.end(),
                     [](const auto &a, const auto &b) { return a.second.count > b.second.count; });
    content +=
        "<table><caption>Warnings</caption><thead><tr><th scope=\"col\">Code</th><th scope=\"col\">Stage</th>"
        "<th scope=\"col\" class=\"number\">Times</th><th scope=\"col\" class=\"number\">Documents</th>"
        "<th scope=\"col\">The first of them</th></tr></thead>\n<tbody>\n";
    for (std::size_t k = 0; k < std::min(all.size(), most_warnings); ++k)
      content += fmt::format(
          "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td class=\"number\">{}</td><td "
          "class=\"number\">{}</td>"
          "<td>{}</td></tr>\n",
          html(all[k].first.first), html(all[k].first.second), html_count(all[k].second.count),
          html_count(all[k].second.documents), html(all[k].second.message));
    content += "</tbody></table>\n";
    if (all.size() > most_warnings)
      content +=
          fmt::format("<p class=\"aside\">… and {} more.</p>\n", show_counted(all.size() - most_warnings, "code"));
  }
  if (!facts.losses.empty()) {
    content +=
        "<table><caption>The ledger: what each code kept out, changed or left unexpressed</caption><thead><tr>"
        "<th scope=\"col\">Code</th><th scope=\"col\">Stage</th><th scope=\"col\">Effect</th>"
        "<th scope=\"col\" class=\"number\">Times</th><th scope=\"col\" class=\"number\">Documents</th>"
        "<th scope=\"col\" class=\"number\">Letters</th><th scope=\"col\" class=\"number\">Bytes of "
        "source</th></tr></thead>\n"
        "<tbody>\n";
    std::size_t shown = 0;
    for (const auto &[key, loss] : facts.losses) {
      if (++shown > most_losses) break;
      const auto &[stage, code, thing, effect] = key;
      const bool has_letters = loss.letters_before + loss.letters_after > 0;
      content += fmt::format(
          "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{} {}</td><td class=\"number\">{}</td>"
          "<td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
          html(code), html(stage), html(thing), html(effect), html_count(loss.count), html_count(loss.documents),
          has_letters ? html_count(loss.letters_before) + " → " + html_count(loss.letters_after) : "–",
          loss.bytes > 0 ? html_count(loss.bytes) : "–");
    }
    content += "</tbody></table>\n";
    if (facts.losses.size() > most_losses)
      content += fmt::format("<p class=\"aside\">… and {} more.</p>\n",
                             show_counted(facts.losses.size() - most_losses, "line"));
  }
  return content.empty() ? "" : html_section("losses", "Warnings, and what was left out", content);
}

}  // namespace calque::host
