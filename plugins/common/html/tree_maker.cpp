// SPDX-License-Identifier: Apache-2.0
// Nodes, lists and strings stand in the tree's own memory, which goes as a whole.
#include "plugins/common/html/tree_maker.hpp"

#include <cstring>
#include <new>

namespace calque::plugins::html_reading {

node &tree_maker::leaf(node_type type) {
  node *const made = new (to_.memory_->allocate(sizeof(node), alignof(node))) node;
  made->type = type;
  made->order = made->last = to_.count_++;
  if (!open_.empty()) {
    auto &[above, last_child] = open_.back();
    made->parent = above;
    made->previous = last_child;
    (last_child != nullptr ? last_child->next : above->first) = made;
    last_child = made;
  }
  return *made;
}

node &tree_maker::open(node_type type) {
  node &made = leaf(type);
  open_.push_back({&made, nullptr});
  return made;
}

void tree_maker::close() {
  open_.back().self->last = to_.count_ - 1;
  open_.pop_back();
}

void tree_maker::name(node &e, std::string_view written) {
  name(e, gumbo_tagn_enum(written.data(), static_cast<unsigned>(written.size())), written);
}

void tree_maker::name(node &e, GumboTag tag, std::string_view written) {
  e.tag = static_cast<uint16_t>(tag);
  if (tag == GUMBO_TAG_UNKNOWN) e.text = keep(lower(written));
}

attribute *tree_maker::attributes(node &e, size_t count) {
  auto *const made = static_cast<attribute *>(to_.memory_->allocate(count * sizeof(attribute), alignof(attribute)));
  std::uninitialized_default_construct_n(made, count);
  e.attributes = made;
  e.attribute_count = static_cast<uint32_t>(count);
  return made;
}

std::string_view tree_maker::keep(std::string_view bytes, stretch written) {
  if (const std::string_view same = to_.text_.substr(written.begin, written.end - written.begin); same == bytes) return same;
  auto *const kept = static_cast<char *>(to_.memory_->allocate(bytes.size(), 1));
  if (!bytes.empty()) std::memcpy(kept, bytes.data(), bytes.size());
  return {kept, bytes.size()};
}

void tree_maker::set_document(const node &document, const node *root) {
  to_.document_ = &document;
  to_.root_ = root;
}

}  // namespace calque::plugins::html_reading
