// SPDX-License-Identifier: Apache-2.0
// Writes the packed form of a document.
#include "host/document/packed.hpp"

#include <xxhash.h>

#include <cstring>
#include <deque>
#include <vector>

#include "host/document/packed_format.hpp"

namespace calque::host {
namespace {

std::array<uint8_t, 16> canonical(XXH3_state_t *state) {
  XXH128_canonical_t found;
  XXH128_canonicalFromHash(&found, XXH3_128bits_digest(state));
  XXH3_freeState(state);
  std::array<uint8_t, 16> digest;
  std::memcpy(digest.data(), found.digest, sizeof digest);
  return digest;
}

class packer {
 public:
  explicit packer(const document &d) {
    const document_sections &s = d.sections();
    add(packed::text, 0, *s.text);
    add(packed::strings, 0, s.labels->strings);
    add(packed::name_end, 0, s.labels->name_end);
    const auto put = [this](uint32_t id, uint32_t instance, const auto &column) { add(id, instance, column); };
    each_node_column(*s.nodes, packed::numbered(packed::node_list, 0, put));
    each_attr_column(s.labels->attrs, packed::numbered(packed::attr_list, 0, put));
    each_origin_column(*s.origins, packed::numbered(packed::origin_list, 0, put));
    for (uint32_t k = 0; k < s.sources->size(); ++k) add_source((*s.sources)[k], k);
    for (uint32_t k = 0; k < s.layers.size(); ++k) {
      add_layer(*s.layers[k], k);
      each_annotation_column(s.layers[k]->columns(), packed::numbered(packed::annotation_list, k, put));
      each_value_column(s.layers[k]->columns(), packed::numbered(packed::value_list, k, put));
    }
    for (uint32_t k = 0; k < s.resources->size(); ++k) {
      const resource_data &one = (*s.resources)[k];
      add(packed::resource_name, k, one.name);
      add(packed::resource_media_type, k, one.media_type);
      add(packed::resource_bytes, k, one.bytes);
    }
  }

  std::array<uint8_t, 16> digest(const document_sections &s) const {
    XXH3_state_t *state = XXH3_createState();
    XXH3_128bits_reset(state);
    const std::array<uint32_t, 2> next_ids{s.next_node_id, s.next_annotation_id};
    XXH3_128bits_update(state, next_ids.data(), sizeof next_ids);
    for (const pending &one : sections_) {
      XXH3_128bits_update(state, &one.entry, sizeof one.entry);
      if (one.entry.count > 0) XXH3_128bits_update(state, one.data, one.entry.count * one.entry.element_size);
    }
    return canonical(state);
  }

  std::string assemble(const document_sections &s) {
    const auto aligned = [](uint64_t at) {
      return (at + packed::alignment - 1) / packed::alignment * packed::alignment;
    };
    uint64_t at = aligned(sizeof(packed::header) + sections_.size() * sizeof(packed::section));
    for (pending &one : sections_) {
      one.entry.offset = at;
      at = aligned(at + one.entry.count * one.entry.element_size);
    }
    std::string out(at, '\0');
    packed::header head{packed::magic,
                        packed::byte_order,
                        CALQUE_MODEL,
                        static_cast<uint32_t>(sections_.size()),
                        0,
                        at,
                        s.next_node_id,
                        s.next_annotation_id,
                        {},
                        0};
    char *entry = out.data() + sizeof head;
    for (const pending &one : sections_) {
      std::memcpy(entry, &one.entry, sizeof one.entry);
      entry += sizeof one.entry;
      const uint64_t size = one.entry.count * one.entry.element_size;
      if (size > 0) std::memcpy(out.data() + one.entry.offset, one.data, size);
    }
    std::memcpy(out.data(), &head, sizeof head);
    head.digest = packed::digest_of(std::as_bytes(std::span(out)));
    std::memcpy(out.data(), &head, sizeof head);
    return out;
  }

 private:
  struct pending {
    packed::section entry;
    const void *data;
  };

  template <class Column>
  void add(uint32_t id, uint32_t instance, const Column &column) {
    sections_.push_back({{id, instance, sizeof(typename Column::value_type), 0, 0, column.size()}, column.data()});
  }
  const std::vector<uint64_t> &keep(std::vector<uint64_t> numbers) { return kept_.emplace_back(std::move(numbers)); }

  void add_source(const source_data &one, uint32_t k) {
    add(packed::source_numbers, k, keep({one.parent, one.size}));
    add(packed::source_name, k, one.name);
    add(packed::source_media_type, k, one.media_type);
    add(packed::source_encoding, k, one.encoding);
    add(packed::source_sha256, k, one.sha256);
  }
  void add_layer(const layer_data &one, uint32_t k) {
    add(packed::layer_numbers, k, keep({one.on_change()}));
    add(packed::layer_name, k, one.name());
    add(packed::layer_stage, k, one.stage());
    add(packed::layer_name_end, k, one.name_end());
    add(packed::layer_strings, k, one.strings());
  }

  std::vector<pending> sections_;
  std::deque<std::vector<uint64_t>> kept_;  // numbers that no column of the document holds
};

}  // namespace

std::array<uint8_t, 16> packed::digest_of(std::span<const std::byte> whole) {
  header head;
  std::memcpy(&head, whole.data(), sizeof head);
  head.digest = {};
  // The header is hashed as a copy, because what is packed is never changed, and may not be ours to change.
  XXH3_state_t *state = XXH3_createState();
  XXH3_128bits_reset(state);
  XXH3_128bits_update(state, &head, sizeof head);
  XXH3_128bits_update(state, whole.data() + sizeof head, whole.size() - sizeof head);
  return canonical(state);
}

std::string pack(const document &d) {
  return packer(d).assemble(d.sections());
}

std::array<uint8_t, 16> content_digest(const document &d) {
  return packer(d).digest(d.sections());
}

}  // namespace calque::host
