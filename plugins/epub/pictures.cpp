// SPDX-License-Identifier: Apache-2.0
// Images that the book shows, as files of their own, and the list of the pages of its source.
#include "book.hpp"

namespace epub {

/// Only what every reading system shows is taken, and only if the bytes are what the type says.
const picture_file *writer::find_picture(std::string_view resource, std::string_view &why_not) {
  if (auto known = pictures_.find(resource); known != pictures_.end()) {
    if (!known->second) why_not = no_pictures_[resource];
    return known->second ? &book_.pictures[*known->second] : nullptr;
  }
  pictures_.emplace(resource, std::nullopt);
  std::string_view code = "epub.image-missing";
  const calque_document &raw = document_.raw();
  for (uint32_t k = 0; k < raw.resource_count; ++k) {
    const calque_resource &r = *raw.resources[k];
    if (calque::view(r.name) != resource) continue;
    const std::string_view bytes(reinterpret_cast<const char *>(r.data), r.size);
    const bool is_png = bytes.starts_with("\x89PNG\r\n\x1a\n") && bytes.size() >= 33 && bytes.substr(12, 4) == "IHDR";
    const bool is_jpeg = bytes.starts_with("\xFF\xD8\xFF") && bytes.size() > 20;
    const bool is_gif = (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) && bytes.size() > 12;
    if (!is_png && !is_jpeg && !is_gif) {
      code = "epub.image-not-expressed";
      break;
    }
    const std::string_view suffix = is_png ? ".png" : is_jpeg ? ".jpg" : ".gif";
    const std::string_view type = is_png ? "image/png" : is_jpeg ? "image/jpeg" : "image/gif";
    pictures_[resource] = book_.pictures.size();
    book_.pictures.push_back(
        {"images/image-" + std::to_string(book_.pictures.size() + 1) + std::string(suffix), std::string(type), bytes});
    return &book_.pictures.back();
  }
  why_not = no_pictures_[resource] = code;
  return nullptr;
}

std::optional<std::string> writer::picture(node n, std::string_view alternative, std::string_view &why_not) {
  why_not = "epub.image-missing";
  const auto name = n.attr("resource");
  const picture_file *found = name ? find_picture(*name, why_not) : nullptr;
  if (!found) return std::nullopt;
  if (alternative.empty()) book_.all_pictures_are_described = false;
  return found->path;
}

void writer::page_begins(std::string_view number, std::string_view name) {
  book_.page_list.push_back({std::string(number), path_ + "#" + std::string(name), {}});
}

}  // namespace epub
