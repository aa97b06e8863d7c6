// SPDX-License-Identifier: Apache-2.0
// One input through a pipeline: import, each stage on each part, the account at the end.
#include "host/pipeline/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <calque/document.hpp>
#include <utility>

#include "host/document/rewriter.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/source_places.hpp"

namespace calque::host {
namespace {

using clock = std::chrono::steady_clock;

/// The verdict that errors mean. What a stage gives the host and the host cannot take is the stage's fault.
run_status status_of(std::span<const diagnostic> errors, bool at_import) {
  for (const diagnostic &d : errors) {
    if (d.level != severity::error) continue;
    if (d.code == "document.limit") return run_status::limit;
    if (d.code == "plugin.misuse" || d.code.starts_with("ledger.") || d.code.starts_with("document."))
      return run_status::invalid_output;
    if (d.code == "run.stopped") return run_status::stopped;
    return at_import && !d.code.starts_with("plugin.") ? run_status::rejected : run_status::failed;
  }
  return run_status::failed;
}

/// "zh" is also zh-Hant.
bool is_language(std::string_view pattern, std::string_view tag) {
  return tag == pattern || (tag.starts_with(pattern) && tag[pattern.size()] == '-');
}

bool holds(const stage_condition &when, const calque_document &imported, std::string_view media_type) {
  const document_view d(imported);
  const auto any = [](const auto &patterns, const auto &fits) {
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), fits);
  };
  std::vector<std::string_view> languages;
  if (const auto lang = d.root().attr("lang")) languages.push_back(*lang);
  for (const node field : d.fields())
    if (field.attr("key") == "language") languages.push_back(field.text());
  const bool has_language = any(when.language, [&](const std::string &pattern) {
    return std::any_of(languages.begin(), languages.end(), [&](std::string_view tag) { return is_language(pattern, tag); });
  });
  const bool has_type = any(when.media_type, [&](const std::string &pattern) { return matches(pattern, media_type); });
  return has_language && has_type && std::all_of(when.fields.begin(), when.fields.end(), [&](const auto &wanted) {
           for (const node field : d.fields())
             if (field.attr("key") == wanted.first &&
                 any(wanted.second, [&](const std::string &pattern) { return matches(pattern, field.text()); }))
               return true;
           return false;
         });
}

std::string identifier_of(const calque_document &imported) {
  const auto field = document_view(imported).field("identifier");
  return field ? name_from_identifier(field->text()) : std::string();
}

}  // namespace

std::string_view name_of(run_status status) {
  switch (status) {
    case run_status::ok: return "ok";
    case run_status::ok_with_warnings: return "ok-with-warnings";
    case run_status::rejected: return "rejected";
    case run_status::failed: return "failed";
    case run_status::limit: return "limit";
    case run_status::invalid_output: return "invalid-output";
    case run_status::io_error: return "io-error";
    case run_status::stopped: return "stopped";
  }
  return "failed";
}

/// What one run carries along, and the steps of it. Diagnostics pass through `take`, which gives them their places and
/// the severities that the pipeline wants.
class runner::part_run {
 public:
  part_run(runner &owner, std::string media_type, std::string path, const named_output &names, const run_observer &observe,
           std::size_t last)
      : owner_(owner), media_type_(std::move(media_type)), path_(std::move(path)), names_(names), observe_(observe), last_(last) {}

  run_outcome outcome;

  /// The import; false when there is nothing to go on with.
  std::optional<std::vector<document>> import(made_stage &importer, std::size_t index, const input_file &input) {
    outcome.importer = importer.description->id;
    diagnostics reported;
    const auto began = clock::now();
    auto imported = importer.instance->run_import({input.name, input.media_type, input.bytes}, context(reported));
    const auto time = clock::now() - began;
    const bool failed = take(reported, nullptr);
    if (!imported.has_value() || failed) {
      end(status_of(outcome.diagnostics, true));
      return std::nullopt;
    }
    outcome.import_account = imported.value().account;
    std::vector<document> parts = std::move(imported.value().parts);
    for (unsigned k = 0; k < parts.size(); ++k)
      tell({index, *importer.description, importer.instance->rules().name, k + 1, static_cast<unsigned>(parts.size()), parts[k],
            nullptr, time});
    return parts;
  }

  /// The stages from `first` on, one part after another; then the account.
  void run_parts(const std::vector<document> &parts, std::size_t first) {
    settle(outcome.import_account, nullptr);
    for (unsigned k = 0; k < parts.size(); ++k) {
      outcome.parts.push_back({run_status::ok, parts[k], {}});
      run_part(outcome.parts.back(), first, k + 1, static_cast<unsigned>(parts.size()));
      if (outcome.parts.back().status == run_status::stopped) break;
    }
    for (const part_outcome &part : outcome.parts) end(part.status);
    if (!is_done(outcome.status)) outcome.files.clear();
  }

