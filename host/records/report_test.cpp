// SPDX-License-Identifier: Apache-2.0
// The report says what the records say, no more and no less, and nothing in a name or message has power over the page.
#include "host/records/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

#include "host/records/html_text.hpp"
#include "host/records/random_events.hpp"
#include "host/records/report_facts.hpp"
#include "host/records/report_page.hpp"
#include "host/records/report_sections.hpp"
#include "host/records/shown_units.hpp"
#include "host/pipeline/scratch_folder.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::string section_of(const std::string &page, const std::string &id) {
  const std::size_t begin = page.find("<section id=\"" + id + "\"");
  return begin == std::string::npos ? "" : page.substr(begin, page.find("</section>", begin) - begin);
}

std::string row_of(const std::string &section, const std::string &name) {
  const std::size_t begin = section.find(name);
  return begin == std::string::npos ? "" : section.substr(begin, section.find("</tr>", begin) - begin);
}

/// The numbers of a row or section, as the page gives them to programs.
std::vector<double> values_of(const std::string &html) {
  std::vector<double> values;
  static const std::regex value("<data value=\"([^\"]+)\"");
  for (std::sregex_iterator at(html.begin(), html.end(), value), end; at != end; ++at)
    values.push_back(std::stod((*at)[1]));
  return values;
}

std::string event(std::string keys) {
  return R"({"seq":1,"event":"input-finished","at":2.5,"worker":1,"began":1,"took":1.5,)" + keys + "}\n";
}

const std::string first_line =
    R"({"seq":0,"event":"run-started","schema":"calque.events/1","run":"R","time":"2026-03-01T02:00:00Z","inputs":3,)"
    R"("pipeline":"p","pipeline_file":"/srv/p.toml","output":"/srv/out","command":["calque","run","p.toml","--set","a=b c","-v"]})"
    "\n";

std::string page_of(const std::string &events, const std::string &before = {}) {
  const scratch_folder folder;
  const std::string now = folder.write("now", events), then = before.empty() ? "" : folder.write("then", before);
  const auto written = write_report(now, then, folder.path("page.html"));
  EXPECT_TRUE(written.has_value());
  EXPECT_EQ(folder.list().size(), before.empty() ? 2U : 3U) << "a file is left behind";
  return folder.read("page.html");
}

class random_report : public testing::Test {
 protected:
  scratch_folder folder;
  std::string events = folder.path("events.ndjson");
};

TEST_F(random_report, every_number_is_that_of_the_records) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    const random_counts counts = random_events({.seed = seed, .documents = 1200, .workers = 3}).write(events);
    auto facts = gather_facts(events, "");
    ASSERT_TRUE(facts.has_value());
    const std::string page = report_page(*facts);
    EXPECT_EQ(facts->statuses, counts.statuses);
    const std::string summary = section_of(page, "summary");
    for (const auto &[status, count] : counts.statuses)
      EXPECT_EQ(values_of(row_of(summary, "</span> " + status + "</th>")).at(0), count) << status;
    EXPECT_EQ(facts->input_bytes, counts.bytes);
    EXPECT_EQ(facts->files, counts.files);

    std::map<std::string, std::uint64_t> groups;
    for (const failure_group *group : facts->failures.by_size()) groups[group->code] = group->count;
    EXPECT_EQ(groups, counts.codes_of_failures);
    const std::string failures = section_of(page, "failures");
    for (const auto &[code, count] : counts.codes_of_failures)
      EXPECT_NE(failures.find(html_count(count) + "</span> <code>" + code + "</code>"), std::string::npos) << code;

    const std::string stages = section_of(page, "stages");
    for (auto [name, times] : counts.stage_times) {
      const std::vector<double> shown = values_of(row_of(stages, "<th scope=\"row\">" + name + "</th>"));
      ASSERT_EQ(shown.size(), 7U);
      std::sort(times.begin(), times.end());
      const auto ranked = [&, &times = times](double share) {
        return times[static_cast<std::size_t>(std::ceil(share * static_cast<double>(times.size()))) - 1];
      };
      EXPECT_EQ(shown[0], counts.stage_ran.at(name));
      EXPECT_NEAR(shown[3], ranked(0.5), 1e-4);
      EXPECT_NEAR(shown[4], ranked(0.95), 1e-4);
      EXPECT_NEAR(shown[5], counts.stage_max.at(name), 1e-4);
      EXPECT_NEAR(shown[6], counts.stage_ms.at(name), counts.stage_ms.at(name) * 1e-5);
    }
    const std::string losses = section_of(page, "losses");
    EXPECT_EQ(values_of(row_of(losses, "record.no-body")).at(0), counts.warnings);
    EXPECT_EQ(values_of(row_of(losses, "tei.page-not-expressed")).at(0), counts.dropped);
    std::uint64_t in_lanes = 0;
    for (const auto &[worker, lane] : facts->when.lanes()) in_lanes += lane.documents;
    EXPECT_EQ(in_lanes, 1200 - counts.statuses.at("up-to-date"));
  }
}

