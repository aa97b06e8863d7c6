// SPDX-License-Identifier: Apache-2.0
// The package document (what the book is and what belongs to it) and the navigation document (ways into it).
#include "book.hpp"

#include <algorithm>
#include <cstdlib>

namespace epub {

using calque::kind;
using calque::node;

namespace {

/// Fields that Dublin Core's own elements hold; any other is on the front page only.
constexpr std::pair<std::string_view, std::string_view> elements[] = {{"title", "dc:title"},
                                                                      {"creator", "dc:creator"},
                                                                      {"contributor", "dc:contributor"},
                                                                      {"publisher", "dc:publisher"},
                                                                      {"rights", "dc:rights"},
                                                                      {"subject", "dc:subject"},
                                                                      {"abstract", "dc:description"},
                                                                      {"description", "dc:description"},
                                                                      {"coverage", "dc:coverage"},
                                                                      {"relation", "dc:relation"},
                                                                      {"source", "dc:source"}};

bool has_words(std::string_view text) {
  return text.find_first_not_of(" \t\n\r") != std::string_view::npos;
}

/// The value of a date field as YYYY, YYYY-MM or YYYY-MM-DD: what an annotation on it says, else its own text.
std::string day_of(calque::document_view document, node field) {
  std::string value;
  for (const auto &a : document.annotations("calque.date/1"))
    if (value.empty() && a.range().begin >= field.range().begin && a.range().end <= field.range().end)
      if (auto edtf = a.value("edtf")) value = edition::machine_time(*edtf);
  if (value.empty()) value = edition::machine_time(edition::plain_text(document, field));
  if (value.size() > 10) value.resize(10);
  for (size_t k = 0; k < value.size(); ++k)
    if (k == 4 || k == 7 ? value[k] != '-' : value[k] < '0' || value[k] > '9') return {};
  return value.size() == 4 || value.size() == 7 || value.size() == 10 ? value : std::string();
}

std::string day_of(calque::document_view document, std::string_view key) {
  for (node field : document.fields())
    if (field.attr("key") == key)
      if (std::string day = day_of(document, field); !day.empty()) return day;
  return {};
}

/// Days since 1970 to a date of the proleptic Gregorian calendar; no call that asks for a time zone.
std::string time_of(int64_t seconds) {
  const int64_t day = seconds / 86400, rest = seconds % 86400;
  const int64_t z = day + 719468, era = z / 146097, of_era = z - era * 146097;
  const int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * of_year + 2) / 153;
  const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  auto digits = [](int64_t value, size_t count) {
    std::string made = std::to_string(value);
    return made.size() < count ? std::string(count - made.size(), '0') + made : made;
  };
  return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(of_year - (153 * shifted + 2) / 5 + 1, 2) + "T" +
         digits(rest / 3600, 2) + ":" + digits(rest / 60 % 60, 2) + ":" + digits(rest % 60, 2) + "Z";
}

/// A name for a document that has none: drawn from its text, so that the same text has the same name.
std::string name_of_text(calque::document_view document) {
  std::string made = "urn:uuid:";
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (uint64_t seed : {0xcbf29ce484222325u, 0x9ae16a3b2f90404fu}) {
    uint64_t hash = seed;
    auto add = [&](std::string_view bytes) {
      for (char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    };
    add(document.text());
    for (uint32_t k = 0; k < document.raw().source_count; ++k)
      add({reinterpret_cast<const char *>(document.raw().sources[k]->sha256), 32});
    for (int shift = 60; shift >= 0; shift -= 4) hex += digits[(hash >> shift) & 15];
  }
  hex[12] = '8';  // a UUID of its maker's own kind (RFC 9562)
  hex[16] = digits[8 | ((hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10) & 3)];
  for (size_t k = 0; k < hex.size(); ++k) {
    if (k == 8 || k == 12 || k == 16 || k == 20) made += '-';
    made += hex[k];
  }
  return made;
}

std::string element(std::string_view name, std::string_view text, std::string_view attributes = {}) {
  std::string made = "<" + std::string(name) + std::string(attributes) + ">";
  escape(text, made);
  return made + "</" + std::string(name) + ">\n";
}

std::string property(std::string_view name, std::string_view text) {
  return element("meta", text, " property=\"" + std::string(name) + "\"");
}

/// The title stands first, and values of one name stand together, in whatever order the front page has them: a book
/// that is read again has the same package.
std::vector<node> fields_in_order(calque::document_view document) {
  auto fields = document.fields();
  const auto title = std::find_if(fields.begin(), fields.end(),
                                  [](node field) { return field.attr("key") == "title" && !field.range().is_empty(); });
  const bool is_titled = title != fields.end();
  if (is_titled) std::rotate(fields.begin(), title, title + 1);
  std::map<std::string, size_t> first;
  std::vector<std::pair<size_t, node>> places;
  for (size_t k = 0; k < fields.size(); ++k)
    places.emplace_back(k == 0 && is_titled ? 0 : first.try_emplace(edition::name_of_field(fields[k]), k).first->second,
                        fields[k]);
  std::stable_sort(places.begin(), places.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  std::transform(places.begin(), places.end(), fields.begin(), [](const auto &one) { return one.second; });
  return fields;
}

std::string metadata(calque::document_view document, const edition::reading &reading, const book &made,
                     std::string_view modified) {
  std::string out = "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n";
  std::string identifier;
  if (auto field = document.field("identifier")) identifier = edition::plain_text(document, *field);
  if (!has_words(identifier)) identifier = document.root().attr("epub.identifier").value_or("");
  out += element("dc:identifier", has_words(identifier) ? identifier : name_of_text(document), " id=\"id\"");
  bool has_title = false, has_source = false, has_date = false;
  for (node field : fields_in_order(document)) {
    const std::string text = edition::plain_text(document, field);
    if (!has_words(text)) continue;
    const auto key = field.attr("key").value_or("");
    if (const std::string day = key == "date" && !has_date ? day_of(document, field) : std::string(); !day.empty()) {
      out += element("dc:date", day);
      has_date = true;
    }
    for (const auto &[of, name] : elements) {
      if (of != key) continue;
      const bool is_page_source = key == "source" && !has_source && !made.page_list.empty();
      out += element(name, text,
                     (is_page_source ? " id=\"source\"" : "") +
                         (field.attr("lang") && edition::is_language_tag(*field.attr("lang"))
                              ? attribute("xml:lang", *field.attr("lang"))
                              : std::string()));
      has_title = has_title || key == "title";
      has_source = has_source || is_page_source;
    }
    if (key == "bibliographic_citation") out += property("dcterms:bibliographicCitation", text);
  }
  if (!has_title) out += element("dc:title", edition::title_of(document));
  if (has_source) out += "<meta refines=\"#source\" property=\"source-of\">pagination</meta>\n";
  const bool has_language = edition::is_language_tag(reading.main_language());
  out += element("dc:language", has_language ? reading.main_language() : "und");
  out += property("dcterms:modified", modified);

  // By this the importer knows what it may take for parts of an edition.
  out += "<meta name=\"generator\" content=\"Calque\"/>\n";
  const bool has_pictures = !made.pictures.empty(), has_pages = !made.page_list.empty();
  out += property("schema:accessMode", "textual");
  if (has_pictures) out += property("schema:accessMode", "visual");
  if (made.all_pictures_are_described) out += property("schema:accessModeSufficient", "textual");
  if (has_pictures && !made.all_pictures_are_described)
    out += property("schema:accessModeSufficient", "textual,visual");
  for (std::string_view feature :
       {"structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"})
    out += property("schema:accessibilityFeature", feature);
  if (has_pictures && made.all_pictures_are_described)
    out += property("schema:accessibilityFeature", "alternativeText");
  if (has_pages)
    out += property("schema:accessibilityFeature", "pageBreakMarkers") +
           property("schema:accessibilityFeature", "pageNavigation");
  out += property("schema:accessibilityHazard", "none");
  std::string summary = "The text flows, has a table of contents" +
                        std::string(has_pages ? ", keeps the page numbers of its source" : "") +
                        " and names the languages in it.";
  if (has_pictures)
    summary += made.all_pictures_are_described ? " All pictures are described."
                                               : " Some pictures have no description, for the source has none.";
  out += element("meta", summary, " property=\"schema:accessibilitySummary\" xml:lang=\"en\"");
  return out + "</metadata>\n";
}

std::string item(std::string_view id, std::string_view href, std::string_view type, std::string_view more = {}) {
  return "<item id=\"" + std::string(id) + "\"" + attribute("href", href) + attribute("media-type", type) +
         std::string(more) + "/>\n";
}

std::string line(const entry &e) {
  std::string made = "<a" + attribute("href", e.href) + edition::language_attribute(e.language, true) + ">";
  escape(e.text, made);
  return made + "</a>";
}

}  // namespace

std::string modified_time(calque::document_view document) {
  for (std::string_view key : {"modified", "date"})
    if (const std::string day = day_of(document, key); day.size() == 10) return day + "T00:00:00Z";
  constexpr int64_t last_second_of_9999 = 253402300799;
  if (const char *text = std::getenv("SOURCE_DATE_EPOCH"); text != nullptr && *text != '\0') {
    char *end = nullptr;
    const long long seconds = std::strtoll(text, &end, 10);
    if (*end == '\0' && seconds >= 0 && seconds <= last_second_of_9999) return time_of(seconds);
  }
  return time_of(0);
}

std::string package_document(calque::document_view document, const edition::reading &reading, const book &made,
                             std::string_view modified) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
      "unique-identifier=\"id\"" +
      (edition::is_language_tag(reading.main_language()) ? attribute("xml:lang", reading.main_language())
                                                         : std::string()) +
      ">\n" + metadata(document, reading, made, modified) + "<manifest>\n" +
      item("nav", "nav.xhtml", "application/xhtml+xml", " properties=\"nav\"") + item("style", "style.css", "text/css");
  for (const file &page : made.pages) out += item(page.path.substr(0, page.path.find('.')), page.path, page.media_type);
  for (size_t k = 0; k < made.pictures.size(); ++k)
    out += item("image-" + std::to_string(k + 1), made.pictures[k].path, made.pictures[k].media_type);
  out += "</manifest>\n<spine";
  if (is_right_to_left(document, reading)) out += " page-progression-direction=\"rtl\"";
  out += ">\n";
  // The contents stand behind the front page, for systems that show no list of their own.
  for (size_t k = 0; k < made.pages.size(); ++k) {
    const std::string &path = made.pages[k].path;
    out += "<itemref idref=\"" + path.substr(0, path.find('.')) + "\"/>\n";
    if (k == 0) out += "<itemref idref=\"nav\"/>\n";
  }
  return out + "</spine>\n</package>\n";
}

std::string navigation_document(calque::document_view document, const book &made) {
  std::string out = page_begin("Contents", "en", false);
  out +=
      "<body>\n<nav epub:type=\"toc\" role=\"doc-toc\" aria-labelledby=\"contents\">\n<h1 "
      "id=\"contents\">Contents</h1>\n<ol>\n";
  std::vector<entry> contents = made.contents;
  if (contents.empty()) contents.push_back({edition::title_of(document), made.pages[1].path, {}, 1});
  std::vector<int64_t> open;  // levels of the entries around the next
  for (const entry &e : contents) {
    if (!open.empty() && e.level > open.back()) {
      out += "\n<ol>\n";
    } else {
      while (!open.empty() && open.back() >= e.level) {
        out += "</li>\n";
        open.pop_back();
        if (!open.empty() && open.back() >= e.level) out += "</ol>\n";
      }
    }
    out += "<li>" + line(e);
    open.push_back(e.level);
  }
  while (!open.empty()) {
    out += "</li>\n";
    open.pop_back();
    if (!open.empty()) out += "</ol>\n";
  }
  out += "</ol>\n</nav>\n";
  if (!made.page_list.empty()) {
    out += "<nav epub:type=\"page-list\" role=\"doc-pagelist\" aria-label=\"Pages\" hidden=\"hidden\">\n<ol>\n";
    for (const entry &e : made.page_list) out += "<li>" + line(e) + "</li>\n";
    out += "</ol>\n</nav>\n";
  }
  out += "<nav epub:type=\"landmarks\" aria-label=\"Landmarks\" hidden=\"hidden\">\n<ol>\n";
  out += "<li><a epub:type=\"titlepage\" href=\"front.xhtml\">Title page</a></li>\n";
  out += "<li><a epub:type=\"toc\" href=\"nav.xhtml\">Contents</a></li>\n";
  out += "<li><a epub:type=\"bodymatter\"" + attribute("href", made.pages[1].path) + ">Begin of the text</a></li>\n";
  return out + "</ol>\n</nav>\n</body>\n</html>\n";
}

}  // namespace epub
