// SPDX-License-Identifier: Apache-2.0
// A body of plain text as blocks: paragraphs, quoted text, the signature.
#pragma once

#include "plugins/eml/body_text.hpp"

namespace calque::plugins::mail {

/// How lines are to be read (RFC 3676).
struct line_form {
  bool flowed = false, delsp = false;
};

/// Writes the text at the place where the builder stands. True when there was any word.
bool write_plain_body(const body_text &, line_form, builder &);

}  // namespace calque::plugins::mail
