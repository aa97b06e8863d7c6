// SPDX-License-Identifier: Apache-2.0
// Diagnostics as people and programs read them: with the line and a caret, in one line, or as JSON.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "host/document/diagnostic.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {

enum class render_form {
  human,    // several lines, for a terminal; not stable
  concise,  // `file:line:column: error[code]: message`, which editors parse
  json      // one object a line; keys are only added
};

struct render_options {
  render_form form = render_form::human;
  std::size_t width = 100;  // of the terminal; lines of the file are cut to it, prose is wrapped
  bool colour = false;      // says nothing that the words do not say
};

/// One diagnostic, ending with a line feed. A line of the file is shown when `sources` has the file.
std::string render(const diagnostic &, const source_texts &sources, const render_options &);

/// All of them. For people: with blank lines between, the fourth and further ones of the same words only counted, no
/// more than 50 in full, and a last line with the sums. Empty when there are none.
std::string render_all(std::span<const diagnostic>, const source_texts &sources, const render_options &);

}  // namespace calque::host
