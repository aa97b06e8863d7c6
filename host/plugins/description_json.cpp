// SPDX-License-Identifier: Apache-2.0
// Descriptions as JSON: what the child process says, what the cache keeps, what golden files hold.
#include "host/plugins/description.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace calque::host {
namespace {

// Members in the order in which they are written, whatever they are called.
using json = nlohmann::ordered_json;

json to_value(const option_description &option) {
  json value{{"name", option.name}, {"summary", option.summary}, {"type", option.type}, {"flags", option.flags}};
  if (option.default_value) value["default"] = *option.default_value;
  if (!option.choices.empty()) value["choices"] = option.choices;
  if (option.min <= option.max) {  // a bound that is not there is not written: JSON has no infinity
    value["bounded"] = true;
    if (!std::isinf(option.min)) value["min"] = option.min;
    if (!std::isinf(option.max)) value["max"] = option.max;
  }
  return value;
}

json to_value(const stage_description &stage) {
  json value{{"role", role_name(stage.role)}, {"id", stage.id}, {"version", stage.version}, {"summary", stage.summary}};
  value["options"] = json::array();
  for (const option_description &option : stage.options) value["options"].push_back(to_value(option));
  value["codes"] = json::array();
  for (const code_description &code : stage.codes)
    value["codes"].push_back({{"code", code.code},
                              {"help", code.help},
                              {"thing", code.thing},
                              {"effect", code.effect},
                              {"severity", code.severity}});
  value["accepts"] = stage.accepts;
  value["required_layers"] = stage.required_layers;
  value["used_layers"] = stage.used_layers;
  value["written_layers"] = stage.written_layers;
  value["needs"] = stage.needs;
  value["flags"] = stage.flags;
  return value;
}

json to_value(const plugin_description &plugin) {
  json value{{"plugin", plugin.name},           {"version", plugin.version},
             {"license", plugin.license},       {"url", plugin.url},
             {"built_with", plugin.built_with}, {"abi_major", plugin.abi_major},
             {"abi_minor", plugin.abi_minor},   {"stages", json::array()}};
  for (const stage_description &stage : plugin.stages) value["stages"].push_back(to_value(stage));
  return value;
}

// Reading: the exceptions of json say that something is missing; parse_report catches them.
option_description read_option(const json &value) {
  option_description option;
  option.name = value.at("name");
  option.summary = value.at("summary");
  option.type = value.at("type");
  option.flags = value.at("flags");
  if (value.contains("default")) option.default_value = value.at("default").get<std::string>();
  if (value.contains("choices")) option.choices = value.at("choices").get<std::vector<std::string>>();
  if (value.contains("bounded")) {
    option.min = value.value("min", -HUGE_VAL);
    option.max = value.value("max", HUGE_VAL);
  }
  return option;
}

stage_description read_stage(const json &value) {
  stage_description stage;
  const auto role = role_of(value.at("role").get<std::string>());
  if (!role) throw std::invalid_argument("a role that there is not");
  stage.role = *role;
  stage.id = value.at("id");
  stage.version = value.at("version");
  stage.summary = value.at("summary");
  for (const json &option : value.at("options")) stage.options.push_back(read_option(option));
  for (const json &code : value.at("codes"))
    stage.codes.push_back({code.at("code"), code.at("help"), code.at("thing"), code.at("effect"), code.at("severity")});
  const auto read_list = [&](const char *key) { return value.at(key).get<std::vector<std::string>>(); };
  stage.accepts = read_list("accepts");
  stage.required_layers = read_list("required_layers");
  stage.used_layers = read_list("used_layers");
  stage.written_layers = read_list("written_layers");
  stage.needs = read_list("needs");
  stage.flags = value.at("flags");
  return stage;
}

plugin_description read_plugin(const json &value) {
  plugin_description plugin;
  plugin.name = value.at("plugin");
  plugin.version = value.at("version");
  plugin.license = value.at("license");
  plugin.url = value.at("url");
  plugin.built_with = value.at("built_with");
  plugin.abi_major = value.at("abi_major");
  plugin.abi_minor = value.at("abi_minor");
  for (const json &stage : value.at("stages")) {
    plugin.stages.push_back(read_stage(stage));
    plugin.stages.back().plugin = plugin.name;
  }
  return plugin;
}

}  // namespace

std::string to_json(const plugin_description &plugin) {
  json value = to_value(plugin);
  value.erase("built_with");
  return value.dump(2) + "\n";
}

std::string to_report(const result<plugin_description> &described) {
  json report;
  if (described) {
    report["description"] = to_value(*described);
  } else {
    report["errors"] = json::array();
    for (const diagnostic &one : described.errors())
      report["errors"].push_back({{"code", one.code}, {"message", one.message}, {"hint", one.hint}});
  }
  // Messages may quote what a broken plugin says, in any bytes.
  return report.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<result<plugin_description>> parse_report(std::string_view text) {
  try {
    const json report = json::parse(text);
    if (report.contains("description")) return read_plugin(report["description"]);
    std::vector<diagnostic> errors;
    for (const json &one : report.at("errors")) errors.push_back(error(one.at("code"), one.at("message"), one.at("hint")));
    if (errors.empty()) return std::nullopt;
    return result<plugin_description>(std::move(errors));
  } catch (const std::exception &) {
    return std::nullopt;
  }
}

}  // namespace calque::host
