// SPDX-License-Identifier: Apache-2.0
// Keeps all rules: an importer, a normalizer, an annotator and an exporter that the others are held against.
#include "tables.hpp"

namespace {

calque_status import(void *, const calque_call *, const calque_input *in, calque_builder *out) {
  calque_str whole;
  if (calque_status s = in->map(in, &whole)) return s;
  if (calque_status s = out->begin(out, CALQUE_PARAGRAPH, nullptr)) return s;
  if (calque_status s = out->text(out, CALQUE_TEXT, whole, 0, 0, whole.size, nullptr)) return s;
  return out->end(out);
}
constexpr calque_importer_ops imports{sizeof(imports), 0, [](const calque_probe *) -> int32_t { return 10; }, import};

calque_status normalize(void *, const calque_call *, const calque_document *, calque_rewriter *) {
  return CALQUE_OK;
}
constexpr calque_normalizer_ops normalizes{sizeof(normalizes), 0, normalize};

calque_status annotate(void *, const calque_call *, const calque_document *d, calque_layer_writer *out) {
  uint32_t handle, id;
  if (calque_status s = out->open(out, bad::str("calque.segment/1"), &handle)) return s;
  const auto end = static_cast<uint32_t>(d->text.size);
  if (calque_status s = out->span(out, handle, bad::str("sentence"), 0, end, CALQUE_AFTER, &id)) return s;
  return out->value(out, id, bad::str("rule"), CALQUE_VALUE_TEXT, bad::str("whole"));
}
constexpr calque_annotator_ops annotates{sizeof(annotates), 0, annotate};

calque_status write(void *, const calque_call *, const calque_document *d, calque_output *out) {
  uint32_t file;
  if (calque_status s = out->create(out, bad::str(""), bad::str("text/plain"), CALQUE_PRIMARY, &file)) return s;
  if (calque_status s = out->write(out, file, d->text)) return s;
  if (calque_status s = out->emitted(out, 0, d->nodes.count)) return s;
  return out->close(out, file);
}
constexpr calque_exporter_ops exports{sizeof(exports), 0, write};

constexpr calque_stage one = bad::importer("bad.sound", imports), two = bad::normalizer("bad.sound", normalizes),
                       three = bad::annotator("bad.sound", annotates), four = bad::exporter("bad.sound", exports);
const calque_stage *const stages[] = {&one, &two, &three, &four};

}  // namespace

BAD_PLUGIN(bad::plugin("bad_sound", stages, 4))
