// SPDX-License-Identifier: Apache-2.0
// All importers at hand, for the members that importers hand over.
#include "host/plugins/importer_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "host/plugins/archive_service.hpp"
#include "host/plugins/media_types.hpp"
#include "host/plugins/plugin_library.hpp"

namespace calque::host {
namespace {

// An importer that would read anything scores below it: a guess is no reason to call bytes a document.
constexpr std::int32_t least_score = 10;
constexpr std::size_t head_size = 64 * 1024;

/// What an importer said of a member, as the input's diagnostics have it. Places in the member mean nothing there.
diagnostic of_member(diagnostic d, const std::string &name) {
  if (d.level == severity::error) d.level = severity::warning;
  if (d.where.source)
    d.message += fmt::format(" (at byte {} of {})", d.where.source->begin, d.where.source->source == 0 ? "it" : "a member of it");
  d.message = fmt::format("in {}: {}", name.empty() ? "a member without a name" : name, d.message);
  d.where = {};
  return d;
}

}  // namespace

importer_pool::importer_pool(const plugin_catalog &catalog) {
  for (const stage_description &stage : catalog.stages()) {
    if (stage.role != stage_role::import) continue;
    const auto plugin = load_plugin(stage.path);
    for (uint32_t k = 0; plugin && k < (*plugin)->stage_count; ++k)
      if (const calque_stage &table = *(*plugin)->stages[k]; table.importer != nullptr && stage.id == table.id) add(table);
  }
}

importer_pool::importer_pool(std::span<const calque_stage *const> tables) {
  for (const calque_stage *table : tables) add(*table);
}

void importer_pool::add(const calque_stage &table) {
  candidate one{&table, {std::string(plain_id(table.id)), {}, {}}, {}};
  auto instance = take_instance(one);
  if (instance == nullptr) return;
  one.idle.push_back(std::move(instance));
  candidates_.push_back(std::move(one));
}

void importer_pool::use(const stage_description &stage, stage_use use) {
  for (candidate &one : candidates_) {
    if (stage.id != one.table->id) continue;
    one.use = std::move(use);
    one.idle.clear();
    if (auto instance = take_instance(one)) one.idle.push_back(std::move(instance));
    return;
  }
}

bool importer_pool::has_volatile() const {
  return std::any_of(candidates_.begin(), candidates_.end(),
                     [](const candidate &one) { return (one.table->flags & CALQUE_VOLATILE) != 0; });
}

void importer_pool::begin_input(const limits &within, stop_flag *stop) {
  within_ = &within;
  stop_ = stop;
  count_ = bytes_ = nesting_ = 0;
  exceeded_.reset();
}

std::unique_ptr<stage_instance> importer_pool::take_instance(candidate &one) {
  if (!one.idle.empty()) {
    auto instance = std::move(one.idle.back());
    one.idle.pop_back();
    return instance;
  }
  diagnostics unsaid;
  auto made = stage_instance::make(*one.table, one.use, unsaid);
  return made.has_value() ? std::move(made).value() : nullptr;
}

importer_pool::candidate *importer_pool::choose(const input_bytes &member) {
  const std::vector<std::string> names = names_in_archive(member.bytes, *within_);
  std::vector<calque_str> members;
  for (const std::string &name : names) members.push_back(to_str(name));
  const calque_probe probe{sizeof(calque_probe),
                           static_cast<uint32_t>(members.size()),
                           to_str(member.name),
                           to_str(member.media_type),
                           to_str(member.bytes.substr(0, head_size)),
                           member.bytes.size(),
                           members.data()};
  candidate *best = nullptr;
  std::int32_t best_score = least_score - 1;
  for (candidate &one : candidates_) {
    std::int32_t score = 0;
    try {
      score = std::min(one.table->importer->probe(&probe), 100);
    } catch (...) {  // the ABI forbids it; a probe that throws does not know the member
    }
    if (score <= best_score) continue;
    best_score = score;
    best = &one;
  }
  return best;
}

embedded_import importer_pool::import_member(const input_bytes &given, diagnostics &out) {
  input_bytes member = given;
  if (member.media_type.empty()) member.media_type = media_type_of(member.name, member.bytes.substr(0, head_size));
  embedded_import made;
  const auto bound = [&](std::string_view what, std::uint64_t granted, std::uint64_t wanted) {
    if (!exceeded_ && wanted > granted) exceeded_ = exceeded_limit{what, granted, wanted};
  };
  ++count_;
  bytes_ += member.bytes.size();
  bound("embedded members", within_->max_embedded, count_);
  bound("bytes of all embedded members", within_->max_input, bytes_);
  bound("nesting of embedded members", within_->max_nesting, nesting_ + 1);
  if ((made.exceeded = exceeded_)) return made;
  candidate *chosen = choose(member);
  if (chosen == nullptr) return made;
  auto instance = take_instance(*chosen);
  if (instance == nullptr) return made;

  diagnostics reported;
  ++nesting_;
  auto imported = instance->run_import(member, {*within_, stop_, reported, this});
  --nesting_;
  chosen->idle.push_back(std::move(instance));
  // Once a bound of the whole input is reached, all that is open ends with it; it is said once, outermost.
  if ((made.exceeded = exceeded_)) return made;
  for (const diagnostic &d : reported.all()) out.add(of_member(d, member.name));
  for (const auto &[code, count] : reported.folded()) {
    diagnostic rest;
    rest.level = severity::info;
    rest.code = code;
    rest.message = fmt::format("{} in all; the others are not shown", count);
    rest.count = count;
    out.add(of_member(std::move(rest), member.name));
  }
  if (!imported.has_value() || reported.has_errors()) {
    made.status = CALQUE_REFUSED;
    return made;
  }
  made.status = CALQUE_OK;
  made.parts = std::move(imported->parts);
  made.account = std::move(imported->account);
  return made;
}

}  // namespace calque::host
