// SPDX-License-Identifier: Apache-2.0
// The stage calque.segments: writes the sentences of a document to calque.segment/1.
#pragma once

#include "plugins/segments/srx_breaks.hpp"

#include <calque/calque.hpp>

#include <filesystem>
#include <map>
#include <optional>

namespace calque::segments {

struct segments : annotator {
  static constexpr stage_info info{"calque.segments", "0.2.0", "Marks the sentences of every block"};
  static constexpr auto written_layers = list("calque.segment/1");
  static constexpr auto used_layers = list("calque.language/1");

  std::filesystem::path rules;
  std::string language;
  std::vector<std::string> abbreviations;
  static constexpr auto options =
      calque::options(opt("rules", &segments::rules, nullptr,
                          "a file of segmentation rules, SRX 1.0 or 2.0, instead of the built-in ones"),
                      opt("language", &segments::language, "\"\"",
                          "BCP 47 tag that rules are chosen by; empty: the language of each block"),
                      opt("abbreviations", &segments::abbreviations, "[]",
                          "words after whose stop a sentence goes on, whatever rules say: [\"Cde.\", \"Ges.\"]"));
  static constexpr auto codes = calque::codes(
      code(
          "segments.bad-rules",
          "The file that `rules` names is no SRX, or a regular expression in it is none that ICU can read. The message "
          "has the line and the rule.",
          thing::layer, effect::none, level::error),
      code("segments.rule-too-slow",
           "A rule took more steps than its limit on a block, as one with a repetition within a repetition does. The "
           "message names it.",
           thing::layer, effect::none, level::error),
      code("segments.block-too-large", "A block is longer than the limit `block`, so rules were not tried on it.",
           thing::layer, effect::none, level::error),
      code("segments.no-rules",
           "No pattern of the SRX file knows a language of the document, or none is known; the built-in rules were "
           "used.",
           thing::layer, effect::none, level::info));

  void prepare();
  void run(document_view document, marks &out, const call &host) const;

 private:
  /// The rules of the file for a language, or null when it has none.
  srx_breaker *srx_for(std::string_view language) const;

  abbreviation_set held_;
  std::unique_ptr<sentence_breaker> built_in_;
  std::optional<srx_rules> srx_;
  mutable std::map<std::string, std::unique_ptr<srx_breaker>, std::less<>> breakers_;  // by language; null: none
};

}  // namespace calque::segments
