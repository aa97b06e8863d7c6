// SPDX-License-Identifier: Apache-2.0
// The sections of the report, each an HTML <section>, or empty when there is nothing to say.
#pragma once

#include <string>

#include "host/records/report_facts.hpp"

namespace calque::host {

std::string failures_section(const report_facts &);
std::string changes_section(const report_facts &);
std::string losses_section(const report_facts &);
std::string timeline_section(const report_facts &);
std::string slowest_section(const report_facts &);
std::string stages_section(report_facts &);
std::string documents_section(report_facts &);
std::string making_section(const report_facts &);

/// `calque repro …` for a document in quarantine, else the run of that one document.
std::string command_to_repeat(const run_started &, const std::string &input, const std::string &quarantine);

/// The style sheet and the script of the page: report.css and report.js, as the build has put them in.
extern const char *const report_style;
extern const char *const report_script;

}  // namespace calque::host
