// SPDX-License-Identifier: Apache-2.0
// An input as the coordinator opens it.
#include "host/batch/batch_input.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "host/batch/file_digest.hpp"
#include "host/pipeline/open_input.hpp"
#include "host/plugins/media_types.hpp"

namespace calque::host {

result<batch_input> open_batch_input(const std::string &path, std::uint64_t most_bytes) {
  auto opened = open_regular_file(path, most_bytes);
  if (!opened.has_value()) return opened.errors();
  batch_input input;
  input.file = std::move(opened.value());
  struct stat before {}, after {};
  ::fstat(*input.file, &before);
  auto content = digest_content(*input.file, most_bytes);
  if (!content) return input_error(path, errno, most_bytes);
  if (content->size == 0) return input_error(path, 0, most_bytes);
  // What is read while somebody writes it is neither the old file nor the new one.
  if (::fstat(*input.file, &after) != 0 || static_cast<std::uint64_t>(after.st_size) != content->size ||
      before.st_size != after.st_size || before.st_mtim.tv_sec != after.st_mtim.tv_sec ||
      before.st_mtim.tv_nsec != after.st_mtim.tv_nsec) {
    diagnostic d = error("input.changed", "it was changed while it was read", "run again when nothing writes to it");
    d.document = path;
    return d;
  }
  input.name = path.substr(path.rfind('/') + 1);
  input.media_type = media_type_of(input.name, content->head);
  input.sha256 = content->sha256;
  input.size = content->size;
  return input;
}

}  // namespace calque::host
