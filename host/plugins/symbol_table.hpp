// SPDX-License-Identifier: Apache-2.0
// Reads which symbols a shared library exports, without loading it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace calque::host {

struct symbol_lookup {
  std::string fault;      // why this is no shared library for this machine; empty: it is one
  bool is_there = false;  // the symbol is exported
};

/// Looks in the dynamic symbol table, which every library that can be loaded has (the other one is gone after `strip`).
/// Reads nothing that lies outside the file, whatever its tables say. The file must be open to reading.
symbol_lookup find_symbol(const std::filesystem::path &file, std::string_view name);

}  // namespace calque::host
