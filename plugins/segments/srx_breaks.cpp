// SPDX-License-Identifier: Apache-2.0
// Finds the places where break rules hold first, and asks the no-break rules at those only.
//
// The first rule that holds at a place decides. So a place breaks when a break rule holds there and no rule before that
// one does; of these, earlier break rules were tried already, and the no-break rules are left.
//
// A break rule holds where its first expression, followed by its second, ends when it is matched from some place, so
// that `[.?!]+` breaks behind all of "?!" and not within. A no-break rule holds wherever some match of the first ends
// and one of the second begins: it is to hold breaks that other expressions make. Expressions see the whole block; what
// a rule looks at may lie before a break.
#include "plugins/segments/srx_breaks.hpp"

#include <calque/base.hpp>

#include <algorithm>

namespace calque::segments {

namespace {

constexpr size_t largest_block = size_t{64} << 20;  // each character takes several bytes of bookkeeping
constexpr uint32_t nothing = UINT32_MAX;
constexpr uint64_t characters_a_step = 16;
constexpr int32_t states_a_tick = 10'000;  // of ICU's timer
constexpr int32_t largest_stack = 8 << 20;

/// A rule with what ICU needs to try it; made on first use, for a block seldom needs them all.
struct tried_rule {
  const srx_rule *rule;
  std::unique_ptr<icu::RegexMatcher> whole, before, after, behind;
  uint64_t block = 0;  // number of the block that the matchers look at
};

}  // namespace

struct srx_breaker::impl {
  std::vector<tried_rule> rules;
  const abbreviation_set &held;
  std::string file, language;
  step_limit limit;

  std::string_view block;
  icu::UnicodeString text;
  int32_t size = 0;
  uint64_t block_number = 0;

  tried_rule *at_work = nullptr;  // whose steps are counted
  uint64_t steps = 0, most_steps = 0;

  impl(const abbreviation_set &held_words, std::string file_name, std::string tag, step_limit steps_limit)
      : held(held_words), file(std::move(file_name)), language(std::move(tag)), limit(steps_limit) {}

  // Trouble.