  void refuse(diagnostic d, run_status status) {
    d.document = path_;
    outcome.diagnostics.push_back(std::move(d));
    end(status);
  }

 private:
  run_context context(diagnostics &out) const { return {owner_.pipeline_.bounds, owner_.stop_, out}; }

  void end(run_status status) { outcome.status = std::max(outcome.status, status); }

  void tell(const stage_event &event) const {
    if (observe_) observe_(event);
  }

  void run_part(part_outcome &part, std::size_t first, unsigned number, unsigned parts) {
    const document imported = *part.final;
    const std::size_t before = outcome.diagnostics.size();
    for (std::size_t k = first; k < owner_.stages_.size() && k <= last_; ++k) {
      const pipeline_stage &stage = owner_.pipeline_.stages[k];
      if (!stage.when.empty() && !holds(stage.when, imported.view(), media_type_)) continue;
      diagnostics reported;
      const std::size_t already = outcome.diagnostics.size();
      const document given = *part.final;
      const bool ran = run_stage(k, part, imported, number, parts, reported);
      const bool failed = take(reported, &given.view());
      if (!ran || failed) {
        part.status = status_of(std::span(outcome.diagnostics).subspan(already), false);
        return;
      }
    }
    settle(part.account, &part);
    if (part.status == run_status::ok &&
        std::any_of(outcome.diagnostics.begin() + static_cast<std::ptrdiff_t>(before), outcome.diagnostics.end(),
                    [](const diagnostic &d) { return d.level == severity::warning; }))
      part.status = run_status::ok_with_warnings;
  }

  bool run_stage(std::size_t k, part_outcome &part, const document &imported, unsigned number, unsigned parts,
                 diagnostics &reported) {
    made_stage &stage = owner_.stages_[k];
    const auto began = clock::now();
    const std::vector<output_file> *made = nullptr;
    std::optional<export_result> exported;
    switch (stage.description->role) {
      case stage_role::import:
        return true; // it has run
      case stage_role::normalize: {
        auto rewritten = stage.instance->run_normalize(*part.final, context(reported));
        if (!rewritten.has_value()) return false;
        part.final = rewritten.value().output;
        part.account.append(rewritten.value().account);
        break;
      }
      case stage_role::annotate: {
        auto annotated = stage.instance->run_annotate(*part.final, context(reported));
        if (!annotated.has_value()) return false;
        part.final = annotated.value();
        break;
      }
      case stage_role::export_: {
        auto result = stage.instance->run_export(*part.final, context(reported));
        if (!result.has_value()) return false;
        exported = std::move(result).value();
        part.account.append(exported->account);
        made = &exported->files;
        break;
      }
    }
    const auto time = clock::now() - began;
    tell({k, *stage.description, owner_.pipeline_.stages[k].name, number, parts, *part.final, made, time});
    if (exported) collect(k, std::move(exported->files), imported, number, parts);
    return true;
  }

  /// Files get their names: the primary one the stage's, the others theirs beside it.
  void collect(std::size_t k, std::vector<output_file> files, const document &imported, unsigned number, unsigned parts) {
    const pipeline_stage &stage = owner_.pipeline_.stages[k];
    const std::string pattern = stage.to.empty() ? default_output_name(stage.description) : stage.to;
    const std::string primary =
        output_name(pattern, {names_.dir, names_.stem, identifier_of(imported.view()), number, parts});
    const std::string folder = primary.substr(0, primary.rfind('/') + 1); // npos + 1 is 0
    for (output_file &file : files)
      outcome.files.push_back({file.path.empty() ? primary : folder + file.path, std::move(file.media_type),
                               std::move(file.bytes), k, number, file.primary});
  }

  /// Applies the loss policy to an account; of a part, or of the import.
  void settle(const ledger &account, part_outcome *part) {
    for (diagnostic &d : check_losses(account, owner_.pipeline_.loss)) {
      if (keep(d, nullptr) && d.level == severity::error) {
        if (part != nullptr) part->status = run_status::failed;
        end(run_status::failed);
      } else if (d.level == severity::warning) {
        end(run_status::ok_with_warnings);
      }
    }
  }

