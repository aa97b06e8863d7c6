// SPDX-License-Identifier: Apache-2.0
// Well-formed XML, element by element, straight into a file: what is written needs no memory any more.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/records/durable_file.hpp"

namespace calque::host {

/// `text` as the content of an element or of an attribute. What XML cannot hold, controls and bytes that are not UTF-8
/// among them, has a visible form: ⟨U+0001⟩, ⟨0xFF⟩.
std::string xml_text(std::string_view text);

class xml_writer {
 public:
  using attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// `into` must live as long. The first error is kept for `finish`; after it nothing more is written.
  explicit xml_writer(durable_file &into);

  void begin(std::string_view name, attributes = {});
  void end();
  /// An element of text alone.
  void add(std::string_view name, std::string_view text, attributes = {});
  /// Every element must have ended.
  result<void> finish();

 private:
  void line(std::string_view bytes);
  static std::string tag(std::string_view name, attributes);

  durable_file &into_;
  std::vector<std::string> open_;
  std::optional<diagnostic> failed_;
};

}  // namespace calque::host
