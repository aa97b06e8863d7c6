// SPDX-License-Identifier: Apache-2.0
// Attempts to break out of the worker's jail, each made in a process of its own that has entered it.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

enum class escape_verdict {
  safe,    // refused by the jail, or the process was ended for trying
  unsafe,  // it worked
  unclear  // it could not be tried, or failed for another reason: nothing is shown by it
};

struct escape_outcome {
  escape_verdict verdict = escape_verdict::unclear;
  std::string how;  // the errno or the signal; what happened; why it is unclear
};

/// A scratch folder that holds all that attempts touch. Outside the jail's rules lie `outside/secret.txt` and whatever
/// an attempt prepares there; `staging` may be written, `resource.txt` may be read.
struct escape_ground {
  std::string folder;
  int staging = -1;

  std::string path(std::string_view name) const { return folder + "/" + std::string(name); }
};

/// Does no harm where it works: what it makes it removes, what it sends has no effect, what it changes is scratch.
using escape_attempt = std::function<escape_outcome()>;

struct escape {
  std::string_view name;  // kebab-case
  std::string_view what;
  bool needs_root;  // else the kernel refuses it to others with no jail at all
  /// Before the jail is entered: what the attempt needs. An escape_outcome is thrown when that cannot be had.
  escape_attempt (*prepare)(const escape_ground &);
};

std::span<const escape> file_escapes();
std::span<const escape> process_escapes();
std::span<const escape> network_escapes();
std::span<const escape> kernel_escapes();
/// All of them.
std::vector<escape> all_escapes();
const escape *find_escape(std::span<const escape>, std::string_view name);

/// Makes the ground in an empty folder. Code: jail.failed.
result<void> make_escape_ground(const std::string &folder);

/// Prepares, enters the jail as a worker does, and tries. `newest_landlock`: as in jail_rules; nothing: without a jail.
/// The process is good for nothing else then.
escape_outcome try_escape(const escape &, const std::string &ground_folder, std::optional<unsigned> newest_landlock);

/// An outcome as a child prints it, and as it is read from what the child said and how it ended (as waitpid gives it).
std::string outcome_line(const escape_outcome &);
escape_outcome read_outcome(std::string_view said, int status);

/// For the attempts. A call that returned -1 with one of `refusals` is safe, with any other errno unclear.
escape_outcome judge(long returned, std::string_view harm, std::initializer_list<int> refusals = {});

}  // namespace calque::host
