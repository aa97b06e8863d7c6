// SPDX-License-Identifier: Apache-2.0
// One annotation on the root, one on each block that deviates, one on each stretch in another script.
#include "plugins/language/language.hpp"

#include "plugins/common/words.hpp"
#include "plugins/language/original.hpp"

namespace calque::language {
namespace {

constexpr std::string_view layer = "calque.language/1";
constexpr int share_of_document = 60, share_of_block = 80;  // per cent
constexpr size_t sample_size = 1u << 16;                    // of the document, for its main language
constexpr size_t letters_of_document = 24, letters_of_run = 24;

void say(const mark &made, const guess &what, std::string_view script) {
  made.text("tag", what.tag);
  if (!script.empty()) made.text("script", script);
  made.number("confidence", what.confidence);
}

/// "zh" for what says that it was translated from Chinese; nothing when it is in Chinese itself.
std::string translated_from(document_view document, std::string_view own) {
  const auto field = document.field("calque.original_language");
  const std::string original = field ? language_named(document.text(field->range())) : std::string();
  const auto primary = [](std::string_view tag) { return tag.substr(0, tag.find('-')); };
  return primary(original) == primary(own) ? std::string() : original;
}

}  // namespace

void language::run(document_view document, marks &out, const call &host) const {
  const auto blocks = plugins::text_blocks(document);
  std::string sample;
  for (const auto &block : blocks) {
    if (block.flow != plugins::flow::main) continue;
    if (sample.size() >= sample_size) break;
    sample.append(document.text(block.range).substr(0, sample_size)) += '\n';
  }
  const script_count all = count_script(sample);
  guess main;
  if (all.letters >= letters_of_document) main = detect(sample, share_of_document, candidates);
  if (!main.is_known()) main = by_script(all.script);
  // RFC 6497: en-t-zh is English that came from Chinese. Blocks are compared with the plain tag.
  guess of_document = main;
  if (const std::string original = main.is_known() ? translated_from(document, main.tag) : std::string(); !original.empty())
    of_document.tag += "-t-" + plugins::folded(original);
  say(out.node(layer, "language", document.root().id()), of_document, all.script);

  for (const auto &block : blocks) {
    host.progress(block.range.end, document.text().size());
    const std::string_view text = document.text(block.range);
    const script_count here = count_script(text);
    if (here.letters == 0) continue;
    guess own = main;
    if (here.letters >= static_cast<size_t>(minimum_letters)) {
      // Another language is believed only when nearly all of the block is in it.
      if (const guess found = detect(text, share_of_block, candidates); found.is_known()) own = found;
    }
    if (own.tag == main.tag && here.script != all.script) own = by_script(here.script);
    if (own.tag != main.tag || here.script != all.script)
      // A node that holds the block's text and no other is named itself; else its stretch.
      say(document.at(block.node).range() == block.range ? out.node(layer, "language", document.at(block.node).id())
                                                         : out.span(layer, "language", block.range),
          own, here.script);
    for (const foreign_run &run : foreign_runs(text, here.script)) {
      guess found = run.letters >= letters_of_run
                        ? detect(text.substr(run.begin, run.end - run.begin), share_of_block, candidates)
                        : guess{};
      if (!found.is_known()) found = by_script(run.script);
      say(out.span(layer, "language", {block.range.begin + run.begin, block.range.begin + run.end}), found, run.script);
    }
  }
}

}  // namespace calque::language
