// SPDX-License-Identifier: Apache-2.0
// Which encoding a file has, and its conversion, character by character where bytes and text differ.
#include "plugins/common/decoding.hpp"

#include "plugins/common/characters.hpp"

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace calque::plugins {
namespace {

using std::string;
using std::string_view;

// A detector needs some text to be sure, and no more than this.
constexpr size_t detector_window = size_t{256} << 10;

struct choice {
  string encoding;
  int confidence = 100;
  size_t mark_size = 0;
};

/// The length of the valid UTF-8 at the front of `bytes`.
size_t valid_utf8(string_view bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    uint64_t eight = 0;
    while (at + 8 <= bytes.size()) {
      std::memcpy(&eight, bytes.data() + at, 8);
      if ((eight & 0x8080808080808080u) != 0) break;
      at += 8;
    }
    if (at == bytes.size()) break;
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto *window = reinterpret_cast<const uint8_t *>(bytes.data() + at);
    const int32_t length = static_cast<int32_t>(std::min<size_t>(bytes.size() - at, 4));
    int32_t i = 0;
    UChar32 c = 0;
    U8_NEXT(window, i, length, c);
    if (c < 0) return at;
    at += static_cast<size_t>(i);
  }
  return at;
}

/// Characters of two or more bytes, and faults, in bytes that may be UTF-8.
std::pair<size_t, size_t> count_utf8(string_view bytes) {
  size_t good = 0, bad = 0;
  for (size_t at = 0; at < bytes.size();) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
      continue;
    }
    const char32_t c = next_character(bytes, at);
    (c == 0xfffd ? bad : good) += 1;
  }
  return {good, bad};
}

choice by_mark(string_view bytes) {
  using namespace std::string_view_literals;
  struct mark {
    string_view bytes, encoding;
  };
  // UTF-32 first: its little-endian mark begins like that of UTF-16.
  static constexpr std::array<mark, 6> marks{{{"\xff\xfe\0\0"sv, "UTF-32LE"},
                                              {"\0\0\xfe\xff"sv, "UTF-32BE"},
                                              {"\xef\xbb\xbf"sv, "UTF-8"},
                                              {"\xff\xfe"sv, "UTF-16LE"},
                                              {"\xfe\xff"sv, "UTF-16BE"},
                                              {"\x84\x31\x95\x33"sv, "GB18030"}}};
  for (const mark &m : marks)
    if (bytes.substr(0, m.bytes.size()) == m.bytes) return {string(m.encoding), 100, m.bytes.size()};
  return {};
}

