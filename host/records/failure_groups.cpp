// SPDX-License-Identifier: Apache-2.0
// Failures by cause.
#include "host/records/failure_groups.hpp"

#include <algorithm>
#include <tuple>

namespace calque::host {
namespace {

/// Long enough for every message that a person wrote, short enough for a page.
std::string cut(const std::string &text) {
  constexpr std::size_t most = 1000;
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

std::string stage_name(const std::string &stage) {
  return stage.substr(0, stage.find(" ("));
}

std::pair<std::string, std::string> cause_of(const input_finished &one) {
  if (const auto *cause = one.cause(); cause != nullptr && !cause->code.empty())
    return {cause->code, stage_name(cause->stage)};
  return {one.detail.empty() ? one.status : one.status + ": " + one.detail, ""};
}

void failure_groups::add(const input_finished &one) {
  auto key = cause_of(one);
  auto found = groups_.find(key);
  if (found == groups_.end()) {
    if (groups_.size() == most_groups) {
      ++left_out_;
      return;
    }
    found = groups_.emplace(key, failure_group{}).first;
  }
  failure_group &group = found->second;
  const auto *cause = one.cause();
  if (group.count++ == 0) {
    std::tie(group.code, group.stage) = key;
    group.is_code = cause != nullptr && !cause->code.empty();
    if (cause != nullptr) {
      group.message = cut(cause->text);
      group.hint = cut(cause->hint);
    }
  }
  ++group.statuses[one.detail.empty() ? one.status : one.status + " (" + one.detail + ")"];
  if (group.samples.size() < most_samples)
    group.samples.push_back({one.input, cause != nullptr ? cut(cause->text) : "", one.quarantine, one.is_flaky});
}

std::vector<const failure_group *> failure_groups::by_size() const {
  std::vector<const failure_group *> all;
  for (const auto &[key, group] : groups_) all.push_back(&group);
  std::stable_sort(all.begin(), all.end(), [](const auto *a, const auto *b) { return a->count > b->count; });
  return all;
}

}  // namespace calque::host
