// SPDX-License-Identifier: Apache-2.0
// The report of a run as one page of HTML.
#pragma once

#include <string>

#include "host/records/report_facts.hpp"

namespace calque::host {

/// One sentence or two: how the run ended, and what the reader has to do about it.
std::string verdict_sentence(const report_facts &);

/// The whole page: no other file, no script or style but its own, and no address of the network. Facts are reordered
/// on the way, not changed.
std::string report_page(report_facts &);

}  // namespace calque::host
