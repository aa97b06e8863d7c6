// SPDX-License-Identifier: Apache-2.0
// Looks at each character with its neighbours; only characters that look like layout or marks are ever changed.
#include "plugins/typography/house_style.hpp"

#include "plugins/common/characters.hpp"

namespace calque::plugins {
namespace {

constexpr char32_t narrow_no_break = 0x202f, no_break = 0xa0;

class styler {
 public:
  styler(std::string_view text, const house_style &style) : text_(text), style_(style) {}

  std::vector<style_edit> apply() {
    for (size_t at = 0; at < text_.size();) {
      const size_t here = at;
      const char32_t c = next_character(text_, at);
      const size_t taken = change(c, here, at);
      if (taken > at) at = taken;
    }
    return std::move(edits_);
  }

 private:
  char32_t before(size_t here) const { return last_character(text_.substr(0, here)); }
  char32_t after(size_t at) const { return first_character(text_.substr(at)); }

  void put(size_t begin, size_t end, std::string replacement, std::string_view code) {
    edits_.push_back({begin, end, std::move(replacement), code});
  }

  /// Changes what begins at `here`; returns the place behind it.
  size_t change(char32_t c, size_t here, size_t at) {
    if (style_.ellipsis != ellipsis_style::keep) {
      if (c == '.' || c == 0x2026) {
        if (const size_t end = ellipsis(c, here, at); end > here) return end;
      }
    }
    if (style_.quotes != quote_style::keep) quote(c, here, at);
    if (style_.dashes != dash_style::keep) {
      if (const size_t end = dash(c, here, at); end > here) return end;
    }
    if (style_.spaces != space_style::keep) space(c, here, at);
    return at;
  }

  size_t ellipsis(char32_t c, size_t here, size_t at) {
    if (style_.ellipsis == ellipsis_style::dots) {
      if (c == 0x2026 && before(here) != '[') put(here, at, "...", "typography.ellipsis");
      return c == 0x2026 ? at : here;
    }
    if (c != '.' || text_.substr(here, 3) != "...") return here;
    size_t end = here;
    while (end < text_.size() && text_[end] == '.') ++end;
    // Three dots; four are a stop and an ellipsis, more are leaders of a table of contents.
    if (end - here == 3 && before(here) != '[') put(here, end, "…", "typography.ellipsis");
    return end;
  }

  void quote(char32_t c, size_t here, size_t at) {
    if (style_.quotes == quote_style::straight) {
      if (c >= 0x201c && c <= 0x201f) put(here, at, "\"", "typography.quotes");
      if (c >= 0x2018 && c <= 0x201b) put(here, at, "'", "typography.quotes");
      return;
    }
    if (c != '"' && c != '\'') return;
    const char32_t last = before(here), next = at < text_.size() ? after(at) : 0;
    // An opening quote has nothing, a blank, a bracket or a dash before it, and a word after it.
    const bool opens = (last == 0 || is_blank(last) || last == '\n' || last == '(' || last == '[' || last == 0x2014 ||
                        last == 0x2013 || last == 0x201c || last == '"' || last == 0x2018) &&
                       next != 0 && !is_blank(next);
    // "'62" leaves out figures: an apostrophe.
    const bool omits = c == '\'' && opens && u_isdigit(static_cast<UChar32>(next));
    if (c == '"')
      put(here, at, opens ? "“" : "”", "typography.quotes");
    else
      put(here, at, opens && !omits ? "‘" : "’", "typography.quotes");
  }

  size_t dash(char32_t c, size_t here, size_t at) {
    if (style_.dashes == dash_style::hyphens) {
      if (c == 0x2013 || c == 0x2015 || c == 0x2012) put(here, at, "-", "typography.dashes");
      if (c == 0x2014) put(here, at, "--", "typography.dashes");
      return here;
    }
    if (c != '-') return here;
    size_t end = here;
    while (end < text_.size() && text_[end] == '-') ++end;
    const char32_t last = before(here), next = end < text_.size() ? after(end) : 0;
    if (end - here == 2 && last != 0 && next != 0) put(here, end, "—", "typography.dashes");
    // " - " parts words or numbers.
    if (end - here == 1 && last == ' ' && next == ' ') put(here, end, "–", "typography.dashes");
    // "1957-1958", but not "118-01764-05": a range has two numbers.
    if (end - here == 1 && is_range(here, end)) put(here, end, "–", "typography.dashes");
    return end;
  }

  bool is_range(size_t here, size_t end) const {
    size_t left = here, right = end;
    while (left > 0 && text_[left - 1] >= '0' && text_[left - 1] <= '9') --left;
    while (right < text_.size() && text_[right] >= '0' && text_[right] <= '9') ++right;
    if (left == here || right == end || here - left > 4 || right - end > 4) return false;
    const char32_t outer_left = before(left), outer_right = right < text_.size() ? after(right) : 0;
    return !is_word(outer_left) && outer_left != '-' && outer_left != '/' && !is_word(outer_right) &&
           outer_right != '-' && outer_right != '/';
  }

  void space(char32_t c, size_t here, size_t at) {
    if (style_.spaces == space_style::plain) {
      if (c == no_break || c == narrow_no_break || c == 0x2009) put(here, at, " ", "typography.spaces");
      return;
    }
    if (c != ' ' && c != no_break) return;
    const char32_t last = before(here), next = at < text_.size() ? after(at) : 0;
    // French sets a narrow space before high marks, and one inside guillemets.
    const bool high = next == ';' || next == '!' || next == '?' || next == ':' || next == 0xbb;
    if (high || last == 0xab) put(here, at, "\u202f", "typography.spaces");
  }

  std::string_view text_;
  const house_style &style_;
  std::vector<style_edit> edits_;
};

}  // namespace

std::vector<style_edit> apply_style(std::string_view text, const house_style &style) {
  return styler(text, style).apply();
}

}  // namespace calque::plugins
