// SPDX-License-Identifier: Apache-2.0
// Romanizes by ICU and reduces names to classes of consonants.
#include "plugins/align/romanized.hpp"

#include "plugins/common/words.hpp"

#include <unicode/unistr.h>

#include <stdexcept>

namespace calque::align {
namespace {

constexpr size_t fewest_classes = 4, most_classes = 10;  // two consonants are everybody's; ten are nobody's
constexpr size_t longest_window = 6;                     // Han signs of a name

bool is_front(char c) {
  return c == 'e' || c == 'i' || c == 'y';
}

}  // namespace

std::string skeleton(std::string_view latin, bool is_pinyin) {
  std::string out;
  const auto put = [&](char c) {
    if (out.empty() || out.back() != c) out += c;
  };
  for (size_t k = 0; k < latin.size(); ++k) {
    const char c = latin[k], next = k + 1 < latin.size() ? latin[k + 1] : '\0';
    switch (c) {
      case 'b':
        put('p');
        break;
      case 'p':
        put(next == 'h' ? 'f' : 'p');
        if (next == 'h') ++k;
        break;
      case 'f':
      case 'v':
      case 'w':
        put('f');
        if (c == 'w' && next == 'h') ++k;
        break;
      case 't':
        if (next == 's' || next == 'z') break;  // ts, tz: the sibilant that follows says it
        put('t');
        if (next == 'h') ++k;
        break;
      case 'd':
        put('t');
        break;
      case 's':
      case 'z':
        put('s');
        // sh, zh, sch, shch are one sound.
        while (k + 1 < latin.size() &&
               (latin[k + 1] == 'h' || (latin[k + 1] == 'c' && k + 2 < latin.size() && latin[k + 2] == 'h')))
          ++k;
        break;
      case 'j':
        put('s');
        break;
      case 'c':
        if (is_pinyin || next == 'h' || is_front(next))
          put('s');
        else
          put('k');
        if (next == 'h') ++k;
        break;
      case 'x':
        if (!is_pinyin) put('k');
        put('s');
        break;
      case 'q':
        put(is_pinyin ? 's' : 'k');
        break;
      case 'k':
      case 'g':
        put('k');
        if (next == 'h') ++k;
        break;
      case 'h':
        put('k');
        break;
      case 'l':
      case 'r':
        put('l');
        break;
      case 'm':
        put('m');
        break;
      case 'n':
        put('n');
        if (is_pinyin && next == 'g') ++k;  // within a syllable ng is one sound
        break;
      default:
        break;
    }
  }
  return out;
}

romanizer::romanizer() {
  UErrorCode status = U_ZERO_ERROR;
  latin_.reset(icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
  if (U_FAILURE(status)) throw std::runtime_error(std::string("ICU does not romanize: ") + u_errorName(status));
}

const std::string &romanizer::of(std::string_view word) {
  const auto [found, is_new] = known_.try_emplace(std::string(word));
  if (is_new) {
    icu::UnicodeString text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(word.data(), static_cast<int32_t>(word.size())));
    latin_->transliterate(text);
    std::string latin;
    text.toUTF8String(latin);
    for (char c : latin)
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) found->second += c;
  }
  return found->second;
}

std::vector<std::string> romanizer::word_keys(std::string_view word) {
  const std::string &latin = of(word);
  std::vector<std::string> keys;
  if (latin.size() < 3) return keys;
  keys.push_back("=" + latin);  // equal letter by letter, as Chinese names in pinyin are
  std::string sounds = skeleton(latin, false);
  if (sounds.size() > most_classes) return keys;
  if (sounds.size() >= fewest_classes) keys.push_back("~" + sounds);
  // Without the last consonant: an ending of Russian cases (-ом, -ов) or an English plural.
  if (sounds.size() > fewest_classes) keys.push_back("~" + sounds.substr(0, sounds.size() - 1));
  return keys;
}

void romanizer::put_window_keys(const std::vector<std::string> &syllables, std::vector<std::string> &keys) const {
  for (size_t begin = 0; begin < syllables.size(); ++begin) {
    std::string equal = "=", sounds = "~";
    for (size_t k = begin; k < std::min(begin + longest_window, syllables.size()); ++k) {
      equal += syllables[k];
      std::string next = skeleton(syllables[k], true);
      if (!next.empty() && next.front() == sounds.back()) next.erase(0, 1);
      sounds += next;
      if (k < begin + 3) keys.push_back(equal);
      if (k > begin && sounds.size() > fewest_classes && sounds.size() <= most_classes + 1) keys.push_back(sounds);
    }
  }
}

std::vector<std::string> romanizer::window_keys(std::string_view text) {
  std::vector<std::string> keys;
  for (const plugins::word &w : plugins::words_of(text)) {
    std::vector<std::string> syllables;
    for (size_t at = 0; at < w.text.size();) {
      const size_t begin = at;
      if (!plugins::is_east_asian(plugins::next_character(w.text, at))) {
        put_window_keys(syllables, keys);
        syllables.clear();
      } else {
        syllables.push_back(of(w.text.substr(begin, at - begin)));
      }
    }
    put_window_keys(syllables, keys);
  }
  return keys;
}

}  // namespace calque::align
