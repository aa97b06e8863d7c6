// SPDX-License-Identifier: Apache-2.0
// Reads the memories once, and asks them for each segment.
#include "plugins/memory/memory.hpp"

#include "translation_memory/languages.hpp"
#include "translation_memory/store.hpp"
#include "translation_memory/tmx_reader.hpp"

#include <optional>
#include <unordered_map>

namespace calque::plugins {
namespace {

constexpr std::string_view segments = "calque.segment/1", matches = "calque.match/1";

std::string tag_of(const std::string &written, const char *option) {
  const auto tag = tm::language_tag(written);
  if (!tag)
    throw failure("memory.bad-option", std::string(option) + ": \"" + written + "\" is no language tag",
                  "write it as in \"en\", \"ru\" or \"zh-CN\"");
  return *tag;
}

/// The node of the innermost aside that a place lies in; 0, which is the root, in the main flow.
class aside_finder {
 public:
  explicit aside_finder(document_view document) {
    for (node n : document.nodes())
      if (n.is(kind::aside)) asides_.push_back(n);
  }
  /// Places must ascend.
  uint32_t at(uint32_t place) {
    for (; next_ < asides_.size() && asides_[next_].range().begin <= place; ++next_) open_.push_back(asides_[next_]);
    while (!open_.empty() && open_.back().range().end <= place) open_.pop_back();
    return open_.empty() ? 0 : open_.back().index();
  }

 private:
  std::vector<node> asides_, open_;
  size_t next_ = 0;
};

}  // namespace

void memory::prepare() {
  const tm::language_pair wanted{tag_of(source_language, "source_language"),
                                 tag_of(target_language, "target_language")};
  if (files.empty())
    throw failure("memory.bad-option", "`files` names no memory", "name one that `calque memory import` made");
  units_ = std::make_unique<tm::index>(threshold);
  // A unit serves both ways: who translated from one language has the other one's sentences too.
  const auto take = [&](const tm::unit &u, const std::string &name) {
    const auto fits = [&](const tm::half &source, const tm::half &target) {
      return tm::languages_meet(wanted.source, source.language) && tm::languages_meet(wanted.target, target.language);
    };
    if (fits(u.source, u.target))
      units_->add(u, name);
    else if (fits(u.target, u.source))
      units_->add(u, name, true);
  };
  for (const std::filesystem::path &file : files) {
    const std::string name = file.filename().string();
    try {
      if (file.extension() == ".tmx")
        tm::read_tmx(file, {[&](const tm::unit &u) { take(u, name); }, [](const std::string &) {}});
      else
        tm::store_reader(file).each({}, [&](const tm::unit &u) { take(u, name); });
    } catch (const tm::failure &why) {
      throw failure("memory.unusable", why.what(), why.hint());
    }
  }
  units_->finish();
}

void memory::run(document_view document, marks &out, const call &host) const {
  out.touch(matches);
  if (units_->size() == 0)
    host.report(level::warning, "memory.no-units",
                "no unit of the memories is in " + source_language + " and " + target_language,
                "`calque memory stats` shows their languages");
  const std::vector<annotation> all = document.annotations(segments);

  // What stands beside a segment: notes have neighbours of their own, and the main flow passes over them.
  std::vector<std::optional<size_t>> before(all.size()), after(all.size());
  std::unordered_map<uint32_t, size_t> last_of;
  aside_finder asides(document);
  for (size_t k = 0; k < all.size(); ++k) {
    const auto [last, is_first] = last_of.try_emplace(asides.at(all[k].range().begin), k);
    if (is_first) continue;
    before[k] = last->second;
    after[last->second] = k;
    last->second = k;
  }

  const auto text_of = [&](std::optional<size_t> segment) {
    return segment ? document.text(all[*segment].range()) : std::string_view();
  };
  tm::index::searcher search(*units_);
  for (size_t k = 0; k < all.size(); ++k) {
    host.progress(k, all.size());
    for (const tm::match &m :
         search.find({text_of(k), text_of(before[k]), text_of(after[k])}, static_cast<size_t>(most))) {
      std::string origin(m.memory);
      if (m.file != m.memory) (origin += '#') += m.file;
      (origin += '#') += m.unit;
      out.span(matches, "match", all[k].range())
          .number("score", m.score)
          .text("kind", tm::name_of(m.kind))
          .text("origin", origin)
          .text("source", m.source)
          .text("target", m.target)
          .refers("segment", all[k].id());
    }
  }
}

}  // namespace calque::plugins
