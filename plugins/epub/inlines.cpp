// SPDX-License-Identifier: Apache-2.0
// Inlines, marks, page breaks, pictures and note calls of the book; what is said of ids and languages.
#include "book.hpp"

#include <algorithm>

namespace epub {

using calque::kind;
using edition::step;

namespace {

/// A name that XML takes, and that is none of those that the writer makes itself.
bool is_free_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || !is_letter(name.front())) return false;
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
  return !name.starts_with("person-") && !name.starts_with("page-");
}

}  // namespace

void writer::inlines(uint32_t first, uint32_t last, calque::text_range said_by_block) {
  const size_t outside = open_.size();
  for (const step &s : reading_.steps(first, last)) {
    switch (s.does) {
      case step::what::open_node:
        open_inline(document_.at(s.node));
        break;
      case step::what::open_mark:
        open_mark(*s.mark, said_by_block);
        break;
      case step::what::close_node:
      case step::what::close_mark: {
        const std::string element = std::move(open_.back());
        open_.pop_back();
        if (element == "a") --in_link_;
        if (!element.empty()) end(element);
        break;
      }
      case step::what::leaf:
        leaf(document_.at(s.node), s.range);
        break;
      case step::what::point:
        point(*s.mark);
        break;
    }
  }
  for (; open_.size() > outside; open_.pop_back())
    if (!open_.back().empty()) end(open_.back());
}

void writer::put(std::string_view element, std::string_view attributes) {
  if (!element.empty()) start(element, attributes);
  open_.emplace_back(element);
}

void writer::open_inline(node n) {
  account_.emitted(n);
  note_languages(n.range());
  const std::string attributes = (targets_.contains(n.index()) ? id(n) : std::string()) + language_attributes(n);
  switch (n.kind()) {
    case kind::emphasis:
      return put("em", attributes);
    case kind::strong:
      return put("strong", attributes);
    case kind::underline:
      return put("span", " class=\"underline\"" + attributes);
    case kind::strikeout:
      return put("s", attributes);
    case kind::superscript:
      return put("sup", attributes);
    case kind::subscript:
      return put("sub", attributes);
    case kind::small_caps:
      return put("span", " class=\"small-caps\"" + attributes);
    case kind::quoted:
      return put("span", " class=\"quoted\"" + attributes);
    case kind::citation:
      return put("cite", attributes);
    case kind::link:
      return open_link(n, attributes);
    case kind::span:
      return put("span", attributes);
    default:
      changed_.emplace(n.index(), "epub.unknown-kind");
      return put("span", attribute("data-kind", n.kind_name()) + attributes);
  }
}

/// Nothing in a container can be reached by a relative address: links lead to the web or within the book.
void writer::open_link(node n, const std::string &attributes) {
  std::string title;
  if (auto text = n.attr("title")) title = attribute("title", *text);
  const auto target = n.attr("href");
  if (!target) return put("span", attributes + title);
  std::optional<std::string> to;
  if (target->starts_with('#')) {
    if (auto place = named_.find(target->substr(1)); place != named_.end())
      to = href(name_of(document_.at(place->second)));
    else
      to = href(target->substr(1));
  } else if (edition::can_follow(*target) &&
             (target->find("://") != std::string_view::npos || target->starts_with("mailto:"))) {
    to = edition::uri(*target);
  }
  if (to && in_link_ == 0) {
    ++in_link_;
    return put("a", attribute("href", *to) + attributes + title);
  }
  changed_.emplace(n.index(), "epub.link-not-followed");
  put("span", attributes + title + attribute("data-target", *target));
}

