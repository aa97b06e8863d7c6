// SPDX-License-Identifier: Apache-2.0
// The HTML exporter's stage, and the writer of one page: what is its own beside what it shares with books.
#pragma once

#include "../common/page/page_writer.hpp"

#include <calque/calque.hpp>

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace html {

struct stage : calque::exporter {
  static constexpr calque::stage_info info{
      "calque.html", "1.0.0", "A reading edition: one HTML page that needs no script and no network", CALQUE_REENTRANT};
  enum class form { page, fragment };

  form profile = form::page;
  bool raw_html = false;
  bool tag_filter = false;
  static constexpr auto options = calque::options(
      calque::opt("profile", &stage::profile, "\"page\"",
                  "a page that stands alone, or a fragment: the body's content as CommonMark's reference writes it",
                  calque::choices("page", "fragment")),
      calque::opt("raw_html", &stage::raw_html, "false",
                  "write nodes of raw HTML as they are, not as text: whoever wrote the source then writes the page"),
      calque::opt("tag_filter", &stage::tag_filter, "false",
                  "with raw_html: show the tags that change how all after them is read (script, style, title, iframe "
                  "…), as GFM does"));
  static constexpr auto accepts = calque::list("text/html", "*.html", "*.htm");
  static constexpr auto used_layers =
      calque::list("calque.page/1", "calque.line/1", "calque.language/1", "calque.editorial/1", "calque.name/1",
                   "calque.date/1", "calque.term/1");
  static constexpr auto codes = calque::codes(
      calque::code("html.forbidden-character",
                   "HTML cannot hold this character; its picture (U+2400 and following) or U+FFFD stands in its place.",
                   calque::thing::text, calque::effect::changed, calque::level::warning),
      calque::code("html.tag-filtered",
                   "A tag of raw HTML that changes how all after it is read is shown, and does nothing.",
                   calque::thing::text, calque::effect::changed),
      calque::code("html.unknown-kind",
                   "HTML has no element for this kind of node; a neutral one with its name holds it.",
                   calque::thing::span, calque::effect::changed),
      calque::code(
          "html.link-not-followed",
          "The target is no web or mail address and no place in the page, so it is shown but cannot be followed.",
          calque::thing::link, calque::effect::changed),
      calque::code("html.image-missing", "The document does not hold the image that is named here.",
                   calque::thing::image, calque::effect::dropped, calque::level::warning),
      calque::code("html.page-not-expressed", "The point stands where nothing is written.", calque::thing::page,
                   calque::effect::dropped),
      calque::code("html.language-not-expressed", "The tag of the language is no BCP 47 tag.", calque::thing::language,
                   calque::effect::dropped),
      calque::code("html.fields-left-out", "A fragment holds no fields.", calque::thing::field),
      calque::code("html.language-left-out",
                   "A fragment says the languages that the document's own attributes name, and not those of a layer.",
                   calque::thing::language, calque::effect::dropped),
      calque::code("html.language-of-nothing", "A language of no text says nothing.", calque::thing::language));

  void run(calque::document_view document, calque::output &out) const;
};

/// The style sheet, with a rule for each sign.
std::string style_sheet();

/// Writes one document.
class writer : edition::page_writer {
 public:
  writer(const stage &options, calque::document_view, calque::output &account, const edition::reading &,
         calque::output_file &);
  void write();

 private:
  using node = calque::node;

  // page.cpp
  void head(std::string_view title);
  void hand_over();
  void comes_to(node) override;
  std::string main_language_attributes();
  void begin_note(const called_note &) override;
  void end_note(const called_note &) override;

  // names.cpp
  bool can_be_name(std::string_view) const override;
  std::optional<std::string> way_to(std::string_view name) const override { return "#" + std::string(name); }
  bool is_target(node n) override { return n.attr("id").has_value(); }
  std::optional<std::string> link_to(std::string_view target) override;
  std::optional<std::string> picture(node, std::string_view alternative, std::string_view &why_not) override;
  bool is_own_notation(node n) const override { return options_.raw_html && n.attr("format") == "html"; }
  void raw(node, calque::text_range) override;

  const stage &options_;
  calque::output_file &file_;
};

}  // namespace html
