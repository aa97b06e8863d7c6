// SPDX-License-Identifier: Apache-2.0
// The layout of a packed document, shared by its writer and its reader; docs/document-model.md describes it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "host/document/columns.hpp"
#include "host/document/document.hpp"

namespace calque::host::packed {

inline constexpr std::array<char, 8> magic = {'C', 'A', 'L', 'Q', 'D', 'O', 'C', '\1'};
inline constexpr uint32_t byte_order = 1;  // reads as another number where bytes stand the other way round
inline constexpr uint64_t alignment = 64;

struct header {
  std::array<char, 8> magic;
  uint32_t byte_order, model;
  uint32_t section_count, reserved;
  uint64_t total_size;
  uint32_t next_node_id, next_annotation_id;
  std::array<uint8_t, 16> digest;  // XXH3, 128 bit, of all bytes with these 16 as zero
  uint64_t reserved_2;
};
static_assert(sizeof(header) == alignment);

/// Sections stand in the order of the table, and do not overlap. `instance` counts sources, layers and resources.
struct section {
  uint32_t id, instance, element_size, reserved;
  uint64_t offset, count;
};
static_assert(sizeof(section) == 32);

/// Ids are never given anew. Of a list of columns, the k-th has the id of the list + k, and columns are only appended.
enum section_id : uint32_t {
  text = 0x100,
  strings = 0x200,
  name_end,
  node_list = 0x300,
  attr_list = 0x400,
  origin_list = 0x500,
  source_numbers = 0x600,  // parent, size
  source_name,
  source_media_type,
  source_encoding,
  source_sha256,
  layer_numbers = 0x700,  // on_change
  layer_name,
  layer_stage,
  layer_name_end,
  layer_strings,
  annotation_list = 0x800,
  value_list = 0x900,
  resource_name = 0xa00,
  resource_media_type,
  resource_bytes
};

/// For the visitors of columns.hpp: calls f(id, instance, column) with ids that count up from `list`.
template <class F>
auto numbered(uint32_t list, uint32_t instance, F &f) {
  return [list, instance, &f, k = uint32_t{0}](const char *, auto &column) mutable { f(list + k++, instance, column); };
}

/// The digest of a packed document.
std::array<uint8_t, 16> digest_of(std::span<const std::byte> packed);

}  // namespace calque::host::packed
