// SPDX-License-Identifier: Apache-2.0
// Decoding: which encoding is found, that no byte is left out, and what is refused.
#include "plugins/common/decoding.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace calque::plugins {
namespace {

using namespace std::string_literals;
namespace fs = std::filesystem;

std::string code_of(std::string_view bytes, const decoding_options &options = {}) {
  try {
    decode(bytes, options, "text");
    return "";
  } catch (const failure &error) {
    return std::string(view(error.diagnostic().code));
  }
}

/// Every byte of the source is in the mark or in one piece, in order.
void expect_tiled(const decoded_text &text, std::string_view bytes) {
  uint64_t at = text.byte_order_mark().end;
  std::string joined;
  text.each_piece(0, text.text().size(), [&](std::string_view piece, source_range from) {
    EXPECT_EQ(from.begin, at);
    EXPECT_LT(from.begin, from.end);
    at = from.end;
    joined += piece;
  });
  EXPECT_EQ(at, bytes.size());
  EXPECT_EQ(joined, text.text());
}

TEST(decoding, utf8_is_its_own_text) {
  const std::string bytes = "Zhang: caf\xc3\xa9\n";
  const auto text = decode(bytes, {}, "text");
  EXPECT_EQ(text.encoding, "UTF-8");
  EXPECT_EQ(text.text().data(), bytes.data());
  EXPECT_EQ(text.source_of(7, 12).begin, 7u);
  EXPECT_EQ(text.source_of(7, 12).end, 12u);
  expect_tiled(text, bytes);
}

TEST(decoding, byte_order_marks_are_no_text) {
  for (const std::string &bytes : {"\xef\xbb\xbfHi"s, "\xff\xfeH\0i\0"s, "\xfe\xff\0H\0i"s,
                                   "\xff\xfe\0\0H\0\0\0i\0\0\0"s, "\0\0\xfe\xff\0\0\0H\0\0\0i"s}) {
    const auto text = decode(bytes, {}, "text");
    EXPECT_EQ(text.text(), "Hi") << text.encoding;
    EXPECT_GT(text.byte_order_mark().end, 0u);
    expect_tiled(text, bytes);
  }
}

TEST(decoding, words_of_other_encodings_lead_to_their_bytes) {
  const std::string bytes = "Bonjour \xab\xa0tr\xe8s bien\xa0\xbb, dit-il.";
  const auto text = decode(bytes, {"windows-1252", false}, "text");
  EXPECT_EQ(text.text(), "Bonjour «\u00a0très bien\u00a0», dit-il.");
  const size_t at = text.text().find("très");
  EXPECT_EQ(text.source_of(at, at + 5).begin, 10u);
  EXPECT_EQ(text.source_of(at, at + 5).end, 14u);
  const size_t plain = text.text().find("dit-il");
  EXPECT_EQ(text.source_of(plain, plain + 3).begin, bytes.find("dit-il"));
  expect_tiled(text, bytes);
}

TEST(decoding, a_cut_beside_punctuation_is_exact_in_utf16) {
  std::string bytes;
  for (const char c : "**Lin:** yes"s) bytes += std::string{c, '\0'};
  const auto text = decode(bytes, {"UTF-16LE", false}, "text");
  EXPECT_EQ(text.source_of(2, 6).begin, 4u);
  EXPECT_EQ(text.source_of(2, 6).end, 12u);
}

TEST(decoding, faults_are_named_or_replaced_as_asked) {
  const std::string bytes = "Grüße aus \xff Wien, Grüße";
  EXPECT_EQ(code_of(bytes), "text.invalid-bytes");
  try {
    decode(bytes, {}, "text");
  } catch (const failure &error) {
    EXPECT_EQ(error.diagnostic().begin, 12u);
    EXPECT_NE(std::string(error.what()).find("byte 12 (FF)"), std::string::npos) << error.what();
  }
  const auto text = decode(bytes, {"auto", true}, "text");
  EXPECT_EQ(text.text(), "Grüße aus \ufffd Wien, Grüße");
  ASSERT_EQ(text.replaced.size(), 1u);
  expect_tiled(text, bytes);
}

TEST(decoding, refuses_what_is_no_text) {
  EXPECT_EQ(code_of(""), "text.empty");
  EXPECT_EQ(code_of("\xef\xbb\xbf"), "text.empty");
  EXPECT_EQ(code_of("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), "text.binary");
  std::string noise;
  for (int k = 0; k < 4000; ++k) noise += static_cast<char>(k * 7919 >> 3);
  EXPECT_EQ(code_of(noise), "text.binary");
  EXPECT_EQ(code_of("abc", {"no-such-thing", false}), "text.unknown-encoding");
}

TEST(decoding, names_of_encodings_are_text_whatever_a_file_claims) {
  EXPECT_EQ(decode("abc", {"LMBCS-1\xff\n", false}, "text").encoding, "LMBCS-1??");
  try {
    decode("abc", {"no-such\xff", false}, "text");
    FAIL();
  } catch (const failure &error) {
    EXPECT_STREQ(error.what(), "unknown encoding \"no-such?\"");
  }
}

TEST(decoding, a_hundred_megabytes_in_one_line_are_read_in_place) {
  const std::string bytes(size_t{100} << 20, 'x');
  const auto text = decode(bytes, {}, "text");
  EXPECT_EQ(text.text().size(), bytes.size());
  EXPECT_EQ(text.source_of(50, 60).begin, 50u);
}

TEST(decoding, reads_the_corpus_of_encodings) {
  const char *given = std::getenv("CALQUE_CORPUS");
  const fs::path folder =
      (given != nullptr ? fs::path(given) : fs::path(CALQUE_SOURCE_FOLDER) / "../shared/corpus") / "encodings";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " << folder << "; set CALQUE_CORPUS";
  auto read = [](const fs::path &path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  int right = 0, all = 0;
  for (const auto &entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() < 10 || name.substr(name.size() - 9) != ".utf8.txt") continue;
    const std::string bytes = read(folder / (name.substr(0, name.size() - 9) + ".txt")), expected = read(entry.path());
    const auto text = decode(bytes, {}, "text");
    expect_tiled(text, bytes);
    ++all;
    right += text.text() == expected ? 1 : 0;
    if (text.text() != expected)
      std::printf("  not found: %s read as %s (%d)\n", name.c_str(), text.encoding.c_str(), text.confidence);
  }
  std::printf("  %d of %d encodings found\n", right, all);
  EXPECT_GE(right * 100, all * 85);
}

}  // namespace
}  // namespace calque::plugins
