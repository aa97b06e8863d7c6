// SPDX-License-Identifier: Apache-2.0
// First which labels speak, by all that the document says of them; then block by block who is speaking.
#include "plugins/speeches/speakers.hpp"

#include "plugins/common/characters.hpp"
#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"
#include "plugins/speeches/label_words.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_set>

namespace calque::plugins {
namespace {

using std::string;
using std::string_view;

// Longer lines are sentences, whatever they end with.
constexpr size_t longest_heading = 70, most_heading_words = 9;
constexpr size_t longest_circumstance = 160;

/// A place where a label stands: at the front of a block or of one of its lines.
struct place {
  size_t block, at;  // at: in the block's text
  label found;
  string_view said;  // the words behind it, up to the next label or the end of the block
  bool is_front;
  bool is_sentence;  // somebody says something: not "Venue: Green Hall"
};

/// What is known of a label.
struct voice {
  size_t count = 0, sentences = 0;
  size_t first = SIZE_MAX, last = 0;  // blocks
  bool introduced = false;
  bool by_dash = false, by_colon = false;
};

bool is_opening_parenthesis(char32_t c) {
  return c == '(' || c == 0xff08;
}

/// "(He leaves.)": a parenthesis from end to end.
bool is_closed_parenthesis(string_view text) {
  text = trimmed(text);
  if (text.empty() || !is_opening_parenthesis(first_character(text))) return false;
  int depth = 0;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    depth += is_opening_parenthesis(c) ? 1 : c == ')' || c == 0xff09 ? -1 : 0;
    if (depth > 0) continue;
    const string_view rest = trimmed(text.substr(at));
    return rest.empty() || rest == "." || rest == "。";
  }
  return false;
}

/// The same, or one that is opened at the front and that nobody has closed.
bool is_parenthesis(string_view text) {
  text = trimmed(text);
  if (text.empty() || !is_opening_parenthesis(first_character(text))) return false;
  return is_closed_parenthesis(text) || (text.find(')') == string_view::npos && text.find("）") == string_view::npos);
}

bool is_dash_line(string_view text) {
  text = trimmed(text);
  return text.size() > 2 && is_dash(first_character(text)) && is_dash(last_character(text)) &&
         words_of(text, 2).size() == 2;
}

bool has_words(string_view text) {
  for (size_t at = 0; at < text.size();)
    if (is_letter(next_character(text, at))) return true;
  return false;
}

/// "[12] See there."
bool is_note(string_view text) {
  text = trimmed(text);
  if (text.empty() || text.front() != '[') return false;
  const size_t close = text.find(']');
  return close != string_view::npos && close > 1 && close + 1 < text.size() &&
         text.substr(1, close - 1).find_first_not_of("0123456789*") == string_view::npos;
}

/// A line that is neither spoken nor told: short, without a stop, beginning like a title.
bool is_heading_like(string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > longest_heading || ends_sentence(text)) return false;
  const char32_t last = last_character(text), first = first_character(text);
  if (last == ',' || last == ':' || last == ';' || last == 0xff0c || last == 0xff1a) return false;
  return (is_upper(first) || is_digit(first) || is_caseless(first) || first == '[') &&
         words_of(text, most_heading_words + 1).size() <= most_heading_words;
}

/// "The meeting ended at seven.": told about the conversation, at its end.
bool is_closing_remark(string_view text) {
  static const word_set meetings(
      "meeting conversation talk talks session discussion discussions reception interview audience "
      "negotiations dinner lunch banquet conference visit exchange");
  static const word_set ends("ended concluded adjourned closed finished lasted was were took began terminated");
  const auto words = words_of(text, 6);
  if (words.size() < 3 || folded(words[0].text) != "the") return false;
  for (size_t k = 1; k + 1 < words.size() && k < 4; ++k)
    if (meetings.has(folded(words[k].text))) return ends.has(folded(words[k + 1].text));
  return false;
}

class conversation {
 public:
  conversation(const std::vector<spoken_block> &blocks, const speaker_options &options)
      : blocks_(blocks), options_(options) {}

  std::vector<spoken_role> read() {
    find_places();
    find_voices();
    roles_.resize(blocks_.size());
    find_turns();
    find_subtitles();
    find_flow();
    return std::move(roles_);
  }

 private:
  // ---- labels ----------------------------------------------------------------------------------------------------

