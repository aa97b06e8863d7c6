// SPDX-License-Identifier: Apache-2.0
// Checks each call of an importer; nodes are kept as they come, and asides are put in place when a part ends.
#include "host/document/builder.hpp"

#include <algorithm>

#include "host/document/validate.hpp"

namespace calque::host {
namespace {

builder &self(calque_builder *b) {
  return *static_cast<builder *>(b->host_data);
}

std::string range_text(uint64_t begin, uint64_t end) {
  return "[" + std::to_string(begin) + ", " + std::to_string(end) + ")";
}

/// Names of fields: words of lower case, digits and underscores, with dots between owner and name.
bool is_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

}  // namespace

builder::builder(stage_rules rules, const input_bytes &input, const limits &within, stop_flag *stop, diagnostics &out,
                 member_importer *members)
    : shared_(std::move(rules), within, stop, out),
      input_(input.bytes),
      members_(members),
      containers_(input.containers),
      layers_(
          shared_, [this] { return std::string_view(tree_.text()); },
          [this](uint32_t id) { return id < next_node_id_; }, 1) {
  sources_.push_back({CALQUE_NONE, input.name, input.media_type, "", input.bytes.size(), sha256_of(input.bytes)});
  abi_ = {
      sizeof(calque_builder),
      0,
      this,
      layers_.abi(),
      [](calque_builder *b, uint32_t source, calque_str name) { return self(b).encoding(source, to_view(name)); },
      [](calque_builder *b, uint32_t parent, calque_str name, calque_str type, calque_str bytes, uint32_t *source) {
        return self(b).member(parent, to_view(name), to_view(type), to_view(bytes), source);
      },
      [](calque_builder *b, calque_str name, uint16_t *kind) { return self(b).kind(to_view(name), kind); },
      [](calque_builder *b, uint16_t kind, uint32_t *id) { return self(b).begin(kind, id); },
      [](calque_builder *b, calque_str role, uint32_t anchor, uint32_t *id) {
        return self(b).aside(to_view(role), anchor, id);
      },
      [](calque_builder *b, calque_str key, calque_str language, uint32_t *id) {
        return self(b).field(to_view(key), to_view(language), id);
      },
      [](calque_builder *b) { return self(b).end(); },
      [](calque_builder *b, uint16_t kind, calque_str bytes, uint32_t source, uint64_t from, uint64_t to,
         uint32_t *id) { return self(b).text(kind, to_view(bytes), source, from, to, id); },
      [](calque_builder *b, calque_str bytes, uint32_t source, uint64_t from, uint64_t to) {
        return self(b).more(to_view(bytes), source, from, to);
      },
      [](calque_builder *b, calque_str key, calque_str value) { return self(b).attr(to_view(key), to_view(value)); },
      [](calque_builder *b, uint32_t source, uint64_t from, uint64_t to, calque_str code) {
        return self(b).skip(source, from, to, to_view(code));
      },
      [](calque_builder *b, calque_str name, calque_str type, calque_str bytes) {
        return self(b).resource(to_view(name), to_view(type), to_view(bytes));
      },
      [](calque_builder *b, uint32_t *at) -> calque_status {
        *at = static_cast<uint32_t>(self(b).tree_.text().size());
        return CALQUE_OK;
      },
      [](calque_builder *b) { return self(b).next_part(); },
      [](calque_builder *b, uint32_t thing, uint64_t count) { return self(b).seen(thing, count); },
      [](calque_builder *b, uint32_t parent, calque_str name, calque_str type, calque_str bytes) {
        return self(b).embed(parent, to_view(name), to_view(type), to_view(bytes));
      }};
  begin_part();
}

calque_status builder::encoding(uint32_t source, std::string_view name) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (source >= sources_.size())
    return shared_.misuse("builder.encoding", "there is no source " + std::to_string(source));
  if (!is_utf8(name)) return shared_.misuse("builder.encoding", "the name is not UTF-8");
  sources_[source].encoding = name;
  return CALQUE_OK;
}

calque_status builder::member(uint32_t parent, std::string_view name, std::string_view media_type,
                              std::string_view bytes, uint32_t *source) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (parent >= sources_.size())
    return shared_.misuse("builder.member", "there is no source " + std::to_string(parent));
  if (!is_utf8(name) || !is_utf8(media_type)) return shared_.misuse("builder.member", "a name is not UTF-8");
  if (bytes.size() > shared_.within.max_resource)
    return shared_.limit("bytes of a member", shared_.within.max_resource, bytes.size());
  sources_.push_back({parent, std::string(name), std::string(media_type), "", bytes.size(), sha256_of(bytes)});
  member_bytes_.emplace_back(bytes);
  *source = static_cast<uint32_t>(sources_.size() - 1);
  return CALQUE_OK;
}

