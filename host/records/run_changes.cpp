// SPDX-License-Identifier: Apache-2.0
// What is otherwise than in the run before.
#include "host/records/run_changes.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "host/records/failure_groups.hpp"

namespace calque::host {
namespace {

constexpr std::uint64_t verdict_bits = 3;

std::uint64_t digest_of(std::string_view input) {
  return XXH3_64bits(input.data(), input.size()) & ~verdict_bits;
}

}  // namespace

void earlier_run::add(const run_event &event) {
  if (const auto *start = std::get_if<run_started>(&event)) start_ = *start;
  if (std::get_if<run_finished>(&event) != nullptr) has_finished_ = true;
  if (const auto *one = std::get_if<input_finished>(&event))
    ends_.push_back(digest_of(one->input) | static_cast<std::uint64_t>(find_status(one->status).means));
}

void earlier_run::close() {
  std::sort(ends_.begin(), ends_.end());
}

std::optional<verdict> earlier_run::find(std::string_view input) const {
  const std::uint64_t digest = digest_of(input);
  const auto at = std::lower_bound(ends_.begin(), ends_.end(), digest);
  if (at == ends_.end() || (*at & ~verdict_bits) != digest) return std::nullopt;
  return static_cast<verdict>(*at & verdict_bits);
}

void run_changes::add(const input_finished &one, const earlier_run &before) {
  const auto was = before.find(one.input);
  const verdict is = find_status(one.status).means;
  ++(was ? seen : new_inputs);
  const auto keep = [&](std::vector<sample> &samples) {
    if (samples.size() == most_samples) return;
    auto [code, stage] = cause_of(one);
    samples.push_back({one.input, one.status, std::move(code), std::move(stage)});
  };
  if (is == verdict::failed) {
    if (!was) ++new_and_failing;
    if (was == verdict::failed) ++still_failing;
    if (was == verdict::fine) {
      ++newly_failing;
      keep(newly_failing_samples);
    }
  } else if (is == verdict::fine && was == verdict::failed) {
    ++mended;
    keep(mended_samples);
  }
}

std::vector<std::string> changed_makings(const run_started &before, const run_started &now) {
  std::vector<std::string> lines;
  const auto compare = [&](std::string_view what, const std::string &old_one, const std::string &new_one) {
    if (old_one != new_one) lines.push_back(fmt::format("{}: {} → {}", what, old_one, new_one));
  };
  compare("host", before.host, now.host);
  if (before.host == now.host && before.build != now.build)
    lines.emplace_back("host: another build of the same version");
  compare("pipeline", before.pipeline, now.pipeline);
  if (before.pipeline == now.pipeline && before.pipeline_digest != now.pipeline_digest)
    lines.emplace_back("pipeline: its settings have changed");
  compare("sandbox", before.sandbox_tier, now.sandbox_tier);
  for (const run_started::stage &stage : now.stages) {
    const auto was = std::find_if(before.stages.begin(), before.stages.end(),
                                  [&](const run_started::stage &one) { return one.name == stage.name; });
    if (was == before.stages.end())
      lines.push_back(fmt::format("stage {}: added", stage.name));
    else if (was->id != stage.id || was->version != stage.version)
      lines.push_back(
          fmt::format("stage {}: {} {} → {} {}", stage.name, was->id, was->version, stage.id, stage.version));
    else if (was->digest != stage.digest)
      lines.push_back(fmt::format("stage {}: another build of {} {}", stage.name, stage.id, stage.version));
  }
  for (const run_started::stage &stage : before.stages)
    if (std::none_of(now.stages.begin(), now.stages.end(), [&](const auto &one) { return one.name == stage.name; }))
      lines.push_back(fmt::format("stage {}: removed", stage.name));
  return lines;
}

}  // namespace calque::host
