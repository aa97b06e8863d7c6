// SPDX-License-Identifier: Apache-2.0
// The frame of pandoc's JSON: version, metadata, blocks, and what is said to be left out.
#include "export.hpp"

#include "../common/json_string.hpp"
#include "json_tree.hpp"
#include "writer.hpp"

#include <algorithm>

namespace pandoc_json {
namespace {

std::vector<std::string_view> names_of_layers() {
  std::vector<std::string_view> names;
  for (const layer_form &form : layer_forms)
    if (form.name != "calque.page/1" && form.name != "calque.line/1") names.push_back(form.name);
  return names;
}

}  // namespace

void exporter::run(calque::document_view document, calque::output &out, const calque::call &call) const {
  auto file = out.create("application/json");
  file << writer(document, out, call, api == api_version::v1_23).write();
  file.close();
}

writer::writer(calque::document_view document, calque::output &account, const calque::call &call, bool has_figures)
    : document_(document), account_(account), call_(call), has_figures_(has_figures), reading_(document, names_of_layers()) {}

std::string writer::write() {
  account_.marks_not_expressed("calque.page/1", "pandoc_json.page-not-expressed");
  account_.marks_not_expressed("calque.language/1", "pandoc_json.language-not-expressed");
  account_.emitted(document_.root());
  out_ += has_figures_ ? "{\"pandoc-api-version\":[1,23,1],\"meta\":" : "{\"pandoc-api-version\":[1,22,2,1],\"meta\":";
  metadata();
  out_ += ",\"blocks\":";
  begin('[');
  const attributes own = attributes_of(document_.root());
  if (!own.empty()) {
    // What is said of the whole document has no other place than a Div around it.
    open("Div");
    put(with_class(own, "document"));
    list();
  }
  if (const auto homeless = reading_.homeless_points(); !homeless.empty()) {
    open("Plain");
    for (const edition::mark *point : homeless) {
      open_mark(*point);
      out_ += "]]}";
      is_first_ = false;
    }
    close();
  }
  blocks(document_.root());
  if (!own.empty()) {
    end_list();
    close();
  }
  end(']');
  out_ += "}\n";
  unsaid_layers();
  unsaid_resources();
  return std::move(out_);
}

std::string writer::field_json(node field) {
  std::string outer;
  outer.swap(out_);
  const bool was_first = is_first_;
  is_first_ = true;
  account_.emitted(field);
  const auto said = field.attr("pandoc.meta");
  if (said == "string" || said == "bool") {
    for (node n : field.descendants())
      if (n.is_leaf())
        account_.emitted(n);
      else
        account_.not_expressed(n, "pandoc_json.code-formatting-not-expressed");
    const std::string_view words = field.text();
    if (said == "bool" && (words == "true" || words == "false")) {
      ((out_ += "{\"t\":\"MetaBool\",\"c\":") += words) += '}';
    } else {
      out_ += "{\"t\":\"MetaString\",\"c\":";
      string(words);
      out_ += '}';
    }
  } else if ((said == "list" || said == "map") && field.end_index() == field.index() + 1) {
    out_ += said == "list" ? "{\"t\":\"MetaList\",\"c\":[]}" : "{\"t\":\"MetaMap\",\"c\":{}}";
  } else {
    const bool is_inline = edition::end_of_inlines(document_, field, field.index() + 1) == field.end_index();
    attributes own = attributes_of(field);
    // A name that is no term is the label itself.
    if (field.attr("key") == "calque.other" && field.attr("pandoc.pointer"))
      std::erase_if(own.pairs, [](const auto &pair) { return pair.first == "calque.label"; });
    open(is_inline ? "MetaInlines" : "MetaBlocks");
    if (!own.empty()) {
      open(is_inline ? "Span" : "Div");
      put(with_class(own, "field"));
      list();
    }
    if (is_inline)
      inlines_of(field);
    else
      blocks(field);
    if (!own.empty()) {
      end_list();
      close();
    }
    close();
  }
  outer.swap(out_);
  is_first_ = was_first;
  return outer;
}

/// False when the pointer is none, or leads to where something stands already.
bool writer::place_at(meta_value &root, std::string_view pointer, std::string json) {
  constexpr size_t most_steps = 64;
  if (!pointer.starts_with('/')) return false;
  meta_value *at = &root;
  for (size_t steps = 0; !pointer.empty(); ++steps) {
    pointer.remove_prefix(1);
    const size_t size = std::min(pointer.find('/'), pointer.size());
    std::string name;
    for (size_t k = 0; k < size; ++k) {
      const bool is_escape = pointer[k] == '~' && k + 1 < size;
      name += !is_escape ? pointer[k] : pointer[++k] == '1' ? '/' : '~';
    }
    pointer.remove_prefix(size);
    if (steps == most_steps || !at->json.empty()) return false;
    at = &at->members[name];
  }
  if (!at->json.empty() || !at->members.empty()) return false;
  at->json = std::move(json);
  return true;
}

void writer::meta_entry(const meta_value &v) {
  if (!v.json.empty()) {
    out_ += v.json;
    return;
  }
  // Members 0, 1, 2 … are a list.
  bool is_list = !v.members.empty();
  for (size_t k = 0; k < v.members.size(); ++k) is_list &= v.members.contains(std::to_string(k));
  out_ += is_list ? "{\"t\":\"MetaList\",\"c\":" : "{\"t\":\"MetaMap\",\"c\":";
  begin(is_list ? '[' : '{');
  if (is_list)
    for (size_t k = 0; k < v.members.size(); ++k) {
      next();
      meta_entry(v.members.at(std::to_string(k)));
      is_first_ = false;
    }
  else
    for (const auto &[name, member] : v.members) {
      string(name);
      out_ += ':';
      meta_entry(member);
      is_first_ = false;
    }
  end(is_list ? ']' : '}');
  out_ += '}';
}

void writer::metadata() {
  meta_value root;
  std::map<std::string, std::vector<std::string>> values;
  for (node field : document_.fields()) {
    const auto pointer = field.attr("pandoc.pointer");
    std::string json = field_json(field);
    if (!pointer || !place_at(root, *pointer, json)) values[meta_name(field.attr("key").value_or("calque.other"))].push_back(std::move(json));
  }
  for (auto &[name, list] : values) {
    std::string free = name;
    while (root.members.contains(free)) free += "-more";
    meta_value &at = root.members[free];
    if (list.size() == 1)
      at.json = std::move(list.front());
    else
      for (size_t k = 0; k < list.size(); ++k) at.members[std::to_string(k)].json = std::move(list[k]);
  }
  begin('{');
  for (const auto &[name, member] : root.members) {
    string(name);
    out_ += ':';
    meta_entry(member);
    is_first_ = false;
  }
  end('}');
}

void writer::unsaid_layers() {
  for (uint32_t l = 0; l < document_.layer_count(); ++l) {
    const auto layer = document_.layer(l);
    const bool is_point_layer = layer.name() == "calque.page/1" || layer.name() == "calque.line/1";
    size_t unsaid = 0;
    for (uint32_t k = 0; k < layer.size(); ++k) {
      const bool travels = find_layer(layer.name()) != nullptr && !layer[k].node_id() && layer[k].range().is_empty() == is_point_layer;
      unsaid += travels ? 0 : 1;
    }
    if (unsaid > 0)
      call_.report(calque::level::info, "pandoc_json.layer-not-expressed",
                   std::to_string(unsaid) + " annotations of " + std::string(layer.name()) + " are not written");
  }
}

void writer::unsaid_resources() {
  const calque_document &raw = document_.raw();
  for (uint32_t r = 0; r < raw.resource_count; ++r)
    if (const auto name = calque::view(raw.resources[r]->name); !shown_resources_.contains(name))
      call_.report(calque::level::warning, "pandoc_json.resource-not-expressed", "no image shows " + std::string(name));
}

attributes writer::attributes_of(node n) const {
  attributes made;
  n.each_attr([&](std::string_view key, std::string_view value) {
    if (key == "id") {
      made.id = value;
    } else if (key == "class") {
      for (size_t at = 0; at < value.size();) {
        const size_t end = std::min(value.find(' ', at), value.size());
        if (end > at) made.classes.emplace_back(value.substr(at, end - at));
        at = end + 1;
      }
    } else if (key == "lang" || key == "dir") {
      made.pairs.emplace_back(key, value);
    } else if (key.starts_with("data.")) {
      made.pairs.emplace_back(key.substr(5), value);
    } else if (!is_structural(key)) {
      made.pairs.emplace_back("calque." + std::string(key), value);
    }
  });
  return made;
}

attributes writer::with_class(attributes from, std::string_view own) {
  from.classes.insert(from.classes.begin(), "calque-" + std::string(own));
  return from;
}

void writer::put(const attributes &attr) {
  list();
  string(attr.id);
  list();
  for (const std::string &name : attr.classes) string(name);
  end_list();
  list();
  for (const auto &[key, value] : attr.pairs) {
    list();
    string(key);
    string(value);
    end_list();
  }
  end_list();
  end_list();
}

void writer::string(std::string_view text) {
  next();
  edition::add_json_string(out_, text);
}

}  // namespace pandoc_json
