// SPDX-License-Identifier: Apache-2.0
// Reads the segments of both texts into tokens; a token that could be an anchor counts only where both texts have it.
#include "plugins/align/evidence.hpp"

#include "plugins/align/numbers.hpp"
#include "plugins/align/romanized.hpp"
#include "plugins/common/words.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace calque::align {
namespace {

using plugins::next_character;

constexpr size_t stem = 5;              // characters of a word that are compared: endings are grammar
constexpr size_t longest_piece = 4000;  // bytes of a segment that are looked at
constexpr size_t most_of_a_sound = 25;  // one segment in so many may have a name that is tied by sound
constexpr size_t most_phrases = 2048;   // of terms and names that are looked for in the other text

/// A token before it has a number.
struct raw_token {
  token_class is;
  std::string key;
  bool operator==(const raw_token &) const = default;
};
struct raw_hash {
  size_t operator()(const raw_token &t) const {
    return std::hash<std::string>()(t.key) * 31 + static_cast<size_t>(t.is);
  }
};
using raw_set = std::unordered_set<raw_token, raw_hash>;
/// Ways to say one word, the best first: only the first that the other text has counts, so that no word counts twice.
using raw_choice = std::vector<raw_token>;
using raw_tokens = std::vector<raw_choice>;

bool is_latin(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string stem_of(std::string_view word) {
  const std::string folded = plugins::folded(word);
  size_t at = 0;
  for (size_t k = 0; k < stem && at < folded.size(); ++k) next_character(folded, at);
  return folded.substr(0, at);
}

raw_token by_name(std::string &&key) {
  return {key.front() == '=' ? token_class::name : token_class::sound, key.substr(1)};
}

raw_choice ways_of(std::string_view word, romanizer &latin) {
  raw_choice ways;
  if (is_latin(word) && word.size() > 1) ways.push_back({token_class::latin, plugins::folded(word)});
  if (plugins::is_upper(plugins::first_character(word)))
    for (std::string &key : latin.word_keys(word)) ways.push_back(by_name(std::move(key)));
  ways.push_back({token_class::word, stem_of(word)});
  return ways;
}

// Words by their begin; of scripts without blanks each pair of neighbours.
void put_words(std::string_view text, romanizer &latin, raw_tokens &out) {
  for (const plugins::word &w : plugins::words_of(text)) {
    std::string_view last, one;
    for (size_t at = 0; at < w.text.size();) {
      const size_t begin = at;
      const bool is_letter_of_many = plugins::is_unspaced(next_character(w.text, at));
      if (!is_letter_of_many) {
        // The rest of the word up to a sign of an unspaced script.
        size_t end = at;
        while (end < w.text.size()) {
          size_t ahead = end;
          if (plugins::is_unspaced(next_character(w.text, ahead))) break;
          end = ahead;
        }
        const std::string_view part = w.text.substr(begin, end - begin);
        if (!plugins::is_digit(plugins::first_character(part))) out.push_back(ways_of(part, latin));
        at = end;
        last = {};
        continue;
      }
      one = w.text.substr(begin, at - begin);
      if (!last.empty()) out.push_back({{token_class::word, std::string(last) + std::string(one)}});
      last = one;
    }
  }
}

void put_signs(std::string_view text, raw_tokens &out) {
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    const char *sign = nullptr;
    switch (c) {
      case '?':
      case 0xFF1F:
      case 0x061F:
        sign = "?";
        break;
      case '!':
      case 0xFF01:
        sign = "!";
        break;
      case '"':
      case 0x201C:
      case 0xAB:
      case 0x300C:
      case 0x300A:
        sign = "\"";
        break;
      case '(':
      case 0xFF08:
        sign = "(";
        break;
      case '[':
      case 0xFF3B:
      case 0x3010:
        sign = "[";
        break;
      case ';':
      case 0xFF1B:
      case 0x061B:
        sign = ";";
        break;
      case ':':
      case 0xFF1A:
        sign = ":";
        break;
      case '%':
      case 0xFF05:
      case 0x066A:
        sign = "%";
        break;
      default:
        break;
    }
    if (sign != nullptr) out.push_back({{token_class::sign, sign}});
  }
}

/// Letters and digits. A Han sign says about as much as three letters, a syllable of hangul as two.
float length_of(std::string_view text) {
  float count = 0;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    if (!plugins::is_word(c)) continue;
    const bool is_hangul = c >= 0xac00 && c < 0xd7b0, is_kana = c >= 0x3040 && c < 0x3100;
    count += is_hangul ? 2.0f : is_kana ? 1.5f : plugins::is_east_asian(c) ? 3.0f : 1.0f;
  }
  return std::max(count, 1.0f);
}

