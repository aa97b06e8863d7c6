// SPDX-License-Identifier: Apache-2.0
// The worker that a run begins with.
#include "host/batch/first_worker.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>

#include "host/worker/wire_forms.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/source_text.hpp"

namespace calque::host {

worker_setup setup_of(const batch_settings &settings) {
  worker_setup setup;
  setup.whole = *settings.whole;
  setup.whole.tests.clear();
  setup.whole.inputs.clear();
  std::set<std::string> readable;
  const auto add_plugin = [&](const std::string &path) { readable.insert(path); };
  for (const pipeline_stage &stage : setup.whole.stages) {
    const stage_resources resources = resources_of(stage);
    readable.insert(resources.paths.begin(), resources.paths.end());
    add_plugin(stage.description.path);
    setup.keeps.push_back(resources.any());
  }
  if (setup.whole.needs_all_importers())
    for (const stage_description &one : settings.catalog->stages())
      if (one.role == stage_role::import) {
        pipeline_stage unnamed;
        unnamed.description = one;
        for (const std::string &path : resources_of(unnamed).paths) readable.insert(path);
        setup.importers.push_back(one);
        add_plugin(one.path);
      }
  for (const std::string &place : library_places()) readable.insert(place);
  setup.readable.assign(readable.begin(), readable.end());
  setup.has_jail = settings.has_jail;
  setup.newest_landlock = settings.newest_landlock;
  setup.wants_found = settings.wants_found;
  setup.keeps_documents = !settings.cache_folder.empty();
  return setup;
}

result<worker_ready> await_ready(worker_process &process, std::chrono::milliseconds most) {
  const auto end = std::chrono::steady_clock::now() + most;
  message answer;
  channel_state state = channel_state::empty;
  while (state == channel_state::empty) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0)
      return error("run.no-worker", fmt::format("a worker was not ready within {} s", most.count() / 1000),
                   "a plugin may hang when it is loaded: see `calque plugins list`");
    std::array<pollfd, 2> waiting{{{process.to().fd(), POLLIN, 0}, {process.talk_fd(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(std::min<std::int64_t>(left.count(), 1000)));
    process.drain();
    state = process.to().receive(answer, false);
  }
  if (state == channel_state::open && answer.kind == message_kind::ready)
    if (auto ready = read_worker_ready(answer.payload)) return std::move(*ready);
  if (state == channel_state::open && answer.kind == message_kind::unready) {
    wire_reader in(answer.payload);
    std::vector<diagnostic> why = read_diagnostics(in);
    if (in.is_whole() && !why.empty()) return why;
  }
  process.kill();
  const worker_death death = process.reap();
  const std::string words = show_text(process.last_words().substr(0, 300));
  const char *signal = death.by_signal ? sigabbrev_np(death.number) : nullptr;
  return error("run.no-worker",
               fmt::format("a worker ended while its stages were made ({}){}{}",
                           death.by_signal ? fmt::format("SIG{}", signal != nullptr ? signal : "?")
                                           : fmt::format("exit code {}", death.number),
                           words.empty() ? "" : "; it said: ", words),
               death.out_of_memory ? "raise `memory` in [budget] of the pipeline"
                                   : "a plugin may crash when it is made: try each with `calque plugins show`");
}

result<first_worker> start_first_worker(const batch_settings &settings, const std::string &setup, int staging,
                                        const std::string &name) {
  first_worker first;
  first.process = worker_process::start(settings.program, staging, name, setup, settings.is_in_process);
  if (!first.process && staging >= 0 && errno != EAGAIN && errno != ENOMEM)
    return output_failure("start a worker in", settings.output, errno);
  if (!first.process)
    return error("run.no-worker", fmt::format("no worker can be started: {}", std::strerror(errno)),
                 "see `calque doctor`");
  auto ready = await_ready(*first.process, std::chrono::minutes(1));
  if (!ready.has_value()) return ready.errors();
  first.ready = std::move(ready.value());
  if (settings.needs_whole_jail && !first.ready.missing.empty()) {
    std::string missing;
    for (const std::string &one : first.ready.missing) missing += (missing.empty() ? "" : "; ") + one;
    return error("run.no-sandbox", "the jail of a worker is not whole: " + missing,
                 "see `calque doctor --sandbox`, or run without --require-sandbox");
  }
  first.depends = configuration_of(*settings.whole, *settings.catalog, first.ready.libraries);
  for (const pipeline_stage &stage : settings.whole->stages)
    first.prints.stages.push_back(fingerprint_of_stage(first.depends, stage));
  if (settings.whole->needs_all_importers())
    for (const stage_description &one : settings.catalog->stages())
      if (one.role == stage_role::import) first.prints.importers.emplace_back(one.id, fingerprint_of_importer(first.depends, one));
  first.process->to().send(message_kind::configure, 0, to_wire(first.prints));
  return first;
}

}  // namespace calque::host
