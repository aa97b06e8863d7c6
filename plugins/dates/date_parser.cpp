// SPDX-License-Identifier: Apache-2.0
// A hand-written parser over tokens: at each token it tries the longest form first.
#include "plugins/dates/date_parser.hpp"

#include "plugins/common/words.hpp"
#include "plugins/dates/tokens.hpp"

#include <algorithm>

namespace calque::dates {
namespace {

using plugins::word_set;

constexpr size_t piece_size = 1u << 16;

/// Something read from tokens [begin, end).
template <class T>
struct read {
  T value;
  size_t end;
};

class parser {
 public:
  parser(std::vector<token> tokens, const reading &how) : tokens_(std::move(tokens)), how_(how) {}

  void run(std::vector<finding> &out) {
    for (size_t k = 0; k < tokens_.size();) {
      const size_t before = out.size();
      const size_t end = find(k, out);
      k = out.size() > before ? end : k + 1;
    }
  }

 private:
  // ---- tokens ----------------------------------------------------------------------------------------------------

  const token *at(size_t k) const { return k < tokens_.size() ? &tokens_[k] : nullptr; }
  bool is(size_t k, std::string_view text) const { return k < tokens_.size() && tokens_[k].is(text); }
  bool is_sign(size_t k, char c) const {
    return k < tokens_.size() && tokens_[k].text.size() == 1 && tokens_[k].text[0] == c;
  }
  bool is_number(size_t k) const { return k < tokens_.size() && tokens_[k].sort == token::type::number; }
  bool is_dash(size_t k) const {
    return k < tokens_.size() && tokens_[k].sort == token::type::sign &&
           plugins::is_dash(plugins::first_character(tokens_[k].text));
  }
  bool touches(size_t k) const { return k < tokens_.size() && !tokens_[k].gap_before; }
  size_t digits(size_t k) const { return tokens_[k].text.size(); }

  // A number that is not a part of another number, a name or a file: 3.5, A-29, 118-01764.
  bool stands_free(size_t k) const {
    if (k == 0 || !touches(k)) return true;
    const token &before = tokens_[k - 1];
    return before.sort == token::type::sign && !is_sign(k - 1, '.') && !is_sign(k - 1, '/') && !is_dash(k - 1);
  }
  bool ends_free(size_t end) const {
    if (!touches(end)) return true;
    if (tokens_[end].sort != token::type::sign)
      return plugins::is_east_asian(plugins::first_character(tokens_[end].text));
    return !((is_sign(end, '.') || is_sign(end, '/') || is_sign(end, ',') || is_dash(end)) && touches(end + 1) &&
             is_number(end + 1));
  }

  std::optional<int> year_at(size_t k) const {
    if (!is_number(k) || digits(k) != 4 || tokens_[k].value < 1000 || tokens_[k].value > 2199) return std::nullopt;
    return tokens_[k].value;
  }
  std::optional<int> day_at(size_t k) const {
    if (!is_number(k) || digits(k) > 2 || tokens_[k].value < 1 || tokens_[k].value > 31) return std::nullopt;
    return tokens_[k].value;
  }
  // 1st, 2nd, 29th, 1er, 5-го
  size_t after_ordinal(size_t k) const {
    static const word_set endings("st nd rd th er º");
    if (touches(k) && tokens_[k].sort == token::type::word && endings.has(tokens_[k].folded)) return k + 1;
    if (is_dash(k) && touches(k) && (is(k + 1, "го") || is(k + 1, "е"))) return k + 2;
    return k;
  }
  // "Apr." and "29. April"
  size_t after_stop(size_t k) const { return is_sign(k, '.') && touches(k) ? k + 1 : k; }
  size_t after_comma(size_t k) const { return is_sign(k, ',') ? k + 1 : k; }
  size_t after_word(size_t k, std::string_view word) const { return is(k, word) ? k + 1 : k; }
  // "1962 г.", "1962 года"
  size_t after_year_word(size_t k) const {
    if (is(k, "г")) return after_stop(k + 1);
    return is(k, "года") || is(k, "год") || is(k, "году") ? k + 1 : k;
  }

  // ---- one date --------------------------------------------------------------------------------------------------

  using date = read<moment>;

