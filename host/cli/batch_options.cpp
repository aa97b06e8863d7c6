// SPDX-License-Identifier: Apache-2.0
// From the command line of a run to the settings of a batch.
#include "host/cli/batch_options.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "host/cli/pipelines.hpp"
#include "host/cli/signals.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/plugins/description_cache.hpp"
#include "host/plugins/options.hpp"
#include "host/plugins/search_path.hpp"

namespace calque::host {
namespace {

/// Which file a path leads to, whatever it is called.
using file_identity = std::pair<dev_t, ino_t>;

std::optional<file_identity> identify(const std::string &path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return file_identity{info.st_dev, info.st_ino};
}

std::string stem_of_path(const std::string &path) {
  return stem_of(path.substr(path.rfind('/') + 1));
}

/// Before any document is opened: that no two inputs give one name, and that none would be written over.
std::optional<diagnostic> check_names(const batch_settings &settings) {
  std::map<file_identity, const std::string *> inputs;
  for (const named_input &input : settings.inputs)
    if (const auto id = identify(input.path)) inputs.emplace(*id, &input.path);
  std::map<std::string, const std::string *> from;
  for (const named_input &input : settings.inputs)
    for (const pipeline_stage &stage : settings.whole->stages) {
      if (stage.description.role != stage_role::export_ || stage.to.find("{id}") != std::string::npos) continue;
      const std::string name = output_name(stage.to, {input.dir, stem_of_path(input.path), "", 1, 1});
      const auto [known, is_new] = from.emplace(name, &input.path);
      if (!is_new && *known->second != input.path)
        return error("output.duplicate", fmt::format("{} and {} would both become {}", *known->second, input.path, name),
                     "give `to` a {dir} or {id}, or run them into two folders");
      const std::string full = settings.output + "/" + name;
      if (const auto id = identify(full); id && inputs.contains(*id))
        return error("output.is-an-input", fmt::format("{} would overwrite the input {}", full, *inputs.at(*id)),
                     "choose another folder with -o");
    }
  return std::nullopt;
}

bool read_time(const std::string &text, std::chrono::milliseconds &into) {
  if (text.empty()) return true;
  const auto found = duration_in_ms(text);
  if (found) into = std::chrono::milliseconds(*found);
  return found.has_value();
}

}  // namespace

exit_code refuse(program &p, const std::vector<diagnostic> &why) {
  p.show(why);
  const exit_code meaning = exit_code_of_input(why);
  return meaning == exit_code::some_failed ? exit_code::usage : meaning;
}

bool prepare_batch(program &p, const run_options &options, prepared_batch &into) {
  const auto give_up = [&](exit_code outcome) {
    into.outcome = outcome;
    return false;
  };
  const plugin_catalog &plugins = p.plugins(options.pipeline);
  into.loaded = load_pipeline(options.pipeline, plugins, options.overrides);
  p.show(into.loaded.diagnostics, into.loaded.sources);
  if (!into.loaded.value) return give_up(exit_code_of_pipeline(into.loaded.diagnostics));
  pipeline &whole = *into.loaded.value;
  for (pipeline_stage &stage : whole.stages) {
    if (stage.description.role != stage_role::export_) continue;
    if (stage.to.empty()) stage.to = default_output_name(stage.description);
    if (options.bag) stage.to = "data/" + stage.to; // the payload of a bag
  }

  batch_settings &settings = into.settings;
  settings.whole = &whole;
  settings.catalog = &plugins;
  settings.output = options.output.empty() ? whole.output_folder : options.output;
  while (settings.output.size() > 1 && settings.output.back() == '/') settings.output.pop_back();
  settings.state_folder = options.state;
  settings.cache_folder = options.no_cache ? "" : default_cache_folder().string();
  if (!settings.cache_folder.empty()) settings.cache_folder += "/documents";
  settings.host = std::string(version_text());
  settings.program = own_program().string();
  settings.command = p.command();
  settings.most_documents = options.limit;
  settings.only = options.only;
  settings.is_forced = options.force || options.found;  // what is up to date is not looked into
  settings.is_pruning = options.prune;
  settings.is_durable = !options.no_fsync;
  settings.has_fresh_workers = options.fresh_workers;
  settings.has_jail = !options.no_sandbox;
  settings.needs_whole_jail = options.require_sandbox;
  settings.is_in_process = options.in_process;
  settings.wants_found = options.found;
  settings.newest_landlock = options.landlock_abi;
  settings.is_stopped = [] { return signal_that_came() != 0; };
  settings.is_hurried = [] { return signals_that_came() > 1; };
  if (!read_time(options.wait, settings.patience))
    return give_up(refuse(p, {error("run.bad-time", fmt::format("--wait: \"{}\" is no time", options.wait), "a number and ms, s, min or h")}));

  if (!options.files.empty()) {
    settings.is_all = false;
    std::set<std::string> seen;
    for (const std::string &file : options.files)
      if (seen.insert(file).second) settings.inputs.push_back({file, ""});
  } else {
    settings.inputs = expand_patterns(whole.inputs);
  }
  if (settings.inputs.empty()) {
    const bool has_patterns = !whole.inputs.empty();
    return give_up(refuse(p, {error("input.no-match",
                                    has_patterns ? "no file matches [input] of " + whole.path : "there is nothing to read",
                                    fmt::format("name the files: calque run {} FILE…", options.pipeline))}));
  }
  if (settings.output.empty())
    return give_up(refuse(p, {error("run.no-folder", "there is no folder for the outputs", "name one with -o FOLDER, or in [output]")}));
  if (const auto wrong = check_names(settings)) return give_up(refuse(p, {*wrong}));
  if (!options.most_failures.empty()) {
    const std::uint64_t number = std::stoull(options.most_failures);
    // Of a small run a part of an input is one.
    settings.most_failures = options.most_failures.ends_with('%') ? (number * settings.inputs.size() + 99) / 100 : number;
  }
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  settings.workers = static_cast<unsigned>(
      std::min<std::size_t>(options.workers > 0 ? options.workers : processors, settings.inputs.size()));
  return true;
}

}  // namespace calque::host
