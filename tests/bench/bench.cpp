// SPDX-License-Identifier: Apache-2.0
// bench PIPELINE COUNT: what each stage costs over generated records, in one process, and what the host adds to it.
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/run.hpp"
#include "host/plugins/search_path.hpp"
#include "tests/bench/bare_stage.hpp"
#include "tests/records/generator.hpp"

namespace {

namespace h = calque::host;
using clock_type = std::chrono::steady_clock;

double microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

struct cost {
  std::chrono::nanoseconds hosted{0}, bare{0};
};

int run(const char *pipeline_path, uint64_t count) {
  h::catalog_settings settings;
  settings.folders = {CALQUE_BUILD_FOLDER "/lib/calque/plugins"};
  settings.program = CALQUE_PROGRAM;
  const auto catalog = h::plugin_catalog::discover(settings);
  const auto loaded = h::load_pipeline(pipeline_path, catalog);
  if (!loaded.value) {
    for (const auto &d : loaded.diagnostics) std::fprintf(stderr, "%s: %s\n", d.code.c_str(), d.message.c_str());
    return 1;
  }
  const h::pipeline &pipeline = *loaded.value;
  h::runner runner(pipeline, catalog);
  if (!runner.prepare().empty()) return 1;
  std::vector<std::unique_ptr<calque::bench::bare_stage>> bare;
  for (const auto &stage : pipeline.stages)
    bare.push_back(std::make_unique<calque::bench::bare_stage>(stage.description, stage.options));

  std::vector<std::string> records;
  uint64_t bytes = 0;
  for (uint64_t seed = 1; seed <= count; ++seed) {
    records.push_back(calque::records::generate(seed).text);
    bytes += records.back().size();
  }

  std::vector<cost> costs(pipeline.stages.size());
  std::chrono::nanoseconds whole{0};
  std::vector<h::document> before;
  for (uint64_t k = 0; k < count; ++k) {
    const auto input = h::input_from_memory("record-" + std::to_string(k + 1) + ".txt", records[k]);
    h::named_output name;
    name.stem = "record-" + std::to_string(k + 1);
    // The documents between the stages are shared columns: keeping them costs the run nothing.
    before.clear();
    const auto from = clock_type::now();
    const auto outcome = runner.run(input, name, [&](const h::stage_event &event) {
      costs[event.index].hosted += event.time;
      before.push_back(event.now);
    });
    whole += clock_type::now() - from;
    if (!h::is_done(outcome.status)) {
      std::fprintf(stderr, "record %llu: %s\n", static_cast<unsigned long long>(k + 1),
                   std::string(h::name_of(outcome.status)).c_str());
      return 1;
    }
    for (size_t s = 0; s < bare.size(); ++s) {
      const calque_document *given = s == 0 ? nullptr : &before[s - 1].view();
      const auto start = clock_type::now();
      if (!bare[s]->run(records[k], input.name, given)) return 1;
      costs[s].bare += clock_type::now() - start;
    }
  }

  const auto n = static_cast<double>(count);
  std::printf("%llu generated records, %.1f KiB each; one process, one thread\n\n",
              static_cast<unsigned long long>(count), static_cast<double>(bytes) / n / 1024);
  std::printf("%-14s %14s %14s %14s\n", "stage", "in the host", "its own work", "the host's");
  cost sum;
  for (size_t s = 0; s < costs.size(); ++s) {
    const double hosted = microseconds(costs[s].hosted) / n, own = microseconds(costs[s].bare) / n;
    std::printf("%-14s %11.1f µs %11.1f µs %11.1f µs\n", pipeline.stages[s].name.c_str(), hosted, own, hosted - own);
    sum.hosted += costs[s].hosted;
    sum.bare += costs[s].bare;
  }
  const double per_record = microseconds(whole) / n, own = microseconds(sum.bare) / n;
  std::printf("%-14s %11.1f µs %11.1f µs %11.1f µs\n", "whole record", per_record, own, per_record - own);
  std::printf("\nthe host, a stage and record: %.1f µs\ndocuments a second: %.0f\n",
              (per_record - own) / static_cast<double>(costs.size()), 1e6 / per_record);
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fputs("usage: bench PIPELINE COUNT\n", stderr);
    return 2;
  }
  return run(argv[1], std::stoull(argv[2]));
}
