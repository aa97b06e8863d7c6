// SPDX-License-Identifier: Apache-2.0
// The forms that a person's name takes: a speaker's label, its titles and names, a key made of it.
#pragma once

#include <unicode/translit.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace calque::cast {

/// A speaker's label taken apart. `full` is a range of the label: titles and name, as printed.
struct speaker_label {
  uint32_t full_begin = 0, full_end = 0;
  std::string full;
  std::string short_form;             // what "(hereinafter referred to as "Zhang")" says; empty: it says nothing
  std::vector<std::string> variants;  // what other parentheses say: 郝文礼
  bool is_introduced = false;
};
speaker_label read_label(std::string_view label);

/// A name's words, folded: what the person is, and what the person is called.
struct name_words {
  std::vector<std::string> titles;  // offices and ranks; no comrade, no Mr.
  std::vector<std::string> names;   // in their order
  std::string printed;              // the names as printed, without titles
};
name_words words_of_name(std::string_view name);

/// Makes keys of names. Holds ICU's transliterators, which are slow to make and made when first needed.
class slug_maker {
 public:
  slug_maker();
  ~slug_maker();
  /// An XML name of small ASCII letters, digits and hyphens: "Вольская" → volskaya. Never empty.
  std::string operator()(std::string_view name);

 private:
  std::unique_ptr<icu::Transliterator> latin_, any_;
};

}  // namespace calque::cast
