// SPDX-License-Identifier: Apache-2.0
// What the verbs that take a pipeline share: loading it, and the exit code that its errors mean.
#include "host/cli/pipelines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/pipeline/source_places.hpp"

namespace calque::host {
namespace {

constexpr std::pair<std::string_view, exit_code> meanings[] = {
    {"input.missing", exit_code::input_missing},      {"input.is-a-folder", exit_code::input_missing},
    {"input.not-a-file", exit_code::input_missing},   {"input.no-match", exit_code::input_missing},
    {"input.permission", exit_code::no_permission},   {"input.unreadable", exit_code::io_error},
    {"output.permission", exit_code::no_permission},  {"output.disk-full", exit_code::io_error},
    {"output.cannot-write", exit_code::io_error},     {"output.bad-name", exit_code::cannot_create},
    {"output.duplicate", exit_code::cannot_create},   {"output.symlink", exit_code::cannot_create},
    {"output.not-a-file", exit_code::cannot_create},  {"output.cannot-create", exit_code::cannot_create},
    {"output.is-an-input", exit_code::cannot_create}, {"run.no-records", exit_code::input_missing},
    {"run.locked", exit_code::locked},                {"run.no-sandbox", exit_code::plugin_missing},
    {"run.no-worker", exit_code::plugin_missing},     {"run.other-pipeline", exit_code::cannot_create},
    {"run.network-state", exit_code::cannot_create},  {"state.newer-version", exit_code::config_invalid},
    {"verify.no-state", exit_code::input_missing},    {"repro.no-bundle", exit_code::input_missing},
    {"memory.missing", exit_code::input_missing},     {"memory.not-a-memory", exit_code::input_missing},
    {"memory.permission", exit_code::no_permission},  {"memory.locked", exit_code::locked},
    {"memory.newer", exit_code::config_invalid},      {"memory.io", exit_code::io_error},
    {"memory.damaged", exit_code::io_error},          {"memory.unfinished", exit_code::io_error},
};

}  // namespace

exit_code exit_code_of_pipeline(std::span<const diagnostic> all) {
  std::size_t errors = 0, unknown_plugins = 0;
  for (const diagnostic &d : all) {
    if (d.level != severity::error) continue;
    // The file itself: errors about files that it names have a line.
    if (d.where.line == 0 && d.code == "pipeline.missing-file") return exit_code::input_missing;
    if (d.where.line == 0 && d.code == "pipeline.unreadable-file") return exit_code::no_permission;
    ++errors;
    if (d.code == "pipeline.unknown-plugin" || d.code.starts_with("plugin.")) ++unknown_plugins;
  }
  return errors > 0 && errors == unknown_plugins ? exit_code::plugin_missing : exit_code::config_invalid;
}

exit_code exit_code_of_input(std::span<const diagnostic> all) {
  for (const diagnostic &d : all) {
    if (d.level != severity::error) continue;
    for (const auto &[code, meaning] : meanings)
      if (d.code == code) return meaning;
    break;
  }
  return exit_code::some_failed;
}

bool make_ready(program &p, const plugin_catalog &plugins, loaded_pipeline loaded, ready_pipeline &into) {
  into.loaded = std::move(loaded);
  if (!into.loaded.value) {
    p.show(into.loaded.diagnostics, into.loaded.sources);
    into.outcome = exit_code_of_pipeline(into.loaded.diagnostics);
    return false;
  }
  into.runner.emplace(*into.loaded.value, plugins, &p.stop());
  std::vector<diagnostic> made = into.runner->prepare();
  const bool failed = std::any_of(made.begin(), made.end(), [](const diagnostic &d) { return d.level == severity::error; });
  if (failed) {
    into.runner.reset();
    into.outcome = exit_code_of_pipeline(made);
  }
  made.insert(made.begin(), into.loaded.diagnostics.begin(), into.loaded.diagnostics.end());
  p.show(made, into.loaded.sources);
  return !failed;
}

void place_in_input(std::vector<diagnostic> &all, const input_file &input, source_texts &sources) {
  if (place_in_input(all, input)) sources.add(source_text(input.path, input.bytes));
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace calque::host
