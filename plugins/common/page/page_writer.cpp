// SPDX-License-Identifier: Apache-2.0
// Elements, languages and directions of a page, and the account of what is in it.
#include "plugins/common/page/page_writer.hpp"

namespace edition {

void page_writer::start(std::string_view element, std::string_view attributes) {
  out_ += '<';
  out_ += element;
  out_ += attributes;
  out_ += '>';
}

void page_writer::end(std::string_view element) {
  out_ += "</";
  out_ += element;
  out_ += '>';
}

void page_writer::void_element(std::string_view element, std::string_view attributes) {
  out_ += '<';
  out_ += element;
  out_ += attributes;
  out_ += form_.is_xml ? "/>" : ">";
}

void page_writer::find_names() {
  for (node n : document_.nodes()) {
    const auto own = n.attr("id");
    if (own && !own->empty() && !own->starts_with("person-") && can_be_name(*own) &&
        used_names_.insert(std::string(*own)).second)
      names_.emplace(n.index(), *own);
  }
}

const std::string &page_writer::name_of(node n) {
  const auto [at, is_new] = names_.try_emplace(n.index());
  if (is_new)
    for (at->second = "n" + std::to_string(n.id()); !used_names_.insert(at->second).second;) at->second += '_';
  return at->second;
}

std::string page_writer::name_of(const mark &m) {
  std::string name = "a" + std::to_string(m.what.id());
  return used_names_.insert(name).second ? name : std::string();
}

std::string page_writer::id(std::string_view name) {
  if (name.empty()) return {};
  stands_here(name);
  return attribute("id", name);
}

std::string page_writer::language_attributes(std::string_view tag) const {
  if (tag == languages_.back()) return {};
  std::string made = language_attribute(tag, form_.is_xml);
  const bool rtl = is_right_to_left(tag);
  if (!made.empty() && rtl != is_right_to_left(languages_.back())) made += rtl ? " dir=\"rtl\"" : " dir=\"ltr\"";
  return made;
}

std::string page_writer::language_attributes(node n) const {
  std::string made = language_attributes(reading_.language_of(n));
  // Where the text around it runs from left to right, a block of another direction finds its own.
  if (!put_direction(n, made) && made.find(" dir=") == std::string::npos && n.is_text_block() && !is_right_to_left_ &&
      !is_right_to_left(languages_.back()) && has_right_to_left(n.text()))
    made += " dir=\"auto\"";
  return made;
}

void page_writer::enter_language_of(node n) {
  const auto own = reading_.language_of(n);
  languages_.emplace_back(is_language_tag(own) ? std::string(own) : languages_.back());
}

void page_writer::say_all() {
  for (const auto &[index, code] : changed_) account_.not_expressed(document_.at(index), code);
  account_for_marks(document_, account_, said_marks_,
                    {form_.codes.page_not_expressed, form_.codes.language_not_expressed, form_.codes.language_of_nothing});
}

}  // namespace edition
