// SPDX-License-Identifier: Apache-2.0
// What importer and exporter must agree on: pandoc's attributes, our classes, names of fields, layers that travel.
#pragma once

#include <calque/calque.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pandoc_json {

/// An Attr of pandoc's: what Div, Span, Header, Table and some others bear.
struct attributes {
  std::string id;
  std::vector<std::string> classes;
  std::vector<std::pair<std::string, std::string>> pairs;

  bool empty() const { return id.empty() && classes.empty() && pairs.empty(); }
  const std::string *find(std::string_view key) const {
    for (const auto &[name, value] : pairs)
      if (name == key) return &value;
    return nullptr;
  }
  /// The word after "calque-" in the first class; empty where there is none.
  std::string_view own_class() const {
    constexpr std::string_view prefix = "calque-";
    if (classes.empty() || !classes.front().starts_with(prefix)) return {};
    return std::string_view(classes.front()).substr(prefix.size());
  }
};

/// Attributes of the model that pandoc says by its own means; all others travel as pairs "calque.KEY".
bool is_structural(std::string_view key);

/// A kind of block by its name, where a Div of class calque-KIND may stand for it.
std::optional<calque::kind> block_kind(std::string_view name);

/// The key of a field for a name of pandoc's metadata: author is creator; nothing for names that are no terms.
std::optional<std::string> field_key(std::string_view name);
/// The name of a field's key in pandoc's metadata.
std::string meta_name(std::string_view key);

/// A layer whose annotations travel as spans of class calque-mark.
struct layer_form {
  std::string_view name;
  std::string_view kinds, text_keys, number_keys, ref_keys;  // words
  std::string_view required;                                 // the key that each must have
};
extern const std::span<const layer_form> layer_forms;
const layer_form *find_layer(std::string_view name);
bool has_word(std::string_view words, std::string_view word);

}  // namespace pandoc_json
