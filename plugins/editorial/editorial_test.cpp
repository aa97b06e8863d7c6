// SPDX-License-Identifier: Apache-2.0
// The rules for brackets, each on sentences of its own.
#include "plugins/editorial/interventions.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace calque::editorial;

namespace {

/// The kinds of a text's brackets in reading order, "-" for none: "supplied -".
std::string kinds_of(std::string_view text, surroundings known = {}, const vocabulary &words = vocabulary()) {
  std::string out;
  for (const bracket &b : find_brackets(text, true).pairs) {
    const auto found = classify(text, b, words, known);
    out += (out.empty() ? "" : " ") + std::string(found ? found->kind : "-");
  }
  return out;
}

intervention only(std::string_view text) {
  const auto pairs = find_brackets(text, true).pairs;
  EXPECT_EQ(pairs.size(), 1u) << text;
  const auto found = classify(text, pairs.at(0), vocabulary(), {});
  EXPECT_TRUE(found) << text;
  return found.value_or(intervention{});
}

std::string marked(std::string_view text) {
  const auto found = only(text);
  return found.marks ? std::string(text.substr(found.marks->begin, found.marks->end - found.marks->begin)) : "-";
}

}  // namespace

TEST(brackets, nest_and_each_closes_its_own_shape) {
  const auto scan = find_brackets("a [b [c] d] ［e］ 〔f〕", true);
  ASSERT_EQ(scan.pairs.size(), 4u);
  EXPECT_EQ(scan.pairs[0], (bracket{2, 3, 10, 11}));
  EXPECT_EQ(scan.pairs[1], (bracket{5, 6, 7, 8}));
  EXPECT_TRUE(scan.unclosed.empty());
}

TEST(brackets, wide_ones_can_be_left_alone) {
  EXPECT_TRUE(find_brackets("［e］", false).pairs.empty());
}

TEST(brackets, an_unclosed_one_takes_nothing_with_it) {
  const auto scan = find_brackets("one [two and [I] three", true);
  ASSERT_EQ(scan.pairs.size(), 1u);
  EXPECT_EQ(scan.pairs[0].begin, 13u);
  EXPECT_EQ(scan.unclosed, (std::vector<uint32_t>{4}));
}

TEST(brackets, a_closing_sign_alone_is_named) {
  EXPECT_EQ(find_brackets("one] two", true).never_opened, (std::vector<uint32_t>{3}));
}

TEST(brackets, crossed_shapes_close_the_outer_one) {
  const auto scan = find_brackets("[a ［b] c］", true);
  EXPECT_EQ(scan.pairs.size(), 1u);
  EXPECT_EQ(scan.unclosed.size(), 1u);
  EXPECT_EQ(scan.never_opened.size(), 1u);
}

TEST(phrases, are_compared_without_regard_to_case_stops_and_dashes) {
  EXPECT_EQ(normal_form("  Sic! "), "sic");
  EXPECT_EQ(normal_form("He left. — Trans."), "he left.—trans");
  EXPECT_EQ(normal_form("- Ed."), "—ed");
  EXPECT_EQ(normal_form("hand-written"), "hand-written");
}

TEST(phrases, have_kinds) {
  EXPECT_EQ(kinds_of("the Kabineet [sic] met"), "sic");
  EXPECT_EQ(kinds_of("he said [illegible] twice"), "illegible");
  EXPECT_EQ(kinds_of("He agreed. [Editor's note: the page is torn.]"), "editor_note");
  EXPECT_EQ(kinds_of("he said [two words illegible] twice"), "illegible");
  EXPECT_EQ(kinds_of("AMPERE [3 groups unrecovered] said"), "illegible");
  EXPECT_EQ(kinds_of("with [name not declassified], he"), "withheld");
  EXPECT_EQ(kinds_of("[less than 1 line not declassified]"), "withheld");
  EXPECT_EQ(kinds_of("[1 paragraph (3 lines) not declassified]"), "withheld");
  EXPECT_EQ(kinds_of("he left. [Translator's note: in pencil.]"), "translator_note");
  EXPECT_EQ(kinds_of("he left. [Trans. note: a pun.]"), "translator_note");
  EXPECT_EQ(kinds_of("he left [in anger —Trans.]"), "translator_note");
  EXPECT_EQ(kinds_of("he left [Ed. note: see the letter]"), "editor_note");
  EXPECT_EQ(kinds_of("he left [he did not — Ed.]"), "editor_note");
  EXPECT_EQ(kinds_of("[handwritten: to the archive]"), "marginal");
  EXPECT_EQ(kinds_of("[stamp: received]"), "marginal");
  EXPECT_EQ(kinds_of("he agreed [Laughter] at once"), "editor_note");
  EXPECT_EQ(kinds_of("[Here follows a list of guests.]"), "omitted");
  EXPECT_EQ(kinds_of("текст [неразборчиво] далее"), "illegible");
  EXPECT_EQ(kinds_of("他说［原文如此］"), "sic");
}

