// SPDX-License-Identifier: Apache-2.0
// The JSON Lines exporter: chunks of text for search and retrieval, each with its place in record and source.
#include "chunks.hpp"

#include "../common/json_string.hpp"

#include <algorithm>
#include <map>

namespace jsonl {
namespace {

using calque::kind;
using calque::node;

class writer {
 public:
  writer(calque::document_view document, calque::output &account) : document_(document), account_(account), reading_(document, {}) {}

  std::string write(size_t size, size_t overlap) {
    say_what_is_left_out();
    find_pages();
    title_ = first_field("title");
    date_ = date();
    const calque_document &raw = document_.raw();
    std::string record;
    if (raw.source_count > 0)
      for (size_t k = 0; k < 6; ++k) {
        constexpr char digits[] = "0123456789abcdef";
        record += {digits[raw.sources[0]->sha256[k] >> 4], digits[raw.sources[0]->sha256[k] & 15]};
      }
    const auto chunks = pack(document_, pieces_of(document_, reading_), size, overlap);
    std::map<uint32_t, uint32_t> used;
    for (const chunk &c : chunks) {
      const uint32_t again = ++used[c.node_id];
      line(c, record + "-" + std::to_string(c.node_id) + (again > 1 ? "-" + std::to_string(again) : std::string()));
    }
    account_for_languages();
    return std::move(out_);
  }

 private:
  void say_what_is_left_out() {
    account_.emitted_tree(document_.root());
    for (node n : document_.nodes()) {
      const bool is_look = !n.is_leaf() && static_cast<uint16_t>(n.kind()) >= CALQUE_EMPHASIS && static_cast<uint16_t>(n.kind()) < CALQUE_KIND_NAMED;
      if (n.is(kind::image))
        account_.not_expressed(n, "jsonl.image-not-expressed");
      else if (n.is(kind::link))
        account_.not_expressed(n, "jsonl.link-not-expressed");
      else if (is_look)
        account_.not_expressed(n, "jsonl.formatting-not-expressed");
    }
    account_.marks_not_expressed("calque.page/1", "jsonl.page-not-expressed");
    account_.marks_not_expressed("calque.language/1", "jsonl.language-not-expressed");
  }

  void find_pages() {
    for (uint32_t l = 0; l < document_.layer_count(); ++l)
      if (document_.layer(l).name() == "calque.page/1")
        for (uint32_t k = 0; k < document_.layer(l).size(); ++k)
          if (document_.layer(l)[k].value("n")) pages_.push_back({l, document_.layer(l)[k]});
    std::stable_sort(pages_.begin(), pages_.end(),
                     [](const page &a, const page &b) { return a.what.range().begin < b.what.range().begin; });
  }

  std::string first_field(std::string_view key) const {
    const auto field = document_.field(key);
    return field ? edition::plain_text(document_, *field) : std::string();
  }

  /// As EDTF where it is known, else as printed.
  std::string date() const {
    const auto field = document_.field("date");
    if (!field) return {};
    for (const calque::annotation &a : document_.annotations("calque.date/1"))
      if (a.range().begin >= field->range().begin && a.range().end <= field->range().end)
        if (const auto edtf = a.value("edtf")) return std::string(*edtf);
    return edition::plain_text(document_, *field);
  }

  void line(const chunk &c, const std::string &id) {
    constexpr std::string_view kinds[] = {"record", "text", "note"};
    out_ += '{';
    is_first_ = true;
    member("id", id);
    member("kind", kinds[static_cast<size_t>(c.kind)]);
    member("text", c.text);
    list("section", c.section);
    if (!c.language.empty()) member("language", c.language);
    if (!c.speakers.empty()) list("speakers", c.speakers);
    pages(c);
    if (!title_.empty()) member("title", title_);
    if (!date_.empty()) member("date", date_);
    origin(c);
    out_ += "}\n";
    for (const calque::text_range &range : c.ranges) said_.push_back({range, c.language});
  }

  /// A mark that says no more than the chunk that holds it is in the file.
  void account_for_languages() {
    std::stable_sort(said_.begin(), said_.end(), [](const auto &a, const auto &b) { return a.first.begin < b.first.begin; });
    for (uint32_t l = 0; l < document_.layer_count(); ++l) {
      const auto layer = document_.layer(l);
      if (layer.name() != "calque.language/1") continue;
      for (uint32_t k = 0; k < layer.size(); ++k) {
        const uint32_t begin = layer[k].range().begin;
        const auto after = std::upper_bound(said_.begin(), said_.end(), begin, [](uint32_t at, const auto &one) { return at < one.first.begin; });
        if (after != said_.begin() && std::prev(after)->first.end > begin && layer[k].value("tag") == std::prev(after)->second)
          account_.emitted(l, layer[k]);
      }
    }
  }

  /// The page that is open where the chunk begins, and those that begin within it.
  void pages(const chunk &c) {
    std::vector<std::string> numbers;
    auto add = [&](const page &p) {
      account_.emitted(p.layer, p.what);
      const std::string number(*p.what.value("n"));
      if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
    };
    auto next = std::upper_bound(pages_.begin(), pages_.end(), c.ranges.front().begin,
                                 [](uint32_t at, const page &p) { return at < p.what.range().begin; });
    if (next != pages_.begin()) add(*std::prev(next));
    for (; next != pages_.end() && next->what.range().begin < c.ranges.back().end; ++next) add(*next);
    if (!numbers.empty()) list("pages", numbers);
  }