  void find_places() {
    for (size_t b = 0; b < blocks_.size(); ++b) {
      const spoken_block &block = blocks_[b];
      if (block.is != spoken_block::shape::paragraph) continue;
      add_place(b, 0);
      for (const size_t at : block.line_begins) add_place(b, at);
    }
    // What one says ends where the next label begins; a label alone is followed by its words in the next block.
    for (size_t k = 0; k < places_.size(); ++k) {
      place &p = places_[k];
      const string_view text = blocks_[p.block].text;
      const bool shares = k + 1 < places_.size() && places_[k + 1].block == p.block;
      const size_t end = shares ? places_[k + 1].at : text.size();
      const size_t begin = std::min(p.at + p.found.text_begin, end);
      p.said = trimmed(text.substr(begin, end - begin));
      const bool next_is_free =
          p.block + 1 < blocks_.size() && (k + 1 == places_.size() || places_[k + 1].block > p.block + 1);
      p.is_sentence = p.said.empty() ? next_is_free && ends_sentence(blocks_[p.block + 1].text)
                                     : ends_sentence(p.said) || p.said.size() > longest_circumstance;
      // A page may cut a speech: its first part has no stop.
      if (!p.is_sentence && next_is_free && !p.said.empty() && !shares)
        p.is_sentence = is_lower(first_character(trimmed(blocks_[p.block + 1].text)));
    }
  }

  void add_place(size_t b, size_t at) {
    const string_view line = blocks_[b].text.substr(at);
    if (auto found = find_label(line)) places_.push_back({b, at, *found, {}, at == 0, false});
  }

  void find_voices() {
    for (const place &p : places_) {
      voice &v = voices_[p.found.key];
      ++v.count;
      v.sentences += p.is_sentence ? 1u : 0u;
      v.first = std::min(v.first, p.block);
      v.last = p.block;
      v.introduced = v.introduced || p.found.introduces;
      (p.found.by_dash ? v.by_dash : v.by_colon) = true;
    }
    speakers_.insert(options_.speakers.begin(), options_.speakers.end());
    add_introduced();
    add_recurring();
    if (!speakers_.empty()) add_single_ones();
    if (speakers_.empty()) add_exchange();
  }

  bool is_refused(const string &key) const {
    return std::find(options_.not_speakers.begin(), options_.not_speakers.end(), key) != options_.not_speakers.end();
  }

  /// "(hereinafter referred to as "Lin")": nothing is surer.
  void add_introduced() {
    for (const place &p : places_) {
      if (!p.found.introduces || is_refused(p.found.key)) continue;
      speakers_.insert(p.found.key);
      if (!p.found.short_name.empty()) speakers_.insert(p.found.short_name);
    }
  }

  /// A label that comes again, with sentences behind it, is a speaker.
  void add_recurring() {
    std::vector<string> found;
    for (const auto &[key, v] : voices_) {
      if (speakers_.count(key) > 0 || is_refused(key) || v.count < 2 || v.sentences == 0) continue;
      if (is_circumstance(key) || is_heading_word(key)) continue;
      if (v.sentences * 2 < v.count && v.count < 6) continue;
      found.push_back(key);
    }
    // One label that recurs, and nobody to answer: a habit of the text, unless it is the name of somebody in it.
    if (found.size() == 1 && speakers_.empty() && voices_[found.front()].count < 3 && !is_known_name(found.front()) &&
        !is_answered(found.front()))
      return;
    speakers_.insert(found.begin(), found.end());
  }

  /// True when another label stands between the first and the last of this one, or right behind it.
  bool is_answered(const string &key) {
    const voice &v = voices_[key];
    return std::any_of(places_.begin(), places_.end(), [&](const place &p) {
      return p.found.key != key && p.block >= v.first && p.block <= v.last + 1 && may_speak(p);
    });
  }

  /// What any label needs that is no sure one: words that somebody says, and a name before them.
  bool may_speak(const place &p) {
    const string &key = p.found.key;
    return p.is_sentence && p.is_front && !p.found.by_dash && words_of(p.found.name).size() <= 5 && !is_refused(key) &&
           !is_circumstance(key) && !is_heading_word(key) && !is_common_word(p.found.name);
  }

  /// Labels that come once, where others converse: a name that the record knows, a title, or a name by its place.
  void add_single_ones() {
    const auto [first, last] = extent();
    std::vector<string> found;
    for (const place &p : places_) {
      const string &key = p.found.key;
      if (speakers_.count(key) > 0 || is_refused(key) || !p.is_sentence || p.found.by_dash) continue;
      if (is_circumstance(key) || is_heading_word(key)) continue;
      const bool named = is_known_name(key) || has_title(p.found.name) || p.found.is_bracketed;
      // A line inside a paragraph may begin anywhere in a sentence.
      if (!p.is_front && !named) continue;
      const bool is_inside = p.block >= first && p.block <= last + 1;
      const bool is_near = p.block + 1 == first || is_inside;
      const size_t words = words_of(p.found.name).size();
      if (is_inside ? words <= 5 && (named || !is_common_word(p.found.name)) : is_near && named) found.push_back(key);
    }
    speakers_.insert(found.begin(), found.end());
  }

