// SPDX-License-Identifier: Apache-2.0
// A thin hold on SQLite: a connection and statements that end with their scope, and errors with names.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace calque::tm {

class database {
 public:
  enum class access { read, write, make };
  /// Throws failure: memory.missing, memory.permission, memory.locked, memory.damaged, memory.unfinished, memory.io.
  database(const std::string &path, access);

  void run(const char *sql);
  std::int64_t number(const char *sql);
  const std::string &path() const { return path_; }
  sqlite3 *get() const { return held_.get(); }
  std::int64_t last_id() const { return sqlite3_last_insert_rowid(held_.get()); }
  /// Throws what the last call of SQLite meant.
  [[noreturn]] void fail() const;
  [[noreturn]] void damaged(const std::string &what) const;

 private:
  std::string path_;
  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> held_{nullptr, sqlite3_close};
};

class statement {
 public:
  statement(const database &in, const char *sql);
  /// Binds from 1. Texts must live until the next step or reset.
  statement &bind(int at, std::string_view text);
  statement &bind(int at, std::int64_t number);
  /// True while there is a row.
  bool step();
  /// To be used again, with the values that are bound anew.
  void reset() { sqlite3_reset(held_.get()); }
  /// One step that gives no row.
  void run() {
    step();
    reset();
  }
  std::string_view text(int column) const;
  std::int64_t number(int column) const { return sqlite3_column_int64(held_.get(), column); }

 private:
  const database &in_;
  std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> held_{nullptr, sqlite3_finalize};
};

}  // namespace calque::tm
