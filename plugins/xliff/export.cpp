// SPDX-License-Identifier: Apache-2.0
// The XLIFF exporter: its stage, languages, groups, and what the file says of where the text comes from.
#include "export.hpp"

#include <algorithm>

#include "vocabulary.hpp"

namespace xliff {

using calque::kind;

namespace {

constexpr std::string_view marked[] = {"calque.language/1", "calque.editorial/1", "calque.term/1", "calque.issue/1"};

std::string hexadecimal(const uint8_t (&digest)[32]) {
  constexpr char digits[] = "0123456789abcdef";
  std::string made;
  for (uint8_t byte : digest) made += digits[byte >> 4], made += digits[byte & 15];
  return made;
}

/// Fields that are no language, and remarks on the text: a translator leaves them as they are.
bool stays_as_it_is(calque::node n) {
  constexpr std::string_view keys[] = {"identifier",  "date",      "language",      "format",        "calque.original_language",
                                       "calque.to",   "calque.cc", "calque.bcc",    "calque.sender", "calque.reply_to",
                                       "calque.member"};
  if (!n.is(kind::aside)) return false;
  return n.attr("role") == "comment" ||
         std::find(std::begin(keys), std::end(keys), n.attr("key").value_or("")) != std::end(keys);
}

/// The language that the document, or each of its parts, says of itself; empty when there is none, or more than one.
std::string_view said_language(calque::document_view document) {
  if (auto language = document.root().attr("lang")) return *language;
  std::string_view found;
  for (calque::node n : document.root().children()) {
    if (n.is(kind::aside)) continue;
    const std::string_view language = n.attr("lang").value_or("");
    if (language.empty() || (!found.empty() && language != found)) return {};
    found = language;
  }
  return found;
}

}  // namespace

void export_stage::run(calque::document_view document, calque::output &out, const calque::call &call) const {
  auto file = out.create("application/xliff+xml");
  file << writer(*this, document, out, call).write();
  file.close();
}

writer::writer(const export_stage &options, calque::document_view document, calque::output &account,
               const calque::call &call)
    : options_(options),
      document_(document),
      account_(account),
      call_(call),
      reading_(document, {}),
      marks_(document, marked),
      segments_(document.annotations("calque.segment/1")),
      pages_(document.annotations("calque.page/1")),
      match_list_(document.annotations("calque.match/1")) {
  languages();
  for (const annotation &s : segments_) segment_at_.emplace(std::pair(s.range().begin, s.range().end), s.id());
  for (const annotation &t : document.annotations("calque.translation/1")) {
    if (t.value("lang").value_or(target_language_) != target_language_) continue;
    uint32_t segment = 0;
    if (auto reference = t.value("segment")) segment = static_cast<uint32_t>(std::stoul(std::string(*reference)));
    else if (auto at = segment_at_.find({t.range().begin, t.range().end}); at != segment_at_.end()) segment = at->second;
    if (segment != 0) targets_.insert_or_assign(segment, t);
  }
}

void writer::languages() {
  for (const std::string *wish : {&options_.source_language, &options_.target_language})
    if (!wish->empty() && !is_language(*wish))
      throw calque::failure("xliff.bad-language", "\"" + *wish + "\" is no language tag", "write a BCP 47 tag, as en");
  source_language_ = options_.source_language;
  if (source_language_.empty()) source_language_ = reading_.main_language();
  if (source_language_.empty()) source_language_ = said_language(document_);
  if (!is_language(source_language_)) {
    source_language_ = "und";
    call_.report(calque::level::warning, "xliff.source-language-unknown",
                 "nothing says which language the record is in, so srcLang is und",
                 "set the option source_language, or mark languages before");
  }
  target_language_ = options_.target_language;
  if (target_language_.empty())
    if (auto field = document_.field("calque.target_language")) target_language_ = field->text();
  if (target_language_.empty()) {
    std::set<std::string_view> named;
    for (const annotation &t : document_.annotations("calque.translation/1"))
      if (auto language = t.value("lang")) named.insert(*language);
    if (named.size() == 1) target_language_ = *named.begin();
  }
  if (target_language_.empty())
    throw calque::failure("xliff.no-target-language", "nothing says which language the record is to be translated into",
                          "set the option target_language, as en");
  if (!is_language(target_language_))
    throw calque::failure("xliff.bad-language", "\"" + target_language_ + "\" is no language tag",
                          "write a BCP 47 tag, as en");
}

std::string writer::write() {
  account_.emitted(document_.root());
  for (node leaf : document_.root().leaves())
    if (!leaf.range().is_empty()) last_text_ = leaf.range().end;
  out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff xmlns=\"" + std::string(core_space) +
         "\" version=\"2.1\"" + attribute("srcLang", source_language_) + attribute("trgLang", target_language_) +
         "\n xmlns:mda=\"" + std::string(metadata_space) + "\" xmlns:mtc=\"" + std::string(matches_space) +
         "\" xmlns:gls=\"" + std::string(glossary_space) + "\"\n xmlns:its=\"" + std::string(its_space) +
         "\" xmlns:itsm=\"" + std::string(itsm_space) + "\" its:version=\"2.0\">\n";
  const auto &raw = document_.raw();
  std::string attributes = " id=\"f1\"";
  if (raw.source_count > 0) attributes += attribute("original", calque::view(raw.sources[0]->name));
  attributes += " canResegment=\"no\" xml:space=\"preserve\"";
  if (auto dir = document_.root().attr("dir"); dir == "ltr" || dir == "rtl") attributes += attribute("srcDir", *dir);
  start("file", attributes);
  out_ += "\n";
  std::string metadata;
  for (uint32_t k = 0; k < raw.source_count; ++k) {
    const calque_source &source = *raw.sources[k];
    metadata += "<mda:metaGroup category=\"calque:source\">" + meta("name", calque::view(source.name)) +
                meta("sha256", hexadecimal(source.sha256)) + meta("size", std::to_string(source.size)) +
                "</mda:metaGroup>";
  }
  metadata += attribute_group(document_.root(), "a0");
  if (!metadata.empty()) out_ += "<mda:metadata>" + metadata + "</mda:metadata>\n";
  const size_t before = out_.size();
  children(document_.root());
  // A file holds a unit or a group at least.
  if (out_.size() == before) out_ += "<group id=\"g0\"/>\n";
  out_ += "</file>\n</xliff>\n";
  account_for_marks();
  return std::move(out_);
}

void writer::children(node parent) {
  for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
    const node n = document_.at(i);
    if (edition::is_inline(n)) {
      const uint32_t end = edition::end_of_inlines(document_, parent, i);
      unit(parent, i, end);
      i = end;
      continue;
    }
    if (n.is_text_block() && n.end_index() > i + 1)
      unit(n, i + 1, n.end_index());
    else
      group(n);
    i = n.end_index();
  }
}