TEST_F(random_report, the_table_has_every_document) {
  const random_counts counts = random_events({.documents = 400}).write(events);
  auto facts = gather_facts(events, "");
  ASSERT_TRUE(facts.has_value());
  const auto data = nlohmann::json::parse(facts->rows.json());
  ASSERT_EQ(data["rows"].size(), 400U);
  std::map<std::string, std::uint64_t> statuses;
  std::set<std::string> failed;
  std::string name;
  for (const auto &row : data["rows"]) {
    name = name.substr(0, row[0]) + row[1].get<std::string>();
    const auto &status = data["statuses"][row[2].get<std::size_t>()];
    ++statuses[status["name"]];
    if (!status["fine"]) failed.insert(name);
  }
  EXPECT_EQ(statuses, counts.statuses);
  EXPECT_EQ(failed, std::set<std::string>(counts.failed.begin(), counts.failed.end()));
}

TEST_F(random_report, fifty_thousand_documents_fit_one_page) {
  random_events({.documents = 50'000, .failing = 0.2}).write(events);
  ASSERT_TRUE(write_report(events, "", folder.path("page.html")).has_value());
  const std::string page = folder.read("page.html");
  EXPECT_LT(page.size(), 10'000'000U);
  constexpr std::size_t rows_of_the_table = 50;
  EXPECT_LE(count_of(page, "<tr>") + count_of(page, "<li>") + rows_of_the_table, 500U);
  EXPECT_NE(section_of(page, "timeline").find("in steps of"), std::string::npos);
}

TEST(report, rows_that_have_no_room_are_counted_and_no_failure_is_among_them) {
  document_rows rows;
  constexpr std::uint64_t count = 40'000;
  for (std::uint64_t k = 0; k < count; ++k) {
    input_finished one;
    one.input = std::to_string(k * 7919) + std::string(300, 'x');
    one.status = k % 100 == 0 ? "failed" : "ok";
    rows.add(one, find_status(one.status).means);
  }
  const std::string json = rows.json();
  EXPECT_LT(json.size(), document_rows::most_bytes + 10'000);
  const auto data = nlohmann::json::parse(json);
  EXPECT_GT(rows.left_out(), 1000U);
  EXPECT_EQ(data["rows"].size() + rows.left_out(), count);
  EXPECT_EQ(std::count_if(data["rows"].begin(), data["rows"].end(),
                          [&](const auto &row) {
                            return data["statuses"][row[2].template get<std::size_t>()]["name"] == "failed";
                          }),
            400);
}

TEST(report, hundreds_of_causes_leave_room_for_each_other) {
  std::string events = first_line;
  for (int k = 0; k < 30'000; ++k)
    events += event(R"("input":"d)" + std::to_string(k) +
                    R"(","status":"failed","diagnostics":[{"level":"error","code":"x.c)" + std::to_string(k % 600) +
                    R"(","message":"m","stage":"s)" + std::to_string(k % 600) + R"("}])");
  const std::string page = page_of(events, first_line + event(R"("input":"d1","status":"ok")"));
  EXPECT_LE(count_of(page, "<tr>") + count_of(page, "<li>") + 50, 500U);
  EXPECT_EQ(count_of(page, "<details"), 40U);
  EXPECT_EQ(count_of(section_of(page, "failures"), "<tbody>\n<tr>"), 40U) << "each cause has a document";
  EXPECT_NE(page.find("and 28,000 failures of rarer causes"), std::string::npos);
}

TEST(report, a_cause_has_at_most_twenty_samples_and_the_command_for_each) {
  std::string events = first_line;
  for (int k = 0; k < 25; ++k)
    events += event(R"("input":"-a b')" + std::to_string(k) +
                    R"(.txt","status":"rejected","diagnostics":[{"level":"error","code":"r.n"}])");
  events += event(R"("input":"c","status":"crashed","detail":"signal SEGV","quarantine":".calque/quarantine/c 1")");
  const std::string failures = section_of(page_of(events), "failures");
  EXPECT_EQ(count_of(failures, "calque run /srv/p.toml"), 20U);
  EXPECT_NE(failures.find(html("calque run /srv/p.toml './-a b'\\''0.txt' --set 'a=b c'")), std::string::npos)
      << failures.substr(0, 3000);
  EXPECT_NE(failures.find(html("calque repro '/srv/out/.calque/quarantine/c 1'")), std::string::npos);
  EXPECT_NE(failures.find("crashed: signal SEGV"), std::string::npos);
  EXPECT_EQ(failures.find("calque explain crashed"), std::string::npos);
}

TEST(report, untrusted_text_is_only_text) {
  const std::string evil = R"(<script>alert(1)</script><!--\u001b[31m\u202e\u0000&\"' ]]></style>)";
  std::string events = R"({"seq":0,"event":"run-started","schema":"calque.events/1","run":")" + evil + R"(","time":")" +
                       evil + R"(","host":")" + evil + R"(","pipeline":")" + evil + R"(","pipeline_file":")" + evil +
                       R"(","output":")" + evil + R"(","command":[")" + evil + R"("],"sandbox":{"tier":")" + evil +
                       R"(","missing":[")" + evil + R"("]},"stages":[{"name":")" + evil + R"(","role":")" + evil +
                       R"(","digest":")" + evil + "\"}]}\n";
  events += R"({"event":"notice","level":")" + evil + R"(","code":")" + evil + R"(","message":")" + evil + "\"}\n";
  events += R"({"event":"worker-ended","worker":1,"reason":")" + evil + "\"}\n";
  for (const std::string &status : {evil, std::string("ok-with-warnings"), std::string("failed")})
    for (const char *level : {"error", "warning"})
      events += event(R"("input":")" + evil + "\xFF\xC0" + R"(","status":")" + status + R"(","detail":")" + evil +
                      R"(","reason":")" + evil + R"(","quarantine":")" + evil + R"(","stages":[{"name":")" + evil +
                      R"(","action":"ran","ms":1}],)"
                      R"("diagnostics":[{"level":")" +
                      level + R"(","code":")" + evil + R"(","message":")" + evil + R"(","hint":")" + evil +
                      R"(","stage":")" + evil + R"("}],"ledger":[{"stage":")" + evil + R"(","code":")" + evil +
                      R"(","thing":")" + evil + R"(","effect":")" + evil + R"("}])");
  const std::string before = first_line + event(R"("input":"x","status":"ok")");
  const std::string page = page_of(events, before);
  EXPECT_EQ(count_of(page, "<script"), 2U) << "the data and the program";
  EXPECT_EQ(count_of(page, "</script"), 2U);
  EXPECT_EQ(count_of(page, "</style"), 1U);
  EXPECT_EQ(page.find("<!--"), std::string::npos);
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  EXPECT_EQ(page.find('\0'), std::string::npos);
  EXPECT_EQ(page.find("\u202e"), std::string::npos);
  EXPECT_FALSE(find_invalid_utf8(page).has_value());
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.find("⟨U+202E⟩"), std::string::npos);
  EXPECT_NE(page.find("⟨0xFF⟩"), std::string::npos);
  EXPECT_NE(page.find("\\xE2\\x80\\xAE"), std::string::npos) << "a command has the bytes, without showing them";
}

