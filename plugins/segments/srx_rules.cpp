// SPDX-License-Identifier: Apache-2.0
// Reads SRX by expat and compiles every regular expression, so that a bad file fails before there is a document.
#include "plugins/segments/srx_rules.hpp"

#include <algorithm>
#include <fstream>

#include "plugins/common/xml_reading.hpp"
#include "plugins/segments/look_behinds.hpp"

namespace calque::segments {

using plugins::xml_node;
using plugins::xml_tree;
using std::string;
using std::string_view;

namespace {

constexpr string_view srx_space = "http://www.lisa.org/srx20";

string read_file(const std::filesystem::path &path) {
  std::error_code error;
  const uint64_t size = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file)
    throw failure("segments.bad-rules", "the rules " + path.string() + " cannot be read",
                  "`rules` names a file of SRX");
  if (size > srx_limits::file_size)
    throw failure(
        "segments.bad-rules",
        path.string() + " has more than " + std::to_string(srx_limits::file_size >> 20) + " MiB (limit `file_size`)",
        "see whether it is the file that you mean, or leave out languages that no document is in");
  string bytes(size, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(static_cast<size_t>(file.gcount()));
  return bytes;
}

}  // namespace

/// One pass over the tree of a file.
class srx_reader {
 public:
  srx_reader(const xml_tree &tree, srx_rules &into) : tree_(tree), into_(into) {}

  void read() {
    const uint32_t root = tree_.root();
    if (!is_of_srx(root) || tree_.at(root).name != "srx")
      refuse(root, "the outermost element is <" + string(tree_.at(root).name) + ">, not <srx> of SRX 1.0 or 2.0",
             "`rules` names a file of SRX");
    const string_view version = tree_.attribute_or(root, "version");
    if (version != "1.0" && version != "2.0")
      refuse(root, "its version is \"" + string(version) + "\"", "the versions are 1.0 and 2.0");
    is_old_ = version == "1.0";
    bool has_body = false;
    each(root, [&](uint32_t child, string_view name) {
      if (name == "header") return read_header(child);
      if (name != "body") refuse_element(child, "srx");
      has_body = true;
      read_body(child);
    });
    if (!has_body) refuse(root, "it has no <body>", "<body> holds <languagerules> and <maprules>");
  }

 private:
  template <class... Part>
  static string join(const Part &...part) {
    string all;
    (all.append(part), ...);
    return all;
  }

  [[noreturn]] void refuse(uint32_t element, const string &message, const string &hint) const {
    throw failure("segments.bad-rules", join(into_.file_, ":", std::to_string(line_of(element)), ": ", message), hint);
  }
  [[noreturn]] void refuse_element(uint32_t element, string_view parent) const {
    refuse(element, join("<", tree_.at(element).name, "> has no meaning in <", parent, ">"),
           "see whether its name is spelled right");
  }

  // Elements are asked about in ascending order but for a few, so lines are counted from the last one on.
  uint32_t line_of(uint32_t element) const {
    const size_t at = tree_.at(element).at.begin;
    if (at < counted_to_) counted_to_ = 0, line_ = 1;
    const string_view text = tree_.decoded().text().substr(counted_to_, at - counted_to_);
    line_ += static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n'));
    counted_to_ = at;
    return line_;
  }

  bool is_of_srx(uint32_t index) const {
    const xml_node &n = tree_.at(index);
    return n.is == xml_node::what::element && (n.space.empty() || n.space == srx_space);
  }

  /// Calls f(index, name) for each element of SRX; those of other namespaces are other programs' settings.
  template <class F>
  void each(uint32_t parent, F &&f) const {
    tree_.each_child(parent, [&](uint32_t child) {
      if (is_of_srx(child)) f(child, tree_.at(child).name);
    });
  }

  bool yes_or_no(uint32_t element, string_view attribute, bool otherwise) const {
    const auto value = tree_.attribute(element, attribute);
    if (!value) return otherwise;
    if (*value != "yes" && *value != "no")
      refuse(element, join(attribute, " is \"", *value, "\""), "it is \"yes\" or \"no\"");
    return *value == "yes";
  }

  void read_header(uint32_t header) {
    into_.are_asides_segmented_ = yes_or_no(header, "segmentsubflows", true);
    into_.is_cascading_ = !is_old_ && yes_or_no(header, "cascade", false);
    each(header, [&](uint32_t child, string_view name) {
      if (name != "formathandle") refuse_element(child, "header");
      // Codes of format are nodes here and no text, so a break is in front of them and behind them at once.
      const string_view type = tree_.attribute_or(child, "type");
      if (type != "start" && type != "end" && type != "isolated")
        refuse(child, join("the type of <formathandle> is \"", type, "\""), "it is \"start\", \"end\" or \"isolated\"");
      yes_or_no(child, "include", false);
    });
  }