  /// Takes over what a stage reported. True when there is an error in it.
  bool take(const diagnostics &reported, const calque_document *given) {
    bool has_error = false;
    for (diagnostic d : reported.all()) {
      keep(d, given);
      has_error |= d.level == severity::error;
      if (d.level == severity::warning) end(run_status::ok_with_warnings);
    }
    for (const auto &[code, count] : reported.folded()) {
      diagnostic d;
      d.level = severity::info;
      d.code = code;
      d.message = fmt::format("{} in all; the others are not shown", count);
      keep(d, nullptr);
    }
    return has_error;
  }

  /// Adds a diagnostic with place, document and the severity that the pipeline gives its code. False when it is off.
  bool keep(diagnostic &d, const calque_document *given) {
    for (const severity_rule &rule : owner_.pipeline_.severities) {
      if (!matches(rule.pattern, d.code)) continue;
      if (!rule.level && d.level != severity::error) {
        d.level = severity::debug;
        return false;
      }
      // What ended a run cannot be talked away; the rest is as severe as the pipeline says.
      if (rule.level && d.level != severity::error) d.level = *rule.level;
    }
    d.document = path_;
    if (given != nullptr) place_in_source(d, *given);
    outcome.diagnostics.push_back(d);
    return true;
  }

  runner &owner_;
  const std::string media_type_, path_;
  const named_output &names_;
  const run_observer &observe_;
  const std::size_t last_;
};

runner::runner(const pipeline &whole, const plugin_catalog &catalog, stop_flag *stop)
    : pipeline_(whole), catalog_(catalog), stop_(stop) {}

std::vector<diagnostic> runner::prepare() {
  diagnostics reported;
  std::vector<diagnostic> all;
  for (const pipeline_stage &stage : pipeline_.stages) {
    auto made = stage_instance::make(stage.description, {stage.name, stage.where, stage.options}, reported);
    if (made.has_value())
      stages_.push_back({&stage.description, std::move(made).value()});
    else if (reported.all().empty())
      all.insert(all.end(), made.errors().begin(), made.errors().end());
  }
  all.insert(all.end(), reported.all().begin(), reported.all().end());
  return all;
}

result<const stage_description *> choose_importer(const plugin_catalog &catalog, const input_file &input) {
  constexpr std::size_t head_size = 64 * 1024;
  const calque_probe probe{sizeof(calque_probe),
                           0,
                           to_str(input.name),
                           to_str(input.media_type),
                           to_str(std::string_view(input.bytes).substr(0, head_size)),
                           input.bytes.size(),
                           nullptr};
  auto chosen = catalog.choose_importer(probe);
  if (chosen.has_value()) return chosen;
  diagnostic d = chosen.error();
  d.message += fmt::format("; it looks like {}", describe_content(input.bytes));
  d.document = input.path;
  return d;
}

result<runner::made_stage *> runner::importer_for(const input_file &input) {
  if (pipeline_.has_importer()) return &stages_.front();
  const auto chosen = choose_importer(catalog_, input);
  if (!chosen.has_value()) return chosen.error();
  const stage_description &description = *chosen.value();
  auto known = importers_.find(description.id);
  if (known == importers_.end()) {
    diagnostics reported;
    auto made = stage_instance::make(description, {std::string(plain_id(description.id)), {}, {}}, reported);
    if (!made.has_value()) return made.errors();
    known = importers_.emplace(description.id, made_stage{&description, std::move(made).value()}).first;
  }
  return &known->second;
}

run_outcome runner::run(const input_file &input, const named_output &names, const run_observer &observe, std::size_t last) {
  part_run work(*this, input.media_type, input.path, names, observe, last);
  if (input.bytes.empty()) {
    work.refuse(error("input.empty", "it has no content (0 bytes)"), run_status::rejected);
    return std::move(work.outcome);
  }
  const auto importer = importer_for(input);
  if (!importer.has_value()) {
    work.refuse(importer.error(), run_status::rejected);
    return std::move(work.outcome);
  }
  const bool is_named = pipeline_.has_importer();
  const auto parts = work.import(*importer.value(), is_named ? 0 : no_stage, input);
  if (parts) work.run_parts(*parts, is_named ? 1 : 0);
  return std::move(work.outcome);
}

run_outcome runner::run_from(document start, std::size_t first, const named_output &names, const run_observer &observe,
                             std::size_t last) {
  const calque_source *source = start.view().source_count > 0 ? start.view().sources[0] : nullptr;
  part_run work(*this, source ? std::string(to_view(source->media_type)) : std::string(),
                source ? std::string(to_view(source->name)) : std::string(), names, observe, last);
  work.run_parts({std::move(start)}, first);
  return std::move(work.outcome);
}

}  // namespace calque::host