  std::optional<date> date_at(size_t k) const {
    for (auto form : {&parser::chinese, &parser::numeric, &parser::day_month, &parser::month_first, &parser::season,
                      &parser::decade}) {
      if (auto found = (this->*form)(k)) return found;
    }
    return std::nullopt;
  }

  // 1962年4月29日, 4月29日, 一九六二年四月
  std::optional<date> chinese(size_t k) const {
    auto number = [&](size_t from, size_t &next) {
      if (is_number(from)) {
        next = from + 1;
        return tokens_[from].value;
      }
      return chinese_number(tokens_, from, next);
    };
    moment m;
    size_t next = k, end = k;
    int value = number(next, next);
    if (value >= 1000 && value < 2200 && is(next, "年")) {
      m.year = value;
      end = ++next;
      value = number(next, next);
    }
    if (value >= 1 && value <= 12 && is(next, "月")) {
      m.month = value;
      end = ++next;
      value = number(next, next);
      if (value >= 1 && value <= 31 && (is(next, "日") || is(next, "号") || is(next, "號"))) {
        m.day = value;
        end = next + 1;
      }
    }
    if (end == k || (m.year < 0 && m.day < 0) || !is_real(m)) return std::nullopt;
    return date{m, end};
  }

  // 1962-04-29, 29.4.1962, 29/IV-1962, 4/29/1962
  std::optional<date> numeric(size_t k) const {
    if (!is_number(k) || !stands_free(k)) return std::nullopt;
    auto divides = [&](size_t n) {
      return touches(n) && touches(n + 1) && (is_sign(n, '.') || is_sign(n, '/') || is_dash(n));
    };
    if (!divides(k + 1) || !divides(k + 3) || !ends_free(k + 5)) return std::nullopt;
    moment m;
    if (auto year = year_at(k); year && digits(k + 2) <= 2 && is_number(k + 2) && is_number(k + 4) && digits(k + 4) <= 2) {
      if (is_sign(k + 1, '/') && how_.order == numeric_order::off) return std::nullopt;
      m.year = *year;
      m.month = tokens_[k + 2].value;
      m.day = tokens_[k + 4].value;
      return is_real(m) ? std::optional(date{m, k + 5}) : std::nullopt;
    }
    const auto day = day_at(k);
    if (!day || !is_number(k + 4)) return std::nullopt;
    const int roman = tokens_[k + 2].sort == token::type::word ? roman_month(tokens_[k + 2].text) : -1;
    if (roman < 0 && (!is_number(k + 2) || digits(k + 2) > 2)) return std::nullopt;
    // Two digits of a year are taken for the document's century, and are uncertain.
    if (auto year = year_at(k + 4)) {
      m.year = *year;
    } else if (digits(k + 4) == 2 && (roman > 0 || is_sign(k + 1, '.'))) {
      m.year = (how_.near && how_.near->year > 0 ? how_.near->year / 100 * 100 : 1900) + tokens_[k + 4].value;
      m.uncertain = true;
    } else {
      return std::nullopt;
    }
    m.day = *day;
    m.month = roman > 0 ? roman : tokens_[k + 2].value;
    // Stops put the day first everywhere; strokes and hyphens do as the option says, unless only one way is a date.
    if (roman < 0 && !is_sign(k + 1, '.')) {
      if (how_.order == numeric_order::off) return std::nullopt;
      if (how_.order == numeric_order::month_first) std::swap(m.day, m.month);
      if (m.month > 12) std::swap(m.day, m.month);
    }
    return is_real(m) ? std::optional(date{m, k + 5}) : std::nullopt;
  }

  // 29 April 1962, the 29th of April, 29 апреля 1962 г.
  std::optional<date> day_month(size_t k) const {
    const auto day = day_at(k);
    if (!day || !stands_free(k)) return std::nullopt;
    size_t n = after_ordinal(k + 1);
    n = after_stop(n);
    for (std::string_view word : {"of", "de", "day"}) n = after_word(n, word);
    if (is_dash(n) && touches(n)) ++n;  // 29-April-1962
    const token *name = at(n);
    const int month = name == nullptr ? -1 : month_named(*name);
    if (month < 0) return std::nullopt;
    moment m;
    m.day = *day;
    m.month = month;
    return is_real(m) ? with_year(m, n + 1) : std::nullopt;
  }

