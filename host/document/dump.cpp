// SPDX-License-Identifier: Apache-2.0
// Writes the text dump of a document.
#include "host/document/dump.hpp"

#include <nettle/base64.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

#include "host/document/dump_words.hpp"

namespace calque::host {
namespace {

/// What a reader would not see, or would be misled by: controls, format characters, blanks that look like others.
bool is_shown_as_number(UChar32 c) {
  if (c == ' ') return false;
  const int8_t category = u_charType(c);
  return category == U_CONTROL_CHAR || category == U_FORMAT_CHAR || category == U_SPACE_SEPARATOR ||
         category == U_LINE_SEPARATOR || category == U_PARAGRAPH_SEPARATOR || category == U_SURROGATE ||
         category == U_PRIVATE_USE_CHAR;
}

void append_hex(std::string &out, uint32_t number, size_t digits) {
  std::string hex;
  for (; number != 0 || hex.size() < digits; number >>= 4) hex.insert(hex.begin(), "0123456789abcdef"[number & 15]);
  out += hex;
}

/// The first `most` code points of `text`, escaped as in quotes; … where more follows.
std::string excerpt(std::string_view text, int32_t most) {
  int32_t cut = 0;
  const auto size = static_cast<int32_t>(std::min<size_t>(text.size(), 4096));
  U8_FWD_N(text.data(), cut, size, most);
  return escaped(text.substr(0, static_cast<size_t>(cut))) + (static_cast<size_t>(cut) < text.size() ? "…" : "");
}

class dump_writer {
 public:
  explicit dump_writer(const document &d) : document_(d), d_(d.view()) {}

  std::string write() {
    out_ = "calque-dump " + std::to_string(CALQUE_MODEL) + "\n";
    out_ += "next node " + std::to_string(document_.sections().next_node_id) + " annotation " +
            std::to_string(document_.sections().next_annotation_id) + "\n";
    for (uint32_t s = 0; s < d_.source_count; ++s) source(s);
    tree();
    for (uint32_t l = 0; l < d_.layer_count; ++l) layer(*d_.layers[l]);
    origins();
    for (uint32_t r = 0; r < d_.resource_count; ++r) resource(*d_.resources[r]);
    return std::move(out_);
  }

 private:
  void source(uint32_t s) {
    const calque_source &one = *d_.sources[s];
    out_ += "source " + std::to_string(s);
    if (one.parent != CALQUE_NONE) out_ += " in " + std::to_string(one.parent);
    out_ += " " + quoted(to_view(one.name)) + " type=" + word(to_view(one.media_type)) +
            " encoding=" + word(to_view(one.encoding)) + " size=" + std::to_string(one.size) + " sha256=";
    for (uint8_t byte : one.sha256) append_hex(out_, byte, 2);
    out_ += "\n";
  }

  void tree() {
    std::vector<uint32_t> ends;  // of the containers around node i
    uint32_t attr = 0;
    for (uint32_t i = 0; i < d_.nodes.count; ++i) {
      while (!ends.empty() && ends.back() <= i) ends.pop_back();
      out_.append(2 * ends.size(), ' ');
      out_ += word(kind_name(d_, d_.nodes.kind[i]));
      out_ += " #" + std::to_string(d_.nodes.id[i]);
      for (; attr < d_.attrs.count && d_.attrs.node[attr] == i; ++attr)
        out_ += " " + word(name_at(d_.name_end, d_.strings, d_.attrs.key[attr])) + "=" +
                quoted(to_view(d_.strings)
                           .substr(d_.attrs.value_begin[attr], d_.attrs.value_end[attr] - d_.attrs.value_begin[attr]));
      if (kind_class(d_.nodes.kind[i]) == CALQUE_CLASS_LEAF)
        out_ += " " + quoted(covered(d_.nodes.text_begin[i], d_.nodes.text_end[i]));
      else
        ends.push_back(d_.nodes.end[i]);
      out_ += "\n";
    }
  }

  std::string_view covered(uint32_t begin, uint32_t end) const { return to_view(d_.text).substr(begin, end - begin); }