TEST(phrases, of_dots_are_omissions) {
  EXPECT_EQ(kinds_of("[...]"), "omitted");
  EXPECT_EQ(kinds_of("He left. […] She stayed."), "omitted");
  EXPECT_EQ(kinds_of("one [ . . . ] two [—] three [ ]"), "omitted omitted omitted");
}

TEST(phrases, that_are_everyday_words_may_belong_to_the_sentence) {
  EXPECT_EQ(kinds_of("we found the [missing] persons"), "supplied");
  EXPECT_EQ(kinds_of("to be continued [page missing]"), "omitted");
}

TEST(phrases, can_be_added) {
  vocabulary words;
  EXPECT_TRUE(words.add("sello = marginal"));
  EXPECT_TRUE(words.add("* wiped = illegible"));
  EXPECT_FALSE(words.add("sello"));
  EXPECT_FALSE(words.add("sello = stamp"));
  EXPECT_FALSE(words.add(" = sic"));
  EXPECT_EQ(kinds_of("a [sello] b [Sello: recibido] c [tape wiped]", {}, words), "marginal marginal illegible");
}

TEST(phrases, tell_agent_and_extent) {
  EXPECT_EQ(only("x [two words illegible] y").extent, "two words");
  EXPECT_EQ(only("x [less than 1 line not declassified] y").extent, "less than 1 line");
  EXPECT_EQ(only("x [name not declassified] y").agent, "declassifier");
  EXPECT_EQ(only("x [illegible —Trans.] y").kind, "illegible");
  EXPECT_EQ(only("x [illegible —Trans.] y").agent, "translator");
  EXPECT_EQ(only("x [sic] y").agent, "");
}

TEST(doubt, has_a_certainty) {
  EXPECT_EQ(kinds_of("of [Drabkin?], he said"), "uncertain");
  EXPECT_EQ(kinds_of("Drabkin [?] said"), "uncertain");
  EXPECT_EQ(marked("old Drabkin [?] said"), "Drabkin");
  EXPECT_EQ(only("then [B% Morozov] came").certainty, "medium");
  EXPECT_EQ(only("then [possibly Morozov] came").certainty, "low");
}

TEST(none, note_calls_and_pages_are_no_interventions) {
  EXPECT_EQ(kinds_of("this direction.[4] I think[12a] so [*]"), "- - -");
  EXPECT_EQ(kinds_of("so [p. 3] on [Page 30]"), "- -");
  EXPECT_EQ(kinds_of("see [the paper](https://example.org)"), "-");
  EXPECT_EQ(kinds_of("on 5 May [1962] in [19]62"), "supplied supplied");
  EXPECT_EQ(kinds_of("[Unidentified]: Why?"), "-");
  surroundings known;
  known.bracketed_names = {"unidentified"};
  EXPECT_EQ(kinds_of("talks between [Unidentified] and Lin", known), "-");
}

TEST(sic, is_tied_to_the_word_before) {
  EXPECT_EQ(marked("of Comrade Chi-li-nuo-fu [sic], Director"), "Chi-li-nuo-fu");
  EXPECT_EQ(marked("the \"Kabineet\" [sic] met"), "Kabineet");
}