TEST(report, has_no_address_of_elsewhere_and_runs_nothing_but_its_own) {
  const std::string page = page_of(first_line + event(R"("input":"a","status":"ok")"));
  for (const std::string_view word :
       {"http:", "https:", "//cdn", " src=", "<link", "@import", "url(", " style=", " onclick"})
    EXPECT_EQ(page.find(word), std::string::npos) << word;
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(count_of(page, "'sha256-"), 2U);
  EXPECT_EQ(policy_source("alert(1)"), "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='");
}

TEST(report, says_what_has_changed_since_the_run_before) {
  const auto input = [](const std::string &name, const std::string &status) {
    return event("\"input\":\"" + name + "\",\"status\":\"" + status + "\"");
  };
  const std::string end = R"({"event":"run-finished","at":9,"outcome":"finished","exit":1,"counts":{}})"
                          "\n";
  const std::string before = first_line + input("breaks", "ok") + input("mends", "timeout") + input("stays", "failed") +
                             input("goes", "ok") + input("waits", "not-run") + input("fine", "up-to-date") + end;
  std::string start = first_line;
  start.replace(start.find("\"pipeline\":"), 0,
                R"("host":"calque 9","stages":[{"name":"tei","id":"t","version":"2"}],)");
  const std::string now = start + input("breaks", "crashed") + input("mends", "ok") + input("stays", "failed") +
                          input("comes", "oom") + input("waits", "failed") + input("fine", "ok") + end;
  const std::string changes = section_of(page_of(now, before), "changes");
  const std::vector<double> shown = values_of(changes);
  EXPECT_EQ(shown, (std::vector<double>{1, 1, 1, 1, 1, 1}));  // newly, mended, still, new and failing, new, gone
  EXPECT_NE(row_of(changes, "<bdi>breaks</bdi>").find("crashed"), std::string::npos);
  EXPECT_NE(changes.find("<bdi>mends</bdi>"), std::string::npos);
  EXPECT_EQ(changes.find("<bdi>stays</bdi>"), std::string::npos);
  EXPECT_NE(changes.find("stage tei: added"), std::string::npos);
  EXPECT_NE(changes.find("→ calque 9"), std::string::npos);
}

