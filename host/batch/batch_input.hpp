// SPDX-License-Identifier: Apache-2.0
// An input as the coordinator opens it: its digest is taken, its bytes are the worker's to read.
#pragma once

#include <cstdint>
#include <string>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

struct batch_input {
  descriptor file;
  std::string name, media_type;
  sha256_digest sha256{};
  std::uint64_t size = 0;
};

/// Refuses what is no regular file, and what changes while it is read. Codes: those of open_input, input.changed.
result<batch_input> open_batch_input(const std::string &path, std::uint64_t most_bytes);

}  // namespace calque::host
