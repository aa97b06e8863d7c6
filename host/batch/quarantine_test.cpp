// SPDX-License-Identifier: Apache-2.0
// A bundle: all that repeats a failure comes back, and what is no bundle is told.
#include "host/batch/quarantine.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "host/pipeline/scratch_folder.hpp"
#include "host/system/descriptor.hpp"
#include "host/worker/sample_messages.hpp"

namespace calque::host {
namespace {

quarantined sample() {
  return {sample_setup(), sample_order(), run_status::timeout, "silence", "last \x1B[2J words\n"};
}

result<void> write(const scratch_folder &folder, const quarantined &one, std::string_view input) {
  const descriptor fd(::open(folder.write("the-input", input).c_str(), O_RDONLY | O_CLOEXEC));
  return write_bundle(folder.path("q/one"), one, *fd);
}

TEST(quarantine, a_bundle_comes_back) {
  scratch_folder folder;
  const quarantined sent = sample();
  const std::string input(3'000'000, 'x');
  ASSERT_TRUE(write(folder, sent, input).has_value());
  EXPECT_TRUE(folder.read("q/one/input") == input);
  EXPECT_EQ(bundle_input(folder.path("q/one")), folder.path("q/one/input"));
  const auto got = read_bundle(folder.path("q/one"));
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(to_wire(got->setup), to_wire(sent.setup));
  EXPECT_EQ(to_wire(got->order), to_wire(sent.order));
  EXPECT_EQ(got->status, sent.status);
  EXPECT_EQ(got->detail, sent.detail);
}

TEST(quarantine, a_bundle_is_for_people_as_well) {
  scratch_folder folder;
  ASSERT_TRUE(write(folder, sample(), "x").has_value());
  const auto outcome = nlohmann::json::parse(folder.read("q/one/outcome.json"));
  EXPECT_EQ(outcome["status"], "timeout");
  EXPECT_EQ(outcome["input"], "records/1962/a.txt");
  EXPECT_EQ(outcome["stages"][0]["digest"], "ab12");
  EXPECT_EQ(folder.read("q/one/stderr.txt").find('\x1B'), std::string::npos);
  EXPECT_NE(folder.read("q/one/stderr.txt").find("words"), std::string::npos);
}

TEST(quarantine, the_next_one_of_an_input_takes_its_place) {
  scratch_folder folder;
  ASSERT_TRUE(write(folder, sample(), "a long input of the first time").has_value());
  quarantined next = sample();
  next.status = run_status::crashed;
  ASSERT_TRUE(write(folder, next, "short").has_value());
  EXPECT_EQ(folder.read("q/one/input"), "short");
  EXPECT_EQ(read_bundle(folder.path("q/one"))->status, run_status::crashed);
}

TEST(quarantine, what_is_no_bundle_is_told) {
  scratch_folder folder;
  const auto code_of = [&] {
    const auto got = read_bundle(folder.path("q/one"));
    return got.has_value() ? "ok" : got.error().code;
  };
  EXPECT_EQ(code_of(), "repro.no-bundle");
  for (const char *name : {"setup", "order", "outcome.json"}) {
    ASSERT_TRUE(write(folder, sample(), "x").has_value());
    EXPECT_EQ(code_of(), "ok");
    std::filesystem::remove(folder.path(std::string("q/one/") + name));
    EXPECT_EQ(code_of(), "repro.no-bundle") << name << " is missing";
    folder.write(std::string("q/one/") + name, "{\"status\": 7}");
    EXPECT_EQ(code_of(), "repro.no-bundle") << name << " is something else";
  }
  ASSERT_TRUE(write(folder, sample(), "x").has_value());
  folder.write("q/one/outcome.json", "{\"status\": \"melted\"}");
  EXPECT_EQ(code_of(), "repro.no-bundle");
}

TEST(quarantine, an_error_while_writing_is_told) {
  scratch_folder folder;
  folder.write("q", "a file where the folder should be");
  const auto refused = write(folder, sample(), "x");
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().code.starts_with("output.")) << refused.error().code;
}

}  // namespace
}  // namespace calque::host
