// SPDX-License-Identifier: Apache-2.0
// `when`: whether a stage runs on a document.
#include "host/pipeline/stage_condition.hpp"

#include <algorithm>
#include <calque/document.hpp>

#include "host/document/ledger.hpp"

namespace calque::host {
namespace {

/// "zh" is also zh-Hant.
bool is_language(std::string_view pattern, std::string_view tag) {
  return tag == pattern || (tag.starts_with(pattern) && tag[pattern.size()] == '-');
}

}  // namespace

bool holds(const stage_condition &when, const calque_document &imported, std::string_view media_type) {
  const document_view d(imported);
  const auto any = [](const auto &patterns, const auto &fits) {
    return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), fits);
  };
  std::vector<std::string_view> languages;
  if (const auto lang = d.root().attr("lang")) languages.push_back(*lang);
  for (const node field : d.fields())
    if (field.attr("key") == "language") languages.push_back(field.text());
  const bool has_language = any(when.language, [&](const std::string &pattern) {
    return std::any_of(languages.begin(), languages.end(), [&](std::string_view tag) { return is_language(pattern, tag); });
  });
  const bool has_type = any(when.media_type, [&](const std::string &pattern) { return matches(pattern, media_type); });
  return has_language && has_type && std::all_of(when.fields.begin(), when.fields.end(), [&](const auto &wanted) {
           for (const node field : d.fields())
             if (field.attr("key") == wanted.first &&
                 any(wanted.second, [&](const std::string &pattern) { return matches(pattern, field.text()); }))
               return true;
           return false;
         });
}

}  // namespace calque::host
