// SPDX-License-Identifier: Apache-2.0
// A stage without a host: its own function on given arrays, writing into objects that take everything and keep nothing.
#pragma once

#include <calque/calque.h>

#include <string_view>
#include <vector>

#include "host/plugins/description.hpp"
#include "host/plugins/options.hpp"

namespace calque::bench {

class bare_stage {
 public:
  /// Loads the plugin and makes an instance with these options. Ends the program when that fails.
  bare_stage(const host::stage_description &description, const std::vector<host::option_value> &options);
  ~bare_stage();
  bare_stage(const bare_stage &) = delete;
  bare_stage &operator=(const bare_stage &) = delete;

  /// Runs once: on `bytes` for an importer, else on `document`. True when it answered OK.
  bool run(std::string_view bytes, std::string_view name, const calque_document *document);

 private:
  const calque_stage *stage_ = nullptr;
  void *instance_ = nullptr;
};

}  // namespace calque::bench
