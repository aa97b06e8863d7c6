// SPDX-License-Identifier: Apache-2.0
// What is done, as records of a journal.
#include "host/batch/state.hpp"

#include <xxhash.h>

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>

#include "host/worker/wire_forms.hpp"

namespace calque::host {
namespace {

enum record_type : std::uint8_t {
  configuration_record = 1,
  begun_record,    // a publication
  done_record,     // of a publication: inodes and change times
  given_up_record, // of a publication
  input_record_type,
  forgotten_record,
  owner_record
};

std::uint64_t key_of(std::string_view path) {
  return XXH3_64bits(path.data(), path.size());
}

// The path comes first, so that loading reads no further.
void write(wire_writer &out, const input_record &record) {
  out.add(record.path);
  out.add(record.sha256);
  out.add(record.size);
  out.add(record.configuration);
  out.add(static_cast<std::uint8_t>(record.status));
  out.add(record.detail);
  out.add(record.code);
  out.add(record.quarantine);
  out.add(record.milliseconds);
  out.add_list(record.files, [&](const placed_file &one) {
    write(out, one.file);
    out.add(one.stage);
    out.add(one.part);
    out.add(one.inode);
    out.add(one.changed_ns);
  });
  out.add_list(record.results, [&](const stage_result &one) { write(out, one); });
}

input_record read_input_record(wire_reader &in) {
  input_record record;
  record.path = in.text();
  record.sha256 = in.fixed<32>();
  record.size = in.number<std::uint64_t>();
  record.configuration = in.fixed<16>();
  const auto status = in.number<std::uint8_t>();
  if (status >= run_status_count) in.fail();
  record.status = static_cast<run_status>(std::min<std::size_t>(status, run_status_count - 1));
  record.detail = in.text();
  record.code = in.text();
  record.quarantine = in.text();
  record.milliseconds = in.number<double>();
  in.list([&] {
    placed_file one;
    one.file = read_known_file(in);
    one.stage = in.number<std::uint32_t>();
    one.part = in.number<std::uint32_t>();
    one.inode = in.number<std::uint64_t>();
    one.changed_ns = in.number<std::int64_t>();
    record.files.push_back(std::move(one));
  });
  in.list([&] { record.results.push_back(read_stage_result(in)); });
  return record;
}

void write(wire_writer &out, const publication &one) {
  out.add(one.number);
  write(out, one.record);
  out.add(one.staging);
  out.add_list(one.moves, [&](const auto &move) {
    out.add(move.first);
    out.add(static_cast<std::uint64_t>(move.second));
  });
  out.add_list(one.removals, [&](const std::string &path) { out.add(path); });
}

std::optional<publication> read_publication(std::string_view bytes) {
  wire_reader in(bytes);
  publication one;
  one.number = in.number<std::uint64_t>();
  one.record = read_input_record(in);
  one.staging = in.text();
  in.list([&] {
    std::string name = in.text();
    one.moves.emplace_back(std::move(name), static_cast<std::size_t>(in.number<std::uint64_t>()));
  });
  in.list([&] { one.removals.push_back(in.text()); });
  const bool fits = std::all_of(one.moves.begin(), one.moves.end(),
                                [&](const auto &move) { return move.second < one.record.files.size(); });
  if (!in.is_whole() || !fits) return std::nullopt;
  return one;
}

}  // namespace

short_digest digest_of(const configuration &fields) {
  wire_writer out;
  for (const auto &[name, value] : fields) {
    out.add(name);
    out.add(value);
  }
  const sha256_digest whole = sha256_of(out.bytes());
  short_digest half;
  std::copy_n(whole.begin(), half.size(), half.begin());
  return half;
}

result<std::unique_ptr<state>> state::open(const std::string &path, journal::access how,
                                           std::vector<diagnostic> &notices) {
  auto made = std::make_unique<state>();
  auto file = journal::open(path, how, [&](const journal_record &record) { made->load(record); }, notices);
  if (!file.has_value()) return file.errors();
  made->file_ = std::move(file.value());
  return made;
}

void state::load(const journal_record &record) {
  ++records_;
  wire_reader in(record.payload);
  switch (record.type) {
    case configuration_record: configurations_[in.fixed<16>()] = record.offset; break;
    case begun_record: {
      const auto number = in.number<std::uint64_t>();
      begun_[number] = {key_of(in.text()), record.offset};
      break;
    }
    case done_record:
      if (const auto begun = begun_.find(in.number<std::uint64_t>()); begun != begun_.end()) {
        index_[begun->second.first] = {begun->second.second, record.offset};
        begun_.erase(begun);
      }
      break;
    case given_up_record: begun_.erase(in.number<std::uint64_t>()); break;
    case input_record_type: index_[key_of(in.text())] = {record.offset, 0}; break;
    case owner_record:
      owner_ = in.text();
      owner_offset_ = record.offset;
      break;
    case forgotten_record: index_.erase(key_of(in.text())); break;
    default: break; // of a later form that says nothing which matters to this one
  }
}

std::optional<input_record> state::read(const entry &at) const {
  const std::string bytes = file_.read(at.record);
  if (at.done == 0) {
    wire_reader in(bytes);
    input_record record = read_input_record(in);
    if (!in.is_whole()) return std::nullopt;
    return record;
  }
  auto begun = read_publication(bytes);
  if (!begun) return std::nullopt;
  const std::string done = file_.read(at.done);
  wire_reader in(done);
  in.number<std::uint64_t>();
  for (placed_file &file : begun->record.files) {
    file.inode = in.number<std::uint64_t>();
    file.changed_ns = in.number<std::int64_t>();
  }
  if (!in.is_whole()) return std::nullopt;
  return std::move(begun->record);
}

std::optional<input_record> state::find(const std::string &path) const {
  const std::lock_guard hold(guard_);
  const auto found = index_.find(key_of(path));
  if (found == index_.end()) return std::nullopt;
  auto record = read(found->second);
  if (!record || record->path != path) return std::nullopt; // another path of the same hash
  return record;
}

std::optional<configuration> state::find_configuration(const short_digest &digest) const {
  const std::lock_guard hold(guard_);
  const auto found = configurations_.find(digest);
  if (found == configurations_.end()) return std::nullopt;
  const std::string bytes = file_.read(found->second);
  wire_reader in(bytes);
  in.fixed<16>();
  configuration fields;
  in.list([&] {
    std::string name = in.text();
    fields.emplace_back(std::move(name), in.text());
  });
  if (!in.is_whole()) return std::nullopt;
  return fields;
}

std::vector<std::string> state::inputs() const {
  const std::lock_guard hold(guard_);
  std::vector<std::string> paths;
  for (const auto &[key, at] : index_)
    if (auto record = read(at)) paths.push_back(std::move(record->path));
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> state::inputs_beside(const std::vector<std::string> &given) const {
  std::unordered_set<std::uint64_t> keys;
  for (const std::string &path : given) keys.insert(key_of(path));
  const std::lock_guard hold(guard_);
  std::vector<std::string> paths;
  for (const auto &[key, at] : index_)
    if (!keys.contains(key))
      if (auto record = read(at)) paths.push_back(std::move(record->path));
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string state::owner() const {
  const std::lock_guard hold(guard_);
  return owner_;
}

void state::set_owner(const std::string &pipeline) {
  const std::lock_guard hold(guard_);
  wire_writer out;
  out.add(pipeline);
  owner_ = pipeline;
  owner_offset_ = file_.add(owner_record, out.bytes());
}

std::size_t state::count() const {
  const std::lock_guard hold(guard_);
  return index_.size();
}

std::uint64_t state::bytes() const {
  const std::lock_guard hold(guard_);
  return file_.size();
}

std::vector<publication> state::unfinished() const {
  const std::lock_guard hold(guard_);
  std::vector<publication> all;
  for (const auto &[number, at] : begun_)
    if (auto one = read_publication(file_.read(at.second))) all.push_back(std::move(*one));
  return all;
}

void state::note(std::uint64_t key, std::optional<entry> now) {
  pending_.push_back({key, now});
}

void state::begin(const publication &one) {
  const std::lock_guard hold(guard_);
  wire_writer out;
  write(out, one);
  begun_[one.number] = {key_of(one.record.path), file_.add(begun_record, out.bytes())};
}

void state::finish(const publication &one) {
  const std::lock_guard hold(guard_);
  wire_writer out;
  out.add(one.number);
  for (const placed_file &file : one.record.files) {
    out.add(file.inode);
    out.add(file.changed_ns);
  }
  const auto begun = begun_.find(one.number);
  if (begun == begun_.end()) return;
  note(begun->second.first, entry{begun->second.second, file_.add(done_record, out.bytes())});
  begun_.erase(begun);
}

void state::give_up(const publication &one) {
  const std::lock_guard hold(guard_);
  wire_writer out;
  out.add(one.number);
  file_.add(given_up_record, out.bytes());
  begun_.erase(one.number);
}

void state::set(const input_record &record) {
  const std::lock_guard hold(guard_);
  wire_writer out;
  write(out, record);
  note(key_of(record.path), entry{file_.add(input_record_type, out.bytes()), 0});
}

void state::forget(const std::string &path) {
  const std::lock_guard hold(guard_);
  wire_writer out;
  out.add(path);
  file_.add(forgotten_record, out.bytes());
  note(key_of(path), std::nullopt);
}

void state::keep(const configuration &fields) {
  const std::lock_guard hold(guard_);
  const short_digest digest = digest_of(fields);
  if (configurations_.contains(digest)) return;
  wire_writer out;
  out.add(digest);
  out.add_list(fields, [&](const auto &field) {
    out.add(field.first);
    out.add(field.second);
  });
  configurations_[digest] = file_.add(configuration_record, out.bytes());
  unwritten_.push_back(digest);
}

int state::flush() {
  const std::lock_guard hold(guard_);
  return flush_held();
}

int state::flush_held() {
  const int failed = file_.flush();
  if (failed == 0)
    for (const change &one : pending_) {
      if (one.now)
        index_[one.key] = *one.now;
      else
        index_.erase(one.key);
    }
  else
    for (const short_digest &digest : unwritten_) configurations_.erase(digest);
  pending_.clear();
  unwritten_.clear();
  return failed;
}

int state::sync() {
  const std::lock_guard hold(guard_);
  return file_.sync();
}

// A finished publication becomes one whole record; then only what is current is copied.
int state::shrink() {
  const std::lock_guard hold(guard_);
  const std::size_t current = index_.size() + configurations_.size();
  if (!begun_.empty() || records_ < 4 * current + 1000) return 0;
  for (auto &[key, at] : index_) {
    if (at.done == 0) continue;
    const auto record = read(at);
    if (!record) continue;
    wire_writer out;
    write(out, *record);
    note(key, entry{file_.add(input_record_type, out.bytes()), 0});
  }
  if (const int failed = flush_held(); failed != 0) return failed;
  std::vector<std::uint64_t> offsets;
  if (owner_offset_ != 0) offsets.push_back(owner_offset_);
  for (const auto &[digest, offset] : configurations_) offsets.push_back(offset);
  for (const auto &[key, at] : index_) offsets.push_back(at.record);
  std::sort(offsets.begin(), offsets.end());
  std::unordered_map<std::uint64_t, std::uint64_t> places;
  const int failed = file_.rewrite(offsets, [&](std::uint64_t before, std::uint64_t after) { places[before] = after; });
  if (failed != 0) return failed;
  if (owner_offset_ != 0) owner_offset_ = places.at(owner_offset_);
  for (auto &[digest, offset] : configurations_) offset = places.at(offset);
  for (auto &[key, at] : index_) at.record = places.at(at.record);
  records_ = offsets.size();
  return 0;
}

}  // namespace calque::host
