// SPDX-License-Identifier: Apache-2.0
// A translation memory on disk: one SQLite file that is written by imports alone, each of them all or nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "translation_memory/unit.hpp"

namespace calque::tm {

/// Which units are meant; an empty language is any.
struct language_pair {
  std::string source, target;
};

struct pair_count {
  std::string source, target;
  std::uint64_t units = 0;
};
struct file_count {
  std::string file;
  std::uint64_t units = 0;
  std::string first, last;  // dates of its units; empty where none has one
};
struct statistics {
  std::uint64_t units = 0, with_codes = 0, contexts = 0;
  std::vector<pair_count> pairs;  // by languages
  std::vector<file_count> files;  // in the order of their import
  std::string first, last;        // dates
};

/// Reads a memory; what is written to it meanwhile is not seen. Both classes throw failure: memory.missing,
/// memory.not-a-memory, memory.newer, memory.damaged, memory.locked, memory.unfinished, memory.permission, memory.io.
class store_reader {
 public:
  explicit store_reader(const std::filesystem::path &);
  ~store_reader();

  /// Calls `take` for each unit of these languages (or close ones), in the order of import.
  void each(const language_pair &, const std::function<void(const unit &)> &take) const;
  std::vector<std::string> header_notes() const;
  statistics count() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// Adds to a memory, which is made when it is not there. Without `commit` it is as it was, or gone again.
class store_writer {
 public:
  explicit store_writer(const std::filesystem::path &);
  ~store_writer();

  enum class added { is_new, was_there, had_other_notes };
  /// Units are the same when languages, segments and codes are. Of a unit that was there, contexts add up, and all
  /// else is that of the first.
  added add(const unit &);
  void add_header_note(const std::string &tmx);
  void commit();

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace calque::tm