calque_status builder::kind(std::string_view name, uint16_t *kind) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  *kind = core_kind(name);
  if (*kind != CALQUE_KIND_NAMED) return CALQUE_OK;
  if (!is_kind_name(name))
    return shared_.misuse("builder.kind", "\"" + std::string(name) + "\" is neither a core kind nor x.owner/thing");
  const auto number = tree_.named_kind(name);
  if (!number) return shared_.limit("named kinds", UINT16_MAX - CALQUE_KIND_NAMED, UINT16_MAX);
  *kind = *number;
  return CALQUE_OK;
}

calque_status builder::can_add_node() {
  if (tree_.node_count() >= shared_.within.max_nodes)
    return shared_.limit("nodes", shared_.within.max_nodes, uint64_t{tree_.node_count()} + 1);
  if (tree_.depth() >= shared_.within.max_depth)
    return shared_.limit("depth of the tree", shared_.within.max_depth, tree_.depth() + 1);
  return CALQUE_OK;
}

void builder::open(uint16_t kind, uint32_t *id) {
  tree_.open(kind, next_node_id_);
  if (id != nullptr) *id = next_node_id_;
  ++next_node_id_;
}

calque_status builder::begin(uint16_t kind, uint32_t *id) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (const calque_status status = can_add_node(); status != CALQUE_OK) return status;
  if (!tree_.knows_kind(kind) || kind_class(kind) == CALQUE_CLASS_LEAF || kind == CALQUE_DOCUMENT ||
      kind == CALQUE_ASIDE)
    return shared_.misuse("builder.begin", std::to_string(kind) + " is no container that can be opened here");
  if (const char *why = tree_.why_not_open(kind)) return shared_.misuse("builder.begin", why);
  if (!is_anything_open()) has_blocks_ = true;
  open(kind, id);
  return CALQUE_OK;
}

calque_status builder::aside(std::string_view role, uint32_t anchor_id, uint32_t *id) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (const calque_status status = can_add_node(); status != CALQUE_OK) return status;
  if (anchor_id >= next_node_id_) return shared_.misuse("builder.aside", "the anchor is to be written first");
  if (!is_key(role) || role == "field")
    return shared_.misuse("builder.aside", "a role is a word such as note, alt, comment or reading");
  has_asides_ = true;
  open(CALQUE_ASIDE, id);
  tree_.attr("role", role);
  tree_.attr("anchor", std::to_string(anchor_id));
  return CALQUE_OK;
}

calque_status builder::field(std::string_view key, std::string_view language, uint32_t *id) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (const calque_status status = can_add_node(); status != CALQUE_OK) return status;
  if (is_anything_open() || has_blocks_) return shared_.misuse("builder.field", "fields come before the first block");
  if (!is_key(key) || !is_utf8(language))
    return shared_.misuse("builder.field", "\"" + std::string(key) + "\" is no key of a field");
  open(CALQUE_ASIDE, id);
  tree_.attr("role", "field");
  tree_.attr("key", key);
  if (!language.empty()) tree_.attr("lang", language);
  return CALQUE_OK;
}

calque_status builder::end() {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (!is_anything_open()) return shared_.misuse("builder.end", "nothing is open");
  tree_.close();
  return CALQUE_OK;
}

calque_status builder::check_range(const char *call, uint32_t source, uint64_t from, uint64_t to) {
  if (source >= sources_.size()) return shared_.misuse(call, "there is no source " + std::to_string(source));
  if (from > to || to > sources_[source].size)
    return shared_.misuse(call, range_text(from, to) + " is not in source " + std::to_string(source) + ", which has " +
                                    std::to_string(sources_[source].size) + " bytes");
  return CALQUE_OK;
}

calque_status builder::take_text(const char *call, std::string_view bytes, uint32_t source, uint64_t from,
                                 uint64_t to) {
  if (const calque_status status = check_range(call, source, from, to); status != CALQUE_OK) return status;
  if (!is_utf8(bytes)) return shared_.misuse(call, "the text is not UTF-8");
  if (tree_.text().size() + bytes.size() > shared_.within.max_text)
    return shared_.limit("bytes of text", shared_.within.max_text, tree_.text().size() + bytes.size());
  return CALQUE_OK;
}

