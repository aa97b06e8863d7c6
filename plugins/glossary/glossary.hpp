// SPDX-License-Identifier: Apache-2.0
// The stage calque.glossary: marks the terms of termbases in calque.term/1.
#pragma once

#include <calque/calque.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "plugins/glossary/term_finder.hpp"
#include "plugins/glossary/termbase.hpp"

namespace calque::glossary {

struct glossary : annotator {
  std::vector<std::filesystem::path> files;
  std::string source_language, target_language, encoding;
  case_rule letter_case = case_rule::smart;
  bool inflections = false;

  static constexpr stage_info info{"calque.glossary", "0.1.0",
                                   "Marks the terms of termbases, and those that are forbidden", CALQUE_REENTRANT};
  static constexpr auto written_layers = list("calque.term/1");
  static constexpr auto options = calque::options(
      opt("files", &glossary::files, nullptr, "Termbases: TBX, or tables as CSV or TSV", bounds{}, CALQUE_REQUIRED),
      opt("source_language", &glossary::source_language, "\"\"",
          "BCP 47 tag of the terms that are looked for; empty: terms of every language"),
      opt("target_language", &glossary::target_language, "\"\"",
          "BCP 47 tag of the terms that are given as `target`; empty: those of tables only"),
      opt("case", &glossary::letter_case, "\"smart\"",
          "Which letters agree: \"smart\" finds a term in small letters in any case, and one with capitals as it is "
          "written or all in capitals; \"exact\" as written only; \"ignore\" in any case",
          choices("smart", "exact", "ignore")),
      opt("inflections", &glossary::inflections, "false",
          "Whether English plurals and Russian cases of a term are found too"),
      opt("encoding", &glossary::encoding, "\"auto\"",
          "Encoding of the tables, an IANA name; \"auto\" looks at the bytes"));
  static constexpr auto codes = calque::codes(
      code("glossary.forbidden-term", "The text has a term that a termbase forbids. The message says what it prefers.",
           thing::text, effect::none, level::warning),
      code("glossary.no-terms", "A termbase has no term in the language that is looked for.", thing::text, effect::none,
           level::warning),
      code("glossary.empty-term", "Terms without any letter or sign were passed over.", thing::text, effect::none,
           level::warning),
      code("glossary.long-term", "Terms that are longer than the limit `term` were passed over.", thing::text,
           effect::none, level::warning),
      code("glossary.doubled-term", "Terms that a concept has already were passed over.", thing::text, effect::none,
           level::warning),
      code("glossary.doubled-id", "Concepts of one file have the same id, so that it does not tell them apart.",
           thing::text, effect::none, level::warning),
      code("glossary.short-row", "Rows of a table end before the column of the target, and were passed over.",
           thing::text, effect::none, level::warning),
      code("glossary.unknown-status",
           "A status is none of preferred, admitted, forbidden and the words of TBX for them; the term has none.",
           thing::text, effect::none, level::warning),
      code("glossary.unknown-entity",
           "A termbase refers to an entity that is not declared in it; nothing is ever read from outside.", thing::text,
           effect::none, level::warning),
      code("glossary.encoding-guessed", "The encoding of a table was guessed. Give `encoding` to be sure.", thing::text,
           effect::none, level::warning),
      code("glossary.language-tag", "`source_language` or `target_language` is no language tag (BCP 47).", thing::text,
           effect::none, level::error),
      code("glossary.unreadable-file", "A termbase cannot be read.", thing::text, effect::none, level::error),
      code("glossary.unknown-format", "A file is neither TBX nor a table of terms.", thing::text, effect::none,
           level::error),
      code("glossary.unclosed-quote", "A quotation mark opens a field of a table and never closes.", thing::text,
           effect::none, level::error),
      code("glossary.not-well-formed", "A termbase is no well-formed XML. Mend it where the message points.",
           thing::text, effect::none, level::error),
      code("glossary.too-deep", "Elements lie within each other deeper than the limit `depth`.", thing::text,
           effect::none, level::error),
      code("glossary.too-large", "A termbase is larger than the limits `file`, `terms` or `nodes`.", thing::text,
           effect::none, level::error),
      code("glossary.expansion", "Entities stand for more text than the limit `expansion` allows.", thing::text,
           effect::none, level::error),
      code("glossary.binary", "A termbase holds bytes that no text has.", thing::text, effect::none, level::error),
      code("glossary.empty", "A termbase holds nothing at all.", thing::text, effect::none, level::error),
      code("glossary.invalid-bytes", "Bytes of a termbase are no text in its encoding. Give the right `encoding`.",
           thing::text, effect::none, level::error),
      code("glossary.unknown-encoding", "The encoding of a termbase is not known.", thing::text, effect::none,
           level::error));

  void prepare(const call &host);
  void run(document_view document, marks &out, const call &host) const;

 private:
  /// A term that is looked for, by its places in bases_.
  struct known_term {
    uint32_t base, entry, term;
  };

  void report_forbidden(const known_term &, text_range first, uint64_t count, const call &) const;

  std::vector<termbase> bases_;
  std::vector<known_term> terms_;
  std::unique_ptr<const term_finder> finder_;
};

}  // namespace calque::glossary
