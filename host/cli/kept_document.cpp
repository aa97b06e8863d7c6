// SPDX-License-Identifier: Apache-2.0
// The two forms of a document that are files, told apart and handed to their readers and writers.
#include "host/cli/kept_document.hpp"

#include <span>

#include "host/document/dump.hpp"
#include "host/document/packed.hpp"

namespace calque::host {

kept_form kept_form_of(std::string_view suffix_or_word) {
  if (suffix_or_word.starts_with('.')) suffix_or_word.remove_prefix(1);
  return suffix_or_word == "cqdoc" ? kept_form::packed : suffix_or_word == "cqdump" ? kept_form::dump : kept_form::none;
}

kept_form kept_form_within(std::string_view bytes) {
  constexpr std::string_view magic = "CALQDOC", first_line = "calque-dump ";
  return bytes.starts_with(magic) ? kept_form::packed : bytes.starts_with(first_line) ? kept_form::dump : kept_form::none;
}

std::string keep(const document &kept, kept_form form) {
  return form == kept_form::packed ? pack(kept) : dump(kept);
}

result<document> read_kept(std::string_view bytes) {
  if (kept_form_within(bytes) == kept_form::packed) return unpack(std::as_bytes(std::span(bytes)));
  return parse_dump(bytes);
}

}  // namespace calque::host
