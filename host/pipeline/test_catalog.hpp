// SPDX-License-Identifier: Apache-2.0
// A catalog for tests of pipeline files: descriptions that stay as they are, whatever becomes of the plugins.
#pragma once

#include <calque/calque.h>

#include <string>
#include <utility>
#include <vector>

#include "host/plugins/plugin_catalog.hpp"

namespace calque::host {

inline option_description test_option(std::string name, std::uint32_t type, std::uint32_t flags = 0,
                                      std::vector<std::string> choices = {}, double min = 1, double max = 0) {
  option_description made;
  made.name = std::move(name);
  made.summary = "what " + made.name + " is for";
  made.type = type;
  made.flags = flags;
  made.choices = std::move(choices);
  made.min = min;
  made.max = max;
  return made;
}

inline stage_description test_stage(stage_role role, std::string id, std::vector<std::string> accepts = {},
                                    std::vector<option_description> options = {}, std::vector<std::string> writes = {},
                                    std::vector<std::string> required = {}, std::vector<std::string> codes = {}) {
  stage_description made;
  made.role = role;
  made.id = std::move(id);
  made.version = "0.1.0";
  made.summary = "a stage for tests";
  made.plugin = made.id.substr(made.id.rfind('.') + 1);
  made.accepts = std::move(accepts);
  made.options = std::move(options);
  made.written_layers = std::move(writes);
  made.required_layers = std::move(required);
  for (std::string &code : codes) {
    code_description one;
    one.code = std::move(code);
    one.effect = CALQUE_EFFECT_DROPPED;
    made.codes.push_back(std::move(one));
  }
  return made;
}

inline plugin_catalog test_catalog() {
  using enum stage_role;
  option_description collapse = test_option("collapse", CALQUE_BOOL, CALQUE_DEPRECATED);
  collapse.summary = "use `blank = \"one\"`";
  return plugin_catalog(std::vector<stage_description>{
      test_stage(import, "calque.record", {"text/plain", "*.txt"},
                 {test_option("labels", CALQUE_STRING, CALQUE_LIST), test_option("encoding", CALQUE_STRING)},
                 {"calque.page/1"}, {}, {"record.field-label", "record.blank-line"}),
      test_stage(import, "calque.text", {"text/plain", "*.txt"}, {}, {}, {}, {"text.byte-order-mark"}),
      test_stage(import, "calque.markdown", {"text/markdown", "*.md"}),
      test_stage(normalize, "calque.unicode", {}, {test_option("form", CALQUE_ENUM, 0, {"NFC", "NFKC"})}),
      test_stage(normalize, "calque.whitespace", {},
                 {test_option("keep_nbsp", CALQUE_BOOL), test_option("blank", CALQUE_ENUM, 0, {"one", "all", "none"}),
                  test_option("blank_lines", CALQUE_INT, 0, {}, 0, 10), test_option("ratio", CALQUE_FLOAT, 0, {}, 0, 1),
                  collapse},
                 {}, {}, {"whitespace.collapsed"}),
      test_stage(normalize, "calque.page_joins", {}, {}, {"calque.page/1"}),
      test_stage(annotate, "calque.editorial", {}, {test_option("vocabulary", CALQUE_PATH)}, {"calque.editorial/1"}, {},
                 {"editorial.unclosed"}),
      test_stage(annotate, "calque.segments", {}, {test_option("languages", CALQUE_STRING, CALQUE_LIST)},
                 {"calque.segment/1"}),
      test_stage(annotate, "calque.terms", {}, {test_option("termbase", CALQUE_PATH, CALQUE_REQUIRED)},
                 {"calque.term/1"}, {"calque.segment/1"}),
      test_stage(annotate, "calque.dates", {},
                 {test_option("patience", CALQUE_DURATION, 0, {}, 100, 60000),
                  test_option("table_size", CALQUE_SIZE, 0, {}, 1024, 1048576)},
                 {"calque.date/1"}),
      test_stage(annotate, "calque.drift", {}, {}, {"calque.issue/1"}, {"calque.alignment/1"}),
      test_stage(annotate, "org.example.notes", {}, {}, {"org.example.note/1"}),
      test_stage(export_, "calque.tei", {"application/tei+xml", "*.xml"}, {test_option("indent", CALQUE_BOOL)}, {}, {},
                 {"tei.raw-not-expressed"}),
      test_stage(export_, "calque.html", {"text/html", "*.html"}),
      test_stage(export_, "calque.text", {"text/plain", "*.txt"}, {}, {}, {}, {"text.page-not-expressed"}),
      test_stage(export_, "calque.markdown", {"text/markdown", "*.md"}, {}, {}, {}, {"markdown.page-not-expressed"}),
  });
}

}  // namespace calque::host
