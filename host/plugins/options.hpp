// SPDX-License-Identifier: Apache-2.0
// Values of a stage's options: what one may be, its default, and the C form that `create` reads.
#pragma once

#include <calque/calque.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/plugins/description.hpp"

namespace calque::host {

/// As calque_value has it, owned. Not given: is_set is false; then the default counts, if there is one.
struct option_value {
  uint32_t type = CALQUE_BOOL;
  bool is_set = false;
  int64_t i = 0;
  double f = 0;
  std::string text;
  std::vector<option_value> items;
  uint32_t line = 0;
  bool operator==(const option_value &) const = default;
};

/// "2 MiB", "512 kB", "10": bytes. Nothing when it is none, or too big to hold.
std::optional<uint64_t> size_in_bytes(std::string_view text);
/// "2 s", "150 ms", "1 min", "2 h": milliseconds.
std::optional<uint64_t> duration_in_ms(std::string_view text);

/// A value written as TOML (`true`, `"NFC"`, `["a", "b"]`), checked: type, range, choice. Paths stay as written.
/// is_set is true. The message of an error does not name the option.
result<option_value> parse_option(const option_description &, std::string_view toml);

/// One value per option, in their order: `given` where set, else the default, else nothing of that type. `given` has
/// one per option, or is empty.
std::vector<option_value> with_defaults(std::span<const option_description>, std::span<const option_value> given);

/// The C form of a list of values. It points into `values`, which must outlive it.
class option_table {
 public:
  explicit option_table(std::span<const option_value> values);
  option_table(const option_table &) = delete;
  option_table &operator=(const option_table &) = delete;
  const calque_config *abi() const { return &config_; }

 private:
  calque_value convert(const option_value &);

  std::vector<std::unique_ptr<std::vector<calque_value>>> lists_;
  std::vector<calque_value> values_;
  calque_config config_;
};

}  // namespace calque::host
