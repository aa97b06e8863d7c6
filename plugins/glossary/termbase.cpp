// SPDX-License-Identifier: Apache-2.0
// Opens termbases, tells their kinds apart by content, and keeps account of what was passed over.
#include "plugins/glossary/termbase.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "plugins/common/decoding.hpp"
#include "plugins/common/words.hpp"

namespace calque::glossary {
namespace {

constexpr size_t head_size = 64 * 1024;

struct finding_words {
  std::string_view code, one, many;
};
constexpr finding_words words[] = {
    {"glossary.empty-term", "1 term is empty and was passed over", "terms are empty and were passed over"},
    {"glossary.long-term", "1 term is longer than the limit `term` (1000 bytes) and was passed over",
     "terms are longer than the limit `term` (1000 bytes) and were passed over"},
    {"glossary.doubled-term", "1 term is there twice; the second was passed over",
     "terms are there twice; the second ones were passed over"},
    {"glossary.doubled-id", "1 concept has the id of another", "concepts have the ids of others"},
    {"glossary.short-row", "1 row has too few fields and was passed over",
     "rows have too few fields and were passed over"},
    {"glossary.unknown-status", "1 status is none that is known; its term was read without it",
     "statuses are none that are known; their terms were read without them"},
    {"glossary.encoding-guessed", "the file does not say its encoding; it was found from what the bytes look like", ""},
    {"glossary.unknown-entity", "1 entity is not declared in the file; what it stands for is missing",
     "entities are not declared in the file; what they stand for is missing"},
};

}  // namespace

void findings::add(std::string_view code, uint64_t line) {
  finding &f = found_[code];
  if (f.count++ == 0) f.line = line;
}

void findings::report(const std::string &file, const call &c) const {
  for (const auto &[name, f] : found_) {
    const std::string_view code = name;
    const auto *said = std::find_if(std::begin(words), std::end(words), [&](const auto &w) { return w.code == code; });
    c.report(level::warning, code,
             file + ":" + std::to_string(f.line) + ": " +
                 (f.count == 1 ? std::string(said->one)
                               : std::to_string(f.count) + " " + std::string(said->many) + "; this is the first"));
  }
}

bool read_status(std::string_view given, term_status &into) {
  std::string status = plugins::folded(plugins::without_gaps(given));
  for (const std::string_view end : {"-admn-sts", "term"})
    if (status.ends_with(end)) status.resize(status.size() - end.size());
  static constexpr std::pair<std::string_view, term_status> known[] = {
      {"preferred", term_status::preferred},     {"standardized", term_status::preferred},
      {"legal", term_status::preferred},         {"regulated", term_status::preferred},
      {"admitted", term_status::admitted},       {"allowed", term_status::admitted},
      {"approved", term_status::admitted},       {"proposed", term_status::admitted},
      {"forbidden", term_status::forbidden},     {"deprecated", term_status::forbidden},
      {"superseded", term_status::forbidden},    {"obsolete", term_status::forbidden},
      {"notrecommended", term_status::forbidden}};
  const auto *found = std::find_if(std::begin(known), std::end(known), [&](auto &k) { return k.first == status; });
  if (found == std::end(known)) return false;
  into = found->second;
  return true;
}

std::string with_single_blanks(std::string_view text) {
  std::string out;
  bool blank = false;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    if (plugins::is_gap(plugins::next_character(text, at))) {
      blank = !out.empty();
      continue;
    }
    if (blank) out += ' ';
    blank = false;
    out += text.substr(begin, at - begin);
  }
  return out;
}

std::string term_collector::key_of(size_t at, const term &t) {
  return std::to_string(at) + "\n" + static_cast<char>('0' + static_cast<int>(t.side)) + t.language + "\n" + t.form;
}

bool term_collector::has(size_t at, const term &t) const {
  return known_.count(key_of(at, t)) != 0;
}

void term_collector::add(size_t at, termbase_entry &to, term added, uint64_t line) {
  added.form = with_single_blanks(added.form);
  if (plugins::folded(added.form).empty()) return found_.add("glossary.empty-term", line);
  if (added.form.size() > within_.term) return found_.add("glossary.long-term", line);
  if (!known_.insert(key_of(at, added)).second) return found_.add("glossary.doubled-term", line);
  to.terms.push_back(std::move(added));
}

failure failure_at(const std::string &file, uint64_t line, std::string code, std::string_view message,
                   std::string hint) {
  return {std::move(code), file + ":" + std::to_string(line) + ": " + std::string(message), std::move(hint)};
}

failure failure_in(const std::string &file, std::string_view bytes, const failure &error) {
  const calque_diagnostic said = error.diagnostic();
  const std::string code(view(said.code)), hint(view(said.hint));
  // Where XML is broken, expat says the line itself.
  if (view(said.message).starts_with("line ")) return {code, file + ": " + std::string(view(said.message)), hint};
  const auto before = bytes.substr(0, said.place == CALQUE_AT_SOURCE ? said.begin : 0);
  return failure_at(file, 1 + static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n')), code,
                    view(said.message), hint);
}

termbase parse_termbase(std::string_view bytes, const std::string &file, const termbase_options &options,
                        findings &found) {
  const std::string head = plugins::decoded_head(bytes.substr(0, head_size));
  termbase made = plugins::without_gaps(head).starts_with('<') ? read_tbx(bytes, file, options, found)
                                                               : read_table(bytes, file, options, found);
  made.name = std::filesystem::path(file).filename().string();
  return made;
}

termbase read_termbase(const std::filesystem::path &file, const termbase_options &options, findings &found) {
  const std::string name = file.string();
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    throw failure("glossary.unreadable-file", name + " is no file that can be read",
                  "`files` names TBX files, and tables as CSV or TSV");
  const uint64_t size = std::filesystem::file_size(file, error);
  if (!error && size > options.within.file)
    throw failure("glossary.too-large",
                  name + " has more than " + std::to_string(options.within.file >> 20) + " MiB (limit `file`)",
                  "split it by subject, and name those that the documents need");
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (error || !in || bytes.size() != size)
    throw failure("glossary.unreadable-file", name + " cannot be read", "check that it is yours to read");
  return parse_termbase(bytes, name, options, found);
}

}  // namespace calque::glossary
