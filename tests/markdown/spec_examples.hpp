// SPDX-License-Identifier: Apache-2.0
// The examples of a specification of Markdown, and HTML as its own test compares it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace markdown_tests {

struct example {
  int number;
  std::string markdown, html, extension;
};

/// Between fences of 32 backticks: the words after `example`, Markdown, a line with a point, HTML; → is a tab.
std::vector<example> read_examples(std::string_view specification);

/// Without blanks that mean nothing, attributes in the order of their names, character references resolved.
std::string normalized(std::string_view html);

}  // namespace markdown_tests
