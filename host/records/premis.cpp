// SPDX-License-Identifier: Apache-2.0
// The events of a run as PREMIS 3.0: its files as objects, what was done to them as events, who did it as agents.
#include "host/records/premis.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "host/records/xml_writer.hpp"
#include "host/pipeline/open_input.hpp"
#include "host/plugins/media_types.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

using nlohmann::json;
using milliseconds = std::chrono::milliseconds;

constexpr std::string_view identifiers = "calque.run";  // the type of all our identifiers but those of agents
constexpr std::string_view agent_identifiers = "calque.agent";

/// A term of a vocabulary of id.loc.gov/vocabulary/preservation; one of our own has no list.
struct term {
  std::string_view label, list, code;
};
constexpr term success{"success", "eventOutcome", "suc"}, warning{"warning", "eventOutcome", "war"},
    fail{"fail", "eventOutcome", "fai"};
constexpr term as_source{"source", "eventRelatedObjectRole", "sou"},
    as_outcome{"outcome", "eventRelatedObjectRole", "out"};
constexpr term executing{"executing program", "eventRelatedAgentRole", "exe"};
constexpr term derivation{"derivation", "relationshipType", "der"},
    has_source{"has source", "relationshipSubType", "hss"};
constexpr term sha256{"SHA-256", "cryptographicHashFunctions", "sha256"};
constexpr term software{"software", "agentType", "sof"};
constexpr term digest_calculation{"message digest calculation", "eventType", "mes"};
constexpr term conversion{"conversion", {}, {}};

/// docs/decisions/031-premis-events.md says why these.
term type_of_stage(std::string_view role) {
  if (role == "import") return {"import", {}, {}};
  if (role == "normalize") return {"modification", "eventType", "mod"};
  if (role == "annotate") return {"metadata modification", "eventType", "mem"};
  if (role == "export") return {"creation", "eventType", "cre"};
  return conversion;
}

