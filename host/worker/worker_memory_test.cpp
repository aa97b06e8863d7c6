// SPDX-License-Identifier: Apache-2.0
// A worker's memory: what the order says is known, documents go to and come from the coordinator and from nobody else.
#include "host/worker/worker_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "host/document/packed.hpp"
#include "host/document/random_document.hpp"
#include "host/system/bytes_io.hpp"
#include "host/worker/sample_messages.hpp"

namespace calque::host {
namespace {

std::vector<document> some_documents() {
  std::vector<document> all;
  for (std::uint64_t seed = 1; all.size() < 3; ++seed) {
    const auto made = test::random_documents(seed);
    all.insert(all.end(), made.value().begin(), made.value().end());
  }
  return all;
}

/// A memory with a coordinator that answers one message as it is told.
struct desk {
  worker_setup setup = sample_setup();
  stage_fingerprints prints{{"print of record", "print of tei"}, {{"calque.text", "print of text"}}};
  job_order order = sample_order();
  channel ours{descriptor()}, theirs{descriptor()};
  std::optional<worker_memory> memory;

  desk() {
    setup.keeps_documents = true;
    descriptor a, b;
    EXPECT_TRUE(channel::make_pair(a, b));
    ours = channel(std::move(a));
    theirs = channel(std::move(b));
    memory.emplace(setup, prints, order, theirs, 42);
  }
  std::optional<std::vector<document>> fetch(const std::function<void(const message &)> &answer) {
    std::thread coordinator([&] {
      message asked;
      EXPECT_EQ(ours.receive(asked), channel_state::open);
      answer(asked);
    });
    auto got = memory->fetch(sample_digest<16>(3));
    coordinator.join();
    return got;
  }
};

TEST(pack_all, documents_come_back) {
  const std::vector<document> all = some_documents();
  const std::string bytes = pack_all(all);
  const auto back = unpack_all(bytes);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), all.size());
  for (std::size_t k = 0; k < all.size(); ++k) EXPECT_EQ(content_digest((*back)[k]), content_digest(all[k]));
}

TEST(pack_all, nothing_cut_or_false_is_taken) {
  const std::vector<document> all = some_documents();
  const std::string bytes = pack_all({all[0]});
  EXPECT_FALSE(unpack_all(""));
  EXPECT_FALSE(unpack_all(pack_all({})));
  EXPECT_FALSE(unpack_all(bytes + "x"));
  std::mt19937_64 random(20260303);
  for (int round = 0; round < 300; ++round) {
    ASSERT_FALSE(unpack_all(std::string_view(bytes).substr(0, random() % bytes.size()))) << "seed 20260303, round " << round;
    std::string flipped = bytes;
    flipped[random() % bytes.size()] ^= static_cast<char>(1u << random() % 8);
    const auto got = unpack_all(flipped);
    ASSERT_TRUE(!got || content_digest(got->front()) == content_digest(all[0])) << "seed 20260303, round " << round;
  }
}

TEST(worker_memory, knows_what_the_order_says) {
  desk d;
  EXPECT_EQ(d.memory->fingerprint(1), "print of tei");
  EXPECT_EQ(d.memory->fingerprint_of_importer("calque.text"), "print of text");
  EXPECT_EQ(d.memory->fingerprint_of_importer("calque.none"), "");
  ASSERT_NE(d.memory->find(sample_digest<16>(2)), nullptr);
  EXPECT_EQ(d.memory->find(sample_digest<16>(2))->key, sample_digest<16>(2));
  EXPECT_EQ(d.memory->find(sample_digest<16>(3)), nullptr);
}

TEST(worker_memory, files_are_there_only_with_their_bytes) {
  desk d;
  const known_file there = d.order.in_place[0], also = d.order.in_place[1];
  EXPECT_TRUE(d.memory->is_in_place(there.path, there.sha256));
  EXPECT_FALSE(d.memory->is_in_place(there.path, also.sha256));
  EXPECT_FALSE(d.memory->is_in_place("elsewhere", there.sha256));
  EXPECT_TRUE(d.memory->has_files({there, also}));
  known_file changed = also;
  changed.sha256[0] ^= 1;
  EXPECT_FALSE(d.memory->has_files({there, changed}));
  EXPECT_TRUE(d.memory->has_files({}));
}

