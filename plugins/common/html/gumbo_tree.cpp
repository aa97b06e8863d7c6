// SPDX-License-Identifier: Apache-2.0
// HTML by gumbo. Its nodes take six times the page's size, so each is given back as soon as its copy stands in the tree.
#include "plugins/common/html/depth.hpp"
#include "plugins/common/html/gumbo_memory.hpp"
#include "plugins/common/html/markup.hpp"
#include "plugins/common/html/tree_maker.hpp"

#include <functional>
#include <limits>

namespace calque::plugins::html_reading {

namespace {

constexpr size_t least_memory = size_t{64} << 20, memory_a_byte = 40;

void *take(void *memory, size_t size) {
  auto *const from = static_cast<gumbo_memory *>(memory);
  void *const got = from->take(size);
  // Gumbo is C and holds nothing but what lies in its memory, so it may be left at any point.
  if (got == nullptr) std::longjmp(from->when_full, 1);
  return got;
}

void give_back(void *memory, void *piece) { static_cast<gumbo_memory *>(memory)->give_back(piece); }

/// NULL when memory ran out.
GumboOutput *parse(gumbo_memory &memory, std::string_view text, GumboTag context) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = take;
  options.deallocator = give_back;
  options.userdata = &memory;
  options.max_errors = 0;  // a list of errors grows with the square of the depth
  options.fragment_context = context;
  if (setjmp(memory.when_full) != 0) return nullptr;
  return gumbo_parse_with_options(&options, text.data(), text.size());
}

/// Gumbo compares each attribute of an element with all others.
bool has_attribute_flood(std::string_view text) {
  constexpr size_t least_size = 2 * tree::most_attributes;
  tokens cut(text);
  for (token t{}; cut.next(t);)
    if (t.kind == token_kind::tag && t.end - t.begin > least_size && attributes_of_tag(text, t) > tree::most_attributes)
      return true;
  return false;
}

/// Copies what gumbo found of `part` of the text, without recursion, and frees it on the way.
class gumbo_copy {
 public:
  gumbo_copy(gumbo_memory &memory, tree_maker &to, std::string_view text, stretch part)
      : memory_(memory), to_(to), text_(text), part_(part) {}

  /// The copy of `top`, or NULL when something in it lies deeper than `most`. `marked` is told its copy.
  const node *copy(GumboNode *top, size_t most, const GumboNode *marked = nullptr) {
    struct step {
      GumboNode *from;
      unsigned next;
    };
    std::vector<step> steps;
    const node *first = nullptr;
    const auto enter = [&](GumboNode *from) {
      const node &made = begin(from);
      if (first == nullptr) first = &made;
      if (from == marked) copy_of_marked = &made;
      steps.push_back({from, 0});
    };
    enter(top);
    while (!steps.empty()) {
      auto &[from, next] = steps.back();
      if (!has_children(from) || next == children_of(from).length) {
        end(from);
        steps.pop_back();
        continue;
      }
      if (steps.size() >= most) return nullptr;
      enter(static_cast<GumboNode *>(children_of(from).data[next++]));
    }
    return first;
  }

  const node *copy_of_marked = nullptr;

 private:
  static bool has_children(const GumboNode *n) {
    return n->type == GUMBO_NODE_DOCUMENT || n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE;
  }
  static GumboVector &children_of(GumboNode *n) {
    return n->type == GUMBO_NODE_DOCUMENT ? n->v.document.children : n->v.element.children;
  }

  const node &begin(GumboNode *from) {
    switch (from->type) {
      case GUMBO_NODE_DOCUMENT: return to_.open(node_type::document);
      case GUMBO_NODE_ELEMENT: return element_of(from->v.element, node_type::element);
      case GUMBO_NODE_TEMPLATE: return element_of(from->v.element, node_type::template_contents);
      case GUMBO_NODE_COMMENT: return to_.leaf(node_type::comment);
      default: return text_of(from->v.text);
    }
  }

  const node &element_of(const GumboElement &from, node_type type) {
    node &made = to_.open(type);
    GumboStringPiece name = from.original_tag;
    if (from.tag == GUMBO_TAG_UNKNOWN) gumbo_tag_from_original_text(&name);
    to_.name(made, from.tag, name.data == nullptr ? std::string_view() : std::string_view(name.data, name.length));
    made.space = from.tag_namespace == GUMBO_NAMESPACE_SVG      ? vocabulary::svg
                 : from.tag_namespace == GUMBO_NAMESPACE_MATHML ? vocabulary::mathml
                                                                : vocabulary::html;
    const auto at = static_cast<uint32_t>(std::min<size_t>(part_.begin + from.start_pos.offset, part_.end));
    made.place = place(from.original_tag).value_or(small_stretch{at, at});
    made.end_tag = place(from.original_end_tag).value_or(small_stretch{});
    if (from.attributes.length > 0) {
      attribute *to = to_.attributes(made, from.attributes.length);
      for (unsigned k = 0; k < from.attributes.length; ++k, ++to) {
        const auto &one = *static_cast<const GumboAttribute *>(from.attributes.data[k]);
        to->place = place(one.original_value).value_or(small_stretch{});
        to->name = to_.keep(one.name, place(one.original_name).value_or(small_stretch{}));
        to->value = to_.keep(one.value, unquoted(to->place));
      }
    }
    return made;
  }

