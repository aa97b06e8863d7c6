// SPDX-License-Identifier: Apache-2.0
// What is to be done for one input, and why. Reads and decides; changes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/batch/batch_input.hpp"
#include "host/worker/job.hpp"
#include "host/batch/output_folder.hpp"
#include "host/batch/run_configuration.hpp"
#include "host/batch/state.hpp"
#include "host/pipeline/input_files.hpp"

namespace calque::host {

enum class reason {
  unchanged,  // nothing is to be done
  is_new,
  input_changed,
  pipeline_changed,
  output_missing,
  output_changed,
  failed_before,
  forced
};
/// As records and `run -n` say it: "input-changed".
std::string_view name_of(reason);

struct decision {
  reason why = reason::is_new;
  std::vector<changed_field> changed;  // with pipeline_changed
  std::string output;                  // with output_missing and output_changed: the first one
  std::vector<diagnostic> errors;      // the input cannot be read: nothing else is worth anything then
  batch_input input;
  std::optional<input_record> record;  // of an earlier run
  std::vector<known_file> in_place;    // its outputs that lie where they should
  bool has_new_marks = false;          // they do, but were touched: the record is to be set anew
};

class planner {
 public:
  /// All outlive it.
  planner(const state &, output_folder &, const configuration &now, std::uint64_t most_bytes, bool is_forced);

  decision decide(const std::string &path);

 private:
  void look_at_outputs(decision &);

  const state &state_;
  output_folder &folder_;
  const configuration &now_;
  const short_digest digest_;
  const std::uint64_t most_bytes_;
  const bool is_forced_;
};

/// A glob of --only: of the whole path, or of its last parts.
bool is_wanted_by(std::string_view glob, std::string_view path);

/// The order for a worker; `input` is the named one.
job_order order_for(const decision &, const named_input &input);

}  // namespace calque::host
