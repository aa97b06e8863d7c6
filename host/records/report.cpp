// SPDX-License-Identifier: Apache-2.0
// The report of a run: from its records to a page for people.
#include "host/records/report.hpp"

#include "host/records/durable_file.hpp"
#include "host/records/report_facts.hpp"
#include "host/records/report_page.hpp"

namespace calque::host {

result<void> write_report(const std::string &events, const std::string &before, const std::string &target) {
  auto facts = gather_facts(events, before);
  if (!facts.has_value()) return facts.errors();
  return write_durably(target, report_page(*facts));
}

}  // namespace calque::host
