/* SPDX-License-Identifier: Apache-2.0 */
/* A C annotator reads the text that it is given; writing to it does not compile. */
#include <calque/calque.h>

calque_status annotate(void *instance, const calque_call *call, const calque_document *document,
                       calque_layer_writer *writer);

calque_status annotate(void *instance, const calque_call *call, const calque_document *document,
                       calque_layer_writer *writer) {
  (void)instance;
  (void)call;
  (void)writer;
#ifdef CALQUE_OFFENCE
  document->text.data[0] = 'x';
#endif
  return document->text.size > 0 && document->text.data[0] == 'x' ? CALQUE_FAILED : CALQUE_OK;
}
