// SPDX-License-Identifier: Apache-2.0
// Reading configuration tables: types, known keys, suggestions.
#include "host/pipeline/config.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "host/pipeline/suggest.hpp"

namespace calque::host {
namespace {

// Messages repeat what a file says, and a file may say a megabyte: the middle is left out. One message is one line.
std::string in_brief(std::string &&text) {
  constexpr std::size_t most = 240, front = 150, back = 60;
  if (text.size() > most) {
    const auto is_inside = [&](std::size_t at) { return (text[at] & 0xC0) == 0x80; };
    std::size_t begin = front, end = text.size() - back;
    while (begin > 0 && is_inside(begin)) --begin;
    while (end < text.size() && is_inside(end)) ++end;
    text.replace(begin, end - begin, "…");
  }
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) text.replace(at, 1, "⏎");
  return std::move(text);
}

diagnostic make(severity level, std::string &&code, place &&where, std::string &&message, std::string &&hint) {
  diagnostic made;
  made.level = level;
  made.code = std::move(code);
  made.message = in_brief(std::move(message));
  made.hint = in_brief(std::move(hint));
  made.where = std::move(where);
  return made;
}

}  // namespace

const config_entry *config_value::find(std::string_view key) const {
  for (const config_entry &entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

config_entry *config_value::find(std::string_view key) {
  return const_cast<config_entry *>(std::as_const(*this).find(key));
}

std::string_view type_name(config_type type) {
  switch (type) {
    case config_type::text:
      return "a text";
    case config_type::integer:
      return "an integer";
    case config_type::number:
      return "a number";
    case config_type::boolean:
      return "true or false";
    case config_type::date:
      return "a date";
    case config_type::list:
      return "a list";
    case config_type::table:
      return "a table";
  }
  return "nothing";
}

diagnostic &problems::error(std::string code, place where, std::string message, std::string hint) {
  return all_.emplace_back(
      make(severity::error, std::move(code), std::move(where), std::move(message), std::move(hint)));
}

diagnostic &problems::warning(std::string code, place where, std::string message, std::string hint) {
  return all_.emplace_back(
      make(severity::warning, std::move(code), std::move(where), std::move(message), std::move(hint)));
}

bool problems::has_errors() const {
  return std::any_of(all_.begin(), all_.end(), [](const diagnostic &one) { return one.level == severity::error; });
}

std::vector<diagnostic> problems::take_sorted() {
  std::map<std::string, std::size_t> order;
  for (const diagnostic &one : all_) order.emplace(one.where.file, order.size());
  std::stable_sort(all_.begin(), all_.end(), [&](const diagnostic &a, const diagnostic &b) {
    return std::tuple(order.at(a.where.file), a.where.line, a.where.column) <
           std::tuple(order.at(b.where.file), b.where.line, b.where.column);
  });
  return std::exchange(all_, {});
}

table_reader::table_reader(const config_value &table, std::string what, problems &out)
    : table_(table), what_(std::move(what)), out_(out) {}

const config_entry *table_reader::find(std::string_view key) {
  known_.emplace_back(key);
  return table_.find(key);
}

const config_entry *table_reader::find(std::string_view key, config_type type) {
  const config_entry *entry = find(key);
  if (!entry || entry->value.type == type) return entry;
  report_type(entry->value, "`" + entry->key + "`", type_name(type), out_);
  return nullptr;
}

std::optional<std::string> table_reader::text(std::string_view key) {
  const config_entry *entry = find(key, config_type::text);
  return entry ? std::optional(entry->value.text) : std::nullopt;
}

std::optional<std::uint64_t> table_reader::count(std::string_view key) {
  const config_entry *entry = find(key, config_type::integer);
  if (!entry) return std::nullopt;
  if (entry->value.integer < 0) {
    out_.error("pipeline.out-of-range", entry->value.where,
               "`" + entry->key + "` is " + std::to_string(entry->value.integer), "it counts something: 0 or more");
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(entry->value.integer);
}

std::vector<const config_value *> table_reader::texts(std::string_view key) {
  const config_entry *entry = find(key);
  std::vector<const config_value *> found;
  if (!entry) return found;
  if (entry->value.type == config_type::text) {
    found.push_back(&entry->value);
  } else if (entry->value.type == config_type::list) {
    for (const config_value &item : entry->value.items) {
      if (item.type == config_type::text)
        found.push_back(&item);
      else
        report_type(item, "an entry of `" + entry->key + "`", type_name(config_type::text), out_);
    }
  } else {
    report_type(entry->value, "`" + entry->key + "`", "a text or a list of texts", out_);
  }
  return found;
}

std::optional<std::string> table_reader::choice(std::string_view key, const std::vector<std::string> &choices) {
  const config_entry *entry = find(key, config_type::text);
  if (!entry) return std::nullopt;
  if (std::find(choices.begin(), choices.end(), entry->value.text) != choices.end()) return entry->value.text;
  out_.error("pipeline.unknown-choice", entry->value.where,
             "\"" + entry->value.text + "\" is no value of `" + entry->key + "`",
             did_you_mean(entry->value.text, choices, "the values are"));
  return std::nullopt;
}

bool table_reader::require(std::string_view key, std::string hint) {
  if (table_.find(key)) return true;
  out_.error("pipeline.missing-key", table_.where, what_ + " has no `" + std::string(key) + "`", std::move(hint));
  return false;
}

void table_reader::finish() {
  std::sort(known_.begin(), known_.end());
  known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
  for (const config_entry &entry : table_.entries) {
    if (std::binary_search(known_.begin(), known_.end(), entry.key)) continue;
    out_.error("pipeline.unknown-key", entry.where, "unknown key `" + entry.key + "` in " + what_,
               did_you_mean(entry.key, known_, "the keys are"));
  }
}

void report_type(const config_value &found, std::string_view name, std::string_view expected, problems &out) {
  std::string hint;
  const bool is_text = found.type == config_type::text, is_list = found.type == config_type::list,
             is_table = found.type == config_type::table;
  const bool is_number =
      is_text && !found.text.empty() && found.text.find_first_not_of("0123456789.-") == std::string::npos;
  if (is_text && (found.text == "true" || found.text == "false") && expected == "true or false")
    hint = "without quotes: " + found.text;
  if (is_number && (expected == "an integer" || expected == "a number")) hint = "without quotes: " + found.text;
  if (!is_text && !is_list && !is_table && expected == "a text") hint = "a text stands in quotes";
  if (is_list && expected == "a text") hint = "one text, without brackets";
  if (is_text && expected == "a list") hint = "a list stands in brackets: [\"…\"]";
  if (is_table && expected == "a list") hint = "tables of a list have two brackets: [[…]]";
  if (!is_table && expected == "a table") hint = "a table has keys: { key = \"value\" }";
  out.error("pipeline.wrong-type", found.where,
            std::string(name) + " is " + std::string(type_name(found.type)) + ", not " + std::string(expected), hint);
}

std::string did_you_mean(std::string_view given, const std::vector<std::string> &names, std::string_view plural) {
  if (const std::string best = suggest(given, names); !best.empty()) return "did you mean `" + best + "`?";
  if (names.empty()) return {};
  // A long list helps nobody.
  constexpr std::size_t most = 16;
  std::string all(plural);
  for (std::size_t k = 0; k < names.size() && k < most; ++k) all += (k ? ", " : " ") + names[k];
  return names.size() > most ? all + ", …" : all;
}

}  // namespace calque::host
