// SPDX-License-Identifier: Apache-2.0
// Views of the columns, and the two that are grown with a rule: origin runs and the string pool.
#include "host/document/columns.hpp"

#include <algorithm>
#include <numeric>

namespace calque::host {

calque_nodes node_columns::view() const {
  return {count(), 0, kind.data(), flags.data(), id.data(), end.data(), text_begin.data(), text_end.data()};
}

calque_origins origin_columns::view() const {
  return {count(), 0, text_begin.data(), source.data(), begin.data(), end.data(), exact.data()};
}

void origin_columns::add(uint32_t text_at, uint32_t from, uint64_t from_begin, uint64_t from_end, bool is_exact) {
  if (count() > 0) {
    if (text_begin.back() == text_at) {
      // The run before covers no text: what it stood for is forgotten with it.
      text_begin.pop_back(), source.pop_back(), begin.pop_back(), end.pop_back(), exact.pop_back();
    }
  }
  if (count() > 0 && source.back() == from) {
    if (exact.back() != 0 && is_exact && end.back() == from_begin) {
      end.back() = from_end;
      return;
    }
    if (exact.back() == 0 && !is_exact && begin.back() == from_begin && end.back() == from_end) return;
  }
  text_begin.push_back(text_at);
  source.push_back(from);
  begin.push_back(from_begin);
  end.push_back(from_end);
  exact.push_back(is_exact ? 1 : 0);
}

namespace {

/// The column with its entries taken in that order.
template <class T>
void take(std::vector<T> &column, const std::vector<uint32_t> &order) {
  std::vector<T> taken;
  taken.reserve(order.size());
  for (uint32_t k : order) taken.push_back(column[k]);
  column = std::move(taken);
}

}  // namespace

annotation_columns in_layer_order(annotation_columns c) {
  std::vector<uint32_t> order(c.count());
  std::iota(order.begin(), order.end(), 0u);
  const auto before = [&](uint32_t a, uint32_t b) {
    return c.begin[a] != c.begin[b] ? c.begin[a] < c.begin[b]
           : c.end[a] != c.end[b]   ? c.end[a] > c.end[b]
                                    : c.id[a] < c.id[b];
  };
  const bool annotations_sorted = std::is_sorted(order.begin(), order.end(), before);
  if (annotations_sorted && std::is_sorted(c.value_of.begin(), c.value_of.end())) return c;
  std::sort(order.begin(), order.end(), before);
  std::vector<uint32_t> place(order.size());
  for (uint32_t k = 0; k < order.size(); ++k) place[order[k]] = k;
#define CALQUE_TAKE_COLUMN(type, name) take(c.name, order);
  CALQUE_ANNOTATION_COLUMNS(CALQUE_TAKE_COLUMN)
  for (uint32_t &of : c.value_of) of = place[of];
  order.resize(c.value_of.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return c.value_of[a] < c.value_of[b]; });
  CALQUE_VALUE_COLUMNS(CALQUE_TAKE_COLUMN)
#undef CALQUE_TAKE_COLUMN
  return c;
}

void origin_columns::add_slice(const calque_origins &from, uint32_t first, uint32_t last, uint32_t text_at) {
  if (first == last) return;
  const uint32_t *runs = from.text_begin, *runs_end = runs + from.count;
  for (auto k = static_cast<size_t>(std::upper_bound(runs, runs_end, first) - runs - 1);
       k < from.count && from.text_begin[k] < last; ++k) {
    const uint32_t run_begin = from.text_begin[k], run_end = k + 1 < from.count ? from.text_begin[k + 1] : last;
    const uint32_t cut_begin = std::max(run_begin, first), cut_end = std::min(run_end, last);
    if (from.exact[k] != 0)
      add(text_at + (cut_begin - first), from.source[k], from.begin[k] + (cut_begin - run_begin),
          from.begin[k] + (cut_end - run_begin), true);
    else
      add(text_at + (cut_begin - first), from.source[k], from.begin[k], from.end[k], false);
  }
}

uint32_t string_pool::name(std::string_view text) {
  const auto known = numbers_.find(text);
  if (known != numbers_.end()) return known->second;
  const auto number = static_cast<uint32_t>(name_end_.size());
  names_ += text;
  name_end_.push_back(static_cast<uint32_t>(names_.size()));
  numbers_.emplace(text, number);
  return number;
}

std::string_view string_pool::name_text(uint32_t number) const {
  return name_at(name_end_.data(), {names_.data(), names_.size()}, number);
}

std::array<uint32_t, 2> string_pool::value(std::string_view text) {
  const auto begin = static_cast<uint32_t>(values_.size());
  values_ += text;
  return {begin, static_cast<uint32_t>(values_.size())};
}

std::string_view name_at(const uint32_t *name_end, calque_str strings, uint32_t number) {
  const uint32_t begin = number == 0 ? 0 : name_end[number - 1];
  return {strings.data + begin, name_end[number] - begin};
}

}  // namespace calque::host