  // April 29, 1962; April 1962; April of 1962
  std::optional<date> month_first(size_t k) const {
    const token *name = at(k);
    const int month = name == nullptr ? -1 : month_named(*name);
    if (month < 0) return std::nullopt;
    moment m;
    m.month = month;
    const size_t n = after_stop(k + 1);
    if (const auto day = day_at(n); day && tokens_[n].gap_before) {
      m.day = *day;
      const size_t end = after_ordinal(n + 1);
      // April 28-30, 1962: the range is completed by its second day.
      if (const auto last = is_dash(end) ? day_at(end + 1) : std::nullopt; last && *last > *day && ends_free(end + 2))
        return date{m, end};
      if (ends_free(end) && is_real(m) && !is_time_follower(end)) {
        if (auto dated = with_year(m, end)) return dated;
      }
      m.day = -1;
    }
    size_t year = after_comma(n);
    for (std::string_view word : {"of", "de"}) year = after_word(year, word);
    if (auto value = year_at(year); value && ends_free(year + 1)) {
      m.year = *value;
      return date{m, after_year_word(year + 1)};
    }
    return std::nullopt;
  }
  // "May 5:50" is no fifth of May.
  bool is_time_follower(size_t k) const { return is_sign(k, ':') && touches(k) && is_number(k + 1); }

  // The year after a day and a month, or none.
  std::optional<date> with_year(moment m, size_t k) const {
    size_t n = after_stop(k);
    n = after_comma(n);
    for (std::string_view word : {"of", "de", "del", "in", "the", "year"}) n = after_word(n, word);
    if (is_dash(n) && touches(n)) ++n;
    if (auto year = year_at(n); year && ends_free(n + 1) && tokens_[n].begin - tokens_[k - 1].end < 14) {
      m.year = *year;
      if (is_real(m)) return date{m, after_year_word(n + 1)};
    }
    return date{m, k};
  }

  // spring of 1962
  std::optional<date> season(size_t k) const {
    const token *name = at(k);
    const int season = name == nullptr ? -1 : season_named(*name);
    if (season < 0) return std::nullopt;
    size_t n = after_comma(k + 1);
    for (std::string_view word : {"of", "in", "de", "the", "year"}) n = after_word(n, word);
    const auto year = year_at(n);
    if (!year || !ends_free(n + 1)) return std::nullopt;
    moment m;
    m.year = *year;
    m.season = season;
    return date{m, after_year_word(n + 1)};
  }

  // the 1950s, 1950's; the 19th century
  std::optional<date> decade(size_t k) const {
    if (!is_number(k) || !stands_free(k)) return std::nullopt;
    moment m;
    if (auto year = year_at(k); year && *year % 10 == 0) {
      size_t n = k + 1;
      if (touches(n) && tokens_[n].sort == token::type::sign &&
          plugins::is_apostrophe(plugins::first_character(tokens_[n].text)))
        ++n;
      if (touches(n) && is(n, "s")) {
        m.year = *year;
        m.unknown_digits = 1;
        return date{m, n + 1};
      }
    }
    const size_t n = after_ordinal(k + 1);
    if (n > k + 1 && is(n, "century") && tokens_[k].value >= 2 && tokens_[k].value <= 22) {
      m.year = (tokens_[k].value - 1) * 100;
      m.unknown_digits = 2;
      return date{m, n + 1};
    }
    return std::nullopt;
  }

  // A year by itself, where the words around it say that it is one.
  std::optional<date> lone_year(size_t k) const {
    const auto year = year_at(k);
    const bool opens_range = is_dash(k + 1) && year_at(k + 2) && *year_at(k + 2) > year && ends_free(k + 3);
    if (!year || !stands_free(k) || !(ends_free(k + 1) || opens_range)) return std::nullopt;
    moment m;
    m.year = *year;
    const date found{m, after_year_word(k + 1)};
    if (found.end > k + 1) return found;
    if (is_sign(k + 1, '?') && touches(k + 1)) return found;
    if (k == 0) return std::nullopt;
    static const word_set leads(
        "in since by of from until till before after during year years early late mid circa ca c about around between "
        "throughout through anno summer autumn spring winter с до после около году");
    if (leads.has(tokens_[k - 1].folded)) return found;
    if (k > 1 && is_sign(k - 1, '.') && leads.has(tokens_[k - 2].folded)) return found;
    static const word_set articles("the a an this that");
    const token *after = at(k + 1);
    const bool before_noun = after != nullptr && after->sort == token::type::word && after->gap_before;
    if (articles.has(tokens_[k - 1].folded) && before_noun && *year >= 1500 && *year < 2050) return found;
    if (is_sign(k - 1, '(') && (is_sign(k + 1, ')') || is_dash(k + 1))) return found;
    return std::nullopt;
  }

