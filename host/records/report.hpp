// SPDX-License-Identifier: Apache-2.0
// The report of a run: from its records to a page for people.
#pragma once

#include <string>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// Makes the page `target` from the records `events`; `before`: the records of the run before, or empty. It may be made
/// while the run goes on. Records of the run before that cannot be read are said on the page.
/// Codes: run.no-records, run.unreadable-records, those of write_durably.
result<void> write_report(const std::string &events, const std::string &before, const std::string &target);

}  // namespace calque::host
