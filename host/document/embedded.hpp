// SPDX-License-Identifier: Apache-2.0
// What a builder needs in order to have members of an input imported by others: who does it, and what comes back.
#pragma once

#include <calque/calque.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"
#include "host/document/ledger.hpp"

namespace calque::host {

/// The input of an import. The bytes live as long as the builder.
struct input_bytes {
  std::string name, media_type;
  std::string_view bytes;
  std::vector<std::string> containers = {};  // of a member: the names of what it lies in, from the file inwards
};

/// A bound of the whole input that a member went beyond.
struct exceeded_limit {
  std::string_view what;
  uint64_t granted, wanted;
};

/// OK, CALQUE_UNKNOWN, CALQUE_REFUSED, or a limit. Source 0 of each part is the member.
struct embedded_import {
  calque_status status = CALQUE_UNKNOWN;
  std::vector<document> parts;
  ledger account;
  std::optional<exceeded_limit> exceeded;
};

/// Imports members of one input, at every depth, and keeps the account of its limits.
class member_importer {
 public:
  virtual ~member_importer() = default;
  /// What the member's importer reports goes to `out`, as warnings where it was an error: the input goes on.
  virtual embedded_import import_member(const input_bytes &, diagnostics &out) = 0;
};

/// The same document, whose sources stand below others: `chain` leads from source 0, the file, to what holds it.
document within_chain(const document &, const std::vector<source_data> &chain);

}  // namespace calque::host
