// SPDX-License-Identifier: Apache-2.0
// The metrics are what the collector's grammar allows, whatever the labels, and never seen by halves.
#include "host/records/metrics.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

/// The exposition format, text 0.0.4, as strict as its definition: samples by name and labels, or nothing.
class exposition_parser {
 public:
  using samples = std::map<std::string, double>;

  static std::optional<samples> parse(std::string_view text) {
    exposition_parser parser{text};
    return parser.all() ? std::optional(parser.found_) : std::nullopt;
  }

 private:
  explicit exposition_parser(std::string_view text) : rest_(text) {}

  bool all() {
    if (rest_.empty() || rest_.back() != '\n') return false;
    while (!rest_.empty())
      if (!(rest_[0] == '#' ? comment() : sample())) return false;
    return true;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  std::string name() {
    std::size_t size = 0;
    const auto is_letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    };
    while (size < rest_.size() && (is_letter(rest_[size]) || (size > 0 && rest_[size] >= '0' && rest_[size] <= '9')))
      ++size;
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  std::string to_line_end() {
    std::string text(rest_.substr(0, rest_.find('\n')));
    rest_.remove_prefix(text.size() + 1);
    return text;
  }
  bool comment() {
    const bool is_help = rest_.starts_with("# HELP ");
    if (!take("# HELP ") && !take("# TYPE ")) return false;
    const std::string of = name();
    if (of.empty() || !take(" ")) return false;
    const std::string text = to_line_end();
    if (is_help) return families_.insert(of).second;  // once, and before its samples
    family_ = of;
    return families_.contains(of) && (text == "gauge" || text == "counter");
  }
  bool sample() {
    std::string key = name();
    if (key != family_ || !take("{")) return false;
    do {
      const std::string of = name();
      if (of.empty() || of.find(':') != std::string::npos || !take("=\"")) return false;
      key += "," + of + "=";
      for (bool is_open = true; is_open;) {
        if (rest_.empty() || rest_[0] == '\n') return false;
        const char c = rest_[0];
        rest_.remove_prefix(1);
        if (c == '"')
          is_open = false;
        else if (c != '\\')
          key += c;
        else if (take("n"))
          key += '\n';
        else if (take("\\"))
          key += '\\';
        else if (take("\""))
          key += '"';
        else
          return false;
      }
    } while (take(","));
    if (!take("} ")) return false;
    const std::string value = to_line_end();
    std::size_t used = 0;
    try {
      found_[key] = std::stod(value, &used);
    } catch (const std::exception &) {
      return false;
    }
    return used == value.size();  // no timestamp either
  }

  std::string_view rest_;
  std::string family_;
  std::set<std::string> families_;
  samples found_;
};

run_totals sample_totals() {
  return {"minutes", 1772330461, true, 61.25, {{"ok", 4980}, {"failed", 8}}, {{"crash", 3}}, 2, 123456, 1};
}

TEST(metrics, say_all_totals) {
  const auto samples = exposition_parser::parse(metrics_text(sample_totals(), ""));
  ASSERT_TRUE(samples);
  EXPECT_EQ(*samples,
            (exposition_parser::samples{{"calque_run_completion_timestamp_seconds,pipeline=minutes", 1772330461},
                                        {"calque_run_last_success_timestamp_seconds,pipeline=minutes", 1772330461},
                                        {"calque_run_documents,pipeline=minutes,status=ok", 4980},
                                        {"calque_run_documents,pipeline=minutes,status=failed", 8},
                                        {"calque_run_duration_seconds,pipeline=minutes", 61.25},
                                        {"calque_run_quarantined,pipeline=minutes", 2},
                                        {"calque_run_worker_restarts_total,pipeline=minutes,reason=crash", 3},
                                        {"calque_run_state_bytes,pipeline=minutes", 123456},
                                        {"calque_run_exit_code,pipeline=minutes", 1}}));
}

TEST(metrics, labels_of_any_text_are_escaped) {
  run_totals totals = sample_totals();
  totals.pipeline = "a\"b\\c\nd\xFFü";
  totals.documents = {{"} 1\n# TYPE", 1}};
  const auto samples = exposition_parser::parse(metrics_text(totals, ""));
  ASSERT_TRUE(samples);
  EXPECT_TRUE(samples->contains("calque_run_documents,pipeline=a\"b\\c⟨U+000A⟩d⟨0xFF⟩ü,status=} 1\n# TYPE"));
}

TEST(metrics, the_last_success_is_kept_until_the_next) {
  const scratch_folder folder;
  const std::string path = folder.path("calque.prom");
  const auto success_after = [&](bool is_success, std::uint64_t when, const std::string &pipeline) {
    run_totals totals = sample_totals();
    totals.is_success = is_success;
    totals.completed = when;
    totals.pipeline = pipeline;
    EXPECT_TRUE(write_metrics(path, totals).has_value());
    return exposition_parser::parse(folder.read("calque.prom"))
        .value()
        .at("calque_run_last_success_timestamp_seconds,pipeline=" + pipeline);
  };
  EXPECT_EQ(success_after(false, 100, "p\"q"), 0);
  EXPECT_EQ(success_after(true, 200, "p\"q"), 200);
  EXPECT_EQ(success_after(false, 300, "p\"q"), 200);
  EXPECT_EQ(success_after(false, 400, "p\"q"), 200);
  EXPECT_EQ(success_after(false, 500, "another"), 0);
  folder.write("calque.prom", "calque_run_last_success_timestamp_seconds{pipeline=\"x\"} 12junk");
  EXPECT_EQ(success_after(false, 600, "x"), 0);
  EXPECT_EQ(folder.list(), std::vector<std::string>{"calque.prom"});
}

TEST(metrics, a_reader_never_sees_a_part) {
  const scratch_folder folder;
  const std::string path = folder.path("calque.prom");
  run_totals totals = sample_totals();
  for (int k = 0; k < 200; ++k) totals.documents.emplace_back("status-" + std::to_string(k), k);
  ASSERT_TRUE(write_metrics(path, totals).has_value());
  std::atomic<bool> is_over = false;
  std::atomic<std::uint64_t> reads = 0, bad = 0;
  std::thread reader([&] {
    while (!is_over) {
      const auto samples = exposition_parser::parse(folder.read("calque.prom"));
      // The count that all samples of one writing share tells a mixture from either.
      if (!samples || samples->size() != 209 ||
          samples->at("calque_run_exit_code,pipeline=minutes") !=
              samples->at("calque_run_quarantined,pipeline=minutes") - 1)
        ++bad;
      ++reads;
    }
  });
  for (int k = 0; k < 300 || reads < 100; ++k) {
    totals.quarantined = static_cast<std::uint64_t>(k) + 1;
    totals.exit_code = k;
    ASSERT_TRUE(write_metrics(path, totals).has_value());
  }
  is_over = true;
  reader.join();
  EXPECT_EQ(bad, 0U) << "of " << reads;
}

TEST(metrics, what_stands_in_the_way_has_a_name) {
  const scratch_folder folder;
  folder.write("taken/file", "");
  EXPECT_EQ(write_metrics(folder.path("none/x.prom"), sample_totals()).error().code, "output.cannot-create");
  EXPECT_EQ(write_metrics(folder.path("taken"), sample_totals()).error().code, "output.cannot-create");
  EXPECT_EQ(folder.list(), (std::vector<std::string>{"taken/", "taken/file"}));
}

}  // namespace
}  // namespace calque::host
