// SPDX-License-Identifier: Apache-2.0
// What SRX rules mean, and which files are refused and why.
#include "plugins/segments/look_behinds.hpp"
#include "plugins/segments/srx_breaks.hpp"

#include <gtest/gtest.h>
#include <calque/base.hpp>

#include <random>

namespace calque::segments {
namespace {

struct rule_text {
  bool breaks;
  std::string before, after;
};

std::string escaped(const std::string &text) {
  std::string out;
  for (const char c : text) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

std::string language(const std::string &name, const std::vector<rule_text> &rules) {
  std::string out = "<languagerule languagerulename=\"" + name + "\">\n";
  for (const rule_text &r : rules)
    out += std::string("<rule break=\"") + (r.breaks ? "yes" : "no") + "\"><beforebreak>" + escaped(r.before) +
           "</beforebreak><afterbreak>" + escaped(r.after) + "</afterbreak></rule>\n";
  return out + "</languagerule>\n";
}

std::string map(const std::string &pattern, const std::string &name) {
  return "<languagemap languagepattern=\"" + pattern + "\" languagerulename=\"" + name + "\"/>\n";
}

std::string file(const std::string &cascade, const std::string &languages, const std::string &maps) {
  return "<srx xmlns=\"http://www.lisa.org/srx20\" version=\"2.0\">\n<header segmentsubflows=\"yes\" cascade=\"" +
         cascade + "\"/>\n<body><languagerules>\n" + languages + "</languagerules><maprules>\n" + maps +
         "</maprules></body></srx>\n";
}

std::string file_of(const std::vector<rule_text> &rules) {
  return file("no", language("all", rules), map(".*", "all"));
}

std::string shown(const std::vector<sentence> &all, std::string_view text, bool with_rules = false) {
  std::string out;
  for (const sentence &s : all) {
    out += (out.empty() ? "" : "|") + std::string(text.substr(s.begin, s.end - s.begin));
    if (with_rules) out += "<" + std::string(s.rule) + ">";
  }
  return out;
}

/// The sentences of a text by the rules of a file for a language, with | between them.
std::string split_file(const std::string &bytes, const std::string &tag, std::string_view text,
                       bool with_rules = false) {
  const srx_rules rules(bytes, "test.srx");
  const auto found = rules.for_language(tag);
  if (!found) return "no rules";
  const abbreviation_set none;
  srx_breaker breaker(*found, none, rules.file(), tag);
  return shown(breaker.split(text), text, with_rules);
}
std::string split(const std::vector<rule_text> &rules, std::string_view text) {
  return split_file(file_of(rules), "en", text);
}

std::string refusal(const std::string &bytes) {
  try {
    const srx_rules rules(bytes, "test.srx");
    return "";
  } catch (const failure &error) {
    EXPECT_EQ(std::string(view(error.diagnostic().code)), "segments.bad-rules");
    return error.what();
  }
}

TEST(srx, the_first_rule_that_holds_decides) {
  EXPECT_EQ(split({{true, "\\.", "\\s"}}, "Mr. Lin came. He left."), "Mr.|Lin came.|He left.");
  EXPECT_EQ(split({{false, "Mr\\.", "\\s"}, {true, "\\.", "\\s"}}, "Mr. Lin came. He left."), "Mr. Lin came.|He left.");
  EXPECT_EQ(split({{true, "\\.", "\\s"}, {false, "Mr\\.", "\\s"}}, "Mr. Lin came. He left."), "Mr.|Lin came.|He left.");
  // A break rule of later rank makes no place break that an exception before it holds, whichever found the place.
  EXPECT_EQ(split({{true, "!", "\\s"}, {false, "[.!]", "\\sb"}, {true, "\\.", ""}}, "a! b. b. c"), "a!|b. b.|c");
}

TEST(srx, a_rule_names_the_break_it_made) {
  EXPECT_EQ(split_file(file_of({{false, "x", ""}, {true, "\\.", "\\s"}, {true, "!", ""}}), "en", "a. b! c. ", true),
            "a.<all#2>|b!<all#3>|c.<block_end>");
}

TEST(srx, blanks_lie_outside_of_sentences) {
  EXPECT_EQ(split({{true, "\\.\\s", ""}, {true, "\\s", ""}}, "  a.  b. \n"), "a.|b.");
  EXPECT_EQ(split({{true, "\\.", ""}}, " \n "), "");
  EXPECT_EQ(split({{true, "\\.", ""}}, ""), "");
}

TEST(srx, an_empty_expression_holds_everywhere) {
  EXPECT_EQ(split({{true, "", "b"}}, "abab"), "a|ba|b");
  EXPECT_EQ(split({{true, "b", ""}}, "abab"), "ab|ab");
  EXPECT_EQ(split({{true, "", ""}}, "ab c"), "a|b|c");
  EXPECT_EQ(split({{false, "", "b"}, {true, "", ""}}, "abc"), "ab|c");
  EXPECT_EQ(split({{false, "", ""}, {true, "", ""}}, "abc"), "abc");
  EXPECT_EQ(split({{true, "", ""}, {false, ".*", ".*"}}, "abc"), "a|b|c");
}

TEST(srx, expressions_see_the_whole_block) {
  // ^ is the begin of the block and not of a sentence, $ its end; a match may begin before a break.
  EXPECT_EQ(split({{false, "^\\s*[0-9]+\\.", "\\s"}, {true, "\\.", "\\s"}}, "1. One. 2. Two."), "1. One.|2.|Two.");
  EXPECT_EQ(split({{true, "(a+)$", ""}}, "aa b"), "aa b");
  EXPECT_EQ(split({{false, "a\\. b\\.", "\\s"}, {true, "\\.", "\\s"}}, "a. b. c."), "a.|b. c.");
  EXPECT_EQ(split({{true, "\\bno\\.", "\\s"}}, "casino. no. a"), "casino. no.|a");
  EXPECT_EQ(split({{true, "\\.", "(?<=a\\.)\\s"}}, "a. b. c"), "a.|b. c");
}

TEST(srx, a_break_is_where_the_match_of_both_parts_ends) {
  EXPECT_EQ(split({{true, "[!?]+", ""}}, "What?! No"), "What?!|No");  // not within the signs
  EXPECT_EQ(split({{true, "a+", "a"}}, "aaa b"), "aa|a b");
  EXPECT_EQ(split({{true, "aa", "b"}}, "aaab"), "aaa|b");  // begins within another match
  EXPECT_EQ(split({{true, "a|ab", "c"}}, "abc ac"), "ab|c a|c");
  EXPECT_EQ(split({{true, "x.*?\\.", "\\sB"}}, "x. a. B"), "x. a.|B");
}

TEST(srx, an_exception_holds_wherever_a_match_of_it_ends) {
  const rule_text everywhere{true, "", ""};
  EXPECT_EQ(split({{false, "a+", ""}, everywhere}, "baac"), "b|aac");  // shorter and longer ones, bounded or not
  EXPECT_EQ(split({{false, "a{1,9}", ""}, everywhere}, "baac"), "b|aac");
  EXPECT_EQ(split({{false, "a+?", ""}, everywhere}, "baac"), "b|aac");
  EXPECT_EQ(split({{false, "a|a.*c", ""}, everywhere}, "abcbcb"), "ab|cb|cb");
  EXPECT_EQ(split({{false, ".*", "b"}, everywhere}, "abcb"), "ab|cb");
  EXPECT_EQ(split({{false, "a+(b|$)", ""}, everywhere}, "aab."), "a|a|b.");
}

TEST(srx, offsets_are_right_beyond_the_basic_plane) {
  EXPECT_EQ(split({{true, "\\.", "\\s"}}, "𠀀𠀁. 😀. é. ж"), "𠀀𠀁.|😀.|é.|ж");
  EXPECT_EQ(split({{true, "", ""}}, "😀é𠀀"), "😀|é|𠀀");
  EXPECT_EQ(split({{true, "[。！？]+", ""}}, "你好。我来了！！走"), "你好。|我来了！！|走");
}

TEST(srx, cascading_takes_the_rules_of_all_maps_in_their_order) {
  const std::string languages = language("dots", {{true, "\\.", "\\s"}}) +
                                language("english", {{false, "Mr\\.", "\\s"}}) +
                                language("bangs", {{true, "!", "\\s"}});
  const std::string maps = map("en.*", "english") + map(".*", "dots") + map("(en|fr)", "bangs");
  EXPECT_EQ(split_file(file("yes", languages, maps), "en", "Mr. A. b! c"), "Mr. A.|b!|c");
  EXPECT_EQ(split_file(file("no", languages, maps), "en", "Mr. A. b! c"), "Mr. A. b! c");
  EXPECT_EQ(split_file(file("yes", languages, maps), "de", "Mr. A. b! c"), "Mr.|A.|b! c");
  EXPECT_EQ(split_file(file("no", languages, maps), "fr", "Mr. A. b! c"), "Mr.|A.|b! c");
  const std::string turned = map(".*", "dots") + map("en.*", "english");
  EXPECT_EQ(split_file(file("yes", languages, turned), "en", "Mr. A. b"), "Mr.|A.|b");
}

TEST(srx, language_patterns_match_whole_tags_of_any_case) {
  const std::string all = file("no", language("l", {{true, "\\.", ""}}), map("en(-[a-z]+)?", "l"));
  for (const char *tag : {"en", "EN", "en-GB"}) EXPECT_EQ(split_file(all, tag, "a. b"), "a.|b") << tag;
  for (const char *tag : {"eng", "den", "en-GB-oed", ""}) EXPECT_EQ(split_file(all, tag, "a. b"), "no rules") << tag;
}

TEST(srx, version_1_has_maps_in_maprules_and_no_cascade) {
  const std::string old =
      "<!DOCTYPE srx PUBLIC \"-//SRX//DTD SRX//EN\" \"srx.dtd\">\n<srx version=\"1.0\"><header segmentsubflows=\"no\" "
      "cascade=\"yes\"/><body><languagerules>" +
      language("a", {{true, "\\.", ""}}) + language("b", {{true, "!", ""}}) +
      "</languagerules><maprules><maprule maprulename=\"one\">" + map("EN.*", "a") +
      "</maprule><maprule maprulename=\"two\">" + map(".*", "b") + "</maprule></maprules></body></srx>";
  EXPECT_EQ(split_file(old, "en", "a. b! c"), "a.|b! c");
  EXPECT_EQ(split_file(old, "fr", "a. b! c"), "a. b!|c");
  EXPECT_FALSE(srx_rules(old, "old").are_asides_segmented());
}

TEST(srx, words_of_the_user_hold_any_break) {
  const srx_rules rules(file_of({{true, "\\.\\s?", ""}}), "test.srx");
  const auto found = rules.for_language("de");
  abbreviation_set held;
  held.add_as_written({"Ges."});
  srx_breaker breaker(*found, held, "test.srx", "de");
  EXPECT_EQ(shown(breaker.split("Die Ges. Wien kam. Ende."), "Die Ges. Wien kam. Ende."), "Die Ges. Wien kam.|Ende.");
}

TEST(srx, files_that_mean_nothing_are_refused_by_line_and_rule) {
  const std::string good = file_of({{true, "\\.", "\\s"}});
  ASSERT_EQ(refusal(good), "");
  auto changed = [&](const std::string &what, const std::string &by) {
    std::string bytes = good;
    bytes.replace(bytes.find(what), what.size(), by);
    return refusal(bytes);
  };
  EXPECT_EQ(changed("<rule break=\"yes\"><beforebreak>\\.</beforebreak><afterbreak>\\s</afterbreak></rule>",
                    "<rule break=\"no\"/>"),
            "test.srx:5: rule all#1 has neither <beforebreak> nor <afterbreak>");
  EXPECT_EQ(changed("\\.", "([x"),
            "test.srx:5: rule all#1, <beforebreak>: \"([x\" is no regular expression of ICU "
            "(U_REGEX_MISSING_CLOSE_BRACKET at character 3)");
  EXPECT_EQ(changed("<afterbreak>\\s</afterbreak>", "<beforebreak>a</beforebreak>"),
            "test.srx:5: rule all#1 has two <beforebreak>");
  EXPECT_EQ(changed("<afterbreak>\\s</afterbreak>", "<afterbraek>a</afterbraek>"),
            "test.srx:5: <afterbraek> has no meaning in <rule>");
  EXPECT_EQ(changed("break=\"yes\"", "break=\"true\""), "test.srx:5: break is \"true\"");
  EXPECT_EQ(changed("version=\"2.0\"", "version=\"3.0\""), "test.srx:1: its version is \"3.0\"");
  EXPECT_EQ(changed("languagerulename=\"all\"/>", "languagerulename=\"al\"/>"),
            "test.srx:8: there is no <languagerule> called \"al\"");
  EXPECT_EQ(
      changed(".*", "(.*"),
      "test.srx:8: languagepattern: \"(.*\" is no regular expression of ICU (U_REGEX_MISMATCHED_PAREN at character 3)");
  EXPECT_EQ(refusal(file("no", language("a", {}) + language("a", {}), map(".*", "a"))),
            "test.srx:6: there are two <languagerule> called \"a\"");
  EXPECT_EQ(refusal(file("no", language("a", {}), "")),
            "test.srx:3: it has no <languagemap>, so its rules are for no language");
  EXPECT_EQ(refusal("<TEI/>"), "test.srx:1: the outermost element is <TEI>, not <srx> of SRX 1.0 or 2.0");
  EXPECT_NE(refusal("<srx version=\"2.0\">").find("test.srx: line 1"), std::string::npos);
  EXPECT_NE(refusal("Mr. Lin came.").find("test.srx: line 1"), std::string::npos);
  EXPECT_NE(refusal("").find("test.srx: "), std::string::npos);
  EXPECT_NE(refusal(file_of({{true, std::string(100'001, 'a'), ""}})).find("limit `pattern`"), std::string::npos);
}

TEST(srx, nothing_is_read_from_outside_and_no_entity_grows) {
  const std::string good = file_of({{true, "&stop;", ""}});
  auto with = [&](const std::string &declared) {
    std::string bytes = "<!DOCTYPE srx [" + declared + "]>" + good;
    const std::string quoted = "&amp;stop;";
    return bytes.replace(bytes.find(quoted), quoted.size(), "&stop;");
  };
  EXPECT_EQ(split_file(with("<!ENTITY stop \"!\">"), "en", "a!b"), "a!|b");
  EXPECT_NE(refusal(with("<!ENTITY stop SYSTEM \"/etc/hostname\">")).find("which is no text"), std::string::npos);
  std::string bomb = "<!ENTITY l0 \"aaaaaaaaaa\">";
  for (int k = 1; k < 10; ++k) {
    bomb += "<!ENTITY l" + std::to_string(k) + " \"";
    for (int times = 0; times < 10; ++times) bomb += "&l" + std::to_string(k - 1) + ";";
    bomb += "\">";
  }
  EXPECT_NE(refusal(with(bomb + "<!ENTITY stop \"&l9;\">")).find("limit `expansion`"), std::string::npos);
}

TEST(srx, settings_of_other_programs_are_passed_over) {
  std::string bytes = file_of({{true, "\\.", ""}});
  const std::string header = "cascade=\"no\"/>";
  bytes.replace(
      bytes.find(header), header.size(),
      "cascade=\"no\" xmlns:o=\"x\"><formathandle type=\"start\" include=\"no\"/><o:sample>a</o:sample></header>");
  EXPECT_EQ(split_file(bytes, "en", "a.b"), "a.|b");
  bytes.replace(bytes.find("\"start\""), 7, "\"open\"");
  EXPECT_EQ(refusal(bytes), "test.srx:2: the type of <formathandle> is \"open\"");
}

TEST(srx, a_rule_that_explodes_is_named) {
  for (const rule_text &rule : {rule_text{true, "(a+)+$", "\\s"}, rule_text{false, "(a*)*!", "\\s"},
                                rule_text{true, "", "(a+)+$"}, rule_text{true, "(.*?a)+", "y"}}) {
    const srx_rules rules(file_of({{true, "\\.", "\\s"}, rule}), "slow.srx");
    const srx_rules held(file_of({rule, {true, "\\.", "\\s"}}), "slow.srx");
    const abbreviation_set none;
    const std::string text = std::string(60, 'a') + ". " + std::string(60, 'a') + "b";
    const auto &file = rule.breaks ? rules : held;
    srx_breaker breaker(*file.for_language("en"), none, "slow.srx", "en", {100'000, 10});
    try {
      breaker.split(text);
      ADD_FAILURE() << rule.before << " was not slow";
    } catch (const failure &error) {
      EXPECT_EQ(std::string(view(error.diagnostic().code)), "segments.rule-too-slow");
      const std::string what = error.what();
      EXPECT_NE(what.find(rule.breaks ? "slow.srx:6: rule all#2 (for en)" : "slow.srx:5: rule all#1 (for en)"),
                std::string::npos)
          << what;
      EXPECT_NE(what.find("(limit `steps`) in the block that begins \"aaaa"), std::string::npos) << what;
    }
    // The breaker is of use all the same.
    EXPECT_EQ(shown(breaker.split("b. c"), "b. c"), "b.|c");
  }
}

TEST(srx, look_behinds_without_bounds_get_some) {
  EXPECT_EQ(with_bounded_look_behinds("a+(?<=[+*]+b*)c*"), "a+(?<=[+*]{1,100}b{0,100})c*");
  EXPECT_EQ(with_bounded_look_behinds("(?<!x(y|z)*+\\+{2,})"), "(?<!x(y|z){0,100}+\\+{2,100})");
  EXPECT_EQ(with_bounded_look_behinds("(?<=\\Q+(\\E)d+"), "(?<=\\Q+(\\E)d+");
  EXPECT_EQ(split({{false, "(?<!\\d\\s*)p\\.", "\\s"}, {true, "\\.", "\\s"}}, "3  p. b. p. c"), "3  p.|b.|p. c");
}

// The definition, word by word: for every place every rule, for every rule every begin.
std::string split_slowly(const std::vector<rule_text> &rules, const std::string &text) {
  const icu::UnicodeString all = icu::UnicodeString::fromUTF8(text);
  UErrorCode status = U_ZERO_ERROR;
  auto matcher_of = [&](const std::string &pattern) {
    UParseError place{};
    std::unique_ptr<icu::RegexPattern> compiled(
        icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(pattern), 0, place, status));
    std::unique_ptr<icu::RegexMatcher> matcher(compiled->matcher(all, status));
    matcher->useTransparentBounds(true).useAnchoringBounds(false);
    return std::pair(std::move(compiled), std::move(matcher));
  };
  auto breaks_at = [&](const rule_text &rule, int32_t at) {
    const auto [pattern, matcher] = matcher_of("(?:" + rule.before + ")(?=" + rule.after + ")");
    for (int32_t begin = 0; begin <= at; begin = all.moveIndex32(begin, 1)) {
      if (matcher->lookingAt(begin, status) && matcher->end(status) == at) return true;
      if (begin == at) break;
    }
    return false;
  };
  auto holds_at = [&](const rule_text &rule, int32_t at) {
    const auto [after_pattern, after] = matcher_of(rule.after);
    if (!after->lookingAt(at, status)) return false;
    const auto [pattern, matcher] = matcher_of(rule.before);
    for (int32_t begin = 0; begin <= at; begin = all.moveIndex32(begin, 1)) {
      if (matcher->region(begin, at, status).matches(status)) return true;
      if (begin == at) break;
    }
    return false;
  };
  std::string out;
  for (int32_t at = 0; at < all.length(); at = all.moveIndex32(at, 1)) {
    for (const rule_text &rule : rules) {
      if (!(rule.breaks ? breaks_at(rule, at) : holds_at(rule, at))) continue;
      if (rule.breaks && at > 0) out += '|';
      break;
    }
    all.tempSubString(at, all.moveIndex32(at, 1) - at).toUTF8String(out);
  }
  EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  return out;
}

class expressions {
 public:
  explicit expressions(uint32_t seed) : random_(seed) {}
  size_t below(size_t limit) { return random_() % limit; }
  std::string one(int depth = 2) {
    std::string out;
    for (size_t k = below(4); k-- > 0;) {
      static const char *const places[] = {"\\b", "^", "$", "(?=a)", "(?<=b)"};
      if (below(6) == 0) {
        out += places[below(std::size(places))];
        continue;
      }
      static const char *const atoms[] = {"a", "b", "\\.", ".", "[ab]", "[^a]", "😀"};
      const bool is_group = depth > 0 && below(4) == 0;
      // Repetitions of what may be empty take ICU forever, so groups get none.
      static const char *const repeats[] = {"", "", "", "", "?", "*", "+", "{1,2}", "*?", "+?"};
      out += is_group ? "(" + one(depth - 1) + ")" : atoms[below(std::size(atoms))];
      out += repeats[below(is_group ? 5 : std::size(repeats))];
      if (below(6) == 0) out += "|" + one(0);
    }
    return out;
  }
  std::string text() {
    std::string out;
    for (size_t k = below(12); k-- > 0;) {
      static const char *const signs[] = {"a", "a", "b", ".", "😀", "c"};
      out += signs[below(std::size(signs))];
    }
    return out;
  }

 private:
  std::minstd_rand random_;
};

TEST(srx, random_rules_break_where_the_definition_says) {
  size_t breaks = 0;
  for (uint32_t seed = 1; seed <= 1500; ++seed) {
    expressions make(seed * 7919);
    std::vector<rule_text> rules;
    for (size_t k = 1 + make.below(4); k-- > 0;) rules.push_back({make.below(2) == 0, make.one(), make.one()});
    const std::string text = make.text();
    const std::string slowly = split_slowly(rules, text);
    ASSERT_EQ(split(rules, text), slowly) << seed << "\n" << file_of(rules);
    breaks += static_cast<size_t>(std::count(slowly.begin(), slowly.end(), '|'));
  }
  EXPECT_GT(breaks, 1000u);
}

}  // namespace
}  // namespace calque::segments
