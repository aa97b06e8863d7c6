// SPDX-License-Identifier: Apache-2.0
// Inlines of pandoc's: words, looks, notes, images, and spans that are annotations.
#include "../common/edition.hpp"
#include "reader.hpp"

#include <algorithm>
#include <charconv>

namespace pandoc_json {

using calque::kind;

namespace {

std::optional<kind> look_of(std::string_view type) {
  constexpr std::pair<std::string_view, kind> looks[] = {
      {"Emph", kind::emphasis},         {"Strong", kind::strong},           {"Underline", kind::underline},
      {"Strikeout", kind::strikeout},   {"Superscript", kind::superscript}, {"Subscript", kind::subscript},
      {"SmallCaps", kind::small_caps}};
  for (const auto &[name, k] : looks)
    if (name == type) return k;
  return std::nullopt;
}

/// The bytes of a data URI of base64; nothing for other addresses, and for such that are damaged.
std::optional<std::string> data_of(std::string_view uri, std::string &media_type) {
  constexpr std::string_view mark = ";base64,";
  if (!uri.starts_with("data:")) return std::nullopt;
  const size_t at = uri.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  media_type = uri.substr(5, at - 5);
  const auto is_type = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '+' || c == '-' || c == '.';
  };
  if (media_type.find('/') == std::string::npos || !std::all_of(media_type.begin(), media_type.end(), is_type)) return std::nullopt;
  std::string_view digits = uri.substr(at + mark.size());
  while (digits.ends_with('=')) digits.remove_suffix(1);
  std::string bytes;
  uint32_t held = 0, bits = 0;
  for (char c : digits) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << 6 | static_cast<uint32_t>(value)) & 0xFFFFFF;
    if ((bits += 6) >= 8) bytes += static_cast<char>(held >> (bits -= 8) & 0xFF);
  }
  return bytes;
}

bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const size_t point = text.find('.');
  return !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789.") == std::string_view::npos && point != 0 &&
         point != text.size() - 1 && (point == std::string_view::npos || text.find('.', point + 1) == std::string_view::npos);
}

}  // namespace

void reader::put(std::string_view bytes, uint64_t begin, uint64_t end) {
  if (bytes.empty()) return;
  if (in_text_)
    out_.more(bytes, {begin, end, 0});
  else
    out_.text(bytes, {begin, end, 0});
  in_text_ = true;
  taken_.push_back({begin, end, 0});
}

uint32_t reader::leaf(kind k, std::string_view bytes, uint64_t begin, uint64_t end) {
  in_text_ = false;
  if (end > begin) taken_.push_back({begin, end, 0});
  return out_.text(bytes, {begin, end, 0}, k);
}

uint32_t reader::leaf(kind k, const json_value &string) {
  uint32_t id = CALQUE_NONE;
  string.each_piece([&](std::string_view bytes, uint64_t begin, uint64_t end) {
    if (id == CALQUE_NONE) {
      id = leaf(k, bytes, begin, end);
    } else {
      out_.more(bytes, {begin, end, 0});
      taken_.push_back({begin, end, 0});
    }
  });
  return id == CALQUE_NONE ? leaf(k, {}, string.begin(), string.begin()) : id;
}

void reader::put_attributes(const attributes &attr, size_t first_class) {
  std::set<std::string> said;
  auto put_one = [&](const std::string &key, std::string_view value) {
    if (said.insert(key).second)
      out_.attr(key, value);
    else
      call_.report(calque::level::warning, "pandoc_json.attribute-repeated", "the key \"" + key + "\" comes twice; the first value stands");
  };
  if (!attr.id.empty()) put_one("id", attr.id);
  std::string classes;
  for (size_t k = first_class; k < attr.classes.size(); ++k) classes += (k > first_class ? " " : "") + attr.classes[k];
  if (attr.classes.size() > first_class) put_one("class", classes);
  for (const auto &[key, value] : attr.pairs) {
    if (key == "lang" && edition::is_language_tag(value))
      put_one(key, value);
    else if (key == "dir" && (value == "ltr" || value == "rtl"))
      put_one(key, value);
    else if (key.starts_with("calque.") && key.size() > 7 && !is_structural(std::string_view(key).substr(7)))
      put_one(key.substr(7), value);
    else
      put_one("data." + key, value);
  }
}

