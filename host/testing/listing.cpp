// SPDX-License-Identifier: Apache-2.0
// Documents and layers as lines that people can read and tests can compare.
#include "host/testing/notation.hpp"

namespace calque::testing {
namespace {

// What would break a line, or could not be seen in it.
std::string shown(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n')
      out += "⏎";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\r')
      out += "\\r";
    else
      out += c;
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : shown(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

bool is_inline(node n) {
  const auto k = static_cast<uint16_t>(n.kind());
  return k >= CALQUE_EMPHASIS && k < CALQUE_KIND_NAMED;
}

void list_block(node n, size_t depth, std::string &out) {
  out.append(depth * 2, ' ').append(n.kind_name());
  if (n.is(kind::aside) && n.attr("role")) out.append(" ").append(*n.attr("role"));
  bool has_blocks = false;
  for (node child : n.children()) has_blocks = has_blocks || !is_inline(child);
  if (has_blocks) {
    out += '\n';
    for (node child : n.children()) list_block(child, depth + 1, out);
  } else {
    out += n.text().empty() ? ":\n" : ": " + shown(n.text()) + "\n";
  }
}

std::string covered(document_view document, const annotation &a, const id_index &ids) {
  if (a.node_id()) {
    const auto on = ids.node(*a.node_id());
    return on ? "on " + std::string(on->kind_name()) + " " + quoted(on->text()) : "on nothing";
  }
  const text_range range = a.range();
  if (!range.is_empty()) return quoted(document.text(range));
  // A point shows what it stands before, cut at a code point.
  std::string_view after = document.text().substr(range.begin, 24);
  while (!after.empty() && range.begin + after.size() < document.text().size() &&
         (static_cast<unsigned char>(document.text()[range.begin + after.size()]) & 0xc0) == 0x80)
    after.remove_suffix(1);
  return "@ " + quoted(after);
}

}  // namespace

std::string list_text(document_view document) {
  std::string out;
  for (node child : document.root().children()) {
    if (child.is(kind::aside) && child.attr("role") == "field")
      out += "field " + std::string(child.attr("key").value_or("")) + ": " + shown(child.text()) + "\n";
    else
      list_block(child, 0, out);
  }
  return out;
}

std::string list_layer(document_view document, std::string_view name) {
  const id_index ids(document);
  std::string out;
  for (const annotation &a : document.annotations(name)) {
    out += std::string(a.kind()) + " " + covered(document, a, ids);
    if (a.state() == CALQUE_MOVED) out += " (moved)";
    if (a.state() == CALQUE_STALE) out += " (stale)";
    for (const auto &value : a.values()) {
      out += " " + std::string(value.key);
      if (value.type == CALQUE_VALUE_REF) {
        const auto target = ids.annotation(static_cast<uint32_t>(std::stoul(std::string(value.text))));
        out += "→" + (target ? covered(document, *target, ids) : "nothing");
      } else {
        out += "=" + (value.text.find(' ') == value.text.npos && !value.text.empty() ? std::string(value.text)
                                                                                     : quoted(value.text));
      }
    }
    out += '\n';
  }
  return out;
}

}  // namespace calque::testing
