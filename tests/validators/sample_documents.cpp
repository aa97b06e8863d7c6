// SPDX-License-Identifier: Apache-2.0
// The documents, each written by an importer of its own, so that they are made as all documents are.
#include "tests/validators/sample_documents.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/records/random.hpp"

namespace calque::validators {
namespace {

/// What all of them may write.
struct writes_all : importer {
  static constexpr auto written_layers =
      list("calque.page/1", "calque.line/1", "calque.language/1", "calque.segment/1", "calque.editorial/1",
           "calque.name/1", "calque.date/1", "calque.term/1");
  static int probe(const calque::probe &) { return 0; }
};

/// A builder whose text comes from nowhere: these documents have no source worth pointing at.
class pen {
 public:
  explicit pen(builder &out) : out_(out) {}
  uint32_t text(std::string_view text) { return out_.text(text, {}, kind::text); }
  uint32_t leaf(kind k, std::string_view text = {}) {
    return out_.text(k == kind::line_break ? "\n" : k == kind::soft_break ? " " : text, {}, k);
  }
  void block(kind k, std::string_view words) {
    const scope open = out_.begin(k);
    text(words);
  }
  void inline_of(kind k, std::string_view words) { block(k, words); }
  text_range stretch(std::string_view words) {
    const uint32_t begin = out_.position();
    text(words);
    return {begin, out_.position()};
  }
  void field(std::string_view key, std::string_view label, std::string_view value, std::string_view language = {}) {
    const scope open = out_.field(key, language);
    if (!label.empty()) out_.attr("label", label);
    if (!value.empty()) text(value);
  }
  mark editorial(std::string_view kind, std::string_view words, std::string_view open = "[", std::string_view close = "]") {
    const mark made = out_.marks().span("calque.editorial/1", kind, stretch(words));
    if (!open.empty()) made.text("open", open);
    if (!close.empty()) made.text("close", close);
    return made;
  }

 private:
  builder &out_;
};

struct every_kind : writes_all {
  static constexpr stage_info info{"test.every_kind", "1", "A document with all that the model knows"};

  void run(const input &, builder &out) const {
    pen p(out);
    p.field("title", "", "Talks at the harbour");
    p.field("title", "", "Gespräche am Hafen", "de");
    p.field("creator", "Author", "A. Clerk");
    p.field("publisher", "Publisher", "The Upper Reading Room");
    p.field("rights", "Rights", "Free to read");
    p.field("date", "", "May 3, 1951");
    out.marks().span("calque.date/1", "date", {out.position() - 11, out.position()}).text("edtf", "1951-05-03");
    p.field("bibliographic_citation", "Citation", "\"Talks\", box 4, 1-9.");
    p.field("identifier", "", "https://archive.example.org/d/1?a=1&b=2");
    p.field("abstract", "Summary", "Two clerks talk < and & count.");
    p.field("calque.credits", "Credits", "With support from nobody");
    p.field("calque.original_language", "Original Language", "Chinese");
    p.field("calque.other", "Shelf", "");
    {
      const scope field = out.field("calque.other");
      out.attr("label", "Note");
      p.block(kind::paragraph, "First.");
      p.block(kind::paragraph, "Second.");
    }
    p.block(kind::paragraph, "Before any heading.");
    heading(out, p, "1", "The first day");
    p.block(kind::subtitle, "(with a chart)");
    const auto zhang = out.marks().span("calque.name/1", "person", paragraph_span(out, p, "Present: ", "Lin Zhaohe"));
    zhang.text("full", "Vice Minister Lin Zhaohe").text("short", "Lin").text("key", "lin").text("part", "speaker");
    zhang.text("role", "Vice Minister").text("variant", "Lin Chao-ho");
    const auto venue = out.marks().span("calque.name/1", "place", paragraph_span(out, p, "Venue: ", "Quay <3>"));
    venue.text("part", "venue");
    out.marks()
        .span("calque.date/1", "date", paragraph_span(out, p, "Time: ", "3 May 1951, 4 p.m. - 5 p.m."))
        .text("edtf", "1951-05-03T16:00/1951-05-03T17:00")
        .text("part", "meeting")
        .text("printed", "4 p.m.");
    speech(out, p, zhang);
    interventions(out, p);
    dates(out, p);
    overlaps(out, p);
    heading(out, p, "3", "A deeper heading");
    inlines(out, p);
    heading(out, p, "2", "Lists and tables");
    blocks(out, p);
    heading(out, p, "1", "The second day");
    {
      const scope section = out.begin(kind::section);
      heading(out, p, "2", "A section");
      p.block(kind::paragraph, "In the section.");
      const scope version = out.begin(kind::version);
      out.attr("lang", "ru");
      p.block(kind::paragraph, "Вторая версия.");
    }
    p.block(kind::paragraph, "After the section.");
    {
      const scope attachment = out.begin(kind::attachment);
      p.block(kind::paragraph, "An annex.");
    }
    {
      const scope own = out.begin("x.example/box");
      p.block(kind::paragraph, "In a box.");
      const scope inner = out.begin("x.example/line");
      p.text("Only words.");
    }
    {
      const scope arabic = out.begin(kind::paragraph);
      const uint32_t begin = out.position();
      p.text("مرحبا بالعالم");
      out.marks().span("calque.language/1", "language", {begin, out.position()}).text("tag", "ar");
    }
    const uint32_t last = out.position();
    p.block(kind::paragraph, "The end.");
    out.marks().span("calque.language/1", "language", {last, out.position()}).text("tag", "en");
    out.marks().point("calque.page/1", "page", out.position()).text("n", "9");
    out.marks().point("calque.page/1", "page", 0, side::before).text("n", "1");
  }

