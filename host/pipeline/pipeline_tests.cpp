// SPDX-License-Identifier: Apache-2.0
// Reads `[[test]]` tables: what goes in, how far it goes, and what is expected of it.
#include <calque/calque.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "host/document/layer_schemas.hpp"
#include "host/pipeline/compose.hpp"
#include "host/pipeline/pipeline_sections.hpp"

namespace calque::host {
namespace {

#define CALQUE_KIND_NAME(NAME, name, value, cls) #name,
const std::vector<std::string> node_kinds = {CALQUE_KINDS(CALQUE_KIND_NAME)};
#undef CALQUE_KIND_NAME

const std::vector<std::string> statuses = {"ok",    "ok-with-warnings", "rejected", "failed",
                                           "limit", "invalid-output",   "io-error"};
const std::vector<std::string> comparisons = {"bytes", "text", "xml", "json"};

struct test_reader {
  const pipeline &whole;
  std::span<const std::string> names;
  const pipeline_context &context;
  // The stages that the test runs: indices of `names`.
  std::size_t first = 0, last = 0;

  std::optional<std::size_t> find_stage(const config_entry &entry) const {
    const auto found = std::find(names.begin(), names.end(), entry.value.text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    context.out.error("pipeline.unknown-stage", entry.value.where,
                      fmt::format("no stage is called `{}`", entry.value.text),
                      did_you_mean(entry.value.text, {names.begin(), names.end()}, "the stages are"));
    return std::nullopt;
  }

  std::string existing_file(const config_entry &entry) const {
    std::string path = absolute_path(entry.value.text, entry.value.where);
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed))
      context.out.error("pipeline.missing-file", entry.value.where,
                        fmt::format("`{}` does not exist", entry.value.text),
                        "relative names start at the folder of the file that says them");
    return path;
  }

  std::optional<std::string> decode_hex(const config_entry &entry) const {
    std::string bytes;
    std::string digits;
    std::copy_if(entry.value.text.begin(), entry.value.text.end(), std::back_inserter(digits),
                 [](char c) { return c != ' ' && c != '\n'; });
    const auto value = [](char c) {
      return c >= '0' && c <= '9'   ? c - '0'
             : c >= 'a' && c <= 'f' ? c - 'a' + 10
             : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                    : -1;
    };
    for (std::size_t k = 0; k + 1 < digits.size() && value(digits[k]) >= 0 && value(digits[k + 1]) >= 0; k += 2)
      bytes += static_cast<char>(value(digits[k]) * 16 + value(digits[k + 1]));
    if (bytes.size() * 2 == digits.size()) return bytes;
    context.out.error("pipeline.bad-hex", entry.value.where, "not pairs of hexadecimal digits",
                      "e.g. hex = \"ff fe 41 00\"");
    return std::nullopt;
  }

  void read_input(const config_value &table, pipeline_test &test) const {
    table_reader reader(table, "`input`", context.out);
    std::vector<const config_entry *> given;
    for (const std::string_view key : {"text", "hex", "file", "doc"}) {
      const config_entry *entry = reader.find(key, config_type::text);
      if (!entry) continue;
      given.push_back(entry);
      if (key == "text") test.text = entry->value.text;
      if (key == "hex") test.text = decode_hex(*entry).value_or("");
      if (key == "file") test.file = existing_file(*entry);
      if (key == "doc") test.doc = existing_file(*entry);
    }
    if (auto name = reader.text("name")) test.input_name = *name;
    reader.finish();
    if (given.size() > 1)
      context.out
          .error("pipeline.two-inputs", given[1]->where,
                 fmt::format("`{}` and `{}`: a test has one input", given[0]->key, given[1]->key), {})
          .notes.push_back({"the first", given[0]->where});
    if (given.empty() && !table.find("text") && !table.find("hex") && !table.find("file") && !table.find("doc"))
      context.out.error("pipeline.missing-key", table.where, "`input` has none of text, hex, file and doc",
                        "e.g. input = { text = \"…\" }");
  }

  void check_kind(const config_entry &entry) const {
    const std::string &kind = entry.value.text;
    if (kind.find('/') != std::string::npos ||
        std::find(node_kinds.begin(), node_kinds.end(), kind) != node_kinds.end())
      return;
    context.out.error("pipeline.unknown-kind", entry.value.where, fmt::format("`{}` is no kind of node", kind),
                      did_you_mean(kind, node_kinds, "kinds are"));
  }

