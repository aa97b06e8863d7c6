// SPDX-License-Identifier: Apache-2.0
// stage_work PIPELINE FOLDER THREADS: the stages' own work on the files of a folder, in this process, on threads.
// Nothing is written. Prints seconds.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "host/pipeline/output_names.hpp"
#include "host/pipeline/pipeline_file.hpp"
#include "host/pipeline/run.hpp"

namespace {

namespace h = calque::host;

int run(const char *pipeline_path, const char *folder, unsigned threads) {
  h::catalog_settings settings;
  settings.folders = {CALQUE_BUILD_FOLDER "/lib/calque/plugins"};
  settings.program = CALQUE_PROGRAM;
  const auto catalog = h::plugin_catalog::discover(settings);
  const auto loaded = h::load_pipeline(pipeline_path, catalog);
  if (!loaded.value) return 1;
  std::vector<std::string> files;
  for (const auto &entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());

  std::atomic<std::size_t> next{0}, failed{0};
  const auto work = [&] {
    h::runner runner(*loaded.value, catalog);
    runner.prepare();
    for (std::size_t k; (k = next++) < files.size();) {
      const auto input = h::open_input(files[k], loaded.value->bounds.max_input);
      if (!input || !h::is_done(runner.run(input.value(), {"", h::stem_of(input.value().name)}).status)) ++failed;
    }
  };
  const auto began = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> workers;
    for (unsigned k = 0; k < threads; ++k) workers.emplace_back(work);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.3f\n", took.count());
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 4) return run(argv[1], argv[2], static_cast<unsigned>(std::stoul(argv[3])));
  std::fputs("usage: stage_work PIPELINE FOLDER THREADS\n", stderr);
  return 2;
}
