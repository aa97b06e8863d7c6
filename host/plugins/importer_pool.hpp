// SPDX-License-Identifier: Apache-2.0
// All importers at hand, for the members that importers hand over.
#pragma once

#include <calque/calque.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/document/embedded.hpp"
#include "host/plugins/plugin_catalog.hpp"
#include "host/plugins/stage_instance.hpp"

namespace calque::host {

/// Used by one thread. An importer that is at work already, further out, gets a second instance.
class importer_pool final : public member_importer {
 public:
  /// Loads the importers of the catalog, and makes an instance of each, so that nothing needs loading later on. Those
  /// that cannot be used as they are (broken, or with an option that must be given) are left out.
  explicit importer_pool(const plugin_catalog &);
  /// Of tables at hand, for tests of plugins.
  explicit importer_pool(std::span<const calque_stage *const>);

  /// How an importer is used that the pipeline itself names.
  void use(const stage_description &, stage_use);
  /// Whether a result may depend on more than the input: one of the importers says that of itself.
  bool has_volatile() const;

  /// Of each input, before its import. `within` and `stop` outlive it.
  void begin_input(const limits &within, stop_flag *stop);
  embedded_import import_member(const input_bytes &, diagnostics &out) override;

 private:
  struct candidate {
    const calque_stage *table;
    stage_use use;
    std::vector<std::unique_ptr<stage_instance>> idle;
  };

  void add(const calque_stage &);
  candidate *choose(const input_bytes &);
  static std::unique_ptr<stage_instance> take_instance(candidate &);

  std::vector<candidate> candidates_;
  const limits *within_ = nullptr;
  stop_flag *stop_ = nullptr;
  std::uint64_t count_ = 0, bytes_ = 0, nesting_ = 0;
  std::optional<exceeded_limit> exceeded_;
};

}  // namespace calque::host
