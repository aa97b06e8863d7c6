// SPDX-License-Identifier: Apache-2.0
// Reads the packed form of a document. The bytes may come from anywhere, so nothing in them is believed.
#include <cstring>
#include <map>
#include <vector>

#include "host/document/packed.hpp"
#include "host/document/packed_format.hpp"
#include "host/document/validate.hpp"

namespace calque::host {
namespace {

/// Thrown and caught in this file only.
struct damage {
  std::string code, message;
};

/// Checks, column by column, that a list's columns are equally long.
auto same_size(const char *list) {
  return [list, size = size_t{0}, is_first = true](const char *name, const auto &column) mutable {
    if (!is_first && column.size() != size)
      throw damage{"packed.section", std::string(list) + ": column " + name + " has another length than the first"};
    size = column.size();
    is_first = false;
  };
}

class unpacker {
 public:
  explicit unpacker(std::span<const std::byte> whole) : whole_(whole) {}

  document read() {
    read_header();
    read_table();
    const auto fill = [this](uint32_t id, uint32_t instance, auto &column) { take(id, instance, column); };

    document_sections s;
    std::string text;
    label_columns labels;
    node_columns nodes;
    origin_columns origins;
    take(packed::text, 0, text);
    take(packed::strings, 0, labels.strings);
    take(packed::name_end, 0, labels.name_end);
    each_node_column(nodes, packed::numbered(packed::node_list, 0, fill));
    each_node_column(nodes, same_size("nodes"));
    each_attr_column(labels.attrs, packed::numbered(packed::attr_list, 0, fill));
    each_attr_column(labels.attrs, same_size("attrs"));
    each_origin_column(origins, packed::numbered(packed::origin_list, 0, fill));
    each_origin_column(origins, same_size("origins"));
    std::vector<source_data> sources;
    for (uint32_t k = 0; k < count_of(packed::source_numbers); ++k) sources.push_back(read_source(k));
    for (uint32_t k = 0; k < count_of(packed::layer_numbers); ++k) s.layers.push_back(read_layer(k));
    std::vector<resource_data> resources;
    for (uint32_t k = 0; k < count_of(packed::resource_name); ++k) {
      resource_data &one = resources.emplace_back();
      take(packed::resource_name, k, one.name);
      take(packed::resource_media_type, k, one.media_type);
      take(packed::resource_bytes, k, one.bytes);
    }

    s.text = std::make_shared<const std::string>(std::move(text));
    s.labels = std::make_shared<const label_columns>(std::move(labels));
    s.nodes = std::make_shared<const node_columns>(std::move(nodes));
    s.origins = std::make_shared<const origin_columns>(std::move(origins));
    s.sources = std::make_shared<const std::vector<source_data>>(std::move(sources));
    s.resources = std::make_shared<const std::vector<resource_data>>(std::move(resources));
    s.next_node_id = header_.next_node_id;
    s.next_annotation_id = header_.next_annotation_id;
    return document(std::move(s));
  }

 private:
  void read_header() {
    if (whole_.size() < sizeof header_)
      throw damage{"packed.truncated", "it ends within the header, after " + std::to_string(whole_.size()) + " bytes"};
    std::memcpy(&header_, whole_.data(), sizeof header_);
    if (header_.magic != packed::magic) throw damage{"packed.not-a-document", "it does not begin like a .cqdoc"};
    if (header_.byte_order != packed::byte_order)
      throw damage{"packed.byte-order", "it was written on a machine with another order of bytes"};
    if (header_.model != CALQUE_MODEL)
      throw damage{"packed.model", "it has model " + std::to_string(header_.model) + ", this version reads model " +
                                       std::to_string(CALQUE_MODEL)};
    if (header_.total_size != whole_.size())
      throw damage{"packed.truncated", "it says it has " + std::to_string(header_.total_size) + " bytes, it has " +
                                           std::to_string(whole_.size())};
    if (packed::digest_of(whole_) != header_.digest)
      throw damage{"packed.digest", "its digest is not that of its bytes: it was damaged or changed"};
  }

