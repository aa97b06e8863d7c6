// SPDX-License-Identifier: Apache-2.0
// Tokens go through the automaton; what it finds is compared as written, and the longest from the left is kept.
#include "plugins/glossary/term_finder.hpp"

#include <algorithm>

namespace calque::glossary {
namespace {

constexpr std::string_view blank_key = " ";
constexpr symbol blank_symbol = 1;

}  // namespace

/// Where the last tokens were, as many as the longest term has.
class term_finder::recent_places {
 public:
  explicit recent_places(uint32_t least) {
    size_t size = 1;
    while (size <= least) size *= 2;
    places_.resize(size);
  }
  void put(uint64_t index, place at) { places_[index & (places_.size() - 1)] = at; }
  place operator[](uint64_t index) const { return places_[index & (places_.size() - 1)]; }

 private:
  std::vector<place> places_;
};

symbol term_finder::symbol_of(const token &t) const {
  if (t.kind == token_kind::blank) return blank_symbol;
  return words_.find(with_inflections_ && t.kind == token_kind::word ? common_beginning(t.key) : t.key);
}

term_finder::term_finder(std::span<const wanted> terms, case_rule rule, bool with_inflections)
    : case_(rule), with_inflections_(with_inflections) {
  words_.add(blank_key);
  struct row {
    std::vector<symbol> pattern;
    form made;
  };
  std::vector<row> rows;
  rows.reserve(terms.size());
  for (uint32_t k = 0; k < terms.size(); ++k) {
    row r;
    r.made = {k, static_cast<uint32_t>(form_words_.size()), false, false};
    bool can_be_found = true;
    token_reader tokens(terms[k].form, 0, static_cast<uint32_t>(terms[k].form.size()));
    for (token t; tokens.next(t);) {
      if (t.kind == token_kind::blank) {
        r.pattern.push_back(blank_symbol);
        form_words_.push_back({0, inflection::none, {}});
        continue;
      }
      can_be_found &= !t.key.empty();
      if (!can_be_found) break;
      const bool is_inflected = with_inflections_ && t.kind == token_kind::word;
      r.pattern.push_back(words_.add(is_inflected ? common_beginning(t.key) : t.key));
      const auto letters = capitals_of(terms[k].form.substr(t.begin, t.end - t.begin));
      r.made.has_capitals |= letters.which != 0;
      r.made.has_endings |= is_inflected;
      form_words_.push_back(
          {written_.add(t.key), is_inflected ? rule_for(t.key, terms[k].language) : inflection::none, letters});
    }
    if (can_be_found && !r.pattern.empty())
      rows.push_back(std::move(r));
    else
      form_words_.resize(r.made.first_word);
  }

  // Forms of one pattern lie side by side, in the order in which they were given.
  std::stable_sort(rows.begin(), rows.end(), [](const row &a, const row &b) { return a.pattern < b.pattern; });
  std::vector<std::vector<symbol>> patterns;
  for (row &r : rows) {
    if (patterns.empty() || patterns.back() != r.pattern) {
      first_form_.push_back(static_cast<uint32_t>(forms_.size()));
      length_.push_back(static_cast<uint32_t>(r.pattern.size()));
      longest_ = std::max(longest_, length_.back());
      patterns.push_back(std::move(r.pattern));
    }
    forms_.push_back(r.made);
  }
  first_form_.push_back(static_cast<uint32_t>(forms_.size()));
  automaton_ = automaton(patterns);
}

term_finder::likeness term_finder::compare(const form &f, std::string_view text, const recent_places &places,
                                           uint64_t first, uint32_t count) const {
  bool is_as_written = true, is_all_capitals = true, has_case = false, is_same_word = true, has_small_begin = true;
  bool is_first = true;
  for (uint32_t k = 0; k < count; ++k) {
    const written_word &wanted = form_words_[f.first_word + k];
    if (wanted.key == 0) continue;  // a blank
    const place at = places[first + k];
    const capitals found = capitals_of(text.substr(at.begin, at.end - at.begin));
    if (f.has_endings) {
      token_reader again(text, at.begin, at.end);
      token t;
      again.next(t);
      const std::string_view written = written_.word(wanted.key);
      is_same_word &= t.key == written;
      if (!are_forms_of_one_word(written, t.key, wanted.rule)) return likeness::none;
    }
    // Endings may differ in length, so only letters that both have are compared.
    const uint32_t letters = std::min({found.count, wanted.capitals.count, 64u});
    const uint64_t both = letters == 64 ? ~uint64_t{0} : (uint64_t{1} << letters) - 1;
    const uint64_t differing = (found.which ^ wanted.capitals.which) & both;
    is_as_written &= differing == 0;
    // The first letter may be a capital where a sentence begins.
    has_small_begin &= differing == 0 || (is_first && differing == 1 && (wanted.capitals.which & 1) == 0);
    is_all_capitals &= found.all;
    has_case |= found.has_case;
    is_first = false;
  }
  const bool is_shouted = has_case && is_all_capitals;
  const bool fits = case_ == case_rule::ignore || is_as_written ||
                    (case_ == case_rule::smart && (!f.has_capitals || is_shouted || has_small_begin));
  if (!fits) return likeness::none;
  return !is_same_word ? likeness::by_ending : is_as_written ? likeness::whole : likeness::by_case;
}

/// Puts the match of `pattern` that ends with token `last` in its place among those found from `floor` on, unless
/// another is in its way. Matches come in the order of their ends, so it takes the place of all that it covers.
bool term_finder::accept(uint32_t pattern, std::string_view text, const recent_places &places, uint64_t last,
                         size_t floor, found_terms &out) const {
  const uint32_t count = length_[pattern];
  const uint64_t first = last + 1 - count;
  const uint32_t begin = places[first].begin, end = places[last].end;
  size_t keep = out.places.size();
  while (keep > floor && out.places[keep - 1].begin >= begin) --keep;
  if (keep > floor && out.places[keep - 1].end > begin) return false;

  const auto kept_terms = static_cast<uint32_t>(out.terms.size());
  likeness best = likeness::none;
  for (uint32_t k = first_form_[pattern]; k < first_form_[pattern + 1]; ++k) {
    const form &f = forms_[k];
    // Most terms are in small letters and alone with their form; nothing of them is left to compare.
    const bool is_plain = !f.has_endings && !f.has_capitals && case_ != case_rule::exact &&
                          first_form_[pattern + 1] - first_form_[pattern] == 1;
    const likeness now = is_plain ? likeness::whole : compare(f, text, places, first, count);
    if (now == likeness::none || now < best) continue;
    if (now > best) out.terms.resize(kept_terms);
    best = now;
    out.terms.push_back(f.term);
  }
  if (best == likeness::none) return false;
  const auto found = static_cast<uint32_t>(out.terms.size()) - kept_terms;
  // What it covers is forgotten, and its terms with it.
  const uint32_t from = keep < out.places.size() ? out.places[keep].first : kept_terms;
  std::move(out.terms.begin() + kept_terms, out.terms.end(), out.terms.begin() + from);
  out.terms.resize(from + found);
  out.places.resize(keep);
  out.places.push_back({begin, end, from, found});
  return true;
}

void term_finder::find(std::string_view text, uint32_t begin, uint32_t end, std::span<const uint32_t> soft_breaks,
                       found_terms &out) const {
  token_reader tokens(text, begin, end, soft_breaks);
  recent_places places(longest_);
  const size_t floor = out.places.size();
  uint32_t state = automaton::start;
  token t;
  for (uint64_t index = 0; tokens.next(t); ++index) {
    state = automaton_.step(state, symbol_of(t));
    places.put(index, {t.begin, t.end});
    if (state == automaton::start) continue;
    // Of those that end here the first that is accepted covers the shorter ones.
    automaton_.each_pattern(state, [&](uint32_t p) { return accept(p, text, places, index, floor, out); });
  }
}

size_t term_finder::memory() const {
  return words_.memory() + written_.memory() + automaton_.memory() + 4 * (length_.capacity() + first_form_.capacity()) +
         forms_.capacity() * sizeof(form) + form_words_.capacity() * sizeof(written_word);
}

}  // namespace calque::glossary