  /// Of each source the stretch from the first to the last byte that the chunk came from.
  void origin(const chunk &c) {
    const calque_origins &runs = document_.raw().origins;
    std::map<uint32_t, std::pair<uint64_t, uint64_t>> covered;
    for (const calque::text_range &range : c.ranges) {
      auto k = static_cast<uint32_t>(std::upper_bound(runs.text_begin, runs.text_begin + runs.count, range.begin) - runs.text_begin);
      for (k = k == 0 ? 0 : k - 1; k < runs.count && runs.text_begin[k] < range.end; ++k) {
        const uint32_t run_end = k + 1 < runs.count ? runs.text_begin[k + 1] : static_cast<uint32_t>(document_.text().size());
        if (run_end <= range.begin) continue;
        uint64_t begin = runs.begin[k], end = runs.end[k];
        if (runs.exact[k] != 0) {
          // Equal bytes: what the chunk has of the run is known to the byte.
          if (range.begin > runs.text_begin[k]) begin += range.begin - runs.text_begin[k];
          if (range.end < run_end) end -= run_end - range.end;
        }
        const auto [at, is_new] = covered.emplace(runs.source[k], std::pair(begin, end));
        if (!is_new) at->second = {std::min(at->second.first, begin), std::max(at->second.second, end)};
      }
    }
    key("origin");
    out_ += '[';
    bool is_first = true;
    for (const auto &[source, bytes] : covered) {
      out_ += is_first ? "{\"source\": " : ", {\"source\": ";
      is_first = false;
      edition::add_json_string(out_, calque::view(document_.raw().sources[source]->name));
      out_ += ", \"begin\": " + std::to_string(bytes.first) + ", \"end\": " + std::to_string(bytes.second) + "}";
    }
    out_ += ']';
  }

  void key(std::string_view name) {
    if (!is_first_) out_ += ", ";
    is_first_ = false;
    edition::add_json_string(out_, name);
    out_ += ": ";
  }
  void member(std::string_view name, std::string_view value) {
    key(name);
    edition::add_json_string(out_, value);
  }
  template <class Strings>
  void list(std::string_view name, const Strings &values) {
    key(name);
    out_ += '[';
    for (size_t k = 0; k < values.size(); ++k) {
      if (k > 0) out_ += ", ";
      edition::add_json_string(out_, values[k]);
    }
    out_ += ']';
  }

  struct page {
    uint32_t layer;
    calque::annotation what;
  };

  calque::document_view document_;
  calque::output &account_;
  edition::reading reading_;
  std::vector<page> pages_;
  std::vector<std::pair<calque::text_range, std::string_view>> said_;  // which language was said of which text
  std::string title_, date_, out_;
  bool is_first_ = true;
};

struct stage : calque::exporter {
  int64_t size = 1200, overlap = 0;

  static constexpr calque::stage_info info{"calque.jsonl", "1.0.0",
                                           "JSON Lines: chunks of text for search, by chunk.schema.json", CALQUE_REENTRANT};
  static constexpr auto options = calque::options(
      calque::opt("size", &stage::size, "1200", "The most characters of a chunk", calque::bounds{40, 1000000}),
      calque::opt("overlap", &stage::overlap, "0",
                  "Characters of the chunk before that a chunk repeats, within a section; at most half the size",
                  calque::bounds{0, 500000}));
  static constexpr auto accepts = calque::list("application/x-ndjson", "*.jsonl", "*.ndjson");
  static constexpr auto used_layers = calque::list("calque.page/1", "calque.language/1", "calque.name/1", "calque.date/1");
  static constexpr auto codes = calque::codes(
      calque::code("jsonl.formatting-not-expressed", "A chunk has the words, not the look that they had.", calque::thing::span),
      calque::code("jsonl.link-not-expressed", "A chunk has the words of a link, not its address.", calque::thing::link,
                   calque::effect::dropped),
      calque::code("jsonl.image-not-expressed", "A chunk holds no image; its alternative text is a note.",
                   calque::thing::image, calque::effect::dropped),
      calque::code("jsonl.page-not-expressed", "A page without a number, or without text, is in no chunk.",
                   calque::thing::page, calque::effect::dropped),
      calque::code("jsonl.language-not-expressed", "A chunk has one language; words of another one are not told apart.",
                   calque::thing::language, calque::effect::dropped),
      calque::code("jsonl.overlap-too-large", "The option overlap is more than half of size.", calque::thing::text,
                   calque::effect::none, calque::level::error));

  void run(calque::document_view document, calque::output &out) const {
    if (overlap * 2 > size)
      throw calque::failure("jsonl.overlap-too-large",
                            "overlap = " + std::to_string(overlap) + " is more than half of size = " + std::to_string(size),
                            "choose an overlap of " + std::to_string(size / 2) + " or less");
    auto file = out.create("application/x-ndjson");
    file << writer(document, out).write(static_cast<size_t>(size), static_cast<size_t>(overlap));
    file.close();
  }
};

}  // namespace
}  // namespace jsonl

CALQUE_PLUGIN("jsonl", "1.0.0", "Apache-2.0", "https://calque.example.org", jsonl::stage)
