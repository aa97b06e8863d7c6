// SPDX-License-Identifier: Apache-2.0
// What a document holds, in a few lines for people: fields, blocks, speeches by speaker, annotations by layer.
#include "host/pipeline/found.hpp"

#include <fmt/format.h>

#include <calque/document.hpp>
#include <map>
#include <vector>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

/// Counts in the order in which things first came.
class tally {
 public:
  void add(std::string_view name) {
    for (auto &[known, count] : counts_)
      if (known == name) {
        ++count;
        return;
      }
    counts_.emplace_back(name, 1);
  }
  bool empty() const { return counts_.empty(); }
  std::string text() const {
    std::string out;
    for (const auto &[name, count] : counts_) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, name);
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::size_t>> counts_;
};

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("  {:<26}{}\n", label, show_text(text));
}

/// A printed label as a name: "Zhang:" → "Zhang", "Vice Minister Zhang (hereinafter …):" → "Vice Minister Zhang".
std::string_view plain_label(std::string_view label) {
  label = label.substr(0, label.find(" ("));
  return label.substr(0, label.find_last_not_of(" :") + 1);
}

}  // namespace

std::string describe_found(const calque_document &document) {
  const document_view d(document);
  const id_index ids(d);
  std::string out;
  for (const node field : d.fields())
    if (!field.text().empty()) out += line(field.attr("key").value_or("field"), field.text());

  tally blocks;
  for (const node n : d.main_flow())
    if (n.is_text_block() || n.is(kind::speech) || n.is(kind::table) || n.is(kind::figure)) blocks.add(n.kind_name());
  if (!blocks.empty()) out += line("blocks", blocks.text());

  // Speakers by the person that a layer ties them to, else by their labels.
  std::map<std::uint32_t, std::string> speaker_of;
  for (const annotation &a : d.annotations("calque.name/1")) {
    const auto person = a.value("person");
    if (a.kind() != "speaker" || !a.node_id() || !person) continue;
    const auto who = ids.annotation(static_cast<std::uint32_t>(std::stoul(std::string(*person))));
    if (who) speaker_of[*a.node_id()] = who->value("short").value_or(who->value("full").value_or(""));
  }
  tally speeches;
  for (const node n : d.main_flow()) {
    if (!n.is(kind::speech)) continue;
    std::string name = speaker_of[n.id()];
    for (const node child : n.children())
      if (name.empty() && child.is(kind::speaker)) name = plain_label(child.text());
    speeches.add(name.empty() ? "without a name" : name);
  }
  if (!speeches.empty()) out += line("speeches", speeches.text());

  std::map<std::string, tally> layers;
  for (std::uint32_t l = 0; l < d.layer_count(); ++l)
    for (std::uint32_t k = 0; k < d.layer(l).size(); ++k) layers[std::string(d.layer(l).name())].add(d.layer(l)[k].kind());
  for (const auto &[name, kinds] : layers) out += line(name, kinds.text());
  for (const annotation &a : d.annotations("calque.date/1"))
    if (a.value("part") == "meeting") out += line("meeting", a.value("edtf").value_or(""));
  return out;
}

}  // namespace calque::host
