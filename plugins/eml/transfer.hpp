// SPDX-License-Identifier: Apache-2.0
// Bodies without their transfer encoding, with a map that leads each byte back to where it is stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins::mail {

enum class transfer { identity, quoted_printable, base64, unknown };

/// By the value of Content-Transfer-Encoding.
transfer transfer_of(std::string_view name);

/// Which ">From " lines of a mailbox lost nothing but their first mark: none (no mailbox), one mark, any number.
enum class from_quoting { none, mboxo, mboxrd };

/// Bytes, in steps that ascend in both. What is stored between two steps stands for no byte: line ends of the encoding,
/// the mark before a quoted "From ".
class stored_bytes {
 public:
  struct step {
    size_t at;              // in the bytes
    uint64_t begin, end;    // where they are stored
    bool equal;             // the same bytes
  };

  std::string_view bytes() const { return is_view_ ? view_ : std::string_view(storage_); }
  const std::vector<step> &steps() const { return steps_; }
  uint64_t stored_begin() const { return stored_begin_; }
  uint64_t stored_end() const { return stored_end_; }
  /// Where the byte at `at` is stored; at the end of the bytes, the end of what is stored.
  uint64_t place_of(size_t at) const;
  /// The step that holds the byte at `at`.
  size_t step_at(size_t at) const;
  size_t end_of_step(size_t step) const { return step + 1 < steps_.size() ? steps_[step + 1].at : bytes().size(); }
  /// Characters that the encoding does not have.
  uint64_t faults = 0;

 private:
  friend stored_bytes read_body(std::string_view, uint64_t, uint64_t, transfer, from_quoting);
  friend class body_reader;
  std::string storage_;
  std::string_view view_;
  bool is_view_ = false;
  std::vector<step> steps_;
  uint64_t stored_begin_ = 0, stored_end_ = 0;
};

/// The body that is stored in [begin, end) of `all`.
stored_bytes read_body(std::string_view all, uint64_t begin, uint64_t end, transfer, from_quoting);

/// The bytes of a base64 text alone; counts in `faults` the characters that are none of it.
std::string decode_base64(std::string_view text, uint64_t &faults);

}  // namespace calque::plugins::mail
