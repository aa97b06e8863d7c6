/* SPDX-License-Identifier: Apache-2.0 */
/* The table of an annotator takes no function that is given a rewriter. */
#include <calque/calque.h>

static calque_status annotate(void *instance, const calque_call *call, const calque_document *document,
#ifdef CALQUE_OFFENCE
                              calque_rewriter *writer) {
#else
                              calque_layer_writer *writer) {
#endif
  (void)instance;
  (void)call;
  (void)document;
  (void)writer;
  return CALQUE_OK;
}

extern const calque_annotator_ops ops;
const calque_annotator_ops ops = {sizeof(calque_annotator_ops), 0, annotate};
