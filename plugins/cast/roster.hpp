// SPDX-License-Identifier: Apache-2.0
// Who is who: joins the labels and lists of a record into persons.
#pragma once

#include "plugins/cast/name_forms.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::cast {

/// A label as it is printed at a speech, or a person in a list, in reading order.
struct mention {
  uint32_t begin = 0, end = 0;  // of the name, in the document's text
  speaker_label label;
  std::string_view part;  // speaker, participant, interpreter, writer
  std::string role;       // what a list says the person is
};

struct person {
  std::string full, short_form, role, key;
  uint32_t begin = 0, end = 0;  // where the name stands first in full
  std::vector<std::string> variants;
  std::vector<std::string_view> parts;  // each once
};

struct roster {
  std::vector<person> people;    // in order of their first mention
  std::vector<size_t> person_of; // by mention: index of people
  std::vector<size_t> ambiguous; // mentions whose name fits several persons, who got one of their own
};

roster join(const std::vector<mention> &mentions, slug_maker &);

}  // namespace calque::cast
