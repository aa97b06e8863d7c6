// SPDX-License-Identifier: Apache-2.0
// What a normalizer writes to: edits within a leaf, or a tree written anew from copies of the old one.
#pragma once

#include <calque/document.hpp>
#include <calque/marks.hpp>

#include <exception>
#include <utility>

namespace calque {

class rebuild;

/// Closes the output node that it opened.
class [[nodiscard]] rebuilt_scope {
 public:
  rebuilt_scope(rebuild &owner, uint32_t id) : owner_(&owner), id_(id), unwinding_(std::uncaught_exceptions()) {}
  rebuilt_scope(rebuilt_scope &&other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), id_(other.id_), unwinding_(other.unwinding_) {}
  rebuilt_scope &operator=(rebuilt_scope &&) = delete;
  ~rebuilt_scope();
  uint32_t id() const { return id_; }

 private:
  rebuild *owner_;
  uint32_t id_;
  int unwinding_;
};

/// Mode (b): the tree is written in its new order. Everything of the old one is copied, replaced or dropped.
class rebuild {
 public:
  explicit rebuild(calque_rewriter *rewriter) : rewriter_(rewriter) {}

  /// A new container that continues no node of the document given.
  rebuilt_scope begin(kind k) { return open(static_cast<uint16_t>(k), CALQUE_NONE); }
  /// A container that continues `like`: its id, attributes and annotations.
  rebuilt_scope begin(kind k, node like) { return open(static_cast<uint16_t>(k), like.index()); }
  rebuilt_scope begin_like(node like) { return open(static_cast<uint16_t>(like.kind()), like.index()); }

  /// Part of a leaf, in order. With a code: moved or repeated.
  void copy(node leaf, text_range range, std::string_view code = {}) {
    check(rewriter_->copy(rewriter_, leaf.index(), range.begin, range.end, str(code)));
  }
  void copy(node leaf) { copy(leaf, leaf.range()); }
  void copy_tree(node tree, std::string_view code = {}) {
    check(rewriter_->copy_tree(rewriter_, tree.index(), str(code)));
  }
  /// New text because of `range` of a leaf, which it replaces; an empty range: an insertion there.
  uint32_t text(std::string_view bytes, node leaf, text_range range, std::string_view code, kind k = kind::text) {
    uint32_t id = 0;
    check(rewriter_->text(rewriter_, static_cast<uint16_t>(k), str(bytes), leaf.index(), range.begin, range.end,
                          str(code), &id));
    return id;
  }
  void attr(std::string_view key, std::string_view value) { check(rewriter_->attr(rewriter_, str(key), str(value))); }
  void remove_attr(std::string_view key) { check(rewriter_->attr(rewriter_, str(key), {nullptr, 0})); }
  void drop(node leaf, text_range range, std::string_view code) {
    check(rewriter_->drop(rewriter_, leaf.index(), range.begin, range.end, str(code)));
  }
  void drop_tree(node tree, std::string_view code) { check(rewriter_->drop_tree(rewriter_, tree.index(), str(code))); }
  /// Leaves out a countable node, but not what it holds.
  void unwrap(node n, std::string_view code) { check(rewriter_->unwrap(rewriter_, n.index(), str(code))); }
  /// Throws what a scope could not say when it closed; the SDK calls it at the end of a run.
  void settle() const { check(deferred_); }

 private:
  friend class rebuilt_scope;
  rebuilt_scope open(uint16_t k, uint32_t like) {
    uint32_t id = 0;
    check(rewriter_->begin(rewriter_, k, like, &id));
    return {*this, id};
  }
  calque_rewriter *rewriter_;
  calque_status deferred_ = CALQUE_OK;
};

inline rebuilt_scope::~rebuilt_scope() {
  if (owner_ == nullptr || std::uncaught_exceptions() > unwinding_) return;
  const calque_status status = owner_->rewriter_->end(owner_->rewriter_);
  if (owner_->deferred_ == CALQUE_OK) owner_->deferred_ = status;
}

/// The two modes of a normalizer; a run uses one of them, or neither.
class rewrite {
 public:
  explicit rewrite(calque_rewriter *rewriter) : rewriter_(rewriter), marks_(rewriter->layers), rebuild_(rewriter) {}

  /// Mode (a): replaces `range` of a leaf, in ascending order, keeping the structure.
  void edit(node leaf, text_range range, std::string_view replacement, std::string_view code) {
    check(rewriter_->edit(rewriter_, leaf.index(), range.begin, range.end, str(replacement), str(code)));
  }
  /// Turns to mode (b). Call once, before all else.
  rebuild &start_rebuild() {
    check(rewriter_->rebuild(rewriter_));
    return rebuild_;
  }
  /// Marks lie in the text given; the host carries them along.
  calque::marks &marks() { return marks_; }
  void settle() const { rebuild_.settle(); }

 private:
  calque_rewriter *rewriter_;
  calque::marks marks_;
  rebuild rebuild_;
};

}  // namespace calque
