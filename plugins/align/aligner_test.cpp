// SPDX-License-Identifier: Apache-2.0
// Numbers, names by sound, and what the aligner makes of small texts.
#include "plugins/align/aligner.hpp"
#include "plugins/align/numbers.hpp"
#include "plugins/align/romanized.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace calque::align;

namespace {

std::string values(std::string_view text) {
  std::string all;
  for (const number &n : numbers_in(text)) all += (all.empty() ? "" : " ") + n.value;
  return all;
}

std::vector<passage> passages(const std::vector<std::string> &lines) {
  std::vector<passage> made;
  for (const std::string &line : lines) made.push_back({line, "paragraph", 0, true, true, {}, {}});
  return made;
}

/// "0:0 1+2:1 3:2+3 -:4"
std::string shown(const std::vector<bead> &way) {
  const auto side = [](uint32_t first, uint32_t count) {
    std::string all;
    for (uint32_t k = first; k < first + count; ++k) all += (all.empty() ? "" : "+") + std::to_string(k);
    return all.empty() ? "-" : all;
  };
  std::string all;
  for (const bead &b : way)
    all += (all.empty() ? "" : " ") + side(b.source, b.source_count()) + ":" + side(b.target, b.target_count());
  return all;
}

std::string tied_lines(const std::vector<std::string> &source, const std::vector<std::string> &target) {
  return shown(find_links(passages(source), passages(target)));
}

/// A text of `count` sentences that have nothing in common, and its "translation": word for word in other letters.
std::vector<std::string> invented(size_t count, bool is_translation) {
  uint64_t state = 42;
  const auto next = [&] { return state = state * 6364136223846793005u + 1442695040888963407u, state >> 33; };
  std::vector<std::string> lines;
  for (size_t k = 0; k < count; ++k) {
    std::string line;
    for (size_t w = 4 + next() % 12; w > 0; --w) {
      const uint64_t word = next() % 600;
      for (uint64_t rest = word + 600, l = 0; l < 2 + word % 4; rest /= 7, ++l)
        line += is_translation ? std::string("бвгджзл").substr(rest % 7 * 2, 2) : std::string(1, "aeiouyk"[rest % 7]);
      line += ' ';
    }
    line.back() = '.';
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST(align_numbers, have_one_form_in_every_language) {
  EXPECT_EQ(values("In 1958, 1,500 men and 2.5 million roubles; 12 345 tons"), "1958 1500 2500000 12345");
  EXPECT_EQ(values("2,5 миллиона, 3 тыс., 1 500"), "2500000 3000 1500");
  EXPECT_EQ(values("一九五八年九月十七日，250万卢布，三百零五人"), "1958 9 17 2500000 305");
  EXPECT_EQ(values("٢٩ ابريل ١٩٦٢"), "29 1962");
  EXPECT_EQ(values("第三条，三月"), "3 3");
}

TEST(align_numbers, one_as_an_article_is_none) {
  EXPECT_EQ(values("一个人万分感谢"), "");
  EXPECT_EQ(values("十"), "");
}

TEST(align_numbers, of_odd_texts_do_no_harm) {
  EXPECT_EQ(values("99999999999999999999999"), "99999999999999999999999");
  EXPECT_EQ(values("1,2,3"), "1.2 3");
  EXPECT_EQ(values("007"), "7");
  EXPECT_EQ(values("亿亿亿亿亿亿"), "");
  EXPECT_EQ(values("0.50"), "0.5");
}

TEST(align_names, of_one_sound_have_one_skeleton) {
  romanizer latin;
  EXPECT_EQ(skeleton(latin.of("Chervonenko"), false), skeleton(latin.of("Червоненко"), false));
  EXPECT_EQ(skeleton(latin.of("Stalin"), false), skeleton(latin.of("Сталин"), false));
  std::string stalin;
  for (std::string_view sign : {"斯", "大", "林"}) stalin += skeleton(latin.of(sign), true);
  EXPECT_EQ(stalin, skeleton(latin.of("Stalin"), false));
  EXPECT_NE(skeleton(latin.of("Stalin"), false), skeleton(latin.of("Molotov"), false));
}

TEST(align_names, by_sound_meet_their_signs) {
  romanizer latin;
  const auto word = latin.word_keys("Chervonenko"), windows = latin.window_keys("大使契尔沃年科说");
  EXPECT_EQ(word.at(1), "~slfnk");
  EXPECT_NE(std::find(windows.begin(), windows.end(), word.at(1)), windows.end());
}

TEST(align_names, in_pinyin_meet_their_signs) {
  romanizer latin;
  const auto word = latin.word_keys("Hanfu"), windows = latin.window_keys("章汉夫说");
  EXPECT_NE(std::find(windows.begin(), windows.end(), word.front()), windows.end());
}

TEST(aligner, of_nothing_is_nothing) {
  EXPECT_EQ(tied_lines({}, {}), "");
  EXPECT_EQ(tied_lines({"One.", "Two."}, {}), "0:- 1:-");
  EXPECT_EQ(tied_lines({}, {"One."}), "-:0");
}

TEST(aligner, numbers_names_and_signs_find_what_was_left_out) {
  EXPECT_EQ(
      tied_lines({"The Envoy Chervonenko came in 1958.", "He sat down at the window and said nothing.",
                  "Was the price 300 roubles?", "Article 17 is void."},
                 {"Посланник Червоненко приехал в 1958 г.", "Цена была 300 рублей?", "Статья 17 недействительна."}),
      "0:0 1:- 2:1 3:2");
}

TEST(aligner, two_sentences_become_one_and_one_becomes_two) {
  EXPECT_EQ(tied_lines({"The bridge of 1911 was burnt.", "The ferry of 1912 sank.",
                        "In 1913 the road was built, and in 1914 it was closed again."},
                       {"Мост 1911 года сгорел, а паром 1912 года затонул.", "В 1913 году построили дорогу.",
                        "В 1914 году ее снова закрыли."}),
            "0+1:0 2:1+2");
}

TEST(aligner, dates_and_terms_of_layers_are_hints) {
  const std::vector<std::string> english{"On that day they met.", "They spoke about the ferry.",
                                         "And they parted soon."};
  const std::vector<std::string> russian{"Там они говорили о переправе.", "И скоро расстались совсем."};
  auto source = passages(english), target = passages(russian);
  source[1].phrases = {"переправе"};
  EXPECT_EQ(shown(find_links(source, target)), "0:- 1:0 2:1");
  source[1].phrases = {};
  source[0].facts = target[0].facts = {"1958-09-17"};
  EXPECT_NE(shown(find_links(source, target)), "0:- 1:0 2:1");
}

TEST(aligner, a_missing_chapter_shifts_the_rest) {
  const auto source = invented(260, false);
  auto target = invented(260, true);
  target.erase(target.begin() + 80, target.begin() + 130);
  const auto way = find_links(passages(source), passages(target));
  size_t right = 0, alone = 0;
  for (const bead &b : way) {
    right += b.of == 0 && b.source == b.target + (b.target < 80 ? 0 : 50);
    alone += b.target_count() == 0 && b.source >= 80 && b.source < 130;
  }
  EXPECT_GE(right, 200u);
  EXPECT_GE(alone, 45u);
}

TEST(aligner, covers_both_texts_without_a_gap_and_the_same_each_time) {
  const auto source = invented(60, false);
  auto target = invented(60, true);
  target[10] += " " + target[11];
  target.erase(target.begin() + 11);
  const auto way = find_links(passages(source), passages(target)),
             again = find_links(passages(source), passages(target));
  uint32_t i = 0, j = 0;
  for (size_t k = 0; k < way.size(); ++k) {
    EXPECT_EQ(way[k].source, i);
    EXPECT_EQ(way[k].target, j);
    i += way[k].source_count();
    j += way[k].target_count();
    EXPECT_GE(way[k].score, 0);
    EXPECT_LE(way[k].score, 1);
    EXPECT_EQ(way[k].score, again[k].score);
  }
  EXPECT_EQ(i, source.size());
  EXPECT_EQ(j, target.size());
  EXPECT_NE(shown(way).find("10+11:10"), std::string::npos);
}

TEST(aligner, a_band_leads_from_corner_to_corner) {
  const band narrow = band_around({{0, 9, 2}, {0, 9, 2}}, 12, 1);
  EXPECT_TRUE(narrow.has(0, 0));
  EXPECT_TRUE(narrow.has(2, 12));
  EXPECT_LT(narrow.begin[1], narrow.end[0]);
  EXPECT_LT(narrow.begin[2], narrow.end[1]);
}
