// SPDX-License-Identifier: Apache-2.0
// A shell reads back what was written for it, and nobody who looks at the line is deceived.
#include "host/records/shell_words.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

std::string read_by_bash(const std::string &word) {
  // The line stands in single quotes of a first shell, so it is passed on as it is.
  std::string quoted = "'";
  for (const char c : "printf %s " + word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  std::string out;
  FILE *pipe = popen(("bash -c " + quoted + "'").c_str(), "r");
  for (int c = 0; pipe != nullptr && (c = std::fgetc(pipe)) != EOF;) out += static_cast<char>(c);
  if (pipe != nullptr) pclose(pipe);
  return out;
}

TEST(shell_words, come_back_byte_for_byte_and_are_seen) {
  const std::string words[] = {"",
                               "plain-1/a.txt",
                               "a b",
                               "it's",
                               "$HOME `x` !",
                               "*?[a]~#&;",
                               "ü日本",
                               "a\nb\tc",
                               "\x1b[31m\\'q'",
                               "x\u202ey'\\z",
                               "\xFF\xC3z",
                               "\u200b0",
                               "\xE2\x80",
                               "(a|b)<c>\"d\"",
                               "~",
                               "a=b",
                               "\u202e\x1b\x01\x7F"
                               "1"};
  for (const std::string &word : words) {
    const std::string line = shell_word(word);
    EXPECT_EQ(read_by_bash(line), word) << line;
    EXPECT_EQ(show_text(line), line);
  }
  EXPECT_EQ(shell_word("plain-1/a.txt"), "plain-1/a.txt");
  EXPECT_EQ(shell_word("a b"), "'a b'");
}

}  // namespace
}  // namespace calque::host
