// SPDX-License-Identifier: Apache-2.0
// What stands before the text: title and record, persons, signs of the editors.
#include "plugins/common/page/page_writer.hpp"

#include <algorithm>

namespace edition {

using calque::kind;

void page_writer::front() {
  record();
  cast();
  legend();
}

/// One element for a field; several blocks in it are parted by a line break.
void page_writer::field(node field, std::string_view element, std::string_view attributes) {
  std::string all(attributes), language = language_attributes(field);
  // What the words on the page do not say of it; its own language also where that is the page's English.
  if (form_.names_fields) {
    all += attribute("data-key", field.attr("key").value_or("calque.other"));
    if (auto label = field.attr("label")) all += attribute("data-label", *label);
    if (language.find(" lang=") == std::string::npos)
      all += language_attribute(field.attr("lang").value_or(""), form_.is_xml);
  }
  start(element, all + language);
  languages_.emplace_back(reading_.language_of(field));
  account_.emitted(field);
  note_languages(field.range());
  const std::string address = plain_text(document_, field);
  const bool is_link = element == "dd" && field.attr("key") == "identifier" &&
                       address.find("://") != std::string::npos && can_follow(address);
  if (is_link)
    start("a", (form_.names_fields ? " class=\"address\"" : "") + attribute("href", uri(address))), ++in_link_;
  bool is_first = true;
  for (uint32_t i = field.index() + 1; i < field.end_index();) {
    const node n = document_.at(i);
    const uint32_t after = end_of_inlines(document_, field, i);
    if (!is_first && !n.is(kind::aside)) void_element("br");
    is_first = false;
    if (after > i) {
      inlines(i, after, field.range());
      i = after;
    } else if (n.is_text_block()) {
      account_.emitted(n);
      inlines(i + 1, n.end_index(), field.range());
      i = n.end_index();
    } else if (n.is(kind::aside)) {
      loose_aside(n);
      i = n.end_index();
    } else {
      changed_.emplace(i, form_.codes.unknown_kind);
      ++i;
    }
  }
  if (is_link) end("a"), --in_link_;
  languages_.pop_back();
  end(element);
}

void page_writer::record() {
  out_ += "<header class=\"record\">\n";
  const auto fields = document_.fields();
  const auto titled = std::find_if(fields.begin(), fields.end(), [](node field) {
    return field.attr("key") == "title" && !field.range().is_empty();
  });
  if (titled != fields.end()) {
    field(*titled, "h1", form_.title);
  } else {
    start("h1", form_.title);
    text(title_of(document_));
    end("h1");
  }
  out_ += '\n';
  // A name stands once, before all its values, where the first of them is.
  std::vector<std::pair<std::string, std::vector<node>>> names;
  std::map<std::string, size_t> place;
  for (auto one = fields.begin(); one != fields.end(); ++one) {
    if (one == titled) continue;
    std::string name = name_of_field(*one);
    const auto [at, is_new] = place.emplace(name, names.size());
    if (is_new) names.push_back({std::move(name), {}});
    names[at->second].second.push_back(*one);
  }
  if (!names.empty()) out_ += "<dl>\n";
  for (const auto &[name, values] : names) {
    out_ += "<dt>";
    text(name);
    out_ += "</dt>";
    for (node value : values) {
      field(value, "dd", id(value));
      out_ += '\n';
    }
  }
  if (!names.empty()) out_ += "</dl>\n";
  out_ += "</header>\n";
}

void page_writer::cast() {
  if (reading_.people().empty()) return;
  std::map<uint32_t, std::pair<int, node>> speeches;  // person's annotation → how many, the first
  for (node n : document_.main_flow())
    if (n.is(kind::speech))
      if (const auto *p = reading_.speaker_of(n)) ++speeches.try_emplace(p->what.id(), 0, n).first->second.first;
  out_ +=
      "<" + std::string(form_.cast) + " class=\"cast\" aria-labelledby=\"cast\">\n<h2 id=\"cast\">Persons</h2>\n<ul>\n";
  const auto words = [&](std::string_view value) {
    start("bdi", language_attributes(reading_.main_language()));
    text(value);
    end("bdi");
  };
  const auto begin_aside = [&](std::string_view name) {
    out_ += ' ';
    if (form_.names_parts) start("span", attribute("class", name));
    out_ += "\u2013 ";
  };
  const auto end_aside = [&] {
    if (form_.names_parts) end("span");
  };
  for (const auto &p : reading_.people()) {
    start("li", id("person-" + p.slug));
    words(p.full);
    if (!p.short_name.empty() && p.short_name != p.full) out_ += " (in the text: ", words(p.short_name), out_ += ')';
    std::string parts;
    for (const auto &value : p.what.values()) {
      if (value.key == "role" && !value.text.empty()) out_ += ", ", words(value.text);
      if (value.key == "part") parts += (parts.empty() ? "" : ", ") + std::string(value.text);
    }
    std::replace(parts.begin(), parts.end(), '_', ' ');
    if (!parts.empty()) {
      begin_aside("part");
      text(parts);
      end_aside();
    }
    if (auto at = speeches.find(p.what.id()); at != speeches.end()) {
      const auto &[count, first] = at->second;
      begin_aside("count");
      out_ += std::to_string(count) + (count == 1 ? " speech" : " speeches");
      if (auto to = way_to(name_of(first))) out_ += ", <a" + attribute("href", *to) + ">first</a>";
      end_aside();
    }
    out_ += "</li>\n";
  }
  out_ += "</ul>\n</" + std::string(form_.cast) + ">\n";
}

/// Signs are explained where they are used.
void page_writer::legend() {
  std::set<std::string_view> used;
  for (const auto &a : document_.annotations("calque.editorial/1"))
    if (!a.range().is_empty()) used.insert(a.kind());
  std::string rows;
  for (std::string_view kind : used)
    if (const auto *i = find_intervention(kind))
      rows += "<dt><span class=\"sign\" aria-hidden=\"true\">" + std::string(i->sign) + "</span> " +
              std::string(i->name) + "</dt><dd>" + std::string(i->meaning) + "</dd>\n";
  if (rows.empty()) return;
  out_ += "<section class=\"legend\" aria-labelledby=\"legend\">\n<h2 id=\"legend\">Signs of the editors</h2>\n<dl>\n" +
          rows + "</dl>\n</section>\n";
}

}  // namespace edition
