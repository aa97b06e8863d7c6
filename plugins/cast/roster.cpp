// SPDX-License-Identifier: Apache-2.0
// Joins mentions: those that say most come first, so that what says less finds its person.
#include "plugins/cast/roster.hpp"

#include "plugins/common/words.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <unordered_map>

namespace calque::cast {
namespace {

using plugins::folded;
using plugins::word_set;

/// A distinct printed form: every mention that is printed the same (but for case) is the same person.
struct form {
  std::string folded_full;
  name_words words, short_words;
  std::vector<name_words> variants;  // 郝文礼, of "Hao Wenli (郝文礼)"
  std::vector<size_t> mentions;
  bool is_introduced = false, speaks = false;
  size_t first = 0;
};

/// What is known of a person while forms are joined.
struct candidate {
  std::vector<size_t> forms;
  std::set<std::string> names, titles, aliases;
  bool is_interpreter = false;
};

bool is_subset(const std::vector<std::string> &some, const std::set<std::string> &all) {
  return std::all_of(some.begin(), some.end(), [&](const std::string &word) { return all.count(word) != 0; });
}

// "周" or "周恩来" of 周恩来: names without blanks are compared by their begin.
bool is_unspaced_begin(const std::vector<std::string> &names, const std::set<std::string> &of) {
  if (names.size() != 1 || !plugins::is_unspaced(plugins::first_character(names[0]))) return false;
  return std::any_of(of.begin(), of.end(), [&](const std::string &name) {
    return name.starts_with(names[0]) || names[0].starts_with(name);
  });
}

// Offices that cannot be one person's: an ambassador and a director of the same surname. Words of degree do not tell.
bool titles_conflict(const std::vector<std::string> &a, const std::set<std::string> &b) {
  static const word_set degrees(
      "vice deputy acting assistant associate first second third senior junior foreign general former prime chief "
      "зам заместитель первый второй вице");
  bool compared = false;
  for (const std::string &title : a) {
    if (degrees.has(title)) continue;
    if (b.count(title) != 0) return false;
    compared = true;
  }
  return compared && std::any_of(b.begin(), b.end(), [&](const std::string &t) { return !degrees.has(t); });
}

class joiner {
 public:
  joiner(const std::vector<mention> &mentions, slug_maker &slugs) : mentions_(mentions), slugs_(slugs) {}

  roster join() {
    collect_forms();
    std::vector<size_t> order(forms_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      const form &x = forms_[a], &y = forms_[b];
      if (x.is_introduced != y.is_introduced) return x.is_introduced;
      if (x.words.names.size() != y.words.names.size()) return x.words.names.size() > y.words.names.size();
      return x.first < y.first;
    });
    for (size_t f : order) place(f);
    return result();
  }

 private:
  void collect_forms() {
    std::unordered_map<std::string, size_t> known;
    for (size_t m = 0; m < mentions_.size(); ++m) {
      const speaker_label &label = mentions_[m].label;
      const std::string key = folded(label.full) + '\n' + folded(label.short_form);
      auto [found, is_new] = known.emplace(key, forms_.size());
      if (is_new) {
        form f;
        f.folded_full = folded(label.full);
        f.words = words_of_name(label.full);
        f.is_introduced = label.is_introduced && !label.short_form.empty();
        if (f.is_introduced) f.short_words = words_of_name(label.short_form);
        for (const std::string &variant : label.variants) f.variants.push_back(words_of_name(variant));
        const name_words role = words_of_name(mentions_[m].role.substr(0, mentions_[m].role.find(',')));
        f.words.titles.insert(f.words.titles.end(), role.titles.begin(), role.titles.end());
        f.first = m;
        forms_.push_back(std::move(f));
      }
      forms_[found->second].mentions.push_back(m);
      forms_[found->second].speaks = forms_[found->second].speaks || mentions_[m].part == "speaker";
    }
  }

  void place(size_t f) {
    const form &one = forms_[f];
    size_t found = by_alias(one);
    if (found == none) found = by_names(one);
    if (found == none) found = by_office(one);
    if (found == none) {
      found = people_.size();
      people_.emplace_back();
    }
    candidate &person = people_[found];
    person.forms.push_back(f);
    person.names.insert(one.words.names.begin(), one.words.names.end());
    person.names.insert(one.short_words.names.begin(), one.short_words.names.end());
    for (const name_words &variant : one.variants) person.names.insert(variant.names.begin(), variant.names.end());
    person.titles.insert(one.words.titles.begin(), one.words.titles.end());
    person.aliases.insert(one.folded_full);
    for (size_t m : one.mentions) {
      if (!mentions_[m].label.short_form.empty()) person.aliases.insert(folded(mentions_[m].label.short_form));
      for (const std::string &variant : mentions_[m].label.variants) person.aliases.insert(folded(variant));
      person.is_interpreter = person.is_interpreter || mentions_[m].part == "interpreter";
    }
  }

  // The same words as a label, a short form or a variant that is known.
  size_t by_alias(const form &one) const {
    for (size_t p = 0; p < people_.size(); ++p) {
      if (people_[p].aliases.count(one.folded_full) != 0) return p;
      // A second introduction of the same short form is the same person, if the names do not speak against it.
      if (one.is_introduced && people_[p].aliases.count(folded(mentions_[one.first].label.short_form)) != 0 &&
          (is_subset(one.words.names, people_[p].names) || one.words.names.size() >= people_[p].names.size()) &&
          !titles_conflict(one.words.titles, people_[p].titles))
        return p;
    }
    return none;
  }

