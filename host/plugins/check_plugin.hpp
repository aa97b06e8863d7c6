// SPDX-License-Identifier: Apache-2.0
// Whether what a plugin says of itself can be believed: all rules of the description, all breaches at once.
#pragma once

#include <calque/calque.h>

#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// Every rule that the description breaks; empty when it is sound. Members of a table are read only when its
/// struct_size covers them; with a wrong magic or ABI nothing else is read.
/// Codes: plugin.bad-magic, plugin.abi, plugin.bad-description.
std::vector<diagnostic> check_plugin(const calque_plugin &);

/// The same of one stage.
std::vector<diagnostic> check_stage(const calque_stage &);

}  // namespace calque::host
