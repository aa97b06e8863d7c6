// SPDX-License-Identifier: Apache-2.0
// Changes of quotes, dashes, ellipses and spaces that a house style asks for, as edits of one block's text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

enum class quote_style { keep, curly, straight };
enum class dash_style { keep, dashes, hyphens };
enum class ellipsis_style { keep, character, dots };
enum class space_style { keep, french, plain };

struct house_style {
  quote_style quotes = quote_style::keep;
  dash_style dashes = dash_style::keep;
  ellipsis_style ellipsis = ellipsis_style::keep;
  space_style spaces = space_style::keep;
  bool asks_nothing() const {
    return quotes == quote_style::keep && dashes == dash_style::keep && ellipsis == ellipsis_style::keep &&
           spaces == space_style::keep;
  }
};

struct style_edit {
  size_t begin, end;
  std::string replacement;
  std::string_view code;
};

/// Edits in ascending order, none of which overlap. What stands in square brackets alone, as "[...]", is a mark of the
/// editors and stays. Applied twice, the second time finds nothing.
std::vector<style_edit> apply_style(std::string_view text, const house_style &style);

}  // namespace calque::plugins
