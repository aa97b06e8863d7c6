// SPDX-License-Identifier: Apache-2.0
// Expat reads; what it says is kept in one array. It is given no way to open anything.
#include "plugins/common/xml_reading.hpp"

#include <expat.h>

#include <algorithm>
#include <climits>
#include <memory>

#include "plugins/common/characters.hpp"
#include "plugins/common/named_characters.hpp"

namespace calque::plugins {

using std::string;
using std::string_view;

namespace {

constexpr char separator = '\x1f';
constexpr string_view xml_space = "http://www.w3.org/XML/1998/namespace";

}  // namespace

std::string xml_encoding(string_view bytes) {
  using namespace std::string_view_literals;
  for (string_view mark : {"\xef\xbb\xbf"sv, "\xff\xfe"sv, "\xfe\xff"sv, "\0\0\xfe\xff"sv})
    if (bytes.starts_with(mark)) return "auto";
  if (bytes.starts_with("<\0"sv)) return "UTF-16LE";
  if (bytes.starts_with("\0<"sv)) return "UTF-16BE";
  if (!bytes.starts_with("<?xml")) return "UTF-8";
  const string_view declaration = bytes.substr(0, std::min<size_t>(bytes.find("?>"), 400));
  size_t at = declaration.find("encoding");
  if (at == string_view::npos) return "UTF-8";
  at = declaration.find_first_of("\"'", at);
  if (at == string_view::npos) return "UTF-8";
  const size_t end = declaration.find(declaration[at], at + 1);
  const string name(declaration.substr(at + 1, end == string_view::npos ? 0 : end - at - 1));
  // One byte a sign, as this declaration has, is not UTF-16, whatever it says.
  const bool is_wide = name.size() >= 6 && (name[0] | 32) == 'u' && (name.find("16") == 4 || name.find("32") == 4);
  return name.empty() || is_wide ? "UTF-8" : name;
}

xml_head first_element(string_view head) {
  for (size_t at = 0; at < head.size();) {
    const size_t open = head.find('<', at);
    if (open == string_view::npos || open + 1 >= head.size()) return {};
    const string_view rest = head.substr(open);
    auto behind = [&](string_view mark) {
      const size_t end = rest.find(mark);
      return end == string_view::npos ? head.size() : open + end + mark.size();
    };
    if (rest.starts_with("<!--")) {
      at = behind("-->");
    } else if (rest.starts_with("<?")) {
      at = behind("?>");
    } else if (rest.starts_with("<!")) {
      const size_t subset = rest.find('['), end = rest.find('>');
      at = subset < end ? behind("]") : behind(">");
    } else {
      const string_view tag =
          rest.substr(1, rest.find('>') == string_view::npos ? string_view::npos : rest.find('>') - 1);
      string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
      if (const size_t colon = name.find(':'); colon != string_view::npos) name.remove_prefix(colon + 1);
      return {string(name), string(tag)};
    }
  }
  return {};
}

/// One run of expat over a tree in the making.
class xml_parse {
 public:
  xml_parse(xml_tree &tree, string_view stage, const xml_limits &within)
      : tree_(tree), stage_(stage), within_(within), text_(tree.decoded_.text()) {}

  void run() {
    if (text_.size() > INT_MAX) refuse("too-large", "the file has more than 2 GiB", 0);
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> held(XML_ParserCreateNS("UTF-8", separator),
                                                                            XML_ParserFree);
    if (!held) throw std::bad_alloc();
    parser_ = held.get();
    XML_SetUserData(parser_, this);
    XML_SetParamEntityParsing(parser_, XML_PARAM_ENTITY_PARSING_NEVER);
    // A fixed salt: the order of nothing depends on it, and the same input shall do the same work.
    XML_SetHashSalt(parser_, 0x63616c71);
    XML_SetElementHandler(parser_, on_start, on_end);
    XML_SetCharacterDataHandler(parser_, on_text);
    XML_SetCommentHandler(parser_, [](void *self, const char *) { of(self).piece(xml_node::what::comment, {}); });
    XML_SetProcessingInstructionHandler(parser_, [](void *self, const char *target, const char *) {
      of(self).piece(xml_node::what::instruction, target);
    });
    XML_SetSkippedEntityHandler(parser_, [](void *self, const char *name, int is_parameter) {
      if (is_parameter == 0) of(self).reference(name);
    });
    XML_SetExternalEntityRefHandler(parser_, [](XML_Parser p, const char *, const char *, const char *, const char *) {
      of(XML_GetUserData(p)).piece(xml_node::what::entity, "external");
      return 1;
    });
    const auto status = XML_Parse(parser_, text_.data(), static_cast<int>(text_.size()), XML_TRUE);
    if (!refused_.empty()) refuse(refused_, why_, refused_at_);
    if (status != XML_STATUS_OK) say_error();
  }

