// SPDX-License-Identifier: Apache-2.0
// The objects behind calque_call and calque_input: what every run is given beside its role's own.
#pragma once

#include <calque/calque.h>

#include <optional>
#include <span>
#include <string_view>

#include "host/document/builder.hpp"
#include "host/document/stage_rules.hpp"
#include "host/plugins/archive_service.hpp"

namespace calque::host {

/// Takes reports and progress of one run (or one create).
class stage_call {
 public:
  /// `lines` gives the line of an option in the pipeline file, for reports about options. `archives`: of an importer.
  stage_call(boundary &shared, place where, std::span<const uint32_t> option_lines,
             const archive_service *archives = nullptr);
  stage_call(const stage_call &) = delete;
  stage_call &operator=(const stage_call &) = delete;

  const calque_call *abi() const { return &abi_; }
  /// The first error that the stage reported, if it did.
  const std::optional<diagnostic> &first_error() const { return first_error_; }

 private:
  calque_status report(const calque_diagnostic &);

  boundary &shared_;
  place where_;
  std::span<const uint32_t> option_lines_;
  const archive_service *archives_;
  std::optional<diagnostic> first_error_;
  calque_call abi_;
};

/// Bytes in memory, for an importer to read.
class stage_input {
 public:
  stage_input(boundary &shared, const input_bytes &);
  stage_input(const stage_input &) = delete;
  stage_input &operator=(const stage_input &) = delete;
  const calque_input *abi() const { return &abi_; }

 private:
  boundary &shared_;
  std::string_view bytes_;
  calque_input abi_;
};

}  // namespace calque::host