  // A month by itself, where a word before says that it is one: in April, since March.
  std::optional<date> lone_month(size_t k) const {
    const token *name = at(k);
    const int month = name == nullptr ? -1 : month_named(*name);
    if (month < 0 || name->folded.size() < 3 || k == 0) return std::nullopt;
    static const word_set leads("in since until till by during of from last next this early late mid в с до");
    if (!leads.has(tokens_[k - 1].folded)) return std::nullopt;
    moment m;
    m.month = month;
    return date{m, k + 1};
  }

  // ---- times -----------------------------------------------------------------------------------------------------

  struct clock {
    int hour = 0, minute = 0;
    bool has_half = false, is_afternoon = false;  // a.m. or p.m. was said
    bool is_sure = false;                         // it can be nothing but a time
    size_t begin = 0;
  };

  // "p.m.", "pm", "P. M."
  size_t half_of_day(size_t k, clock &c) const {
    const token *t = at(k);
    if (t == nullptr || t->sort != token::type::word) return k;
    size_t n = k;
    char letter = 0;
    if (t->folded == "am" || t->folded == "pm") {
      letter = t->folded[0];
      n = k + 1;
    } else if ((t->folded == "a" || t->folded == "p") && is_sign(k + 1, '.') && is(k + 2, "m")) {
      letter = t->folded[0];
      n = after_stop(k + 3);
    }
    if (letter == 0) return k;
    c.has_half = c.is_sure = true;
    c.is_afternoon = letter == 'p';
    return n;
  }

  std::optional<read<clock>> clock_at(size_t k, bool is_second = false) const {
    const token *t = at(k);
    if (t == nullptr) return std::nullopt;
    clock c;
    c.begin = k;
    c.is_sure = true;
    if (t->is("noon") || t->is("midday") || t->is("midnight")) {
      c.hour = t->is("midnight") ? 0 : 12;
      return read<clock>{c, k + 1};
    }
    c.is_sure = false;
    if (!is_number(k) || digits(k) > 4 || !(is_second || stands_free(k))) return std::nullopt;
    c.hour = t->value;
    size_t n = k + 1;
    bool has_minutes = false;
    auto minutes = [&](size_t m) { return is_number(m) && touches(m) && digits(m) == 2 && tokens_[m].value < 60; };
    if (digits(k) == 4) {  // 1750 hours
      if (!is(n, "hours") && !is(n, "hrs")) return std::nullopt;
      c.minute = c.hour % 100;
      c.hour /= 100;
      c.is_sure = true;
      ++n;
    } else if (digits(k) == 3) {
      return std::nullopt;
    } else if ((is_sign(n, ':') || is_sign(n, '.')) && touches(n) && minutes(n + 1)) {
      c.is_sure = is_sign(n, ':');
      c.minute = tokens_[n + 1].value;
      has_minutes = true;
      n += 2;
    } else if (touches(n) && is(n, "h")) {  // 17h50, 17h
      ++n;
      c.is_sure = true;
      if (minutes(n)) c.minute = tokens_[n++].value;
    }
    n = half_of_day(n, c);
    if (is(n, "noon") && c.hour == 12) {
      c.is_sure = true;
      ++n;
    } else if (has_minutes && (is(n, "hours") || is(n, "hrs") || is(n, "o"))) {
      c.is_sure = true;
      ++n;
    }
    if (c.hour > 23 || (c.has_half && (c.hour > 12 || c.hour == 0)) || (!has_minutes && !c.is_sure)) return std::nullopt;
    if (has_minutes && !c.is_sure && !ends_free(n)) return std::nullopt;
    return read<clock>{c, n};
  }

  static int hour_of(const clock &c) {
    if (!c.has_half) return c.hour;
    return c.hour % 12 + (c.is_afternoon ? 12 : 0);
  }

