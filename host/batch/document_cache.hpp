// SPDX-License-Identifier: Apache-2.0
// Documents between stages that are kept from one run to the next, by the key of the stage that gave them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/pipeline/stage_memory.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

struct cache_size {
  std::uint64_t documents = 0, bytes = 0;
};

/// `$XDG_CACHE_HOME/calque/documents`. Anything in it may be missing, cut or false at any time: what is read is checked
/// whole by the worker that unpacks it, what is written is checked first. No call fails: a cache that cannot be had is
/// an empty one.
class document_cache {
 public:
  /// Empty: nothing is kept.
  explicit document_cache(std::string folder) : folder_(std::move(folder)) {}

  bool is_on() const { return !folder_.empty(); }
  const std::string &folder() const { return folder_; }
  /// The documents as sealed memory, or none.
  descriptor fetch(const short_digest &key) const;
  /// Takes what a worker offers, when it is sealed and sound; true when it is kept now.
  bool keep(const short_digest &key, int sealed) const;

  cache_size size() const;
  /// Removes the documents that were used least recently until no more than `most` bytes are left; what went.
  cache_size shrink(std::uint64_t most) const;

 private:
  std::string path_of(const short_digest &key) const;
  std::string folder_;
};

}  // namespace calque::host
