// SPDX-License-Identifier: Apache-2.0
// What a run shows of itself while it goes on.
#include "host/records/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "host/records/shown_units.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

/// A size in the middle of the class, for scaling between classes.
double middle_of(std::size_t size_class) {
  return size_class == 0 ? 1 : 0.75 * std::exp2(static_cast<double>(size_class));
}

/// Whole seconds: a guess has no tenths.
std::string shown_guess(double ms) {
  const double seconds = std::max(std::round(ms / 1000), 1.0);
  return seconds < 60 ? fmt::format("{:.0f} s", seconds) : show_duration(seconds * 1000);
}

}  // namespace

std::string elide_middle(std::string_view text, std::size_t cells) {
  std::vector<shown_char> chars;
  std::size_t width = 0;
  while (!text.empty()) {
    chars.push_back(take_shown(text, width));
    width += chars.back().cells;
  }
  std::string shown;
  if (width <= cells) {
    for (const shown_char &one : chars) shown += one.text;
    return shown;
  }
  if (cells == 0) return shown;
  // The end gets the greater half: files of one folder begin alike.
  const std::size_t front_room = (cells - 1) / 2, back_room = cells - 1 - front_room;
  std::size_t front = 0, used = 0;
  for (; front < chars.size() && used + chars[front].cells <= front_room; ++front) used += chars[front].cells;
  std::size_t back = chars.size();
  for (used = 0; back > front && used + chars[back - 1].cells <= back_room; --back) used += chars[back - 1].cells;
  while (back < chars.size() && chars[back].cells == 0) ++back;  // a mark without its base
  for (std::size_t k = 0; k < front; ++k) shown += chars[k].text;
  shown += "…";
  for (std::size_t k = back; k < chars.size(); ++k) shown += chars[k].text;
  return shown;
}

std::size_t duration_model::class_of(std::uint64_t bytes) {
  return static_cast<std::size_t>(std::bit_width(bytes));
}

void duration_model::learn_earlier(std::uint64_t bytes, double ms) {
  sum &to = earlier_[class_of(bytes)];
  to.ms += ms;
  ++to.count;
}

void duration_model::learn(std::uint64_t bytes, double ms) {
  sum &to = now_[class_of(bytes)];
  to.ms += ms;
  ++to.count;
}

std::optional<double> duration_model::expected(std::size_t size_class) const {
  constexpr std::uint64_t enough = 5;  // so many of this run outweigh all of earlier ones
  if (now_[size_class].count >= enough) return now_[size_class].ms / static_cast<double>(now_[size_class].count);
  if (earlier_[size_class].count > 0) {
    // Another machine, or more workers: everything takes so many times what it took then.
    double is = 0, was = 0;
    for (std::size_t k = 0; k < classes; ++k) {
      if (now_[k].count == 0 || earlier_[k].count == 0) continue;
      is += now_[k].ms;
      was += earlier_[k].ms / static_cast<double>(earlier_[k].count) * static_cast<double>(now_[k].count);
    }
    const double mean = earlier_[size_class].ms / static_cast<double>(earlier_[size_class].count);
    return is > 0 && was > 0 ? mean * is / was : mean;
  }
  // The nearest class that is known, and time that grows with the size.
  for (std::size_t away = 0; away < classes; ++away)
    for (const std::size_t other : {size_class - away, size_class + away}) {
      if (other >= classes) continue;  // also below zero, which wraps
      const sum &known = now_[other].count > 0 ? now_[other] : earlier_[other];
      if (known.count > 0)
        return known.ms / static_cast<double>(known.count) * middle_of(size_class) / middle_of(other);
    }
  return std::nullopt;
}

progress_view::progress_view(bool is_terminal, std::size_t width, std::uint64_t workers, double now)
    : is_terminal_(is_terminal), width_(width), workers_(workers), start_(now) {}

void progress_view::expect(std::uint64_t bytes) {
  ++total_;
  ++waiting_[duration_model::class_of(bytes)];
}

void progress_view::document_started(std::uint64_t worker, std::string_view name, std::uint64_t bytes, double now) {
  busy_[worker] = {std::string(name), "", bytes, now};
}

void progress_view::stage_started(std::uint64_t worker, std::string_view stage, double) {
  if (const auto found = busy_.find(worker); found != busy_.end()) found->second.stage = stage;
}

void progress_view::document_ended(std::uint64_t worker, bool failed, double now) {
  const auto found = busy_.find(worker);
  if (found == busy_.end()) return;
  const std::size_t size_class = duration_model::class_of(found->second.bytes);
  model_.learn(found->second.bytes, now - found->second.began);
  // A file may have grown since it was counted; then some other class has one too many.
  if (waiting_[size_class] > 0) --waiting_[size_class];
  ++finished_[size_class];
  ++done_;
  ++worked_;
  failed_ += failed ? 1 : 0;
  busy_.erase(found);
}

