// SPDX-License-Identifier: Apache-2.0
// Two parsers, one tree: expat tells the byte of every event, gumbo the bytes of every node.
#include "plugins/epub/markup.hpp"

#include <expat.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <new>
#include <utility>

#include "plugins/common/decoding.hpp"
#include "plugins/common/html/tree.hpp"
#include "plugins/common/named_characters.hpp"

namespace calque::plugins {
namespace {

using namespace std::string_view_literals;

/// What stands before a local name, by its namespace; nothing for XHTML and for vocabularies of one file (OPF, NCX).
std::string_view prefix_of(std::string_view space) {
  if (space == "http://www.w3.org/1999/xhtml") return "";
  if (space == "http://www.w3.org/2000/svg") return "svg:";
  if (space == "http://www.w3.org/1998/Math/MathML") return "math:";
  if (space == "http://www.idpf.org/2007/ops") return "epub:";
  if (space == "http://www.w3.org/1999/xlink") return "xlink:";
  if (space == "http://www.w3.org/XML/1998/namespace") return "xml:";
  if (space == "http://purl.org/dc/elements/1.1/") return "dc:";
  if (space == "http://www.idpf.org/2007/opf") return "";
  return "";
}

std::string local_name(std::string_view name) {
  const size_t mark = name.rfind('\x1f');
  if (mark == name.npos) return std::string(name);
  const std::string_view prefix = prefix_of(name.substr(0, mark)), local = name.substr(mark + 1);
  return prefix.empty() ? std::string(local) : std::string(prefix).append(local);
}

const std::string &character_declarations() {
  static const std::string all = [] {
    std::string text;
    for (const named_character &one : named_characters)
      text += "<!ENTITY " + std::string(one.name) + " \"&#" + std::to_string(one.code_point) + ";\">";
    return text;
  }();
  return all;
}

}  // namespace

bool markup_node::has_word(std::string_view attribute_name, std::string_view word) const {
  const std::string_view value = attribute(attribute_name).value_or(""sv);
  for (size_t at = value.find(word); at != value.npos; at = value.find(word, at + 1)) {
    const auto is_edge = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
    if ((at == 0 || is_edge(value[at - 1])) && (at + word.size() == value.size() || is_edge(value[at + word.size()])))
      return true;
  }
  return false;
}

std::optional<uint32_t> markup::find(std::string_view name, uint32_t from) const {
  for (uint32_t k = from; k != markup_node::none; k = next_in_order(k, from))
    if (nodes_[k].name == name) return k;
  return std::nullopt;
}

uint32_t markup::after(uint32_t index, uint32_t top) const {
  while (index != top && index != 0) {
    if (nodes_[index].next != markup_node::none) return nodes_[index].next;
    index = nodes_[index].parent;
  }
  return markup_node::none;
}

bool markup::is_blank(uint32_t index) const {
  for (uint32_t k = index; k != markup_node::none; k = next_in_order(k, index))
    for (const text_piece &piece : nodes_[k].pieces)
      if (!is_blank_text(piece.text)) return false;
  return true;
}

std::string markup::text_of(uint32_t index) const {
  std::string all;
  for (uint32_t k = index; k != markup_node::none; k = next_in_order(k, index))
    for (const text_piece &piece : nodes_[k].pieces) all += piece.text;
  return all;
}

source_range markup::place_of(const markup_node &node, std::string_view value, uint32_t source) const {
  const std::string_view tag = bytes.substr(node.begin, node.tag_end - node.begin);
  const size_t at = value.empty() ? tag.npos : tag.find(value, node.name.size());
  if (at == tag.npos) return {node.begin, node.tag_end, source};
  return {node.begin + at, node.begin + at + value.size(), source};
}

class markup_maker {
 public:
  explicit markup_maker(std::string_view bytes) {
    made.bytes = bytes;
    // Elements and texts are about as many as tags; a file of tags alone is not trusted so far.
    constexpr std::ptrdiff_t most = 4096;
    made.nodes_.reserve(static_cast<size_t>(std::min(std::count(bytes.begin(), bytes.end(), '<'), most)) + 2);
    made.nodes_.emplace_back();
  }

