// SPDX-License-Identifier: Apache-2.0
// The names of outputs: what the placeholders of a stage's `to` stand for.
#pragma once

#include <string>
#include <string_view>

#include "host/plugins/description.hpp"

namespace calque::host {

/// What the placeholders stand for.
struct output_name_parts {
  std::string dir;            // of the input below the fixed part of its pattern
  std::string stem;           // the input's name without folders and last extension
  std::string id;             // the document's identifier; empty: the stem is used
  unsigned part = 1, parts = 1;
};

/// The output's path below the output folder. {dir} {stem} {id} {part}; where an input has several parts and the
/// template does not say {part}, {stem} and {id} end in the part's number, so that the parts have names of their own.
std::string output_name(std::string_view pattern, const output_name_parts &);

/// The template of a stage without `to`: the input's name with the suffix that the exporter makes.
std::string default_output_name(const stage_description &exporter);

/// The first suffix that an exporter makes (".xml"), by its list of globs; ".out" if it names none.
std::string suffix_of(const stage_description &exporter);

/// "letter.old.txt" → "letter.old"; ".hidden" stays.
std::string stem_of(std::string_view name);

/// An identifier as a name: the last part of a URL, with all but letters, digits, '.', '_' and '-' as '-'.
std::string name_from_identifier(std::string_view identifier);

}  // namespace calque::host
