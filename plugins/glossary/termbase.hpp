// SPDX-License-Identifier: Apache-2.0
// What a termbase says: concepts, each with its terms in several languages. Read from TBX and from tables.
#pragma once

#include <calque/calque.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace calque::glossary {

enum class term_status : uint8_t { unstated, preferred, admitted, forbidden };

/// What a term is to the reader: a table says it of each column; in TBX the language alone does.
enum class term_side : uint8_t { by_language, source, target };

struct term {
  std::string form, language;
  term_status status = term_status::unstated;
  term_side side = term_side::by_language;
  std::vector<std::string> notes;
};

/// A concept with all that is said of it.
struct termbase_entry {
  std::string id;
  std::vector<term> terms;
  std::vector<std::pair<std::string, std::string>> definitions;  // language (may be empty) and text
  std::vector<std::string> notes;
};

struct termbase {
  std::string name;  // of the file, without folders
  std::vector<termbase_entry> entries;
};

/// Why a file is refused, or a term passed over; the names stand in the messages.
struct termbase_limits {
  uint64_t file = uint64_t{256} << 20;  // bytes of a file
  uint32_t terms = 2'000'000;           // in one file
  uint32_t term = 1000;                 // bytes of a term
};

/// What was passed over in a file: how often, and where first.
class findings {
 public:
  void add(std::string_view code, uint64_t line);
  /// One warning for each code.
  void report(const std::string &file, const call &c) const;

 private:
  struct finding {
    uint64_t count = 0, line = 0;
  };
  std::map<std::string_view, finding> found_;
};

struct termbase_options {
  std::string encoding = "auto";  // of a table; XML says its own
  std::string source_language, target_language;
  termbase_limits within;
};

/// Reads a file. Throws calque::failure with the code glossary.…, file and line when it cannot be used.
termbase read_termbase(const std::filesystem::path &file, const termbase_options &, findings &);

/// The same of bytes; `file` is what messages call it.
termbase parse_termbase(std::string_view bytes, const std::string &file, const termbase_options &, findings &);

/// "preferredTerm-admn-sts" of TBX, "preferred" of tables, and other words for them; false when it is none.
bool read_status(std::string_view words, term_status &into);

/// Blanks and line ends as one blank each, and none at the ends.
std::string with_single_blanks(std::string_view text);

/// Puts terms into concepts, but for those that are empty, too long, or there already.
class term_collector {
 public:
  term_collector(const termbase_limits &within, findings &found) : within_(within), found_(found) {}

  /// Adds a term to a concept, which is number `at` of the file, or says why not.
  void add(size_t at, termbase_entry &to, term added, uint64_t line);
  /// Whether the concept has that form already, with that language and side.
  bool has(size_t at, const term &) const;

 private:
  static std::string key_of(size_t at, const term &);

  const termbase_limits &within_;
  findings &found_;
  std::unordered_set<std::string> known_;
};

/// The readers of the two kinds of files.
termbase read_tbx(std::string_view bytes, const std::string &file, const termbase_options &, findings &);
termbase read_table(std::string_view bytes, const std::string &file, const termbase_options &, findings &);

/// A failure in a file: "terms.csv:12: …".
failure failure_at(const std::string &file, uint64_t line, std::string code, std::string_view message,
                   std::string hint);
/// One of reading bytes or XML, which names places by bytes, as one by lines.
failure failure_in(const std::string &file, std::string_view bytes, const failure &);

}  // namespace calque::glossary
