// SPDX-License-Identifier: Apache-2.0
// Reads `[[stage]]` tables and looks their plugins up.
#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "host/pipeline/compose.hpp"
#include "host/pipeline/option_reader.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/pipeline_sections.hpp"

namespace calque::host {
namespace {

bool is_stage_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

// The verb of a stage, which must be there exactly once.
std::optional<std::pair<stage_role, const config_entry *>> read_verb(table_reader &reader,
                                                                     const pipeline_context &context) {
  std::optional<std::pair<stage_role, const config_entry *>> found;
  bool is_text = true;
  for (const stage_role role : stage_roles) {
    const config_entry *entry = reader.find(role_name(role));
    if (!entry) continue;
    if (found) {
      context.out
          .error("pipeline.two-verbs", entry->where,
                 fmt::format("a stage is one thing: `{}` or `{}`", found->second->key, entry->key),
                 "make two [[stage]] tables of it")
          .notes.push_back({"the first", found->second->where});
      continue;
    }
    if (entry->value.type != config_type::text) {
      report_type(entry->value, "`" + entry->key + "`", type_name(config_type::text), context.out);
      is_text = false;
    }
    found = {role, entry};
  }
  if (!found) {
    context.out.error("pipeline.no-verb", reader.table().where, "a stage without a plugin",
                      "say one of import, normalize, annotate, export, e.g. import = \"record\"");
  }
  return is_text ? found : std::nullopt;
}

// The stage that the verb names. `plugin` says which of several that have it, hidden ones among them.
const stage_description *find_plugin(stage_role role, const config_entry &verb, const config_entry *plugin,
                                     const pipeline_context &context) {
  const std::string &id = verb.value.text;
  const stage_description *found = context.catalog.find(role, id);
  if (found && (!plugin || found->plugin == plugin->value.text)) return found;
  if (found) {
    std::vector<std::string> makers = {found->plugin};
    for (const shadowed_stage &other : context.catalog.shadowed()) {
      if (other.used.role != role || other.used.id != found->id) continue;
      if (other.unused.plugin == plugin->value.text) return &other.unused;
      makers.push_back(other.unused.plugin);
    }
    context.out.error("pipeline.unknown-plugin", plugin->value.where,
                      fmt::format("no plugin `{}` has the stage `{}`", plugin->value.text, id),
                      did_you_mean(plugin->value.text, makers, "it is in"));
    return nullptr;
  }
  std::vector<std::string> names;
  for (const stage_description &one : context.catalog.stages())
    if (one.role == role) names.emplace_back(plain_id(one.id));
  std::string hint = did_you_mean(plain_id(id), names, "there are");
  for (const stage_role other : stage_roles)
    if (context.catalog.find(other, id))
      hint = fmt::format("it is {}: {} = \"{}\"", role_noun(other), role_name(other), id);
  const std::string_view noun = role_noun(role);
  diagnostic &error =
      context.out.error("pipeline.unknown-plugin", verb.value.where,
                        fmt::format("there is no {} `{}`", noun.substr(noun.find(' ') + 1), id), std::move(hint));
  for (const std::string &reason : context.catalog.broken_reasons())
    error.notes.push_back({"cannot be loaded: " + reason, {}});
  return nullptr;
}

std::vector<std::string> values_of(const std::vector<const config_value *> &texts) {
  std::vector<std::string> values;
  for (const config_value *text : texts) values.push_back(text->text);
  return values;
}

stage_condition read_condition(const config_value &when, const pipeline_context &context) {
  stage_condition condition;
  table_reader reader(when, "`when`", context.out);
  condition.language = values_of(reader.texts("language"));
  condition.media_type = values_of(reader.texts("media_type"));
  if (const config_entry *fields = reader.find_table("fields")) {
    table_reader keys(fields->value, "`fields`", context.out);
    for (const config_entry &field : fields->value.entries)
      condition.fields.emplace_back(field.key, values_of(keys.texts(field.key)));
  }
  reader.finish();
  return condition;
}

void check_placeholders(const config_value &to, const pipeline_context &context) {
  static const std::vector<std::string> names = {"dir", "stem", "id", "part"};
  const std::string_view text = to.text;
  for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos; at = text.find_first_of("{}", at)) {
    const std::size_t close = text[at] == '{' ? text.find_first_of("{}", at + 1) : std::string_view::npos;
    if (close == std::string_view::npos || text[close] != '}') {
      context.out.error("pipeline.unknown-placeholder", part_of(to, at, 1, context.sources),
                        "a brace without its other one", "placeholders are {dir}, {stem}, {id} and {part}");
      ++at;
      continue;
    }
    const std::string name(text.substr(at + 1, close - at - 1));
    if (std::find(names.begin(), names.end(), name) == names.end())
      context.out.error("pipeline.unknown-placeholder", part_of(to, at, close - at + 1, context.sources),
                        "unknown placeholder {" + name + "}", did_you_mean(name, names, "placeholders are"));
    at = close + 1;
  }
}

// An output stays in its folder on every system: relative, no `..`, no drive, nothing that cannot be typed.
void check_output_name(const config_value &to, const pipeline_context &context) {
  const std::string_view text = to.text;
  std::string_view fault;
  if (text.empty()) fault = "it is empty";
  if (text.starts_with('/')) fault = "it begins with a slash";
  if (text.ends_with('/')) fault = "it ends with a slash";
  if (("/" + std::string(text) + "/").find("/../") != std::string::npos) fault = "it leads out of the folder";
  if (text.find("//") != std::string_view::npos) fault = "it has an empty part";
  if (text.find_first_of("\\:*?\"<>|") != std::string_view::npos)
    fault = "it has a letter that not every system allows in names";
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    fault = "it has a control character";
  if (!fault.empty())
    context.out.error("pipeline.bad-output-name", to.where,
                      fmt::format("\"{}\" is no name for an output: {}", text, fault),
                      "it stands below [output] folder, e.g. to = \"{dir}/{stem}.xml\"");
}

std::optional<pipeline_stage> read_stage(const config_value &table, std::string &name,
                                         const pipeline_context &context) {
  name = stage_name(table);
  if (table.type != config_type::table) {
    report_type(table, "a stage", type_name(config_type::table), context.out);
    return std::nullopt;
  }
  table_reader reader(table, "a stage", context.out);
  pipeline_stage stage;
  stage.name = name;
  const auto verb = read_verb(reader, context);
  if (const config_entry *id = reader.find("id", config_type::text); id && !is_stage_name(id->value.text))
    context.out.error("pipeline.bad-name", id->value.where, fmt::format("`{}` is no name for a stage", id->value.text),
                      "small letters, digits and _ only");
  const config_entry *plugin = reader.find("plugin", config_type::text);
  const config_entry *with = reader.find_table("with");
  const config_entry *to = reader.find("to", config_type::text);
  if (const config_entry *when = reader.find_table("when")) {
    stage.when = read_condition(when->value, context);
    if (verb && verb->first == stage_role::import && !stage.when.empty())
      context.out.error("pipeline.condition-on-import", when->where,
                        "an importer cannot wait for what it has yet to find out",
                        "leave `import` out to have the importer chosen by the input");
  }
  if (const config_entry *budget = reader.find_table("budget"))
    stage.budget = read_stage_budget(budget->value, context.out);
  if (to) {
    stage.to = to->value.text;
    check_placeholders(to->value, context);
    check_output_name(to->value, context);
    if (verb && verb->first != stage_role::export_)
      context.out.error("pipeline.output-without-export", to->where,
                        fmt::format("{} makes no file", role_noun(verb->first)),
                        "`to` belongs to a stage with `export`");
  }
  reader.finish();
  if (!verb) return std::nullopt;
  stage.where = verb->second->value.where;
  const stage_description *found = find_plugin(verb->first, *verb->second, plugin, context);
  if (!found) return std::nullopt;
  stage.description = *found;
  stage.options = read_options(*found, with ? &with->value : nullptr, table, context.out);
  if (verb->first == stage_role::export_ && !to) stage.to = default_output_name(*found);
  return stage;
}

void check_number_of_exporters(const config_value &stages, const pipeline_context &context) {
  std::vector<const config_value *> exporters;
  for (const config_value &stage : stages.items)
    if (stage.find("export")) exporters.push_back(&stage);
  if (exporters.size() < 2) return;
  for (const config_value *stage : exporters)
    if (!stage->find("to"))
      context.out.error("pipeline.output-without-name", stage->find("export")->where,
                        "one of several exporters has no `to`", "name its files, e.g. to = \"{dir}/{stem}.xml\"");
}

}  // namespace