// Ends of sentences: a stop of the East at any place, one of the West where something closes or a blank follows.
uint8_t stops_of(std::string_view text) {
  uint8_t count = 0;
  bool was_stop = false;
  size_t letters = 0;  // of the word before
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    const bool is_eastern = c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0x061F || c == 0x06D4 || c == 0x0964;
    bool is_stop = is_eastern || c == '!' || c == '?' || c == 0x2026;
    if (c == '.') {
      // After one letter it stands for the rest of a word.
      size_t ahead = at;
      is_stop = letters != 1 && (at >= text.size() || !plugins::is_word(next_character(text, ahead)));
    }
    if (is_stop && !was_stop && count < most_stops) ++count;
    was_stop = is_stop;
    letters = plugins::is_word(c) ? letters + 1 : 0;
  }
  return count;
}

raw_tokens read(const passage &p, romanizer &latin) {
  const std::string_view text = p.text.substr(0, longest_piece);
  raw_tokens out;
  put_words(text, latin, out);
  put_signs(text, out);
  for (number &n : numbers_in(text))
    out.push_back({{n.is_small ? token_class::small_number : token_class::number, std::move(n.value)}});
  for (std::string &key : latin.window_keys(text)) out.push_back({by_name(std::move(key))});
  for (const std::string &fact : p.facts) out.push_back({{token_class::fact, fact}});
  out.push_back({{token_class::place, p.block}});
  if (p.opens_block) out.push_back({{token_class::place, "opens"}});
  if (p.closes_block) out.push_back({{token_class::place, "closes"}});
  return out;
}

/// Gives tokens their numbers, in the order in which a text has them.
class numbering {
 public:
  explicit numbering(side &text) : text_(text) {}

  void put(const std::vector<raw_token> &tokens) {
    std::vector<uint32_t> here;
    for (const raw_token &t : tokens) {
      const auto [found, is_new] = numbers_.try_emplace(t, static_cast<uint32_t>(text_.vocabulary.size()));
      if (is_new) {
        text_.vocabulary.push_back({t.is, 0});
        text_.places.emplace_back();
      }
      here.push_back(found->second);
    }
    add(std::move(here));
  }
  const std::unordered_map<raw_token, uint32_t, raw_hash> &numbers() const { return numbers_; }

 private:
  void add(std::vector<uint32_t> here) {
    std::sort(here.begin(), here.end());
    here.erase(std::unique(here.begin(), here.end()), here.end());
    const auto segment = static_cast<uint32_t>(text_.tokens.size());
    for (uint32_t t : here) {
      ++text_.vocabulary[t].spread;
      text_.places[t].push_back(segment);
    }
    text_.tokens.push_back(std::move(here));
  }

  side &text_;
  std::unordered_map<raw_token, uint32_t, raw_hash> numbers_;
};

