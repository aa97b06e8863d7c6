// SPDX-License-Identifier: Apache-2.0
// Collects versions, sorts segments into them, and reads names, terms and dates that stand on segments.
#include "plugins/align/versions.hpp"

#include "plugins/common/text_blocks.hpp"

#include <algorithm>

namespace calque::align {
namespace {

constexpr size_t most_names = 512;  // whose forms are looked for in every segment

bool holds(text_range outer, text_range inner) {
  return outer.begin <= inner.begin && inner.end <= outer.end;
}

/// A name with forms of its own version, and forms that the other version may have.
struct known_name {
  std::vector<std::string> forms, others;
};

std::vector<known_name> names_in(document_view document, text_range where) {
  std::vector<known_name> names;
  for (const annotation &a : document.annotations("calque.name/1")) {
    if (a.node_id() || !holds(where, a.range()) || names.size() >= most_names) continue;
    known_name name{{std::string(document.text(a.range()))}, {}};
    for (const auto &value : a.values()) {
      if (value.key == "short" || value.key == "full") name.forms.emplace_back(value.text);
      if (value.key == "full" || value.key == "variant" || value.key == "romanization" || value.key == "authority")
        name.others.emplace_back(value.text);
    }
    if (!name.others.empty()) names.push_back(std::move(name));
  }
  return names;
}

std::string kind_of(document_view document, const plugins::text_block &block) {
  std::string kind(document.at(block.node).kind_name());
  if (const auto level = document.at(block.node).attr("level")) kind += " " + std::string(*level);
  return kind;
}

/// Annotations of a layer, to be asked for those in one segment after the other.
class walker {
 public:
  walker(document_view document, std::string_view layer) : all_(document.annotations(layer)) {}
  template <class F>
  void each_in(text_range where, F &&f) const {
    auto at = std::lower_bound(all_.begin(), all_.end(), where.begin,
                               [](const annotation &a, uint32_t begin) { return a.range().begin < begin; });
    for (; at != all_.end() && at->range().begin < where.end; ++at)
      if (at->range().end <= where.end) f(*at);
  }

 private:
  std::vector<annotation> all_;
};

/// What is the same for all versions of a document.
class segment_reader {
 public:
  explicit segment_reader(document_view document)
      : document_(document),
        blocks_(plugins::text_blocks(document)),
        sentences_(document, "calque.segment/1"),
        dates_(document, "calque.date/1"),
        terms_(document, "calque.term/1") {}

  version read(node place) const {
    version made{place, {}};
    made.streams[""];
    const auto names = names_in(document_, place.range());
    uint32_t last_end = place.range().begin;
    sentences_.each_in(place.range(), [&](const annotation &a) {
      // Where two stages have marked sentences, those of one text are not taken twice.
      if (a.range().is_empty() || a.range().begin < last_end) return;
      last_end = a.range().end;
      const plugins::text_block *block = block_of(a.range());
      if (block != nullptr && block->flow == plugins::flow::field) return;
      stream &to = made.streams[block == nullptr ? "" : role_of(*block)];
      to.segments.push_back(a);
      to.passages.push_back(passage_of(a.range(), block, names));
    });
    for (auto &[role, all] : made.streams) set_edges(all);
    return made;
  }

 private:
  const plugins::text_block *block_of(text_range range) const {
    auto after = std::upper_bound(blocks_.begin(), blocks_.end(), range.begin,
                                  [](uint32_t begin, const plugins::text_block &b) { return begin < b.range.begin; });
    if (after == blocks_.begin()) return nullptr;
    const plugins::text_block &block = *--after;
    return range.begin < block.range.end ? &block : nullptr;
  }

  std::string role_of(const plugins::text_block &block) const {
    if (block.aside == CALQUE_NONE) return "";
    return std::string(document_.at(block.aside).attr("role").value_or("aside"));
  }

  passage passage_of(text_range range, const plugins::text_block *block, const std::vector<known_name> &names) const {
    passage made;
    made.text = document_.text(range);
    if (block != nullptr) {
      made.block = kind_of(document_, *block);
      made.block_begin = block->range.begin;
    }
    dates_.each_in(range, [&](const annotation &a) {
      if (const auto value = a.value("edtf")) made.facts.emplace_back(*value);
    });
    terms_.each_in(range, [&](const annotation &a) {
      for (const auto &value : a.values())
        if (value.key == "target" || value.key == "source") made.phrases.emplace_back(value.text);
    });
    for (const known_name &name : names)
      if (std::any_of(name.forms.begin(), name.forms.end(), [&](const std::string &form) {
            return !form.empty() && made.text.find(form) != std::string_view::npos;
          }))
        made.phrases.insert(made.phrases.end(), name.others.begin(), name.others.end());
    return made;
  }

  static void set_edges(stream &all) {
    auto &p = all.passages;
    for (size_t k = 0; k < p.size(); ++k) {
      p[k].opens_block = k == 0 || p[k - 1].block_begin != p[k].block_begin;
      p[k].closes_block = k + 1 == p.size() || p[k + 1].block_begin != p[k].block_begin;
    }
  }

  document_view document_;
  std::vector<plugins::text_block> blocks_;
  walker sentences_, dates_, terms_;
};

}  // namespace

size_t version::size() const {
  size_t all = 0;
  for (const auto &[role, one] : streams) all += one.segments.size();
  return all;
}

std::string version::name() const {
  const auto language = place.attr("lang");
  return language ? std::string(*language) : "number " + std::to_string(place.id());
}

std::vector<version_group> versions_of(document_view document) {
  const calque_nodes &nodes = document.raw().nodes;
  std::map<uint32_t, std::vector<uint32_t>> by_parent;
  std::vector<uint32_t> open;
  for (uint32_t i = 0; i < nodes.count;) {
    while (!open.empty() && i >= nodes.end[open.back()]) open.pop_back();
    if (document.at(i).is(kind::version)) {
      by_parent[open.empty() ? 0 : open.back()].push_back(i);
      i = nodes.end[i];  // a version within a version is part of it
      continue;
    }
    open.push_back(i);
    ++i;
  }
  std::vector<version_group> groups;
  if (by_parent.empty()) return groups;
  const segment_reader reader(document);
  for (const auto &[parent, places] : by_parent) {
    version_group group;
    for (uint32_t i : places) group.push_back(reader.read(document.at(i)));
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace calque::align
