// SPDX-License-Identifier: Apache-2.0
// Sections of the report: all documents, what the run was made with, and the commands that go on from here.
#include <fmt/format.h>

#include "host/records/html_text.hpp"
#include "host/records/report_sections.hpp"
#include "host/records/shell_words.hpp"
#include "host/records/shown_units.hpp"

namespace calque::host {
namespace {

/// A name that begins with a dash would be read as an option.
std::string as_argument(const std::string &path) {
  return shell_word(path.starts_with('-') ? "./" + path : path);
}

/// What of a command decides how a document is made: its options with a value.
std::string options_of(const std::vector<std::string> &command) {
  constexpr std::string_view names[] = {"--set", "-o", "--output", "--plugin-path"};
  std::string options;
  for (std::size_t k = 1; k < command.size(); ++k)
    for (const std::string_view name : names) {
      if (command[k] == name && k + 1 < command.size()) {
        options += " " + command[k] + " " + shell_word(command[k + 1]);
        ++k;
        break;
      }
      if (command[k].starts_with(std::string(name) + "=")) options += " " + shell_word(command[k]);
    }
  return options;
}

std::string short_digest(const std::string &digest) {
  return digest.empty() ? "–" : "<code class=\"digest\">" + html(digest) + "</code>";
}

}  // namespace

std::string command_to_repeat(const run_started &start, const std::string &input, const std::string &quarantine) {
  if (!quarantine.empty())
    return "calque repro " + as_argument(start.output.empty() ? quarantine : start.output + "/" + quarantine);
  const std::string pipeline = start.pipeline_file.empty() ? "PIPELINE" : as_argument(start.pipeline_file);
  return "calque run " + pipeline + " " + as_argument(input) + options_of(start.command);
}

std::string documents_section(report_facts &facts) {
  if (facts.documents == 0) return "";
  std::string content =
      "<noscript><p>This table needs a browser that runs scripts. <code class=\"command\">calque log</code> prints the "
      "same "
      "in a terminal.</p></noscript>\n"
      "<div id=\"table\" hidden>\n<form id=\"filters\" role=\"search\" aria-label=\"Documents to show\">\n"
      "<label>Status <select name=\"status\"><option value=\"\">all</option></select></label>\n"
      "<label>Code <select name=\"code\"><option value=\"\">all</option></select></label>\n"
      "<label>Stage <select name=\"stage\"><option value=\"\">all</option></select></label>\n"
      "<label class=\"wide\">Text <input type=\"search\" name=\"text\" placeholder=\"part of a name or "
      "code\"></label>\n"
      "<button type=\"reset\">Show all</button>\n</form>\n"
      "<p id=\"shown\" role=\"status\"></p>\n"
      "<table id=\"list\"><thead><tr>"
      "<th scope=\"col\"><button type=\"button\" data-sort=\"name\">Input</button></th>"
      "<th scope=\"col\"><button type=\"button\" data-sort=\"status\">Status</button></th>"
      "<th scope=\"col\"><button type=\"button\" data-sort=\"code\">Code</button></th>"
      "<th scope=\"col\"><button type=\"button\" data-sort=\"stage\">Stage</button></th>"
      "<th scope=\"col\" class=\"number\"><button type=\"button\" data-sort=\"took\">Took</button></th>"
      "<th scope=\"col\" class=\"number\"><button type=\"button\" data-sort=\"peak\">Peak memory</button></th>"
      "<th scope=\"col\" class=\"number\"><button type=\"button\" data-sort=\"worker\">Worker</button></th>"
      "<th scope=\"col\" class=\"number\"><button type=\"button\" data-sort=\"bytes\">Size</button></th>"
      "</tr></thead><tbody></tbody></table>\n"
      "<p class=\"pages\"><button type=\"button\" id=\"back\">Back</button> <span id=\"page\"></span> "
      "<button type=\"button\" id=\"on\">On</button></p>\n</div>\n";
  const std::string rows = facts.rows.json();
  if (facts.rows.left_out() > 0)
    content += fmt::format(
        "<p>The page has no room for {}, all of them after the failures; <code class=\"command\">calque log</code> has "
        "them.</p>\n",
        show_counted(facts.rows.left_out(), "more document"));
  content += "<script type=\"application/json\" id=\"rows\">" + rows + "</script>\n";
  return html_section("documents", "All documents", content);
}

std::string making_section(const report_facts &facts) {
  const run_started &start = facts.start;
  std::string content = "<dl class=\"facts\">\n";
  const auto fact = [&](std::string_view name, const std::string &value) {
    if (!value.empty()) content += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, value);
  };
  fact("Program", html(start.host));
  fact("Build", start.build.empty() ? "" : short_digest(start.build));
  fact("Pipeline", html_name(start.pipeline_file));
  fact("Its digest", start.pipeline_digest.empty() ? "" : short_digest(start.pipeline_digest));
  fact("Output", html_name(start.output));
  fact("Command", start.command.empty() ? "" : html_command(shell_line(start.command)));
  fact("Workers", start.workers > 0 ? html_count(start.workers) : "");
  std::string sandbox = html(start.sandbox_tier);
  if (start.landlock_abi > 0)
    sandbox += fmt::format(" (Landlock ABI {}{})", start.landlock_abi, start.seccomp ? ", seccomp" : "");
  if (!start.sandbox_missing.empty()) {
    sandbox += "; missing here:";
    for (const std::string &one : start.sandbox_missing) sandbox += " " + html(one);
  }
  fact("Sandbox", sandbox);
  std::string budgets;
  const auto budget = [&](const std::string &value, std::string_view what) {
    budgets += (budgets.empty() ? "" : ", ") + value + " " + std::string(what);
  };
  if (start.total_ms > 0) budget(html_duration(static_cast<double>(start.total_ms)), "in all");
  if (start.silence_ms > 0) budget(html_duration(static_cast<double>(start.silence_ms)), "without a sign");
  if (start.memory > 0) budget(html_size(start.memory), "of memory");
  fact("A document may take", budgets);
  content += "</dl>\n";
  if (!start.stages.empty()) {
    content +=
        "<table><caption>Stages and their plugins</caption><thead><tr><th scope=\"col\">Stage</th><th "
        "scope=\"col\">Role</th>"
        "<th scope=\"col\">Plugin</th><th scope=\"col\">Version</th><th scope=\"col\">Digest of its "
        "file</th></tr></thead>\n<tbody>\n";
    for (std::size_t k = 0; k < start.stages.size() && k < 40; ++k) {
      const run_started::stage &stage = start.stages[k];
      content += fmt::format(
          "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}<span "
          "class=\"message\">{}</span></td><td>{}</td><td>{}</td></tr>\n",
          html(stage.name), html(stage.role), html(stage.id), html_name(stage.plugin), html(stage.version),
          short_digest(stage.digest));
    }
    content += "</tbody></table>\n";
  }
  if (!start.output.empty()) {
    const std::string run = start.output + "/.calque/runs/" + start.run;
    content += "<h3>Commands</h3>\n<dl class=\"facts\">\n";
    if (facts.failed > 0)
      fact("Failures as lines", html_command("calque log " + as_argument(run) + " --filter verdict=failed"));
    fact("All documents as lines", html_command("calque log " + as_argument(run)));
    fact("All runs of the folder", html_command("calque log " + as_argument(start.output) + " --runs"));
    fact("This page again", html_command("calque report " + as_argument(run)));
    if (!start.command.empty()) fact("The run again", html_command(shell_line(start.command)));
    content += "</dl>\n";
  }
  return html_section("making", "How it was made", content);
}

}  // namespace calque::host
