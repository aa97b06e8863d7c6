// SPDX-License-Identifier: Apache-2.0
// `calque preview`: the document after each stage, or where each place of a word comes from.
#include <fmt/format.h>

#include <calque/document.hpp>
#include <optional>

#include "host/cli/pipelines.hpp"
#include "host/cli/signals.hpp"
#include "host/cli/verbs.hpp"
#include "host/document/dump.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/source_places.hpp"

namespace calque::host {
namespace {

/// The innermost node that is no leaf, as messages call it: "paragraph #12".
std::string block_at(document_view d, std::uint32_t begin, std::uint32_t end) {
  std::string name;
  for (const node n : d.nodes()) {
    if (n.range().begin > begin) break;
    if (n.is_leaf() || n.range().end < end) continue;
    const auto key = n.attr("key");
    name = fmt::format("{} #{}", key ? fmt::format("field {}", *key) : std::string(n.kind_name()), n.id());
  }
  return name;
}

/// One occurrence: its block, its bytes in the source with line and column, and what changed it on the way.
std::string describe_occurrence(const calque_document &document, std::uint32_t begin, std::uint32_t end, const input_file &input,
                                bool has_lines) {
  const document_view d(document);
  std::string out = fmt::format("  {}, text {}–{}\n", block_at(d, begin, end), begin, end);
  if (const auto source = source_of(document, begin, end)) {
    const calque_source &from = *document.sources[source->source];
    out += fmt::format("    {}, bytes {}–{}", show_text(source->source == 0 ? input.path : to_view(from.name)), source->begin, source->end);
    if (source->source == 0 && has_lines) {
      const line_column at = find_line(input.bytes, source->begin);
      const std::string_view bytes = std::string_view(input.bytes).substr(source->begin, source->end - source->begin);
      out += fmt::format(", line {}, column {}: {}", at.line, at.column, show_text(bytes.substr(0, 80)));
    }
    out += '\n';
  }
  for (const annotation &change : d.annotations("calque.change/1")) {
    const text_range r = change.range();
    const bool touches = r.is_empty() ? r.begin > begin && r.begin < end : r.begin < end && r.end > begin;
    if (!touches) continue;
    out += fmt::format("    changed by {}: {} → {} ({})\n", show_text(change.value("stage").value_or("?")),
                       show_text(fmt::format("\"{}\"", change.value("before").value_or(""))),
                       show_text(fmt::format("\"{}\"", change.value("after").value_or(""))),
                       show_text(change.value("code").value_or("")));
  }
  return out;
}

}  // namespace

exit_code preview(program &p, const preview_options &options) {
  if (options.dump == !options.at.empty()) {
    p.show(error("preview.nothing-asked", "say what to show, one of two", "--dump: the document after each stage; --at WORD: where it comes from"));
    return exit_code::usage;
  }
  ready_pipeline ready;
  const plugin_catalog &plugins = p.plugins(options.pipeline);
  if (!make_ready(p, plugins, load_pipeline(options.pipeline, plugins, options.overrides), ready)) return ready.outcome;
  auto input = open_input(options.input, ready.value().bounds.max_input);
  if (!input.has_value()) {
    p.show(input.error());
    return exit_code_of_input(input.errors());
  }

  const std::size_t stages = ready.value().stages.size() + (ready.value().has_importer() ? 0 : 1);
  const run_observer show = [&](const stage_event &event) {
    if (!options.dump) return;
    const std::size_t number = event.index == no_stage ? 1 : event.index + (ready.value().has_importer() ? 1 : 2);
    p.data(fmt::format("==== {}/{} {} {}", number, stages, role_name(event.stage.role), event.name));
    p.data(event.parts > 1 ? fmt::format(" (part {} of {})\n", event.part, event.parts) : "\n");
    p.detail(fmt::format("{}: {:.2f} ms", event.name, std::chrono::duration<double, std::milli>(event.time).count()));
    if (event.files == nullptr) {
      p.data(dump(event.now));
    } else {
      for (const output_file &file : *event.files)
        p.data(fmt::format("{} ({}, {} bytes)\n", file.path.empty() ? "file" : file.path, file.media_type, file.bytes.size()));
    }
  };
  run_outcome done = ready.runner->run(input.value(), {"", stem_of(input.value().name)}, show);
  source_texts sources;
  place_in_input(done.diagnostics, input.value(), sources);
  p.show(done.diagnostics, sources);
  if (const int signal = signal_that_came(); signal != 0)
    return signal == 2 ? exit_code::interrupted : exit_code::terminated;

  std::size_t found = 0;
  const bool has_lines = is_utf8(input.value().bytes);
  for (std::size_t k = 0; !options.at.empty() && k < done.parts.size(); ++k) {
    if (!done.parts[k].final) continue;
    const calque_document &d = done.parts[k].final->view();
    const std::string_view text = to_view(d.text);
    for (std::size_t at = 0; (at = text.find(options.at, at)) != std::string_view::npos; at += options.at.size()) {
      const auto begin = static_cast<std::uint32_t>(at), end = static_cast<std::uint32_t>(at + options.at.size());
      p.data(fmt::format("{} {}{}\n", ++found, show_text(options.at), done.parts.size() > 1 ? fmt::format(" (part {})", k + 1) : ""));
      p.data(describe_occurrence(d, begin, end, input.value(), has_lines));
    }
  }
  if (!options.at.empty()) p.say(fmt::format("{} of \"{}\"", counted(found, "place"), show_text(options.at)));
  return is_done(done.status) ? exit_code::ok : exit_code::some_failed;
}

}  // namespace calque::host
