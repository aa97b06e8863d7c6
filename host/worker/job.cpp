// SPDX-License-Identifier: Apache-2.0
// Jobs and their reports in messages.
#include "host/worker/job.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "host/worker/wire_forms.hpp"
#include "host/pipeline/publish.hpp"

namespace calque::host {
namespace {

run_status read_status(wire_reader &in) {
  const auto number = in.number<std::uint8_t>();
  if (number >= run_status_count) in.fail();
  return static_cast<run_status>(std::min<std::size_t>(number, run_status_count - 1));
}

void write_results(wire_writer &out, const std::vector<stage_result> &results) {
  out.add_list(results, [&](const stage_result &one) { write(out, one); });
}

std::vector<stage_result> read_results(wire_reader &in) {
  std::vector<stage_result> results;
  in.list([&] { results.push_back(read_stage_result(in)); });
  return results;
}

bool is_staged_name(std::string_view name) {
  return name.size() < 40 && std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::string_view name_of(stage_action action) {
  constexpr std::string_view names[] = {"ran", "reused", "skipped"};
  return names[static_cast<std::size_t>(action)];
}

std::string to_wire(const job_order &order) {
  wire_writer out;
  out.add(order.path);
  out.add(order.name);
  out.add(order.media_type);
  out.add(order.dir);
  out.add(order.stem);
  out.add(order.sha256);
  out.add(order.size);
  write_results(out, order.known);
  out.add_list(order.in_place, [&](const known_file &file) { write(out, file); });
  return out.take();
}

std::optional<job_order> read_job_order(std::string_view bytes) {
  wire_reader in(bytes);
  job_order order;
  order.path = in.text();
  order.name = in.text();
  order.media_type = in.text();
  order.dir = in.text();
  order.stem = in.text();
  order.sha256 = in.fixed<32>();
  order.size = in.number<std::uint64_t>();
  order.known = read_results(in);
  in.list([&] { order.in_place.push_back(read_known_file(in)); });
  if (!in.is_whole()) return std::nullopt;
  return order;
}

std::string to_wire(const job_report &report) {
  wire_writer out;
  out.add(static_cast<std::uint8_t>(report.status));
  out.add(report.importer);
  out.add_list(report.parts, [&](run_status status) { out.add(static_cast<std::uint8_t>(status)); });
  out.add_list(report.stages, [&](const stage_time &one) {
    out.add(one.stage);
    out.add(static_cast<std::uint8_t>(one.action));
    out.add(one.milliseconds);
  });
  out.add_list(report.files, [&](const reported_file &one) {
    write(out, one.file);
    out.add(one.stage);
    out.add(one.part);
    out.add(one.staged);
    out.add(one.xxh3);
  });
  write_results(out, report.results);
  write(out, report.diagnostics);
  write(out, report.account);
  out.add(report.found);
  out.add(report.peak_kib);
  out.add(report.resident_kib);
  out.add(report.changes);
  return out.take();
}

std::optional<job_report> read_job_report(std::string_view bytes) {
  wire_reader in(bytes);
  job_report report;
  report.status = read_status(in);
  report.importer = in.text();
  in.list([&] { report.parts.push_back(read_status(in)); });
  in.list([&] {
    stage_time one;
    one.stage = in.number<std::uint32_t>();
    const auto action = in.number<std::uint8_t>();
    if (action > static_cast<std::uint8_t>(stage_action::skipped)) in.fail();
    one.action = static_cast<stage_action>(std::min<std::uint8_t>(action, 2));
    one.milliseconds = in.number<double>();
    if (!std::isfinite(one.milliseconds) || one.milliseconds < 0) in.fail();
    report.stages.push_back(one);
  });
  in.list([&] {
    reported_file one;
    one.file = read_known_file(in);
    one.stage = in.number<std::uint32_t>();
    one.part = in.number<std::uint32_t>();
    one.staged = in.text();
    one.xxh3 = in.fixed<16>();
    if (!is_safe_output_path(one.file.path) || !is_staged_name(one.staged)) in.fail();
    report.files.push_back(std::move(one));
  });
  report.results = read_results(in);
  report.diagnostics = read_diagnostics(in);
  report.account = read_ledger(in);
  report.found = in.text();
  report.peak_kib = in.number<std::uint64_t>();
  report.resident_kib = in.number<std::uint64_t>();
  report.changes = in.text();
  if (!in.is_whole() || (!is_done(report.status) && !report.files.empty())) return std::nullopt;
  return report;
}

}  // namespace calque::host