void reader::inlines(const json_value &array) {
  if (!array.is_array()) wrong(array, "here should stand a list of inlines");
  for (const json_value &item : array.items()) inline_item(item, nullptr);
}

void reader::inline_item(const json_value &v, const attributes *outer) {
  const std::string_view type = type_of(v);
  const json_value content = v["c"];
  auto put_outer = [&] {
    if (outer != nullptr) put_attributes(*outer, 1);
  };
  auto need_string = [&](const json_value &s) {
    if (!s.is_string()) wrong(s ? s : v, "here should stand a string");
    return s;
  };
  if (type == "Str") {
    need_string(content).each_piece([&](std::string_view bytes, uint64_t begin, uint64_t end) { put(bytes, begin, end); });
  } else if (type == "Space") {
    put(" ", v.begin(), v.end());
  } else if (type == "SoftBreak") {
    leaf(kind::soft_break, " ", v.begin(), v.end());
    put_outer();
  } else if (type == "LineBreak") {
    leaf(kind::line_break, "\n", v.begin(), v.end());
    put_outer();
  } else if (const auto look = look_of(type)) {
    nested(*look, content, outer);
  } else if (type == "Quoted") {
    quoted(v, outer);
  } else if (type == "Cite") {
    const json_value citations = need(content, 0, "a list of citations");
    const calque::scope s = open(kind::citation);
    put_outer();
    if (citations[size_t{0}]) {
      out_.attr("pandoc.citations", citations.raw());
      dropped_.emplace_back(place(citations), "pandoc_json.citation");
    }
    inlines(content[1]);
    in_text_ = false;
  } else if (type == "Code") {
    const attributes attr = attributes_of(content[size_t{0}]);
    leaf(kind::code, need_string(content[1]));
    put_attributes(attr);
  } else if (type == "Math") {
    leaf(kind::math, need_string(content[1]));
    if (type_of(content[size_t{0}]) == "DisplayMath") out_.attr("display", "true");
    put_outer();
  } else if (type == "RawInline") {
    const std::string format = need_string(content[size_t{0}]).text();
    leaf(kind::raw, need_string(content[1]));
    out_.attr("format", format);
    put_outer();
  } else if (type == "Link") {
    const attributes attr = attributes_of(content[size_t{0}]);
    const calque::scope s = open(kind::link);
    out_.attr("href", need_string(content[2][size_t{0}]).text());
    if (const std::string title = need_string(content[2][1]).text(); !title.empty()) out_.attr("title", title);
    put_attributes(attr);
    inlines(content[1]);
    in_text_ = false;
  } else if (type == "Image") {
    image(attributes_of(content[size_t{0}]), need(content, 1, "the text of an image"), content[2], false);
  } else if (type == "Note") {
    note("note", content, false);
  } else if (type == "Span") {
    span(v);
  } else {
    wrong(v, type.empty() ? "here should stand an inline: an object with \"t\"" : "\"" + std::string(type) + "\" is no inline of pandoc's");
  }
}

void reader::nested(kind k, const json_value &content, const attributes *outer) {
  const calque::scope s = open(k);
  if (outer != nullptr) put_attributes(*outer, 1);
  inlines(content);
  in_text_ = false;
}

void reader::quoted(const json_value &v, const attributes *outer) {
  const json_value content = v["c"], type = need(content, 0, "a kind of quotation marks");
  const bool is_single = type_of(type) == "SingleQuote";
  if (!is_single && type_of(type) != "DoubleQuote") wrong(type, "quotation marks are a SingleQuote or a DoubleQuote");
  const calque::scope s = open(kind::quoted);
  if (outer != nullptr) put_attributes(*outer, 1);
  // The marks are text of the document: they come of the word that names them, and of the bracket that ends it all.
  put(is_single ? "‘" : "“", type.begin(), type.end());
  inlines(content[1]);
  put(is_single ? "’" : "”", content.end() - 1, content.end());
  in_text_ = false;
}

