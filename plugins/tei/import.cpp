// SPDX-License-Identifier: Apache-2.0
// The TEI importer: its stage, parts, and the bytes that are in no leaf.
#include "import.hpp"

#include <utility>

namespace tei {

namespace {

constexpr std::string_view tei_space = "http://www.tei-c.org/ns/1.0";

/// What the exporter has no element for at a place is a neutral one whose type names it. Gives those of a line.
std::set<uint32_t> restore_names(calque::plugins::xml_tree &tree) {
  std::set<uint32_t> in_line;
  for (uint32_t i = 0; i < tree.size(); ++i) {
    const std::string_view name = tree.at(i).name;
    if (tree.at(i).is != calque::plugins::xml_node::what::element ||
        (name != "div" && name != "ab" && name != "seg" && name != "q" && name != "quote"))
      continue;
    const std::string_view type = tree.attribute_or(i, "type");
    if (name == "seg" && type.find_first_of(":/") != std::string_view::npos) in_line.insert(i);
    if (type.starts_with("tei:") && type.size() > 4) tree.rename(i, type.substr(4));
    if (type.starts_with("x.") && type.find('/') != std::string_view::npos) tree.rename(i, type);
    if (type == "attachment" && name == "div") tree.rename(i, type);
  }
  return in_line;
}

}  // namespace

int import_stage::probe(const calque::probe &file) {
  const auto head = calque::plugins::first_element(calque::plugins::decoded_head(file.head()));
  if (head.name.empty()) return 0;
  if (head.tag.find(tei_space) != std::string::npos) return 95;
  if (head.name == "TEI" || head.name == "teiCorpus" || head.name == "TEI.2") return 80;
  return file.has_suffix(".tei") ? 40 : 0;
}

void import_stage::run(const calque::input &in, calque::builder &out, const calque::call &c) const {
  calque::plugins::xml_tree tree(in.bytes(), "tei");
  std::set<uint32_t> in_line = restore_names(tree);
  const auto &root = tree.at(tree.root());
  if (root.space != tei_space && root.name != "TEI" && root.name != "teiCorpus" && root.name != "TEI.2")
    throw calque::failure("tei.no-element", "its outermost element is <" + std::string(root.name) + ">, not <TEI>",
                          tree.source_of(root.at), "import it with the stage for its format");
  announce(tree.decoded(), out, c, "tei");
  tree_reader(*this, tree, std::move(in_line), out).run();
}

void tree_reader::run() {
  block_memo_.assign(tree_.size(), 0);
  parts_memo_.assign(tree_.size(), 0);
  if (options_.split == splitting::document) find_divisions();
  for (uint32_t i = 0; i < tree_.size(); ++i) {
    if (tree_.at(i).is != xml_node::what::element) continue;
    is_edition_ = is_edition_ || (tree_.at(i).name == "encodingDesc" && attribute(i, "n") == "calque");
    const auto [first, last] = tree_.attributes(i);
    for (const auto *a = first; a != last; ++a)
      if (a->name != "xml:id" && a->value.starts_with('#')) called_.emplace(a->value.substr(1));
  }
  // What stands before and behind the outermost element, and what lies between the nodes of it.
  const uint32_t root = tree_.root();
  for (uint32_t i = 0; i < root; ++i) misc(i);
  for (uint32_t i = tree_.at(root).end; i < tree_.size(); ++i) misc(i);
  size_t at = 0;
  auto gap = [&](size_t begin) {
    if (begin > at) skip({at, begin}, "tei.declaration");
  };
  std::vector<uint32_t> open;
  auto close_until = [&](uint32_t index) {
    while (!open.empty() && tree_.at(open.back()).end <= index) {
      const xml_range r = tree_.at(open.back()).close;
      gap(r.begin);
      at = std::max(at, r.end);
      open.pop_back();
    }
  };
  for (uint32_t i = 0; i < tree_.size(); ++i) {
    close_until(i);
    const xml_node &n = tree_.at(i);
    gap(n.at.begin);
    at = std::max(at, n.at.end);
    if (n.is == xml_node::what::element) open.push_back(i);
  }
  close_until(UINT32_MAX);
  gap(tree_.decoded().text().size());

  if (tree_.at(root).name == "teiCorpus") return corpus(root);
  edition(root);
}

void tree_reader::next_part() {
  out_.next_part();
  may_continue_ = false;
}

/// A corpus: its own header is the first part, and so is what else stands before the first edition; each edition in it
/// is a further one.
void tree_reader::corpus(uint32_t element) {
  skip(tree_.at(element).at, "tei.markup");
  skip(tree_.at(element).close, "tei.markup");
  bool is_empty = true;
  tree_.each_child(element, [&](uint32_t child) {
    const xml_node &n = tree_.at(child);
    const bool was_empty = std::exchange(is_empty, is_empty && n.is != xml_node::what::element);
    if (n.is == xml_node::what::element && (n.name == "TEI" || n.name == "teiCorpus")) {
      if (!was_empty) next_part();
      n.name == "TEI" ? edition(child) : corpus(child);
    } else if (n.is == xml_node::what::element && n.name == "teiHeader" && was_empty) {
      header(child);
    } else if (n.is == xml_node::what::element) {
      block(child);
    } else if (n.is == xml_node::what::text) {
      line_ = {};
      text(child);
      is_empty = is_empty && line_.is_at_start;
      drop_blanks();
    } else {
      misc(child);
    }
  });
  settle_names();
}

void tree_reader::edition(uint32_t element) {
  std::string volume;
  if (tree_.at(element).name != "TEI" && tree_.at(element).name != "TEI.2") {
    block(element);
    return settle_names();
  }
  skip(tree_.at(element).at, "tei.markup");
  skip(tree_.at(element).close, "tei.markup");
  if (auto language = tree_.attribute(element, "xml:lang"); language && !language->empty())
    out_.attr("lang", *language);
  if (auto id = tree_.attribute(element, "xml:id"); id && !id->empty()) out_.attr("id", *id);
  leaves_documents_out_ = !documents_.empty();
  // Fields come first, wherever the header stands.
  tree_.each_child(element, [&](uint32_t child) {
    if (tree_.is_element(child, "teiHeader")) header(child);
  });
  line_ = {};
  const uint32_t end = tree_.at(element).end;
  for (uint32_t child = element + 1; child < end; child = tree_.at(child).end) {
    if (tree_.is_element(child, "teiHeader")) continue;
    if (tree_.at(child).is == xml_node::what::element)
      block(child);
    else
      inlines(child, tree_.at(child).end), drop_blanks();
  }
  settle_names();
  leaves_documents_out_ = false;
  for (uint32_t i = element; i < end; ++i) {
    const bool is_whole = attribute(i, "type") == "complete";
    if (!tree_.is_element(i, "title") || (!volume.empty() && !is_whole) || first_text(i).empty()) continue;
    volume = first_text(i);
    if (is_whole) break;
  }
  for (uint32_t div : documents_)
    if (div > element && div < end) part_of_document(div, volume);
}

void tree_reader::part_of_document(uint32_t div, std::string_view volume) {
  next_part();
  // Words that say where the part comes from; their bytes are those of the volume's own part.
  const calque::source_range at = tree_.source_of({tree_.at(div).at.begin, tree_.at(div).at.begin});
  auto put = [&](std::string_view key, std::string_view label, std::string_view value) {
    std::string clean;
    for (char c : value) {
      const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      if (!is_blank || (!clean.empty() && clean.back() != ' ')) clean += is_blank ? ' ' : c;
    }
    if (clean.empty()) return;
    const opened scope(*this, out_.field(key));
    if (!label.empty()) out_.attr("label", label);
    out_.text(clean, at);
  };
  put("is_part_of", {}, volume);
  put("identifier", "xml:id", attribute(div, "xml:id"));
  block(div);
  settle_names();
}

void tree_reader::find_divisions() {
  for (uint32_t i = 0; i < tree_.size();) {
    const bool is_document = tree_.is_element(i, "div") && attribute(i, "type") == "document";
    if (is_document) documents_.push_back(i);
    i = is_document ? tree_.at(i).end : i + 1;
  }
}

std::string_view tree_reader::first_text(uint32_t element) const {
  const uint32_t first = element + 1;
  const bool is_text = first < tree_.at(element).end && tree_.at(first).is == xml_node::what::text;
  return is_text ? tree_.at(first).text : std::string_view();
}

void tree_reader::skip(xml_range r, std::string_view code) {
  if (!r.is_empty()) out_.skip(tree_.source_of(r), code);
}

/// Everything below an element, itself included.
void tree_reader::skip_tree(uint32_t index, std::string_view code) {
  for (uint32_t i = index; i < tree_.at(index).end; ++i) {
    if (tree_.at(i).is != xml_node::what::element && tree_.at(i).is != xml_node::what::text) {
      misc(i);
      continue;
    }
    skip(tree_.at(i).at, code);
    skip(tree_.at(i).close, code);
  }
}

/// Comments, instructions and references that are not read.
void tree_reader::misc(uint32_t index) {
  const xml_node &n = tree_.at(index);
  switch (n.is) {
    case xml_node::what::comment:
      return skip(n.at, "tei.comment");
    case xml_node::what::instruction:
      return skip(n.at, "tei.instruction");
    case xml_node::what::entity:
      return skip(n.at, "tei.entity-not-read");
    case xml_node::what::text:
      return skip(n.at, "tei.layout");
    case xml_node::what::element:
      break;
  }
}

}  // namespace tei
