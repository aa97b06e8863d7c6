// SPDX-License-Identifier: Apache-2.0
// The importer of records: the page text of a digital archive, its head as fields and its text as blocks.
#include "plugins/common/decoding.hpp"
#include "plugins/record/record_layout.hpp"

#include <memory>
#include <stdexcept>

namespace calque::plugins {

struct record_importer : importer {
  enum class invalid_rule { error, replace };

  std::string encoding = "auto";
  invalid_rule invalid = invalid_rule::error;
  std::vector<std::string> labels;
  std::string title_marks = "**";
  std::string body_label = "Contents";
  date_place date_line = date_place::any;

  static constexpr stage_info info{"calque.record", "1.0.0",
                                   "The page text of a digital archive: head fields, then the translated record",
                                   CALQUE_TILED | CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      opt("labels", &record_importer::labels, CALQUE_RECORD_LABELS,
          "The labels of the head and the field that each one is, as \"Label = key\"; case does not matter"),
      opt("body_label", &record_importer::body_label, "\"Contents\"",
          "The label behind whose value the text begins; one of `labels`"),
      opt("title_marks", &record_importer::title_marks, "\"**\"",
          "What stands on both sides of the title, and of bold words in the text; empty: nothing does"),
      opt("date_line", &record_importer::date_line, "\"any\"", "Where the date of the head stands",
          choices("any", "before_title", "after_title", "none")),
      opt("encoding", &record_importer::encoding, "\"auto\"",
          "The file's encoding by its IANA name; auto: from its byte-order mark or its bytes"),
      opt("invalid", &record_importer::invalid, "\"error\"",
          "Bytes that are no text in the encoding: refuse the file, or put U+FFFD in their place",
          choices("error", "replace")));
  static constexpr auto codes = calque::codes(
      CALQUE_DECODING_CODES("record"),
      code("record.layout", "Blank lines, line ends and blanks at the ends of lines; no text."),
      code("record.label", "The printed label of a field; the field keeps it as its attribute `label`.", thing::field),
      code("record.title-mark", "A mark beside the title, such as **; no text.", thing::field),
      code("record.address-mark", "The < and > around an address; no text.", thing::field),
      code("record.bold-mark", "A mark beside bold words; they became `strong`."),
      code("record.page-break", "A form feed; it became a page break in calque.page/1.", thing::page),
      code("record.no-head",
           "No label of a head was found, so the whole file is text. Describe its labels in `labels`.", thing::field,
           effect::none, level::warning),
      code("record.no-body", "The record ends with its head; it holds fields and no text.", thing::text, effect::none,
           level::warning),
      code("record.bad-label",
           "An entry of `labels` is not of the form \"Label = key\", or `body_label` is none of them.", thing::field,
           effect::none, level::error));
  static constexpr auto accepts = list("text/plain", "*.txt");
  static constexpr auto written_layers = list("calque.page/1");

  void prepare();
  static int probe(const calque::probe &file);
  void run(const input &in, builder &out, const call &c) const;

 private:
  void write(const record_layout &layout, const decoded_text &text, builder &out) const;
  std::shared_ptr<const record_rules> rules_;  // shared by the copies that a stage may be
};

void record_importer::prepare() {
  try {
    rules_ = std::make_shared<const record_rules>(labels, title_marks, body_label, date_line);
  } catch (const std::invalid_argument &error) {
    throw failure("record.bad-label",
                  "\"" + std::string(error.what()) + "\" is not \"Label = key\" or not one of the labels",
                  "write \"Citation = bibliographic_citation\"; keys are Dublin Core terms in snake_case or calque.*");
  }
}

int record_importer::probe(const calque::probe &file) {
  const std::string head = decoded_head(file.head());
  return head.empty() ? 0 : record_likeness(head, default_record_rules());
}

void record_importer::run(const input &in, builder &out, const call &c) const {
  const decoded_text text = decode(in.bytes(), {encoding, invalid == invalid_rule::replace}, "record");
  const record_layout layout = read_record(text.text(), *rules_);
  bool has_text = false;
  for (const step &s : layout.steps) has_text = has_text || s.what == step::kind::text;
  if (!has_text)
    throw failure("record.empty", "the file holds blanks and line ends, but no text", "check how it was written");
  announce(text, out, c, "record");
  for (const auto &part : layout.parts) {
    const source_range at = text.source_of(part.begin, part.begin);
    if (!part.has_head)
      c.report_at(level::warning, at, "record.no-head", "no label of a head was found: the whole file is text",
                  "use import = \"text\", or describe the head's labels in `labels`");
    else if (!part.has_body)
      c.report_at(level::warning, at, "record.no-body", "the record has a head but no text",
                  "check whether the file was cut short");
  }
  write(layout, text, out);
}

void record_importer::write(const record_layout &layout, const decoded_text &text, builder &out) const {
  std::vector<std::unique_ptr<scope>> open;
  for (const step &s : layout.steps) switch (s.what) {
      case step::kind::field:
        open.push_back(std::unique_ptr<scope>(new scope(out.field(s.key))));
        if (!s.label.empty()) out.attr("label", s.label);
        break;
      case step::kind::heading:
        open.push_back(std::unique_ptr<scope>(new scope(out.begin(kind::heading))));
        out.attr("level", "1");
        break;
      case step::kind::paragraph:
        open.push_back(std::unique_ptr<scope>(new scope(out.begin(kind::paragraph))));
        break;
      case step::kind::strong:
        open.push_back(std::unique_ptr<scope>(new scope(out.begin(kind::strong))));
        break;
      case step::kind::close:
        open.pop_back();
        break;
      case step::kind::text:
        put_text(out, text, s.begin, s.end);
        break;
      case step::kind::soft_break:
        out.text(" ", text.source_of(s.begin, s.end), kind::soft_break);
        break;
      case step::kind::skip:
        out.skip(text.source_of(s.begin, s.end), s.key);
        break;
      case step::kind::page:
        out.marks().point("calque.page/1", "page", out.position()).text("source", "layout");
        break;
      case step::kind::next_part:
        out.next_part();
        break;
    }
}

}  // namespace calque::plugins

CALQUE_PLUGIN("record", "1.0.0", "Apache-2.0", "https://calque.example.org", calque::plugins::record_importer)
