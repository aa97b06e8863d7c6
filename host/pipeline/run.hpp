// SPDX-License-Identifier: Apache-2.0
// One input through a pipeline: import, each stage on each part, the account at the end. Nothing is written here.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"
#include "host/document/ledger.hpp"
#include "host/document/output_files.hpp"
#include "host/document/stage_rules.hpp"
#include "host/pipeline/open_input.hpp"
#include "host/pipeline/pipeline.hpp"
#include "host/plugins/plugin_catalog.hpp"
#include "host/plugins/stage_instance.hpp"

namespace calque::host {

/// What became of an input, or of one of its parts; worse ones later. An input is as good as its worst part.
enum class run_status {
  ok,
  ok_with_warnings,
  rejected,       // the importer says that this is not its format, or no importer knows it
  failed,         // a stage reported an error, or the loss policy does not allow what was lost
  limit,          // a limit of the pipeline was reached
  invalid_output, // what a stage gave breaks a rule; the stage is at fault, not the input
  io_error,
  stopped
};
std::string_view name_of(run_status);
inline bool is_done(run_status status) { return status <= run_status::ok_with_warnings; }

/// A file that an exporter made, with the path below the output folder.
struct made_file {
  std::string path, media_type, bytes;
  std::size_t stage = 0; // index in the pipeline
  unsigned part = 1;
  bool primary = false;
};

struct part_outcome {
  run_status status = run_status::ok;
  std::optional<document> final; // after the last stage that ran
  ledger account;                // of all stages after the import
};

struct run_outcome {
  run_status status = run_status::ok;
  std::string importer;         // the id of the stage that imported; empty when none did
  std::vector<part_outcome> parts;
  ledger import_account;        // of all parts together: they share the source
  std::vector<made_file> files; // empty unless is_done(status): all or none
  std::vector<diagnostic> diagnostics;
};

/// The part of an output's name that comes from the input's.
struct named_output {
  std::string dir, stem;
};

/// The index of an importer that the pipeline does not name.
inline constexpr std::size_t no_stage = SIZE_MAX;

/// Seen by an observer after each stage of each part.
struct stage_event {
  std::size_t index; // of the stage in the pipeline, or no_stage
  const stage_description &stage;
  std::string_view name; // of the stage in the pipeline
  unsigned part, parts;
  const document &now;
  const std::vector<output_file> *files; // of an exporter; else null
  std::chrono::nanoseconds time;         // of an import: the whole, at each part
};
using run_observer = std::function<void(const stage_event &)>;

/// The importer that knows this input best, by its probe. Code: input.unknown-format.
result<const stage_description *> choose_importer(const plugin_catalog &, const input_file &);

/// Runs the stages of one pipeline on any number of inputs, one after another. Instances are made once.
class runner {
 public:
  /// Both must outlive the runner. `stop` ends a run at the next call of a stage.
  runner(const pipeline &, const plugin_catalog &, stop_flag *stop = nullptr);

  /// Makes the instances of all stages; every error of all of them. Needed once, before run.
  std::vector<diagnostic> prepare();

  /// The stages from the first up to `last` (an index; the default is all).
  run_outcome run(const input_file &, const named_output &, const run_observer & = {}, std::size_t last = SIZE_MAX);
  /// Goes on from a document, with the stages from `first` on.
  run_outcome run_from(document, std::size_t first, const named_output &, const run_observer & = {},
                       std::size_t last = SIZE_MAX);

 private:
  class part_run;
  struct made_stage {
    const stage_description *description;
    std::unique_ptr<stage_instance> instance;
  };
  result<made_stage *> importer_for(const input_file &);

  const pipeline &pipeline_;
  const plugin_catalog &catalog_;
  stop_flag *stop_;
  std::vector<made_stage> stages_;            // as in the pipeline
  std::map<std::string, made_stage> importers_; // chosen by probing, by id
};

}  // namespace calque::host
