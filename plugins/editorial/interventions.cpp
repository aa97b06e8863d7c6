// SPDX-License-Identifier: Apache-2.0
// The rules that tell brackets apart. README.md states them in the same order, with examples.
#include "plugins/editorial/interventions.hpp"

#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"
#include "plugins/editorial/english.hpp"
#include "plugins/editorial/neighbours.hpp"

#include <algorithm>

namespace calque::editorial {
namespace {

using plugins::folded;
using plugins::word_set;

constexpr size_t longest_read = 600;  // of what a bracket holds, for rules that look at words

class judge {
 public:
  judge(std::string_view block, const bracket &where, const vocabulary &words, const surroundings &known)
      : at_(block, where), where_(where), vocabulary_(words), known_(known) {}

  std::optional<intervention> decide() {
    if (is_none()) return std::nullopt;
    if (auto said = by_phrase()) return said;
    if (auto said = by_doubt()) return said;
    if (auto said = by_script()) return said;
    if (auto said = by_lead()) return said;
    return by_place();
  }

 private:
  intervention make(std::string_view kind) const { return {kind, where_, {}, {}, {}, {}, {}}; }
  intervention about_word_before(std::string_view kind) const {
    intervention made = make(kind);
    if (at_.has_before()) made.marks = {at_.before(0).begin, at_.before(0).end};
    return made;
  }

  // 1. What is no intervention: note calls, page numbers, the text of a link, a label that is all bracket.
  bool is_none() const {
    const std::string_view content = at_.content();
    if (at_.is_link()) return true;
    if (!at_.touches_digit_after() && is_note_call(content)) return true;
    static const word_set page_words("p pp page pages folio f ff l ll л с стр 页 頁");
    const auto &words = at_.words();
    if (words.size() == 2 && page_words.has(folded(words[0].text)) && is_numeral(words[1].text)) return true;
    if (known_.bracketed_names.count(folded(content)) != 0) return true;
    const bool is_label_end = at_.next_sign() == ':' || at_.next_sign() == 0xff1a;
    return at_.is_first() && !content.empty() && (is_label_end || (known_.is_label && at_.is_last()));
  }

  static bool is_numeral(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
  }
  // [1] [12a] [*] [ii]; not [I], which is a pronoun, nor a year.
  static bool is_note_call(std::string_view content) {
    if (content == "*" || content == "**" || content == "***" || content == "†" || content == "‡") return true;
    size_t digits = 0;
    while (digits < content.size() && content[digits] >= '0' && content[digits] <= '9') ++digits;
    if (digits > 0 && digits <= 3) {
      if (digits == content.size()) return true;
      return content.size() == digits + 1 && content[digits] >= 'a' && content[digits] <= 'z';
    }
    return !content.empty() && content.find_first_not_of("ivx") == std::string_view::npos;
  }

  // 2. Fixed phrases, and dots or blanks for what is left out.
  std::optional<intervention> by_phrase() {
    const std::string_view content = at_.content();
    if (content.empty() || is_ellipsis(content)) return make("omitted");
    if (is_everyday_word_in_a_sentence()) return std::nullopt;
    auto found = vocabulary_.find(content);
    if (!found) return std::nullopt;
    intervention made = found->kind == "sic" ? about_word_before("sic") : make(found->kind);
    made.agent = std::move(found->agent);
    made.extent = std::move(found->extent);
    return made;
  }
  static bool is_ellipsis(std::string_view content) {
    size_t signs = 0;
    for (size_t at = 0; at < content.size();) {
      const char32_t c = plugins::next_character(content, at);
      if (c == '.' || c == 0x2026 || c == 0x22ef || c == '*' || c == '_' || plugins::is_dash(c))
        ++signs;
      else if (!plugins::is_gap(c))
        return false;
    }
    return signs > 0;
  }
  // "the [missing] persons": one common word between small words of a sentence belongs to it.
  bool is_everyday_word_in_a_sentence() const {
    static const word_set everyday(
        "missing signed continued continues classified deleted withheld redacted damaged torn cut break gap blank note "
        "seal typed stamped stamp excerpt resolution margin translator editor underlined handwritten initialed omitted "
        "interruption silence pause recess annex attachment enclosure appendix signature initials interjection "
        "commotion laughing laughs");
    return at_.words().size() == 1 && everyday.has(folded(at_.words()[0].text)) && at_.follows_word() &&
           !at_.before(0).is_capitalised && at_.precedes_word() && !at_.next_is_capitalised();
  }

