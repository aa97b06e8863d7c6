// SPDX-License-Identifier: Apache-2.0
// The codes of the host: what each one means, an example that has it, one that has not, and what to do.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace calque::host {

struct code_entry {
  std::string_view code;
  std::string_view summary;  // one line
  std::string_view cause;
  std::string_view bad, good;  // pipeline files, of the codes that pipeline files can have; else empty
  std::string_view fix;
};

/// All of them, by code.
std::span<const code_entry> host_codes();
/// The one of that name, or null.
const code_entry *find_code(std::string_view code);

/// The page of one code, as `calque explain CODE` prints it (Markdown).
std::string explain_code(const code_entry &);
/// The page of all codes: docs/codes.md.
std::string explain_all_codes();

}  // namespace calque::host
