// SPDX-License-Identifier: Apache-2.0
// `calque convert`: one file without a pipeline file. The pipeline is written here, then loaded like any other. What
// comes in or goes out may also be a document as it is (.cqdoc, .cqdump): then there is nothing to import or to export.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "host/cli/kept_document.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/signals.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/publish.hpp"

namespace calque::host {
namespace {

/// What stands between import and export, by importer. Elsewhere nothing does: a conversion keeps the text as it is.
/// Stages that are not installed are left out.
struct default_chain {
  std::string_view importer;
  std::vector<std::pair<stage_role, std::string_view>> stages;
};
const default_chain default_chains[] = {
    {"calque.record",
     {{stage_role::normalize, "calque.unicode"},
      {stage_role::normalize, "calque.whitespace"},
      {stage_role::normalize, "calque.page_joins"},
      {stage_role::normalize, "calque.speeches"},
      {stage_role::annotate, "calque.editorial"},
      {stage_role::annotate, "calque.cast"},
      {stage_role::annotate, "calque.dates"},
      {stage_role::annotate, "calque.language"},
      {stage_role::annotate, "calque.segments"}}},
};

bool makes_suffix(const stage_description &exporter, std::string_view suffix) {
  return std::any_of(exporter.accepts.begin(), exporter.accepts.end(),
                     [&](const std::string &made) { return made.starts_with("*.") && made.substr(1) == suffix; });
}

/// The exporter for a suffix: the one that names it first in its own list, else by id.
const stage_description *find_exporter(const plugin_catalog &plugins, std::string_view suffix) {
  const stage_description *found = nullptr;
  for (const stage_description &stage : plugins.stages()) {
    if (stage.role != stage_role::export_ || !makes_suffix(stage, suffix)) continue;
    if (suffix_of(stage) == suffix) return &stage;
    if (found == nullptr) found = &stage;
  }
  return found;
}

std::string list_of(const plugin_catalog &plugins, stage_role role) {
  std::string out;
  for (const stage_description &stage : plugins.stages()) {
    if (stage.role != role) continue;
    out += fmt::format("{}{}", out.empty() ? "" : ", ", plain_id(stage.id));
    if (role == stage_role::export_) out += fmt::format(" ({})", suffix_of(stage));
  }
  return out;
}

diagnostic unknown_stage(const plugin_catalog &plugins, stage_role role, std::string_view id) {
  return error("convert.unknown-format", fmt::format("there is no {} \"{}\"", role == stage_role::import ? "importer" : "exporter", id),
               "there are: " + list_of(plugins, role));
}

/// Either may be null: the document is there already, or is itself what is wanted.
std::string pipeline_text(const plugin_catalog &plugins, const stage_description *importer, const stage_description *exporter) {
  // Ids are checked to be plain names when a plugin is loaded, so they need no escapes. One id may stand in two roles.
  std::string text = "[pipeline]\nname = \"convert\"\n[loss]\ndefault = \"warn\"\n";
  if (importer != nullptr) {
    text += fmt::format("[[stage]]\nimport = \"{}\"\nid = \"importer\"\n", importer->id);
    for (const default_chain &chain : default_chains)
      if (chain.importer == importer->id)
        for (const auto &[role, id] : chain.stages)
          if (plugins.find(role, id) != nullptr) text += fmt::format("[[stage]]\n{} = \"{}\"\n", role_name(role), id);
  }
  if (exporter != nullptr)
    text += fmt::format("[[stage]]\nexport = \"{}\"\nid = \"exporter\"\nto = \"{{stem}}\"\n", exporter->id);
  return text;
}

/// Each part as a file that is named like an exporter's.
std::vector<made_file> kept_files(const std::vector<part_outcome> &parts, kept_form form, const std::string &stem) {
  std::vector<made_file> files;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    made_file one;
    one.path = parts.size() > 1 ? fmt::format("{}-{}", stem, k + 1) : stem;
    one.bytes = keep(*parts[k].final, form);
    one.part = static_cast<unsigned>(k + 1);
    one.primary = true;
    files.push_back(std::move(one));
  }
  return files;
}

}  // namespace

