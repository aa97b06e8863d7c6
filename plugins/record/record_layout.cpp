// SPDX-License-Identifier: Apache-2.0
// Finds the heads of the records in a page, then writes each head and its text as steps that tile the page.
#include "plugins/record/record_layout.hpp"

#include "plugins/common/characters.hpp"
#include "plugins/record/head_lines.hpp"

#include <algorithm>
#include <cassert>
#include <set>
#include <stdexcept>

namespace calque::plugins {
namespace {

using std::string;
using std::string_view;

// Blocks between two labels of one head, at most: a summary may have several paragraphs, but not a whole text.
constexpr size_t longest_value = 6;
// Blocks before the first label of a head, at most: a date, a title, some words of the site.
constexpr size_t longest_front = 7;
// What follows "Contents:" is a short line such as "Translation - English".
constexpr size_t longest_contents = 120;

/// Labels that texts use too ("Date: 5 May"), so that they speak for a head only where all else does.
bool is_ambiguous(string_view key) {
  return key != "bibliographic_citation" && key != "abstract" && key != "calque.credits" &&
         key != "calque.original_language" && key != "calque.contents" && key != "identifier";
}

/// One field of a head, by lines.
struct head_field {
  string_view key, label;
  size_t skip_begin = 0;            // where its label begins, if it has one
  std::vector<text_part> lines;     // of the value
  std::vector<bool> new_paragraph;  // a blank line was before that line
  bool is_title = false;
};

struct head {
  size_t first_body_block = 0;
  std::vector<head_field> fields;
  string title;  // for comparison
  bool is_head = false;
};

/// Writes steps in order; what lies between two of them is skipped as layout.
class step_writer {
 public:
  step_writer(string_view text, std::vector<step> &steps) : text_(text), steps_(steps) {}

  void skip_to(size_t at, string_view code = "record.layout") {
    assert(at >= at_);
    if (at == at_) return;
    const bool page = text_.substr(at_, at - at_).find('\f') != string_view::npos;
    steps_.push_back({step::kind::skip, at_, at, page ? "record.page-break" : code, {}});
    page_ended_ = page_ended_ || page;
    at_ = at;
  }
  void text(text_part part) {
    if (part.begin == part.end) return;
    skip_to(part.begin);
    if (page_ended_ && in_body_) steps_.push_back({step::kind::page, at_, at_, {}, {}});
    page_ended_ = false;
    steps_.push_back({step::kind::text, part.begin, part.end, {}, {}});
    at_ = part.end;
  }
  /// A line end inside a block: of `ends`, the line above.
  void soft_break(const line &ends) {
    skip_to(ends.end);
    steps_.push_back({step::kind::soft_break, ends.end, ends.next, {}, {}});
    at_ = ends.next;
  }
  void open(step::kind what, string_view key = {}, string_view label = {}) {
    steps_.push_back({what, at_, at_, key, label});
  }
  void close() { open(step::kind::close); }
  void begin_body() { in_body_ = true; }
  size_t position() const { return at_; }
  void next_part() {
    in_body_ = page_ended_ = false;
    open(step::kind::next_part);
  }

 private:
  string_view text_;
  std::vector<step> &steps_;
  size_t at_ = 0;
  bool page_ended_ = false, in_body_ = false;
};

class record_reader {
 public:
  record_reader(string_view text, const record_rules &rules)
      : rules_(rules), page_(text, rules), writer_(text, layout_.steps) {}

  record_layout read() {
    const std::vector<size_t> begins = find_records();
    for (size_t k = 0; k < begins.size(); ++k) {
      const size_t end = k + 1 < begins.size() ? begins[k + 1] : page_.blocks().size();
      if (k > 0) writer_.next_part();
      read_one(begins[k], end);
    }
    writer_.skip_to(page_.text().size());
    return std::move(layout_);
  }

 private:
  // ---- where records begin ---------------------------------------------------------------------------------------

  bool is_label(size_t b, size_t end) const {
    return b < end && (page_.begins_with_known_label(b) || page_.is_address(page_.blocks()[b].first));
  }

  /// Known labels alone on their lines, each once, from `b` on.
  size_t count_lone_labels(size_t b, size_t count) const {
    std::set<string_view> keys;
    for (size_t k = b; k < std::min(b + count, page_.blocks().size()); ++k)
      if (page_.is_lone_label(k)) keys.insert(page_.known_label(page_.blocks()[k].first)->key);
    return keys.size();
  }

