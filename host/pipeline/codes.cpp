// SPDX-License-Identifier: Apache-2.0
// Finds and prints the entries of the catalogue of codes.
#include "host/pipeline/codes.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace calque::host {
namespace {

std::string block(std::string_view title, std::string_view text) {
  return text.empty() ? std::string{} : fmt::format("\n{}:\n\n```toml\n{}```\n", title, text);
}

}  // namespace

const code_entry *find_code(std::string_view code) {
  const std::span<const code_entry> all = host_codes();
  const auto found = std::find_if(all.begin(), all.end(), [&](const code_entry &entry) { return entry.code == code; });
  return found == all.end() ? nullptr : &*found;
}

std::string explain_code(const code_entry &entry) {
  return fmt::format("## {}\n\n{}. {}\n{}{}\n{}\n", entry.code, entry.summary, entry.cause, block("Has it", entry.bad),
                     block("Has it not", entry.good), entry.fix);
}

std::string explain_all_codes() {
  std::string page =
      "# Codes\n\n"
      "Every diagnostic has a code. These are the host's; `calque plugins show ID` lists those of a plugin. `calque "
      "explain CODE`\n"
      "prints one entry. Codes are stable: a pipeline may name them in `[diagnostics]`, and what a stage drops in "
      "`[loss]`.\n"
      "An example that has no `[pipeline]` or `[[stage]]` of its own stands in a pipeline that has. This page is "
      "generated:\n"
      "`calque explain --list` prints it.\n";
  for (const code_entry &entry : host_codes()) page += "\n" + explain_code(entry);
  return page;
}

}  // namespace calque::host
