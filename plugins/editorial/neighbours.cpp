// SPDX-License-Identifier: Apache-2.0
// Reads what stands before and after a bracket.
#include "plugins/editorial/neighbours.hpp"

#include "plugins/common/titles.hpp"
#include "plugins/editorial/english.hpp"

namespace calque::editorial {
namespace {

using plugins::next_character;
using plugins::previous_character;

constexpr size_t reach_before = 300, words_before = 5, words_read = 16, bytes_read = 600;

bool is_quote(char32_t c) {
  return c == '"' || plugins::is_apostrophe(c) || (c >= 0x2018 && c <= 0x201f) || c == 0xab || c == 0xbb ||
         (c >= 0x300a && c <= 0x300f);
}
bool is_stop(char32_t c) {
  return c == '.' || c == '!' || c == '?' || c == ':' || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0xff1a;
}
bool is_opening(char32_t c) {
  return c == '[' || c == 0xff3b || c == 0x3014 || c == 0x3010;
}
bool is_closing(char32_t c) {
  return c == ']' || c == 0xff3d || c == 0x3015 || c == 0x3011;
}

// Where the bracket that ends at `end` begins; `end` itself when that is not near.
size_t begin_of_bracket(std::string_view block, size_t end) {
  size_t depth = 0;
  for (size_t at = end; at > 0 && end - at < reach_before;) {
    const char32_t c = previous_character(block, at);
    if (is_closing(c)) ++depth;
    if (is_opening(c) && --depth == 0) return at;
  }
  return end;
}

}  // namespace

neighbours::neighbours(std::string_view block, const bracket &where)
    : block_(block),
      content_(plugins::without_gaps(block.substr(where.open_end, where.close_begin - where.open_end))),
      after_(where.end) {
  words_ = plugins::words_of(content_.substr(0, bytes_read), words_read);
  if (where.begin > 0) {
    size_t at = where.begin;
    const char32_t c = previous_character(block, at);
    touches_before_ = plugins::is_word(c) && !plugins::is_unspaced(c);
  }
  size_t at = where.end;
  if (at < block.size()) {
    const char32_t c = next_character(block, at);
    touches_digit_ = plugins::is_digit(c);
    touches_after_ = plugins::is_letter(c) && !plugins::is_unspaced(c);
    is_link_ = c == '(' && (block.substr(at).starts_with("http") || block.substr(at).starts_with("mailto:") ||
                            block.substr(at).starts_with("#"));
  }
  for (at = where.end; at < block.size();) {
    const char32_t c = next_character(block, at);
    if (plugins::is_gap(c) || plugins::is_invisible(c)) continue;
    next_ = c;
    break;
  }
  read_before(where.begin);
}

void neighbours::read_before(size_t at) {
  const size_t limit = at > reach_before ? at - reach_before : 0;
  bool adjacent = true;
  follows_stop_ = is_first_ = true;
  while (at > limit) {
    size_t before = at;
    const char32_t c = previous_character(block_, before);
    if (plugins::is_gap(c) || plugins::is_invisible(c)) {
      at = before;
      continue;
    }
    is_first_ = false;
    if (is_closing(c) && before_.empty()) {
      const size_t begin = begin_of_bracket(block_, at);
      if (begin != at) {
        at = begin;
        continue;
      }
    }
    if (c == ')' && before_.empty()) {  // "League of Communists (LCY) [Savez komunista]"
      const size_t open = block_.rfind('(', before);
      if (open != std::string_view::npos && before - open < 40 && open > limit) {
        at = open;
        continue;
      }
    }
    if (is_quote(c)) {
      at = before;
      continue;
    }
    adjacent = plugins::is_word(c);
    if (before_.empty()) follows_stop_ = is_stop(c);
    break;
  }
  if (!adjacent || is_first_) return;
  while (at > limit && before_.size() < words_before) {
    const size_t begin = plugins::word_begin_before(block_, at);
    if (begin == at) return;
    near_word w{static_cast<uint32_t>(begin), static_cast<uint32_t>(at), block_.substr(begin, at - begin), false,
                false};
    const char32_t first = plugins::first_character(w.text);
    w.is_capitalised = plugins::is_upper(first);
    w.starts_with_digit = plugins::is_digit(first);
    before_.push_back(w);
    at = begin;
    while (at > limit) {  // only blanks may stand between these words
      size_t before = at;
      if (!plugins::is_gap(previous_character(block_, before))) break;
      at = before;
    }
    if (at == begin) return;
  }
}

script_name neighbours::script_around() const {
  if (!before_.empty()) {
    if (auto found = script_of(before_[0].text); !found.code.empty()) return found;
  }
  return script_of(block_.substr(after_, 60));
}

std::optional<stretch> neighbours::name_before() const {
  std::optional<stretch> name;
  for (const near_word &w : before_) {
    const std::string word = plugins::folded(w.text);
    if (!w.is_capitalised && !plugins::is_unspaced(plugins::first_character(w.text))) break;
    if (name && (is_function_word(word) || plugins::is_title(word) || plugins::is_demonym(word))) break;
    name = {w.begin, name ? name->end : w.end};
  }
  return name;
}

script_name script_of(std::string_view text) {
  size_t latin = 0, cyrillic = 0, han = 0, kana = 0, hangul = 0, others = 0;
  UScriptCode other = USCRIPT_UNKNOWN;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    if (!plugins::is_letter(c)) continue;
    UErrorCode status = U_ZERO_ERROR;
    switch (const UScriptCode code = uscript_getScript(static_cast<UChar32>(c), &status); code) {
      case USCRIPT_LATIN:
        ++latin;
        break;
      case USCRIPT_CYRILLIC:
        ++cyrillic;
        break;
      case USCRIPT_HAN:
        ++han;
        break;
      case USCRIPT_HIRAGANA:
      case USCRIPT_KATAKANA:
        ++kana;
        break;
      case USCRIPT_HANGUL:
        ++hangul;
        break;
      case USCRIPT_COMMON:
      case USCRIPT_INHERITED:
        break;
      default:
        other = code;
        ++others;
    }
  }
  const size_t most = std::max({latin, cyrillic, han + kana, hangul, others});
  if (most == 0) return {};
  if (most == han + kana) return kana != 0 ? script_name{"Jpan", "ja", true} : script_name{"Hani", "und-Hani", true};
  if (most == hangul) return {"Kore", "ko", true};
  if (most == latin) return {"Latn", "und-Latn", false};
  if (most == cyrillic) return {"Cyrl", "und-Cyrl", false};
  switch (other) {
    case USCRIPT_ARABIC:
      return {"Arab", "und-Arab", false};
    case USCRIPT_GREEK:
      return {"Grek", "el", false};
    case USCRIPT_HEBREW:
      return {"Hebr", "und-Hebr", false};
    case USCRIPT_MONGOLIAN:
      return {"Mong", "und-Mong", false};
    case USCRIPT_TIBETAN:
      return {"Tibt", "und-Tibt", false};
    case USCRIPT_GEORGIAN:
      return {"Geor", "ka", false};
    case USCRIPT_ARMENIAN:
      return {"Armn", "hy", false};
    case USCRIPT_THAI:
      return {"Thai", "th", false};
    case USCRIPT_DEVANAGARI:
      return {"Deva", "und-Deva", false};
    default:
      return {"Zyyy", "und", false};
  }
}