  static void heading(builder &out, pen &p, std::string_view level, std::string_view words) {
    const scope open = out.begin(kind::heading);
    out.attr("level", level);
    p.text(words);
  }
  static text_range paragraph_span(builder &out, pen &p, std::string_view label, std::string_view words) {
    const scope open = out.begin(kind::paragraph);
    p.text(label);
    return p.stretch(words);
  }

  static void speech(builder &out, pen &p, const mark &person) {
    const scope speech = out.begin(kind::speech);
    out.marks().node("calque.name/1", "speaker", speech.id()).refers("person", person);
    p.block(kind::speaker, "Lin:");
    uint32_t call = 0;
    {
      const scope open = out.begin(kind::paragraph);
      p.text("Welcome");
      call = p.leaf(kind::anchor);
      p.text(" to the quay. The page ");
      out.marks().point("calque.page/1", "page", out.position()).text("n", "30").text("source", "printed");
      out.marks().point("calque.line/1", "line", out.position());
      p.text("ends within.");
    }
    {
      const scope note = out.aside("note", call);
      p.block(kind::paragraph, "A note with");
      const scope open = out.begin(kind::paragraph);
      p.inline_of(kind::emphasis, "emphasis");
    }
    p.block(kind::stage_direction, "(Tea was served.)");
    {
      const scope quote = out.begin(kind::block_quote);
      p.block(kind::paragraph, "We came by boat.");
    }
    {
      const scope inner = out.begin(kind::speech);
      p.block(kind::speaker, "Clerk:");
      p.block(kind::paragraph, "A speech within a speech.");
    }
    p.block(kind::paragraph, "I have ended.");
  }

  static void interventions(builder &out, pen &p) {
    const scope open = out.begin(kind::paragraph);
    auto marked = [&](std::string_view words) {
      return out.marks().span("calque.editorial/1", "marked", p.stretch(words));
    };
    const mark wrong = marked("Te-li-mo-fu");
    p.text(" ");
    p.editorial("sic", "[sic]").refers("marks", wrong).text("agent", "editor");
    p.text(" came. ");
    p.editorial("supplied", "[We]").text("agent", "translator").text("certainty", "high");
    p.text(" met in ");
    const mark place = marked("Belsu");
    p.text(" ");
    p.editorial("variant_name", "[Bielsu]").refers("marks", place);
    p.text(" with our ");
    p.editorial("gloss", "[the Office's]");
    p.text(" men ");
    p.editorial("omitted", "[...]");
    p.text(", ");
    p.editorial("illegible", "[two words illegible]").text("extent", "2 words");
    p.text(" ");
    p.editorial("withheld", "[name not declassified]").text("agent", "declassifier");
    p.text(" ");
    p.editorial("uncertain", "[?]");
    p.text(" the ");
    p.editorial("original_word", "[пристань]").text("lang", "ru");
    p.text(" ");
    p.editorial("marginal", "[in the margin: no]");
    p.text(" ");
    p.editorial("translator_note", "[so in the original.—Trans.]");
    p.text(" ");
    p.editorial("editor_note", "[see box 5.—Ed.]");
    p.text(" and ");
    p.editorial("supplied", "[never closed", "[", "");
  }

