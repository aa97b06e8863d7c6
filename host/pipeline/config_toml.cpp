// SPDX-License-Identifier: Apache-2.0
// TOML text to a tree with places; the only file that knows toml++.
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "host/pipeline/config.hpp"

namespace calque::host {
namespace {

place to_place(const source_text &source, const toml::source_region &region) {
  place where;
  where.file = source.name();
  where.line = region.begin.line;
  where.column = region.begin.column;
  if (region.end.line == region.begin.line)
    where.length = std::max(region.end.column, region.begin.column + 1) - region.begin.column;
  else
    where.length = static_cast<std::uint32_t>(source.line(region.begin.line).size()) + 1;  // to the end of the line
  return where;
}

bool is_before(const place &a, const place &b) {
  return std::tie(a.line, a.column) < std::tie(b.line, b.column);
}

// Depth is bounded by find_too_deep.
config_value to_value(const source_text &source, const toml::node &node) {
  config_value value;
  value.where = to_place(source, node.source());
  if (const auto *text = node.as_string()) {
    value.type = config_type::text;
    value.text = text->get();
  } else if (const auto *integer = node.as_integer()) {
    value.type = config_type::integer;
    value.integer = integer->get();
    value.number = static_cast<double>(value.integer);
  } else if (const auto *number = node.as_floating_point()) {
    value.type = config_type::number;
    value.number = number->get();
  } else if (const auto *boolean = node.as_boolean()) {
    value.type = config_type::boolean;
    value.boolean = boolean->get();
  } else if (const auto *list = node.as_array()) {
    value.type = config_type::list;
    for (const toml::node &item : *list) value.items.push_back(to_value(source, item));
  } else if (const auto *table = node.as_table()) {
    value.type = config_type::table;
    for (const auto &[key, item] : *table)
      value.entries.push_back({std::string(key.str()), to_place(source, key.source()), to_value(source, item)});
    std::stable_sort(value.entries.begin(), value.entries.end(),
                     [](const config_entry &a, const config_entry &b) { return is_before(a.where, b.where); });
  } else {
    value.type = config_type::date;
    std::ostringstream written;
    if (const auto *date = node.as_date()) written << date->get();
    if (const auto *time = node.as_time()) written << time->get();
    if (const auto *both = node.as_date_time()) written << both->get();
    value.text = written.str();
  }
  return value;
}

// The parser and the tree recurse, and the parser does not bound the parts of a dotted key: so this is looked at first.
// Strings and comments are passed over by the rules of TOML. After the first slip of syntax that may go wrong, but
// there the parser stops too.
constexpr std::size_t most_levels = 32, most_key_parts = 16;

std::optional<place> find_too_deep(const source_text &source) {
  const std::string_view text = source.bytes();
  std::size_t level = 0, parts = 1, line = 1, line_begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      const std::string three(3, c);
      const bool is_long = text.substr(at).starts_with(three);
      at += is_long ? 3 : 1;
      for (; at < text.size(); ++at) {
        if (is_long ? text.substr(at).starts_with(three) : text[at] == c || text[at] == '\n') break;
        if (c == '"' && text[at] == '\\' && at + 1 < text.size()) ++at;
        if (text[at] == '\n') ++line, line_begin = at + 1;
      }
      // Up to two more quotes belong to the text of a long string.
      if (is_long) at += 2;
      while (is_long && at + 1 < text.size() && text[at + 1] == c) ++at;
      if (at >= text.size() || is_long || text[at] == c) continue;
    } else if (c == '#') {
      at = std::min(text.find('\n', at), text.size() - 1);
    }
    switch (text[at]) {
      case '\n':
        ++line, line_begin = at + 1, parts = 1;
        break;
      case '.':
        ++parts;
        break;
      case '[':
      case '{':
        ++level, parts = 1;
        break;
      case ']':
      case '}':
        level -= level > 0 ? 1 : 0, parts = 1;
        break;
      case '=':
      case ',':
        parts = 1;
        break;
      default:
        break;
    }
    if (level > most_levels || parts > most_key_parts) {
      place where;
      where.file = source.name();
      where.line = static_cast<std::uint32_t>(line);
      where.length = 1;
      where.column = 1;
      for (std::size_t k = line_begin; k < at; ++k) where.column += (text[k] & 0xC0) == 0x80 ? 0 : 1;
      return where;
    }
  }
  return std::nullopt;
}