std::string_view language_named(std::string_view name) {
  static constexpr std::string_view table[][2] = {
      {"russian", "ru"},   {"rus", "ru"},     {"russ", "ru"},       {"chinese", "zh"},   {"ch", "zh"},
      {"chin", "zh"},      {"german", "de"},  {"ger", "de"},        {"french", "fr"},    {"fr", "fr"},
      {"korean", "ko"},    {"kor", "ko"},     {"vietnamese", "vi"}, {"hungarian", "hu"}, {"polish", "pl"},
      {"czech", "cs"},     {"slovak", "sk"},  {"romanian", "ro"},   {"bulgarian", "bg"}, {"albanian", "sq"},
      {"japanese", "ja"},  {"jap", "ja"},     {"mongolian", "mn"},  {"mongol", "mn"},    {"uyghur", "ug"},
      {"uighur", "ug"},    {"kazakh", "kk"},  {"tibetan", "bo"},    {"arabic", "ar"},    {"persian", "fa"},
      {"spanish", "es"},   {"italian", "it"}, {"latin", "la"},      {"serbian", "sr"},   {"croatian", "hr"},
      {"ukrainian", "uk"}, {"english", "en"}, {"turkish", "tr"},    {"hindi", "hi"},     {"portuguese", "pt"}};
  for (const auto &[known, tag] : table)
    if (known == name) return tag;
  return {};
}

namespace {

// Consonants that romanizations tell apart only sometimes fall together; vowels and h fall out.
std::string skeleton(std::string_view name) {
  std::string out;
  for (char c : plugins::folded(name)) {
    char k = 0;
    switch (c) {
      case 'q':
      case 'k':
      case 'g':
      case 'c':
      case 'x':
        k = 'k';
        break;
      case 't':
      case 'd':
        k = 't';
        break;
      case 'b':
      case 'p':
      case 'v':
      case 'w':
      case 'f':
        k = 'p';
        break;
      case 's':
      case 'z':
      case 'j':
        k = 's';
        break;
      case 'l':
      case 'r':
        k = 'r';
        break;
      case 'm':
      case 'n':
        k = c;
        break;
      default:
        break;
    }
    if (k != 0 && (out.empty() || out.back() != k)) out += k;
  }
  return out;
}

}  // namespace

bool sounds_alike(std::string_view a, std::string_view b) {
  const std::string x = skeleton(a), y = skeleton(b);
  if (x.size() < 2 || y.size() < 2) return false;
  if (x == y) return true;
  if (x.size() < 4 || y.size() < 4) return false;
  // One consonant more or other than the other.
  const std::string &longer = x.size() >= y.size() ? x : y, &shorter = x.size() >= y.size() ? y : x;
  if (longer.size() - shorter.size() > 1) return false;
  size_t same = 0;
  while (same < shorter.size() && longer[same] == shorter[same]) ++same;
  const size_t skip = longer.size() == shorter.size() ? 1 : 0;
  return longer.compare(same + 1, std::string::npos, shorter, std::min(same + skip, shorter.size()),
                        std::string::npos) == 0;
}

size_t count_hyphens(std::string_view word) {
  return static_cast<size_t>(std::count(word.begin(), word.end(), '-'));
}

}  // namespace calque::editorial
