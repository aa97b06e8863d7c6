// SPDX-License-Identifier: Apache-2.0
// The object behind calque_rewriter: takes edits or a tree written anew, and makes the next version of a document.
#pragma once

#include <calque/calque.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/document/layer_writer.hpp"
#include "host/document/ledger.hpp"
#include "host/document/pieces.hpp"
#include "host/document/tree_writer.hpp"

namespace calque::host {

struct rewrite_result {
  document output;
  ledger account;
};

class rewriter {
 public:
  /// `given` and `shared` outlive this.
  rewriter(boundary &shared, const document &given);
  rewriter(const rewriter &) = delete;
  rewriter &operator=(const rewriter &) = delete;

  calque_rewriter *abi() { return &abi_; }
  /// Applies what was said. Fails with what the calls reported, or with text or structure that was neither kept nor
  /// named with a code.
  result<rewrite_result> finish();

 private:
  enum class mode { none, edit, rebuild };
  /// A change as the ledger and calque.change/1 tell it; what is left out has no new text.
  struct change {
    const calque_code *code;
    piece what;
  };
  struct pending_edit {
    uint32_t leaf, begin, end;
    std::string text;
    const calque_code *code;
  };
  struct claim {
    uint32_t begin, end;
  };

  calque_status edit(uint32_t leaf, uint32_t begin, uint32_t end, std::string_view text, std::string_view code);
  calque_status rebuild();
  calque_status kind(std::string_view name, uint16_t *kind);
  calque_status begin(uint16_t kind, uint32_t like, uint32_t *id);
  calque_status end();
  calque_status copy(uint32_t leaf, uint32_t begin, uint32_t end, std::string_view code);
  calque_status copy_tree(uint32_t node, std::string_view code);
  calque_status text(uint16_t kind, std::string_view bytes, uint32_t leaf, uint32_t begin, uint32_t end,
                     std::string_view code, uint32_t *id);
  calque_status attr(std::string_view key, calque_str value);
  calque_status drop(uint32_t leaf, uint32_t begin, uint32_t end, std::string_view code);
  calque_status drop_tree(uint32_t node, std::string_view code);
  calque_status unwrap(uint32_t node, std::string_view code);

  calque_status enter_rebuild(const char *call);
  calque_status check_node(const char *call, uint32_t node);
  calque_status check_leaf(const char *call, uint32_t leaf, uint32_t begin, uint32_t end);
  /// The entry of a code; null after a report when it is not declared.
  const calque_code *declared(const char *call, std::string_view code);
  calque_status in_order(const char *call, uint32_t begin, uint32_t end, const calque_code *code);
  void put_copy(uint32_t leaf, uint32_t begin, uint32_t end, const calque_code *code);
  void put_attrs(uint32_t node);
  calque_status room_for(uint64_t bytes, uint64_t nodes);
  void note_left_out(const calque_code *code, uint32_t begin, uint32_t end);
  void link_asides_of_copy(uint32_t node, uint32_t first_written);
  uint32_t take_id(uint32_t node);
  uint16_t kind_of(uint32_t node) const { return given_.nodes.kind[node]; }

  void apply_edits(document_sections &next);
  void finish_tree(document_sections &next);
  bool check_text_kept();
  bool check_structure_kept();
  std::vector<std::shared_ptr<const layer_data>> finish_marks();
  std::shared_ptr<const layer_data> change_layer(const document_sections &next, const span_map &map,
                                                 uint32_t &next_id) const;
  void fill_account(const document_sections &next);

  boundary &shared_;
  const document &document_;
  const calque_document &given_;
  mode mode_ = mode::none;
  std::vector<piece> pieces_;
  std::vector<change> changes_;
  ledger account_;
  uint32_t next_node_id_;

  std::vector<pending_edit> edits_;
  uint64_t size_after_edits_;

  // Rebuild: the tree as it is written, and what became of each node and byte of the old one.
  enum : uint8_t { untouched = 0, continued = 1, left_out = 2 };
  tree_writer tree_{0};
  std::vector<uint8_t> fate_;   // of each node
  std::vector<claim> claims_;   // text copied without a code, replaced or dropped: each byte once
  std::vector<claim> further_;  // text copied with a code
  uint32_t kept_upto_ = 0;      // text before this was passed by copies without a code
  size_t open_ = 0;
  // Asides that were copied once more, as nodes of the output: the id that is their anchor's there, or CALQUE_NONE.
  std::unordered_map<uint32_t, uint32_t> anchor_in_copy_;

  layer_writer layers_;
  calque_rewriter abi_;
};

}  // namespace calque::host