// What to do about the commonest slips, by what the parser says of them.
std::string syntax_hint(std::string_view said) {
  const auto has = [&](std::string_view part) { return said.find(part) != std::string_view::npos; };
  if (has("could not determine value type")) return "a text stands in quotes, and a list ends with ]";
  if (has("boolean: expected")) return "a text stands in quotes: name = \"minutes\"";
  if (has("escape sequence")) return "write a backslash as \\\\, or the text in single quotes";
  if (has("dangling comma")) return "no comma before the closing brace";
  if (has("unescaped control characters") && has("string"))
    return "close the quote on the same line, or use \"\"\"three quotes\"\"\" for a text of several lines";
  if (has("expected '='"))
    return "keys and values are written name = \"minutes\"; a key of other letters stands in quotes";
  if (has("expected value")) return "a value is missing";
  if (has("expected ']'")) return "close the bracket on the same line";
  if (has("saw '{'")) return "this is JSON; TOML begins with [pipeline] and name = \"minutes\"";
  if (has("expected a comment or whitespace")) return "one value a key; several stand in brackets, with commas";
  if (has("expected keys, tables")) return "a key of other letters than A–Z a–z 0–9 _ - stands in quotes";
  if (has("end-of-file")) return "something is not closed, or a value is missing";
  if (has("64 bits")) return "the greatest number is 9223372036854775807";
  return {};
}

void report_syntax(const source_text &source, const toml::parse_error &found, problems &out) {
  place where = to_place(source, found.source());
  std::string said(found.description());
  std::string in;
  constexpr std::string_view opening = "Error while parsing ";
  if (const auto colon = said.find(": "); said.starts_with(opening) && colon != std::string::npos) {
    in = said.substr(opening.size(), colon - opening.size());
    said.erase(0, colon + 2);
  }
  if (said.starts_with("cannot redefine existing ")) {
    const auto quote = said.find('\''), close = said.rfind('\'');
    const std::string key = quote == std::string::npos ? std::string{} : said.substr(quote + 1, close - quote - 1);
    // The parser stands behind the `=`; the caret belongs under the key, where it can be found by its letters.
    const std::string_view line = source.line(where.line);
    const std::string_view before = line.substr(0, std::min<std::size_t>(line.size(), where.column));
    const bool is_plain = std::all_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x80; });
    if (const auto at = is_plain ? before.rfind(key) : std::string::npos;
        in == "key-value pair" && at != std::string::npos) {
      where.column = static_cast<std::uint32_t>(at) + 1;
      where.length = static_cast<std::uint32_t>(key.size());
    }
    if (in == "table header") where.length = static_cast<std::uint32_t>(line.size());
    const bool is_list = in == "table header" && (key == "stage" || key == "test");
    out.error("pipeline.duplicate-key", where, "`" + key + "` is given twice",
              is_list ? "with two brackets there may be several: [[" + key + "]]" : "keep one of the two");
    return;
  }
  out.error("pipeline.syntax", where, "not valid TOML" + (in.empty() ? "" : ", in " + in) + ": " + said,
            syntax_hint(in + ": " + said));
}

}  // namespace

std::optional<config_value> parse_config(const source_text &source, problems &out) {
  const std::string_view bytes = source.bytes();
  if (const auto fault = find_invalid_utf8(bytes)) {
    const bool is_nul = bytes[fault->offset] == '\0';
    const bool is_utf16 =
        bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") || (is_nul && fault->offset <= 1);
    place where;
    where.file = source.name();
    where.line = fault->line;
    where.column = fault->column;
    where.length = 1;
    out.error("pipeline.not-utf-8", where,
              is_utf16 ? "this looks like UTF-16"
              : is_nul ? "a NUL byte: this is not a text file"
                       : "this is not UTF-8",
              "save the file as UTF-8");
    return std::nullopt;
  }
  if (const auto where = find_too_deep(source)) {
    out.error("pipeline.too-deep", *where,
              "more than " + std::to_string(most_levels) + " levels of brackets, or " + std::to_string(most_key_parts) +
                  " parts of a key, in each other",
              "a pipeline needs four levels");
    return std::nullopt;
  }
  try {
    const toml::table table = toml::parse(bytes, std::string_view(source.name()));
    return to_value(source, table);
  } catch (const toml::parse_error &found) {
    report_syntax(source, found, out);
    return std::nullopt;
  }
}

}  // namespace calque::host
