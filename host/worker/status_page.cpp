// SPDX-License-Identifier: Apache-2.0
// A page of memory that worker and coordinator share.
#include "host/worker/status_page.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace calque::host {

status_page::~status_page() {
  if (page_ != nullptr) ::munmap(page_, sizeof(worker_status));
}

bool status_page::make() {
  descriptor fd(::memfd_create("calque-status", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  // A page that shrinks would kill whoever reads it.
  return fd && ::ftruncate(*fd, sizeof(worker_status)) == 0 &&
         ::fcntl(*fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0 && map(std::move(fd));
}

bool status_page::map(descriptor fd) {
  struct stat info {};
  if (!fd || ::fstat(*fd, &info) != 0 || static_cast<std::size_t>(info.st_size) < sizeof(worker_status)) return false;
  void *page = ::mmap(nullptr, sizeof(worker_status), PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
  if (page == MAP_FAILED) return false;
  if (page_ != nullptr) ::munmap(page_, sizeof(worker_status));
  // Its bytes are zero when it is made, which is what these atomics begin with.
  page_ = static_cast<worker_status *>(page);
  fd_ = std::move(fd);
  return true;
}

}  // namespace calque::host
