// SPDX-License-Identifier: Apache-2.0
// The report of a run: from its records to a page for people.
#include "host/batch/report.hpp"

#include "host/batch/replace_file.hpp"
#include "host/batch/report_facts.hpp"
#include "host/batch/report_page.hpp"

namespace calque::host {

result<void> write_report(const std::string &events, const std::string &before, const std::string &target) {
  auto facts = gather_facts(events, before);
  if (!facts.has_value()) return facts.errors();
  return replace_file(target, report_page(*facts));
}

}  // namespace calque::host
