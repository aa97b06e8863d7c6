// SPDX-License-Identifier: Apache-2.0
// Runs the tests that a pipeline file carries ([[test]]) and says what differs from what was expected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"
#include "host/pipeline/pipeline.hpp"
#include "host/pipeline/run.hpp"

namespace calque::host {

struct test_outcome {
  bool passed = true;
  /// One for each expectation that does not hold, at its place in the pipeline file; `message` may end in a diff.
  std::vector<diagnostic> failures;
  /// What the run itself reported; shown with the failures.
  std::vector<diagnostic> reported;
  /// Files that --update has written.
  std::vector<std::string> updated;
};

/// `runner` is that of the pipeline, prepared. With `update`, expected files that differ are written anew.
test_outcome run_test(runner &, const pipeline &, const pipeline_test &, bool update);

/// The main text, as `equals` and `contains` compare it: a line a block, without asides.
std::string main_text(const calque_document &);

}  // namespace calque::host
