// SPDX-License-Identifier: Apache-2.0
// Quoted-printable, base64 and the From quoting of mailboxes, taken off.
#include "plugins/eml/transfer.hpp"

#include <algorithm>
#include <array>

#include "plugins/eml/ascii.hpp"

namespace calque::plugins::mail {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr auto base64_values = [] {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t k = 0; k < digits.size(); ++k) values[static_cast<unsigned char>(digits[k])] = static_cast<int8_t>(k);
  return values;
}();

/// Calls f(bytes, begin, end) for each group of up to four characters, with where it is stored.
template <class F>
uint64_t each_group(std::string_view text, F &&f) {
  uint64_t faults = 0;
  uint32_t bits = 0;
  size_t count = 0, begin = 0, end = 0;
  const auto flush = [&] {
    if (count >= 2) {
      const char bytes[3] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
      f(std::string_view(bytes, count - 1), begin, end);
    } else if (count == 1) {
      ++faults;  // six bits are no byte
    }
    bits = 0;
    count = 0;
  };
  for (size_t at = 0; at < text.size(); ++at) {
    const int value = base64_values[static_cast<unsigned char>(text[at])];
    if (value < 0) {
      if (text[at] == '=' && count > 0) {
        while (at + 1 < text.size() && text[at + 1] == '=') ++at;
        end = at + 1;
        flush();
      } else if (!is_ascii_blank(text[at]) && text[at] != '\r' && text[at] != '\n' && text[at] != '=') {
        ++faults;
      }
      continue;
    }
    if (count == 0) begin = at;
    end = at + 1;
    bits |= static_cast<uint32_t>(value) << (18 - 6 * count);
    if (++count == 4) flush();
  }
  flush();
  return faults;
}

}  // namespace

transfer transfer_of(std::string_view name) {
  const std::string lower = lower_ascii(trimmed_ascii(name));
  if (lower.empty() || lower == "7bit" || lower == "8bit" || lower == "binary") return transfer::identity;
  if (lower == "quoted-printable") return transfer::quoted_printable;
  if (lower == "base64") return transfer::base64;
  return transfer::unknown;
}

uint64_t stored_bytes::place_of(size_t at) const {
  if (at >= bytes().size() || steps_.empty()) return stored_end_;
  const size_t k = step_at(at);
  const step &s = steps_[k];
  // Within a group of base64 a byte begins inside a character; the nearest one before it is named.
  return s.begin + (at - s.at) * (s.end - s.begin) / (end_of_step(k) - s.at);
}

size_t stored_bytes::step_at(size_t at) const {
  const auto after = std::upper_bound(steps_.begin(), steps_.end(), at, [](size_t x, const step &s) { return x < s.at; });
  return after == steps_.begin() ? 0 : static_cast<size_t>(after - steps_.begin()) - 1;
}

/// Builds the bytes and their steps.
class body_reader {
 public:
  body_reader(stored_bytes &out, std::string_view all, uint64_t begin, uint64_t end)
      : out_(out), all_(all), begin_(begin), end_(end) {}

  void identity(from_quoting quoting) {
    if (quoting == from_quoting::none || !has_quoted_from()) {
      out_.is_view_ = true;
      out_.view_ = all_.substr(begin_, end_ - begin_);
      if (begin_ < end_) out_.steps_.push_back({0, begin_, end_, true});
      return;
    }
    each_line([&](uint64_t at, uint64_t next) {
      const uint64_t marks = quote_marks(at, next);
      const bool is_quoted = quoting == from_quoting::mboxo ? marks == 1 : marks > 0;
      put(is_quoted ? at + 1 : at, next);
    });
  }

  void quoted_printable(from_quoting quoting) {
    each_line([&](uint64_t at, uint64_t next) {
      const uint64_t marks = quoting == from_quoting::none ? 0 : quote_marks(at, next);
      if (quoting == from_quoting::mboxo ? marks == 1 : marks > 0) ++at;
      uint64_t line_end = next;
      while (line_end > at && (all_[line_end - 1] == '\n' || all_[line_end - 1] == '\r')) --line_end;
      uint64_t end = line_end;
      while (end > at && is_ascii_blank(all_[end - 1])) --end;  // blanks that were put there on the way
      const bool goes_on = end > at && all_[end - 1] == '=';
      if (goes_on) --end;
      escapes(at, end);
      if (!goes_on) put(line_end, next);
    });
  }

  void base64() {
    out_.faults = each_group(all_.substr(begin_, end_ - begin_), [&](std::string_view bytes, size_t from, size_t to) {
      out_.steps_.push_back({out_.storage_.size(), begin_ + from, begin_ + to, false});
      out_.storage_ += bytes;
    });
  }

 private:
  template <class F>
  void each_line(F &&f) {
    for (uint64_t at = begin_; at < end_;) {
      const uint64_t next = std::min<uint64_t>(all_.find('\n', at), end_ - 1) + 1;
      f(at, next);
      at = next;
    }
  }

  /// The marks before the "From " that the line begins with; 0: it is no such line.
  uint64_t quote_marks(uint64_t at, uint64_t next) const {
    uint64_t marks = 0;
    while (at + marks < next && all_[at + marks] == '>') ++marks;
    return all_.substr(at + marks, std::min<uint64_t>(5, next - at - marks)) == "From " ? marks : 0;
  }
  bool has_quoted_from() const { return all_.substr(begin_, end_ - begin_).find(">From ") != std::string_view::npos; }

  void put(uint64_t from, uint64_t to) {
    if (from == to) return;
    auto &steps = out_.steps_;
    if (!steps.empty() && steps.back().equal && steps.back().end == from)
      steps.back().end = to;
    else
      steps.push_back({out_.storage_.size(), from, to, true});
    out_.storage_ += all_.substr(from, to - from);
  }

  void escapes(uint64_t at, uint64_t end) {
    bool escaped = false;
    while (at < end) {
      const uint64_t equals = std::min<uint64_t>(all_.substr(0, end).find('=', at), end);
      if (equals > at) {
        put(at, equals);
        escaped = false;
        at = equals;
        continue;
      }
      const bool is_whole = at + 2 < end;
      const int high = is_whole ? hex_digit(all_[at + 1]) : -1, low = is_whole ? hex_digit(all_[at + 2]) : -1;
      if (high < 0 || low < 0) {
        ++out_.faults;
        put(at, at + 1);
        escaped = false;
        ++at;
        continue;
      }
      if (escaped)
        out_.steps_.back().end = at + 3;
      else
        out_.steps_.push_back({out_.storage_.size(), at, at + 3, false});
      out_.storage_ += static_cast<char>(high << 4 | low);
      escaped = true;
      at += 3;
    }
  }

  stored_bytes &out_;
  std::string_view all_;
  uint64_t begin_, end_;
};

stored_bytes read_body(std::string_view all, uint64_t begin, uint64_t end, transfer encoding, from_quoting quoting) {
  stored_bytes out;
  out.stored_begin_ = begin;
  out.stored_end_ = end;
  body_reader work(out, all, begin, end);
  switch (encoding) {
    case transfer::quoted_printable: work.quoted_printable(quoting); break;
    case transfer::base64: work.base64(); break;
    default: work.identity(quoting); break;
  }
  return out;
}

std::string decode_base64(std::string_view text, uint64_t &faults) {
  std::string out;
  faults += each_group(text, [&](std::string_view bytes, size_t, size_t) { out += bytes; });
  return out;
}

}  // namespace calque::plugins::mail
