// SPDX-License-Identifier: Apache-2.0
// Images of old text in new text: a sweep where order was kept, a map of intervals where text was moved.
#include "host/document/pieces.hpp"

#include <algorithm>
#include <map>

namespace calque::host {

span_map::span_map(const std::vector<piece> &pieces) : pieces_(pieces) {
  uint32_t copied = 0, at = 0;
  copied_before_.reserve(pieces.size());
  for (const piece &p : pieces) {
    copied_before_.push_back(copied);
    if (p.copied) copied += p.out_end - p.out_begin;
    in_order_ = in_order_ && !p.moved && p.in_begin >= at;
    at = std::max(at, p.in_end);
  }
  for (const piece &p : pieces)
    if (!p.copied && (!in_order_ || p.in_begin == p.in_end)) new_text_.push_back(p);
  if (!in_order_)
    std::stable_sort(new_text_.begin(), new_text_.end(),
                     [](const piece &a, const piece &b) { return a.in_begin < b.in_begin; });
  uint32_t end = 0;
  for (const piece &p : new_text_) new_text_end_.push_back(end = std::max(end, p.in_end));
  add_images();
}

void span_map::add_images() {
  if (in_order_) {
    for (const piece &p : pieces_)
      if (p.in_begin < p.in_end) images_.push_back(p);
    return;
  }
  // Else each class of pieces, best first, takes what is still free.
  std::map<uint32_t, image> taken;
  const auto take = [&](const image &wanted) {
    uint32_t from = wanted.in_begin;
    auto next = taken.upper_bound(from);
    if (next != taken.begin()) from = std::max(from, std::prev(next)->second.in_end);
    while (from < wanted.in_end) {
      const uint32_t free_end = next == taken.end() ? wanted.in_end : std::min(next->first, wanted.in_end);
      if (from < free_end) {
        image part = wanted;
        if (part.copied) {
          part.out_begin += from - wanted.in_begin;
          part.out_end = part.out_begin + (free_end - from);
        }
        part.in_begin = from;
        part.in_end = free_end;
        taken.emplace(from, part);
      }
      if (next == taken.end()) break;
      from = std::max(from, next->second.in_end);
      ++next;
    }
  };
  for (const piece &p : pieces_)
    if (p.copied && !p.moved) take(p);
  for (const piece &p : pieces_)
    if (p.copied && p.moved) take(p);
  for (const piece &p : pieces_)
    if (!p.copied) take(p);
  for (const auto &one : taken) images_.push_back(one.second);
}

uint32_t span_map::copied_between(uint32_t out_begin, uint32_t out_end) const {
  const auto before = [&](uint32_t out) {
    const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), out,
                                        [](uint32_t at, const piece &p) { return at < p.out_begin; });
    const auto k = static_cast<size_t>(after - pieces_.begin());
    if (k == 0) return uint32_t{0};
    const piece &p = pieces_[k - 1];
    return copied_before_[k - 1] + (p.copied ? std::min(out, p.out_end) - p.out_begin : 0);
  };
  return before(out_end) - before(out_begin);
}

std::vector<span_map::stretch> span_map::marked(uint32_t begin, uint32_t end) const {
  std::vector<stretch> found;
  for (auto i = std::partition_point(images_.begin(), images_.end(), [&](const image &m) { return m.in_end <= begin; });
       i != images_.end() && i->in_begin < end; ++i) {
    if (!i->copied) continue;  // new text is found below
    const uint32_t from = std::max(i->in_begin, begin), to = std::min(i->in_end, end);
    found.push_back({i->out_begin + (from - i->in_begin), i->out_begin + (to - i->in_begin), from, true, i->moved});
  }
  auto last =
      std::partition_point(new_text_.begin(), new_text_.end(), [&](const piece &p) { return p.in_begin < end; });
  for (auto k = last - new_text_.begin(); k-- > 0 && new_text_end_[static_cast<size_t>(k)] > begin;) {
    const piece &p = new_text_[static_cast<size_t>(k)];
    const bool meets = p.in_begin < p.in_end ? p.in_end > begin : p.in_begin > begin;
    if (meets) found.push_back({p.out_begin, p.out_end, p.in_begin, false, false});
  }
  std::sort(found.begin(), found.end(), [](const stretch &a, const stretch &b) { return a.begin < b.begin; });
  return found;
}

// In order, all that comes of a span lies together: the first and the last of it are enough.
span_map::target span_map::span_in_order(uint32_t begin, uint32_t end) const {
  uint32_t from = UINT32_MAX, to = 0;
  const auto first = std::partition_point(images_.begin(), images_.end(), [&](const image &m) { return m.in_end <= begin; });
  if (first != images_.end() && first->in_begin < end) {
    const auto last =
        std::partition_point(first, images_.end(), [&](const image &m) { return m.in_begin < end; }) - 1;
    from = first->out_begin + (first->copied && first->in_begin < begin ? begin - first->in_begin : 0);
    to = last->out_end - (last->copied && last->in_end > end ? last->in_end - end : 0);
  }
  const auto inside = std::partition_point(new_text_.begin(), new_text_.end(),
                                           [&](const piece &p) { return p.in_begin <= begin; });
  if (inside != new_text_.end() && inside->in_begin < end) {
    const auto last =
        std::partition_point(inside, new_text_.end(), [&](const piece &p) { return p.in_begin < end; }) - 1;
    from = std::min(from, inside->out_begin);
    to = std::max(to, last->out_end);
  }
  if (from >= to) {
    const uint32_t at = point(begin, false).begin;
    return {at, at, CALQUE_STALE};
  }
  const bool same = to - from == end - begin && copied_between(from, to) == end - begin;
  return {from, to, static_cast<uint8_t>(same ? CALQUE_INTACT : CALQUE_STALE)};
}

