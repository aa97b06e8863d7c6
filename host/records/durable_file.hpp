// SPDX-License-Identifier: Apache-2.0
// A file that appears whole or not at all: written aside in its own folder, made durable, then renamed into place.
#pragma once

#include <string>
#include <string_view>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// Write it, `make_durable` it, `put_in_place`. Until then its name is as it was; destroyed before, it leaves nothing.
/// What has its name is replaced, a symbolic link too: it is not followed. But a pipe or a device is written to, and
/// stays: nobody who names /dev/null means it to become a file. One writer at a time for one name.
/// Codes: those of output_failure.
class durable_file {
 public:
  /// The folder must be there; it may be reached through links, since the caller named it.
  static result<durable_file> create(const std::string &path);
  durable_file(durable_file &&other) noexcept;
  durable_file &operator=(durable_file &&) = delete;
  ~durable_file();

  result<void> write(std::string_view bytes);
  /// No byte of it is lost any more when the machine stops.
  result<void> make_durable();
  result<void> put_in_place();

 private:
  durable_file(std::string path, int folder);
  result<void> flush();

  std::string path_, name_, aside_, waiting_;
  int folder_ = -1, file_ = -1;
  bool is_direct_ = false;  // a pipe or a device
};

/// The whole of it at once.
result<void> write_durably(const std::string &path, std::string_view bytes);

}  // namespace calque::host
