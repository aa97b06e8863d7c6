// SPDX-License-Identifier: Apache-2.0
// `calque plugins`: what is installed, what one stage does, and what cannot be loaded and why.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "host/cli/program.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/suggest.hpp"
#include "host/plugins/describe.hpp"

namespace calque::host {
namespace {

constexpr stage_role roles[] = {stage_role::import, stage_role::normalize, stage_role::annotate, stage_role::export_};

void list_for_people(program &p, const plugin_catalog &plugins) {
  std::size_t widest = 0;
  for (const stage_description &stage : plugins.stages()) widest = std::max(widest, plain_id(stage.id).size());
  for (const stage_role role : roles) {
    p.data(fmt::format("{}\n", role_name(role)));
    for (const stage_description &stage : plugins.stages())
      if (stage.role == role)
        p.data(fmt::format("  {:<{}}  {}  {}\n", plain_id(stage.id), widest, stage.version, stage.summary));
  }
  for (const broken_plugin &broken : plugins.broken()) {
    p.data(fmt::format("cannot be loaded: {}\n", broken.path));
    for (const diagnostic &reason : broken.reasons)
      p.data(fmt::format("  {}: {}{}{}\n", reason.code, reason.message, reason.hint.empty() ? "" : "; ", reason.hint));
  }
  for (const shadowed_stage &pair : plugins.shadowed())
    p.data(fmt::format("not used: {} {} of {}; {} comes first\n", role_name(pair.unused.role), pair.unused.id, pair.unused.path, pair.used.path));
  if (plugins.stages().empty())
    for (const auto &folder : plugins.folders()) p.say(fmt::format("no plugin in {}", folder.string()));
}

void list_as_json(program &p, const plugin_catalog &plugins) {
  nlohmann::ordered_json all;
  all["schema"] = "calque.plugins/1";
  all["plugins"] = nlohmann::ordered_json::array();
  for (const plugin_description &plugin : plugins.plugins()) {
    nlohmann::ordered_json one = nlohmann::ordered_json::parse(to_json(plugin));
    one["path"] = plugin.path;
    all["plugins"].push_back(std::move(one));
  }
  all["broken"] = nlohmann::ordered_json::array();
  for (const broken_plugin &broken : plugins.broken()) {
    nlohmann::ordered_json reasons = nlohmann::ordered_json::array();
    for (const diagnostic &reason : broken.reasons)
      reasons.push_back({{"code", reason.code}, {"message", reason.message}, {"hint", reason.hint}});
    all["broken"].push_back({{"path", broken.path}, {"reasons", reasons}});
  }
  p.data(all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

/// "tei" in any role, or "import/tei" in one.
std::vector<const stage_description *> find_stages(const plugin_catalog &plugins, const std::string &wanted) {
  const std::size_t slash = wanted.find('/');
  const auto role = slash == std::string::npos ? std::nullopt : role_of(wanted.substr(0, slash));
  const std::string id = role ? wanted.substr(slash + 1) : wanted;
  std::vector<const stage_description *> found;
  for (const stage_role each : roles)
    if (!role || *role == each)
      if (const stage_description *stage = plugins.find(each, id)) found.push_back(stage);
  return found;
}

exit_code show(program &p, const plugins_options &options) {
  const plugin_catalog &plugins = p.plugins();
  const auto found = find_stages(plugins, options.id);
  if (found.empty()) {
    std::vector<std::string> names;
    for (const stage_description &stage : plugins.stages()) names.emplace_back(plain_id(stage.id));
    const std::string nearest = suggest(options.id, names);
    p.show(error("plugins.unknown", fmt::format("no plugin has a stage \"{}\"", options.id),
                 nearest.empty() ? "`calque plugins list` shows all" : fmt::format("did you mean {}?", nearest)));
    return exit_code::plugin_missing;
  }
  if (options.format == "json") {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const plugin_description &plugin : plugins.plugins()) {
      const auto whole = nlohmann::ordered_json::parse(to_json(plugin));
      for (std::size_t k = 0; k < plugin.stages.size(); ++k)
        for (const stage_description *stage : found)
          if (*stage == plugin.stages[k]) all.push_back(whole.at("stages").at(k));
    }
    p.data(all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return exit_code::ok;
  }
  for (const stage_description *stage : found) {
    p.data(to_markdown(*stage));
    p.data(fmt::format("\nPlugin {}, {}\n", stage->plugin, stage->path));
  }
  return exit_code::ok;
}

}  // namespace

exit_code plugins(program &p, const plugins_options &options) {
  if (options.show) return show(p, options);
  if (options.format == "json")
    list_as_json(p, p.plugins());
  else
    list_for_people(p, p.plugins());
  return exit_code::ok;
}

exit_code describe(program &p, const std::string &plugin_file) {
  std::ostringstream said;
  const int outcome = describe_plugin(plugin_file, said);
  p.data(said.str());
  return outcome == 0 ? exit_code::ok : exit_code::io_error;
}

}  // namespace calque::host
