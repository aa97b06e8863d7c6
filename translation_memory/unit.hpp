// SPDX-License-Identifier: Apache-2.0
// A translation unit: one segment in two languages with all that its TMX file says of it, and what can go wrong.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace calque::tm {

/// One language's half. What is TMX (`markup`, `attributes`, `notes`) is kept as TMX in one spelling, so that it can be
/// written as it stands: attributes begin with a blank, notes are <note> and <prop> elements.
struct half {
  std::string language;  // BCP 47, in its usual case
  std::string text;      // without inline codes: what is matched
  std::string markup;    // the content of <seg> where it has inline codes; else empty
  std::string attributes, notes;
};

/// The segments of the source language that stood around one occurrence of a unit; empty: none.
struct context {
  std::string before, after;
  bool operator==(const context &) const = default;
};

struct unit {
  half source, target;
  std::string file, name;        // the TMX file, and the unit's id in it or else its number
  std::string created, creator;  // of the target, as the file says: 20020101T163812Z
  std::string changed, changer;
  std::string attributes, notes;  // of both halves
  std::vector<context> contexts;
};

/// What ends an import, an export or the reading of a memory. `code` is one of Calque's: memory.locked, input.missing.
class failure : public std::runtime_error {
 public:
  failure(std::string code, const std::string &message, std::string hint)
      : std::runtime_error(message), code_(std::move(code)), hint_(std::move(hint)) {}
  const std::string &code() const { return code_; }
  const std::string &hint() const { return hint_; }

 private:
  std::string code_, hint_;
};

}  // namespace calque::tm