  void read_body(uint32_t body) {
    // Maps name rules, which may stand behind them.
    each(body, [&](uint32_t child, string_view name) {
      if (name == "languagerules") return read_rules(child);
      if (name != "maprules") refuse_element(child, "body");
    });
    each(body, [&](uint32_t child, string_view name) {
      if (name == "maprules") read_maps(child, "maprules");
    });
    if (into_.maps_.empty())
      refuse(body, "it has no <languagemap>, so its rules are for no language",
             "<languagemap languagepattern=\".*\" languagerulename=\"…\"/> is for all");
  }

  void count(uint32_t element) {
    if (++count_ > srx_limits::rules)
      refuse(element, join("it has more than ", std::to_string(srx_limits::rules), " rules and maps (limit `rules`)"),
             "leave out languages that no document is in");
  }

  void read_rules(uint32_t all) {
    each(all, [&](uint32_t child, string_view name) {
      if (name != "languagerule") refuse_element(child, "languagerules");
      const string_view called = tree_.attribute_or(child, "languagerulename");
      if (called.empty()) refuse(child, "a <languagerule> has no languagerulename", "maps name it by that");
      if (find_language(called) != into_.languages_.size())
        refuse(child, join("there are two <languagerule> called \"", called, "\""), "rename one, or make them one");
      auto &language = into_.languages_.emplace_back();
      language.name = called;
      each(child, [&](uint32_t rule, string_view element) {
        if (element != "rule") refuse_element(rule, "languagerule");
        count(rule);
        language.rules.push_back(read_rule(rule, join(called, "#", std::to_string(language.rules.size() + 1))));
      });
    });
  }

  srx_rule read_rule(uint32_t element, string name) const {
    srx_rule rule;
    rule.breaks = yes_or_no(element, "break", true);
    rule.line = line_of(element);
    rule.name = std::move(name);
    std::optional<string> before, after;
    each(element, [&](uint32_t child, string_view part) {
      if (part != "beforebreak" && part != "afterbreak") refuse_element(child, "rule");
      std::optional<string> &pattern = part == "beforebreak" ? before : after;
      if (pattern) refuse(child, join("rule ", rule.name, " has two <", part, ">"), "a rule has one of each");
      pattern = text_of(child, rule.name);
      if (pattern->empty()) return;
      (part == "beforebreak" ? rule.before : rule.after) =
          compile(child, *pattern, 0, join("rule ", rule.name, ", <", part, ">"));
    });
    if (!before && !after)
      refuse(element, join("rule ", rule.name, " has neither <beforebreak> nor <afterbreak>"),
             "write one that is empty for a rule that holds everywhere");
    rule.has_before = rule.before != nullptr;
    if (rule.breaks)
      make_whole(element, rule, before.value_or(""), after.value_or(""));
    else if (rule.before && (rule.behind = look_behind(*before)))
      rule.before.reset();
    return rule;
  }

  /// Both were compiled by themselves, so each says what is wrong with it.
  void make_whole(uint32_t element, srx_rule &rule, const string &before, const string &after) const {
    if (rule.before && rule.after)
      rule.whole =
          compile(element, join("(?:", before, ")(?=", after, ")"), 0, join("rule ", rule.name, ", both parts"));
    else
      rule.whole = std::move(rule.before ? rule.before : rule.after);
    rule.before.reset();
    rule.after.reset();
  }

  string text_of(uint32_t element, const string &rule) const {
    string text;
    tree_.each_child(element, [&](uint32_t child) {
      const xml_node &n = tree_.at(child);
      if (n.is == xml_node::what::text) text += n.text;
      if (n.is == xml_node::what::entity || n.is == xml_node::what::element)
        refuse(element, join("rule ", rule, " holds <", n.name, ">, which is no text"),
               "nothing is read from outside the file; write the characters themselves");
    });
    return text;
  }

