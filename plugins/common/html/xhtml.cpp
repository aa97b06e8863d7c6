// SPDX-License-Identifier: Apache-2.0
// XHTML to the same nodes as HTML: expat reads it, so that <a id="x"/> ends where it begins.
#include "plugins/common/html/tree.hpp"

#include <expat.h>

#include <cstring>
#include <deque>
#include <vector>

namespace calque::plugins::html_reading {

namespace {

constexpr std::string_view xhtml_space = "http://www.w3.org/1999/xhtml", svg_space = "http://www.w3.org/2000/svg",
                           math_space = "http://www.w3.org/1998/Math/MathML",
                           ops_space = "http://www.idpf.org/2007/ops", xml_space = "http://www.w3.org/XML/1998/namespace";

}  // namespace

/// Nodes, their lists and strings, at addresses that stay.
struct xml_nodes {
  std::deque<GumboNode> nodes;
  std::deque<GumboAttribute> attributes;
  std::deque<std::vector<void *>> lists;
  std::deque<std::string> strings;
};

namespace {

class xml_reader {
 public:
  xml_reader(std::string_view text, size_t most_depth) : text_(text), most_depth_(most_depth) {}

  bool read() {
    XML_Parser parser = XML_ParserCreateNS("UTF-8", '\x01');
    if (parser == nullptr) return false;
    parser_ = parser;
    XML_SetUserData(parser, this);
    XML_UseForeignDTD(parser, XML_TRUE);  // so that &nbsp; without a DTD is passed to us, not refused
    XML_SetParamEntityParsing(parser, XML_PARAM_ENTITY_PARSING_NEVER);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, characters);
    XML_SetSkippedEntityHandler(parser, reference);
    XML_SetEntityDeclHandler(parser, entity);
    GumboNode &document = add(GUMBO_NODE_DOCUMENT, nullptr);
    document.v.document.name = document.v.document.public_identifier = document.v.document.system_identifier = "";
    open_.push_back(&document);
    bool is_good = true;
    for (size_t at = 0; is_good && at < text_.size();) {
      const size_t size = std::min<size_t>(text_.size() - at, 1 << 20);
      is_good = XML_Parse(parser, text_.data() + at, static_cast<int>(size), at + size == text_.size()) == XML_STATUS_OK;
      at += size;
    }
    XML_ParserFree(parser);
    for (GumboNode &node : kept->nodes) settle(node);
    return is_good && !is_refused_;
  }

  std::shared_ptr<xml_nodes> kept = std::make_shared<xml_nodes>();

 private:
  GumboNode &add(GumboNodeType type, GumboNode *parent) {
    GumboNode &node = kept->nodes.emplace_back();
    std::memset(&node, 0, sizeof node);
    node.type = type;
    node.parent = parent;
    const bool has_children = type == GUMBO_NODE_DOCUMENT || type == GUMBO_NODE_ELEMENT;
    node.index_within_parent = has_children ? kept->lists.size() : 0;  // until settled: where its children are
    if (has_children) kept->lists.emplace_back();
    if (parent != nullptr) kept->lists[parent->index_within_parent].push_back(&node);
    return node;
  }

  void settle(GumboNode &node) {
    if (node.type != GUMBO_NODE_DOCUMENT && node.type != GUMBO_NODE_ELEMENT) return;
    std::vector<void *> &list = kept->lists[node.index_within_parent];
    GumboVector &children = node.type == GUMBO_NODE_DOCUMENT ? node.v.document.children : node.v.element.children;
    children = {list.data(), static_cast<unsigned>(list.size()), static_cast<unsigned>(list.capacity())};
  }

  const char *keep(std::string_view text) { return kept->strings.emplace_back(text).c_str(); }

  GumboStringPiece event() const {
    const auto at = static_cast<size_t>(XML_GetCurrentByteIndex(parser_));
    const auto size = static_cast<size_t>(XML_GetCurrentByteCount(parser_));
    return {text_.data() + at, size};
  }

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

