// SPDX-License-Identifier: Apache-2.0
// Takes files and the account of an export, and adds the account up: every node is emitted or not expressed, once.
#include "host/document/output_files.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "host/document/layer_schemas.hpp"
#include "host/document/validate.hpp"

namespace calque::host {
namespace {

output_files &self(calque_output *o) {
  return *static_cast<output_files *>(o->host_data);
}

/// Stands for "it is in the output" where otherwise a code says why it is not.
constexpr calque_code in_output{"", "", CALQUE_THING_TEXT, CALQUE_EFFECT_NONE, CALQUE_INFO, 0};

bool is_safe_path(std::string_view path) {
  constexpr size_t longest = 4096;
  const bool plain =
      std::none_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return plain && path.size() <= longest && path.find('\\') == std::string_view::npos && is_utf8(path) &&
         is_resource_name(path);
}

}  // namespace

output_files::output_files(stage_rules rules, const document &exported, const limits &within, stop_flag *stop,
                           diagnostics &out)
    : shared_(std::move(rules), within, stop, out), exported_(exported), nodes_(exported.view().nodes.count) {
  for (const auto &layer : exported.sections().layers) marks_.emplace_back(layer->view().count);
  abi_ = {sizeof(calque_output),
          0,
          this,
          [](calque_output *o, calque_str path, calque_str type, uint32_t flags, uint32_t *file) {
            return self(o).create(to_view(path), to_view(type), flags, file);
          },
          [](calque_output *o, uint32_t file, calque_str bytes) { return self(o).write(file, to_view(bytes)); },
          [](calque_output *o, uint32_t file) { return self(o).close(file); },
          [](calque_output *o, uint32_t first, uint32_t end) {
            return self(o).say_nodes("output.emitted", first, end, &in_output);
          },
          [](calque_output *o, uint32_t first, uint32_t end, calque_str code) {
            return self(o).say_nodes("output.not_expressed", first, end,
                                     self(o).shared_.rules.find_code(to_view(code)));
          },
          [](calque_output *o, uint32_t layer, uint32_t first, uint32_t end) {
            return self(o).say_marks("output.marks_emitted", layer, first, end, &in_output);
          },
          [](calque_output *o, uint32_t layer, uint32_t first, uint32_t end, calque_str code) {
            return self(o).say_marks("output.marks_not_expressed", layer, first, end,
                                     self(o).shared_.rules.find_code(to_view(code)));
          }};
}

calque_status output_files::create(std::string_view path, std::string_view media_type, uint32_t flags,
                                   uint32_t *handle) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (!path.empty() && !is_safe_path(path))
    return shared_.misuse("output.create", "a path is relative, in UTF-8, with '/' between folders and without '..'");
  if (!is_utf8(media_type)) return shared_.misuse("output.create", "the media type is not UTF-8");
  if ((flags & ~uint32_t{CALQUE_PRIMARY}) != 0) return shared_.misuse("output.create", "there is no such flag");
  if (!folded_paths_.insert(fold_case(path)).second)
    return shared_.misuse("output.create",
                          "\"" + std::string(path) + "\" is made twice, or differs from another file in case only");
  const bool is_primary = (flags & CALQUE_PRIMARY) != 0;
  if (is_primary && std::any_of(files_.begin(), files_.end(), [](const open_file &f) { return f.file.primary; }))
    return shared_.misuse("output.create", "there is one primary file already");
  files_.push_back({{std::string(path), std::string(media_type), {}, is_primary}, true});
  *handle = static_cast<uint32_t>(files_.size() - 1);
  return CALQUE_OK;
}

calque_status output_files::write(uint32_t handle, std::string_view bytes) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (handle >= files_.size() || !files_[handle].is_open)
    return shared_.misuse("output.write", "this file is not open");
  if (bytes.size() > shared_.within.max_output - bytes_)
    return shared_.limit("bytes of output", shared_.within.max_output, bytes_ + bytes.size());
  bytes_ += bytes.size();
  files_[handle].file.bytes += bytes;
  return CALQUE_OK;
}