  static void dates(builder &out, pen &p) {
    constexpr std::string_view values[] = {
        "1951",         "1951-05",       "1951-05-03",    "1951-05-03T16:00", "1951-05-03T16:00:30", "195X",
        "1951-XX",      "1951-05-XX",    "1951-XX-XX",    "XXXX-05-03",       "1951?",               "1951-05~",
        "1951-05-03%",  "1951/1953",     "1951-05/..",    "../1953",          "1951-21",             "{1951,1953}",
        "[1951..1953]", "-0044-03-15",   "Y170000",       "1951-02-30",       "words < & \"",        "1951-05-03/1951-05-04",
        "0000",         "XXXX",          "/",             "",                 "1951-13"};
    const scope open = out.begin(kind::paragraph);
    for (std::string_view value : values) {
      out.marks().span("calque.date/1", "date", p.stretch("that day")).text("edtf", value);
      p.text(", ");
    }
  }

  static void overlaps(builder &out, pen &p) {
    uint32_t begin = 0, middle = 0, end = 0;
    {
      const scope open = out.begin(kind::paragraph);
      begin = out.position();
      p.text("one two ");
      middle = out.position();
      {
        const scope strong = out.begin(kind::strong);
        p.text("three");
        const scope emphasis = out.begin(kind::emphasis);
        p.text(" four");
      }
      p.text(" five six");
      end = out.position();
    }
    out.marks().span("calque.name/1", "place", {begin, middle + 3});
    out.marks().span("calque.name/1", "organization", {begin + 4, end - 4});
    out.marks().span("calque.language/1", "language", {begin + 4, end - 8}).text("tag", "fr");
    out.marks().span("calque.term/1", "term", {middle - 2, middle + 8});
    out.marks().span("calque.segment/1", "sentence", {begin, middle + 2}).text("rule", "test");
    const uint32_t next = out.position();
    p.block(kind::paragraph, "A name that goes on here.");
    out.marks().span("calque.name/1", "person", {end - 3, next + 6}).text("full", "Nobody <Nemo>");
    out.marks().span("calque.editorial/1", "illegible", {next + 7, next + 16});
    out.marks().span("calque.name/1", "role", {next + 10, next + 20});
  }

  static void inlines(builder &out, pen &p) {
    const scope open = out.begin(kind::paragraph);
    constexpr kind kinds[] = {kind::emphasis, kind::strong,     kind::underline, kind::strikeout, kind::superscript,
                              kind::subscript, kind::small_caps, kind::quoted,    kind::citation,  kind::span};
    for (kind k : kinds) {
      p.inline_of(k, "so");
      p.text(" and ");
    }
    {
      const scope link = out.begin(kind::link);
      out.attr("href", "https://archive.example.org/a b?q=<x>&y=[1]#f#g");
      out.attr("title", "A \"place\"");
      p.text("a link");
    }
    {
      const scope link = out.begin(kind::link);
      out.attr("href", "javascript:alert(1)");
      p.text("a trap");
    }
    p.leaf(kind::line_break);
    p.leaf(kind::code, "a < b && `c`");
    p.leaf(kind::soft_break);
    p.leaf(kind::math, "x^2 < 3");
    p.leaf(kind::raw, "<script>alert(1)</script>");
    out.attr("format", "html");
    out.resource("seal.png", "image/png", "\x89PNG\r\n\x1a\n");
    const uint32_t image = p.leaf(kind::image);
    out.attr("resource", "seal.png");
    const uint32_t missing = p.leaf(kind::image);
    out.attr("resource", "no such.png");
    p.leaf(kind::anchor);
    {
      const scope own = out.begin("x.example/glow");
      p.text("glowing");
    }
    {
      const scope alternative = out.aside("alt", image);
      p.text("A seal");
    }
    const scope alternative = out.aside("alt", missing);
    p.text("A lost picture");
  }

