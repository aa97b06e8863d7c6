// SPDX-License-Identifier: Apache-2.0
// Runs are found by name alone, in the order of their starts; old ones go, the running one never.
#include "host/records/run_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;
using names = std::vector<std::string>;

const std::string first = "20260301T020000Z-999", second = "20260301T020000Z-1000", third = "20260302T020000Z-5";

class run_folder_test : public testing::Test {
 protected:
  void add(const std::string &id, const std::string &events) const {
    folder.write(".calque/runs/" + id + "/events.ndjson", events);
  }
  names ids() const {
    names found;
    for (const run_folder &run : find_runs(folder.path())) found.push_back(run.id);
    return found;
  }
  const scratch_folder folder;
  const std::string finished = "{\"seq\":0,\"event\":\"run-started\"}\n{\"seq\":1,\"event\":\"run-finished\"}\n";
};

TEST_F(run_folder_test, names_are_the_start_in_utc_and_the_process) {
  EXPECT_EQ(run_id(1772330400, 4711), "20260301T020000Z-4711");
  EXPECT_EQ(run_id(0, 1), "19700101T000000Z-1");
  EXPECT_TRUE(is_run_id("20260301T020000Z-4711"));
  for (const char *other :
       {"", "20260301T020000Z-", "20260301T020000Z", "20260301T020000Z-47a", "20260301t020000Z-4711",
        "x20260301T020000Z-4711", "20260301T020000Z-4711/..", "20260301T020000Z-47110000000"})
    EXPECT_FALSE(is_run_id(other)) << other;
}

TEST_F(run_folder_test, makes_a_folder_of_its_own) {
  const auto one = make_run_folder(folder.path(), 1772330400, 4711);
  ASSERT_TRUE(one);
  EXPECT_EQ(one.value().id, "20260301T020000Z-4711");
  EXPECT_EQ(one.value().path, folder.path(".calque/runs/20260301T020000Z-4711"));
  const auto other = make_run_folder(folder.path(), 1772330400, 4711);
  ASSERT_TRUE(other);
  EXPECT_EQ(other.value().id, "20260301T020001Z-4711");
  EXPECT_EQ(ids(), (names{one.value().id, other.value().id}));
}

TEST_F(run_folder_test, makes_nothing_behind_a_link) {
  fs::create_directory(folder.path("elsewhere"));
  fs::create_directory(folder.path("output"));
  fs::create_directory_symlink(folder.path("elsewhere"), folder.path("output/.calque"));
  EXPECT_EQ(make_run_folder(folder.path("output"), 0, 1).error().code, "output.symlink");
  EXPECT_TRUE(fs::is_empty(folder.path("elsewhere")));
  folder.write("file/.calque", "");
  EXPECT_EQ(make_run_folder(folder.path("file"), 0, 1).error().code, "output.cannot-create");
}

TEST_F(run_folder_test, lists_runs_by_time_and_nothing_else) {
  EXPECT_EQ(ids(), names{});
  EXPECT_FALSE(last_run(folder.path()));
  add(third, finished);
  add(second, finished);
  add(first, finished);
  folder.write(".calque/runs/notes/keep.txt", "mine");
  folder.write(".calque/runs/20260301T020000Z-1", "a file");
  fs::create_directory_symlink(folder.path(), folder.path(".calque/runs/20260301T020000Z-2"));
  EXPECT_EQ(ids(), (names{first, second, third}));
  EXPECT_EQ(last_run(folder.path())->id, third);
  EXPECT_EQ(find_run(folder.path(), second)->path, folder.path(".calque/runs/" + second));
  EXPECT_FALSE(find_run(folder.path(), "notes"));
}

TEST_F(run_folder_test, a_run_is_finished_when_its_last_event_says_so) {
  add(first, finished);
  add(second, finished + "{\"seq\":2,\"event\":\"notice\"}\n");
  add(third, finished.substr(0, finished.size() - 1));  // cut off
  EXPECT_EQ(last_run(folder.path())->id, third);
  EXPECT_EQ(last_finished_run(folder.path())->id, first);
  add(third, std::string(200000, 'x') + "\n" + finished);
  EXPECT_EQ(last_finished_run(folder.path())->id, third);
  for (const char *other :
       {"", "\n", "[]\n", "{}\n", "run-finished\n", "{\"event\":7}\n", "{\"event\":\"run-finished\"} "}) {
    add(third, other);
    EXPECT_EQ(last_finished_run(folder.path())->id, first) << other;
  }
  fs::remove_all(folder.path(".calque/runs/" + first));
  EXPECT_FALSE(last_finished_run(folder.path()));
}

TEST_F(run_folder_test, keeps_the_newest_and_the_running_one) {
  for (const std::string &id : {first, second, third}) add(id, finished);
  EXPECT_EQ(keep_runs(folder.path(), 3, third), names{});
  EXPECT_EQ(keep_runs(folder.path(), 2, third), (names{first}));
  EXPECT_EQ(ids(), (names{second, third}));
  EXPECT_EQ(keep_runs(folder.path(), 1, second), (names{third}));
  EXPECT_EQ(keep_runs(folder.path(), 0, second), names{});
  EXPECT_EQ(ids(), (names{second}));
  EXPECT_EQ(keep_runs(folder.path(), 0, {}), (names{second}));
}

TEST_F(run_folder_test, removing_a_run_removes_no_more_than_that) {
  folder.write("outside/edition.xml", "mine");
  add(first, finished);
  fs::create_directory_symlink(folder.path("outside"), folder.path(".calque/runs/" + first + "/link"));
  folder.write(".calque/runs/notes/keep.txt", "mine");
  EXPECT_EQ(keep_runs(folder.path(), 0, {}), (names{first}));
  EXPECT_EQ(folder.read("outside/edition.xml"), "mine");
  EXPECT_EQ(folder.read(".calque/runs/notes/keep.txt"), "mine");
}

}  // namespace
}  // namespace calque::host
