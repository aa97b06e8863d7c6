// SPDX-License-Identifier: Apache-2.0
// The automaton against a naive search, tokens and their places, endings, and what is found in running text.
#include "plugins/glossary/term_finder.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

using namespace calque::glossary;

namespace {

using patterns = std::vector<std::vector<symbol>>;

/// What ends at each place of the text, the longest first: "place:pattern …".
std::string by_automaton(const patterns &wanted, const std::vector<symbol> &text) {
  const automaton machine(wanted);
  std::string out;
  uint32_t state = automaton::start;
  for (size_t k = 0; k < text.size(); ++k) {
    state = machine.step(state, text[k]);
    machine.each_pattern(state, [&](uint32_t p) {
      out += std::to_string(k) + ":" + std::to_string(p) + " ";
      return false;
    });
  }
  return out;
}

std::string by_looking_everywhere(const patterns &wanted, const std::vector<symbol> &text) {
  std::string out;
  for (size_t k = 0; k < text.size(); ++k)
    for (size_t length = k + 1; length > 0; --length)
      for (size_t p = 0; p < wanted.size(); ++p)
        if (std::equal(text.begin() + static_cast<ptrdiff_t>(k + 1 - length),
                       text.begin() + static_cast<ptrdiff_t>(k + 1), wanted[p].begin(), wanted[p].end()))
          out += std::to_string(k) + ":" + std::to_string(p) + " ";
  return out;
}

std::string tokens(std::string_view text, std::vector<uint32_t> soft_breaks = {}) {
  token_reader reader(text, 0, static_cast<uint32_t>(text.size()), soft_breaks);
  std::string out;
  for (token t; reader.next(t);) {
    const bool is_key = t.kind != token_kind::blank && t.kind != token_kind::line_end;
    out += (out.empty() ? "" : "|") + (is_key ? std::string(t.key) : t.kind == token_kind::blank ? "_" : "/");
  }
  return out;
}

/// The found stretches with | between them, and the numbers of their terms where there is more than one term.
std::string found(const std::vector<std::string> &terms, std::string_view text, case_rule rule = case_rule::smart,
                  bool with_inflections = false, std::string_view language = {},
                  std::vector<uint32_t> soft_breaks = {}) {
  std::vector<term_finder::wanted> wanted;
  for (const std::string &t : terms) wanted.push_back({t, language});
  found_terms places;
  term_finder(wanted, rule, with_inflections).find(text, 0, static_cast<uint32_t>(text.size()), soft_breaks, places);
  std::string out;
  for (const found_term &p : places.places) {
    out += (out.empty() ? "" : "|") + std::string(text.substr(p.begin, p.end - p.begin));
    if (terms.size() > 1)
      for (uint32_t k = 0; k < p.count; ++k) out += (k == 0 ? "=" : ",") + std::to_string(places.terms[p.first + k]);
  }
  return out;
}

}  // namespace

TEST(automaton, finds_what_a_naive_search_finds) {
  std::mt19937 random(7);
  for (int turn = 0; turn < 300; ++turn) {
    const auto symbols = [&](size_t most) {
      std::vector<symbol> made(1 + random() % most);
      for (symbol &s : made) s = 1 + random() % 3;
      return made;
    };
    std::set<std::vector<symbol>> all;
    for (unsigned k = random() % 12; k > 0; --k) all.insert(symbols(5));
    patterns wanted(all.begin(), all.end());
    std::shuffle(wanted.begin(), wanted.end(), random);
    std::vector<symbol> text = symbols(60);
    for (symbol &s : text)
      if (random() % 12 == 0) s = random() % 2 * 90;  // in no pattern
    ASSERT_EQ(by_automaton(wanted, text), by_looking_everywhere(wanted, text)) << "turn " << turn;
  }
}

TEST(automaton, of_nothing_finds_nothing) {
  EXPECT_EQ(by_automaton({}, {1, 2, 3}), "");
}

TEST(tokens, are_words_signs_and_characters_of_scripts_without_blanks) {
  EXPECT_EQ(tokens("The  Non-Aligned (so called)"), "the|_|non|-|aligned|_|(|so|_|called|)");
  EXPECT_EQ(tokens("МИД СССР,\n1958"), "мид|_|ссср|,|/|1958");
  EXPECT_EQ(tokens("中国A队"), "中|国|a|队");
  EXPECT_EQ(tokens("กาแฟ"), "ก|า|แ|ฟ");
  EXPECT_EQ(tokens("정부는"), "정|부|는");
}

