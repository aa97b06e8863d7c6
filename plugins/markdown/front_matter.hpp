// SPDX-License-Identifier: Apache-2.0
// The metadata at the front of a file: a YAML block between --- lines, or pandoc's title block of % lines.
#pragma once

#include "plugins/markdown/inline_reader.hpp"

namespace markdown {

struct front_value {
  std::string key;  // as written
  content text;     // Markdown
};

struct front_matter {
  std::vector<front_value> values;  // in order; a list gives several with one key
  size_t end = 0;                   // where the text begins
};

/// Nothing, with end = 0, when the text does not begin with metadata of a form that is known.
front_matter read_front_matter(std::string_view text);

/// The field that a key of metadata is: a Dublin Core term, pandoc's names for some of them, or calque.…; else empty.
std::string_view field_of(std::string_view key);

}  // namespace markdown
