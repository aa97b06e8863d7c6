// SPDX-License-Identifier: Apache-2.0
// The FRUS-TEI exporter: its stage, ids, and what is said of pages and languages.
#include "frus_tei.hpp"

CALQUE_PLUGIN("frus_tei", "1.0.0", "Apache-2.0", "https://calque.example.org", frus_tei::stage)

namespace frus_tei {

using calque::kind;

namespace {

constexpr std::string_view shown[] = {"calque.editorial/1", "calque.language/1", "calque.name/1", "calque.date/1"};

bool is_name(std::string_view id) {
  std::set<std::string> none;
  return !id.empty() && edition::unique_id(id, none) == id;
}

}  // namespace

void stage::run(calque::document_view document, calque::output &out) const {
  auto file = out.create("application/tei+xml");
  file << writer(document, out).write();
  file.close();
}

writer::writer(calque::document_view document, calque::output &account)
    : document_(document), account_(account), reading_(document, shown) {
  for (node n : document.nodes()) {
    auto id = n.attr("id");
    if (!id || !is_name(*id)) continue;
    own_ids_.emplace(*id);
    if (element_of(n) == "persName") names_.emplace(*id);
    if (element_of(n) == "term") terms_.emplace(*id);
  }
  for (const auto &page : document.annotations("calque.page/1")) {
    std::string id = "pg_";
    for (char c : page.value("n").value_or(""))
      if (c != '[' && c != ']') id += c;
    if (id.size() > 3 && is_name(id)) pages_.insert(id);
  }
}

std::string writer::write() {
  account_.emitted(document_.root());
  std::string id(document_.root().attr("id").value_or(""));
  for (node field : document_.fields())
    if (field.attr("key") == "identifier" &&
        (field.attr("tei.type") == "frus" || (id.empty() && !field.attr("tei.type"))))
      if (std::string text = edition::plain_text(document_, field); is_name(text)) id = text;
  if (!is_name(id)) id = "document";
  out_ =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\" "
      "xmlns:frus=\"http://history.state.gov/frus/ns/1.0\"";
  if (!own_ids_.contains(id) || document_.root().attr("id") == id)
    used_ids_.insert(id), out_ += attribute("xml:id", id);
  if (edition::is_language_tag(reading_.main_language())) out_ += attribute("xml:lang", reading_.main_language());
  out_ += ">\n";
  for (const auto *m : reading_.language_marks().touching(document_.root().range()))
    if (m->what.value("tag") == reading_.main_language()) said_marks_.emplace(m->layer, m->what.index());
  header();
  text();
  out_ += "</TEI>\n";
  for (const auto &[index, code] : changed_) account_.not_expressed(document_.at(index), code);
  constexpr std::string_view language = "frus_tei.language-not-expressed";
  edition::account_for_marks(document_, account_, said_marks_, {"frus_tei.page-not-expressed", language, language});
  return std::move(out_);
}

/// The id that links of the source use, or the one wished for; each stands once in the file.
std::string writer::id_of(node n, std::string_view wish) {
  if (auto own = n.attr("id"); own && is_name(*own) && used_ids_.insert(std::string(*own)).second)
    return std::string(*own);
  std::string made(wish);
  for (int k = 2; own_ids_.contains(made) || !used_ids_.insert(made).second; ++k)
    made = std::string(wish) + "_" + std::to_string(k);
  return made;
}

/// Language of a node, where it is not that of what is around it.
std::string writer::common(node n) {
  std::string made;
  if (auto own = n.attr("lang"); own && edition::is_language_tag(*own)) made += attribute("xml:lang", *own);
  for (const edition::mark *m : reading_.language_marks().touching(n.range()))
    if (edition::reading::covers(*m, n.range())) {
      const auto tag = m->what.value("tag").value_or("");
      if (!edition::is_language_tag(tag)) continue;
      if (made.empty() && tag != reading_.main_language()) made = attribute("xml:lang", tag);
      said_marks_.emplace(m->layer, m->what.index());
    }
  return made;
}

}  // namespace frus_tei
