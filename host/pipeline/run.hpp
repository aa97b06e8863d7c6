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
#include "host/pipeline/run_status.hpp"
#include "host/pipeline/stage_memory.hpp"
#include "host/plugins/importer_pool.hpp"
#include "host/plugins/plugin_catalog.hpp"
#include "host/plugins/stage_instance.hpp"

namespace calque::host {

/// A file that an exporter made, with the path below the output folder.
struct made_file {
  std::string path, media_type;
  std::string bytes;            // empty when `known` is set
  std::size_t stage = 0;        // index in the pipeline
  unsigned part = 1;
  bool primary = false;
  std::optional<known_file> known;  // it lies where it should, from an earlier run
};

struct part_outcome {
  run_status status = run_status::ok;
  std::optional<document> final; // after the last stage that ran; with a memory only if it was needed
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

/// After a stage has run on a part.
struct stage_event {
  std::size_t index; // of the stage in the pipeline, or no_stage
  const stage_description &stage;
  std::string_view name; // of the stage in the pipeline
  unsigned part, parts;
  const document &now;
  const std::vector<output_file> *files; // of an exporter; else null
  std::chrono::nanoseconds time;         // of an import: the whole, at each part
};

/// What did not run on a part: its result was known, or its condition did not hold.
enum class stage_omission { reused, condition };

/// Who watches a run; each may be empty.
struct run_observer {
  run_observer() = default;
  template <class Ended>
    requires std::is_invocable_v<Ended, const stage_event &>
  run_observer(Ended ended) : ended(std::move(ended)) {}

  std::function<void(std::size_t index, std::string_view name)> begins;
  std::function<void(const stage_event &)> ended;
  std::function<void(std::size_t index, std::string_view name, stage_omission)> omitted;
};

/// What a run may know beforehand, and what it is asked for.
struct run_request {
  stage_memory *memory = nullptr; // of this input; null: every stage runs
  bool wants_documents = false;   // `final` of each part, whatever is known
  std::size_t last = SIZE_MAX;    // the last stage to run
};

/// The importer that knows this input best, by its probe, which sees the names in an archive. Code: input.unknown-format.
result<const stage_description *> choose_importer(const plugin_catalog &, const input_file &, const limits &within);

/// A stage of a pipeline, ready to run.
struct made_stage {
  const stage_description *description;
  std::unique_ptr<stage_instance> instance;
};

/// Runs the stages of one pipeline on any number of inputs, one after another. Instances are made once.
class runner {
 public:
  /// Both must outlive the runner. `stop` ends a run at the next call of a stage.
  runner(const pipeline &, const plugin_catalog &, stop_flag *stop = nullptr);

  /// Makes the instances of all stages; every error of all of them. Loads all importers too, when any of them may have
  /// to run: a jail that closes behind this loads nothing more. Needed once, before run.
  std::vector<diagnostic> prepare();

  /// The stages from the first up to `last` (an index; the default is all).
  run_outcome run(const input_file &, const named_output &, const run_observer & = {}, const run_request & = {});
  /// Goes on from a document, with the stages from `first` on.
  run_outcome run_from(document, std::size_t first, const named_output &, const run_observer & = {},
                       const run_request & = {});

 private:
  result<made_stage *> importer_for(const input_file &);

  const pipeline &pipeline_;
  const plugin_catalog &catalog_;
  stop_flag *stop_;
  std::vector<made_stage> stages_;            // as in the pipeline
  std::map<std::string, made_stage> importers_; // chosen by probing, by id
  std::optional<importer_pool> members_;        // when an importer may hand members over
};

}  // namespace calque::host
