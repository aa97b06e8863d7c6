// SPDX-License-Identifier: Apache-2.0
// What editors write in brackets, and what it means: fixed phrases, extensible in a pipeline.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace calque::editorial {

/// The kinds of calque.editorial/1 that are interventions, by name.
inline constexpr std::array<std::string_view, 12> kinds = {
    "sic",       "supplied",  "omitted",  "gloss",    "original_word",   "variant_name",
    "uncertain", "illegible", "withheld", "marginal", "translator_note", "editor_note"};

/// What a phrase says of its bracket.
struct phrase_meaning {
  std::string_view kind;
  std::string agent;   // translator, editor, declassifier, transcriber; empty: not stated
  std::string extent;  // "two words", "less than 1 line"; empty: not stated
};

/// Case folded, blanks and dashes alike, without blanks around it and stops after it: the form that is compared.
std::string normal_form(std::string_view content);

class vocabulary {
 public:
  /// The built-in phrases.
  vocabulary();
  /// Adds `PHRASE = KIND`, before all that is known. A phrase is what the whole bracket says, or says before a colon;
  /// `*` at its begin or end stands for any words. False when that is not the form, or the kind is unknown.
  bool add(std::string_view entry);
  /// The meaning of a bracket that holds `content`.
  std::optional<phrase_meaning> find(std::string_view content) const;

 private:
  struct entry {
    std::string phrase;  // in normal form, without stars
    std::string_view kind, agent;
    bool open_begin, open_end;  // a star stood there
    bool needs_more;            // and a blank before it: "see *" is not "see"
  };
  void put(std::string_view pattern, std::string_view kind, std::string_view agent);
  std::optional<phrase_meaning> match(const std::string &content) const;

  std::vector<entry> entries_;                    // with stars, in order of precedence
  std::unordered_map<std::string, entry> whole_;  // without stars
};

}  // namespace calque::editorial
