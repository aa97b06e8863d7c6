// SPDX-License-Identifier: Apache-2.0
// Builds the lists of rare tokens, and searches them.
#include "translation_memory/index.hpp"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_set>

namespace calque::tm {
namespace {

// A score of exactly the threshold must not be lost to the way that fractions are stored.
constexpr double slack = 1e-9;

}  // namespace

std::string_view name_of(match_kind kind) {
  return kind == match_kind::in_context ? "in_context" : kind == match_kind::exact ? "exact" : "fuzzy";
}

std::size_t index::least_shared(std::size_t length) const {
  return static_cast<std::size_t>(std::ceil(threshold_ * static_cast<double>(length) - slack));
}

index::text_place index::keep(std::string_view text) {
  const text_place at{texts_.size(), static_cast<std::uint32_t>(text.size())};
  texts_ += text;
  return at;
}

/// 0 is a segment that is not there.
std::uint64_t index::digest_of(const std::vector<std::uint64_t> &tokens) {
  return tokens.empty() ? 0 : XXH3_64bits(tokens.data(), tokens.size() * sizeof tokens[0]);
}

const index::cut_segment &index::cut_again(const std::string &text) {
  for (const cut_segment &one : recent_)
    if (one.text == text) return one;
  cut_segment &made = recent_[oldest_];
  oldest_ = (oldest_ + 1) % recent_.size();
  made.text = text;
  made.tokens = cut_.cut(text);
  made.digest = digest_of(made.tokens);
  return made;
}

void index::add(const unit &u, std::string_view memory, bool reversed) {
  const std::string &source = reversed ? u.target.text : u.source.text,
                    &target = reversed ? u.source.text : u.target.text;
  const auto &tokens = cut_again(source).tokens;
  if (tokens.empty()) return;
  entry e;
  e.tokens = tokens_.size();
  e.length = static_cast<std::uint32_t>(tokens.size());
  for (const std::uint64_t digest : tokens) {
    const auto [found, is_new] = numbers_.try_emplace(digest, static_cast<std::uint32_t>(digests_.size()));
    if (is_new) digests_.push_back(digest);
    tokens_.push_back(found->second);
  }
  e.source = keep(source);
  e.target = keep(target);
  e.name = keep(u.name);
  if (files_.empty() || files_.back().first != memory || files_.back().second != u.file)
    files_.emplace_back(memory, u.file);
  e.file = static_cast<std::uint32_t>(files_.size() - 1);
  e.contexts = static_cast<std::uint32_t>(contexts_.size());
  // What stood around a unit is known in its source language.
  if (!reversed)
    for (const context &c : u.contexts) {
      const std::uint64_t before = cut_again(c.before).digest;
      contexts_.push_back({before, cut_again(c.after).digest});
    }
  e.context_count = static_cast<std::uint32_t>(contexts_.size()) - e.contexts;
  entries_.push_back(e);
}

void index::finish() {
  std::vector<std::uint32_t> own;
  const auto distinct = [&](const entry &e) -> std::vector<std::uint32_t> & {
    own.assign(tokens_.begin() + static_cast<std::ptrdiff_t>(e.tokens),
               tokens_.begin() + static_cast<std::ptrdiff_t>(e.tokens + e.length));
    return own;
  };
  frequency_.assign(digests_.size(), 0);
  for (const entry &e : entries_) {
    auto &of = distinct(e);
    std::sort(of.begin(), of.end());
    of.erase(std::unique(of.begin(), of.end()), of.end());
    for (const std::uint32_t token : of) ++frequency_[token];
  }

  entry_at_.resize(entries_.size());
  std::iota(entry_at_.begin(), entry_at_.end(), 0u);
  std::stable_sort(entry_at_.begin(), entry_at_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return entries_[a].length < entries_[b].length; });
  const std::size_t longest = entries_.empty() ? 0 : entries_[entry_at_.back()].length;
  first_of_length_.assign(longest + 2, static_cast<std::uint32_t>(entries_.size()));
  for (std::size_t rank = entries_.size(); rank-- > 0;)
    first_of_length_[entries_[entry_at_[rank]].length] = static_cast<std::uint32_t>(rank);
  for (std::size_t length = longest + 1; length-- > 0;)
    first_of_length_[length] = std::min(first_of_length_[length], first_of_length_[length + 1]);

  // Twice over all units: to count, and to fill.
  const auto each_rare = [&](const entry &e, auto &&take) {
    auto &of = distinct(e);
    const std::size_t rare = e.length - least_shared(e.length) + 1;
    std::partial_sort(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(std::min(rare, of.size())), of.end(),
                      [&](std::uint32_t a, std::uint32_t b) { return is_rarer(a, b); });
    for (std::size_t k = 0; k < rare && k < of.size(); ++k)
      if (k == 0 || of[k] != of[k - 1]) take(of[k]);
  };
  list_begin_.assign(digests_.size() + 1, 0);
  for (const entry &e : entries_) each_rare(e, [&](std::uint32_t token) { ++list_begin_[token + 1]; });
  std::partial_sum(list_begin_.begin(), list_begin_.end(), list_begin_.begin());
  lists_.resize(list_begin_.back());
  std::vector<std::uint64_t> next(list_begin_.begin(), list_begin_.end() - 1);
  signatures_.resize(entries_.size());
  for (std::size_t rank = 0; rank < entries_.size(); ++rank) {
    const entry &e = entries_[entry_at_[rank]];
    each_rare(e, [&](std::uint32_t token) { lists_[next[token]++] = static_cast<std::uint32_t>(rank); });
    for (std::uint32_t k = 0; k < e.length; ++k) signatures_[rank].add(digests_[tokens_[e.tokens + k]]);
  }
}

