// SPDX-License-Identifier: Apache-2.0
// Conversations of many kinds: who speaks, what goes on, and what is no speech.
#include "plugins/speeches/speakers.hpp"

#include <gtest/gtest.h>

namespace calque::plugins {
namespace {

/// Roles of paragraphs as one word a block: S(label) for each turn, c, d, i, t (subtitle), - ; "#…" is a heading, and
/// "|" parts the lines of a block.
std::string roles(std::initializer_list<std::string_view> paragraphs, const speaker_options &options = {}) {
  std::vector<spoken_block> blocks;
  std::vector<std::string> texts;
  texts.reserve(paragraphs.size());
  for (std::string_view p : paragraphs) {
    spoken_block block;
    if (p.starts_with("# ")) {
      block.is = spoken_block::shape::heading;
      p.remove_prefix(2);
    }
    std::string &text = texts.emplace_back(p);
    for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at)) {
      text[at] = ' ';
      block.line_begins.push_back(at + 1);
    }
    block.text = text;
    blocks.push_back(block);
  }
  std::string out;
  const auto found = find_speeches(blocks, options);
  for (size_t b = 0; b < found.size(); ++b) {
    if (b > 0) out += ' ';
    using is = spoken_role::is;
    switch (found[b].what) {
      case is::plain:
        out += '-';
        break;
      case is::continuation:
        out += 'c';
        break;
      case is::stage_direction:
        out += 'd';
        break;
      case is::interlude:
        out += 'i';
        break;
      case is::subtitle:
        out += 't' + std::to_string(found[b].lines.size());
        break;
      case is::speech:
        for (const turn &t : found[b].turns)
          out += "S(" + std::string(blocks[b].text.substr(t.begin, t.label_end - t.begin - 1)) + ")";
        break;
    }
  }
  return out;
}

TEST(speakers, recurring_labels_speak_and_others_go_on) {
  EXPECT_EQ(roles({"Lin: Good.", "Roe: Yes.", "More of it.", "Lin: Thank you.", "Roe: Good bye."}),
            "S(Lin) S(Roe) c S(Lin) S(Roe)");
  EXPECT_EQ(roles({"Q: Why?", "A: So.", "Q: How?", "A: Thus."}), "S(Q) S(A) S(Q) S(A)");
  EXPECT_EQ(roles({"KIM IL SUNG: Yes.", "MAO: No.", "KIM IL SUNG: Yes.", "MAO: No."}),
            "S(KIM IL SUNG) S(MAO) S(KIM IL SUNG) S(MAO)");
  EXPECT_EQ(roles({"He: Yes.", "Roe: No.", "He: Yes.", "Roe: No."}), "S(He) S(Roe) S(He) S(Roe)");
  EXPECT_EQ(roles({"Mr. K. – Yes.", "Mr. L. – No.", "Mr. K. – Yes.", "Mr. L. – No."}).substr(0, 5), "S(Mr.");
}

TEST(speakers, introductions_and_their_short_names) {
  EXPECT_EQ(
      roles({"Ambassador Roe (hereinafter referred to as \"Roe\"): I ask.",
             "Vice Premier Lin (hereafter \"Lin): I answer.", "Lin: Go on.", "Roe: I do."}),
      "S(Ambassador Roe (hereinafter referred to as \"Roe\")) S(Vice Premier Lin (hereafter \"Lin)) S(Lin) S(Roe)");
}

TEST(speakers, circumstances_are_no_speakers) {
  EXPECT_EQ(
      roles({"Time: 5 May 1957, 3:30 p.m. - 4.45 p.m.", "Venue: Green Hall", "Also Present: Bai Rong, Deputy Chief.",
             "Interpreter: Tao Min", "Minutes Prepared: Guo Lian", "Lin: Good.", "Roe: Yes.", "Lin: So.", "Roe: No."}),
      "- - - - - S(Lin) S(Roe) S(Lin) S(Roe)");
  EXPECT_EQ(
      roles({"时间：1957年5月5日。", "地点：北京。", "周恩来：好。", "金成洙：是。", "周恩来：对。", "金成洙：谢谢。"}),
      "- - S(周恩来\xef\xbc) S(金成洙\xef\xbc) S(周恩来\xef\xbc) S(金成洙\xef\xbc)");
}

