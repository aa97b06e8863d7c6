// SPDX-License-Identifier: Apache-2.0
// Sums of the account, what the policy allows, and the letters that are counted.
#include "host/document/ledger.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host/document/stage_rules.hpp"

namespace calque::host {
namespace {

const calque_code dropped{"tei.page-not-expressed", "", CALQUE_THING_PAGE, CALQUE_EFFECT_DROPPED, CALQUE_WARNING, 0};
const calque_code changed{"whitespace.runs", "", CALQUE_THING_TEXT, CALQUE_EFFECT_CHANGED, CALQUE_INFO, 0};
const calque_code layout{"record.label", "", CALQUE_THING_TEXT, CALQUE_EFFECT_NONE, CALQUE_INFO, 0};

ledger example() {
  ledger account;
  account.add("record", layout, 1, 4, 0, 6);
  account.add("tei", dropped, 2, 0, 0);
  account.add("whitespace", changed, 1, 3, 2);
  account.add("tei", dropped, 1, 5, 0);
  return account;
}

TEST(ledger, entries_of_one_stage_and_code_add_up) {
  ledger account = example();
  account.append(example());
  ASSERT_EQ(account.entries().size(), 3u);
  EXPECT_EQ(account.entries()[1].count, 6u);
  EXPECT_EQ(account.entries()[1].letters_before, 10u);
  EXPECT_EQ(account.entries()[0].bytes, 12u);
}

TEST(ledger, only_what_is_dropped_is_a_loss) {
  const auto losses = check_losses(example(), {});
  ASSERT_EQ(losses.size(), 1u);
  EXPECT_EQ(losses[0].code, "ledger.loss");
  EXPECT_EQ(losses[0].level, severity::error);
  EXPECT_EQ(losses[0].stage, "tei");
  EXPECT_EQ(losses[0].message, "3 × tei.page-not-expressed (page dropped, 5 letters)");
}

TEST(ledger, policy_allows_by_pattern_or_warns) {
  EXPECT_TRUE(check_losses(example(), {{"tei.*"}, false}).empty());
  EXPECT_TRUE(check_losses(example(), {{"*.page-not-*"}, false}).empty());
  EXPECT_EQ(check_losses(example(), {{"html.*", "tei"}, false}).size(), 1u);
  EXPECT_EQ(check_losses(example(), {{}, true})[0].level, severity::warning);
}

TEST(ledger, json_holds_every_entry) {
  const auto json = nlohmann::json::parse(to_json(example()));
  EXPECT_EQ(json["entries"].size(), 3u);
  EXPECT_EQ(json["entries"][1]["thing"], "page");
  EXPECT_EQ(json["entries"][1]["effect"], "dropped");
  EXPECT_EQ(json["entries"][0]["bytes"], 6);
}

TEST(matches, star_stands_for_any_run_of_characters) {
  EXPECT_TRUE(matches("a.*", "a."));
  EXPECT_TRUE(matches("*b*", "abc"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_FALSE(matches("a.*", "b.a."));
  EXPECT_FALSE(matches("a", "ab"));
  EXPECT_FALSE(matches(std::string(40, '*') + "b", std::string(4000, 'a'))) << "and takes no time to say so";
}

TEST(count_letters, letters_and_digits_of_all_scripts) {
  EXPECT_EQ(count_letters("Zhang 1962!"), 9u);
  EXPECT_EQ(count_letters("周恩来 Чжоу ٣"), 8u);
  EXPECT_EQ(count_letters("— “…” \n"), 0u);
  EXPECT_EQ(count_letters("a\xff"
                          "b"),
            2u)
      << "bytes that are not UTF-8 are no letters";
}

TEST(count_letters, runs_of_any_length_give_the_sum_of_their_characters) {
  const std::string text =
      "Zhang: 17, [we] `waited` {at} @4~ \u0414\u0430, \u5468 9\u00e9z/A@Z[a`z{0/9: once more, and on";
  for (size_t begin = 0; begin < text.size(); ++begin)
    for (size_t end = begin; end <= text.size(); ++end) {
      const std::string part = text.substr(begin, end - begin);
      uint64_t sum = 0;
      for (size_t at = 0; at < part.size();) {
        size_t next = at + 1;
        while (next < part.size() && (static_cast<unsigned char>(part[next]) & 0xc0) == 0x80) ++next;
        sum += count_letters(part.substr(at, next - at));
        at = next;
      }
      ASSERT_EQ(count_letters(part), sum) << part;
    }
}

TEST(is_utf8, refuses_what_is_not_shortest_form) {
  EXPECT_TRUE(is_utf8("a\xc3\xa9\xe5\x91\xa8\xf0\x9f\x98\x80"));
  for (const std::string bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5"})
    EXPECT_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace calque::host