  // 3. Doubt: [?], [word?], [possibly …], graded readings [B% …].
  std::optional<intervention> by_doubt() {
    const std::string_view content = at_.content();
    const char32_t last = plugins::last_character(content);
    const bool asks = last == '?' || last == 0xff1f;
    if (asks && at_.words().empty()) {
      intervention made = about_word_before("uncertain");
      made.certainty = "low";
      return made;
    }
    if (asks && at_.words().size() <= 4) {
      intervention made = make("uncertain");
      made.certainty = "low";
      return made;
    }
    if (content.size() > 2 && content[1] == '%' && content[0] >= 'A' && content[0] <= 'D') {
      static constexpr std::string_view grades[] = {"high", "medium", "low", "low"};
      intervention made = make("uncertain");
      made.certainty = grades[content[0] - 'A'];
      return made;
    }
    if (at_.words().size() < 2 || at_.words()[0].begin != 0) return std::nullopt;
    const std::string first = folded(at_.words()[0].text);
    static const word_set weak("possibly perhaps maybe возможно 可能 或许"),
        strong("probably presumably apparently likely вероятно очевидно видимо 大概 似乎");
    if (!weak.has(first) && !strong.has(first)) return std::nullopt;
    intervention made = make("uncertain");
    made.certainty = weak.has(first) ? "low" : "medium";
    return made;
  }

  // 4. Words of the original: named as such, or in another script than the word before.
  std::optional<intervention> by_script() {
    const std::string_view content = at_.content();
    if (const size_t colon = content.find(':'); colon != std::string_view::npos && colon < 24) {
      std::string label = folded(content.substr(0, colon));
      if (label.starts_with("in ")) label.erase(0, 3);
      if (!label.empty() && label.back() == '.') label.pop_back();
      if (const std::string_view tag = language_named(label); !tag.empty()) {
        intervention made = about_word_before("original_word");
        made.language = tag;
        return made;
      }
    }
    const script_name own = script_of(content), around = at_.script_around();
    if (own.code.empty() || around.code.empty() || own.code == around.code) return std::nullopt;
    intervention made = about_word_before("original_word");
    made.language = own.language;
    return made;
  }

  // 5. What its first words say: i.e., or, formerly.
  std::optional<intervention> by_lead() {
    const auto &words = at_.words();
    if (words.empty()) return std::nullopt;
    const std::string content = normal_form(at_.content().substr(0, std::min<size_t>(at_.content().size(), 80)));
    for (std::string_view lead : {"i.e",
                                  "ie ",
                                  "that is",
                                  "namely",
                                  "viz",
                                  "meaning ",
                                  "literally ",
                                  "lit. ",
                                  "lit: ",
                                  "referring to",
                                  "refers to",
                                  "in other words",
                                  "the so-called",
                                  "short for",
                                  "abbreviation",
                                  "e.g",
                                  "=",
                                  "т.е",
                                  "то есть",
                                  "а именно",
                                  "即",
                                  "指"})
      if (content.starts_with(lead) && words.size() >= 2) return make("gloss");
    if (words.size() < 2 || !at_.follows_word() || !at_.before(0).is_capitalised) return std::nullopt;
    static const word_set leads("or also aka formerly now today modern alias a.k.a old"),
        fillers("known called as the in");
    size_t k = 0;
    if (!leads.has(folded(words[0].text)) && !content.starts_with("a.k.a")) return std::nullopt;
    k = content.starts_with("a.k.a") ? 3 : 1;
    while (k < words.size() && fillers.has(folded(words[k].text))) ++k;
    if (k >= words.size() || words.size() - k > 3) return std::nullopt;
    for (size_t n = k; n < words.size(); ++n)
      if (!words[n].is_capitalised()) return std::nullopt;
    return variant();
  }

  intervention variant() const {
    intervention made = make("variant_name");
    made.marks = at_.name_before();
    return made;
  }

  // 6. What is left is told by its own form and the words around it.
  std::optional<intervention> by_place() {
    const auto &words = at_.words();
    if (words.empty()) return make("supplied");
    if (is_remark()) return make("editor_note");
    if (at_.content().size() > longest_read || at_.content().starts_with('*')) return make("editor_note");
    if (script_of(at_.content()).is_east_asian)
      return make(words.size() > 1 || at_.content().size() > 24 ? "gloss" : "supplied");
    const bool capitalised = words[0].is_capitalised();
    // "[t]he", "comrade[s]", "[19]62": a part of a word.
    if (at_.touches_letter_after() || at_.touches_digit_after()) return make("supplied");
    if (at_.touches_letter_before() && (!capitalised || at_.content().size() < 3)) return make("supplied");
    if (words[0].starts_with_digit() && words.size() == 1) return make("supplied");

    const std::string first = folded(words[0].text);
    if (words.size() == 1) {
      // [I], [Here], [of]: capitals do not make a function word a name.
      if (is_function_word(first) || is_month_or_day(first)) return make("supplied");
      if (is_acronym(words[0].text)) return acronym();
    }
    if (is_name_form()) return name();
    if (is_foreign_phrase()) {
      intervention made = about_word_before("original_word");
      made.language = "und";
      return made;
    }
    return phrase(first);
  }