TEST(tokens, are_in_nfc_and_folded) {
  EXPECT_EQ(tokens("Cafe\u0301 CAFÉ"), "café|_|café");
  EXPECT_EQ(tokens("STRASSE Straße"), "strasse|_|strasse");
  EXPECT_EQ(tokens("\u1112\u1161\u11ab한"), "한|한") << "hangul in parts";
  EXPECT_EQ(tokens("\u05d1\u05bc\u05b7 \u05d1\u05b7\u05bc"), "\u05d1\u05b7\u05bc|_|\u05d1\u05b7\u05bc")
      << "marks in either order";
  EXPECT_EQ(tokens("co\u00adoper\u200bate"), "cooperate");
  EXPECT_EQ(tokens("Sino\u2011Soviet people\u2019s"), "sino|-|soviet|_|people|'|s");
}

TEST(tokens, too_long_for_a_term_have_no_key) {
  EXPECT_EQ(tokens(std::string(400, 'x') + " y"), "_|y");
  EXPECT_EQ(tokens(std::string(longest_word - 1, 'x') + "\u4e2d").size(), longest_word - 1 + 4);
}

TEST(tokens, pass_over_line_ends_between_han) {
  EXPECT_EQ(tokens("中 国", {3}), "中|国");
  EXPECT_EQ(tokens("中 国"), "中|_|国");
  EXPECT_EQ(tokens("中 国 字", {7}), "中|_|国|字");
  EXPECT_EQ(tokens("中 a", {3}), "中|_|a");
  EXPECT_EQ(tokens("정 부", {3}), "정|_|부");
}

TEST(terms, are_whole_words) {
  EXPECT_EQ(found({"port"}, "The port, a report, ports and port-of-call: Port."), "port|port|Port");
  EXPECT_EQ(found({"мир"}, "мир миром, мирный мир"), "мир|мир");
  EXPECT_EQ(found({"C++"}, "C++ and C+"), "C++");
}

TEST(terms, of_scripts_without_blanks_need_no_bounds) {
  EXPECT_EQ(found({"人民", "人民政府"}, "中央人民政府与人民"), "人民政府=1|人民=0");
  EXPECT_EQ(found({"กาแฟ"}, "ดื่มกาแฟร้อน"), "กาแฟ");
}

TEST(terms, are_taken_longest_first_from_the_left) {
  EXPECT_EQ(found({"foreign", "foreign ministry", "ministry of war"}, "the foreign ministry of war"),
            "foreign ministry=1");
  EXPECT_EQ(found({"a b", "b c d", "c d"}, "a b c d"), "a b=0|c d=2");
  EXPECT_EQ(found({"b", "a b c", "d"}, "a b d, a b c d"), "b=0|d=2|a b c=1|d=2");
}

TEST(terms, that_are_contained_are_found_where_the_longer_one_does_not_agree) {
  EXPECT_EQ(found({"ministry", "Foreign Ministry"}, "the foreign ministry"), "ministry=0");
}

TEST(terms, agree_in_case_by_the_rule) {
  EXPECT_EQ(found({"treaty"}, "Treaty TREATY treaty tReaty"), "Treaty|TREATY|treaty|tReaty");
  EXPECT_EQ(found({"Polish"}, "Polish polish POLISH"), "Polish|POLISH");
  EXPECT_EQ(found({"von Braun"}, "Von Braun, von Braun, von braun, VON BRAUN"), "Von Braun|von Braun|VON BRAUN");
  EXPECT_EQ(found({"Polish"}, "Polish polish POLISH", case_rule::exact), "Polish");
  EXPECT_EQ(found({"treaty"}, "Treaty treaty", case_rule::exact), "treaty");
  EXPECT_EQ(found({"Polish"}, "Polish polish POLISH", case_rule::ignore), "Polish|polish|POLISH");
}

TEST(terms, as_written_go_before_those_that_only_fold_alike) {
  EXPECT_EQ(found({"turkey", "Turkey"}, "Turkey, turkey, TURKEY"), "Turkey=1|turkey=0|TURKEY=0,1");
}

TEST(terms, cross_runs_of_blanks_but_no_line_that_is_meant) {
  EXPECT_EQ(found({"foreign ministry"}, "foreign \t\u00a0ministry; foreign\nministry; foreignministry"),
            "foreign \t\u00a0ministry");
}