/// How much like text the bytes are as UTF-16 or UTF-32: the share of usual characters, 0 when some cannot be text.
double wide_score(string_view bytes, size_t width, bool big) {
  if (bytes.size() < width * 2 || bytes.size() % width != 0) return 0;
  size_t count = 0, usual = 0, common = 0;
  bool high = false;
  for (size_t at = 0; at + width <= bytes.size(); at += width, ++count) {
    uint32_t c = 0;
    for (size_t k = 0; k < width; ++k) {
      const auto byte = static_cast<unsigned char>(bytes[at + (big ? k : width - 1 - k)]);
      c = c << 8 | byte;
    }
    const bool low = width == 2 && (c & 0xfc00) == 0xdc00;
    if (low != high) return 0;
    high = width == 2 && (c & 0xfc00) == 0xd800;
    if (high || low) continue;
    if (c > 0x10ffff || (c & 0xfffe) == 0xfffe || (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f'))
      return 0;
    const auto type = u_charType(static_cast<UChar32>(c));
    usual += type != U_UNASSIGNED && type != U_PRIVATE_USE_CHAR && type != U_CONTROL_CHAR ? 1 : 0;
    common += c == ' ' || c == '\n' || c == '\r' || c == ',' || c == '.' || c == 0x3002 || c == 0xff0c ? 1 : 0;
  }
  // Any two bytes make some ideograph; blanks and stops in their place make a text.
  if (common * 100 < count) return 0;
  return static_cast<double>(usual + common) / static_cast<double>(count);
}

choice wide_without_mark(string_view bytes) {
  // A window that ends between two characters of any width.
  if (bytes.size() > detector_window) bytes = bytes.substr(0, detector_window);
  static constexpr std::array<std::tuple<const char *, size_t, bool>, 4> forms{
      {{"UTF-32LE", 4, false}, {"UTF-32BE", 4, true}, {"UTF-16LE", 2, false}, {"UTF-16BE", 2, true}}};
  choice best{"", 0, 0};
  double best_score = 0.97;
  for (const auto &[name, width, big] : forms) {
    const double score = wide_score(bytes, width, big);
    if (score > best_score) {
      best = {name, 90, 0};
      best_score = score;
      if (width == 4) break;
    }
  }
  return best;
}

string canonical_name(string name) {
  UErrorCode status = U_ZERO_ERROR;
  const char *standard = ucnv_getStandardName(name.c_str(), "IANA", &status);
  if (U_SUCCESS(status) && standard != nullptr) return standard;
  // What a file claims to be may be any bytes, and messages and documents name it. ICU looks at letters and digits only.
  std::replace_if(name.begin(), name.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
  return name;
}

/// Where bytes beyond ASCII begin, at the start of their line, so that a detector sees what it needs.
string_view interesting_part(string_view bytes) {
  const auto first =
      std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  auto at = static_cast<size_t>(first - bytes.begin());
  if (bytes.size() <= detector_window || at == bytes.size()) return bytes.substr(0, detector_window);
  at = std::max(at, size_t{1024}) - 1024;
  return bytes.substr(at, detector_window);
}

bool converts(string_view bytes, const string &encoding) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding.c_str(), &status), ucnv_close);
  if (U_FAILURE(status)) return false;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  const char *at = bytes.data(), *end = at + bytes.size();
  while (at < end && U_SUCCESS(status)) ucnv_getNextUChar(converter.get(), &at, end, &status);
  // The window may have cut the last character.
  return U_SUCCESS(status) || status == U_INDEX_OUTOFBOUNDS_ERROR || (status == U_TRUNCATED_CHAR_FOUND && at == end);
}

bool read_alike(string_view bytes, const string &one, const string &other) {
  const auto size = static_cast<int32_t>(bytes.size());
  return icu::UnicodeString(bytes.data(), size, one.c_str()) == icu::UnicodeString(bytes.data(), size, other.c_str());
}

choice by_looks(string_view bytes) {
  const string_view part = interesting_part(bytes);
  string first;
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(), uchardet_delete);
  if (uchardet_handle_data(detector.get(), part.data(), part.size()) == 0) {
    uchardet_data_end(detector.get());
    first = uchardet_get_charset(detector.get());
  }
  // ISO-8859-1 in files is nearly always windows-1252, which has quotes and dashes where the other has controls.
  auto modern = [](string name) {
    if (name == "ISO-8859-1") return string("windows-1252");
    if (name == "GB2312" || name == "GBK") return string("GB18030");
    if (name == "BIG5") return string("Big5");
    return name;
  };
  first = modern(first);

  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> other(ucsdet_open(&status), ucsdet_close);
  ucsdet_setText(other.get(), part.data(), static_cast<int32_t>(part.size()), &status);
  int32_t count = 0;
  const UCharsetMatch **matches = ucsdet_detectAll(other.get(), &count, &status);
  if (U_FAILURE(status)) count = 0;
  choice second{"", 0, 0};
  int agreed = 0;
  for (int32_t k = 0; k < count; ++k) {
    const string name = modern(ucsdet_getName(matches[k], &status));
    const int confidence = ucsdet_getConfidence(matches[k], &status);
    if (second.encoding.empty() && converts(part, name)) second = {name, confidence, 0};
    if (canonical_name(name) == canonical_name(first)) agreed = std::max(agreed, confidence);
  }
  // Where some dashes and quotes are all there is beyond ASCII, most encodings of Windows read alike: then the usual
  // one is meant, and no letter depends on it.
  if (!first.empty() && first.substr(0, 3) != "UTF" && read_alike(part, first, "windows-1252"))
    return {"windows-1252", 80, 0};
  // uchardet counts letters of the language, so it goes first; the other one tells how sure to be.
  if (!first.empty() && first != "ASCII" && first.substr(0, 3) != "UTF" && converts(part, first))
    return {canonical_name(first), std::clamp(agreed, 50, 95), 0};
  if (!second.encoding.empty() && second.encoding.substr(0, 3) != "UTF")
    return {canonical_name(second.encoding), std::min(second.confidence, 60), 0};
  return {"windows-1252", 10, 0};
}

