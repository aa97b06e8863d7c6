// SPDX-License-Identifier: Apache-2.0
// Aligns each version with the first of its group, stream by stream, and writes the links.
#include "plugins/align/align.hpp"
#include "plugins/align/aligner.hpp"
#include "plugins/align/versions.hpp"

#include <cmath>
#include <set>

namespace calque::align {
namespace {

constexpr std::string_view layer = "calque.alignment/1";

/// What one run has to say at its end.
struct account {
  size_t links = 0, unsure = 0, only_source = 0, only_target = 0;
  text_range first_unsure, first_alone;
};

text_range range_of(const stream &text, uint32_t first, uint32_t count) {
  return {text.segments[first].range().begin, text.segments[first + count - 1].range().end};
}

class link_writer {
 public:
  link_writer(marks &out, double threshold) : out_(out), threshold_(threshold) {}

  void write(const bead &b, const stream &source, const stream &target, const version &translation) {
    const bool is_link = b.source_count() != 0 && b.target_count() != 0;
    const text_range where = b.source_count() != 0 ? range_of(source, b.source, b.source_count())
                                                   : range_of(target, b.target, b.target_count());
    const mark made = out_.span(layer, is_link ? "link" : "unaligned", where);
    for (uint32_t k = 0; k < b.source_count(); ++k) made.refers("source", source.segments[b.source + k].id());
    for (uint32_t k = 0; k < b.target_count(); ++k) made.refers("target", target.segments[b.target + k].id());
    // Two places, and never rounded up: what says 0.9 has it.
    made.number("score", std::floor(b.score * 100) / 100).node("node", translation.place.id());
    count(b, is_link, where);
  }
  const account &done() const { return account_; }

 private:
  void count(const bead &b, bool is_link, text_range where) {
    if (is_link) {
      ++account_.links;
      if (b.score >= threshold_) return;
      if (account_.unsure++ == 0) account_.first_unsure = where;
      return;
    }
    if (account_.only_source + account_.only_target == 0) account_.first_alone = where;
    ++(b.source_count() != 0 ? account_.only_source : account_.only_target);
  }

  marks &out_;
  double threshold_;
  account account_;
};

void check_size(const version &one) {
  if (one.size() <= most_segments) return;
  throw failure("align.too-many-segments",
                "the version " + one.name() + " has " + std::to_string(one.size()) + " segments; max_segments is " +
                    std::to_string(most_segments),
                "import the document in parts, and align each");
}

void say_empty(const version &one, const call &host) {
  if (one.size() == 0)
    host.report_at(level::warning, one.place.range(), "align.no-segments",
                   "the version " + one.name() + " has no segments, so nothing can be aligned with it",
                   "put `annotate = \"segments\"` before this stage, or see whether the version has a text");
}

void align_pair(const version &source, const version &target, link_writer &links, const call &host, uint64_t &steps) {
  std::set<std::string> roles;
  for (const auto &[role, text] : source.streams) roles.insert(role);
  for (const auto &[role, text] : target.streams) roles.insert(role);
  static const stream nothing;
  for (const std::string &role : roles) {
    const auto here = source.streams.find(role), there = target.streams.find(role);
    const stream &left = here == source.streams.end() ? nothing : here->second;
    const stream &right = there == target.streams.end() ? nothing : there->second;
    for (const bead &b : find_links(left.passages, right.passages, [&] { host.progress(++steps); }))
      links.write(b, left, right, target);
  }
}

void say(const account &done, double threshold, const call &host) {
  if (done.unsure != 0)
    host.report_at(level::warning, done.first_unsure, "align.unsure",
                   std::to_string(done.unsure) + " of " + std::to_string(done.links) + " links have a score below " +
                       std::to_string(threshold).substr(0, 4) + "; this is the first",
                   "look at these links, or lower `threshold`");
  if (done.only_source + done.only_target != 0)
    host.report_at(level::info, done.first_alone, "align.unaligned",
                   std::to_string(done.only_source) + " segments of the source and " +
                       std::to_string(done.only_target) + " of the translation have no counterpart; this is the first");
}

}  // namespace

void align::run(document_view document, marks &out, const call &host) const {
  out.touch(layer);
  const std::vector<version_group> groups = versions_of(document);
  if (groups.empty())
    host.report(level::warning, "align.no-versions", "the document has no versions, so nothing was aligned",
                "align what an importer reads as versions, one a language");
  link_writer links(out, threshold);
  uint64_t steps = 0;
  for (const version_group &group : groups) {
    if (group.size() == 1) {
      host.report_at(level::warning, group[0].place.range(), "align.one-version",
                     "the version " + group[0].name() + " stands alone, so nothing was aligned with it",
                     "put the other version beside it, within the same part of the document");
      continue;
    }
    if (group.size() > 2)
      host.report_at(level::info, group[0].place.range(), "align.many-versions",
                     "there are " + std::to_string(group.size()) + " versions; each is aligned with the first, " +
                         group[0].name());
    for (const version &one : group) {
      check_size(one);
      say_empty(one, host);
    }
    for (size_t k = 1; k < group.size(); ++k) align_pair(group[0], group[k], links, host, steps);
  }
  say(links.done(), threshold, host);
}

}  // namespace calque::align
