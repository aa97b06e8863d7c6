// SPDX-License-Identifier: Apache-2.0
// The tables of a memory, and the statements that read and write them.
#include "translation_memory/store.hpp"

#include <sys/stat.h>
#include <xxhash.h>

#include <optional>
#include <unordered_map>

#include "translation_memory/database.hpp"
#include "translation_memory/languages.hpp"
#include "translation_memory/tokens.hpp"

namespace calque::tm {
namespace {

// "CalM", and the revision of the tables.
constexpr std::int64_t application = 0x43616c4d, revision = 1;

constexpr const char *tables = R"(
pragma application_id = 1130458189;
pragma user_version = 1;
create table files (id integer primary key, name text not null unique);
create table units (
  id integer primary key,
  source_language text not null, target_language text not null,
  source text not null, target text not null,
  source_markup text not null, target_markup text not null,
  file integer not null references files (id), name text not null,
  created text not null, creator text not null, changed text not null, changer text not null,
  attributes text not null, notes text not null,
  source_attributes text not null, source_notes text not null,
  target_attributes text not null, target_notes text not null,
  digest integer not null);
create index units_by_digest on units (digest);
create table contexts (
  unit integer not null, before text not null, after text not null,
  primary key (unit, before, after)) without rowid;
create table header_notes (id integer primary key, tmx text not null unique);
)";

/// Of what makes two units one.
std::int64_t digest_of(const unit &u) {
  std::string all;
  for (const std::string *part :
       {&u.source.language, &u.target.language, &u.source.text, &u.target.text, &u.source.markup, &u.target.markup})
    (all += std::to_string(part->size()) + ":") += *part;
  return static_cast<std::int64_t>(XXH3_64bits(all.data(), all.size()));
}

void check_head(database &in) {
  if (in.number("pragma application_id") != application)
    throw failure("memory.not-a-memory", in.path() + " is no translation memory",
                  "`calque memory import` makes one of TMX files");
  if (const auto found = in.number("pragma user_version"); found != revision)
    throw failure("memory.newer", in.path() + " was written by a newer Calque (revision " + std::to_string(found) + ")",
                  "use that one to read it");
}

/// What a path is, before SQLite is asked, whose answer would be less clear.
bool is_there(const std::filesystem::path &path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status))
    throw failure("memory.not-a-memory", path.string() + " is a folder", "name a file");
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
    throw failure("memory.permission", path.string() + ": " + error.message(), "give yourself the right to read it");
  return std::filesystem::exists(status);
}

}  // namespace

// ---- reading

struct store_reader::parts {
  explicit parts(const std::string &path) : data(path, database::access::read) {}
  database data;
};

store_reader::store_reader(const std::filesystem::path &path) {
  if (!is_there(path))
    throw failure("memory.missing", "there is no memory " + path.string(),
                  "`calque memory import FILE.tmx --into " + path.string() + "` makes it");
  parts_ = std::make_unique<parts>(path.string());
  parts_->data.run("begin");
  check_head(parts_->data);
}
store_reader::~store_reader() = default;

void store_reader::each(const language_pair &wanted, const std::function<void(const unit &)> &take) const {
  const database &data = parts_->data;
  statement rows(data,
                 "select units.id, source_language, target_language, source, target, source_markup, target_markup, "
                 "files.name, units.name, "
                 "created, creator, changed, changer, attributes, notes, source_attributes, source_notes, "
                 "target_attributes, target_notes "
                 "from units join files on files.id = units.file order by units.id");
  statement contexts(data, "select unit, before, after from contexts order by unit, before, after");
  bool more_contexts = contexts.step();
  unit u;
  while (rows.step()) {
    const std::int64_t id = rows.number(0);
    std::string *const columns[] = {&u.source.language,
                                    &u.target.language,
                                    &u.source.text,
                                    &u.target.text,
                                    &u.source.markup,
                                    &u.target.markup,
                                    &u.file,
                                    &u.name,
                                    &u.created,
                                    &u.creator,
                                    &u.changed,
                                    &u.changer,
                                    &u.attributes,
                                    &u.notes,
                                    &u.source.attributes,
                                    &u.source.notes,
                                    &u.target.attributes,
                                    &u.target.notes};
    int column = 1;
    for (std::string *into : columns) {
      const std::string_view text = rows.text(column++);
      if (!is_utf8(text)) data.damaged("unit " + std::to_string(id) + " holds bytes that are no UTF-8");
      *into = text;
    }
    u.contexts.clear();
    for (; more_contexts && contexts.number(0) <= id; more_contexts = contexts.step()) {
      if (contexts.number(0) < id) continue;
      u.contexts.push_back({std::string(contexts.text(1)), std::string(contexts.text(2))});
      if (!is_utf8(u.contexts.back().before) || !is_utf8(u.contexts.back().after))
        data.damaged("a context of unit " + std::to_string(id) + " holds bytes that are no UTF-8");
    }
    if (languages_meet(wanted.source, u.source.language) && languages_meet(wanted.target, u.target.language)) take(u);
  }
}

std::vector<std::string> store_reader::header_notes() const {
  std::vector<std::string> found;
  statement rows(parts_->data, "select tmx from header_notes order by id");
  while (rows.step()) found.emplace_back(rows.text(0));
  return found;
}

