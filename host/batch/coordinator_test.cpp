// SPDX-License-Identifier: Apache-2.0
// Whole batches with workers as threads of this process: what was done, what is not done again, and who gets a name.
#include "host/batch/coordinator.hpp"

#include <gtest/gtest.h>

#include <map>

#include "host/pipeline/scratch_folder.hpp"
#include "tests/run/machine.hpp"

namespace calque::host {
namespace {

struct watcher final : batch_watcher {
  std::map<std::string, std::string> ended;  // by "folder/name": the status, with the code of the first diagnostic
  std::vector<std::string> notices;

  void document_began(unsigned, const std::string &, std::uint64_t) override {}
  void stage_began(unsigned, std::string_view) override {}
  void document_given_back(unsigned) override {}
  void document_ended(const input_end &end) override {
    std::string told(name_of(end.status));
    if (!end.diagnostics.empty()) told += " " + end.diagnostics[0].code;
    const std::string::size_type folder = end.path.rfind('/', end.path.rfind('/') - 1);
    std::string &before = ended[std::string(end.path.substr(folder + 1))];
    // Once each; but what was ready before an input that comes first loses its name, and is told again.
    EXPECT_EQ(end.replaces.has_value(), !before.empty());
    EXPECT_TRUE(before.empty() || (before == "ok" && told == "failed output.duplicate")) << end.path << ": " << before << ", " << told;
    before = told;
  }
  void found(std::string_view) override {}
  void notice(const diagnostic &d) override { notices.push_back(d.code); }
  void tick() override {}
};

struct batch {
  scratch_folder root;
  std::vector<std::string> inputs;
  bool is_forced = false;

  void add(const std::string &name, std::string_view bytes) { inputs.push_back(root.write("in/" + name, bytes)); }
  /// Status by input.
  std::map<std::string, std::string> run(std::string pipeline = std::string(whole)) {
    const machine made(std::move(pipeline));
    batch_settings settings;
    settings.whole = &*made.loaded.value;
    settings.catalog = &catalog();
    for (const std::string &path : inputs) settings.inputs.push_back({path, ""});
    settings.output = root.path("out");
    settings.cache_folder = root.path("cache");
    settings.host = "calque";
    settings.workers = 2;
    settings.is_in_process = true;
    settings.has_jail = false;
    settings.is_durable = false;
    settings.is_forced = is_forced;
    settings.is_stopped = [] { return false; };
    watcher watch;
    coordinator work(settings, watch);
    const auto ready = work.prepare();
    EXPECT_TRUE(ready.has_value()) << ready.error().message;
    if (!ready.has_value()) return {};
    const batch_totals totals = work.run();
    work.end_records(0);
    EXPECT_EQ(totals.outcome, batch_outcome::finished);
    EXPECT_TRUE(watch.notices.empty()) << watch.notices[0];
    return watch.ended;
  }
  std::map<std::string, std::string> outputs() const {
    std::map<std::string, std::string> found;
    for (const std::string &name : root.list())
      if (name.starts_with("out/") && !name.starts_with("out/.calque/") && !name.ends_with('/')) found[name.substr(4)] = root.read(name);
    return found;
  }
};

TEST(coordinator, each_input_ends_and_its_files_are_there) {
  batch b;
  for (int k = 0; k < 40; ++k) b.add(std::to_string(k) + ".lines", "text ~ " + std::to_string(k) + "\n");
  b.add("bad.lines", "!fail\n");
  b.add("empty.lines", "");
  const auto ended = b.run();
  ASSERT_EQ(ended.size(), 42u);
  for (const auto &[name, status] : ended)
    EXPECT_EQ(status, name == "in/bad.lines" ? "rejected lines.bad" : name == "in/empty.lines" ? "rejected input.empty" : "ok") << name;
  const auto outputs = b.outputs();
  ASSERT_EQ(outputs.size(), 40u);
  for (int k = 0; k < 40; ++k) EXPECT_EQ(outputs.at(std::to_string(k) + ".plain"), "text - " + std::to_string(k) + "\n");
}

TEST(coordinator, what_was_done_is_not_done_again) {
  batch b;
  for (int k = 0; k < 10; ++k) b.add(std::to_string(k) + ".lines", "text " + std::to_string(k) + "\n");
  for (const auto &[name, status] : b.run()) EXPECT_EQ(status, "ok") << name;
  for (const auto &[name, status] : b.run()) EXPECT_EQ(status, "up-to-date") << name;
  b.root.write("in/3.lines", "other\n");
  std::filesystem::remove(b.root.path("out/5.plain"));
  for (const auto &[name, status] : b.run())
    EXPECT_EQ(status, name == "in/3.lines" || name == "in/5.lines" ? "ok" : "up-to-date") << name;
  EXPECT_EQ(b.outputs().at("3.plain"), "other\n");
  EXPECT_EQ(b.outputs().at("5.plain"), "text 5\n");
  b.is_forced = true;
  for (const auto &[name, status] : b.run()) EXPECT_EQ(status, "ok") << name;
}

// Whichever worker is ready first: here the first input is the last to be ready, as it is by far the longest.
TEST(coordinator, the_first_of_several_inputs_has_the_name) {
  std::string longest;
  for (int k = 0; k < 5000; ++k) longest += "line\n";
  for (int round = 0; round < 3; ++round) {
    batch b;
    b.add("0/same.lines", longest);
    for (int k = 1; k < 6; ++k) b.add(std::to_string(k) + "/same.lines", "text " + std::to_string(k) + "\n");
    b.add("other.lines", "other\n");
    for (const auto &[name, status] : b.run())
      EXPECT_EQ(status, name == "0/same.lines" || name == "in/other.lines" ? "ok" : "failed output.duplicate") << name;
    EXPECT_EQ(b.outputs(), (std::map<std::string, std::string>{{"other.plain", "other\n"}, {"same.plain", longest}}));
  }
}

TEST(coordinator, two_outputs_of_an_input_never_become_one) {
  const std::string second = "[[stage]]\nexport = \"test.plain\"\nid = \"again\"\nto = \"{dir}/more/extra.txt\"\n";
  std::string pipeline(whole);
  pipeline.replace(pipeline.find("to = "), 5, "with = { extra = true }\nto = ");
  batch b;
  b.add("a.lines", "one\n");
  EXPECT_EQ(b.run(pipeline + second), (std::map<std::string, std::string>{{"in/a.lines", "failed output.duplicate"}}));
  EXPECT_TRUE(b.outputs().empty());
}

}  // namespace
}  // namespace calque::host
