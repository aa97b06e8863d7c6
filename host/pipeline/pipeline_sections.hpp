// SPDX-License-Identifier: Apache-2.0
// The parts that reading a pipeline is made of: its stages, its tests, and what must hold between them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/pipeline/config.hpp"
#include "host/pipeline/pipeline.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/plugins/plugin_catalog.hpp"

namespace calque::host {

struct pipeline_context {
  const plugin_catalog &catalog;
  const source_texts &sources;
  problems &out;
};

/// The stages of `[[stage]]`, in order. One whose plugin is not known is reported and left out; `names` gets the names
/// of all, for what refers to stages.
std::vector<pipeline_stage> read_stages(const config_value &root, std::vector<std::string> &names,
                                        const pipeline_context &);

/// The tests of `[[test]]`. `names` are those of the stages in order.
std::vector<pipeline_test> read_tests(const config_value &root, const pipeline &, std::span<const std::string> names,
                                      const pipeline_context &);

/// `[limits]`, `[budget]` and `[cache]`: sizes, counts and times.
void read_limits(table_reader &file, pipeline &, problems &);
void read_budget(table_reader &file, pipeline &, problems &);
void read_cache(table_reader &file, pipeline &, problems &);
/// `budget` of a stage.
stage_budget read_stage_budget(const config_value &table, problems &);

/// Order of roles, layers needed before they are written, names of outputs.
void check_stages(const pipeline &, const pipeline_context &);

/// A layer that stages of the pipeline before number `end` may write, the host's own, or (when the importer is chosen
/// by probing) one that any importer may write.
std::vector<std::string> layers_written(const pipeline &, std::size_t end, const pipeline_context &);

/// Reports a code or glob of codes that no stage and not the host has.
void check_code_pattern(const std::string &pattern, const place &where, const pipeline_context &);

/// The place of bytes [begin, begin + size) of a text, when it stands in the file as it is, without escapes; else all.
place part_of(const config_value &text, std::size_t begin, std::size_t size, const source_texts &sources);

/// "an importer", …
std::string_view role_noun(stage_role role);

}  // namespace calque::host