TEST(variant_names, stand_right_after_a_name) {
  EXPECT_EQ(kinds_of("from the Harsu [Kharsu] border to Belin [Dörbin] County"), "variant_name variant_name");
  EXPECT_EQ(marked("in Port Arden [Ardeni], as we agreed"), "Port Arden");
  EXPECT_EQ(marked("In Luhe [Drago], as we agreed"), "Luhe");
  EXPECT_EQ(kinds_of("Tokmak [Toqmaq] is far"), "variant_name");
  EXPECT_EQ(kinds_of("in Kulja [also known as Yining]"), "variant_name");
  EXPECT_EQ(kinds_of("Comrade Qi-ku-nuo-fu [Chikunov] said"), "variant_name");
}

TEST(variant_names, are_not_completions) {
  EXPECT_EQ(kinds_of("Premier Zhou [Enlai] said"), "supplied");
  EXPECT_EQ(kinds_of("Comrade [Mao] said"), "supplied");
  EXPECT_EQ(kinds_of("the Soviet [Union] and Moscow [University]"), "supplied supplied");
  surroundings known;
  known.person_words = {"ordyn"};
  EXPECT_EQ(kinds_of("Ordyn [Pavel] said", known), "supplied");
}

TEST(supplied, completes_the_sentence) {
  EXPECT_EQ(kinds_of("Never mind. [I] welcome you [here]."), "supplied supplied");
  EXPECT_EQ(kinds_of("to the [Chinese] government"), "supplied");
  EXPECT_EQ(kinds_of("This is a practice [and] it stays"), "supplied");
  EXPECT_EQ(kinds_of("to stop [the crossings]; rather"), "supplied");
  EXPECT_EQ(kinds_of("pick up [the people] there"), "supplied");
  EXPECT_EQ(kinds_of("we notified your side [of what was happening] and"), "supplied");
  EXPECT_EQ(kinds_of("the facts are there for all of you [to see]."), "supplied");
  EXPECT_EQ(kinds_of("we can't assume that [the guards opened it]."), "supplied");
  EXPECT_EQ(kinds_of("the [River] Commission of [our] two nations"), "supplied supplied");
  EXPECT_EQ(kinds_of("200 [people] on 5 [May]"), "supplied supplied");
  EXPECT_EQ(kinds_of("[t]he comrade[s] left"), "supplied supplied");
  EXPECT_EQ(kinds_of("the [US] side"), "supplied");
}

TEST(gloss, explains_what_stands_before) {
  EXPECT_EQ(kinds_of("our [the Ministry of Trade's] Department"), "gloss");
  EXPECT_EQ(kinds_of("has handed it [the agreement] to us"), "gloss");
  EXPECT_EQ(kinds_of("he [Stalin] said so"), "gloss");
  EXPECT_EQ(kinds_of("the leader [Kim Il Sung] said so"), "gloss");
  EXPECT_EQ(kinds_of("Engineer Qiu [Qiu Yanmei's brother] was there"), "gloss");
  EXPECT_EQ(kinds_of("at the summit [i.e. the talks of May]"), "gloss");
  EXPECT_EQ(kinds_of("shown him [the envoy from Kabin [sic]] the draft"), "gloss sic");
}

TEST(original_words, are_in_the_language_of_the_original) {
  EXPECT_EQ(kinds_of("Qiu Yanmei [邱雁梅] said"), "original_word");
  EXPECT_EQ(only("Qiu Yanmei [邱雁梅] said").language, "und-Hani");
  EXPECT_EQ(only("the council [Russian: sovet] met").language, "ru");
  EXPECT_EQ(kinds_of("State Security [KB] knew"), "original_word");
  EXPECT_EQ(kinds_of("Communists of Yugoslavia (LCY) [Jugoszlávia Kommunistáinak Szövetsége, JKSZ] met"),
            "original_word");
}

TEST(remarks, are_whole_blocks_or_sentences) {
  EXPECT_EQ(kinds_of("[A list of the guests stands here]"), "editor_note");
  EXPECT_EQ(kinds_of("He left. [He came back the next day.] Then"), "editor_note");
  EXPECT_EQ(kinds_of("Do you smoke? [He offers one]"), "editor_note");
  EXPECT_EQ(kinds_of("He left. [The treaty] stayed."), "supplied");
}
