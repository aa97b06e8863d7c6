// SPDX-License-Identifier: Apache-2.0
// What a worker says of itself when its stages are made and its jail is closed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

struct worker_ready {
  std::vector<std::pair<std::string, std::string>> libraries;  // path and build id of all that is loaded
  std::int32_t landlock_abi = 0;
  bool has_seccomp = false;
  std::vector<std::string> missing;     // what a whole jail has and this one lacks
  std::vector<diagnostic> diagnostics;  // warnings of the stages
};

std::string to_wire(const worker_ready &);
std::optional<worker_ready> read_worker_ready(std::string_view);

}  // namespace calque::host
