// SPDX-License-Identifier: Apache-2.0
// Builds the C view over shared columns, and small look-ups in it.
#include "host/document/document.hpp"

#include <xxhash.h>

#include <algorithm>

namespace calque::host {

layer_data::layer_data(std::string name, std::string stage, uint32_t on_change, annotation_columns columns,
                       std::vector<uint32_t> name_end, std::string strings)
    : name_(std::move(name)),
      stage_(std::move(stage)),
      strings_(std::move(strings)),
      columns_(std::move(columns)),
      name_end_(std::move(name_end)) {
  const annotation_columns &c = columns_;
  view_ = {sizeof(calque_layer),
           on_change,
           to_str(name_),
           to_str(stage_),
           static_cast<uint32_t>(name_end_.size()),
           c.count(),
           static_cast<uint32_t>(c.value_of.size()),
           0,
           name_end_.data(),
           to_str(strings_),
           c.id.data(),
           c.begin.data(),
           c.end.data(),
           c.node.data(),
           c.kind.data(),
           c.side.data(),
           c.state.data(),
           c.value_of.data(),
           c.value_key.data(),
           c.value_begin.data(),
           c.value_end.data(),
           c.value_type.data()};
}

document::document(document_sections sections) {
  auto made = std::make_shared<state>();
  state &s = *made;
  s.sections = std::move(sections);
  for (const source_data &from : *s.sections.sources) {
    calque_source &to = s.sources.emplace_back();
    to = {sizeof(calque_source),
          from.parent,
          to_str(from.name),
          to_str(from.media_type),
          to_str(from.encoding),
          from.size,
          {}};
    std::copy(from.sha256.begin(), from.sha256.end(), to.sha256);
  }
  for (const calque_source &one : s.sources) s.source_pointers.push_back(&one);
  for (const resource_data &from : *s.sections.resources)
    s.resources.push_back({sizeof(calque_resource), 0, to_str(from.name), to_str(from.media_type),
                           reinterpret_cast<const uint8_t *>(from.bytes.data()), from.bytes.size()});
  for (const calque_resource &one : s.resources) s.resource_pointers.push_back(&one);
  for (const auto &layer : s.sections.layers) s.layer_pointers.push_back(&layer->view());

  const label_columns &labels = *s.sections.labels;
  const attr_columns &attrs = labels.attrs;
  s.view = {sizeof(calque_document),
            CALQUE_MODEL,
            to_str(*s.sections.text),
            to_str(labels.strings),
            static_cast<uint32_t>(labels.name_end.size()),
            static_cast<uint32_t>(s.source_pointers.size()),
            static_cast<uint32_t>(s.layer_pointers.size()),
            static_cast<uint32_t>(s.resource_pointers.size()),
            labels.name_end.data(),
            s.source_pointers.data(),
            s.sections.nodes->view(),
            {attrs.count(), 0, attrs.node.data(), attrs.key.data(), attrs.value_begin.data(), attrs.value_end.data()},
            s.sections.origins->view(),
            s.layer_pointers.data(),
            s.resource_pointers.data()};
  state_ = std::move(made);
}

document document::with_layers(const std::vector<std::shared_ptr<const layer_data>> &more,
                               uint32_t next_annotation_id) const {
  document_sections next = sections();
  next.layers.insert(next.layers.end(), more.begin(), more.end());
  next.next_annotation_id = next_annotation_id;
  return document(std::move(next));
}

std::string_view kind_name(const calque_document &d, uint16_t kind) {
  switch (kind) {
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) \
  case value:                                     \
    return #name;
    CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
    default:
      break;
  }
  const uint32_t number = kind < CALQUE_KIND_NAMED ? CALQUE_NONE : kind - uint32_t{CALQUE_KIND_NAMED};
  return number < d.name_count ? name_at(d.name_end, d.strings, number) : std::string_view();
}

uint16_t core_kind(std::string_view text) {
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) \
  if (text == #name) return value;
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
  return CALQUE_KIND_NAMED;
}

bool is_kind_name(std::string_view name) {
  const size_t slash = name.find('/');
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  return name.starts_with("x.") && slash != std::string_view::npos && slash > 2 && slash + 1 < name.size() &&
         std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(slash), fits) &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(slash) + 1, name.end(), fits);
}

calque_str find_attr(const calque_document &d, uint32_t node, std::string_view key) {
  const uint32_t *first = d.attrs.node, *last = first + d.attrs.count;
  for (const uint32_t *a = std::lower_bound(first, last, node); a != last && *a == node; ++a) {
    const auto k = static_cast<size_t>(a - first);
    if (name_at(d.name_end, d.strings, d.attrs.key[k]) == key)
      return {d.strings.data + d.attrs.value_begin[k], d.attrs.value_end[k] - d.attrs.value_begin[k]};
  }
  return {nullptr, 0};
}

}  // namespace calque::host
