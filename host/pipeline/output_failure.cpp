// SPDX-License-Identifier: Apache-2.0
// What a failed call of the system means for an output: the code, the words and what to do.
#include "host/pipeline/output_failure.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace calque::host {

diagnostic output_failure(std::string_view what, const std::string &path, int number) {
  const std::string message = fmt::format("cannot {} {}: {}", what, path, std::strerror(number));
  switch (number) {
    case EACCES:
    case EPERM:
    case EROFS:
      return error("output.permission", message, "choose another folder with -o, or change its permissions");
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return error("output.disk-full", message, "free some space and run again; nothing was changed");
    case ELOOP:
      return error("output.symlink", message, "outputs never go through symbolic links; replace it by a folder");
    case ENOTDIR:
    case EISDIR:
    case EEXIST:
      return error("output.cannot-create", message, "a file stands where a folder is needed, or the other way round");
    case EIO:
      return error("output.cannot-write", message, "the disk reports an error; nothing was changed");
    default:
      return error("output.cannot-create", message);
  }
}

}  // namespace calque::host
