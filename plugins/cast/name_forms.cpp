// SPDX-License-Identifier: Apache-2.0
// Reads labels and names; transliterates keys with ICU.
#include "plugins/cast/name_forms.hpp"

#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"

#include <unicode/unistr.h>

#include <stdexcept>

namespace calque::cast {
namespace {

using plugins::folded;
using plugins::word_set;

bool is_opening(char32_t c) {
  return c == '(' || c == 0xff08;
}
bool is_closing(char32_t c) {
  return c == ')' || c == 0xff09;
}
bool is_colon(char32_t c) {
  return c == ':' || c == 0xff1a || c == 0xfe55;
}
bool is_quote(char32_t c) {
  return c == '"' || c == '\'' || c == 0xab || c == 0xbb || (c >= 0x2018 && c <= 0x201f) ||
         (c >= 0x300a && c <= 0x300f) || c == 0xff02;
}

// Words of an introduction that are not yet the name: hereinafter referred to as, далее, 以下简称.
constexpr std::string_view introductions[] = {
    "hereinafter", "hereafter", "henceforth", "from here on", "in the following", "below", "referred to as", "abbreviated",
    "from now on", "subsequently", "known as", "далее", "в дальнейшем", "именуем", "以下简称", "以下簡稱", "简称", "簡稱", "下称",
    "下稱", "以下稱", "以下称", "nachfolgend", "im folgenden", "nachstehend", "ci-après", "en adelante", "이하"};

bool is_introduction(std::string_view group) {
  const std::string text = folded(group);
  for (std::string_view phrase : introductions)
    if (const size_t at = text.find(phrase); at != std::string::npos && at < 24) return true;
  return false;
}

std::string_view without_quotes(std::string_view text) {
  text = plugins::without_gaps(text);
  while (!text.empty()) {
    size_t begin = 0, end = text.size();
    const char32_t first = plugins::next_character(text, begin), last = plugins::previous_character(text, end);
    if (is_quote(last) || last == '.' || last == ',' || last == ';' || is_closing(last))
      text = text.substr(0, end);
    else if (is_quote(first) || first == ':' || plugins::is_dash(first) || first == ',' || plugins::is_gap(first))
      text.remove_prefix(begin);
    else
      break;
  }
  return text;
}

// The name in an introduction: between quotes, or what is left when the words of the phrase are passed.
std::string introduced_name(std::string_view group) {
  for (size_t at = 0; at < group.size();) {
    const char32_t c = plugins::next_character(group, at);
    if (!is_quote(c) || c == '\'' || c == 0x2019) continue;
    size_t end = at;
    while (end < group.size()) {
      size_t behind = end;
      const char32_t d = plugins::next_character(group, behind);
      // An apostrophe may stand in a name, O'Neill; any other quote ends it.
      if (is_quote(d) && d != '\'' && d != 0x2019) break;
      end = behind;
    }
    return std::string(without_quotes(group.substr(at, end - at)));
  }
  static const word_set phrase_words(
      "hereinafter hereafter henceforth from here on now in the following below referred to as abbreviated subsequently "
      "known called simply also is be will will-be далее в дальнейшем именуемый именуемая именуется текст по тексту как "
      "nachfolgend im folgenden nachstehend genannt ci-après dénommé en adelante as");
  size_t begin = 0;
  for (const auto &w : plugins::words_of(group)) {
    std::string word = folded(w.text);
    size_t inside = 0;
    for (std::string_view prefix : {"以下简称", "以下簡稱", "以下称", "以下稱", "简称", "簡稱", "下称", "下稱", "이하"})
      if (word.starts_with(prefix)) inside = prefix.size();
    if (inside != 0) {
      begin = w.begin + inside;
      break;
    }
    if (!phrase_words.has(word)) {
      begin = w.begin;
      break;
    }
    begin = w.end;
  }
  return std::string(without_quotes(group.substr(begin)));
}

// Titles that Chinese puts before or after a name without a blank.
constexpr std::string_view han_titles[] = {
    "副总理", "总理", "副總理", "總理", "副部长", "部长", "副部長", "部長", "外长", "外長", "大使", "参赞", "參贊", "副主席", "主席", "总书记", "總書記", "书记",
    "書記", "副司长", "司长", "司長", "处长", "處長", "科长", "代办", "代辦", "总领事", "领事", "元帅", "元帥", "将军", "將軍", "委员长", "委员", "首相",
    "总统", "總統", "翻译", "翻譯", "秘书", "秘書", "代表", "团长", "團長", "副主任", "主任", "局长", "同志", "先生", "女士", "阁下", "閣下", "经理", "대사",
    "동지", "수상", "주석"};

// Takes titles off both ends of an unspaced name, but never the whole of it.
std::string_view strip_han_titles(std::string_view word, std::vector<std::string> &titles) {
  for (bool found = true; found;) {
    found = false;
    for (std::string_view title : han_titles) {
      if (word.size() <= title.size() || !(word.starts_with(title) || word.ends_with(title))) continue;
      titles.emplace_back(title);
      word = word.starts_with(title) ? word.substr(title.size()) : word.substr(0, word.size() - title.size());
      found = true;
      break;
    }
  }
  return word;
}

}  // namespace

speaker_label read_label(std::string_view label) {
  speaker_label read;
  size_t end = label.size();
  while (end > 0) {  // without the colon and what surrounds it
    size_t before = end;
    const char32_t c = plugins::previous_character(label, before);
    if (!plugins::is_gap(c) && !is_colon(c) && c != '*' && c != '_' && !plugins::is_dash(c)) break;
    end = before;
  }
  size_t begin = 0;
  while (begin < end) {
    size_t behind = begin;
    const char32_t c = plugins::next_character(label, behind);
    if (!plugins::is_gap(c) && c != '*' && c != '_') break;
    begin = behind;
  }
  size_t full_end = end;
  for (size_t at = begin; at < end;) {
    const size_t here = at;
    if (!is_opening(plugins::next_character(label, at))) continue;
    size_t close = at;
    while (close < end) {
      size_t behind = close;
      const char32_t c = plugins::next_character(label, behind);
      if (is_closing(c) || is_opening(c)) break;
      close = behind;
    }
    const std::string_view group = label.substr(at, close - at);
    if (here > begin) full_end = std::min(full_end, here);
    if (is_introduction(group)) {
      read.is_introduced = true;
      read.short_form = introduced_name(group);
    } else if (!plugins::words_of(group, 1).empty() && here > begin) {
      read.variants.emplace_back(plugins::without_gaps(group));
    }
    at = close;
  }
  const std::string_view full = plugins::without_gaps(label.substr(begin, full_end - begin));
  read.full_begin = static_cast<uint32_t>(full.empty() ? begin : static_cast<size_t>(full.data() - label.data()));
  read.full_end = read.full_begin + static_cast<uint32_t>(full.size());
  read.full = full;
  return read;
}

name_words words_of_name(std::string_view name) {
  name_words read;
  const auto all = plugins::words_of(name, 40);
  bool after_preposition = false;
  size_t first = 0, last = 0;  // of the names, in `name`
  static const word_set small("of the and for to in at on a an de la du des zu zur и по в при на de с");
  static const word_set particles("von van der den ten ter bin ibn al el da di dos della del le ben abu");
  auto take = [&](const plugins::word &w, std::string folded_word) {
    if (read.names.empty()) first = w.begin;
    last = w.end;
    read.names.push_back(std::move(folded_word));
  };
  for (size_t k = 0; k < all.size(); ++k) {
    const plugins::word &w = all[k];
    std::string word = folded(w.text);
    if (plugins::is_courtesy(word) || word == "the") continue;
    if (plugins::is_unspaced(plugins::first_character(w.text))) {
      const std::string_view bare = plugins::is_title(word) ? std::string_view() : strip_han_titles(w.text, read.titles);
      if (bare.empty())
        read.titles.push_back(std::move(word));
      else
        take({static_cast<size_t>(bare.data() - name.data()), static_cast<size_t>(bare.data() - name.data()) + bare.size(), bare},
             folded(bare));
      continue;
    }
    if (small.has(word) && !w.is_capitalised()) {
      after_preposition = after_preposition || (word != "and" && word != "the" && word != "и");
      continue;
    }
    if (!w.is_capitalised() && particles.has(word)) {
      if (!read.names.empty() || k + 1 < all.size()) take(w, std::move(word));
      continue;
    }
    if (plugins::is_lower(plugins::first_character(w.text))) continue;  // "all members of the delegation"
    const bool is_office = plugins::is_title(word) || plugins::is_institution(word) || plugins::is_demonym(word);
    // A last word is a name even when it is a title elsewhere, if nothing else is: "Comrade Marshall", "General King".
    if (is_office && read.names.empty()) {
      read.titles.push_back(std::move(word));
      continue;
    }
    if (is_office && plugins::is_title(word)) {  // "Zhou Enlai, Premier"
      read.titles.push_back(std::move(word));
      continue;
    }
    if (after_preposition && read.names.empty()) {
      // "Ambassador to China Chervonenko": the first name after a preposition is a country's.
      after_preposition = false;
      const bool more = k + 1 < all.size();
      if (more || !read.titles.empty()) {
        read.titles.push_back(std::move(word));
        continue;
      }
    }
    take(w, std::move(word));
  }
  if (!read.names.empty()) read.printed = name.substr(first, last - first);
  return read;
}

slug_maker::slug_maker() = default;
slug_maker::~slug_maker() = default;

std::string slug_maker::operator()(std::string_view name) {
  bool is_ascii = true, is_latin = true;
  for (size_t at = 0; at < name.size();) {
    const char32_t c = plugins::next_character(name, at);
    is_ascii = is_ascii && c < 0x80;
    is_latin = is_latin && c < 0x370;
  }
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  if (!is_ascii) {
    std::unique_ptr<icu::Transliterator> &maker = is_latin ? latin_ : any_;
    UErrorCode status = U_ZERO_ERROR;
    if (!maker)
      maker.reset(icu::Transliterator::createInstance(
          is_latin ? "Latin-ASCII; Lower" : "Russian-Latin/BGN; Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    if (U_FAILURE(status)) throw std::runtime_error(std::string("ICU cannot transliterate: ") + u_errorName(status));
    maker->transliterate(text);
  }
  std::string out;
  for (int32_t k = 0; k < text.length(); ++k) {
    char16_t c = text.charAt(k);
    if (c >= 'A' && c <= 'Z') c = static_cast<char16_t>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += static_cast<char>(c);
    else if (c != '\'' && c != 0x2019 && c != 0x02b9 && !out.empty() && out.back() != '-')
      out += '-';
    if (out.size() >= 60) break;
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  if (out.empty()) return "person";
  return out.front() >= 'a' ? out : "person-" + out;
}

}  // namespace calque::cast
