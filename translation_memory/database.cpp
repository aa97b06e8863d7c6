// SPDX-License-Identifier: Apache-2.0
// What SQLite's codes mean for somebody who has a memory and wants to go on.
#include "translation_memory/database.hpp"

#include <new>

#include "translation_memory/unit.hpp"

namespace calque::tm {
namespace {

constexpr int longest_text = 128 << 20;

}  // namespace

database::database(const std::string &path, access how) : path_(path) {
  const int flags = how == access::read    ? SQLITE_OPEN_READONLY
                    : how == access::write ? SQLITE_OPEN_READWRITE
                                           : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3 *made = nullptr;
  // A colon at the front means something else to SQLite.
  const std::string file = path.starts_with(':') ? "./" + path : path;
  const int outcome =
      sqlite3_open_v2(file.c_str(), &made, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  held_.reset(made);
  if (made == nullptr) throw std::bad_alloc();
  if (outcome != SQLITE_OK) fail();
  // A file that somebody sends may hold triggers and views; none of them runs.
  sqlite3_db_config(made, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(made, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(made, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(made, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(made, SQLITE_LIMIT_LENGTH, longest_text);
  sqlite3_busy_timeout(made, 500);
  run("pragma cell_size_check = on; pragma temp_store = memory; pragma cache_size = -131072");
}

void database::run(const char *sql) {
  if (sqlite3_exec(held_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail();
}

std::int64_t database::number(const char *sql) {
  statement asked(*this, sql);
  return asked.step() ? asked.number(0) : 0;
}

void database::damaged(const std::string &what) const {
  throw failure("memory.damaged", path_ + " is damaged: " + what,
                "bring it back from a copy, or import its TMX files anew");
}

void database::fail() const {
  const int extended = sqlite3_extended_errcode(held_.get());
  const std::string said = sqlite3_errmsg(held_.get());
  switch (extended & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw failure("memory.locked", path_ + " is being written by another program", "try again when it is done");
    case SQLITE_ERROR:  // a table or column that is not there
    case SQLITE_CORRUPT:
      damaged(said);
    case SQLITE_NOTADB:
      throw failure("memory.not-a-memory", path_ + " is no translation memory",
                    "`calque memory import` makes one of TMX files");
    case SQLITE_READONLY:
      if (extended == SQLITE_READONLY_ROLLBACK || extended == SQLITE_READONLY_RECOVERY ||
          extended == SQLITE_READONLY_CANTINIT)
        throw failure("memory.unfinished", path_ + " was left in the middle of an import",
                      "import anything into it: what the broken import did is then undone first");
      throw failure("memory.permission", path_ + " may not be written",
                    "give yourself the right to write it and its folder");
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw failure("memory.permission", path_ + " may not be opened", "give yourself the right to read it");
    case SQLITE_FULL:
      throw failure("memory.io", path_ + " cannot be written: the disk is full", "make room; the memory is as it was");
    case SQLITE_CANTOPEN:
      throw failure("memory.io", path_ + " cannot be opened", "check its name, its folder and your rights");
    default:
      throw failure("memory.io", path_ + ": " + said, "check the disk");
  }
}

statement::statement(const database &in, const char *sql) : in_(in) {
  sqlite3_stmt *made = nullptr;
  if (sqlite3_prepare_v2(in.get(), sql, -1, &made, nullptr) != SQLITE_OK) in.fail();
  held_.reset(made);
}

statement &statement::bind(int at, std::string_view text) {
  const char *data = text.data() == nullptr ? "" : text.data();
  if (sqlite3_bind_text64(held_.get(), at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) in_.fail();
  return *this;
}
statement &statement::bind(int at, std::int64_t number) {
  if (sqlite3_bind_int64(held_.get(), at, number) != SQLITE_OK) in_.fail();
  return *this;
}

bool statement::step() {
  const int outcome = sqlite3_step(held_.get());
  if (outcome == SQLITE_ROW) return true;
  if (outcome != SQLITE_DONE) in_.fail();
  return false;
}

std::string_view statement::text(int column) const {
  const auto *data = reinterpret_cast<const char *>(sqlite3_column_text(held_.get(), column));
  return data == nullptr ? std::string_view()
                         : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(held_.get(), column)));
}

}  // namespace calque::tm
