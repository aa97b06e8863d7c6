// SPDX-License-Identifier: Apache-2.0
// Gumbo with memory of our own, so that a file that grows without end is refused and nothing is left behind.
#include "plugins/common/html/tree.hpp"

#include "plugins/common/html/depth.hpp"
#include "plugins/common/html/markup.hpp"

#include <unicode/stringpiece.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <csetjmp>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

namespace calque::plugins::html_reading {

/// Memory for one tree, freed as a whole. Pieces that gumbo gives back are used again by size.
class tree::arena {
 public:
  explicit arena(size_t most) : most_(most) {}
  arena(const arena &) = delete;
  arena &operator=(const arena &) = delete;
  ~arena() {
    for (void *block : blocks_) std::free(block);
  }

  /// NULL when the limit is reached.
  void *take(size_t size) {
    unsigned shift = 5;  // 32 bytes at least
    while ((size_t{1} << shift) < size + header && shift < 40) ++shift;
    // Sizes between two powers are common (a node), so small ones are kept apart in steps of 16 bytes.
    const size_t small = (size + header + 15) / 16;
    const bool is_small = small < steps;
    const size_t whole = is_small ? small * 16 : size_t{1} << shift;
    free_piece *&list = is_small ? small_[small] : large_[shift];
    char *piece = nullptr;
    if (list != nullptr) {
      piece = reinterpret_cast<char *>(list);
      list = list->next;
    } else {
      piece = carve(whole);
      if (piece == nullptr) return nullptr;
    }
    const uint64_t where = is_small ? small : steps + shift;
    std::memcpy(piece, &where, sizeof where);
    return piece + header;
  }

  void give_back(void *given) {
    if (given == nullptr) return;
    char *piece = static_cast<char *>(given) - header;
    uint64_t where = 0;
    std::memcpy(&where, piece, sizeof where);
    free_piece *&list = where < steps ? small_[where] : large_[where - steps];
    auto *freed = reinterpret_cast<free_piece *>(piece);
    freed->next = list;
    list = freed;
  }

  std::jmp_buf when_full;

 private:
  struct free_piece {
    free_piece *next;
  };
  static constexpr size_t header = 16, steps = 32, block_size = size_t{1} << 18;

  char *carve(size_t whole) {
    if (whole > left_) {
      const size_t size = std::max(whole, block_size);
      if (taken_ + size > most_) return nullptr;
      void *block = std::malloc(size);
      if (block == nullptr) return nullptr;
      blocks_.push_back(block);
      taken_ += size;
      if (whole == size) return static_cast<char *>(block);
      next_ = static_cast<char *>(block);
      left_ = size;
    }
    char *piece = next_;
    next_ += whole;
    left_ -= whole;
    return piece;
  }

  size_t most_, taken_ = 0, left_ = 0;
  char *next_ = nullptr;
  std::vector<void *> blocks_;
  free_piece *small_[steps] = {}, *large_[64] = {};
};

namespace {

constexpr size_t least_memory = size_t{64} << 20, memory_a_byte = 40;

void *take(void *arena, size_t size) {
  auto *from = static_cast<tree::arena *>(arena);
  void *got = from->take(size);
  // Gumbo has no way to say that memory ran out. It is C and holds nothing but what lies in the arena.
  if (got == nullptr) std::longjmp(from->when_full, 1);
  return got;
}

void give_back(void *arena, void *piece) { static_cast<tree::arena *>(arena)->give_back(piece); }

/// The depth below a node, found without recursion; at most `most` + 1.
size_t depth_of(element top, size_t most) {
  std::vector<std::pair<element, unsigned>> open{{top, 0}};
  size_t deepest = 0;
  while (!open.empty() && deepest <= most) {
    auto &[e, next] = open.back();
    const bool has_children = is_element(e) || e->type == GUMBO_NODE_DOCUMENT;
    if (!has_children || next == children_of(e).length) {
      open.pop_back();
      continue;
    }
    const auto child = static_cast<element>(children_of(e).data[next++]);
    open.emplace_back(child, 0);
    deepest = std::max(deepest, open.size());
  }
  return deepest;
}

/// Gumbo compares each attribute of an element with all others.
bool has_attribute_flood(std::string_view text) {
  constexpr size_t least_size = 2 * tree::most_attributes;
  tokens cut(text);
  for (token t{}; cut.next(t);)
    if (t.kind == token_kind::tag && t.end - t.begin > least_size &&
        attributes_of_tag(text, t) > tree::most_attributes)
      return true;
  return false;
}

GumboOutput *parse(tree::arena &memory, std::string_view text, GumboTag context) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = take;
  options.deallocator = give_back;
  options.userdata = &memory;
  options.max_errors = 0;  // a list of errors grows with the square of the depth
  options.fragment_context = context;
  if (setjmp(memory.when_full) != 0) return nullptr;
  return gumbo_parse_with_options(&options, text.data(), text.size());
}

}  // namespace

