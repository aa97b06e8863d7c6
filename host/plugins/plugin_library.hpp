// SPDX-License-Identifier: Apache-2.0
// Loads a plugin file. What is loaded stays for the life of the process.
#pragma once

#include <calque/calque.h>

#include <filesystem>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// Reads the symbol table of a file without running anything of it: true when it exports the one symbol.
/// Codes: plugin.unreadable, plugin.not-a-library, plugin.no-symbol.
result<void> check_symbol(const std::filesystem::path &file);

/// Loads the file and gives its description, found sound by check_plugin. Runs the file's static constructors, so
/// files that have not been loaded in a child process before are not for this one. The same file again gives the same
/// pointer. Any thread. Codes: those of check_symbol and check_plugin, plugin.cannot-load.
result<const calque_plugin *> load_plugin(const std::filesystem::path &file);

}  // namespace calque::host
