// SPDX-License-Identifier: Apache-2.0
// Takes what a running stage reports, and lends it its input.
#include "host/plugins/stage_call.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "host/document/document.hpp"

namespace calque::host {

stage_call::stage_call(boundary &shared, place where, std::span<const uint32_t> option_lines,
                       const archive_service *archives)
    : shared_(shared), where_(std::move(where)), option_lines_(option_lines), archives_(archives), abi_{} {
  abi_.struct_size = sizeof(abi_);
  abi_.host_data = this;
  abi_.get_interface = [](const calque_call *call, const char *id) -> const void * {
    const archive_service *archives = static_cast<stage_call *>(call->host_data)->archives_;
    const bool is_known = id != nullptr && std::string_view(id) == archive_service::id;
    return is_known && archives != nullptr ? archives->abi() : nullptr;
  };
  abi_.report = [](const calque_call *call, const calque_diagnostic *given) -> calque_status {
    auto &self = *static_cast<stage_call *>(call->host_data);
    if (given == nullptr || given->struct_size < sizeof(calque_diagnostic))
      return self.shared_.misuse("call.report", "a diagnostic has a struct_size of at least " +
                                                    std::to_string(sizeof(calque_diagnostic)));
    return self.report(*given);
  };
  abi_.progress = [](const calque_call *call, uint64_t, uint64_t) -> calque_status {
    return static_cast<stage_call *>(call->host_data)->shared_.enter();
  };
}

calque_status stage_call::report(const calque_diagnostic &given) {
  // Reports are taken even from a run that is to stop: they may say why.
  const std::string_view code = to_view(given.code), message = to_view(given.message), hint = to_view(given.hint);
  if (!is_utf8(code) || !is_utf8(message) || !is_utf8(hint))
    return shared_.misuse("call.report", "code, message and hint are UTF-8");
  // What the SDK reports of an exception is no code of the stage.
  const bool is_exception =
      code == "plugin.exception" || code == "plugin.foreign-exception" || code == "plugin.out-of-memory";
  if (!is_exception && shared_.rules.find_code(code) == nullptr)
    return shared_.misuse("call.report", "the code \"" + std::string(code) + "\" is not in the stage's table of codes");
  if (given.severity < CALQUE_DEBUG || given.severity > CALQUE_ERROR)
    return shared_.misuse("call.report", "there is no severity " + std::to_string(given.severity));
  diagnostic d = shared_.blame(std::string(code), std::string(message), std::string(hint));
  d.level = static_cast<severity>(given.severity);
  switch (given.place) {
    case CALQUE_AT_NOTHING: break;
    case CALQUE_AT_SPAN:
      if (given.begin > given.end || given.end >= CALQUE_NONE)
        return shared_.misuse("call.report", "a span begins before it ends, in 32 bits");
      d.where.span = text_span{static_cast<uint32_t>(given.begin), static_cast<uint32_t>(given.end)};
      break;
    case CALQUE_AT_NODE: d.where.node = given.index; break;
    case CALQUE_AT_SOURCE:
      if (given.begin > given.end) return shared_.misuse("call.report", "a range begins before it ends");
      d.where.source = source_span{given.index, given.begin, given.end};
      break;
    case CALQUE_AT_OPTION:
      if (given.index >= shared_.rules.stage->option_count)
        return shared_.misuse("call.report", "the stage has no option " + std::to_string(given.index));
      d.where = where_;
      d.where.option = given.index;
      if (given.index < option_lines_.size() && option_lines_[given.index] != 0) {
        d.where.line = option_lines_[given.index];
        d.where.column = d.where.length = 0;
      }
      break;
    default: return shared_.misuse("call.report", "there is no kind of place " + std::to_string(given.place));
  }
  if (d.level == severity::error && !first_error_) first_error_ = d;
  shared_.out.add(std::move(d));
  return CALQUE_OK;
}

stage_input::stage_input(boundary &shared, const input_bytes &input)
    : shared_(shared), bytes_(input.bytes), abi_{} {
  abi_.struct_size = sizeof(abi_);
  abi_.host_data = this;
  abi_.name = to_str(input.name);
  abi_.media_type = to_str(input.media_type);
  abi_.size = bytes_.size();
  abi_.read = [](const calque_input *input, uint64_t at, void *to, size_t want, size_t *got) -> calque_status {
    auto &self = *static_cast<stage_input *>(input->host_data);
    *got = 0;
    if (const calque_status stopped = self.shared_.enter()) return stopped;
    if (at >= self.bytes_.size()) return CALQUE_OK;
    *got = std::min(want, self.bytes_.size() - at);
    std::memcpy(to, self.bytes_.data() + at, *got);
    return CALQUE_OK;
  };
  abi_.map = [](const calque_input *input, calque_str *whole) -> calque_status {
    auto &self = *static_cast<stage_input *>(input->host_data);
    if (const calque_status stopped = self.shared_.enter()) return stopped;
    *whole = to_str(self.bytes_);
    return CALQUE_OK;
  };
}

}  // namespace calque::host