tree::tree(std::string_view text, std::string_view stage)
    : text_(text), stage_(stage), arena_(std::make_shared<arena>(least_memory + memory_a_byte * text.size())) {}

tree tree::read_html(std::string_view text, std::string_view stage) {
  tree made(text, stage);
  const failure too_deep(made.stage_ + ".too-deep",
                         "elements stand within each other more than " + std::to_string(most_depth) + " deep",
                         "a file like that is damaged or made to do harm; close its elements");
  if (find_depth_over(text, most_depth)) throw too_deep;
  if (has_attribute_flood(text))
    throw failure(made.stage_ + ".too-big", "an element has more than " + std::to_string(most_attributes) + " attributes",
                  "a file like that is damaged or made to do harm");
  const GumboOutput *output = parse(*made.arena_, text, GUMBO_TAG_LAST);
  if (output == nullptr)
    throw failure(made.stage_ + ".too-big",
                  "its elements need more than " + std::to_string(memory_a_byte) + " bytes of memory for each byte of it",
                  "formatting that is never closed is repeated in each paragraph; close it");
  // Formatting that is closed in the wrong order makes trees deeper than their text.
  if (depth_of(output->document, 2 * most_depth) > 2 * most_depth) throw too_deep;
  made.document_ = output->document;
  made.root_ = output->root;
  return made;
}

element tree::read_fragment(stretch part) {
  const std::string_view text = text_.substr(part.begin, part.end - part.begin);
  if (find_depth_over(text, most_depth) || has_attribute_flood(text)) return nullptr;
  const GumboOutput *output = parse(*arena_, text, GUMBO_TAG_BODY);
  return output == nullptr || depth_of(output->root, most_depth) > most_depth ? nullptr : output->root;
}

std::optional<stretch> tree::place(GumboStringPiece piece) const {
  if (piece.data == nullptr || std::less<>()(piece.data, text_.data())) return std::nullopt;
  const auto begin = static_cast<size_t>(piece.data - text_.data());
  if (begin + piece.length > text_.size()) return std::nullopt;
  return stretch{begin, begin + piece.length};
}

