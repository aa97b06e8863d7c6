// SPDX-License-Identifier: Apache-2.0
// Whether what the state says is there is there: three kinds of finding, as archives know them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "host/document/diagnostic.hpp"

namespace calque::host {

enum class finding { changed, missing, unexpected };
std::string_view name_of(finding);

struct verified {
  std::uint64_t files = 0, bytes = 0;  // that are recorded
  std::uint64_t findings = 0;
};

/// Reads every recorded output below the folder and compares digests; `fast`: sizes only. A file below it that no
/// record has is unexpected. Nothing is written, no lock is taken. Codes: verify.no-state, state.newer-version,
/// output.*.
result<verified> verify(const std::string &folder, const std::string &state_folder, bool fast,
                        const std::function<void(finding, const std::string &path)> &tell);

}  // namespace calque::host
