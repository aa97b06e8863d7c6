// SPDX-License-Identifier: Apache-2.0
// The log: what the program does, for those who look into a run afterwards. Not for messages to the user.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace calque::host {

class log {
 public:
  /// To `file` (appended) if one is named, and to stderr with `to_stderr`; `with_debug`: debug lines too; `as_json`: an
  /// object a line, with time, level and message. A file that cannot be opened is said by `trouble`, and the rest goes
  /// on.
  log(const std::string &file, bool to_stderr, bool with_debug, bool as_json);
  ~log();
  const std::string &trouble() const { return trouble_; }
  void info(std::string_view line);  // never names a document: logs travel further than documents may
  void debug(std::string_view line);

 private:
  struct sinks;
  std::string form(std::string_view line) const;

  std::unique_ptr<sinks> sinks_;
  bool as_json_;
  std::string trouble_;
};

}  // namespace calque::host