std::string valid(std::string_view text) {
  std::string made;
  icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))).toUTF8String(made);
  return made;
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char &c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return made;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string name_of(element e) {
  if (!is_element(e)) return {};
  if (e->v.element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(e->v.element.tag);
  GumboStringPiece piece = e->v.element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return piece.data == nullptr ? std::string() : lower({piece.data, piece.length});
}

const GumboAttribute *find_attribute(element e, const char *name) {
  return is_element(e) ? gumbo_get_attribute(&e->v.element.attributes, name) : nullptr;
}

std::optional<std::string_view> value_of(element e, const char *name) {
  const GumboAttribute *found = find_attribute(e, name);
  return found == nullptr ? std::nullopt : std::optional<std::string_view>(found->value);
}

bool has_word(std::optional<std::string_view> list, std::string_view word) {
  if (!list) return false;
  for (size_t at = 0; at < list->size();) {
    while (at < list->size() && is_space((*list)[at])) ++at;
    size_t end = at;
    while (end < list->size() && !is_space((*list)[end])) ++end;
    if (end - at == word.size() && lower(list->substr(at, end - at)) == word) return true;
    at = end;
  }
  return false;
}

bool is_unread(element e) {
  if (e->type == GUMBO_NODE_TEMPLATE) return true;
  if (!is_element(e)) return false;
  return e->v.element.tag == GUMBO_TAG_SCRIPT || e->v.element.tag == GUMBO_TAG_STYLE || tag_of(e) == GUMBO_TAG_TEMPLATE;
}

namespace {

void add_text(element e, std::string &to) {
  if (is_text(e)) {
    to += e->v.text.text;
  } else if (!is_unread(e)) {
    for (element child : children(e)) add_text(child, to);
  }
}

}  // namespace

std::string plain_text(element e) {
  std::string raw, made;
  add_text(e, raw);
  for (char c : raw) {
    if (!is_space(c))
      made += c;
    else if (!made.empty() && made.back() != ' ')
      made += ' ';
  }
  if (!made.empty() && made.back() == ' ') made.pop_back();
  return made;
}

bool is_block(element e) {
  switch (tag_of(e)) {
    case GUMBO_TAG_HTML: case GUMBO_TAG_BODY: case GUMBO_TAG_ARTICLE: case GUMBO_TAG_SECTION: case GUMBO_TAG_NAV:
    case GUMBO_TAG_ASIDE: case GUMBO_TAG_H1: case GUMBO_TAG_H2: case GUMBO_TAG_H3: case GUMBO_TAG_H4:
    case GUMBO_TAG_H5: case GUMBO_TAG_H6: case GUMBO_TAG_HGROUP: case GUMBO_TAG_HEADER: case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_ADDRESS: case GUMBO_TAG_P: case GUMBO_TAG_HR: case GUMBO_TAG_PRE: case GUMBO_TAG_BLOCKQUOTE:
    case GUMBO_TAG_OL: case GUMBO_TAG_UL: case GUMBO_TAG_LI: case GUMBO_TAG_DL: case GUMBO_TAG_DT: case GUMBO_TAG_DD:
    case GUMBO_TAG_FIGURE: case GUMBO_TAG_FIGCAPTION: case GUMBO_TAG_MAIN: case GUMBO_TAG_DIV: case GUMBO_TAG_TABLE:
    case GUMBO_TAG_CAPTION: case GUMBO_TAG_TBODY: case GUMBO_TAG_THEAD: case GUMBO_TAG_TFOOT: case GUMBO_TAG_TR:
    case GUMBO_TAG_TD: case GUMBO_TAG_TH: case GUMBO_TAG_FORM: case GUMBO_TAG_FIELDSET: case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_DETAILS: case GUMBO_TAG_SUMMARY: case GUMBO_TAG_MENU: case GUMBO_TAG_DIR: case GUMBO_TAG_CENTER:
    case GUMBO_TAG_LISTING: case GUMBO_TAG_XMP: case GUMBO_TAG_PLAINTEXT: case GUMBO_TAG_MULTICOL:
    case GUMBO_TAG_MARQUEE: case GUMBO_TAG_OPTGROUP: case GUMBO_TAG_OPTION: case GUMBO_TAG_FRAMESET:
    case GUMBO_TAG_NOFRAMES:
      return true;
    case GUMBO_TAG_UNKNOWN: {
      if (!is_element(e) || e->v.element.tag_namespace != GUMBO_NAMESPACE_HTML) return false;
      const std::string name = name_of(e);
      return name == "search" || name == "dialog";
    }
    default:
      return false;
  }
}

bool has_structure_inside(element e) {
  for (element child : children(e)) {
    if (!is_element(child) || is_unread(child)) continue;
    switch (tag_of(child)) {
      case GUMBO_TAG_H1: case GUMBO_TAG_H2: case GUMBO_TAG_H3: case GUMBO_TAG_H4: case GUMBO_TAG_H5: case GUMBO_TAG_H6:
      case GUMBO_TAG_OL: case GUMBO_TAG_UL: case GUMBO_TAG_DL: case GUMBO_TAG_TABLE: case GUMBO_TAG_FIGURE:
      case GUMBO_TAG_PRE:
        return true;
      default:
        if (has_structure_inside(child)) return true;
    }
  }
  return false;
}

bool has_block_inside(element e) {
  for (element child : children(e))
    if (is_element(child) && !is_unread(child) && (is_block(child) || has_block_inside(child))) return true;
  return false;
}

}  // namespace calque::plugins::html_reading
