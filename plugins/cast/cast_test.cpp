// SPDX-License-Identifier: Apache-2.0
// Labels, lists and who is who.
#include "plugins/cast/circumstances.hpp"
#include "plugins/cast/roster.hpp"

#include <gtest/gtest.h>

using namespace calque::cast;

namespace {

/// Who speaks under each label: the index of the person, "0 1 0".
std::string who(const std::vector<std::string> &labels, roster *out = nullptr, std::vector<mention> listed = {}) {
  const size_t before = listed.size();
  for (const std::string &label : labels) {
    mention m;
    m.label = read_label(label);
    m.part = "speaker";
    listed.push_back(m);
  }
  slug_maker slugs;
  const roster joined = join(listed, slugs);
  std::string text;
  for (size_t k = before; k < listed.size(); ++k) text += (text.empty() ? "" : " ") + std::to_string(joined.person_of[k]);
  if (out != nullptr) *out = joined;
  return text;
}

mention listed(std::string_view text, std::string_view part = "participant") {
  const auto people = read_people(text);
  EXPECT_EQ(people.size(), 1u);
  mention m;
  m.label.full = people.at(0).name;
  m.label.variants = people.at(0).variants;
  m.role = people.at(0).role;
  m.part = part;
  return m;
}

std::string names(std::string_view list) {
  std::string out;
  for (const auto &p : read_people(list)) {
    EXPECT_EQ(list.substr(p.begin, p.end - p.begin), p.name);
    out += (out.empty() ? "" : "|") + p.name + (p.role.empty() ? "" : " = " + p.role);
  }
  return out;
}

}  // namespace

TEST(labels, tell_the_short_form) {
  for (const char *label : {"Ambassador Sokol (hereinafter referred to as \"Sokol\"):", "Ambassador Sokol (hereafter “Sokol”):",
                            "Ambassador Sokol (henceforth Sokol):", "Ambassador Sokol (below: Sokol):",
                            "Ambassador Sokol (hereinafter referred to as \"Sokol):",
                            "Ambassador Sokol (hereinafter referred to as \"Sokol:",
                            "**Ambassador Sokol (hereinafter \"Sokol\"):**"}) {
    const speaker_label read = read_label(label);
    EXPECT_EQ(read.full, "Ambassador Sokol") << label;
    EXPECT_EQ(read.short_form, "Sokol") << label;
    EXPECT_TRUE(read.is_introduced);
  }
  EXPECT_EQ(read_label("周文远总理（以下简称“周”）：").short_form, "周");
  EXPECT_EQ(read_label("Посол Воронин (далее — Воронин):").short_form, "Воронин");
  EXPECT_EQ(read_label("Zhang:").short_form, "");
}

TEST(labels, keep_other_forms_of_the_name) {
  const speaker_label read = read_label("Deputy Director Hao Wenli (郝文礼) (hereinafter referred to as \"Hao\"):");
  EXPECT_EQ(read.full, "Deputy Director Hao Wenli");
  EXPECT_EQ(read.short_form, "Hao");
  EXPECT_EQ(read.variants, (std::vector<std::string>{"郝文礼"}));
}

TEST(names, are_told_from_titles) {
  EXPECT_EQ(words_of_name("Soviet Ambassador to China Sokol").printed, "Sokol");
  EXPECT_EQ(words_of_name("Ambassador of Velmara Pavel Ordyn").printed, "Pavel Ordyn");
  EXPECT_EQ(words_of_name("Vice Minister Lin Zhaohe").printed, "Lin Zhaohe");
  EXPECT_EQ(words_of_name("Comrade Mao").printed, "Mao");
  EXPECT_EQ(words_of_name("KIM IL SUNG").printed, "KIM IL SUNG");
  EXPECT_EQ(words_of_name("总理 周文远").printed, "周文远");
  EXPECT_EQ(words_of_name("周文远总理").printed, "周文远");
  EXPECT_EQ(words_of_name("Тов. Бережной").printed, "Бережной");
  EXPECT_EQ(words_of_name("The Ambassador").printed, "");
}

TEST(slugs, are_plain_ascii) {
  slug_maker slug;
  EXPECT_EQ(slug("Zhang"), "zhang");
  EXPECT_EQ(slug("Вольская"), "volskaya");
  EXPECT_EQ(slug("Đặng Văn Hòa"), "dang-van-hoa");
  EXPECT_EQ(slug("周文远"), "zhou-wen-yuan");
  EXPECT_EQ(slug("???"), "person");
  EXPECT_EQ(slug("12"), "person-12");
}

TEST(rosters, join_the_short_form_with_its_introduction) {
  roster joined;
  EXPECT_EQ(who({"Soviet Ambassador Sokol (hereinafter referred to as \"Sokol\"):",
                 "Vice Minister Zhang (hereinafter referred to as \"Zhang\"):", "Sokol:", "Zhang:",
                 "Deputy Director Xu Ming (hereinafter referred to as \"Xu):", "Xu:"},
                &joined),
            "0 1 0 1 2 2");
  EXPECT_EQ(joined.people[0].full, "Soviet Ambassador Sokol");
  EXPECT_EQ(joined.people[0].short_form, "Sokol");
  EXPECT_EQ(joined.people[0].key, "sokol");
  EXPECT_EQ(joined.people[2].full, "Deputy Director Xu Ming");
}

