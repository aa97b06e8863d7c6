// SPDX-License-Identifier: Apache-2.0
// Reads the labelled lines and the lists of persons in them.
#include "plugins/cast/circumstances.hpp"

#include "plugins/cast/name_forms.hpp"
#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"

#include <algorithm>

namespace calque::cast {
namespace {

using plugins::folded;
using plugins::word_set;

constexpr std::string_view built_in[4][40] = {
    {"also present", "present", "those present", "persons present", "participants", "participant", "in attendance",
     "also in attendance", "attendees", "attendance", "attended by", "also attending", "also attended", "also participating",
     "participating", "others present", "present at the meeting", "accompanied by", "accompanying", "in the presence of",
     "guests", "delegation", "members of the delegation", "присутствовали", "присутствуют", "участники", "участвовали",
     "при беседе присутствовали", "на беседе присутствовали", "参加者", "参加人", "参加人员", "出席", "出席者", "在座", "陪见",
     "陪同", "在場", "出席人員"},
    {"interpreter", "interpreters", "interpreted by", "interpretation", "interpretation by", "interpreting",
     "translator", "translators", "translated by", "translation by", "переводчик", "переводчики", "переводил",
     "переводила", "перевод", "переводил беседу", "翻译", "翻譯", "译员", "譯員", "口译", "通訳", "통역"},
    {"minutes prepared", "minutes prepared by", "minutes", "minutes by", "minutes taken by", "minutes keeper",
     "recorded by", "recorder", "record by", "record taken by", "record keeper", "notes taken by", "notes by",
     "note taker", "notetaker", "note-taker", "notes", "written by", "written down by", "prepared by", "drafted by",
     "taken down by", "stenographer", "transcribed by", "keeper of the minutes", "rapporteur", "записал", "записала",
     "запись", "беседу записал", "запись беседы вел", "протокол вел", "记录", "记录人", "記錄", "紀錄", "整理"},
    {"venue", "place", "location", "site", "held at", "held in", "place of meeting", "meeting place", "where",
     "place of conversation", "место", "место встречи", "место беседы", "地点", "地點", "会谈地点", "场所", "場所", "장소"}};

// The words of a list's item that make it an office and not a person.
bool is_role(std::string_view item) {
  const auto words = plugins::words_of(item, 20);
  if (words.empty()) return true;
  bool office = false;
  size_t names = 0;
  static const word_set small("of the for in at to and de du la der des by with from his her their as");
  for (const auto &w : words) {
    const std::string word = folded(w.text);
    if (w.starts_with_digit()) continue;
    if (plugins::is_institution(word) || plugins::is_title(word) || plugins::is_demonym(word))
      office = true;
    else if (!small.has(word) && w.is_capitalised())
      ++names;
    else if (!plugins::is_unspaced(plugins::first_character(w.text)))
      office = office || !w.is_capitalised();
    else
      ++names;
  }
  return office && (names == 0 || plugins::is_institution(folded(words.back().text)) || words_of_name(item).names.empty());
}

// A person: one to five names, perhaps after titles.
bool is_person(std::string_view item) {
  const name_words read = words_of_name(item);
  if (read.names.empty() || read.names.size() > 5) return false;
  for (const auto &w : plugins::words_of(read.printed, 8)) {
    const std::string word = folded(w.text);
    if (plugins::is_institution(word) && read.names.size() > 1) return false;
  }
  return plugins::words_of(item, 20).size() <= 14;
}

struct piece {
  size_t begin, end;
};

// Cuts at the separators outside parentheses.
std::vector<piece> cut(std::string_view list, piece whole, std::string_view separators, bool at_and) {
  std::vector<piece> pieces;
  int depth = 0;
  size_t begin = whole.begin;
  for (size_t at = whole.begin; at < whole.end;) {
    const size_t here = at;
    const char32_t c = plugins::next_character(list, at);
    if (c == '(' || c == 0xff08 || c == '[') ++depth;
    if ((c == ')' || c == 0xff09 || c == ']') && depth > 0) --depth;
    if (depth > 0) continue;
    size_t step = 0;
    if (separators.find(list.substr(here, at - here)) != std::string_view::npos) step = at - here;
    if (at_and && c == ' ')
      for (std::string_view word : {" and ", " и ", " und ", " et ", " & "})
        if (list.substr(here, whole.end - here).starts_with(word)) step = word.size();
    if (step == 0) continue;
    pieces.push_back({begin, here});
    begin = at = here + step;
  }
  pieces.push_back({begin, whole.end});
  return pieces;
}

piece trim(std::string_view list, piece p) {
  const std::string_view text = plugins::without_gaps(list.substr(p.begin, p.end - p.begin));
  if (text.empty()) return {p.begin, p.begin};
  const auto begin = static_cast<size_t>(text.data() - list.data());
  return {begin, begin + text.size()};
}

std::string_view in(std::string_view list, piece p) {
  return list.substr(p.begin, p.end - p.begin);
}

void put_person(std::string_view list, piece name, std::string role, std::vector<listed_person> &people) {
  name = trim(list, name);
  std::string_view text = in(list, name);
  // A stop ends the list, not the name, unless it is an initial's.
  if (text.size() > 2 && text.back() == '.' && text[text.size() - 3] != ' ' && text[text.size() - 3] != '.')
    text.remove_suffix(1);
  const speaker_label read = read_label(text);
  if (words_of_name(read.full).names.empty()) return;
  listed_person made;
  made.begin = static_cast<uint32_t>(name.begin) + read.full_begin;
  made.end = static_cast<uint32_t>(name.begin) + read.full_end;
  made.name = read.full;
  for (const std::string &variant : read.variants) {
    // "(郝文礼)" is the name again; "(Second Secretary)" is an office.
    const std::string first = folded(plugins::words_of(variant, 1)[0].text);
    const bool office = plugins::is_title(first) || plugins::is_institution(first) || plugins::is_demonym(first) ||
                        plugins::is_lower(plugins::first_character(variant));
    if (!office)
      made.variants.push_back(variant);
    else if (role.empty())
      role = variant;
    else
      role = variant + ", " + role;
  }
  made.role = std::move(role);
  people.push_back(std::move(made));
}

}  // namespace

circumstance_labels::circumstance_labels() {
  for (size_t k = 0; k < 4; ++k)
    for (std::string_view label : built_in[k])
      if (!label.empty()) words_[k].emplace(label);
}

void circumstance_labels::add(circumstance what, const std::vector<std::string> &labels) {
  for (const std::string &label : labels) {
    std::string word = folded(plugins::without_gaps(label));
    while (!word.empty() && (word.back() == ':' || word.back() == ' ')) word.pop_back();
    if (!word.empty()) words_[static_cast<size_t>(what)].insert(std::move(word));
  }
}

std::optional<circumstance> circumstance_labels::find(std::string_view label) const {
  const std::string word = folded(plugins::without_gaps(label));
  for (size_t k = 0; k < 4; ++k)
    if (words_[k].count(word) != 0) return static_cast<circumstance>(k);
  for (std::string_view ending : {" side", " delegation", " participants"})
    if (word.ends_with(ending) && word.size() > ending.size()) return circumstance::participants;
  return std::nullopt;
}

std::optional<circumstance_line> read_circumstance(std::string_view line, const circumstance_labels &labels) {
  size_t colon = std::string_view::npos, behind = 0;
  for (size_t at = 0; at < line.size() && at < 120;) {
    const size_t here = at;
    const char32_t c = plugins::next_character(line, at);
    if (c != ':' && c != 0xff1a) continue;
    colon = here;
    behind = at;
    break;
  }
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view label = line.substr(0, colon);
  while (label.starts_with('*')) label.remove_prefix(1);
  const auto what = labels.find(label);
  if (!what) return std::nullopt;
  std::string_view value = plugins::without_gaps(line.substr(behind));
  while (value.starts_with('*')) value = plugins::without_gaps(value.substr(1));
  const auto begin = value.empty() ? line.size() : static_cast<size_t>(value.data() - line.data());
  return circumstance_line{*what, static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + value.size())};
}

