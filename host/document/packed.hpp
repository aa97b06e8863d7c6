// SPDX-License-Identifier: Apache-2.0
// The packed form of a document (.cqdoc): one block without pointers, for caches, tools and other processes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "host/document/diagnostic.hpp"
#include "host/document/document.hpp"

namespace calque::host {

/// A header, a table of sections, and sections that begin at multiples of 64 bytes; docs/document-model.md has the
/// layout. The same document gives the same bytes.
std::string pack(const document &);

/// The XXH3 of all columns: documents with the same one are the same. Cheaper than packing, and not the digest that
/// stands in the packed form.
std::array<uint8_t, 16> content_digest(const document &);

/// Trusts nothing: digest, section table and the whole document are checked before anything is handed out. Sections
/// with ids that this version does not know are passed over. Errors have the codes packed.* and document.invalid.
result<document> unpack(std::span<const std::byte> packed);

}  // namespace calque::host