TEST(report, an_end_that_replaces_another_is_counted_in_its_place) {
  const scratch_folder folder;
  const std::string path = folder.write("events", first_line + event(R"("input":"a","status":"ok")") +
                                                      event(R"("input":"b","status":"ok")") +
                                                      event(R"("input":"b","status":"failed","replaces":"ok")") +
                                                      event(R"("input":"c","status":"ok","replaces":"timeout")"));
  const auto facts = gather_facts(path, "");
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->documents, 3u);
  EXPECT_EQ(facts->statuses, (std::map<std::string, std::uint64_t>{{"failed", 1}, {"ok", 2}})) << "nobody had timed out";
  EXPECT_EQ(facts->fine, 2u);
  EXPECT_EQ(facts->failed, 1u);
}

TEST(report, the_verdict_fits_how_the_run_ended) {
  const scratch_folder folder;
  const auto verdict_of = [&](const std::string &events) {
    const auto facts = gather_facts(folder.write("e", first_line + events), "");
    return facts.has_value() ? verdict_sentence(*facts) : facts.error().code;
  };
  const auto end = [](const std::string &outcome) {
    return R"({"event":"run-finished","at":9,"outcome":")" + outcome +
           R"(","exit":0,"counts":{}})"
           "\n";
  };
  const std::string ok = event(R"("input":"a","status":"ok")"),
                    warned = event(R"("input":"b","status":"ok-with-warnings")"),
                    bad = event(
                        R"("input":"c","status":"failed","diagnostics":[{"level":"error","code":"x.y","stage":"s"}])"),
                    untried = event(R"("input":"d","status":"not-run")");
  EXPECT_EQ(verdict_of(ok + end("finished")), "Finished. The document is done.");
  EXPECT_EQ(verdict_of(ok + warned + end("finished")), "Finished. All 2 documents are done, 1 of them with warnings.");
  EXPECT_EQ(verdict_of(ok + bad + end("finished")),
            "Finished, with failures. 1 of 2 documents are done; 1 failed. There is one cause: x.y in s.");
  EXPECT_EQ(verdict_of(ok + untried + end("interrupted")), "Interrupted. 1 of 2 documents are done; 1 had no turn.");
  EXPECT_EQ(verdict_of(ok), "The run is still going on, or was killed. 1 of 3 documents have come to an end so far.");
  EXPECT_EQ(verdict_of(end("finished")), "Finished. No document has come to an end.");
}

