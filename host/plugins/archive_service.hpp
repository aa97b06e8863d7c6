// SPDX-License-Identifier: Apache-2.0
// The objects behind calque.archive/1: the archives that one run has opened, and the members that it holds.
#pragma once

#include <calque/calque.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/stage_rules.hpp"
#include "host/plugins/archive_reader.hpp"

namespace calque::host {

class archive_service {
 public:
  static constexpr const char *id = "calque.archive/1";

  /// `input` outlives the service; it is looked at when the plugin asks for it.
  archive_service(boundary &shared, std::string_view input);
  ~archive_service();
  archive_service(const archive_service &) = delete;
  archive_service &operator=(const archive_service &) = delete;
  const calque_archive_service *abi() const { return &abi_; }

 private:
  struct opened;

  calque_status open(std::string_view bytes, std::uint64_t depth, std::unique_ptr<opened> &kept);
  calque_status open_member(opened &outer, std::uint32_t member, const calque_archive **archive);
  calque_status read(opened &from, const char *call, std::uint32_t member, calque_str *bytes);
  calque_status release(opened &from, std::uint32_t member);
  calque_status refuse(diagnostic why);

  boundary &shared_;
  std::string_view input_;
  unpacking work_;
  std::unique_ptr<opened> first_;
  calque_archive_service abi_;
};

/// The names of the members, for probes; empty when this is no archive, or none that can be read.
std::vector<std::string> names_in_archive(std::string_view bytes, const limits &within);

}  // namespace calque::host
