// SPDX-License-Identifier: Apache-2.0
// Scores the plugins on 500 generated records: speeches, speakers, brackets, fields, and every letter of the body.
#include <gtest/gtest.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include <calque/document.hpp>

#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/run.hpp"
#include "host/plugins/search_path.hpp"
#include "tests/records/generator.hpp"

namespace calque::records {
namespace {

constexpr uint64_t record_count = 500;

/// The letters and digits of a text, which no stage of this pipeline may touch.
std::string letters_of(std::string_view text) {
  std::string out;
  const auto *bytes = reinterpret_cast<const uint8_t *>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  for (int32_t at = 0; at < size;) {
    const int32_t from = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c >= 0 && u_isalnum(c)) out.append(text.substr(static_cast<size_t>(from), static_cast<size_t>(at - from)));
  }
  return out;
}

/// White space folded to single blanks: a line break of the page is no word.
std::string folded(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// What the pipeline found in one record, in the terms of the truth.
struct finding {
  std::vector<speech> speeches;  // speaker: the id of the person's annotation
  std::vector<bracket> brackets;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

finding look_at(document_view d) {
  finding found;
  const id_index ids(d);
  std::map<uint32_t, std::string> person_of;  // speech node → person
  for (const annotation &a : d.annotations("calque.name/1"))
    if (a.kind() == "speaker" && a.node_id()) person_of[*a.node_id()] = std::string(a.value("person").value_or(""));
  for (node n : d.root().children()) {
    if (n.is(kind::aside)) {
      if (n.attr("role") == "field") found.fields.emplace_back(n.attr("key").value_or(""), folded(n.text()));
      continue;
    }
    found.body += n.text();
    found.body += '\n';
  }
  for (node n : d.main_flow()) {
    if (!n.is(kind::speech)) continue;
    speech said{person_of[n.id()], {}};
    for (node part : n.children())
      if (!part.is(kind::speaker) && !part.is(kind::stage_direction))
        said.words += (said.words.empty() ? "" : "\n") + std::string(part.text());
    found.speeches.push_back(std::move(said));
  }
  for (const annotation &a : d.annotations("calque.editorial/1"))
    if (a.kind() != "marked") {
      const std::string_view text = d.text(a.range());
      if (!text.empty() && text.back() == ']') found.brackets.push_back({std::string(text), std::string(a.kind())});
    }
  return found;
}

/// Says how the speeches differ, or nothing when they are exactly those of the truth. Persons correspond when the same
/// person of the truth always has the same annotation, and different ones have different ones.
std::optional<std::string> compare_speeches(const truth &expected, const finding &found) {
  if (expected.speeches.size() != found.speeches.size())
    return std::to_string(found.speeches.size()) + " speeches instead of " + std::to_string(expected.speeches.size());
  std::map<std::string, std::string> person_for;
  std::set<std::string> taken;
  for (size_t k = 0; k < expected.speeches.size(); ++k) {
    const speech &want = expected.speeches[k], &have = found.speeches[k];
    if (folded(want.words) != folded(have.words))
      return "speech " + std::to_string(k + 1) + " says \"" + have.words + "\" instead of \"" + want.words + "\"";
    if (have.speaker.empty()) return "speech " + std::to_string(k + 1) + " of " + want.speaker + " has no speaker";
    const auto known = person_for.find(want.speaker);
    if (known != person_for.end() ? known->second != have.speaker : !taken.insert(have.speaker).second)
      return "speech " + std::to_string(k + 1) + " of " + want.speaker + " has another's speaker";
    person_for[want.speaker] = have.speaker;
  }
  return std::nullopt;
}

/// Kinds of brackets over all records: found rightly, found wrongly, missed.
class bracket_score {
 public:
  void add(const truth &expected, const finding &found) {
    std::multiset<std::pair<std::string, std::string>> left;
    for (const bracket &b : expected.brackets) left.emplace(b.text, b.kind);
    for (const bracket &b : found.brackets) {
      const auto match = left.find({b.text, b.kind});
      if (match != left.end()) {
        left.erase(match);
        ++right_;
      } else {
        ++wrong_;
        ++confusions_["found " + b.kind + " " + b.text];
      }
    }
    missed_ += left.size();
    for (const auto &[text, kind] : left) ++confusions_["missed " + kind + " " + text];
  }
  double f1() const { return 2.0 * static_cast<double>(right_) / static_cast<double>(2 * right_ + wrong_ + missed_); }
  void print() const {
    std::cout << "brackets: " << right_ << " right, " << wrong_ << " wrong, " << missed_ << " missed; F1 " << f1()
              << '\n';
    for (const auto &[what, times] : confusions_) std::cout << "  " << times << " × " << what << '\n';
  }

 private:
  size_t right_ = 0, wrong_ = 0, missed_ = 0;
  std::map<std::string, size_t> confusions_;
};

TEST(records, the_plugins_find_the_truth_of_500_generated_records) {
  namespace h = calque::host;
  h::catalog_settings settings;
  settings.folders = {CALQUE_BUILD_FOLDER "/lib/calque/plugins"};
  settings.program = CALQUE_PROGRAM;
  const auto catalog = h::plugin_catalog::discover(settings);
  const auto loaded = h::load_pipeline(CALQUE_SOURCE_FOLDER "/configs/diplomatic-minutes.toml", catalog);
  for (const auto &d : loaded.diagnostics) std::cout << d.code << ": " << d.message << '\n';
  ASSERT_TRUE(loaded.value);
  h::runner runner(*loaded.value, catalog);
  ASSERT_TRUE(runner.prepare().empty());

  size_t exact = 0, joined_right = 0, fields_right = 0, letters_lost = 0, shown = 0;
  bracket_score brackets;
  for (uint64_t seed = 1; seed <= record_count; ++seed) {
    const record made = generate(seed);
    const std::string name = "record-" + std::to_string(seed) + ".txt";
    auto outcome = runner.run(h::input_from_memory(name, made.text), [&] {
      h::named_output out;
      out.stem = "record-" + std::to_string(seed);
      return out;
    }());
    if (!h::is_done(outcome.status) || outcome.parts.size() != 1 || !outcome.parts[0].final) {
      std::cout << "seed " << seed << ": " << h::name_of(outcome.status) << ", " << outcome.parts.size() << " parts\n";
      for (const auto &d : outcome.diagnostics) std::cout << "  " << d.code << ": " << d.message << '\n';
      ++letters_lost;
      continue;
    }
    const document_view d(outcome.parts[0].final->view());
    const finding found = look_at(d);
    const auto difference = compare_speeches(made.truth, found);
    if (!difference)
      ++exact;
    else if (++shown <= 12)
      std::cout << "seed " << seed << ": " << *difference << '\n';
    brackets.add(made.truth, found);
    const size_t joined = d.annotations("calque.page/1").size();
    if (joined == made.truth.joined_paragraphs)
      ++joined_right;
    else if (++shown <= 12)
      std::cout << "seed " << seed << ": " << joined << " page joins instead of " << made.truth.joined_paragraphs
                << '\n';
    bool all_fields = true;
    for (const auto &[key, value] : made.truth.fields)
      all_fields = all_fields && std::find(found.fields.begin(), found.fields.end(), std::pair(key, folded(value))) !=
                                     found.fields.end();
    fields_right += all_fields;
    if (letters_of(found.body) != letters_of(made.truth.body)) {
      ++letters_lost;
      std::cout << "seed " << seed << ": the letters of the body differ\n";
    }
  }
  std::cout << "exact speeches and speakers: " << exact << " of " << record_count << "; fields: " << fields_right
            << "; page joins: " << joined_right << "; records with letters lost: " << letters_lost << '\n';
  brackets.print();
  EXPECT_GE(exact * 100, record_count * 98);
  EXPECT_GE(brackets.f1(), 0.95);
  EXPECT_EQ(letters_lost, 0u);
  EXPECT_EQ(fields_right, record_count);
  EXPECT_GE(joined_right * 100, record_count * 95);
}

TEST(records, the_generator_gives_the_same_record_for_the_same_seed) {
  EXPECT_EQ(generate(7).text, generate(7).text);
  EXPECT_NE(generate(7).text, generate(8).text);
}

}  // namespace
}  // namespace calque::records
