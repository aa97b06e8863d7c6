// SPDX-License-Identifier: Apache-2.0
// Reads the termbases once; then marks what is found in each block of a document.
#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "plugins/common/text_blocks.hpp"
#include "plugins/glossary/glossary.hpp"
#include "plugins/glossary/languages.hpp"

namespace calque::glossary {
namespace {

constexpr std::string_view layer = "calque.term/1";

std::string_view name_of(term_status status) {
  switch (status) {
    case term_status::preferred:
      return "preferred";
    case term_status::admitted:
      return "admitted";
    case term_status::forbidden:
      return "forbidden";
    case term_status::unstated:
      break;
  }
  return {};
}

void check_tag(std::string_view option, const std::string &tag) {
  if (!tag.empty() && !is_language_tag(tag))
    throw failure("glossary.language-tag", "`" + std::string(option) + "` is \"" + tag + "\", which is no language tag",
                  "tags are those of BCP 47: \"en\", \"zh-Hant\", \"sr-Latn\"");
}

/// Terms of one side that may be used, the preferred ones first.
std::vector<const term *> usable(const termbase_entry &entry, const auto &is_wanted) {
  std::vector<const term *> found;
  for (const term &t : entry.terms)
    if (t.status != term_status::forbidden && is_wanted(t)) found.push_back(&t);
  std::stable_partition(found.begin(), found.end(), [](auto *t) { return t->status == term_status::preferred; });
  return found;
}

/// In the language of the term if there is one, else that of the concept, else any.
std::string_view definition_for(const termbase_entry &entry, std::string_view language) {
  const std::string *any = nullptr, *of_concept = nullptr;
  for (const auto &[of, text] : entry.definitions) {
    if (!of.empty() && !language.empty() && is_language(of, language)) return text;
    if (of.empty() && of_concept == nullptr) of_concept = &text;
    if (any == nullptr) any = &text;
  }
  const std::string *best = of_concept != nullptr ? of_concept : any;
  return best != nullptr ? std::string_view(*best) : std::string_view();
}

/// What is no running text within the blocks: code, formulas, and places where lines end without meaning it.
struct interruptions {
  std::vector<text_range> opaque;
  std::vector<uint32_t> soft_breaks;

