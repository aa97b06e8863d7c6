// SPDX-License-Identifier: Apache-2.0
// The columns of a document are constant all the way down: neither their values nor their pointers can be set.
#include <calque/calque.h>

#include <cstdint>

calque_status annotate(void *, const calque_call *, const calque_document *document, calque_layer_writer *);

calque_status annotate(void *, const calque_call *, const calque_document *document, calque_layer_writer *) {
#ifdef CALQUE_OFFENCE
  document->nodes.text_end[0] = 0;
#endif
  return document->nodes.text_end[0] == 0 ? CALQUE_FAILED : CALQUE_OK;
}
