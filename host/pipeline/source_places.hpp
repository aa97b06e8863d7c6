// SPDX-License-Identifier: Apache-2.0
// From a document's text back to the bytes that it came from, and from bytes to lines and columns.
#pragma once

#include <calque/calque.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// The bytes that [begin, end) of the text came from: the smallest range of one source that covers the origins of all
/// of it that is in the source of its first byte. An empty range has the place between its neighbours.
std::optional<source_span> source_of(const calque_document &, std::uint32_t begin, std::uint32_t end);

/// A diagnostic that names text or a node of `given` gets the bytes of the source too.
void place_in_source(diagnostic &, const calque_document &given);

/// Of a byte offset; both begin with 1, columns count code points.
struct line_column {
  std::uint32_t line = 1, column = 1;
};
line_column find_line(std::string_view utf8, std::uint64_t offset);

struct input_file;

/// Gives each diagnostic with a place in source 0 its line and column in the input, when that is UTF-8 and not so big
/// that counting takes longer than it helps. True when there are such places.
bool place_in_input(std::vector<diagnostic> &, const input_file &);

}  // namespace calque::host
