// SPDX-License-Identifier: Apache-2.0
// Members that an importer hands over: they are imported at once, and wait for their place among the parts.
#include <algorithm>
#include <memory>
#include <utility>

#include "host/document/builder.hpp"

namespace calque::host {

calque_status builder::embed(uint32_t parent, std::string_view name, std::string_view media_type,
                             std::string_view bytes) {
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if ((shared_.rules.stage->flags & CALQUE_EMBEDS) == 0)
    return shared_.misuse("builder.embed", "the stage does not declare CALQUE_EMBEDS");
  if (parent >= sources_.size())
    return shared_.misuse("builder.embed", "there is no source " + std::to_string(parent));
  if (!is_utf8(name) || !is_utf8(media_type)) return shared_.misuse("builder.embed", "a name is not UTF-8");
  if (bytes.size() > shared_.within.max_resource)
    return shared_.limit("bytes of a member", shared_.within.max_resource, bytes.size());
  if (members_ == nullptr || bytes.empty()) return CALQUE_UNKNOWN;

  input_bytes member{std::string(name), std::string(media_type), bytes, containers_};
  for (const source_data &one : chain_of(parent)) member.containers.push_back(one.name);
  embedded_import made = members_->import_member(member, shared_.out);
  // A stop that came meanwhile is this run's as well.
  if (const calque_status status = shared_.enter(); status != CALQUE_OK) return status;
  if (made.exceeded) return shared_.limit(made.exceeded->what, made.exceeded->granted, made.exceeded->wanted);
  if (made.status != CALQUE_OK) return made.status;
  const uint64_t parts = parts_.size() + 1 + embedded_.size() + made.parts.size();
  if (parts > shared_.within.max_parts) return shared_.limit("parts", shared_.within.max_parts, parts);
  for (document &part : made.parts) embedded_.push_back({parts_.size() + 1, parent, std::move(part)});
  ledger_.append(made.account);
  return CALQUE_OK;
}

// A member's documents say where it was, before anything that its importer finds in it.
void builder::begin_part() {
  part_letters_ = 0;
  const auto put = [&](std::string_view key, std::string_view value) {
    open(CALQUE_ASIDE, nullptr);
    tree_.attr("role", "field");
    tree_.attr("key", key);
    if (!value.empty()) {
      put_origin(value, 0, 0, 0);
      tree_.leaf(CALQUE_TEXT, next_node_id_++, value);
    }
    tree_.close();
    part_letters_ += count_letters(value);
  };
  if (!containers_.empty()) {
    for (const std::string &one : containers_) put("calque.container", one);
    put("calque.member", sources_.front().name);
  }
  host_nodes_ = tree_.node_count();
}

// From the input, or the member that this builder is for, to that source.
std::vector<source_data> builder::chain_of(uint32_t source) const {
  std::vector<source_data> chain;
  for (uint32_t at = source; at != CALQUE_NONE; at = sources_[at].parent) chain.push_back(sources_[at]);
  std::reverse(chain.begin(), chain.end());
  for (uint32_t k = 1; k < chain.size(); ++k) chain[k].parent = k - 1;
  return chain;
}

// A source that only holds members is named by their documents. In those beside them it would be of no use, and would
// make each part of a big mailbox as long as the list of all its messages.
void builder::drop_unread_sources() {
  if (embedded_.empty() || sources_.size() == 1) return;
  std::vector<bool> stays(sources_.size(), true);
  for (const embedded_part &part : embedded_) stays[part.parent] = false;
  for (const uint32_t source : read_) stays[source] = true;
  stays[0] = true;
  for (std::size_t k = sources_.size() - 1; k > 0; --k)
    if (stays[k]) stays[sources_[k].parent] = true;
  std::vector<uint32_t> now(sources_.size(), CALQUE_NONE);
  std::vector<source_data> kept;
  for (uint32_t k = 0; k < sources_.size(); ++k) {
    if (!stays[k]) continue;
    now[k] = static_cast<uint32_t>(kept.size());
    kept.push_back(sources_[k]);
    if (k > 0) kept.back().parent = now[sources_[k].parent];
  }
  const auto sources = std::make_shared<const std::vector<source_data>>(std::move(kept));
  for (document_sections &part : parts_) {
    part.sources = sources;
    origin_columns origins = *part.origins;
    for (uint32_t &source : origins.source) source = now[source];
    part.origins = std::make_shared<const origin_columns>(std::move(origins));
  }
}

document within_chain(const document &made, const std::vector<source_data> &chain) {
  document_sections sections = made.sections();
  std::vector<source_data> sources = chain;
  const auto above = static_cast<uint32_t>(chain.size());
  for (source_data one : *sections.sources) {
    one.parent = one.parent == CALQUE_NONE ? above - 1 : one.parent + above;
    sources.push_back(std::move(one));
  }
  origin_columns origins = *sections.origins;
  for (uint32_t &source : origins.source) source += above;
  sections.sources = std::make_shared<const std::vector<source_data>>(std::move(sources));
  sections.origins = std::make_shared<const origin_columns>(std::move(origins));
  return document(std::move(sections));
}

}  // namespace calque::host
