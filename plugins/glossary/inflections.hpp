// SPDX-License-Identifier: Apache-2.0
// Which endings a word may have without being another word: English plurals, Russian cases.
#pragma once

#include <string_view>

namespace calque::glossary {

enum class inflection : unsigned char { none, english, russian };

/// The rule for a word of a term in that language (BCP 47, may be empty: then the script alone says it).
inflection rule_for(std::string_view word, std::string_view language);

/// True when both are forms of one word by the rule: the same beginning of three letters or more, and then one ending
/// each from one row of the rule's endings. Words are folded.
bool are_forms_of_one_word(std::string_view a, std::string_view b, inflection rule);

/// What all forms of a word begin with: equal for any two that are_forms_of_one_word by either rule.
std::string_view common_beginning(std::string_view word);

}  // namespace calque::glossary
