// SPDX-License-Identifier: Apache-2.0
// The Dublin Core exporter: the fields of a record as the fifteen elements, in XML (oai_dc) or JSON.
#include "../common/edition.hpp"
#include "../common/json_string.hpp"

#include <calque/calque.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace dublin_core {
namespace {

using calque::kind;
using calque::node;

/// In the order of the element set.
constexpr std::array<std::string_view, 15> elements = {
    "title",      "creator", "subject", "description", "publisher", "contributor", "date",  "type",
    "format",     "identifier", "source", "language",  "relation",  "coverage",    "rights"};

/// Terms that say more than an element does, by the element that they refine.
constexpr std::pair<std::string_view, std::string_view> refinements[] = {
    {"abstract", "description"},        {"table_of_contents", "description"}, {"alternative", "title"},
    {"available", "date"},              {"created", "date"},                  {"date_accepted", "date"},
    {"date_copyrighted", "date"},       {"date_submitted", "date"},           {"issued", "date"},
    {"modified", "date"},               {"valid", "date"},                    {"extent", "format"},
    {"medium", "format"},               {"bibliographic_citation", "identifier"},
    {"spatial", "coverage"},            {"temporal", "coverage"},             {"access_rights", "rights"},
    {"license", "rights"},              {"rights_holder", "rights"},          {"conforms_to", "relation"},
    {"has_format", "relation"},         {"has_part", "relation"},             {"has_version", "relation"},
    {"is_format_of", "relation"},       {"is_part_of", "relation"},           {"is_referenced_by", "relation"},
    {"is_replaced_by", "relation"},     {"is_required_by", "relation"},       {"is_version_of", "relation"},
    {"references", "relation"},         {"replaces", "relation"},             {"requires", "relation"}};

struct value {
  std::string text;
  std::string_view language;
};

/// 1958, 1958-03, 1958-03-29, 1958-03-29T10:30Z: what W3CDTF and EDTF have in common, and EDTF's own characters.
bool looks_like_a_date(std::string_view text) {
  return text.size() >= 4 && text.find_first_not_of("0123456789-TZ:/.~?%XYES+[]{},") == std::string_view::npos &&
         std::count_if(text.begin(), text.begin() + 4, [](char c) { return (c >= '0' && c <= '9') || c == 'X'; }) >= 2;
}

class collector {
 public:
  collector(calque::document_view document, calque::output &account, const calque::call &call)
      : document_(document), account_(account), call_(call), reading_(document, {}) {}

  std::array<std::vector<value>, elements.size()> collect() {
    for (node n : document_.nodes()) account_.not_expressed(n, "dublin_core.body-not-expressed");
    account_.marks_not_expressed("calque.page/1", "dublin_core.body-not-expressed");
    account_.marks_not_expressed("calque.language/1", "dublin_core.body-not-expressed");
    account_.emitted(document_.root());
    for (node field : document_.fields()) add(field);
    // The language of the text is known where no field says it.
    auto &languages = found_[11];
    const std::string_view main = reading_.main_language();
    if (languages.empty() && !main.empty() && main != "und") languages.push_back({std::string(main), {}});
    return std::move(found_);
  }

 private:
  void add(node field) {
    const std::string_view key = field.attr("key").value_or("");
    const auto refined = std::find_if(std::begin(refinements), std::end(refinements), [&](const auto &one) { return one.first == key; });
    const std::string_view element = refined == std::end(refinements) ? key : refined->second;
    const auto at = std::find(elements.begin(), elements.end(), element);
    std::string text = edition::plain_text(document_, field);
    if (at == elements.end() || text.empty()) {
      account_.not_expressed_tree(field, at == elements.end() ? "dublin_core.field-not-expressed" : "dublin_core.field-empty");
      return;
    }
    account_.emitted_tree(field);
    for (node inner : field.descendants()) {
      if (inner.is(kind::aside))
        account_.not_expressed_tree(inner, "dublin_core.note-not-expressed");
      else if (inner.is(kind::image))
        account_.not_expressed(inner, "dublin_core.image-not-expressed");
      else if (inner.is(kind::link))
        account_.not_expressed(inner, "dublin_core.link-not-expressed");
      else if (!inner.is_leaf())
        account_.not_expressed(inner, "dublin_core.formatting-not-expressed");
    }
    if (refined != std::end(refinements)) account_.not_expressed(field, "dublin_core.refinement-folded");
    if (element == "date") text = date(field, std::move(text));
    auto &values = found_[static_cast<size_t>(at - elements.begin())];
    const value made{std::move(text), reading_.language_of(field)};
    // The element set has no order of importance and no use for the same thing twice.
    if (std::none_of(values.begin(), values.end(), [&](const value &v) { return v.text == made.text && v.language == made.language; }))
      values.push_back(made);
    if (field.attr("lang")) return;
    for (uint32_t l = 0; l < document_.layer_count(); ++l) {
      const auto layer = document_.layer(l);
      if (layer.name() != "calque.language/1") continue;
      for (uint32_t k = 0; k < layer.size(); ++k)
        if (edition::reading::covers({layer[k], l, layer.name(), layer[k].range()}, field.range()) && layer[k].value("tag") == made.language)
          account_.emitted(l, layer[k]);
    }
  }