void writer::open_mark(const edition::mark &m, calque::text_range said_by_block) {
  const auto kind = m.what.kind();
  if (m.is_bracket) return put("span", " class=\"bracket\"");
  if (m.name == "calque.editorial/1") {
    if (kind == "marked") {
      // The first of its pieces is the one that links lead to.
      const bool is_first = marked_.insert(m.what.id()).second;
      const std::string own = "a" + std::to_string(m.what.id());
      return put("span", " class=\"marked\"" + (is_first && used_names_.insert(own).second ? id(own) : std::string()));
    }
    const auto *shown = edition::find_intervention(kind);
    if (!shown) return put("span", attribute("class", kind));
    std::string language;
    if (auto tag = m.what.value("lang")) language = language_attributes(*tag);
    return put("span", attribute("class", "ed " + std::string(kind)) +
                           attribute("title", edition::explain(*shown, m.what)) + language);
  }
  if (m.name == "calque.language/1") {
    const auto tag = m.what.value("tag").value_or("");
    if (edition::reading::covers(m, said_by_block) || !edition::is_language_tag(tag)) return put({});
    said_marks_.emplace(m.layer, m.what.index());
    return put("span", language_attribute(tag) + " dir=\"auto\"");
  }
  if (m.name == "calque.date/1") {
    const auto edtf = m.what.value("edtf").value_or("");
    const std::string time = edition::machine_time(edtf);
    if (time.empty()) return put("span", " class=\"date\"" + attribute("title", edtf));
    return put("time", attribute("datetime", time) + attribute("title", edtf));
  }
  if (m.name == "calque.term/1") return put("span", " class=\"term\"");
  // calque.name/1: a mark on a block says something of that block, not of the words in it.
  if (auto id = m.what.node_id()) {
    auto n = reading_.ids().node(*id);
    if (n && !edition::is_inline(*n)) return put({});
  }
  put("span", attribute("class", "name " + std::string(kind)));
}

void writer::leaf(node n, calque::text_range range) {
  const std::string_view text = document_.text(range);
  switch (n.kind()) {
    case kind::line_break:
      account_.emitted(n);
      out_ += "<br/>";
      return;
    case kind::code:
      out_ += "<code>";
      leaf_text(n, text);
      out_ += "</code>";
      return;
    case kind::math:
      out_ += "<span class=\"math\">";
      leaf_text(n, text);
      out_ += "</span>";
      return;
    case kind::raw:
      out_ += "<code class=\"raw\">";
      leaf_text(n, text);
      out_ += "</code>";
      return;
    case kind::image:
      return image(n);
    case kind::anchor:
      return call(n);
    default:
      leaf_text(n, text);
  }
}

/// The number that calls a note; the first one carries the id that the notes lead back to.
void writer::call(node n) {
  account_.emitted(n);
  const auto asides = reading_.asides_of(n);
  const std::string own = name_of(n);
  if (asides.empty()) out_ += "<span" + id(own) + "></span>";
  if (!n.range().is_empty()) leaf_text(n, n.text());
  bool is_first = true;
  for (node aside : asides) {
    notes_.push_back({aside, own, ++note_count_});
    const std::string number = std::to_string(note_count_);
    const std::string place = is_first ? id(own) : std::string();
    is_first = false;
    const auto to = in_link_ == 0 ? href(name_of(aside)) : std::nullopt;
    start("sup", " class=\"call\"" + place);
    if (to)
      out_ += "<a epub:type=\"noteref\" role=\"doc-noteref\"" + attribute("href", *to) +
              attribute("aria-label", "Note " + number) + ">" + number + "</a>";
    else
      out_ += number;
    out_ += "</sup>";
  }
}

