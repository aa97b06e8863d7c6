// SPDX-License-Identifier: Apache-2.0
// Reading the archive that an importer was given: its members by name or number, and their bytes.
#pragma once

#include <calque/stage.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace calque {

/// The bytes of a member, for as long as this lives.
class [[nodiscard]] member_bytes {
 public:
  member_bytes(const calque_archive *archive, uint32_t member) : archive_(archive), member_(member) {
    calque_str read{nullptr, 0};
    check(archive->read(archive, member, &read));
    bytes_ = calque::view(read);
  }
  member_bytes(member_bytes &&other) noexcept
      : archive_(std::exchange(other.archive_, nullptr)), member_(other.member_), bytes_(other.bytes_) {}
  member_bytes &operator=(member_bytes &&) = delete;
  /// Nothing can be wrong about it but that the run has ended already.
  ~member_bytes() {
    if (archive_ != nullptr) archive_->release(archive_, member_);
  }
  std::string_view view() const { return bytes_; }

 private:
  const calque_archive *archive_;
  uint32_t member_;
  std::string_view bytes_;
};

/// An archive as the host lists it; cheap to copy, valid until run returns.
class archive {
 public:
  /// The archive that the input of this run is. What is wrong with it ends the run, and the host has said it.
  explicit archive(const call &c) : service_(static_cast<const calque_archive_service *>(c.service("calque.archive/1"))) {
    if (service_ == nullptr) throw std::runtime_error("this host does not offer calque.archive/1");
    check(service_->open(service_, &archive_));
  }
  /// The archive that a member is.
  archive inside(uint32_t member) const {
    archive inner = *this;
    check(service_->open_member(service_, archive_, member, &inner.archive_));
    return inner;
  }

  uint32_t size() const { return archive_->member_count; }
  std::string_view name(uint32_t member) const { return view(archive_->members[member]->name); }
  /// Unpacked, as the archive says.
  uint64_t size_of(uint32_t member) const { return archive_->members[member]->size; }
  bool is_encrypted(uint32_t member) const { return (archive_->members[member]->flags & CALQUE_MEMBER_ENCRYPTED) != 0; }
  std::optional<uint32_t> find(std::string_view name) const {
    for (uint32_t k = 0; k < size(); ++k)
      if (this->name(k) == name) return k;
    return std::nullopt;
  }
  member_bytes read(uint32_t member) const { return {archive_, member}; }

 private:
  const calque_archive_service *service_;
  const calque_archive *archive_ = nullptr;
};

}  // namespace calque
