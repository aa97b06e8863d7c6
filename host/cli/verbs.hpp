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
  std::string output;
  std::uint64_t most_failures = 0; // 0: go on whatever fails
  bool found = false;              // say what each document holds
  bool deny_warnings = false;
};
exit_code run(program &, const run_options &);

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
