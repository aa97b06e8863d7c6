// SPDX-License-Identifier: Apache-2.0
// The tables behind vocabulary.hpp. What is not in them does not come in as ours, whatever a file claims.
#include "vocabulary.hpp"

#include <algorithm>

namespace pandoc_json {
namespace {

constexpr std::string_view terms =
    "title creator subject description publisher contributor date type format identifier source language relation "
    "coverage rights abstract access_rights alternative audience available bibliographic_citation conforms_to created "
    "date_accepted date_copyrighted date_submitted extent has_format has_part has_version is_format_of is_part_of "
    "is_referenced_by is_replaced_by is_required_by is_version_of issued license medium modified provenance references "
    "replaces requires rights_holder spatial table_of_contents temporal valid";

constexpr layer_form forms[] = {
    {"calque.page/1", "page", "n facs source box", "", "", ""},
    {"calque.line/1", "line", "n facs box", "", "", ""},
    {"calque.language/1", "language", "tag script", "confidence", "", "tag"},
    {"calque.editorial/1",
     "sic supplied omitted gloss original_word variant_name uncertain illegible withheld marginal translator_note "
     "editor_note marked",
     "agent certainty extent open close lang reason rule", "", "marks", ""},
    {"calque.date/1", "date", "edtf calendar printed part certainty", "", "", "edtf"},
    {"calque.name/1", "person place organization role",
     "key full short title part authority variant romanization role affiliation", "", "person of", ""},
    {"calque.term/1", "term", "concept source target status", "", "", ""},
};

}  // namespace

const std::span<const layer_form> layer_forms = forms;

bool has_word(std::string_view words, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  for (size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

const layer_form *find_layer(std::string_view name) {
  const auto found = std::find_if(std::begin(forms), std::end(forms), [&](const layer_form &f) { return f.name == name; });
  return found == std::end(forms) ? nullptr : found;
}

bool is_structural(std::string_view key) {
  return has_word("id class lang dir level start style delimiter header colspan rowspan format href title resource aside "
                  "role key anchor display align alignments widths part body",
                  key) ||
         key.starts_with("data.") || key.starts_with("pandoc.");
}

std::optional<calque::kind> block_kind(std::string_view name) {
  for (uint16_t value = 1; value < CALQUE_EMPHASIS; ++value) {
    const auto k = static_cast<calque::kind>(value);
    if (!calque::name_of(k).empty() && calque::name_of(k) == name && k != calque::kind::aside) return k;
  }
  return std::nullopt;
}

std::optional<std::string> field_key(std::string_view name) {
  if (name == "author") return "creator";
  if (name == "lang") return "language";
  if (name == "keywords") return "subject";
  const bool is_ours = name.starts_with("calque.") && name.size() > 7 && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", 7) == std::string_view::npos;
  if (is_ours || has_word(terms, name)) return std::string(name);
  return std::nullopt;
}

std::string meta_name(std::string_view key) {
  return std::string(key == "creator" ? "author" : key == "language" ? "lang" : key);
}

}  // namespace pandoc_json
