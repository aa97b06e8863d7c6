// SPDX-License-Identifier: Apache-2.0
// The JSON exporter: the whole document as data, with the way back to the source for every byte of its text.
#include "../common/edition.hpp"
#include "../common/json_string.hpp"

#include <calque/calque.hpp>

#include <algorithm>

namespace json {
namespace {

using calque::node;

class writer {
 public:
  explicit writer(calque::document_view document) : document_(document) {}

  std::string write() {
    begin('{');
    member("format"), string("calque.edition/1");
    section("text"), string(document_.text());
    section("sources"), sources();
    section("fields"), fields();
    section("nodes"), nodes();
    section("layers"), layers();
    section("origins"), origins();
    section("resources"), resources();
    end('}');
    out_ += '\n';
    return std::move(out_);
  }

 private:
  void sources() {
    const calque_document &raw = document_.raw();
    begin('[');
    for (uint32_t s = 0; s < raw.source_count; ++s) {
      const calque_source &source = *raw.sources[s];
      item();
      begin('{');
      member("name"), string(calque::view(source.name));
      member("media_type"), string(calque::view(source.media_type));
      member("encoding"), string(calque::view(source.encoding));
      member("size"), number(source.size);
      std::string digest;
      constexpr char digits[] = "0123456789abcdef";
      for (uint8_t byte : source.sha256) digest += {digits[byte >> 4], digits[byte & 15]};
      member("sha256"), string(digest);
      if (source.parent != CALQUE_NONE) member("parent"), number(source.parent);
      end('}');
    }
    end(']');
  }

  void fields() {
    begin('[');
    for (node field : document_.fields()) {
      item();
      begin('{');
      member("key"), string(field.attr("key").value_or(""));
      if (auto label = field.attr("label")) member("label"), string(*label);
      if (auto language = field.attr("lang")) member("language"), string(*language);
      member("value"), string(edition::plain_text(document_, field));
      member("node"), number(field.id());
      end('}');
    }
    end(']');
  }

  /// Flat, in reading order, each with its parent: a tree of any depth stays readable for every JSON library.
  void nodes() {
    begin('[');
    std::vector<node> open;
    for (node n : document_.nodes()) {
      while (!open.empty() && open.back().end_index() <= n.index()) open.pop_back();
      line_item();
      begin('{');
      member("id"), number(n.id());
      member("kind"), string(n.kind_name());
      if (!open.empty()) member("parent"), number(open.back().id());
      member("begin"), number(n.range().begin);
      member("end"), number(n.range().end);
      bool has_attributes = false;
      n.each_attr([&](std::string_view key, std::string_view value) {
        if (!has_attributes) member("attributes"), begin('{');
        has_attributes = true;
        member(key), string(value);
      });
      if (has_attributes) end('}');
      end('}');
      if (!n.is_leaf()) open.push_back(n);
    }
    end(']');
  }

  void layers() {
    begin('[');
    for (uint32_t l = 0; l < document_.layer_count(); ++l) {
      const auto layer = document_.layer(l);
      line_item();
      begin('{');
      member("name"), string(layer.name());
      member("stage"), string(layer.stage());
      member("annotations"), begin('[');
      for (uint32_t k = 0; k < layer.size(); ++k) line_item(), annotation(layer[k]);
      end(']');
      end('}');
    }
    end(']');
  }

  void annotation(const calque::annotation &a) {
    constexpr std::string_view states[] = {"intact", "moved", "stale"};
    begin('{');
    member("id"), number(a.id());
    member("kind"), string(a.kind());
    member("begin"), number(a.range().begin);
    member("end"), number(a.range().end);
    if (auto id = a.node_id()) member("node"), number(*id);
    if (a.range().is_empty()) member("side"), string(a.side() == calque::side::before ? "before" : "after");
    member("state"), string(states[std::min<size_t>(a.state(), 2)]);
    member("values"), begin('[');
    for (const auto &value : a.values()) {
      item();
      begin('{');
      member("key"), string(value.key);
      switch (value.type) {
        case CALQUE_VALUE_INT:
        case CALQUE_VALUE_NUMBER:
          // As written: a reader's number type is not ours to choose.
          member("type"), string(value.type == CALQUE_VALUE_INT ? "integer" : "number");
          break;
        case CALQUE_VALUE_BOOL:
          member("type"), string("boolean");
          break;
        case CALQUE_VALUE_REF:
          member("type"), string("annotation");
          break;
        case CALQUE_VALUE_NODE:
          member("type"), string("node");
          break;
        default:
          member("type"), string("text");
      }
      member("value"), string(value.text);
      end('}');
    }
    end(']');
    end('}');
  }

  void origins() {
    const calque_document &raw = document_.raw();
    begin('[');
    for (uint32_t k = 0; k < raw.origins.count; ++k) {
      line_item();
      begin('{');
      member("begin"), number(raw.origins.text_begin[k]);
      member("end"), number(k + 1 < raw.origins.count ? raw.origins.text_begin[k + 1] : raw.text.size);
      member("source"), number(raw.origins.source[k]);
      member("source_begin"), number(raw.origins.begin[k]);
      member("source_end"), number(raw.origins.end[k]);
      member("exact"), out_ += raw.origins.exact[k] != 0 ? "true" : "false";
      end('}');
    }
    end(']');
  }

  void resources() {
    const calque_document &raw = document_.raw();
    begin('[');
    for (uint32_t k = 0; k < raw.resource_count; ++k) {
      const calque_resource &resource = *raw.resources[k];
      line_item();
      begin('{');
      member("name"), string(calque::view(resource.name));
      member("media_type"), string(calque::view(resource.media_type));
      member("size"), number(resource.size);
      member("base64"), string(edition::base64({reinterpret_cast<const char *>(resource.data), resource.size}));
      end('}');
    }
    end(']');
  }

  void begin(char bracket) {
    out_ += bracket;
    is_first_ = true;
  }
  void end(char bracket) {
    out_ += bracket;
    is_first_ = false;
  }
  void item() {
    if (!is_first_) out_ += ", ";
    is_first_ = false;
  }
  /// An item on a line of its own, so that editions can be compared line by line.
  void line_item() {
    out_ += is_first_ ? "\n " : ",\n ";
    is_first_ = false;
  }
  void member(std::string_view key) {
    item();
    string(key);
    out_ += ": ";
  }
  void section(std::string_view key) {
    out_ += ",\n";
    string(key);
    out_ += ": ";
  }
  void number(uint64_t value) { out_ += std::to_string(value); }
  void string(std::string_view text) { edition::add_json_string(out_, text); }

  calque::document_view document_;
  std::string out_;
  bool is_first_ = true;  // no item yet in the open bracket
};

struct stage : calque::exporter {
  static constexpr calque::stage_info info{
      "calque.json", "1.0.0", "JSON: text, nodes, fields, layers and origins, by edition.schema.json", CALQUE_REENTRANT};
  static constexpr auto accepts = calque::list("application/json", "*.json");

  void run(calque::document_view document, calque::output &out) const {
    auto file = out.create("application/json");
    file << writer(document).write();
    file.close();
    out.emitted_tree(document.root());
    out.marks_emitted("calque.page/1");
    out.marks_emitted("calque.language/1");
  }
};

}  // namespace
}  // namespace json

CALQUE_PLUGIN("json", "1.0.0", "Apache-2.0", "https://calque.example.org", json::stage)
