// SPDX-License-Identifier: Apache-2.0
// A normalizer's calls as data, so that the rewriter and a slow reference can be given the same ones.
#pragma once

#include <calque/calque.h>

#include <string>
#include <vector>

#include "host/document/document.hpp"

namespace calque::host {

struct rewrite_step {
  enum verb { edit, begin, end, copy, copy_tree, text, set_attr, remove_attr, drop, drop_tree, unwrap } what;
  uint32_t node = CALQUE_NONE, from = 0, to = 0;
  uint16_t kind = 0;
  std::string bytes = {}, code = {}, key = {};  // bytes: new text, or the value of an attribute
};

/// A mark in the text given; node: a node id, or CALQUE_NONE.
struct rewrite_mark {
  uint32_t from, to, side, node;
};

struct rewrite_script {
  bool rebuilds = false;
  std::vector<rewrite_step> steps;
  std::vector<rewrite_mark> marks;
};

inline calque_status call(calque_rewriter *r, const rewrite_step &s) {
  switch (s.what) {
    case rewrite_step::edit:
      return r->edit(r, s.node, s.from, s.to, to_str(s.bytes), to_str(s.code));
    case rewrite_step::begin:
      return r->begin(r, s.kind, s.node, nullptr);
    case rewrite_step::end:
      return r->end(r);
    case rewrite_step::copy:
      return r->copy(r, s.node, s.from, s.to, to_str(s.code));
    case rewrite_step::copy_tree:
      return r->copy_tree(r, s.node, to_str(s.code));
    case rewrite_step::text:
      return r->text(r, s.kind, to_str(s.bytes), s.node, s.from, s.to, to_str(s.code), nullptr);
    case rewrite_step::set_attr:
      return r->attr(r, to_str(s.key), to_str(s.bytes));
    case rewrite_step::remove_attr:
      return r->attr(r, to_str(s.key), {nullptr, 0});
    case rewrite_step::drop:
      return r->drop(r, s.node, s.from, s.to, to_str(s.code));
    case rewrite_step::drop_tree:
      return r->drop_tree(r, s.node, to_str(s.code));
    case rewrite_step::unwrap:
      return r->unwrap(r, s.node, to_str(s.code));
  }
  return CALQUE_BUG;
}

/// Makes all calls; the status of the first that is not OK.
inline calque_status play(calque_rewriter *r, const rewrite_script &script) {
  if (script.rebuilds)
    if (const calque_status status = r->rebuild(r); status != CALQUE_OK) return status;
  if (!script.marks.empty()) {
    uint32_t handle = 0;
    if (const calque_status status = r->layers->open(r->layers, to_str("test.mark/1"), &handle); status != CALQUE_OK)
      return status;
    for (const rewrite_mark &m : script.marks) {
      const calque_status status =
          m.node == CALQUE_NONE ? r->layers->span(r->layers, handle, to_str("mark"), m.from, m.to, m.side, nullptr)
                                : r->layers->node(r->layers, handle, to_str("mark"), m.node, nullptr);
      if (status != CALQUE_OK) return status;
    }
  }
  for (const rewrite_step &s : script.steps)
    if (const calque_status status = call(r, s); status != CALQUE_OK) return status;
  return CALQUE_OK;
}

}  // namespace calque::host
