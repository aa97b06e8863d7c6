// SPDX-License-Identifier: Apache-2.0
// One input's memory as a worker has it: results from the job order, documents by way of the coordinator.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/worker/channel.hpp"
#include "host/worker/job.hpp"
#include "host/worker/worker_setup.hpp"
#include "host/pipeline/stage_memory.hpp"

namespace calque::host {

/// Documents that one stage gave, as the cache holds them: packed, one after another.
std::string pack_all(const std::vector<document> &);
std::optional<std::vector<document>> unpack_all(std::string_view);

class worker_memory final : public stage_memory {
 public:
  worker_memory(const worker_setup &, const stage_fingerprints &, const job_order &, channel &, std::uint64_t job);

  std::string_view fingerprint(std::size_t index) override { return prints_.stages[index]; }
  std::string_view fingerprint_of_importer(std::string_view id) override;
  const stage_result *find(const short_digest &key) override;
  bool has_files(const std::vector<known_file> &) override;
  void keep(stage_result) override;
  std::optional<std::vector<document>> fetch(const short_digest &key) override;
  void offer(const short_digest &key, const std::vector<document> &, std::size_t next, double milliseconds) override;

  /// True when an output of that name and size lies in place.
  bool may_be_in_place(const std::string &path, std::uint64_t size) const;
  /// True when the output lies in place with these bytes.
  bool is_in_place(const std::string &path, const sha256_digest &) const;
  /// The results that this run came by.
  std::vector<stage_result> take_results() { return std::move(kept_); }
  /// The channel failed meanwhile: the coordinator is gone.
  bool is_cut_off() const { return is_cut_off_; }

 private:
  const worker_setup &setup_;
  const stage_fingerprints &prints_;
  channel &channel_;
  std::uint64_t job_;
  std::map<short_digest, const stage_result *> known_;
  std::map<std::string_view, const known_file *> in_place_;
  std::vector<stage_result> kept_;
  bool is_cut_off_ = false;
};

}  // namespace calque::host