void reader::span(const json_value &v) {
  const json_value content = v["c"];
  const attributes attr = attributes_of(content[size_t{0}]);
  const std::string_view own = attr.own_class();
  const json_value inner = need(content, 1, "a list of inlines");
  const json_value only = inner[1] ? json_value() : inner[size_t{0}];
  if (own == "mark") {
    const std::string *layer = attr.find("layer");
    const layer_form *form = layer == nullptr ? nullptr : find_layer(*layer);
    const bool is_point = form != nullptr && (form->name == "calque.page/1" || form->name == "calque.line/1");
    const auto fits = [&] {
      if (form == nullptr || attr.classes.size() != 2 || !has_word(form->kinds, attr.classes[1]) || !attr.id.empty()) return false;
      if (is_point && inner[size_t{0}]) return false;
      if (!form->required.empty() && attr.find(form->required) == nullptr) return false;
      return std::all_of(attr.pairs.begin(), attr.pairs.end(), [&](const auto &pair) {
        const auto &[key, value] = pair;
        if (has_word(form->number_keys, key)) return is_decimal(value);
        if (key == "lang" && form->name == "calque.language/1") return true;
        return has_word(form->text_keys, key) || has_word(form->ref_keys, key) || has_word("layer mark side", key);
      });
    };
    if (fits()) {
      const uint32_t begin = out_.position();
      if (!inner[size_t{0}]) return mark(attr, {begin, begin});
      inlines(inner);
      return mark(attr, {begin, out_.position()});
    }
    say(v, "pandoc_json.mark-not-understood", "the span is kept, but makes no annotation");
  } else if (own == "wrapper" && only) {
    const std::string_view type = type_of(only);
    // Elements that pandoc gives no attributes; what follows is theirs.
    if (look_of(type) || has_word("SoftBreak LineBreak Quoted Cite Math RawInline", type)) return inline_item(only, &attr);
  } else if (own == "quoted") {
    return nested(kind::quoted, inner, &attr);
  } else if (own == "named" && attr.find("kind") != nullptr && attr.find("kind")->starts_with("x.") &&
             attr.find("kind")->find('/') != std::string::npos) {
    attributes rest = attr;
    std::erase_if(rest.pairs, [](const auto &pair) { return pair.first == "kind"; });
    in_text_ = false;
    const calque::scope s = out_.begin(*attr.find("kind"));
    put_attributes(rest, 1);
    inlines(inner);
    in_text_ = false;
    return;
  } else if (own == "anchor" && !inner[size_t{0}]) {
    leaf(kind::anchor, {}, v.begin(), v.begin());
    return put_attributes(attr, 1);
  }
  const calque::scope s = open(kind::span);
  put_attributes(attr);
  inlines(inner);
  in_text_ = false;
}

std::string reader::resource(const std::string &url, const attributes &attr) {
  std::string media_type;
  const auto bytes = data_of(url, media_type);
  if (!bytes) return url;
  std::string extension = media_type.substr(media_type.find('/') + 1);
  extension = extension.substr(0, extension.find_first_of("+."));
  std::string name = "images/" + std::to_string(resources_.size() + 1) + "." + (extension.empty() ? "bin" : extension);
  if (const std::string *wish = attr.find("calque.resource"))
    if (!wish->empty() && wish->size() < 200 && wish->front() != '/' &&
        wish->find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/") == std::string::npos &&
        wish->find("..") == std::string::npos && wish->find("//") == std::string::npos && wish->find("./") == std::string::npos &&
        wish->back() != '/' && wish->back() != '.')
      name = *wish;
  for (size_t k = 1; !resources_.insert(name).second; ++k) name = "images/" + std::to_string(resources_.size() + k) + "." + extension;
  out_.resource(name, media_type, *bytes);
  return name;
}