 private:
  static xml_parse &of(void *self) { return *static_cast<xml_parse *>(self); }

  void say_error() {
    const auto error = XML_GetErrorCode(parser_);
    const auto at = static_cast<size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_)));
    if (error == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    if (error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
      refuse("expansion", "its entities stand for far more text than the file has (limit `expansion`)", at);
    const string place = "line " + std::to_string(XML_GetCurrentLineNumber(parser_)) + ", column " +
                         std::to_string(XML_GetCurrentColumnNumber(parser_) + 1);
    refuse("not-well-formed", place + ": " + XML_ErrorString(error), at);
  }

  [[noreturn]] void refuse(string_view code, const string &message, size_t at) const {
    const size_t place = std::min(at, text_.size());
    throw failure(string(stage_) + "." + string(code), message, tree_.decoded_.source_of(place, place),
                  code == "not-well-formed" ? "check the file with xmllint and mend it"
                                            : "see whether the file is what it should be");
  }
  void stop(string_view code, string why) {
    if (!refused_.empty()) return;
    refused_ = code;
    why_ = std::move(why);
    refused_at_ = static_cast<size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_)));
    XML_StopParser(parser_, XML_FALSE);
  }

  string_view name(string_view text) { return *tree_.names_.emplace(text).first; }
  string_view keep(string text) { return tree_.kept_.emplace_back(std::move(text)); }

  /// The bytes of what expat is at. All that an entity stands for has the bytes of its reference: what comes first
  /// takes them, the rest none.
  xml_range here(uint64_t weight) {
    const auto begin = static_cast<size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_)));
    const auto count = static_cast<size_t>(std::max(0, XML_GetCurrentByteCount(parser_)));
    const xml_range all{std::min(begin, text_.size()), std::min(begin + count, text_.size())};
    if (is_entity(all)) {
      expanded_ += weight + 8;
      if (expanded_ > within_.expansion)
        stop("expansion",
             "its entities stand for more than " + std::to_string(within_.expansion) + " bytes (limit `expansion`)");
    }
    if (all.begin < taken_) return {std::max(taken_, all.end), std::max(taken_, all.end)};
    taken_ = all.end;
    return all;
  }
  bool is_entity(xml_range r) const {
    if (r.is_empty() || text_[r.begin] != '&' || r.end < r.begin + 3) return false;
    const string_view named = text_.substr(r.begin + 1, r.end - r.begin - 2);
    return named[0] != '#' && named != "amp" && named != "lt" && named != "gt" && named != "quot" && named != "apos";
  }

  xml_node *add(xml_node::what is, xml_range at) {
    if (tree_.nodes_.size() + tree_.attributes_.size() >= within_.nodes) {
      stop("too-large",
           "it has more than " + std::to_string(within_.nodes) + " elements and attributes (limit `nodes`)");
      return nullptr;
    }
    xml_node n;
    n.is = is;
    n.at = at;
    n.parent = open_.empty() ? 0 : open_.back();
    n.end = tree_.size() + 1;
    tree_.nodes_.push_back(n);
    return &tree_.nodes_.back();
  }

  void piece(xml_node::what is, const char *named) {
    if (!refused_.empty()) return;
    if (xml_node *n = add(is, here(0)); n != nullptr && named != nullptr) n->name = name(named);
  }

  /// What is declared outside the file, if at all. The names of characters say all the same what they stand for.
  void reference(const char *named) {
    const char32_t c = character_named(named);
    if (c == 0) return piece(xml_node::what::entity, named);
    string text;
    append(text, c);
    characters(text);
  }

  void split(string_view whole, string_view &space, string_view &local) {
    const size_t at = whole.find(separator);
    if (at == string_view::npos) {
      local = name(whole);
    } else if (whole.substr(0, at) == xml_space) {
      local = name("xml:" + string(whole.substr(at + 1)));
    } else {
      space = name(whole.substr(0, at));
      local = name(whole.substr(at + 1));
    }
  }

  static void on_start(void *self, const char *named, const char **attributes) { of(self).start(named, attributes); }
  void start(const char *named, const char **attributes) {
    if (!refused_.empty()) return;
    if (open_.size() >= within_.depth)
      return stop("too-deep",
                  "elements lie within each other deeper than " + std::to_string(within_.depth) + " (limit `depth`)");
    const xml_range at = here(0);
    const uint32_t index = tree_.size();
    xml_node *n = add(xml_node::what::element, at);
    if (n == nullptr) return;
    if (open_.empty()) tree_.root_ = index;
    split(named, n->space, n->name);
    n->first_attribute = static_cast<uint32_t>(tree_.attributes_.size());
    uint64_t size = 0;
    for (; *attributes != nullptr; attributes += 2) {
      xml_attribute a;
      split(attributes[0], a.space, a.name);
      a.value = keep(attributes[1]);
      size += a.value.size();
      tree_.attributes_.push_back(a);
    }
    if (const uint64_t own = at.end - at.begin; size > own) expanded_ += size - own;
    if (expanded_ > within_.expansion)
      stop("expansion",
           "its entities stand for more than " + std::to_string(within_.expansion) + " bytes (limit `expansion`)");
    n->attribute_count = static_cast<uint32_t>(tree_.attributes_.size()) - n->first_attribute;
    open_.push_back(index);
  }

  static void on_end(void *self, const char *) { of(self).end(); }
  void end() {
    if (!refused_.empty() || open_.empty()) return;
    xml_node &n = tree_.nodes_[open_.back()];
    n.close = here(0);
    n.end = tree_.size();
    open_.pop_back();
  }

  static void on_text(void *self, const char *data, int size) {
    of(self).characters(string_view(data, static_cast<size_t>(size)));
  }
  void characters(string_view data) {
    if (!refused_.empty()) return;
    const xml_range at = here(data.size());
    const bool equal = text_.substr(at.begin, at.end - at.begin) == data;
    if (equal && !tree_.nodes_.empty()) {
      xml_node &last = tree_.nodes_.back();
      if (last.is == xml_node::what::text && last.equal && last.at.end == at.begin && !open_.empty() &&
          last.parent == open_.back()) {
        last.at.end = at.end;
        last.text = text_.substr(last.at.begin, last.at.end - last.at.begin);
        return;
      }
    }
    xml_node *n = add(xml_node::what::text, at);
    if (n == nullptr) return;
    n->equal = equal;
    n->text = equal ? text_.substr(at.begin, at.end - at.begin) : keep(string(data));
  }

  xml_tree &tree_;
  string_view stage_;
  xml_limits within_;
  string_view text_;
  XML_Parser parser_ = nullptr;
  std::vector<uint32_t> open_;
  size_t taken_ = 0;
  uint64_t expanded_ = 0;
  string refused_, why_;
  size_t refused_at_ = 0;
};

xml_tree::xml_tree(string_view bytes, string_view stage, const xml_limits &within)
    : decoded_(decode(bytes, {xml_encoding(bytes), false}, stage)) {
  xml_parse(*this, stage, within).run();
}

std::optional<string_view> xml_tree::attribute(uint32_t element, string_view name) const {
  const auto [first, last] = attributes(element);
  for (const xml_attribute *a = first; a != last; ++a)
    if (a->space.empty() && a->name == name) return a->value;
  return std::nullopt;
}

}  // namespace calque::plugins