statistics store_reader::count() const {
  database &data = parts_->data;
  statistics all;
  statement totals(data,
                   "select count(*), count(nullif(source_markup || target_markup, '')), min(nullif(created, '')), "
                   "max(created) from units");
  if (totals.step()) {
    all.units = static_cast<std::uint64_t>(totals.number(0));
    all.with_codes = static_cast<std::uint64_t>(totals.number(1));
    all.first = totals.text(2);
    all.last = totals.text(3);
  }
  all.contexts = static_cast<std::uint64_t>(data.number("select count(*) from contexts"));
  statement pairs(data, "select source_language, target_language, count(*) from units group by 1, 2 order by 1, 2");
  while (pairs.step())
    all.pairs.push_back(
        {std::string(pairs.text(0)), std::string(pairs.text(1)), static_cast<std::uint64_t>(pairs.number(2))});
  statement files(data,
                  "select files.name, count(*), min(nullif(created, '')), max(created) from units "
                  "join files on files.id = units.file group by files.id order by files.id");
  while (files.step())
    all.files.push_back({std::string(files.text(0)), static_cast<std::uint64_t>(files.number(1)),
                         std::string(files.text(2)), std::string(files.text(3))});
  return all;
}

// ---- writing

struct store_writer::parts {
  parts(const std::string &path, bool was_there)
      : made(!was_there), data(path, was_there ? database::access::write : database::access::make) {}

  bool made, is_committed = false;
  database data;
  std::unordered_map<std::string, std::int64_t> files;
  std::optional<statement> find, insert, add_context, add_file, find_file, add_note;
};

store_writer::store_writer(const std::filesystem::path &path) {
  const bool was_there = is_there(path);
  parts_ = std::make_unique<parts>(path.string(), was_there);
  database &data = parts_->data;
  try {
    data.run("begin immediate");
    if (!was_there) data.run(tables);
    check_head(data);
    parts_->find.emplace(
        data,
        "select id, source_language, target_language, source, target, source_markup, target_markup, attributes, notes, "
        "source_attributes, source_notes, target_attributes, target_notes from units where digest = ?");
    parts_->insert.emplace(data,
                           "insert into units values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    parts_->add_context.emplace(data, "insert or ignore into contexts values (?, ?, ?)");
    parts_->add_file.emplace(data, "insert into files values (null, ?)");
    parts_->find_file.emplace(data, "select id from files where name = ?");
    parts_->add_note.emplace(data, "insert or ignore into header_notes values (null, ?)");
  } catch (...) {
    if (!was_there) std::filesystem::remove(path);
    throw;
  }
}

store_writer::~store_writer() {
  if (!parts_ || parts_->is_committed) return;
  const std::string path = parts_->data.path();
  const bool made = parts_->made;
  parts_.reset();  // which undoes what was not committed
  std::error_code stays;
  if (made) std::filesystem::remove(path, stays);
}

store_writer::added store_writer::add(const unit &u) {
  parts &p = *parts_;
  const std::int64_t digest = digest_of(u);
  std::int64_t id = 0;
  added outcome = added::is_new;
  p.find->bind(1, digest);
  while (id == 0 && p.find->step()) {
    const std::string *const identity[] = {&u.source.language, &u.target.language, &u.source.text,
                                           &u.target.text,     &u.source.markup,   &u.target.markup};
    const std::string *const notes[] = {&u.attributes,        &u.notes,       &u.source.attributes, &u.source.notes,
                                        &u.target.attributes, &u.target.notes};
    int column = 1;
    bool is_same = true, has_same_notes = true;
    for (const std::string *part : identity) is_same = p.find->text(column++) == *part && is_same;
    for (const std::string *part : notes) has_same_notes = p.find->text(column++) == *part && has_same_notes;
    if (!is_same) continue;
    id = p.find->number(0);
    outcome = has_same_notes ? added::was_there : added::had_other_notes;
  }
  p.find->reset();

  if (id == 0) {
    std::int64_t &file = p.files[u.file];
    if (file == 0) {
      file = p.find_file->bind(1, u.file).step() ? p.find_file->number(0) : 0;
      p.find_file->reset();
      if (file == 0) {
        p.add_file->bind(1, u.file).run();
        file = p.data.last_id();
      }
    }
    const std::string *const before_file[] = {&u.source.language, &u.target.language, &u.source.text,
                                              &u.target.text,     &u.source.markup,   &u.target.markup};
    const std::string *const after_file[] = {
        &u.name,  &u.created,           &u.creator,      &u.changed,           &u.changer,     &u.attributes,
        &u.notes, &u.source.attributes, &u.source.notes, &u.target.attributes, &u.target.notes};
    int at = 1;
    for (const std::string *part : before_file) p.insert->bind(at++, *part);
    p.insert->bind(at++, file);
    for (const std::string *part : after_file) p.insert->bind(at++, *part);
    p.insert->bind(at, digest).run();
    id = p.data.last_id();
  }
  for (const context &c : u.contexts) p.add_context->bind(1, id).bind(2, c.before).bind(3, c.after).run();
  return outcome;
}

void store_writer::add_header_note(const std::string &tmx) {
  parts_->add_note->bind(1, tmx).run();
}

void store_writer::commit() {
  parts_->data.run("commit");
  parts_->is_committed = true;
}

}  // namespace calque::tm