  struct clocks {
    clock from;
    std::optional<clock> to;
    size_t from_end = 0;
  };

  // One time, or a range: 5:50 p.m. - 7.50 p.m.; from 5 to 7 p.m.
  std::optional<read<clocks>> clocks_at(size_t k) const {
    k = after_word(after_word(k, "at"), "from");
    k = after_word(k, "between");
    // "5 to 7 p.m.": the first number is a time only because of the second.
    auto first = clock_at(k);
    if (!first && is_number(k) && digits(k) <= 2 && tokens_[k].value <= 12 && stands_free(k)) {
      clock c;
      c.hour = tokens_[k].value;
      c.begin = k;
      first = read<clock>{c, k + 1};
    }
    if (!first) return std::nullopt;
    clocks found{first->value, std::nullopt, first->end};
    size_t end = first->end, n = end;
    if (is_dash(n) || is(n, "to") || is(n, "until") || is(n, "till") || is(n, "and") || is(n, "through")) {
      if (auto second = clock_at(n + 1, true); second && (second->value.is_sure || found.from.is_sure)) {
        found.to = second->value;
        end = second->end;
        if (!found.from.has_half && found.to->has_half && found.from.hour <= 12) {
          // The half of the day is said once; an earlier hour that would be later belongs to the morning.
          clock same = found.from;
          same.has_half = true;
          same.is_afternoon = found.to->is_afternoon;
          if (hour_of(same) * 60 + same.minute > hour_of(*found.to) * 60 + found.to->minute) same.is_afternoon = false;
          found.from = same;
        }
        return read<clocks>{found, end};
      }
    }
    if (!found.from.is_sure) return std::nullopt;
    return read<clocks>{found, end};
  }

  // ---- whole findings --------------------------------------------------------------------------------------------

  // Words before a date that make it approximate: circa, about, early, mid-, the end of.
  size_t qualifier(size_t k, bool &approximate) const {
    static const word_set about("circa ca c about around approximately approx roughly около примерно");
    static const word_set part("early late mid middle end beginning latter начале конце середине");
    const token *t = at(k);
    if (t == nullptr || t->sort != token::type::word) return k;
    size_t n = k;
    if (about.has(t->folded)) {
      n = after_stop(k + 1);
      if (t->folded == "c" && n == k + 1) return k;
    } else if (part.has(t->folded)) {
      n = k + 1;
      if (is_dash(n)) ++n;
      n = after_word(n, "part");
      n = after_word(after_word(n, "of"), "the");
    } else {
      return k;
    }
    approximate = true;
    return n;
  }

  // "1962?", "[1962?]"
  size_t question(size_t k, moment &m) const {
    if (!is_sign(k, '?') || !touches(k)) return k;
    // A question that ends here says nothing of the date, unless a sign or a word follows that cannot begin a sentence.
    const token *next = at(k + 1);
    const bool goes_on = next != nullptr && (is_sign(k + 1, ']') || is_sign(k + 1, ')') || is_sign(k + 1, ',') ||
                                             (next->sort == token::type::word && !next->is_capitalised));
    const bool alone = next == nullptr && m.day < 0 && k == 1;
    if (!goes_on && !alone) return k;
    m.uncertain = true;
    return k + 1;
  }

  std::optional<date> qualified(size_t k) const {
    bool approximate = false;
    size_t n = qualifier(k, approximate);
    auto found = date_at(n);
    if (!found) {
      found = n > k && year_at(n) && ends_free(n + 1) ? std::optional(date{{.year = *year_at(n)}, n + 1}) : lone_year(n);
      if (!found) found = n > k && at(n) != nullptr && month_named(*at(n)) > 0
                              ? std::optional(date{{.month = month_named(*at(n))}, n + 1})
                              : lone_month(n);
    }
    if (!found) return std::nullopt;
    found->value.approximate = approximate;
    found->end = question(found->end, found->value);
    return found;
  }

  // Puts what the second date of a range says and the first does not into the first: 28 - 30 April 1962.
  static void inherit(moment &from, const moment &to) {
    if (from.year < 0) from.year = to.year;
    if (from.month < 0 && from.day > 0) from.month = to.month;
  }

