// SPDX-License-Identifier: Apache-2.0
// Reads TBX: ISO 30042 of 2019 in both styles, and the Martif form that came before it.
#include <algorithm>
#include <optional>
#include <unordered_set>

#include "plugins/common/words.hpp"
#include "plugins/common/xml_reading.hpp"
#include "plugins/glossary/termbase.hpp"

namespace calque::glossary {
namespace {

using plugins::xml_node;
using plugins::xml_tree;

/// One pass over the elements of a file. Names are compared without their namespaces: the modules of the DCT style put
/// each data category into one of their own, and older files have none.
class tbx_reader {
 public:
  tbx_reader(std::string_view bytes, const std::string &file, const termbase_options &options, findings &found)
      : tree_(bytes, "glossary"), file_(file), options_(options), found_(found), collector_(options.within, found) {}

  termbase read() {
    const xml_node &root = tree_.at(tree_.root());
    if (root.name != "tbx" && root.name != "martif" && root.name != "TBX")
      throw failure_at(file_, line_of(tree_.root()), "glossary.unknown-format",
                       "the outermost element is <" + std::string(root.name) + ">, which is no termbase",
                       "that of TBX is <tbx>, or <martif> in older files");
    termbase made;
    std::unordered_set<std::string> ids;
    for (uint32_t i = tree_.root(); i < root.end; ++i) {
      if (!tree_.is_element(i, "conceptEntry") && !tree_.is_element(i, "termEntry")) continue;
      termbase_entry entry;
      entry.id = tree_.attribute_or(i, "id", tree_.attribute_or(i, "xml:id"));
      if (!entry.id.empty() && !ids.insert(entry.id).second) found_.add("glossary.doubled-id", line_of(i));
      at_ = made.entries.size();
      read_concept(i, entry);
      if (!entry.terms.empty()) made.entries.push_back(std::move(entry));
    }
    return made;
  }

 private:
  void read_concept(uint32_t concept_at, termbase_entry &into) {
    const std::string outer = language_of(concept_at);
    for (uint32_t i = concept_at + 1; i < tree_.at(concept_at).end;) {
      if (tree_.is_element(i, "langSec") || tree_.is_element(i, "langSet")) {
        read_language(i, into);
        i = tree_.at(i).end;
      } else {
        read_description(i, {}, into.definitions, into.notes);
        ++i;
      }
    }
  }

  void read_language(uint32_t section, termbase_entry &into) {
    const std::string language = language_of(section);
    for (uint32_t i = section + 1; i < tree_.at(section).end;) {
      if (tree_.is_element(i, "termSec") || tree_.is_element(i, "tig") || tree_.is_element(i, "ntig")) {
        read_term(i, language, into);
        i = tree_.at(i).end;
      } else {
        read_description(i, language, into.definitions, into.notes);
        ++i;
      }
    }
  }

  void read_term(uint32_t section, const std::string &language, termbase_entry &into) {
    const uint64_t line = line_of(section);  // before those within it: lines are counted forwards
    term read;
    read.language = language;
    bool has_term = false;
    for (uint32_t i = section + 1; i < tree_.at(section).end; ++i) {
      if (!has_term && tree_.is_element(i, "term")) {
        has_term = true;
        read.form = text_of(i);
      } else if (is_category(i, "administrativeStatus") || is_category(i, "normativeAuthorization")) {
        if (!read_status(text_of(i), read.status)) found_.add("glossary.unknown-status", line_of(i));
      } else {
        read_description(i, language, into.definitions, read.notes);
      }
    }
    if (++term_count_ > options_.within.terms)
      throw failure_at(file_, line, "glossary.too-large",
                       "it has more than " + std::to_string(options_.within.terms) + " terms (limit `terms`)",
                       "split it by subject, and name those that the documents need");
    collector_.add(at_, into, std::move(read), line);
  }

  void read_description(uint32_t i, const std::string &language,
                        std::vector<std::pair<std::string, std::string>> &definitions,
                        std::vector<std::string> &notes) {
    const bool is_definition = is_category(i, "definition"), is_note = tree_.is_element(i, "note");
    if (!is_definition && !is_note) return;
    std::string text = with_single_blanks(text_of(i));
    if (text.empty()) return;
    if (is_definition)
      definitions.emplace_back(language, std::move(text));
    else
      notes.push_back(std::move(text));
  }

  /// <descrip type="definition"> in the DCA style, <basic:definition> in the DCT style.
  bool is_category(uint32_t i, std::string_view category) const {
    if (tree_.at(i).is != xml_node::what::element) return false;
    return tree_.at(i).name == category || tree_.attribute_or(i, "type") == category;
  }

  /// Its own language, or that of what it stands in.
  std::string language_of(uint32_t element) const {
    for (uint32_t i = element;; i = tree_.at(i).parent) {
      if (const auto said = tree_.attribute(i, "xml:lang"); said && !said->empty()) return std::string(*said);
      if (i == tree_.root()) return {};
    }
  }

  std::string text_of(uint32_t element) {
    std::string out;
    for (uint32_t i = element + 1; i < tree_.at(element).end; ++i) {
      out += tree_.at(i).text;
      if (tree_.at(i).is == xml_node::what::entity) found_.add("glossary.unknown-entity", line_of(i));
    }
    return out;
  }

  uint64_t line_of(uint32_t index) {
    const size_t at = tree_.at(index).at.begin;
    const std::string_view text = tree_.decoded().text();
    // Asked for in the order of the file, so that all of it is counted once; any other order is right, and slow.
    if (at < counted_to_) counted_to_ = 0, line_ = 1;
    line_ += static_cast<uint64_t>(std::count(text.begin() + static_cast<ptrdiff_t>(counted_to_),
                                              text.begin() + static_cast<ptrdiff_t>(at), '\n'));
    counted_to_ = at;
    return line_;
  }

  const xml_tree tree_;
  const std::string &file_;
  const termbase_options &options_;
  findings &found_;
  term_collector collector_;
  size_t at_ = 0;  // the number of the concept
  uint32_t term_count_ = 0;
  size_t counted_to_ = 0;
  uint64_t line_ = 1;
};

}  // namespace

termbase read_tbx(std::string_view bytes, const std::string &file, const termbase_options &options, findings &found) {
  std::optional<tbx_reader> reader;
  try {
    reader.emplace(bytes, file, options, found);
  } catch (const failure &error) {
    throw failure_in(file, bytes, error);
  }
  return reader->read();
}

}  // namespace calque::glossary
