// SPDX-License-Identifier: Apache-2.0
// Records of runs as PREMIS, judged by a checker of the schema's rules that shares no code with us.
#include "host/records/premis.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "host/records/command_output.hpp"
#include "host/records/xml_writer.hpp"
#include "host/pipeline/scratch_folder.hpp"

#ifdef __SANITIZE_ADDRESS__  // Debian's g++ has these without their header
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, std::size_t),
                                                         void (*)(const volatile void *));
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void *);
#endif

namespace calque::host {
namespace {

using nlohmann::json;

const std::string digest_a(64, 'a'), digest_b(64, 'b');

json started() {
  return {{"seq", 0},
          {"event", "run-started"},
          {"schema", "calque.events/1"},
          {"run", "20260301T020000Z-4711"},
          {"time", "2026-03-01T02:00:00Z"},
          {"host", "calque 0.1.0 (ABI 0.1, model 1)"},
          {"build", "9f0c"},
          {"output", "/srv/editions"},
          {"stages",
           {{{"name", "record"}, {"role", "import"}, {"id", "calque.record"}, {"version", "0.1.0"}, {"digest", "d1"}},
            {{"name", "nfc"}, {"role", "normalize"}, {"id", "calque.unicode"}, {"version", "0.1.0"}, {"digest", "d2"}},
            {{"name", "nfd"}, {"role", "normalize"}, {"id", "calque.unicode"}, {"version", "0.1.0"}, {"digest", "d2"}},
            {{"name", "cast"}, {"role", "annotate"}, {"id", "calque.cast"}, {"version", "0.1.0"}, {"digest", "d3"}},
            {{"name", "tei"}, {"role", "export"}, {"id", "calque.tei"}, {"version", "0.1.0"}, {"digest", "d4"}}}}};
}

json finished(int seq, const std::string &path) {
  return {{"seq", seq},
          {"event", "input-finished"},
          {"at", 86400000.75 + seq},
          {"input", path},
          {"digest", digest_a},
          {"bytes", 7413},
          {"status", "ok"},
          {"stages",
           {{{"name", "record"}, {"action", "ran"}, {"ms", 0.2}},
            {{"name", "nfc"}, {"action", "reused"}, {"ms", 0}},
            {{"name", "nfd"}, {"action", "ran"}, {"ms", 0.2}},
            {{"name", "cast"}, {"action", "skipped"}, {"ms", 0}},
            {{"name", "tei"}, {"action", "ran"}, {"ms", 0.2}}}},
          {"files",
           {{{"path", "a.xml"},
             {"bytes", 20114},
             {"sha256", digest_b},
             {"media_type", "application/tei+xml"},
             {"stage", "tei"},
             {"action", "written"}}}},
          {"ledger",
           {{{"stage", "tei"},
             {"code", "tei.page-not-expressed"},
             {"thing", "page"},
             {"effect", "dropped"},
             {"count", 3},
             {"letters_before", 0},
             {"letters_after", 0},
             {"bytes", 0}}}}};
}

class premis_test : public testing::Test {
 protected:
  void write_events(const std::vector<json> &events, const std::string &rest = {}) const {
    std::string text;
    for (const json &event : events) text += event.dump() + "\n";
    folder.write("events.ndjson", text + rest);
  }
  result<void> write() const { return write_premis(folder.path("events.ndjson"), folder.path("premis.xml")); }
  std::string record() const {
    const auto written = write();
    if (!written.has_value()) return written.error().message;
    const command_output found =
        output_of("python3 " CALQUE_SOURCE_FOLDER "/tests/validators/check_premis.py " + folder.path("premis.xml"));
    EXPECT_EQ(found.exit_code, 0) << found.text << folder.read("premis.xml");
    counts = found.text;
    return folder.read("premis.xml");
  }
  static std::size_t count(const std::string &text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++found;
    return found;
  }
  /// The event of that name, from its begin to its end.
  static std::string event(const std::string &record, const std::string &name) {
    const std::size_t at = record.find("<eventIdentifierValue>20260301T020000Z-4711/" + name + "</");
    if (at == std::string::npos) return {};
    const std::size_t begin = record.rfind("<event>", at);
    return record.substr(begin, record.find("</event>", at) - begin);
  }

