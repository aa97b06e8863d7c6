// SPDX-License-Identifier: Apache-2.0
// One table a layer of the model. A kind or key that is not here is refused at the boundary.
#include "host/document/layer_schemas.hpp"

#include <algorithm>

#include "host/document/stage_rules.hpp"

namespace calque::host {
namespace {

using kinds = std::string_view;
constexpr uint32_t text = CALQUE_VALUE_TEXT, integer = CALQUE_VALUE_INT, number = CALQUE_VALUE_NUMBER,
                   boolean = CALQUE_VALUE_BOOL, ref = CALQUE_VALUE_REF, node = CALQUE_VALUE_NODE;

constexpr kinds page_kinds[] = {"page"};
constexpr layer_key page_keys[] = {{"n", text}, {"facs", text}, {"source", text}, {"box", text}};

constexpr kinds line_kinds[] = {"line"};
constexpr layer_key line_keys[] = {{"n", text}, {"facs", text}, {"box", text}};

constexpr kinds language_kinds[] = {"language"};
constexpr layer_key language_keys[] = {{"tag", text, true}, {"script", text}, {"confidence", number}};

constexpr kinds segment_kinds[] = {"sentence"};
constexpr layer_key segment_keys[] = {{"rule", text}};

// `marked` is the text that another intervention speaks of: the word before a [sic], the name before its variant.
constexpr kinds editorial_kinds[] = {
    "sic",       "supplied", "omitted",  "gloss",           "original_word", "variant_name", "uncertain",
    "illegible", "withheld", "marginal", "translator_note", "editor_note",   "marked"};
constexpr layer_key editorial_keys[] = {{"agent", text}, {"certainty", text}, {"extent", text},
                                        {"open", text},  {"close", text},     {"marks", ref},
                                        {"lang", text},  {"reason", text},    {"rule", text}};

constexpr kinds name_kinds[] = {"person", "place", "organization", "role", "speaker"};
constexpr layer_key name_keys[] = {{"key", text},     {"full", text},         {"short", text}, {"title", text},
                                   {"part", text},    {"person", ref},        {"of", ref},     {"authority", text},
                                   {"variant", text}, {"romanization", text}, {"role", text},  {"affiliation", text}};

constexpr kinds date_kinds[] = {"date"};
constexpr layer_key date_keys[] = {
    {"edtf", text, true}, {"calendar", text}, {"printed", text}, {"part", text}, {"certainty", text}};

constexpr kinds term_kinds[] = {"term"};
// `target` may repeat, the preferred one first. Whoever writes a glossary or checks a translation needs the language
// and the termbase too, and the words that tell concepts apart.
constexpr layer_key term_keys[] = {{"concept", text}, {"source", text},   {"target", text},     {"status", text},
                                   {"lang", text},    {"termbase", text}, {"definition", text}, {"note", text}};

constexpr kinds match_kinds[] = {"match"};
constexpr layer_key match_keys[] = {
    {"score", number}, {"kind", text}, {"origin", text}, {"source", text}, {"target", text}, {"segment", ref}};

constexpr kinds translation_kinds[] = {"target"};
constexpr layer_key translation_keys[] = {
    {"segment", ref}, {"lang", text}, {"text", text}, {"state", text}, {"producer", text}};

constexpr kinds alignment_kinds[] = {"link", "unaligned"};
constexpr layer_key alignment_keys[] = {{"source", ref}, {"target", ref}, {"score", number}, {"node", node}};

constexpr kinds issue_kinds[] = {"issue"};
constexpr layer_key issue_keys[] = {
    {"type", text, true}, {"severity", number}, {"comment", text}, {"rule", text}, {"enabled", boolean}};

constexpr kinds change_kinds[] = {"change"};
constexpr layer_key change_keys[] = {
    {"code", text, true}, {"before", text}, {"after", text}, {"stage", text}, {"count", integer}};

constexpr layer_schema schemas[] = {
    {"calque.page/1", page_kinds, page_keys, CALQUE_FOLLOW, true},
    {"calque.line/1", line_kinds, line_keys, CALQUE_FOLLOW, false},
    {"calque.language/1", language_kinds, language_keys, CALQUE_FOLLOW, true},
    {"calque.segment/1", segment_kinds, segment_keys, CALQUE_FOLLOW, false},
    {"calque.editorial/1", editorial_kinds, editorial_keys, CALQUE_FOLLOW, false},
    {"calque.name/1", name_kinds, name_keys, CALQUE_FOLLOW, false},
    {"calque.date/1", date_kinds, date_keys, CALQUE_FOLLOW, false},
    {"calque.term/1", term_kinds, term_keys, CALQUE_FOLLOW, false},
    {"calque.match/1", match_kinds, match_keys, CALQUE_FOLLOW, false},
    {"calque.translation/1", translation_kinds, translation_keys, CALQUE_FOLLOW, false},
    {"calque.alignment/1", alignment_kinds, alignment_keys, CALQUE_FOLLOW, false},
    {"calque.issue/1", issue_kinds, issue_keys, CALQUE_FOLLOW, false},
    {"calque.change/1", change_kinds, change_keys, CALQUE_FOLLOW, false},
};

bool is_digits(std::string_view digits) {
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_sign(std::string_view value) {
  return value.starts_with('-') ? value.substr(1) : value;
}

}  // namespace

const layer_schema *find_schema(std::string_view layer) {
  const auto *found = std::find_if(std::begin(schemas), std::end(schemas),
                                   [&](const layer_schema &schema) { return schema.name == layer; });
  return found == std::end(schemas) ? nullptr : found;
}

std::span<const layer_schema> all_schemas() {
  return schemas;
}

bool is_layer_name(std::string_view name) {
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos || !is_digits(name.substr(slash + 1))) return false;
  const std::string_view owner = name.substr(0, slash);
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  return owner.find('.') != std::string_view::npos && std::all_of(owner.begin(), owner.end(), fits) &&
         owner.front() != '.' && owner.back() != '.' && owner.find("..") == std::string_view::npos;
}

std::optional<std::string> check_value(uint32_t type, std::string_view value) {
  switch (type) {
    case CALQUE_VALUE_TEXT:
      return is_utf8(value) ? std::nullopt : std::optional<std::string>("is not UTF-8");
    case CALQUE_VALUE_INT:
      return is_digits(without_sign(value)) ? std::nullopt : std::optional<std::string>("is no decimal number");
    case CALQUE_VALUE_NUMBER: {
      const std::string_view digits = without_sign(value);
      const size_t point = digits.find('.');
      const bool good = is_digits(digits.substr(0, point)) &&
                        (point == std::string_view::npos || is_digits(digits.substr(point + 1)));
      return good ? std::nullopt : std::optional<std::string>("is no decimal number with a point");
    }
    case CALQUE_VALUE_BOOL:
      return value == "true" || value == "false" ? std::nullopt
                                                 : std::optional<std::string>("is neither true nor false");
    case CALQUE_VALUE_REF:
    case CALQUE_VALUE_NODE:
      return is_digits(value) && value.size() <= 10 ? std::nullopt : std::optional<std::string>("is no id");
    default:
      return "has a type that does not exist";
  }
}

}  // namespace calque::host