/// Only what every reading system shows is taken, and only if the bytes are what the type says.
const picture *writer::find_picture(std::string_view resource, std::string_view &why_not) {
  if (auto known = pictures_.find(resource); known != pictures_.end()) {
    if (!known->second) why_not = no_pictures_[resource];
    return known->second ? &book_.pictures[*known->second] : nullptr;
  }
  pictures_.emplace(resource, std::nullopt);
  std::string_view code = "epub.image-missing";
  const calque_document &raw = document_.raw();
  for (uint32_t k = 0; k < raw.resource_count; ++k) {
    const calque_resource &r = *raw.resources[k];
    if (calque::view(r.name) != resource) continue;
    const std::string_view bytes(reinterpret_cast<const char *>(r.data), r.size);
    const bool is_png = bytes.starts_with("\x89PNG\r\n\x1a\n") && bytes.size() >= 33 && bytes.substr(12, 4) == "IHDR";
    const bool is_jpeg = bytes.starts_with("\xFF\xD8\xFF") && bytes.size() > 20;
    const bool is_gif = (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) && bytes.size() > 12;
    if (!is_png && !is_jpeg && !is_gif) {
      code = "epub.image-not-expressed";
      break;
    }
    const std::string_view suffix = is_png ? ".png" : is_jpeg ? ".jpg" : ".gif";
    const std::string_view type = is_png ? "image/png" : is_jpeg ? "image/jpeg" : "image/gif";
    pictures_[resource] = book_.pictures.size();
    book_.pictures.push_back(
        {"images/image-" + std::to_string(book_.pictures.size() + 1) + std::string(suffix), std::string(type), bytes});
    return &book_.pictures.back();
  }
  why_not = no_pictures_[resource] = code;
  return nullptr;
}

void writer::image(node n) {
  account_.emitted(n);
  const auto name = n.attr("resource");
  std::string alternative(n.text());
  for (node aside : reading_.asides_of(n)) {
    // An alternative text is one string: notes that it calls are called by the image.
    for (uint32_t i = aside.index(); i < aside.end_index();) {
      const node part = document_.at(i);
      const bool is_nested = part.is(kind::aside) && i > aside.index();
      if (!is_nested) account_.emitted(part);
      i = is_nested ? part.end_index() : i + 1;
    }
    for (node further : reading_.asides_below(aside)) notes_.push_back({further, name_of(n), ++note_count_});
    if (!alternative.empty()) alternative += ' ';
    alternative += edition::plain_text(document_, aside);
  }
  std::string_view why_not = "epub.image-missing";
  const picture *found = name ? find_picture(*name, why_not) : nullptr;
  if (found) {
    if (alternative.empty()) book_.all_pictures_are_described = false;
    std::string attributes = id(n) + attribute("src", found->path) + attribute("alt", alternative);
    if (auto title = n.attr("title")) attributes += attribute("title", *title);
    out_ += "<img" + attributes + "/>";
    return;
  }
  changed_.emplace(n.index(), why_not);
  start("span", id(n) + " class=\"image\"" + (name ? attribute("title", *name) : std::string()));
  // In brackets: it is no word of the line, and would be one with the word before it.
  if (!alternative.empty()) escape("[" + std::string(alternative) + "]", out_);
  end("span");
}

void writer::point(const edition::mark &m) {
  if (m.name != "calque.page/1") return;
  const auto number = m.what.value("n");
  const bool has_number = number && number->find_first_not_of(" \t\n\r") != std::string_view::npos;
  const std::string name = has_number ? "page " + std::string(*number) : "page break";
  const std::string own = "page-" + std::to_string(++page_count_);
  start("span",
        id(own) + " class=\"page\" epub:type=\"pagebreak\" role=\"doc-pagebreak\"" + attribute("aria-label", name));
  escape(name, out_);
  end("span");
  if (has_number) book_.page_list.push_back({std::string(*number), path_ + "#" + own, {}});
  said_marks_.emplace(m.layer, m.what.index());
}

void writer::start(std::string_view element, std::string_view attributes) {
  out_ += '<';
  out_ += element;
  out_ += attributes;
  out_ += '>';
}

void writer::end(std::string_view element) {
  out_ += "</";
  out_ += element;
  out_ += '>';
}

void writer::leaf_text(node n, std::string_view text) {
  account_.emitted(n);
  if (escape(text, out_)) changed_.emplace(n.index(), "epub.forbidden-character");
}

