// SPDX-License-Identifier: Apache-2.0
// The TEI exporter: its stage, and what is said of languages and pages.
#include "tei.hpp"

#include "import.hpp"

CALQUE_PLUGIN("tei", "1.0.0", "Apache-2.0", "https://calque.example.org", tei::import_stage, tei::stage)

namespace tei {
namespace {

constexpr std::string_view shown[] = {"calque.editorial/1", "calque.language/1", "calque.name/1", "calque.date/1",
                                      "calque.term/1"};
constexpr std::string_view shown_with_sentences[] = {"calque.segment/1", "calque.editorial/1", "calque.language/1",
                                                     "calque.name/1",    "calque.date/1",      "calque.term/1"};

}  // namespace

void stage::run(calque::document_view document, calque::output &out) const {
  auto file = out.create("application/tei+xml");
  file << writer(*this, document, out).write();
  file.close();
}

writer::writer(const stage &options, calque::document_view document, calque::output &account)
    : options_(options),
      document_(document),
      account_(account),
      reading_(document, options.sentences ? std::span<const std::string_view>(shown_with_sentences) : shown) {
  find_ids();
  std::set<std::string> used(own_ids_.begin(), own_ids_.end());
  for (const auto &p : reading_.people()) person_ids_[p.what.id()] = p.slug, used.insert(p.slug);
  for (const auto &a : document.annotations("calque.editorial/1")) {
    if (auto agent = a.value("agent"); agent && !agents_.contains(*agent))
      agents_.emplace(*agent, edition::unique_id("agent_" + std::string(*agent), used));
    for (const auto &value : a.values())
      if (value.key == "marks" && value.type == CALQUE_VALUE_REF)
        target_of_.emplace(static_cast<uint32_t>(std::stoul(std::string(value.text))), a.kind());
  }
}

std::string writer::write() {
  account_.emitted(document_.root());
  out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"";
  languages_.emplace_back();
  if (edition::is_language_tag(reading_.main_language())) {
    out_ += attribute("xml:lang", reading_.main_language());
    languages_.back() = reading_.main_language();
  }
  out_ += ">\n";
  note_languages(document_.root().range());
  header();
  out_ += "<text>\n";
  outer("front");
  out_ += "<body>\n";
  body();
  out_ += "</body>\n";
  outer("back");
  out_ += "</text>\n</TEI>\n";
  for (const auto &[index, code] : changed_) account_.not_expressed(document_.at(index), code);
  edition::account_for_marks(document_, account_, said_marks_,
                             {"tei.page-not-expressed", "tei.language-not-expressed", "tei.language-of-nothing"});
  return std::move(out_);
}

void writer::leaf_text(node n, std::string_view text) {
  account_.emitted(n);
  if (escape(text)) changed_.emplace(n.index(), "tei.forbidden-character");
}

std::string writer::language_attribute(node n, std::string_view inherited) {
  const std::string_view own = reading_.language_of(n);
  if (own.empty() || own == inherited || !edition::is_language_tag(own)) return {};
  return attribute("xml:lang", own);
}

std::string writer::agent_reference(std::string_view agent) const {
  auto at = agents_.find(agent);
  return at == agents_.end() ? std::string() : " resp=\"#" + at->second + "\"";
}

std::string date_attributes(std::string_view text) {
  auto escaped = [](std::string_view value) {
    std::string made;
    for (char c : value)
      if (static_cast<unsigned char>(c) > ' ' && c != '"' && c != '<' && c != '&') made += c;
    return made;
  };
  const auto date = edition::read_edtf(text);
  if (!date) {
    const std::string word = escaped(text);
    return word.empty() ? std::string() : " when-custom=\"" + word + "\"";
  }
  std::string made;
  auto put = [&](std::string_view name, const std::string &value) {
    if (value.empty()) return;
    // A time of day without seconds, and the year 0, are of ISO 8601, but not of XML Schema.
    made += " " + std::string(name) + (value.find('T') == std::string::npos && !value.starts_with("0000") ? "" : "-iso") + "=\"" + value + "\"";
  };
  if (!date->is_interval) {
    put("when", date->begin.value);
    put("notBefore", date->begin.first);
    put("notAfter", date->begin.last);
  } else {
    put("from", date->begin.value);
    put("notBefore", date->begin.first);
    put("to", date->end.value);
    put("notAfter", date->end.last);
  }
  if (date->is_uncertain) made += " cert=\"medium\"";
  if (date->is_approximate) made += " precision=\"low\"";
  return made;
}

}  // namespace tei
