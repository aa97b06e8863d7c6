// SPDX-License-Identifier: Apache-2.0
// The frame of a run: version, metadata as fields, and the account of every byte.
#include "import.hpp"

#include "reader.hpp"

#include <algorithm>

namespace pandoc_json {

int importer::probe(const calque::probe &file) {
  const std::string_view head = file.head();
  const size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || head[first] != '{') return 0;
  if (head.find("\"pandoc-api-version\"") != std::string_view::npos) return 95;
  // Older versions write the blocks first, and the version behind all of them.
  return head.substr(first, 64).starts_with("{\"blocks\":[{\"t\":") ? 80 : 0;
}

void importer::run(const calque::input &in, calque::builder &out, const calque::call &call) const {
  const std::string_view bytes = in.bytes();
  try {
    const json_tree tree(bytes);
    reader(tree, out, call).read();
  } catch (const json_error &error) {
    throw calque::failure("pandoc_json.invalid", error.what(),
                          calque::source_range{error.at, std::min<uint64_t>(error.at + 1, bytes.size()), 0},
                          "write the file anew: pandoc -t json");
  }
}

void reader::wrong(const json_value &at, const std::string &what) const {
  throw calque::failure("pandoc_json.wrong-shape", what, place(at), "write the file anew: pandoc -t json");
}

json_value reader::need(const json_value &parent, size_t item, const char *what) const {
  const json_value found = parent[item];
  if (!found) wrong(parent, std::string("here should stand ") + what);
  return found;
}

std::string_view reader::type_of(const json_value &v) {
  const json_value t = v["t"];
  return t.is_string() ? t.raw() : std::string_view();
}