TEST(speakers, the_interpreter_may_be_named_and_may_speak) {
  EXPECT_EQ(
      roles({"Interpreter: Tao Min", "Lin: Good.", "Roe: Yes.", "Interpreter: He says yes.", "Lin: So.", "Roe: No."}),
      "- S(Lin) S(Roe) S(Interpreter) S(Lin) S(Roe)");
}

TEST(speakers, two_sessions_in_one_record) {
  EXPECT_EQ(roles({"First session", "Lin: Good.", "Roe: Yes.", "Second session", "Time: 6 May, 10:30 a.m.", "Lin: So.",
                   "Roe: No.", "Recorded by: Guo Lian"}),
            "- S(Lin) S(Roe) - - S(Lin) S(Roe) -");
}

TEST(speakers, actions_in_parentheses) {
  EXPECT_EQ(roles({"Lin: Good.", "(He reads (aloud) a note.)", "Roe: Yes.", "(He leaves", "More words.", "Lin: So.",
                   "(1) First, I say.", "Roe: No."}),
            "S(Lin) d S(Roe) d c S(Lin) c S(Roe)");
}

TEST(speakers, lines_under_the_title) {
  EXPECT_EQ(roles({"[...]", "# Talk of Lin and Roe", "- On the River -|(The Ambassador brought a|chart)", "Time: 5 May",
                   "Lin: Good.", "Roe: Yes.", "Lin: So.", "Roe: No."}),
            "- - t2 - S(Lin) S(Roe) S(Lin) S(Roe)");
}

TEST(speakers, somebody_who_speaks_once) {
  EXPECT_EQ(roles({"Lin: Good.", "Roe: Yes.", "Marshal Chen: Not so.", "[Unidentified]: Hear!", "Peng: Yes.",
                   "Lin: So.", "Roe: No."}),
            "S(Lin) S(Roe) S(Marshal Chen) S([Unidentified]) S(Peng) S(Lin) S(Roe)");
  EXPECT_EQ(roles({"Lin: Good.", "Roe: Yes, to my knowledge a fact.", "Conclusion: We agree.",
                   "Knowledge: It is power.", "Lin: So.", "Roe: No."}),
            "S(Lin) S(Roe) c c S(Lin) S(Roe)");
  EXPECT_EQ(roles({"Lin: Good morning.", "Roe: Good bye."}, {{}, {}, "Talk of Lin and Roe"}), "S(Lin) S(Roe)");
}

TEST(speakers, letters_and_essays_have_none) {
  EXPECT_EQ(roles({"DEAR MR. PRESIDENT: I have your letter.", "I say this: we agree.", "Note: it is late.",
                   "Note: it is very late.", "Respectfully,", "N. Roe"}),
            "- - - - - -");
  EXPECT_EQ(roles({"The committee met.", "Point one: no.", "First: no.", "First: yes."}), "- - - -");
}

TEST(speakers, a_label_may_stand_alone_or_share_a_block) {
  EXPECT_EQ(roles({"Lin:", "Good.", "Roe:", "Yes.", "Lin:", "So."}), "S(Lin) c S(Roe) c S(Lin) c");
  EXPECT_EQ(roles({"Lin: Good.|Roe: Yes,|I say: no.|Lin: So.|Roe: No."}), "S(Lin)S(Roe)S(Lin)S(Roe)");
}

TEST(speakers, notes_appendices_and_remarks_end_the_talk) {
  EXPECT_EQ(roles({"Lin: Good.[1]", "Roe: Yes.", "Lin: So.", "Roe: No.", "The meeting ended at seven.", "Appendix",
                   "The text of the note.", "[1] See there."}),
            "S(Lin) S(Roe) S(Lin) S(Roe) - - - -");
}

TEST(speakers, options_have_the_last_word) {
  EXPECT_EQ(roles({"Weather: It is fine.", "Weather: It rains.", "Lin: Good."}, {{"lin"}, {"weather"}, {}}),
            "- - S(Lin)");
}

}  // namespace
}  // namespace calque::plugins
