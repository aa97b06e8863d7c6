// SPDX-License-Identifier: Apache-2.0
// Random documents are valid, keep their origins exact, and come back the same from the packed form and the dump.
#include <gtest/gtest.h>

#include <xxhash.h>

#include <cstdio>
#include <cstring>

#include "host/document/dump.hpp"
#include "host/document/packed.hpp"
#include "host/document/packed_format.hpp"
#include "host/document/random_document.hpp"
#include "host/document/validate.hpp"

namespace calque::host {
namespace {

constexpr uint64_t first_seed = 1, seeds = 4000;

std::span<const std::byte> bytes_of(const std::string &text) {
  return std::as_bytes(std::span(text));
}

/// What is told of a document that a test looks at; stops at the first seed that fails.
template <class Check>
void each_random_document(Check check) {
  uint64_t documents = 0;
  for (uint64_t seed = first_seed; seed < first_seed + seeds && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto made = test::random_documents(seed);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    for (const document &one : made.value()) {
      check(seed, one);
      ++documents;
    }
  }
  std::printf("%llu documents, seeds %llu to %llu\n", static_cast<unsigned long long>(documents),
              static_cast<unsigned long long>(first_seed), static_cast<unsigned long long>(first_seed + seeds - 1));
}

TEST(random_document, is_valid_and_its_exact_origins_equal_the_source) {
  uint64_t spans = 0, empty = 0, exact = 0;
  each_random_document([&](uint64_t seed, const document &one) {
    const auto checked = validate(one, check_level::full);
    ASSERT_TRUE(checked.has_value()) << checked.error().message;
    const std::string source = test::random_import(seed).source();
    const calque_document &d = one.view();
    for (uint32_t k = 0; k < d.origins.count; ++k) {
      const uint64_t end = k + 1 < d.origins.count ? d.origins.text_begin[k + 1] : d.text.size;
      if (d.origins.exact[k] == 0) continue;
      ++exact;
      ASSERT_EQ(to_view(d.text).substr(d.origins.text_begin[k], end - d.origins.text_begin[k]),
                source.substr(d.origins.begin[k], d.origins.end[k] - d.origins.begin[k]));
    }
    for (uint32_t l = 0; l < d.layer_count; ++l)
      for (uint32_t k = 0; k < d.layers[l]->count; ++k) {
        ++spans;
        empty += d.layers[l]->begin[k] == d.layers[l]->end[k];
      }
  });
  std::printf("%llu exact runs, %llu marks, %llu of them empty\n", static_cast<unsigned long long>(exact),
              static_cast<unsigned long long>(spans), static_cast<unsigned long long>(empty));
  EXPECT_GT(exact, 1000u);
  EXPECT_GT(empty * 10, spans);
}

TEST(packed, random_documents_round_trip) {
  each_random_document([](uint64_t, const document &one) {
    const std::string packed = pack(one);
    const auto back = unpack(bytes_of(packed));
    ASSERT_TRUE(back.has_value()) << back.error().message;
    ASSERT_EQ(pack(back.value()), packed);
    ASSERT_EQ(dump(back.value()), dump(one));
  });
}

TEST(dump, random_documents_round_trip) {
  each_random_document([](uint64_t, const document &one) {
    const std::string text = dump(one);
    const auto back = parse_dump(text);
    ASSERT_TRUE(back.has_value()) << back.error().message << "\n" << text;
    ASSERT_EQ(dump(back.value()), text);
    // Columns, not only what the dump shows of them: text, nodes and origins are the same.
    const document_sections &a = one.sections(), &b = back->sections();
    ASSERT_EQ(*a.text, *b.text);
    ASSERT_EQ(a.nodes->id, b.nodes->id);
    ASSERT_EQ(a.nodes->end, b.nodes->end);
    ASSERT_EQ(a.nodes->text_end, b.nodes->text_end);
    ASSERT_EQ(a.origins->begin, b.origins->begin);
    ASSERT_EQ(a.origins->exact, b.origins->exact);
  });
}

std::string packed_example() {
  for (uint64_t seed = 1;; ++seed) {
    const auto made = test::random_documents(seed);
    const document_sections &s = made->front().sections();
    if (s.layers.size() > 2 && !s.resources->empty()) return pack(made->front());
  }
}

void make_digest_right(std::string &packed) {
  packed::header head;
  std::memcpy(&head, packed.data(), sizeof head);
  head.digest = packed::digest_of(bytes_of(packed));
  std::memcpy(packed.data(), &head, sizeof head);
}

TEST(packed, every_truncation_is_an_error) {
  const std::string whole = packed_example();
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    ASSERT_FALSE(unpack(bytes_of(cut)).has_value()) << size;
  }
}

TEST(packed, every_flipped_bit_is_an_error) {
  std::string packed = packed_example();
  for (size_t at = 0; at < packed.size(); ++at) {
    packed[at] = static_cast<char>(packed[at] ^ (1 << (at % 8)));
    ASSERT_FALSE(unpack(bytes_of(packed)).has_value()) << at;
    packed[at] = static_cast<char>(packed[at] ^ (1 << (at % 8)));
  }
}

TEST(packed, hostile_bytes_with_a_right_digest_do_no_harm) {
  const std::string whole = packed_example();
  std::mt19937_64 engine(1);
  uint32_t refused = 0;
  constexpr uint32_t tries = 4'000;
  for (uint32_t k = 0; k < tries; ++k) {
    std::string packed = whole;
    for (uint64_t flips = 1 + engine() % 4; flips > 0; --flips) {
      const size_t at = 8 + engine() % (packed.size() - 8);
      packed[at] = engine() % 3 == 0 ? '\xff' : static_cast<char>(packed[at] ^ (1 << engine() % 8));
    }
    if (engine() % 8 == 0) packed.resize(64 + engine() % (packed.size() - 64));
    make_digest_right(packed);
    const auto read = unpack(bytes_of(packed));
    refused += !read.has_value();
    if (!read.has_value()) continue;
    // What is taken is whole: it can be dumped and read again.
    ASSERT_TRUE(parse_dump(dump(read.value())).has_value()) << k;
  }
  std::printf("%u of %u refused\n", refused, tries);
  EXPECT_GT(refused, tries / 4);
}

TEST(packed, unknown_sections_are_passed_over) {
  const std::string whole = packed_example();
  packed::header head;
  std::memcpy(&head, whole.data(), sizeof head);
  // The table gains one entry, and so all sections move by 64 bytes or none.
  std::vector<packed::section> table(head.section_count);
  std::memcpy(table.data(), whole.data() + sizeof head, table.size() * sizeof(packed::section));
  const uint64_t first = table.front().offset;
  std::string longer = whole.substr(0, sizeof head);
  const uint64_t shift = 64;
  for (packed::section &one : table) one.offset += shift;
  table.push_back({0xffff, 0, 1, 0, head.total_size + shift, 64});
  longer.append(reinterpret_cast<const char *>(table.data()), table.size() * sizeof(packed::section));
  longer.resize(first + shift);
  longer += whole.substr(first);
  longer.append(64, 'x');
  ++head.section_count;
  head.total_size = longer.size();
  std::memcpy(longer.data(), &head, sizeof head);
  make_digest_right(longer);
  const auto read = unpack(bytes_of(longer));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(pack(read.value()), whole);
}

TEST(dump, damaged_dumps_do_no_harm) {
  const auto made = test::random_documents(11);
  const std::string whole = dump(made->front());
  std::mt19937_64 engine(2);
  for (uint32_t k = 0; k < 2'000; ++k) {
    std::string text = whole;
    for (uint64_t changes = 1 + engine() % 3; changes > 0; --changes) {
      const size_t at = engine() % text.size();
      switch (engine() % 3) {
        case 0:
          text[at] = "0129 #\"\\.=~\n"[engine() % 12];
          break;
        case 1:
          text.erase(at, 1 + engine() % 5);
          break;
        default:
          text.insert(at, 1, "0129 #\"\\.=~\n"[engine() % 12]);
      }
    }
    const auto read = parse_dump(text);
    if (!read.has_value()) continue;
    ASSERT_TRUE(parse_dump(dump(read.value())).has_value()) << k;
  }
}

TEST(dump, mistakes_are_named_by_line) {
  const auto message = [](std::string_view text) {
    const auto read = parse_dump(text);
    return read.has_value() ? std::string("none") : read.error().code + " " + read.error().message;
  };
  const std::string head =
      "calque-dump 1\nnext node 9 annotation 9\nsource 0 \"a\" type=\"\" encoding=\"\" size=9 sha256=" +
      std::string(64, '0') + "\ndocument #0\n";
  EXPECT_EQ(message("calque-dump 7\n"), "dump.syntax line 1: this version reads model 1");
  EXPECT_EQ(message(head + "  paragraf #1\n"), "dump.syntax line 5: there is no kind \"paragraf\"");
  EXPECT_EQ(message(head + "      text #1 \"a\"\n"),
            "dump.syntax line 5: this line is deeper than what it could belong to");
  EXPECT_EQ(message(head + "  paragraph #1\n    text #2 \"a\n"), "dump.syntax line 6: a quotation mark is missing");
  EXPECT_EQ(message(head + "  text #2 \"ab\"\norigin 0..1 = 0:0..1\n"),
            "dump.syntax line 6: the origins before this line do not cover the text");
  EXPECT_EQ(message(head + "  text #9 \"ab\"\norigin 0..2 = 0:0..2\n"),
            "document.invalid ids: the next id to give out is in use already");
  EXPECT_EQ(message(head + "  text #2 \"ab\"\norigin 0..2 = 0:0..2\n"), "none");
}

}  // namespace
}  // namespace calque::host