  std::string date(node field, std::string printed) {
    for (const calque::annotation &a : document_.annotations("calque.date/1"))
      if (a.range().begin >= field.range().begin && a.range().end <= field.range().end)
        if (const auto edtf = a.value("edtf"); edtf && !edtf->empty()) return std::string(*edtf);
    if (!looks_like_a_date(printed))
      call_.report(calque::level::info, "dublin_core.date-as-printed", "the date \"" + printed + "\" is written as it is printed",
                   "let the annotator dates run before");
    return printed;
  }

  calque::document_view document_;
  calque::output &account_;
  const calque::call &call_;
  edition::reading reading_;
  std::array<std::vector<value>, elements.size()> found_;
};

void add_xml(std::string &out, std::string_view text) {
  std::string clean;
  edition::replace_forbidden(text, clean);
  for (char c : clean) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\r')
      out += "&#13;";
    else
      out += c;
  }
}

std::string as_xml(const std::array<std::vector<value>, elements.size()> &found) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<oai_dc:dc xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n";
  for (size_t k = 0; k < elements.size(); ++k)
    for (const value &v : found[k]) {
      (out += "  <dc:") += elements[k];
      if (edition::is_language_tag(v.language)) ((out += " xml:lang=\"") += v.language) += '"';
      out += '>';
      add_xml(out, v.text);
      ((out += "</dc:") += elements[k]) += ">\n";
    }
  return out + "</oai_dc:dc>\n";
}

std::string as_json(const std::array<std::vector<value>, elements.size()> &found) {
  std::string out = "{";
  bool is_first = true;
  for (size_t k = 0; k < elements.size(); ++k) {
    if (found[k].empty()) continue;
    out += is_first ? "\n  " : ",\n  ";
    is_first = false;
    edition::add_json_string(out, elements[k]);
    out += ": [";
    for (size_t n = 0; n < found[k].size(); ++n) {
      out += n == 0 ? "{\"value\": " : ", {\"value\": ";
      edition::add_json_string(out, found[k][n].text);
      if (edition::is_language_tag(found[k][n].language)) {
        out += ", \"language\": ";
        edition::add_json_string(out, found[k][n].language);
      }
      out += '}';
    }
    out += ']';
  }
  return out + (is_first ? "}\n" : "\n}\n");
}

struct stage : calque::exporter {
  enum class form_of { xml, json };
  form_of form = form_of::xml;

  static constexpr calque::stage_info info{"calque.dublin_core", "1.0.0", "The record's fields as simple Dublin Core (oai_dc)",
                                           CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      calque::opt("form", &stage::form, "\"xml\"", "oai_dc as XML, or the same elements as JSON", calque::choices("xml", "json")));
  static constexpr auto accepts = calque::list("application/xml", "*.dc");
  static constexpr auto used_layers = calque::list("calque.date/1", "calque.language/1", "calque.page/1");
  static constexpr auto codes = calque::codes(
      calque::code("dublin_core.body-not-expressed", "The file describes the record; the record's text is not in it."),
      calque::code("dublin_core.field-not-expressed", "The fifteen elements have none for this field.", calque::thing::field,
                   calque::effect::dropped),
      calque::code("dublin_core.field-empty", "A field without a value is no element.", calque::thing::field),
      calque::code("dublin_core.refinement-folded", "The value stands under the element that its term refines.",
                   calque::thing::field, calque::effect::changed),
      calque::code("dublin_core.formatting-not-expressed", "An element has the words, not their look.", calque::thing::span),
      calque::code("dublin_core.note-not-expressed", "An element has no notes.", calque::thing::note, calque::effect::dropped),
      calque::code("dublin_core.image-not-expressed", "An element has no images.", calque::thing::image,
                   calque::effect::dropped),
      calque::code("dublin_core.link-not-expressed", "An element has the words of a link, not its address.",
                   calque::thing::link, calque::effect::dropped),
      calque::code("dublin_core.date-as-printed", "A date is in no form that machines read.", calque::thing::field));

  void run(calque::document_view document, calque::output &out, const calque::call &call) const {
    const auto found = collector(document, out, call).collect();
    auto file = out.create(form == form_of::xml ? "application/xml" : "application/json");
    file << (form == form_of::xml ? as_xml(found) : as_json(found));
    file.close();
  }
};

}  // namespace
}  // namespace dublin_core

CALQUE_PLUGIN("dublin_core", "1.0.0", "Apache-2.0", "https://calque.example.org", dublin_core::stage)
