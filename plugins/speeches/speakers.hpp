// SPDX-License-Identifier: Apache-2.0
// Who speaks: which labels of a document are speakers, and what each of its paragraphs is in the conversation.
#pragma once

#include "plugins/common/labels.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

/// A block as the rules see it.
struct spoken_block {
  enum class shape : uint8_t { paragraph, heading, other };
  std::string_view text;
  shape is = shape::paragraph;
  uint32_t group = 0;               // blocks of one container; a speech does not leave it
  std::vector<size_t> line_begins;  // places behind line ends inside the block
};

/// A speech begins: places are in the block's text.
struct turn {
  size_t begin, label_end, text_begin;
};

/// What a block is.
struct spoken_role {
  enum class is : uint8_t {
    plain,            // outside speeches
    speech,           // `turns` begin in it
    continuation,     // of the speech that runs
    stage_direction,  // an action, in parentheses
    interlude,        // neither spoken nor the end of a speech, such as a rule of asterisks
    subtitle
  };
  is what = is::plain;
  std::vector<turn> turns;                       // speech: the first is not always at the block's begin
  std::vector<std::pair<size_t, size_t>> lines;  // subtitle: its lines
};

/// What the rules are told from outside.
struct speaker_options {
  std::vector<std::string> speakers;      // labels that are speakers whatever the rules say, folded
  std::vector<std::string> not_speakers;  // labels that are none, folded
  std::string names;                      // texts that name people: titles, summaries
};

/// One role a block, in order.
std::vector<spoken_role> find_speeches(const std::vector<spoken_block> &blocks, const speaker_options &options);

}  // namespace calque::plugins
