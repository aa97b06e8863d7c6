// SPDX-License-Identifier: Apache-2.0
// The object behind calque_output: an exporter's files in memory, and the account of what they express.
#pragma once

#include <calque/calque.h>

#include <optional>
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
  /// `exported` is the document that the exporter is given; it and `shared` must outlive this.
  output_files(boundary &shared, const document &exported);
  output_files(const output_files &) = delete;
  output_files &operator=(const output_files &) = delete;

  calque_output *abi() { return &abi_; }
  /// What the run made; files left open are closed. Nothing when the run failed: the diagnostics say why.
  std::optional<export_result> finish();

 private:
  /// What was said of each item of a row (nodes, or the marks of one layer): nothing, emitted, or a code.
  struct row_account {
    std::string what;  // "node", "mark of calque.page/1"
    std::vector<const calque_code *> code;
    std::vector<bool> said;
  };
  struct open_file {
    output_file file;
    bool is_open;
  };

  calque_status create(std::string_view path, std::string_view media_type, uint32_t flags, uint32_t *handle);
  calque_status write(uint32_t handle, std::string_view bytes);
  calque_status close(uint32_t handle);
  calque_status say(const char *call, row_account &row, uint32_t first, uint32_t end, const calque_code *code);
  calque_status say_nodes(const char *call, uint32_t first, uint32_t end, std::optional<std::string_view> code);
  calque_status say_marks(const char *call, uint32_t layer, uint32_t first, uint32_t end,
                          std::optional<std::string_view> code);
  void check_all_said(const row_account &row);
  void count_unexpressed_nodes(ledger &account) const;

  boundary &shared_;
  const document &exported_;
  std::vector<open_file> files_;
  std::set<std::string> folded_paths_;
  uint64_t bytes_ = 0;
  row_account nodes_;
  std::vector<row_account> marks_;  // by layer; empty rows for layers that are not countable
  calque_output abi_;
};

}  // namespace calque::host
