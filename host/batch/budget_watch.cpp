// SPDX-License-Identifier: Apache-2.0
// Whether a document has used up its time.
#include "host/batch/budget_watch.hpp"

#include <algorithm>

namespace calque::host {
namespace {

using milliseconds = std::chrono::milliseconds;

milliseconds shortest(const pipeline &whole) {
  milliseconds least = std::min(whole.budget.silence, whole.budget.total);
  for (const pipeline_stage &stage : whole.stages)
    for (const auto &one : {stage.budget.silence, stage.budget.total})
      if (one) least = std::min(least, *one);
  return least;
}

}  // namespace

budget_watch::budget_watch(const pipeline &whole, time_point began)
    : whole_(&whole),
      began_(began),
      stage_began_(began),
      last_sign_(began),
      pause_(std::clamp(shortest(whole) / 32, milliseconds(5), milliseconds(250))) {}

std::optional<spent_budget> budget_watch::look(std::uint64_t calls, std::uint32_t stage, std::uint32_t stages_begun,
                                               time_point now) {
  if (stages_begun != stages_begun_) {
    stages_begun_ = stages_begun;
    stage_began_ = last_sign_ = now;
  }
  if (calls != calls_) {
    calls_ = calls;
    last_sign_ = now;
  }
  const auto since = [&](time_point when) { return std::chrono::duration_cast<milliseconds>(now - when); };
  const time_budget &all = whole_->budget;
  const pipeline_stage *own = stage > 0 && stage <= whole_->stages.size() ? &whole_->stages[stage - 1] : nullptr;
  const std::string name = own != nullptr ? own->name : std::string();
  if (since(began_) > all.total) return spent_budget{false, "", all.total, since(began_)};
  if (own != nullptr && own->budget.total && since(stage_began_) > *own->budget.total)
    return spent_budget{false, name, *own->budget.total, since(stage_began_)};
  const bool is_own = own != nullptr && own->budget.silence;
  const milliseconds silence = is_own ? *own->budget.silence : all.silence;
  if (since(last_sign_) > silence) return spent_budget{true, is_own ? name : "", silence, since(last_sign_)};
  return std::nullopt;
}

}  // namespace calque::host
