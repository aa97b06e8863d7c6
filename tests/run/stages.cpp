// SPDX-License-Identifier: Apache-2.0
// Small stages for the tests of the runner: an importer of lines, a normalizer, an annotator and an exporter.
#include <calque/calque.hpp>

namespace {

using namespace calque;

/// Each line a paragraph. "@KEY VALUE" is a field, "====" begins the next part, "!warn" and "!fail" are reported.
struct lines : importer {
  static constexpr stage_info info{"test.lines", "1.0.0", "Lines", CALQUE_TILED};
  static constexpr auto codes = calque::codes(
      code("lines.layout", "Line ends, keys and separators."),
      code("lines.odd", "A line that says so.", thing::text, effect::none, level::warning),
      code("lines.bad", "A line that cannot be read.", thing::text, effect::none, level::error));
  static constexpr auto accepts = list("*.lines");
  static int probe(const calque::probe &p) { return p.has_suffix(".lines") ? 90 : 0; }

  void run(const input &in, builder &out, const call &c) const {
    const std::string_view all = in.bytes();
    for (uint64_t at = 0; at < all.size();) {
      const uint64_t end = std::min(all.find('\n', at), all.size()), next = std::min<uint64_t>(end + 1, all.size());
      const std::string_view line = all.substr(at, end - at);
      if (line == "!fail") throw failure("lines.bad", "this line says fail", source_range{at, end});
      if (line == "!warn") c.report_at(level::warning, source_range{at, end}, "lines.odd", "this line says warn");
      if (line == "====") {
        out.skip({at, next}, "lines.layout");
        out.next_part();
      } else if (line.starts_with('@')) {
        const uint64_t blank = line.find(' ');
        out.skip({at, at + blank + 1}, "lines.layout");
        auto field = out.field(line.substr(1, blank - 1));
        out.text(line.substr(blank + 1), {at + blank + 1, end});
        if (next > end) out.skip({end, next}, "lines.layout");
      } else {
        auto paragraph = out.begin(kind::paragraph);
        if (!line.empty()) out.text(line, {at, end});
        if (next > end) out.skip({end, next}, "lines.layout");
      }
      at = next;
    }
  }
};

/// Takes every '#' away, which is a loss, and makes every '~' a hyphen, which is a change; fails at '$'.
struct tidy : normalizer {
  std::string hyphen = "-";
  static constexpr stage_info info{"test.tidy", "1.0.0", "Tidies"};
  static constexpr auto options = calque::options(opt("hyphen", &tidy::hyphen, "\"-\"", "What a tilde becomes"));
  static constexpr auto codes =
      calque::codes(code("tidy.hash", "A hash was dropped.", thing::text, effect::dropped),
                    code("tidy.tilde", "A tilde became a hyphen.", thing::text, effect::changed),
                    code("tidy.dollar", "Money.", thing::text, effect::none, level::error));
  void run(document_view d, rewrite &out) const {
    for (const node leaf : d.root().leaves())
      for (uint32_t at = leaf.range().begin; at < leaf.range().end; ++at) {
        if (d.text()[at] == '#') out.edit(leaf, {at, at + 1}, "", "tidy.hash");
        if (d.text()[at] == '~') out.edit(leaf, {at, at + 1}, hyphen, "tidy.tilde");
        if (d.text()[at] == '$') throw failure("tidy.dollar", "no money here");
      }
  }
};

/// Makes every '%' the number of its run, so that it gives something else each time.
struct stamp : normalizer {
  static constexpr stage_info info{"test.stamp", "1.0.0", "Stamps", CALQUE_VOLATILE};
  static constexpr auto codes = calque::codes(code("stamp.number", "A number was put in.", thing::text, effect::changed));
  void run(document_view d, rewrite &out) const {
    static int runs = 0;
    const std::string number = std::to_string(++runs);
    for (const node leaf : d.root().leaves())
      for (uint32_t at = leaf.range().begin; at < leaf.range().end; ++at)
        if (d.text()[at] == '%') out.edit(leaf, {at, at + 1}, number, "stamp.number");
  }
};

/// Marks every "sic".
struct marker : annotator {
  static constexpr stage_info info{"test.marker", "1.0.0", "Marks"};
  static constexpr auto codes = calque::codes(code("marker.seen", "One was seen.", thing::text, effect::none, level::warning));
  static constexpr auto written_layers = list("test.mark/1");
  void run(document_view d, marks &out, const call &c) const {
    for (size_t at = 0; (at = d.text().find("sic", at)) != std::string_view::npos; at += 3) {
      const auto begin = static_cast<uint32_t>(at);
      out.span("test.mark/1", "word", {begin, begin + 3});
      c.report_at(level::warning, text_range{begin, begin + 3}, "marker.seen", "here is one");
    }
  }
};

/// The text, a line a paragraph; with `extra` a second file beside it.
struct plain : exporter {
  bool extra = false;
  static constexpr stage_info info{"test.plain", "1.0.0", "Plain"};
  static constexpr auto options = calque::options(opt("extra", &plain::extra, "false", "Write a second file"));
  static constexpr auto accepts = list("text/plain", "*.plain");
  void run(document_view d, output &out) const {
    auto file = out.create("text/plain");
    for (const node n : d.nodes()) {
      if (n.is_leaf()) file << n.text();
      if (n.is_leaf()) file << "\n";
      out.emitted(n);
    }
    file.close();
    if (!extra) return;
    auto further = out.create("text/plain", "more/extra.txt");
    further << "extra\n";
    further.close();
  }
};

}  // namespace

CALQUE_PLUGIN("run-stages", "1.0.0", "Apache-2.0", "https://example.org", lines, tidy, stamp, marker, plain)
