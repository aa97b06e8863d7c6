// SPDX-License-Identifier: Apache-2.0
// What is done: for each input what it was made from, what was made, and where that lies. `.calque/state.db`.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "host/batch/journal.hpp"
#include "host/pipeline/run_status.hpp"
#include "host/pipeline/stage_memory.hpp"

namespace calque::host {

/// An output that lies in place. While number and change time of the file are the same, its bytes are.
struct placed_file {
  known_file file;
  std::uint32_t stage = 0;  // index in the pipeline + 1
  std::uint32_t part = 1;
  std::uint64_t inode = 0;
  std::int64_t changed_ns = 0;
};

/// All that a pipeline's results depend on beside the input: names and values, in the order of names. Its digest
/// stands for it.
using configuration = std::vector<std::pair<std::string, std::string>>;
short_digest digest_of(const configuration &);

struct input_record {
  std::string path;
  sha256_digest sha256{};
  std::uint64_t size = 0;
  short_digest configuration{};
  run_status status = run_status::ok;
  std::string detail, code;          // of a failure
  std::string quarantine;            // the bundle's folder
  double milliseconds = 0;           // what it took
  std::vector<placed_file> files;    // of a failure: those of an earlier run
  std::vector<stage_result> results;
};

/// A publication that was begun: what moves from the staging folder to where, and what is removed. With it goes the
/// record that holds when all of it is done.
struct publication {
  std::uint64_t number = 0;
  std::string staging;  // name of the folder below .calque/staging
  std::vector<std::pair<std::string, std::size_t>> moves;  // staged name, index in record.files
  std::vector<short_digest> written;  // of each move: what its worker wrote; not in the file
  std::vector<std::string> removals;
  input_record record;
  /// In place of all that: the outputs that the record of this path has are removed, but for the one that is another
  /// input's now; with `forgets` the record goes as well, else `record` stands in its place, without outputs.
  bool withdraws = false, forgets = false;
  std::string kept_by_other;
};

/// Any thread.
class state {
 public:
  /// Notices: state.damaged. Errors as journal::open. With read_only nothing is mended, and a file that is not there
  /// is empty.
  static result<std::unique_ptr<state>> open(const std::string &path, journal::access, std::vector<diagnostic> &notices);

  /// What is known of an input; nothing when it is not, or not any more.
  std::optional<input_record> find(const std::string &path) const;
  std::optional<configuration> find_configuration(const short_digest &) const;
  /// Paths of all inputs that have a record, sorted. Reads all of them.
  std::vector<std::string> inputs() const;
  /// Those that are not among the given ones.
  std::vector<std::string> inputs_beside(const std::vector<std::string> &given) const;
  /// The pipeline that the folder belongs to; empty: nobody's yet.
  std::string owner() const;
  void set_owner(const std::string &pipeline);
  std::size_t count() const;
  std::uint64_t bytes() const;

  /// Publications that were begun and neither done nor given up, oldest first.
  std::vector<publication> unfinished() const;

  // The steps of publishing. Nothing is in the file before `flush`, nothing durable before `sync`; both give an errno.
  void begin(const publication &);
  void finish(const publication &);  // its files have their inodes by now
  void give_up(const publication &);
  void set(const input_record &);    // of what was not published
  void forget(const std::string &path);
  void keep(const configuration &);
  int flush();
  int sync();
  /// Leaves out what is not current any more, when that is more than half. An errno is no trouble: the old file stays.
  int shrink();

 private:
  struct entry {
    std::uint64_t record = 0;  // offset of a whole record, or of a publication
    std::uint64_t done = 0;    // offset of what finished the publication
  };
  struct change {
    std::uint64_t key = 0;
    std::optional<entry> now;
  };

  void load(const journal_record &);
  void note(std::uint64_t key, std::optional<entry> now);
  int flush_held();
  std::optional<input_record> read(const entry &) const;

  mutable std::mutex guard_;
  journal file_;
  std::unordered_map<std::uint64_t, entry> index_;                  // by hash of path
  std::string owner_;
  std::uint64_t owner_offset_ = 0;
  std::map<short_digest, std::uint64_t> configurations_;
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> begun_;  // number → hash of path, offset
  std::size_t records_ = 0;      // in the file when it was opened
  std::vector<change> pending_;  // of the index, until they are in the file
  std::vector<short_digest> unwritten_;  // configurations, likewise
};

}  // namespace calque::host