  std::optional<date> second_of_range(size_t k, const moment &from) const {
    if (auto found = qualified(k)) return found;
    // April 29-30, 1962
    if (const auto day = day_at(k); day && from.day > 0 && from.month > 0 && from.year < 0 && *day > from.day) {
      moment m{.month = from.month, .day = *day};
      if (is_real(m)) return with_year(m, after_ordinal(k + 1));
    }
    // 1917-1933, 1917-33
    if (from.year > 0 && from.month < 0 && from.season < 0 && is_number(k)) {
      if (auto year = year_at(k); year && *year > from.year && ends_free(k + 1))
        return date{{.year = *year}, after_year_word(k + 1)};
      if (digits(k) == 2 && from.year % 100 < tokens_[k].value && ends_free(k + 1) && touches(k))
        return date{{.year = from.year / 100 * 100 + tokens_[k].value}, k + 1};
    }
    return std::nullopt;
  }

  bool infer(moment &m) const {
    if (m.year > 0 || !how_.infer || !how_.near || how_.near->year < 0) return false;
    m.year = how_.near->year;
    if (!is_real(m)) {
      m.year = -1;
      return false;
    }
    m.uncertain = true;
    return true;
  }

  uint32_t begin_of(size_t k) const { return tokens_[k].begin; }
  uint32_t end_of(size_t k) const { return tokens_[k - 1].end; }

  // Tries everything that can begin at token k; returns the token after it.
  size_t find(size_t k, std::vector<finding> &out) const {
    if (auto end = time_then_date(k, out)) return *end;
    if (auto end = day_list(k, out)) return *end;
    const bool between = is(k, "between") || is(k, "from");
    const size_t start = between ? k + 1 : k;
    auto first = first_of_range(start);
    if (!first) return k + 1;

    finding made;
    made.begin = begin_of(start);
    size_t end = first->end;
    moment from = first->value;
    std::optional<moment> to;
    const bool joins = is_dash(end) || is(end, "to") || is(end, "until") || is(end, "till") || is(end, "through") ||
                       (is(end, "and") && is(k, "between"));
    if (joins && from.unknown_digits == 0) {
      const bool tight = is_dash(end) && touches(end);
      if (auto second = second_of_range(end + 1, from); second && (!tight || from.month < 0 || second->value.month > 0)) {
        to = second->value;
        end = second->end;
        inherit(from, *to);
      }
    }
    if (!to && !first_is_whole(from)) return k + 1;
    made.is_inferred = infer(from);
    if (to) made.is_inferred = infer(*to) || made.is_inferred;
    made.end = end_of(end);
    made.printed.emplace_back(made.begin, made.end);
    made.first = from;
    made.edtf = to ? to_edtf(from, *to) : to_edtf(from);
    if (!to && from.has_day()) end = add_times(end, from, made);
    out.push_back(std::move(made));
    return end;
  }

  // A bare day is a date only as the begin of a range: 28 - 30 April 1962.
  std::optional<date> first_of_range(size_t k) const {
    if (auto found = qualified(k)) return found;
    const auto day = day_at(k);
    if (!day || !stands_free(k)) return std::nullopt;
    const size_t n = after_stop(after_ordinal(k + 1));
    if (!is_dash(n) && !is(n, "to")) return std::nullopt;
    const auto second = day_month(n + 1);
    const bool runs = is_dash(n) ? day_at(n + 1).has_value() : true;
    if (!runs) return std::nullopt;
    auto next = second ? second : free_day_month(n + 1);
    if (!next || next->value.day <= *day) return std::nullopt;
    return date{{.day = *day}, n};
  }
  // day_month, also right behind a hyphen: 28-30 April.
  std::optional<date> free_day_month(size_t k) const {
    const auto day = day_at(k);
    if (!day) return std::nullopt;
    size_t n = after_stop(after_ordinal(k + 1));
    n = after_word(n, "of");
    const token *name = at(n);
    const int month = name == nullptr ? -1 : month_named(*name);
    if (month < 0) return std::nullopt;
    moment m{.month = month, .day = *day};
    return is_real(m) ? with_year(m, n + 1) : std::nullopt;
  }
  static bool first_is_whole(const moment &m) { return m.year > 0 || m.month > 0; }

