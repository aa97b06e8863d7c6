// SPDX-License-Identifier: Apache-2.0
// Runs the tests that a pipeline file carries ([[test]]) and says what differs from what was expected.
#include "host/pipeline/run_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <calque/document.hpp>
#include <map>
#include <set>

#include "host/document/dump.hpp"
#include "host/document/packed.hpp"
#include "host/pipeline/compare_files.hpp"
#include "host/pipeline/open_input.hpp"
#include "host/pipeline/output_names.hpp"
#include "host/pipeline/publish.hpp"
#include "host/pipeline/text_diff.hpp"

namespace calque::host {
namespace {

/// What a test has seen of one stage, over all parts.
struct stage_record {
  std::vector<document> documents;
  std::optional<std::string> primary_file; // of an exporter, first part
};

std::size_t find_stage(const pipeline &whole, std::string_view name, std::size_t otherwise) {
  for (std::size_t k = 0; k < whole.stages.size(); ++k)
    if (whole.stages[k].name == name) return k;
  return otherwise;
}

/// A text in a message: short, on one line.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string out(text.substr(0, most));
  if (text.size() > most) {
    while (!out.empty() && (static_cast<unsigned char>(text[out.size()]) & 0xC0) == 0x80) out.pop_back();
    out += "…";
  }
  for (char &c : out)
    if (c == '\n') c = ' ';
  return "\"" + out + "\"";
}

/// One thing that an expectation might mean: its kind, its text and, of an annotation, its values.
struct candidate {
  std::string kind, text;
  std::vector<std::pair<std::string, std::string>> values;
};

std::vector<candidate> annotations_of(const calque_document &d, std::string_view layer) {
  const document_view whole(d);
  std::vector<candidate> found;
  for (const annotation &a : whole.annotations(layer)) {
    candidate c{std::string(a.kind()), std::string(whole.text(a.range())), {}};
    for (const annotation::value_view &v : a.values()) c.values.emplace_back(v.key, v.text);
    found.push_back(std::move(c));
  }
  return found;
}

std::vector<candidate> nodes_of(const calque_document &d, std::string_view kind) {
  std::vector<candidate> found;
  for (const node n : document_view(d).nodes())
    if (n.kind_name() == kind) found.push_back({std::string(kind), std::string(n.text()), {}});
  return found;
}

std::vector<candidate> fields_of(const calque_document &d, std::string_view key) {
  std::vector<candidate> found;
  for (const node n : document_view(d).fields())
    if (n.attr("key") == key) found.push_back({std::string(key), std::string(n.text()), {}});
  return found;
}

bool fits(const candidate &c, const expectation &e) {
  if (e.kind && c.kind != *e.kind) return false;
  if (e.text && c.text != *e.text) return false;
  for (const auto &value : e.values)
    if (std::find(c.values.begin(), c.values.end(), value) == c.values.end()) return false;
  return true;
}

std::string describe(const candidate &c) {
  std::string out = fmt::format("  {} {}", c.kind, in_quotes(c.text));
  for (const auto &[key, value] : c.values) out += fmt::format(" {}={}", key, in_quotes(value));
  return out + "\n";
}

std::string wanted(const expectation &e) {
  std::string out = e.layer ? fmt::format("annotation of {}", *e.layer)
                            : e.field ? fmt::format("field `{}`", *e.field) : fmt::format("node");
  if (e.kind) out += fmt::format(", kind {}", *e.kind);
  if (e.text) out += fmt::format(", text {}", in_quotes(*e.text));
  for (const auto &[key, value] : e.values) out += fmt::format(", {} = {}", key, in_quotes(value));
  return out;
}

class checker {
 public:
  checker(const pipeline &whole, bool update, test_outcome &out) : whole_(whole), update_(update), out_(out) {}

  std::map<std::size_t, stage_record> records;

  void check(const expectation &e, const run_outcome &run) {
    const stage_record &at = records[find_stage(whole_, e.at, whole_.stages.size() - 1)];
    if (e.status && *e.status != name_of(run.status))
      fail(e, fmt::format("status: expected {}, found {}", *e.status, name_of(run.status)));
    if (e.outputs && *e.outputs != run.files.size()) check_outputs(e, run);
    if (e.diagnostics) check_diagnostics(e, run);
    if (e.layer || e.kind || e.field) check_count(e, at);
    if (e.equals || e.contains) check_text(e, at);
    if (e.file_equals) check_file(e, at);
  }

