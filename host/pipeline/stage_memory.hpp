// SPDX-License-Identifier: Apache-2.0
// What is known of an input from an earlier run: results of stages by what they depend on, and some documents.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"
#include "host/document/ledger.hpp"

namespace calque::host {

/// All that a result depends on, or a document's content, as half a SHA-256 or an XXH3: enough within one input.
using short_digest = std::array<std::uint8_t, 16>;

/// A file that an exporter made, without its bytes. Its SHA-256 is zero until it lies in place.
struct known_file {
  std::string path, media_type;
  std::uint64_t size = 0;
  sha256_digest sha256{};
  bool primary = false;
  bool operator==(const known_file &) const = default;
};

/// What one stage gave for one document: all that the run needs in order to go on without running it again.
struct stage_result {
  short_digest key{};
  /// An import: a document a part. A normalizer or annotator: one. An exporter, and a condition: none.
  std::vector<short_digest> documents;
  std::vector<known_file> files;
  bool holds = true;  // of a condition: whether the stage runs
  ledger account;
  std::vector<diagnostic> diagnostics;  // placed in the source, before the pipeline's severities
};

/// One input's memory. The runner asks it before each stage and tells it after each.
class stage_memory {
 public:
  virtual ~stage_memory() = default;

  /// What the stage is and all that it was made from: plugin, options, the files that those name. `index` is the
  /// stage's in the pipeline; an importer that was chosen by probing has its id instead.
  virtual std::string_view fingerprint(std::size_t index) = 0;
  virtual std::string_view fingerprint_of_importer(std::string_view id) = 0;

  /// Null when nothing is known of that key. Lives as long as the memory.
  virtual const stage_result *find(const short_digest &key) = 0;
  /// Whether every file of an exporter still lies where it was put.
  virtual bool has_files(const std::vector<known_file> &) = 0;
  virtual void keep(stage_result) = 0;

  /// The documents that a stage gave, when they were kept.
  virtual std::optional<std::vector<document>> fetch(const short_digest &key) = 0;
  /// Offers the documents that a stage gave; the memory decides whether they are worth keeping. `next` is the index of
  /// the stage that reads them.
  virtual void offer(const short_digest &key, const std::vector<document> &, std::size_t next, double milliseconds) = 0;
};

}  // namespace calque::host
