// SPDX-License-Identifier: Apache-2.0
// The lines before a conversation: who was present, who interpreted, who wrote the minutes, where it was.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace calque::cast {

enum class circumstance { participants, interpreter, writer, venue };

/// Which label says what; folded words.
class circumstance_labels {
 public:
  circumstance_labels();
  void add(circumstance, const std::vector<std::string> &labels);
  /// What a label (without its colon) announces.
  std::optional<circumstance> find(std::string_view label) const;

 private:
  std::unordered_set<std::string> words_[4];
};

/// A line "Label: value"; ranges of the line.
struct circumstance_line {
  circumstance what;
  uint32_t value_begin = 0, value_end = 0;  // without blanks; empty when the value follows in blocks of its own
};
std::optional<circumstance_line> read_circumstance(std::string_view line, const circumstance_labels &);

/// One person of a list; ranges of the text given.
struct listed_person {
  uint32_t begin = 0, end = 0;  // the name, with titles that stand before it
  std::string name;
  std::vector<std::string> variants;
  std::string role;
};
/// "Xu Ming, Deputy Director, Europe Department; Igor Panin, Second Secretary": divided by semicolons; without any, by
/// commas and "and", when what follows is a person and not an office. What is no person's name is left out.
std::vector<listed_person> read_people(std::string_view list);

}  // namespace calque::cast
