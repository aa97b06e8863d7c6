// SPDX-License-Identifier: Apache-2.0
// Walks from the front of a line to its colon and asks of every word whether it can stand in a name.
#include "plugins/common/labels.hpp"

#include "plugins/common/characters.hpp"
#include "plugins/common/words.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace calque::plugins {
namespace {

using std::string;
using std::string_view;

constexpr size_t longest_label = 400;  // bytes, with parentheses: a full title and how it will be called
constexpr size_t most_words = 9, most_words_introduced = 24, most_words_before_dash = 5;
constexpr size_t most_unspaced = 18;  // characters of a name in a script without blanks

bool is_opening(char32_t c) {
  return c == '(' || c == '[' || c == 0xff08 || c == 0xff3b || c == 0x3010;
}
bool is_closing(char32_t c) {
  return c == ')' || c == ']' || c == 0xff09 || c == 0xff3d || c == 0x3011;
}
bool is_quote(char32_t c) {
  return c == '"' || c == 0xab || c == 0xbb || (c >= 0x201c && c <= 0x201f) || (c >= 0x300c && c <= 0x300f);
}
bool is_colon(char32_t c) {
  return c == ':' || c == 0xff1a || c == 0xfe55;
}
bool is_long_dash(char32_t c) {
  return c == 0x2013 || c == 0x2014 || c == 0x2015;
}

/// Words of a name that begin small.
bool is_particle(string_view word) {
  static const word_set words(
      "of the and for to in at on de von van der den di da do dos das del della la le les du des el al bin ibn ben "
      "abu zu zum zur und et y e i и по в при на за о для от из с a.i ad interim d l o' af av til ten ter");
  return words.has(word);
}
/// A particle that a name may begin with: "de Gaulle".
bool is_first_particle(string_view word) {
  static const word_set words("de von van der den di da al el bin ibn ben la le du ten ter");
  return words.has(word);
}

/// What follows says how the speaker will be called.
bool has_introduction(string_view folded_text) {
  static constexpr string_view phrases[] = {
      "hereinafter", "hereafter",   "henceforth",  "referred to as", "from here on", "in the following",
      "below as",    "abbreviated", "далее",       "в дальнейшем",   "именуем",      "以下简称",
      "下称",        "简称",        "以下稱",      "下稱",           "nachfolgend",  "im folgenden",
      "nachstehend", "ci-après",    "en adelante", "以下",           "이하"};
  return std::any_of(std::begin(phrases), std::end(phrases),
                     [&](string_view p) { return folded_text.find(p) != string_view::npos; });
}

/// Verbs of speech that end a clause in scripts without blanks: "周恩来说：" tells, it does not label.
bool ends_with_speech_verb(string_view name) {
  static constexpr string_view verbs[] = {"说", "道",   "问",   "答",   "称",   "說",   "問",
                                          "稱", "指出", "表示", "认为", "認為", "如下", "回答"};
  return std::any_of(std::begin(verbs), std::end(verbs),
                     [&](string_view v) { return name.size() > v.size() && name.ends_with(v); });
}

/// The walk over one line.
class label_finder {
 public:
  explicit label_finder(string_view line) : line_(line) {}

