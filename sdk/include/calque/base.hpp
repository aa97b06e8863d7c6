// SPDX-License-Identifier: Apache-2.0
// Strings, kinds and the two ways in which a run ends early: what every other header of the SDK uses.
#pragma once

#include <calque/calque.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace calque {

/// A borrowed string for a call; valid as long as what it views.
inline calque_str str(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view view(calque_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

/// Kinds of node; a named kind (x.owner/thing) is a value from CALQUE_KIND_NAMED on.
enum class kind : uint16_t {
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) name = value,
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
};

enum class kind_class : uint8_t {
  blocks = CALQUE_CLASS_BLOCKS,
  inlines = CALQUE_CLASS_INLINES,
  leaf = CALQUE_CLASS_LEAF
};

/// What a kind may hold; named kinds hold blocks.
constexpr kind_class class_of(kind k) {
  switch (static_cast<uint16_t>(k)) {
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) \
  case value:                                     \
    return static_cast<kind_class>(CALQUE_CLASS_##cls);
    CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
    default:
      return kind_class::blocks;
  }
}

/// The name of a core kind; empty for a named one, whose name the document holds.
constexpr std::string_view name_of(kind k) {
  switch (static_cast<uint16_t>(k)) {
#define CALQUE_KIND_ENTRY(NAME, name, value, cls) \
  case value:                                     \
    return #name;
    CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
    default:
      return {};
  }
}

/// Bytes [begin, end) of a source; source 0 is the input itself.
struct source_range {
  uint64_t begin = 0, end = 0;
  uint32_t source = 0;
};

/// Bytes [begin, end) of a document's text.
struct text_range {
  uint32_t begin = 0, end = 0;
  bool is_empty() const { return begin == end; }
  bool operator==(const text_range &) const = default;
};

/// Which text an empty span keeps to when a rewrite puts something in at its place.
enum class side : uint32_t { after = CALQUE_AFTER, before = CALQUE_BEFORE };

/// Thrown inside a plugin when a document cannot be done; the SDK reports it as an error and returns CALQUE_FAILED.
class failure : public std::runtime_error {
 public:
  /// `code` is one of the stage's codes; `hint` says what would be right.
  failure(std::string code, const std::string &message, std::string hint = {})
      : std::runtime_error(message), code_(std::move(code)), hint_(std::move(hint)) {}
  failure(std::string code, const std::string &message, source_range at, std::string hint = {})
      : failure(std::move(code), message, std::move(hint)) {
    place_ = CALQUE_AT_SOURCE;
    index_ = at.source;
    begin_ = at.begin;
    end_ = at.end;
  }

  calque_diagnostic diagnostic() const {
    return {sizeof(calque_diagnostic), CALQUE_ERROR, str(code_), str(what()), str(hint_), place_, index_, begin_, end_};
  }

 private:
  std::string code_, hint_;
  uint32_t place_ = CALQUE_AT_NOTHING, index_ = 0;
  uint64_t begin_ = 0, end_ = 0;
};

/// Thrown by the SDK when a call of the host answers anything but OK; the plugin lets it pass.
struct stopped {
  calque_status status;
};

inline void check(calque_status status) {
  if (status != CALQUE_OK) throw stopped{status};
}

}  // namespace calque
