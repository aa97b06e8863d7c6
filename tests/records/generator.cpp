// SPDX-License-Identifier: Apache-2.0
// Writes a record piece by piece and notes the truth of each piece beside it.
#include "tests/records/generator.hpp"

#include "tests/records/random.hpp"
#include "tests/records/vocabulary.hpp"

#include <nlohmann/json.hpp>

namespace calque::records {
namespace {

using std::string;
using std::string_view;

string join(std::initializer_list<string_view> parts) {
  string all;
  for (string_view part : parts) all += part;
  return all;
}

string upper_ascii(string_view text) {
  string out(text);
  for (char &c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

/// How the labels of one record look.
enum class label_style {
  introduced,
  short_only,
  titled,
  capitals,
  questions,
  unidentified,
  bold,
  none,
  initials,
  role,
  abbreviated
};

/// Someone who speaks in this record.
struct speaker {
  string first_label, later_label;  // without the colon
  string full;                      // what a reader calls this person
  bool spoke = false;
};

/// Text of the body with the brackets that it holds.
struct passage {
  string text;
  std::vector<bracket> brackets;
};

class writer {
 public:
  explicit writer(uint64_t seed) : random_(seed) {}

  record write() {
    choose_people();
    const string head = write_head();
    string body = write_body();
    record made;
    made.text = head + body;
    made.truth = std::move(truth_);
    for (size_t k = 0; k < paragraphs_.size(); ++k) made.truth.body += (k == 0 ? "" : "\n") + paragraphs_[k];
    if (random_.chance(8)) made.text = "\xEF\xBB\xBF" + made.text;
    if (random_.chance(12)) made.text = with_crlf(made.text);
    return made;
  }

 private:
  static string with_crlf(const string &text) {
    string out;
    for (char c : text) out += c == '\n' ? string("\r\n") : string(1, c);
    return out;
  }

  void choose_people() {
    static constexpr label_style styles[] = {
        label_style::introduced, label_style::introduced, label_style::introduced, label_style::short_only,
        label_style::titled,     label_style::capitals,   label_style::questions,  label_style::unidentified,
        label_style::bold,       label_style::none,       label_style::initials,   label_style::role,
        label_style::abbreviated};
    style_ = random_.pick(styles);
    const int script = random_.between(0, 9);  // mostly Latin; every fifth record has Han or Cyrillic labels
    colon_ = script == 0 ? "：" : ":";
    const size_t count = style_ == label_style::questions ? 2 : static_cast<size_t>(random_.between(2, 4));
    std::vector<person_name> pool;
    if (script == 0)
      pool.assign(std::begin(han_people), std::end(han_people));
    else if (script == 1)
      pool.assign(std::begin(cyrillic_people), std::end(cyrillic_people));
    else
      pool.assign(std::begin(latin_people), std::end(latin_people));
    random_.shuffle(pool);
    for (size_t k = 0; k < count; ++k) people_.push_back(label(pool[k], k));
  }

  speaker label(const person_name &person, size_t number) {
    const string titled = join({person.title, " ", person.full});
    speaker s{string(person.short_form), string(person.short_form), string(person.short_form)};
    switch (style_) {
      case label_style::introduced: {
        static constexpr string_view openings[] = {"hereinafter referred to as", "hereafter", "hereinafter",
                                                   "henceforth referred to as"};
        const bool closes = !random_.chance(12);
        s.first_label = join({titled, " (", random_.pick(openings), " \"", person.short_form, closes ? "\")" : ")"});
        s.full = titled;
        break;
      }
      case label_style::titled:
        s.first_label = s.later_label = s.full = join({person.title, " ", person.short_form});
        break;
      case label_style::capitals:
        s.first_label = s.later_label = s.full = upper_ascii(person.full);
        break;
      case label_style::questions:
        s.first_label = s.later_label = s.full = number == 0 ? "Q" : "A";
        break;
      case label_style::unidentified:
        if (number == 0) s.first_label = s.later_label = s.full = "[Unidentified]";
        break;
      case label_style::initials:  // a letter each; two people never share one
        s.first_label = s.later_label = s.full = string(1, static_cast<char>('K' + number));
        break;
      case label_style::role: {
        static constexpr string_view sides[] = {"Northland", "Velmara", "Delegation", "Secretariat"};
        s.first_label = s.later_label = s.full = join({person.short_form, " (", sides[number % 4], ")"});
        break;
      }
      case label_style::abbreviated: {
        static constexpr string_view titles[] = {"Amb.", "Min.", "Dr.", "Mr."};
        s.first_label = s.later_label = s.full = join({titles[number % 4], " ", person.short_form});
        break;
      }
      case label_style::bold:
      case label_style::short_only:
      case label_style::none:
        break;
    }
    return s;
  }

  string date_line() {
    static constexpr string_view months[] = {"January", "February", "March",   "May",
                                             "June",    "August",   "October", "November"};
    return join({random_.pick(months), " ", std::to_string(random_.between(1, 28)), ", ",
                 std::to_string(random_.between(1946, 1979))});
  }

  // The head: a date and a title, then fields in some order, some of them blank, and the text's label.
  string write_head() {
    static constexpr string_view what[] = {"Record of Conversation", "Memorandum of Conversation",
                                           "Transcript of the Talks", "Verbatim Minutes of the Meeting",
                                           "Notes of the Reception"};
    title_ = join({random_.pick(what), " between ", people_[0].later_label, " and ", people_[1].later_label});
    const string date = date_line();
    string head = random_.chance(70) ? "\n\n" : "";
    truth_.fields.emplace_back("date", date);
    truth_.fields.emplace_back("title", title_);
    head += date + "\n\n";
    string printed = title_;
    if (random_.chance(40)) {
      const size_t blank = printed.find(' ', printed.size() / 2);
      if (blank != string::npos) printed[blank] = '\n';
    }
    head += "**" + printed + "**\n\n";

    std::vector<string> fields;
    auto add = [&](string_view label, string_view key, const string &value, bool marked = false) {
      fields.push_back(
          join({label, ":\n\n", marked ? "<" : "", value, marked ? ">" : "", value.empty() ? "" : "\n\n"}));
      truth_.fields.emplace_back(key, value);
    };
    if (random_.chance(85)) {
      add("Citation", "bibliographic_citation",
          join({"\"", title_, "\", ", date, ", Archive of the Lower House, F. ", std::to_string(random_.between(1, 90)),
                ", 12-19."}));
      const string url = "https://archive.example/document/" + std::to_string(random_.between(1000, 99999));
      fields.back() += "<" + url + ">\n\n";
      truth_.fields.emplace_back("identifier", url);
    }
    if (random_.chance(75)) add("Summary", "abstract", random_.chance(15) ? "" : sentence().text);
    if (random_.chance(60))
      add("Credits", "calque.credits", "This document was made possible with support from the Harbour Fund");
    if (random_.chance(80))
      add("Original Language", "calque.original_language", random_.chance(50) ? "Chinese" : "Russian");
    if (random_.chance(50)) random_.shuffle(fields);
    for (const string &field : fields) head += field;
    head += "Contents:\n\nTranslation - English\n\n";
    truth_.fields.emplace_back("calque.contents", "Translation - English");
    return head;
  }

  // ---- sentences -------------------------------------------------------------------------------------------------

  /// A sentence, sometimes with a bracket, sometimes with one inside another.
  passage sentence() {
    passage p;
    string subject(random_.pick(subjects));
    const string verb(random_.pick(verbs)), object(random_.pick(objects)), tail(random_.pick(tails));
    switch (brackets_allowed_ ? random_.between(1, 34) : 0) {
      case 1: {  // a word that the original left out, at the head of the sentence
        const string word(random_.pick(supplied_subjects));
        p.text = join({word, " ", "have spoken of ", object, ", ", tail, "."});
        p.brackets.push_back({word, "supplied"});
        return p;
      }
      case 2: {
        const string word(random_.pick(supplied_links));
        p.text = join({subject, " ", verb, " ", object, " ", word, " ", tail, "."});
        p.brackets.push_back({word, "supplied"});
        return p;
      }
      case 3: {
        const string words(random_.pick(glosses));
        p.text = join({subject, " has handed it ", words, " to us, ", tail, "."});
        p.brackets.push_back({words, "gloss"});
        return p;
      }
      case 4: {
        const place_pair &place = random_.pick(places);
        const string words = join({"[", place.variant, "]"});
        p.text = join({subject, " ", verb, " ", object, " in ", place.name, " ", words, ", ", tail, "."});
        p.brackets.push_back({words, "variant_name"});
        return p;
      }
      case 5:
        p.text =
            join({subject, " ", verb, " ", object, " of Comrade ", random_.pick(sic_words), " [sic], ", tail, "."});
        p.brackets.push_back({"[sic]", "sic"});
        return p;
      case 6: {
        const string mark(random_.chance(50) ? "[...]" : "[…]");
        p.text = join({subject, " ", verb, " ", object, ". ", mark, " ", "We shall return to it."});
        p.brackets.push_back({mark, "omitted"});
        return p;
      }
      case 7: {
        const string mark = random_.chance(60) ? "[illegible]" : "[two words illegible]";
        p.text = join({subject, " ", verb, " ", mark, " ", tail, "."});
        p.brackets.push_back({mark, "illegible"});
        return p;
      }
      case 8: {
        const string mark = "[Drabkin?]";
        p.text = join({subject, " ", verb, " ", object, " of ", mark, ", ", tail, "."});
        p.brackets.push_back({mark, "uncertain"});
        return p;
      }
      case 9: {
        const string note(random_.chance(50) ? "[Translator's note: the date is written in another hand.]"
                                             : "[Trans. note: a pun on the word for bridge.]");
        p.text = join({subject, " ", verb, " ", object, ", ", tail, ". ", note});
        p.brackets.push_back({note, "translator_note"});
        return p;
      }
      case 10: {
        const string note("[Ed. note: see the letter of the same day.]");
        p.text = join({subject, " ", verb, " ", object, ". ", note});
        p.brackets.push_back({note, "editor_note"});
        return p;
      }
      case 11: {
        const string mark(random_.chance(50) ? "[less than 1 line not declassified]" : "[name not declassified]");
        p.text = join({subject, " ", verb, " ", object, " with ", mark, ", ", tail, "."});
        p.brackets.push_back({mark, "withheld"});
        return p;
      }
      case 12: {  // one inside another
        p.text = join({subject, " has shown him [the envoy from Petersborg [sic]] ", object, ", ", tail, "."});
        p.brackets.push_back({"[the envoy from Petersborg [sic]]", "gloss"});
        p.brackets.push_back({"[sic]", "sic"});
        return p;
      }
      case 13:  // one that is never closed: no bracket, and no letter of it may go
        p.text = join({subject, " ", verb, " ", object, " [and so on, ", tail, "."});
        return p;
      case 14: {
        const string words(random_.pick(supplied_phrases));
        p.text = join({subject, " ", verb, " ", object, " ", words, " ", tail, "."});
        p.brackets.push_back({words, "supplied"});
        return p;
      }
      case 15: {
        const string words(random_.pick(explained));
        p.text = join({subject, " did not know what ", words, " had to do with ", object, ", ", tail, "."});
        p.brackets.push_back({words.substr(words.find('[')), "gloss"});
        return p;
      }
      case 16: {
        const string words(random_.pick(notes_of_translator));
        p.text = join({subject, " ", verb, " ", object, ", ", tail, ". ", words});
        p.brackets.push_back({words, "translator_note"});
        return p;
      }
      case 17: {
        const string words(random_.pick(notes_of_editor));
        p.text = join({subject, " ", verb, " ", object, ". ", words});
        p.brackets.push_back({words, "editor_note"});
        return p;
      }
      case 18: {
        const string words(random_.pick(marginalia));
        p.text = join({subject, " ", verb, " ", object, ", ", tail, ". ", words});
        p.brackets.push_back({words, "marginal"});
        return p;
      }
      case 19: {
        const string words(random_.pick(withheld));
        p.text = join({subject, " ", verb, " ", words, " ", tail, "."});
        p.brackets.push_back({words, "withheld"});
        return p;
      }
      case 20: {
        const string words(random_.pick(unreadable));
        p.text = join({subject, " ", verb, " ", words, ", ", tail, "."});
        p.brackets.push_back({words, "illegible"});
        return p;
      }
      case 21: {
        const string words(random_.pick(gaps));
        p.text = join({subject, " ", verb, " ", object, " ", words, " ", tail, "."});
        p.brackets.push_back({words, "omitted"});
        return p;
      }
      case 22:  // a sentence that looks like a label to a careless reader
        p.text = join({random_.pick(assertions), ": ", "the commission ", verb, " ", object, "."});
        return p;
      default:
        p.text = join({subject, " ", verb, " ", object, ", ", tail, "."});
        return p;
    }
  }

  passage paragraph_of(int low, int high) {
    passage all;
    const int count = random_.between(low, high);
    for (int k = 0; k < count; ++k) {
      passage one = sentence();
      all.text += (k == 0 ? "" : " ") + one.text;
      for (auto &b : one.brackets) all.brackets.push_back(std::move(b));
    }
    return all;
  }

  // ---- the body --------------------------------------------------------------------------------------------------

  void put(string &out, const string &printed, const string &read) {
    out += printed + "\n\n";
    paragraphs_.push_back(read);
  }
  void put(string &out, const string &paragraph) { put(out, paragraph, paragraph); }

  string write_body() {
    string out;
    brackets_allowed_ = true;
    if (random_.chance(25)) {
      put(out, "[...]");
      truth_.brackets.push_back({"[...]", "omitted"});
    }
    if (random_.chance(80)) put(out, title_);
    if (random_.chance(30)) put(out, "(The Ambassador handed over a note on fishing rights)");
    write_circumstances(out);
    const int sessions = random_.chance(12) ? 2 : 1;
    for (int s = 0; s < sessions; ++s) {
      if (sessions > 1) {
        put(out, s == 0 ? "First session" : "Second session");
        if (s == 1) put(out, "Time: " + date_line() + ", 10:30 a.m.");
      }
      if (style_ == label_style::none)
        write_plain(out);
      else
        write_conversation(out);
    }
    if (random_.chance(6)) out.pop_back();
    return out;
  }

  void write_circumstances(string &out) {
    static constexpr string_view times[] = {"Time", "Date and time", "Date"}, venues[] = {"Venue", "Place", "Location"},
                                 presents[] = {"Also Present", "Present", "Participants"},
                                 interpreters[] = {"Interpreter", "Interpreters", "Translator"},
                                 writers[] = {"Minutes Prepared", "Recorded by", "Notes taken by"};
    std::vector<string> lines;
    if (random_.chance(80))
      lines.push_back(join({random_.pick(times), ": ", std::to_string(random_.between(1, 28)), " May 1957, ",
                            std::to_string(random_.between(1, 11)), ":30 p.m. - ", "11.45 p.m."}));
    if (random_.chance(70)) lines.push_back(join({random_.pick(venues), ": Green Hall, House of the Government"}));
    if (random_.chance(60))
      lines.push_back(join(
          {random_.pick(presents), ": Bai Rong, Deputy Chief, Protocol Department; Igor Panin, Second Secretary"}));
    if (random_.chance(60)) lines.push_back(join({random_.pick(interpreters), ": Tao Min"}));
    if (random_.chance(50)) lines.push_back(join({random_.pick(writers), ": Guo Lian"}));
    if (random_.chance(30)) random_.shuffle(lines);
    for (const string &line : lines) put(out, line);
  }

  void write_plain(string &out) {
    const int count = random_.between(3, 9);
    for (int k = 0; k < count; ++k) {
      passage p = paragraph_of(1, 5);
      for (auto &b : p.brackets) truth_.brackets.push_back(std::move(b));
      put_with_cut(out, "", p.text);
    }
  }

  void write_conversation(string &out) {
    const int turns = random_.between(6, 24);
    size_t who = 0;
    for (int t = 0; t < turns; ++t) {
      // Everyone speaks at least twice, in turn at first: a label that is printed once is not told from other words.
      who =
          static_cast<size_t>(t) < people_.size() * 2
              ? static_cast<size_t>(t) % people_.size()
              : (who + static_cast<size_t>(random_.between(1, static_cast<int>(people_.size()) - 1))) % people_.size();
      write_speech(out, people_[who]);
      if (random_.chance(6)) put(out, "(The interpreter read the text of the note aloud.)");
    }
  }

  void write_speech(string &out, speaker &person) {
    speech said{person.full, {}};
    const string label = person.spoke ? person.later_label : person.first_label;
    person.spoke = true;
    const int count = random_.chance(75) ? 1 : random_.between(2, 4);
    for (int k = 0; k < count; ++k) {
      passage p = random_.chance(25) && k == 0 ? passage{string(random_.pick(short_answers)), {}} : paragraph_of(1, 6);
      for (auto &b : p.brackets) truth_.brackets.push_back(std::move(b));
      const string shown = style_ == label_style::bold ? join({"**", label, colon_, "** "})
                                                       : join({label, colon_, colon_ == ":" ? " " : ""});
      put_with_cut(out, k == 0 ? shown : "", p.text);
      said.words += (k == 0 ? "" : "\n") + p.text;
    }
    truth_.speeches.push_back(std::move(said));
  }

  /// Now and then a page ends inside the paragraph: the words go on after a blank line.
  void put_with_cut(string &out, const string &label, const string &text) {
    string printed = text;
    if (text.size() > 120 && random_.chance(12)) {
      size_t blank =
          text.find(' ', text.size() / 3 + static_cast<size_t>(random_.between(0, static_cast<int>(text.size() / 3))));
      // Not at the end of a sentence, nor in a bracket: nobody could tell the first from two paragraphs.
      while (blank != string::npos && (blank == 0 || string_view(".!?:)]").find(text[blank - 1]) != string_view::npos ||
                                       inside_bracket(text, blank)))
        blank = text.find(' ', blank + 1);
      if (blank != string::npos && blank + 1 < text.size()) {
        printed = text.substr(0, blank) + "\n\n" + text.substr(blank + 1);
        ++truth_.joined_paragraphs;
      }
    }
    string read_label = label;
    if (style_ == label_style::bold && !label.empty()) read_label = label.substr(2, label.size() - 5) + " ";
    put(out, label + printed, read_label + text);
  }

  static bool inside_bracket(string_view text, size_t at) {
    int depth = 0;
    for (char c : text.substr(0, at)) depth += c == '[' ? 1 : c == ']' ? -1 : 0;
    return depth > 0;
  }

  random random_;
  label_style style_ = label_style::introduced;
  string_view colon_ = ":";
  std::vector<speaker> people_;
  string title_;
  bool brackets_allowed_ = false;
  std::vector<string> paragraphs_;
  calque::records::truth truth_;
};

}  // namespace

record generate(uint64_t seed) {
  return writer(seed).write();
}

std::string to_json(const truth &t) {
  nlohmann::ordered_json json;
  for (const auto &[key, value] : t.fields) json["fields"].push_back({{"key", key}, {"value", value}});
  for (const auto &s : t.speeches) json["speeches"].push_back({{"speaker", s.speaker}, {"words", s.words}});
  for (const auto &b : t.brackets) json["brackets"].push_back({{"text", b.text}, {"kind", b.kind}});
  json["joined_paragraphs"] = t.joined_paragraphs;
  json["body"] = t.body;
  return json.dump(1);
}

}  // namespace calque::records