  uint32_t open(std::string name, uint64_t begin, uint64_t tag_end) {
    const uint32_t index = add(std::move(name));
    made.nodes_[index].begin = begin;
    made.nodes_[index].tag_end = made.nodes_[index].end = tag_end;
    current_ = index;
    ++depth_;
    return index;
  }
  void expect_attributes(uint32_t node, size_t count) { made.nodes_[node].attributes.reserve(count); }
  void attribute(uint32_t node, std::string name, std::string value) {
    made.nodes_[node].attributes.push_back({std::move(name), std::move(value)});
  }
  void close(uint64_t end) {
    made.nodes_[current_].end = std::max(made.nodes_[current_].end, end);
    current_ = made.nodes_[current_].parent;
    --depth_;
  }
  void text(std::string_view text, uint64_t begin, uint64_t end) {
    const uint32_t last = made.nodes_[current_].last;
    const uint32_t index = last != markup_node::none && made.nodes_[last].is_text() ? last : add({});
    std::vector<text_piece> &pieces = made.nodes_[index].pieces;
    // Pieces that equal their bytes and follow each other are one.
    if (!is_exact(text, begin, end)) {
      pieces.push_back({made.kept_.emplace_front(text), begin, end});
    } else if (!pieces.empty() && pieces.back().end == begin && is_of_file(pieces.back().text)) {
      pieces.back().end = end;
      pieces.back().text = made.bytes.substr(pieces.back().begin, end - pieces.back().begin);
    } else {
      pieces.push_back({made.bytes.substr(begin, end - begin), begin, end});
    }
  }
  bool is_too_deep() const { return depth_ > deepest_element; }

  markup made;

 private:
  bool is_exact(std::string_view text, uint64_t begin, uint64_t end) const {
    return end - begin == text.size() && made.bytes.substr(begin, end - begin) == text;
  }
  bool is_of_file(std::string_view text) const {
    return std::less_equal<>()(made.bytes.data(), text.data()) &&
           std::less_equal<>()(text.data() + text.size(), made.bytes.data() + made.bytes.size());
  }
  uint32_t add(std::string name) {
    const auto index = static_cast<uint32_t>(made.nodes_.size());
    made.nodes_.emplace_back();
    made.nodes_[index].name = std::move(name);
    made.nodes_[index].parent = current_;
    markup_node &parent = made.nodes_[current_];
    if (parent.last == markup_node::none)
      parent.first = index;
    else
      made.nodes_[parent.last].next = index;
    parent.last = index;
    return index;
  }

  uint32_t current_ = 0;
  int depth_ = 0;
};

namespace {

/// Whether there is a reference to a name that XML does not know by itself. In UTF-16 any may be one.
bool has_names(std::string_view bytes) {
  for (size_t at = bytes.find('&'); at != bytes.npos; at = bytes.find('&', at + 1)) {
    const std::string_view name = bytes.substr(at + 1);
    if (!name.starts_with('#') && !name.starts_with("amp;") && !name.starts_with("lt;") && !name.starts_with("gt;") &&
        !name.starts_with("quot;") && !name.starts_with("apos;"))
      return true;
  }
  return false;
}

unreadable_markup too_deep(uint64_t at) {
  return {unreadable_markup::too_deep, "elements are nested more than " + std::to_string(deepest_element) + " deep", at};
}

struct expat_run {
  explicit expat_run(std::string_view bytes)
      : maker(bytes), parser(XML_ParserCreateNS(nullptr, '\x1f'), XML_ParserFree), wants_names(has_names(bytes)) {
    if (!parser) throw std::bad_alloc();
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), start, end);
    XML_SetCharacterDataHandler(parser.get(), text);
    XML_SetXmlDeclHandler(parser.get(), [](void *self, const char *, const char *encoding, int) {
      if (encoding != nullptr) static_cast<expat_run *>(self)->maker.made.encoding = encoding;
    });
    XML_SetUnknownEncodingHandler(parser.get(), single_bytes, nullptr);
    // The document type of XHTML is a file on the web; its names of characters are all that is taken of it. There are
    // as many of them as words in a short chapter, so they are read where a file uses any.
    if (wants_names) XML_UseForeignDTD(parser.get(), XML_TRUE);
    XML_SetParamEntityParsing(parser.get(), XML_PARAM_ENTITY_PARSING_ALWAYS);
    XML_SetExternalEntityRefHandlerArg(parser.get(), this);
    XML_SetExternalEntityRefHandler(parser.get(), external);
  }

