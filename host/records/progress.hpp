// SPDX-License-Identifier: Apache-2.0
// What a run shows of itself while it goes on. Knows neither clock nor terminal: it is told the time and what happens,
// and says which lines to show.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calque::host {

/// The text in at most `cells` cells, with … in its middle where it is longer: names differ at their ends.
std::string elide_middle(std::string_view text, std::size_t cells);

/// How long documents take, by their size. Learns from what it is told; sizes are kept in classes, each twice as large
/// as the one before.
class duration_model {
 public:
  void learn_earlier(std::uint64_t bytes, double ms);
  void learn(std::uint64_t bytes, double ms);
  /// Milliseconds for a document of the class; nothing while it knows of no document at all.
  std::optional<double> expected(std::size_t size_class) const;
  static constexpr std::size_t classes = 65;
  static std::size_t class_of(std::uint64_t bytes);

 private:
  struct sum {
    double ms = 0, bytes = 0;
    std::uint64_t count = 0;
  };
  std::array<sum, classes> earlier_{}, now_{};
};

class progress_view {
 public:
  static constexpr double terminal_interval = 100, plain_interval = 60'000;  // milliseconds
  static constexpr std::size_t most_worker_lines = 4;

  /// `width` of the terminal in cells; of no meaning elsewhere.
  progress_view(bool is_terminal, std::size_t width, std::uint64_t workers, double now);

  void set_width(std::size_t width) { width_ = width; }
  /// Before the start: a document that will be worked on; and how long one took in an earlier run.
  void expect(std::uint64_t bytes);
  void learn(std::uint64_t bytes, double ms) { model_.learn_earlier(bytes, ms); }
  /// A document that was expected and needs no worker.
  void pass_over(std::uint64_t bytes, bool failed);

  void document_started(std::uint64_t worker, std::string_view name, std::uint64_t bytes, double now);
  void stage_started(std::uint64_t worker, std::string_view stage, double now);
  void document_ended(std::uint64_t worker, bool failed, double now);
  /// It was not finished and will be tried again.
  void document_given_back(std::uint64_t worker);

  /// On a terminal: the lines that replace those shown before, if it is time. Elsewhere: lines to add, if it is time.
  /// No line has a line end, a control character or, on a terminal, as many cells as it is wide.
  std::optional<std::vector<std::string>> lines(double now);

  /// Milliseconds to the end; nothing before 3 in 100 documents are done, and when nothing is known.
  std::optional<double> remaining(double now) const;

 private:
  struct busy_worker {
    std::string name, stage;
    std::uint64_t bytes = 0;
    double began = 0;
  };

  std::string worker_line(std::uint64_t number, const busy_worker &, double now) const;
  std::string total_line(double now) const;
  std::string counts(double now) const;

  bool is_terminal_;
  std::size_t width_;
  std::uint64_t workers_, total_ = 0, done_ = 0, worked_ = 0, failed_ = 0;
  double start_;
  std::optional<double> shown_at_;
  std::uint64_t shown_tenth_ = 0;
  std::map<std::uint64_t, busy_worker> busy_;
  std::array<std::uint64_t, duration_model::classes> waiting_{}, finished_{};
  duration_model model_;
};

}  // namespace calque::host
