// SPDX-License-Identifier: Apache-2.0
// Renders diagnostics. Everything that came from a file is made safe to print here.
#include "host/pipeline/render.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

namespace calque::host {
namespace {

std::string_view level_name(severity level) {
  switch (level) {
    case severity::debug:
      return "debug";
    case severity::info:
      return "note";
    case severity::warning:
      return "warning";
    case severity::error:
      return "error";
  }
  return "error";
}

std::string_view level_colour(severity level) {
  return level == severity::error ? "\x1b[1;31m" : level == severity::warning ? "\x1b[1;33m" : "\x1b[1;36m";
}

class painter {
 public:
  explicit painter(bool on) : on_(on) {}
  std::string operator()(std::string_view colour, std::string_view text) const {
    return on_ ? fmt::format("{}{}\x1b[0m", colour, text) : std::string(text);
  }

 private:
  bool on_;
};

constexpr std::string_view gutter_colour = "\x1b[1;34m", bold = "\x1b[1m", help_colour = "\x1b[1;36m";

// Breaks at blanks so that lines fit `width`; the further ones begin with `indent` blanks. `used`: cells before it.
std::string wrap(std::string_view text, std::size_t used, std::size_t indent, std::size_t width) {
  std::string out;
  const std::string pad = "\n" + std::string(indent, ' ');
  bool is_first = true;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::size_t cells = shown_width(word);
    if (!is_first && used + 1 + cells > width) {
      out += pad;
      used = indent;
    } else if (!is_first) {
      out += ' ';
      ++used;
    }
    out += word;
    used += cells;
    is_first = false;
    if (end < text.size() && text[end] == '\n') {
      out += pad;
      used = indent;
      is_first = true;
    }
    at = end + 1;
  }
  return out;
}

std::string position(const place &where) {
  if (where.line == 0) return show_text(where.file);
  return fmt::format("{}:{}:{}", show_text(where.file), where.line, std::max(where.column, 1U));
}

struct snippet_style {
  std::string_view arrow, colour;
  char mark;
};

// The place, and the line itself with marks below it.
std::string snippet(const place &where, const snippet_style &style, std::string_view label, std::size_t gutter,
                    const source_texts &sources, const render_options &options) {
  const painter paint(options.colour);
  const std::string margin(gutter, ' ');
  std::string out = fmt::format("{}{} {}\n", margin, paint(gutter_colour, style.arrow), position(where));
  const source_text *source = sources.find(where.file);
  if (!source || where.line == 0 || where.line > source->line_count()) return out;
  const std::string bar = paint(gutter_colour, "|");
  const std::size_t width = options.width > gutter + 3 ? options.width - gutter - 3 : 0;
  const shown_line line = show_line(source->line(where.line), std::max(where.column, 1U), where.length, width);
  std::string marks(line.mark_cells, style.mark);
  std::string below = paint(style.colour, marks);
  if (!label.empty()) {
    const std::size_t used = gutter + 3 + line.mark_begin + line.mark_cells + 1;
    if (used + shown_width(label) <= options.width)
      below += " " + paint(style.colour, label);
    else
      below += fmt::format("\n{} {} {}", margin, bar,
                           paint(style.colour, wrap(label, gutter + 3, gutter + 3, options.width)));
  }
  const std::string number = paint(gutter_colour, fmt::format("{:>{}}", where.line, gutter));
  return out + fmt::format("{} {}\n{} {}{}{}\n{} {} {}{}\n", margin, bar, number, bar, line.text.empty() ? "" : " ",
                           line.text, margin, bar, std::string(line.mark_begin, ' '), below);
}

// Where in a document, in words.
std::string in_document(const place &where) {
  std::string out;
  const auto add = [&](const std::string &part) { out += (out.empty() ? "" : ", ") + part; };
  if (where.source) {
    add(fmt::format(
        "bytes {}–{} of {}", where.source->begin, where.source->end,
        where.source->source == 0 ? std::string("the file") : fmt::format("its member {}", where.source->source)));
  }
  if (where.span) add(fmt::format("text {}–{}", where.span->begin, where.span->end));
  if (where.node) add(fmt::format("node #{}", *where.node));
  return out;
}

std::string render_human(const diagnostic &one, const source_texts &sources, const render_options &options) {
  const painter paint(options.colour);
  const std::string head = fmt::format("{}[{}]", level_name(one.level), show_text(one.code));
  const std::string message = show_text(one.message, true);
  std::string out = fmt::format("{}: {}\n", paint(level_colour(one.level), head),
                                paint(bold, wrap(message, head.size() + 2, 2, options.width)));

  std::uint32_t last_line = one.where.line;
  for (const note &extra : one.notes) last_line = std::max(last_line, extra.where.line);
  const std::size_t gutter = std::max<std::size_t>(2, std::to_string(last_line).size());
  if (!one.where.file.empty())
    out += snippet(one.where, {"-->", level_colour(one.level), '^'}, {}, gutter, sources, options);
  if (!one.document.empty()) out += fmt::format("  document  {}\n", show_text(one.document));
  if (!one.stage.empty() || !in_document(one.where).empty()) {
    const std::string stage = one.stage.empty() ? "" : "stage " + show_text(one.stage);
    const std::string part = in_document(one.where);
    out += fmt::format("  where     {}{}{}\n", stage, stage.empty() || part.empty() ? "" : ", ", part);
  }
  const auto prose = [&](std::string_view word, std::string_view text) {
    const std::string start = fmt::format("{} = {}: ", std::string(gutter, ' '), word);
    out += fmt::format("{} {} {} {}\n", std::string(gutter, ' '), paint(gutter_colour, "="),
                       paint(help_colour, std::string(word) + ":"),
                       wrap(show_text(text, true), start.size(), start.size(), options.width));
  };
  for (const note &extra : one.notes) {
    if (extra.where.file.empty() || extra.where.line == 0)
      prose("note", extra.message);
    else
      out += snippet(extra.where, {":::", gutter_colour, '-'}, show_text(extra.message), gutter, sources, options);
  }
  if (!one.hint.empty()) prose("help", one.hint);
  return out;
}

std::string render_concise(const diagnostic &one) {
  std::string at = !one.where.file.empty() ? position(one.where) : show_text(one.document);
  const std::string help = one.hint.empty() ? "" : fmt::format(" ({})", show_text(one.hint));
  return fmt::format("{}{}{}[{}]: {}{}\n", at, at.empty() ? "" : ": ", level_name(one.level), show_text(one.code),
                     show_text(one.message), help);
}

nlohmann::ordered_json to_json(const place &where) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  if (!where.file.empty()) out["file"] = where.file;
  if (where.line != 0) {
    out["line"] = where.line;
    out["column"] = std::max(where.column, 1U);
    out["length"] = std::max(where.length, 1U);
  }
  if (where.source)
    out["source"] = {{"index", where.source->source}, {"begin", where.source->begin}, {"end", where.source->end}};
  if (where.span) out["span"] = {{"begin", where.span->begin}, {"end", where.span->end}};
  if (where.node) out["node"] = *where.node;
  return out;
}