  /// True when a head's title, or its date, stands in block b; `labels`: its first label's block.
  bool begins_head(size_t b) const {
    const size_t end = page_.blocks().size();
    if (page_.is_marked_title(b))
      return is_label(b + 1, end) || (b + 2 < end && page_.is_date(b + 1) && is_label(b + 2, end));
    if (b + 2 >= end || !page_.is_date(b)) return false;
    if (page_.is_marked_title(b + 1)) return begins_head(b + 1);
    return page_.line_count(b + 1) <= 3 && !is_label(b + 1, end) && page_.is_lone_label(b + 2) &&
           count_lone_labels(b + 2, 12) >= 3;
  }

  std::vector<size_t> find_records() const {
    std::vector<size_t> begins{0};
    bool in_head = true, seen_label = false;
    std::set<string_view> seen;
    for (size_t b = 0; b < page_.blocks().size(); ++b) {
      const bool title_head = begins_head(b);
      // A head without date and title: labels that this record has had, after its text has begun.
      const bool label_head = !title_head && !in_head && page_.is_lone_label(b) && count_lone_labels(b, 12) >= 3 &&
                              seen.count(page_.known_label(page_.blocks()[b].first)->key) > 0;
      if (title_head || label_head) {
        // Words of the site before the first head belong to it.
        const bool is_first = begins.back() == 0 && !seen_label && b <= longest_front;
        if (!is_first && b != begins.back()) begins.push_back(b);
        seen.clear();
        seen_label = in_head = true;
        // The title's block, when b is the date's, is not another head.
        if (title_head && page_.is_date(b)) ++b;
        continue;
      }
      if (is_label(b, page_.blocks().size())) {
        seen_label = true;
        if (const auto label = page_.known_label(page_.blocks()[b].first)) {
          seen.insert(label->key);
          if (label->key == rules_.body_key) in_head = false;
        }
      }
    }
    return begins;
  }

  // ---- the head --------------------------------------------------------------------------------------------------

  struct label_place {
    size_t block, line;
    line_label label;
  };

  /// The labels of a head, in order: those that are near each other and look alike.
  std::vector<label_place> head_labels(size_t begin, size_t end, const string &title) const {
    std::vector<label_place> found;
    bool lone_style = false, contents_seen = false;
    size_t gap = 0;
    for (size_t b = begin; b < end; ++b) {
      bool has_label = false;
      for (size_t l = page_.blocks()[b].first; l < page_.blocks()[b].last; ++l) {
        const auto label = page_.known_label(l);
        if (!label) continue;
        const bool fits = label->stands_alone() || !is_ambiguous(label->key) || (!lone_style && !contents_seen);
        const bool fits_style = !contents_seen || label->stands_alone() == lone_style;
        if (!fits || !fits_style) continue;
        lone_style = lone_style || label->stands_alone();
        contents_seen = contents_seen || label->key == rules_.body_key;
        found.push_back({b, l, *label});
        has_label = true;
      }
      if (has_label) {
        gap = 0;
        continue;
      }
      ++gap;
      const size_t allowed = found.empty() ? longest_front : contents_seen ? 2 : longest_value;
      const bool is_address = page_.is_address(page_.blocks()[b].first);
      if (gap > allowed && !is_address) break;
      if (!found.empty() && !title.empty() && page_.plain(b) == title) break;
    }
    return found;
  }

  head read_head(size_t begin, size_t end) const {
    head h;
    h.first_body_block = begin;
    size_t title_block = end;
    for (size_t b = begin; b < std::min(end, begin + longest_front + 1); ++b)
      if (page_.is_marked_title(b)) {
        title_block = b;
        break;
      }
    if (title_block < end) h.title = page_.plain(title_block);
    const auto labels = head_labels(begin, end, h.title);
    const bool is_titled = title_block < end && (title_block == begin || page_.is_date(begin));
    if (labels.empty() && !is_titled) return h;
    h.is_head = true;

    size_t front_end = labels.empty() ? title_block + 1 : labels.front().block;
    // An address may stand before the first label.
    read_front(begin, front_end, title_block, h);
    h.first_body_block = front_end;
    for (size_t k = 0; k < labels.size(); ++k) {
      const label_place &place = labels[k];
      const bool is_last = k + 1 == labels.size();
      const size_t stop_line = is_last ? last_value_line(place, end, h.title) : labels[k + 1].line;
      read_value(place, stop_line, h);
      if (is_last) {
        const auto &blocks = page_.blocks();
        size_t b = place.block;
        while (b < end && blocks[b].last <= stop_line) ++b;
        h.first_body_block = b;
      }
    }
    return h;
  }

