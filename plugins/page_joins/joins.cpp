// SPDX-License-Identifier: Apache-2.0
// Evidence on both sides of a break: an end that is open, and a begin that goes on.
#include "plugins/page_joins/joins.hpp"

#include "plugins/common/characters.hpp"
#include "plugins/common/labels.hpp"
#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"

namespace calque::plugins {
namespace {

using std::string;
using std::string_view;

// Fewer words than this are a heading, a signature or a salutation rather than half a paragraph.
constexpr size_t fewest_words = 3, fewest_words_of_prose = 6;
constexpr size_t fewest_unspaced = 15;
constexpr size_t longest_label = 60;

/// How a paragraph begins, as evidence that it goes on.
enum class beginning { other, goes_on, may_go_on };

bool is_quote_mark(char32_t c) {
  return c == '"' || c == 0xab || c == 0xbb || (c >= 0x2018 && c <= 0x201f) || c == '\'' ||
         (c >= 0x300c && c <= 0x300f);
}
bool is_closing_bracket(char32_t c) {
  return c == ')' || c == ']' || c == 0xff09 || c == 0xff3d || c == 0x3011;
}

/// "a) …", "ii. …", "1. …", "• …": an item of a list.
bool is_item(string_view text) {
  const char32_t first = first_character(text);
  if (first == 0x2022 || first == '*' || first == 0xb7 || first == 0x25cf || is_dash(first)) return true;
  size_t k = text.front() == '(' ? 1 : 0;
  const size_t begin = k;
  while (k < text.size() && k < begin + 5 && is_word(static_cast<unsigned char>(text[k]))) ++k;
  if (k == begin || k + 1 >= text.size() || (text[k] != '.' && text[k] != ')')) return false;
  if (text[k + 1] != ' ' && text[k + 1] != '\t') return false;
  const string_view mark = text.substr(begin, k - begin);
  return mark.size() == 1 || mark.find_first_not_of("0123456789") == string_view::npos ||
         mark.find_first_not_of("ivxIVX") == string_view::npos;
}

beginning beginning_of(string_view text) {
  if (text.empty() || is_item(text) || find_label(text)) return beginning::other;
  size_t at = 0;
  char32_t c = next_character(text, at);
  if (c == ',' || c == ';' || c == ')' || c == ']') return beginning::goes_on;
  while (is_quote_mark(c) && at < text.size()) c = next_character(text, at);
  if (c == '[' || c == '(') {
    // "[of] the talks", "[Drabkin?], as": what stands behind the bracket tells. "[12] See …" is a note, and a
    // paragraph that is all bracket is none of the text's sentences.
    const size_t close = text.find(c == '[' ? ']' : ')', at);
    if (close == string_view::npos || trimmed(text.substr(close + 1)).empty()) return beginning::other;
    const string_view inside = text.substr(at, close - at);
    if (inside.empty() || inside.find_first_not_of("0123456789.*…") == string_view::npos) return beginning::other;
    if (is_lower(first_character(inside))) return beginning::goes_on;
    const char32_t behind = first_character(trimmed(text.substr(close + 1)));
    return is_lower(behind) || behind == ',' || behind == '.' || behind == ';' || behind == ')' ? beginning::goes_on
                                                                                                : beginning::other;
  }
  if (is_lower(c)) return beginning::goes_on;
  return is_upper(c) || is_digit(c) || is_caseless(c) ? beginning::may_go_on : beginning::other;
}

/// Words after which a sentence in English, Russian, German or French cannot end.
bool is_open_word(string_view word) {
  static const word_set words(
      "a an the of to in on at by for with from into onto upon about between among against during under over through "
      "and or but nor as than that which who whom whose if when while because although whether where how why what "
      "is are was were be been being has have had do does did will would shall should can could may might must "
      "not no very more most such this these those its their our your my his her any some each every both either "
      "и а но или в во на с со к ко по о об от из за для при до без над под между что чтобы как который которая "
      "которые которое не ни же это этот наш ваш его их если когда "
      "der die das den dem des ein eine einen einem eines und oder aber mit von zu zum zur im in auf für über dass "
      "le la les un une du des de et ou mais avec pour par sur dans que qui");
  return words.has(word);
}

/// What a paragraph holds, counted for the question whether it is prose.
struct prose {
  size_t words = 0, small = 0;  // words that begin with a small letter
  bool has_sentence = false;    // one ends inside
  size_t unspaced = 0;
  bool has_stop = false;  // a stop or comma of scripts without case
  bool is_mostly_small() const { return small * 2 >= words; }
};

prose prose_of(string_view text) {
  prose p;
  for (const word &w : words_of(text)) {
    ++p.words;
    p.small += is_lower(first_character(w.text)) ? 1u : 0u;
    // A stop behind a word of some length, then a blank: the end of a sentence, not of "Mr." or "U.S."
    if (w.end + 1 < text.size() && (text[w.end] == '.' || text[w.end] == '?' || text[w.end] == '!') &&
        text[w.end + 1] == ' ' && w.text.size() >= 4 && is_lower(last_character(w.text)))
      p.has_sentence = true;
  }
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    p.unspaced += is_unspaced(c) ? 1u : 0u;
    p.has_stop = p.has_stop || c == 0x3002 || c == 0xff0c || c == 0x3001 || c == 0x060c || c == 0x06d4 || c == 0x0964;
  }
  return p;
}

bool is_all_bracket(string_view text) {
  const char32_t first = first_character(text), last = last_character(text);
  return (first == '(' || first == '[' || first == 0xff08) && is_closing_bracket(last);
}

/// The text before a bracket that ends it: "… more than once. [handwritten: approved]" is a whole sentence.
string_view without_last_bracket(string_view text) {
  if (!is_closing_bracket(last_character(text))) return text;
  const size_t open = text.find_last_of("[(");
  return open == string_view::npos ? text : trimmed(text.substr(0, open));
}

}  // namespace

