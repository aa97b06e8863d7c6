// SPDX-License-Identifier: Apache-2.0
// What must hold between the parts of a pipeline: the order of stages, layers, names of outputs, codes.
#include <fmt/format.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "host/pipeline/codes.hpp"
#include "host/pipeline/compose.hpp"
#include "host/pipeline/pipeline_sections.hpp"
#include "host/pipeline/suggest.hpp"

namespace calque::host {
namespace {

bool contains(const std::vector<std::string> &all, const std::string &one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

void check_imports(const pipeline &whole, const pipeline_context &context) {
  const pipeline_stage *first = nullptr;
  for (std::size_t k = 0; k < whole.stages.size(); ++k) {
    const pipeline_stage &stage = whole.stages[k];
    if (stage.description.role != stage_role::import) continue;
    if (first) {
      context.out
          .error("pipeline.two-imports", stage.where, "a second importer",
                 "inputs of other kinds belong to a pipeline of their own")
          .notes.push_back({"the first", first->where});
      continue;
    }
    first = &stage;
    if (k > 0)
      context.out.error("pipeline.import-not-first", stage.where,
                        fmt::format("the importer stands after `{}`", whole.stages[0].name),
                        "the importer is the first stage");
  }
}

// Who would write the layer: a stage further down, or plugins to be had.
void report_unwritten(const pipeline &whole, std::size_t reader, const std::string &layer,
                      const pipeline_context &context) {
  const pipeline_stage &stage = whole.stages[reader];
  diagnostic &error =
      context.out.error("pipeline.layer-not-written", stage.where,
                        fmt::format("`{}` needs the layer {}, which no stage before it writes", stage.name, layer));
  for (std::size_t k = reader + 1; k < whole.stages.size(); ++k) {
    if (!contains(whole.stages[k].description.written_layers, layer)) continue;
    error.notes.push_back({"`" + whole.stages[k].name + "` writes it", whole.stages[k].where});
    error.hint = fmt::format("put `{}` before `{}`", whole.stages[k].name, stage.name);
    return;
  }
  for (const stage_description &one : context.catalog.stages()) {
    if (!contains(one.written_layers, layer)) continue;
    error.hint += error.hint.empty() ? "put this before it: " : " or ";
    error.hint += fmt::format("{} = \"{}\"", role_name(one.role), plain_id(one.id));
  }
  if (error.hint.empty()) error.hint = "no plugin found writes it; `calque plugins list` shows which there are";
}

void check_layers(const pipeline &whole, const pipeline_context &context) {
  for (std::size_t k = 0; k < whole.stages.size(); ++k) {
    const std::vector<std::string> written = layers_written(whole, k, context);
    for (const std::string &layer : whole.stages[k].description.required_layers)
      if (!contains(written, layer)) report_unwritten(whole, k, layer, context);
  }
}

// Names that differ in case only are one name on some systems.
std::string folded_case(const std::string &name) {
  std::string folded;
  icu::UnicodeString::fromUTF8(name).foldCase().toUTF8String(folded);
  return folded;
}

void check_outputs(const pipeline &whole, const pipeline_context &context) {
  std::map<std::string, const pipeline_stage *> makers;
  std::optional<std::size_t> last_export;
  for (std::size_t k = 0; k < whole.stages.size(); ++k) {
    const pipeline_stage &stage = whole.stages[k];
    if (stage.description.role != stage_role::export_) continue;
    last_export = k;
    if (stage.to.empty()) continue;
    const auto [first, is_new] = makers.emplace(folded_case(stage.to), &stage);
    if (!is_new)
      context.out
          .error("pipeline.duplicate-output", stage.where,
                 fmt::format("`{}` and `{}` both write \"{}\"", first->second->name, stage.name, stage.to),
                 "give each a `to` of its own")
          .notes.push_back({"the first", first->second->where});
  }
  // A wrong stage may be the exporter that is missing.
  if (context.out.has_errors()) return;
  if (!last_export) {
    if (!whole.stages.empty())
      context.out.warning("pipeline.no-export", whole.stages.back().where, "no stage exports: a run makes no files",
                          "end with a stage such as export = \"tei\"");
    return;
  }
  for (std::size_t k = *last_export + 1; k < whole.stages.size(); ++k)
    context.out.warning("pipeline.stage-after-export", whole.stages[k].where,
                        fmt::format("what `{}` does is in no output: no exporter follows", whole.stages[k].name),
                        "put it before the exporters");
}

}  // namespace

std::vector<std::string> layers_written(const pipeline &whole, std::size_t end, const pipeline_context &context) {
  std::vector<std::string> written = {"calque.change/1"};
  const auto add = [&](const stage_description &stage) {
    written.insert(written.end(), stage.written_layers.begin(), stage.written_layers.end());
  };
  for (std::size_t k = 0; k < std::min(end, whole.stages.size()); ++k) add(whole.stages[k].description);
  const bool is_probed = std::none_of(whole.stages.begin(), whole.stages.end(), [](const pipeline_stage &stage) {
    return stage.description.role == stage_role::import;
  });
  if (is_probed)
    for (const stage_description &stage : context.catalog.stages())
      if (stage.role == stage_role::import) add(stage);
  std::sort(written.begin(), written.end());
  written.erase(std::unique(written.begin(), written.end()), written.end());
  return written;
}

void check_code_pattern(const std::string &pattern, const place &where, const pipeline_context &context) {
  std::vector<std::string> codes;
  for (const stage_description &stage : context.catalog.stages())
    for (const auto &code : stage.codes) codes.push_back(code.code);
  for (const code_entry &code : host_codes()) codes.emplace_back(code.code);
  if (std::any_of(codes.begin(), codes.end(), [&](const std::string &code) { return matches(pattern, code); })) return;
  // A mistyped glob of a whole family ("markdwon.*") is like no code.
  std::set<std::string> families;
  for (const std::string &code : codes) families.insert(code.substr(0, code.find('.')) + ".*");
  codes.insert(codes.end(), families.begin(), families.end());
  const std::string meant = suggest(pattern, codes);
  context.out.error("pipeline.unknown-code", where, fmt::format("no plugin and no rule has the code `{}`", pattern),
                    meant.empty()
                        ? "`calque plugins show ID` lists those of a plugin, `calque explain --list` the host's"
                        : "did you mean `" + meant + "`?");
}

void check_stages(const pipeline &whole, const pipeline_context &context) {
  check_imports(whole, context);
  check_layers(whole, context);
  check_outputs(whole, context);
}

place part_of(const config_value &text, std::size_t begin, std::size_t size, const source_texts &sources) {
  const source_text *source = sources.find(text.where.file);
  if (!source || text.where.line == 0) return text.where;
  const auto columns = [](std::string_view bytes) {
    return static_cast<std::uint32_t>(
        std::count_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  };
  // The opening quote stands at `column`; the text right after it, unless it is written with escapes.
  std::string_view line = source->line(text.where.line);
  for (std::uint32_t k = 0; k < text.where.column && !line.empty(); ++k) {
    line.remove_prefix(1);
    while (!line.empty() && (line.front() & 0xC0) == 0x80) line.remove_prefix(1);
  }
  if (!line.starts_with(text.text)) return text.where;
  place part = text.where;
  part.column += 1 + columns(std::string_view(text.text).substr(0, begin));
  part.length = std::max(1U, columns(std::string_view(text.text).substr(begin, size)));
  return part;
}

}  // namespace calque::host
