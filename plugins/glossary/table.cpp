// SPDX-License-Identifier: Apache-2.0
// Reads tables of terms: CSV by RFC 4180, with commas, semicolons or tabs, and columns by their names.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "plugins/common/decoding.hpp"
#include "plugins/common/words.hpp"
#include "plugins/glossary/languages.hpp"
#include "plugins/glossary/termbase.hpp"

namespace calque::glossary {
namespace {

/// Rows one after another; a field in quotes may hold anything, quotes doubled.
class row_reader {
 public:
  row_reader(std::string_view text, char separator, const std::string &file)
      : text_(text), separator_(separator), file_(file) {}

  /// False at the end. Lines without anything are no rows.
  bool next(std::vector<std::string> &fields) {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) end_line();
    if (at_ >= text_.size()) return false;
    line_ = next_line_;
    fields.clear();
    while (true) {
      fields.push_back(read_field());
      if (at_ >= text_.size()) return true;
      if (text_[at_] != separator_) break;
      ++at_;
      if (at_ >= text_.size()) {
        fields.emplace_back();
        return true;
      }
    }
    end_line();
    return true;
  }
  /// Where the last row begins.
  uint64_t line() const { return line_; }

 private:
  bool is_end(char c) const { return c == separator_ || c == '\n' || c == '\r'; }

  std::string read_field() {
    std::string field;
    if (at_ < text_.size() && text_[at_] == '"') {
      const uint64_t opened = next_line_;
      for (++at_;; ++at_) {
        if (at_ >= text_.size())
          throw failure_at(file_, opened, "glossary.unclosed-quote", "a quotation mark opens here and never closes",
                           "a quotation mark within a field is doubled, and the field stands in quotation marks");
        if (text_[at_] == '"' && (++at_ >= text_.size() || text_[at_] != '"')) break;
        if (text_[at_] == '\n') ++next_line_;
        field += text_[at_];
      }
    }
    while (at_ < text_.size() && !is_end(text_[at_])) field += text_[at_++];
    return field;
  }

  void end_line() {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++next_line_;
  }

  std::string_view text_;
  char separator_;
  const std::string &file_;
  size_t at_ = 0;
  uint64_t line_ = 1, next_line_ = 1;
};

/// The separator of the first line: a tab if there is one, else the more frequent of comma and semicolon; 0 for none.
char find_separator(std::string_view text) {
  size_t commas = 0, semicolons = 0;
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\t') return '\t';
    if ((c == '\n' || c == '\r') && commas + semicolons > 0) break;
    if (c == '\n' || c == '\r') return 0;
    commas += c == ',' ? 1u : 0u;
    semicolons += c == ';' ? 1u : 0u;
  }
  if (commas + semicolons == 0) return 0;
  return semicolons > commas ? ';' : ',';
}

struct columns {
  std::optional<size_t> source, target, status, concept_id, note, definition;
};

/// The columns by the names in the first row; nothing when it has none for the source.
std::optional<columns> read_header(const std::vector<std::string> &row, const termbase_options &options) {
  static constexpr std::pair<std::string_view, std::optional<size_t> columns::*> names[] = {
      {"source", &columns::source}, {"source term", &columns::source}, {"term", &columns::source},
      {"target", &columns::target}, {"target term", &columns::target}, {"translation", &columns::target},
      {"status", &columns::status}, {"concept", &columns::concept_id}, {"id", &columns::concept_id},
      {"note", &columns::note},     {"comment", &columns::note},       {"definition", &columns::definition}};
  columns found;
  for (size_t k = 0; k < row.size(); ++k) {
    const std::string name = plugins::folded(plugins::without_gaps(row[k]));
    for (const auto &[known, column] : names)
      if (name == known && !(found.*column)) found.*column = k;
    // A column may be called by the language that it holds.
    for (const auto &[language, column] :
         {std::pair(&options.source_language, &columns::source), std::pair(&options.target_language, &columns::target)})
      if (!language->empty() && name == plugins::folded(*language) && !(found.*column)) found.*column = k;
  }
  return found.source ? std::optional(found) : std::nullopt;
}