  // A whole block in brackets, or a sentence of its own between sentences: a remark of the editor.
  bool is_remark() const {
    const char32_t last = plugins::last_character(at_.content());
    const bool is_sentence = at_.words().size() >= 4 && at_.words()[0].is_capitalised() &&
                             (last == '.' || last == '!' || last == '?' || last == 0x3002);
    if (at_.is_first() && at_.is_last()) return true;
    if (!at_.follows_stop() || !at_.words()[0].is_capitalised()) return false;
    // "[He offers tea] Thank you.", "[Smiling] Yes.": what was done, between two sentences.
    const bool stands_alone = !at_.precedes_word() || at_.next_is_capitalised();
    const bool is_action = at_.words().size() >= 3 || folded(at_.words()[0].text).ends_with("ing");
    return is_sentence || at_.content().starts_with('*') || (stands_alone && is_action && !at_.is_first());
  }

  static bool is_acronym(std::string_view word) {
    size_t capitals = 0;
    for (size_t at = 0; at < word.size();) {
      const char32_t c = plugins::next_character(word, at);
      if (plugins::is_lower(c)) return false;
      capitals += plugins::is_upper(c) ? 1 : 0;
    }
    return capitals >= 2 && word.size() <= 16;
  }

  // "State Security [KB]": the short form of the original. "the [US] side": a word of the sentence.
  intervention acronym() const {
    if (!at_.follows_word()) return make("supplied");
    const std::string before = folded(at_.before(0).text);
    if (is_function_word(before) || is_verb_like(before)) return make("supplied");
    if (at_.before(0).is_capitalised ? plugins::is_title(before) : at_.next_is_capitalised()) return make("supplied");
    return about_word_before("original_word");
  }

  // One to four capitalised words, with small particles inside: Qoqek, Yulo Koro, Fort de Vaux.
  bool is_name_form() const {
    static const word_set particles("de la le du der den van von el al bin ibn di da of and i y e");
    const auto &words = at_.words();
    if (words.size() > 4 || at_.content().find(',') != std::string_view::npos) return false;
    for (size_t k = 0; k < words.size(); ++k) {
      const bool inside = k > 0 && k + 1 < words.size();
      if (!words[k].is_capitalised() && !(inside && particles.has(folded(words[k].text)))) return false;
    }
    const std::string first = folded(words[0].text);
    return !is_function_word(first) && !plugins::is_possessive_form(words.back().text);
  }

  intervention name() const {
    const auto &words = at_.words();
    const std::string own = folded(words[0].text), last = folded(words.back().text);
    const bool is_common = plugins::is_institution(last) || plugins::is_demonym(last) || plugins::is_title(own) ||
                           is_month_or_day(own) || plugins::is_demonym(own);
    if (!at_.follows_word()) return make("supplied");
    const near_word &before = at_.before(0);
    const std::string word = folded(before.text);
    if (is_pronoun(word) && !is_article(word)) return make("gloss");
    if (is_possessive(word)) return make(at_.precedes_word() ? "supplied" : "gloss");
    if (is_function_word(word) || plugins::is_demonym(word) || plugins::is_courtesy(word)) return make("supplied");
    if (!before.is_capitalised) return name_after_noun(word, is_common);
    if (plugins::is_possessive_form(before.text)) return make("supplied");
    if (is_acronym(before.text) && words.size() >= 2) return make("gloss");
    // Labels and headings in capitals hold names too, but one capitalised title is none.
    if (plugins::is_title(word)) return make("supplied");
    if (is_common) return make("supplied");
    if (sounds_alike(before.text, words.back().text) || count_hyphens(before.text) >= 2) return variant();
    if (words.size() == 1 && completes_person(word)) return make("supplied");
    if (plugins::is_institution(word) && !names_area(word)) return about_word_before("original_word");
    return variant();
  }

