// SPDX-License-Identifier: Apache-2.0
// What must hold in a fuzz target, whatever the build: else the process ends, which fuzzer and replay both see.
#pragma once

#include <cstdio>
#include <cstdlib>

#define CALQUE_REQUIRE(what)                                               \
  do {                                                                     \
    if (!(what)) {                                                         \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #what); \
      std::abort();                                                        \
    }                                                                      \
  } while (false)