std::vector<pipeline_stage> read_stages(const config_value &root, std::vector<std::string> &names,
                                        const pipeline_context &context) {
  std::vector<pipeline_stage> stages;
  const config_entry *list = root.find("stage");
  if (!list) {
    context.out.error("pipeline.no-stages", root.where, "the pipeline has no stages",
                      "a stage is a table [[stage]] with import, normalize, annotate or export");
    return stages;
  }
  if (list->value.type != config_type::list) {
    report_type(list->value, "`stage`", type_name(config_type::list), context.out);
    return stages;
  }
  std::vector<std::pair<std::string, place>> seen;
  for (const config_value &table : list->value.items) {
    std::string name;
    std::optional<pipeline_stage> stage = read_stage(table, name, context);
    const config_entry *id = table.find("id");
    const place where = id ? id->value.where : stage ? stage->where : table.where;
    const auto first = std::find_if(seen.begin(), seen.end(), [&](const auto &one) { return one.first == name; });
    if (!name.empty() && first != seen.end())
      context.out
          .error("pipeline.duplicate-stage", where, fmt::format("two stages are called `{}`", name),
                 fmt::format("give one a name of its own: id = \"{}_2\"", name))
          .notes.push_back({"the first", first->second});
    seen.emplace_back(name, where);
    names.push_back(std::move(name));
    if (stage) stages.push_back(std::move(*stage));
  }
  if (list->value.items.empty())
    context.out.error("pipeline.no-stages", list->where, "the pipeline has no stages",
                      "a stage is a table [[stage]] with import, normalize, annotate or export");
  check_number_of_exporters(list->value, context);
  return stages;
}

std::string_view role_noun(stage_role role) {
  switch (role) {
    case stage_role::import:
      return "an importer";
    case stage_role::normalize:
      return "a normalizer";
    case stage_role::annotate:
      return "an annotator";
    case stage_role::export_:
      return "an exporter";
  }
  return "a stage";
}

}  // namespace calque::host