calque_status output_files::close(uint32_t handle) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (handle >= files_.size() || !files_[handle].is_open)
    return shared_.misuse("output.close", "this file is not open");
  files_[handle].is_open = false;
  return CALQUE_OK;
}

calque_status output_files::say_nodes(const char *call, uint32_t first, uint32_t end, const calque_code *what) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  return say(call, nodes_, first, end, what);
}

calque_status output_files::say_marks(const char *call, uint32_t layer, uint32_t first, uint32_t end,
                                      const calque_code *what) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (layer >= marks_.size()) return shared_.misuse(call, "there is no layer " + std::to_string(layer));
  return say(call, marks_[layer], first, end, what);
}

calque_status output_files::say(const char *call, row_account &row, uint32_t first, uint32_t end,
                                const calque_code *what) {
  if (what == nullptr) return shared_.misuse(call, "the stage does not declare this code");
  if (first > end || end > row.size())
    return shared_.misuse(call, "[" + std::to_string(first) + ", " + std::to_string(end) + ") is no range of " +
                                    std::to_string(row.size()));
  for (uint32_t k = first; k < end; ++k) {
    if (row[k] != nullptr) return shared_.misuse(call, std::to_string(k) + " is accounted for already");
    row[k] = what;
  }
  return CALQUE_OK;
}

void output_files::add_nodes_up() {
  const calque_document &d = exported_.view();
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    const calque_code *said = nodes_[i];
    if (said == nullptr) {
      const auto missing = std::count(nodes_.begin(), nodes_.end(), nullptr);
      diagnostic fault = shared_.blame(
          "ledger.node-not-accounted",
          std::to_string(missing) + " nodes are neither emitted nor declared as not expressed; the first is node " +
              std::to_string(d.nodes.id[i]) + ", a " + std::string(kind_name(d, d.nodes.kind[i])),
          "an exporter says of every node that it is in the output, or by a code why it is not");
      fault.where.node = d.nodes.id[i];
      shared_.fail(std::move(fault));
      return;
    }
    if (said == &in_output) continue;
    const bool is_leaf = kind_class(d.nodes.kind[i]) == CALQUE_CLASS_LEAF;
    const std::string_view text =
        to_view(d.text).substr(d.nodes.text_begin[i], d.nodes.text_end[i] - d.nodes.text_begin[i]);
    ledger_.add(shared_.rules.name, *said, 1, is_leaf ? count_letters(text) : 0, 0);
  }
}

void output_files::add_marks_up(uint32_t layer) {
  const std::string_view name = to_view(exported_.view().layers[layer]->name);
  const layer_schema *schema = find_schema(name);
  const row_account &row = marks_[layer];
  for (const calque_code *said : row) {
    if (said == nullptr && schema != nullptr && schema->countable) {
      const auto missing = std::count(row.begin(), row.end(), nullptr);
      shared_.fail(shared_.blame("ledger.mark-not-accounted",
                                 std::to_string(missing) + " marks of " + std::string(name) +
                                     " are neither emitted nor declared as not expressed",
                                 "an exporter accounts for every mark of a countable layer"));
      return;
    }
    if (said != nullptr && said != &in_output) ledger_.add(shared_.rules.name, *said, 1, 0, 0);
  }
}

result<export_result> output_files::finish() {
  if (!shared_.failed() && files_.empty())
    shared_.fail(shared_.blame("output.no-file", "the exporter made no file", "an export makes one file or more"));
  if (!shared_.failed()) add_nodes_up();
  for (uint32_t layer = 0; layer < marks_.size() && !shared_.failed(); ++layer) add_marks_up(layer);
  if (shared_.failed()) return shared_.failure();
  export_result made;
  bool has_primary = false;
  for (open_file &one : files_) {
    has_primary |= one.file.primary;
    made.files.push_back(std::move(one.file));
  }
  if (!has_primary) made.files.front().primary = true;
  made.account = std::move(ledger_);
  return made;
}

}  // namespace calque::host
