// SPDX-License-Identifier: Apache-2.0
// A bracket's words and the words around it, each looked up once and within a bounded reach.
#pragma once

#include "plugins/common/words.hpp"
#include "plugins/editorial/brackets.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calque::editorial {

/// A word before a bracket, next to it or to the word after it.
struct near_word {
  uint32_t begin = 0, end = 0;
  std::string_view text;
  bool is_capitalised = false, starts_with_digit = false;
};

/// The script that most letters of a text are in.
struct script_name {
  std::string_view code;      // ISO 15924; empty: no letters
  std::string_view language;  // what the script alone tells: ja, ko, und-Hani, und-Cyrl
  bool is_east_asian = false;
};
script_name script_of(std::string_view text);

/// The BCP 47 tag of a language by its English name or abbreviation ("russian", "rus"); empty: none.
std::string_view language_named(std::string_view folded);

/// Whether two names may be spellings of one: the same consonants, near enough.
bool sounds_alike(std::string_view a, std::string_view b);
size_t count_hyphens(std::string_view word);

class neighbours {
 public:
  neighbours(std::string_view block, const bracket &where);

  /// Without the signs, and without blanks at its ends.
  std::string_view content() const { return content_; }
  /// The first words of the content.
  const std::vector<plugins::word> &words() const { return words_; }

  /// Words before, the nearest first, up to a sign that divides; brackets that stand right before are passed over.
  bool has_before() const { return !before_.empty(); }
  size_t count_before() const { return before_.size(); }
  const near_word &before(size_t k) const { return before_[k]; }
  bool follows_word() const { return has_before(); }
  /// A stop, or nothing, stands before.
  bool follows_stop() const { return follows_stop_; }
  /// A word follows, with blanks between at most.
  bool precedes_word() const { return plugins::is_word(next_); }
  bool next_is_capitalised() const { return plugins::is_upper(next_); }
  /// The first sign after the bracket and blanks; 0 at the end of the block.
  char32_t next_sign() const { return next_; }

  bool is_first() const { return is_first_; }
  bool is_last() const { return next_ == 0; }
  bool touches_letter_before() const { return touches_before_; }
  bool touches_letter_after() const { return touches_after_; }
  bool touches_digit_after() const { return touches_digit_; }
  /// The text of a link in a plain-text notation: [words](address).
  bool is_link() const { return is_link_; }

  /// The script of the word before, or else of the word after.
  script_name script_around() const;
  /// The capitalised words right before that make one name; titles and small words end it.
  std::optional<stretch> name_before() const;

 private:
  void read_before(size_t at);

  std::string_view block_;
  std::string_view content_;
  std::vector<plugins::word> words_;
  std::vector<near_word> before_;
  char32_t next_ = 0;
  size_t after_ = 0;
  bool follows_stop_ = false, is_first_ = false, touches_before_ = false, touches_after_ = false,
       touches_digit_ = false, is_link_ = false;
};

}  // namespace calque::editorial