  // 28 and 29 April 1962: a set of two days.
  std::optional<size_t> day_list(size_t k, std::vector<finding> &out) const {
    const auto day = day_at(k);
    if (!day || !stands_free(k)) return std::nullopt;
    size_t n = after_ordinal(k + 1);
    const bool ranges = is_dash(n);
    if (!ranges && !is(n, "and") && !is(n, "or") && !is(n, "и")) return std::nullopt;
    auto second = free_day_month(n + 1);
    if (!second || second->value.day <= *day) return std::nullopt;
    moment from = second->value, to = second->value;
    from.day = *day;
    finding made;
    made.begin = begin_of(k);
    made.end = end_of(second->end);
    made.printed.emplace_back(made.begin, made.end);
    made.is_inferred = infer(from);
    infer(to);
    made.first = from;
    const char *open = is(n, "or") ? "[" : "{", *close = is(n, "or") ? "]" : "}";
    made.edtf = ranges ? to_edtf(from, to) : open + to_edtf(from) + "," + to_edtf(to) + close;
    out.push_back(std::move(made));
    return second->end;
  }

  void put_times(const clocks &times, moment from, finding &made) const {
    from.hour = hour_of(times.from);
    from.minute = times.from.minute;
    made.first = from;
    made.edtf = to_edtf(from);
    if (times.to) {
      moment to = from;
      to.hour = hour_of(*times.to);
      to.minute = times.to->minute;
      if (to.hour * 60 + to.minute < from.hour * 60 + from.minute && to.year > 0) to = next_day(to);
      made.edtf = to_edtf(from, to);
    }
  }

  // 29 April 1962, 5:50 p.m. - 7.50 p.m.
  size_t add_times(size_t k, const moment &from, finding &made) const {
    size_t n = k;
    while (is_sign(n, ',') || is_sign(n, ';') || (is_dash(n) && !touches(n)) || is_sign(n, '(')) ++n;
    const auto times = clocks_at(n);
    if (!times) return k;
    put_times(times->value, from, made);
    put_printed(*times, made);
    made.end = end_of(times->end);
    return times->end;
  }
  void put_printed(const read<clocks> &times, finding &made) const {
    const clocks &c = times.value;
    made.printed.emplace_back(begin_of(c.from.begin), end_of(c.from_end));
    if (c.to) made.printed.emplace_back(begin_of(c.to->begin), end_of(times.end));
  }

  // 3 p.m. on 28 September 1976; in a line of its own, a time on the day that is known.
  std::optional<size_t> time_then_date(size_t k, std::vector<finding> &out) const {
    if (at(k)->sort == token::type::sign) return std::nullopt;
    if (at(k)->sort == token::type::word && !is(k, "noon") && !is(k, "midday") && !is(k, "midnight")) return std::nullopt;
    const auto times = clocks_at(k);
    if (!times) return std::nullopt;
    size_t n = times->end;
    while (is_sign(n, ',') || is(n, "on") || is(n, "of") || is_sign(n, '(')) ++n;
    finding made;
    made.begin = begin_of(k);
    if (auto day = n > times->end || !is_number(n) ? date_at(n) : std::nullopt; day && day->value.has_day()) {
      made.is_inferred = infer(day->value);
      made.printed.emplace_back(begin_of(n), end_of(day->end));
      made.end = end_of(day->end);
      put_times(times->value, day->value, made);
      put_printed(*times, made);
      out.push_back(std::move(made));
      return day->end;
    }
    if (!how_.times_alone || !how_.near || !how_.near->has_day() || how_.near->year < 0) return std::nullopt;
    moment day = *how_.near;
    made.is_inferred = true;
    made.end = end_of(times->end);
    put_times(times->value, day, made);
    put_printed(*times, made);
    out.push_back(std::move(made));
    return times->end;
  }

  std::vector<token> tokens_;
  const reading &how_;
};

}  // namespace

std::vector<finding> find_dates(std::string_view text, const reading &how) {
  std::vector<finding> found;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = text.size();
    if (end - begin > piece_size) end = std::min(text.find(' ', begin + piece_size), text.size());
    parser(tokens_of(text.substr(begin, end - begin), static_cast<uint32_t>(begin)), how).run(found);
    begin = end;
  }
  return found;
}

}  // namespace calque::dates