  const scratch_folder folder;
  mutable std::string counts;
};

TEST_F(premis_test, files_are_objects_stages_events_plugins_agents) {
  write_events({started(), finished(1, "records/a.txt"), {{"seq", 2}, {"event", "run-finished"}}});
  const std::string xml = record();
  // The run, its input and its edition; three stages that ran, and the digests; host and four plugins, one used twice.
  EXPECT_EQ(counts, "3 objects, 4 events, 5 agents\n");
  EXPECT_NE(xml.find("<messageDigest>" + digest_a), std::string::npos);
  EXPECT_NE(xml.find("<messageDigest>" + digest_b), std::string::npos);
  EXPECT_NE(xml.find("<size>20114</size>"), std::string::npos);
  EXPECT_NE(xml.find("<formatName>application/tei+xml</formatName>"), std::string::npos);
  EXPECT_NE(xml.find("<formatName>text/plain</formatName>"), std::string::npos);
  EXPECT_EQ(count(xml, ">has source</relationshipSubType>"), 1u);
  EXPECT_EQ(count(xml, "<relatedEventIdentifier>"), 1u);

  const std::string tei = event(xml, "1/stage/5");
  EXPECT_NE(tei.find("eventType/cre\">creation</eventType>"), std::string::npos) << tei;
  EXPECT_NE(tei.find(">2026-03-02T02:00:00.001Z<"), std::string::npos) << tei;
  EXPECT_NE(tei.find("<linkingAgentIdentifierValue>export/calque.tei@d4<"), std::string::npos) << tei;
  EXPECT_NE(tei.find("<linkingObjectIdentifierValue>20260301T020000Z-4711/1/file/1<"), std::string::npos) << tei;
  EXPECT_NE(tei.find("<eventOutcomeDetailNote>tei.page-not-expressed: page dropped, 3 times<"), std::string::npos);
  EXPECT_NE(event(xml, "1/stage/1").find("<eventType>import<"), std::string::npos);
  EXPECT_NE(event(xml, "1/stage/3").find(">modification<"), std::string::npos);
  EXPECT_EQ(event(xml, "1/stage/2"), "");  // reused
  EXPECT_EQ(event(xml, "1/stage/4"), "");  // skipped
  EXPECT_NE(event(xml, "1/document").find(">message digest calculation<"), std::string::npos);
}

TEST_F(premis_test, an_edition_of_a_known_result_has_its_source_and_no_event) {
  json one = finished(1, "a.txt");
  for (json &stage : one["stages"]) stage["action"] = "reused";
  write_events({started(), one});
  const std::string xml = record();
  EXPECT_EQ(counts, "3 objects, 1 events, 5 agents\n");
  EXPECT_EQ(count(xml, ">has source</relationshipSubType>"), 1u);
  EXPECT_EQ(count(xml, "<relatedEventIdentifier>"), 0u);
  EXPECT_EQ(count(event(xml, "1/document"), ">outcome</linkingObjectRole>"), 1u);
}

TEST_F(premis_test, what_failed_says_why) {
  json event_of_record = finished(1, "b.bin");
  event_of_record["status"] = "crashed";
  event_of_record["detail"] = "signal SEGV";
  event_of_record["quarantine"] = ".calque/quarantine/b";
  event_of_record.erase("files");
  event_of_record["stages"] = {{{"name", "record"}, {"action", "ran"}}, {{"name", "nfc"}, {"action", "ran"}}};
  event_of_record["diagnostics"] = {
      {{"level", "warning"},
       {"code", "record.no-body"},
       {"message", "no body"},
       {"stage", "record (x 1)"},
       {"line", 3}},
      {{"level", "error"}, {"code", "run.crashed"}, {"message", "it crashed"}, {"stage", "nfc (y 1)"}}};
  write_events({started(), event_of_record});
  const std::string xml = record();
  const std::string whole = event(xml, "1/document");
  EXPECT_NE(whole.find("eventOutcome/fai\">fail<"), std::string::npos) << whole;
  for (const char *note : {"crashed: signal SEGV", "quarantine: .calque/quarantine/b",
                           "warning record.no-body: no body (line 3)", "error run.crashed: it crashed"})
    EXPECT_NE(whole.find(std::string("<eventOutcomeDetailNote>") + note + "<"), std::string::npos) << whole;
  EXPECT_NE(event(xml, "1/stage/1").find(">warning</eventOutcome>"), std::string::npos);
  EXPECT_NE(event(xml, "1/stage/2").find(">fail</eventOutcome>"), std::string::npos);
  EXPECT_NE(xml.find("<formatName>unknown</formatName>"), std::string::npos);
}

TEST_F(premis_test, nothing_is_told_of_what_was_not_done) {
  for (const char *status : {"up-to-date", "skipped", "not-run"}) {
    write_events({started(), {{"seq", 1}, {"event", "input-finished"}, {"input", "a.txt"}, {"status", status}}});
    record();
    EXPECT_EQ(counts, "2 objects, 0 events, 5 agents\n") << status;
  }
  write_events({started()});
  record();
  EXPECT_EQ(counts, "1 objects, 0 events, 5 agents\n");
}

TEST_F(premis_test, an_importer_that_the_content_chose_is_an_agent) {
  json one = finished(1, "a.txt");
  one["stages"][0]["name"] = "markdown";
  write_events({started(), one});
  EXPECT_NE(event(record(), "1/stage/1").find("<linkingAgentIdentifierValue>import/markdown@<"), std::string::npos);
}

TEST_F(premis_test, any_text_is_held) {
  json one = finished(1, "<a> & \"b\" ]]> \x01\x1b[31m \xEF\xBF\xBE\r\n\t谈话 e\xCC\x81\xE2\x80\xAE.txt");
  one["diagnostics"] = {
      {{"level", "warning"}, {"code", "x"}, {"message", std::string("NUL \0 it", 8)}, {"stage", "tei"}}};
  write_events({started(), one});
  const std::string xml = record();
  EXPECT_NE(xml.find("&lt;a&gt; &amp; &quot;b&quot; ]]&gt; ⟨U+0001⟩⟨U+001B⟩[31m ⟨U+FFFE⟩&#13;&#10;&#9;谈话 e\xCC\x81"),
            std::string::npos);
  EXPECT_NE(xml.find("NUL ⟨U+0000⟩ it"), std::string::npos);
  EXPECT_EQ(xml_text("\xFF\xC3\xE2\x82 \xED\xA0\x80 é"), "⟨0xFF⟩⟨0xC3⟩⟨0xE2⟩⟨0x82⟩ ⟨0xED⟩⟨0xA0⟩⟨0x80⟩ é");
}

TEST_F(premis_test, a_killed_run_ends_with_half_a_line) {
  write_events({started(), finished(1, "a.txt")}, R"({"seq":2,"event":"input-fin)");
  record();
  EXPECT_EQ(counts, "3 objects, 4 events, 5 agents\n");
}

TEST_F(premis_test, what_is_no_record_of_a_run) {
  const auto fails = [&](const std::string &text, std::string_view words) {
    folder.write("events.ndjson", text);
    const auto written = write();
    ASSERT_FALSE(written) << text;
    EXPECT_EQ(written.error().code, "run.bad-events");
    EXPECT_NE(written.error().message.find(words), std::string::npos) << written.error().message;
    EXPECT_EQ(folder.list(), std::vector<std::string>{"events.ndjson"});
  };
  const std::string start = started().dump() + "\n";
  fails("", "does not begin");
  fails("no JSON\n", "line 1: this is no event");
  fails(start + "[]\n", "line 2: this is no event");
  fails(start + "{\"seq\":1}\n", "line 2: this is no event");
  fails(finished(0, "a").dump() + "\n", "line 1: the records of a run begin with run-started");
  json other = started();
  other["schema"] = "calque.events/2";
  fails(other.dump() + "\n", "calque.events/1");
  other = started();
  other["time"] = "2026-02-30T02:00:00Z";
  fails(other.dump() + "\n", "the run has no time");
  std::filesystem::remove(folder.path("events.ndjson"));
  EXPECT_EQ(write().error().code, "run.bad-events");
  folder.write("events.ndjson", start);
  EXPECT_EQ(write_premis(folder.path("events.ndjson"), folder.path("none/p.xml")).error().code, "output.cannot-create");
}

TEST_F(premis_test, members_of_other_types_are_passed_over) {
  json one = finished(1, "a.txt");
  for (const char *key : {"at", "digest", "bytes", "stages", "files", "ledger", "diagnostics"}) {
    json odd = one;
    odd[key] = {{"odd", true}};
    write_events({started(), odd});
    record();
    odd[key] = {1, "two", nullptr};
    write_events({started(), odd});
    record();
  }
}

/// The most memory that was in use since the last call with `again`, in bytes.
#ifdef __SANITIZE_ADDRESS__  // it keeps what is freed, so the size of the process says nothing
std::atomic<long> live = 0, peak = 0;
long peak_memory(bool again) {
  static const int installed = __sanitizer_install_malloc_and_free_hooks(
      [](const volatile void *, std::size_t size) {
        live += static_cast<long>(size);
        if (live > peak) peak = live.load();
      },
      [](const volatile void *at) { live -= static_cast<long>(__sanitizer_get_allocated_size(at)); });
  EXPECT_NE(installed, 0);
  if (again) peak = live = 0;
  return peak;
}
#else
long peak_memory(bool again) {
  static long before = 0;
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  if (again) before = used.ru_maxrss;
  return (used.ru_maxrss - before) * 1024;
}
#endif

TEST_F(premis_test, memory_does_not_grow_with_the_run) {
  {
    std::ofstream events(folder.path("events.ndjson"));
    events << started().dump() << "\n";
    for (int k = 1; k <= 5000; ++k) events << finished(k, "records/" + std::to_string(k) + ".txt").dump() << "\n";
  }
  peak_memory(true);
  ASSERT_TRUE(write());
  EXPECT_LT(peak_memory(false), 2 * 1024 * 1024);
  EXPECT_GT(std::filesystem::file_size(folder.path("premis.xml")), 30u * 1000 * 1000);
}

}  // namespace
}  // namespace calque::host