bool looks_binary(string_view bytes) {
  using namespace std::string_view_literals;
  static constexpr std::array signatures{"PK\x03\x04"sv,
                                         "%PDF-"sv,
                                         "\x89PNG\r\n"sv,
                                         "\xff\xd8\xff"sv,
                                         "GIF8"sv,
                                         "\x1f\x8b"sv,
                                         "\x7f"
                                         "ELF"sv,
                                         "BZh"sv,
                                         "\xfd"
                                         "7zXZ"sv,
                                         "Rar!"sv,
                                         "\xd0\xcf\x11\xe0"sv,
                                         "SQLite format"sv,
                                         "II*\0"sv,
                                         "MM\0*"sv,
                                         "7z\xbc\xaf"sv};
  for (const string_view s : signatures)
    if (bytes.substr(0, s.size()) == s) return true;
  const string_view part = bytes.substr(0, detector_window);
  size_t odd = 0;
  for (const char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    odd += byte == 0 || (byte < 0x20 && (byte < 0x08 || byte > 0x0d) && byte != 0x1a && byte != 0x1b) ? 1u : 0u;
  }
  return odd * 50 > part.size();
}

choice find_encoding(string_view bytes, string_view stage) {
  choice found = by_mark(bytes);
  if (!found.encoding.empty()) return found;
  const bool has_nul = bytes.find('\0') != string_view::npos;
  const size_t valid = valid_utf8(bytes);
  if (valid == bytes.size() && !has_nul) {
    // Encodings that shift by escapes are plain ASCII to the eye of a UTF-8 check.
    const bool shifts = bytes.find("\x1b$") != string_view::npos || bytes.find("\x1b(") != string_view::npos ||
                        (bytes.find("~{") != string_view::npos && bytes.find("~}") != string_view::npos);
    if (shifts &&
        std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
      choice shifted = by_looks(bytes);
      if (shifted.encoding == "HZ-GB-2312" || shifted.encoding.substr(0, 8) == "ISO-2022") return shifted;
    }
    return {"UTF-8", 100, 0};
  }
  if (bytes.size() % 2 == 0 && (has_nul || valid < 64)) {
    found = wide_without_mark(bytes);
    // Han text has no zero bytes, and pairs of bytes of other encodings may look like it: ask the detector too.
    if (!found.encoding.empty() && (has_nul || by_looks(bytes).confidence < 60)) return found;
  }
  if (looks_binary(bytes))
    throw failure(string(stage) + ".binary", "this is not text: the file holds bytes that no text has",
                  "choose the importer for its format, or let it be chosen by leaving `import` out");
  const auto [good, bad] = count_utf8(bytes);
  // Pairs that make UTF-8 are rare by chance: many of them are a text with some damage.
  if ((good > 2 && good * 2 > bad) || valid + 3 >= bytes.size()) return {"UTF-8", 100, 0};
  return by_looks(bytes);
}

[[noreturn]] void fail_at(string_view stage, uint64_t begin, uint64_t end, string_view bytes, const string &encoding) {
  static constexpr char digits[] = "0123456789ABCDEF";
  string shown;
  for (uint64_t k = begin; k < end && k < begin + 4; ++k) {
    const auto byte = static_cast<unsigned char>(bytes[k]);
    shown += string(shown.empty() ? "" : " ") + digits[byte >> 4] + digits[byte & 15];
  }
  throw failure(string(stage) + ".invalid-bytes",
                "byte " + std::to_string(begin) + " (" + shown + ") is not text in " + encoding,
                source_range{begin, end, 0},
                "give the right `encoding`, or set invalid = \"replace\" to put U+FFFD in its place");
}

}  // namespace