  static expat_run &of(void *self) { return *static_cast<expat_run *>(self); }
  uint64_t at() const { return static_cast<uint64_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser.get()), 0)); }
  uint64_t behind() const { return at() + static_cast<uint64_t>(XML_GetCurrentByteCount(parser.get())); }

  static void start(void *self, const char *name, const char **attributes) {
    expat_run &run = of(self);
    const uint32_t node = run.maker.open(local_name(name), run.at(), run.behind());
    size_t count = 0;
    while (attributes[2 * count] != nullptr) ++count;
    run.maker.expect_attributes(node, count);
    for (; *attributes != nullptr; attributes += 2)
      run.maker.attribute(node, local_name(attributes[0]), attributes[1]);
    if (run.maker.is_too_deep()) XML_StopParser(run.parser.get(), XML_FALSE);
  }
  static void end(void *self, const char *) { of(self).maker.close(of(self).behind()); }
  static void text(void *self, const char *bytes, int size) {
    expat_run &run = of(self);
    run.maker.text({bytes, static_cast<size_t>(size)}, run.at(), run.behind());
  }

  /// Called for the outer part of the document type, for parameter entities, and for entities that are files.
  static int external(XML_Parser self, const char *context, const char *, const char *system, const char *) {
    // expat gives what XML_SetExternalEntityRefHandlerArg was given in the parser's place.
    expat_run &run = *reinterpret_cast<expat_run *>(self);
    if (context != nullptr) {
      run.maker.made.refused_entities.emplace_back(system == nullptr ? "" : system);
      return XML_STATUS_OK;
    }
    if (!std::exchange(run.wants_names, false)) return XML_STATUS_OK;
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> inner(
        XML_ExternalEntityParserCreate(run.parser.get(), nullptr, "UTF-8"), XML_ParserFree);
    if (!inner) return XML_STATUS_ERROR;
    const std::string &names = character_declarations();
    return XML_Parse(inner.get(), names.data(), static_cast<int>(names.size()), 1);
  }

  /// Encodings of one byte a character, by ICU; others are no XML that EPUB allows.
  static int single_bytes(void *, const char *name, XML_Encoding *table) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, void (*)(UConverter *)> converter(ucnv_open(name, &status), ucnv_close);
    if (U_FAILURE(status) || ucnv_getMaxCharSize(converter.get()) != 1) return XML_STATUS_ERROR;
    for (int byte = 0; byte < 256; ++byte) {
      const char from = static_cast<char>(byte);
      UChar to[2];
      UErrorCode one = U_ZERO_ERROR;
      const int32_t size = ucnv_toUChars(converter.get(), to, 2, &from, 1, &one);
      table->map[byte] = U_FAILURE(one) || size != 1 || to[0] == 0xfffd ? -1 : to[0];
    }
    table->data = nullptr;
    table->convert = nullptr;
    table->release = nullptr;
    return XML_STATUS_OK;
  }

  markup_maker maker;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser;
  bool wants_names;
};

}  // namespace