// What the events hold. A member that is missing, or of another type, is empty: readers pass over what they do not
// know.
std::string text_of(const json &object, const char *key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::uint64_t count_of(const json &object, const char *key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}
const json &list_of(const json &object, const char *key) {
  static const json nothing = json::array();
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return nothing;
  return std::all_of(found->begin(), found->end(), [](const json &one) { return one.is_object(); }) ? *found : nothing;
}

struct stage_facts {
  std::string name, role, id, version, digest;

  /// The same in every run: a repository sees that it was the same build.
  std::string agent() const { return fmt::format("{}/{}@{}", role, id, digest.empty() ? version : digest); }
};

struct run_facts {
  std::string id, host, build, output;
  std::chrono::sys_time<milliseconds> start;
  std::vector<stage_facts> stages;

  std::string host_agent() const { return "host/calque@" + (build.empty() ? host : build); }

  /// The importer that was chosen by the content is not among the stages of the pipeline.
  const stage_facts &stage(const std::string &name, bool is_first) {
    const auto known =
        std::find_if(stages.begin(), stages.end(), [&](const stage_facts &one) { return one.name == name; });
    if (known != stages.end()) return *known;
    stages.push_back({name, is_first ? "import" : "", name, "", ""});
    return stages.back();
  }
};

std::optional<std::chrono::sys_time<milliseconds>> parse_time(const std::string &text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

diagnostic bad_events(const std::string &path, std::uint64_t line, std::string_view why) {
  return error("run.bad-events",
               line == 0 ? fmt::format("{}: {}", show_text(path), why)
                         : fmt::format("{}, line {}: {}", show_text(path), line, why),
               "run the pipeline again: it writes new records");
}

/// Calls `take` with each whole line. With a bound, lines that came after the first reading are left out, so that two
/// readings of a file that grows see the same.
result<std::uint64_t> read_events(const std::string &path, std::optional<std::uint64_t> bound,
                                  const std::function<std::optional<std::string_view>(const json &)> &take) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return bad_events(path, 0, "it cannot be read");
  std::uint64_t seen = 0, number = 0;
  for (std::string line; (!bound || seen < *bound) && std::getline(file, line) && !file.eof();) {
    seen += line.size() + 1;
    ++number;
    const json event = json::parse(line, nullptr, false);
    if (!event.is_object() || text_of(event, "event").empty()) return bad_events(path, number, "this is no event");
    if (const auto why = take(event)) return bad_events(path, number, *why);
  }
  if (file.bad()) return bad_events(path, number + 1, "reading failed");
  return seen;
}

class premis_record {
 public:
  premis_record(const std::string &events, durable_file &into) : events_(events), xml_(into) {}

  result<void> write() {
    xml_.begin("premis", {{"xmlns", "http://www.loc.gov/premis/v3"},
                          {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
                          {"version", "3.0"}});
    const auto seen = read_events(events_, std::nullopt, [&](const json &event) { return take_objects(event); });
    if (!seen.has_value()) return seen.errors();
    if (run_.id.empty()) return bad_events(events_, 0, "it does not begin with run-started");
    const auto again = read_events(events_, seen.value(), [&](const json &event) {
      if (text_of(event, "event") == "input-finished") add_events(event);
      return std::optional<std::string_view>();
    });
    if (!again.has_value()) return again.errors();
    add_agents();
    xml_.end();
    return xml_.finish();
  }

 private:
  std::optional<std::string_view> take_objects(const json &event) {
    const std::string name = text_of(event, "event");
    if (run_.id.empty()) {
      if (name != "run-started" || !text_of(event, "schema").starts_with("calque.events/1"))
        return "the records of a run begin with run-started of calque.events/1";
      return take_run(event);
    }
    if (name == "input-finished") {
      add_input(event);
      const json &files = list_of(event, "files");
      for (std::size_t k = 0; k < files.size(); ++k) add_file(event, files[k], k);
    }
    return std::nullopt;
  }

  std::optional<std::string_view> take_run(const json &event) {
    const auto start = parse_time(text_of(event, "time"));
    if (!start) return "the run has no time";
    run_.start = *start;
    run_.id = text_of(event, "run");
    if (run_.id.empty()) return "the run has no name";
    run_.host = text_of(event, "host");
    run_.build = text_of(event, "build");
    for (const json &stage : list_of(event, "stages"))
      run_.stages.push_back({text_of(stage, "name"), text_of(stage, "role"), text_of(stage, "id"),
                             text_of(stage, "version"), text_of(stage, "digest")});
    // The run's editions as a whole: a record must have an object, and a run may end before its first input does.
    xml_.begin("object", {{"xsi:type", "representation"}});
    identify("objectIdentifier", run_.id);
    xml_.add("originalName", text_of(event, "output"));
    xml_.end();
    return std::nullopt;
  }

  std::string name_of(const json &event, std::string_view what) const {
    return fmt::format("{}/{}/{}", run_.id, count_of(event, "seq"), what);
  }
  std::string name_of(const json &event, std::string_view what, std::size_t k) const {
    return name_of(event, fmt::format("{}/{}", what, k + 1));
  }

  void add(std::string_view element, const term &word) {
    if (word.list.empty()) {
      xml_.add(element, word.label);
      return;
    }
    const std::string list = fmt::format("http://id.loc.gov/vocabulary/preservation/{}", word.list);
    xml_.add(element, word.label,
             {{"authority", word.list}, {"authorityURI", list}, {"valueURI", fmt::format("{}/{}", list, word.code)}});
  }

  /// `element` is what it is called, with Type and Value after it.
  void identify(const std::string &element, std::string_view value, const term *role = nullptr,
                std::string_view type = identifiers) {
    xml_.begin(element);
    xml_.add(element + "Type", type, {{"authority", "local"}});
    xml_.add(element + "Value", value);
    if (role) add(element.starts_with("linkingAgent") ? "linkingAgentRole" : "linkingObjectRole", *role);
    xml_.end();
  }

  void add_characteristics(std::string_view digest, std::optional<std::uint64_t> bytes, std::string_view media_type,
                           std::string_view note) {
    xml_.begin("objectCharacteristics");
    if (!digest.empty()) {
      xml_.begin("fixity");
      add("messageDigestAlgorithm", sha256);
      xml_.add("messageDigest", digest);
      xml_.add("messageDigestOriginator", "calque");
      xml_.end();
    }
    if (bytes) xml_.add("size", fmt::format("{}", *bytes));
    xml_.begin("format");
    xml_.begin("formatDesignation");
    xml_.add("formatName", media_type.empty() ? "unknown" : media_type);
    xml_.end();
    if (!note.empty()) xml_.add("formatNote", note);
    xml_.end();
    xml_.end();
  }

  static std::optional<std::uint64_t> size_of(const json &object) {
    if (!object.contains("bytes")) return std::nullopt;
    return count_of(object, "bytes");
  }

  void add_input(const json &event) {
    const std::string path = text_of(event, "input");
    const std::string_view by_name = media_type_of_name(path);
    xml_.begin("object", {{"xsi:type", "file"}});
    identify("objectIdentifier", name_of(event, "input"));
    add_characteristics(text_of(event, "digest"), size_of(event), by_name,
                        by_name.empty() ? "" : "as the ending of its name says");
    xml_.add("originalName", path);
    xml_.end();
  }

  void add_file(const json &event, const json &file, std::size_t k) {
    xml_.begin("object", {{"xsi:type", "file"}});
    identify("objectIdentifier", name_of(event, "file", k));
    add_characteristics(text_of(file, "sha256"), size_of(file), text_of(file, "media_type"), {});
    xml_.add("originalName", text_of(file, "path"));
    xml_.begin("relationship");
    add("relationshipType", derivation);
    add("relationshipSubType", has_source);
    identify("relatedObjectIdentifier", name_of(event, "input"));
    const json &stages = list_of(event, "stages");
    for (std::size_t s = 0; s < stages.size(); ++s)
      if (ran(stages[s]) && text_of(stages[s], "name") == text_of(file, "stage"))
        identify("relatedEventIdentifier", name_of(event, "stage", s));
    xml_.end();
    xml_.end();
  }

  static bool ran(const json &stage) { return text_of(stage, "action") == "ran"; }

  void add_events(const json &event) {
    const json &stages = list_of(event, "stages");
    for (std::size_t k = 0; k < stages.size(); ++k)
      if (ran(stages[k])) add_stage_event(event, run_.stage(text_of(stages[k], "name"), k == 0), k);
    const std::string status = text_of(event, "status");
    if (status == "ok" || status == "ok-with-warnings") {
      begin_event(name_of(event, "document"), digest_calculation, event, "SHA-256 of the input and of its editions");
      add_outcome(success, {});
      end_event(event, run_.host_agent(), [](const json &) { return true; });
    } else if (status != "up-to-date" && status != "skipped" && status != "not-run") {
      std::vector<std::string> notes;
      const std::string detail = text_of(event, "detail"), bundle = text_of(event, "quarantine");
      notes.push_back(detail.empty() ? status : fmt::format("{}: {}", status, detail));
      if (!bundle.empty()) notes.push_back("quarantine: " + bundle);
      for (const json &one : list_of(event, "diagnostics")) notes.push_back(words_of(one));
      begin_event(name_of(event, "document"), conversion, event, "editions of one input");
      add_outcome(fail, notes);
      end_event(event, run_.host_agent(), [](const json &) { return false; });
    }
  }

  void add_stage_event(const json &event, const stage_facts &stage, std::size_t k) {
    std::vector<std::string> notes;
    term outcome = success;
    for (const json &one : list_of(event, "diagnostics")) {
      const std::string by = text_of(one, "stage"), level = text_of(one, "level");
      if (by != stage.name && !by.starts_with(stage.name + " (")) continue;
      if (level == "error") outcome = fail;
      if (level == "warning" && outcome.code == success.code) outcome = warning;
      notes.push_back(words_of(one));
    }
    for (const json &one : list_of(event, "ledger"))
      if (text_of(one, "stage") == stage.name) notes.push_back(entry_of(one));
    begin_event(name_of(event, "stage", k), type_of_stage(stage.role), event,
                fmt::format("stage {}{}", stage.name, stage.role.empty() ? "" : " (" + stage.role + ")"));
    add_outcome(outcome, notes);
    end_event(event, stage.agent(), [&](const json &file) { return text_of(file, "stage") == stage.name; });
  }

  static std::string words_of(const json &one) {
    std::string words = fmt::format("{} {}: {}", text_of(one, "level"), text_of(one, "code"), text_of(one, "message"));
    if (const std::uint64_t line = count_of(one, "line"); line > 0) words += fmt::format(" (line {})", line);
    return words;
  }

  static std::string entry_of(const json &one) {
    std::string words = fmt::format("{}: {} {}, {} times", text_of(one, "code"), text_of(one, "thing"),
                                    text_of(one, "effect"), count_of(one, "count"));
    const std::uint64_t before = count_of(one, "letters_before"), after = count_of(one, "letters_after");
    if (before != 0 || after != 0) words += fmt::format("; {} letters became {}", before, after);
    if (const std::uint64_t bytes = count_of(one, "bytes"); bytes != 0) words += fmt::format("; {} bytes", bytes);
    return words;
  }

  void begin_event(const std::string &name, const term &type, const json &event, std::string_view detail) {
    const auto at = event.find("at");
    const double after = at != event.end() && at->is_number() ? at->get<double>() : 0;
    const bool is_sane = after >= 0 && after < 1e15;
    const auto time = run_.start + milliseconds(is_sane ? static_cast<std::int64_t>(after) : 0);
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    xml_.begin("event");
    identify("eventIdentifier", name);
    add("eventType", type);
    xml_.add("eventDateTime",
             fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(whole)),
                         (time - whole).count()));
    xml_.begin("eventDetailInformation");
    xml_.add("eventDetail", detail);
    xml_.end();
  }

  void add_outcome(const term &outcome, const std::vector<std::string> &notes) {
    xml_.begin("eventOutcomeInformation");
    add("eventOutcome", outcome);
    for (const std::string &note : notes) {
      xml_.begin("eventOutcomeDetail");
      xml_.add("eventOutcomeDetailNote", note);
      xml_.end();
    }
    xml_.end();
  }

  void end_event(const json &event, const std::string &agent, const std::function<bool(const json &)> &is_outcome) {
    identify("linkingAgentIdentifier", agent, &executing, agent_identifiers);
    identify("linkingObjectIdentifier", name_of(event, "input"), &as_source);
    const json &files = list_of(event, "files");
    for (std::size_t k = 0; k < files.size(); ++k)
      if (is_outcome(files[k])) identify("linkingObjectIdentifier", name_of(event, "file", k), &as_outcome);
    xml_.end();
  }

  void add_agent(const std::string &agent, std::string_view name, std::string_view version, std::string_view note) {
    xml_.begin("agent");
    identify("agentIdentifier", agent, nullptr, agent_identifiers);
    xml_.add("agentName", name);
    add("agentType", software);
    if (!version.empty()) xml_.add("agentVersion", version);
    if (!note.empty()) xml_.add("agentNote", note);
    xml_.end();
  }

  void add_agents() {
    add_agent(run_.host_agent(), "calque", run_.host, run_.build.empty() ? "" : "build " + run_.build);
    std::set<std::string> known;
    for (const stage_facts &stage : run_.stages)
      if (known.insert(stage.agent()).second)
        add_agent(stage.agent(), stage.id, stage.version,
                  stage.digest.empty() ? "" : "SHA-256 of the plugin: " + stage.digest);
  }

  std::string events_;
  xml_writer xml_;
  run_facts run_;
};

}  // namespace

result<void> write_premis(const std::string &events_path, const std::string &target_path) {
  auto file = durable_file::create(target_path);
  if (!file.has_value()) return file.errors();
  if (auto written = premis_record(events_path, *file).write(); !written.has_value()) return written;
  if (auto done = file->make_durable(); !done.has_value()) return done;
  return file->put_in_place();
}

}  // namespace calque::host
