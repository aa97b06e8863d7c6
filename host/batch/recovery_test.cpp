// SPDX-License-Identifier: Apache-2.0
// What a run that was killed left: each state on the way goes forward or back, and the second time is silent.
#include <gtest/gtest.h>

#include "host/batch/sample_records.hpp"

namespace calque::host {
namespace {

using names = std::vector<std::string>;
using outputs = std::map<std::string, std::string>;

struct machine : batch_folder {
  /// As a new run finds it.
  void recover_now() {
    open();
    for (int k = 0; k < 2; ++k) {
      const std::uint64_t before = known->bytes();
      const auto done = recover(*known, folder, staging());
      ASSERT_TRUE(done.has_value()) << done.error().message;
      EXPECT_TRUE(known->unfinished().empty());
      EXPECT_EQ(left_in_staging(), names{});
      if (k == 1) {
        EXPECT_EQ(known->bytes(), before) << "the second time there is nothing to do";
      }
      open();
      EXPECT_TRUE(notices.empty());
    }
  }
  void begin(const publication &one) {
    known->begin(one);
    ASSERT_EQ(known->flush(), 0);
  }
  /// The renames up to, and not with, the n-th.
  void place(const publication &one, std::size_t n) {
    const descriptor from = staging_fd();
    for (std::size_t k = 0; k < n; ++k)
      ASSERT_EQ(folder.place(*from, one.staging + "/" + one.moves[k].first, one.record.files[one.moves[k].second].file.path), 0);
  }
};

// Killed at each step of the way: after the intent and any number of renames, all of it is there, and it goes forward.
TEST(recovery, goes_forward_from_each_step) {
  for (std::size_t placed_files = 0; placed_files <= 3; ++placed_files) {
    SCOPED_TRACE(placed_files);
    machine m;
    m.root.write("out/old.xml", "old");
    publication one = m.staged(1, "a", {{"x/1.xml", "1"}, {"x/2.xml", "2"}, {"y/z/3.xml", "3"}});
    one.removals = {"old.xml", "never.xml"};
    m.begin(one);
    m.place(one, placed_files);
    m.recover_now();
    EXPECT_EQ(m.outputs(), (outputs{{"x/1.xml", "1"}, {"x/2.xml", "2"}, {"y/z/3.xml", "3"}}));
    const auto record = m.known->find("a");
    ASSERT_TRUE(record);
    for (const placed_file &file : record->files) {
      EXPECT_EQ(file.inode, m.folder.look(file.file.path)->inode);
      EXPECT_EQ(file.changed_ns, m.folder.look(file.file.path)->changed_ns);
    }
  }
}

TEST(recovery, goes_back_when_a_file_is_missing) {
  machine m;
  m.root.write("out/a.xml", "old");
  m.known->set(sample_record("a", 9));
  const publication one = m.staged(1, "a", {{"a.xml", "new"}, {"b.xml", "new"}});
  m.begin(one);
  std::filesystem::remove(m.root.path("staging/w1/1-1"));
  m.recover_now();
  EXPECT_EQ(m.outputs(), (outputs{{"a.xml", "old"}}));
  ASSERT_TRUE(m.known->find("a")) << "nothing was placed, so the older record still holds";
  EXPECT_EQ(m.known->find("a")->sha256, sample_digest<32>(9));
}

TEST(recovery, goes_back_when_a_staged_file_is_cut) {
  machine m;
  const publication one = m.staged(1, "a", {{"a.xml", "new"}});
  m.begin(one);
  m.root.write("staging/w1/1-0", "ne");
  m.recover_now();
  EXPECT_EQ(m.outputs(), outputs{});
  EXPECT_FALSE(m.known->find("a"));
}

TEST(recovery, forgets_the_record_whose_files_were_partly_replaced) {
  machine m;
  m.root.write("out/b.xml", "old");
  m.known->set(sample_record("a", 9));
  const publication one = m.staged(1, "a", {{"a.xml", "new"}, {"b.xml", "new"}});
  m.begin(one);
  m.place(one, 1);
  std::filesystem::remove(m.root.path("staging/w1/1-1"));
  m.recover_now();
  EXPECT_FALSE(m.known->find("a")) << "so it is done again";
  EXPECT_EQ(m.outputs(), (outputs{{"a.xml", "new"}, {"b.xml", "old"}}));
}

TEST(recovery, each_of_several_goes_its_own_way) {
  machine m;
  const publication forward = m.staged(1, "a", {{"a.xml", "1"}}), back = m.staged(2, "b", {{"b.xml", "2"}}),
                    half = m.staged(3, "c", {{"c.xml", "3"}, {"d.xml", "4"}});
  for (const publication *one : {&forward, &back, &half}) m.begin(*one);
  std::filesystem::remove(m.root.path("staging/w1/2-0"));
  m.place(half, 1);
  m.recover_now();
  EXPECT_EQ(m.outputs(), (outputs{{"a.xml", "1"}, {"c.xml", "3"}, {"d.xml", "4"}}));
  EXPECT_EQ(m.known->inputs(), (names{"a", "c"}));
}

TEST(recovery, an_output_that_others_changed_since_is_not_ours) {
  machine m;
  const publication one = m.staged(1, "a", {{"a.xml", "new"}});
  m.begin(one);
  m.place(one, 1);
  m.root.write("out/a.xml", "mine");
  m.recover_now();
  EXPECT_EQ(m.outputs(), (outputs{{"a.xml", "mine"}}));
  EXPECT_FALSE(m.known->find("a"));
}

TEST(recovery, of_removals_alone_goes_forward) {
  machine m;
  m.root.write("out/x/a.xml", "old");
  publication one;
  one.number = 1;
  one.staging = "w1";
  one.record = sample_record("a");
  one.removals = {"x/a.xml"};
  m.begin(one);
  m.recover_now();
  EXPECT_EQ(m.outputs(), outputs{});
  EXPECT_TRUE(m.known->find("a"));
}

TEST(recovery, empties_the_staging_folder) {
  machine m;
  m.root.write("staging/w1/9-0", "of nobody");
  m.root.write("staging/w2/deep/er", "of nobody");
  m.recover_now();
  EXPECT_TRUE(std::filesystem::is_empty(m.staging()));
}

TEST(recovery, that_fails_keeps_what_is_staged) {
  machine m;
  const publication one = m.staged(1, "a", {{"a.xml", "new"}});
  m.begin(one);
  m.root.write("out/a.xml/in-the-way", "x");
  m.open();
  EXPECT_FALSE(recover(*m.known, m.folder, m.staging()).has_value());
  EXPECT_EQ(m.left_in_staging(), names{"1-0"});
  std::filesystem::remove_all(m.root.path("out/a.xml"));
  m.recover_now();
  EXPECT_EQ(m.outputs(), (outputs{{"a.xml", "new"}}));
}

TEST(recovery, of_no_staging_folder_is_silent) {
  machine m;
  std::filesystem::remove_all(m.staging());
  EXPECT_TRUE(recover(*m.known, m.folder, m.staging()).has_value());
}

}  // namespace
}  // namespace calque::host
