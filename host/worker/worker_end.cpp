// SPDX-License-Identifier: Apache-2.0
// What a dying worker still says.
#include "host/worker/worker_end.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <new>

#include "host/system/sanitizer.hpp"

namespace calque::host {
namespace {

// A signal handler has no argument of ours: these are the only way to it.
worker_status *page = nullptr;
std::uint64_t limit = 0;
int statm = -1;  // /proc/self/statm, opened before the jail
std::uintptr_t stack_low = 0, stack_high = 0;

/// Pages of address space in use; 0 when it cannot be read. Safe in a signal handler.
std::uint64_t address_space() {
  char text[64] = {};
  if (::pread(statm, text, sizeof text - 1, 0) <= 0) return 0;
  std::uint64_t pages = 0;
  for (const char *c = text; *c >= '0' && *c <= '9'; ++c) pages = pages * 10 + static_cast<std::uint64_t>(*c - '0');
  return pages * 4096;
}

extern "C" void on_fault(int number, siginfo_t *info, void *) {
  page->signal.store(static_cast<std::uint32_t>(number), std::memory_order_relaxed);
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  constexpr std::uintptr_t guard = 1 << 20;
  if ((number == SIGSEGV || number == SIGBUS) && at + guard >= stack_low && at < stack_low + guard && at < stack_high)
    page->near_stack_end.store(1, std::memory_order_relaxed);
  // malloc gave null because the limit was near, and nobody looked.
  constexpr std::uint64_t room = std::uint64_t{32} << 20;
  if (limit != 0 && address_space() + room >= limit) page->out_of_memory.store(1, std::memory_order_relaxed);
  std::signal(number, SIG_DFL);
  ::raise(number);
}

void on_no_memory() {
  page->out_of_memory.store(1, std::memory_order_relaxed);
  throw std::bad_alloc();
}

void find_stack() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  void *low = nullptr;
  std::size_t size = 0;
  if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
    stack_low = reinterpret_cast<std::uintptr_t>(low);
    stack_high = stack_low + size;
  }
  pthread_attr_destroy(&attributes);
}

}  // namespace

void note_the_end(worker_status &where, std::uint64_t memory_limit) {
  page = &where;
  limit = memory_limit;
  statm = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  find_stack();
  std::set_new_handler(on_no_memory);
  if constexpr (is_sanitized) return;  // it has handlers of its own
  // The handler needs a stack when the other one has run out.
  constexpr std::size_t size = 64 * 1024;
  void *const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  const stack_t other{memory, 0, size};
  ::sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::sigaction(number, &action, nullptr);
}

}  // namespace calque::host