  void check_layer(const config_entry &entry, std::size_t at) const {
    const std::vector<std::string> written = layers_written(whole, std::min(at + 1, whole.stages.size()), context);
    if (whole.stages.size() != names.size()) return;  // a stage is unknown, and so is what it writes
    if (std::find(written.begin(), written.end(), entry.value.text) != written.end()) return;
    context.out.error("pipeline.unknown-layer", entry.value.where,
                      fmt::format("no stage up to `{}` writes the layer `{}`", names[at], entry.value.text),
                      did_you_mean(entry.value.text, written, "layers written are"));
  }

  // The kinds and keys of the host's layers are known; those of others are anybody's.
  void check_layer_kind(const std::string &layer, const config_entry &kind) const {
    const layer_schema *schema = find_schema(layer);
    if (!schema) return;
    const std::vector<std::string> kinds(schema->kinds.begin(), schema->kinds.end());
    if (std::find(kinds.begin(), kinds.end(), kind.value.text) == kinds.end())
      context.out.error("pipeline.unknown-kind", kind.value.where,
                        fmt::format("`{}` is no kind of {}", kind.value.text, layer),
                        did_you_mean(kind.value.text, kinds, "kinds are"));
  }

  void read_values(const config_value &table, const config_entry *layer, expectation &expected) const {
    const layer_schema *schema = layer ? find_schema(layer->value.text) : nullptr;
    std::vector<std::string> keys;
    if (schema)
      for (const layer_key &key : schema->keys) keys.emplace_back(key.name);
    for (const config_entry &entry : table.entries) {
      if (schema && std::find(keys.begin(), keys.end(), entry.key) == keys.end())
        context.out.error("pipeline.unknown-key", entry.where,
                          fmt::format("`{}` is no key of {}", entry.key, schema->name),
                          did_you_mean(entry.key, keys, "keys are"));
      std::string value = entry.value.text;
      if (entry.value.type == config_type::integer) value = std::to_string(entry.value.integer);
      if (entry.value.type == config_type::number) value = fmt::format("{}", entry.value.number);
      if (entry.value.type == config_type::boolean) value = entry.value.boolean ? "true" : "false";
      if (entry.value.type == config_type::list || entry.value.type == config_type::table)
        report_type(entry.value, "`" + entry.key + "`", type_name(config_type::text), context.out);
      expected.values.emplace_back(entry.key, std::move(value));
    }
  }

  std::optional<expectation> read_expectation(const config_value &table) const {
    if (table.type != config_type::table) {
      report_type(table, "an entry of `expect`", type_name(config_type::table), context.out);
      return std::nullopt;
    }
    expectation expected;
    expected.where = table.where;
    table_reader reader(table, "an expectation", context.out);
    std::size_t at = last;
    bool is_known = true;
    if (const config_entry *entry = reader.find("at", config_type::text)) {
      const auto found = find_stage(*entry);
      is_known = found.has_value();
      at = found.value_or(last);
      if (found && (at < first || at > last))
        context.out.error("pipeline.stage-not-run", entry->value.where,
                          fmt::format("the test does not run `{}`", entry->value.text),
                          fmt::format("it runs from `{}` to `{}`", names[first], names[last]));
    }
    if (!names.empty()) expected.at = names[at];
    const config_entry *layer = reader.find("layer", config_type::text);
    const config_entry *kind = reader.find("kind", config_type::text);
    if (layer) expected.layer = layer->value.text;
    if (layer && is_known && !names.empty()) check_layer(*layer, at);
    if (kind) expected.kind = kind->value.text;
    if (kind && !table.find("layer")) check_kind(*kind);
    if (kind && layer) check_layer_kind(layer->value.text, *kind);
    expected.field = reader.text("field");
    expected.text = reader.text("text");
    expected.equals = reader.text("equals");
    expected.contains = reader.text("contains");
    expected.count = reader.count("count");
    expected.outputs = reader.count("outputs");
    if (const config_entry *file = reader.find("file_equals", config_type::text))
      expected.file_equals = absolute_path(file->value.text, file->value.where);
    if (auto compare = reader.choice("compare", comparisons)) expected.compare = *compare;
    expected.status = reader.choice("status", statuses);
    if (table.find("diagnostics")) {
      expected.diagnostics.emplace();
      for (const config_value *code : reader.texts("diagnostics")) {
        check_code_pattern(code->text, code->where, context);
        expected.diagnostics->push_back(code->text);
      }
    }
    if (const config_entry *values = reader.find_table("value")) read_values(values->value, layer, expected);
    reader.find("diagnostics");
    reader.finish();

    const bool has_subject = table.find("layer") || table.find("kind") || table.find("field");
    for (const std::string_view key : {"text", "count", "value"})
      if (const config_entry *entry = table.find(key); entry && !has_subject)
        context.out.error("pipeline.nothing-expected", entry->where, fmt::format("`{}` of what?", key),
                          "say layer, kind or field too");
    const std::vector<std::string> subjects = {"layer",       "kind",        "field",  "equals", "contains",
                                               "file_equals", "diagnostics", "status", "outputs"};
    const bool expects = std::any_of(subjects.begin(), subjects.end(),
                                     [&](const std::string &key) { return table.find(key) != nullptr; });
    const bool has_other = table.find("text") || table.find("count") || table.find("value");
    if (!expects && !has_other)
      context.out.error("pipeline.nothing-expected", table.where, "this expects nothing",
                        "e.g. { at = \"editorial\", layer = \"calque.editorial/1\", count = 2 }");
    return expected;
  }

