// SPDX-License-Identifier: Apache-2.0
// The EPUB exporter: a document written as pages, and those with package, contents and style as one container.
#include "export.hpp"

#include "book.hpp"

#include <algorithm>

namespace epub {

using calque::kind;
using calque::node;

namespace {

constexpr std::string_view shown[] = {"calque.editorial/1", "calque.language/1", "calque.name/1", "calque.date/1",
                                      "calque.term/1"};

constexpr std::string_view container_document = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
)xml";

/// Reading systems choose fonts, colours and margins; this says only what carries meaning.
constexpr std::string_view style =
    R"css(h1, h2, h3, h4, h5, h6 { page-break-after: avoid; break-after: avoid; line-height: 1.25; }
.record dt, .legend dt { font-weight: bold; }
.cast ul { list-style: none; padding: 0; }
.subtitle { font-size: 1.05em; margin: 0.2em 0; }
.speech { margin: 1.2em 0; }
.speech > p { margin: 0.3em 0 0.7em; }
.speaker { font-weight: bold; page-break-after: avoid; break-after: avoid; }
.stage { font-style: italic; margin: 1.2em 2em; }
pre { white-space: pre-wrap; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid; padding: 0.3em 0.6em; text-align: start; vertical-align: top; }
img { height: auto; max-width: 100%; }
.underline { text-decoration: underline; }
.small-caps { font-variant: small-caps; }
.page { border: 1px solid; font-size: 0.7em; margin: 0 0.25em; padding: 0 0.35em; white-space: nowrap; }
.call { font-size: 0.75em; line-height: 0; }
.notes { border-top: 1px solid; margin-top: 2em; }
.ed { text-decoration: underline; text-decoration-thickness: 1px; }
.ed::after, .sign { font-size: 0.7em; vertical-align: 0.5em; }
.ed.part::after { content: none; }
.marked { border-bottom: 1px dotted; }
)css";

bool is_part(node n) {
  return n.is(kind::section) || n.is(kind::division) || n.is(kind::version) || n.is(kind::attachment);
}

/// YYYY-MM-DDThh:mm:ssZ
bool is_time(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00Z";
  if (text.size() != form.size()) return false;
  for (size_t k = 0; k < form.size(); ++k)
    if (form[k] == '0' ? text[k] < '0' || text[k] > '9' : text[k] != form[k]) return false;
  const std::string_view month = text.substr(5, 2), day = text.substr(8, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31" && text.substr(11, 2) <= "23" &&
         text.substr(14, 2) <= "59" && text.substr(17, 2) <= "59";
}

struct chapter_finder {
  int64_t level;
  bool has_content = false;  // since the last file began, beyond headings
  std::set<uint32_t> found;

  bool begins(node heading) const {
    return static_cast<int64_t>(edition::number_of(heading.attr("level"), 1, 100)) <= level;
  }
  void begin(node n) {
    if (has_content) found.insert(n.index());
    has_content = false;
  }
  void look(node parent) {
    for (node child : parent.children()) {
      if (child.is(kind::aside)) continue;
      if (child.is(kind::heading)) {
        if (begins(child)) begin(child);
      } else if (is_part(child)) {
        const bool is_headed = edition::begins_with_heading(child);
        if (child.is(kind::attachment) || (is_headed && begins(*first_heading(child)))) begin(child);
        look(child);
      } else if (!child.is(kind::subtitle)) {
        has_content = true;
      }
    }
  }
  static std::optional<node> first_heading(node n) {
    for (node child : n.children())
      if (child.is(kind::heading)) return child;
    return std::nullopt;
  }
};

}  // namespace

std::set<uint32_t> chapter_begins(calque::document_view document, int64_t split_level) {
  if (split_level == 0) return {};
  chapter_finder finder{split_level, false, {}};
  finder.look(document.root());
  return std::move(finder.found);
}

bool is_right_to_left(calque::document_view document, const edition::reading &reading) {
  if (auto direction = document.root().attr("dir")) return *direction == "rtl";
  return edition::is_right_to_left(reading.main_language());
}

bool escape(std::string_view text, std::string &to) {
  std::string replaced;
  const bool had_forbidden = edition::replace_forbidden(text, replaced);
  for (char c : replaced) {
    if (c == '&')
      to += "&amp;";
    else if (c == '<')
      to += "&lt;";
    else if (c == '>')
      to += "&gt;";
    else if (c == '"')
      to += "&quot;";
    else if (c == '\r')
      to += "&#13;";
    else
      to += c;
  }
  return had_forbidden;
}

std::string one_line(std::string_view text) {
  std::string made;
  for (const char c : text) {
    const bool is_gap = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!is_gap)
      made += c;
    else if (!made.empty() && made.back() != ' ')
      made += ' ';
  }
  if (made.ends_with(' ')) made.pop_back();
  return made;
}

std::string attribute(std::string_view name, std::string_view value) {
  std::string made = " " + std::string(name) + "=\"", escaped;
  escape(value, escaped);
  // As they stand, XML reads them as blanks.
  for (const char c : escaped) {
    if (c == '\n' || c == '\t')
      made += c == '\n' ? "&#10;" : "&#9;";
    else
      made += c;
  }
  return made + "\"";
}

std::string language_attribute(std::string_view tag) {
  return edition::is_language_tag(tag) ? attribute("xml:lang", tag) + attribute("lang", tag) : std::string();
}

std::string page_begin(std::string_view title, std::string_view language, bool is_rtl) {
  std::string made =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" "
      "xmlns:epub=\"http://www.idpf.org/2007/ops\"" +
      language_attribute(language) + (is_rtl ? " dir=\"rtl\"" : "") + ">\n<head>\n<title>";
  escape(title, made);
  return made + "</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n</head>\n";
}

void exporter::run(calque::document_view document, calque::output &out) const {
  if (!modified.empty() && !is_time(modified))
    throw calque::failure("epub.modified-not-a-time", "\"" + modified + "\" is no time in UTC",
                          "write it as 2024-05-01T12:00:00Z");
  const edition::reading reading(document, shown);
  const auto begins = chapter_begins(document, split_level);
  const places nowhere;
  writer first(document, out, reading, begins, nowhere);
  first.write();
  writer second(document, out, reading, begins, first.learnt());
  const book made = second.write();

  std::vector<file> files{
      {"mimetype", "", "application/epub+zip"},
      {"META-INF/container.xml", "", std::string(container_document)},
      {"EPUB/package.opf", "",
       package_document(document, reading, made, modified.empty() ? modified_time(document) : modified)},
      {"EPUB/nav.xhtml", "", navigation_document(document, made)}};
  for (const file &page : made.pages) files.push_back({"EPUB/" + page.path, "", page.bytes});
  files.push_back({"EPUB/style.css", "", std::string(style) + edition::intervention_rules()});
  for (const picture &p : made.pictures) files.push_back({"EPUB/" + p.path, "", std::string(p.bytes)});
  auto to = out.create("application/epub+zip");
  to << container(files);
  to.close();
}

}  // namespace epub
