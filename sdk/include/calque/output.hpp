// SPDX-License-Identifier: Apache-2.0
// What an exporter writes to: files that the host publishes, and the account of what they hold.
#pragma once

#include <calque/document.hpp>

#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace calque {

class output;

/// A file in the making. Text is collected and handed over in large pieces; close it, or let it go out of scope.
class output_file {
 public:
  output_file(output &owner, uint32_t handle) : owner_(&owner), handle_(handle) {}
  output_file(output_file &&other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), handle_(other.handle_), pending_(std::move(other.pending_)) {}
  output_file &operator=(output_file &&) = delete;
  ~output_file();
  void write(std::string_view bytes) {
    if (bytes.size() < large) {
      pending_ += bytes;
      if (pending_.size() >= large) check(flush());
    } else {
      check(flush());
      check(hand_over(bytes));
    }
  }
  output_file &operator<<(std::string_view bytes) {
    write(bytes);
    return *this;
  }
  void close();

 private:
  static constexpr size_t large = size_t{1} << 16;
  calque_status flush();
  calque_status hand_over(std::string_view bytes);
  output *owner_;
  uint32_t handle_;
  std::string pending_;
};

/// Files and the account. Say of every node that it is in the output (`emitted`) or why not (`not_expressed`), and
/// the same of every mark of a countable layer (calque.page/1, calque.language/1). The last word on a node counts.
class output {
 public:
  output(calque_output *output, document_view document)
      : output_(output),
        document_(document),
        said_(document.node_count(), nothing),
        marks_said_(document.layer_count()) {
    for (uint32_t l = 0; l < document.layer_count(); ++l) marks_said_[l].assign(document.layer(l).size(), nothing);
  }

  /// The file that the pipeline names; `path` names a further one.
  output_file create(std::string_view media_type, std::string_view path = {}) {
    uint32_t handle = 0;
    check(output_->create(output_, str(path), str(media_type), path.empty() ? uint32_t{CALQUE_PRIMARY} : 0, &handle));
    return {*this, handle};
  }

  void emitted(node n) { said_[n.index()] = in_output; }
  void emitted_tree(node n) { std::fill(said_.begin() + n.index(), said_.begin() + n.end_index(), in_output); }
  void not_expressed(node n, std::string_view code) { said_[n.index()] = number_of(code); }
  void not_expressed_tree(node n, std::string_view code) {
    std::fill(said_.begin() + n.index(), said_.begin() + n.end_index(), number_of(code));
  }
  /// All marks of a layer name at once.
  void marks_emitted(std::string_view layer) { say_marks(layer, in_output); }
  void marks_not_expressed(std::string_view layer, std::string_view code) { say_marks(layer, number_of(code)); }

  /// One mark, by the index of its layer.
  void emitted(uint32_t layer, annotation a) { marks_said_[layer][a.index()] = in_output; }
  void not_expressed(uint32_t layer, annotation a, std::string_view code) {
    marks_said_[layer][a.index()] = number_of(code);
  }

  /// Hands the account to the host, and throws what a file could not say when it went out of scope; the SDK calls it
  /// at the end of a run.
  void settle() {
    check(deferred_);
    each_run(said_, [&](uint32_t first, uint32_t end, uint32_t what) {
      check(what == in_output ? output_->emitted(output_, first, end)
                              : output_->not_expressed(output_, first, end, str(codes_[what])));
    });
    for (uint32_t l = 0; l < marks_said_.size(); ++l)
      each_run(marks_said_[l], [&](uint32_t first, uint32_t end, uint32_t what) {
        check(what == in_output ? output_->marks_emitted(output_, l, first, end)
                                : output_->marks_not_expressed(output_, l, first, end, str(codes_[what])));
      });
  }

 private:
  // What was said of a node: nothing, that it is in the output, or the number of a code.
  static constexpr uint32_t nothing = UINT32_MAX, in_output = UINT32_MAX - 1;

  uint32_t number_of(std::string_view code) {
    for (uint32_t k = 0; k < codes_.size(); ++k)
      if (codes_[k] == code) return k;
    codes_.emplace_back(code);
    return static_cast<uint32_t>(codes_.size() - 1);
  }
  void say_marks(std::string_view layer, uint32_t what) {
    for (uint32_t l = 0; l < document_.layer_count(); ++l)
      if (document_.layer(l).name() == layer) std::fill(marks_said_[l].begin(), marks_said_[l].end(), what);
  }
  template <class F>
  static void each_run(const std::vector<uint32_t> &said, F &&f) {
    for (uint32_t first = 0; first < said.size();) {
      uint32_t end = first;
      while (end < said.size() && said[end] == said[first]) ++end;
      if (said[first] != nothing) f(first, end, said[first]);
      first = end;
    }
  }

  friend class output_file;
  calque_output *output_;
  calque_status deferred_ = CALQUE_OK;
  document_view document_;
  std::vector<uint32_t> said_;
  std::vector<std::vector<uint32_t>> marks_said_;
  std::vector<std::string> codes_;
};

inline calque_status output_file::flush() {
  const calque_status status = pending_.empty() ? calque_status{CALQUE_OK} : hand_over(pending_);
  pending_.clear();
  return status;
}

inline calque_status output_file::hand_over(std::string_view bytes) {
  return owner_->output_->write(owner_->output_, handle_, str(bytes));
}

inline void output_file::close() {
  check(flush());
  check(owner_->output_->close(owner_->output_, handle_));
  owner_ = nullptr;
}

inline output_file::~output_file() {
  // Closed or moved from; or an exception passes, and the host is told by the status of the run.
  if (owner_ == nullptr || std::uncaught_exceptions() > 0) return;
  const calque_status status = flush();
  if (owner_->deferred_ == CALQUE_OK) owner_->deferred_ = status;
}

}  // namespace calque