TEST(worker_memory, gives_the_results_that_it_was_told) {
  desk d;
  d.memory->keep(sample_result(8));
  d.memory->keep(sample_result(9));
  const auto results = d.memory->take_results();
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].key, sample_digest<16>(9));
}

TEST(worker_memory, fetches_documents_from_the_coordinator) {
  desk d;
  const std::vector<document> all = some_documents();
  const auto got = d.fetch([&](const message &asked) {
    EXPECT_EQ(asked.kind, message_kind::fetch);
    EXPECT_EQ(asked.job, 42u);
    const auto key = sample_digest<16>(3);
    EXPECT_EQ(asked.payload, std::string(key.begin(), key.end()));
    d.ours.send(message_kind::document, 42, "", {*sealed_memory("d", pack_all(all))});
  });
  ASSERT_TRUE(got);
  EXPECT_EQ(got->size(), all.size());
  EXPECT_FALSE(d.memory->is_cut_off());
}

TEST(worker_memory, takes_no_answer_that_is_none) {
  desk d;
  EXPECT_FALSE(d.fetch([&](const message &) { d.ours.send(message_kind::document, 42, ""); })) << "not kept";
  EXPECT_FALSE(d.fetch([&](const message &) {
    d.ours.send(message_kind::document, 42, "", {*sealed_memory("d", "no document")});
  }));
  EXPECT_FALSE(d.memory->is_cut_off()) << "both are as the cache may be";
  EXPECT_FALSE(d.fetch([&](const message &) { d.ours.send(message_kind::job, 42, ""); }));
  EXPECT_TRUE(d.memory->is_cut_off());
  // From then on nobody is asked.
  EXPECT_FALSE(d.memory->fetch(sample_digest<16>(3)));
}

TEST(worker_memory, is_cut_off_when_the_coordinator_is_gone) {
  desk d;
  d.ours.close();
  EXPECT_FALSE(d.memory->fetch(sample_digest<16>(3)));
  EXPECT_TRUE(d.memory->is_cut_off());
  desk other;
  other.ours.close();
  other.memory->offer(sample_digest<16>(4), some_documents(), 0, 1e9);
  EXPECT_TRUE(other.memory->is_cut_off());
}

TEST(worker_memory, offers_what_was_dear_and_what_feeds_a_stage_with_files) {
  desk d;
  const std::vector<document> all = some_documents();
  d.setup.whole.cache.dear = std::chrono::milliseconds(20);
  d.setup.keeps = {false, true};
  message got;
  d.memory->offer(sample_digest<16>(1), all, 0, 19.9);
  EXPECT_EQ(d.ours.receive(got, false), channel_state::empty) << "cheap";
  d.memory->offer(sample_digest<16>(1), all, 2, 1);
  EXPECT_EQ(d.ours.receive(got, false), channel_state::empty) << "no stage follows";
  d.memory->offer(sample_digest<16>(2), all, 0, 20);
  ASSERT_EQ(d.ours.receive(got, false), channel_state::open) << "dear";
  EXPECT_EQ(got.kind, message_kind::keep);
  d.memory->offer(sample_digest<16>(3), all, 1, 0);
  ASSERT_EQ(d.ours.receive(got, false), channel_state::open) << "feeds";
  ASSERT_EQ(got.descriptors.size(), 1u);
  EXPECT_TRUE(is_sealed(*got.descriptors[0]));
  EXPECT_EQ(read_at(*got.descriptors[0], 0, 1 << 24), pack_all(all));
  d.setup.keeps_documents = false;
  d.memory->offer(sample_digest<16>(4), all, 1, 1e9);
  EXPECT_EQ(d.ours.receive(got, false), channel_state::empty) << "there is no cache";
  EXPECT_FALSE(d.memory->fetch(sample_digest<16>(3)));
}

}  // namespace
}  // namespace calque::host