size_t decoded_text::run_at(size_t text_at) const {
  const auto after =
      std::upper_bound(runs_.begin(), runs_.end(), text_at, [](size_t at, const run &r) { return at < r.text_begin; });
  return after == runs_.begin() ? 0 : static_cast<size_t>(after - runs_.begin()) - 1;
}

uint64_t decoded_text::source_at(size_t text_at) const {
  if (text_at >= text().size() || runs_.empty()) return source_end_;
  const run &r = runs_[run_at(text_at)];
  return r.equal ? r.source_begin + (text_at - r.text_begin) : r.source_begin;
}

/// Builds the text and its runs from characters in order.
class decoder {
 public:
  decoder(decoded_text &out, string_view bytes, string_view stage, bool replace)
      : out_(out), bytes_(bytes), stage_(stage), replace_(replace) {}

  /// UTF-8 is its own text; only faults are made anew.
  void utf8(uint64_t at) {
    const size_t valid = valid_utf8(bytes_.substr(at));
    const bool nul = bytes_.find('\0', at) != string_view::npos;
    if (valid == bytes_.size() - at && !nul) {
      out_.view_ = bytes_.substr(at);
      out_.runs_.push_back({0, at, true});
      return;
    }
    bool fresh = true;
    for (size_t i = at; i < bytes_.size();) {
      const size_t begin = i;
      const char32_t c = next_character(bytes_, i);
      const bool is_fault = (c == 0xfffd && bytes_.substr(begin, i - begin) != "\xef\xbf\xbd") || c == 0;
      if (is_fault) {
        fault(begin, i, "UTF-8");
        fresh = true;
        continue;
      }
      if (fresh) out_.runs_.push_back({out_.storage_.size(), begin, true});
      fresh = false;
      out_.storage_ += bytes_.substr(begin, i - begin);
    }
  }

  void other(uint64_t begin, const string &encoding) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding.c_str(), &status),
                                                                       ucnv_close);
    if (U_FAILURE(status))
      throw failure(string(stage_) + ".unknown-encoding", "unknown encoding \"" + encoding + "\"",
                    "use an IANA name such as \"UTF-8\", \"windows-1252\", \"GB18030\" or \"KOI8-R\", or \"auto\"");
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    const char *const start = bytes_.data(), *const end = start + bytes_.size();
    const char *at = start + begin;
    out_.storage_.reserve(bytes_.size());
    while (at < end) {
      const auto from = static_cast<uint64_t>(at - start);
      const auto c = static_cast<char32_t>(ucnv_getNextUChar(converter.get(), &at, end, &status));
      const auto to = static_cast<uint64_t>(at - start);
      if (status == U_INDEX_OUTOFBOUNDS_ERROR) break;  // escapes at the end, without a character
      if (U_FAILURE(status) || c == 0) {
        fault(from, std::max(to, from + 1), encoding);
        at = start + std::max(to, from + 1);
        status = U_ZERO_ERROR;
        previous_ = kind_of_run::none;
        continue;
      }
      character(c, from, to);
    }
  }

 private:
  enum class kind_of_run { none, equal, word };

  void fault(uint64_t begin, uint64_t end, const string &encoding) {
    if (!replace_) fail_at(stage_, begin, end, bytes_, encoding);
    out_.runs_.push_back({out_.storage_.size(), begin, false});
    out_.replaced.push_back({{begin, end, 0}, out_.storage_.size()});
    out_.storage_ += "\xef\xbf\xbd";
  }

  // A run of equal bytes goes on as long as they are equal; another ends with its word, so that a cut that is not
  // inside a word is always between two runs. Scripts without blanks get runs of a few characters.
  void character(char32_t c, uint64_t from, uint64_t to) {
    const bool equal = c < 0x80 && to - from == 1 && static_cast<unsigned char>(bytes_[from]) == c;
    const bool in_word = is_word(c);
    const bool goes_on =
        equal ? previous_ == kind_of_run::equal && from == previous_to_
              : previous_ == kind_of_run::word && in_word && previous_in_word_ && (!is_unspaced(c) || characters_ < 4);
    if (!goes_on) {
      out_.runs_.push_back({out_.storage_.size(), from, equal});
      characters_ = 0;
    }
    ++characters_;
    previous_ = equal ? kind_of_run::equal : kind_of_run::word;
    previous_in_word_ = in_word;
    previous_to_ = to;
    append(out_.storage_, c);
  }

  decoded_text &out_;
  string_view bytes_, stage_;
  bool replace_;
  kind_of_run previous_ = kind_of_run::none;
  bool previous_in_word_ = false;
  uint64_t previous_to_ = 0;
  int characters_ = 0;
};

