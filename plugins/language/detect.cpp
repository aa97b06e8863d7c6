// SPDX-License-Identifier: Apache-2.0
// Counts scripts with ICU, and asks CLD2.
#include "plugins/language/detect.hpp"

#include "plugins/common/words.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <map>

namespace calque::language {
namespace {

// The script of a letter, by its four-letter name; empty for what is common to all.
std::string_view script_of(char32_t c) {
  if (c < 0x80) return plugins::is_letter(c) ? "Latn" : "";
  if (!plugins::is_letter(c)) return {};
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode code = uscript_getScript(static_cast<UChar32>(c), &status);
  if (U_FAILURE(status) || code == USCRIPT_COMMON || code == USCRIPT_INHERITED || code == USCRIPT_UNKNOWN) return {};
  if (code == USCRIPT_HIRAGANA || code == USCRIPT_KATAKANA) return "Jpan";
  if (code == USCRIPT_HANGUL) return "Kore";
  return uscript_getShortName(code);
}

// CLD2 takes an int for the size, and more text than this makes it no surer.
constexpr size_t longest_asked = 1u << 18;

}  // namespace

script_count count_script(std::string_view text) {
  std::map<std::string_view, size_t> counts;
  script_count total;
  for (size_t at = 0; at < text.size();) {
    const std::string_view script = script_of(plugins::next_character(text, at));
    if (script.empty()) continue;
    ++counts[script];
    ++total.letters;
  }
  // Han is written with kana in Japanese, and among hangul in Korean.
  if (auto han = counts.find("Hani"); han != counts.end())
    for (std::string_view with : {"Jpan", "Kore"})
      if (auto found = counts.find(with); found != counts.end() && found->second * 5 >= han->second) {
        found->second += han->second;
        counts.erase(han);
        break;
      }
  size_t most = 0;
  for (const auto &[script, count] : counts)
    if (count > most) {
      most = count;
      total.script = script;
    }
  return total;
}

guess detect(std::string_view text, int share, const std::vector<std::string> &candidates) {
  CLD2::Language found[3] = {CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE, CLD2::UNKNOWN_LANGUAGE};
  int percent[3] = {0, 0, 0}, bytes = 0, valid = 0;
  double score[3] = {0, 0, 0};
  bool is_reliable = false;
  const CLD2::CLDHints no_hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  const size_t size = std::min(text.size(), longest_asked);
  CLD2::ExtDetectLanguageSummaryCheckUTF8(text.data(), static_cast<int>(size), true, &no_hints, 0, found, percent, score,
                                          nullptr, &bytes, &is_reliable, &valid);
  if (!is_reliable || found[0] == CLD2::UNKNOWN_LANGUAGE || percent[0] < share) return {};
  std::string tag = CLD2::LanguageCode(found[0]);
  if (tag == "un" || tag.starts_with("xx") || tag.empty()) return {};
  if (tag == "iw") tag = "he";
  if (tag == "jw") tag = "jv";
  if (!candidates.empty() && std::none_of(candidates.begin(), candidates.end(), [&](const std::string &candidate) {
        return candidate == tag || candidate.starts_with(tag + "-") || tag.starts_with(candidate + "-");
      }))
    return {};
  return {tag, percent[0] / 100.0};
}

guess by_script(std::string_view script) {
  static const std::map<std::string_view, std::string_view> own = {
      {"Kore", "ko"}, {"Jpan", "ja"}, {"Grek", "el"}, {"Geor", "ka"}, {"Armn", "hy"},
      {"Thai", "th"}, {"Laoo", "lo"}, {"Khmr", "km"}, {"Taml", "ta"}, {"Telu", "te"}};
  if (const auto found = own.find(script); found != own.end()) return {std::string(found->second), 0.9};
  if (script.empty() || script == "Latn") return {};
  return {"und-" + std::string(script), 0};
}

std::vector<foreign_run> foreign_runs(std::string_view text, std::string_view script) {
  std::vector<foreign_run> runs;
  const bool with_han = script == "Jpan" || script == "Kore";
  bool goes_on = false;  // the last letter was of the last run
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const std::string_view own = script_of(plugins::next_character(text, at));
    if (own.empty()) continue;
    if (own == script || (with_han && own == "Hani")) {
      goes_on = false;
      continue;
    }
    // Han and kana, or han and hangul, are one run.
    auto joins = [](std::string_view a, std::string_view b) {
      return a == b || (a == "Hani" && (b == "Jpan" || b == "Kore")) || (b == "Hani" && (a == "Jpan" || a == "Kore"));
    };
    if (goes_on && joins(runs.back().script, own)) {
      runs.back().end = static_cast<uint32_t>(at);
      ++runs.back().letters;
      if (own != "Hani") runs.back().script = own;
    } else {
      runs.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(at), own, 1});
    }
    goes_on = true;
  }
  return runs;
}

}  // namespace calque::language
