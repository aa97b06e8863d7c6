// SPDX-License-Identifier: Apache-2.0
// Checks a document as it crosses a boundary: sizes, tree, text, attributes, origins, layers, resources.
#pragma once

#include <calque/calque.h>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"
#include "host/document/stage_rules.hpp"

namespace calque::host {

enum class check_level {
  sizes,      // arrays are there, counts are within limits
  structure,  // and every index, range and order holds: no reader can be led outside; the default at boundaries
  full        // and what a reader would only notice: UTF-8, schemas of layers, references, places of asides
};

/// The first rule that does not hold, as an error of code document.invalid that names section, index and rule. Takes
/// time in proportion to the document, does not recurse, and reads nothing before it knows that it is there.
result<void> validate(const calque_document &, check_level = check_level::structure, const limits & = {});

/// The same, and that no id is in use that would be given out next: what is read from a file needs this too.
result<void> validate(const document &, check_level = check_level::structure, const limits & = {});

/// The rule for names of resources: relative, '/' between folders, no empty part, no '.' or '..'.
bool is_resource_name(std::string_view name);

}  // namespace calque::host
