// SPDX-License-Identifier: Apache-2.0
// The sections of a pipeline that hold sizes, counts and times: what a document may take.
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "host/pipeline/pipeline_sections.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {
namespace {

using milliseconds = std::chrono::milliseconds;

/// A size such as "2 MiB", or a number of bytes.
std::optional<std::uint64_t> read_size(table_reader &reader, std::string_view key, problems &out) {
  const config_entry *entry = reader.find(key);
  if (!entry) return std::nullopt;
  if (entry->value.type == config_type::integer && entry->value.integer >= 0)
    return static_cast<std::uint64_t>(entry->value.integer);
  if (entry->value.type != config_type::text) {
    report_type(entry->value, "`" + entry->key + "`", "a size such as \"2 MiB\"", out);
    return std::nullopt;
  }
  const std::optional<std::uint64_t> value = size_in_bytes(entry->value.text);
  if (!value)
    out.error("pipeline.bad-quantity", entry->value.where, fmt::format("`{}` is no size", entry->value.text),
              "a number and B, kB, MB, GB, KiB, MiB or GiB");
  return value;
}

/// A time such as "60 s". A bare number could mean seconds or milliseconds, so there are none.
std::optional<milliseconds> read_time(table_reader &reader, std::string_view key, problems &out) {
  const config_entry *entry = reader.find(key, config_type::text);
  if (!entry) return std::nullopt;
  const std::optional<std::uint64_t> value = duration_in_ms(entry->value.text);
  if (!value) {
    out.error("pipeline.bad-quantity", entry->value.where, fmt::format("`{}` is no time", entry->value.text),
              "a number and ms, s, min or h");
    return std::nullopt;
  }
  constexpr std::uint64_t most = 7 * 24 * 3600 * 1000ULL;
  if (*value == 0 || *value > most) {
    out.error("pipeline.out-of-range", entry->value.where, fmt::format("`{}` is \"{}\"", entry->key, entry->value.text),
              "it goes from 1 ms to a week");
    return std::nullopt;
  }
  return milliseconds(*value);
}

}  // namespace

void read_limits(table_reader &file, pipeline &whole, problems &out) {
  const config_entry *table = file.find_table("limits");
  if (!table) return;
  table_reader reader(table->value, "[limits]", out);
  const std::pair<std::string_view, std::uint64_t limits::*> bytes[] = {{"input", &limits::max_input},
                                                                        {"text", &limits::max_text},
                                                                        {"resource", &limits::max_resource},
                                                                        {"output", &limits::max_output},
                                                                        {"archive_member", &limits::max_archive_member},
                                                                        {"archive_total", &limits::max_archive_total}};
  const std::pair<std::string_view, std::uint64_t limits::*> counts[] = {{"nodes", &limits::max_nodes},
                                                                         {"depth", &limits::max_depth},
                                                                         {"annotations", &limits::max_annotations},
                                                                         {"parts", &limits::max_parts},
                                                                         {"archive_members", &limits::max_archive_members},
                                                                         {"archive_ratio", &limits::max_archive_ratio},
                                                                         {"archive_depth", &limits::max_archive_depth},
                                                                         {"embedded", &limits::max_embedded},
                                                                         {"nesting", &limits::max_nesting}};
  const auto set = [&](std::string_view key, std::uint64_t value, std::uint64_t limits::*member) {
    // A document's offsets have 32 bits, whatever a pipeline would like; nothing else has a bound of its own.
    const std::uint64_t most = limits{}.max_text;
    if (value == 0 || (member == &limits::max_text && value > most))
      out.error("pipeline.out-of-range", table->value.find(key)->value.where, fmt::format("`{}` is {}", key, value),
                member == &limits::max_text ? fmt::format("it goes from 1 to {}", most) : "it is 1 or more");
    else
      whole.bounds.*member = value;
  };
  for (const auto &[key, member] : bytes)
    if (const auto value = read_size(reader, key, out)) set(key, *value, member);
  for (const auto &[key, member] : counts)
    if (const auto value = reader.count(key)) set(key, *value, member);
  reader.finish();
}

void read_budget(table_reader &file, pipeline &whole, problems &out) {
  const config_entry *table = file.find_table("budget");
  if (!table) return;
  table_reader reader(table->value, "[budget]", out);
  if (const auto silence = read_time(reader, "silence", out)) whole.budget.silence = *silence;
  if (const auto total = read_time(reader, "total", out)) whole.budget.total = *total;
  if (const auto memory = read_size(reader, "memory", out)) {
    // The program, ICU's tables and a small document need some room themselves.
    constexpr std::uint64_t least = std::uint64_t{128} << 20;
    if (*memory < least)
      out.error("pipeline.out-of-range", table->value.find("memory")->value.where, "`memory` is too little to work in",
                "it is 128 MiB or more");
    else
      whole.budget.memory = *memory;
  }
  reader.finish();
  if (whole.budget.silence > whole.budget.total)
    out.error("pipeline.contradiction", table->where,
              fmt::format("`silence` ({} ms) is longer than `total` ({} ms)", whole.budget.silence.count(),
                          whole.budget.total.count()),
              "an input may be silent for a part of its time only");
}

void read_cache(table_reader &file, pipeline &whole, problems &out) {
  const config_entry *table = file.find_table("cache");
  if (!table) return;
  table_reader reader(table->value, "[cache]", out);
  if (const auto most = read_size(reader, "size", out)) whole.cache.most = *most;
  if (const auto dear = read_time(reader, "keep_after", out)) whole.cache.dear = *dear;
  reader.finish();
}

stage_budget read_stage_budget(const config_value &table, problems &out) {
  table_reader reader(table, "`budget`", out);
  stage_budget budget;
  budget.silence = read_time(reader, "silence", out);
  budget.total = read_time(reader, "total", out);
  reader.finish();
  return budget;
}

}  // namespace calque::host