std::vector<listed_person> read_people(std::string_view list) {
  std::vector<listed_person> people;
  const piece whole{0, list.size()};
  const auto items = cut(list, whole, ";；\n", false);
  if (items.size() > 1) {
    for (const piece &item : items) {
      const auto parts = cut(list, trim(list, item), ",，", false);
      std::string role;
      if (parts.size() > 1) role = plugins::without_gaps(list.substr(parts[1].begin, trim(list, item).end - parts[1].begin));
      while (!role.empty() && role.back() == '.') role.pop_back();
      put_person(list, parts[0], std::move(role), people);
    }
    return people;
  }
  // No semicolon: a comma divides persons, or a person from an office.
  struct entry {
    piece name;
    size_t role_begin = 0, role_end = 0;
  };
  std::vector<entry> entries;
  for (const piece &part : cut(list, whole, ",，、", false)) {
    const piece item = trim(list, part);
    if (item.begin == item.end) continue;
    // "A and B" are two when both are persons; "Trade and Industry" is none.
    const auto both = cut(list, item, "", true);
    const bool all_people = std::all_of(both.begin(), both.end(), [&](const piece &p) {
      const std::string_view text = plugins::without_gaps(in(list, p));
      return text.empty() || (is_person(text) && !is_role(text));
    });
    if (all_people) {
      for (const piece &one : both)
        if (const piece name = trim(list, one); name.begin != name.end) entries.push_back({name, 0, 0});
    } else if (entries.empty()) {
      entries.push_back({item, 0, 0});
    } else {
      if (entries.back().role_end == 0) entries.back().role_begin = item.begin;
      entries.back().role_end = item.end;
    }
  }
  for (const entry &e : entries) {
    std::string role(e.role_end == 0 ? std::string_view() : list.substr(e.role_begin, e.role_end - e.role_begin));
    while (!role.empty() && role.back() == '.') role.pop_back();
    put_person(list, e.name, std::move(role), people);
  }
  return people;
}

}  // namespace calque::cast
