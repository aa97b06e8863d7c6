// SPDX-License-Identifier: Apache-2.0
// Headers of a message as fields, with their places.
#include "plugins/eml/ascii.hpp"
#include "plugins/eml/header_text.hpp"
#include "plugins/eml/mail_date.hpp"
#include "plugins/eml/message.hpp"

#include <algorithm>
#include <array>

namespace calque::plugins::mail {
namespace {

/// What a header's value is made of.
enum class shape { text, addresses, identifiers, date };

struct known_header {
  std::string_view name, key;
  shape what = shape::text;
};

constexpr std::array known_headers{
    known_header{"subject", "title"},
    known_header{"from", "creator", shape::addresses},
    known_header{"sender", "calque.sender", shape::addresses},
    known_header{"to", "calque.to", shape::addresses},
    known_header{"cc", "calque.cc", shape::addresses},
    known_header{"bcc", "calque.bcc", shape::addresses},
    known_header{"reply-to", "calque.reply_to", shape::addresses},
    known_header{"date", "date", shape::date},
    known_header{"message-id", "identifier", shape::identifiers},
    known_header{"in-reply-to", "relation", shape::identifiers},
    known_header{"references", "references", shape::identifiers},
    known_header{"keywords", "subject"},
    known_header{"comments", "description"},
    known_header{"newsgroups", "is_part_of"},
    known_header{"list-id", "is_part_of"},
};

const known_header *find_known(std::string_view name) {
  const auto found = std::find_if(known_headers.begin(), known_headers.end(), [&](const auto &h) { return h.name == name; });
  return found == known_headers.end() ? nullptr : &*found;
}

/// A list cut at the commas that are outside of quotes, comments and angle brackets.
std::vector<std::pair<uint64_t, uint64_t>> split_addresses(std::string_view all, uint64_t begin, uint64_t end) {
  std::vector<std::pair<uint64_t, uint64_t>> found;
  int depth = 0;
  bool quoted = false, angled = false;
  uint64_t from = begin;
  for (uint64_t at = begin; at < end; ++at) {
    const char c = all[at];
    if (c == '\\' && at + 1 < end && (quoted || depth > 0)) ++at;
    else if (c == '"' && depth == 0) quoted = !quoted;
    else if (quoted) continue;
    else if (c == '(') ++depth;
    else if (c == ')' && depth > 0) --depth;
    else if (depth > 0) continue;
    else if (c == '<') angled = true;
    else if (c == '>') angled = false;
    else if (c == ',' && !angled) {
      found.emplace_back(from, at);
      from = at + 1;
    }
  }
  found.emplace_back(from, end);
  return found;
}

/// What stands between < and >; the whole value when there are none.
std::vector<std::pair<uint64_t, uint64_t>> split_identifiers(std::string_view all, uint64_t begin, uint64_t end) {
  std::vector<std::pair<uint64_t, uint64_t>> found;
  for (uint64_t at = begin; at < end;) {
    const uint64_t open = std::min<uint64_t>(all.substr(0, end).find('<', at), end);
    const uint64_t close = std::min<uint64_t>(all.substr(0, end).find('>', open), end);
    if (close == end) break;
    found.emplace_back(open + 1, close);
    at = close + 1;
  }
  if (found.empty()) found.emplace_back(begin, end);
  return found;
}

}  // namespace

void message_writer::write_fields(const entity &message) {
  if (const header *id = message.find("message-id")) {
    const auto [begin, end] = split_identifiers(all_, id->value_begin, id->value_end).front();
    message_id_ = plain_words(all_.substr(begin, end - begin));
  }
  for (const header &h : message.headers) write_header(h);
  const uint64_t headers_end = message.headers.empty() ? message.begin : message.headers.back().end;
  skip(headers_end, message.body, "eml.layout");
}

void message_writer::write_header(const header &h) {
  const known_header *known = find_known(h.name);
  if (known == nullptr && rules_.headers == eml_importer::header_rule::known) {
    skip(h.begin, h.end, "eml.header");
    return;
  }
  const shape what = known != nullptr ? known->what : shape::text;
  const std::string_view key = known != nullptr ? known->key : "calque.other";
  std::vector<std::pair<uint64_t, uint64_t>> values;
  if (what == shape::addresses)
    values = split_addresses(all_, h.value_begin, h.value_end);
  else if (what == shape::identifiers)
    values = split_identifiers(all_, h.value_begin, h.value_end);
  else
    values = {{h.value_begin, h.value_end}};
  uint64_t done = h.value_begin;
  skip(h.begin, done, "eml.header-name");
  bool any = false;
  for (auto [begin, end] : values) {
    while (begin < end && is_ascii_gap(all_[begin])) ++begin;
    while (end > begin && is_ascii_gap(all_[end - 1])) --end;
    if (begin == end && (any || values.size() > 1)) continue;
    skip(done, begin, "eml.header-mark");
    write_value(key, h, begin, end);
    done = end;
    any = true;
  }
  if (!any) write_value(key, h, done, done);
  skip(done, h.value_end, "eml.header-mark");
  skip(h.value_end, h.end, "eml.layout");
}

void message_writer::write_value(std::string_view key, const header &h, uint64_t begin, uint64_t end) {
  const header_text value = read_header_text(all_, begin, end);
  const uint32_t from = out_.position();
  {
    const scope field = out_.field(key);
    out_.attr("label", std::string(all_.substr(h.begin, h.name_end - h.begin)) + ":");
    bool in_leaf = false;
    for (const header_piece &piece : value.pieces) {
      if (piece.what == header_piece::sort::fold) {
        out_.text(" ", {piece.begin, piece.end}, kind::soft_break);
        in_leaf = false;
      } else if (piece.text.empty()) {
        skip(piece.begin, piece.end, "eml.header-mark");
      } else if (in_leaf) {
        out_.more(piece.text, {piece.begin, piece.end});
      } else {
        out_.text(piece.text, {piece.begin, piece.end});
        in_leaf = true;
      }
    }
  }
  const auto where = source_range{begin, end};
  if (value.has_raw_bytes)
    call_.report_at(level::warning, where, "eml.raw-header",
                    "the header " + h.name + " has bytes that are neither ASCII nor UTF-8; they were read as windows-1252");
  if (value.has_odd_charset)
    call_.report_at(level::warning, where, "eml.odd-encoded-word",
                    "words of the header " + h.name + " do not fit the charset that they name");
  if (key != "date" || begin == end) return;
  const std::string printed = value.whole();
  if (const auto edtf = edtf_of_mail_date(printed))
    out_.marks()
        .span("calque.date/1", "date", {from, out_.position()})
        .text("edtf", *edtf)
        .text("calendar", "gregorian")
        .text("printed", printed);
  else
    call_.report_at(level::info, where, "eml.bad-date", "\"" + shortened(printed, 60) + "\" is no date of a message");
}

// Names of attachments stand with the fields, which come before all blocks; where a name is stored plainly, it leads
// there.
void message_writer::write_attachment_names(const entity &e) {
  for (const entity &part : e.parts) write_attachment_names(part);
  if (e.is_multipart() || !is_attachment(e) || e.file_name.value.empty() || named_.size() >= 1000) return;
  const scope field = out_.field("calque.attachment");
  const parameter &name = e.file_name;
  out_.text(name.value, {name.begin, name.end});
  named_.insert(&e);
}

// Names that are fields lie among what is skipped.
void message_writer::skip_but_names(const entity &e, uint64_t begin, uint64_t end, std::string_view code) {
  const auto pass = [&](const auto &self, const entity &one) -> void {
    if (named_.count(&one) != 0 && one.file_name.begin >= begin && one.file_name.end <= end) {
      skip(begin, one.file_name.begin, code);
      begin = one.file_name.end;
    }
    for (const entity &part : one.parts) self(self, part);
  };
  pass(pass, e);
  skip(begin, end, code);
}

}  // namespace calque::plugins::mail
