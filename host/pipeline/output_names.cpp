// SPDX-License-Identifier: Apache-2.0
// The names of outputs: what the placeholders of a stage's `to` stand for.
#include "host/pipeline/output_names.hpp"

#include <fmt/format.h>

namespace calque::host {

std::string stem_of(std::string_view name) {
  const size_t dot = name.rfind('.');
  return std::string(dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot));
}

std::string name_from_identifier(std::string_view identifier) {
  while (!identifier.empty() && identifier.back() == '/') identifier.remove_suffix(1);
  identifier.remove_prefix(identifier.rfind('/') + 1); // npos + 1 is 0
  std::string name;
  for (const char c : identifier.substr(0, 100)) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                          c == '_' || c == '-';
    name += is_plain ? c : '-';
  }
  return name.find_first_not_of(".-") == std::string::npos ? std::string() : name;
}

std::string suffix_of(const stage_description &exporter) {
  for (const std::string &made : exporter.accepts)
    if (made.starts_with("*.")) return made.substr(1);
  return ".out";
}

std::string default_output_name(const stage_description &exporter) {
  return "{dir}/{stem}" + suffix_of(exporter);
}

std::string output_name(std::string_view pattern, const output_name_parts &parts) {
  const bool needs_part = parts.parts > 1 && pattern.find("{part}") == std::string_view::npos;
  const std::string tail = needs_part ? fmt::format("-{}", parts.part) : std::string();
  std::string path;
  while (!pattern.empty()) {
    const auto take = [&](std::string_view placeholder, const std::string &value) {
      if (!pattern.starts_with(placeholder)) return false;
      pattern.remove_prefix(placeholder.size());
      path += value;
      return true;
    };
    if (pattern.starts_with("{dir}/") && parts.dir.empty()) {
      pattern.remove_prefix(6); // no folder between: no slash either
      continue;
    }
    if (take("{dir}", parts.dir) || take("{stem}", parts.stem + tail) ||
        take("{id}", (parts.id.empty() ? parts.stem : parts.id) + tail) || take("{part}", std::to_string(parts.part)))
      continue;
    path += pattern.front();
    pattern.remove_prefix(1);
  }
  return path;
}

}  // namespace calque::host
