// SPDX-License-Identifier: Apache-2.0
// The stages of a pipeline made ready, and inputs sent through them.
#include "host/pipeline/run.hpp"

#include <fmt/format.h>

#include <utility>

#include "host/pipeline/input_run.hpp"
#include "host/plugins/archive_service.hpp"
#include "host/plugins/media_types.hpp"

namespace calque::host {

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
  if (pipeline_.needs_all_importers()) {
    members_.emplace(catalog_);
    if (pipeline_.has_importer()) {
      const pipeline_stage &first = pipeline_.stages.front();
      members_->use(first.description, {first.name, first.where, first.options});
    }
  }
  return all;
}

result<const stage_description *> choose_importer(const plugin_catalog &catalog, const input_file &input,
                                                  const limits &within) {
  constexpr std::size_t head_size = 64 * 1024;
  const std::vector<std::string> names = names_in_archive(input.bytes, within);
  std::vector<calque_str> members;
  for (const std::string &name : names) members.push_back(to_str(name));
  const calque_probe probe{sizeof(calque_probe),
                           static_cast<uint32_t>(members.size()),
                           to_str(input.name),
                           to_str(input.media_type),
                           to_str(std::string_view(input.bytes).substr(0, head_size)),
                           input.bytes.size(),
                           members.data()};
  auto chosen = catalog.choose_importer(probe);
  if (chosen.has_value()) return chosen;
  diagnostic d = chosen.error();
  d.message += fmt::format("; it looks like {}", describe_content(input.bytes));
  d.document = input.path;
  return d;
}

result<made_stage *> runner::importer_for(const input_file &input) {
  if (pipeline_.has_importer()) return &stages_.front();
  const auto chosen = choose_importer(catalog_, input, pipeline_.bounds);
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

run_outcome runner::run(const input_file &input, const named_output &names, const run_observer &observe,
                        const run_request &request) {
  input_run work({pipeline_, stages_, stop_, members_ ? &*members_ : nullptr}, input.media_type, input.path, names, observe, request);
  if (input.bytes.empty()) {
    work.refuse(error("input.empty", "it has no content (0 bytes)"), run_status::rejected);
    return std::move(work.outcome);
  }
  const auto importer = importer_for(input);
  if (importer.has_value())
    work.run(*importer.value(), pipeline_.has_importer() ? 0 : no_stage, input);
  else
    work.refuse(importer.error(), run_status::rejected);
  return std::move(work.outcome);
}

run_outcome runner::run_from(document start, std::size_t first, const named_output &names, const run_observer &observe,
                             const run_request &request) {
  const calque_source *source = start.view().source_count > 0 ? start.view().sources[0] : nullptr;
  input_run work({pipeline_, stages_, stop_, members_ ? &*members_ : nullptr}, source ? std::string(to_view(source->media_type)) : std::string(),
                 source ? std::string(to_view(source->name)) : std::string(), names, observe, request);
  work.run_from(std::move(start), first);
  return std::move(work.outcome);
}

}  // namespace calque::host
