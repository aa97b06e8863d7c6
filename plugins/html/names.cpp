// SPDX-License-Identifier: Apache-2.0
// What is the page's own of its inlines: names of elements, links, images in the page itself, raw HTML.
#include "html.hpp"
#include "raw_tags.hpp"

namespace html {

void writer::find_names() {
  for (const char *fixed : {"text", "cast", "legend", "notes"}) used_names_.insert(fixed);
  for (node n : document_.nodes()) {
    const auto own = n.attr("id");
    std::string replaced;
    if (!own || own->empty() || own->starts_with("person-") || own->find_first_of(" \t\n\r\f") != own->npos ||
        edition::replace_forbidden(*own, replaced))
      continue;
    if (used_names_.insert(std::string(*own)).second) names_.emplace(n.index(), *own);
  }
}

std::string writer::name_of(node n) {
  const auto [at, is_new] = names_.try_emplace(n.index());
  if (is_new)
    for (at->second = "n" + std::to_string(n.id()); !used_names_.insert(at->second).second;) at->second += '_';
  return at->second;
}

std::string writer::name_of(const edition::mark &m) {
  std::string name = "a" + std::to_string(m.what.id());
  return used_names_.insert(name).second ? name : std::string();
}

std::optional<std::string> writer::link_to(std::string_view target) const {
  return edition::can_follow(target) ? std::optional(edition::uri(target)) : std::nullopt;
}

std::optional<std::string> writer::picture(node n, std::string_view /*alternative*/, std::string_view &why_not) {
  const auto name = n.attr("resource");
  const calque_document &raw = document_.raw();
  for (uint32_t k = 0; name && k < raw.resource_count; ++k) {
    const calque_resource &resource = *raw.resources[k];
    const auto type = calque::view(resource.media_type);
    if (calque::view(resource.name) != *name || !type.starts_with("image/")) continue;
    return "data:" + std::string(type) + ";base64," +
           edition::base64({reinterpret_cast<const char *>(resource.data), resource.size});
  }
  why_not = "html.image-missing";
  return std::nullopt;
}

void writer::raw(node n, calque::text_range range) {
  // A mark may cut the text within a tag.
  const uint32_t begin = n.range().begin;
  if (!options_.tag_filter)
    out_ += document_.text(range);
  else if (append_filtered(out_, n.text(), range.begin - begin, range.end - begin))
    changed_.emplace(n.index(), "html.tag-filtered");
}

}  // namespace html