// A phrase is a token of the segment that expects it, and of each segment of the other text in which it stands.
void put_phrases(const std::vector<passage> &from, std::vector<raw_tokens> &here, const std::vector<passage> &to,
                 std::vector<raw_tokens> &there, std::string_view mark) {
  std::map<std::string, std::vector<size_t>> wanted;
  for (size_t k = 0; k < from.size(); ++k)
    for (const std::string &phrase : from[k].phrases) {
      std::string folded = plugins::folded(phrase);
      if (folded.size() > 1 && (wanted.size() < most_phrases || wanted.count(folded) != 0))
        wanted[std::move(folded)].push_back(k);
    }
  if (wanted.empty()) return;
  std::vector<std::string> folded;
  for (const passage &p : to) folded.push_back(plugins::folded(p.text));
  for (const auto &[phrase, segments] : wanted) {
    bool is_there = false;
    for (size_t k = 0; k < to.size(); ++k)
      if (folded[k].find(phrase) != std::string::npos) {
        there[k].push_back({{token_class::phrase, std::string(mark) + phrase}});
        is_there = true;
      }
    if (!is_there) continue;
    for (size_t k : segments) here[k].push_back({{token_class::phrase, std::string(mark) + phrase}});
  }
}

raw_set all_of(const std::vector<raw_tokens> &text) {
  raw_set all;
  for (const raw_tokens &tokens : text)
    for (const raw_choice &ways : tokens) all.insert(ways.begin(), ways.end());
  return all;
}

/// Of each word the best way that the other text has; a word that has none is itself.
void choose(std::vector<raw_tokens> &text, const raw_set &other) {
  for (raw_tokens &tokens : text) {
    for (raw_choice &ways : tokens) {
      const auto found = std::find_if(ways.begin(), ways.end(), [&](const raw_token &t) {
        return t.is == token_class::word || other.count(t) != 0;
      });
      if (found == ways.end())
        ways.clear();
      else if (ways.size() > 1)
        ways = {*found};
    }
    std::erase_if(tokens, [](const raw_choice &ways) { return ways.empty(); });
  }
}

std::vector<raw_token> chosen(const raw_tokens &tokens) {
  std::vector<raw_token> all;
  for (const raw_choice &ways : tokens) all.push_back(ways.front());
  return all;
}

/// Sounds are few: what sounds like a name in many segments is none.
bool is_rare(const side &text, uint32_t token) {
  return text.vocabulary[token].spread <= std::max<size_t>(2, text.tokens.size() / most_of_a_sound);
}

}  // namespace

evidence collect(const std::vector<passage> &source, const std::vector<passage> &target) {
  evidence found;
  romanizer latin;
  std::vector<raw_tokens> left, right;
  for (const passage &p : source) {
    found.source.length.push_back(length_of(p.text));
    found.source.stops.push_back(stops_of(p.text));
    left.push_back(read(p, latin));
  }
  for (const passage &p : target) {
    found.target.length.push_back(length_of(p.text));
    found.target.stops.push_back(stops_of(p.text));
    right.push_back(read(p, latin));
  }
  put_phrases(source, left, target, right, ">");
  put_phrases(target, right, source, left, "<");

  // What one text chooses narrows what the other can meet.
  const raw_set right_before = all_of(right);
  choose(left, right_before);
  choose(right, all_of(left));
  numbering of_left(found.source), of_right(found.target);
  for (const raw_tokens &tokens : left) of_left.put(chosen(tokens));
  for (const raw_tokens &tokens : right) of_right.put(chosen(tokens));

  for (const auto &[t, number] : of_left.numbers()) {
    if (t.is == token_class::word) continue;
    const auto other = of_right.numbers().find(t);
    if (other == of_right.numbers().end()) continue;
    const bool is_by_sound = t.is == token_class::name || t.is == token_class::sound;
    if (!is_by_sound || (is_rare(found.source, number) && is_rare(found.target, other->second)))
      found.anchors.push_back({number, other->second});
  }
  std::sort(found.anchors.begin(), found.anchors.end(), [](const anchor &a, const anchor &b) {
    return a.source != b.source ? a.source < b.source : a.target < b.target;
  });
  return found;
}

}  // namespace calque::align
