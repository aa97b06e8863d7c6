// SPDX-License-Identifier: Apache-2.0
// The words that generated records are made of; all of them are invented conversation.
#pragma once

#include <array>
#include <string_view>

namespace calque::records {

struct person_name {
  std::string_view title, full, short_form;  // the title, the whole name, and what later labels say
};

inline constexpr person_name latin_people[] = {
    {"Vice Premier", "Lin Dawei", "Lin"},
    {"Ambassador", "Pyotr Sokolsky", "Sokolsky"},
    {"Foreign Minister", "Gheorghe Vasilescu", "Vasilescu"},
    {"Deputy Director", "Ahn Chol-min", "Ahn"},
    {"Comrade", "Ferenc Szőllősi", "Szőllősi"},
    {"Prime Minister", "Jawad Karimi", "Karimi"},
    {"Counselor", "Đặng Văn Hòa", "Hòa"},
    {"Secretary", "Marek Wiśniewski", "Wiśniewski"},
    {"Chargé d'Affaires", "Émile Rochard", "Rochard"},
    {"Marshal", "Qiu Yongnian", "Qiu"},
    {"Minister", "Bohumil Havránek", "Havránek"},
    {"Chairman", "O Yong-jin", "O Yong-jin"},
};
inline constexpr person_name han_people[] = {{"总理", "周文远", "周文远"},
                                             {"部长", "陈立群", "陈立群"},
                                             {"大使", "契尔年科", "契尔年科"},
                                             {"同志", "金成洙", "金成洙"}};
inline constexpr person_name cyrillic_people[] = {{"Посол", "Степан Воронин", "Воронин"},
                                                  {"Министр", "Линь Да-вэй", "Линь Да-вэй"},
                                                  {"Тов.", "Игнат Бережной", "Бережной"},
                                                  {"Маршал", "Бат Гомбо", "Гомбо"}};

inline constexpr std::string_view subjects[] = {
    "The delegation",        "Our government",          "The other side",   "Your embassy",
    "The border commission", "Everyone in the capital", "The committee",    "The railway administration",
    "My predecessor",        "The technical mission",   "The trade office", "The press"};
inline constexpr std::string_view verbs[] = {"has studied",
                                             "will answer",
                                             "did not accept",
                                             "raised again",
                                             "postponed",
                                             "signed",
                                             "cannot explain",
                                             "welcomed",
                                             "has always supported",
                                             "returned without comment",
                                             "is still considering",
                                             "misread"};
inline constexpr std::string_view objects[] = {"the draft of the protocol",
                                               "the question of fishing rights",
                                               "the note of last spring",
                                               "the timetable for the repairs",
                                               "the list of experts",
                                               "the fourth paragraph",
                                               "the loan for the power station",
                                               "the invitation to the exhibition",
                                               "the proposal on river traffic",
                                               "the report of the survey team",
                                               "the exchange of students",
                                               "the price of the equipment"};
inline constexpr std::string_view tails[] = {"as we agreed in the morning",
                                             "although nobody asked for it",
                                             "in the spirit of friendship",
                                             "before the end of the season",
                                             "for reasons that are well known",
                                             "without any conditions",
                                             "and this is a serious matter",
                                             "to the satisfaction of both parties",
                                             "at the request of the Ministry",
                                             "because the bridge was closed",
                                             "with great care",
                                             "more than once"};
inline constexpr std::string_view short_answers[] = {
    "Yes.",  "I agree.",      "That is correct.", "No, it is not so.", "Please go on.",
    "Good.", "We shall see.", "Thank you.",       "Exactly!",          "Why?"};

/// A place and another name for it, which stands in brackets after it.
struct place_pair {
  std::string_view name, variant;
};
inline constexpr place_pair places[] = {{"Luhe", "Drago"},        {"Hunchun", "Khunchun"}, {"Tokmak", "Toqmaq"},
                                        {"Port Arden", "Ardeni"}, {"Yanji", "Yenki"},      {"Kulja", "Gulca"},
                                        {"Sarikol", "Sarıköl"},   {"Manzhouli", "Lubin"}};

inline constexpr std::string_view supplied_subjects[] = {"[I]", "[We]", "[They]", "[You]"};
inline constexpr std::string_view supplied_links[] = {"[and]", "[that]", "[of]",    "[have]",
                                                      "[was]", "[to]",   "[which]", "[not]"};
inline constexpr std::string_view glosses[] = {"[the Ministry of Trade]", "[the northern commission]",
                                               "[the agreement of 1953]", "[the head of the mission]",
                                               "[the treaty on navigation]"};
inline constexpr std::string_view sic_words[] = {"Chi-li-nuo-fu", "Kabineet", "Ministery", "Petersborg"};

inline constexpr std::string_view supplied_phrases[] = {"[to send an answer]", "[in the harbour]", "[the other day]",
                                                        "[with the engineers]", "[of the commission]"};
/// A short word, and what it stands for in that sentence.
inline constexpr std::string_view explained[] = {"he [the Ambassador]", "they [the engineers of the dam]",
                                                 "him [Havránek]", "this [the second draft]", "it [the loan of 1951]"};
inline constexpr std::string_view notes_of_translator[] = {"[A river in the north.—Trans.]",
                                                           "[Translator's note: crossed out.]", "[Trans.: a proverb.]"};
inline constexpr std::string_view notes_of_editor[] = {"[See the next document.—Ed.]",
                                                       "[Editor's note: the page is torn.]"};
inline constexpr std::string_view marginalia[] = {"[in the margin: ask again]", "[handwritten: approved]"};
inline constexpr std::string_view withheld[] = {"[text not declassified]", "[2 lines not declassified]",
                                                "[1 name not declassified]"};
inline constexpr std::string_view unreadable[] = {"[3 lines illegible]", "[one word illegible]",
                                                  "[illegible signature]"};
inline constexpr std::string_view gaps[] = {"[. . .]", "[...]", "[…]"};
inline constexpr std::string_view assertions[] = {"One thing is clear", "Let me say this", "There are two reasons",
                                                  "My answer is short", "I repeat",        "The facts are these"};

}  // namespace calque::records
