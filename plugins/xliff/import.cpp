// SPDX-License-Identifier: Apache-2.0
// The XLIFF importer: its stage, files, groups, and the bytes that are in no leaf.
#include "import.hpp"

#include "plugins/common/kind_names.hpp"

#include <algorithm>

namespace xliff {

using calque::kind;

namespace {

bool is_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

/// The kind of a block that Calque wrote, unless it is an aside or unknown.
std::optional<kind> block_kind(std::string_view name) {
#define CALQUE_KIND_ENTRY(NAME, named, value, cls) \
  if (name == #named && value < CALQUE_EMPHASIS) return kind::named;
  CALQUE_KINDS(CALQUE_KIND_ENTRY)
#undef CALQUE_KIND_ENTRY
  return std::nullopt;
}

}  // namespace

int import_stage::probe(const calque::probe &file) {
  const auto head = calque::plugins::first_element(calque::plugins::decoded_head(file.head()));
  if (head.name != "xliff") return 0;
  return head.tag.find("urn:oasis:names:tc:xliff:document:") != std::string::npos ? 95 : 85;
}

void import_stage::run(const calque::input &in, calque::builder &out, const calque::call &c) const {
  const calque::plugins::xml_tree tree(in.bytes(), "xliff");
  announce(tree.decoded(), out, c, "xliff");
  tree_reader(tree, out, c).run();
}

void tree_reader::run() {
  const uint32_t root = tree_.root();
  const xml_node &n = tree_.at(root);
  const std::string_view version = attribute(root, "version");
  core_ = n.space;
  const bool is_new = core_ == core_space || core_ == core_space_2_2 || (core_.empty() && version.starts_with("2."));
  is_old_ = core_.starts_with("urn:oasis:names:tc:xliff:document:1.") || (core_.empty() && version.starts_with("1."));
  if (n.name != "xliff" || (!is_new && !is_old_))
    throw calque::failure(
        "xliff.no-element",
        n.name == "xliff"
            ? "its version is \"" + std::string(version) + "\" and its namespace \"" + std::string(core_) + "\"; neither is known"
            : "its outermost element is <" + std::string(n.name) + ">, not <xliff>",
        tree_.source_of(n.at), "import it with the stage for its format, or save it as XLIFF 1.2 or 2.1");
  account_for_gaps();
  for (uint32_t i = 0; i < root; ++i) misc(i);
  for (uint32_t i = n.end; i < tree_.size(); ++i) misc(i);
  skip_tags(root);
  if (const auto language = attribute(root, "srcLang"); is_language(language)) put_attr("lang", language);
  target_language_ = attribute(root, "trgLang");
  std::vector<uint32_t> files;
  tree_.each_child(root, [&](uint32_t i) {
    if (tree_.is_element(i, "file") && tree_.at(i).space == core_) files.push_back(i);
  });
  if (files.size() == 1 && !is_old_)
    for (uint32_t i = files[0]; i < tree_.at(files[0]).end && !is_edition_; ++i)
      is_edition_ = tree_.is_element(i, "metaGroup") && attribute(i, "category") == "calque:source";
  if (files.empty()) warn(root, "xliff.no-source", "it has no <file>, so there is no text in it", "see whether the file is whole");
  out_.marks().touch("calque.segment/1");
  tree_.each_child(root, [&](uint32_t i) {
    if (tree_.is_element(i, "file") && tree_.at(i).space == core_) file(i);
    else if (tree_.at(i).is == xml_node::what::element) skip_tree(i, "xliff.module-dropped");
    else misc(i);
  });
}

/// What lies between the nodes of the tree: declarations, marks of CDATA sections.
void tree_reader::account_for_gaps() {
  size_t at = 0;
  auto upto = [&](xml_range r) {
    if (r.begin > at) skip({at, r.begin}, "xliff.declaration");
    at = std::max(at, r.end);
  };
  std::vector<uint32_t> open;
  auto close_until = [&](uint32_t index) {
    for (; !open.empty() && tree_.at(open.back()).end <= index; open.pop_back()) upto(tree_.at(open.back()).close);
  };
  for (uint32_t i = 0; i < tree_.size(); ++i) {
    close_until(i);
    upto(tree_.at(i).at);
    if (tree_.at(i).is == xml_node::what::element) open.push_back(i);
  }
  close_until(UINT32_MAX);
  upto({tree_.decoded().text().size(), tree_.decoded().text().size()});
}

/// A file is a division, unless Calque wrote it: then it is the document.
void tree_reader::file(uint32_t element) {
  skip_tags(element);
  unit_ids_.clear();
  group_ids_.clear();
  anchors_.clear();
  if (is_old_) target_language_ = attribute(element, "target-language");
  if (is_edition_) {
    unit_state own;
    tree_.each_child(element, [&](uint32_t i) {
      if (tree_.is_element(i, "metadata") && tree_.at(i).space == metadata_space) read_metadata(i, own);
    });
    own_attributes(own, "a0");
    if (auto dir = attribute(element, "srcDir"); !dir.empty()) put_attr("dir", dir);
    return structure(element);
  }
  has_blocks_ = true;
  const calque::scope division = out_.begin(kind::division);
  said_.clear();
  ++depth_;
  put_attr("id", attribute(element, "id"));
  put_attr("file", attribute(element, "original"));
  if (const auto language = attribute(element, "source-language"); is_language(language))
    put_attr("lang", language);
  place_attributes(element);
  structure(element);
  --depth_;
}

void tree_reader::structure(uint32_t parent) {
  tree_.each_child(parent, [&](uint32_t i) { child(i); });
}

void tree_reader::child(uint32_t index) {
  const xml_node &n = tree_.at(index);
  if (n.is != xml_node::what::element) return misc(index);
  if (is_edition_ && n.space == metadata_space && n.name == "metadata" && tree_.at(n.parent).name != "notes" &&
      tree_.at(n.parent).name != "body" && tree_.at(n.parent).name != "header")
    return;  // read with the group or file that it belongs to
  if (n.space != core_) return skip_tree(index, "xliff.module-dropped");
  if (n.name == "group" || n.name == "bin-unit") return group(index);
  if (n.name == "unit" || n.name == "trans-unit") return unit(index);
  if (n.name == "notes" || n.name == "body") return skip_tags(index), structure(index);
  if (n.name == "note") return loose_note(index);
  if (n.name == "header") return header(index);
  if (n.name == "skeleton") return skip_tree(index, "xliff.skeleton-dropped");
  if (n.name == "context-group" || n.name == "prop-group" || n.name == "count-group")
    return skip_tree(index, "xliff.context-dropped");
  skip_tree(index, "xliff.module-dropped");
}

void tree_reader::header(uint32_t element) {
  skip_tags(element);
  tree_.each_child(element, [&](uint32_t i) {
    if (tree_.is_element(i, "phase-group") || tree_.is_element(i, "tool")) return skip_tree(i, "xliff.phase");
    if (tree_.is_element(i, "skl")) return skip_tree(i, "xliff.skeleton-dropped");
    child(i);
  });
}

void tree_reader::group(uint32_t element) {
  skip_tags(element);
  note_id(group_ids_, element, attribute(element, "id"), "groups");
  unit_state own;
  tree_.each_child(element, [&](uint32_t i) {
    if (is_edition_ && tree_.is_element(i, "metadata") && tree_.at(i).space == metadata_space) read_metadata(i, own);
  });
  std::string_view type = attribute(element, "type");
  if (is_edition_ && type.empty() && attribute(element, "id") == "g0") return structure(element);  // of an empty document
  if (is_edition_ && type == "calque:aside") return own_aside(element, own);
  std::optional<kind> k;
  std::string_view named;
  if (is_edition_ && type.starts_with(own_prefix)) {
    type.remove_prefix(own_prefix.size());
    k = block_kind(type);
    if (k == kind::document || k == kind::aside) k.reset();
    // Units cannot lie in a block of lines.
    bool is_empty = true;
    tree_.each_child(element, [&](uint32_t i) {
      is_empty = is_empty && !(tree_.at(i).is == xml_node::what::element && tree_.at(i).space == core_);
    });
    if (k && !is_empty && calque::class_of(*k) == calque::kind_class::inlines) k.reset();
    if (calque::plugins::is_kind_name(type)) named = type;
  }
  has_blocks_ = true;
  const calque::scope made = named.empty() ? out_.begin(k.value_or(kind::division)) : out_.begin(named);
  said_.clear();
  ++depth_;
  const std::string_view id = attribute(element, "id");
  if (is_edition_ && id.starts_with('g')) own_attributes(own, "a" + std::string(id.substr(1)));
  put_attr(is_edition_ ? "xliff.id" : "id", id);
  if (!is_edition_) put_attr("xliff.type", is_old_ ? attribute(element, "restype") : attribute(element, "type"));
  if (!is_edition_) put_attr("xliff.name", is_old_ ? attribute(element, "resname") : attribute(element, "name"));
  place_attributes(element);
  structure(element);
  --depth_;
}

/// A field, or what a code of the text calls.
void tree_reader::own_aside(uint32_t element, const unit_state &own) {
  const std::string id = "a" + std::string(attribute(element, "id").substr(attribute(element, "id").empty() ? 0 : 1));
  std::map<std::string, std::string, std::less<>> values;
  if (auto at = own.attributes.find(id); at != own.attributes.end())
    tree_.each_child(at->second, [&](uint32_t i) {
      if (tree_.is_element(i, "meta")) values[std::string(attribute(i, "type"))] = words(i);
    });
  auto finish = [&](std::initializer_list<std::string_view> said) {
    said_ = {said.begin(), said.end()};
    for (const auto &[key, value] : values) put_attr(key, value);
    place_attributes(element);
    ++depth_;
    structure(element);
    --depth_;
  };
  const std::string &role = values["role"], &key = values["key"];
  if (role == "field" && is_key(key) && depth_ == 0 && !has_blocks_) {
    const std::string_view language = foreign(element, itsm_space, "lang");
    const calque::scope field = out_.field(key, language);
    language.empty() ? finish({"role", "key", "anchor"}) : finish({"role", "key", "anchor", "lang"});
    return;
  }
  // Nothing calls it when its call is not there: 0.
  const auto call = anchors_.find(values["anchor"]);
  const uint32_t anchor = call == anchors_.end() ? 0 : call->second;
  const calque::scope aside = out_.aside(is_key(role) && role != "field" ? std::string_view(role) : "note", anchor);
  finish({"role", "anchor", "aside"});
}

/// The attributes of nodes that Calque's exporter wrote; other metadata is not read.
void tree_reader::read_metadata(uint32_t element, unit_state &u) {
  skip_tags(element);
  tree_.each_child(element, [&](uint32_t i) {
    if (tree_.at(i).is != xml_node::what::element) return misc(i);
    if (!attribute(i, "category").starts_with(own_prefix)) return skip_tree(i, "xliff.module-dropped");
    if (const auto id = attribute(i, "id"); !id.empty()) u.attributes.emplace(id, i);
    if (attribute(i, "category") == "calque:producer")
      tree_.each_child(i, [&](uint32_t m) {
        if (tree_.is_element(m, "meta")) u.producers.emplace(attribute(m, "type"), words(m));
      });
    skip_tree(i, "xliff.made-anew");
  });
}

/// A note on a file or a group: a comment that is called where it stands.
void tree_reader::loose_note(uint32_t element) {
  if (words(element).find_first_not_of(" \t\r\n") == std::string::npos) return skip_tree(element, "xliff.layout");
  has_blocks_ = true;
  const uint32_t anchor =
      out_.text({}, tree_.source_of({tree_.at(element).at.begin, tree_.at(element).at.begin}), kind::anchor);
  aside(anchor, element);
}

void tree_reader::skip(xml_range r, std::string_view code) {
  if (!r.is_empty()) out_.skip(tree_.source_of(r), code);
}

/// Everything below an element, itself included.
void tree_reader::skip_tree(uint32_t index, std::string_view code) {
  for (uint32_t i = index; i < tree_.at(index).end; ++i) {
    const xml_node &n = tree_.at(i);
    if (n.is != xml_node::what::element && n.is != xml_node::what::text) {
      misc(i);
      continue;
    }
    skip(n.at, code);
    skip(n.close, code);
  }
}

void tree_reader::skip_tags(uint32_t index) {
  skip(tree_.at(index).at, "xliff.markup");
  skip(tree_.at(index).close, "xliff.markup");
}

/// What is no element, where no text belongs.
void tree_reader::misc(uint32_t index) {
  const xml_node &n = tree_.at(index);
  switch (n.is) {
    case xml_node::what::comment:
      return skip(n.at, "xliff.comment");
    case xml_node::what::instruction:
      return skip(n.at, "xliff.instruction");
    case xml_node::what::entity:
      return skip(n.at, "xliff.entity-not-read");
    case xml_node::what::text:
      return skip(n.at, n.text.find_first_not_of(" \t\r\n") == std::string_view::npos ? "xliff.layout" : "xliff.stray-text");
    case xml_node::what::element:
      break;
  }
}

void tree_reader::warn(uint32_t element, std::string_view code, const std::string &message, std::string_view hint) {
  call_.report_at(calque::level::warning, tree_.source_of(tree_.at(element).at), code, message, hint);
}

void tree_reader::note_id(std::set<std::string, std::less<>> &ids, uint32_t element, std::string_view id,
                          std::string_view what) {
  if (id.empty() || ids.emplace(id).second) return;
  warn(element, "xliff.duplicate-id", "two " + std::string(what) + " have the id \"" + std::string(id) + "\"",
       "give each an id of its own");
}

/// A node has a key once, whatever the file says.
void tree_reader::put_attr(std::string_view key, std::string_view value) {
  if (!key.empty() && !value.empty() && said_.emplace(key).second) out_.attr(key, value);
}

void tree_reader::own_attributes(const unit_state &u, std::string_view id) {
  auto at = u.attributes.find(id);
  if (at == u.attributes.end()) return;
  tree_.each_child(at->second, [&](uint32_t i) {
    if (!tree_.is_element(i, "meta")) return;
    const std::string_view key = attribute(i, "type");
    // Those tie asides to their calls; the builder writes them.
    if (key != "aside" && key != "anchor") put_attr(key, words(i));
  });
}

/// Direction and language.
void tree_reader::place_attributes(uint32_t element) {
  for (std::string_view name : {"srcDir", "dir"})
    if (const auto dir = attribute(element, name); dir == "ltr" || dir == "rtl") put_attr("dir", dir);
  if (const auto language = foreign(element, itsm_space, "lang"); is_language(language))
    put_attr("lang", language);
}

bool tree_reader::is_preserving(uint32_t element) const {
  for (uint32_t i = element;; i = tree_.at(i).parent) {
    if (const auto space = tree_.attribute(i, "xml:space")) return *space == "preserve";
    if (i == tree_.root()) return false;
  }
}

/// An attribute of another namespace.
std::string_view tree_reader::foreign(uint32_t element, std::string_view space, std::string_view name) const {
  const auto [first, last] = tree_.attributes(element);
  for (const auto *a = first; a != last; ++a)
    if (a->space == space && a->name == name) return a->value;
  return {};
}

/// All text below an element, as it stands.
std::string tree_reader::words(uint32_t element) const {
  std::string found;
  for (uint32_t i = element; i < tree_.at(element).end; ++i)
    if (tree_.at(i).is == xml_node::what::text) found += tree_.at(i).text;
  return found;
}

}  // namespace xliff
