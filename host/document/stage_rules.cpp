// SPDX-License-Identifier: Apache-2.0
// Looks codes and layers up in a stage's tables, and records how a run went wrong.
#include "host/document/stage_rules.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstddef>

namespace calque::host {

const calque_code *stage_rules::find_code(std::string_view code) const {
  for (uint32_t k = 0; k < stage->code_count; ++k) {
    const auto *entry = reinterpret_cast<const calque_code *>(reinterpret_cast<const std::byte *>(stage->codes) +
                                                              size_t{k} * stage->code_stride);
    if (code == entry->code) return entry;
  }
  return nullptr;
}

bool stage_rules::may_write(std::string_view layer) const {
  if (stage->written_layers == nullptr) return false;
  for (const char *const *name = stage->written_layers; *name != nullptr; ++name)
    if (layer == *name) return true;
  return false;
}

std::string stage_rules::who() const {
  const std::string plugin = std::string(stage->id) + " " + stage->version;
  return name.empty() || name == stage->id ? plugin : name + " (" + plugin + ")";
}

calque_status boundary::enter() {
  if (status_ != CALQUE_OK) return status_;
  if (stop_ != nullptr && stop_->count_call()) status_ = CALQUE_CANCELLED;
  return status_;
}

calque_status boundary::misuse(std::string_view call, std::string rule) {
  fail(blame("plugin.misuse", std::string(call) + ": " + std::move(rule),
             "this is a mistake in the plugin; please report it to its author"));
  return status_ = CALQUE_MISUSE;
}

calque_status boundary::limit(std::string_view what, uint64_t granted, uint64_t wanted) {
  fail(blame("document.limit",
             std::string(what) + ": " + std::to_string(wanted) + " wanted, " + std::to_string(granted) + " granted",
             "raise the limit in [limits] of the pipeline if the document is sound"));
  return status_ = CALQUE_LIMIT;
}

calque_status boundary::fail(diagnostic d) {
  if (!first_) first_ = d;
  out.add(std::move(d));
  return status_ = CALQUE_FAILED;
}

diagnostic boundary::failure() const {
  return first_ ? *first_ : blame("run.stopped", "the run was stopped");
}

diagnostic boundary::blame(std::string code, std::string message, std::string hint) const {
  diagnostic d = error(std::move(code), std::move(message), std::move(hint));
  d.stage = rules.who();
  return d;
}

bool is_utf8(std::string_view text) {
  const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
  const size_t size = text.size();
  for (size_t at = 0; at < size;) {
    if (bytes[at] < 0x80) {
      ++at;
      continue;
    }
    // Lead byte, then the range of the second: this refuses overlong forms, surrogates and what lies past U+10FFFF.
    const uint8_t lead = bytes[at];
    size_t more = 0;
    uint8_t low = 0x80, high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf)
      more = 1;
    else if (lead >= 0xe0 && lead <= 0xef)
      more = 2, low = lead == 0xe0 ? 0xa0 : 0x80, high = lead == 0xed ? 0x9f : 0xbf;
    else if (lead >= 0xf0 && lead <= 0xf4)
      more = 3, low = lead == 0xf0 ? 0x90 : 0x80, high = lead == 0xf4 ? 0x8f : 0xbf;
    else
      return false;
    if (size - at <= more || bytes[at + 1] < low || bytes[at + 1] > high) return false;
    for (size_t k = 2; k <= more; ++k)
      if ((bytes[at + k] & 0xc0) != 0x80) return false;
    at += more + 1;
  }
  return true;
}

std::string fold_case(std::string_view name) {
  std::string folded;
  const auto size = static_cast<int32_t>(name.size());
  for (int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(name.data(), at, size, c);
    char bytes[U8_MAX_LENGTH];
    int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, u_foldCase(c, U_FOLD_CASE_DEFAULT));
    folded.append(bytes, static_cast<size_t>(length));
  }
  return folded;
}

namespace {

/// 1 for a letter or digit of ASCII. Without a branch, so that a run of them is counted by vector instructions.
constexpr uint8_t is_ascii_letter(uint8_t b) {
  return static_cast<uint8_t>(static_cast<uint8_t>(b - '0') < 10) |
         static_cast<uint8_t>(static_cast<uint8_t>((b | 0x20) - 'a') < 26);
}

}  // namespace

uint64_t count_letters(std::string_view utf8) {
  constexpr int64_t run = 16;
  uint64_t count = 0;
  const auto *bytes = reinterpret_cast<const uint8_t *>(utf8.data());
  const auto size = static_cast<int64_t>(utf8.size());
  for (int64_t at = 0; at < size;) {
    if (at + run <= size) {
      uint8_t all = 0, letters = 0;
      for (int64_t k = 0; k < run; ++k) {
        all |= bytes[at + k];
        letters = static_cast<uint8_t>(letters + is_ascii_letter(bytes[at + k]));
      }
      if (all < 0x80) {
        count += letters;
        at += run;
        continue;
      }
    }
    for (const int64_t end = std::min(at + run, size); at < end;) {
      if (bytes[at] < 0x80) {
        count += is_ascii_letter(bytes[at++]);
        continue;
      }
      UChar32 c = 0;
      U8_NEXT(bytes, at, size, c);
      count += c >= 0 && u_isalnum(c);
    }
  }
  return count;
}

}  // namespace calque::host
