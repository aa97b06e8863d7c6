// SPDX-License-Identifier: Apache-2.0
// The log: what the program does, for those who look into a run afterwards. The only file that knows spdlog.
#include "host/cli/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace calque::host {

struct log::sinks {
  sinks(const std::vector<spdlog::sink_ptr> &to, bool with_debug, bool as_json) : logger("calque", to.begin(), to.end()) {
    logger.set_level(with_debug ? spdlog::level::debug : spdlog::level::info);
    // Times in UTC: a log is read elsewhere than it was written.
    const char *pattern = as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern,
                                                                     spdlog::pattern_time_type::utc));
    logger.flush_on(spdlog::level::info);
  }
  spdlog::logger logger;
};

log::log(const std::string &file, bool to_stderr, bool with_debug, bool as_json) : as_json_(as_json) {
  std::vector<spdlog::sink_ptr> to;
  if (to_stderr) to.push_back(std::make_shared<spdlog::sinks::stderr_sink_st>());
  if (!file.empty()) {
    try {
      to.push_back(std::make_shared<spdlog::sinks::basic_file_sink_st>(file));
    } catch (const spdlog::spdlog_ex &error) {
      trouble_ = error.what();
    }
  }
  if (!to.empty()) sinks_ = std::make_unique<sinks>(to, with_debug, as_json);
}

log::~log() = default;

std::string log::form(std::string_view line) const {
  return as_json_ ? nlohmann::json(line).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) : std::string(line);
}

void log::info(std::string_view line) {
  if (sinks_) sinks_->logger.info(form(line));
}

void log::debug(std::string_view line) {
  if (sinks_) sinks_->logger.debug(form(line));
}

}  // namespace calque::host
