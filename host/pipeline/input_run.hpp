// SPDX-License-Identifier: Apache-2.0
// One input on its way through the stages: what it carries along, and each step of it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/pipeline/run.hpp"
#include "host/plugins/importer_pool.hpp"

namespace calque::host {

/// What all runs of one pipeline share.
struct run_setting {
  const pipeline &whole;
  std::span<made_stage> stages;
  stop_flag *stop;
  importer_pool *members;  // null: no stage hands members over
};

/// Used for one input. Diagnostics pass through it to get their places and the severities that the pipeline wants. With
/// a memory, a stage whose result is known does not run; its document is made only when a later stage needs it.
class input_run {
 public:
  input_run(const run_setting &, std::string media_type, std::string path, const named_output &, const run_observer &,
            const run_request &);

  run_outcome outcome;

  /// The import and all that follows.
  void run(made_stage &importer, std::size_t index, const input_file &);
  /// From a document on.
  void run_from(document, std::size_t first);
  void refuse(diagnostic, run_status);

 private:
  /// A stage that gives documents, the key of its result, and the digest of what it gave. The first is the import.
  struct step {
    std::size_t index;
    short_digest key, digest;
  };
  /// A part after its steps. Its document may be one of an earlier step, or none: then its digest alone is known.
  struct part_state {
    std::optional<document> now;
    std::size_t made = 0;  // the steps behind `now`
    short_digest digest{};
    std::vector<step> steps;
    unsigned number = 1, parts = 1;
    short_digest imported_digest{};
    std::optional<document> imported;
  };
  struct source {
    made_stage &importer;
    std::size_t index;
    const input_file &input;
    short_digest key;
  };

  run_context context(diagnostics &out) const;
  void end(run_status status) { outcome.status = std::max(outcome.status, status); }

  bool import();
  std::optional<std::vector<document>> import_now(diagnostics &reported);
  void run_parts(std::size_t first);
  void run_part(part_state &, std::size_t first);
  bool runs_here(part_state &, std::size_t k);
  bool reuse(part_state &, std::size_t k, const short_digest &key, part_outcome &);
  bool run_stage(part_state &, std::size_t k, const short_digest &key, part_outcome &);
  bool step_through(std::size_t k, document &now, diagnostics &reported, ledger &account);

  /// Makes the part's document when only its digest is known; false when that failed.
  bool make_document(part_state &, part_outcome &);
  const document *imported_document(part_state &, part_outcome &);

  short_digest key_of_stage(const part_state &, std::size_t k) const;
  bool may_remember(const stage_description &) const;
  std::string name_of_primary(const part_state &, std::size_t k, const std::string &identifier) const;
  void settle(const ledger &account, part_outcome *);
  bool take(const diagnostics &reported, const calque_document *given, std::vector<diagnostic> *kept);
  bool keep(diagnostic &);

  const run_setting setting_;
  const std::string media_type_, path_;
  const named_output &names_;
  const run_observer &observe_;
  const run_request request_;
  std::optional<source> source_;
  std::vector<part_state> parts_;
};

}  // namespace calque::host
