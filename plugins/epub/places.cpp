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
    if (wanted.contains("n" + std::to_string(n.id()))) targets_.insert(n.index());
  for (const auto &[name, index] : named_)
    if (wanted.contains(name)) targets_.insert(index);
}

std::optional<std::string> writer::way_to(std::string_view name) const {
  const auto place = known_.find(name);
  if (place == known_.end()) return std::nullopt;
  return (place->second == path_ ? std::string() : place->second) + "#" + std::string(name);
}

/// Nothing in a container can be reached by a relative address: links lead to the web or within the book.
std::optional<std::string> writer::link_to(std::string_view target) const {
  if (target.starts_with('#')) {
    const auto place = named_.find(target.substr(1));
    return way_to(place == named_.end() ? std::string(target.substr(1))
                                        : "n" + std::to_string(document_.at(place->second).id()));
  }
  const bool has_scheme = target.find("://") != std::string_view::npos || target.starts_with("mailto:");
  return has_scheme && edition::can_follow(target) ? std::optional(edition::uri(target)) : std::nullopt;
}

}  // namespace epub
