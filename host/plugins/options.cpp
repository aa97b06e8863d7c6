// SPDX-License-Identifier: Apache-2.0
// Values of options: quantities, TOML, defaults, and the C form.
#include "host/plugins/options.hpp"

#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <sstream>
#include <utility>

#include "host/document/document.hpp"

namespace calque::host {
namespace {

struct unit {
  std::string_view name;
  double factor;
};
constexpr unit size_units[] = {{"", 1},       {"B", 1},      {"kB", 1e3},       {"MB", 1e6},
                               {"GB", 1e9},   {"KiB", 1024}, {"MiB", 1048576},  {"GiB", 1073741824}};
constexpr unit time_units[] = {{"ms", 1}, {"s", 1e3}, {"min", 6e4}, {"h", 3.6e6}};

std::optional<uint64_t> read_quantity(std::string_view text, std::span<const unit> units) {
  double number = 0;
  const auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (failed != std::errc{} || !(number >= 0)) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(rest - text.data()));
  while (text.starts_with(' ')) text.remove_prefix(1);
  for (const unit &one : units) {
    if (one.name != text) continue;
    const double value = std::round(number * one.factor);
    if (value > 9e15) return std::nullopt;  // beyond it, doubles skip integers
    return static_cast<uint64_t>(value);
  }
  return std::nullopt;
}

std::string_view expected_of(uint32_t type) {
  switch (type) {
    case CALQUE_BOOL: return "true or false";
    case CALQUE_INT: return "an integer";
    case CALQUE_FLOAT: return "a number";
    case CALQUE_SIZE: return "a size such as \"2 MiB\"";
    case CALQUE_DURATION: return "a duration such as \"2 s\"";
    case CALQUE_ENUM: return "one of its choices, in quotes";
    default: return "a text in quotes";
  }
}

result<option_value> read_value(const option_description &option, const toml::node &given) {
  option_value value;
  value.type = option.type;
  value.is_set = true;
  const auto wrong = [&] {
    std::ostringstream shown;
    if (given.is_table() || given.is_array())
      shown << (given.is_table() ? "a table" : "a list");
    else
      given.visit([&](const auto &node) { shown << node; });
    return error("pipeline.wrong-type", shown.str() + " is not " + std::string(expected_of(option.type)));
  };
  std::optional<double> number;
  switch (option.type) {
    case CALQUE_BOOL:
      if (!given.is_boolean()) return wrong();
      value.i = given.as_boolean()->get() ? 1 : 0;
      break;
    case CALQUE_INT:
      if (!given.is_integer()) return wrong();
      value.i = given.as_integer()->get();
      number = static_cast<double>(value.i);
      break;
    case CALQUE_FLOAT:
      if (!given.is_number()) return wrong();
      value.f = given.value<double>().value_or(NAN);
      if (!std::isfinite(value.f)) return wrong();
      number = value.f;
      break;
    case CALQUE_SIZE:
    case CALQUE_DURATION: {
      std::optional<uint64_t> quantity;
      if (given.is_string())
        quantity = option.type == CALQUE_SIZE ? size_in_bytes(given.as_string()->get())
                                              : duration_in_ms(given.as_string()->get());
      if (given.is_integer() && option.type == CALQUE_SIZE && given.as_integer()->get() >= 0)
        quantity = static_cast<uint64_t>(given.as_integer()->get());
      if (!quantity) return wrong();
      value.i = static_cast<int64_t>(*quantity);
      number = static_cast<double>(*quantity);
      break;
    }
    case CALQUE_ENUM: {
      if (!given.is_string()) return wrong();
      value.text = given.as_string()->get();
      const auto found = std::find(option.choices.begin(), option.choices.end(), value.text);
      if (found == option.choices.end())
        return error("pipeline.unknown-choice",
                     fmt::format("\"{}\" is not one of {}", value.text, fmt::join(option.choices, ", ")));
      value.i = found - option.choices.begin();
      break;
    }
    default:
      if (!given.is_string()) return wrong();
      value.text = given.as_string()->get();
      break;
  }
  if (number && option.min <= option.max && (*number < option.min || *number > option.max))
    return error("pipeline.out-of-range", fmt::format("{:g} is not in {:g} to {:g}", *number, option.min, option.max));
  return value;
}

}  // namespace

std::optional<uint64_t> size_in_bytes(std::string_view text) {
  return read_quantity(text, size_units);
}

std::optional<uint64_t> duration_in_ms(std::string_view text) {
  return read_quantity(text, time_units);
}

result<option_value> parse_option(const option_description &option, std::string_view text) {
  try {
    // The line end keeps a comment, or a second line, from being taken for part of the value.
    const toml::table table = toml::parse(fmt::format("value = {}\n", text));
    const toml::node *given = table.get("value");
    if (given == nullptr || table.size() != 1) return error("pipeline.syntax", fmt::format("{} is not one value", text));
    if ((option.flags & CALQUE_LIST) == 0) return read_value(option, *given);
    const toml::array *list = given->as_array();
    if (list == nullptr) return error("pipeline.wrong-type", fmt::format("{} is not a list", text));
    option_value value;
    value.type = option.type;
    value.is_set = true;
    for (const toml::node &item : *list) {
      result<option_value> read = read_value(option, item);
      if (!read) return read.errors();
      value.items.push_back(std::move(*read));
    }
    return value;
  } catch (const toml::parse_error &wrong) {
    return error("pipeline.syntax", fmt::format("{} is not TOML: {}", text, wrong.description()));
  }
}

std::vector<option_value> with_defaults(std::span<const option_description> options,
                                        std::span<const option_value> given) {
  std::vector<option_value> values;
  values.reserve(options.size());
  for (size_t k = 0; k < options.size(); ++k) {
    if (k < given.size() && given[k].is_set) {
      values.push_back(given[k]);
      continue;
    }
    option_value value;
    value.type = options[k].type;
    if (options[k].default_value) {
      // The description was checked, so a default that does not parse cannot come here.
      if (auto parsed = parse_option(options[k], *options[k].default_value)) value = std::move(*parsed);
      value.is_set = false;
    }
    values.push_back(std::move(value));
  }
  return values;
}

option_table::option_table(std::span<const option_value> values) {
  values_.reserve(values.size());
  for (const option_value &value : values) values_.push_back(convert(value));
  config_ = {sizeof(calque_config), static_cast<uint32_t>(values_.size()), sizeof(calque_value), 0, values_.data()};
}

calque_value option_table::convert(const option_value &value) {
  calque_value c{value.type, value.is_set ? 1u : 0u, value.i, value.f, to_str(value.text), 0, value.line, nullptr};
  if (!value.items.empty()) {
    auto &items = *lists_.emplace_back(std::make_unique<std::vector<calque_value>>());
    items.reserve(value.items.size());
    for (const option_value &item : value.items) items.push_back(convert(item));
    c.item_count = static_cast<uint32_t>(items.size());
    c.items = items.data();
  }
  return c;
}

}  // namespace calque::host
