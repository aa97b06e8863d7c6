// SPDX-License-Identifier: Apache-2.0
// One input's memory as a worker has it.
#include "host/worker/worker_memory.hpp"

#include <sys/stat.h>

#include <span>
#include <utility>

#include "host/worker/wire.hpp"
#include "host/document/packed.hpp"
#include "host/system/bytes_io.hpp"

namespace calque::host {

std::string pack_all(const std::vector<document> &documents) {
  wire_writer out;
  out.add_list(documents, [&](const document &one) { out.add(pack(one)); });
  return out.take();
}

std::optional<std::vector<document>> unpack_all(std::string_view bytes) {
  wire_reader in(bytes);
  std::vector<document> documents;
  bool is_sound = true;
  in.list([&] {
    const std::string packed = in.text();
    auto one = unpack(std::as_bytes(std::span(packed)));
    if (one.has_value())
      documents.push_back(std::move(one.value()));
    else
      is_sound = false;
  });
  if (!in.is_whole() || !is_sound || documents.empty()) return std::nullopt;
  return documents;
}

worker_memory::worker_memory(const worker_setup &setup, const stage_fingerprints &prints, const job_order &order,
                             channel &to, std::uint64_t job)
    : setup_(setup), prints_(prints), channel_(to), job_(job) {
  for (const stage_result &one : order.known) known_.emplace(one.key, &one);
  for (const known_file &one : order.in_place) in_place_.emplace(one.path, &one);
}

std::string_view worker_memory::fingerprint_of_importer(std::string_view id) {
  for (const auto &[known, print] : prints_.importers)
    if (known == id) return print;
  return {};
}

const stage_result *worker_memory::find(const short_digest &key) {
  const auto found = known_.find(key);
  return found == known_.end() ? nullptr : found->second;
}

bool worker_memory::may_be_in_place(const std::string &path, std::uint64_t size) const {
  const auto found = in_place_.find(path);
  return found != in_place_.end() && found->second->size == size;
}

bool worker_memory::is_in_place(const std::string &path, const sha256_digest &sha256) const {
  const auto found = in_place_.find(path);
  return found != in_place_.end() && found->second->sha256 == sha256;
}

bool worker_memory::has_files(const std::vector<known_file> &files) {
  for (const known_file &file : files)
    if (!is_in_place(file.path, file.sha256)) return false;
  return true;
}

void worker_memory::keep(stage_result result) {
  kept_.push_back(std::move(result));
}

std::optional<std::vector<document>> worker_memory::fetch(const short_digest &key) {
  if (!setup_.keeps_documents || is_cut_off_) return std::nullopt;
  wire_writer asked;
  asked.add(key);
  message answer;
  if (channel_.send(message_kind::fetch, job_, asked.bytes()) != 0 ||
      channel_.receive(answer) != channel_state::open || answer.kind != message_kind::document) {
    is_cut_off_ = true;
    return std::nullopt;
  }
  struct stat info {};
  if (answer.descriptors.size() != 1 || ::fstat(*answer.descriptors[0], &info) != 0) return std::nullopt;
  const auto bytes = read_at(*answer.descriptors[0], 0, static_cast<std::size_t>(info.st_size));
  return bytes ? unpack_all(*bytes) : std::nullopt;
}

// Worth keeping: what was dear to make, and what feeds a stage that may change without the document, by a file that it
// reads. How long it took decides what is kept and never what comes out.
void worker_memory::offer(const short_digest &key, const std::vector<document> &documents, std::size_t next,
                          double milliseconds) {
  if (!setup_.keeps_documents || is_cut_off_) return;
  const bool feeds = next < setup_.keeps.size() && setup_.keeps[next];
  if (!feeds && milliseconds < static_cast<double>(setup_.whole.cache.dear.count())) return;
  const descriptor packed = sealed_memory("calque-document", pack_all(documents));
  if (!packed) return;
  wire_writer named;
  named.add(key);
  if (channel_.send(message_kind::keep, job_, named.bytes(), {*packed}) != 0) is_cut_off_ = true;
}

}  // namespace calque::host