 private:
  void fail(const expectation &e, std::string message, std::string_view below = {}) {
    diagnostic d = error("test.differs", std::move(message));
    d.where = e.where;
    while (below.ends_with('\n')) below.remove_suffix(1);
    if (!below.empty()) d.message += "\n" + std::string(below);
    out_.failures.push_back(std::move(d));
    out_.passed = false;
  }

  void check_outputs(const expectation &e, const run_outcome &run) {
    std::string names;
    for (const made_file &file : run.files) names += fmt::format("  {}\n", file.path);
    fail(e, fmt::format("outputs: expected {}, found {}", *e.outputs, run.files.size()), names);
  }

  void check_diagnostics(const expectation &e, const run_outcome &run) {
    std::set<std::string> found;
    for (const diagnostic &d : run.diagnostics)
      if (d.level >= severity::warning) found.insert(d.code);
    std::string expected_lines, found_lines;
    for (const std::string &code : std::set<std::string>(e.diagnostics->begin(), e.diagnostics->end()))
      expected_lines += code + "\n";
    for (const std::string &code : found) found_lines += code + "\n";
    if (expected_lines != found_lines)
      fail(e, "diagnostics differ", unified_diff(expected_lines, found_lines, "expected", "found"));
  }

  void check_count(const expectation &e, const stage_record &at) {
    std::uint64_t count = 0;
    std::string alike; // of the same layer, or kind, or field
    constexpr std::size_t most_shown = 20;
    std::size_t shown = 0, left_out = 0;
    for (const document &d : at.documents) {
      const std::vector<candidate> all = e.layer   ? annotations_of(d.view(), *e.layer)
                                         : e.field ? fields_of(d.view(), *e.field)
                                                   : nodes_of(d.view(), *e.kind);
      for (const candidate &c : all) {
        if (fits(c, e)) ++count;
        if (shown < most_shown) {
          alike += describe(c);
          ++shown;
        } else {
          ++left_out;
        }
      }
    }
    if (e.count ? count == *e.count : count > 0) return;
    const std::string expected = e.count ? std::to_string(*e.count) : "at least 1";
    if (left_out > 0) alike += fmt::format("  … and {} more\n", left_out);
    fail(e, fmt::format("{}: expected {}, found {}{}", wanted(e), expected, count, alike.empty() ? "" : "; there are:"), alike);
  }

  /// The main text after the stage; of an exporter, its primary file.
  std::string text_at(const stage_record &at) {
    if (at.primary_file) return *at.primary_file;
    std::string text;
    for (const document &d : at.documents) text += main_text(d.view());
    return text;
  }

  void check_text(const expectation &e, const stage_record &at) {
    const std::string text = text_at(at);
    const auto without_end = [](std::string_view s) { return s.substr(0, s.find_last_not_of('\n') + 1); };
    if (e.equals && without_end(*e.equals) != without_end(text)) {
      const bool is_line = text.size() < 400 && e.equals->size() < 400;
      fail(e, fmt::format("the text after `{}` differs", e.at),
           is_line ? word_diff(without_end(*e.equals), without_end(text))
                   : unified_diff(*e.equals, text, "expected", "found"));
    }
    if (e.contains && text.find(*e.contains) == std::string::npos)
      fail(e, fmt::format("the text after `{}` does not hold {}", e.at, in_quotes(*e.contains)), nearest_line(text, *e.contains));
  }

