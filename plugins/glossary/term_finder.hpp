// SPDX-License-Identifier: Apache-2.0
// Finds the terms of a termbase in running text: longest first from the left, no two over each other.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/glossary/automaton.hpp"
#include "plugins/glossary/inflections.hpp"
#include "plugins/glossary/lexicon.hpp"
#include "plugins/glossary/tokens.hpp"

namespace calque::glossary {

enum class case_rule : uint32_t { smart, exact, ignore };

/// A stretch of text that is a term: by index, those of the terms that were given which it is, as many as have this
/// form. They lie in `found_terms::terms`.
struct found_term {
  uint32_t begin = 0, end = 0;
  uint32_t first = 0, count = 0;
};
struct found_terms {
  std::vector<found_term> places;
  std::vector<uint32_t> terms;
  void clear() {
    places.clear();
    terms.clear();
  }
};

class term_finder {
 public:
  struct wanted {
    std::string_view form, language;
  };

  /// Terms are known by their index in `terms`; the strings need not outlive the call.
  term_finder(std::span<const wanted> terms, case_rule, bool with_inflections);

  /// Adds the terms in text [begin, end), which is read as one piece. `soft_breaks`: see token_reader.
  void find(std::string_view text, uint32_t begin, uint32_t end, std::span<const uint32_t> soft_breaks,
            found_terms &out) const;

  /// Bytes that it holds.
  size_t memory() const;

 private:
  /// A word of a term as it is written there.
  struct written_word {
    uint32_t key;  // its number in written_
    inflection rule;
    glossary::capitals capitals;
  };
  struct form {
    uint32_t term, first_word;
    bool has_capitals, has_endings;  // has_endings: some word is known by its beginning alone
  };
  /// How well a text agrees with a form: what is written alike goes before what only folds or ends alike.
  enum class likeness : uint8_t { none, by_ending, by_case, whole };
  struct place {
    uint32_t begin, end;
  };
  class recent_places;

  symbol symbol_of(const token &) const;
  likeness compare(const form &, std::string_view text, const recent_places &, uint64_t first, uint32_t count) const;
  bool accept(uint32_t pattern, std::string_view text, const recent_places &, uint64_t last, size_t floor,
              found_terms &out) const;

  case_rule case_;
  bool with_inflections_;
  lexicon words_;    // as they are matched: with inflections, what all forms of a word begin with
  lexicon written_;  // as they are written in terms, folded
  automaton automaton_;
  std::vector<uint32_t> length_;      // of a pattern, in tokens
  std::vector<uint32_t> first_form_;  // of a pattern, in forms_; one more than there are patterns
  std::vector<form> forms_;
  std::vector<written_word> form_words_;
  uint32_t longest_ = 1;
};

}  // namespace calque::glossary