  pipeline_test read(const config_value &table) {
    pipeline_test test;
    test.where = table.where;
    first = 0;
    last = names.empty() ? 0 : names.size() - 1;
    table_reader reader(table, "a test", context.out);
    reader.require("name", "say what must hold, e.g. name = \"brackets survive\"");
    if (const config_entry *name = reader.find("name", config_type::text)) {
      test.name = name->value.text;
      test.where = name->value.where;
    }
    if (const config_entry *from = reader.find("from", config_type::text)) {
      first = find_stage(*from).value_or(first);
      test.from = from->value.text;
    }
    if (const config_entry *to = reader.find("to", config_type::text)) {
      last = find_stage(*to).value_or(last);
      test.to = to->value.text;
      if (last < first) {
        context.out.error("pipeline.stage-not-run", to->value.where,
                          fmt::format("`{}` stands before `{}`", test.to, test.from),
                          "`from` is the first stage that runs, `to` the last");
        first = 0;
      }
    }
    if (reader.require("input", "e.g. input = { text = \"…\" } or { file = \"samples/one.txt\" }"))
      if (const config_entry *input = reader.find_table("input")) read_input(input->value, test);
    if (reader.require("expect", "a list of what must hold, e.g. expect = [{ status = \"ok\" }]"))
      if (const config_entry *expect = reader.find("expect", config_type::list)) {
        for (const config_value &entry : expect->value.items)
          if (auto expected = read_expectation(entry)) test.expect.push_back(std::move(*expected));
        if (expect->value.items.empty())
          context.out.error("pipeline.nothing-expected", expect->where, "a test that expects nothing",
                            "e.g. expect = [{ status = \"ok\" }]");
      }
    reader.find("input");
    reader.find("expect");
    reader.finish();
    return test;
  }
};

}  // namespace

std::vector<pipeline_test> read_tests(const config_value &root, const pipeline &whole,
                                      std::span<const std::string> names, const pipeline_context &context) {
  std::vector<pipeline_test> tests;
  const config_entry *list = root.find("test");
  if (!list) return tests;
  if (list->value.type != config_type::list) {
    report_type(list->value, "`test`", type_name(config_type::list), context.out);
    return tests;
  }
  test_reader reader{whole, names, context};
  for (const config_value &table : list->value.items) {
    if (table.type != config_type::table) {
      report_type(table, "a test", type_name(config_type::table), context.out);
      continue;
    }
    pipeline_test test = reader.read(table);
    const auto same =
        std::find_if(tests.begin(), tests.end(), [&](const pipeline_test &one) { return one.name == test.name; });
    if (!test.name.empty() && same != tests.end())
      context.out
          .error("pipeline.duplicate-test", test.where, fmt::format("two tests are called `{}`", test.name),
                 "say what each one shows")
          .notes.push_back({"the first", same->where});
    tests.push_back(std::move(test));
  }
  return tests;
}

}  // namespace calque::host