  void read_front(size_t begin, size_t front_end, size_t title_block, head &h) const {
    if (title_block >= front_end) {
      // Without marks, the block before the first label is the title, unless it is the date.
      title_block = front_end;
      for (size_t b = front_end; b-- > begin;)
        if (!page_.is_date(b) && page_.line_count(b) <= 3 && !page_.is_address(page_.blocks()[b].first)) {
          title_block = b;
          h.title = page_.plain(b);
          break;
        }
    }
    bool dated = false;
    for (size_t b = begin; b < front_end; ++b) {
      head_field field{"calque.other", {}, 0, {}, {}, false};
      const bool date_fits = rules_.date_line == date_place::any ||
                             (rules_.date_line == date_place::before_title && b < title_block) ||
                             (rules_.date_line == date_place::after_title && b > title_block);
      if (b == title_block) {
        field.key = "title";
        field.is_title = true;
      } else if (page_.is_address(page_.blocks()[b].first)) {
        field.key = "identifier";
      } else if (!dated && date_fits && page_.is_date(b)) {
        field.key = "date";
        dated = true;
      }
      for (size_t l = page_.blocks()[b].first; l < page_.blocks()[b].last; ++l) add_line(field, l, false);
      h.fields.push_back(std::move(field));
    }
  }

  void add_line(head_field &field, size_t l, bool new_paragraph) const {
    const text_part address = page_.address(l);
    field.lines.push_back(address.begin != address.end ? address
                                                       : text_part{page_.lines()[l].begin, page_.lines()[l].end});
    field.new_paragraph.push_back(new_paragraph);
  }

  /// The line after the value of a head's last label.
  size_t last_value_line(const label_place &place, size_t end, const string &title) const {
    const auto &blocks = page_.blocks();
    const bool is_contents = place.label.key == rules_.body_key;
    size_t stop = blocks[place.block].last;
    size_t next = place.block + 1;
    // "Label: value" in a block of its own: its other lines go on with it. A text that follows on the very next line
    // would be a head without a blank line before the text; "Contents" takes its line only.
    if (!place.label.stands_alone()) {
      if (is_contents) stop = place.line + 1;
    } else if (stop > place.line + 1) {
      if (is_contents) stop = place.line + 2;
    } else if (next < end && is_value(next, is_contents, title)) {
      stop = blocks[next].last;
      ++next;
    }
    if (!is_contents && next < end && stop >= blocks[next - 1].last && page_.is_address(blocks[next].first) &&
        page_.line_count(next) == 1)
      stop = blocks[next].last;
    return stop;
  }

  /// True when block b can be the value of the last label rather than the beginning of the text.
  bool is_value(size_t b, bool is_contents, const string &title) const {
    if (!title.empty() && page_.plain(b) == title) return false;
    if (page_.is_marked_title(b)) return false;
    if (!is_contents) return true;
    const string_view value = page_.block_text(b);
    const char32_t last = last_character(value);
    return page_.line_count(b) == 1 && value.size() <= longest_contents && value.front() != '[' &&
           value.front() != '(' && last != '.' && last != 0x3002 && last != '?' && last != '!' &&
           !page_.any_label(page_.blocks()[b].first);
  }

  void read_value(const label_place &place, size_t stop_line, head &h) const {
    head_field field{place.label.key,           place.label.name, page_.lines()[place.line].begin, {}, {},
                     place.label.key == "title"};
    if (!place.label.stands_alone()) {
      field.lines.push_back({place.label.value_begin, place.label.value_end});
      field.new_paragraph.push_back(false);
    }
    bool blank_before = false;
    for (size_t l = place.line + 1; l < stop_line; ++l) {
      if (trimmed(page_.line_text(l)).empty()) {
        blank_before = true;
        continue;
      }
      const auto label = page_.any_label(l);
      // In a head whose values share the line of their label, an unknown label may do so too.
      const bool inline_style = !place.label.stands_alone();
      const bool is_other = label && label->key.empty() && l + 1 < stop_line + (inline_style ? 1 : 0) &&
                            (inline_style || (label->stands_alone() && blank_before));
      if (is_other || (page_.is_address(l) && field.key != "identifier")) {
        h.fields.push_back(std::move(field));
        field = is_other ? head_field{"calque.other", label->name, page_.lines()[l].begin, {}, {}, false}
                         : head_field{"identifier", {}, page_.lines()[l].begin, {}, {}, false};
        blank_before = false;
        if (is_other && !label->stands_alone()) {
          field.lines.push_back({label->value_begin, label->value_end});
          field.new_paragraph.push_back(false);
        }
        if (is_other) continue;
      }
      add_line(field, l, blank_before && !field.lines.empty());
      blank_before = false;
      // What follows an address is not part of it.
      if (field.key == "identifier" && field.label.empty() && l + 1 < stop_line) {
        h.fields.push_back(std::move(field));
        field = head_field{"calque.other", {}, page_.lines()[l].next, {}, {}, false};
      }
    }
    if (!field.lines.empty() || !field.label.empty()) h.fields.push_back(std::move(field));
    if (h.title.empty() && place.label.key == "title")
      for (const auto &f : h.fields)
        if (f.is_title && !f.lines.empty())
          h.title = folded(page_.text().substr(f.lines.front().begin, f.lines.back().end - f.lines.front().begin));
  }

