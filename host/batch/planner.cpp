// SPDX-License-Identifier: Apache-2.0
// What is to be done for one input, and why.
#include "host/batch/planner.hpp"

#include <utility>

#include "host/document/ledger.hpp"
#include "host/pipeline/output_names.hpp"

namespace calque::host {

std::string_view name_of(reason why) {
  constexpr std::string_view names[] = {"unchanged",      "new",            "input-changed", "pipeline-changed",
                                        "output-missing", "output-changed", "failed-before", "forced"};
  return names[static_cast<std::size_t>(why)];
}

planner::planner(const state &known, output_folder &folder, const configuration &now, std::uint64_t most_bytes,
                 bool is_forced)
    : state_(known),
      folder_(folder),
      now_(now),
      digest_(digest_of(now)),
      most_bytes_(most_bytes),
      is_forced_(is_forced) {}

decision planner::decide(const std::string &path) {
  decision made;
  made.record = state_.find(path);
  auto opened = open_batch_input(path, most_bytes_);
  if (!opened.has_value()) {
    made.errors = opened.errors();
    return made;
  }
  made.input = std::move(opened.value());
  if (!made.record) return made;
  const input_record &record = *made.record;
  look_at_outputs(made);
  if (is_forced_) {
    made.why = reason::forced;
  } else if (record.sha256 != made.input.sha256 || record.size != made.input.size) {
    made.why = reason::input_changed;
  } else if (record.configuration != digest_) {
    made.why = reason::pipeline_changed;
    if (const auto before = state_.find_configuration(record.configuration)) made.changed = compare(*before, now_);
  } else if (!is_done(record.status)) {
    made.why = reason::failed_before;
  } else if (!made.output.empty()) {
    made.why = folder_.look(made.output) ? reason::output_changed : reason::output_missing;
  } else {
    made.why = reason::unchanged;
  }
  return made;
}

// An output that has its number and change time still is not read: nobody can change it without changing these.
void planner::look_at_outputs(decision &made) {
  for (placed_file &placed : made.record->files) {
    const auto mark = folder_.look(placed.file.path);
    const bool is_same = mark && mark->is_regular && mark->size == placed.file.size && mark->inode == placed.inode &&
                         mark->changed_ns == placed.changed_ns;
    if (!is_same && mark && mark->is_regular && mark->size == placed.file.size &&
        folder_.digest(placed.file.path) == placed.file.sha256) {
      placed.inode = mark->inode;
      placed.changed_ns = mark->changed_ns;
      made.has_new_marks = true;
    } else if (!is_same) {
      if (made.output.empty()) made.output = placed.file.path;
      continue;
    }
    made.in_place.push_back(placed.file);
  }
}

bool is_wanted_by(std::string_view glob, std::string_view path) {
  return matches(glob, path) || matches("*/" + std::string(glob), path);
}

job_order order_for(const decision &made, const named_input &input) {
  job_order order;
  order.path = input.path;
  order.name = made.input.name;
  order.media_type = made.input.media_type;
  order.dir = input.dir;
  order.stem = stem_of(made.input.name);
  order.sha256 = made.input.sha256;
  order.size = made.input.size;
  order.in_place = made.in_place;
  if (made.record && made.why != reason::forced) order.known = made.record->results;
  return order;
}

}  // namespace calque::host
