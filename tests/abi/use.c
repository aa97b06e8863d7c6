/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin in the common part of C and C++: all of its description is static data. */
#include <calque/calque.h>
#include <calque/calque.h>

static const calque_option options[] = {
    {"depth", "How deep to look", "3", NULL, 1, 9, CALQUE_INT, 0},
};
static const calque_code codes[] = {
    {"sample.seen", "Something was seen.", CALQUE_THING_TEXT, CALQUE_EFFECT_NONE, CALQUE_INFO, 0},
};
static const char *const layers[] = {"calque.segment/1", NULL};

static calque_status CALQUE_CALL create(const calque_stage *stage, const calque_config *config, const calque_call *call,
                                        void **instance) {
  (void)stage, (void)config, (void)call;
  *instance = NULL;
  return CALQUE_OK;
}
static void CALQUE_CALL destroy(void *instance) {
  (void)instance;
}

static calque_status CALQUE_CALL run(void *instance, const calque_call *call, const calque_document *given,
                                     calque_layer_writer *out) {
  static const char name[] = "calque.segment/1", kind[] = "sentence";
  calque_str layer, sentence;
  uint32_t handle = CALQUE_NONE;
  calque_status status;
  (void)instance;
  layer.data = name, layer.size = sizeof(name) - 1;
  sentence.data = kind, sentence.size = sizeof(kind) - 1;
  status = call->progress(call, 0, given->text.size);
  if (status == CALQUE_OK) status = out->open(out, layer, &handle);
  if (status == CALQUE_OK)
    status = out->span(out, handle, sentence, 0, (uint32_t)given->text.size, CALQUE_AFTER, NULL);
  return status;
}

static const calque_annotator_ops ops = {sizeof(calque_annotator_ops), 0, run};
static const calque_stage stage = {sizeof(calque_stage),
                                   CALQUE_REENTRANT,
                                   "sample.segments",
                                   "1.0.0",
                                   "One segment over all",
                                   1,
                                   sizeof(calque_option),
                                   options,
                                   1,
                                   sizeof(calque_code),
                                   codes,
                                   NULL,
                                   NULL,
                                   NULL,
                                   layers,
                                   NULL,
                                   create,
                                   destroy,
                                   NULL,
                                   NULL,
                                   &ops,
                                   NULL};
static const calque_stage *const stages[] = {&stage};

extern const calque_plugin calque_plugin_v1;
const calque_plugin calque_plugin_v1 = {CALQUE_MAGIC, sizeof(calque_plugin), CALQUE_ABI_MAJOR, CALQUE_ABI_MINOR,
                                        "sample",     "1.0.0",               "Apache-2.0",     "https://example.org",
                                        "a test",     1,                     0,                stages};
