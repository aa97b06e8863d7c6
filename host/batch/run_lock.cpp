// SPDX-License-Identifier: Apache-2.0
// One run at a time in a folder of outputs.
#include "host/batch/run_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <thread>

#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/system/bytes_io.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

/// "process 4711 on archive1, since 2026-03-01T02:00:00Z"
std::string own_name() {
  utsname machine{};
  ::uname(&machine);
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char time[32] = {};
  std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return fmt::format("process {} on {}, since {}", ::getpid(), machine.nodename, time);
}

}  // namespace

result<run_lock> run_lock::take(const std::string &path, std::chrono::milliseconds patience,
                                const std::function<bool()> &is_stopped) {
  descriptor file(calls::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!file) return output_failure("make", path, errno);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (::flock(*file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return output_failure("lock", path, errno);
    if (std::chrono::steady_clock::now() >= end || is_stopped()) {
      std::string holder = read_at(*file, 0, 400).value_or("");
      // It has the lock before it has written its name.
      for (int tries = 0; holder.empty() && tries < 50; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        holder = read_at(*file, 0, 400).value_or("");
      }
      return error("run.locked",
                   fmt::format("another run is at work in this folder{}{}", holder.empty() ? "" : ": ",
                               show_text(holder.substr(0, holder.find('\n')))),
                   "try again when it has ended, or let it wait: --wait 10min");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  // For the next one who finds it locked; nothing rests on it.
  if (calls::ftruncate(*file, 0) == 0) write_whole_at(*file, own_name() + "\n", 0);
  return run_lock(std::move(file));
}

run_lock::~run_lock() {
  if (file_ && calls::ftruncate(*file_, 0) != 0) return;  // nothing rests on it
}

}  // namespace calque::host
