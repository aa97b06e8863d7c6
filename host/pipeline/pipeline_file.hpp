// SPDX-License-Identifier: Apache-2.0
// Reads a pipeline file: TOML in, a checked pipeline or every one of its errors out.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/pipeline/pipeline.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {

class plugin_catalog;

/// What came of reading a pipeline file. `value` is set when there is no error; there may be warnings then.
struct loaded_pipeline {
  std::optional<pipeline> value;
  std::vector<diagnostic> diagnostics;  // by file and place
  source_texts sources;                 // the files read, for the lines in rendered diagnostics
};

/// Opens no document and loads no plugin. `overrides` are `key=value` as given to --set: dotted TOML keys, a stage by
/// its name (`stage.tei.to=…`, `stage.tei.with.indent=false`), and a TOML value or bare text.
loaded_pipeline load_pipeline(const std::string &path, const plugin_catalog &,
                              std::span<const std::string> overrides = {});

/// The same of text in memory. `path` is what messages call it; relative names in it start at its folder.
loaded_pipeline load_pipeline_text(const std::string &path, std::string text, const plugin_catalog &,
                                   std::span<const std::string> overrides = {});

}  // namespace calque::host
