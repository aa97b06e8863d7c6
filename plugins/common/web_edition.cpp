// SPDX-License-Identifier: Apache-2.0
// The signs of the editors and the small judgements that every edition for a browser makes alike.
#include "web_edition.hpp"

#include <algorithm>
#include <cstring>

namespace edition {

using calque::kind;

namespace {

constexpr intervention interventions[] = {
    {"sic", "!", "sic", "the source has it so"},
    {"supplied", "+", "supplied", "words that complete the sentence, not in the source"},
    {"omitted", "\u2026", "omitted", "something of the source is left out here"},
    {"gloss", "=", "explanation", "says what the words before or after it mean"},
    {"original_word", "\u00AB", "original word", "the word of the source language"},
    {"variant_name", "\u2248", "other name", "another name of the same place"},
    {"uncertain", "?", "uncertain", "the reading is not sure"},
    {"illegible", "\u00D7", "illegible", "the source cannot be read here"},
    {"withheld", "\u25A0", "withheld", "not released"},
    {"marginal", "\u2016", "marginal", "written in the margin of the source"},
    {"translator_note", "T", "translator's note", "a remark of the translator"},
    {"editor_note", "E", "editor's note", "a remark of the editor"},
};

/// The look of the line under an intervention; kinds that are often side by side differ.
std::string_view line_of(std::string_view kind) {
  if (kind == "supplied" || kind == "original_word") return "dotted";
  if (kind == "gloss" || kind == "translator_note" || kind == "editor_note") return "dashed";
  if (kind == "sic" || kind == "uncertain") return "wavy";
  if (kind == "variant_name" || kind == "marginal") return "double";
  return "solid";
}

}  // namespace

const intervention *find_intervention(std::string_view kind) {
  const auto *found = std::find_if(std::begin(interventions), std::end(interventions),
                                   [&](const intervention &i) { return i.kind == kind; });
  return found == std::end(interventions) ? nullptr : found;
}

std::string explain(const intervention &shown, const annotation &what) {
  std::string title(shown.name);
  title += ": " + std::string(shown.meaning);
  for (const auto &value : what.values()) {
    if (value.key == "agent" && !value.text.empty()) title += "; by the " + std::string(value.text);
    if (value.key == "certainty" && !value.text.empty()) title += "; certainty " + std::string(value.text);
    if (value.key == "extent" && !value.text.empty()) title += "; " + std::string(value.text);
  }
  return title;
}

std::string intervention_rules() {
  std::string made;
  for (const intervention &i : interventions) {
    const std::string selector = ".ed." + std::string(i.kind);
    // The word joiner keeps the sign on the line of what it marks.
    const std::string sign = "content: \"\u2060" + std::string(i.sign) + "\"";
    made += selector + " { text-decoration-style: " + std::string(line_of(i.kind)) + "; }\n";
    // The second form gives the sign a name that is read aloud; what does not know it keeps the first.
    made += selector + ":not(.part)::after { " + sign + "; " + sign + " / \"(" + std::string(i.name) + ")\"; }\n";
  }
  return made;
}

/// Whether a language is written from right to left, by its tag.
bool is_right_to_left(std::string_view tag) {
  for (std::string_view script : {"-Arab", "-Hebr", "-Syrc", "-Thaa", "-Nkoo", "-Adlm"})
    if (tag.find(script) != std::string_view::npos) return true;
  if (tag.find("-Latn") != std::string_view::npos || tag.find("-Cyrl") != std::string_view::npos) return false;
  const std::string_view primary = tag.substr(0, tag.find('-'));
  for (std::string_view language : {"ar", "he", "fa", "ur", "yi", "dv", "ps", "sd", "ug", "syr", "arc", "ckb"})
    if (primary == language) return true;
  return false;
}

/// Whether text holds a letter of such a script: U+0590 to U+08FF and the presentation forms.
bool has_right_to_left(std::string_view text) {
  for (size_t k = 0; k + 1 < text.size(); ++k) {
    // Eight letters of most languages at once.
    uint64_t eight = 0;
    while (k + sizeof eight < text.size() &&
           (std::memcpy(&eight, text.data() + k, sizeof eight), (eight & 0x8080808080808080u) == 0))
      k += sizeof eight;
    const auto lead = static_cast<unsigned char>(text[k]), next = static_cast<unsigned char>(text[k + 1]);
    if ((lead == 0xD6 && next >= 0x90) || (lead >= 0xD7 && lead <= 0xDF) ||
        (lead == 0xE0 && next <= 0xA3 && next >= 0xA0))
      return true;
    if (lead == 0xEF && ((next >= 0xAC && next <= 0xB7) || next == 0xB9 || next == 0xBA || next == 0xBB)) return true;
  }
  return false;
}

bool can_follow(std::string_view href) {
  std::string replaced;
  if (href.empty() || replace_forbidden(href, replaced)) return false;
  const size_t colon = href.find(':');
  if (colon == std::string_view::npos || colon > href.find_first_of("/?#")) return !href.starts_with("//");
  std::string scheme(href.substr(0, colon));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  const std::string_view rest = href.substr(colon + 1);
  if (scheme == "mailto") return rest.find('@') != std::string_view::npos;
  if (scheme != "http" && scheme != "https") return false;
  if (!rest.starts_with("//")) return false;
  const std::string_view host = rest.substr(2, rest.find_first_of("/?#", 2) - 2);
  return !host.empty() && host.front() != '.' && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

std::string machine_time(std::string_view edtf) {
  const auto date = read_edtf(edtf);
  // An interval has no form of its own; the title says it whole.
  if (!date) return {};
  const std::string &value = date->begin.value.empty() ? date->end.value : date->begin.value;
  if (value.starts_with("--")) return value.substr(2);
  if (value.starts_with("0000")) return {};
  return value;
}

/// What a field is called where the source gives it no label.
std::string name_of_field(node field) {
  std::string name(field.attr("label").value_or(""));
  if (name.empty()) {
    name = field.attr("key").value_or("field");
    if (name.starts_with("calque.")) name.erase(0, 7);
    for (char &c : name)
      if (c == '_') c = ' ';
    if (name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  while (!name.empty() && (name.back() == ':' || name.back() == ' ')) name.pop_back();
  return name;
}

uint32_t number_of(std::optional<std::string_view> text, uint32_t otherwise, uint32_t most) {
  if (!text || text->empty() || text->size() > 6) return otherwise;
  uint32_t value = 0;
  for (char c : *text) {
    if (c < '0' || c > '9') return otherwise;
    value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return std::min(value, most);
}

bool begins_with_heading(node n) {
  for (node child : n.children())
    if (!child.is(kind::aside)) return child.is(kind::heading);
  return false;
}

}  // namespace edition
