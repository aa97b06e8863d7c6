// SPDX-License-Identifier: Apache-2.0
// The loss ledger: what each code of each stage kept out, changed or left unexpressed, and whether that is allowed.
#pragma once

#include <calque/calque.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// What the ledger counts, beside letters: every one must be accounted for.
struct countables {
  uint64_t letters = 0;  // letters and digits of all text, asides and fields included
  uint64_t notes = 0, tables = 0, cells = 0, images = 0, links = 0, pages = 0, headings = 0, items = 0, languages = 0;

  bool operator==(const countables &) const = default;
};

/// Counts a whole document.
countables count(const calque_document &);
/// The number of one thing (CALQUE_THING_*; letters for text); nothing for what is not counted.
std::optional<uint64_t> count_of(const countables &, uint32_t thing);

/// One line of the account: what a code of a stage did, how often, and to how many letters.
struct ledger_entry {
  std::string stage, code;
  uint32_t thing = 0, effect = 0;                  // CALQUE_THING_*, CALQUE_EFFECT_*
  uint64_t count = 0;                              // how often
  uint64_t letters_before = 0, letters_after = 0;  // of the text concerned, before and after
  uint64_t bytes = 0;                              // of the source, for what an importer skipped
};

/// The account of one document, in the order of its stages.
class ledger {
 public:
  ledger() = default;
  /// As `entries` gave them.
  explicit ledger(std::vector<ledger_entry> entries) : entries_(std::move(entries)) {}

  /// Adds to the entry of that stage and code.
  void add(std::string_view stage, const calque_code &code, uint64_t count, uint64_t letters_before,
           uint64_t letters_after, uint64_t bytes = 0);
  void append(const ledger &other);
  const std::vector<ledger_entry> &entries() const { return entries_; }

 private:
  std::vector<ledger_entry> entries_;
};

/// `[loss]` of a pipeline.
struct loss_policy {
  std::vector<std::string> allow;  // codes or globs
  bool warn_only = false;          // default = "warn": losses are warnings, not failures
};

/// True when `text` matches a pattern in which `*` stands for any run of characters.
bool matches(std::string_view pattern, std::string_view text);

/// The losses that the policy does not allow: an error or a warning each. Only codes that drop something are losses.
std::vector<diagnostic> check_losses(const ledger &, const loss_policy &);

/// The account as one JSON object, for records of a run.
std::string to_json(const ledger &);

std::string_view thing_name(uint32_t thing);
std::string_view effect_name(uint32_t effect);

}  // namespace calque::host
