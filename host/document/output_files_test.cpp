// SPDX-License-Identifier: Apache-2.0
// Files of an exporter, and the account that must add up.
#include "host/document/output_files.hpp"

#include <gtest/gtest.h>

#include "host/document/dump.hpp"
#include "host/document/random_document.hpp"

namespace calque::host {
namespace {

using test::str;

/// Five nodes, seven letters, one page.
document example() {
  return parse_dump("calque-dump 1\nnext node 5 annotation 2\nsource 0 \"a\" type=\"\" encoding=\"\" size=9 sha256=" +
                    std::string(64, '0') +
                    "\ndocument #0\n  paragraph #1\n    text #2 \"Guten\"\n  paragraph #3\n    text #4 \" Ж9\"\n"
                    "layer calque.page/1 by import follow\n  #1 page 5 after n=\"2\"\n"
                    "origin 0..9 ~ 0:0..9\n")
      .value();
}

struct workbench {
  explicit workbench(const limits &within = {})
      : exported(example()), made({"writer", &test::tiling_stage()}, exported, within, nullptr, out) {}

  calque_status create(std::string_view path, uint32_t flags = 0) {
    return o->create(o, str(path), str("text/plain"), flags, &file);
  }
  calque_status write(std::string_view bytes) { return o->write(o, file, str(bytes)); }
  std::string error() {
    const auto result = made.finish();
    return result.has_value() ? "none" : result.error().code + " " + result.error().message;
  }

  document exported;
  diagnostics out;
  output_files made;
  calque_output *o = made.abi();
  uint32_t file = 0;
};

TEST(output_files, export_that_accounts_for_all_is_taken) {
  workbench w;
  EXPECT_EQ(w.create(""), CALQUE_OK);
  EXPECT_EQ(w.write("Gu"), CALQUE_OK);
  EXPECT_EQ(w.write("ten"), CALQUE_OK);
  EXPECT_EQ(w.o->emitted(w.o, 0, 3), CALQUE_OK);
  EXPECT_EQ(w.o->not_expressed(w.o, 3, 5, str("test.dropped")), CALQUE_OK);
  EXPECT_EQ(w.o->marks_emitted(w.o, 0, 0, 1), CALQUE_OK);
  const auto result = w.made.finish();
  ASSERT_TRUE(result.has_value());
  ASSERT_EQ(result->files.size(), 1u);
  EXPECT_EQ(result->files[0].bytes, "Guten");
  EXPECT_TRUE(result->files[0].primary);
  ASSERT_EQ(result->account.entries().size(), 1u);
  EXPECT_EQ(result->account.entries()[0].count, 2u);
  EXPECT_EQ(result->account.entries()[0].letters_before, 2u);
  EXPECT_EQ(result->account.entries()[0].letters_after, 0u);
}

TEST(output_files, node_that_nobody_speaks_of_fails_the_export) {
  workbench w;
  w.create("a.txt");
  w.o->emitted(w.o, 0, 2);
  w.o->emitted(w.o, 3, 4);
  EXPECT_EQ(w.error(),
            "ledger.node-not-accounted 2 nodes are neither emitted nor declared as not expressed; the first is node 2, "
            "a text");
}

TEST(output_files, page_that_nobody_speaks_of_fails_the_export) {
  workbench w;
  w.create("a.txt");
  w.o->emitted(w.o, 0, 5);
  EXPECT_EQ(w.error(),
            "ledger.mark-not-accounted 1 marks of calque.page/1 are neither emitted nor declared as not expressed");
}

TEST(output_files, nothing_is_accounted_for_twice) {
  workbench w;
  EXPECT_EQ(w.o->emitted(w.o, 0, 5), CALQUE_OK);
  EXPECT_EQ(w.o->not_expressed(w.o, 4, 5, str("test.dropped")), CALQUE_MISUSE);
  EXPECT_EQ(w.error(), "plugin.misuse output.not_expressed: 4 is accounted for already");
}

TEST(output_files, unknown_codes_and_ranges_are_refused) {
  workbench u;
  EXPECT_EQ(u.o->not_expressed(u.o, 0, 1, str("test.other")), CALQUE_MISUSE);
  workbench w;
  EXPECT_EQ(w.o->emitted(w.o, 4, 6), CALQUE_MISUSE);
  workbench v;
  EXPECT_EQ(v.o->marks_emitted(v.o, 1, 0, 0), CALQUE_MISUSE);
}

TEST(output_files, paths_stay_below_the_output_folder) {
  for (const std::string path : {"/etc/passwd", "../a", "a/../../b", "a//b", "a/", "./a", "a\\b", "a\nb", "\xff"}) {
    workbench w;
    EXPECT_EQ(w.create(path), CALQUE_MISUSE) << path;
  }
  for (const std::string path : {"a", "a/b.txt", "..a", "周/б.txt"}) {
    workbench w;
    EXPECT_EQ(w.create(path), CALQUE_OK) << path;
  }
}

TEST(output_files, names_that_differ_in_case_only_are_refused) {
  workbench w;
  EXPECT_EQ(w.create("Über/A.txt"), CALQUE_OK);
  EXPECT_EQ(w.create("über/a.TXT"), CALQUE_MISUSE);
}

TEST(output_files, one_file_is_primary) {
  workbench w;
  w.create("a");
  w.create("b", CALQUE_PRIMARY);
  EXPECT_EQ(w.create("c", CALQUE_PRIMARY), CALQUE_MISUSE);
  workbench v;
  EXPECT_EQ(v.create("a", 2), CALQUE_MISUSE) << "no such flag";
}

TEST(output_files, closed_files_take_no_more) {
  workbench w;
  w.create("a");
  EXPECT_EQ(w.o->close(w.o, w.file), CALQUE_OK);
  EXPECT_EQ(w.write("x"), CALQUE_MISUSE);
}

TEST(output_files, output_is_limited_and_there_must_be_some) {
  limits few;
  few.max_output = 3;
  workbench w(few);
  w.create("a");
  w.create("b");
  EXPECT_EQ(w.write("ab"), CALQUE_OK);
  EXPECT_EQ(w.write("cd"), CALQUE_LIMIT);
  EXPECT_EQ(w.error(), "document.limit bytes of output: 4 wanted, 3 granted");
  workbench none;
  EXPECT_EQ(none.error(), "output.no-file the exporter made no file");
}

}  // namespace
}  // namespace calque::host