  /// The line that shares the most words with what was looked for, as a word diff.
  static std::string nearest_line(std::string_view text, const std::string &looked_for) {
    std::set<std::string_view> words;
    const auto each_word = [](std::string_view s, const auto &f) {
      for (std::size_t at = 0; (at = s.find_first_not_of(" \n", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(s.find_first_of(" \n", at), s.size());
        f(s.substr(at, end - at));
        at = end;
      }
    };
    each_word(looked_for, [&](std::string_view w) { words.insert(w); });
    std::size_t most = 0;
    std::string_view best;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::set<std::string_view> shared;
      each_word(text.substr(0, end), [&](std::string_view w) {
        if (words.contains(w)) shared.insert(w);
      });
      if (shared.size() > most) {
        most = shared.size();
        best = text.substr(0, end);
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return best.empty() || best.size() > 2000 ? std::string() : "nearest: " + word_diff(looked_for, best);
  }

  void check_file(const expectation &e, const stage_record &at) {
    if (!at.primary_file) {
      fail(e, fmt::format("`{}` made no file to compare", e.at));
      return;
    }
    const auto expected = open_input(*e.file_equals, whole_.bounds.max_input);
    const bool is_there = expected.has_value();
    if (!is_there && expected.error().code != "input.missing" && expected.error().code != "input.empty") {
      fail(e, fmt::format("{}: {}", *e.file_equals, expected.error().message));
      return;
    }
    const std::string wanted_form = is_there ? form_to_compare(expected.value().bytes, e.compare) : std::string();
    const std::string found_form = form_to_compare(*at.primary_file, e.compare);
    if (is_there && wanted_form == found_form) return;
    if (update_) {
      const std::size_t slash = e.file_equals->rfind('/');
      const file_to_publish file{e.file_equals->substr(slash + 1), *at.primary_file};
      if (auto written = publish(e.file_equals->substr(0, slash), {&file, 1}); !written.has_value())
        fail(e, written.error().message);
      else
        out_.updated.push_back(*e.file_equals);
      return;
    }
    fail(e, is_there ? fmt::format("the file of `{}` differs, compared as {}", e.at, e.compare)
                     : fmt::format("{} is not there; `calque test --update` writes it", *e.file_equals),
         is_there ? unified_diff(wanted_form, found_form, "expected", "found") : std::string());
  }

  const pipeline &whole_;
  bool update_;
  test_outcome &out_;
};

result<document> read_document(const std::string &path, std::uint64_t most_bytes) {
  auto file = open_input(path, most_bytes);
  if (!file.has_value()) return file.error();
  const std::string &bytes = file.value().bytes;
  if (path.ends_with(".cqdoc")) return unpack({reinterpret_cast<const std::byte *>(bytes.data()), bytes.size()});
  return parse_dump(bytes);
}

}  // namespace

std::string main_text(const calque_document &d) {
  std::string out;
  const auto end_line = [&] {
    if (!out.empty() && out.back() != '\n') out += '\n';
  };
  std::uint32_t block_end = 0;
  for (const node n : document_view(d).main_flow()) {
    const auto k = static_cast<std::uint16_t>(n.kind());
    const bool is_block = k < CALQUE_EMPHASIS || k >= CALQUE_KIND_NAMED;
    if (is_block || n.index() >= block_end) end_line();
    if (is_block) block_end = n.end_index();
    if (n.is_leaf()) out += n.text();
  }
  end_line();
  return out;
}

test_outcome run_test(runner &runs, const pipeline &whole, const pipeline_test &test, bool update) {
  test_outcome out;
  checker checks(whole, update, out);
  const run_observer observe = [&](const stage_event &event) {
    const std::size_t index = event.index == no_stage ? 0 : event.index;
    stage_record &record = checks.records[index];
    if (event.files == nullptr || record.documents.size() < event.part) record.documents.push_back(event.now);
    if (event.files != nullptr && !record.primary_file)
      for (const output_file &file : *event.files)
        if (file.primary) record.primary_file = file.bytes;
  };
  const std::size_t last = find_stage(whole, test.to, whole.stages.size() - 1);
  run_outcome run;
  const auto refuse = [&](const diagnostic &d) {
    run.status = run_status::io_error;
    run.diagnostics.push_back(d);
  };
  if (test.doc) {
    auto start = read_document(*test.doc, whole.bounds.max_input);
    const std::size_t first = find_stage(whole, test.from, whole.has_importer() ? 1 : 0);
    if (start.has_value())
      run = runs.run_from(start.value(), first, {"", stem_of(test.doc->substr(test.doc->rfind('/') + 1))}, observe, {.last = last});
    else
      refuse(start.error());
  } else if (test.file) {
    auto input = open_input(*test.file, whole.bounds.max_input);
    if (input.has_value())
      run = runs.run(input.value(), {"", stem_of(input.value().name)}, observe, {.last = last});
    else
      refuse(input.error());
  } else {
    const input_file input = input_from_memory(test.input_name, test.text.value_or(""));
    run = runs.run(input, {"", stem_of(test.input_name)}, observe, {.last = last});
  }
  for (const expectation &e : test.expect) checks.check(e, run);
  // A run that fails is a failure unless the test speaks of it.
  const bool expects_trouble = std::any_of(test.expect.begin(), test.expect.end(),
                                           [](const expectation &e) { return e.status || e.diagnostics; });
  if (!is_done(run.status) && !expects_trouble) {
    diagnostic d = error("test.run-failed", fmt::format("the run ended as {}", name_of(run.status)),
                         "what it reported follows; expect { status = … } if this is right");
    d.where = test.where;
    out.failures.push_back(std::move(d));
    out.passed = false;
  }
  if (!out.passed)
    for (diagnostic &d : run.diagnostics)
      if (d.level >= severity::warning) out.reported.push_back(std::move(d));
  return out;
}

}  // namespace calque::host
