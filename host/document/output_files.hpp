// SPDX-License-Identifier: Apache-2.0
// The object behind calque_output: an exporter's files in memory, and the account of what they express.
#pragma once

#include <calque/calque.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/document.hpp"
#include "host/document/ledger.hpp"
#include "host/document/stage_rules.hpp"

namespace calque::host {

struct output_file {
  std::string path;  // relative; empty: the name that the pipeline gives
  std::string media_type, bytes;
  bool primary = false;  // exactly one file of an export is
};

struct export_result {
  std::vector<output_file> files;
  ledger account;
};

class output_files {
 public:
  /// `exported` is the document that the exporter is given.
  output_files(stage_rules rules, const document &exported, const limits &within, stop_flag *stop, diagnostics &out);
  output_files(const output_files &) = delete;
  output_files &operator=(const output_files &) = delete;

  calque_output *abi() { return &abi_; }
  /// What the run made; files left open are closed. Fails with what the calls reported, or with what does not add up.
  result<export_result> finish();
  const boundary &shared() const { return shared_; }

 private:
  /// What was said of each node, or of each mark of one layer: nothing (null), emitted, or not expressed and why.
  using row_account = std::vector<const calque_code *>;
  struct open_file {
    output_file file;
    bool is_open;
  };

  calque_status create(std::string_view path, std::string_view media_type, uint32_t flags, uint32_t *handle);
  calque_status write(uint32_t handle, std::string_view bytes);
  calque_status close(uint32_t handle);
  calque_status say_nodes(const char *call, uint32_t first, uint32_t end, const calque_code *what);
  calque_status say_marks(const char *call, uint32_t layer, uint32_t first, uint32_t end, const calque_code *what);
  calque_status say(const char *call, row_account &row, uint32_t first, uint32_t end, const calque_code *what);
  void add_nodes_up();
  void add_marks_up(uint32_t layer);

  boundary shared_;
  document exported_;
  std::vector<open_file> files_;
  std::set<std::string> folded_paths_;
  uint64_t bytes_ = 0;
  row_account nodes_;
  std::vector<row_account> marks_;  // by layer
  ledger ledger_;
  calque_output abi_;
};

}  // namespace calque::host
