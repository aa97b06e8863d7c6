// SPDX-License-Identifier: Apache-2.0
// Places of the book that links lead to, in whichever of its files they come to stand.
#include "book.hpp"

namespace epub {

using calque::kind;

/// Links of the document lead to a node by its id ("#n12") or by its attribute `id`.
void writer::find_targets() {
  std::set<std::string_view> wanted;
  for (node n : document_.nodes()) {
    if (auto name = n.attr("id")) named_.emplace(*name, n.index());
    if (auto target = n.is(kind::link) ? n.attr("href") : std::nullopt; target && target->starts_with('#'))
      wanted.insert(target->substr(1));
  }
  for (node n : document_.nodes())
    if (const std::string own = "n" + std::to_string(n.id()); wanted.contains(own) && !named_.contains(own))
      targets_.insert(n.index());
  for (const auto &[name, index] : named_)
    if (wanted.contains(name)) targets_.insert(index);
}

/// One that XML takes, and that is none of those that the writer makes itself.
bool writer::can_be_name(std::string_view own) const {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  for (const char c : own)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
  return is_letter(own.front()) && !own.starts_with("page-") && own != "cast" && own != "legend" && own != "contents";
}

std::string writer::name_of(const edition::mark &m) {
  return m.name == "calque.page/1" ? "page-" + std::to_string(++page_count_) : page_writer::name_of(m);
}

std::optional<std::string> writer::way_to(std::string_view name) const {
  const auto place = known_.find(name);
  if (place == known_.end()) return std::nullopt;
  return (place->second == path_ ? std::string() : place->second) + "#" + std::string(name);
}

/// Nothing in a container can be reached by a relative address: links lead to the web or within the book.
std::optional<std::string> writer::link_to(std::string_view target) {
  if (target.starts_with('#')) {
    const auto place = named_.find(target.substr(1));
    if (place == named_.end()) return way_to(target.substr(1));
    return way_to(name_of(document_.at(place->second)));
  }
  const bool has_scheme = target.find("://") != std::string_view::npos || target.starts_with("mailto:");
  return has_scheme && edition::can_follow(target) ? std::optional(edition::uri(target)) : std::nullopt;
}

}  // namespace epub
