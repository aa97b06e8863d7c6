// SPDX-License-Identifier: Apache-2.0
// Makes instances of stages, runs them, and judges how they ended.
#include "host/plugins/stage_instance.hpp"

#include <fmt/format.h>

#include <exception>
#include <new>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "host/document/layer_writer.hpp"
#include "host/document/rewriter.hpp"
#include "host/document/validate.hpp"
#include "host/plugins/plugin_library.hpp"
#include "host/plugins/stage_call.hpp"

namespace calque::host {
namespace {

constexpr std::string_view bug_hint = "this is a mistake in the plugin; please report it to its author";

/// Calls into the plugin. Nothing may be thrown there; what is thrown all the same ends here and is held against it.
template <class Call>
calque_status guarded(boundary &shared, std::string_view what, Call &&call) {
  const auto escaped = [&](const char *code, std::string_view message) {
    return shared.fail(shared.blame(code,
                                    fmt::format("an exception came out of {}: {}", what, message),
                                    "none may cross the C ABI; " + std::string(bug_hint)));
  };
  try {
    return call();
  } catch (const std::bad_alloc &) {
    return shared.fail(shared.blame("plugin.out-of-memory", fmt::format("there was not enough memory in {}", what),
                                    "raise `memory` in [budget] of the pipeline if the document is sound"));
  } catch (const std::exception &thrown) {
    return escaped("plugin.exception", thrown.what());
  } catch (...) {
    return escaped("plugin.foreign-exception", "not a std::exception");
  }
}

std::string_view status_name(calque_status status) {
  switch (status) {
    case CALQUE_CANCELLED: return "CANCELLED";
    case CALQUE_LIMIT: return "LIMIT";
    default: return "MISUSE";
  }
}

/// Why what ended with `status` failed; nothing when all is well. What the host recorded counts whatever the plugin
/// returns; then what the stage reported. `object` is the boundary of what the run wrote to.
std::optional<diagnostic> judge(boundary &shared, const boundary &object, const stage_call &call,
                                calque_status status) {
  for (const boundary *one : {static_cast<const boundary *>(&shared), &object}) {
    if (!one->failed()) continue;
    // That a run was stopped is nobody's mistake, so no object of the host has reported it.
    if (one->status() == CALQUE_CANCELLED) shared.out.add(one->failure());
    return one->failure();
  }
  if (call.first_error()) return call.first_error();
  const auto fail = [&](std::string_view code, std::string message) {
    shared.fail(shared.blame(std::string(code), std::move(message), std::string(bug_hint)));
    return shared.failure();
  };
  switch (status) {
    case CALQUE_OK: return std::nullopt;
    case CALQUE_FAILED:
    case CALQUE_BUG: return fail("plugin.silent-failure", "it failed without saying why (bug in plugin)");
    case CALQUE_CANCELLED:
    case CALQUE_LIMIT:
    case CALQUE_MISUSE:
      return fail("plugin.unfounded-status",
                  fmt::format("it returned {}, which no call of the host had returned", status_name(status)));
    default: return fail("plugin.unknown-status", fmt::format("it returned {}, which is no status", status));
  }
}

/// False, and the run has failed, when the document breaks a rule.
bool check_document(boundary &shared, const document &made) {
  const auto sound = validate(made.view(), check_level::structure, shared.within);
  if (sound) return true;
  diagnostic d = sound.error();
  d.stage = shared.rules.who();
  shared.fail(std::move(d));
  return false;
}

/// Nodes by id; looked up only by stages that annotate nodes, so built on first use.
class node_finder {
 public:
  explicit node_finder(const calque_document &d) : document_(d) {}
  std::optional<uint32_t> find(uint32_t id) {
    if (index_of_.empty())
      for (uint32_t k = 0; k < document_.nodes.count; ++k) index_of_.emplace(document_.nodes.id[k], k);
    const auto found = index_of_.find(id);
    return found == index_of_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  const calque_document &document_;
  std::unordered_map<uint32_t, uint32_t> index_of_;
};

bool has_annotation(const calque_document &d, uint32_t id) {
  for (uint32_t k = 0; k < d.layer_count; ++k)
    for (uint32_t a = 0; a < d.layers[k]->count; ++a)
      if (d.layers[k]->id[a] == id) return true;
  return false;
}

}  // namespace

stage_instance::stage_instance(stage_rules rules, stage_role role, stage_use use)
    : rules_(std::move(rules)), role_(role), where_(std::move(use.where)) {
  for (const option_value &value : use.options) option_lines_.push_back(value.line);
}

stage_instance::~stage_instance() {
  if (!is_made_) return;
  try {
    rules_.stage->destroy(instance_);
  } catch (...) {  // what has been run is done; there is no document to hold this against
  }
}

result<std::unique_ptr<stage_instance>> stage_instance::make(const stage_description &wanted, stage_use use,
                                                             diagnostics &out) {
  const auto plugin = load_plugin(wanted.path);
  if (!plugin) {
    for (const diagnostic &one : plugin.errors()) out.add(one);
    return plugin.errors();
  }
  const plugin_description found = describe(**plugin);
  for (uint32_t k = 0; k < (*plugin)->stage_count; ++k) {
    stage_description now = found.stages[k];
    if (now.role != wanted.role || now.id != wanted.id) continue;
    now.path = wanted.path;
    now.digest = wanted.digest;
    if (now != wanted) break;
    return make(*(*plugin)->stages[k], std::move(use), out);
  }
  diagnostic changed = error("plugin.changed", fmt::format("{} is no longer what it said of itself", wanted.id),
                             "the file was replaced while it was in use; run again");
  changed.where.file = wanted.path;
  out.add(changed);
  return changed;
}

result<std::unique_ptr<stage_instance>> stage_instance::make(const calque_stage &table, stage_use use,
                                                             diagnostics &out) {
  const stage_description description = describe(table);
  stage_rules rules{use.name.empty() ? std::string(plain_id(description.id)) : use.name, &table};
  const std::vector<option_value> values = with_defaults(description.options, use.options);
  const option_table config(values);
  std::unique_ptr<stage_instance> made(new stage_instance(std::move(rules), description.role, std::move(use)));
  boundary shared(made->rules_, limits{}, nullptr, out);
  const stage_call call(shared, made->where_, made->option_lines_);
  const calque_status status = guarded(
      shared, "create", [&] { return table.create(&table, config.abi(), call.abi(), &made->instance_); });
  made->is_made_ = status == CALQUE_OK;
  if (auto failed = judge(shared, shared, call, status)) return std::move(*failed);
  return made;
}

result<import_result> stage_instance::run_import(const input_bytes &input, const run_context &context) {
  boundary shared(rules_, context.within, context.stop, context.out);
  const archive_service archives(shared, input.bytes);
  const stage_call call(shared, where_, option_lines_, &archives);
  const stage_input bytes(shared, input);
  builder made(rules_, input, context.within, context.stop, context.out, context.members);
  const calque_status status = guarded(
      shared, "run", [&] { return rules_.stage->importer->run(instance_, call.abi(), bytes.abi(), made.abi()); });
  if (auto failed = judge(shared, made.shared(), call, status)) return std::move(*failed);
  auto finished = made.finish();
  if (finished)
    for (const document &part : finished->parts)
      if (!check_document(shared, part)) return shared.failure();
  return finished;
}

result<rewrite_result> stage_instance::run_normalize(const document &given, const run_context &context) {
  boundary shared(rules_, context.within, context.stop, context.out);
  const stage_call call(shared, where_, option_lines_);
  rewriter made(shared, given);
  const calque_status status = guarded(
      shared, "run", [&] { return rules_.stage->normalizer->run(instance_, call.abi(), &given.view(), made.abi()); });
  if (auto failed = judge(shared, shared, call, status)) return std::move(*failed);
  auto finished = made.finish();
  if (finished && !check_document(shared, finished->output)) return shared.failure();
  return finished;
}

result<document> stage_instance::run_annotate(const document &given, const run_context &context) {
  boundary shared(rules_, context.within, context.stop, context.out);
  const stage_call call(shared, where_, option_lines_);
  const calque_document &view = given.view();
  node_finder nodes(view);
  layer_writer writer(
      shared, [&] { return to_view(view.text); }, [&](uint32_t id) { return nodes.find(id).has_value(); },
      given.sections().next_annotation_id);
  const calque_status status = guarded(
      shared, "run", [&] { return rules_.stage->annotator->run(instance_, call.abi(), &view, writer.abi()); });
  if (auto failed = judge(shared, shared, call, status)) return std::move(*failed);
  const auto layers = writer.finish([&](uint32_t id) { return has_annotation(view, id); },
                                    [&](uint32_t id) {
                                      const uint32_t k = *nodes.find(id);
                                      return text_span{view.nodes.text_begin[k], view.nodes.text_end[k]};
                                    });
  if (shared.failed()) return shared.failure();
  document made = given.with_layers(layers, writer.next_id());
  if (!check_document(shared, made)) return shared.failure();
  return made;
}

result<export_result> stage_instance::run_export(const document &given, const run_context &context) {
  boundary shared(rules_, context.within, context.stop, context.out);
  const stage_call call(shared, where_, option_lines_);
  output_files made(rules_, given, context.within, context.stop, context.out);
  const calque_status status = guarded(
      shared, "run", [&] { return rules_.stage->exporter->run(instance_, call.abi(), &given.view(), made.abi()); });
  if (auto failed = judge(shared, made.shared(), call, status)) return std::move(*failed);
  return made.finish();
}

}  // namespace calque::host