TEST(report, doubts_about_the_records_are_said) {
  const std::string end = R"({"event":"run-finished","at":9,"outcome":"finished","exit":0,"counts":{"ok":2}})"
                          "\n";
  const std::string page = page_of(first_line + event(R"("input":"a","status":"ok")") + "damaged\n" + end);
  EXPECT_NE(page.find("1 line of the records could not be read"), std::string::npos);
  EXPECT_NE(page.find("The run counted 2 documents as ok, its records have 1."), std::string::npos);
  const scratch_folder folder;
  ASSERT_TRUE(write_report(folder.write("e", first_line), folder.path("none"), folder.path("p")).has_value());
  EXPECT_NE(folder.read("p").find("The records of the run before cannot be read"), std::string::npos);
  EXPECT_EQ(write_report(folder.write("empty", ""), "", folder.path("q")).error().code, "run.no-records");
}

// The luminance of a colour, as WCAG 2 has it.
double luminance(const std::string &hex) {
  double sum = 0;
  constexpr double weights[] = {0.2126, 0.7152, 0.0722};
  for (std::size_t k = 0; k < 3; ++k) {
    const std::string digits = hex.size() == 4 ? std::string(2, hex[k + 1]) : hex.substr(1 + 2 * k, 2);
    const double part = std::stoi(digits, nullptr, 16) / 255.0;
    sum += weights[k] * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}

TEST(report, text_can_be_read_in_every_palette) {
  const std::string style = report_style;
  std::size_t palettes = 0;
  for (std::size_t at = style.find(":root {"); at != std::string::npos; at = style.find(":root {", at + 1)) {
    const std::string block = style.substr(at, style.find('}', at) - at);
    std::map<std::string, std::string> colours;
    static const std::regex definition("--([a-z]+): (#[0-9a-f]+);");
    for (std::sregex_iterator one(block.begin(), block.end(), definition), end; one != end; ++one)
      colours[(*one)[1]] = (*one)[2];
    ++palettes;
    for (const char *text : {"ink", "soft", "good", "uneasy", "bad", "quiet", "link"})
      for (const char *ground : {"paper", "card"}) {
        const double one = luminance(colours.at(text)), other = luminance(colours.at(ground));
        EXPECT_GE((std::max(one, other) + 0.05) / (std::min(one, other) + 0.05), 4.5)
            << palettes << " " << text << " on " << ground;
      }
  }
  EXPECT_EQ(palettes, 3U) << "light, dark, print";
}

TEST(timeline, widening_its_bins_loses_no_time) {
  timeline when;
  double busy = 0;
  for (int k = 0; k < 5000; ++k) {
    when.add(1 + k % 2, k * 37.0, 30, k % 10 == 0);
    busy += 30;
  }
  EXPECT_TRUE(when.is_binned());
  double in_bins = 0;
  std::uint64_t failures = 0;
  for (const auto &[worker, lane] : when.lanes()) {
    EXPECT_LE(lane.bins.size(), timeline::most_bins);
    EXPECT_TRUE(lane.spans.empty());
    for (const auto &bin : lane.bins) {
      in_bins += bin.busy;
      failures += bin.failures;
      EXPECT_LE(bin.busy, when.bin_ms() + 1e-6);
    }
  }
  EXPECT_NEAR(in_bins, busy, 1e-3);
  EXPECT_EQ(failures, 500U);
}

TEST(shown_units, are_what_people_write) {
  EXPECT_EQ(show_count(1234567), "1,234,567");
  EXPECT_EQ(show_counted(1, "file") + " " + show_counted(1000, "file"), "1 file 1,000 files");
  const std::pair<double, const char *> times[] = {
      {0, "0 ms"},      {0.214, "0.21 ms"}, {0.999, "1.0 ms"},    {9.94, "9.9 ms"},      {9.96, "10 ms"},
      {999.6, "1.0 s"}, {59'949, "59.9 s"}, {59'960, "1 m 00 s"}, {184'000, "3 m 04 s"}, {7'500'000, "2 h 05 m"}};
  for (const auto &[ms, shown] : times) EXPECT_EQ(show_duration(ms), shown) << ms;
  EXPECT_EQ(show_size(1023) + " " + show_size(1258291) + " " + show_size(1047527424), "1023 B 1.2 MiB 999 MiB");
  EXPECT_EQ(show_share(1, 50'000) + " " + show_share(49'999, 50'000) + " " + show_share(2, 2), "0.1 % 99.9 % 100 %");
}

}  // namespace
}  // namespace calque::host
