// SPDX-License-Identifier: Apache-2.0
// Options of stages: names, types, ranges, choices.
#include "host/pipeline/option_reader.hpp"

#include <calque/calque.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "host/pipeline/compose.hpp"

namespace calque::host {
namespace {

std::string_view expected_type(const option_description &option) {
  switch (option.type) {
    case CALQUE_BOOL:
      return "true or false";
    case CALQUE_INT:
      return "an integer";
    case CALQUE_FLOAT:
      return "a number";
    case CALQUE_SIZE:
      return "a size such as \"2 MiB\"";
    case CALQUE_DURATION:
      return "a duration such as \"2 s\"";
    default:
      return "a text";
  }
}

std::string as_written(double number, std::uint32_t type) {
  if (type == CALQUE_SIZE) return fmt::format("{:.0f} bytes", number);
  if (type == CALQUE_DURATION) return fmt::format("{:.0f} ms", number);
  return fmt::format("{:g}", number);
}

void check_range(const option_description &option, const config_value &given, double number, problems &out) {
  if (option.min > option.max || (number >= option.min && number <= option.max)) return;
  const auto show = [&](double bound) { return as_written(bound, option.type); };
  std::string range = fmt::format("{} to {}", show(option.min), show(option.max));
  if (std::isinf(option.max)) range = fmt::format("{} or more", show(option.min));
  if (std::isinf(option.min)) range = fmt::format("{} or less", show(option.max));
  out.error("pipeline.out-of-range", given.where, fmt::format("`{}` is {}", option.name, show(number)),
            fmt::format("it goes from {}", range));
}

// One value, or one entry of a list.
std::optional<option_value> read_value(const option_description &option, std::string_view name,
                                       const config_value &given, problems &out) {
  option_value value;
  value.type = option.type;
  value.is_set = true;
  value.line = given.where.file == override_file ? 0 : given.where.line;
  const auto wrong = [&] {
    report_type(given, name, expected_type(option), out);
    return std::nullopt;
  };
  switch (option.type) {
    case CALQUE_BOOL:
      if (given.type != config_type::boolean) return wrong();
      value.i = given.boolean ? 1 : 0;
      break;
    case CALQUE_INT:
      if (given.type != config_type::integer) return wrong();
      value.i = given.integer;
      check_range(option, given, given.number, out);
      break;
    case CALQUE_FLOAT:
      if (given.type != config_type::number && given.type != config_type::integer) return wrong();
      if (!std::isfinite(given.number)) return wrong();
      value.f = given.number;
      check_range(option, given, given.number, out);
      break;
    case CALQUE_SIZE:
    case CALQUE_DURATION: {
      std::optional<std::uint64_t> number;
      if (given.type == config_type::text)
        number = option.type == CALQUE_SIZE ? size_in_bytes(given.text) : duration_in_ms(given.text);
      if (given.type == config_type::integer && given.integer >= 0 && option.type == CALQUE_SIZE)
        number = static_cast<std::uint64_t>(given.integer);
      if (!number && given.type == config_type::text) {
        out.error("pipeline.bad-quantity", given.where,
                  fmt::format("`{}` is no {}", given.text, option.type == CALQUE_SIZE ? "size" : "duration"),
                  option.type == CALQUE_SIZE ? "a number and B, kB, MB, GB, KiB, MiB or GiB"
                                             : "a number and ms, s, min or h");
        return std::nullopt;
      }
      if (!number) return wrong();
      value.i = static_cast<std::int64_t>(*number);
      check_range(option, given, static_cast<double>(*number), out);
      break;
    }
    case CALQUE_ENUM: {
      if (given.type != config_type::text) return wrong();
      const auto found = std::find(option.choices.begin(), option.choices.end(), given.text);
      if (found == option.choices.end()) {
        out.error("pipeline.unknown-choice", given.where,
                  fmt::format("\"{}\" is no value of `{}`", given.text, option.name),
                  did_you_mean(given.text, option.choices, "the values are"));
        return std::nullopt;
      }
      value.i = found - option.choices.begin();
      value.text = given.text;
      break;
    }
    case CALQUE_PATH: {
      if (given.type != config_type::text) return wrong();
      value.text = absolute_path(given.text, given.where);
      std::error_code failed;
      if (!std::filesystem::exists(value.text, failed))
        out.error("pipeline.missing-file", given.where, fmt::format("`{}` does not exist", given.text),
                  "relative names start at the folder of the pipeline file");
      break;
    }
    default:
      if (given.type != config_type::text) return wrong();
      value.text = given.text;
      break;
  }
  return value;
}

std::optional<option_value> read_option(const option_description &option, const config_value &given, problems &out) {
  if ((option.flags & CALQUE_LIST) == 0) return read_value(option, "`" + option.name + "`", given, out);
  if (given.type != config_type::list) {
    report_type(given, "`" + option.name + "`", type_name(config_type::list), out);
    return std::nullopt;
  }
  option_value list;
  list.type = option.type;
  list.is_set = true;
  list.line = given.where.file == override_file ? 0 : given.where.line;
  for (const config_value &item : given.items)
    if (auto value = read_value(option, "an entry of `" + option.name + "`", item, out))
      list.items.push_back(std::move(*value));
  return list;
}

}  // namespace

std::vector<option_value> read_options(const stage_description &description, const config_value *with,
                                       const config_value &stage, problems &out) {
  std::vector<option_value> values;
  std::vector<std::string> names;
  for (const option_description &option : description.options) {
    option_value &value = values.emplace_back();
    value.type = option.type;
    if ((option.flags & CALQUE_DEPRECATED) == 0) names.push_back(option.name);
    const config_entry *given = with ? with->find(option.name) : nullptr;
    if (given && (option.flags & CALQUE_DEPRECATED) != 0)
      out.warning("pipeline.deprecated-option", given->where,
                  fmt::format("`{}` of {} is deprecated", option.name, plain_id(description.id)), option.summary);
    if (given)
      if (auto read = read_option(option, given->value, out)) value = std::move(*read);
    if (!given && (option.flags & CALQUE_REQUIRED) != 0)
      out.error("pipeline.missing-option", with ? with->where : stage.where,
                fmt::format("{} needs the option `{}`", plain_id(description.id), option.name),
                fmt::format("{}: with = {{ {} = … }}", option.summary, option.name));
  }
  if (!with) return values;
  for (const config_entry &entry : with->entries) {
    const bool is_known = std::any_of(description.options.begin(), description.options.end(),
                                      [&](const option_description &option) { return option.name == entry.key; });
    if (is_known) continue;
    std::string hint = did_you_mean(entry.key, names, "its options are");
    if (names.empty()) hint = "it has no options";
    out.error("pipeline.unknown-option", entry.where,
              fmt::format("unknown option `{}` of {}", entry.key, plain_id(description.id)), hint);
  }
  return values;
}

}  // namespace calque::host
