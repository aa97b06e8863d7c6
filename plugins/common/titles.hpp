// SPDX-License-Identifier: Apache-2.0
// Words that stand with names: titles and offices of persons, and the nouns that institutions are named with.
#pragma once

#include <string_view>

namespace calque::plugins {

/// Forms of address that say nothing of an office: comrade, Mr., тов., 同志. `word` is folded and without a stop.
bool is_courtesy(std::string_view word);
/// Titles, offices, ranks, and the words that qualify them (vice, deputy, acting); forms of address too.
bool is_title(std::string_view word);
/// Nouns in names of institutions, offices and areas: ministry, department, county, union.
bool is_institution(std::string_view word);
/// Adjectives and nouns of nations: Chinese, Soviet, Albanians.
bool is_demonym(std::string_view word);

}  // namespace calque::plugins