void builder::note_read(uint32_t source, uint64_t from, uint64_t to) {
  if (source == 0)
    account_.claim(from, to);
  else
    read_.insert(source);
}

void builder::put_origin(std::string_view bytes, uint32_t source, uint64_t from, uint64_t to) {
  note_read(source, from, to);
  if (bytes.empty()) return;
  const std::string_view stored = source == 0 ? input_ : std::string_view(member_bytes_[source - 1]);
  const bool exact = to - from == bytes.size() && stored.substr(from, bytes.size()) == bytes;
  origins_.add(static_cast<uint32_t>(tree_.text().size()), source, from, to, exact);
}

calque_status builder::text(uint16_t kind, std::string_view bytes, uint32_t source, uint64_t from, uint64_t to,
                            uint32_t *id) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (const calque_status status = can_add_node(); status != CALQUE_OK) return status;
  if (kind_class(kind) != CALQUE_CLASS_LEAF)
    return shared_.misuse("builder.text", std::to_string(kind) + " is no kind of leaf");
  if ((kind == CALQUE_ANCHOR || kind == CALQUE_IMAGE) && !bytes.empty())
    return shared_.misuse("builder.text", "anchors and images have no text of their own; an alt text is an aside");
  if ((kind == CALQUE_LINE_BREAK && bytes != "\n") || (kind == CALQUE_SOFT_BREAK && bytes != " "))
    return shared_.misuse("builder.text", "the text of a line break is a line feed, of a soft break a blank");
  if (const calque_status status = take_text("builder.text", bytes, source, from, to); status != CALQUE_OK)
    return status;
  if (kind != CALQUE_ANCHOR && kind != CALQUE_IMAGE && bytes.empty() && from < to)
    return shared_.misuse("builder.text", "bytes that give no text are skipped, with a code");
  if (!is_anything_open()) has_blocks_ = true;
  put_origin(bytes, source, from, to);
  tree_.leaf(kind, next_node_id_, bytes);
  if (id != nullptr) *id = next_node_id_;
  ++next_node_id_;
  return CALQUE_OK;
}

calque_status builder::more(std::string_view bytes, uint32_t source, uint64_t from, uint64_t to) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (!tree_.last_is_leaf()) return shared_.misuse("builder.more", "no leaf was written last");
  const uint16_t kind = tree_.nodes().kind.back();
  if (kind != CALQUE_TEXT && kind != CALQUE_CODE && kind != CALQUE_MATH && kind != CALQUE_RAW)
    return shared_.misuse("builder.more", "this kind of leaf has a text of its own");
  if (bytes.empty() && from < to)
    return shared_.misuse("builder.more", "bytes that give no text are skipped, with a code");
  if (const calque_status status = take_text("builder.more", bytes, source, from, to); status != CALQUE_OK)
    return status;
  put_origin(bytes, source, from, to);
  tree_.append(bytes);
  return CALQUE_OK;
}

calque_status builder::attr(std::string_view key, std::string_view value) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (key.empty() || !is_utf8(key) || !is_utf8(value)) return shared_.misuse("builder.attr", "key and value are UTF-8");
  if (tree_.string_bytes() + key.size() + value.size() > shared_.within.max_text)
    return shared_.limit("bytes of attributes", shared_.within.max_text, tree_.string_bytes() + value.size());
  if (!tree_.attr(key, value))
    return shared_.misuse("builder.attr", "the node has \"" + std::string(key) + "\" already");
  return CALQUE_OK;
}

calque_status builder::skip(uint32_t source, uint64_t from, uint64_t to, std::string_view code) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (const calque_status status = check_range("builder.skip", source, from, to); status != CALQUE_OK) return status;
  const calque_code *entry = shared_.rules.find_code(code);
  if (entry == nullptr)
    return shared_.misuse("builder.skip", "the stage does not declare the code " + std::string(code));
  note_read(source, from, to);
  const std::string_view stored = source == 0 ? input_ : std::string_view(member_bytes_[source - 1]);
  ledger_.add(shared_.rules.name, *entry, 1, count_letters(stored.substr(from, to - from)), 0, to - from);
  return CALQUE_OK;
}

calque_status builder::resource(std::string_view name, std::string_view media_type, std::string_view bytes) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (!is_utf8(name) || !is_utf8(media_type) || !is_resource_name(name))
    return shared_.misuse("builder.resource", "the name is relative, in UTF-8, and does not climb");
  if (resource_names_.contains(name))
    return shared_.misuse("builder.resource", std::string(name) + " is there already");
  if (bytes.size() > shared_.within.max_resource)
    return shared_.limit("bytes of a resource", shared_.within.max_resource, bytes.size());
  resource_names_.emplace(name);
  resources_.push_back({std::string(name), std::string(media_type), std::string(bytes)});
  return CALQUE_OK;
}

