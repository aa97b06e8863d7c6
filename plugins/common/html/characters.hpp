// SPDX-License-Identifier: Apache-2.0
// Which characters of the file each piece of a text node came from: character references, line ends, what was left out.
#pragma once

#include "plugins/common/html/tree.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace calque::plugins::html_reading {

/// A piece of a node's text and the characters of the file that it stands for. `is_same`: they are the same bytes.
struct text_piece {
  std::string_view bytes;
  stretch from;
  bool is_same;
};

/// What a character reference stands for, as gumbo has it: itself when it is none.
std::string read_reference(std::string_view written);

class characters {
 public:
  explicit characters(std::string_view file) : file_(file) {}

  /// Calls f for the pieces of `text`, in order, which the parser made of `part` of the file. With `has_markup` the part
  /// may hold tags that gave no node, which are passed over.
  void each_piece(std::string_view text, stretch part, bool has_markup, const std::function<void(text_piece)> &f);

 private:
  struct reference {
    size_t size;        // in the file; 0 when it is none
    std::string stands_for, shown;  // as the parser has it, and in UTF-8
  };
  const reference &read(std::string_view at);

  std::string_view file_;
  std::map<std::string, reference, std::less<>> known_;
};

}  // namespace calque::plugins::html_reading
