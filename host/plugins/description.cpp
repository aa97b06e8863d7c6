// SPDX-License-Identifier: Apache-2.0
// Copies a plugin's tables, and shows them to people.
#include "host/plugins/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

#include "host/document/ledger.hpp"

namespace calque::host {
namespace {

constexpr std::string_view role_names[] = {"import", "normalize", "annotate", "export"};

std::string copy(const char *text) {
  return text == nullptr ? std::string() : std::string(text);
}

std::vector<std::string> copy_list(const char *const *list) {
  std::vector<std::string> copied;
  for (; list != nullptr && *list != nullptr; ++list) copied.emplace_back(*list);
  return copied;
}

template <class T>
const T &entry(const T *first, uint32_t stride, uint32_t k) {
  return *reinterpret_cast<const T *>(reinterpret_cast<const std::byte *>(first) + size_t{stride} * k);
}

std::string type_of(const option_description &option) {
  static constexpr std::string_view names[] = {"true or false", "integer", "number", "text",
                                               "choice",        "path",    "size",   "duration"};
  std::string type(names[std::min<size_t>(option.type, std::size(names) - 1)]);
  if (option.type == CALQUE_ENUM) {
    type.clear();
    for (const std::string &choice : option.choices) type += (type.empty() ? "`\"" : ", `\"") + choice + "\"`";
  }
  return (option.flags & CALQUE_LIST) != 0 ? "list of: " + type : type;
}

std::string range_of(const option_description &option) {
  if (option.min > option.max) return {};
  if (std::isinf(option.max)) return std::isinf(option.min) ? std::string() : fmt::format(", {:g} or more", option.min);
  if (std::isinf(option.min)) return fmt::format(", {:g} or less", option.max);
  return fmt::format(", {:g} to {:g}", option.min, option.max);
}

std::string default_of(const option_description &option) {
  if ((option.flags & CALQUE_REQUIRED) != 0) return "must be given";
  return option.default_value ? "`" + *option.default_value + "`" : "none";
}

/// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

void add_list(std::string &page, std::string_view title, const std::vector<std::string> &names) {
  if (names.empty()) return;
  page += fmt::format("- {}:", title);
  for (const std::string &name : names) page += fmt::format("{} `{}`", &name == &names.front() ? "" : ",", name);
  page += "\n";
}

}  // namespace

std::string_view role_name(stage_role role) {
  return role_names[static_cast<size_t>(role)];
}

std::optional<stage_role> role_of(std::string_view name) {
  const auto found = std::find(std::begin(role_names), std::end(role_names), name);
  if (found == std::end(role_names)) return std::nullopt;
  return static_cast<stage_role>(found - std::begin(role_names));
}

std::string_view plain_id(std::string_view id) {
  constexpr std::string_view implied = "calque.";
  return id.starts_with(implied) ? id.substr(implied.size()) : id;
}

stage_description describe(const calque_stage &stage) {
  stage_description d;
  d.role = stage.importer != nullptr     ? stage_role::import
           : stage.normalizer != nullptr ? stage_role::normalize
           : stage.annotator != nullptr  ? stage_role::annotate
                                         : stage_role::export_;
  d.id = copy(stage.id);
  d.version = copy(stage.version);
  d.summary = copy(stage.summary);
  for (uint32_t k = 0; k < stage.option_count; ++k) {
    const calque_option &o = entry(stage.options, stage.option_stride, k);
    option_description option{copy(o.name), copy(o.summary), {}, copy_list(o.choices), o.min, o.max, o.type, o.flags};
    if (o.default_value != nullptr) option.default_value = o.default_value;
    d.options.push_back(std::move(option));
  }
  for (uint32_t k = 0; k < stage.code_count; ++k) {
    const calque_code &c = entry(stage.codes, stage.code_stride, k);
    d.codes.push_back({copy(c.code), copy(c.help), c.thing, c.effect, c.severity});
  }
  d.accepts = copy_list(stage.accepts);
  d.required_layers = copy_list(stage.required_layers);
  d.used_layers = copy_list(stage.used_layers);
  d.written_layers = copy_list(stage.written_layers);
  d.needs = copy_list(stage.needs);
  d.flags = stage.flags;
  return d;
}

plugin_description describe(const calque_plugin &plugin) {
  plugin_description d;
  d.name = copy(plugin.name);
  d.version = copy(plugin.version);
  d.license = copy(plugin.license);
  d.url = copy(plugin.url);
  d.built_with = copy(plugin.built_with);
  d.abi_major = plugin.abi_major;
  d.abi_minor = plugin.abi_minor;
  for (uint32_t k = 0; k < plugin.stage_count; ++k) {
    d.stages.push_back(describe(*plugin.stages[k]));
    d.stages.back().plugin = d.name;
  }
  return d;
}

void set_file(plugin_description &plugin, std::string path, std::string digest) {
  for (stage_description &stage : plugin.stages) {
    stage.path = path;
    stage.digest = digest;
  }
  plugin.path = std::move(path);
  plugin.digest = std::move(digest);
}

std::string to_markdown(const stage_description &stage) {
  std::string page = fmt::format("# {} = \"{}\"\n\n{} ({} {}, plugin {})\n", role_name(stage.role), plain_id(stage.id),
                                 stage.summary, stage.id, stage.version, stage.plugin);
  std::string facts;
  add_list(facts, stage.role == stage_role::export_ ? "makes" : "reads", stage.accepts);
  add_list(facts, "requires layers", stage.required_layers);
  add_list(facts, "uses layers", stage.used_layers);
  add_list(facts, "writes layers", stage.written_layers);
  add_list(facts, "needs", stage.needs);
  if ((stage.flags & CALQUE_TILED) != 0) facts += "- accounts for every byte of its input\n";
  if ((stage.flags & CALQUE_VOLATILE) != 0) facts += "- its result depends on more than its input and options\n";
  if (!facts.empty()) page += "\n" + facts;

  page += "\n## Options\n\n";
  if (stage.options.empty()) page += "None.\n";
  if (!stage.options.empty()) page += "| option | value | default | what it does |\n|---|---|---|---|\n";
  for (const option_description &option : stage.options)
    page += fmt::format("| `{}` | {}{} | {} | {}{} |\n", option.name, cell(type_of(option)), range_of(option),
                        cell(default_of(option)), (option.flags & CALQUE_DEPRECATED) != 0 ? "deprecated: " : "",
                        cell(option.summary));

  page += "\n## Codes\n\n";
  if (stage.codes.empty()) page += "None.\n";
  if (!stage.codes.empty()) page += "| code | of | effect | meaning |\n|---|---|---|---|\n";
  for (const code_description &code : stage.codes)
    page += fmt::format("| `{}` | {} | {} | {} |\n", code.code, thing_name(code.thing), effect_name(code.effect),
                        cell(code.help));
  return page;
}

}  // namespace calque::host
