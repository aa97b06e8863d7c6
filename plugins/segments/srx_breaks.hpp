// SPDX-License-Identifier: Apache-2.0
// Sentences of a block by the rules of an SRX file, tried in order at each place.
#pragma once

#include "plugins/segments/sentence_breaks.hpp"
#include "plugins/segments/srx_rules.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace calque::segments {

/// What one rule may do in one block, in states that ICU keeps to come back to; 16 characters passed over count as one.
/// No clock is asked, so a rule is too slow everywhere or nowhere. Rules in use need less than 16 a character.
struct step_limit {
  uint64_t fixed = 1'000'000, a_character = 100;
};

class srx_breaker {
 public:
  /// The rules for one language, in order; they and `held` must outlive it. `file` and `language` are for messages.
  srx_breaker(const std::vector<const srx_rule *> &rules, const abbreviation_set &held, std::string file,
              std::string language, step_limit = {});
  ~srx_breaker();
  srx_breaker(const srx_breaker &) = delete;
  srx_breaker &operator=(const srx_breaker &) = delete;

  /// In order; `rule` is the rule's name. Not at once from several threads. Throws calque::failure with
  /// segments.rule-too-slow or segments.block-too-large.
  std::vector<sentence> split(std::string_view block);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace calque::segments
