// SPDX-License-Identifier: Apache-2.0
// A pipeline as its file describes it: checked, with every name resolved and every place kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/document/ledger.hpp"
#include "host/document/stage_rules.hpp"
#include "host/pipeline/stage_condition.hpp"
#include "host/plugins/description.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {

/// How long an input may take in a batch, on the monotonic clock, and how much memory its worker may have.
struct time_budget {
  std::chrono::milliseconds silence{60'000};  // without a call of the host
  std::chrono::milliseconds total{600'000};
  std::uint64_t memory = std::uint64_t{4} << 30;  // address space, in bytes
};

/// What a stage says otherwise: its silence, and the total of this stage alone.
struct stage_budget {
  std::optional<std::chrono::milliseconds> silence, total;
};

/// Which documents between stages a batch keeps for later runs.
struct cache_policy {
  std::uint64_t most = std::uint64_t{4} << 30;   // bytes in all
  std::chrono::milliseconds dear{20};            // a result that took longer to make is kept
};

struct pipeline_stage {
  std::string name;  // unique in the pipeline: `id`, or the plugin's id without "calque."
  stage_description description;
  std::vector<option_value> options;  // options[k] belongs to description.options[k]; not given: is_set is false
  std::string to;                     // exporters: the output's name, with placeholders; empty: "{dir}/{stem}" + suffix
  stage_condition when;
  stage_budget budget;
  place where;  // the value that names the plugin
};

/// One expectation of a test; each holds what is given and nothing else. `at` is a stage's name (default: the last
/// one that the test runs).
///   layer        annotations of that layer at that stage: of `kind`, covering exactly `text`, with `values`; `count`
///                says how many there are (default: at least one)
///   kind         without `layer`: nodes of that kind, likewise
///   field        the values of that field: `text`, `count`
///   equals, contains  the main text after that stage, or the primary file of an exporter
///   file_equals  the primary file of the exporter `at`, compared as `compare` says
///   diagnostics  the codes of all warnings and errors, in any order, each once
///   status       ok, ok-with-warnings, rejected, failed, …
///   outputs      how many files were made
struct expectation {
  std::string at;
  std::optional<std::string> layer, kind, field, text, equals, contains, file_equals, status;
  std::optional<std::uint64_t> count, outputs;
  std::optional<std::vector<std::string>> diagnostics;
  std::vector<std::pair<std::string, std::string>> values;
  std::string compare = "bytes";  // bytes, text, xml, json
  place where;                    // the entry of `expect`
};

struct pipeline_test {
  std::string name;
  /// Exactly one is set: bytes given in place (`text`, or `hex` decoded), a file to import, or a packed document or
  /// dump to go on from. Paths are absolute.
  std::optional<std::string> text, file, doc;
  std::string input_name = "sample.txt";  // of `text`: what importers are told that the file is called
  std::string from, to;                   // names of stages; empty: the first, the last
  std::vector<expectation> expect;
  place where;  // the value of `name`
};

/// A severity for a code, or a glob of codes; no severity: off.
struct severity_rule {
  std::string pattern;
  std::optional<severity> level;
};

struct pipeline {
  std::string name, summary;
  std::string path;                    // of the file as it was named; for messages
  std::string folder;                  // absolute; what relative names in the file mean
  std::vector<std::string> inputs;     // absolute globs; empty: none given
  std::vector<pipeline_stage> stages;  // an importer first, if one is named; else it is chosen by probing
  std::string output_folder;           // absolute; empty: none given
  loss_policy loss;
  std::vector<severity_rule> severities;  // the last that matches decides
  limits bounds;
  time_budget budget;
  cache_policy cache;
  std::vector<pipeline_test> tests;

  bool has_importer() const { return !stages.empty() && stages.front().description.role == stage_role::import; }
  /// Whether any importer may have to run: there is none to begin with, or the one there is hands members over.
  bool needs_all_importers() const {
    return !has_importer() || (stages.front().description.flags & CALQUE_EMBEDS) != 0;
  }
};

}  // namespace calque::host
