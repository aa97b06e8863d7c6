// SPDX-License-Identifier: Apache-2.0
// A TOML file as a plain tree with places, and a reader for its tables that reports what is wrong with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {

enum class config_type { text, integer, number, boolean, date, list, table };

struct config_entry;

/// A value with its place; `where.length` is in columns. Entries stand in the order of the file.
struct config_value {
  config_type type = config_type::table;
  std::string text;  // of a text, and of a date as written
  std::int64_t integer = 0;
  double number = 0;  // of an integer too
  bool boolean = false;
  std::vector<config_value> items;
  std::vector<config_entry> entries;
  place where;

  const config_entry *find(std::string_view key) const;
  config_entry *find(std::string_view key);
};

struct config_entry {
  std::string key;
  place where;
  config_value value;
};

/// "a text", "a list", …: what messages call a type.
std::string_view type_name(config_type type);

/// The errors and warnings of one configuration, in the order they were found.
class problems {
 public:
  diagnostic &error(std::string code, place where, std::string message, std::string hint = {});
  diagnostic &warning(std::string code, place where, std::string message, std::string hint = {});
  bool has_errors() const;
  /// By file and place; files in the order in which they first appear.
  std::vector<diagnostic> take_sorted();

 private:
  std::vector<diagnostic> all_;
};

/// Reads TOML 1.0. Nothing, and one error, when the text is not UTF-8, holds a NUL or is not TOML.
std::optional<config_value> parse_config(const source_text &source, problems &out);

/// Reads one table key by key. Every key that is asked for is a known one; `finish` reports all others. A value of the
/// wrong type is reported and counts as not given.
class table_reader {
 public:
  /// `what` names the table in messages: "[output]", "a stage".
  table_reader(const config_value &table, std::string what, problems &out);

  const config_entry *find(std::string_view key);
  const config_entry *find(std::string_view key, config_type type);
  const config_entry *find_table(std::string_view key) { return find(key, config_type::table); }
  std::optional<std::string> text(std::string_view key);
  std::optional<std::uint64_t> count(std::string_view key);
  /// One text or a list of texts.
  std::vector<const config_value *> texts(std::string_view key);
  /// A text that is one of `choices`.
  std::optional<std::string> choice(std::string_view key, const std::vector<std::string> &choices);
  /// An error of code pipeline.missing-key when the key is not there.
  bool require(std::string_view key, std::string hint);
  void finish();

  const config_value &table() const { return table_; }
  const std::string &what() const { return what_; }

 private:
  const config_value &table_;
  std::string what_;
  problems &out_;
  std::vector<std::string> known_;
};

/// The error that a value is not of the type that was expected.
void report_type(const config_value &found, std::string_view name, std::string_view expected, problems &out);

/// `"given" is not one of …`, with the suggestion if there is one: the help of an unknown name.
std::string did_you_mean(std::string_view given, const std::vector<std::string> &names, std::string_view plural);

}  // namespace calque::host
