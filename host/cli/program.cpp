// SPDX-License-Identifier: Apache-2.0
// One start of the program: its streams, its plugins, and whether it is asked to stop.
#include "host/cli/program.hpp"

#include <calque/calque.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "host/cli/signals.hpp"
#include "host/plugins/search_path.hpp"

namespace calque::host {
namespace {

#define CALQUE_TEXT_OF(x) #x
#define CALQUE_AS_TEXT(x) CALQUE_TEXT_OF(x)

/// One that knows escapes: colours, and lines that are written over.
bool is_terminal_on_stderr() {
  const char *term = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

/// --color, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal.
bool wants_colour(const std::string &choice, bool is_terminal) {
  if (choice != "auto") return choice == "always";
  const auto is_set = [](const char *name) {
    const char *value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
  if (is_set("NO_COLOR")) return false;
  return is_set("FORCE_COLOR") || is_terminal;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 100;
}

}  // namespace

std::string_view version_text() {
  // The version is the project's, in CMakeLists.txt; a test compares the two.
  return "calque 0.1.0 (ABI " CALQUE_AS_TEXT(CALQUE_ABI_MAJOR) "." CALQUE_AS_TEXT(
      CALQUE_ABI_MINOR) ", model " CALQUE_AS_TEXT(CALQUE_MODEL) ")";
}

program::program(program_options options)
    : options_(std::move(options)),
      stderr_is_terminal_(is_terminal_on_stderr()),
      colour_(wants_colour(options_.color, stderr_is_terminal_)),
      width_(terminal_width()),
      log_(options_.log_file, options_.verbosity > 1, options_.verbosity > 0, options_.log_format == "json") {
  if (!log_.trouble().empty()) say("the log cannot be written: " + log_.trouble());
  stop_on_signals(stop_);
}

const plugin_catalog &program::plugins(const std::string &pipeline_path) {
  const std::size_t slash = pipeline_path.rfind('/');
  const std::string folder = pipeline_path.empty() ? "" : slash == std::string::npos ? "." : pipeline_path.substr(0, slash + 1);
  auto known = plugins_.find(folder);
  if (known == plugins_.end()) {
    const char *calque_path = std::getenv("CALQUE_PATH");
    const auto self = own_program();
    const plugin_places places{options_.plugin_path, folder, calque_path != nullptr ? calque_path : "", self};
    known = plugins_.emplace(folder, plugin_catalog::discover({search_path(places), default_cache_folder(), self})).first;
    for (const plugin_description &plugin : known->second.plugins())
      log_.debug(fmt::format("plugin {} {} of {}", plugin.name, plugin.version, plugin.path));
  }
  return known->second;
}

void program::data(std::string_view bytes) {
  if (data_error_ == 0 && std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) data_error_ = errno;
}

bool program::flush_data() {
  if (data_error_ == 0 && std::fflush(stdout) != 0) data_error_ = errno;
  // A reader that has seen enough, as `head` has, needs no message.
  if (data_error_ != 0 && data_error_ != EPIPE)
    talk(fmt::format("calque: writing to standard output failed: {}\n", std::strerror(data_error_)));
  return data_error_ == 0;
}

void program::talk(std::string_view text) {
  end_progress();
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void program::say(std::string_view line) {
  log_.debug(line);
  if (!options_.quiet) talk(fmt::format("{}\n", line));
}

void program::detail(std::string_view line) {
  log_.debug(line);
  if (options_.verbosity > 0) talk(fmt::format("{}\n", line));
}

render_options program::look() const {
  return {render_form::human, width_, colour_};
}

void program::show(std::span<const diagnostic> all, const source_texts &sources) {
  std::vector<diagnostic> shown;
  for (const diagnostic &d : all) {
    log_.debug(render(d, {}, {render_form::concise, 100, false}));
    const severity least = options_.quiet            ? severity::error
                           : options_.verbosity == 0 ? severity::warning
                           : options_.verbosity == 1 ? severity::info
                                                     : severity::debug;
    if (d.level >= least) shown.push_back(d);
  }
  if (!shown.empty()) talk(render_all(shown, sources, look()));
}

void program::progress(const std::vector<std::string> &lines) {
  if (options_.quiet || !options_.progress) return;
  std::string text;
  if (stderr_is_terminal_) {
    // Up to the first of the old ones, and over all of them.
    text = clear_progress();
    for (const std::string &line : lines) text += line + "\n";
    progress_shown_ = lines.size();
  } else {
    for (const std::string &line : lines) text += line + "\n";
  }
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string program::clear_progress() {
  if (progress_shown_ == 0) return {};
  return fmt::format("\x1b[{}A\r\x1b[J", std::exchange(progress_shown_, 0));
}

void program::end_progress() {
  const std::string text = clear_progress();
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace calque::host
