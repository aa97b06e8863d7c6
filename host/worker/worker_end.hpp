// SPDX-License-Identifier: Apache-2.0
// What a dying worker still says: which signal it was, whether memory or the stack had run out.
#pragma once

#include "host/worker/status_page.hpp"

namespace calque::host {

/// Signals that mean a fault are noted in the page, and then end the process as they would have. An allocation that
/// fails is noted before std::bad_alloc is thrown. `memory_limit` is the address space in bytes; 0: none.
void note_the_end(worker_status &, std::uint64_t memory_limit);

}  // namespace calque::host
