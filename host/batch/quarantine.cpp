// SPDX-License-Identifier: Apache-2.0
// A document that ended badly twice, with all that repeats it.
#include "host/batch/quarantine.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "host/records/durable_file.hpp"
#include "host/pipeline/output_failure.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/system/bytes_io.hpp"
#include "host/system/calls.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

constexpr std::uint64_t most_bytes = std::uint64_t{64} << 20;

std::string outcome_of(const quarantined &one) {
  json value{{"status", name_of(one.status)}, {"detail", one.detail}, {"input", one.order.path},
             {"sha256", to_hex(one.order.sha256)}, {"bytes", one.order.size}, {"pipeline", one.setup.whole.name}};
  for (const pipeline_stage &stage : one.setup.whole.stages)
    value["stages"].push_back({{"name", stage.name},
                               {"role", role_name(stage.description.role)},
                               {"id", stage.description.id},
                               {"version", stage.description.version},
                               {"plugin", stage.description.path},
                               {"digest", stage.description.digest}});
  return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

int copy_input(int from, const std::string &to) {
  const descriptor target(calls::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!target) return errno;
  for (std::uint64_t at = 0;;) {
    const auto piece = read_at(from, at, 1 << 20);
    if (!piece) return errno;
    if (piece->empty()) return 0;
    if (const int failed = write_whole(*target, *piece); failed != 0) return failed;
    at += piece->size();
  }
}

}  // namespace

std::string bundle_input(const std::string &folder) {
  return folder + "/input";
}

result<void> write_bundle(const std::string &folder, const quarantined &one, int input_fd) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return output_failure("make", folder, failed.value());
  if (const int number = copy_input(input_fd, bundle_input(folder)); number != 0)
    return output_failure("write", folder, number);
  for (const auto &[name, bytes] : {std::pair{"/setup", to_wire(one.setup)},
                                    {"/order", to_wire(one.order)},
                                    {"/stderr.txt", show_text(one.last_words, true)},
                                    {"/outcome.json", outcome_of(one)}})
    if (auto written = write_durably(folder + name, bytes); !written.has_value()) return written;
  return {};
}

result<quarantined> read_bundle(const std::string &folder) {
  const auto none = [&](std::string why) {
    return error("repro.no-bundle", fmt::format("{} is no bundle of a quarantined document: {}", folder, why),
                 "name a folder in .calque/quarantine; `calque log FOLDER --filter status=crashed` shows them");
  };
  const auto setup_bytes = read_file(folder + "/setup", most_bytes), order_bytes = read_file(folder + "/order", most_bytes),
             outcome_bytes = read_file(folder + "/outcome.json", most_bytes);
  if (!setup_bytes || !order_bytes || !outcome_bytes) return none("setup, order or outcome.json is missing");
  quarantined one;
  auto setup = read_worker_setup(*setup_bytes);
  auto order = read_job_order(*order_bytes);
  if (!setup || !order) return none("it was made by another version of Calque");
  one.setup = std::move(*setup);
  one.order = std::move(*order);
  const json outcome = json::parse(*outcome_bytes, nullptr, false);
  if (!outcome.is_object() || !outcome.contains("status") || !outcome["status"].is_string())
    return none("outcome.json cannot be read");
  const auto status = status_of_name(outcome["status"].get<std::string>());
  if (!status) return none("outcome.json has a status that there is not");
  one.status = *status;
  if (outcome.contains("detail") && outcome["detail"].is_string()) one.detail = outcome["detail"].get<std::string>();
  return one;
}

}  // namespace calque::host
