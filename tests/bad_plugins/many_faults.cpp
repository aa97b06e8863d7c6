// SPDX-License-Identifier: Apache-2.0
// Breaks many rules of the description at once; all must be told.
#include "tables.hpp"

namespace {
const char *const twice[] = {"a", "a", nullptr};
const calque_option options[] = {
    {"Depth", "How deep", nullptr, nullptr, 1, 0, CALQUE_INT, 0},
    {"mode", "Which way", "\"b\"", twice, 1, 0, CALQUE_ENUM, CALQUE_REQUIRED},
    {"mode", nullptr, "[", nullptr, 1, 0, CALQUE_STRING, 0},
};
const calque_code codes[] = {
    {"nodots", "A code of one word.", CALQUE_THING_TEXT, CALQUE_EFFECT_NONE, CALQUE_INFO, 0},
    {"bad.thing", "A thing that there is not.", 77, CALQUE_EFFECT_NONE, CALQUE_INFO, 0},
};
const char *const layers[] = {"segment", "calque.nothing/1", "calque.change/1", nullptr};
const char *const needs[] = {"sunshine", nullptr};

calque_stage with_faults() {
  calque_stage s = bad::annotator("no-owner", bad::annotates_nothing);
  s.options = options;
  s.option_count = 3;
  s.option_stride = sizeof(calque_option);
  s.codes = codes;
  s.code_count = 2;
  s.written_layers = layers;
  s.needs = needs;
  s.summary = "not \xff UTF-8";
  return s;
}
const calque_stage stage = with_faults();
const calque_stage *const stages[] = {&stage};
}  // namespace

BAD_PLUGIN(bad::plugin("bad_many_faults", stages, 1))
