// SPDX-License-Identifier: Apache-2.0
// How the host's plain values stand in messages and in the state file.
#include "host/worker/wire_forms.hpp"

#include <utility>

namespace calque::host {
namespace {

template <class Value, class Write>
void add_optional(wire_writer &out, const std::optional<Value> &value, Write &&write) {
  out.add_flag(value.has_value());
  if (value) write(*value);
}

void write(wire_writer &out, const place &where) {
  out.add(where.file);
  out.add(where.line);
  out.add(where.column);
  out.add(where.length);
  add_optional(out, where.source, [&](const source_span &span) {
    out.add(span.source);
    out.add(span.begin);
    out.add(span.end);
  });
}

// Text spans, nodes and options mean nothing without the document and the stage: they are left behind.
place read_place(wire_reader &in) {
  place where;
  where.file = in.text();
  where.line = in.number<std::uint32_t>();
  where.column = in.number<std::uint32_t>();
  where.length = in.number<std::uint32_t>();
  if (in.flag()) {
    source_span span;
    span.source = in.number<std::uint32_t>();
    span.begin = in.number<std::uint64_t>();
    span.end = in.number<std::uint64_t>();
    where.source = span;
  }
  return where;
}

}  // namespace

void write(wire_writer &out, const diagnostic &d) {
  out.add(static_cast<std::uint8_t>(d.level));
  out.add(d.code);
  out.add(d.message);
  out.add(d.hint);
  write(out, d.where);
  out.add(d.stage);
  out.add(d.document);
  out.add(d.count);
  out.add_list(d.notes, [&](const note &one) {
    out.add(one.message);
    write(out, one.where);
  });
}

diagnostic read_diagnostic(wire_reader &in) {
  diagnostic d;
  const auto level = in.number<std::uint8_t>();
  if (level > static_cast<std::uint8_t>(severity::error)) in.fail();
  d.level = static_cast<severity>(level);
  d.code = in.text();
  d.message = in.text();
  d.hint = in.text();
  d.where = read_place(in);
  d.stage = in.text();
  d.document = in.text();
  d.count = in.number<std::uint64_t>();
  in.list([&] {
    note one;
    one.message = in.text();
    one.where = read_place(in);
    d.notes.push_back(std::move(one));
  });
  return d;
}

void write(wire_writer &out, const std::vector<diagnostic> &all) {
  out.add_list(all, [&](const diagnostic &d) { write(out, d); });
}

std::vector<diagnostic> read_diagnostics(wire_reader &in) {
  std::vector<diagnostic> all;
  in.list([&] { all.push_back(read_diagnostic(in)); });
  return all;
}

void write(wire_writer &out, const ledger &account) {
  out.add_list(account.entries(), [&](const ledger_entry &entry) {
    out.add(entry.stage);
    out.add(entry.code);
    out.add(entry.thing);
    out.add(entry.effect);
    out.add(entry.count);
    out.add(entry.letters_before);
    out.add(entry.letters_after);
    out.add(entry.bytes);
  });
}

ledger read_ledger(wire_reader &in) {
  std::vector<ledger_entry> entries;
  in.list([&] {
    ledger_entry entry;
    entry.stage = in.text();
    entry.code = in.text();
    entry.thing = in.number<std::uint32_t>();
    entry.effect = in.number<std::uint32_t>();
    entry.count = in.number<std::uint64_t>();
    entry.letters_before = in.number<std::uint64_t>();
    entry.letters_after = in.number<std::uint64_t>();
    entry.bytes = in.number<std::uint64_t>();
    entries.push_back(std::move(entry));
  });
  return ledger(std::move(entries));
}

void write(wire_writer &out, const known_file &file) {
  out.add(file.path);
  out.add(file.media_type);
  out.add(file.size);
  out.add(file.sha256);
  out.add_flag(file.primary);
}

known_file read_known_file(wire_reader &in) {
  known_file file;
  file.path = in.text();
  file.media_type = in.text();
  file.size = in.number<std::uint64_t>();
  file.sha256 = in.fixed<32>();
  file.primary = in.flag();
  return file;
}

void write(wire_writer &out, const stage_result &result) {
  out.add(result.key);
  out.add_list(result.documents, [&](const short_digest &digest) { out.add(digest); });
  out.add_list(result.files, [&](const known_file &file) { write(out, file); });
  out.add_flag(result.holds);
  write(out, result.account);
  write(out, result.diagnostics);
}

stage_result read_stage_result(wire_reader &in) {
  stage_result result;
  result.key = in.fixed<16>();
  in.list([&] { result.documents.push_back(in.fixed<16>()); });
  in.list([&] { result.files.push_back(read_known_file(in)); });
  result.holds = in.flag();
  result.account = read_ledger(in);
  result.diagnostics = read_diagnostics(in);
  return result;
}

}  // namespace calque::host
