// SPDX-License-Identifier: Apache-2.0
// The word lists. They decide only where shape, recurrence and the words after the label leave a doubt.
#include "plugins/speeches/label_words.hpp"

#include "plugins/common/titles.hpp"
#include "plugins/common/words.hpp"

#include <algorithm>

namespace calque::plugins {
using std::string_view;

bool is_circumstance(string_view key) {
  // Any of these words makes a label one of circumstances …
  static const word_set telling(
      "present absent participants participant attendees attending attended attendance prepared recorded drafted "
      "written compiled taken typed copied translated transcribed approved reviewed distributed distribution "
      "classification classified declassified notetaker note-taker notetakers note-takers stenographer keywords "
      "присутствовали присутствующие участники участвовали записал записала запись записано записали переводил "
      "переводила переводили перевёл перевел anwesend anwesende teilnehmer protokollant verteiler présents "
      "compte-rendu rédacteur presentes participantes asistentes");
  // … these do when a label begins with them and has few words …
  static const word_set leading(
      "time date dates place venue location duration minutes record records agenda subject subjects topic topics "
      "reference ref file document documents copy copies source sources archive collection enclosure enclosures "
      "attachment attachments annex appendix signed signature recorder recorders title summary abstract credits "
      "citation contents transcript hour hours interpreters translators "
      "время дата место протокол тема повестка экз экземпляр копия приложение источник архив перевод "
      "zeit datum ort beginn ende protokoll betreff thema heure lieu objet fecha hora lugar asunto");
  // … and these when they are all of it.
  static const word_set alone("re cc to from via no language weather occasion setting start end");
  static constexpr string_view east_asian[] = {"时间", "時間", "日期", "地点", "地點", "参加", "參加", "出席",
                                               "在座", "列席", "陪同", "记录", "記錄", "纪录", "整理", "主题",
                                               "议题", "附件", "来源", "主題", "議題", "場所", "日時", "시간",
                                               "일시", "장소", "참석", "배석", "기록"};
  for (const string_view word : east_asian)
    if (key.find(word) != string_view::npos) return true;
  const auto words = words_of(key);
  if (words.empty()) return false;
  if (words.size() <= 4 && leading.has(words.front().text)) return true;
  if (words.size() == 1 && alone.has(words.front().text)) return true;
  return std::any_of(words.begin(), words.end(), [&](const word &w) { return telling.has(w.text); });
}

bool is_office(string_view key) {
  static const word_set offices(
      "interpreter translator chairman chairwoman chairperson chair president secretary moderator host guest speaker "
      "minister ambassador переводчик переводчица председатель секретарь ведущий dolmetscher vorsitzender interprète "
      "président secrétaire intérprete 翻译 翻譯 译员 口译 主席 通訳 통역");
  const auto words = words_of(key);
  return words.size() == 1 && offices.has(words.front().text);
}

bool is_heading_word(string_view key) {
  static const word_set address(
      "dear gentlemen friends ladies comrades дорогой дорогие уважаемый уважаемые товарищи 同志们");
  static const word_set nouns(
      "note notes remark remarks comment comments conclusion conclusions result results decision decisions resolution "
      "resolutions example examples point points item items article section chapter part paragraph first firstly "
      "second "
      "secondly third thirdly fourth fourthly fifth finally lastly warning attention background introduction "
      "postscript "
      "ps p.s proposal proposals questions problem problems reason reasons fact facts begin text "
      "примечание примечания вывод выводы заключение во-первых во-вторых в-третьих наконец "
      "注 注释 附注 结论 第一 第二 第三 首先 其次 最后");
  const auto words = words_of(key);
  if (words.empty()) return true;
  if (address.has(words.front().text)) return true;
  if (!nouns.has(words.front().text)) return false;
  // "First Secretary Panin" is a person.
  return std::none_of(words.begin() + 1, words.end(), [](const word &w) { return is_title(w.text); });
}

bool is_plain_word(string_view key) {
  static const word_set plain(
      "yes no well now so thus therefore however moreover furthermore also then next important question answer one two "
      "three four five that this these those here there my our your his her its their the a an we i you it he she they "
      "what why how when where who if but and or as in on at by for with last да нет ну вот так это я мы вы он она "
      "вопрос ответ 我 你 他 这 那 我们 你们 他们");
  const auto words = words_of(key);
  return words.size() == 1 && plain.has(words.front().text);
}

}  // namespace calque::plugins