  void layer(const calque_layer &one) {
    static constexpr std::string_view policies[] = {"follow", "drop", "forbid"};
    out_ += "layer " + word(to_view(one.name)) + " by " + word(to_view(one.stage)) + " " +
            std::string(policies[one.on_change]) + "\n";
    uint32_t value = 0;
    for (uint32_t k = 0; k < one.count; ++k) {
      out_ += "  #" + std::to_string(one.id[k]) + " " + word(name_at(one.name_end, one.strings, one.kind[k]));
      place(one, k);
      if (one.state[k] != CALQUE_INTACT) out_ += one.state[k] == CALQUE_MOVED ? " moved" : " stale";
      for (; value < one.value_count && one.value_of[value] == k; ++value) write_value(one, value);
      if (one.begin[k] < one.end[k])
        out_ += " | " + excerpt(covered(one.begin[k], one.end[k]), 40);
      else if (one.side[k] == CALQUE_AFTER)
        out_ += " | ‸" + excerpt(to_view(d_.text).substr(one.begin[k]), 16);
      out_ += "\n";
    }
  }

  void place(const calque_layer &one, uint32_t k) {
    if (one.node[k] != CALQUE_NONE) {
      out_ += " on #" + std::to_string(one.node[k]);
      return;
    }
    out_ += " " + std::to_string(one.begin[k]);
    if (one.begin[k] < one.end[k])
      out_ += ".." + std::to_string(one.end[k]);
    else
      out_ += one.side[k] == CALQUE_AFTER ? " after" : " before";
  }

  void write_value(const calque_layer &one, uint32_t v) {
    const auto text = to_view(one.strings).substr(one.value_begin[v], one.value_end[v] - one.value_begin[v]);
    out_ += " " + word(name_at(one.name_end, one.strings, one.value_key[v])) + "=";
    if (one.value_type[v] == CALQUE_VALUE_TEXT)
      out_ += quoted(text);
    else
      out_ += std::string(value_type_names[one.value_type[v]]) + "(" + word(text) + ")";
  }

  void origins() {
    const calque_origins &o = d_.origins;
    for (uint32_t k = 0; k < o.count; ++k) {
      const uint64_t end = k + 1 < o.count ? o.text_begin[k + 1] : d_.text.size;
      out_ += "origin " + std::to_string(o.text_begin[k]) + ".." + std::to_string(end) +
              (o.exact[k] != 0 ? " = " : " ~ ") + std::to_string(o.source[k]) + ":" + std::to_string(o.begin[k]) +
              ".." + std::to_string(o.end[k]) + "\n";
    }
  }

  void resource(const calque_resource &one) {
    out_ += "resource " + quoted(to_view(one.name)) + " type=" + word(to_view(one.media_type)) +
            " size=" + std::to_string(one.size) + "\n";
    constexpr uint64_t bytes_a_line = 57;  // 76 characters of base64
    for (uint64_t at = 0; at < one.size; at += bytes_a_line) {
      char line[BASE64_ENCODE_RAW_LENGTH(bytes_a_line)];
      const uint64_t size = std::min(bytes_a_line, one.size - at);
      base64_encode_raw(line, size, one.data + at);
      out_ += "  ";
      out_.append(line, BASE64_ENCODE_RAW_LENGTH(size));
      out_ += "\n";
    }
  }

  const document &document_;
  const calque_document &d_;
  std::string out_;
};

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  const auto size = static_cast<int64_t>(text.size());
  for (int64_t at = 0; at < size;) {
    const int64_t begin = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, size, c);
    if (c < 0) {
      for (int64_t k = begin; k < at; ++k) {
        out += "\\x";
        append_hex(out, static_cast<unsigned char>(text[static_cast<size_t>(k)]), 2);
      }
    } else if (c == '"' || c == '\\') {
      out += {'\\', static_cast<char>(c)};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (is_shown_as_number(c)) {
      out += "\\u{";
      append_hex(out, static_cast<uint32_t>(c), 1);
      out += "}";
    } else {
      out += text.substr(static_cast<size_t>(begin), static_cast<size_t>(at - begin));
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  return '"' + escaped(text) + '"';
}

std::string word(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), is_word_byte);
  return plain ? std::string(text) : quoted(text);
}

std::string dump(const document &d) {
  return dump_writer(d).write();
}

}  // namespace calque::host
