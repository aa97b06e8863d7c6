// SPDX-License-Identifier: Apache-2.0
// A quarantined document once more, alone, as its worker had it.
#include "host/batch/repro.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include "host/batch/budget_watch.hpp"
#include "host/batch/first_worker.hpp"
#include "host/batch/worker_process.hpp"
#include "host/batch/worker_verdict.hpp"
#include "host/pipeline/open_input.hpp"
#include "host/pipeline/output_failure.hpp"

namespace calque::host {
namespace {

/// A folder for what the worker writes, gone with this.
class scratch {
 public:
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "calque-repro-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~scratch() {
    std::error_code failed;
    if (!path_.empty()) std::filesystem::remove_all(path_, failed);
  }
  const std::string &path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

result<repro_outcome> repeat(const quarantined &one, const std::string &bundle, const std::string &program, bool in_process) {
  auto input = open_regular_file(bundle_input(bundle), one.setup.whole.bounds.max_input);
  if (!input.has_value()) return input.errors();
  const scratch folder;
  const descriptor staging(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!staging) return output_failure("make a folder in", "the temporary folder", errno);
  worker_setup setup = one.setup;
  setup.keeps_documents = false;
  const auto process = worker_process::start(program, *staging, "repro", to_wire(setup), in_process);
  if (!process)
    return error("run.no-worker", fmt::format("no worker can be started: {}", std::strerror(errno)), "see `calque doctor`");
  if (auto ready = await_ready(*process, std::chrono::minutes(1)); !ready.has_value()) return ready.errors();
  // What results depend on matters to nobody here, since none is kept.
  stage_fingerprints prints;
  prints.stages.resize(setup.whole.stages.size());
  for (const stage_description &importer : setup.importers) prints.importers.emplace_back(importer.id, "");
  process->to().send(message_kind::configure, 0, to_wire(prints));
  job_order order = one.order;
  order.known.clear();
  order.in_place.clear();
  process->to().send(message_kind::job, 1, to_wire(order), {*input.value()});

  budget_watch watch(setup.whole, std::chrono::steady_clock::now());
  std::optional<spent_budget> spent;
  for (;;) {
    std::array<pollfd, 3> waiting{{{process->to().fd(), POLLIN, 0}, {process->ended_fd(), POLLIN, 0}, {process->talk_fd(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(watch.pause().count()));
    process->drain();
    message said;
    const channel_state heard = process->to().receive(said, false);
    if (heard == channel_state::open && said.kind == message_kind::done)
      if (auto report = read_job_report(said.payload))
        return repro_outcome{report->status, "", std::move(report->diagnostics), process->last_words()};
    if (heard == channel_state::empty && !in_process) {
      spent = watch.look(process->status().calls, process->status().stage, process->status().stages_begun,
                         std::chrono::steady_clock::now());
      if (!spent) continue;
      process->kill();
    } else if (heard == channel_state::empty) {
      continue;
    }
    if (heard == channel_state::broken || heard == channel_state::open) process->kill();
    const worker_death death = process->reap();
    worker_verdict found = verdict_of(death, spent, heard == channel_state::broken || heard == channel_state::open,
                                      setup.whole.budget.memory);
    return repro_outcome{found.status, found.detail, {std::move(found.why)}, process->last_words()};
  }
}

}  // namespace calque::host
