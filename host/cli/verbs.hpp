// SPDX-License-Identifier: Apache-2.0
// The verbs of the program: what the command line says of each, and the function that does it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/cli/exit_codes.hpp"

namespace calque::host {

class program;

struct convert_options {
  std::string input, output; // output: "-" or empty is standard output
  std::string from, to;      // ids of an importer and an exporter; empty: by content, by the output's extension
};
exit_code convert(program &, const convert_options &);

struct run_options {
  std::string pipeline;
  std::vector<std::string> files, overrides;
  std::string output, state;
  unsigned workers = 0;             // 0: one a processor
  std::string most_failures;        // "5", or "5%" of the inputs; empty: go on whatever fails
  std::uint64_t limit = 0;          // 0: all
  std::vector<std::string> only;    // globs
  std::string wait, events, metrics, premis, on_failure, format = "human";
  std::uint64_t keep_runs = 30;
  bool dry = false, force = false, prune = false, bag = false;
  bool fresh_workers = false, no_sandbox = false, require_sandbox = false, in_process = false, no_cache = false;
  bool no_fsync = false;            // for measuring what durability costs
  unsigned landlock_abi = ~0u;
  bool found = false;               // say what each document holds
  bool deny_warnings = false;
};
exit_code run(program &, const run_options &);

struct why_options {
  std::string document, pipeline, output, state;
  std::vector<std::string> overrides;
};
/// Why a document would be done, or not.
exit_code why(program &, const why_options &);

struct verify_options {
  std::string folder, state, format = "human";
  bool fast = false;
};
exit_code verify(program &, const verify_options &);

struct repro_options {
  std::string bundle;
  bool in_process = false;
};
exit_code repro(program &, const repro_options &);

struct gc_options {
  std::string folder;  // of outputs; empty: the cache alone
  std::string size = "4 GiB";
  std::uint64_t keep_runs = 30;
};
exit_code gc(program &, const gc_options &);

struct check_options {
  std::vector<std::string> pipelines, overrides;
  std::string format = "human"; // human, concise, json
  bool deny_warnings = false;
};
exit_code check(program &, const check_options &);

struct test_options {
  std::vector<std::string> pipelines;
  std::string only; // a part of the names of the tests to run
  bool update = false;
};
exit_code test(program &, const test_options &);

struct plugins_options {
  bool show = false; // else list
  std::string id, format = "human";
};
exit_code plugins(program &, const plugins_options &);

struct preview_options {
  std::string input, pipeline, at;
  std::vector<std::string> overrides;
  bool dump = false;
};
exit_code preview(program &, const preview_options &);

struct memory_options {
  enum class verb { import, export_, stats };
  verb what = verb::stats;
  std::string memory;              // the file
  std::vector<std::string> files;  // of import
  std::string output, source, target, format = "human";
};
exit_code memory(program &, const memory_options &);

struct schedule_options {
  std::string pipeline;
  std::string daily, calendar;      // exactly one of the three is given
  std::vector<std::string> weekly;  // a day and a time
  std::string output, to = ".", user;
  bool cron = false, force = false;
};
exit_code schedule(program &, const schedule_options &);

struct report_options {
  std::string run;     // an output folder, for its last run, or a folder of its .calque/runs
  std::string output;  // empty: beside the records
};
exit_code report(program &, const report_options &);

struct log_options {
  std::string run = "."; // as with report
  std::vector<std::string> filters; // KEY=VALUE
  std::string format = "human"; // human, json, tsv
  bool runs = false;            // list the runs
};
exit_code log_runs(program &, const log_options &);

struct explain_options {
  std::string code;
  bool list = false;
};
exit_code explain(program &, const explain_options &);

struct doctor_options {
  bool sandbox = false;         // try to break out of the jail of workers
  unsigned landlock_abi = ~0U;  // as if the kernel knew no newer one
  std::string format = "human"; // human, json
};
exit_code doctor(program &, const doctor_options &);

struct escape_options {
  std::string name, folder;
  unsigned landlock_abi = ~0U;
};
/// One attempt of `doctor --sandbox`, which starts this in a process of its own.
exit_code try_to_escape(program &, const escape_options &);

/// Prints what a plugin file says of itself; the host starts this in a process of its own, so that a plugin that
/// crashes when it is loaded harms nobody.
exit_code describe(program &, const std::string &plugin_file);

}  // namespace calque::host
