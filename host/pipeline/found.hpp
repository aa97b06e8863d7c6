// SPDX-License-Identifier: Apache-2.0
// What a document holds, in a few lines for people: fields, blocks, speeches by speaker, annotations by layer.
#pragma once

#include <calque/calque.h>

#include <string>

namespace calque::host {

std::string describe_found(const calque_document &);

}  // namespace calque::host
