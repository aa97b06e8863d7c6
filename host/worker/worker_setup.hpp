// SPDX-License-Identifier: Apache-2.0
// What a worker is for: a pipeline with every name resolved, and the bounds it works in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/jail/syscall_filter.hpp"
#include "host/pipeline/pipeline.hpp"
#include "host/plugins/description.hpp"

namespace calque::host {

struct worker_setup {
  pipeline whole;                            // without inputs, outputs and tests
  std::vector<stage_description> importers;  // to choose from, when the pipeline names none
  std::vector<bool> keeps;                   // stages whose input document is kept, dear or not
  std::vector<std::string> readable;         // what the stages may read, beside libraries and plugins
  bool has_jail = true;
  std::uint32_t newest_landlock = ~0u;
  bool wants_found = false;
  bool keeps_documents = true;               // there is a cache to offer documents to
  call_filters calls;                        // the jail's, compiled; empty: the worker does that
};

/// What stages and importers are and were made from; known once a worker has said which libraries it has loaded.
struct stage_fingerprints {
  std::vector<std::string> stages;                            // by index
  std::vector<std::pair<std::string, std::string>> importers;  // by id
};

std::string to_wire(const worker_setup &);
std::optional<worker_setup> read_worker_setup(std::string_view);
std::string to_wire(const stage_fingerprints &);
std::optional<stage_fingerprints> read_stage_fingerprints(std::string_view);

}  // namespace calque::host