  /// Nobody speaks twice: an exchange of single words is one when most paragraphs from the first label on have labels.
  void add_exchange() {
    std::vector<string> found;
    size_t first = SIZE_MAX;
    for (const place &p : places_) {
      if (!may_speak(p)) continue;
      found.push_back(p.found.key);
      first = std::min(first, p.block);
    }
    if (found.size() < 2) {
      // A single speaker whom the record names.
      if (found.size() == 1 && is_known_name(found.front())) speakers_.insert(found.front());
      return;
    }
    size_t paragraphs = 0;
    for (size_t b = first; b < blocks_.size(); ++b)
      paragraphs += blocks_[b].is == spoken_block::shape::paragraph && !is_parenthesis(blocks_[b].text) ? 1u : 0u;
    if (found.size() * 5 >= paragraphs * 3) speakers_.insert(found.begin(), found.end());
  }

  /// The blocks from the first sure speaker to the last.
  std::pair<size_t, size_t> extent() const {
    size_t first = SIZE_MAX, last = 0;
    for (const place &p : places_)
      if (speakers_.count(p.found.key) > 0) {
        first = std::min(first, p.block);
        last = std::max(last, p.block);
      }
    return {first, last};
  }

  /// True when a word of the label that is no title is a name in the title, the summary or the circumstances.
  bool is_known_name(const string &key) {
    if (!names_read_) read_names();
    bool any = false;
    for (const word &w : words_of(key)) {
      if (is_title(w.text) || is_institution(w.text) || is_demonym(w.text)) continue;
      if (w.text.size() < 2 || names_.count(string(w.text)) == 0) return false;
      any = true;
    }
    return any;
  }

  void read_names() {
    names_read_ = true;
    auto add = [&](string_view text) {
      for (const word &w : words_of(text))
        if (w.is_capitalised() || is_caseless(first_character(w.text))) names_.insert(folded(w.text));
    };
    add(options_.names);
    for (const spoken_block &b : blocks_)
      if (b.is == spoken_block::shape::heading) add(b.text);
    for (const place &p : places_)
      if (!p.is_sentence) add(p.said);
  }

  static bool has_title(string_view name) {
    const auto words = words_of(name);
    if (words.size() < 2) return false;
    return std::any_of(words.begin(), words.end(), [](const word &w) { return is_title(folded(w.text)); });
  }

  /// True when a one-word label is written small somewhere: a name never is.
  bool is_common_word(string_view name) {
    const auto words = words_of(name);
    if (words.size() != 1) return false;
    if (is_plain_word(folded(name))) return true;
    if (small_words_.empty())
      for (const spoken_block &b : blocks_)
        for (const word &w : words_of(b.text))
          if (is_lower(first_character(w.text))) small_words_.insert(w.text);
    return small_words_.count(folded(words.front().text)) > 0;
  }

  // ---- roles -----------------------------------------------------------------------------------------------------

  bool speaks(const place &p) const {
    if (speakers_.count(p.found.key) == 0) return false;
    // "Interpreter: Tao Min" and "Lin: Deputy Minister of Trade" before the talk name somebody; in it they speak.
    if (p.found.introduces || p.is_sentence || p.block > first_sentence_) return true;
    const auto words = words_of(p.said, 6);
    const bool tells_office = std::any_of(words.begin(), words.end(), [](const word &w) {
      const string key = folded(w.text);
      return is_title(key) || is_institution(key);
    });
    return !is_office(p.found.key) && !tells_office;
  }

  void find_turns() {
    first_sentence_ = SIZE_MAX;
    for (const place &p : places_)
      if (speakers_.count(p.found.key) > 0 && p.is_sentence && !is_office(p.found.key))
        first_sentence_ = std::min(first_sentence_, p.block);
    for (const place &p : places_) {
      if (!speaks(p)) continue;
      spoken_role &role = roles_[p.block];
      role.what = spoken_role::is::speech;
      role.turns.push_back({p.at + p.found.begin, p.at + p.found.end, p.at + p.found.text_begin});
      has_speeches_ = true;
    }
  }

  /// Lines in parentheses or between dashes right under the title.
  void find_subtitles() {
    size_t group = SIZE_MAX;
    bool is_open = false;
    int titles = 0;
    for (size_t b = 0; b < blocks_.size(); ++b) {
      const spoken_block &block = blocks_[b];
      if (block.group != group) {
        is_open = group == SIZE_MAX;
        group = block.group;
      }
      if (!is_open) continue;
      if (block.is == spoken_block::shape::heading) {
        ++titles;
        continue;
      }
      if (block.is != spoken_block::shape::paragraph || roles_[b].what != spoken_role::is::plain) {
        is_open = false;
        continue;
      }
      const string_view text = trimmed(block.text);
      if (text == "[...]" || text == "[…]" || text == "[. . .]") continue;
      auto lines = subtitle_lines(block);
      if (!lines.empty() && (titles > 0 || has_speeches_)) {
        roles_[b].what = spoken_role::is::subtitle;
        roles_[b].lines = std::move(lines);
      } else if (titles == 0 && is_heading_like_title(text)) {
        ++titles;
      } else {
        is_open = false;
      }
    }
  }

