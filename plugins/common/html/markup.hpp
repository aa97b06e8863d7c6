// SPDX-License-Identifier: Apache-2.0
// Where tags, comments and texts begin and end in HTML, by a pass of its own over the characters.
#pragma once

#include <cstddef>
#include <string_view>

namespace calque::plugins::html_reading {

enum class token_kind { text, tag, end_tag, comment, declaration };

/// One token; tokens tile the text. A text ends at the next markup.
struct token {
  token_kind kind;
  size_t begin, end;
  std::string_view name;  // of a tag, as written
  bool closes_itself;     // it ends with "/>"
};

/// Cuts HTML into tokens. What follows <script>, <style>, <title> and the like is text up to their end tag.
class tokens {
 public:
  explicit tokens(std::string_view text) : text_(text) {}
  /// The next token; false at the end.
  bool next(token &to);

 private:
  std::string_view text_;
  size_t at_ = 0;
  std::string_view raw_;  // the element whose text is not markup
};

/// Whether "<" at that place begins markup, and where it ends.
bool begins_markup(std::string_view text, size_t at);
size_t end_of_markup(std::string_view text, size_t at);
size_t attributes_of_tag(std::string_view text, const token &tag);

bool same_word(std::string_view a, std::string_view lower_case);

}  // namespace calque::plugins::html_reading
