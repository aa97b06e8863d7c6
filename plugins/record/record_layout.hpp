// SPDX-License-Identifier: Apache-2.0
// The layout of a record's page: which lines are head fields, which are the text, and where another record begins.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace calque::plugins {

enum class date_place { any, before_title, after_title, none };

/// What a page of a digital archive looks like.
struct record_rules {
  /// Makes rules from options. Each label is "Label = key"; throws std::invalid_argument with the one that is not.
  record_rules(const std::vector<std::string> &labels, std::string title_marks, std::string_view body_label,
               date_place date_line);

  std::map<std::string, std::string> keys;  // label, folded → field key
  std::string title_marks;
  std::string body_key;  // the field behind which the text begins
  date_place date_line;
};

/// The labels of digital archives, as the TOML list that is the default of the option.
#define CALQUE_RECORD_LABELS                                                                                 \
  "[\"Citation = bibliographic_citation\", \"Cite as = bibliographic_citation\", "                           \
  "\"Reference = bibliographic_citation\", \"Summary = abstract\", \"Abstract = abstract\", "                \
  "\"Description = abstract\", \"Credits = calque.credits\", \"Credit = calque.credits\", "                  \
  "\"Funding = calque.credits\", \"Original Language = calque.original_language\", "                         \
  "\"Language of Original = calque.original_language\", \"Language = calque.original_language\", "           \
  "\"Contents = calque.contents\", \"Content = calque.contents\", \"Text = calque.contents\", "              \
  "\"URL = identifier\", \"Link = identifier\", \"Permalink = identifier\", \"Identifier = identifier\", "   \
  "\"Title = title\", \"Date = date\", \"Author = creator\", \"Authors = creator\", \"Creator = creator\", " \
  "\"Translator = contributor\", \"Translated by = contributor\", \"Subject = subject\", "                   \
  "\"Subjects = subject\", \"Keywords = subject\", \"Source = source\", \"Archive = source\", "              \
  "\"Repository = source\", \"Collection = is_part_of\", \"Publisher = publisher\", \"Rights = rights\", "   \
  "\"Copyright = rights\", \"Type = type\", \"Format = format\"]"

/// The rules without any options given.
const record_rules &default_record_rules();

/// One step in making the documents, in the order of the source. Texts and skips tile it.
struct step {
  enum class kind : uint8_t { field, heading, paragraph, strong, close, text, soft_break, skip, page, next_part };
  kind what;
  size_t begin = 0, end = 0;    // of the decoded text: text, soft_break, skip
  std::string_view key, label;  // field: its key and its label as printed; skip: key is the code
};

struct record_layout {
  std::vector<step> steps;
  struct part {
    bool has_head = false, has_body = false;
    size_t begin = 0;  // where it begins in the text
  };
  std::vector<part> parts;
};

/// Lays out decoded text. Views in the result point into `text` and `rules`.
record_layout read_record(std::string_view text, const record_rules &rules);

/// How much the text looks like a record, 0 to 100.
int record_likeness(std::string_view text, const record_rules &rules);

}  // namespace calque::plugins
