// SPDX-License-Identifier: Apache-2.0
// Archives nest as a tree: each keeps the members that are held, and the archives that were opened in them.
#include "host/plugins/archive_service.hpp"

#include <fmt/format.h>

#include <utility>

#include "host/document/document.hpp"
#include "host/plugins/zip_directory.hpp"

namespace calque::host {

struct archive_service::opened {
  struct held_member {
    std::string bytes;
    std::uint64_t readers = 0;
  };

  opened(archive_service &owner, std::unique_ptr<archive_reader> given, std::uint64_t at_depth)
      : service(owner), reader(std::move(given)), depth(at_depth) {
    for (const archive_member &one : reader->members())
      described.push_back({sizeof(calque_archive_member), one.is_encrypted ? std::uint32_t{CALQUE_MEMBER_ENCRYPTED} : 0,
                           to_str(one.name), one.size, one.packed});
    for (const calque_archive_member &one : described) listed.push_back(&one);
    abi.struct_size = sizeof abi;
    abi.member_count = static_cast<std::uint32_t>(listed.size());
    abi.host_data = this;
    abi.members = listed.data();
    abi.read = [](const calque_archive *archive, std::uint32_t member, calque_str *bytes) -> calque_status {
      auto &self = *static_cast<opened *>(archive->host_data);
      if (const calque_status stopped = self.service.shared_.enter()) return stopped;
      return self.service.read(self, "archive.read", member, bytes);
    };
    abi.release = [](const calque_archive *archive, std::uint32_t member) -> calque_status {
      auto &self = *static_cast<opened *>(archive->host_data);
      if (const calque_status stopped = self.service.shared_.enter()) return stopped;
      return self.service.release(self, member);
    };
  }

  archive_service &service;
  std::unique_ptr<archive_reader> reader;
  std::uint64_t depth;
  std::vector<calque_archive_member> described;
  std::vector<const calque_archive_member *> listed;
  std::map<std::uint32_t, held_member> held;
  std::map<std::uint32_t, std::unique_ptr<opened>> inner;
  calque_archive abi{};
};

archive_service::archive_service(boundary &shared, std::string_view input)
    : shared_(shared), input_(input), work_{shared.within, 0, [this] { return shared_.enter() == CALQUE_OK; }}, abi_{} {
  abi_.struct_size = sizeof abi_;
  abi_.host_data = this;
  abi_.open = [](const calque_archive_service *service, const calque_archive **archive) -> calque_status {
    auto &self = *static_cast<archive_service *>(service->host_data);
    if (const calque_status stopped = self.shared_.enter()) return stopped;
    if (!self.first_)
      if (const calque_status failed = self.open(self.input_, 1, self.first_)) return failed;
    *archive = &self.first_->abi;
    return CALQUE_OK;
  };
  abi_.open_member = [](const calque_archive_service *service, const calque_archive *outer, std::uint32_t member,
                        const calque_archive **archive) -> calque_status {
    auto &self = *static_cast<archive_service *>(service->host_data);
    if (const calque_status stopped = self.shared_.enter()) return stopped;
    return self.open_member(*static_cast<opened *>(outer->host_data), member, archive);
  };
}

archive_service::~archive_service() = default;

calque_status archive_service::refuse(diagnostic why) {
  // Nobody's mistake; the boundary knows that the run was stopped.
  if (why.code == "run.stopped") return shared_.enter();
  why.stage = shared_.rules.who();
  const bool is_limit = why.code == "document.limit";
  const calque_status failed = shared_.fail(std::move(why));
  return is_limit ? CALQUE_LIMIT : failed;
}

calque_status archive_service::open(std::string_view bytes, std::uint64_t depth, std::unique_ptr<opened> &kept) {
  if (depth > shared_.within.max_archive_depth)
    return refuse(beyond_limit("archives in each other (archive_depth)", shared_.within.max_archive_depth, depth));
  std::vector<diagnostic> notices;
  auto reader = archive_reader::open(bytes, shared_.within, notices);
  for (diagnostic &notice : notices) {
    notice.stage = shared_.rules.who();
    shared_.out.add(std::move(notice));
  }
  if (!reader) return refuse(reader.error());
  kept = std::make_unique<opened>(*this, std::move(reader).value(), depth);
  return CALQUE_OK;
}

calque_status archive_service::open_member(opened &outer, std::uint32_t member, const calque_archive **archive) {
  auto known = outer.inner.find(member);
  if (known == outer.inner.end()) {
    // The bytes stay held: the archive that is opened in them reads them.
    calque_str bytes{nullptr, 0};
    if (const calque_status failed = read(outer, "archive.open_member", member, &bytes)) return failed;
    std::unique_ptr<opened> made;
    if (const calque_status failed = open(to_view(bytes), outer.depth + 1, made)) return failed;
    known = outer.inner.emplace(member, std::move(made)).first;
  }
  *archive = &known->second->abi;
  return CALQUE_OK;
}

calque_status archive_service::read(opened &from, const char *call, std::uint32_t member, calque_str *bytes) {
  if (member >= from.abi.member_count)
    return shared_.misuse(call, fmt::format("there is no member {} of {}", member, from.abi.member_count));
  auto known = from.held.find(member);
  if (known == from.held.end()) {
    auto read = from.reader->read(from.reader->members()[member], work_);
    if (!read) return refuse(read.error());
    known = from.held.emplace(member, opened::held_member{std::move(read).value(), 0}).first;
  }
  ++known->second.readers;
  *bytes = to_str(known->second.bytes);
  return CALQUE_OK;
}

calque_status archive_service::release(opened &from, std::uint32_t member) {
  const auto known = from.held.find(member);
  // The archive in it, if one was opened, is one of the readers and never lets go.
  if (known == from.held.end() || known->second.readers <= from.inner.count(member))
    return shared_.misuse("archive.release", fmt::format("member {} is not held", member));
  if (--known->second.readers == 0) from.held.erase(known);
  return CALQUE_OK;
}

std::vector<std::string> names_in_archive(std::string_view bytes, const limits &within) {
  if (!bytes.starts_with("PK")) return {};
  std::vector<diagnostic> notices;
  const auto reader = archive_reader::open(bytes, within, notices);
  if (!reader) return {};
  std::vector<std::string> names;
  for (const archive_member &one : (*reader)->members()) names.push_back(one.name);
  return names;
}

}  // namespace calque::host
