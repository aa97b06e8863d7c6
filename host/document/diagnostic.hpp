// SPDX-License-Identifier: Apache-2.0
// What can go wrong, as a value: a diagnostic with its place, and a result that holds a value or diagnostics.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace calque::host {

enum class severity { debug, info, warning, error };

/// Bytes of a document's text, and bytes of one of its sources; half-open.
struct text_span {
  uint32_t begin = 0, end = 0;
};
struct source_span {
  uint32_t source = 0;
  uint64_t begin = 0, end = 0;
};

/// Where; whichever is known. Lines and columns begin with 1, columns and length count code points.
struct place {
  std::string file;
  uint32_t line = 0, column = 0, length = 0;
  std::optional<text_span> span;
  std::optional<uint32_t> node;
  std::optional<source_span> source;
  std::optional<uint32_t> option;
};

struct note {
  std::string message;
  place where;
};

/// Who (stage), where (document, place), what (code, message) and what next (hint).
struct diagnostic {
  severity level = severity::error;
  std::string code, message, hint;
  place where;
  std::string stage, document;
  std::vector<note> notes;
  uint64_t count = 1;  // more: it stands for so many of its code, which are not all shown
};

inline diagnostic error(std::string code, std::string message, std::string hint = {}) {
  return {severity::error, std::move(code), std::move(message), std::move(hint), {}, {}, {}, {}, 1};
}

/// A value, or the errors that stood in its way (at least one).
template <class T>
class [[nodiscard]] result {
 public:
  result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  result(diagnostic error) : held_(std::in_place_index<1>, std::vector<diagnostic>{std::move(error)}) {}
  result(std::vector<diagnostic> errors) : held_(std::in_place_index<1>, std::move(errors)) {
    assert(!this->errors().empty());
  }

  bool has_value() const { return held_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  T &value() & { return std::get<0>(held_); }
  const T &value() const & { return std::get<0>(held_); }
  T &&value() && { return std::get<0>(std::move(held_)); }
  T &operator*() & { return value(); }
  const T &operator*() const & { return value(); }
  T *operator->() { return &value(); }
  const T *operator->() const { return &value(); }
  /// The first error.
  const diagnostic &error() const { return std::get<1>(held_).front(); }
  const std::vector<diagnostic> &errors() const { return std::get<1>(held_); }

 private:
  std::variant<T, std::vector<diagnostic>> held_;
};

template <>
class [[nodiscard]] result<void> {
 public:
  result() = default;
  result(diagnostic error) : errors_{std::move(error)} {}
  result(std::vector<diagnostic> errors) : errors_(std::move(errors)) { assert(!errors_.empty()); }

  bool has_value() const { return errors_.empty(); }
  explicit operator bool() const { return has_value(); }
  const diagnostic &error() const { return errors_.front(); }
  const std::vector<diagnostic> &errors() const { return errors_; }

 private:
  std::vector<diagnostic> errors_;
};

/// Collects diagnostics of one document; beyond a limit a code is counted, not kept.
class diagnostics {
 public:
  static constexpr uint32_t kept_a_code = 20;

  void add(diagnostic d);
  std::span<const diagnostic> all() const { return all_; }
  bool has_errors() const { return errors_ > 0; }
  /// Codes of which more came than were kept, and how many came.
  std::vector<std::pair<std::string, uint32_t>> folded() const;
  std::vector<diagnostic> take() { return std::move(all_); }

 private:
  std::vector<diagnostic> all_;
  std::vector<std::pair<std::string, uint32_t>> counts_;
  uint32_t errors_ = 0;
};

}  // namespace calque::host
