// SPDX-License-Identifier: Apache-2.0
// XHTML to the same nodes as HTML: expat reads it, so that <a id="x"/> ends where it begins.
#include "plugins/common/html/characters.hpp"
#include "plugins/common/html/tree_maker.hpp"

#include <expat.h>

#include <limits>

namespace calque::plugins::html_reading {

namespace {

constexpr std::string_view xhtml_space = "http://www.w3.org/1999/xhtml", svg_space = "http://www.w3.org/2000/svg",
                           math_space = "http://www.w3.org/1998/Math/MathML",
                           ops_space = "http://www.idpf.org/2007/ops", xml_space = "http://www.w3.org/XML/1998/namespace";

class xml_reader {
 public:
  xml_reader(std::string_view text, tree_maker &to) : text_(text), to_(to) {}

  bool read() {
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreateNS("UTF-8", '\x01'), XML_ParserFree);
    if (parser == nullptr) return false;
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_UseForeignDTD(parser_, XML_TRUE);  // so that &nbsp; without a DTD is passed to us, not refused
    XML_SetParamEntityParsing(parser_, XML_PARAM_ENTITY_PARSING_NEVER);
    XML_SetElementHandler(parser_, start, end);
    XML_SetCharacterDataHandler(parser_, characters);
    XML_SetSkippedEntityHandler(parser_, reference);
    XML_SetEntityDeclHandler(parser_, entity);
    const node &document = to_.open(node_type::document);
    for (size_t at = 0; at < text_.size();) {
      const size_t size = std::min<size_t>(text_.size() - at, 1 << 20);
      if (XML_Parse(parser_, text_.data() + at, static_cast<int>(size), at + size == text_.size()) != XML_STATUS_OK) return false;
      at += size;
    }
    to_.close();
    to_.set_document(document, root_);
    return !is_refused_;
  }

 private:
  /// Where what is read now stands.
  stretch event() const {
    const auto at = static_cast<size_t>(XML_GetCurrentByteIndex(parser_));
    return {at, at + static_cast<size_t>(XML_GetCurrentByteCount(parser_))};
  }
  std::string_view written(stretch part) const { return text_.substr(part.begin, part.end - part.begin); }
  static small_stretch small(stretch part) { return {static_cast<uint32_t>(part.begin), static_cast<uint32_t>(part.end)}; }

  static void start(void *self, const XML_Char *name, const XML_Char **attributes) {
    static_cast<xml_reader *>(self)->begin_element(name, attributes);
  }
  static void end(void *self, const XML_Char *) { static_cast<xml_reader *>(self)->end_element(); }
  static void characters(void *self, const XML_Char *text, int size) {
    static_cast<xml_reader *>(self)->add_text({text, static_cast<size_t>(size)});
  }
  static void reference(void *self, const XML_Char *, int is_parameter) {
    if (is_parameter == 0) static_cast<xml_reader *>(self)->add_reference();
  }
  static void entity(void *self, const XML_Char *, int, const XML_Char *, int, const XML_Char *, const XML_Char *,
                     const XML_Char *, const XML_Char *) {
    // Entities of a file's own are how small files become big ones; HTML knows none.
    static_cast<xml_reader *>(self)->refuse();
  }

  void refuse() {
    is_refused_ = true;
    XML_StopParser(parser_, XML_FALSE);
  }

  void begin_element(std::string_view name, const XML_Char **given) {
    end_text();
    if (to_.depth() > tree::most_depth) return refuse();
    const size_t cut = name.find('\x01');
    const std::string_view space = cut == std::string_view::npos ? xhtml_space : name.substr(0, cut);
    node &e = to_.open(node_type::element);
    to_.name(e, cut == std::string_view::npos ? name : name.substr(cut + 1));
    e.space = space == svg_space ? vocabulary::svg : space == math_space ? vocabulary::mathml : vocabulary::html;
    e.place = small(event());
    open_.push_back(&e);
    if (to_.depth() == 2 && tag_of(&e) == GUMBO_TAG_HTML) root_ = &e;
    size_t count = 0;
    while (given[2 * count] != nullptr) ++count;
    attribute *made = to_.attributes(e, count);
    for (size_t k = 0; k < count; ++k) put_attribute(made[k], given[2 * k], given[2 * k + 1], e.place);
  }

  void put_attribute(attribute &to, std::string_view name, std::string_view value, stretch tag) {
    const size_t cut = name.find('\x01');
    const std::string_view local = cut == std::string_view::npos ? name : name.substr(cut + 1);
    std::string whole_name(local);
    if (cut != std::string_view::npos && name.substr(0, cut) == ops_space) whole_name = "epub:" + whole_name;
    if (cut != std::string_view::npos && name.substr(0, cut) == xml_space) whole_name = "xml:" + whole_name;
    to.name = to_.keep(whole_name);
    to.place = place_of_value(written(tag), local, tag.begin);
    to.value = to_.keep(value, to.place.end > to.place.begin ? stretch{to.place.begin + size_t{1}, to.place.end - size_t{1}} : stretch{});
  }

  /// The value is what stands in quotes behind the name.
  static small_stretch place_of_value(std::string_view tag, std::string_view name, size_t tag_begin) {
    for (size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
      size_t k = at + name.size();
      const char before = tag[at - 1];
      if (!is_space(before) && before != ':') continue;
      while (k < tag.size() && is_space(tag[k])) ++k;
      if (k >= tag.size() || tag[k] != '=') continue;
      ++k;
      while (k < tag.size() && is_space(tag[k])) ++k;
      if (k >= tag.size() || (tag[k] != '"' && tag[k] != '\'')) continue;
      const size_t end = tag.find(tag[k], k + 1);
      if (end != std::string_view::npos) return small({tag_begin + k, tag_begin + end + 1});
    }
    return {};
  }

  void end_element() {
    end_text();
    open_.back()->end_tag = small(event());
    open_.pop_back();
    to_.close();
  }

  void add_text(std::string_view text) { put_text(text, event()); }
  void add_reference() { put_text(read_reference(written(event())), event()); }

  void put_text(std::string_view text, stretch from) {
    if (to_.depth() < 2) return;
    if (text_node_ == nullptr) {
      text_node_ = &to_.leaf(node_type::text);
      text_node_->has_place = true;
      text_node_->place = small(from);
      words_.clear();
    }
    words_ += text;
    text_node_->place.end = small(from).end;
  }

  void end_text() {
    if (text_node_ != nullptr) text_node_->text = to_.keep(words_, text_node_->place);
    text_node_ = nullptr;
  }

  std::string_view text_;
  tree_maker &to_;
  XML_Parser parser_ = nullptr;
  std::vector<node *> open_;
  const node *root_ = nullptr;
  node *text_node_ = nullptr;  // what is added to
  std::string words_;          // of it
  bool is_refused_ = false;
};

}  // namespace

std::optional<tree> tree::read_xhtml(std::string_view text) {
  if (text.size() > std::numeric_limits<uint32_t>::max()) return std::nullopt;
  tree made(text);
  tree_maker maker(made);
  if (!xml_reader(text, maker).read()) return std::nullopt;
  return made;
}

}  // namespace calque::plugins::html_reading
