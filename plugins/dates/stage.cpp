// SPDX-License-Identifier: Apache-2.0
// Looks for dates block by block: the document's own first, since it dates what prints no year.
#include "plugins/common/text_blocks.hpp"
#include "plugins/common/words.hpp"
#include "plugins/dates/dates.hpp"

#include <algorithm>

namespace calque::dates {
namespace {

constexpr std::string_view layer = "calque.date/1";

void put(document_view document, text_range block, const finding &f, bool is_meeting, marks &out) {
  const mark made = out.span(layer, "date", {block.begin + f.begin, block.begin + f.end});
  made.text("edtf", f.edtf).text("calendar", "gregorian");
  for (const auto &[begin, end] : f.printed) made.text("printed", document.text({block.begin + begin, block.begin + end}));
  if (f.is_inferred) made.text("certainty", "low");
  if (is_meeting) made.text("part", "meeting");
}

}  // namespace

void dates::prepare() {
  for (const char *label :
       {"time", "date", "date and time", "time and date", "time of meeting", "time of the meeting", "date of meeting",
        "date of the meeting", "date of conversation", "time of conversation", "when", "held on", "held", "meeting time",
        "time and place", "date and place", "place and date", "place and time", "time and venue", "date and venue",
        "время", "дата", "время беседы", "дата беседы", "дата и время", "时间", "日期", "時間", "会谈时间", "會談時間"})
    labels_.insert(label);
  for (const std::string &label : time_labels) {
    std::string word = plugins::folded(plugins::without_gaps(label));
    while (!word.empty() && (word.back() == ':' || word.back() == ' ')) word.pop_back();
    if (!word.empty()) labels_.insert(std::move(word));
  }
}

void dates::run(document_view document, marks &out, const call &host) const {
  out.touch(layer);
  reading how;
  how.order = order;
  how.infer = infer_year;
  const auto blocks = plugins::text_blocks(document);
  auto is_read = [&](const plugins::text_block &block) {
    if (block.flow != plugins::flow::field) return false;
    const std::string_view key = document.at(block.aside).attr("key").value_or("");
    return std::find(fields.begin(), fields.end(), key) != fields.end();
  };
  for (const std::string &key : fields) {
    for (const auto &block : blocks) {
      if (how.near || !is_read(block) || document.at(block.aside).attr("key") != key) continue;
      for (const finding &f : find_dates(document.text(block.range), how))
        if (!how.near && f.first.year > 0 && f.first.unknown_digits == 0) how.near = f.first;
    }
  }

  std::optional<moment> meeting;  // the day that a line of the meeting has named, for one that names only the hour
  for (const auto &block : blocks) {
    if (block.flow == plugins::flow::field && !is_read(block)) continue;
    const std::string_view text = document.text(block.range);
    const size_t colon = text.substr(0, 80).find_first_of(":\xEF");
    const bool is_line = block.flow == plugins::flow::main && block.kind != kind::speaker && colon != std::string_view::npos &&
                         (text[colon] == ':' || text.substr(colon).starts_with("：")) &&
                         labels_.count(plugins::folded(plugins::without_gaps(text.substr(0, colon)))) != 0;
    reading here = how;
    if (is_line) {
      here.times_alone = true;
      if (meeting) here.near = meeting;
    }
    bool is_first = true;
    for (const finding &f : find_dates(text, here)) {
      put(document, block.range, f, is_line && is_first, out);
      if (is_line && is_first && f.first.year > 0 && f.first.has_day()) {
        meeting = f.first;
        meeting->hour = -1;
      }
      is_first = false;
    }
    host.progress(block.range.end, document.text().size());
  }
}

}  // namespace calque::dates