  // "the leader [Kim Il Sung]" explains; "comrade [Mao]" and "met [Stalin]" are completed.
  intervention name_after_noun(const std::string &word, bool is_common) const {
    if (is_common || is_verb_like(word) || is_adjective_like(word)) return make("supplied");
    const bool has_determiner = at_.count_before() > 1 && is_determiner(folded(at_.before(1).text));
    if (plugins::is_title(word)) return make(has_determiner && !at_.next_is_capitalised() ? "gloss" : "supplied");
    return make("gloss");
  }

  // "Zhang [Hanfu]", "Premier Zhou [Enlai]": the rest of a person's name, not another name of a place.
  bool completes_person(const std::string &word) const {
    if (known_.person_words.count(word) != 0 || is_east_asian_surname(word)) return true;
    for (size_t k = 1; k < at_.count_before() && k < 4; ++k) {
      if (!at_.before(k).is_capitalised) break;
      if (plugins::is_title(folded(at_.before(k).text))) return true;
    }
    return false;
  }
  static bool names_area(const std::string &word) {
    static const word_set areas(
        "county province district prefecture region oblast krai okrug rayon raion canton city town village township "
        "municipality area river lake sea strait gulf bay island islands mountain mountains pass port harbor harbour "
        "station street avenue square territory commune");
    return areas.has(word);
  }

  // Several words, most of them capitalised or with letters that English has not: "Jugoszlávia Kommunistáinak
  // Szövetsége, JKSZ".
  bool is_foreign_phrase() const {
    if (!at_.follows_word()) return false;
    const std::string before = folded(at_.before(0).text);
    if (is_function_word(before) || is_verb_like(before)) return false;
    size_t foreign = 0;
    for (const auto &w : at_.words()) {
      if (is_function_word(folded(w.text)) && !w.is_capitalised()) return false;
      foreign += std::any_of(w.text.begin(), w.text.end(), [](char c) { return (c & 0x80) != 0; }) &&
                         w.text.find("’") == std::string_view::npos && w.text.find("‑") == std::string_view::npos
                     ? 1
                     : 0;
    }
    return foreign * 3 >= at_.words().size() && foreign > 0;
  }

  // Words of a sentence: those that go on with it are supplied, those that explain what stands before are a gloss.
  intervention phrase(const std::string &first) const {
    const auto &words = at_.words();
    const bool leads_noun = (is_article(first) || is_possessive(first)) && words.size() > 1;
    const bool owner = std::any_of(words.begin(), words.end(),
                                   [](const plugins::word &w) { return plugins::is_possessive_form(w.text); });
    if (!at_.follows_word()) return make(owner && words.size() > 1 && !at_.is_first() ? "gloss" : "supplied");
    const near_word &before = at_.before(0);
    const std::string word = folded(before.text);
    if (!leads_noun && !words[0].is_capitalised() && (is_function_word(first) || is_verb_like(first)))
      return make("supplied");
    if (is_possessive(word)) return make(owner || leads_noun ? "gloss" : at_.precedes_word() ? "supplied" : "gloss");
    if (is_article(word) && !leads_noun && !owner) return make("supplied");
    if (is_pronoun(word)) {
      const bool clause =
          word == "that" || word == "which" || word == "who" || word == "what" || word == "there" || word == "then";
      const bool goes_on =
          !leads_noun || words.size() >= 4 || (at_.count_before() > 1 && is_verb_like(folded(at_.before(1).text)));
      return make(clause && goes_on ? "supplied" : "gloss");
    }
    if (is_function_word(word) || before.starts_with_digit) return make("supplied");
    if (leads_noun || owner || words[0].is_capitalised()) {
      if (before.is_capitalised) return make("gloss");
      if (is_verb_like(word) || is_adjective_like(word)) return make("supplied");
      return make(stands_as_verb() ? "supplied" : "gloss");
    }
    if (before.is_capitalised && words.size() > 1 && !plugins::is_demonym(word) && !plugins::is_title(word))
      return make("gloss");
    if (words.size() == 1 || is_verb_like(word) || is_adjective_like(word) || plugins::is_demonym(word))
      return make("supplied");
    return make(stands_as_verb() ? "supplied" : "gloss");
  }
  // "failed to stop [the crossings]": what follows to, a modal or a pronoun is a verb, and wants its object.
  bool stands_as_verb() const { return at_.count_before() > 1 && is_before_verb(folded(at_.before(1).text)); }

  neighbours at_;
  const bracket &where_;
  const vocabulary &vocabulary_;
  const surroundings &known_;
};

}  // namespace

std::optional<intervention> classify(std::string_view block, const bracket &where, const vocabulary &words,
                                     const surroundings &known) {
  return judge(block, where, words, known).decide();
}

}  // namespace calque::editorial
