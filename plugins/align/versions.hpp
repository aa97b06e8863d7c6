// SPDX-License-Identifier: Apache-2.0
// The versions of a document, and their segments with all that other layers know of them.
#pragma once

#include "plugins/align/evidence.hpp"

#include <calque/document.hpp>

#include <map>
#include <string>
#include <vector>

namespace calque::align {

/// Segments that are read in one go, with their annotations of calque.segment/1.
struct stream {
  std::vector<annotation> segments;
  std::vector<passage> passages;
};

/// One language's text. What is read in line is the stream ""; notes, comments and the like have their role's name.
struct version {
  node place;
  std::map<std::string, stream> streams;
  size_t size() const;
  /// "zh", or "number 12" where no language is said.
  std::string name() const;
};

/// Versions that have one parent, in order: the original first.
using version_group = std::vector<version>;

std::vector<version_group> versions_of(document_view);

}  // namespace calque::align
