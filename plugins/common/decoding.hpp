// SPDX-License-Identifier: Apache-2.0
// Bytes of a file to UTF-8, with a map that leads every word back to its bytes.
#pragma once

#include <calque/calque.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

struct decoding_options {
  std::string encoding = "auto";
  bool replace_invalid = false;
};

/// Text and where it came from. Runs begin at ascending places of both text and source; within a run of equal bytes
/// every place is known exactly, others are one word long at most.
class decoded_text {
 public:
  struct run {
    size_t text_begin;
    uint64_t source_begin;
    bool equal;  // text and source are the same bytes, so far as the run goes
  };
  /// Bytes that are no text in this encoding; U+FFFD stands for them.
  struct replacement {
    source_range bytes;
    size_t text_at;
  };

  std::string_view text() const { return storage_.empty() ? view_ : std::string_view(storage_); }
  /// The source bytes of text [begin, end). Neighbours in the text have neighbouring bytes.
  source_range source_of(size_t begin, size_t end) const { return {source_at(begin), source_at(end), 0}; }
  /// The byte-order mark, or nothing.
  source_range byte_order_mark() const { return {0, mark_size_, 0}; }

  std::string encoding;
  /// How sure: 100 when given, marked or proven by the bytes, less when guessed from what they look like.
  int confidence = 100;
  std::vector<replacement> replaced;

  /// Calls f(bytes, source range) for each run that [begin, end) touches.
  template <class F>
  void each_piece(size_t begin, size_t end, F &&f) const {
    for (size_t k = run_at(begin); begin < end; ++k) {
      const size_t stop = k + 1 < runs_.size() ? std::min(runs_[k + 1].text_begin, end) : end;
      if (stop > begin) f(text().substr(begin, stop - begin), source_of(begin, stop));
      begin = std::max(begin, stop);
    }
  }

 private:
  friend decoded_text decode(std::string_view, const decoding_options &, std::string_view);
  friend class decoder;
  size_t run_at(size_t text_at) const;
  uint64_t source_at(size_t text_at) const;

  std::string_view view_;  // of the file itself, where its bytes are the text
  std::string storage_;
  std::vector<run> runs_;
  uint64_t mark_size_ = 0, source_end_ = 0;
};

/// Decodes a file. `stage` begins the codes of what it throws (calque::failure): STAGE.binary, STAGE.empty,
/// STAGE.invalid-bytes, STAGE.unknown-encoding.
decoded_text decode(std::string_view bytes, const decoding_options &options, std::string_view stage);

/// Tells the host the encoding, skips the byte-order mark and reports what was guessed or replaced.
void announce(const decoded_text &text, builder &out, const call &c, const std::string &stage);

/// Writes text [begin, end) as one leaf, whose origins are the runs; returns its id.
uint32_t put_text(builder &out, const decoded_text &text, size_t begin, size_t end, kind k = kind::text);

/// What a probe may look at: the head of a file as UTF-8, or nothing when it is no text.
std::string decoded_head(std::string_view head);

/// The codes that decoding reports, for the stage `id` (a string literal).
#define CALQUE_DECODING_CODES(id)                                                                                      \
  ::calque::code(id ".binary",                                                                                         \
                 "The file holds bytes that no text has, so it was refused. Import it with the stage for its format.", \
                 ::calque::thing::text, ::calque::effect::none, ::calque::level::error),                               \
      ::calque::code(id ".empty", "The file holds no text at all.", ::calque::thing::text, ::calque::effect::none,     \
                     ::calque::level::error),                                                                          \
      ::calque::code(                                                                                                  \
          id ".invalid-bytes",                                                                                         \
          "Some bytes are no text in the file's encoding. Give the right `encoding`, or put U+FFFD in their "          \
          "place with invalid = \"replace\".",                                                                         \
          ::calque::thing::text, ::calque::effect::none, ::calque::level::error),                                      \
      ::calque::code(id ".replaced-bytes", "Bytes that are no text in the file's encoding became U+FFFD, as asked.",   \
                     ::calque::thing::text, ::calque::effect::changed, ::calque::level::warning),                      \
      ::calque::code(id ".unknown-encoding", "The encoding that was asked for is not known.", ::calque::thing::text,   \
                     ::calque::effect::none, ::calque::level::error),                                                  \
      ::calque::code(                                                                                                  \
          id ".encoding-guessed",                                                                                      \
          "The file does not say its encoding; it was found from what the bytes look like. Give `encoding` "           \
          "to be sure.",                                                                                               \
          ::calque::thing::text, ::calque::effect::none, ::calque::level::warning),                                    \
      ::calque::code(id ".byte-order-mark", "The mark at the front of the file that says its encoding; no text.")

}  // namespace calque::plugins
