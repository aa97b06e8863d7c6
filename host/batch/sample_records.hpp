// SPDX-License-Identifier: Apache-2.0
// Records and staged files as workers leave them, for tests of the state and of publishing.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/batch/publisher.hpp"
#include "host/batch/state.hpp"
#include "host/pipeline/scratch_folder.hpp"
#include "host/worker/sample_messages.hpp"

namespace calque::host {

inline placed_file placed(const std::string &path, std::string_view bytes) {
  return {{path, "text/plain", bytes.size(), sha256_of(bytes), true}, 1, 1, 0, 0};
}

inline input_record sample_record(const std::string &path, std::uint8_t seed = 1) {
  input_record record;
  record.path = path;
  record.sha256 = sample_digest<32>(seed);
  record.size = 10u + seed;
  record.configuration = sample_digest<16>(seed);
  record.status = run_status::ok_with_warnings;
  record.detail = "detail";
  record.code = "a.code";
  record.quarantine = ".calque/quarantine/x";
  record.milliseconds = 1.5 * seed;
  record.results = {sample_result(seed)};
  return record;
}

/// An output folder with its state and a staging folder, as a run has them.
struct batch_folder {
  scratch_folder root;
  std::vector<diagnostic> notices;
  std::unique_ptr<state> known;
  output_folder folder;

  batch_folder() {
    std::filesystem::create_directories(staging());
    open();
  }
  void open() {
    known.reset();
    auto opened = state::open(root.path("state.db"), journal::access::read_write, notices);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    known = std::move(opened.value());
    auto out = output_folder::open(root.path("out"), true);
    ASSERT_TRUE(out.has_value()) << out.error().message;
    folder = std::move(out.value());
  }
  std::string staging() const { return root.path("staging"); }
  descriptor staging_fd() const { return descriptor(::open(staging().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); }
  output_folder own_folder() const { return std::move(output_folder::open(root.path("out"), false)).value(); }

  /// A publication of these files, staged in the folder of worker `w1`.
  publication staged(std::uint64_t number, const std::string &input, const std::map<std::string, std::string> &files) const {
    publication one;
    one.number = number;
    one.staging = "w1";
    one.record = sample_record(input, static_cast<std::uint8_t>(number));
    for (const auto &[path, bytes] : files) {
      const std::string name = std::to_string(number) + "-" + std::to_string(one.moves.size());
      root.write("staging/w1/" + name, bytes);
      one.moves.emplace_back(name, one.record.files.size());
      one.written.push_back(xxh3_of(bytes));
      one.record.files.push_back(placed(path, bytes));
    }
    return one;
  }
  /// What lies in the output folder, with its bytes.
  std::map<std::string, std::string> outputs() const {
    std::map<std::string, std::string> found;
    for (const std::string &name : root.list())
      if (name.starts_with("out/") && !name.ends_with('/')) found[name.substr(4)] = root.read(name);
    return found;
  }
  std::vector<std::string> left_in_staging() const {
    std::vector<std::string> found;
    for (const std::string &name : root.list())
      if (name.starts_with("staging/w1/") && name.size() > 11) found.push_back(name.substr(11));
    return found;
  }
};

}  // namespace calque::host