uint64_t reader::number_of(const json_value &v, const char *what) const {
  if (!v.is(json_tree::type::number)) wrong(v, std::string(what) + " is a number");
  uint64_t number = 0;
  for (char c : v.raw()) {
    if (c < '0' || c > '9' || number > 99'999) wrong(v, std::string(what) + " is a whole number up to 999,999");
    number = number * 10 + static_cast<uint64_t>(c - '0');
  }
  return number;
}

attributes reader::attributes_of(const json_value &v) const {
  attributes made;
  if (!v[size_t{0}].is_string() || !v[1].is_array() || !v[2].is_array()) wrong(v, "here should stand attributes: [id, [class], [[key, value]]]");
  made.id = v[size_t{0}].text();
  for (const json_value &name : v[1].items()) {
    if (!name.is_string()) wrong(name, "a class is a string");
    made.classes.push_back(name.text());
  }
  for (const json_value &pair : v[2].items()) {
    if (!pair[size_t{0}].is_string() || !pair[1].is_string()) wrong(pair, "here should stand a key and a value");
    made.pairs.emplace_back(pair[size_t{0}].text(), pair[1].text());
  }
  return made;
}

void reader::say(const json_value &at, std::string_view code, const std::string &what) {
  call_.report_at(calque::level::warning, place(at), code, what);
}

void reader::read() {
  const json_value root(tree_, 0);
  if (!root["blocks"].is_array())
    throw calque::failure("pandoc_json.not-pandoc", "the JSON has no list of blocks", "give a file that pandoc -t json wrote");
  version();
  out_.encoding("UTF-8");
  // What is said of the whole document comes as a Div around it.
  json_value all = root["blocks"];
  if (const json_value only = all[1] ? json_value() : all[size_t{0}]; type_of(only) == "Div")
    if (const attributes attr = attributes_of(only["c"][size_t{0}]); attr.own_class() == "document") {
      put_attributes(attr, 1);
      all = need(only["c"], 1, "a list of blocks");
    }
  meta(root["meta"]);
  blocks(all);
  settle_marks();
  account();
}

void reader::version() {
  const json_value found = json_value(tree_, 0)["pandoc-api-version"];
  std::string shown;
  for (const json_value &part : found.items()) shown += (shown.empty() ? "" : ".") + std::string(part.raw());
  const std::string_view minor = found[1].raw();
  if (found[size_t{0}].raw() != "1" || (minor != "21" && minor != "22" && minor != "23"))
    throw calque::failure("pandoc_json.api-version",
                          shown.empty() ? "the file does not say its version (pandoc-api-version)"
                                        : "the file is of version " + shown + "; 1.21 to 1.23 are read",
                          place(found), "write it with a pandoc from 2.11 to 3");
}

void reader::meta(const json_value &all) {
  if (!all) return;
  if (!all.is_object()) wrong(all, "the metadata is an object");
  for (const auto &[name, value] : all.members()) {
    std::string escaped;
    for (char c : name) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    const auto key = field_key(name);
    meta_value(value, name, "/" + escaped, key && meta_name(*key) == name);
  }
}

/// `is_plain`: the exporter would give this value that place by itself, from the key alone.
void reader::meta_value(const json_value &v, const std::string &name, const std::string &pointer, bool is_plain) {
  const std::string_view type = type_of(v);
  const json_value content = v["c"];
  if (type == "MetaList" || type == "MetaMap") {
    const auto items = content.items();
    const auto members = content.members();
    if (items.empty() && members.empty()) return field(v, name, pointer, false);
    const bool is_values = is_plain && items.size() > 1 && std::all_of(items.begin(), items.end(), [](const json_value &item) {
                             return type_of(item) == "MetaInlines" || type_of(item) == "MetaBlocks";
                           });
    for (size_t k = 0; k < items.size(); ++k) meta_value(items[k], name, pointer + "/" + std::to_string(k), is_values);
    for (const auto &[key, value] : members) {
      std::string escaped;
      for (char c : key) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
      meta_value(value, name, pointer + "/" + escaped, false);
    }
    return;
  }
  field(v, name, pointer, is_plain);
}

void reader::field(const json_value &v, const std::string &name, const std::string &pointer, bool is_plain) {
  const std::string_view type = type_of(v);
  json_value content = v["c"];
  // What the exporter has wrapped, because the field says more of itself than its value.
  attributes own;
  if (type == "MetaInlines" || type == "MetaBlocks") {
    const json_value only = content[size_t{0}];
    if (only && !content[1] && (type_of(only) == "Span" || type_of(only) == "Div"))
      if (attributes found = attributes_of(only["c"][size_t{0}]); found.own_class() == "field") {
        own = std::move(found);
        content = only["c"][1];
      }
  }
  std::string language;
  if (const std::string *tag = own.find("lang")) language = *tag;
  std::erase_if(own.pairs, [](const auto &pair) { return pair.first == "lang"; });

  const auto key = field_key(name);
  std::vector<pending_aside> outer;
  outer.swap(asides_);
  in_text_ = false;
  const calque::scope value = out_.field(key.value_or("calque.other"), language);
  if (!key && own.find("calque.label") == nullptr) out_.attr("label", name);
  put_attributes(own, 1);
  const bool is_inlines = type == "MetaInlines", is_blocks = type == "MetaBlocks";
  if (!is_plain || !(is_inlines || is_blocks)) out_.attr("pandoc.pointer", pointer);
  if (!is_inlines && !is_blocks)
    out_.attr("pandoc.meta", type == "MetaString" ? "string" : type == "MetaBool" ? "bool" : type == "MetaMap" ? "map" : "list");
  if (type == "MetaInlines") {
    inlines(content);
  } else if (type == "MetaBlocks") {
    blocks(content);
  } else if (type == "MetaString") {
    if (!content.is_string()) wrong(content ? content : v, "a MetaString is a string");
    leaf(calque::kind::text, content);
  } else if (type == "MetaBool") {
    if (!content.is(json_tree::type::boolean)) wrong(content ? content : v, "a MetaBool is true or false");
    leaf(calque::kind::text, content.raw(), content.begin(), content.end());
  } else if (type != "MetaList" && type != "MetaMap") {
    wrong(v, "a value of the metadata is a MetaInlines, MetaBlocks, MetaString, MetaBool, MetaList or MetaMap");
  }
  settle_asides();
  outer.swap(asides_);
  in_text_ = false;
}

void reader::account() {
  std::vector<std::pair<calque::source_range, std::string_view>> all;
  for (const auto &range : taken_) all.emplace_back(range, std::string_view());
  for (const auto &[range, code] : dropped_) all.emplace_back(range, code);
  std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.first.begin < b.first.begin; });
  uint64_t at = 0;
  for (const auto &[range, code] : all) {
    if (range.begin > at) out_.skip({at, range.begin, 0}, "pandoc_json.syntax");
    if (!code.empty() && range.end > std::max(at, range.begin)) out_.skip({std::max(at, range.begin), range.end, 0}, code);
    at = std::max(at, range.end);
  }
  if (at < tree_.bytes().size()) out_.skip({at, tree_.bytes().size(), 0}, "pandoc_json.syntax");
}

}  // namespace pandoc_json