/// Puts the units that reach the score into `found_`.
void index::searcher::collect(const std::vector<std::uint32_t> &tokens, std::size_t length) {
  const std::size_t least = in_.least_shared(length);
  const auto longest = static_cast<std::size_t>(std::floor(static_cast<double>(length) / in_.threshold_ + slack));
  const std::size_t most_length = in_.first_of_length_.size() - 2;
  if (least > most_length) return;
  const std::uint32_t first = in_.first_of_length_[least],
                      end = in_.first_of_length_[std::min(longest, most_length) + 1];

  // Tokens that no unit has are the rarest of all, and lead nowhere.
  std::vector<std::uint32_t> rare;
  for (const std::uint32_t token : tokens)
    if (token != unknown) rare.push_back(token);
  std::size_t count = length - least + 1;
  count -= std::min(count, length - rare.size());
  count = std::min(count, rare.size());
  std::partial_sort(rare.begin(), rare.begin() + static_cast<std::ptrdiff_t>(count), rare.end(),
                    [&](std::uint32_t a, std::uint32_t b) { return in_.is_rarer(a, b); });

  signature own;
  std::size_t unknowns = 0;
  for (const std::uint32_t token : tokens)
    if (token == unknown)
      ++unknowns;
    else
      own.add(in_.digests_[token]);
  seen_.clear();
  for (std::size_t k = 0; k < count; ++k) {
    if (k > 0 && rare[k] == rare[k - 1]) continue;
    const auto list = in_.lists_.begin() + static_cast<std::ptrdiff_t>(in_.list_begin_[rare[k]]);
    const auto list_end = in_.lists_.begin() + static_cast<std::ptrdiff_t>(in_.list_begin_[rare[k] + 1]);
    for (auto rank = std::lower_bound(list, list_end, first); rank != list_end && *rank < end; ++rank) {
      const signature &other = in_.signatures_[*rank];
      const auto missing =
          static_cast<std::size_t>(std::popcount(own.low & ~other.low) + std::popcount(own.high & ~other.high));
      // Shared tokens are at least the least of the longer one, and that is at least the least of this one.
      if (missing + unknowns + least <= length) seen_.push_back(*rank);
    }
  }
  std::sort(seen_.begin(), seen_.end());
  seen_.erase(std::unique(seen_.begin(), seen_.end()), seen_.end());

  for (const std::uint32_t rank : seen_) {
    const entry &e = in_.entries_[in_.entry_at_[rank]];
    const std::size_t longer = std::max<std::size_t>(length, e.length);
    const std::size_t most = longer - in_.least_shared(longer);
    const std::uint32_t *of = &in_.tokens_[e.tokens];
    const std::size_t distance = pattern_.distance(e.length, most, [&](std::size_t k) { return own_number_[of[k]]; });
    if (distance <= most) found_.push_back({in_.entry_at_[rank], static_cast<std::uint32_t>(distance)});
  }
}

std::vector<match> index::searcher::find(const question &asked, std::size_t most) {
  found_.clear();
  const auto &digests = cut_.cut(asked.segment);
  if (digests.empty() || in_.entries_.empty()) return {};
  // The segment's tokens get numbers of their own, in the order of their first place; 0 is for all others.
  std::vector<std::uint32_t> tokens, numbers;
  std::unordered_map<std::uint64_t, std::uint32_t> unknown_numbers;
  std::uint32_t kinds = 1;
  for (const std::uint64_t digest : digests) {
    const auto found = in_.numbers_.find(digest);
    tokens.push_back(found == in_.numbers_.end() ? unknown : found->second);
    std::uint32_t &number = found == in_.numbers_.end() ? unknown_numbers[digest] : own_number_[found->second];
    if (number == 0) number = kinds++;
    numbers.push_back(number);
  }
  pattern_.set(numbers, kinds);
  const std::size_t length = tokens.size();
  collect(tokens, length);
  for (const std::uint32_t token : tokens)
    if (token != unknown) own_number_[token] = 0;

  const std::string exactly = exact_form(asked.segment);
  const std::uint64_t before = digest_of(cut_.cut(asked.before)), after = digest_of(cut_.cut(asked.after));
  struct ranked {
    match_kind kind;
    double score;
    std::uint32_t entry;
  };
  std::vector<ranked> all;
  for (const candidate &c : found_) {
    const entry &e = in_.entries_[c.entry];
    ranked r{match_kind::fuzzy,
             1 - static_cast<double>(c.distance) / static_cast<double>(std::max<std::size_t>(length, e.length)),
             c.entry};
    if (c.distance == 0 && exact_form(in_.text(e.source)) == exactly) {
      r.kind = match_kind::exact;
      for (std::uint32_t k = 0; k < e.context_count && r.kind == match_kind::exact; ++k) {
        const context_digests &around = in_.contexts_[e.contexts + k];
        if (around.before == before && around.after == after && (before != 0 || after != 0))
          r.kind = match_kind::in_context;
      }
    }
    all.push_back(r);
  }
  std::sort(all.begin(), all.end(), [](const ranked &a, const ranked &b) {
    return a.kind != b.kind ? a.kind < b.kind : a.score != b.score ? a.score > b.score : a.entry < b.entry;
  });
  std::vector<match> best;
  std::unordered_set<std::string_view> targets;
  for (const ranked &r : all) {
    if (best.size() == most) break;
    const entry &e = in_.entries_[r.entry];
    const std::string_view target = in_.text(e.target);
    if (!targets.insert(target).second) continue;
    const auto &[memory, file] = in_.files_[e.file];
    best.push_back({r.kind, r.score, in_.text(e.source), target, memory, file, in_.text(e.name)});
  }
  return best;
}

}  // namespace calque::tm
