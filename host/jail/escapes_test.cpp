// SPDX-License-Identifier: Apache-2.0
// The jail holds every attempt to break out; and each attempt works where there is no jail, so that it shows something.
#include "host/jail/escapes.hpp"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <set>
#include <string>

#include "host/jail/jail.hpp"
#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

/// In a child of a child, so that the parent that it attacks is nobody of ours, and as a user without rights on demand.
escape_outcome attempt(const escape &one, const std::string &ground, std::optional<unsigned> newest_landlock,
                       bool as_nobody) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    if (as_nobody && (setgroups(0, nullptr) != 0 || setgid(65534) != 0 || setuid(65534) != 0)) _exit(9);
    prctl(PR_SET_DUMPABLE, 1);  // as any process of that user is
    const pid_t inner = fork();
    if (inner == 0) {
      dup2(ends[1], STDOUT_FILENO);  // a program that is executed speaks there
      const std::string line = outcome_line(try_escape(one, ground, newest_landlock));
      if (write(ends[1], line.data(), line.size()) < 0) _exit(1);
      _exit(0);
    }
    int status = 0;
    waitpid(inner, &status, 0);
    if (WIFSIGNALED(status)) kill(getpid(), WTERMSIG(status));
    _exit(WEXITSTATUS(status));
  }
  close(ends[1]);
  std::string said;
  char bytes[512];
  for (ssize_t got; (got = read(ends[0], bytes, sizeof bytes)) > 0;) said.append(bytes, static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return read_outcome(said, status);
}

class ground_of_all : public testing::Test {
 protected:
  ground_of_all() {
    EXPECT_TRUE(make_escape_ground(folder.path()).has_value());
    for (const char *name : {"", "outside", "staging"}) {
      chmod(folder.path(name).c_str(), 0777);
    }
    chmod(folder.path("resource.txt").c_str(), 0666);
    chmod(folder.path("outside/secret.txt").c_str(), 0644);
  }
  scratch_folder folder;
};

using escapes = ground_of_all;

void hold_all(const scratch_folder &folder, bool as_nobody) {
  if (!possible_jail().is_whole()) GTEST_SKIP() << "no whole jail here: " << possible_jail().missing.front();
  for (const unsigned newest : {~0U, 5U, 4U, 3U, 2U})
    for (const escape &one : all_escapes()) {
      const escape_outcome outcome = attempt(one, folder.path(), newest, as_nobody);
      EXPECT_EQ(outcome.verdict, escape_verdict::safe)
          << "Landlock " << newest << ": " << one.name << ": " << outcome.how;
    }
}

TEST_F(escapes, are_held_by_the_jail) {
  hold_all(folder, false);
}

TEST_F(escapes, are_held_by_the_jail_of_a_user_without_rights) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user; the test above ran as this one";
  hold_all(folder, true);
}

void work_without(const scratch_folder &folder, bool as_nobody) {
  if (!possible_jail().seccomp) GTEST_SKIP() << "sanitizers do not survive all of these";
  for (const escape &one : all_escapes()) {
    if (one.needs_root && (as_nobody || geteuid() != 0)) continue;
    const escape_outcome outcome = attempt(one, folder.path(), std::nullopt, as_nobody);
    if (one.name == "call-of-x32" && outcome.how.find("ENOSYS") != std::string::npos) continue;  // not in most kernels
    EXPECT_EQ(outcome.verdict, escape_verdict::unsafe) << one.name << ": " << outcome.how;
  }
}

TEST_F(escapes, work_without_a_jail) {
  work_without(folder, false);
}

TEST_F(escapes, work_without_a_jail_for_a_user_without_rights) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user; the test above ran as this one";
  work_without(folder, true);
}

TEST_F(escapes, are_many_and_have_names_of_their_own) {
  std::set<std::string_view> names;
  for (const escape &one : all_escapes()) EXPECT_TRUE(names.insert(one.name).second) << one.name;
  EXPECT_GE(names.size(), 22U);
  const auto all = all_escapes();
  EXPECT_EQ(find_escape(all, "no-such"), nullptr);
  ASSERT_NE(find_escape(all, "fork"), nullptr);
}

TEST(escape_outcomes, are_read_as_they_were_written) {
  for (const escape_verdict verdict : {escape_verdict::safe, escape_verdict::unsafe, escape_verdict::unclear}) {
    const escape_outcome read = read_outcome("noise" + outcome_line({verdict, "some words"}) + "more", 0);
    EXPECT_EQ(read.verdict, verdict);
    EXPECT_EQ(read.how, "some words");
  }
  EXPECT_EQ(read_outcome("", SIGSYS).verdict, escape_verdict::safe);
  EXPECT_EQ(read_outcome("", SIGSEGV).verdict, escape_verdict::unclear);
  EXPECT_EQ(read_outcome("", 0).verdict, escape_verdict::unclear);
  EXPECT_EQ(read_outcome("\ncalque-escape perhaps x\n", 0).verdict, escape_verdict::unclear);
}

TEST(escape_outcomes, take_only_a_refusal_for_safe) {
  errno = EPERM;
  EXPECT_EQ(judge(-1, "").verdict, escape_verdict::safe);
  errno = ENOENT;
  EXPECT_EQ(judge(-1, "").verdict, escape_verdict::unclear);
  EXPECT_EQ(judge(-1, "", {ENOENT}).verdict, escape_verdict::safe);
  EXPECT_EQ(judge(0, "it worked").verdict, escape_verdict::unsafe);
}

}  // namespace
}  // namespace calque::host