  static void blocks(builder &out, pen &p) {
    {
      const scope list = out.begin(kind::bullet_list);
      {
        const scope item = out.begin(kind::list_item);
        p.text("one line");
      }
      {
        const scope item = out.begin(kind::list_item);
        p.block(kind::paragraph, "first");
        p.block(kind::heading, "a heading in an item");
        const scope inner = out.begin(kind::ordered_list);
        out.attr("start", "3");
        const scope deep = out.begin(kind::list_item);
        p.block(kind::paragraph, "third");
      }
      const scope empty = out.begin(kind::list_item);
    }
    { const scope empty = out.begin(kind::bullet_list); }
    {
      const scope list = out.begin(kind::definition_list);
      p.block(kind::term, "quay");
      {
        const scope definition = out.begin(kind::definition);
        p.block(kind::paragraph, "where boats are");
      }
      {
        const scope definition = out.begin(kind::definition);
        p.block(kind::paragraph, "or were");
      }
      p.block(kind::term, "bell");
    }
    {
      const scope table = out.begin(kind::table);
      p.block(kind::caption, "Boats");
      for (int r = 0; r < 3; ++r) {
        const scope row = out.begin(kind::row);
        for (int c = 0; c < 3 - r; ++c) {
          const scope cell = out.begin(kind::cell);
          if (r == 0) out.attr("header", "true");
          if (r == 1 && c == 0) out.attr("rowspan", "7");
          if (r == 1 && c == 1) out.attr("colspan", "2");
          if (c == 1)
            p.block(kind::paragraph, "as | a block");
          else
            p.text("cell");
        }
      }
    }
    {
      const scope figure = out.begin(kind::figure);
      p.block(kind::paragraph, "A drawing");
      p.block(kind::caption, "Figure 1");
    }
    {
      const scope verse = out.begin(kind::line_block);
      p.block(kind::line, "A river with two tariffs");
      p.block(kind::line, "is a river with none");
    }
    p.block(kind::code_block, "\nif (a < b)\n  ```\n");
    {
      const scope raw = out.begin(kind::raw_block);
      out.attr("format", "html");
      p.text("<b>raw</b>");
    }
    { const scope rule = out.begin(kind::rule); }
    p.block(kind::rule, "* * *");
    p.block(kind::paragraph, "");
    const uint32_t nothing = 0;
    const scope note = out.aside("comment", nothing);
    p.text("A remark without a call.");
  }
};

constexpr std::string_view nasty[] = {
    "<script>alert(1)</script>",
    "]]> --> &amp; &#0; <!-- <![CDATA[ <?xml ?>",
    "\" ' ` = onload=\"x\"",
    "a\x01\x02\x1f\x7f b",
    "\xC2\x85\xC2\x9F C1",
    "\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xB7\x90 non-characters",
    "\U0001F409\U0001D54F\U00020000 astral",
    "\u202Ertl override\u202C \u2066isolate\u2069 \u200Fmark",
    "שלום עולם (hello) 123",
    "Zoë\u0301\u0327 A\u030A combining",
    "**bold** _em_ `code` [a](b) ![c](d) <e> #h ~~s~~ ^f^ $m$ [^1] [x]: y @cite {.c} \\n",
    "- item", "1. item", "# heading", "> quote", "| table |", ": definition", "    indented", "---", "+ x", "% t", "(a) b",
    "tab\there\rcarriage",
    "A. Chekhov wrote it. iv. roman",
    "\u00A0\u2028\u2029\uFEFF odd spaces"};

struct hostile : writes_all {
  static constexpr stage_info info{"test.hostile", "1", "Text that means something elsewhere"};

