// SPDX-License-Identifier: Apache-2.0
// ZIP archives byte by byte, for tests: sound ones, and ones that say what is not so.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::host::test {

/// A member, and where its heads differ from what they should say.
struct sample_member {
  std::string name, bytes;
  bool is_deflated = false, is_utf8 = false;
  std::uint16_t flags = 0, method = 0xffff;  // 0xffff: as it is packed
  std::uint32_t attributes = 0;              // of a Unix mode, in the upper half
  std::uint64_t said_size = UINT64_MAX;      // in both heads
  std::uint32_t said_sum = 0;                // 0: the right one
  std::string name_in_head;                  // empty: the same
  std::size_t shares_head_of = SIZE_MAX;     // its entry leads to the head of that member
};

class archive_maker {
 public:
  archive_maker &add(sample_member one) {
    members_.push_back(std::move(one));
    return *this;
  }
  archive_maker &add(std::string name, std::string bytes, bool deflated = false) {
    sample_member one;
    one.name = std::move(name);
    one.bytes = std::move(bytes);
    one.is_deflated = deflated;
    return add(std::move(one));
  }
  /// How many members the end says that there are; 64: with 64-bit numbers.
  archive_maker &say_count(std::uint64_t count) {
    said_count_ = count;
    return *this;
  }
  archive_maker &use_zip64() {
    zip64_ = true;
    return *this;
  }

  std::string bytes() const {
    std::string out, directory;
    std::vector<std::uint64_t> heads, packed_sizes;
    for (const sample_member &one : members_) {
      const std::string packed = one.is_deflated ? deflated(one.bytes) : one.bytes;
      const std::uint64_t size = one.said_size != UINT64_MAX ? one.said_size : one.bytes.size();
      const auto sum = one.said_sum != 0 ? one.said_sum
                                         : static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef *>(one.bytes.data()),
                                                                            static_cast<uInt>(one.bytes.size())));
      const auto flags = static_cast<std::uint16_t>(one.flags | (one.is_utf8 ? 0x800 : 0));
      const auto method = one.method != 0xffff ? one.method : static_cast<std::uint16_t>(one.is_deflated ? 8 : 0);
      std::uint64_t head = out.size(), packed_size = packed.size();
      const std::string &head_name = one.name_in_head.empty() ? one.name : one.name_in_head;
      if (one.shares_head_of == SIZE_MAX) {
        out += "PK\x03\x04";
        put(out, 20, 2);
        put(out, flags, 2);
        put(out, method, 2);
        put(out, 0x5a210000, 4);
        put(out, sum, 4);
        put(out, packed_size, 4);
        put(out, size, 4);
        put(out, head_name.size(), 2);
        put(out, 0, 2);
        out += head_name + packed;
      } else {
        head = heads[one.shares_head_of];
        packed_size = packed_sizes[one.shares_head_of];
      }
      heads.push_back(head);
      packed_sizes.push_back(packed_size);
      directory += "PK\x01\x02";
      put(directory, 0x0314, 2);
      put(directory, 20, 2);
      put(directory, flags, 2);
      put(directory, method, 2);
      put(directory, 0x5a210000, 4);
      put(directory, sum, 4);
      put(directory, zip64_ ? 0xffffffff : packed_size, 4);
      put(directory, zip64_ ? 0xffffffff : size, 4);
      put(directory, one.name.size(), 2);
      put(directory, zip64_ ? 28 : 0, 2);
      put(directory, 0, 2);
      put(directory, 0, 2);
      put(directory, 0, 2);
      put(directory, one.attributes, 4);
      put(directory, zip64_ ? 0xffffffff : head, 4);
      directory += one.name;
      if (zip64_) {
        put(directory, 1, 2);
        put(directory, 24, 2);
        put(directory, size, 8);
        put(directory, packed_size, 8);
        put(directory, head, 8);
      }
    }
    const std::uint64_t count = said_count_ != UINT64_MAX ? said_count_ : members_.size();
    const std::uint64_t begin = out.size();
    out += directory;
    if (zip64_ || count > 0xffff) {
      const std::uint64_t record = out.size();
      out += "PK\x06\x06";
      put(out, 44, 8);
      put(out, 45, 2);
      put(out, 45, 2);
      put(out, 0, 8);
      put(out, count, 8);
      put(out, count, 8);
      put(out, directory.size(), 8);
      put(out, begin, 8);
      out += "PK\x06\x07";
      put(out, 0, 4);
      put(out, record, 8);
      put(out, 1, 4);
    }
    out += "PK\x05\x06";
    put(out, 0, 4);
    put(out, count > 0xffff ? 0xffff : count, 2);
    put(out, count > 0xffff ? 0xffff : count, 2);
    put(out, directory.size(), 4);
    put(out, begin, 4);
    put(out, 0, 2);
    return out;
  }

 private:
  static void put(std::string &out, std::uint64_t value, int size) {
    for (int k = 0; k < size; ++k) out += static_cast<char>(value >> (8 * k));
  }
  static std::string deflated(const std::string &bytes) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
  }

  std::vector<sample_member> members_;
  std::uint64_t said_count_ = UINT64_MAX;
  bool zip64_ = false;
};

}  // namespace calque::host::test
