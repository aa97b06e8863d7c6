// SPDX-License-Identifier: Apache-2.0
// A stage made from its options: runs it on documents, and takes over only what kept all rules.
#pragma once

#include <calque/calque.h>

#include <memory>
#include <string>
#include <vector>

#include "host/document/builder.hpp"
#include "host/document/document.hpp"
#include "host/document/output_files.hpp"
#include "host/document/stage_rules.hpp"
#include "host/plugins/description.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {

struct rewrite_result;

/// How a pipeline names a stage: its name there, where that is written, and its options (one per option of the
/// description, or none at all).
struct stage_use {
  std::string name;
  place where;
  std::vector<option_value> options;
};

/// What one run may use. All outlive it.
struct run_context {
  const limits &within;
  stop_flag *stop = nullptr;
  diagnostics &out;
  member_importer *members = nullptr;  // of importers: who takes what they hand over; null: nobody
};

/// One at a time, any thread. A run that failed has put the reason into the diagnostics that it was given, and again
/// into its result; a failed run leaves the instance usable. Besides the codes of the stage and of the host's objects:
/// run.stopped, plugin.misuse, plugin.exception, plugin.silent-failure, plugin.unfounded-status,
/// plugin.unknown-status, plugin.changed.
class stage_instance {
 public:
  /// Loads the plugin on first use and makes an instance; what `create` reports goes to `out`.
  static result<std::unique_ptr<stage_instance>> make(const stage_description &, stage_use, diagnostics &out);
  /// Of a table at hand, for tests of plugins. The table must be sound (check_stage) and live on.
  static result<std::unique_ptr<stage_instance>> make(const calque_stage &, stage_use, diagnostics &out);
  ~stage_instance();
  stage_instance(const stage_instance &) = delete;
  stage_instance &operator=(const stage_instance &) = delete;

  const stage_rules &rules() const { return rules_; }
  stage_role role() const { return role_; }

  result<import_result> run_import(const input_bytes &, const run_context &);
  result<rewrite_result> run_normalize(const document &, const run_context &);
  result<document> run_annotate(const document &, const run_context &);
  result<export_result> run_export(const document &, const run_context &);

 private:
  stage_instance(stage_rules rules, stage_role role, stage_use use);

  stage_rules rules_;
  stage_role role_;
  place where_;
  std::vector<uint32_t> option_lines_;
  void *instance_ = nullptr;
  bool is_made_ = false;
};

}  // namespace calque::host
