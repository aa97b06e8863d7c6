// SPDX-License-Identifier: Apache-2.0
// Unit tests for plugins: documents from a short notation, one stage run by the real host, and what came of it.
// Link calque::testing; nothing here touches the terminal or the file system.
//
//   auto d = calque::testing::document::parse("paragraph: [I] welcome you.");
//   auto r = calque::testing::annotate<editorial>(d);
//   EXPECT_EQ(r.layer("calque.editorial/1"), "supplied \"[I]\" …\n");
//
// The notation has one block a line, two blanks deeper than what holds it; `key=value` after the kind are attributes,
// and what follows the first ": " is text. Inlines are {kind words}; ⏎ is a line break and ␣ a soft one; a backslash
// takes the next character as it is. `field KEY: …` is metadata. `{anchor n}` is the call of the aside `aside ROLE n`.
//
//   field title: Talks at the harbour
//   heading level=1: Talks
//   speech
//     speaker: Zhang:
//     paragraph: Never {emphasis mind}.{anchor 1}
//   aside note 1
//     paragraph: Said twice.
#pragma once

#include <calque/document.hpp>
#include <calque/stage.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calque::testing {

/// A document that owns all it holds; copies share it.
class document {
 public:
  /// From the notation above. A mistake in it throws std::invalid_argument that names the line.
  static document parse(std::string_view notation);

  document_view view() const;
  /// The host's text dump: everything, in a stable form (docs/document-model.md).
  std::string dump() const;
  /// Fields, then blocks, one a line with their kinds, as cases/*.md show them.
  std::string text() const;
  /// The annotations of a layer, one a line, as cases/*.md show them.
  std::string layer(std::string_view name) const;

  struct impl;
  explicit document(std::shared_ptr<const impl> held) : held_(std::move(held)) {}
  const impl &held() const { return *held_; }

 private:
  // Shared, because results and the documents that they were made from outlive each other in any order.
  std::shared_ptr<const impl> held_;
};

/// What was reported; `severity` is debug, info, warning or error.
struct diagnostic {
  std::string severity, code, message, hint;
};

struct file {
  std::string path, media_type, bytes;
};

/// Options as a pipeline would give them: a name and a TOML value, {"form", "\"NFD\""}.
using settings = std::vector<std::pair<std::string, std::string>>;

/// What one run gave. When it failed, documents and files are empty and diagnostics say why.
struct outcome {
  bool ok = false;
  std::vector<document> documents;  // an importer's parts; the result of a normalizer or an annotator
  std::vector<file> files;          // an exporter's
  std::vector<testing::diagnostic> diagnostics;
  std::string ledger;  // the account as JSON

  /// The first document's, or "" when there is none.
  std::string text() const { return documents.empty() ? "" : documents.front().text(); }
  std::string layer(std::string_view name) const { return documents.empty() ? "" : documents.front().layer(name); }
};

/// Runs a stage by its C table, as the host does in a pipeline: options checked, boundaries validated, loss counted.
/// `members`: the importers of what it embeds.
outcome run_importer(const calque_stage &, std::string_view bytes, std::string_view name, const settings &,
                     const std::vector<const calque_stage *> &members = {});
outcome run_stage(const calque_stage &, const document &, const settings &);

/// What it embeds is imported by the importers `Member…`, or by itself.
template <class Stage, class... Member>
outcome import(std::string_view bytes, std::string_view name = "input.txt", const settings &options = {}) {
  return run_importer(details::stage_of<Stage>, bytes, name, options, {&details::stage_of<Member>...});
}
template <class Stage>
outcome normalize(const document &d, const settings &options = {}) {
  return run_stage(details::stage_of<Stage>, d, options);
}
template <class Stage>
outcome annotate(const document &d, const settings &options = {}) {
  return run_stage(details::stage_of<Stage>, d, options);
}
template <class Stage>
outcome write(const document &d, const settings &options = {}) {
  return run_stage(details::stage_of<Stage>, d, options);
}

}  // namespace calque::testing
