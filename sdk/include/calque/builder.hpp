// SPDX-License-Identifier: Apache-2.0
// What an importer writes to: text with its place in the source, in a tree of scopes.
#pragma once

#include <calque/marks.hpp>

#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

namespace calque {

/// The bytes that an importer reads.
class input {
 public:
  explicit input(const calque_input *input) : input_(input) {}
  std::string_view name() const { return view(input_->name); }
  std::string_view media_type() const { return view(input_->media_type); }
  uint64_t size() const { return input_->size; }
  /// All bytes, the host's, valid until run returns.
  std::string_view bytes() const {
    calque_str whole{nullptr, 0};
    check(input_->map(input_, &whole));
    return view(whole);
  }
  /// Up to `want` bytes from `at`; shorter only at the end.
  std::string read(uint64_t at, size_t want) const {
    std::string piece(want, '\0');
    size_t got = 0;
    check(input_->read(input_, at, piece.data(), want, &got));
    piece.resize(got);
    return piece;
  }

 private:
  const calque_input *input_;
};

/// What is known of an input before it is opened.
class probe {
 public:
  explicit probe(const calque_probe *probe) : probe_(probe) {}
  std::string_view name() const { return view(probe_->name); }
  std::string_view media_type() const { return view(probe_->media_type); }
  std::string_view head() const { return view(probe_->head); }
  uint64_t size() const { return probe_->size; }
  /// Whether an archive has a member of that name; the host lists what the head does not show.
  bool has_member(std::string_view name) const {
    for (uint32_t k = 0; k < probe_->member_count; ++k)
      if (view(probe_->members[k]) == name) return true;
    return false;
  }
  bool has_suffix(std::string_view suffix) const {
    return name().size() >= suffix.size() && name().substr(name().size() - suffix.size()) == suffix;
  }

 private:
  const calque_probe *probe_;
};

/// What became of a member that an importer handed over. Unless it was taken, nothing was written.
enum class embedded { taken, unknown, refused };

class builder;

/// Closes what it opened when it goes out of scope. Scopes nest like the document.
class [[nodiscard]] scope {
 public:
  scope(builder &owner, uint32_t id) : owner_(&owner), id_(id), unwinding_(std::uncaught_exceptions()) {}
  scope(scope &&other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), id_(other.id_), unwinding_(other.unwinding_) {}
  scope &operator=(scope &&) = delete;
  ~scope();
  /// The id of the node that was opened.
  uint32_t id() const { return id_; }

 private:
  builder *owner_;
  uint32_t id_;
  int unwinding_;
};

/// Builds documents in reading order. Origins: every text names the bytes that it came from.
class builder {
 public:
  explicit builder(calque_builder *builder) : builder_(builder), marks_(builder->layers) {}

  scope begin(kind k) {
    uint32_t id = 0;
    check(builder_->begin(builder_, static_cast<uint16_t>(k), &id));
    return {*this, id};
  }
  /// A block of a kind that this model does not know: x.owner/thing.
  scope begin(std::string_view kind_name) {
    uint16_t k = 0;
    check(builder_->kind(builder_, str(kind_name), &k));
    return begin(static_cast<kind>(k));
  }
  /// Text that is not read in line; `anchor` is the id of the leaf that calls it.
  scope aside(std::string_view role, uint32_t anchor) {
    uint32_t id = 0;
    check(builder_->aside(builder_, str(role), anchor, &id));
    return {*this, id};
  }
  /// Metadata; before the first block of a part.
  scope field(std::string_view key, std::string_view language = {}) {
    uint32_t id = 0;
    check(builder_->field(builder_, str(key), str(language), &id));
    return {*this, id};
  }
  /// A new leaf; returns its id.
  uint32_t text(std::string_view bytes, source_range from, kind k = kind::text) {
    uint32_t id = 0;
    check(builder_->text(builder_, static_cast<uint16_t>(k), str(bytes), from.source, from.begin, from.end, &id));
    return id;
  }
  /// Continues the last leaf with bytes from elsewhere in the source.
  void more(std::string_view bytes, source_range from) {
    check(builder_->more(builder_, str(bytes), from.source, from.begin, from.end));
  }
  /// An attribute of what was opened or written last.
  void attr(std::string_view key, std::string_view value) { check(builder_->attr(builder_, str(key), str(value))); }
  /// Source bytes that are in no leaf, and why.
  void skip(source_range range, std::string_view code) {
    check(builder_->skip(builder_, range.source, range.begin, range.end, str(code)));
  }
  void encoding(std::string_view name, uint32_t source = 0) { check(builder_->encoding(builder_, source, str(name))); }
  uint32_t member(uint32_t parent, std::string_view name, std::string_view media_type, std::string_view bytes) {
    uint32_t source = 0;
    check(builder_->member(builder_, parent, str(name), str(media_type), str(bytes), &source));
    return source;
  }
  void resource(std::string_view name, std::string_view media_type, std::string_view bytes) {
    check(builder_->resource(builder_, str(name), str(media_type), str(bytes)));
  }
  /// Hands a member to whichever importer knows it; its documents follow the part that is being written. The stage
  /// has the flag CALQUE_EMBEDS.
  embedded embed(uint32_t parent, std::string_view name, std::string_view media_type, std::string_view bytes) {
    // A host of before knows no members, and so no importer for them.
    if (builder_->struct_size < offsetof(calque_builder, embed) + sizeof(builder_->embed)) return embedded::unknown;
    const calque_status status = builder_->embed(builder_, parent, str(name), str(media_type), str(bytes));
    if (status == CALQUE_UNKNOWN) return embedded::unknown;
    if (status == CALQUE_REFUSED) return embedded::refused;
    check(status);
    return embedded::taken;
  }
  void next_part() { check(builder_->next_part(builder_)); }
  void seen(uint32_t thing, uint64_t count) { check(builder_->seen(builder_, thing, count)); }
  /// Where the next text will begin, for marks.
  uint32_t position() const {
    uint32_t at = 0;
    check(builder_->position(builder_, &at));
    return at;
  }
  calque::marks &marks() { return marks_; }

  /// Throws what a scope could not say when it closed; the SDK calls it at the end of a run.
  void settle() const { check(deferred_); }

 private:
  friend class scope;
  calque_builder *builder_;
  calque::marks marks_;
  calque_status deferred_ = CALQUE_OK;
};

inline scope::~scope() {
  // While an exception passes, the host is told by the status of the run; it needs no closed tree.
  if (owner_ == nullptr || std::uncaught_exceptions() > unwinding_) return;
  const calque_status status = owner_->builder_->end(owner_->builder_);
  if (owner_->deferred_ == CALQUE_OK) owner_->deferred_ = status;
}

}  // namespace calque