exit_code convert(program &p, const convert_options &options) {
  const plugin_catalog &plugins = p.plugins();
  const auto refuse = [&](const diagnostic &d, exit_code outcome) {
    p.show(d);
    return outcome;
  };
  const bool to_stdout = options.output.empty() || options.output == "-";
  const std::string out_name = to_stdout ? std::string() : options.output.substr(options.output.rfind('/') + 1);
  const std::string out_stem = stem_of(out_name), suffix = out_name.substr(out_stem.size());
  if (!to_stdout && out_name.empty())
    return refuse(error("output.bad-name", fmt::format("{} names a folder", options.output), "name the file to make in it"), exit_code::usage);

  const kept_form to_keep = kept_form_of(options.to.empty() ? std::string_view(suffix) : std::string_view(options.to));
  const stage_description *exporter = nullptr;
  if (to_keep == kept_form::none)
    exporter = !options.to.empty() ? plugins.find(stage_role::export_, options.to)
               : to_stdout         ? plugins.find(stage_role::export_, "text")
                                   : find_exporter(plugins, suffix);
  if (exporter == nullptr && to_keep == kept_form::none) {
    if (!options.to.empty() || to_stdout)
      return refuse(unknown_stage(plugins, stage_role::export_, options.to.empty() ? "text" : options.to),
                    options.to.empty() ? exit_code::plugin_missing : exit_code::usage);
    return refuse(error("convert.unknown-format",
                        suffix.empty() ? fmt::format("the name {} has no extension to tell the format by", out_name)
                                       : fmt::format("nothing here makes *{} files", suffix),
                        "name an exporter with --to; there are: " + list_of(plugins, stage_role::export_)),
                  exit_code::usage);
  }

  const limits bounds;
  auto input = options.input == "-" ? read_standard_input(bounds.max_input) : open_input(options.input, bounds.max_input);
  if (!input.has_value()) return refuse(input.error(), exit_code_of_input(input.errors()));

  const stage_description *importer = nullptr;
  std::optional<document> start;
  if (options.from.empty() && kept_form_within(input.value().bytes) != kept_form::none) {
    auto read = read_kept(input.value().bytes);
    if (!read.has_value()) {
      diagnostic d = read.error();
      d.document = input.value().path;
      return refuse(d, exit_code::some_failed);
    }
    start = std::move(read).value();
  } else if (!options.from.empty()) {
    importer = plugins.find(stage_role::import, options.from);
    if (importer == nullptr) return refuse(unknown_stage(plugins, stage_role::import, options.from), exit_code::usage);
  } else {
    auto chosen = choose_importer(plugins, input.value(), bounds);
    if (!chosen.has_value()) return refuse(chosen.error(), exit_code::some_failed);
    importer = chosen.value();
  }
  p.detail(fmt::format("importer {}, exporter {}", importer != nullptr ? importer->id : "none: a document",
                       exporter != nullptr ? exporter->id : "none: the document"));

  const std::string stem = to_stdout ? "out" : out_stem;
  run_outcome done;
  source_texts sources;
  if (importer == nullptr && exporter == nullptr) {
    done.parts.push_back({run_status::ok, std::move(start), {}});
  } else {
    loaded_pipeline loaded = load_pipeline_text("calque convert", pipeline_text(plugins, importer, exporter), plugins);
    std::erase_if(loaded.diagnostics, [](const diagnostic &d) { return d.code == "pipeline.no-export"; });
    ready_pipeline ready;
    if (!make_ready(p, plugins, std::move(loaded), ready)) return ready.outcome;
    run_request request;
    request.wants_documents = to_keep != kept_form::none;
    // `to` is the stem alone, because the output's name may hold braces; the suffix comes after the part's number.
    done = start ? ready.runner->run_from(std::move(*start), 0, {"", stem}, {}, request)
                 : ready.runner->run(input.value(), {"", stem}, {}, request);
    // The places of a document that was kept are those of sources that are not here.
    if (importer != nullptr) place_in_input(done.diagnostics, input.value(), sources);
  }
  p.show(done.diagnostics, sources);
  if (const int signal = signal_that_came(); signal != 0)
    return signal == 2 ? exit_code::interrupted : exit_code::terminated;
  if (!is_done(done.status)) {
    p.say(fmt::format("{}: {}; nothing was written", input.value().path, name_of(done.status)));
    return exit_code::some_failed;
  }

  if (to_keep != kept_form::none) done.files = kept_files(done.parts, to_keep, stem);
  if (to_stdout) {
    for (const made_file &file : done.files)
      if (file.primary)
        p.data(file.bytes);
      else
        p.say(fmt::format("not written, because it is not the main file: {}", file.path));
    return exit_code::ok;
  }
  const std::size_t slash = options.output.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : options.output.substr(0, slash);
  std::vector<file_to_publish> files;
  for (made_file &file : done.files) {
    if (file.primary) file.path += suffix;
    files.push_back({file.path, file.bytes});
    struct stat in {}, out {};
    const std::string path = folder + "/" + file.path;
    if (stat(options.input.c_str(), &in) == 0 && stat(path.c_str(), &out) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
      return refuse(error("output.is-an-input", fmt::format("{} is the input itself", path), "choose another name for the output"),
                    exit_code::cannot_create);
  }
  if (auto published = publish(folder, files); !published.has_value())
    return refuse(published.error(), exit_code_of_input(published.errors()));
  if (done.parts.size() > 1)
    for (const file_to_publish &file : files) p.say(fmt::format("{}/{}", folder, file.path));
  return exit_code::ok;
}

}  // namespace calque::host
