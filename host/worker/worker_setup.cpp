// SPDX-License-Identifier: Apache-2.0
// A worker's setup in a message, and in the bundles from which a failure is repeated.
#include "host/worker/worker_setup.hpp"

#include <chrono>

#include "host/worker/wire_forms.hpp"

namespace calque::host {
namespace {

constexpr std::uint32_t form = 3;

void write(wire_writer &out, const std::vector<std::string> &texts) {
  out.add_list(texts, [&](const std::string &text) { out.add(text); });
}

std::vector<std::string> read_texts(wire_reader &in) {
  std::vector<std::string> texts;
  in.list([&] { texts.push_back(in.text()); });
  return texts;
}

// The plugin's own form, so that a member more of a description needs no line here.
void write(wire_writer &out, const stage_description &stage) {
  plugin_description plugin;
  plugin.name = stage.plugin;
  plugin.stages = {stage};
  out.add(to_report(result<plugin_description>(std::move(plugin))));
  out.add(stage.path);
  out.add(stage.digest);
}

stage_description read_stage_description(wire_reader &in) {
  auto parsed = parse_report(in.text());
  stage_description stage;
  if (!parsed || !parsed->has_value() || parsed->value().stages.size() != 1)
    in.fail();
  else
    stage = std::move(parsed->value().stages.front());
  stage.path = in.text();
  stage.digest = in.text();
  return stage;
}

void write(wire_writer &out, const option_value &value) {
  out.add(value.type);
  out.add_flag(value.is_set);
  out.add(value.i);
  out.add(value.f);
  out.add(value.text);
  out.add_list(value.items, [&](const option_value &item) { write(out, item); });
  out.add(value.line);
}

option_value read_option_value(wire_reader &in, int depth = 0) {
  option_value value;
  if (depth > 8) in.fail();
  value.type = in.number<std::uint32_t>();
  value.is_set = in.flag();
  value.i = in.number<std::int64_t>();
  value.f = in.number<double>();
  value.text = in.text();
  in.list([&] { value.items.push_back(read_option_value(in, depth + 1)); });
  value.line = in.number<std::uint32_t>();
  return value;
}

void write(wire_writer &out, const std::optional<std::chrono::milliseconds> &time) {
  out.add(static_cast<std::int64_t>(time ? time->count() : -1));
}

std::optional<std::chrono::milliseconds> read_time(wire_reader &in) {
  const auto count = in.number<std::int64_t>();
  if (count < 0) return std::nullopt;
  return std::chrono::milliseconds(count);
}

void write(wire_writer &out, const pipeline_stage &stage) {
  out.add(stage.name);
  write(out, stage.description);
  out.add_list(stage.options, [&](const option_value &value) { write(out, value); });
  out.add(stage.to);
  write(out, stage.when.language);
  write(out, stage.when.media_type);
  out.add_list(stage.when.fields, [&](const auto &field) {
    out.add(field.first);
    write(out, field.second);
  });
  write(out, stage.budget.silence);
  write(out, stage.budget.total);
  out.add(stage.where.file);
  out.add(stage.where.line);
  out.add(stage.where.column);
  out.add(stage.where.length);
}

pipeline_stage read_stage(wire_reader &in) {
  pipeline_stage stage;
  stage.name = in.text();
  stage.description = read_stage_description(in);
  in.list([&] { stage.options.push_back(read_option_value(in)); });
  stage.to = in.text();
  stage.when.language = read_texts(in);
  stage.when.media_type = read_texts(in);
  in.list([&] {
    std::string key = in.text();
    stage.when.fields.emplace_back(std::move(key), read_texts(in));
  });
  stage.budget.silence = read_time(in);
  stage.budget.total = read_time(in);
  stage.where.file = in.text();
  stage.where.line = in.number<std::uint32_t>();
  stage.where.column = in.number<std::uint32_t>();
  stage.where.length = in.number<std::uint32_t>();
  return stage;
}

constexpr std::uint64_t limits::*bounds[] = {&limits::max_input,       &limits::max_text,     &limits::max_nodes,
                                             &limits::max_depth,       &limits::max_annotations,
                                             &limits::max_resource,    &limits::max_output,   &limits::max_parts,
                                             &limits::max_archive_members, &limits::max_archive_member,
                                             &limits::max_archive_total,   &limits::max_archive_ratio,
                                             &limits::max_archive_depth,
                                             &limits::max_embedded,    &limits::max_nesting};
static_assert(sizeof(limits) == sizeof bounds, "every limit goes to the worker");

}  // namespace

std::string to_wire(const worker_setup &setup) {
  wire_writer out;
  const pipeline &whole = setup.whole;
  out.add(form);
  out.add(whole.name);
  out.add(whole.path);
  out.add_list(whole.stages, [&](const pipeline_stage &stage) { write(out, stage); });
  write(out, whole.loss.allow);
  out.add_flag(whole.loss.warn_only);
  out.add_list(whole.severities, [&](const severity_rule &rule) {
    out.add(rule.pattern);
    out.add(static_cast<std::uint8_t>(rule.level ? static_cast<int>(*rule.level) + 1 : 0));
  });
  for (const auto bound : bounds) out.add(whole.bounds.*bound);
  out.add(static_cast<std::int64_t>(whole.budget.silence.count()));
  out.add(static_cast<std::int64_t>(whole.budget.total.count()));
  out.add(whole.budget.memory);
  out.add(static_cast<std::int64_t>(whole.cache.dear.count()));
  out.add_list(setup.importers, [&](const stage_description &one) { write(out, one); });
  out.add_list(setup.keeps, [&](bool keeps) { out.add_flag(keeps); });
  write(out, setup.readable);
  out.add_flag(setup.has_jail);
  out.add(setup.newest_landlock);
  out.add_flag(setup.wants_found);
  out.add_flag(setup.keeps_documents);
  out.add(setup.calls.listed);
  out.add(setup.calls.no_new_code);
  return out.take();
}

std::optional<worker_setup> read_worker_setup(std::string_view bytes) {
  wire_reader in(bytes);
  worker_setup setup;
  pipeline &whole = setup.whole;
  if (in.number<std::uint32_t>() != form) in.fail();
  whole.name = in.text();
  whole.path = in.text();
  in.list([&] { whole.stages.push_back(read_stage(in)); });
  whole.loss.allow = read_texts(in);
  whole.loss.warn_only = in.flag();
  in.list([&] {
    severity_rule rule{in.text(), std::nullopt};
    const auto level = in.number<std::uint8_t>();
    if (level > static_cast<int>(severity::error) + 1) in.fail();
    if (level > 0) rule.level = static_cast<severity>(level - 1);
    whole.severities.push_back(std::move(rule));
  });
  for (const auto bound : bounds) whole.bounds.*bound = in.number<std::uint64_t>();
  whole.budget.silence = std::chrono::milliseconds(in.number<std::int64_t>());
  whole.budget.total = std::chrono::milliseconds(in.number<std::int64_t>());
  whole.budget.memory = in.number<std::uint64_t>();
  whole.cache.dear = std::chrono::milliseconds(in.number<std::int64_t>());
  in.list([&] { setup.importers.push_back(read_stage_description(in)); });
  in.list([&] { setup.keeps.push_back(in.flag()); });
  setup.readable = read_texts(in);
  setup.has_jail = in.flag();
  setup.newest_landlock = in.number<std::uint32_t>();
  setup.wants_found = in.flag();
  setup.keeps_documents = in.flag();
  setup.calls.listed = in.text();
  setup.calls.no_new_code = in.text();
  if (!in.is_whole() || setup.keeps.size() != whole.stages.size()) return std::nullopt;
  return setup;
}

std::string to_wire(const stage_fingerprints &prints) {
  wire_writer out;
  write(out, prints.stages);
  out.add_list(prints.importers, [&](const auto &one) {
    out.add(one.first);
    out.add(one.second);
  });
  return out.take();
}

std::optional<stage_fingerprints> read_stage_fingerprints(std::string_view bytes) {
  wire_reader in(bytes);
  stage_fingerprints prints;
  prints.stages = read_texts(in);
  in.list([&] {
    std::string id = in.text();
    prints.importers.emplace_back(std::move(id), in.text());
  });
  if (!in.is_whole()) return std::nullopt;
  return prints;
}

}  // namespace calque::host
