// SPDX-License-Identifier: Apache-2.0
// Tailors ICU's sentence breaks (UAX 29, root rules) to records and letters.
#include "plugins/segments/sentence_breaks.hpp"

#include <unicode/utext.h>

#include <stdexcept>

namespace calque::segments {
namespace {

using plugins::next_character;
using plugins::previous_character;

// After these a sentence goes on, whatever follows.
constexpr std::string_view always =
    "mr mrs ms messrs dr prof rev hon gen lt col maj capt cmdr adm sgt brig gov sen rep amb min sec pres chmn cde st "
    "mt "
    "ft fr sr sra mme mlle vs viz cf esp incl approx ca dept comdt supt asst assoc bros tov sens reps det insp cpl pvt "
    "v "
    "тов гр проф ген акад им пос см ср т.н т.е напр св ул долл англ нем фр лат рус кит bzw z.b";
// After these it goes on when a number follows.
constexpr std::string_view numbered =
    "no nos nr vol vols p pp f ff l ll d dd op fol fols art arts fig figs sec secs ch chap chaps para paras pt pts doc "
    "docs app col cols ed n nn v vv bk ser jan feb mar apr jun jul aug sept sep oct nov dec № ф оп д л лл с стр г";
// After the short names of states and bodies it goes on (the U.N. General Assembly), unless one of these follows.
constexpr std::string_view bodies = "u.s u.n u.k e.u d.c u.s.a u.s.s.r";
constexpr std::string_view openers =
    "a an the this that these those there here he she it we they you i his her its our their my your in on at by for "
    "from "
    "with to of as and but or so yet if when while after before since although though because however moreover "
    "meanwhile "
    "then now thus therefore both all some many most no not one what who why how where which";
// After a.m. and p.m. it goes on when one of these follows.
constexpr std::string_view times =
    "est edt cst cdt mst mdt pst pdt gmt utc bst cet cest eastern central mountain pacific greenwich moscow beijing "
    "local "
    "monday tuesday wednesday thursday friday saturday sunday";
constexpr size_t shortest_plain_word = 5;  // letters: a word of fewer before a stop and a number may be an abbreviation

void put_words(std::string_view words, abbreviation_set &set) {
  for (size_t at = 0; at < words.size();) {
    const size_t end = std::min(words.find(' ', at), words.size());
    set.add(words.substr(at, end - at));
    at = end + 1;
  }
}

bool is_closer(char32_t c) {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == '}' || c == 0x2019 || c == 0x201d || c == 0xbb ||
         c == 0x300d || c == 0x300f || c == 0xff09 || c == 0xff3d || c == 0x3011 || c == 0x3015;
}

// Where a bracket ends that stands right after a stop, as in `left.[1]`; `at` when none does.
size_t end_of_attached_bracket(std::string_view block, size_t at) {
  if (at >= block.size() || block[at] != '[') return at;
  const size_t close = block.substr(0, std::min(block.size(), at + 120)).find(']', at);
  return close == std::string_view::npos ? at : end_of_attached_bracket(block, close + 1);
}

size_t begin_of_closers(std::string_view block, size_t end) {
  while (end > 0) {
    size_t before = end;
    if (!is_closer(previous_character(block, before))) break;
    end = before;
  }
  return end;
}

// Where the signs begin that end at `end` and open what follows.
template <class OpensQuote>
size_t begin_of_openers(std::string_view block, size_t end, OpensQuote &&opens_quote) {
  while (end > 0) {
    size_t before = end;
    const auto c = static_cast<UChar32>(previous_character(block, before));
    const auto type = u_charType(c);
    if (type != U_START_PUNCTUATION && type != U_INITIAL_PUNCTUATION && !(c == '"' && opens_quote(before))) break;
    end = before;
  }
  return end;
}

// The straight quotes of a block open and close in turn. It costs what lies between one question and the next.
class quote_count {
 public:
  explicit quote_count(std::string_view block) : block_(block) {}
  bool opens(size_t at) {
    const auto [first, last] = std::minmax(at, counted_to_);
    const std::string_view between = block_.substr(first, last - first);
    if (std::count(between.begin(), between.end(), '"') % 2 != 0) is_open_ = !is_open_;
    counted_to_ = at;
    return !is_open_;
  }

 private:
  std::string_view block_;
  size_t counted_to_ = 0;
  bool is_open_ = false;
};

// Where a number begins that may begin a sentence: behind a word that is no abbreviation, a stop and a blank. ICU
// breaks before a number only when no small letter comes after it, "in 1951. 12 men came".
class number_finder {
 public:
  explicit number_finder(std::string_view block) : block_(block) {}
  /// The next place after `from`, or the block's end.
  size_t next(size_t from) {
    while (place_ <= from && place_ < block_.size()) find();
    return place_;
  }

 private:
  void find() {
    for (size_t stop = block_.find('.', looked_to_); stop != std::string_view::npos;
         stop = block_.find('.', looked_to_)) {
      looked_to_ = stop + 1;
      size_t end = looked_to_, after = end;
      while (end < block_.size() && is_closer(next_character(block_, after))) end = after;
      const size_t number = skip_gaps(block_, end);
      if (number == end || number >= block_.size() ||
          !plugins::is_digit(plugins::first_character(block_.substr(number, 4))))
        continue;
      if (end == looked_to_ && !is_plain(word_before(block_, stop))) continue;
      place_ = number;
      return;
    }
    place_ = block_.size();
  }
  static bool is_plain(std::string_view word) {
    size_t letters = 0;
    for (size_t at = 0; at < word.size(); ++letters)
      if (!plugins::is_lower(next_character(word, at))) return false;
    return letters >= shortest_plain_word;
  }

