// SPDX-License-Identifier: Apache-2.0
// Runs the bracket rules over the text blocks of a document and writes what they find.
#include "plugins/common/text_blocks.hpp"
#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"
#include "plugins/editorial/editorial.hpp"
#include "plugins/editorial/english.hpp"

namespace calque::editorial {
namespace {

constexpr std::string_view layer = "calque.editorial/1";

void add_names(std::string_view text, surroundings &known) {
  for (const auto &w : plugins::words_of(text, 32)) {
    std::string folded = plugins::folded(w.text);
    if (w.is_capitalised() && !plugins::is_title(folded) && !plugins::is_institution(folded) &&
        !plugins::is_demonym(folded) && !is_function_word(folded))
      known.person_words.insert(std::move(folded));
  }
}

// Whoever speaks or is named as a person is not a place: "Zhang [Hanfu]" completes a name.
surroundings read_surroundings(document_view document) {
  surroundings known;
  for (node n : document.nodes())
    if (n.is(kind::speaker)) {
      const std::string_view label = n.text();
      add_names(label.substr(0, label.find('(')), known);
      if (const size_t close = label.find(']');
          label.starts_with('[') && close != std::string_view::npos && plugins::words_of(label.substr(close)).empty())
        known.bracketed_names.insert(plugins::folded(plugins::without_gaps(label.substr(1, close - 1))));
    }
  for (uint32_t l = 0; l < document.layer_count(); ++l) {
    if (document.layer(l).name() != "calque.name/1") continue;
    for (uint32_t k = 0; k < document.layer(l).size(); ++k)
      if (const annotation a = document.layer(l)[k]; a.kind() == "person") {
        add_names(a.value("full").value_or(""), known);
        add_names(a.value("short").value_or(""), known);
      }
  }
  return known;
}

std::string several(size_t count) {
  return count == 1 ? "" : " (the first of " + std::to_string(count) + " in this block)";
}

}  // namespace

void editorial::prepare() {
  for (const std::string &entry : extra)
    if (!vocabulary_.add(entry)) {
      std::string known;
      for (std::string_view kind : kinds) (known += known.empty() ? "" : ", ") += kind;
      throw failure("editorial.bad-vocabulary", "\"" + entry + "\" is no entry of a vocabulary",
                    "write \"PHRASE = KIND\" with one of the kinds " + known);
    }
}

void editorial::run(document_view document, marks &out, const call &host) const {
  out.touch(layer);
  surroundings known = read_surroundings(document);
  uint64_t done = 0;
  for (const auto &block : plugins::text_blocks(document)) {
    if (block.flow == plugins::flow::field) continue;
    const std::string_view text = document.text(block.range);
    const bracket_scan scan = find_brackets(text, wide);
    known.is_label = block.kind == kind::speaker;
    for (const bracket &b : scan.pairs) {
      const auto found = classify(text, b, vocabulary_, known);
      if (!found) continue;
      const uint32_t base = block.range.begin;
      const mark made = out.span(layer, found->kind, {base + b.begin, base + b.end});
      made.text("open", text.substr(b.begin, b.open_end - b.begin))
          .text("close", text.substr(b.close_begin, b.end - b.close_begin));
      if (!found->agent.empty()) made.text("agent", found->agent);
      if (!found->certainty.empty()) made.text("certainty", found->certainty);
      if (!found->extent.empty()) made.text("extent", found->extent);
      if (!found->language.empty()) made.text("lang", found->language);
      if (found->marks)
        made.refers("marks", out.span(layer, "marked", {base + found->marks->begin, base + found->marks->end}));
    }
    auto report = [&](const std::vector<uint32_t> &places, std::string_view code, std::string_view what) {
      if (places.empty()) return;
      const uint32_t at = block.range.begin + places.front();
      host.report_at(level::warning,
                     text_range{at, at + (text[places.front()] == '[' || text[places.front()] == ']' ? 1u : 3u)}, code,
                     std::string(what) + several(places.size()),
                     "the words stay as they are; put the missing sign in, or leave it so");
    };
    report(scan.unclosed, "editorial.unclosed-bracket", "a bracket is opened here and never closed");
    report(scan.never_opened, "editorial.unopened-bracket", "a bracket is closed here that was never opened");
    host.progress(done += text.size(), document.text().size());
  }
}

}  // namespace calque::editorial