TEST(terms, are_found_in_either_form_of_unicode) {
  EXPECT_EQ(found({"caf\u00e9"}, "cafe\u0301"), "cafe\u0301");
  EXPECT_EQ(found({"й\u0301"}, "и\u0306\u0301"), "и\u0306\u0301");
}

TEST(terms, have_endings_when_asked) {
  const std::vector<std::string> treaty{"Министерство иностранных дел"};
  EXPECT_EQ(found(treaty, "в Министерстве иностранных дел"), "");
  EXPECT_EQ(found(treaty, "в Министерстве иностранных дел, министерству", case_rule::smart, true),
            "Министерстве иностранных дел");
  EXPECT_EQ(found({"policy"}, "policies policy's police", case_rule::smart, true), "policies|policy");
  EXPECT_EQ(found({"МИД"}, "МИДом, мидом", case_rule::smart, true), "МИДом");
  EXPECT_EQ(found({"bank"}, "banks", case_rule::smart, true, "de"), "");
  EXPECT_EQ(found({"совет", "советы"}, "советы", case_rule::smart, true), "советы=1") << "as written goes first";
}

TEST(endings, belong_to_one_row) {
  const auto russian = [](std::string_view a, std::string_view b) {
    return are_forms_of_one_word(a, b, inflection::russian);
  };
  for (const auto &[a, b] : std::vector<std::pair<std::string_view, std::string_view>>{{"договор", "договорами"},
                                                                                       {"армия", "армией"},
                                                                                       {"армия", "армий"},
                                                                                       {"остров", "островов"},
                                                                                       {"часть", "частью"},
                                                                                       {"советский", "советского"},
                                                                                       {"граница", "границ"},
                                                                                       {"китай", "китая"},
                                                                                       {"иванов", "ивановым"},
                                                                                       {"дом", "домами"}}) {
    EXPECT_TRUE(russian(a, b)) << a << " " << b;
    EXPECT_TRUE(russian(b, a)) << a << " " << b;
    EXPECT_EQ(common_beginning(a), common_beginning(b));
  }
  EXPECT_FALSE(russian("парта", "партий"));
  EXPECT_FALSE(russian("совет", "советский"));
  EXPECT_FALSE(russian("мы", "мя"));
  EXPECT_FALSE(russian("закон", "законодатель"));
  const auto english = [](std::string_view a, std::string_view b) {
    return are_forms_of_one_word(a, b, inflection::english);
  };
  EXPECT_TRUE(english("bank", "banks"));
  EXPECT_TRUE(english("class", "classes"));
  EXPECT_TRUE(english("policy", "policies"));
  EXPECT_FALSE(english("car", "cares"));
  EXPECT_FALSE(english("treats", "treaty"));
  EXPECT_FALSE(english("as", "a"));
}

TEST(terms, match_a_naive_search_on_random_text) {
  std::mt19937 random(11);
  static const std::vector<std::string> words{"a", "b", "A", "中", "国", "c"};
  for (int turn = 0; turn < 300; ++turn) {
    const auto phrase = [&](size_t most) {
      std::string made;
      for (size_t k = 1 + random() % most; k > 0; --k)
        made += (made.empty() ? "" : " ") + words[random() % words.size()];
      return made;
    };
    std::set<std::string> all;
    for (unsigned k = 1 + random() % 8; k > 0; --k) all.insert(phrase(3));
    const std::vector<std::string> terms(all.begin(), all.end());
    const std::string text = phrase(30);
    // At each word the longest term that stands there as written.
    std::string naive;
    for (size_t at = 0; at < text.size();) {
      size_t best = 0;
      for (const std::string &t : terms)
        if (text.compare(at, t.size(), t) == 0 && (at + t.size() == text.size() || text[at + t.size()] == ' '))
          best = std::max(best, t.size());
      if (best > 0) naive += (naive.empty() ? "" : "|") + text.substr(at, best);
      at = std::min(text.find(' ', at + std::max<size_t>(best, 1)), text.size() - 1) + 1;
    }
    std::string ours = found(terms, text, case_rule::exact);
    for (size_t at; (at = ours.find('=')) != ours.npos;) ours.erase(at, std::min(ours.find('|', at), ours.size()) - at);
    ASSERT_EQ(ours, naive) << text << " of " << terms.size() << " terms, turn " << turn;
  }
}