  std::string_view block_;
  size_t looked_to_ = 0, place_ = 0;
};

std::string next_word(std::string_view block, size_t at) {
  const auto words = plugins::words_of(block.substr(at, 80), 1);
  return words.empty() ? std::string() : plugins::folded(words.front().text);
}

}  // namespace

sentence_breaker::sentence_breaker(const std::vector<std::string> &more) {
  UErrorCode status = U_ZERO_ERROR;
  iterator_.reset(icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
  if (U_FAILURE(status)) throw std::runtime_error(std::string("ICU has no sentence rules: ") + u_errorName(status));
  put_words(always, abbreviations_);
  put_words(numbered, before_numbers_);
  put_words(bodies, bodies_);
  put_words(openers, openers_);
  put_words(times, times_);
  abbreviations_.add_as_written(more);
}

// Whether the sentence goes on at `next`, after a stop that ends at `stop_end`.
bool sentence_breaker::is_held(std::string_view block, size_t sentence_begin, size_t stop_end, size_t next) const {
  size_t stop = stop_end;
  if (stop == 0) return true;
  const char32_t sign = previous_character(block, stop);
  const char32_t ahead = next < block.size() ? plugins::first_character(block.substr(next, 4)) : 0;
  // "Why?" he asked. — and a bracket or a remark that a small letter follows.
  const bool was_closed = stop_end < block.size() && is_closer(plugins::first_character(block.substr(stop_end, 4)));
  if (was_closed && plugins::is_lower(ahead)) return true;
  // Words left out at the front of a quotation: «… and bread».
  size_t dots = stop_end;
  while (dots > 0) {
    size_t before = dots;
    const char32_t c = previous_character(block, before);
    if (c != '.' && c != 0x2026) break;
    dots = before;
  }
  if (!was_closed && dots < stop_end && begin_of_openers(block, dots, [](size_t) { return false; }) < dots) return true;
  if (sign != '.') return false;

  const std::string_view word = word_before(block, stop);
  if (word.empty()) return false;
  const std::string folded = plugins::folded(word);
  const auto word_begin = static_cast<size_t>(word.data() - block.data());
  // Of a measure or a year: "10 см. Затем", "1951 г. Затем"; but "см. ниже", "г. Москва".
  if ((folded == "см" || folded == "г") && !plugins::is_digit(ahead)) {
    const size_t end = begin_of_gaps(block, word_begin);
    return end == 0 || !plugins::is_digit(plugins::last_character(block.substr(0, end)));
  }
  if (abbreviations_.has(folded)) return true;
  if (plugins::is_digit(ahead) && before_numbers_.has(folded)) return true;
  // The number of a paragraph: "364. Following is", "1. The bridge".
  const bool is_number = std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_number && word_begin == sentence_begin) return true;
  if (bodies_.has(folded)) return !openers_.has(next_word(block, next));
  if (folded == "a.m" || folded == "p.m") return times_.has(next_word(block, next));
  // Initials: A. P. Chekhov, А. П. Чехов. The pronoun does end sentences: "So did I. Then".
  size_t last_part = word.rfind('.');
  last_part = last_part == std::string_view::npos ? 0 : last_part + 1;
  const std::string_view part = word.substr(last_part);
  size_t length = 0;
  const bool is_initial = !part.empty() && plugins::is_upper(next_character(part, length)) && length == part.size();
  if (!is_initial) return false;
  if (last_part != 0) return word.size() <= 5 && !plugins::is_digit(ahead);
  if (part != "I") return true;
  const size_t before = begin_of_gaps(block, word_begin);
  return before == 0 || !plugins::is_lower(plugins::last_character(block.substr(0, before)));
}

std::vector<sentence> sentence_breaker::split(std::string_view block) {
  std::vector<sentence> found;
  UErrorCode status = U_ZERO_ERROR;
  UText text = UTEXT_INITIALIZER;
  utext_openUTF8(&text, block.data(), static_cast<int64_t>(block.size()), &status);
  iterator_->setText(&text, status);
  if (U_FAILURE(status)) {
    utext_close(&text);
    throw std::runtime_error(std::string("ICU cannot read a block: ") + u_errorName(status));
  }
  size_t begin = skip_gaps(block, 0);
  auto close = [&](size_t place, std::string_view rule) {
    const size_t end = begin_of_gaps(block, place);
    if (end > begin) found.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end), rule});
    begin = skip_gaps(block, place);
  };
  quote_count quotes(block);
  number_finder numbers(block);
  for (size_t last = 0, by_icu = 0; last < block.size();) {
    if (by_icu <= last) {
      const int32_t p = iterator_->next();
      by_icu = p == icu::BreakIterator::DONE ? block.size() : static_cast<size_t>(p);
    }
    size_t at = last = std::min(by_icu, numbers.next(last));
    if (at <= begin) continue;
    if (at >= block.size()) break;
    if (block[at - 1] == '\n' || block[at - 1] == '\r') {
      close(at, "line_break");
      continue;
    }
    // An opening sign that touches the stop counts as closing for ICU; it belongs to what follows.
    size_t stop_end = begin_of_gaps(block, at);
    if (stop_end == at) stop_end = at = begin_of_openers(block, at, [&](size_t quote) { return quotes.opens(quote); });
    // But a bracket that touches the stop stays with it: "left.[1] Then".
    const size_t bracket_end = end_of_attached_bracket(block, stop_end);
    if (bracket_end != stop_end) at = skip_gaps(block, bracket_end);
    stop_end = begin_of_closers(block, stop_end);
    if (at >= block.size() || is_held(block, begin, stop_end, at)) continue;
    close(at, "terminator");
  }
  close(block.size(), "block_end");
  iterator_->setText(icu::UnicodeString());  // keeps no pointer into a block that is gone
  utext_close(&text);
  return found;
}

}  // namespace calque::segments
