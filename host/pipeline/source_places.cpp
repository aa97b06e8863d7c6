// SPDX-License-Identifier: Apache-2.0
// From a document's text back to the bytes that it came from, and from bytes to lines and columns.
#include "host/pipeline/source_places.hpp"

#include <algorithm>

#include "host/document/stage_rules.hpp"
#include "host/pipeline/open_input.hpp"

namespace calque::host {

std::optional<source_span> source_of(const calque_document &d, std::uint32_t begin, std::uint32_t end) {
  const calque_origins &o = d.origins;
  const std::uint32_t *after = std::upper_bound(o.text_begin, o.text_begin + o.count, begin);
  if (after == o.text_begin) return std::nullopt;
  std::optional<source_span> found;
  for (auto k = static_cast<std::uint32_t>(after - o.text_begin - 1); k < o.count; ++k) {
    if (found && o.text_begin[k] >= end) break;
    const std::uint32_t run_end = k + 1 < o.count ? o.text_begin[k + 1] : static_cast<std::uint32_t>(d.text.size);
    // Within an exact run a byte of text is a byte of the source; of another only the whole is known.
    std::uint64_t from = o.begin[k], to = o.end[k];
    if (o.exact[k] != 0) {
      from = o.begin[k] + (std::max(begin, o.text_begin[k]) - o.text_begin[k]);
      to = std::max(from, o.begin[k] + (std::min(end, run_end) - std::min(end, o.text_begin[k])));
    }
    if (!found)
      found = source_span{o.source[k], from, to};
    else if (found->source == o.source[k])
      found = source_span{found->source, std::min(found->begin, from), std::max(found->end, to)};
  }
  return found;
}

void place_in_source(diagnostic &diag, const calque_document &given) {
  if (diag.where.source) return;
  std::optional<text_span> span = diag.where.span;
  if (!span && diag.where.node) {
    const std::uint32_t *ids = given.nodes.id, *last = ids + given.nodes.count;
    const std::uint32_t *found = std::find(ids, last, *diag.where.node);
    if (found == last) return;
    span = text_span{given.nodes.text_begin[found - ids], given.nodes.text_end[found - ids]};
  }
  if (span && span->begin <= span->end && span->end <= given.text.size)
    diag.where.source = source_of(given, span->begin, span->end);
}

line_column find_line(std::string_view utf8, std::uint64_t offset) {
  const std::string_view before = utf8.substr(0, std::min<std::uint64_t>(offset, utf8.size()));
  const std::string_view line = before.substr(before.rfind('\n') + 1); // npos + 1 is 0
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return {static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<std::uint32_t>(std::count_if(line.begin(), line.end(), starts) + 1)};
}

bool place_in_input(std::vector<diagnostic> &all, const input_file &input) {
  constexpr std::size_t most_bytes = 16 << 20;
  const bool has_places = std::any_of(all.begin(), all.end(), [](const diagnostic &d) { return d.where.source.has_value(); });
  if (!has_places || input.bytes.size() > most_bytes || !is_utf8(input.bytes)) return false;
  for (diagnostic &d : all) {
    if (!d.where.source || d.where.source->source != 0 || d.where.source->begin > input.bytes.size()) continue;
    const std::size_t begin = d.where.source->begin, end = std::min<std::uint64_t>(d.where.source->end, input.bytes.size());
    const line_column at = find_line(input.bytes, begin);
    const std::string_view marked = std::string_view(input.bytes).substr(begin, end - std::min(begin, end));
    const std::string_view on_line = marked.substr(0, marked.find('\n'));
    d.where.file = input.path;
    d.where.line = at.line;
    d.where.column = at.column;
    d.where.length = find_line(on_line, on_line.size()).column - 1;
  }
  return true;
}

}  // namespace calque::host