  [[noreturn]] void give_up(const std::string &why) const {
    const srx_rule &rule = *at_work->rule;
    std::string_view begin = block.substr(0, 60);
    while (!begin.empty() && begin.size() < block.size() &&
           (static_cast<unsigned char>(block[begin.size()]) & 0xc0) == 0x80)
      begin.remove_suffix(1);
    throw failure(
        "segments.rule-too-slow",
        file + ":" + std::to_string(rule.line) + ": rule " + rule.name + " (for " +
            (language.empty() ? "no language" : language) + ") " + why + " in the block that begins \"" +
            std::string(begin) + "\"",
        "a repetition within a repetition, as in (a+)+, or .* at the front is the usual cause; write the rule "
        "without, or take it out");
  }
  void spend_on(int32_t characters) {
    steps += 1 + static_cast<uint64_t>(characters) / characters_a_step;
    if (steps > most_steps) give_up("takes more than " + std::to_string(most_steps) + " steps (limit `steps`)");
  }
  void check(UErrorCode status) const {
    if (U_SUCCESS(status)) return;
    if (status == U_REGEX_STOPPED_BY_CALLER || status == U_REGEX_TIME_OUT)
      give_up("takes more than " + std::to_string(most_steps) + " steps (limit `steps`)");
    if (status == U_REGEX_STACK_OVERFLOW)
      give_up("needs more than " + std::to_string(largest_stack >> 20) + " MiB to match (limit `stack`)");
    if (status == U_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
    give_up(std::string("cannot be matched (") + u_errorName(status) + ")");
  }
  static UBool on_tick(const void *context, int32_t) {
    // ICU's signature has the const; what it was given was none.
    impl &self = *static_cast<impl *>(const_cast<void *>(context));
    self.steps += states_a_tick;
    return self.steps <= self.most_steps;
  }

  // Matching.

  void work_on(tried_rule &r) {
    at_work = &r;
    steps = 0;
    most_steps = limit.fixed + limit.a_character * static_cast<uint64_t>(size);
    if (r.block == block_number) return;
    r.block = block_number;
    renew(r.rule->whole.get(), r.whole);
    renew(r.rule->after.get(), r.after);
    renew(r.rule->before.get(), r.before);
    renew(r.rule->behind.get(), r.behind);
  }
  void renew(const icu::RegexPattern *pattern, std::unique_ptr<icu::RegexMatcher> &matcher) {
    if (pattern == nullptr) return;
    UErrorCode status = U_ZERO_ERROR;
    if (matcher) {
      matcher->reset(text);
    } else {
      matcher.reset(pattern->matcher(text, status));
      if (!matcher) throw std::bad_alloc();
      matcher->setMatchCallback(on_tick, this, status);
      matcher->setStackLimit(largest_stack, status);
      // A region bounds what is matched, and not what ^, $, \b and look-arounds see.
      matcher->useTransparentBounds(true);
      matcher->useAnchoringBounds(false);
    }
    check(status);
  }

  int32_t next(int32_t at) const { return text.moveIndex32(at, 1); }

  bool begins(icu::RegexMatcher *after, int32_t at) {
    if (after == nullptr) return true;
    UErrorCode status = U_ZERO_ERROR;
    const bool does = after->lookingAt(at, status);
    check(status);
    spend_on(does ? after->end(status) - at : 0);
    return does;
  }
  bool find(icu::RegexMatcher &matcher, int32_t from) {
    UErrorCode status = U_ZERO_ERROR;
    const bool found = matcher.find(from, status);
    check(status);
    spend_on((found ? matcher.end(status) : size) - from);
    return found;
  }
  bool fits(icu::RegexMatcher &matcher, int32_t begin, int32_t end) {
    spend_on(end - begin);
    UErrorCode status = U_ZERO_ERROR;
    matcher.region(begin, end, status);
    const bool does = matcher.matches(status);
    check(status);
    return does;
  }

  // Places that break, by the number of the first break rule that holds there.
  std::vector<uint32_t> broken_by;

  /// Places that break so far and that a no-break rule may hold.
  struct pending_places {
    impl &self;
    std::vector<int32_t> all;  // ascending; those that were taken are -1 - place
    static int32_t place(int32_t entry) { return entry < 0 ? -1 - entry : entry; }
    size_t index_of(int32_t at) const {
      return static_cast<size_t>(
          std::partition_point(all.begin(), all.end(), [&](int32_t entry) { return place(entry) < at; }) - all.begin());
    }
    bool none_from(int32_t at) const { return all.empty() || place(all.back()) < at; }
    int32_t next(int32_t at) const {
      size_t k = index_of(at);
      while (k < all.size() && all[k] < 0) ++k;
      return k == all.size() ? self.size : all[k];
    }
    void take(int32_t at) {
      const size_t k = index_of(at);
      if (k == all.size() || all[k] != at) return;
      all[k] = -1 - at;
      while (!all.empty() && all.back() < 0) all.pop_back();
      self.broken_by[static_cast<size_t>(at)] = nothing;
    }
  };

  /// Takes each of `places` at which a match of `before` ends. ICU tells of one match at each begin; others that
  /// begin there end earlier, or later while the expression would have read on.
  void take_ends(icu::RegexMatcher &before, pending_places &places) {
    UErrorCode status = U_ZERO_ERROR;
    for (int32_t from = 0; from < size && !places.none_from(from) && find(before, from);) {
      const int32_t begin = before.start(status), end = before.end(status);
      from = next(begin);
      int32_t at = places.next(begin);
      for (; at < end; at = places.next(next(at)))
        if (fits(before, begin, at)) places.take(at);
      if (at == end) {
        places.take(end);
        at = places.next(next(end));
      }
      for (; at < size; at = places.next(next(at))) {
        if (fits(before, begin, at))
          places.take(at);
        else if (!before.hitEnd())
          break;
      }
    }
  }

  void find_breaks(uint32_t number) {
    tried_rule &r = rules[number];
    work_on(r);
    UErrorCode status = U_ZERO_ERROR;
    for (int32_t from = 0; from < size;) {
      int32_t at = from;
      if (r.whole) {
        if (!find(*r.whole, from)) break;
        from = r.whole->start(status);
        at = r.rule->has_before ? r.whole->end(status) : from;
      }
      if (at > 0 && at < size && broken_by[static_cast<size_t>(at)] == nothing)
        broken_by[static_cast<size_t>(at)] = number;
      from = next(from);
    }
  }

  void hold_breaks(uint32_t number, const std::vector<int32_t> &breaks) {
    tried_rule &r = rules[number];
    work_on(r);
    pending_places places{*this, {}};
    for (const int32_t at : breaks) {
      const uint32_t by = broken_by[static_cast<size_t>(at)];
      if (by != nothing && by > number && begins(r.after.get(), at)) places.all.push_back(at);
    }
    if (places.all.empty()) return;
    if (r.before) return take_ends(*r.before, places);
    for (const int32_t at : std::vector<int32_t>(places.all))
      if (begins(r.behind.get(), at)) places.take(at);
  }

  /// Places that break, ascending.
  std::vector<int32_t> breaks() {
    broken_by.assign(static_cast<size_t>(size), nothing);
    for (uint32_t k = 0; k < rules.size(); ++k)
      if (rules[k].rule->breaks) find_breaks(k);
    std::vector<int32_t> found;
    for (int32_t at = 0; at < size; ++at)
      if (broken_by[static_cast<size_t>(at)] != nothing) found.push_back(at);
    if (!found.empty())
      for (uint32_t k = 0; k < rules.size(); ++k)
        if (!rules[k].rule->breaks) hold_breaks(k, found);
    std::erase_if(found, [&](int32_t at) { return broken_by[static_cast<size_t>(at)] == nothing; });
    return found;
  }

  void look_at(std::string_view what) {
    if (what.size() > largest_block)
      throw failure("segments.block-too-large",
                    "a block has " + std::to_string(what.size()) + " bytes, more than " +
                        std::to_string(largest_block >> 20) + " MiB (limit `block`)",
                    "import it with an option that makes paragraphs");
    block = what;
    text = icu::UnicodeString::fromUTF8(icu::StringPiece(what.data(), static_cast<int32_t>(what.size())));
    size = text.length();
    ++block_number;
  }
};

srx_breaker::srx_breaker(const std::vector<const srx_rule *> &rules, const abbreviation_set &held, std::string file,
                         std::string language, step_limit limit)
    : impl_(std::make_unique<impl>(held, std::move(file), std::move(language), limit)) {
  impl_->rules.reserve(rules.size());
  for (const srx_rule *rule : rules) impl_->rules.push_back({rule, nullptr, nullptr, nullptr, nullptr});
}

srx_breaker::~srx_breaker() = default;

std::vector<sentence> srx_breaker::split(std::string_view block) {
  impl_->look_at(block);
  std::vector<sentence> found;
  size_t begin = skip_gaps(block, 0);
  const size_t end_of_text = begin_of_gaps(block, block.size());
  auto close = [&](size_t end, std::string_view rule) {
    const size_t last = begin_of_gaps(block, end);
    if (last > begin) found.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(last), rule});
    begin = std::max(begin, skip_gaps(block, end));
  };
  size_t at = 0;        // in bytes
  int32_t counted = 0;  // the same place in ICU's units
  for (const int32_t place : impl_->breaks()) {
    while (counted < place) counted += plugins::next_character(block, at) > 0xffff ? 2 : 1;
    if (at >= end_of_text) break;
    if (at <= begin || impl_->held.ends_at(block, at)) continue;
    close(at, impl_->rules[impl_->broken_by[static_cast<size_t>(place)]].rule->name);
  }
  close(block.size(), "block_end");
  return found;
}

}  // namespace calque::segments
