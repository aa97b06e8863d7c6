// SPDX-License-Identifier: Apache-2.0
// A fault that a document asks for: its name, its argument, and how it is found and committed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faults {

struct fault {
  std::string name, argument;

  /// The argument as a number; `otherwise` where there is none.
  uint64_t number(uint64_t otherwise) const;
};

/// What a line asks of a stage ("import", "normalize", "annotate", "export"):
///   fault: NAME [ARGUMENT]            of the importer
///   fault-in: STAGE NAME [ARGUMENT]   of that stage
std::optional<fault> fault_in_line(std::string_view line, std::string_view stage);

/// How an act ended, for those that come back.
struct outcome {
  enum class is {
    unknown,  // no act of that name
    done,     // and the stage goes on as if nothing had been
    denied,   // the system refused; `why` says what and with which error
    escaped,  // what a jail must refuse has worked
    survived  // what no process should outlive did not end it
  } what = is::done;
  std::string why;
};

/// Commits a fault that needs nothing of the host. Most do not return.
outcome commit(const fault &);

/// The families that `commit` asks in turn; each answers `unknown` for what is not its own.
outcome end_or_hang(const fault &);
outcome eat_memory(const fault &);
outcome break_descriptors(const fault &);
outcome change_process(const fault &);
outcome escape(const fault &);

/// "denied" with the reason errno gives.
outcome denied(std::string_view what);
/// For ever, whatever signals come.
[[noreturn]] void sleep_for_ever();
void sleep_ms(uint64_t milliseconds);

}  // namespace faults
