// SPDX-License-Identifier: Apache-2.0
// Which sanitizer the program was built with, whichever compiler built it.
#pragma once

namespace calque::host {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool has_address_sanitizer = true;
#elif defined(__has_feature)
constexpr bool has_address_sanitizer = __has_feature(address_sanitizer);
#else
constexpr bool has_address_sanitizer = false;
#endif

#if defined(__SANITIZE_THREAD__)
constexpr bool has_thread_sanitizer = true;
#elif defined(__has_feature)
constexpr bool has_thread_sanitizer = __has_feature(thread_sanitizer);
#else
constexpr bool has_thread_sanitizer = false;
#endif

/// Either maps terabytes, makes system calls of its own, looks into /proc and handles faults itself.
constexpr bool is_sanitized = has_address_sanitizer || has_thread_sanitizer;

}  // namespace calque::host
