// SPDX-License-Identifier: Apache-2.0
// A file of SRX 1.0 or 2.0: rules that say where text breaks, by language.
#pragma once

#include <unicode/regex.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calque::segments {

/// Why a file of rules is refused; the names stand in the messages.
struct srx_limits {
  static constexpr uint64_t file_size = uint64_t{16} << 20;  // bytes
  static constexpr size_t rules = 100'000;                   // rules and language maps of a file
  static constexpr size_t pattern = 100'000;                 // bytes of one regular expression
};

/// Whether text breaks at a place where `before` ends and `after` begins.
struct srx_rule {
  bool breaks = true;
  std::string name;   // languagerule and number in it, from 1: "English#3"
  uint32_t line = 0;  // of the file
  bool has_before = false;
  /// Of a break rule: `before` followed by `after`; null where both are empty.
  std::unique_ptr<icu::RegexPattern> whole;
  /// Of a no-break rule; null where they are empty, so true at every place. Of the first two one is there at most:
  /// `behind` is `before` as a look-behind, which asks at one place only; patterns of any length have none.
  std::unique_ptr<icu::RegexPattern> before, behind, after;
};

/// All of a file. Throws calque::failure with segments.bad-rules, which names file, line and rule.
class srx_rules {
 public:
  explicit srx_rules(const std::filesystem::path &file);
  /// `name` is what messages call the file.
  srx_rules(std::string_view bytes, std::string name);

  /// The rules for a language in the order in which they are tried; nothing where no pattern of the file knows it.
  std::optional<std::vector<const srx_rule *>> for_language(std::string_view tag) const;
  /// Whether notes and other asides are taken apart too (`segmentsubflows`).
  bool are_asides_segmented() const { return are_asides_segmented_; }
  const std::string &file() const { return file_; }

 private:
  friend class srx_reader;
  struct language {
    std::string name;
    std::vector<srx_rule> rules;
  };
  struct map {
    std::unique_ptr<icu::RegexPattern> tags;
    size_t language;
  };

  std::string file_;
  bool is_cascading_ = false, are_asides_segmented_ = true;
  std::vector<language> languages_;
  std::vector<map> maps_;
};

}  // namespace calque::segments