  static bool is_heading_like_title(string_view text) {
    return !ends_sentence(text) && !find_label(text) && text.size() < 300 && !is_note(text);
  }

  /// The lines of a block when all of them are in parentheses or between dashes; each may run over several.
  static std::vector<std::pair<size_t, size_t>> subtitle_lines(const spoken_block &block) {
    std::vector<size_t> begins{0};
    begins.insert(begins.end(), block.line_begins.begin(), block.line_begins.end());
    std::vector<std::pair<size_t, size_t>> lines;
    for (size_t k = 0; k < begins.size();) {
      size_t last = k;
      for (; last < begins.size(); ++last) {
        const size_t end = last + 1 < begins.size() ? begins[last + 1] : block.text.size();
        const string_view piece = block.text.substr(begins[k], end - begins[k]);
        if (is_closed_parenthesis(piece) || is_dash_line(piece)) break;
      }
      if (last == begins.size()) return {};
      lines.emplace_back(begins[k], last + 1 < begins.size() ? begins[last + 1] : block.text.size());
      k = last + 1;
    }
    return lines;
  }

  void find_flow() {
    bool running = false;
    uint32_t group = 0;
    for (size_t b = 0; b < blocks_.size(); ++b) {
      const spoken_block &block = blocks_[b];
      if (block.group != group) running = false;
      group = block.group;
      spoken_role &role = roles_[b];
      if (role.what == spoken_role::is::speech) {
        running = true;
        continue;
      }
      if (role.what == spoken_role::is::subtitle) continue;
      if (block.is == spoken_block::shape::heading) {
        running = false;
        continue;
      }
      if (block.is == spoken_block::shape::other) {
        if (running) role.what = spoken_role::is::continuation;
        continue;
      }
      if (has_speeches_ && is_parenthesis(block.text)) {
        role.what = spoken_role::is::stage_direction;
        continue;
      }
      if (!running) continue;
      if (!has_words(block.text)) {
        role.what = spoken_role::is::interlude;
        continue;
      }
      if (ends_conversation(b))
        running = false;
      else
        role.what = spoken_role::is::continuation;
    }
  }

  /// True when block b, without a speaker, is no part of the speech that runs.
  bool ends_conversation(size_t b) const {
    const string_view text = blocks_[b].text;
    if (is_note(text)) return true;
    const auto found = find_label(text);
    if (found) {
      const string_view said = trimmed(text.substr(found->text_begin));
      if (is_circumstance(found->key) && said.size() <= longest_circumstance) return true;
      if (!ends_sentence(said) && said.size() <= longest_heading && words_of(found->name).size() <= 4) return true;
    }
    const size_t next = next_paragraph(b);
    const bool is_last = next == blocks_.size();
    const bool before_label =
        !is_last && (roles_[next].what == spoken_role::is::speech || blocks_[next].is == spoken_block::shape::heading ||
                     find_label(blocks_[next].text).has_value());
    if (!found && is_heading_like(text) && (is_last || before_label || begins_appendix(text))) return true;
    return is_closing_remark(text) && no_speech_after(b);
  }

  static bool begins_appendix(string_view text) {
    static const word_set words("appendix annex attachment enclosure supplement приложение anlage annexe 附件 附录");
    const auto first = words_of(text, 1);
    return !first.empty() && words.has(folded(first.front().text));
  }

  /// The next paragraph or heading of the group that is no stage direction.
  size_t next_paragraph(size_t b) const {
    for (size_t k = b + 1; k < blocks_.size() && blocks_[k].group == blocks_[b].group; ++k)
      if (blocks_[k].is != spoken_block::shape::paragraph || !is_parenthesis(blocks_[k].text)) return k;
    return blocks_.size();
  }

  bool no_speech_after(size_t b) const {
    for (size_t k = b + 1; k < blocks_.size() && blocks_[k].group == blocks_[b].group; ++k)
      if (roles_[k].what == spoken_role::is::speech) return false;
    return true;
  }

  const std::vector<spoken_block> &blocks_;
  const speaker_options &options_;
  std::vector<place> places_;
  std::map<string, voice> voices_;
  std::set<string> speakers_;
  std::unordered_set<string> names_;
  std::unordered_set<string_view> small_words_;
  bool names_read_ = false, has_speeches_ = false;
  size_t first_sentence_ = SIZE_MAX;
  std::vector<spoken_role> roles_;
};

}  // namespace

std::vector<spoken_role> find_speeches(const std::vector<spoken_block> &blocks, const speaker_options &options) {
  return conversation(blocks, options).read();
}

}  // namespace calque::plugins