  // ---- writing ---------------------------------------------------------------------------------------------------

  void write_field(const head_field &field) {
    if (field.lines.empty() && field.label.empty()) return;
    if (!field.label.empty()) writer_.skip_to(field.skip_begin);
    writer_.open(step::kind::field, field.key, field.label);
    const bool many =
        std::find(field.new_paragraph.begin(), field.new_paragraph.end(), true) != field.new_paragraph.end();
    if (many) writer_.open(step::kind::paragraph);
    for (size_t k = 0; k < field.lines.size(); ++k) {
      text_part part = field.lines[k];
      if (many && field.new_paragraph[k]) {
        writer_.close();
        writer_.open(step::kind::paragraph);
      } else if (k > 0) {
        writer_.soft_break(line_of(field.lines[k - 1].end));
      }
      if (k == 0 && !field.label.empty())
        writer_.skip_to(std::min(part.begin, line_of(field.skip_begin).end), "record.label");
      if (field.is_title) part = without_marks(part);
      if (part.begin > writer_.position() && page_.text()[part.begin - 1] == '<') {
        writer_.skip_to(part.begin - 1);
        writer_.skip_to(part.begin, "record.address-mark");
      }
      writer_.text(part);
      if (field.is_title) writer_.skip_to(field.lines[k].end, "record.title-mark");
    }
    if (field.lines.empty()) writer_.skip_to(line_of(field.skip_begin).end, "record.label");
    if (many) writer_.close();
    writer_.close();
    if (field.key == "identifier" && !field.lines.empty() && page_.text().substr(field.lines.back().end, 1) == ">")
      writer_.skip_to(field.lines.back().end + 1, "record.address-mark");
  }

  /// The line in which a place lies.
  const line &line_of(size_t at) const {
    const auto &lines = page_.lines();
    const auto after =
        std::upper_bound(lines.begin(), lines.end(), at, [](size_t a, const line &l) { return a < l.begin; });
    return after == lines.begin() ? lines.front() : *(after - 1);
  }

  text_part without_marks(text_part part) {
    const string_view marks = rules_.title_marks;
    if (marks.empty()) return part;
    string_view value = page_.text().substr(part.begin, part.end - part.begin);
    if (value.size() >= marks.size() && value.substr(0, marks.size()) == marks) {
      writer_.skip_to(part.begin);
      part.begin += marks.size();
      writer_.skip_to(part.begin, "record.title-mark");
      value.remove_prefix(marks.size());
    }
    if (value.size() >= marks.size() && value.substr(value.size() - marks.size()) == marks) part.end -= marks.size();
    return part;
  }

  void read_one(size_t begin, size_t end) {
    const head h = read_head(begin, end);
    record_layout::part part{h.is_head, h.first_body_block < end, 0};
    if (begin < page_.blocks().size()) part.begin = page_.lines()[page_.blocks()[begin].first].begin;
    layout_.parts.push_back(part);
    for (const head_field &field : h.fields) write_field(field);
    writer_.begin_body();
    bool titled = false;
    for (size_t b = h.first_body_block; b < end; ++b) {
      // The text repeats its title at the front, sometimes after a mark of omission.
      const bool is_title =
          !titled && h.is_head && b < h.first_body_block + 4 && !h.title.empty() && page_.plain(b) == h.title;
      titled = titled || is_title;
      write_block(b, is_title);
    }
  }