decoded_text decode(string_view bytes, const decoding_options &options, string_view stage) {
  if (bytes.empty())
    throw failure(string(stage) + ".empty", "the file is empty (0 bytes)", "check how it was written or transferred");
  choice chosen = by_mark(bytes);
  if (options.encoding != "auto") {
    const string wanted = canonical_name(options.encoding);
    // A mark of that very encoding is no text; "UTF-16" leaves the byte order to it.
    const bool marked = chosen.encoding == wanted || (wanted == "UTF-16" && chosen.encoding.substr(0, 6) == "UTF-16") ||
                        (wanted == "UTF-32" && chosen.encoding.substr(0, 6) == "UTF-32");
    if (!marked) chosen = {wanted, 100, 0};
  } else {
    chosen = find_encoding(bytes, stage);
  }
  decoded_text out;
  out.encoding = chosen.encoding;
  out.confidence = chosen.confidence;
  out.mark_size_ = chosen.mark_size;
  out.source_end_ = bytes.size();
  decoder work(out, bytes, stage, options.replace_invalid);
  if (chosen.encoding == "UTF-8")
    work.utf8(chosen.mark_size);
  else
    work.other(chosen.mark_size, chosen.encoding);
  // Escapes before the first character belong to its run, so that no byte is left over.
  if (!out.runs_.empty() && out.runs_.front().source_begin != chosen.mark_size) {
    out.runs_.front().source_begin = chosen.mark_size;
    out.runs_.front().equal = false;
  }
  if (out.text().empty())
    throw failure(string(stage) + ".empty", "the file holds no text, only a byte-order mark or escapes",
                  "check how it was written or transferred");
  return out;
}

void announce(const decoded_text &text, builder &out, const call &c, const string &stage) {
  out.encoding(text.encoding);
  if (const source_range mark = text.byte_order_mark(); mark.end > 0) out.skip(mark, stage + ".byte-order-mark");
  if (text.confidence < 100)
    c.report(text.confidence < 60 ? level::warning : level::info, stage + ".encoding-guessed",
             "read as " + text.encoding + ", with a confidence of " + std::to_string(text.confidence) + " of 100",
             "give `encoding` to be sure");
  for (const auto &r : text.replaced)
    c.report_at(level::warning, r.bytes, stage + ".replaced-bytes",
                "byte " + std::to_string(r.bytes.begin) + " is not text in " + text.encoding + "; it became U+FFFD");
}

uint32_t put_text(builder &out, const decoded_text &text, size_t begin, size_t end, kind k) {
  uint32_t id = 0;
  bool first = true;
  text.each_piece(begin, end, [&](string_view bytes, source_range from) {
    if (first)
      id = out.text(bytes, from, k);
    else
      out.more(bytes, from);
    first = false;
  });
  return id;
}

string decoded_head(string_view head) {
  try {
    // The head may end inside a character; whole ones before it are enough.
    if (by_mark(head).encoding.empty() && valid_utf8(head) + 4 > head.size() && head.find('\0') == string_view::npos)
      return string(head.substr(0, valid_utf8(head)));
    return string(decode(head, {"auto", true}, "probe").text());
  } catch (const failure &) {
    return {};
  }
}

}  // namespace calque::plugins
