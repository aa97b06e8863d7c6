// SPDX-License-Identifier: Apache-2.0
// An annotator that reads a file of its own, for the tests of what is done again: marks the words of a list.
#include <calque/calque.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace calque;

/// A word a line.
struct word_list : annotator {
  std::filesystem::path words;
  static constexpr stage_info info{"test.word_list", "1.0.0", "Marks the words of a list"};
  static constexpr auto options = calque::options(opt("words", &word_list::words, nullptr, "The list, a word a line"));
  static constexpr auto codes = calque::codes(
      code("word_list.unreadable", "The list cannot be read.", thing::text, effect::none, level::error));
  static constexpr auto written_layers = list("test.word/1");

  void prepare() {
    std::ifstream file(words);
    if (!file) throw failure("word_list.unreadable", "the list cannot be read: " + words.string());
    for (std::string line; std::getline(file, line);)
      if (!line.empty()) all_.push_back(line);
  }

  void run(document_view d, marks &out) const {
    out.touch("test.word/1");
    for (const std::string &word : all_)
      for (size_t at = 0; (at = d.text().find(word, at)) != std::string_view::npos; at += word.size())
        out.span("test.word/1", "word",
                 {static_cast<uint32_t>(at), static_cast<uint32_t>(at + word.size())});
  }

 private:
  std::vector<std::string> all_;
};

/// One line a marked word.
struct marked : exporter {
  static constexpr stage_info info{"test.marked", "1.0.0", "The marked words"};
  static constexpr auto accepts = list("text/plain", "*.marked");
  void run(document_view d, output &out) const {
    for (const node n : d.nodes()) out.emitted(n);
    out.marks_emitted("test.word/1");
    auto file = out.create("text/plain");
    file << "marked:\n";
    for (const annotation a : d.annotations("test.word/1")) file << d.text().substr(a.range().begin, a.range().end - a.range().begin) << "\n";
    file.close();
  }
};

}  // namespace

CALQUE_PLUGIN("word-list", "1.0.0", "Apache-2.0", "https://example.org", word_list, marked)