  void read_table() {
    if (header_.section_count > (whole_.size() - sizeof header_) / sizeof(packed::section))
      throw damage{"packed.section", "the table of sections does not fit"};
    uint64_t free_from = sizeof header_ + uint64_t{header_.section_count} * sizeof(packed::section);
    for (uint32_t k = 0; k < header_.section_count; ++k) {
      packed::section one;
      std::memcpy(&one, whole_.data() + sizeof header_ + k * sizeof one, sizeof one);
      const std::string name = "section " + std::to_string(k);
      if (one.offset % packed::alignment != 0 || one.offset < free_from || one.offset > whole_.size())
        throw damage{"packed.section", name + " overlaps, is outside, or does not begin at a multiple of 64"};
      if (one.element_size == 0 || one.count > (whole_.size() - one.offset) / one.element_size)
        throw damage{"packed.section", name + " reaches past the end"};
      free_from = one.offset + one.count * one.element_size;
      if (!sections_.emplace(std::pair(one.id, one.instance), one).second)
        throw damage{"packed.section", name + " is there twice"};
    }
  }

  /// How many instances there are; each of them is asked for, so gaps are found.
  uint32_t count_of(uint32_t id) const {
    uint32_t count = 0;
    for (auto one = sections_.lower_bound({id, 0}); one != sections_.end() && one->first.first == id; ++one) ++count;
    return count;
  }

  template <class Column>
  void take(uint32_t id, uint32_t instance, Column &column) const {
    const auto found = sections_.find({id, instance});
    const std::string name = "section " + std::to_string(id) + " (" + std::to_string(instance) + ")";
    if (found == sections_.end()) throw damage{"packed.section", name + " is missing"};
    const packed::section &one = found->second;
    if (one.element_size != sizeof(typename Column::value_type))
      throw damage{"packed.section", name + " has elements of another size"};
    if (one.count == 0) return;
    column.resize(one.count);
    std::memcpy(column.data(), whole_.data() + one.offset, one.count * one.element_size);
  }

  std::vector<uint64_t> take_numbers(uint32_t id, uint32_t instance, size_t count) const {
    std::vector<uint64_t> numbers;
    take(id, instance, numbers);
    if (numbers.size() != count) throw damage{"packed.section", "a list of numbers has another length"};
    return numbers;
  }

  source_data read_source(uint32_t k) const {
    source_data one;
    const std::vector<uint64_t> numbers = take_numbers(packed::source_numbers, k, 2);
    if (numbers[0] > UINT32_MAX) throw damage{"packed.section", "a number is too big"};
    one.parent = static_cast<uint32_t>(numbers[0]);
    one.size = numbers[1];
    take(packed::source_name, k, one.name);
    take(packed::source_media_type, k, one.media_type);
    take(packed::source_encoding, k, one.encoding);
    std::string digest;
    take(packed::source_sha256, k, digest);
    if (digest.size() != one.sha256.size()) throw damage{"packed.section", "a SHA-256 has another length"};
    std::memcpy(one.sha256.data(), digest.data(), digest.size());
    return one;
  }

  std::shared_ptr<const layer_data> read_layer(uint32_t k) const {
    const std::vector<uint64_t> numbers = take_numbers(packed::layer_numbers, k, 1);
    if (numbers[0] > UINT32_MAX) throw damage{"packed.section", "a number is too big"};
    std::string name, stage, strings;
    std::vector<uint32_t> name_end;
    annotation_columns columns;
    const auto fill = [this](uint32_t id, uint32_t instance, auto &column) { take(id, instance, column); };
    take(packed::layer_name, k, name);
    take(packed::layer_stage, k, stage);
    take(packed::layer_name_end, k, name_end);
    take(packed::layer_strings, k, strings);
    each_annotation_column(columns, packed::numbered(packed::annotation_list, k, fill));
    each_annotation_column(columns, same_size("annotations"));
    each_value_column(columns, packed::numbered(packed::value_list, k, fill));
    each_value_column(columns, same_size("values"));
    return std::make_shared<const layer_data>(std::move(name), std::move(stage), static_cast<uint32_t>(numbers[0]),
                                              std::move(columns), std::move(name_end), std::move(strings));
  }

  std::span<const std::byte> whole_;
  packed::header header_{};
  std::map<std::pair<uint32_t, uint32_t>, packed::section> sections_;
};

}  // namespace

result<document> unpack(std::span<const std::byte> whole) {
  try {
    document made = unpacker(whole).read();
    if (const auto checked = validate(made, check_level::full); !checked) return checked.error();
    return made;
  } catch (const damage &d) {
    return error(d.code, "the packed document cannot be read: " + d.message, "make it again from its source");
  }
}

}  // namespace calque::host