span_map::target span_map::span(uint32_t begin, uint32_t end) const {
  if (in_order_) return span_in_order(begin, end);
  const std::vector<stretch> found = marked(begin, end);
  if (found.empty()) {
    const uint32_t at = point(begin, false).begin;
    return {at, at, CALQUE_STALE};
  }
  target best{0, 0, CALQUE_STALE};
  for (size_t first = 0; first < found.size();) {
    size_t last = first;
    while (last + 1 < found.size() && copied_between(found[last].end, found[last + 1].begin) == 0) ++last;
    const uint32_t run_begin = found[first].begin, run_end = found[last].end;
    if (run_end - run_begin > best.end - best.begin) {
      bool same = run_end - run_begin == end - begin, moved = false;
      uint32_t in = begin;
      for (size_t k = first; k <= last; ++k) {
        same = same && found[k].copied && found[k].in_begin == in;
        in += found[k].end - found[k].begin;
        moved = moved || found[k].moved;
      }
      best = {run_begin, run_end, static_cast<uint8_t>(!same ? CALQUE_STALE : moved ? CALQUE_MOVED : CALQUE_INTACT)};
    }
    first = last + 1;
  }
  return best;
}

span_map::target span_map::point(uint32_t at, bool before) const {
  // The first image that ends past `at`: it holds the byte at `at`, or the next one that has an image.
  const auto next =
      std::partition_point(images_.begin(), images_.end(), [&](const image &m) { return m.in_end <= at; });
  const auto from = [&](const image &m) {
    const bool inside = m.in_begin < at;
    const uint32_t out = m.copied && inside ? m.out_begin + (at - m.in_begin) : m.out_begin;
    const bool stale = m.in_begin > at || (inside && !m.copied);
    return target{out, out, static_cast<uint8_t>(stale ? CALQUE_STALE : m.moved ? CALQUE_MOVED : CALQUE_INTACT)};
  };
  // The last image that begins before `at`: it holds the byte before `at`, or the last one that has an image.
  const auto last =
      std::partition_point(images_.begin(), images_.end(), [&](const image &m) { return m.in_begin < at; });
  const auto upto = [&](const image &m) {
    const bool inside = m.in_end > at;
    const uint32_t out = m.copied && inside ? m.out_begin + (at - m.in_begin) : m.out_end;
    const bool stale = m.in_end < at || (inside && !m.copied);
    return target{out, out, static_cast<uint8_t>(stale ? CALQUE_STALE : m.moved ? CALQUE_MOVED : CALQUE_INTACT)};
  };
  const bool has_next = next != images_.end(), has_last = last != images_.begin();
  if (before ? has_last : !has_next && has_last) return upto(*std::prev(last));
  if (has_next) return from(*next);
  return {0, 0, at == 0 ? uint8_t{CALQUE_INTACT} : uint8_t{CALQUE_STALE}};
}

origin_columns compose_origins(const calque_origins &old, uint32_t old_size, const std::vector<piece> &pieces) {
  origin_columns made;
  const auto run_of = [&](uint32_t at) {
    return static_cast<size_t>(std::upper_bound(old.text_begin, old.text_begin + old.count, at) - old.text_begin - 1);
  };
  for (const piece &p : pieces) {
    if (p.copied) {
      made.add_slice(old, p.in_begin, p.in_end, p.out_begin);
    } else if (old.count == 0) {
      made.add(p.out_begin, 0, 0, 0, false);
    } else if (p.in_begin == p.in_end) {
      const bool at_end = p.in_begin == old_size;
      const size_t k = run_of(at_end ? old_size - 1 : p.in_begin);
      const uint64_t at = old.exact[k] != 0 ? old.begin[k] + (p.in_begin - old.text_begin[k])
                          : at_end          ? old.end[k]
                                            : old.begin[k];
      made.add(p.out_begin, old.source[k], at, at, false);
    } else {
      origin_columns covered;
      covered.add_slice(old, p.in_begin, p.in_end, 0);
      uint64_t begin = covered.begin[0], end = covered.end[0];
      for (size_t k = 1; k < covered.count(); ++k) {
        if (covered.source[k] != covered.source[0]) continue;
        begin = std::min(begin, covered.begin[k]);
        end = std::max(end, covered.end[k]);
      }
      made.add(p.out_begin, covered.source[0], begin, end, false);
    }
  }
  return made;
}

}  // namespace calque::host
