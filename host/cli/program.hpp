// SPDX-License-Identifier: Apache-2.0
// One start of the program: its streams, its plugins, and whether it is asked to stop. The only thing that writes to
// the terminal: data to stdout, everything else to stderr.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/cli/exit_codes.hpp"
#include "host/cli/log.hpp"
#include "host/document/diagnostic.hpp"
#include "host/document/stage_rules.hpp"
#include "host/pipeline/render.hpp"
#include "host/plugins/plugin_catalog.hpp"

namespace calque::host {

struct program_options {
  std::string color = "auto"; // auto, always, never
  bool quiet = false;
  bool progress = true;
  int verbosity = 0;
  std::string log_file, log_format = "text";
  std::vector<std::string> plugin_path;
  std::vector<std::string> command;  // as it was typed
};

/// "calque 0.1.0 (ABI 0.1, model 1)".
std::string_view version_text();

class program {
 public:
  explicit program(program_options options);

  /// Found on first use. Beside a pipeline there may be plugins too, in its folder.
  const plugin_catalog &plugins(const std::string &pipeline_path = {});
  stop_flag &stop() { return stop_; }
  host::log &log() { return log_; }
  const std::vector<std::string> &command() const { return options_.command; }
  bool is_quiet() const { return options_.quiet; }
  bool is_verbose() const { return options_.verbosity > 0; }

  /// Data, on stdout. Nothing else goes there.
  void data(std::string_view bytes);
  /// False once stdout has refused something: nobody reads what comes after.
  bool data_is_taken() const { return data_error_ == 0; }
  /// False when stdout did not take all of it.
  bool flush_data();

  /// A line of talk; not with --quiet. `detail`: only with --verbose.
  void say(std::string_view line);
  void detail(std::string_view line);
  /// Diagnostics, with their lines where `sources` has the file. With --quiet errors only.
  void show(std::span<const diagnostic> all, const source_texts &sources = {});
  void show(const diagnostic &one, const source_texts &sources = {}) { show(std::span(&one, 1), sources); }
  /// How diagnostics look on stderr.
  render_options look() const;

  /// On a terminal lines that replace those shown before; elsewhere lines that are added.
  void progress(const std::vector<std::string> &lines);
  void end_progress();
  bool has_terminal() const { return stderr_is_terminal_ && options_.progress; }
  std::size_t width() const { return width_; }

 private:
  void talk(std::string_view text);
  std::string clear_progress();

  program_options options_;
  bool stderr_is_terminal_, colour_;
  std::size_t progress_shown_ = 0;  // lines of it on the terminal
  int data_error_ = 0; // the errno of writing to stdout
  std::size_t width_;
  host::log log_;
  stop_flag stop_;
  std::map<std::string, plugin_catalog> plugins_; // by folder of the pipeline
};

}  // namespace calque::host
