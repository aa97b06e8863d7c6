// SPDX-License-Identifier: Apache-2.0
// Documents that exporters must cope with: every kind and layer, hostile text, nothing at all, and seeded random ones.
#pragma once

#include <calque/testing.hpp>

#include <string>
#include <vector>

namespace calque::validators {

struct named_document {
  std::string name;
  testing::document made;
};

std::vector<named_document> sample_documents(int random_count);

}  // namespace calque::validators
