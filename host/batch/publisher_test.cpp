// SPDX-License-Identifier: Apache-2.0
// Publishing: done only after the files are there, nothing that its worker lied about, and what an error leaves.
#include "host/batch/publisher.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <thread>

#include "host/batch/sample_records.hpp"

namespace calque::host {
namespace {

using names = std::vector<std::string>;
using outputs = std::map<std::string, std::string>;

/// The codes of each publication that came to an end, by number.
std::map<std::uint64_t, names> wait_for(publisher &at, std::size_t count) {
  std::map<std::uint64_t, names> ended;
  while (ended.size() < count) {
    pollfd event{at.fd(), POLLIN, 0};
    if (::poll(&event, 1, 20'000) != 1) {
      ADD_FAILURE() << "nothing comes any more";
      break;
    }
    for (const published &one : at.take()) {
      names codes;
      for (const diagnostic &d : one.errors) codes.push_back(d.code);
      EXPECT_TRUE(ended.emplace(one.number, codes).second) << "twice: " << one.number;
    }
  }
  return ended;
}

struct machine : batch_folder {
  std::map<std::uint64_t, names> publish(std::vector<publication> all, bool is_durable = true) {
    publisher at(*known, own_folder(), staging_fd(), is_durable);
    for (publication &one : all) at.submit(std::move(one));
    auto ended = wait_for(at, all.size());
    EXPECT_EQ(at.finish(), 0);
    EXPECT_EQ(at.waiting(), 0u);
    return ended;
  }
  names codes_of(publication one) {
    const std::uint64_t number = one.number;
    return publish({std::move(one)})[number];
  }
};

TEST(publisher, files_are_in_place_and_recorded) {
  for (const bool is_durable : {true, false}) {
    machine m;
    const auto ended = m.publish({m.staged(1, "a.txt", {{"x/a.xml", "one"}, {"a.html", "two"}}), m.staged(2, "b.txt", {{"b.xml", ""}})}, is_durable);
    EXPECT_EQ(ended.at(1), names{});
    EXPECT_EQ(ended.at(2), names{});
    EXPECT_EQ(m.outputs(), (outputs{{"a.html", "two"}, {"b.xml", ""}, {"x/a.xml", "one"}}));
    EXPECT_EQ(m.left_in_staging(), names{});
    for (int k = 0; k < 2; ++k) {
      const auto record = m.known->find("a.txt");
      ASSERT_TRUE(record);
      ASSERT_EQ(record->files.size(), 2u);
      for (const placed_file &file : record->files) {
        const auto mark = m.folder.look(file.file.path);
        ASSERT_TRUE(mark);
        EXPECT_EQ(file.inode, mark->inode);
        EXPECT_EQ(file.changed_ns, mark->changed_ns);
      }
      m.open();
      EXPECT_TRUE(m.known->unfinished().empty());
    }
  }
}

TEST(publisher, a_record_without_moves_is_set) {
  machine m;
  ASSERT_EQ(m.codes_of(m.staged(1, "a.txt", {{"a.xml", "one"}})), names{});
  publication same;
  same.number = 2;
  same.record = sample_record("a.txt", 9);
  same.record.files = {placed("a.xml", "one")};
  EXPECT_EQ(m.codes_of(same), names{});
  const auto record = m.known->find("a.txt");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->sha256, sample_digest<32>(9));
  EXPECT_EQ(record->files.at(0).inode, m.folder.look("a.xml")->inode) << "with the marks of what is there";
}

TEST(publisher, files_that_are_not_made_any_more_go) {
  machine m;
  ASSERT_EQ(m.codes_of(m.staged(1, "a.txt", {{"x/old.xml", "one"}, {"a.xml", "1"}})), names{});
  publication next = m.staged(2, "a.txt", {{"a.xml", "2"}});
  next.removals = {"x/old.xml", "x/never.xml"};
  EXPECT_EQ(m.codes_of(next), names{});
  EXPECT_EQ(m.outputs(), (outputs{{"a.xml", "2"}}));
  EXPECT_FALSE(std::filesystem::exists(m.root.path("out/x")));
}

TEST(publisher, the_digest_in_the_record_is_of_what_was_read) {
  machine m;
  publication one = m.staged(1, "a.txt", {{"a.xml", "one"}});
  one.record.files[0].file.sha256 = sample_digest<32>(7);
  one.record.results[0].files = {one.record.files[0].file};
  EXPECT_EQ(m.codes_of(std::move(one)), names{});
  const auto record = m.known->find("a.txt");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->files[0].file.sha256, sha256_of("one"));
  EXPECT_EQ(record->results[0].files[0].sha256, sha256_of("one"));
}

// A false report costs its own input, whatever else is in the group.
TEST(publisher, false_reports_are_refused) {
  const std::map<std::string, std::function<void(machine &, publication &)>> lies{
      {"other bytes", [](machine &m, publication &) { m.root.write("staging/w1/2-0", "lie"); }},
      {"another size", [](machine &m, publication &) { m.root.write("staging/w1/2-0", "twenty"); }},
      {"another digest", [](machine &, publication &p) { p.written[0][3] ^= 1; }},
      {"a link", [](machine &m, publication &) {
         m.root.write("secret", "two");
         std::filesystem::remove(m.root.path("staging/w1/2-0"));
         std::filesystem::create_symlink(m.root.path("secret"), m.root.path("staging/w1/2-0"));
       }},
      {"a second name of another file", [](machine &m, publication &) {
         m.root.write("secret", "two");
         std::filesystem::remove(m.root.path("staging/w1/2-0"));
         std::filesystem::create_hard_link(m.root.path("secret"), m.root.path("staging/w1/2-0"));
       }},
      {"a pipe", [](machine &m, publication &) {
         std::filesystem::remove(m.root.path("staging/w1/2-0"));
         ASSERT_EQ(::mkfifo(m.root.path("staging/w1/2-0").c_str(), 0600), 0);
       }},
      {"a folder", [](machine &m, publication &) {
         std::filesystem::remove(m.root.path("staging/w1/2-0"));
         std::filesystem::create_directory(m.root.path("staging/w1/2-0"));
       }},
      {"nothing", [](machine &m, publication &) { std::filesystem::remove(m.root.path("staging/w1/2-0")); }},
      {"one file for two", [](machine &, publication &p) {
         p.moves.emplace_back("2-0", 1);
         p.written.push_back(xxh3_of("two"));
         p.record.files.push_back(placed("c.xml", "two"));
       }}};
  for (const auto &[name, lie] : lies) {
    SCOPED_TRACE(name);
    machine m;
    m.root.write("out/b.xml", "old");
    publication liar = m.staged(2, "b.txt", {{"b.xml", "two"}});
    lie(m, liar);
    const auto ended = m.publish({m.staged(1, "a.txt", {{"a.xml", "one"}}), std::move(liar), m.staged(3, "c.txt", {{"d.xml", "three"}})});
    EXPECT_EQ(ended.at(1), names{});
    EXPECT_EQ(ended.at(2), names{"run.false-report"});
    EXPECT_EQ(ended.at(3), names{});
    EXPECT_EQ(m.outputs(), (outputs{{"a.xml", "one"}, {"b.xml", "old"}, {"d.xml", "three"}}));
    EXPECT_FALSE(m.known->find("b.txt"));
    EXPECT_TRUE(m.known->unfinished().empty());
    EXPECT_EQ(m.known->inputs(), (names{"a.txt", "c.txt"}));
  }
}

TEST(publisher, what_is_in_the_way_costs_its_input_alone) {
  machine m;
  m.root.write("out/folder/x", "");
  std::filesystem::create_symlink(m.root.path(), m.root.path("out/link"));
  const auto ended = m.publish({m.staged(1, "a", {{"folder", "1"}}), m.staged(2, "b", {{"link/b", "1"}}), m.staged(3, "c", {{"c", "1"}})});
  EXPECT_EQ(ended.at(1), names{"output.not-a-file"});
  EXPECT_EQ(ended.at(2), names{"output.symlink"});
  EXPECT_EQ(ended.at(3), names{});
  EXPECT_EQ(m.outputs(), (outputs{{"c", "1"}, {"folder/x", ""}, {"link", ""}}));
  EXPECT_EQ(m.left_in_staging(), names{});
}

/// Runs as somebody who may not write everywhere, as root may; threads that are made meanwhile are like that too.
class as_nobody {
 public:
  as_nobody() { ::setfsuid(65534); }
  ~as_nobody() { ::setfsuid(::geteuid()); }
};

TEST(publisher, a_folder_that_cannot_be_written_leaves_the_older_record) {
  machine m;
  ASSERT_EQ(m.codes_of(m.staged(1, "a", {{"x/a.xml", "old"}})), names{});
  publication next = m.staged(2, "a", {{"x/a.xml", "new"}}), more = m.staged(3, "b", {{"b.xml", "1"}});
  ASSERT_EQ(::chmod(m.root.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(m.root.path("out/x").c_str(), 0555), 0);
  ASSERT_EQ(::chmod(m.root.path("out").c_str(), 0777), 0);
  ASSERT_EQ(::chmod(m.root.path("staging/w1").c_str(), 0777), 0);
  std::map<std::uint64_t, names> ended;
  {
    const as_nobody self;
    std::vector<publication> both;
    both.push_back(std::move(next));
    both.push_back(std::move(more));
    ended = m.publish(std::move(both));
  }
  EXPECT_EQ(ended.at(2), names{"output.permission"});
  EXPECT_EQ(ended.at(3), names{});
  EXPECT_EQ(m.outputs(), (outputs{{"b.xml", "1"}, {"x/a.xml", "old"}}));
  EXPECT_EQ(m.left_in_staging(), names{});
  for (int k = 0; k < 2; ++k) {
    EXPECT_EQ(m.known->find("a")->sha256, sample_digest<32>(1));
    EXPECT_TRUE(m.known->unfinished().empty());
    m.open();
  }
}

TEST(publisher, nothing_is_placed_when_the_state_cannot_be_written) {
  machine m;
  m.known->set(sample_record("other"));
  ASSERT_EQ(m.known->flush(), 0);
  m.known.reset();
  // Opened for reading only, it fails each write, as a full disk does.
  auto opened = state::open(m.root.path("state.db"), journal::access::read_only, m.notices);
  ASSERT_TRUE(opened.has_value());
  m.known = std::move(opened.value());
  publisher at(*m.known, m.own_folder(), m.staging_fd(), true);
  at.submit(m.staged(1, "a", {{"a.xml", "1"}}));
  EXPECT_EQ(wait_for(at, 1).at(1).size(), 1u);
  EXPECT_EQ(m.outputs(), outputs{});
  EXPECT_EQ(m.left_in_staging(), names{});
  EXPECT_FALSE(m.known->find("a"));
}

TEST(publisher, withdraws_what_an_input_had) {
  machine m;
  ASSERT_EQ(m.codes_of(m.staged(1, "a", {{"x/a.xml", "1"}, {"y.xml", "1"}})), names{});
  publication back;
  back.number = 2;
  back.record.path = "a";
  back.record.status = run_status::failed;
  back.record.code = "output.duplicate";
  back.withdraws = true;
  back.kept_by_other = "y.xml";
  EXPECT_EQ(m.codes_of(back), names{});
  EXPECT_EQ(m.outputs(), (outputs{{"y.xml", "1"}}));
  for (int k = 0; k < 2; ++k) {
    const auto record = m.known->find("a");
    ASSERT_TRUE(record);
    EXPECT_EQ(record->status, run_status::failed);
    EXPECT_EQ(record->sha256, sample_digest<32>(1));
    EXPECT_TRUE(record->files.empty());
    m.open();
  }
}

TEST(publisher, forgets_what_has_vanished) {
  machine m;
  ASSERT_EQ(m.codes_of(m.staged(1, "a", {{"x/a.xml", "1"}})), names{});
  publication gone;
  gone.record.path = "a";
  gone.withdraws = gone.forgets = true;
  for (const std::uint64_t number : {2, 3}) {  // the second time there is nothing to forget
    gone.number = number;
    EXPECT_EQ(m.codes_of(gone), names{});
    EXPECT_EQ(m.outputs(), outputs{});
    EXPECT_FALSE(m.known->find("a"));
  }
  m.open();
  EXPECT_FALSE(m.known->find("a"));
  EXPECT_TRUE(m.known->unfinished().empty());
}

TEST(publisher, a_withdrawal_sees_what_was_submitted_before_it) {
  machine m;
  publisher at(*m.known, m.own_folder(), m.staging_fd(), false);
  for (std::uint64_t k = 0; k < 20; ++k) {
    at.submit(m.staged(2 * k + 1, "a", {{"a-" + std::to_string(k), "1"}}));
    publication back;
    back.number = 2 * k + 2;
    back.record.path = "a";
    back.withdraws = true;
    at.submit(std::move(back));
  }
  for (const auto &[number, codes] : wait_for(at, 40)) EXPECT_EQ(codes, names{}) << number;
  EXPECT_EQ(at.finish(), 0);
  EXPECT_EQ(m.outputs(), outputs{});
}

// More than one group, while another thread looks: whoever finds a record finds its files.
TEST(publisher, done_never_stands_there_before_the_files) {
  machine m;
  constexpr std::uint64_t count = 300;
  publisher at(*m.known, m.own_folder(), m.staging_fd(), false);
  std::atomic<bool> is_over = false;
  std::atomic<std::uint64_t> seen = 0, missing = 0;
  std::thread looking([&] {
    while (!is_over)
      for (std::uint64_t k = 1; k <= count; ++k)
        if (const auto record = m.known->find("in-" + std::to_string(k))) {
          ++seen;
          for (const placed_file &file : record->files)
            if (::access(m.root.path("out/" + file.file.path).c_str(), F_OK) != 0) ++missing;
        }
  });
  for (std::uint64_t k = 1; k <= count; ++k)
    at.submit(m.staged(k, "in-" + std::to_string(k), {{"d" + std::to_string(k % 7) + "/" + std::to_string(k), std::to_string(k)}}));
  for (const auto &[number, codes] : wait_for(at, count)) EXPECT_EQ(codes, names{}) << number;
  // The other one has seen something of it in any case.
  while (seen == 0) std::this_thread::yield();
  is_over = true;
  looking.join();
  EXPECT_EQ(missing, 0u);
  EXPECT_EQ(at.finish(), 0);
  EXPECT_EQ(m.outputs().size(), count);
  m.open();
  EXPECT_EQ(m.known->count(), count);
}

TEST(publisher, finishes_what_was_submitted_and_can_be_asked_twice) {
  machine m;
  {
    publisher at(*m.known, m.own_folder(), m.staging_fd(), true);
    for (std::uint64_t k = 1; k <= 100; ++k) at.submit(m.staged(k, std::to_string(k), {{std::to_string(k), "x"}}));
    EXPECT_EQ(at.finish(), 0);
    EXPECT_EQ(at.finish(), 0);
    EXPECT_EQ(at.take().size(), 100u);
    EXPECT_TRUE(at.take().empty());
  }
  EXPECT_EQ(m.outputs().size(), 100u);
  publisher nothing(*m.known, m.own_folder(), m.staging_fd(), true);
}

}  // namespace
}  // namespace calque::host