void reader::image(const attributes &attr, const json_value &alternative, const json_value &target, bool is_figure) {
  if (!target[size_t{0}].is_string() || !target[1].is_string()) wrong(target, "here should stand an address and a title");
  const uint32_t id = leaf(kind::image, {}, target[size_t{0}].begin(), target[size_t{0}].begin());
  out_.attr("resource", resource(target[size_t{0}].text(), attr));
  std::string title = target[1].text();
  if (is_figure) title.erase(0, 4);
  if (!title.empty()) out_.attr("title", title);
  attributes rest = attr;
  std::erase_if(rest.pairs, [](const auto &pair) { return pair.first == "calque.resource"; });
  put_attributes(rest);
  if (!is_figure && alternative[size_t{0}]) asides_.push_back({"alt", id, alternative, true});
}

void reader::note(const std::string &role, const json_value &content, bool is_inline) {
  if (!content.is_array()) wrong(content, "here should stand a list of blocks");
  const uint32_t id = leaf(kind::anchor, {}, content.begin(), content.begin());
  asides_.push_back({role, id, content, is_inline});
}

void reader::settle_asides() {
  // A note may call notes of its own; they are written when it is done.
  std::vector<pending_aside> now;
  now.swap(asides_);
  for (const pending_aside &one : now) {
    in_text_ = false;
    json_value content = one.content;
    std::string role = one.role;
    attributes attr;
    const json_value only = content[1] ? json_value() : content[size_t{0}];
    if (only && type_of(only) == "Div") {
      attr = attributes_of(only["c"][size_t{0}]);
      const std::string *said = attr.find("role");
      if (attr.own_class() == "aside" && (said == nullptr || has_word("note comment reading", *said))) {
        if (said != nullptr) role = *said;
        content = only["c"][1];
        std::erase_if(attr.pairs, [](const auto &pair) { return pair.first == "role"; });
      } else {
        attr = {};
      }
    }
    const calque::scope aside = out_.aside(role, one.anchor);
    put_attributes(attr, 1);
    if (one.is_inline)
      inlines(content);
    else
      blocks(content);
    settle_asides();
    in_text_ = false;
  }
}

void reader::mark(const attributes &attr, calque::text_range range) {
  const layer_form *form = find_layer(*attr.find("layer"));
  const std::string *said = attr.find("mark");
  const std::string id = said == nullptr ? std::string() : *said;
  // An annotation that was cut to nest is one again: its pieces follow one another.
  if (!id.empty() && !range.is_empty())
    for (size_t k = marks_.size(); k > marks_begin_; --k) {
      pending_mark &other = marks_[k - 1];
      if (other.id == id && other.layer == form && other.kind == attr.classes[1] && other.range.end == range.begin && !other.range.is_empty()) {
        other.range.end = range.end;
        return;
      }
      if (marks_.size() - k > 64) break;
    }
  marks_.push_back({id, form, attr.classes[1], range, attr});
}

void reader::settle_marks() {
  std::map<std::string, uint32_t> ids;
  std::vector<calque::mark> made;
  for (const pending_mark &one : marks_) {
    const std::string *side = one.attr.find("side");
    made.push_back(out_.marks().span(one.layer->name, one.kind, one.range,
                                     side != nullptr && *side == "before" ? calque::side::before : calque::side::after));
    if (!one.id.empty()) ids.emplace(one.id, made.back().id());
  }
  for (size_t k = 0; k < marks_.size(); ++k) {
    const layer_form &form = *marks_[k].layer;
    for (const auto &[key, value] : marks_[k].attr.pairs) {
      if (has_word("layer mark side", key) || (key == "lang" && form.name == "calque.language/1")) continue;
      if (has_word(form.ref_keys, key)) {
        const auto found = ids.find(value);
        if (found != ids.end())
          made[k].refers(key, found->second);
        else
          call_.report(calque::level::warning, "pandoc_json.reference-dropped", "there is no annotation " + value + " for \"" + key + "\" to refer to");
      } else if (has_word(form.number_keys, key)) {
        double number = 0;
        std::from_chars(value.data(), value.data() + value.size(), number);
        made[k].number(key, number);
      } else {
        made[k].text(key, value);
      }
    }
  }
}

}  // namespace pandoc_json
