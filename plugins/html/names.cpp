// SPDX-License-Identifier: Apache-2.0
// What is the page's own of its inlines: names of elements, links, images in the page itself, raw HTML.
#include "html.hpp"
#include "raw_tags.hpp"

namespace html {

bool writer::can_be_name(std::string_view own) const {
  std::string replaced;
  return own != "text" && own != "cast" && own != "legend" && own != "notes" &&
         own.find_first_of(" \t\n\r\f") == own.npos && !edition::replace_forbidden(own, replaced);
}

std::optional<std::string> writer::link_to(std::string_view target) {
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