  std::unique_ptr<icu::RegexPattern> compile(uint32_t element, const string &pattern, uint32_t flags,
                                             const string &what) const {
    if (pattern.size() > srx_limits::pattern)
      refuse(element,
             join(what, ": it has more than ", std::to_string(srx_limits::pattern), " bytes (limit `pattern`)"),
             "make it several rules");
    UErrorCode status = U_ZERO_ERROR;
    UParseError place{};
    std::unique_ptr<icu::RegexPattern> made(compile(pattern, flags, place, status));
    if (status == U_REGEX_LOOK_BEHIND_LIMIT) {
      status = U_ZERO_ERROR;
      made.reset(compile(with_bounded_look_behinds(pattern), flags, place, status));
    }
    if (status == U_MEMORY_ALLOCATION_ERROR) throw std::bad_alloc();
    if (U_FAILURE(status)) {
      string_view shown = string_view(pattern).substr(0, 60);
      while (!shown.empty() && (static_cast<unsigned char>(pattern[shown.size()]) & 0xc0) == 0x80)
        shown.remove_suffix(1);
      refuse(element,
             join(what, ": \"", shown, shown.size() < pattern.size() ? "…" : "", "\" is no regular expression of ICU (",
                  u_errorName(status), " at character ", std::to_string(place.offset), ")"),
             "mend the expression or take the rule out");
    }
    return made;
  }

  static icu::RegexPattern *compile(const string &pattern, uint32_t flags, UParseError &place, UErrorCode &status) {
    return icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(pattern), flags, place, status);
  }

  /// ICU has look-behinds of bounded length only. Null also for what is an expression by itself and no part of one.
  static std::unique_ptr<icu::RegexPattern> look_behind(const string &pattern) {
    UErrorCode status = U_ZERO_ERROR;
    UParseError place{};
    std::unique_ptr<icu::RegexPattern> made(compile("(?<=(?:" + pattern + "))", 0, place, status));
    return U_FAILURE(status) ? nullptr : std::move(made);
  }

  size_t find_language(string_view name) const {
    const auto &all = into_.languages_;
    return static_cast<size_t>(std::find_if(all.begin(), all.end(), [&](const auto &l) { return l.name == name; }) -
                               all.begin());
  }

  /// In SRX 1.0 maps stand in a <maprule>; where there are several, they are read as one list.
  void read_maps(uint32_t parent, string_view called) {
    each(parent, [&](uint32_t child, string_view name) {
      if (name == "maprule" && is_old_ && called == "maprules") return read_maps(child, "maprule");
      if (name != "languagemap") refuse_element(child, called);
      count(child);
      const string_view rules = tree_.attribute_or(child, "languagerulename");
      const size_t language = find_language(rules);
      if (language == into_.languages_.size())
        refuse(child, join("there is no <languagerule> called \"", rules, "\""),
               "see whether its name is spelled right");
      const auto pattern = tree_.attribute(child, "languagepattern");
      if (!pattern) refuse(child, "a <languagemap> has no languagepattern", "\".*\" is for all languages");
      // Language tags have no case.
      into_.maps_.push_back({compile(child, string(*pattern), UREGEX_CASE_INSENSITIVE, "languagepattern"), language});
    });
  }

  const xml_tree &tree_;
  srx_rules &into_;
  bool is_old_ = false;
  size_t count_ = 0;
  mutable size_t counted_to_ = 0;
  mutable uint32_t line_ = 1;
};

srx_rules::srx_rules(const std::filesystem::path &file) : srx_rules(read_file(file), file.string()) {}

srx_rules::srx_rules(string_view bytes, string name) : file_(std::move(name)) {
  std::optional<xml_tree> tree;
  try {
    tree.emplace(bytes, "segments");
  } catch (const failure &error) {
    // The place that it names is one of this file, not of a document's source.
    throw failure("segments.bad-rules", file_ + ": " + error.what(), "check the file with xmllint and mend it");
  }
  srx_reader(*tree, *this).read();
}

std::optional<std::vector<const srx_rule *>> srx_rules::for_language(string_view tag) const {
  const icu::UnicodeString text =
      icu::UnicodeString::fromUTF8(icu::StringPiece(tag.data(), static_cast<int32_t>(tag.size())));
  std::vector<const srx_rule *> found;
  bool is_known = false;
  for (const map &m : maps_) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::RegexMatcher> matcher(m.tags->matcher(text, status));
    if (U_FAILURE(status)) throw std::bad_alloc();
    matcher->setTimeLimit(100, status);
    if (!matcher->matches(status) || U_FAILURE(status)) continue;
    is_known = true;
    for (const srx_rule &rule : languages_[m.language].rules) found.push_back(&rule);
    if (!is_cascading_) break;
  }
  return is_known ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace calque::segments
