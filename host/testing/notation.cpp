// SPDX-License-Identifier: Apache-2.0
// Parses the short notation: lines are blocks, indentation is depth, braces are inlines.
#include "host/testing/notation.hpp"

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace calque::testing {
namespace {

std::optional<kind> kind_named(std::string_view name) {
#define CALQUE_KIND_ENTRY(NAME, word, value, cls) \
  if (name == #word) return kind::word;
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
  return std::nullopt;
}

class notation_parser {
 public:
  notation_parser(std::string_view notation, builder &out) : all_(notation), out_(out) {}

  void run() {
    for (size_t at = 0; at < all_.size();) {
      const size_t end = std::min(all_.find('\n', at), all_.size());
      ++line_number_;
      line(at, end);
      at = end + 1;
    }
    close_to(0);
  }

 private:
  [[noreturn]] void fail(const std::string &message) const {
    throw std::invalid_argument("line " + std::to_string(line_number_) + ": " + message);
  }

  // Scopes close from the inside out, which a vector's destructor would not do.
  void close_to(size_t depth) {
    while (open_.size() > depth) open_.pop_back();
  }

  void line(size_t at, size_t end) {
    size_t begin = at;
    while (begin < end && all_[begin] == ' ') ++begin;
    if (begin == end) return;
    if ((begin - at) % 2 != 0) fail("indent by two blanks");
    const size_t depth = (begin - at) / 2;
    if (depth > open_.size()) fail("this line is deeper than the one it would belong to");
    close_to(depth);

    // The words before ": " name the block; the rest is its text.
    const std::string_view whole = all_.substr(begin, end - begin);
    const size_t colon = whole.ends_with(":") && whole.find(": ") == whole.npos ? whole.size() - 1 : whole.find(": ");
    const bool has_text = colon != whole.npos;
    std::vector<std::string_view> words = split(whole.substr(0, has_text ? colon : whole.size()));
    if (words.empty()) fail("a line begins with a kind");
    open_block(words);
    if (has_text && colon + 2 <= whole.size()) inlines(begin + colon + 2, end);
  }

  static std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> words;
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) words.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return words;
  }

  void open_block(const std::vector<std::string_view> &words) {
    size_t used = 1;
    if (words[0] == "field") {
      if (words.size() < 2) fail("field needs a key");
      open_.push_back(std::make_unique<scope>(out_.field(words[1])));
      used = 2;
    } else if (words[0] == "aside") {
      if (words.size() < 3) fail("aside needs a role and the name of its anchor");
      const auto anchor = anchors_.find(std::string(words[2]));
      if (anchor == anchors_.end()) fail("no {anchor " + std::string(words[2]) + "} came before");
      open_.push_back(std::make_unique<scope>(out_.aside(words[1], anchor->second)));
      used = 3;
    } else if (const auto known = kind_named(words[0])) {
      if (class_of(*known) == kind_class::leaf)
        fail(std::string(words[0]) + " is a leaf: write {" + std::string(words[0]) + " …}");
      open_.push_back(std::make_unique<scope>(out_.begin(*known)));
    } else {
      open_.push_back(std::make_unique<scope>(out_.begin(words[0])));
    }
    for (size_t k = used; k < words.size(); ++k) {
      const size_t equals = words[k].find('=');
      if (equals == std::string_view::npos) fail("\"" + std::string(words[k]) + "\" is no key=value");
      out_.attr(words[k].substr(0, equals), words[k].substr(equals + 1));
    }
  }

  // Text up to `end`, or up to the brace that closes an inline; returns where it stopped.
  size_t inlines(size_t at, size_t end, bool within = false) {
    static constexpr std::string_view line_break = "⏎", soft_break = "␣";
    std::string pending;
    size_t pending_from = at;
    auto flush = [&](size_t upto) {
      if (!pending.empty()) out_.text(pending, {pending_from, upto});
      pending.clear();
    };
    while (at < end) {
      const std::string_view rest = all_.substr(at, end - at);
      if (rest[0] == '\\' && rest.size() > 1) {
        if (pending.empty()) pending_from = at;
        pending += rest[1];
        at += 2;
      } else if (rest[0] == '{') {
        flush(at);
        at = inline_node(at + 1, end);
        pending_from = at;
      } else if (rest[0] == '}' && within) {
        flush(at);
        return at + 1;
      } else if (rest.starts_with(line_break) || rest.starts_with(soft_break)) {
        flush(at);
        const bool hard = rest.starts_with(line_break);
        out_.text(hard ? "\n" : " ", {at, at + line_break.size()}, hard ? kind::line_break : kind::soft_break);
        at += line_break.size();
        pending_from = at;
      } else {
        if (pending.empty()) pending_from = at;
        pending += rest[0];
        ++at;
      }
    }
    if (within) fail("a brace is not closed");
    flush(end);
    return end;
  }

  size_t inline_node(size_t at, size_t end) {
    const size_t name_end = std::min({all_.find(' ', at), all_.find('}', at), end});
    const std::string_view name = all_.substr(at, name_end - at);
    const auto known = kind_named(name);
    const size_t text_at = name_end < end && all_[name_end] == ' ' ? name_end + 1 : name_end;
    if (known && class_of(*known) == kind_class::leaf) {
      const size_t close = all_.find('}', text_at);
      if (close == std::string_view::npos || close >= end) fail("a brace is not closed");
      const std::string_view words = all_.substr(text_at, close - text_at);
      if (*known == kind::anchor)
        anchors_[std::string(words)] = out_.text({}, {close, close}, kind::anchor);
      else if (*known == kind::image)
        out_.text({}, {close, close}, kind::image), out_.attr("resource", words);
      else
        out_.text(words, {text_at, close}, *known);
      return close + 1;
    }
    if (!known && name.find('/') == name.npos) fail("\"" + std::string(name) + "\" is no kind");
    auto open = known ? out_.begin(*known) : out_.begin(name);
    return inlines(text_at, end, true);
  }

  std::string_view all_;
  builder &out_;
  size_t line_number_ = 0;
  std::vector<std::unique_ptr<scope>> open_;
  std::map<std::string, uint32_t> anchors_;
};

}  // namespace

void build_from_notation(std::string_view notation, builder &out) {
  notation_parser(notation, out).run();
}

}  // namespace calque::testing
