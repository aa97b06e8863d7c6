// SPDX-License-Identifier: Apache-2.0
// Writes units as TMX 1.4b, each with its source language; reading it again gives the same units.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "translation_memory/unit.hpp"

namespace calque::tm {

/// Gives bytes to `put`, which may throw: the head on construction, a unit at a time, and the end.
class tmx_writer {
 public:
  tmx_writer(std::function<void(const std::string &)> put, std::span<const std::string> header_notes);
  void write(const unit &);
  void end();

 private:
  std::function<void(const std::string &)> put_;
  std::string line_;
};

}  // namespace calque::tm
