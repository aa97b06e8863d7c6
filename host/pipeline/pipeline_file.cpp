// SPDX-License-Identifier: Apache-2.0
// Reads a pipeline file section by section; an error in one does not keep the others from being read.
#include "host/pipeline/pipeline_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "host/pipeline/compose.hpp"
#include "host/pipeline/option_reader.hpp"
#include "host/pipeline/pipeline_sections.hpp"
#include "host/plugins/plugin_catalog.hpp"

namespace calque::host {
namespace {

bool is_kebab(std::string_view name) {
  const bool ok = std::all_of(name.begin(), name.end(),
                              [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  return ok && !name.empty() && name.front() != '-' && name.back() != '-';
}

void read_head(table_reader &file, pipeline &whole, problems &out) {
  file.require("pipeline", "begin with [pipeline] and name = \"…\"");
  const config_entry *head = file.find_table("pipeline");
  if (!head) return;
  table_reader reader(head->value, "[pipeline]", out);
  reader.require("name", "a short name, e.g. name = \"minutes-to-tei\"");
  if (const config_entry *name = reader.find("name", config_type::text)) {
    whole.name = name->value.text;
    if (!is_kebab(whole.name))
      out.error("pipeline.bad-name", name->value.where, fmt::format("`{}` is no name for a pipeline", whole.name),
                "small letters, digits and -, e.g. \"minutes-to-tei\"");
  }
  whole.summary = reader.text("summary").value_or("");
  reader.finish();
}

void read_input(table_reader &file, pipeline &whole, problems &out) {
  const config_entry *input = file.find_table("input");
  if (!input) return;
  table_reader reader(input->value, "[input]", out);
  for (const config_value *name : reader.texts("files")) {
    std::string path = absolute_path(name->text, name->where);
    std::error_code failed;
    if (name->text.find_first_of("*?") == std::string::npos && !std::filesystem::exists(path, failed))
      out.error("pipeline.missing-file", name->where, fmt::format("`{}` does not exist", name->text),
                "relative names start at the folder of the file that says them");
    whole.inputs.push_back(std::move(path));
  }
  reader.finish();
}

void read_output(table_reader &file, pipeline &whole, problems &out) {
  const config_entry *output = file.find_table("output");
  if (!output) return;
  table_reader reader(output->value, "[output]", out);
  if (const config_entry *folder = reader.find("folder", config_type::text)) {
    whole.output_folder = absolute_path(folder->value.text, folder->value.where);
    std::error_code failed;
    if (folder->value.text.empty())
      out.error("pipeline.bad-output-name", folder->value.where, "the output folder has no name",
                "e.g. folder = \"editions\"");
    else if (std::filesystem::exists(whole.output_folder, failed) &&
             !std::filesystem::is_directory(whole.output_folder, failed))
      out.error("pipeline.bad-output-name", folder->value.where, fmt::format("`{}` is a file", folder->value.text),
                "name a folder");
  }
  reader.finish();
}

void read_loss(table_reader &file, pipeline &whole, const pipeline_context &context) {
  const config_entry *loss = file.find_table("loss");
  if (!loss) return;
  table_reader reader(loss->value, "[loss]", context.out);
  for (const config_value *code : reader.texts("allow")) {
    check_code_pattern(code->text, code->where, context);
    whole.loss.allow.push_back(code->text);
  }
  if (const auto otherwise = reader.choice("default", {"fail", "warn"})) whole.loss.warn_only = *otherwise == "warn";
  reader.finish();
}

void read_severities(table_reader &file, pipeline &whole, const pipeline_context &context) {
  const config_entry *rules = file.find_table("diagnostics");
  if (!rules) return;
  table_reader reader(rules->value, "[diagnostics]", context.out);
  for (const config_entry &rule : rules->value.entries) {
    check_code_pattern(rule.key, rule.where, context);
    const auto level = reader.choice(rule.key, {"error", "warning", "info", "off"});
    if (!level) continue;
    severity_rule made{rule.key, std::nullopt};
    if (*level == "error") made.level = severity::error;
    if (*level == "warning") made.level = severity::warning;
    if (*level == "info") made.level = severity::info;
    whole.severities.push_back(std::move(made));
  }
}

loaded_pipeline load(const std::string &path, std::optional<std::string> text, const plugin_catalog &catalog,
                     std::span<const std::string> overrides) {
  loaded_pipeline loaded;
  problems out;
  const std::optional<config_value> root = compose_config(path, std::move(text), overrides, loaded.sources, out);
  if (root) {
    const pipeline_context context{catalog, loaded.sources, out};
    pipeline whole;
    whole.path = path;
    whole.folder = folder_of(path);
    table_reader file(*root, "the file", out);
    read_head(file, whole, out);
    read_input(file, whole, out);
    std::vector<std::string> names;
    whole.stages = read_stages(*root, names, context);
    read_output(file, whole, out);
    read_loss(file, whole, context);
    read_severities(file, whole, context);
    read_limits(file, whole, out);
    read_budget(file, whole, out);
    read_cache(file, whole, out);
    whole.tests = read_tests(*root, whole, names, context);
    for (const std::string_view key : {"stage", "test", "include"}) file.find(key);
    file.finish();
    // With a stage missing, what the others lack says nothing.
    if (whole.stages.size() == names.size()) check_stages(whole, context);
    if (!out.has_errors()) loaded.value = std::move(whole);
  }
  loaded.diagnostics = out.take_sorted();
  return loaded;
}

}  // namespace

loaded_pipeline load_pipeline(const std::string &path, const plugin_catalog &catalog,
                              std::span<const std::string> overrides) {
  return load(path, std::nullopt, catalog, overrides);
}

loaded_pipeline load_pipeline_text(const std::string &path, std::string text, const plugin_catalog &catalog,
                                   std::span<const std::string> overrides) {
  return load(path, std::move(text), catalog, overrides);
}

}  // namespace calque::host
