// SPDX-License-Identifier: Apache-2.0
// Block by block: its language, the rules for that, its sentences.
#include "plugins/segments/segments.hpp"

#include "plugins/common/text_blocks.hpp"
#include "plugins/segments/block_languages.hpp"

#include <set>

namespace calque::segments {

void segments::prepare() {
  built_in_ = std::make_unique<sentence_breaker>(abbreviations);
  held_.add_as_written(abbreviations);
  if (!rules.empty()) srx_.emplace(rules);
}

srx_breaker *segments::srx_for(std::string_view tag) const {
  auto known = breakers_.find(tag);
  if (known == breakers_.end()) {
    const auto found = srx_->for_language(tag);
    known = breakers_
                .emplace(tag,
                         found ? std::make_unique<srx_breaker>(*found, held_, srx_->file(), std::string(tag)) : nullptr)
                .first;
  }
  return known->second.get();
}

void segments::run(document_view document, marks &out, const call &host) const {
  constexpr std::string_view layer = "calque.segment/1";
  out.touch(layer);
  std::optional<block_languages> languages;
  if (srx_ && language.empty()) languages.emplace(document);
  std::set<std::string, std::less<>> without_rules;
  for (const auto &block : plugins::text_blocks(document)) {
    host.progress(block.range.end, document.text().size());
    if (block.flow == plugins::flow::field) continue;
    const std::string_view text = document.text(block.range);
    std::vector<sentence> sentences;
    if (!srx_) {
      sentences = built_in_->split(text);
    } else {
      const std::string_view tag = languages ? languages->of(document, block) : std::string_view(language);
      srx_breaker *const breaker = srx_for(tag);
      if (breaker == nullptr && without_rules.emplace(tag).second)
        host.report(level::info, "segments.no-rules",
                    tag.empty() ? srx_->file() + " has no rules for text whose language nobody names"
                                : srx_->file() + " has no rules for the language " + std::string(tag),
                    "the built-in rules were used; a <languagemap> with the pattern \".*\" would know every language");
      if (block.flow == plugins::flow::aside && !srx_->are_asides_segmented())
        sentences = whole(text);
      else
        sentences = breaker == nullptr ? built_in_->split(text) : breaker->split(text);
    }
    for (const sentence &s : sentences)
      out.span(layer, "sentence", {block.range.begin + s.begin, block.range.begin + s.end}).text("rule", s.rule);
  }
}

}  // namespace calque::segments
