// SPDX-License-Identifier: Apache-2.0
// A memory on disk: what is one unit, what an import that breaks leaves, and what is said of files that are no memory.
#include "translation_memory/store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>

namespace calque::tm {
namespace {

namespace fs = std::filesystem;

class memory_on_disk : public ::testing::Test {
 protected:
  memory_on_disk() {
    std::string made = fs::temp_directory_path() / "calque-memory-XXXXXX";
    if (mkdtemp(made.data()) == nullptr) throw std::runtime_error("no folder");
    folder = made;
  }
  ~memory_on_disk() override { fs::remove_all(folder); }

  fs::path file(const std::string &name = "talks.memory") const { return folder / name; }
  std::vector<unit> all() const {
    std::vector<unit> found;
    store_reader(file()).each({}, [&](const unit &u) { found.push_back(u); });
    return found;
  }
  static unit pair(const std::string &source, const std::string &target) {
    unit u;
    u.source.language = "en";
    u.target.language = "ru";
    u.source.text = source;
    u.target.text = target;
    u.file = "talks.tmx";
    u.name = "1";
    return u;
  }
  template <class Act>
  static std::string code_of(Act &&act) {
    try {
      act();
    } catch (const failure &error) {
      EXPECT_STRNE(error.what(), "");
      EXPECT_NE(error.hint(), "");
      return error.code();
    }
    return "";
  }
  fs::path folder;
};

TEST_F(memory_on_disk, keeps_units_in_order_and_duplicates_once) {
  store_writer in(file());
  unit first = pair("one", "odin");
  first.contexts = {{"zero", "two"}};
  first.created = "20020101T163812Z";
  first.notes = "<note>a</note>";
  EXPECT_EQ(in.add(first), store_writer::added::is_new);
  EXPECT_EQ(in.add(pair("two", "dva")), store_writer::added::is_new);
  unit again = first;
  again.contexts = {{"", "ten"}};
  EXPECT_EQ(in.add(again), store_writer::added::was_there);
  again.notes.clear();
  EXPECT_EQ(in.add(again), store_writer::added::had_other_notes);
  unit coded = first;
  coded.source.markup = "<ph></ph>one";
  EXPECT_EQ(in.add(coded), store_writer::added::is_new);
  in.add_header_note("<note>h</note>");
  in.add_header_note("<note>h</note>");
  in.commit();

  const auto found = all();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].source.text, "one");
  EXPECT_EQ(found[0].notes, "<note>a</note>");
  EXPECT_EQ(found[0].contexts, (std::vector<context>{{"", "ten"}, {"zero", "two"}}));
  EXPECT_EQ(found[1].source.text, "two");
  EXPECT_TRUE(found[1].contexts.empty());
  EXPECT_EQ(found[2].source.markup, "<ph></ph>one");
  const store_reader out(file());
  EXPECT_EQ(out.header_notes(), std::vector<std::string>{"<note>h</note>"});
  const statistics s = out.count();
  EXPECT_EQ(s.units, 3u);
  EXPECT_EQ(s.with_codes, 1u);
  EXPECT_EQ(s.contexts, 3u);
  ASSERT_EQ(s.pairs.size(), 1u);
  EXPECT_EQ(s.pairs[0].units, 3u);
  ASSERT_EQ(s.files.size(), 1u);
  EXPECT_EQ(s.first, "20020101T163812Z");
}

TEST_F(memory_on_disk, is_as_it_was_when_an_import_breaks_off) {
  { store_writer(file()).add(pair("one", "odin")); }
  EXPECT_FALSE(fs::exists(file()));
  {
    store_writer in(file());
    in.add(pair("one", "odin"));
    in.commit();
  }
  { store_writer(file()).add(pair("two", "dva")); }
  EXPECT_EQ(all().size(), 1u);
}

TEST_F(memory_on_disk, gives_the_languages_that_are_asked_for) {
  store_writer in(file());
  in.add(pair("one", "odin"));
  unit other = pair("one", "yi");
  other.target.language = "zh-CN";
  in.add(other);
  in.commit();
  std::string found;
  store_reader(file()).each({"en-US", "zh"}, [&](const unit &u) { found += u.target.text; });
  EXPECT_EQ(found, "yi");
}

TEST_F(memory_on_disk, what_is_no_memory_is_named) {
  EXPECT_EQ(code_of([&] { store_reader r(file()); }), "memory.missing");
  EXPECT_EQ(code_of([&] { store_reader r(folder); }), "memory.not-a-memory");
  EXPECT_EQ(code_of([&] { store_writer w(folder / "no/such/folder.memory"); }), "memory.io");
  std::ofstream(file("text.memory")) << "It was a dark and stormy night, and the rain fell in torrents.\n";
  EXPECT_EQ(code_of([&] { store_reader r(file("text.memory")); }), "memory.not-a-memory");
  EXPECT_EQ(code_of([&] { store_writer w(file("text.memory")); }), "memory.not-a-memory");
  EXPECT_TRUE(fs::exists(file("text.memory")));
  std::ofstream(file("empty.memory")).flush();
  EXPECT_EQ(code_of([&] { store_reader r(file("empty.memory")); }), "memory.not-a-memory");
}

TEST_F(memory_on_disk, a_locked_one_is_named) {
  {
    store_writer in(file());
    in.commit();
  }
  sqlite3 *other = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "begin exclusive", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(code_of([&] { store_reader r(file()); }), "memory.locked");
  EXPECT_EQ(code_of([&] { store_writer w(file()); }), "memory.locked");
  sqlite3_close(other);
  EXPECT_EQ(code_of([&] { store_reader r(file()); }), "");
}

TEST_F(memory_on_disk, one_of_a_newer_program_is_named) {
  {
    store_writer in(file());
    in.commit();
  }
  sqlite3 *other = nullptr;
  ASSERT_EQ(sqlite3_open(file().c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "pragma user_version = 9", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_EQ(code_of([&] { store_reader r(file()); }), "memory.newer");
}

TEST_F(memory_on_disk, a_damaged_one_is_named_wherever_it_is_damaged) {
  {
    store_writer in(file());
    for (int k = 0; k < 2000; ++k) in.add(pair("sentence number " + std::to_string(k), "t" + std::to_string(k)));
    in.commit();
  }
  const auto size = fs::file_size(file());
  std::string whole(size, '\0');
  std::ifstream(file(), std::ios::binary).read(whole.data(), static_cast<std::streamsize>(size));
  int named = 0;
  for (std::size_t at = 4096; at + 4096 <= size; at += 4096) {
    std::string broken = whole;
    for (std::size_t k = at; k < at + 4096; ++k) broken[k] = static_cast<char>(k * 31 + 255);
    std::ofstream(file("broken.memory"), std::ios::binary) << broken;
    const std::string code = code_of([&] {
      const store_reader r(file("broken.memory"));
      r.each({}, [](const unit &) {});
    });
    EXPECT_TRUE(code.empty() || code == "memory.damaged") << at << " " << code;  // an index is not read
    named += code.empty() ? 0 : 1;
  }
  EXPECT_GT(named, 10);
  std::ofstream(file("cut.memory"), std::ios::binary) << whole.substr(0, size / 2);
  EXPECT_EQ(code_of([&] { store_reader(file("cut.memory")).each({}, [](const unit &) {}); }), "memory.damaged");
}

}  // namespace
}  // namespace calque::tm
