// SPDX-License-Identifier: Apache-2.0
// Opens an input: regular files only, read whole, with its digest and what its first bytes look like.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

struct input_file {
  std::string path;       // as it was named; messages say it
  std::string name;       // without folders
  std::string media_type; // by content where that is plain, else by the name's extension; may be empty
  std::string bytes;
  sha256_digest sha256{};
};

/// Never waits for another process: what is no regular file is refused before it is read.
/// Codes: input.missing, input.is-a-folder, input.not-a-file, input.permission, input.empty, input.too-big,
/// input.unreadable.
result<input_file> open_input(const std::string &path, std::uint64_t most_bytes);

/// The file behind it, when it is a regular one and not too big; the same codes.
result<descriptor> open_regular_file(const std::string &path, std::uint64_t most_bytes);

/// What an errno of reading an input means; 0: it is empty, EFBIG: it is too big.
diagnostic input_error(const std::string &path, int number, std::uint64_t most_bytes);

/// Standard input, to its end. The same codes.
result<input_file> read_standard_input(std::uint64_t most_bytes);

/// An input from memory, for tests of pipelines.
input_file input_from_memory(std::string name, std::string bytes);

}  // namespace calque::host