calque_status builder::next_part() {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (is_anything_open()) return shared_.misuse("builder.next_part", "something is still open");
  if (const uint64_t parts = parts_.size() + embedded_.size(); parts + 1 >= shared_.within.max_parts)
    return shared_.limit("parts", shared_.within.max_parts, parts + 2);
  end_part();
  return shared_.status();
}

calque_status builder::seen(uint32_t thing, uint64_t count) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (!count_of(countables{}, thing)) return shared_.misuse("builder.seen", "this is nothing that the ledger counts");
  seen_[thing] += count;
  return CALQUE_OK;
}

void builder::end_part() {
  document_sections sections;
  tree_.finish(sections);
  sections.origins = std::make_shared<const origin_columns>(std::move(origins_));
  sections.resources = std::make_shared<const std::vector<resource_data>>(std::move(resources_));
  sections.next_node_id = next_node_id_;
  if (has_asides_) put_asides_in_place(sections);
  const node_columns &nodes = *sections.nodes;
  std::vector<text_span> range_of(next_node_id_);
  for (uint32_t i = 0; i < nodes.count(); ++i) range_of[nodes.id[i]] = {nodes.text_begin[i], nodes.text_end[i]};
  sections.layers = layers_.finish([](uint32_t) { return false; }, [&](uint32_t id) { return range_of[id]; });
  sections.next_annotation_id = layers_.next_id();
  parts_.push_back(std::move(sections));

  layers_.clear();
  tree_ = tree_writer(0);
  origins_ = {};
  resources_ = {};
  resource_names_ = {};
  next_node_id_ = 1;
  has_blocks_ = has_asides_ = false;
  host_letters_ += part_letters_;
  begin_part();
}

void builder::check_tiling() {
  const auto fault = account_.find_fault(input_.size());
  if (!fault) return;
  diagnostic d = shared_.blame("ledger.source-not-tiled",
                               "bytes " + range_text(fault->begin, fault->end) + " of the source are " +
                                   (fault->twice ? "accounted for twice" : "neither in the document nor skipped"),
                               "each byte is in exactly one origin or skip");
  d.where.source = source_span{0, fault->begin, fault->end};
  shared_.fail(std::move(d));
}

void builder::check_seen() {
  for (const auto &[thing, seen] : seen_) {
    uint64_t there = 0, skipped = 0;
    for (const document_sections &part : parts_) there += count_of(count(document(part).view()), thing).value_or(0);
    if (thing == CALQUE_THING_TEXT) there -= host_letters_;
    for (const ledger_entry &entry : ledger_.entries())
      if (entry.thing == thing) skipped += thing == CALQUE_THING_TEXT ? entry.letters_before : entry.count;
    if (there + skipped == seen) continue;
    const std::string what(thing == CALQUE_THING_TEXT ? "letters" : thing_name(thing));
    shared_.fail(shared_.blame("ledger.not-all-seen",
                               what + ": " + std::to_string(seen) + " in the source, " + std::to_string(there) +
                                   " in the document and " + std::to_string(skipped) + " skipped",
                               "what was seen is in the document or skipped with a code"));
  }
}

result<import_result> builder::finish() {
  if (!shared_.failed()) {
    if (is_anything_open())
      shared_.misuse("builder.end", "something is still open at the end");
    else if (embedded_.empty() || !is_part_empty())  // what only holds members has no document of its own
      end_part();
  }
  const auto sources = std::make_shared<const std::vector<source_data>>(sources_);
  for (document_sections &part : parts_) part.sources = sources;
  if (!shared_.failed() && (shared_.rules.stage->flags & CALQUE_TILED) != 0) check_tiling();
  if (!shared_.failed()) check_seen();
  if (shared_.failed()) return shared_.failure();
  drop_unread_sources();
  import_result made;
  auto next = embedded_.begin();
  for (std::size_t k = 0; k <= parts_.size(); ++k) {
    for (; next != embedded_.end() && (next->behind == k || k == parts_.size()); ++next)
      made.parts.push_back(within_chain(next->made, chain_of(next->parent)));
    if (k < parts_.size()) made.parts.emplace_back(std::move(parts_[k]));
  }
  made.account = std::move(ledger_);
  return made;
}

}  // namespace calque::host
