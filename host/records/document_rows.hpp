// SPDX-License-Identifier: Apache-2.0
// The table of all documents as the page's script reads it: JSON, small, and bounded whatever the run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/records/event_reader.hpp"
#include "host/records/status_words.hpp"

namespace calque::host {

/// A string of JSON that may stand in an HTML script element: made visible as show_text does, and free of `<`.
std::string json_text(std::string_view untrusted);

/// Rows are kept as text, failures apart from the others, so that the failures are there when a page cannot hold all.
class document_rows {
 public:
  /// Of both together.
  static constexpr std::size_t most_bytes = 8'000'000;

  void add(const input_finished &, verdict means);
  /// {"statuses":[{"name":…,"sign":…,"count":…}…],"codes":[…],"stages":[…],"rows":[[shared, rest, status, code, stage,
  /// took, peak_kib, worker, bytes]…]}. A name begins with the first `shared` UTF-16 units of the name in the row
  /// before; -1 is none.
  std::string json();
  std::uint64_t left_out() const { return left_out_; }

 private:
  struct block {
    std::string text, last_name;
    bool is_full = false;
  };
  class names {
   public:
    int number_of(std::string_view name);
    const std::vector<std::string> &all() const { return all_; }

   private:
    std::vector<std::string> all_;
    std::unordered_map<std::string, int> numbers_;
  };
  void put(block &, const input_finished &, std::string_view numbers);

  block failed_, others_;
  names statuses_, codes_, stages_;
  std::vector<std::uint64_t> status_counts_;
  std::uint64_t left_out_ = 0;
};

}  // namespace calque::host
