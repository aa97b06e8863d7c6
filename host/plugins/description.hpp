// SPDX-License-Identifier: Apache-2.0
// What plugins say of themselves, as plain data that outlives them: copied, compared, stored as JSON, shown.
#pragma once

#include <calque/calque.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

enum class stage_role { import, normalize, annotate, export_ };
/// "import", "normalize", "annotate", "export".
std::string_view role_name(stage_role);
std::optional<stage_role> role_of(std::string_view name);

struct option_description {
  std::string name, summary;
  std::optional<std::string> default_value;  // TOML text
  std::vector<std::string> choices;
  double min = 1, max = 0;  // min > max: no bounds
  uint32_t type = CALQUE_BOOL, flags = 0;
  bool operator==(const option_description &) const = default;
};

struct code_description {
  std::string code, help;
  uint32_t thing = 0, effect = 0;
  int32_t severity = 0;
  bool operator==(const code_description &) const = default;
};

struct stage_description {
  stage_role role = stage_role::import;
  std::string id, version, summary;
  std::vector<option_description> options;
  std::vector<code_description> codes;
  std::vector<std::string> accepts, required_layers, used_layers, written_layers, needs;
  uint32_t flags = 0;
  std::string plugin;          // the plugin's name
  std::string path;            // of its file, absolute
  std::string digest;          // SHA-256 of its file, hexadecimal
  bool operator==(const stage_description &) const = default;
};

struct plugin_description {
  std::string name, version, license, url, built_with;
  uint16_t abi_major = CALQUE_ABI_MAJOR, abi_minor = CALQUE_ABI_MINOR;
  std::string path, digest;
  std::vector<stage_description> stages;
  bool operator==(const plugin_description &) const = default;
};

/// One stage's table as data. Reads it as it is: only tables that check_plugin found sound may come here.
stage_description describe(const calque_stage &);
/// A plugin's tables as data; path and digest are the caller's to set (set_file).
plugin_description describe(const calque_plugin &);
/// Says of the plugin and all its stages which file they are in.
void set_file(plugin_description &, std::string path, std::string digest);

/// JSON with a fixed order of members and without what differs from one machine to the next (path, digest,
/// compiler), so that it can be compared with a golden file.
std::string to_json(const plugin_description &);

/// What came of describing a plugin, in one line of JSON, for the child process and the cache; and back. Nothing when
/// the text is no such report. Places are not kept.
std::string to_report(const result<plugin_description> &);
std::optional<result<plugin_description>> parse_report(std::string_view json);

/// One stage in Markdown, as `calque plugins show` prints it and READMEs of plugins hold it: options, codes, layers.
std::string to_markdown(const stage_description &);

/// "calque.tei" without "calque.", the name that pipelines use; other ids as they are.
std::string_view plain_id(std::string_view id);

}  // namespace calque::host
