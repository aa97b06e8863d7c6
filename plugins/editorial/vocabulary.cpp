// SPDX-License-Identifier: Apache-2.0
// The built-in phrases of editors, translators and declassifiers, and how a bracket is compared with them.
#include "plugins/editorial/vocabulary.hpp"

#include "plugins/common/words.hpp"

#include <algorithm>

namespace calque::editorial {
namespace {

using plugins::word_set;

struct phrases {
  std::string_view kind, agent, patterns;  // patterns divided by '|'
};

// Precedence is the order of this table. English first, then what Russian and Chinese editions print most.
constexpr phrases built_in[] = {
    {"sic", "",
     "sic|sic;*|sic,*|sic passim|so in original|so in the original|so in text|so in source|"
     "as in original|as in the original|as in text|thus in original|thus in the original|thus in text|"
     "thus in source|так в тексте|так в оригинале|так в документе|так!|так в подлиннике|原文如此|原文如此*"},
    // Whoever calls a bracket a note speaks of its words, not of a gap: "Editor's note: the page is torn."
    {"translator_note", "translator",
     "translator's note*|translators' note*|translator note*|trans note*|trans. note*|transl. note*|tr. note*|"
     "translation note*|note by the translator*|note by translator*|note from the translator*|"
     "note of the translator*|translator's comment*|translator's remark*|inserted by translator|"
     "*added by the translator|*inserted by the translator|translator|trans|transl|tn|t.n|n. of t|"
     "прим. пер|прим. пер. *|прим. перев*|примечание переводчика*|прим. "
     "переводчика*|译注*|译者注*|译者按*|譯注*|譯者註*"},
    {"editor_note", "editor",
     "editor's note*|editors' note*|editor note*|editorial note*|ed. note*|eds. note*|ed note*|note by the editor*|"
     "note of the editor*|note from the editor*|*added by the editor|*inserted by the editor|editor|editors|ed|eds|"
     "прим. ред|прим. ред. *|прим. редакт*|примечание редактора*|编者注*|编者按*|编注*|編者註*"},
    {"withheld", "declassifier",
     "not declassified|*not declassified|redacted|*redacted|redacted*|excised|*excised|sanitized|*sanitized|"
     "blacked out|*blacked out|*text withheld|withheld|*withheld|*still classified|classified|*deleted|deleted|"
     "не рассекречено|*не рассекречено"},
    {"illegible", "",
     "illegible|*illegible|illegible*|indecipherable|*indecipherable|indecipherable*|undecipherable|*undecipherable|"
     "unreadable|*unreadable|unreadable*|unintelligible|*unintelligible|unintelligible*|inaudible|*inaudible|"
     "inaudible*|not legible|*not legible|garble|garble*|garbled|*garbled|unrecovered|*unrecovered|unclear|*unclear|"
     "indistinct|*indistinct|torn|*torn|damaged|*damaged|smudged|*smudged|нрзб|*нрзб|неразборчиво|*неразборчиво|"
     "неразб|*неразб|无法辨认|*无法辨认|字迹不清|*字迹不清|難以辨認|难以辨认|*不清|illisible|unleserlich|ilegible"},
    {"omitted", "",
     "omitted|omission|*omitted|omitted here*|omitted text*|omitted portion*|here follows*|here follow*|not "
     "translated|*not translated|missing|*missing|"
     "blank|*blank|left blank|gap|lacuna|abridged|excerpt|excerpts|passage deleted|cut|"
     "опущено|*опущено|пропуск|пропущено|*отсутствует|略|省略|*省略|下略|上略|中略|缺|缺页"},
    {"editor_note", "transcriber", "transcriber's note*|transcriber note*|note by the transcriber*|transcriber"},
    {"marginal", "",
     "handwritten|handwritten*|*handwritten|hand-written|hand-written*|*hand-written|stamp|stamped|*stamp|stamps|"
     "stamp at*|stamp in*|stamp on*|stamped*|seal|*seal|seal of*|signed|signature|signatures|*signature|"
     "*signatures|signature of*|initialed|*initialed|initialled|*initialled|initials|*initials|marginal note*|"
     "marginal comment*|marginal notation*|marginalia*|margin|in margin*|in the margin*|in left margin*|"
     "in right margin*|*in margin|*in the margin|*in the left margin|*in the right margin|*in left margin|"
     "*in right margin|note in margin*|note in the margin*|on the margin*|*on the margin|resolution|written in pencil*|"
     "written by hand*|*written by hand|*in pencil|*in red pencil|*in blue pencil|letterhead|"
     "подпись|печать|штамп|помета|пометы|на полях|на полях*|от руки|от руки*|резолюция|"
     "签名|签字|印章|盖章|批注|眉批|手写*|旁注*"},
    {"editor_note", "",
     "note|tab *|see *|cf *|cf. *|emphasis added*|emphasis in*|emphasis mine|emphasis ours|emphasis supplied|emphasis "
     "original|"
     "italics*|underlined|underlined*|underlining*|*underlined|*in the original|"
     "*in original|in the original*|in original*|footnote*|endnote*|attachment*|enclosure*|annex*|appendix*|"
     "*not printed|not printed*|*not found|not found*|*not attached|document continues*|continued|continues|continued "
     "on*|continued from*|"
     "end of document*|end of the document*|end of page*|end of text*|end of original*|end of excerpt*|"
     "end of tape*|end of transcript*|beginning of document*|beginning of the document*|beginning of page*|"
     "beginning of tape*|crossed out*|*crossed out|struck out*|*struck out|*strikethrough|"
     "laughter|*laughter|laughs|laughing|applause|*applause|pause|long pause|silence|interruption|crosstalk|"
     "interjection|commotion|recess|break|typed|примечание|примечание*|注|смех|аплодисменты"},
};

// What stands before "not declassified" or "illegible" is how much is gone, when it speaks of amounts of text.
bool is_extent(std::string_view words) {
  static const word_set units(
      "word words line lines letter letters page pages paragraph paragraphs sentence sentences name names place "
      "places text group groups character characters digit digits passage passages section sections title titles "
      "initial initials indicator number amount signature signatures phrase phrases item items column columns "
      "figure figures part parts portion date dates one two three four five several few many some half remainder rest "
      "слово слова слов строка строки строк страница страницы 字 行 页 段");
  bool any = false;
  for (const auto &w : plugins::words_of(words, 24))
    any = any || w.starts_with_digit() || units.has(plugins::folded(w.text));
  return any;
}

constexpr size_t longest_compared = 300, bytes_of_end = 100;  // a longer bracket is compared by its ends

}  // namespace

std::string normal_form(std::string_view content) {
  std::string out;
  bool blank = false;
  for (size_t at = 0; at < content.size();) {
    char32_t c = plugins::next_character(content, at);
    if (plugins::is_invisible(c)) continue;
    if (plugins::is_gap(c)) {
      blank = !out.empty();
      continue;
    }
    if (plugins::is_apostrophe(c)) c = '\'';
    // A dash set off by blanks, a long one, or two hyphens are one sign; a hyphen in a word stays.
    const bool doubled = c == '-' && at < content.size() && content[at] == '-';
    const bool apart = plugins::is_dash(c) &&
                       (c != '-' || doubled || ((blank || out.empty()) && at < content.size() && content[at] == ' '));
    if (apart) {
      while (at < content.size() && (content[at] == '-' || content[at] == ' ')) ++at;
      out += "—";
      blank = false;
      continue;
    }
    if (blank && !out.ends_with("—")) out += ' ';
    blank = false;
    plugins::append(out, static_cast<char32_t>(u_foldCase(static_cast<UChar32>(c), U_FOLD_CASE_DEFAULT)));
  }
  while (!out.empty() && std::string_view(".!,;: ").find(out.back()) != std::string_view::npos) out.pop_back();
  return out;
}

vocabulary::vocabulary() {
  for (const phrases &p : built_in)
    for (size_t at = 0; at < p.patterns.size();) {
      const size_t end = std::min(p.patterns.find('|', at), p.patterns.size());
      put(p.patterns.substr(at, end - at), p.kind, p.agent);
      at = end + 1;
    }
}

void vocabulary::put(std::string_view pattern, std::string_view kind, std::string_view agent) {
  entry e{{}, kind, agent, pattern.starts_with('*'), pattern.ends_with('*'), pattern.ends_with(" *")};
  if (e.open_begin) pattern.remove_prefix(1);
  if (e.open_end && !pattern.empty()) pattern.remove_suffix(1);
  e.phrase = normal_form(pattern);
  if (e.phrase.empty()) return;
  if (e.open_begin || e.open_end)
    entries_.push_back(std::move(e));
  else
    whole_.emplace(e.phrase, e);
}

bool vocabulary::add(std::string_view text) {
  const size_t equals = text.rfind('=');
  if (equals == std::string_view::npos) return false;
  const auto phrase = plugins::without_gaps(text.substr(0, equals)),
             kind = plugins::without_gaps(text.substr(equals + 1));
  const auto known = std::find(kinds.begin(), kinds.end(), kind);
  if (known == kinds.end() || normal_form(phrase).find_first_not_of('*') == std::string::npos) return false;
  const size_t before = entries_.size();
  if (phrase.starts_with('*') || phrase.ends_with('*')) {
    put(phrase, *known, "");
    if (entries_.size() > before) std::rotate(entries_.begin(), entries_.end() - 1, entries_.end());
  } else {
    whole_.erase(normal_form(phrase));
    put(phrase, *known, "");
  }
  return true;
}

std::optional<phrase_meaning> vocabulary::match(const std::string &content) const {
  auto meaning = [](const entry &e, std::string_view before) {
    return phrase_meaning{e.kind, std::string(e.agent), is_extent(before) ? std::string(before) : std::string()};
  };
  if (auto found = whole_.find(content); found != whole_.end()) return meaning(found->second, {});
  if (const size_t colon = content.find(':'); colon != std::string::npos)
    if (auto found = whole_.find(normal_form(content.substr(0, colon))); found != whole_.end())
      return meaning(found->second, {});
  const auto is_bound = [&](size_t at) {  // a phrase begins and ends with words
    if (at == 0 || at >= content.size()) return true;
    size_t before = at, after = at;
    const char32_t left = plugins::previous_character(content, before), right = plugins::next_character(content, after);
    return !plugins::is_word(left) || !plugins::is_word(right) || plugins::is_unspaced(left);
  };
  for (const entry &e : entries_) {
    if (e.open_end && content.starts_with(e.phrase)) {
      const bool has_more = content.size() > e.phrase.size();
      if (is_bound(e.phrase.size()) && (has_more || !e.needs_more)) return meaning(e, {});
    }
    if (e.open_begin && content.ends_with(e.phrase)) {
      const size_t begin = content.size() - e.phrase.size();
      if (is_bound(begin)) return meaning(e, plugins::without_gaps(std::string_view(content).substr(0, begin)));
    }
  }
  return std::nullopt;
}

std::optional<phrase_meaning> vocabulary::find(std::string_view content) const {
  std::string text;
  if (content.size() <= longest_compared) {
    text = normal_form(content);
  } else {
    text = normal_form(content.substr(0, bytes_of_end)) + " … " +
           normal_form(content.substr(content.size() - bytes_of_end));
  }
  // Whoever signs a bracket says who speaks: "illegible —Trans.", "He laughs. —Ed.".
  static constexpr struct {
    std::string_view signature, agent, kind;
  } signatures[] = {{"—trans. note", "translator", "translator_note"},
                    {"—translator's note", "translator", "translator_note"},
                    {"—translators' note", "translator", "translator_note"},
                    {"—the translator", "translator", "translator_note"},
                    {"—translator", "translator", "translator_note"},
                    {"—trans", "translator", "translator_note"},
                    {"—transl", "translator", "translator_note"},
                    {"—tr", "translator", "translator_note"},
                    {"—прим. пер", "translator", "translator_note"},
                    {"—译注", "translator", "translator_note"},
                    {"—译者注", "translator", "translator_note"},
                    {"—editor's note", "editor", "editor_note"},
                    {"—ed. note", "editor", "editor_note"},
                    {"—the editor", "editor", "editor_note"},
                    {"—the editors", "editor", "editor_note"},
                    {"—editor", "editor", "editor_note"},
                    {"—editors", "editor", "editor_note"},
                    {"—ed", "editor", "editor_note"},
                    {"—eds", "editor", "editor_note"},
                    {"—прим. ред", "editor", "editor_note"},
                    {"—编者注", "editor", "editor_note"}};
  for (const auto &s : signatures) {
    if (!text.ends_with(s.signature)) continue;
    const std::string rest = normal_form(std::string_view(text).substr(0, text.size() - s.signature.size()));
    if (auto said = rest.empty() ? std::nullopt : match(rest); said && said->kind != "editor_note") {
      said->agent = s.agent;
      return said;
    }
    return phrase_meaning{s.kind, std::string(s.agent), {}};
  }
  return match(text);
}

}  // namespace calque::editorial
