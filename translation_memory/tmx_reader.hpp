// SPDX-License-Identifier: Apache-2.0
// Reads TMX 1.1 to 1.4b as a stream: units one after another, in little memory whatever the size of the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <map>
#include <string>

#include "translation_memory/unit.hpp"

namespace calque::tm {

/// Why a file is refused; the names stand in the messages.
struct tmx_limits {
  std::uint32_t depth = 64;                  // elements within elements
  std::uint32_t variants = 10'000;           // languages of one unit
  std::size_t unit = std::size_t{64} << 20;  // bytes that one unit holds
  std::size_t token = std::size_t{4} << 20;  // bytes of one tag
};

/// What of a file did not come into the memory, or not as it was: how often, and on which line first.
struct tmx_remark {
  bool is_loss = false;
  std::uint64_t count = 0, first_line = 0;
};
struct tmx_account {
  std::uint64_t read = 0;                     // units of the file
  std::uint64_t pairs = 0;                    // units of two languages that they made
  std::map<std::string, tmx_remark> remarks;  // by what it is, as in "segments without a language"
};

struct tmx_sink {
  std::function<void(const unit &)> take;
  std::function<void(const std::string &)> header_note;                      // a <note>, <prop> or <ude> of the header
  std::function<void(std::uint64_t bytes)> progress = [](std::uint64_t) {};  // may throw to stop
};

/// Reads a file. A unit of n languages gives n - 1 units: its source language (`srclang`, else the first) with each
/// other. What stood around a unit is what its properties say, or else its neighbours in the file.
/// Throws failure: input.missing, input.is-a-folder, input.permission, input.unreadable, memory.not-tmx,
/// memory.not-well-formed, memory.limit.
tmx_account read_tmx(const std::filesystem::path &file, const tmx_sink &, const tmx_limits & = {});
/// The same, of a stream that errors call `path` and units `name`.
tmx_account read_tmx(std::istream &in, const std::string &path, const std::string &name, const tmx_sink &,
                     const tmx_limits & = {});

}  // namespace calque::tm