  void run(const input &, builder &out) const {
    pen p(out);
    for (std::string_view key : {"title", "date", "identifier", "abstract", "bibliographic_citation", "calque.other"})
      for (std::string_view text : {nasty[0], nasty[1], nasty[3], nasty[10]}) p.field(key, text, text);
    int k = 0;
    for (std::string_view text : nasty) {
      const mark person = out.marks().span("calque.name/1", "person", every_kind::paragraph_span(out, p, "", text));
      person.text("full", text).text("key", text).text("part", text).text("role", text);
      {
        const scope speech = out.begin(kind::speech);
        out.marks().node("calque.name/1", "speaker", speech.id()).refers("person", person);
        p.block(kind::speaker, text);
        const scope open = out.begin(kind::paragraph);
        p.editorial("gloss", text).text("agent", text).text("certainty", text).text("extent", text);
        out.marks().point("calque.page/1", "page", out.position()).text("n", text).text("facs", text);
        const scope link = out.begin(kind::link);
        out.attr("href", text);
        out.attr("title", text);
        p.text(text);
      }
      const scope heading = out.begin(kind::heading);
      out.attr("level", std::to_string(++k % 7));
      out.attr("lang", text);
      p.text(text);
      const scope emphasis = out.begin(kind::emphasis);
      p.text(text);
    }
    const scope open = out.begin(kind::paragraph);
    p.text(std::string(20000, 'w'));
  }
};

struct nothing : writes_all {
  static constexpr stage_info info{"test.nothing", "1", "A document without text"};
  void run(const input &, builder &out) const { out.marks().point("calque.page/1", "page", 0).text("n", "1"); }
};

struct only_fields : writes_all {
  static constexpr stage_info info{"test.only_fields", "1", "Metadata without text"};
  void run(const input &, builder &out) const {
    pen p(out);
    p.field("title", "", "A page that was lost");
    p.field("date", "Date", "");
  }
};

/// Any tree that the builder lets through, with marks anywhere.
class random_tree {
 public:
  random_tree(builder &out, uint64_t seed) : out_(out), pen_(out), random_(seed) {}

  void write() {
    for (int k = random_.between(0, 4); k > 0; --k) {
      const scope field = out_.field(random_.pick(keys));
      if (random_.chance(50)) out_.attr("label", words());
      if (random_.chance(80)) inline_run(2);
      some_marks();
    }
    anchors_.clear();
    for (int k = random_.between(1, 8); k > 0; --k) block(0);
    some_marks();
  }

 private:
  static constexpr std::string_view keys[] = {"title",      "date",     "identifier", "abstract",
                                              "publisher",  "rights",   "creator",    "bibliographic_citation",
                                              "calque.x",   "subject",  "calque.original_language"};
  static constexpr kind containers[] = {
      kind::section,      kind::division,        kind::attachment, kind::block_quote, kind::bullet_list,
      kind::ordered_list, kind::list_item,       kind::definition_list, kind::definition, kind::table, kind::row,
      kind::cell,         kind::figure,          kind::line_block, kind::speech,     kind::speech,      kind::speech};
  static constexpr kind texts[] = {kind::paragraph, kind::paragraph, kind::paragraph, kind::heading,   kind::subtitle,
                                   kind::term,      kind::caption,   kind::line,      kind::code_block, kind::raw_block,
                                   kind::rule,      kind::speaker,   kind::stage_direction};
  static constexpr kind inlines[] = {kind::emphasis,  kind::strong,     kind::underline, kind::strikeout, kind::superscript,
                                     kind::subscript, kind::small_caps, kind::quoted,    kind::citation,  kind::link,
                                     kind::span};

  std::string words() {
    std::string made;
    for (int k = random_.between(1, 3); k > 0; --k) {
      made += random_.chance(8) ? random_.pick(nasty) : random_.pick(plain);
      if (k > 1) made += ' ';
    }
    return made;
  }
  static constexpr std::string_view plain[] = {"boat", "Lin",  "река", "郝文礼", "[We]", "3 May", "it,",
                                               "was",  "was.", "(so)", "*",      "_x_",  "quay:", "été"};