markup read_xml(std::string_view bytes) {
  expat_run run(bytes);
  // expat counts in int; a member is fed in pieces, and its offsets go on.
  constexpr size_t step = size_t{1} << 24;
  for (size_t at = 0;; at += step) {
    const std::string_view piece = bytes.substr(std::min(at, bytes.size()), step);
    const bool is_last = at + step >= bytes.size();
    if (XML_Parse(run.parser.get(), piece.data(), static_cast<int>(piece.size()), is_last) != XML_STATUS_OK) {
      const XML_Error code = XML_GetErrorCode(run.parser.get());
      const uint64_t where = std::min<uint64_t>(run.at(), bytes.size());
      if (run.maker.is_too_deep()) throw too_deep(where);
      const bool is_bomb = code == XML_ERROR_AMPLIFICATION_LIMIT_BREACH || code == XML_ERROR_RECURSIVE_ENTITY_REF;
      throw unreadable_markup(is_bomb ? unreadable_markup::entity_bomb : unreadable_markup::not_well_formed,
                              XML_ErrorString(code), where);
    }
    if (is_last) break;
  }
  return std::move(run.maker.made);
}

namespace {

/// Copies the tree of a page that is no XML, which is no deeper than its own limits.
class page_copy {
 public:
  page_copy(const decoded_text &text, markup_maker &to) : text_(text), to_(to) {}

  void nodes(html_reading::element above) {
    for (const html_reading::element e : html_reading::children(above)) {
      if (html_reading::is_element(e))
        element(e);
      else if (html_reading::is_text(e))
        text(e);
    }
  }

 private:
  void element(html_reading::element e) {
    const bool is_svg = e->space == html_reading::vocabulary::svg;
    const std::string space = is_svg ? "svg:" : e->space == html_reading::vocabulary::mathml ? "math:" : "";
    last_ = std::max<size_t>(last_, e->place.end);
    const uint32_t node = to_.open(space + html_reading::name_of(e), source_at(e->place.begin), source_at(e->place.end));
    for (const html_reading::attribute &one : html_reading::attributes_of(e))
      to_.attribute(node, (is_svg && one.name == "href" ? "xlink:" : "") + std::string(one.name), std::string(one.value));
    if (to_.is_too_deep()) throw too_deep(source_at(e->place.begin));
    nodes(e);
    last_ = std::max<size_t>(last_, e->end_tag.end);
    to_.close(source_at(last_));
  }

  void text(html_reading::element e) {
    const auto place = html_reading::place_of(e).value_or(html_reading::stretch{last_, last_});
    last_ = std::max(last_, place.end);
    to_.text(e->text, source_at(place.begin), source_at(place.end));
  }

  uint64_t source_at(size_t at) const { return text_.source_of(at, at).begin; }

  const decoded_text &text_;
  markup_maker &to_;
  size_t last_ = 0;  // where nodes lie that the parser made up
};

}  // namespace

markup read_html(std::string_view bytes) {
  const decoded_text text = [&] {
    try {
      return decode(bytes, decoding_options{"auto", true}, "epub");
    } catch (const failure &error) {
      throw unreadable_markup(unreadable_markup::no_text, error.what(), 0);
    }
  }();
  markup_maker maker(bytes);
  maker.made.encoding = text.encoding;
  for (const decoded_text::replacement &one : text.replaced) maker.made.replaced.push_back(one.bytes);
  maker.made.was_ill_formed = true;
  try {
    const html_reading::tree page = html_reading::tree::read_html(text.text(), "epub");
    page_copy(text, maker).nodes(page.document());
  } catch (const failure &error) {
    const bool is_deep = view(error.diagnostic().code) == "epub.too-deep";
    throw unreadable_markup(is_deep ? unreadable_markup::too_deep : unreadable_markup::too_big, error.what(), 0);
  }
  return std::move(maker.made);
}

}  // namespace calque::plugins
