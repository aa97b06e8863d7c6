// SPDX-License-Identifier: Apache-2.0
// Objects of the ABI that do the least that a stage can run on.
#include "tests/bench/bare_stage.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "host/plugins/plugin_library.hpp"

namespace calque::bench {
namespace {

// The next id, and how much text was written: all that a stage is ever told back.
struct sink {
  uint32_t id = 1, text = 0;
};

template <class Object>
sink &sink_of(Object *object) {
  return *static_cast<sink *>(object->host_data);
}

calque_status take_id(sink &s, uint32_t *id) {
  if (id != nullptr) *id = s.id;
  ++s.id;
  return CALQUE_OK;
}

calque_call make_call() {
  return {sizeof(calque_call),
          0,
          nullptr,
          [](const calque_call *, const char *) -> const void * { return nullptr; },
          [](const calque_call *, const calque_diagnostic *) -> calque_status { return CALQUE_OK; },
          [](const calque_call *, uint64_t, uint64_t) -> calque_status { return CALQUE_OK; }};
}

calque_layer_writer make_writer(sink *s) {
  return {sizeof(calque_layer_writer),
          0,
          s,
          [](calque_layer_writer *, calque_str, uint32_t *handle) -> calque_status {
            *handle = 0;
            return CALQUE_OK;
          },
          [](calque_layer_writer *w, uint32_t, calque_str, uint32_t, uint32_t, uint32_t, uint32_t *id) {
            return take_id(sink_of(w), id);
          },
          [](calque_layer_writer *w, uint32_t, calque_str, uint32_t, uint32_t *id) { return take_id(sink_of(w), id); },
          [](calque_layer_writer *, uint32_t, calque_str, uint32_t, calque_str) -> calque_status { return CALQUE_OK; }};
}

calque_builder make_builder(sink *s, calque_layer_writer *writer) {
  return {sizeof(calque_builder),
          0,
          s,
          writer,
          [](calque_builder *, uint32_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_builder *b, uint32_t, calque_str, calque_str, calque_str, uint32_t *id) {
            return take_id(sink_of(b), id);
          },
          [](calque_builder *, calque_str, uint16_t *kind) -> calque_status {
            *kind = CALQUE_DIVISION;
            return CALQUE_OK;
          },
          [](calque_builder *b, uint16_t, uint32_t *id) { return take_id(sink_of(b), id); },
          [](calque_builder *b, calque_str, uint32_t, uint32_t *id) { return take_id(sink_of(b), id); },
          [](calque_builder *b, calque_str, calque_str, uint32_t *id) { return take_id(sink_of(b), id); },
          [](calque_builder *) -> calque_status { return CALQUE_OK; },
          [](calque_builder *b, uint16_t, calque_str bytes, uint32_t, uint64_t, uint64_t, uint32_t *id) {
            sink_of(b).text += static_cast<uint32_t>(bytes.size);
            return take_id(sink_of(b), id);
          },
          [](calque_builder *b, calque_str bytes, uint32_t, uint64_t, uint64_t) -> calque_status {
            sink_of(b).text += static_cast<uint32_t>(bytes.size);
            return CALQUE_OK;
          },
          [](calque_builder *, calque_str, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_builder *, uint32_t, uint64_t, uint64_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_builder *, calque_str, calque_str, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_builder *b, uint32_t *at) -> calque_status {
            *at = sink_of(b).text;
            return CALQUE_OK;
          },
          [](calque_builder *) -> calque_status { return CALQUE_OK; },
          [](calque_builder *, uint32_t, uint64_t) -> calque_status { return CALQUE_OK; },
          [](calque_builder *, uint32_t, calque_str, calque_str, calque_str) -> calque_status { return CALQUE_UNKNOWN; }};
}

calque_rewriter make_rewriter(sink *s, calque_layer_writer *writer) {
  return {sizeof(calque_rewriter),
          0,
          s,
          writer,
          [](calque_rewriter *, uint32_t, uint32_t, uint32_t, calque_str, calque_str) -> calque_status {
            return CALQUE_OK;
          },
          [](calque_rewriter *) -> calque_status { return CALQUE_OK; },
          [](calque_rewriter *, calque_str, uint16_t *kind) -> calque_status {
            *kind = CALQUE_DIVISION;
            return CALQUE_OK;
          },
          [](calque_rewriter *r, uint16_t, uint32_t, uint32_t *id) { return take_id(sink_of(r), id); },
          [](calque_rewriter *) -> calque_status { return CALQUE_OK; },
          [](calque_rewriter *, uint32_t, uint32_t, uint32_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_rewriter *, uint32_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_rewriter *r, uint16_t, calque_str, uint32_t, uint32_t, uint32_t, calque_str, uint32_t *id) {
            return take_id(sink_of(r), id);
          },
          [](calque_rewriter *, calque_str, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_rewriter *, uint32_t, uint32_t, uint32_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_rewriter *, uint32_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_rewriter *, uint32_t, calque_str) -> calque_status { return CALQUE_OK; }};
}

calque_output make_output(sink *s) {
  return {sizeof(calque_output),
          0,
          s,
          [](calque_output *o, calque_str, calque_str, uint32_t, uint32_t *file) { return take_id(sink_of(o), file); },
          [](calque_output *, uint32_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_output *, uint32_t) -> calque_status { return CALQUE_OK; },
          [](calque_output *, uint32_t, uint32_t) -> calque_status { return CALQUE_OK; },
          [](calque_output *, uint32_t, uint32_t, calque_str) -> calque_status { return CALQUE_OK; },
          [](calque_output *, uint32_t, uint32_t, uint32_t) -> calque_status { return CALQUE_OK; },
          [](calque_output *, uint32_t, uint32_t, uint32_t, calque_str) -> calque_status { return CALQUE_OK; }};
}

calque_input make_input(calque_str *bytes, std::string_view name) {
  return {sizeof(calque_input),
          0,
          bytes,
          {name.data(), name.size()},
          {nullptr, 0},
          bytes->size,
          [](const calque_input *i, uint64_t at, void *to, size_t want, size_t *got) -> calque_status {
            const auto &all = *static_cast<const calque_str *>(i->host_data);
            *got = at < all.size ? std::min<size_t>(want, all.size - at) : 0;
            if (*got > 0) std::memcpy(to, all.data + at, *got);
            return CALQUE_OK;
          },
          [](const calque_input *i, calque_str *whole) -> calque_status {
            *whole = *static_cast<const calque_str *>(i->host_data);
            return CALQUE_OK;
          }};
}

[[noreturn]] void give_up(const std::string &why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace

bare_stage::bare_stage(const host::stage_description &description, const std::vector<host::option_value> &options) {
  const auto plugin = host::load_plugin(description.path);
  if (!plugin) give_up(plugin.error().message);
  for (uint32_t k = 0; k < (*plugin)->stage_count; ++k)
    if (host::describe(*(*plugin)->stages[k]).role == description.role && description.id == (*plugin)->stages[k]->id)
      stage_ = (*plugin)->stages[k];
  if (stage_ == nullptr) give_up(description.id + " is not in " + description.path);
  const auto values = host::with_defaults(description.options, options);
  const host::option_table table(values);
  const calque_call call = make_call();
  if (stage_->create(stage_, table.abi(), &call, &instance_) != CALQUE_OK)
    give_up(description.id + " could not be made");
}

bare_stage::~bare_stage() {
  stage_->destroy(instance_);
}

bool bare_stage::run(std::string_view bytes, std::string_view name, const calque_document *document) {
  sink s;
  const calque_call call = make_call();
  calque_layer_writer writer = make_writer(&s);
  if (stage_->importer != nullptr) {
    calque_str all{bytes.data(), bytes.size()};
    const calque_input input = make_input(&all, name);
    calque_builder builder = make_builder(&s, &writer);
    return stage_->importer->run(instance_, &call, &input, &builder) == CALQUE_OK;
  }
  s.id = document->nodes.count;
  if (stage_->normalizer != nullptr) {
    calque_rewriter rewriter = make_rewriter(&s, &writer);
    return stage_->normalizer->run(instance_, &call, document, &rewriter) == CALQUE_OK;
  }
  if (stage_->annotator != nullptr) return stage_->annotator->run(instance_, &call, document, &writer) == CALQUE_OK;
  calque_output output = make_output(&s);
  return stage_->exporter->run(instance_, &call, document, &output) == CALQUE_OK;
}

}  // namespace calque::bench
