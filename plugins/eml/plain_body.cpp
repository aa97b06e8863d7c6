// SPDX-License-Identifier: Apache-2.0
// Line by line: a quote's depth by its marks, paragraphs by blank lines, all behind "-- " a signature.
#include "plugins/eml/plain_body.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "plugins/common/lines.hpp"

namespace calque::plugins::mail {
namespace {

// More marks than this are no quote of a quote; they stay as they are.
constexpr size_t most_quotes = 64;

struct mail_line {
  size_t begin = 0, text = 0, end = 0, next = 0;  // text: behind the marks; end: before blanks and line end
  size_t quotes = 0;
  bool flows = false, is_signature_mark = false;
};

class body_writer {
 public:
  body_writer(const body_text &body, line_form form, builder &out)
      : body_(body), text_(body.text()), form_(form), out_(out) {}

  bool write() {
    body_.skip_front(out_, "eml.transfer-encoding");
    bool has_words = false;
    for (const line &l : split_lines(text_)) {
      const mail_line now = read(l);
      if (signature_) {
        signature_line(now);
        continue;
      }
      if (now.is_signature_mark) {
        end_paragraph();
        quotes_.clear();
        body_.skip(out_, now.begin, now.next, "eml.signature-mark");
        signature_.emplace(out_.begin(kind::division));
        out_.attr("part", "signature");
        signature_lines_.emplace(out_.begin(kind::line_block));
        continue;
      }
      has_words |= now.text < now.end;
      if (now.text == now.end) {
        end_paragraph();
        while (quotes_.size() > now.quotes) quotes_.pop_back();
        body_.skip(out_, now.begin, now.next, now.quotes > 0 ? "eml.quote-mark" : "eml.layout");
      } else {
        text_line(now);
      }
    }
    end_paragraph();
    while (!quotes_.empty()) quotes_.pop_back();
    signature_lines_.reset();
    signature_.reset();
    return has_words;
  }

 private:
  mail_line read(const line &l) const {
    mail_line now{l.begin, l.begin, l.end, l.next};
    if (form_.flowed) {
      while (now.text < l.end && text_[now.text] == '>' && now.quotes < most_quotes) ++now.text, ++now.quotes;
      if (now.text < l.end && text_[now.text] == ' ') ++now.text;  // stuffed
    } else {
      for (size_t at = now.text; at < l.end && text_[at] == '>' && now.quotes < most_quotes;) {
        ++now.quotes;
        now.text = ++at;
        if (at < l.end && text_[at] == ' ') ++at;
        if (at == l.end || text_[at] != '>') now.text = at;
      }
    }
    now.is_signature_mark = now.quotes == 0 && text_.substr(l.begin, l.end - l.begin) == "-- ";
    now.flows = form_.flowed && !now.is_signature_mark && l.end > now.text && text_[l.end - 1] == ' ';
    const line inner = without_blanks(text_, {now.text, l.end, l.next, false});
    // Blanks at the front are layout, but for those that a quote or a flowed line keeps none of.
    now.text = inner.begin < inner.end ? inner.begin : now.text;
    now.end = inner.begin < inner.end ? inner.end : now.text;
    return now;
  }

  void text_line(const mail_line &now) {
    if (paragraph_ && now.quotes != quotes_.size()) end_paragraph();
    while (quotes_.size() > now.quotes) quotes_.pop_back();
    while (quotes_.size() < now.quotes) quotes_.push_back(out_.begin(kind::block_quote));
    if (!paragraph_) {
      paragraph_.emplace(out_.begin(kind::paragraph));
      body_.skip(out_, now.begin, now.text, now.quotes > 0 ? "eml.quote-mark" : "eml.layout");
    } else if (form_.flowed && last_.flows && form_.delsp) {
      body_.skip(out_, last_.end, now.text, "eml.layout");
    } else {
      body_.put_break(out_, last_.end, now.text, form_.flowed && !last_.flows ? kind::line_break : kind::soft_break);
    }
    body_.put(out_, now.text, now.end);
    last_ = now;
  }

  void end_paragraph() {
    if (!paragraph_) return;
    paragraph_.reset();
    body_.skip(out_, last_.end, last_.next, "eml.layout");
  }

  void signature_line(const mail_line &now) {
    const line inner = without_blanks(text_, {now.begin, line_end(now), now.next, false});
    if (inner.begin == inner.end) {
      body_.skip(out_, now.begin, now.next, "eml.layout");
      return;
    }
    const scope one = out_.begin(kind::line);
    body_.skip(out_, now.begin, inner.begin, "eml.layout");
    body_.put(out_, inner.begin, inner.end);
    body_.skip(out_, inner.end, now.next, "eml.layout");
  }
  size_t line_end(const mail_line &now) const {
    size_t end = now.next;
    while (end > now.begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
    return end;
  }

  const body_text &body_;
  const std::string_view text_;
  const line_form form_;
  builder &out_;
  std::vector<scope> quotes_;
  std::optional<scope> paragraph_, signature_, signature_lines_;
  mail_line last_;
};

}  // namespace

bool write_plain_body(const body_text &body, line_form form, builder &out) {
  return body_writer(body, form, out).write();
}

}  // namespace calque::plugins::mail
