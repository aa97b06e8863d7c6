// SPDX-License-Identifier: Apache-2.0
// Exports the right name for something else.
extern "C" {
extern __attribute__((visibility("default"))) const char calque_plugin_v1[256];
const char calque_plugin_v1[256] = "just some text";
}
