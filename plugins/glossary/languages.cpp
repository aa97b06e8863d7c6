// SPDX-License-Identifier: Apache-2.0
// Takes language tags apart, as people write them: with hyphens or low lines, in any case, of two letters or three.
#include "plugins/glossary/languages.hpp"

#include <unicode/uloc.h>

#include <algorithm>

namespace calque::glossary {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_joint(char c) {
  return c == '-' || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::string_view first_part(std::string_view tag) {
  return tag.substr(0, static_cast<size_t>(std::find_if(tag.begin(), tag.end(), is_joint) - tag.begin()));
}

}  // namespace

std::string primary_of(std::string_view tag) {
  const std::string first = lower(first_part(tag));
  if (first.size() < 2 || first.size() > 8 || !std::all_of(first.begin(), first.end(), is_letter)) return {};
  if (first == "und" || first == "mul" || first == "zxx") return {};
  if (first.size() != 3) return first;
  // ICU knows the code of two letters for that of three; where there is none it gives back what it was given.
  char shorter[12];
  UErrorCode status = U_ZERO_ERROR;
  const int32_t size = uloc_getLanguage(first.c_str(), shorter, sizeof shorter, &status);
  return U_SUCCESS(status) && size > 0 && size < 4 ? std::string(shorter, static_cast<size_t>(size)) : first;
}

std::string script_of(std::string_view tag) {
  tag.remove_prefix(first_part(tag).size());
  while (!tag.empty()) {
    tag.remove_prefix(1);
    const std::string_view part = first_part(tag);
    if (part.size() == 4 && std::all_of(part.begin(), part.end(), is_letter)) return lower(part);
    if (part.size() == 1) break;  // extensions: what follows is no script
    tag.remove_prefix(part.size());
  }
  return {};
}

bool is_language_tag(std::string_view tag) {
  const std::string_view first = first_part(tag);
  if (first.empty() || first.size() > 8 || !std::all_of(first.begin(), first.end(), is_letter)) return false;
  size_t part = 0;
  for (char c : tag) {
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-') return false;
    part = c == '-' ? 0 : part + 1;
    if (part > 8) return false;
  }
  return tag.back() != '-' && tag.find("--") == tag.npos;
}

bool is_language(std::string_view tag, std::string_view wanted) {
  if (wanted.empty()) return true;
  if (primary_of(tag) != primary_of(wanted)) return false;
  const std::string script = script_of(tag), wanted_script = script_of(wanted);
  return script.empty() || wanted_script.empty() || script == wanted_script;
}

}  // namespace calque::glossary