TEST(rosters, join_forms_of_one_name) {
  EXPECT_EQ(who({"Zhang:", "Sokol:", "Vice Minister Zhang:", "ZHANG HANFU:", "zhang:"}), "0 1 0 0 0");
  EXPECT_EQ(who({"Premier Kim Il Sung:", "Comrade Kim:", "Kim Il Sung:"}), "0 0 0");
  EXPECT_EQ(who({"总理 周文远（以下简称“周文远”）：", "周文远：", "周总理："}), "0 0 0");
  EXPECT_EQ(who({"Посол Степан Воронин (далее Воронин):", "Воронин:", "С. Воронин:"}), "0 0 1");
}

TEST(rosters, keep_apart_who_is_not_one) {
  EXPECT_EQ(who({"Ambassador Zhang:", "Director Zhang:", "Ambassador Zhang:"}), "0 1 0");
  EXPECT_EQ(who({"Li Ming:", "Li Wei:"}), "0 1");
  EXPECT_EQ(who({"Q:", "A:", "Q:"}), "0 1 0");
  EXPECT_EQ(who({"[Unidentified]:", "Lin:", "[Unidentified]:"}), "0 1 0");
  EXPECT_EQ(who({"O Yong-jin:", "Ahn:", "O Yong-jin:"}), "0 1 0");
}

TEST(rosters, an_ambiguous_surname_is_told) {
  roster joined;
  EXPECT_EQ(who({"Li Ming:", "Li Wei:", "Li:"}, &joined), "0 1 2");
  EXPECT_EQ(joined.ambiguous, (std::vector<size_t>{2}));
  EXPECT_EQ(joined.people[2].key, "li");
}

TEST(rosters, an_office_is_who_holds_it) {
  EXPECT_EQ(who({"Ambassador Sokol:", "Minister Lin:", "The Ambassador:", "Minister:"}), "0 1 0 1");
}

TEST(rosters, keys_are_unique) {
  roster joined;
  who({"Ambassador Zhang:", "Director Zhang:"}, &joined);
  EXPECT_EQ(joined.people[0].key, "zhang");
  EXPECT_EQ(joined.people[1].key, "zhang-2");
}

TEST(rosters, join_lists_with_labels) {
  roster joined;
  who({"Deputy Section Director Xu Ming (hereinafter referred to as \"Xu\"):", "Xu:", "Counsellor Марина Вольская:"},
      &joined,
      {listed("Xu Ming, Deputy Director, Europe Department"),
       listed("Marina Volskaya (Марина Вольская), Counsellor of the Embassy"), listed("Tao Min", "interpreter")});
  ASSERT_EQ(joined.people.size(), 3u);
  EXPECT_EQ(joined.people[0].full, "Deputy Section Director Xu Ming");
  EXPECT_EQ(joined.people[0].role, "Deputy Director, Europe Department");
  EXPECT_EQ(joined.people[0].parts, (std::vector<std::string_view>{"speaker", "participant"}));
  EXPECT_EQ(joined.people[1].full, "Counsellor Марина Вольская");
  EXPECT_EQ(joined.people[2].parts, (std::vector<std::string_view>{"interpreter"}));
}

TEST(lists, divide_by_semicolons) {
  EXPECT_EQ(names("Bai Rong, Deputy Chief, Protocol Department; Igor Panin, Second Secretary"),
            "Bai Rong = Deputy Chief, Protocol Department|Igor Panin = Second Secretary");
}

TEST(lists, tell_an_office_from_a_person) {
  EXPECT_EQ(names("Xu Ming, Deputy Director, Soviet Union and Europe Department"),
            "Xu Ming = Deputy Director, Soviet Union and Europe Department");
  EXPECT_EQ(names("Li Ming, Wang Wu and Zhao Liu"), "Li Ming|Wang Wu|Zhao Liu");
  EXPECT_EQ(names("Vice Minister Lin Zhaohe, Ambassador Sokol"), "Vice Minister Lin Zhaohe|Ambassador Sokol");
  EXPECT_EQ(names("Hao Wenli (郝文礼), Deputy Director, Office of Bridges and Ferries"),
            "Hao Wenli = Deputy Director, Office of Bridges and Ferries");
  EXPECT_EQ(names("Tao Min."), "Tao Min");
}

TEST(circumstances, are_told_by_their_labels) {
  circumstance_labels labels;
  ASSERT_TRUE(read_circumstance("Also Present: Xu Ming", labels));
  EXPECT_EQ(read_circumstance("Interpreter: Wang", labels)->what, circumstance::interpreter);
  EXPECT_EQ(read_circumstance("Minutes Prepared: Li", labels)->what, circumstance::writer);
  EXPECT_EQ(read_circumstance("Venue: Green Hall", labels)->what, circumstance::venue);
  EXPECT_EQ(read_circumstance("翻译：陶敏", labels)->what, circumstance::interpreter);
  EXPECT_FALSE(read_circumstance("Zhang: Good", labels));
  EXPECT_FALSE(read_circumstance("Dolmetscher: Wang", labels));
  labels.add(circumstance::interpreter, {"Dolmetscher:"});
  EXPECT_TRUE(read_circumstance("Dolmetscher: Wang", labels));
  const auto line = read_circumstance("Venue:  Green Hall ", labels);
  EXPECT_EQ(line->value_begin, 8u);
  EXPECT_EQ(line->value_end, 18u);
}