  void write_block(size_t b, bool is_title) {
    const text_block block = page_.blocks()[b];
    size_t first = block.first;
    // Lines of the block that the head has taken.
    while (first < block.last && page_.lines()[first].begin < writer_.position()) ++first;
    if (first == block.last) return;
    writer_.skip_to(page_.lines()[first].begin);
    writer_.open(is_title ? step::kind::heading : step::kind::paragraph);
    const std::vector<size_t> marks = paired_marks(first, block.last);
    size_t next_mark = 0;
    bool strong = false;
    for (size_t l = first; l < block.last; ++l) {
      const line &one = page_.lines()[l];
      if (l > first) writer_.soft_break(page_.lines()[l - 1]);
      size_t at = one.begin;
      while (next_mark < marks.size() && marks[next_mark] < one.end) {
        const size_t mark = marks[next_mark++];
        writer_.text({at, mark});
        at = mark + rules_.title_marks.size();
        if (strong) writer_.close();
        writer_.skip_to(at, "record.bold-mark");
        strong = !strong;
        if (strong) writer_.open(step::kind::strong);
      }
      writer_.text({at, one.end});
    }
    writer_.close();
  }

  /// Places of marks in pairs that hold words between them; a mark without its other one is text.
  std::vector<size_t> paired_marks(size_t first, size_t last) const {
    const size_t end = page_.lines()[last - 1].end;
    const string_view marks = rules_.title_marks, text = page_.text().substr(0, end);
    std::vector<size_t> places;
    if (marks.empty()) return places;
    size_t open = string_view::npos;
    for (size_t at = text.find(marks, page_.lines()[first].begin); at != string_view::npos;) {
      const size_t behind = at + marks.size();
      if (open == string_view::npos) {
        size_t next = behind;
        if (behind < end && !is_blank(next_character(text, next)) && text[behind] != '\n' &&
            text.substr(behind, marks.size()) != marks)
          open = at;
      } else if (text[at - 1] != '\n' && text[at - 1] != ' ') {
        places.push_back(open);
        places.push_back(at);
        open = string_view::npos;
      }
      at = text.find(marks, behind);
    }
    return places;
  }

  const record_rules &rules_;
  page_lines page_;
  record_layout layout_;
  step_writer writer_;
};

/// The strings of a TOML list of strings without escapes.
std::vector<string> list_items(string_view toml) {
  std::vector<string> items;
  for (size_t open = toml.find('"'); open != string_view::npos;) {
    const size_t close = toml.find('"', open + 1);
    items.emplace_back(toml.substr(open + 1, close - open - 1));
    open = toml.find('"', close + 1);
  }
  return items;
}

}  // namespace

const record_rules &default_record_rules() {
  // Kept for good, as libraries are: a plugin is never unloaded.
  static const record_rules &rules =
      *new record_rules(list_items(CALQUE_RECORD_LABELS), "**", "Contents", date_place::any);
  return rules;
}

record_rules::record_rules(const std::vector<string> &labels, string marks, string_view body_label, date_place date)
    : title_marks(std::move(marks)), date_line(date) {
  for (const string &entry : labels) {
    const size_t equals = entry.find('=');
    const string label = folded(trimmed(string_view(entry).substr(0, equals)));
    const string_view key = equals == string::npos ? string_view() : trimmed(string_view(entry).substr(equals + 1));
    const bool is_key =
        !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == string_view::npos;
    if (label.empty() || !is_key) throw std::invalid_argument(entry);
    keys[label] = string(key);
  }
  const auto body = keys.find(folded(body_label));
  if (body == keys.end()) throw std::invalid_argument(string(body_label));
  body_key = body->second;
}

record_layout read_record(string_view text, const record_rules &rules) {
  return record_reader(text, rules).read();
}

int record_likeness(string_view text, const record_rules &rules) {
  const page_lines page(text, rules);
  std::set<string_view> keys;
  bool has_title = false;
  for (size_t b = 0; b < std::min(page.blocks().size(), size_t{40}); ++b) {
    has_title = has_title || page.is_marked_title(b);
    for (size_t l = page.blocks()[b].first; l < page.blocks()[b].last; ++l)
      if (const auto label = page.known_label(l))
        if (label->stands_alone() || !is_ambiguous(label->key)) keys.insert(label->key);
  }
  if (keys.size() >= 3) return 90;
  if (keys.size() == 2) return has_title ? 80 : 60;
  return keys.size() == 1 && has_title ? 50 : 0;
}

}  // namespace calque::plugins
