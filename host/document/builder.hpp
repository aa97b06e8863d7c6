// SPDX-License-Identifier: Apache-2.0
// The object behind calque_builder: documents in the making, and the account of the source that they come from.
#pragma once

#include <calque/calque.h>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/embedded.hpp"
#include "host/document/layer_writer.hpp"
#include "host/document/ledger.hpp"
#include "host/document/source_account.hpp"
#include "host/document/tree_writer.hpp"

namespace calque::host {

struct import_result {
  std::vector<document> parts;
  ledger account;
};

class builder {
 public:
  /// `members` takes what the importer hands over; null: nobody does.
  builder(stage_rules rules, const input_bytes &input, const limits &within, stop_flag *stop, diagnostics &out,
          member_importer *members = nullptr);
  builder(const builder &) = delete;
  builder &operator=(const builder &) = delete;

  calque_builder *abi() { return &abi_; }
  /// Ends the last part and adds the source up. Fails with what the calls reported, or with what does not add up.
  result<import_result> finish();
  const boundary &shared() const { return shared_; }

 private:
  calque_status encoding(uint32_t source, std::string_view name);
  calque_status member(uint32_t parent, std::string_view name, std::string_view media_type, std::string_view bytes,
                       uint32_t *source);
  calque_status kind(std::string_view name, uint16_t *kind);
  calque_status begin(uint16_t kind, uint32_t *id);
  calque_status aside(std::string_view role, uint32_t anchor_id, uint32_t *id);
  calque_status field(std::string_view key, std::string_view language, uint32_t *id);
  calque_status end();
  calque_status text(uint16_t kind, std::string_view bytes, uint32_t source, uint64_t from, uint64_t to, uint32_t *id);
  calque_status more(std::string_view bytes, uint32_t source, uint64_t from, uint64_t to);
  calque_status attr(std::string_view key, std::string_view value);
  calque_status skip(uint32_t source, uint64_t from, uint64_t to, std::string_view code);
  calque_status resource(std::string_view name, std::string_view media_type, std::string_view bytes);
  calque_status next_part();
  calque_status seen(uint32_t thing, uint64_t count);
  calque_status embed(uint32_t parent, std::string_view name, std::string_view media_type, std::string_view bytes);

  bool is_anything_open() const { return tree_.depth() > 1; }
  calque_status can_add_node();
  void open(uint16_t kind, uint32_t *id);
  calque_status take_text(const char *call, std::string_view bytes, uint32_t source, uint64_t from, uint64_t to);
  calque_status check_range(const char *call, uint32_t source, uint64_t from, uint64_t to);
  void note_read(uint32_t source, uint64_t from, uint64_t to);
  void put_origin(std::string_view bytes, uint32_t source, uint64_t from, uint64_t to);
  void begin_part();
  void end_part();
  bool is_part_empty() const { return tree_.node_count() == host_nodes_ && resources_.empty(); }
  std::vector<source_data> chain_of(uint32_t source) const;
  void drop_unread_sources();
  void check_tiling();
  void check_seen();
  void put_asides_in_place(document_sections &sections);

  boundary shared_;
  std::vector<source_data> sources_;
  std::vector<std::string> member_bytes_;  // of sources 1, 2, …; source 0 is the input itself
  std::string_view input_;
  source_account account_;
  ledger ledger_;
  std::map<uint32_t, uint64_t> seen_;  // CALQUE_THING_* → how many the importer counted on the raw source

  // The part that is being written.
  tree_writer tree_{0};
  origin_columns origins_;
  std::vector<resource_data> resources_;
  std::set<std::string, std::less<>> resource_names_;  // a book has thousands of images
  uint32_t next_node_id_ = 1;
  bool has_blocks_ = false;
  bool has_asides_ = false;

  /// A document that a member gave: behind how many parts of the importer's own it stands, and where it was.
  struct embedded_part {
    std::size_t behind;
    uint32_t parent;
    document made;
  };
  std::vector<document_sections> parts_;
  std::vector<embedded_part> embedded_;
  std::set<uint32_t> read_;  // members that text came from, or of which bytes were skipped
  member_importer *members_;
  std::vector<std::string> containers_;
  uint32_t host_nodes_ = 0;    // nodes of this part that the host has written itself
  uint64_t part_letters_ = 0;  // and letters
  uint64_t host_letters_ = 0;  // letters that it has written in all parts that are done
  layer_writer layers_;
  calque_builder abi_;
};

}  // namespace calque::host