  // Part of a name, or more of it.
  size_t by_names(const form &one) {
    if (one.words.names.empty()) return none;
    std::vector<size_t> fitting;
    for (size_t p = 0; p < people_.size(); ++p) {
      const candidate &person = people_[p];
      if (person.names.empty()) continue;
      const std::vector<std::string> known(person.names.begin(), person.names.end());
      const std::set<std::string> own(one.words.names.begin(), one.words.names.end());
      const bool is_whole = own.size() >= 2 && own == person.names;
      bool fits = is_subset(one.words.names, person.names) || is_subset(known, own) ||
                  is_unspaced_begin(one.words.names, person.names);
      for (const name_words &variant : one.variants)
        fits = fits || (!variant.names.empty() && is_subset(variant.names, person.names));
      if (is_whole || (fits && !titles_conflict(one.words.titles, person.titles))) fitting.push_back(p);
    }
    if (fitting.size() > 1 && !one.words.titles.empty()) {
      std::vector<size_t> titled;
      for (size_t p : fitting)
        if (is_subset(one.words.titles, people_[p].titles)) titled.push_back(p);
      if (!titled.empty()) fitting = titled;
    }
    if (fitting.size() > 1) {
      // A surname is rather that of someone who speaks than of someone who only sat there.
      std::vector<size_t> speaking;
      for (size_t p : fitting)
        if (std::any_of(people_[p].forms.begin(), people_[p].forms.end(), [&](size_t f) { return forms_[f].speaks; }))
          speaking.push_back(p);
      if (speaking.size() == 1) fitting = speaking;
    }
    if (fitting.size() > 1) ambiguous_.insert(ambiguous_.end(), one.mentions.begin(), one.mentions.end());
    return fitting.size() == 1 ? fitting[0] : none;
  }

  // "The Ambassador:", "Interpreter:": an office that one person has.
  size_t by_office(const form &one) const {
    if (!one.words.names.empty() || one.words.titles.empty()) return none;
    size_t found = none;
    const bool interprets = std::any_of(one.words.titles.begin(), one.words.titles.end(), [](const std::string &t) {
      return t == "interpreter" || t == "translator" || t == "переводчик" || t == "翻译" || t == "翻譯";
    });
    for (size_t p = 0; p < people_.size(); ++p) {
      const bool fits = is_subset(one.words.titles, people_[p].titles) || (interprets && people_[p].is_interpreter);
      if (!fits) continue;
      if (found != none) return none;
      found = p;
    }
    return found;
  }

  roster result() {
    roster out;
    out.person_of.assign(mentions_.size(), 0);
    std::vector<size_t> order(people_.size());
    std::iota(order.begin(), order.end(), size_t{0});
    auto first_mention = [&](size_t p) {
      size_t first = SIZE_MAX;
      for (size_t f : people_[p].forms) first = std::min(first, forms_[f].first);
      return first;
    };
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return first_mention(a) < first_mention(b); });
    std::set<std::string> keys;
    for (size_t p : order) {
      std::vector<size_t> all;
      for (size_t f : people_[p].forms) all.insert(all.end(), forms_[f].mentions.begin(), forms_[f].mentions.end());
      std::sort(all.begin(), all.end());
      for (size_t m : all) out.person_of[m] = out.people.size();
      out.people.push_back(describe(all));
      std::string &key = out.people.back().key;
      const std::string base = key;
      for (size_t n = 2; !keys.insert(key).second; ++n) key = base + "-" + std::to_string(n);
    }
    std::sort(ambiguous_.begin(), ambiguous_.end());
    out.ambiguous = std::move(ambiguous_);
    return out;
  }

  // What all mentions of one person say together. The first label that introduces gives the full form; else the first
  // label at a speech; else the first mention.
  person describe(const std::vector<size_t> &all) const {
    size_t best = all.front();
    int rank = -1;
    for (size_t m : all) {
      const int r = mentions_[m].label.is_introduced ? 2 : mentions_[m].part == "speaker" ? 1 : 0;
      if (r > rank) {
        rank = r;
        best = m;
      }
    }
    person made;
    made.full = mentions_[best].label.full;
    made.begin = mentions_[best].begin;
    made.end = mentions_[best].end;
    for (std::string_view part : {"speaker", "participant", "interpreter", "writer"})
      if (std::any_of(all.begin(), all.end(), [&](size_t m) { return mentions_[m].part == part; }))
        made.parts.push_back(part);
    for (size_t m : all) {
      if (made.short_form.empty()) made.short_form = mentions_[m].label.short_form;
      if (made.role.empty()) made.role = mentions_[m].role;
      for (const std::string &variant : mentions_[m].label.variants)
        if (std::find(made.variants.begin(), made.variants.end(), variant) == made.variants.end())
          made.variants.push_back(variant);
    }
    if (made.short_form.empty()) {
      made.short_form = words_of_name(made.full).printed;
      if (made.short_form.empty()) made.short_form = made.full;
    }
    made.key = slugs_(made.short_form);
    return made;
  }

  static constexpr size_t none = SIZE_MAX;
  const std::vector<mention> &mentions_;
  slug_maker &slugs_;
  std::vector<form> forms_;
  std::vector<candidate> people_;
  std::vector<size_t> ambiguous_;
};

}  // namespace

roster join(const std::vector<mention> &mentions, slug_maker &slugs) {
  return joiner(mentions, slugs).join();
}

}  // namespace calque::cast