join join_of(string_view before, string_view after) {
  before = trimmed(before);
  after = trimmed(after);
  if (before.empty() || after.empty() || ends_sentence(before)) return join::none;
  const char32_t last = last_character(before);
  if (last == ':' || last == 0xff1a || last == ';' || last == 0xff1b || is_all_bracket(before)) return join::none;
  // "- A line between dashes -" is a subtitle.
  if (is_dash(first_character(before)) && is_dash(last)) return join::none;
  const beginning begins = beginning_of(after);
  if (begins == beginning::other) return join::none;
  const bool may_begin = begins == beginning::may_go_on || after.front() == '[' || after.front() == '(';
  if (may_begin && ends_sentence(without_last_bracket(before))) return join::none;

  size_t words_begin = 0;
  if (const auto label = find_label(before)) words_begin = label->text_begin;
  const string_view said = before.substr(words_begin);
  const prose p = prose_of(said);

  const char32_t first = first_character(after);
  if (is_unspaced(last) || (p.unspaced >= fewest_unspaced && is_unspaced(first)))
    return p.unspaced >= fewest_unspaced && p.has_stop && is_unspaced(first) ? join::direct : join::none;

  // "Venue: Green Hall", "Notes taken by: Guo Lian": what a label names is no sentence, whatever follows.
  const size_t colon = before.substr(0, longest_label).find(':');
  if (colon != string_view::npos && prose_of(before.substr(colon + 1)).small == 0) return join::none;
  if (begins == beginning::goes_on) {
    if (p.words + (words_begin > 0 ? fewest_words : 0) < fewest_words) return join::none;
    size_t end = before.size();
    previous_character(before, end);
    const char32_t before_last = last_character(before.substr(0, end));
    if ((last == '-' || last == 0x2010 || last == 0xad) && is_letter(before_last) && is_lower(first))
      return join::hyphen;
    return join::blank;
  }
  // A capital may begin a name inside the sentence. Then the end must be open beyond doubt: it is prose, and either
  // sentences stand before it, or somebody speaks, or its last word cannot be the last.
  if (is_quote_mark(last) || is_closing_bracket(last)) return join::none;
  if (is_caseless(first)) return p.words >= fewest_words_of_prose && p.has_stop ? join::blank : join::none;
  if (p.words < fewest_words_of_prose || !p.is_mostly_small() || !ends_sentence(after)) return join::none;
  const auto last_words = words_of(before.substr(word_begin_before(before, before.size())));
  const string last_word = last_words.empty() ? string() : folded(last_words.back().text);
  const bool is_open = last == ',' || is_open_word(last_word) || is_title(last_word);
  return is_open || p.has_sentence || words_begin > 0 ? join::blank : join::none;
}

string_view page_number(string_view paragraph) {
  string_view text = trimmed(paragraph);
  // Brackets or dashes around it, then "p.", "pp.", "Page", "S.", "с.", "стр.", "第 12 页".
  static constexpr std::pair<string_view, string_view> around[] = {
      {"[", "]"}, {"(", ")"}, {"-", "-"}, {"–", "–"}, {"—", "—"}};
  bool marked = false;
  for (const auto &[open, close] : around)
    if (text.size() > open.size() + close.size() && text.starts_with(open) && text.ends_with(close)) {
      text = trimmed(text.substr(open.size(), text.size() - open.size() - close.size()));
      marked = true;
      break;
    }
  static constexpr string_view words[] = {"page ",  "pages ", "p. ",   "p.",   "pp. ", "pp.",
                                          "seite ", "s. ",    "стр. ", "стр.", "с. ",  "л. "};
  const string lower = folded(text);
  for (const string_view w : words)
    if (lower.starts_with(w) && lower.size() - w.size() < text.size()) {
      text = trimmed(text.substr(text.size() - (lower.size() - w.size())));
      marked = true;
      break;
    }
  const bool is_number = !text.empty() && text.size() <= 9 &&
                         text.find_first_not_of("0123456789-") == string_view::npos && text.front() != '-' &&
                         text.back() != '-';
  return is_number && marked ? text : string_view();
}

}  // namespace calque::plugins
