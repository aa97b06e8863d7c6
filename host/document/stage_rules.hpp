// SPDX-License-Identifier: Apache-2.0
// What a boundary needs to know of the stage behind it: its tables, its limits, and whether to stop.
#pragma once

#include <calque/calque.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// A stage as boundaries see it. `stage` is the plugin's table and outlives everything.
struct stage_rules {
  std::string name;  // in the pipeline
  const calque_stage *stage = nullptr;

  std::string_view id() const { return stage->id; }
  /// The entry of the stage's code table, or null.
  const calque_code *find_code(std::string_view code) const;
  bool may_write(std::string_view layer) const;
  /// "speeches (calque.speeches 0.1.0)": who, in messages.
  std::string who() const;
};

/// What one document may take, in bytes and counts. Reaching one gives CALQUE_LIMIT and a diagnostic that names it.
struct limits {
  uint64_t max_input = uint64_t{1} << 30;
  uint64_t max_text = (uint64_t{1} << 32) - 2;
  uint64_t max_nodes = 50'000'000;
  uint64_t max_depth = 1024;
  uint64_t max_annotations = 50'000'000;
  uint64_t max_resource = uint64_t{1} << 30;
  uint64_t max_output = uint64_t{1} << 32;
  uint64_t max_parts = 100'000;
  uint64_t max_archive_members = 100'000;
  uint64_t max_archive_member = uint64_t{512} << 20;  // bytes of one, unpacked
  uint64_t max_archive_total = uint64_t{2} << 30;     // bytes of all that a run unpacks, archives in archives included
  uint64_t max_archive_ratio = 500;                   // bytes unpacked from one that is packed
  uint64_t max_archive_depth = 4;                     // archives in each other; 1: the input alone
  uint64_t max_embedded = 10'000;  // members of one input that importers hand over, at all depths
  uint64_t max_nesting = 16;       // members within members
};

/// Asks a running stage to stop: every call of the host looks here. Another thread may set it.
class stop_flag {
 public:
  void stop() { stopped_.store(true, std::memory_order_relaxed); }
  /// Stops at the k-th call from now (1: the next one); for tests of how plugins stop.
  void stop_at_call(uint64_t k) { remaining_.store(k, std::memory_order_relaxed); }
  /// Counts calls there, so that another process can see that the stage is alive.
  void beat_on(std::atomic<uint64_t> &pulse) { pulse_ = &pulse; }
  /// Counts a call; true when it must answer CALQUE_CANCELLED.
  bool count_call() {
    if (pulse_ != nullptr) pulse_->fetch_add(1, std::memory_order_relaxed);
    if (remaining_.load(std::memory_order_relaxed) != 0 && remaining_.fetch_sub(1, std::memory_order_relaxed) == 1)
      stop();
    return stopped_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<bool> stopped_{false};
  std::atomic<uint64_t> remaining_{0};
  std::atomic<uint64_t> *pulse_ = nullptr;
};

/// The state that all objects of one run share: who runs, within which limits, and what went wrong. An object of the
/// host begins each call with `enter` and answers its status when that is not OK.
class boundary {
 public:
  boundary(stage_rules rules, const limits &within, stop_flag *stop, diagnostics &out)
      : rules(std::move(rules)), within(within), out(out), stop_(stop) {}

  /// OK, CANCELLED, or the status of the first call that failed: a run that went wrong writes no more.
  calque_status enter();
  /// Records that a call broke its rule. `call` is its name ("builder.text"), `rule` what must hold.
  calque_status misuse(std::string_view call, std::string rule);
  /// Records that a limit was reached.
  calque_status limit(std::string_view what, uint64_t granted, uint64_t wanted);
  /// Records that what the calls made does not add up, or that the input cannot be read.
  calque_status fail(diagnostic d);
  bool failed() const { return status_ != CALQUE_OK; }
  calque_status status() const { return status_; }
  /// Why the run failed: what was recorded first, or that it was stopped. Call it only when the run has failed.
  diagnostic failure() const;
  /// A diagnostic that names the stage.
  diagnostic blame(std::string code, std::string message, std::string hint = {}) const;

  const stage_rules rules;
  const limits within;
  diagnostics &out;

 private:
  stop_flag *stop_;
  calque_status status_ = CALQUE_OK;
  std::optional<diagnostic> first_;
};

/// True when `text` is well-formed UTF-8.
bool is_utf8(std::string_view text);
/// True when a code point begins at `at`, or the text ends there.
inline bool is_boundary(std::string_view text, uint64_t at) {
  return at == text.size() || (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80);
}
/// Names that a file system may take for the same have the same folded form.
std::string fold_case(std::string_view name);
/// Letters and digits, as the loss ledger counts them.
uint64_t count_letters(std::string_view utf8);

}  // namespace calque::host