  void leaf() {
    switch (random_.between(0, 11)) {
      case 0:
        pen_.leaf(kind::line_break);
        return;
      case 1:
        pen_.leaf(kind::soft_break);
        return;
      case 2:
        pen_.leaf(random_.chance(50) ? kind::code : kind::math, words());
        return;
      case 3:
        anchors_.push_back(pen_.leaf(random_.chance(70) ? kind::anchor : kind::image));
        return;
      case 4:
        pen_.leaf(kind::raw, words());
        return;
      default: {
        const std::string text = words();
        const uint32_t begin = out_.position();
        pen_.text(text);
        for (uint32_t k = 0; k <= text.size(); ++k)
          if (k == text.size() || (static_cast<unsigned char>(text[k]) & 0xC0) != 0x80) places_.push_back(begin + k);
      }
    }
  }
  void inline_run(int depth) {
    for (int k = random_.between(0, 4); k > 0; --k) {
      if (depth > 3 || random_.chance(65)) {
        leaf();
      } else if (random_.chance(12)) {
        const scope own = out_.begin("x.example/inline");
        pen_.text(words());
      } else {
        const kind chosen = random_.pick(inlines);
        const scope open = out_.begin(chosen);
        if (chosen == kind::link && random_.chance(80)) out_.attr("href", random_.chance(50) ? "#n1" : words());
        inline_run(depth + 1);
      }
    }
  }
  // No versions: a mark may not reach over the edge of one, and these marks lie anywhere.
  /// What a container may hold: inlines, or blocks, or both.
  void content(int depth) {
    if (random_.chance(30)) inline_run(depth);
    if (random_.chance(75))
      for (int k = random_.between(0, 3); k > 0; --k) block(depth + 1);
    if (random_.chance(10)) inline_run(depth);
  }
  void block(int depth) {
    if (depth < 6 && random_.chance(45)) {
      const scope open = random_.chance(6) ? out_.begin("x.example/block") : out_.begin(random_.pick(containers));
      if (random_.chance(10)) out_.attr("lang", random_.chance(50) ? "fr" : "he");
      if (random_.chance(10)) out_.attr("colspan", "2");
      if (random_.chance(10)) out_.attr("rowspan", "2");
      content(depth);
    } else {
      const scope open = out_.begin(random_.pick(texts));
      if (random_.chance(30)) out_.attr("level", std::to_string(random_.between(1, 6)));
      inline_run(depth);
    }
    if (!anchors_.empty() && random_.chance(40)) {
      const uint32_t anchor = anchors_.back();
      anchors_.pop_back();
      some_marks();
      const scope note = out_.aside(random_.chance(70) ? "note" : "alt", anchor);
      content(4);
      some_marks();
    }
  }

  /// Marks on what was written since the last ones.
  void some_marks() {
    for (int k = random_.between(0, static_cast<int>(places_.size()) / 5); k > 0; --k) any_mark();
    places_.clear();
  }
  void any_mark() {
    const auto last = static_cast<int>(places_.size()) - 1;
    if (last < 0) return;
    const int first = random_.between(0, last);
    const text_range whole{places_[static_cast<size_t>(first)],
                           places_[static_cast<size_t>(std::min(last, first + random_.between(0, 30)))]};
    switch (random_.between(0, 6)) {
      case 0:
        out_.marks().point("calque.page/1", "page", whole.begin, random_.chance(50) ? side::after : side::before);
        return;
      case 1:
        out_.marks().span("calque.language/1", "language", whole).text("tag", random_.chance(50) ? "ru" : "ar");
        return;
      case 2:
        out_.marks().span("calque.date/1", "date", whole).text("edtf", random_.chance(50) ? "1951-05-03" : "195X/..");
        return;
      case 3:
        out_.marks().span("calque.name/1", random_.chance(50) ? "place" : "person", whole);
        return;
      case 4:
        out_.marks().span("calque.segment/1", "sentence", whole);
        return;
      default: {
        static constexpr std::string_view kinds[] = {"sic",       "supplied", "omitted",  "gloss",           "original_word",
                                                     "uncertain", "illegible", "withheld", "translator_note", "marked"};
        out_.marks().span("calque.editorial/1", random_.pick(kinds), whole);
      }
    }
  }
  builder &out_;
  pen pen_;
  records::random random_;
  std::vector<uint32_t> anchors_;
  std::vector<uint32_t> places_;  // where a mark may begin or end
};

struct random_importer : writes_all {
  static constexpr stage_info info{"test.random", "1", "A seeded tree"};
  void run(const input &in, builder &out) const { random_tree(out, std::stoull(std::string(in.bytes()))).write(); }
};

/// A grey dot.
constexpr char dot[] =
    "\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08"
    "\x00\x00\x00\x00\x3a\x7e\x9b\x55\x00\x00\x00\x0a\x49\x44\x41\x54\x78\xda\x63\x68\x00\x00\x00\x82\x00"
    "\x81\xda\x45\x08\x3b\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

struct script {
  std::string_view language, title, heading, text, page;
};
constexpr script scripts[] = {
    {"ar", "محضر الاجتماع", "اليوم الأول", "رحب الوزير بالضيف في الميناء رقم 12.", "٣٠"},
    {"he", "פרוטוקול הישיבה", "היום הראשון", "השר קיבל את האורח בנמל (רציף 3).", "ל"},
    {"zh-Hant", "會談紀錄", "第一天", "部長在碼頭歡迎客人。雙方談了渡船的事。", "三十"},
};

/// A volume with parts and chapters, pictures under names that are no paths, and links from chapter to chapter.
template <int Which>
struct volume : writes_all {
  static constexpr stage_info info{"test.volume", "1", "A volume in another script"};

