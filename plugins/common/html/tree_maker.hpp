// SPDX-License-Identifier: Apache-2.0
// Puts the nodes of a tree together, in the order of the page.
#pragma once

#include "plugins/common/html/tree.hpp"

#include <vector>

namespace calque::plugins::html_reading {

class tree_maker {
 public:
  explicit tree_maker(tree &to) : to_(to) {}

  /// A node in what is open; it is open itself until it is closed.
  node &open(node_type type);
  void close();
  /// A node in what is open, which holds none.
  node &leaf(node_type type);
  size_t depth() const { return open_.size(); }

  /// Gives an element its tag, and its name where gumbo has no number for that.
  void name(node &e, std::string_view written);
  void name(node &e, GumboTag tag, std::string_view written);
  /// Room for so many attributes, to be filled in.
  attribute *attributes(node &e, size_t count);
  /// A string as long as the tree lives: the text's own bytes where they are the same.
  std::string_view keep(std::string_view bytes, stretch written = {});

  /// What the tree begins with, and its <html> element.
  void set_document(const node &document, const node *root);

 private:
  struct open_node {
    node *self, *last_child;
  };
  tree &to_;
  std::vector<open_node> open_;
};

}  // namespace calque::plugins::html_reading
