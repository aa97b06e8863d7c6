// SPDX-License-Identifier: Apache-2.0
// ICU knows what languages are called; the names of all of them are looked up once, when a field first has one.
#include "plugins/language/original.hpp"

#include "plugins/common/words.hpp"

#include <unicode/locid.h>

#include <cstring>
#include <map>

namespace calque::language {
namespace {

using names = std::map<std::string, std::string, std::less<>>;

/// Names in a language, or each language's own where `in` is NULL. A name of two languages is of neither.
names names_of_languages(const char *in) {
  names made;
  for (const char *const *code = icu::Locale::getISOLanguages(); *code != nullptr; ++code) {
    if (std::strlen(*code) > 2 && in == nullptr) continue;  // seldom known, and then seldom written
    const icu::Locale named(*code);
    icu::UnicodeString name;
    named.getDisplayLanguage(in == nullptr ? named : icu::Locale(in), name);
    std::string utf8;
    name.toUTF8String(utf8);
    if (utf8 == *code) continue;  // ICU has no name for it
    const auto [at, is_new] = made.emplace(plugins::folded(utf8), *code);
    if (!is_new) at->second.clear();
  }
  return made;
}

bool is_tag(std::string_view words) {
  const size_t primary = std::min(words.find('-'), words.size());
  if (primary < 2 || primary > 3) return false;
  for (const char c : words)
    if (!(c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
  for (const char *const *code = icu::Locale::getISOLanguages(); *code != nullptr; ++code)
    if (words.substr(0, primary) == *code) return true;
  return false;
}

std::string_view without_parentheses(std::string_view words) {
  words = words.substr(0, words.find('('));
  while (!words.empty() && (words.back() == ' ' || words.back() == '.')) words.remove_suffix(1);
  while (!words.empty() && words.front() == ' ') words.remove_prefix(1);
  return words;
}

}  // namespace

std::string language_named(std::string_view words) {
  words = without_parentheses(words);
  if (is_tag(words)) return std::string(words);
  static const names english = names_of_languages("en");
  const std::string name = plugins::folded(words);
  if (const auto found = english.find(name); found != english.end()) return found->second;
  static const names others[] = {names_of_languages("ru"), names_of_languages("zh"), names_of_languages("fr"),
                                 names_of_languages("de"), names_of_languages("es"), names_of_languages(nullptr)};
  for (const names &in : others)
    if (const auto found = in.find(name); found != in.end()) return found->second;
  return {};
}

}  // namespace calque::language
