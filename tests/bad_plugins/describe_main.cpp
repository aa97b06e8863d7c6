// SPDX-License-Identifier: Apache-2.0
// `describe_plugin_alone __describe FILE`: what the program does under that verb.
#include <iostream>
#include <string_view>

#include "host/plugins/describe.hpp"

int main(int count, char **arguments) {
  if (count != 3 || std::string_view(arguments[1]) != calque::host::describe_verb) return 2;
  return calque::host::describe_plugin(arguments[2], std::cout);
}
