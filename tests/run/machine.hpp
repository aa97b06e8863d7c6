// SPDX-License-Identifier: Apache-2.0
// A pipeline of the small stages, ready to run on text.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/run.hpp"
#include "host/plugins/plugin_library.hpp"

namespace calque::host {

using names = std::vector<std::string>;

inline const plugin_catalog &catalog() {
  static const plugin_catalog all = [] {
    const auto loaded = load_plugin(STAGES_FILE);
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
    plugin_description described = describe(*loaded.value());
    set_file(described, STAGES_FILE, "");
    return plugin_catalog(described.stages);
  }();
  return all;
}

inline constexpr std::string_view whole = R"([pipeline]
name = "small"
[[stage]]
import = "test.lines"
id = "lines"
[[stage]]
normalize = "test.tidy"
id = "tidy"
[[stage]]
annotate = "test.marker"
id = "marker"
[[stage]]
export = "test.plain"
id = "plain"
to = "{dir}/{stem}.plain"
)";

/// A pipeline that is ready to run on text.
struct machine {
  loaded_pipeline loaded;
  std::optional<runner> runs;
  stop_flag stop;

  explicit machine(std::string text = std::string(whole)) : loaded(load_pipeline_text("small.toml", std::move(text), catalog())) {
    for (const diagnostic &d : loaded.diagnostics) ADD_FAILURE() << d.code << ": " << d.message;
    if (!loaded.value) return;
    runs.emplace(*loaded.value, catalog(), &stop);
    for (const diagnostic &d : runs->prepare()) ADD_FAILURE() << d.code << ": " << d.message;
  }
  run_outcome run(std::string text, const run_observer &observe = {}, std::size_t last = SIZE_MAX) {
    return runs->run(input_from_memory("in.lines", std::move(text)), {"", "in"}, observe, {.last = last});
  }
};

inline names codes_of(const run_outcome &outcome) {
  names codes;
  for (const diagnostic &d : outcome.diagnostics) codes.push_back(d.code);
  return codes;
}

}  // namespace calque::host