void writer::group(node n) {
  account_.emitted(n);
  start("group", " id=\"g" + std::to_string(n.id()) + "\"" + place_attributes(n, n.kind_name()) +
                     (stays_as_it_is(n) ? " translate=\"no\"" : ""));
  out_ += "\n";
  if (const std::string own = attribute_group(n, "a" + std::to_string(n.id())); !own.empty())
    out_ += "<mda:metadata>" + own + "</mda:metadata>\n";
  children(n);
  out_ += "</group>\n";
}

/// What a unit or a group says of the block that it is: kind, name, direction, language.
std::string writer::place_attributes(node n, std::string_view kind_name) {
  std::string made = attribute("type", std::string(own_prefix) + std::string(kind_name));
  if (n.is(kind::aside) && kind_name == "aside") {
    const std::string role(n.attr("role").value_or("note"));
    made += attribute("name", role == "field" ? std::string(n.attr("key").value_or("")) : role);
  }
  if (auto dir = n.attr("dir"); dir == "ltr" || dir == "rtl") made += attribute("srcDir", *dir);
  if (auto language = n.attr("lang"); language && is_language(*language))
    made += attribute("itsm:lang", *language);
  return made;
}

std::string writer::element(std::string_view name, std::string_view attributes, std::string_view text) {
  std::string before = std::move(out_);
  out_.clear();
  start(name, attributes);
  escape(text);
  end(name);
  std::swap(before, out_);
  return before;
}

std::string writer::meta(std::string_view type, std::string_view value) {
  return element("mda:meta", attribute("type", type), value);
}

/// The attributes of a node that XLIFF has no place for. Empty when there are none.
std::string writer::attribute_group(node n, std::string_view id) {
  std::string made;
  n.each_attr([&](std::string_view key, std::string_view value) {
    if (key == "dir" && (value == "ltr" || value == "rtl")) return;
    if (n.is(kind::link) && key == "href") return;
    if (n.is(kind::image) && key == "resource") return;
    if (key == "aside" && n.is_leaf()) return;
    if (key == "xliff.id") return;  // of the file that was read; this one has ids of its own
    if (key == "lang" && is_language(value) && !edition::is_inline(n) && n.index() != 0) return;
    made += meta(key, value);
  });
  if (made.empty()) return made;
  return "<mda:metaGroup category=\"calque:attributes\"" + attribute("id", id) + ">" + made + "</mda:metaGroup>";
}

/// The units that an aside becomes; those of further asides in it are called from within.
std::vector<std::string> writer::units_below(node parent) const {
  std::vector<std::string> found;
  for (uint32_t i = parent.index() + 1; i < parent.end_index();) {
    const node n = document_.at(i);
    if (edition::is_inline(n)) {
      found.push_back("u" + std::to_string(n.id()));
      i = edition::end_of_inlines(document_, parent, i);
      continue;
    }
    if (n.is_text_block()) {
      if (n.end_index() > i + 1) found.push_back("u" + std::to_string(n.id()));
      i = n.end_index();
    } else if (n.is(kind::aside)) {
      i = n.end_index();
    } else {
      const auto inner = units_below(n);
      found.insert(found.end(), inner.begin(), inner.end());
      i = n.end_index();
    }
  }
  return found;
}

void writer::account_for_marks() {
  for (uint32_t index : by_name_) account_.not_expressed(document_.at(index), "xliff.image-by-name");
  for (uint32_t l = 0; l < document_.layer_count(); ++l) {
    const auto layer = document_.layer(l);
    for (uint32_t k = 0; k < layer.size(); ++k) {
      const annotation a = layer[k];
      if (layer.name() == "calque.page/1") {
        if (said_pages_.contains(a.id())) account_.emitted(l, a);
        else account_.not_expressed(l, a, "xliff.page-not-expressed");
      } else if (layer.name() == "calque.language/1") {
        if (said_marks_.contains({l, k})) account_.emitted(l, a);
        else
          account_.not_expressed(l, a, a.range().is_empty() ? "xliff.language-of-nothing" : "xliff.language-not-expressed");
      }
    }
  }
  auto report = [&](size_t count, std::string_view code, std::string_view what) {
    if (count > 0) call_.report(calque::level::warning, code, std::to_string(count) + " " + std::string(what));
  };
  report(document_.annotations("calque.translation/1").size() - said_targets_.size(), "xliff.target-left-out",
         "translations are not in the file");
  report(match_list_.size() - said_matches_.size(), "xliff.match-left-out", "memory matches are not in the file");
  report(unknown_codes_, "xliff.target-code-unknown", "translations have codes that their units do not have");
}

}  // namespace xliff