  void run(const input &, builder &out) const {
    pen p(out);
    const script &s = scripts[Which];
    const uint32_t begin = out.position();
    p.field("title", "", s.title, s.language);
    p.field("creator", "", s.heading, s.language);
    p.field("source", "", s.title, s.language);
    p.field("modified", "", "1999-12-31");
    const std::string_view names[] = {"a b/\u00e9 \"<&>'%2e%2e.png", "EPUB/package.opf", "mimetype",
                                      "very/deep/%00/name", "\u202egnp.exe"};
    for (std::string_view name : names) out.resource(name, "image/png", std::string_view(dot, sizeof dot - 1));
    out.resource("drawing.svg", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
    for (int k = 0; k < 3; ++k) {
      const scope section = out.begin(kind::section);
      {
        const scope open = out.begin(kind::heading);
        out.attr("level", "1");
        out.attr("id", "part-" + std::to_string(k));
        p.text(s.heading);
      }
      uint32_t call = 0;
      for (int j = 0; j < 2; ++j) {
        const scope inner = out.begin(kind::section);
        every_kind::heading(out, p, "2", s.heading);
        {
          const scope open = out.begin(kind::paragraph);
          p.text(s.text);
          out.marks().point("calque.page/1", "page", out.position()).text("n", s.page);
          call = p.leaf(kind::anchor);
          const scope link = out.begin(kind::link);
          out.attr("href", "#part-" + std::to_string((k + 1) % 4));
          p.text(s.title);
        }
        const scope note = out.aside("note", call);
        p.block(kind::paragraph, s.text);
      }
      uint32_t image = 0;
      {
        const scope open = out.begin(kind::paragraph);
        image = p.leaf(kind::image);
        out.attr("resource", names[k]);
        p.leaf(kind::image);
        out.attr("resource", k == 0 ? names[3] : k == 1 ? names[4] : "drawing.svg");
      }
      const scope alternative = out.aside("alt", image);
      p.text(s.title);
    }
    out.marks().span("calque.language/1", "language", {begin, out.position()}).text("tag", s.language);
  }
};

template <class Importer>
named_document make(std::string name, std::string_view bytes = {}) {
  const testing::outcome made = testing::import<Importer>(bytes, name);
  if (!made.ok || made.documents.empty())
    throw std::runtime_error(name + ": " + (made.diagnostics.empty() ? "no reason" : made.diagnostics.front().message));
  return {std::move(name), made.documents.front()};
}

}  // namespace

std::vector<named_document> sample_documents(int random_count) {
  std::vector<named_document> made{make<every_kind>("every_kind"), make<hostile>("hostile"), make<nothing>("nothing"),
                                   make<only_fields>("only_fields"),
                                   make<volume<0>>("arabic"), make<volume<1>>("hebrew"), make<volume<2>>("chinese")};
  for (int seed = 1; seed <= random_count; ++seed)
    made.push_back(make<random_importer>("random_" + std::to_string(seed), std::to_string(seed * 1000003)));
  return made;
}

}  // namespace calque::validators
