// SPDX-License-Identifier: Apache-2.0
// A file of cases: Markdown in which fenced blocks are a pipeline, an input, and what is expected of them. An input is
// text; `escaped`, with \n \xNN \u{N} in it; `archive`, a ZIP whose members follow lines "--- NAME".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calque::cases {

/// ```expected WHAT … ```: `begin` and `end` are where its text lies in the file, for rewriting it.
struct expectation {
  std::string what, text;
  size_t begin = 0, end = 0;
};

/// One case. Its subject is the last heading before its pipeline.
struct one_case {
  std::string subject, pipeline, input, input_name = "case.txt";
  std::vector<expectation> expected;
};

struct case_file {
  std::string text;
  std::vector<one_case> cases;
};

/// Throws std::runtime_error, with the line, when blocks are not in order or an input's escapes are wrong.
case_file parse_cases(std::string text);

}  // namespace calque::cases