/// Rows become concepts: those with one id are one; without ids, those with one target.
class table_reader {
 public:
  table_reader(const std::string &file, const termbase_options &options, findings &found)
      : file_(file), options_(options), found_(found), collector_(options.within, found) {}

  termbase read(std::string_view text) {
    const char separator = find_separator(text);
    row_reader rows(text, separator == 0 ? ',' : separator, file_);
    std::vector<std::string> row;
    const bool has_any = rows.next(row);
    const auto header = has_any ? read_header(row, options_) : std::nullopt;
    if (separator == 0 && !header)
      throw failure_at(file_, 1, "glossary.unknown-format", "this is neither TBX nor a table of terms",
                       "a table has commas, semicolons or tabs between its fields; its columns are source, target, "
                       "status, concept, note, definition");
    where_ = header.value_or(columns{0, 1, {}, {}, 2, {}});
    if (header && !rows.next(row)) return std::move(made_);
    do {
      add(row, rows.line());
    } while (rows.next(row));
    return std::move(made_);
  }

 private:
  void add(const std::vector<std::string> &row, uint64_t line) {
    const auto cell = [&](const std::optional<size_t> &column) {
      return column && *column < row.size() ? with_single_blanks(row[*column]) : std::string();
    };
    if (row.size() <= std::max(*where_.source, where_.target.value_or(0)))
      return found_.add("glossary.short-row", line);
    if (++rows_ > options_.within.terms)
      throw failure_at(file_, line, "glossary.too-large",
                       "it has more than " + std::to_string(options_.within.terms) + " rows (limit `terms`)",
                       "split it by subject, and name those that the documents need");
    term source{cell(where_.source), options_.source_language, term_status::unstated, term_side::source, {}};
    term target{cell(where_.target), options_.target_language, term_status::unstated, term_side::target, {}};
    const std::string status = cell(where_.status), note = cell(where_.note), definition = cell(where_.definition);
    if (!status.empty() && !read_status(status, source.status)) found_.add("glossary.unknown-status", line);
    if (!note.empty()) source.notes.push_back(note);

    const std::string id = cell(where_.concept_id);
    const std::string key = !id.empty() ? "i" + id : !target.form.empty() ? "t" + target.form : "s" + source.form;
    const auto [known, is_new] = by_key_.emplace(key, made_.entries.size());
    if (is_new) made_.entries.emplace_back().id = id;
    termbase_entry &entry = made_.entries[known->second];
    if (!definition.empty()) entry.definitions.emplace_back(options_.source_language, definition);
    // A row that has one side in common with another adds the other side; with both it is there twice.
    const bool knows_source = collector_.has(known->second, source);
    const bool knows_target = target.form.empty() || collector_.has(known->second, target);
    if (knows_source && knows_target) return found_.add("glossary.doubled-term", line);
    if (!knows_source) collector_.add(known->second, entry, std::move(source), line);
    if (!knows_target) collector_.add(known->second, entry, std::move(target), line);
  }

  const std::string &file_;
  const termbase_options &options_;
  findings &found_;
  term_collector collector_;
  columns where_;
  termbase made_;
  std::unordered_map<std::string, size_t> by_key_;
  uint32_t rows_ = 0;
};

}  // namespace

termbase read_table(std::string_view bytes, const std::string &file, const termbase_options &options, findings &found) {
  std::optional<plugins::decoded_text> decoded;
  try {
    decoded = plugins::decode(bytes, {options.encoding, false}, "glossary");
  } catch (const failure &error) {
    throw failure_in(file, bytes, error);
  }
  if (decoded->confidence < 60) found.add("glossary.encoding-guessed", 1);
  return table_reader(file, options, found).read(decoded->text());
}

}  // namespace calque::glossary
