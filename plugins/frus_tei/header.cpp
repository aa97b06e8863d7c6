// SPDX-License-Identifier: Apache-2.0
// The header: five titles, editors, publisher and volume as the rules want them; other fields describe the source.
#include "frus_tei.hpp"

namespace frus_tei {

using calque::kind;

std::string writer::plain(node field) {
  account_.emitted_tree(field);
  for (node n : field.descendants())
    if (n.is_leaf() && !n.is(kind::text) && !n.is(kind::soft_break) && !n.is(kind::line_break) && !n.is(kind::anchor))
      changed_.emplace(n.index(), "frus_tei.neutral-element");
  return edition::plain_text(document_, field);
}

void writer::field_paragraph(node field) {
  account_.emitted(field);
  const auto label = field.attr("label");
  std::string attributes = attribute("n", label ? *label : field.attr("key").value_or("field"));
  out_ += "<p" + attributes + ">";
  const uint32_t first = field.index() + 1;
  if (edition::end_of_inlines(document_, field, first) == field.end_index()) {
    inlines(first, field.end_index());
  } else {
    for (node n : field.descendants()) {
      if (!n.is_leaf()) {
        changed_.emplace(n.index(), "frus_tei.neutral-element");
        if (n.is_text_block() && out_.back() != '>') out_ += ' ';
        continue;
      }
      leaf(n, n.range());
    }
  }
  if (out_.ends_with(attributes + ">")) out_ += "—";
  out_ += "</p>\n";
}

void writer::header() {
  std::set<uint32_t> done;
  std::vector<node> fields = document_.fields();
  auto take = [&](std::string_view key, std::string_view attr, std::string_view value) -> std::optional<node> {
    for (node field : fields)
      if (!done.contains(field.index()) && field.attr("key") == key && (attr.empty() || field.attr(attr) == value)) {
        done.insert(field.index());
        return field;
      }
    return std::nullopt;
  };
  auto element = [&](std::string_view name, std::string_view attributes, const std::string &content) {
    start(name, attributes);
    escape(content);
    end(name);
    out_ += '\n';
  };
  out_ += "<teiHeader>\n<fileDesc>\n<titleStmt>\n";
  for (std::string_view type : {"complete", "series", "subseries", "volumenumber", "volume"}) {
    auto field = take("title", "tei.type", type);
    if (!field && type == "complete") field = take("title", {}, {});
    if (!field && type == "complete") field = take("is_part_of", {}, {});
    element("title", attribute("type", type),
            field                ? plain(*field)
            : type == "complete" ? edition::title_of(document_)
                                 : std::string());
  }
  bool has_editor = false;
  for (std::string_view key : {"contributor", "creator"})
    while (auto field = take(key, {}, {})) {
      element("editor", field->attr("tei.role") == "general" ? " role=\"general\"" : " role=\"primary\"",
              plain(*field));
      has_editor = true;
    }
  if (!has_editor) out_ += "<editor role=\"primary\">not stated</editor>\n";
  out_ += "</titleStmt>\n<publicationStmt>\n";
  const auto publisher = take("publisher", {}, {});
  element("publisher", {}, publisher ? plain(*publisher) : std::string());
  const auto place = take("calque.other", "tei.path", "fileDesc/publicationStmt/pubPlace");
  element("pubPlace", {}, place ? plain(*place) : std::string());
  const auto issued = take("issued", {}, {});
  element("date", {}, issued ? plain(*issued) : std::string());
  bool has_volume = false;
  for (std::string_view type : {"dospubno", "isbn-10", "isbn-13", "frus"})
    if (auto field = take("identifier", "tei.type", type)) {
      element("idno", attribute("type", type), plain(*field));
      has_volume = has_volume || type == "frus";
    }
  if (!has_volume) element("idno", " type=\"frus\"", used_ids_.empty() ? "document" : *used_ids_.begin());
  out_ += "</publicationStmt>\n<sourceDesc>\n";
  std::vector<node> corrections, changes;
  bool has_source = false;
  for (node field : fields) {
    if (!done.insert(field.index()).second) continue;
    const auto path = field.attr("tei.path").value_or("");
    if (path.ends_with("correction/p"))
      corrections.push_back(field);
    else if (path == "revisionDesc/change")
      changes.push_back(field);
    else
      field_paragraph(field), has_source = true;
  }
  if (!has_source) out_ += "<p>not stated</p>\n";
  out_ += "</sourceDesc>\n</fileDesc>\n";
  if (!corrections.empty()) {
    out_ += "<encodingDesc>\n<editorialDecl>\n<correction>\n";
    for (node field : corrections) field_paragraph(field);
    out_ += "</correction>\n</editorialDecl>\n</encodingDesc>\n";
  }
  if (!changes.empty()) {
    out_ += "<revisionDesc>\n";
    for (node field : changes) element("change", {}, plain(field));
    out_ += "</revisionDesc>\n";
  }
  out_ += "</teiHeader>\n";
}

}  // namespace frus_tei
