// SPDX-License-Identifier: Apache-2.0
// A sound plugin as tables of the C ABI; each bad plugin takes them and breaks one rule.
#pragma once

#include <calque/calque.h>

#include <cstring>

namespace bad {

inline calque_str str(const char *text) {
  return {text, std::strlen(text)};
}

inline constexpr calque_code codes[] = {
    {"bad.declared", "The one code of these plugins that is declared.", CALQUE_THING_TEXT, CALQUE_EFFECT_DROPPED,
     CALQUE_ERROR, 0},
};
inline constexpr const char *written_layers[] = {"calque.segment/1", nullptr};

inline calque_status create(const calque_stage *, const calque_config *, const calque_call *, void **) {
  return CALQUE_OK;
}
inline void destroy(void *) {}
inline int32_t probe(const calque_probe *) {
  return 0;
}

constexpr calque_stage stage(const char *id) {
  calque_stage s{};
  s.struct_size = sizeof(s);
  s.id = id;
  s.version = "1.0.0";
  s.summary = "Breaks a rule";
  s.code_count = 1;
  s.code_stride = sizeof(calque_code);
  s.codes = codes;
  s.create = create;
  s.destroy = destroy;
  return s;
}

constexpr calque_stage importer(const char *id, const calque_importer_ops &ops) {
  calque_stage s = stage(id);
  s.flags = CALQUE_TILED;
  s.importer = &ops;
  return s;
}
constexpr calque_stage normalizer(const char *id, const calque_normalizer_ops &ops) {
  calque_stage s = stage(id);
  s.normalizer = &ops;
  return s;
}
constexpr calque_stage annotator(const char *id, const calque_annotator_ops &ops) {
  calque_stage s = stage(id);
  s.written_layers = written_layers;
  s.annotator = &ops;
  return s;
}
constexpr calque_stage exporter(const char *id, const calque_exporter_ops &ops) {
  calque_stage s = stage(id);
  s.exporter = &ops;
  return s;
}

constexpr calque_plugin plugin(const char *name, const calque_stage *const *stages, uint32_t count) {
  return {CALQUE_MAGIC, sizeof(calque_plugin), CALQUE_ABI_MAJOR, CALQUE_ABI_MINOR, name, "1.0.0", "Apache-2.0",
          "https://example.org", "a test", count, 0, stages};
}

/// Does nothing and succeeds.
inline calque_status annotate_nothing(void *, const calque_call *, const calque_document *, calque_layer_writer *) {
  return CALQUE_OK;
}
inline constexpr calque_annotator_ops annotates_nothing{sizeof(calque_annotator_ops), 0, annotate_nothing};

}  // namespace bad

/// The one exported symbol.
#define BAD_PLUGIN(value)                                                             \
  extern "C" {                                                                        \
  extern __attribute__((visibility("default"))) const calque_plugin calque_plugin_v1; \
  const calque_plugin calque_plugin_v1 = value;                                       \
  }
/// A plugin with one stage.
#define BAD_STAGE(name, value)                      \
  static constexpr calque_stage the_stage = value;  \
  static const calque_stage *const stages[] = {&the_stage}; \
  BAD_PLUGIN(bad::plugin(name, stages, 1))
