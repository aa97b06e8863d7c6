// SPDX-License-Identifier: Apache-2.0
// Exports nothing.
namespace {
[[maybe_unused]] const int calque_plugin_v1 = 1;
}
