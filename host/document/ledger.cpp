// SPDX-License-Identifier: Apache-2.0
// Sums, policy and records of the loss ledger.
#include "host/document/ledger.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "host/document/document.hpp"
#include "host/document/stage_rules.hpp"

namespace calque::host {

countables count(const calque_document &d) {
  countables all;
  all.letters = count_letters(to_view(d.text));
  for (uint32_t i = 0; i < d.nodes.count; ++i) {
    switch (d.nodes.kind[i]) {
      case CALQUE_ASIDE:
        if (to_view(find_attr(d, i, "role")) == "note") ++all.notes;
        break;
      case CALQUE_TABLE:
        ++all.tables;
        break;
      case CALQUE_CELL:
        ++all.cells;
        break;
      case CALQUE_IMAGE:
        ++all.images;
        break;
      case CALQUE_LINK:
        ++all.links;
        break;
      case CALQUE_HEADING:
        ++all.headings;
        break;
      case CALQUE_LIST_ITEM:
        ++all.items;
        break;
      default:
        break;
    }
  }
  for (uint32_t l = 0; l < d.layer_count; ++l) {
    const std::string_view name = to_view(d.layers[l]->name);
    if (name == "calque.page/1") all.pages += d.layers[l]->count;
    if (name == "calque.language/1") all.languages += d.layers[l]->count;
  }
  return all;
}

std::optional<uint64_t> count_of(const countables &all, uint32_t thing) {
  switch (thing) {
    case CALQUE_THING_TEXT:
      return all.letters;
    case CALQUE_THING_NOTE:
      return all.notes;
    case CALQUE_THING_TABLE:
      return all.tables;
    case CALQUE_THING_IMAGE:
      return all.images;
    case CALQUE_THING_LINK:
      return all.links;
    case CALQUE_THING_PAGE:
      return all.pages;
    case CALQUE_THING_HEADING:
      return all.headings;
    case CALQUE_THING_ITEM:
      return all.items;
    case CALQUE_THING_LANGUAGE:
      return all.languages;
    default:
      return std::nullopt;
  }
}

void ledger::add(std::string_view stage, const calque_code &code, uint64_t count, uint64_t letters_before,
                 uint64_t letters_after, uint64_t bytes) {
  auto found = std::find_if(entries_.begin(), entries_.end(),
                            [&](const ledger_entry &e) { return e.stage == stage && e.code == code.code; });
  if (found == entries_.end())
    found = entries_.insert(entries_.end(), {std::string(stage), code.code, code.thing, code.effect, 0, 0, 0, 0});
  found->count += count;
  found->letters_before += letters_before;
  found->letters_after += letters_after;
  found->bytes += bytes;
}

void ledger::append(const ledger &other) {
  for (const ledger_entry &more : other.entries_) {
    auto found = std::find_if(entries_.begin(), entries_.end(),
                              [&](const ledger_entry &e) { return e.stage == more.stage && e.code == more.code; });
    if (found == entries_.end()) {
      entries_.push_back(more);
    } else {
      found->count += more.count;
      found->letters_before += more.letters_before;
      found->letters_after += more.letters_after;
      found->bytes += more.bytes;
    }
  }
}

bool matches(std::string_view pattern, std::string_view text) {
  // Greedy with one way back: the last star takes one character more each time.
  size_t p = 0, t = 0, star = std::string_view::npos, taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<diagnostic> check_losses(const ledger &account, const loss_policy &policy) {
  std::vector<diagnostic> found;
  for (const ledger_entry &entry : account.entries()) {
    if (entry.effect != CALQUE_EFFECT_DROPPED) continue;
    if (std::any_of(policy.allow.begin(), policy.allow.end(),
                    [&](const std::string &pattern) { return matches(pattern, entry.code); }))
      continue;
    std::string message =
        std::to_string(entry.count) + " × " + entry.code + " (" + std::string(thing_name(entry.thing)) + " dropped";
    if (entry.letters_before > 0) message += ", " + std::to_string(entry.letters_before) + " letters";
    diagnostic d = error("ledger.loss", message + ")",
                         "if that is right, add \"" + entry.code + "\" to `allow` in [loss] of the pipeline");
    d.stage = entry.stage;
    if (policy.warn_only) d.level = severity::warning;
    found.push_back(std::move(d));
  }
  return found;
}

std::string to_json(const ledger &account) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const ledger_entry &e : account.entries()) {
    nlohmann::ordered_json one = {{"stage", e.stage},
                                  {"code", e.code},
                                  {"thing", thing_name(e.thing)},
                                  {"effect", effect_name(e.effect)},
                                  {"count", e.count},
                                  {"letters_before", e.letters_before},
                                  {"letters_after", e.letters_after}};
    if (e.bytes > 0) one["bytes"] = e.bytes;
    all.push_back(std::move(one));
  }
  return nlohmann::ordered_json{{"schema", "calque.ledger/1"}, {"entries", std::move(all)}}.dump(1);
}

std::string_view thing_name(uint32_t thing) {
  static constexpr std::string_view names[] = {"text", "note",  "table", "image",   "link", "page",
                                               "span", "field", "layer", "heading", "item", "language"};
  return thing < std::size(names) ? names[thing] : std::string_view("thing");
}

std::string_view effect_name(uint32_t effect) {
  static constexpr std::string_view names[] = {"none", "changed", "dropped"};
  return effect < std::size(names) ? names[effect] : std::string_view("effect");
}

}  // namespace calque::host