  const node &text_of(const GumboText &from) {
    node &made = to_.leaf(node_type::text);
    const auto at = place(from.original_text);
    made.has_place = at.has_value();
    made.place = at.value_or(small_stretch{});
    made.text = to_.keep(from.text, made.place);
    return made;
  }

  void end(GumboNode *from) {
    if (has_children(from)) to_.close();
    if (from->type == GUMBO_NODE_ELEMENT || from->type == GUMBO_NODE_TEMPLATE) {
      GumboVector &attributes = from->v.element.attributes;
      for (unsigned k = 0; k < attributes.length; ++k) {
        auto *const one = static_cast<GumboAttribute *>(attributes.data[k]);
        for (const char *string : {one->name, one->value}) memory_.give_back(const_cast<char *>(string));
        memory_.give_back(one);
      }
      memory_.give_back(attributes.data);
      memory_.give_back(children_of(from).data);
    } else if (from->type != GUMBO_NODE_DOCUMENT) {
      memory_.give_back(const_cast<char *>(from->v.text.text));
    }
    if (from->type != GUMBO_NODE_DOCUMENT) memory_.give_back(from);
  }

  /// Where a piece of the text stands; nothing for what the parser put in.
  std::optional<small_stretch> place(GumboStringPiece piece) const {
    if (piece.data == nullptr || std::less<>()(piece.data, text_.data())) return std::nullopt;
    const auto begin = static_cast<size_t>(piece.data - text_.data());
    if (begin + piece.length > text_.size()) return std::nullopt;
    return small_stretch{static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + piece.length)};
  }

  stretch unquoted(stretch written) const {
    if (written.end - written.begin < 2) return written;
    const char quote = text_[written.begin];
    return quote == '"' || quote == '\'' ? stretch{written.begin + 1, written.end - 1} : written;
  }

  gumbo_memory &memory_;
  tree_maker &to_;
  std::string_view text_;
  stretch part_;
};

}  // namespace

tree tree::read_html(std::string_view text, std::string_view stage) {
  const std::string id(stage);
  const failure too_deep(id + ".too-deep",
                         "elements stand within each other more than " + std::to_string(most_depth) + " deep",
                         "a file like that is damaged or made to do harm; close its elements");
  if (find_depth_over(text, most_depth)) throw too_deep;
  if (has_attribute_flood(text))
    throw failure(id + ".too-big", "an element has more than " + std::to_string(most_attributes) + " attributes",
                  "a file like that is damaged or made to do harm");
  if (text.size() > std::numeric_limits<uint32_t>::max())
    throw failure(id + ".too-big", "the page has more than 4 GiB", "cut it into pages");
  gumbo_memory memory(least_memory + memory_a_byte * text.size());
  const GumboOutput *output = parse(memory, text, GUMBO_TAG_LAST);
  if (output == nullptr)
    throw failure(id + ".too-big",
                  "its elements need more than " + std::to_string(memory_a_byte) + " bytes of memory for each byte of it",
                  "formatting that is never closed is repeated in each paragraph; close it");
  tree made(text);
  tree_maker maker(made);
  gumbo_copy copy(memory, maker, text, {0, text.size()});
  // Formatting that is closed in the wrong order makes trees deeper than their text.
  const node *document = copy.copy(output->document, 2 * most_depth, output->root);
  if (document == nullptr) throw too_deep;
  maker.set_document(*document, copy.copy_of_marked);
  return made;
}

element tree::read_fragment(stretch part) {
  const std::string_view text = text_.substr(part.begin, part.end - part.begin);
  if (find_depth_over(text, most_depth) || has_attribute_flood(text)) return nullptr;
  gumbo_memory memory(least_memory + memory_a_byte * text.size());
  const GumboOutput *output = parse(memory, text, GUMBO_TAG_BODY);
  if (output == nullptr) return nullptr;
  tree_maker maker(*this);
  return gumbo_copy(memory, maker, text_, part).copy(output->root, most_depth);
}

}  // namespace calque::plugins::html_reading