  std::optional<label> find() {
    skip_front();
    const size_t limit = std::min(line_.size(), begin_ + longest_label);
    for (size_t at = begin_; at < limit;) {
      const size_t here = at;
      const char32_t c = next_character(line_, at);
      if (is_opening(c)) {
        if (depth_++ == 0) open_group(here);
      } else if (is_closing(c)) {
        if (depth_ == 0) return std::nullopt;
        if (--depth_ == 0) close_group(here, at);
      } else if (is_colon(c)) {
        if (depth_ > 0 && !never_closed(here)) continue;
        if (depth_ > 0) close_group(here, here);
        return colon_at(here, at, c);
      } else if (depth_ == 0 && is_long_dash(c)) {
        if (auto found = dash_at(here, at)) return found;
        return std::nullopt;
      } else if (depth_ == 0 && !may_stand_in_name(c, here)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

 private:
  void skip_front() {
    for (size_t at = 0; at < line_.size(); begin_ = at) {
      const char32_t c = next_character(line_, at);
      if (!is_blank(c) && !is_invisible(c)) break;
    }
  }

  bool may_stand_in_name(char32_t c, size_t here) {
    if (c == '!' || c == '?' || c == ';' || c == '<' || c == '>' || c == '=' || c == '/' || is_quote(c) ||
        c == 0x3002 || c == 0xff0c || c == 0x3001 || c == 0xff01 || c == 0xff1f || c == 0xff1b || c == '\n')
      return c == '/' && here > begin_;
    if (c == ',') return ++commas_ <= 1;
    if (c == '.') return is_abbreviation(here);
    return true;
  }

  /// A stop inside a name ends a short word: "Mr.", "K.", "Cde.", "Тов."
  bool is_abbreviation(size_t stop) const {
    size_t letters = 0;
    for (size_t at = stop; at > begin_;) {
      size_t before = at;
      if (!is_word(previous_character(line_, before))) break;
      at = before;
      ++letters;
    }
    return letters >= 1 && letters <= 5;
  }

  void open_group(size_t at) {
    group_begin_ = at;
    groups_.push_back({at, at});
  }
  void close_group(size_t inner_end, size_t end) {
    groups_.back().second = end;
    const string inner = folded(line_.substr(group_begin_, inner_end - group_begin_));
    if (has_introduction(inner)) {
      introduces_ = true;
      short_name_ = quoted_name(line_.substr(group_begin_, inner_end - group_begin_));
    }
    depth_ = 0;
  }

  /// Inside an open parenthesis that no one closes before the line's text begins, a colon still ends the label: the
  /// parenthesis must be an introduction, for nothing else is so sure.
  bool never_closed(size_t colon) const {
    if (!has_introduction(folded(line_.substr(group_begin_, colon - group_begin_)))) return false;
    const string_view rest = line_.substr(colon);
    const size_t close = rest.find_first_of(")]"), open = rest.find_first_of("([");
    return close == string_view::npos || open < close;
  }

  /// The words between the quotes of "(hereinafter referred to as "Xu")", with or without the second one.
  static string quoted_name(string_view group) {
    for (size_t at = 0; at < group.size();) {
      const char32_t c = next_character(group, at);
      if (!is_quote(c) && c != 0x2018 && c != '\'') continue;
      size_t end = at;
      while (end < group.size()) {
        size_t behind = end;
        const char32_t d = next_character(group, behind);
        if (is_quote(d) || is_closing(d) || d == 0x2019) break;
        end = behind;
      }
      return folded(trimmed(group.substr(at, end - at)));
    }
    // Without quotes: the last words that are capitalised, "hereinafter Lin".
    const auto words = words_of(group);
    size_t first = words.size();
    while (first > 0 && (words[first - 1].is_capitalised() || is_caseless(first_character(words[first - 1].text))))
      --first;
    return first < words.size() ? folded(group.substr(words[first].begin, words.back().end - words[first].begin))
                                : string();
  }

  std::optional<label> colon_at(size_t here, size_t behind, char32_t colon) {
    // "5:50", "http://", "12:5": what follows a colon of a label is a blank, a quote, a letter, or nothing.
    if (behind < line_.size()) {
      size_t at = behind;
      const char32_t next = next_character(line_, at);
      size_t before = here;
      const char32_t last = previous_character(line_, before);
      if (next == '/' || next == ':' || (is_digit(next) && is_digit(last) && colon == ':')) return std::nullopt;
    }
    return made(here, behind, introduces_ ? most_words_introduced : most_words, false);
  }

  std::optional<label> dash_at(size_t here, size_t behind) {
    size_t before = here;
    const char32_t last = previous_character(line_, before);
    if (here == begin_ || behind >= line_.size() || commas_ > 0 || is_digit(last)) return std::nullopt;
    return made(here, behind, most_words_before_dash, true);
  }

  std::optional<label> made(size_t name_end, size_t end, size_t word_limit, bool by_dash) {
    label found;
    found.begin = begin_;
    found.end = end;
    found.by_dash = by_dash;
    found.introduces = introduces_;
    found.short_name = short_name_;
    // The name is what stands before the first group; a label that is a group itself is its inside.
    size_t name_begin = begin_;
    if (!groups_.empty() && groups_.front().first == begin_ &&
        trimmed(line_.substr(groups_.front().second, name_end - groups_.front().second)).empty()) {
      found.is_bracketed = true;
      size_t inner = begin_;
      next_character(line_, inner);
      size_t inner_end = groups_.front().second;
      previous_character(line_, inner_end);
      name_begin = inner;
      name_end = std::max(inner_end, inner);
    } else if (!groups_.empty() && groups_.front().first > begin_) {
      name_end = std::min(name_end, groups_.front().first);
    }
    found.name = trimmed(line_.substr(name_begin, name_end - name_begin));
    while (!found.name.empty() && found.name.back() == '*') found.name.remove_suffix(1);
    if (!is_name(found.name, word_limit, found.is_bracketed)) return std::nullopt;
    found.key = folded(found.name);
    size_t text = end;
    while (text < line_.size()) {
      size_t behind = text;
      if (!is_blank(next_character(line_, behind))) break;
      text = behind;
    }
    found.text_begin = text;
    return found;
  }

  static bool is_name(string_view name, size_t word_limit, bool is_bracketed) {
    if (name.empty() || ends_with_speech_verb(name)) return false;
    const auto words = words_of(name, word_limit + 1);
    if (words.empty() || words.size() > word_limit) return false;
    size_t unspaced = 0;
    bool has_letter = false;
    for (size_t at = 0; at < name.size();) {
      const char32_t c = next_character(name, at);
      unspaced += is_unspaced(c) ? 1u : 0u;
      has_letter = has_letter || is_letter(c);
    }
    if (!has_letter || unspaced > most_unspaced) return false;
    for (size_t k = 0; k < words.size(); ++k) {
      const char32_t first = first_character(words[k].text);
      if (is_upper(first) || is_caseless(first) || (is_digit(first) && (k > 0 || is_bracketed))) continue;
      if (is_bracketed && k > 0) continue;  // "[Male voice]"
      const string word = folded(words[k].text);
      if (k == 0 ? is_first_particle(word) : is_particle(word)) continue;
      // "d'Affaires", "al-Sadat": a small first part, then a capital.
      const size_t mark = words[k].text.find_first_of("'-\xe2");
      if (mark != string_view::npos && mark > 0 && mark <= 4) {
        size_t at = mark;
        next_character(words[k].text, at);
        if (at < words[k].text.size() && is_upper(first_character(words[k].text.substr(at)))) continue;
      }
      return false;
    }
    // "The Chinese side:" would be a name but for its article; alone, an article begins a phrase.
    return true;
  }

  string_view line_;
  size_t begin_ = 0, group_begin_ = 0;
  int depth_ = 0, commas_ = 0;
  bool introduces_ = false;
  string short_name_;
  std::vector<std::pair<size_t, size_t>> groups_;
};

}  // namespace

std::optional<label> find_label(string_view line) {
  return label_finder(line).find();
}

bool ends_sentence(string_view text) {
  size_t end = text.size();
  bool in_note = false;
  while (end > 0) {
    size_t before = end;
    const char32_t c = previous_character(text, before);
    if (c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0xff0e ||
        c == 0x06d4 || c == 0x061f || c == 0x0964 || c == 0x203c || c == 0x2047 || c == 0x2048 || c == 0x2049 ||
        c == 0x055e || c == 0x0589)
      return true;
    if (is_closing(c) || is_quote(c) || c == '\'' || c == 0x2019 || c == '*' || is_blank(c) || is_invisible(c)) {
      in_note = in_note || c == ']';
      end = before;
      continue;
    }
    // A call of a note, "[12]", says nothing of the sentence before it.
    if (in_note && is_digit(c)) {
      end = before;
      continue;
    }
    if (in_note && c == '[') {
      in_note = false;
      end = before;
      continue;
    }
    return false;
  }
  return false;
}

}  // namespace calque::plugins