  void begin_element(std::string_view name, const XML_Char **attributes) {
    last_text_ = nullptr;
    if (open_.size() > most_depth_) return refuse();
    const size_t cut = name.find('\x01');
    const std::string_view space = cut == std::string_view::npos ? xhtml_space : name.substr(0, cut);
    const std::string_view local = cut == std::string_view::npos ? name : name.substr(cut + 1);
    GumboNode &node = add(GUMBO_NODE_ELEMENT, open_.back());
    GumboElement &e = node.v.element;
    e.tag_namespace = space == svg_space ? GUMBO_NAMESPACE_SVG : space == math_space ? GUMBO_NAMESPACE_MATHML : GUMBO_NAMESPACE_HTML;
    e.tag = gumbo_tagn_enum(local.data(), static_cast<unsigned>(local.size()));
    e.original_tag = event();
    e.start_pos.offset = static_cast<unsigned>(XML_GetCurrentByteIndex(parser_));
    std::vector<void *> &list = kept->lists.emplace_back();
    for (size_t k = 0; attributes[k] != nullptr; k += 2) list.push_back(&attribute(attributes[k], attributes[k + 1], e.original_tag));
    e.attributes = {list.data(), static_cast<unsigned>(list.size()), static_cast<unsigned>(list.capacity())};
    open_.push_back(&node);
  }

  GumboAttribute &attribute(std::string_view name, std::string_view value, GumboStringPiece tag) {
    const size_t cut = name.find('\x01');
    std::string written(cut == std::string_view::npos ? name : name.substr(cut + 1));
    if (cut != std::string_view::npos && name.substr(0, cut) == ops_space) written = "epub:" + written;
    if (cut != std::string_view::npos && name.substr(0, cut) == xml_space) written = "xml:" + written;
    GumboAttribute &a = kept->attributes.emplace_back();
    std::memset(&a, 0, sizeof a);
    a.name = keep(written);
    a.value = keep(value);
    const std::string_view whole(tag.data, tag.length);
    const std::string_view local = std::string_view(written).substr(written.find(':') + 1);
    // The value is what stands in quotes behind the name.
    for (size_t at = whole.find(local); at != std::string_view::npos; at = whole.find(local, at + 1)) {
      size_t k = at + local.size();
      const char before = whole[at - 1];
      if (!is_space(before) && before != ':') continue;
      while (k < whole.size() && is_space(whole[k])) ++k;
      if (k >= whole.size() || whole[k] != '=') continue;
      ++k;
      while (k < whole.size() && is_space(whole[k])) ++k;
      if (k >= whole.size() || (whole[k] != '"' && whole[k] != '\'')) continue;
      const size_t end = whole.find(whole[k], k + 1);
      if (end == std::string_view::npos) continue;
      a.original_value = {whole.data() + k, end + 1 - k};
      break;
    }
    return a;
  }

  void end_element() {
    last_text_ = nullptr;
    open_.back()->v.element.original_end_tag = event();
    open_.pop_back();
  }

  void add_text(std::string_view text) {
    if (open_.size() < 2) return;
    const GumboStringPiece from = event();
    put_text(text, from);
  }

  void add_reference() {
    if (open_.size() < 2) return;
    const GumboStringPiece from = event();
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_BODY;
    GumboOutput *output = gumbo_parse_with_options(&options, from.data, from.length);
    std::string made;
    for (element e : children(output->root))
      if (is_text(e)) made += e->v.text.text;
    gumbo_destroy_output(&options, output);
    put_text(made, from);
  }

  void put_text(std::string_view text, GumboStringPiece from) {
    const char *const end = from.data + from.length;
    if (last_text_ == nullptr) {
      GumboNode &node = add(GUMBO_NODE_TEXT, open_.back());
      node.v.text.original_text = from;
      node.v.text.start_pos.offset = static_cast<unsigned>(from.data - text_.data());
      last_text_ = &node;
      last_string_ = &kept->strings.emplace_back();
    }
    *last_string_ += text;
    last_text_->v.text.text = last_string_->c_str();
    last_text_->v.text.original_text.length = static_cast<size_t>(end - last_text_->v.text.original_text.data);
  }

  std::string_view text_;
  size_t most_depth_;
  XML_Parser parser_ = nullptr;
  std::vector<GumboNode *> open_;
  GumboNode *last_text_ = nullptr;
  std::string *last_string_ = nullptr;
  bool is_refused_ = false;
};

}  // namespace

std::optional<tree> tree::read_xhtml(std::string_view text, std::string_view stage) {
  xml_reader reader(text, most_depth);
  if (!reader.read()) return std::nullopt;
  tree made(text, stage);
  made.document_ = &reader.kept->nodes.front();
  for (element child : children(made.document_))
    if (tag_of(child) == GUMBO_TAG_HTML) made.root_ = child;
  made.xml_ = reader.kept;
  return made;
}

}  // namespace calque::plugins::html_reading
