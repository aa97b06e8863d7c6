// SPDX-License-Identifier: Apache-2.0
// Makes translated records of conversation that are unlike the sample, each with the truth about it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace calque::records {

/// A speech as a reader would count it: who speaks, and the words without the label, paragraphs joined by a line end.
struct speech {
  std::string speaker;  // the name that the first label of that person gives in full
  std::string words;
};

/// A bracket of the body, with its brackets, and what it is in the terms of calque.editorial/1.
struct bracket {
  std::string text, kind;
};

struct truth {
  std::vector<speech> speeches;
  std::vector<bracket> brackets;                            // in reading order
  std::vector<std::pair<std::string, std::string>> fields;  // key, value as printed
  size_t joined_paragraphs = 0;
  std::string body;  // every word of the body, in order
};

struct record {
  std::string text;
  calque::records::truth truth;
};

/// The record of that seed; the same on every machine.
record generate(uint64_t seed);

/// The truth as JSON, for people and other programs.
std::string to_json(const truth &);

}  // namespace calque::records