std::string writer::id(std::string_view name) {
  learnt_.emplace(name, path_);
  return attribute("id", name);
}

std::string writer::id(node n) {
  return id(name_of(n));
}

void writer::find_names() {
  for (const char *fixed : {"cast", "legend", "contents"}) used_names_.insert(fixed);
  for (node n : document_.nodes()) {
    const auto own = n.attr("id");
    if (own && is_free_name(*own) && used_names_.insert(std::string(*own)).second) names_.emplace(n.index(), *own);
  }
}

const std::string &writer::name_of(node n) {
  const auto [at, is_new] = names_.try_emplace(n.index());
  if (is_new)
    for (at->second = "n" + std::to_string(n.id()); !used_names_.insert(at->second).second;) at->second += '_';
  return at->second;
}

std::optional<std::string> writer::href(std::string_view id) const {
  const auto place = known_.find(id);
  if (place == known_.end()) return std::nullopt;
  return (place->second == path_ ? std::string() : place->second) + "#" + std::string(id);
}

std::string writer::language_attributes(std::string_view tag) {
  if (tag.empty() || tag == languages_.back() || !edition::is_language_tag(tag)) return {};
  std::string made = language_attribute(tag);
  const bool rtl = edition::is_right_to_left(tag);
  if (rtl != edition::is_right_to_left(languages_.back())) made += rtl ? " dir=\"rtl\"" : " dir=\"ltr\"";
  return made;
}

std::string writer::language_attributes(node n) {
  std::string made = language_attributes(reading_.language_of(n));
  if (auto direction = n.attr("dir"); direction && (direction == "ltr" || direction == "rtl" || direction == "auto")) {
    if (const size_t own = made.find(" dir="); own != std::string::npos) made.erase(own);
    made += attribute("dir", *direction);
  } else if (made.find(" dir=") == std::string::npos && n.is_text_block() && !is_rtl_ &&
             !edition::is_right_to_left(languages_.back()) && edition::has_right_to_left(n.text())) {
    made += " dir=\"auto\"";
  }
  return made;
}

void writer::note_languages(calque::text_range range) {
  for (const edition::mark *m : reading_.language_marks().touching(range))
    if (edition::reading::covers(*m, range) && edition::is_language_tag(m->what.value("tag").value_or("")))
      said_marks_.emplace(m->layer, m->what.index());
}

/// Links of the document lead to a node by its id ("#n12") or by its attribute `id`.
void writer::find_targets() {
  std::set<std::string_view> wanted;
  for (node n : document_.nodes()) {
    if (auto name = n.attr("id")) named_.emplace(*name, n.index());
    if (auto target = n.is(kind::link) ? n.attr("href") : std::nullopt; target && target->starts_with('#'))
      wanted.insert(target->substr(1));
  }
  for (node n : document_.nodes())
    if (const std::string own = "n" + std::to_string(n.id()); wanted.contains(own) && !named_.contains(own))
      targets_.insert(n.index());
  for (const auto &[name, index] : named_)
    if (wanted.contains(name)) targets_.insert(index);
}

void writer::say_all() {
  for (const auto &[index, code] : changed_) account_.not_expressed(document_.at(index), code);
  for (uint32_t l = 0; l < document_.layer_count(); ++l) {
    const auto layer = document_.layer(l);
    const bool is_page = layer.name() == "calque.page/1", is_language = layer.name() == "calque.language/1";
    if (!is_page && !is_language) continue;
    for (uint32_t k = 0; k < layer.size(); ++k) {
      if (said_marks_.contains({l, k}))
        account_.emitted(l, layer[k]);
      else if (is_page)
        account_.not_expressed(l, layer[k], "epub.page-not-expressed");
      else
        account_.not_expressed(
            l, layer[k], layer[k].range().is_empty() ? "epub.language-of-nothing" : "epub.language-not-expressed");
    }
  }
}

}  // namespace epub