std::string render_json(const diagnostic &one, const source_texts &sources) {
  nlohmann::ordered_json out;
  out["level"] = level_name(one.level);
  out["code"] = one.code;
  out["message"] = one.message;
  if (!one.hint.empty()) out["help"] = one.hint;
  if (!one.stage.empty()) out["stage"] = one.stage;
  if (!one.document.empty()) out["document"] = one.document;
  if (nlohmann::ordered_json where = to_json(one.where); !where.empty()) out["where"] = std::move(where);
  for (const note &extra : one.notes) {
    nlohmann::ordered_json entry;
    entry["message"] = extra.message;
    if (nlohmann::ordered_json where = to_json(extra.where); !where.empty()) entry["where"] = std::move(where);
    out["notes"].push_back(std::move(entry));
  }
  out["rendered"] = render_human(one, sources, {});
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string render(const diagnostic &one, const source_texts &sources, const render_options &options) {
  switch (options.form) {
    case render_form::human:
      return render_human(one, sources, options);
    case render_form::concise:
      return render_concise(one);
    case render_form::json:
      return render_json(one, sources);
  }
  return {};
}

std::string render_all(std::span<const diagnostic> all, const source_texts &sources, const render_options &options) {
  std::string out;
  if (options.form != render_form::human) {
    for (const diagnostic &one : all) out += render(one, sources, options);
    return out;
  }
  constexpr std::size_t most_alike = 3, most_in_full = 50;
  std::map<std::pair<std::string, std::string>, std::size_t> seen;
  std::size_t errors = 0, warnings = 0, shown = 0, beyond = 0;
  for (const diagnostic &one : all) {
    errors += one.level == severity::error ? 1 : 0;
    warnings += one.level == severity::warning ? 1 : 0;
    if (++seen[{one.code, one.message}] > most_alike) continue;
    if (shown == most_in_full) {
      ++beyond;
      continue;
    }
    ++shown;
    out += render_human(one, sources, options) + "\n";
  }
  for (const auto &[words, count] : seen)
    if (count > most_alike)
      out += fmt::format("… and {} more of [{}] {}\n", count - most_alike, show_text(words.first),
                         show_text(words.second));
  if (beyond > 0) out += fmt::format("… and {} more\n", beyond);
  if (errors + warnings > 0) {
    out += errors > 0 ? counted(errors, "error") : "";
    out += errors > 0 && warnings > 0 ? ", " : "";
    out += warnings > 0 ? counted(warnings, "warning") : "";
    const auto first = std::find_if(all.begin(), all.end(),
                                    [&](const diagnostic &one) { return errors == 0 || one.level == severity::error; });
    out += fmt::format("; `calque explain {}` says more\n", show_text(first->code));
  }
  return out;
}

}  // namespace calque::host
