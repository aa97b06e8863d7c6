// SPDX-License-Identifier: Apache-2.0
// Puts outputs into place and records it, in groups, while the workers go on: staged files durable, intent durable,
// renames, folders durable, done.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "host/batch/output_folder.hpp"
#include "host/batch/state.hpp"
#include "host/document/diagnostic.hpp"
#include "host/system/descriptor.hpp"

namespace calque::host {

struct published {
  std::uint64_t number = 0;  // of the publication
  std::vector<diagnostic> errors;  // empty: it is in place, and recorded
  std::vector<sha256_digest> digests;  // of record.files, in their order
};

/// Has a thread of its own. `done` never stands in the state before the outputs stand on the disk.
class publisher {
 public:
  /// `staging` is the folder .calque/staging. Not durable: nothing is synced, for measuring.
  publisher(state &, output_folder, descriptor staging, bool is_durable);
  ~publisher();
  publisher(const publisher &) = delete;
  publisher &operator=(const publisher &) = delete;

  void submit(publication);
  /// What has come to an end since the last call.
  std::vector<published> take();
  /// Readable when `take` has something.
  int fd() const { return *event_; }
  std::size_t waiting() const;
  /// Waits for all that was submitted, and makes the state durable. 0 or an errno.
  int finish();

 private:
  void work();
  void publish(std::vector<publication> &group);
  void prepare_withdrawal(publication &);
  result<void> stage(publication &);
  void note_digests(publication &, published &) const;
  result<void> place(publication &);
  void put_back(const publication &, std::size_t moved, const std::vector<std::size_t> &added);
  void answer(std::vector<published>);

  state &state_;
  output_folder folder_;
  descriptor staging_, event_;
  const bool is_durable_;

  mutable std::mutex guard_;
  std::condition_variable more_;
  std::vector<publication> queue_;
  std::vector<published> done_;
  std::size_t in_work_ = 0;
  bool is_closing_ = false;
  int last_error_ = 0;
  std::thread thread_;  // last: it uses all the others
};

/// Where the file that a staged one replaces is kept until all of its publication is in place.
std::string name_aside(const std::string &staged);

/// Brings publications that an earlier run began to an end: forward when all their files are there, else back. Empties
/// the staging folder. The second time there is nothing to do.
result<void> recover(state &, output_folder &, const std::string &staging);

}  // namespace calque::host
