// SPDX-License-Identifier: Apache-2.0
// The words of English that tell what a bracket does to its sentence. All functions take folded words.
#pragma once

#include <string_view>

namespace calque::editorial {

/// Words that carry grammar and no matter: prepositions, conjunctions, auxiliaries, adverbs, pronouns, determiners.
bool is_function_word(std::string_view word);
bool is_article(std::string_view word);     // the, a, an, this, that, these, those
bool is_possessive(std::string_view word);  // my, our, their …
bool is_pronoun(std::string_view word);     // it, he, him, they, which, here …: what a gloss explains
bool is_determiner(std::string_view word);  // articles, possessives, quantities
/// A word after which a verb stands: to, not, modals, subject pronouns.
bool is_before_verb(std::string_view word);
/// A common verb, or a word that looks like one (…ing, …ed).
bool is_verb_like(std::string_view word);
/// A word that looks like an adjective: by its ending, or of a nation.
bool is_adjective_like(std::string_view word);
bool is_month_or_day(std::string_view word);
/// Surnames of one syllable or two, after which a given name is printed in brackets: Zhang [Hanfu].
bool is_east_asian_surname(std::string_view word);

}  // namespace calque::editorial
