// SPDX-License-Identifier: Apache-2.0
// The statuses that an input can end with.
#include "host/records/status_words.hpp"

namespace calque::host {
namespace {

constexpr status_word words[] = {
    {"ok", verdict::fine, "✓", "done"},
    {"ok-with-warnings", verdict::fine, "!", "done, with warnings"},
    {"up-to-date", verdict::fine, "=", "done before, nothing has changed"},
    {"skipped", verdict::fine, "–", "left out, as the pipeline says"},
    {"rejected", verdict::failed, "✕", "not in the format of the importer"},
    {"failed", verdict::failed, "✕", "a stage reported an error"},
    {"crashed", verdict::failed, "✕", "a plugin brought its worker down"},
    {"timeout", verdict::failed, "✕", "took longer than its budget"},
    {"oom", verdict::failed, "✕", "needed more memory than its budget"},
    {"limit", verdict::failed, "✕", "is bigger than a limit of the pipeline"},
    {"violation", verdict::failed, "✕", "a plugin tried what the sandbox forbids"},
    {"invalid-output", verdict::failed, "✕", "a plugin handed over something invalid"},
    {"io-error", verdict::failed, "✕", "could not be read or written"},
    {"not-run", verdict::untried, "…", "the run ended before its turn"},
};

}  // namespace

std::span<const status_word> status_words() {
  return words;
}

status_word find_status(std::string_view name) {
  for (const status_word &word : words)
    if (word.name == name) return word;
  return {name, verdict::failed, "✕", "a status that this program does not know"};
}

}  // namespace calque::host
