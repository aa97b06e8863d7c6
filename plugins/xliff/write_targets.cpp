// SPDX-License-Identifier: Apache-2.0
// Targets: the fragment that a translation is, with the inline codes of its unit as the source has them.
#include <memory>

#include "../common/xml_reading.hpp"
#include "export.hpp"
#include "vocabulary.hpp"

namespace xliff {

using calque::plugins::xml_node;
using calque::plugins::xml_tree;

/// A translation that is no fragment is plain text. Codes that the unit does not have are left out, their words not.
std::string writer::target(const unit_state &u, std::string_view text) {
  std::string outside = std::move(out_);
  out_.clear();
  std::unique_ptr<const xml_tree> tree;
  if (text.find_first_of("<&") != std::string_view::npos) {
    try {
      const std::string whole = "<t xmlns=\"" + std::string(core_space) + "\">" + std::string(text) + "</t>";
      tree = std::make_unique<xml_tree>(whole, "xliff");
      bool has_unknown = false;
      std::vector<std::pair<uint32_t, std::string>> open;
      auto close_until = [&](uint32_t index) {
        for (; !open.empty() && tree->at(open.back().first).end <= index; open.pop_back()) out_ += open.back().second;
      };
      for (uint32_t i = tree->root() + 1; i < tree->at(tree->root()).end; ++i) {
        close_until(i);
        const xml_node &n = tree->at(i);
        if (n.is == xml_node::what::text) characters(n.text);
        if (n.is != xml_node::what::element) continue;
        const std::string_view id = tree->attribute_or(i, n.name == "ec" ? "startRef" : "id");
        const auto known = u.codes.find(id);
        const bool is_placeholder = n.name == "ph", is_span = n.name == "pc" || n.name == "sc" || n.name == "ec";
        if (n.name == "cp") {
          const std::string_view hex = tree->attribute_or(i, "hex");
          const bool is_number = hex.size() >= 4 && hex.size() <= 6 &&
                                 hex.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
          if (is_number) out_ += "<cp" + attribute("hex", hex) + "/>";
        } else if (known == u.codes.end() || (known->second.is_placeholder ? !is_placeholder : !is_span)) {
          has_unknown = has_unknown || (n.name != "mrk" && n.name != "sm" && n.name != "em");
        } else if (n.name == "ec") {
          out_ += "<ec" + attribute("startRef", id) + "/>";
        } else {
          const code &c = known->second;
          out_ += "<" + std::string(n.name) + c.attributes;
          if (!c.data.empty() && n.name != "ph") out_ += attribute(n.name == "pc" ? "dataRefStart" : "dataRef", c.data);
          out_ += n.name == "pc" ? ">" : "/>";
          if (n.name == "pc") open.emplace_back(i, "</pc>");
        }
      }
      close_until(UINT32_MAX);
      unknown_codes_ += has_unknown;
    } catch (const calque::failure &) {
      tree = nullptr;
      out_.clear();
    }
  }
  if (!tree) characters(text);
  std::swap(out_, outside);
  return outside;
}

}  // namespace xliff
