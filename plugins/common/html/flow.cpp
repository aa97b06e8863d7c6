// SPDX-License-Identifier: Apache-2.0
// Nothing is opened before there is something to put in: so blanks between inlines stand outside of them.
#include "plugins/common/html/flow.hpp"

namespace calque::plugins::html_reading {

void flow::text(std::string_view bytes, stretch part, bool has_markup) {
  characters_.each_piece(bytes, part, has_markup, [&](const text_piece &p) { piece(p); });
}

void flow::attribute_text(const attribute &from) {
  stretch part = from.place;
  if (part.is_empty() || from.value.empty()) return;
  const char quote = tree_.text()[part.begin];
  if ((quote == '"' || quote == '\'') && part.end - part.begin >= 2) ++part.begin, --part.end;
  text(from.value, part, false);
}

void flow::piece(const text_piece &p) {
  if (now_.is_math) return put(kind::math, p.bytes, p.from, p.is_same);
  if (keeps_space()) return put(kind::code, p.bytes, p.from, p.is_same);
  const std::string_view text = p.bytes;
  const kind k = now_.code > 0 ? kind::code : kind::text;
  auto range = [&](size_t begin, size_t end) {
    return p.is_same ? stretch{p.from.begin + begin, p.from.begin + end} : p.from;
  };
  for (size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      size_t end = at;
      bool has_line_end = false;
      for (; end < text.size() && is_space(text[end]); ++end) has_line_end = has_line_end || text[end] == '\n' || text[end] == '\r';
      blank(range(at, end), has_line_end);
      at = end;
      continue;
    }
    // One blank between words is as it will be shown; the run goes on over it.
    size_t end = at;
    while (end < text.size() &&
           (!is_space(text[end]) || (text[end] == ' ' && end + 1 < text.size() && !is_space(text[end + 1])))) ++end;
    put(k, text.substr(at, end - at), range(at, end), p.is_same);
    at = end;
  }
}

void flow::blank(stretch from, bool has_line_end) {
  if (!now_.has_text || now_.ends_blank || !now_.waiting.empty()) return;
  now_.waiting.push_back({has_line_end ? pending::what::line_end : pending::what::blank, from});
}

void flow::line_break(stretch tag) {
  if (keeps_space()) return put(kind::code, "\n", tag, false);
  if (!now_.has_text && now_.waiting.empty()) return;
  while (!now_.waiting.empty() && now_.waiting.back().what != pending::what::line_break) now_.waiting.pop_back();
  now_.waiting.push_back({pending::what::line_break, tag});
}

void flow::write_attributes(attributes &attrs) {
  for (const auto &[key, value] : attrs) out().attr(key, valid(value));
  // What the next piece of the same block must not say again.
  std::erase_if(attrs, [](const auto &one) { return one.first == "id"; });
}

void flow::open() {
  if (now_.is_open) return;
  now_.is_open = true;
  if (now_.place.how != text_place::way::direct) {
    now_.block = std::make_unique<scope>(out().begin(now_.place.block));
    write_attributes(now_.place.attrs);
  }
}

void flow::flush() {
  now_.ends_blank = now_.ends_blank || !now_.waiting.empty();
  for (const pending &p : now_.waiting) switch (p.what) {
      case pending::what::blank: {
        const bool is_same = !p.from.is_empty() && tree_.text()[p.from.begin] == ' ';
        const stretch from = is_same ? stretch{p.from.begin, p.from.begin + 1} : p.from;
        if (now_.can_go_on && (now_.last == kind::text || now_.last == kind::code)) {
          account_.more(" ", from, is_same);
        } else {
          account_.leaf(kind::text, " ", from, is_same);
          now_.last = kind::text;
          now_.can_go_on = true;
        }
        break;
      }
      case pending::what::line_end:
        account_.leaf(kind::soft_break, " ", p.from, false);
        now_.can_go_on = false;
        break;
      case pending::what::line_break:
        account_.leaf(kind::line_break, "\n", p.from, false);
        now_.can_go_on = false;
        break;
      case pending::what::block_end:
        account_.insert(kind::line_break, "\n", p.from.begin);
        now_.can_go_on = false;
        break;
    }
  now_.waiting.clear();
}

void flow::open_inlines() {
  while (now_.opened.size() < now_.wanted.size()) {
    wanted_inline &next = now_.wanted[now_.opened.size()];
    now_.opened.push_back(std::make_unique<scope>(out().begin(next.k)));
    write_attributes(next.attrs);
    now_.can_go_on = false;
  }
}

void flow::put(kind k, std::string_view bytes, stretch from, bool is_same) {
  open();
  flush();
  open_inlines();
  if (now_.can_go_on && now_.last == k)
    account_.more(bytes, from, is_same);
  else
    account_.leaf(k, bytes, from, is_same);
  now_.last = k;
  now_.last_end = from.end;
  now_.can_go_on = now_.has_text = is_written_ = true;
  now_.ends_blank = false;
}

uint32_t flow::empty_leaf(kind k, size_t at) {
  open();
  flush();
  open_inlines();
  now_.can_go_on = now_.ends_blank = false;
  now_.last_end = at;
  now_.has_text = is_written_ = true;
  return account_.leaf(k, {}, {at, at}, false);
}

void flow::insert(std::string_view bytes, size_t at) { put(kind::text, bytes, {at, at}, false); }

void flow::enter_inline(kind k, attributes attrs) { now_.wanted.push_back({k, std::move(attrs)}); }

void flow::leave_inline(bool even_empty) {
  if (even_empty && now_.opened.size() < now_.wanted.size()) {
    open();
    flush();
    open_inlines();
  }
  if (now_.opened.size() == now_.wanted.size()) {
    now_.opened.pop_back();
    now_.can_go_on = false;
  }
  now_.wanted.pop_back();
}

void flow::end_block() {
  if (now_.place.how == text_place::way::single) {
    if (now_.has_text && !keeps_space()) {
      while (!now_.waiting.empty() && now_.waiting.back().what != pending::what::line_break) now_.waiting.pop_back();
      if (now_.waiting.empty()) now_.waiting.push_back({pending::what::block_end, {now_.last_end, now_.last_end}});
    }
    return;
  }
  close();
}

void flow::close() {
  while (!now_.opened.empty()) now_.opened.pop_back();
  now_.block.reset();
  now_.waiting.clear();
  now_.is_open = now_.has_text = now_.can_go_on = now_.ends_blank = false;
}

}  // namespace calque::plugins::html_reading
