// SPDX-License-Identifier: Apache-2.0
// Messages with something in every member, for tests of what goes between coordinator and worker.
#pragma once

#include <string>
#include <utility>

#include "host/pipeline/test_catalog.hpp"
#include "host/worker/job.hpp"
#include "host/worker/worker_setup.hpp"

namespace calque::host {

template <std::size_t N>
std::array<std::uint8_t, N> sample_digest(std::uint8_t first) {
  std::array<std::uint8_t, N> digest{};
  for (std::size_t k = 0; k < N; ++k) digest[k] = static_cast<std::uint8_t>(first + k);
  return digest;
}

inline known_file sample_file(std::string path, std::uint8_t seed = 1) {
  return {std::move(path), "text/plain", 100u + seed, sample_digest<32>(seed), true};
}

inline diagnostic sample_diagnostic() {
  diagnostic d = error("record.no-body", "no body in \"Zhang 张\"", "look at it");
  d.level = severity::warning;
  d.where.file = "records/a.txt";
  d.where.line = 3;
  d.where.column = 9;
  d.where.length = 4;
  d.where.source = source_span{2, 10, std::uint64_t{1} << 40};
  d.stage = "record (calque.record 0.1.0)";
  d.document = "a.txt";
  d.notes.push_back({"the first stands here", {"records/b.txt", 1, 2, 3, {}, {}, source_span{0, 1, 2}, {}}});
  d.notes.push_back({"and that is all", {}});
  return d;
}

inline ledger sample_account() {
  return ledger({{"tidy", "tidy.hash", CALQUE_THING_TEXT, CALQUE_EFFECT_DROPPED, 3, 30, 20, 12},
                 {"tei", "tei.page-not-expressed", CALQUE_THING_PAGE, CALQUE_EFFECT_DROPPED, 1, 0, 0, 0}});
}

inline stage_result sample_result(std::uint8_t seed) {
  stage_result one;
  one.key = sample_digest<16>(seed);
  one.documents = {sample_digest<16>(7), sample_digest<16>(8)};
  one.files = {sample_file("x/a.xml", seed), sample_file("x/more.txt", 9)};
  one.holds = seed % 2 == 0;
  one.account = sample_account();
  one.diagnostics = {sample_diagnostic()};
  return one;
}

inline job_order sample_order() {
  job_order order;
  order.path = "records/1962/a.txt";
  order.name = "a.txt";
  order.media_type = "text/plain";
  order.dir = "1962";
  order.stem = "a";
  order.sha256 = sample_digest<32>(40);
  order.size = 7413;
  order.known = {sample_result(1), sample_result(2)};
  order.in_place = {sample_file("1962/a.xml"), sample_file("1962/a.html", 3)};
  return order;
}

inline job_report sample_report() {
  job_report report;
  report.status = run_status::ok_with_warnings;
  report.importer = "calque.record";
  report.parts = {run_status::ok, run_status::ok_with_warnings};
  report.stages = {{0, stage_action::ran, 0.25}, {2, stage_action::reused, 0}, {3, stage_action::skipped, 0}};
  report.files = {{sample_file("1962/a.xml"), 3, 1, "12-0", sample_digest<16>(6)}, {sample_file("1962/a.html", 3), 4, 2, "", {}}};
  report.results = {sample_result(5)};
  report.diagnostics = {sample_diagnostic(), error("a.b", "c")};
  report.account = sample_account();
  report.found = "records/1962/a.txt\n  title  Boats\n";
  report.peak_kib = 41'200;
  report.resident_kib = 30'100;
  report.changes = "umask, threads";
  return report;
}

inline worker_setup sample_setup() {
  worker_setup setup;
  pipeline &whole = setup.whole;
  whole.name = "diplomatic-minutes";
  whole.path = "/srv/minutes.toml";
  pipeline_stage first;
  first.name = "record";
  first.description = test_stage(stage_role::import, "calque.record", {"text/plain"},
                                 {test_option("labels", CALQUE_STRING, CALQUE_LIST), test_option("ratio", CALQUE_FLOAT)},
                                 {"calque.page/1"}, {}, {"record.field-label"});
  first.description.path = "/usr/lib/calque/record.calque";
  first.description.digest = "ab12";
  option_value item, list, ratio;
  item.type = CALQUE_STRING;
  item.is_set = true;
  item.text = "От кого";
  list.type = CALQUE_STRING;
  list.is_set = true;
  list.items = {item, item};
  list.line = 12;
  ratio.type = CALQUE_FLOAT;
  ratio.f = 0.1;
  ratio.i = -7;
  first.options = {list, ratio};
  first.budget = {std::chrono::milliseconds(500), std::nullopt};
  first.where.file = "/srv/minutes.toml";
  first.where.line = 7;
  first.where.column = 10;
  first.where.length = 8;
  pipeline_stage second;
  second.name = "tei";
  second.description = test_stage(stage_role::export_, "calque.tei", {"application/tei+xml"});
  second.to = "{dir}/{stem}.xml";
  second.when.language = {"zh", "ru*"};
  second.when.media_type = {"text/plain"};
  second.when.fields = {{"title", {"Boats*", "*reeds"}}};
  second.budget = {std::nullopt, std::chrono::milliseconds(0)};
  whole.stages = {first, second};
  whole.loss = {{"markdown.*", "docx.text-box-dropped"}, true};
  whole.severities = {{"lines.*", std::nullopt}, {"marker.seen", severity::error}};
  whole.bounds = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  whole.budget = {std::chrono::milliseconds(11), std::chrono::milliseconds(12), 13};
  whole.cache.dear = std::chrono::milliseconds(14);
  setup.importers = {first.description};
  setup.keeps = {true, false};
  setup.readable = {"/srv/terms.tsv", "/usr/share/fonts"};
  setup.has_jail = false;
  setup.newest_landlock = 2;
  setup.wants_found = true;
  setup.keeps_documents = false;
  return setup;
}

}  // namespace calque::host
