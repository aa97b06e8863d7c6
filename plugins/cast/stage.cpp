// SPDX-License-Identifier: Apache-2.0
// Collects labels and circumstances from a document, joins them, and writes who is who.
#include "plugins/cast/cast.hpp"
#include "plugins/cast/roster.hpp"
#include "plugins/common/text_blocks.hpp"
#include "plugins/common/words.hpp"

namespace calque::cast {
namespace {

constexpr std::string_view layer = "calque.name/1";
constexpr size_t longest_line = 4000;  // of a labelled line; a longer paragraph is no list of persons

struct spoken {
  uint32_t speech_id;
  size_t mention;
};

/// What one walk over a document finds.
struct findings {
  std::vector<mention> mentions;
  std::vector<spoken> speeches;
  std::vector<text_range> venues;
};

std::string_view part_of(circumstance what) {
  switch (what) {
    case circumstance::interpreter:
      return "interpreter";
    case circumstance::writer:
      return "writer";
    default:
      return "participant";
  }
}

void put_people(std::string_view list, uint32_t base, circumstance what, findings &found) {
  for (listed_person &p : read_people(list)) {
    mention m;
    m.begin = base + p.begin;
    m.end = base + p.end;
    m.label.full = std::move(p.name);
    m.label.variants = std::move(p.variants);
    m.part = part_of(what);
    m.role = std::move(p.role);
    found.mentions.push_back(std::move(m));
  }
}

void read_speeches(document_view document, findings &found) {
  for (node n : document.main_flow()) {
    if (!n.is(kind::speech)) continue;
    for (node child : n.children()) {
      if (!child.is(kind::speaker)) continue;
      mention m;
      m.label = read_label(child.text());
      m.begin = child.range().begin + m.label.full_begin;
      m.end = child.range().begin + m.label.full_end;
      m.part = "speaker";
      if (m.begin == m.end) break;  // a label without a name is nobody's
      found.speeches.push_back({n.id(), found.mentions.size()});
      found.mentions.push_back(std::move(m));
      break;
    }
  }
}

// Labelled lines outside speeches. A label without a value announces the blocks that follow, while they name persons.
void read_circumstances(document_view document, const circumstance_labels &labels, findings &found) {
  std::optional<circumstance> open;
  for (const auto &block : plugins::text_blocks(document)) {
    if (block.flow != plugins::flow::main || block.range.end - block.range.begin > longest_line ||
        block.kind == kind::heading || block.kind == kind::speaker || block.kind == kind::stage_direction) {
      open.reset();
      continue;
    }
    const std::string_view text = document.text(block.range);
    const uint32_t base = block.range.begin;
    if (const auto line = read_circumstance(text, labels)) {
      const bool is_blank = line->value_begin == line->value_end;
      open = is_blank ? std::optional(line->what) : std::nullopt;
      if (is_blank) continue;
      if (line->what == circumstance::venue)
        found.venues.push_back({base + line->value_begin, base + line->value_end});
      else
        put_people(text.substr(line->value_begin, line->value_end - line->value_begin), base + line->value_begin,
                   line->what, found);
      continue;
    }
    if (!open) continue;
    const bool is_short = plugins::words_of(text, 26).size() < 26;
    // A sentence is no list: it ends with a stop, but for an item's.
    const bool is_sentence = block.kind != kind::list_item && text.ends_with('.');
    const bool names_someone =
        is_short && !is_sentence && text.find(':') == std::string_view::npos && !read_people(text).empty();
    if (*open == circumstance::venue && is_short)
      found.venues.push_back(block.range);
    else if (*open != circumstance::venue && names_someone)
      put_people(text, base, *open, found);
    else
      open.reset();
    if (open == circumstance::venue) open.reset();
  }
}

}  // namespace

void cast::prepare() {
  labels_.add(circumstance::participants, participants);
  labels_.add(circumstance::interpreter, interpreters);
  labels_.add(circumstance::writer, writers);
  labels_.add(circumstance::venue, venues);
}

void cast::run(document_view document, marks &out, const call &host) const {
  out.touch(layer);
  findings found;
  read_circumstances(document, labels_, found);
  read_speeches(document, found);
  const roster who = join(found.mentions, *slugs_);

  std::vector<uint32_t> annotation_of;
  for (const person &p : who.people) {
    const mark made = out.span(layer, "person", {p.begin, p.end});
    made.text("key", p.key).text("full", p.full).text("short", p.short_form);
    for (std::string_view part : p.parts) made.text("part", part);
    if (!p.role.empty()) made.text("role", p.role);
    for (const std::string &variant : p.variants) made.text("variant", variant);
    annotation_of.push_back(made.id());
  }
  for (const spoken &s : found.speeches)
    out.node(layer, "speaker", s.speech_id).refers("person", annotation_of[who.person_of[s.mention]]);
  for (const text_range &venue : found.venues)
    out.span(layer, "place", venue).text("part", "venue").text("full", document.text(venue));

  std::string last;
  for (size_t m : who.ambiguous) {
    const std::string &name = found.mentions[m].label.full;
    if (name == last) continue;
    last = name;
    host.report_at(level::warning, text_range{found.mentions[m].begin, found.mentions[m].end}, "cast.ambiguous-label",
                   "the label \"" + name + "\" fits more than one person",
                   "name the person in full in the label, or correct the reference");
  }
}

}  // namespace calque::cast