  explicit interruptions(document_view document) {
    for (const node leaf : document.root().leaves()) {
      if (leaf.is(kind::soft_break))
        soft_breaks.push_back(leaf.range().begin);
      else if (!leaf.range().is_empty() && (leaf.is(kind::code) || leaf.is(kind::math) || leaf.is(kind::raw)))
        opaque.push_back(leaf.range());
    }
  }
};

}  // namespace

void glossary::prepare(const call &host) {
  check_tag("source_language", source_language);
  check_tag("target_language", target_language);
  for (const std::filesystem::path &file : files) {
    findings found;
    bases_.push_back(read_termbase(file, {encoding, source_language, target_language, {}}, found));
    found.report(file.string(), host);
    const auto base = static_cast<uint32_t>(bases_.size() - 1);
    const size_t before = terms_.size();
    std::set<std::string> languages;
    for (uint32_t e = 0; e < bases_.back().entries.size(); ++e) {
      const termbase_entry &entry = bases_.back().entries[e];
      for (uint32_t t = 0; t < entry.terms.size(); ++t) {
        const term &one = entry.terms[t];
        languages.insert(one.language.empty() ? "none" : one.language);
        const bool is_target_only =
            source_language.empty() && !target_language.empty() && is_language(one.language, target_language);
        if (one.side == term_side::source ||
            (one.side == term_side::by_language && is_language(one.language, source_language) && !is_target_only))
          terms_.push_back({base, e, t});
      }
    }
    if (terms_.size() != before) continue;
    std::string all;
    for (const std::string &one : languages) all += (all.empty() ? "" : ", ") + one;
    host.report(level::warning, "glossary.no-terms",
                file.string() + " has no term" + (source_language.empty() ? "" : " in " + source_language),
                all.empty() ? "it holds no terms at all" : "the languages of its terms: " + all);
  }
  std::vector<term_finder::wanted> wanted;
  for (const known_term &k : terms_) {
    const term &t = bases_[k.base].entries[k.entry].terms[k.term];
    wanted.push_back({t.form, t.language});
  }
  finder_ = std::make_unique<const term_finder>(wanted, letter_case, inflections);
}

void glossary::run(document_view document, marks &out, const call &host) const {
  out.touch(layer);
  const interruptions between(document);
  std::unordered_set<uint64_t> described;  // concepts
  struct finding {
    uint32_t term;
    text_range first;
    uint64_t count;
  };
  std::vector<finding> forbidden;
  std::unordered_map<uint32_t, size_t> forbidden_at;

  const auto mark_term = [&](uint32_t index, text_range range) {
    const known_term &k = terms_[index];
    const termbase_entry &entry = bases_[k.base].entries[k.entry];
    const term &t = entry.terms[k.term];
    const mark made = out.span(layer, "term", range);
    if (!entry.id.empty()) made.text("concept", entry.id);
    made.text("source", t.form);
    for (const term *target : usable(entry, [&](const term &o) {
           return o.side == term_side::target || (o.side == term_side::by_language && !target_language.empty() &&
                                                  is_language(o.language, target_language));
         }))
      made.text("target", target->form);
    if (t.status != term_status::unstated) made.text("status", name_of(t.status));
    if (!t.language.empty()) made.text("lang", t.language);
    made.text("termbase", bases_[k.base].name);
    // The long texts stand once a concept and document; a reader finds them by termbase and concept.
    if (described.insert(uint64_t{k.base} << 32 | k.entry).second) {
      if (const auto text = definition_for(entry, t.language); !text.empty()) made.text("definition", text);
      for (const std::string &note : entry.notes) made.text("note", note);
    }
    for (const std::string &note : t.notes) made.text("note", note);
    if (t.status != term_status::forbidden) return;
    const auto [at, is_new] = forbidden_at.emplace(index, forbidden.size());
    if (is_new) forbidden.push_back({index, range, 0});
    ++forbidden[at->second].count;
  };

  found_terms found;
  auto opaque = between.opaque.begin();
  for (const auto &block : plugins::text_blocks(document)) {
    found.clear();
    while (opaque != between.opaque.end() && opaque->end <= block.range.begin) ++opaque;
    uint32_t begin = block.range.begin;
    for (auto o = opaque; o != between.opaque.end() && o->begin < block.range.end; ++o) {
      finder_->find(document.text(), begin, o->begin, between.soft_breaks, found);
      begin = o->end;
    }
    finder_->find(document.text(), begin, block.range.end, between.soft_breaks, found);
    for (const found_term &place : found.places)
      for (uint32_t k = 0; k < place.count; ++k) mark_term(found.terms[place.first + k], {place.begin, place.end});
    host.progress(block.range.end, document.text().size());
  }
  for (const finding &f : forbidden) report_forbidden(terms_[f.term], f.first, f.count, host);
}

void glossary::report_forbidden(const known_term &k, text_range first, uint64_t count, const call &host) const {
  const termbase_entry &entry = bases_[k.base].entries[k.entry];
  const term &forbidden = entry.terms[k.term];
  std::string instead;
  for (const term *t : usable(entry, [&](const term &o) {
         return o.side == forbidden.side &&
                (o.side != term_side::by_language || is_language(o.language, forbidden.language));
       }))
    instead += (instead.empty() ? "" : ", ") + ("\"" + t->form + "\"");
  host.report_at(level::warning, first, "glossary.forbidden-term",
                 "the term \"" + forbidden.form + "\" is forbidden by " + bases_[k.base].name +
                     (count == 1 ? ""
                                 : ", and stands here and in " + std::to_string(count - 1) + " other " +
                                       (count == 2 ? "place" : "places")),
                 instead.empty() ? "the termbase names no other term for it" : "preferred instead: " + instead);
}

}  // namespace calque::glossary
