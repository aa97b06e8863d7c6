// SPDX-License-Identifier: Apache-2.0
// Writes the first files of the corpora: one message of each kind, packets, and small state files.
#include <xxhash.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "host/worker/channel.hpp"
#include "host/worker/sample_messages.hpp"
#include "host/worker/wire.hpp"
#include "host/worker/worker_ready.hpp"

namespace {

using namespace calque::host;

std::string folder;

void write(const std::string &name, const std::string &bytes) {
  std::filesystem::create_directories(std::filesystem::path(folder + "/" + name).parent_path());
  std::ofstream(folder + "/" + name, std::ios::binary) << bytes;
}

std::string sized(std::string_view bytes) {
  return std::string{static_cast<char>(bytes.size() & 0xFF), static_cast<char>(bytes.size() >> 8)};
}

std::string packet(std::uint16_t in_memory, std::uint64_t size, const std::string &payload, char descriptors) {
  wire_writer head;
  head.add(std::uint32_t{0x514C4143});
  head.add(message_kind::done);
  head.add(in_memory);
  head.add(std::uint64_t{1});
  head.add(size);
  const std::string bytes = head.bytes() + payload;
  return sized(bytes) + descriptors + bytes;
}

std::string record(char type, const std::string &payload) {
  return type + sized(payload) + payload;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  folder = argv[1];
  worker_setup setup = sample_setup();
  setup.importers.clear();
  write("proto/order", std::string(1, 0) + to_wire(sample_order()));
  write("proto/report", char{1} + to_wire(sample_report()));
  job_report climbing = sample_report();
  climbing.files[0].file.path = "../a";
  write("proto/climbing-path", char{1} + to_wire(climbing));
  climbing = sample_report();
  climbing.files[0].staged = "../1-0";
  write("proto/climbing-staged", char{1} + to_wire(climbing));
  write("proto/setup", char{2} + to_wire(setup));
  write("proto/ready", char{3} + to_wire(worker_ready{{{"/lib/a.so", "ab12"}}, 3, true, {"Landlock"}, {sample_diagnostic()}}));
  write("proto/prints", char{4} + to_wire(stage_fingerprints{{"one", "two"}, {{"calque.text", "three"}}}));
  write("proto/packets", char{5} + packet(0, 2, "ok", 0) + packet(1, 24, "", 1) + packet(1, 9, "", 0x41) + packet(0, 0, "", '\xC1'));
  // Records of a state: a configuration, an owner, something forgotten, a publication that is begun and done.
  wire_writer owner, path, number, fields;
  owner.add(std::string("minutes"));
  path.add(std::string("records/a.txt"));
  number.add(std::uint64_t{7});
  fields.add(sample_digest<16>(1));
  fields.add(std::uint64_t{1});
  fields.add(std::string("limits.depth"));
  fields.add(std::string("1024"));
  const std::string begun = number.bytes() + path.bytes() + std::string(120, '\0');
  write("journal/records", char{1} + record(1, fields.bytes()) + record(7, owner.bytes()) + record(2, begun) +
                               record(3, number.bytes()) + record(4, number.bytes()) + record(5, path.bytes() + std::string(110, '\0')) +
                               record(6, path.bytes()));
  write("journal/tail", char{1} + record(6, path.bytes()) + "\xFF\xFF");
  write("journal/long-tail", char{1} + record(6, path.bytes()) + std::string(100, '\xFF'));
  write("journal/foreign", std::string(1, 0) + "SQLite format 3");
  wire_writer newer;
  newer.add(std::uint32_t{2});
  const std::string head = "CALQSTAT" + newer.bytes();
  newer = {};
  newer.add(std::uint32_t{XXH32(head.data(), head.size(), 0)});
  write("journal/newer", std::string(1, 0) + head + newer.bytes());
  write("journal/empty", std::string(1, 0));
  return 0;
}