void progress_view::pass_over(std::uint64_t bytes, bool failed) {
  const std::size_t size_class = duration_model::class_of(bytes);
  if (waiting_[size_class] > 0) --waiting_[size_class];
  ++done_;
  failed_ += failed ? 1 : 0;
}

void progress_view::document_given_back(std::uint64_t worker) {
  busy_.erase(worker);
}

std::optional<double> progress_view::remaining(double now) const {
  if (worked_ == 0 || done_ * 100 < total_ * 3 || now <= start_) return std::nullopt;
  // Both by the same measure, so what is shared among workers, and what else costs time, is in the speed.
  double done = 0, left = 0;
  for (std::size_t k = 0; k < duration_model::classes; ++k) {
    if (waiting_[k] + finished_[k] == 0) continue;
    const auto each = model_.expected(k);
    if (!each) return std::nullopt;
    done += *each * static_cast<double>(finished_[k]);
    left += *each * static_cast<double>(waiting_[k]);
  }
  if (done <= 0) return std::nullopt;
  return left * (now - start_) / done;
}

std::string progress_view::counts(double now) const {
  std::string text;
  if (failed_ > 0) text += fmt::format("  {} failed", show_count(failed_));
  const double seconds = (now - start_) / 1000;
  if (worked_ > 0 && seconds > 0) {
    const double rate = static_cast<double>(worked_) / seconds;
    text += rate < 9.95 ? fmt::format("  {:.1f}/s", rate) : fmt::format("  {:.0f}/s", rate);
  }
  const auto left = remaining(now);
  text += "  ETA " + (left ? shown_guess(*left) : "—");
  return text;
}

std::string progress_view::worker_line(std::uint64_t number, const busy_worker &one, double now) const {
  const std::string begin = fmt::format("{:>3}  {:>8}  ", number, show_duration(std::max(now - one.began, 0.0)));
  const std::string stage = one.stage.empty() ? "" : elide_middle(one.stage, 14) + "  ";
  const std::size_t room = width_ > 0 ? width_ - 1 : 0, used = shown_width(begin) + shown_width(stage);
  // On a very narrow terminal the name is worth more than anything else.
  if (used + 8 > room) return elide_middle(one.name, room);
  return begin + stage + elide_middle(one.name, room - used);
}

std::string progress_view::total_line(double now) const {
  const std::uint64_t total = std::max<std::uint64_t>(total_, 1), done = std::min(done_, total);
  const std::string text =
      fmt::format("{}/{}  {} %{}", show_count(done_), show_count(total_), done * 100 / total, counts(now));
  const std::size_t room = width_ > 0 ? width_ - 1 : 0, used = shown_width(text);
  constexpr std::size_t least_bar = 10, most_bar = 30;
  if (used + least_bar + 4 > room) return elide_middle(text, room);
  const std::size_t cells = std::min(room - used - 4, most_bar);
  const auto full =
      static_cast<std::size_t>(static_cast<double>(cells) * static_cast<double>(done) / static_cast<double>(total));
  return "[" + std::string(full, '=') + std::string(cells - full, ' ') + "]  " + text;
}

std::optional<std::vector<std::string>> progress_view::lines(double now) {
  if (total_ == 0) return std::nullopt;
  const std::uint64_t tenth = done_ * 10 / total_;
  const bool is_first = !shown_at_;
  if (!is_terminal_) {
    // A few documents are done before anyone has read that they were begun.
    if (total_ < 20 && now - start_ < plain_interval) return std::nullopt;
    // Tenths that pass within a second are read by nobody.
    constexpr double least_interval = 1000;
    const double since = is_first ? 0 : now - *shown_at_;
    if (!is_first && since < (tenth == shown_tenth_ ? plain_interval : least_interval)) return std::nullopt;
    shown_at_ = now;
    shown_tenth_ = tenth;
    if (is_first && worked_ == 0)
      return std::vector{fmt::format("{}, {} of them to do, {}", show_counted(total_, "document"),
                                     show_count(total_ - done_), show_counted(workers_, "worker"))};
    return std::vector{
        fmt::format("{} of {}  {} %{}", show_count(done_), show_count(total_), done_ * 100 / total_, counts(now))};
  }
  if (!is_first && now - *shown_at_ < terminal_interval) return std::nullopt;
  shown_at_ = now;
  // Those who have had their document for the longest, in an order that does not jump.
  std::vector<std::pair<double, std::uint64_t>> oldest;
  for (const auto &[number, one] : busy_) oldest.emplace_back(one.began, number);
  std::sort(oldest.begin(), oldest.end());
  if (oldest.size() > most_worker_lines) oldest.resize(most_worker_lines);
  std::sort(oldest.begin(), oldest.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
  std::vector<std::string> shown;
  for (const auto &[began, number] : oldest) shown.push_back(worker_line(number, busy_.at(number), now));
  shown.push_back(total_line(now));
  return shown;
}

}  // namespace calque::host
