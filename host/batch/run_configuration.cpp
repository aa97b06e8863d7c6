// SPDX-License-Identifier: Apache-2.0
// All that the results of a pipeline depend on beside the input.
#include "host/batch/run_configuration.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "host/batch/file_digest.hpp"
#include "host/worker/wire.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

/// As an item of a list: in quotation marks where its end would else be in doubt.
std::string item_of(const std::string &text) {
  if (!text.empty() && text.find_first_of(",;\"\\ ") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string text_of(const option_value &value) {
  if (!value.items.empty()) {
    std::string text = "[";
    for (const option_value &item : value.items) text += (text.size() > 1 ? ", " : "") + item_of(text_of(item));
    return text + "]";
  }
  switch (value.type) {
    case CALQUE_BOOL: return value.i != 0 ? "true" : "false";
    case CALQUE_INT:
    case CALQUE_SIZE:
    case CALQUE_DURATION: return std::to_string(value.i);
    case CALQUE_FLOAT: return fmt::format("{}", value.f);
    default: return value.text;
  }
}

std::string joined(const std::vector<std::string> &texts) {
  std::string all;
  for (const std::string &text : texts) all += (all.empty() ? "" : ", ") + item_of(text);
  return all;
}

std::string text_of(const stage_condition &when) {
  std::string text;
  if (!when.language.empty()) text += fmt::format("language: {}; ", joined(when.language));
  if (!when.media_type.empty()) text += fmt::format("media_type: {}; ", joined(when.media_type));
  for (const auto &[key, patterns] : when.fields) text += fmt::format("{}: {}; ", key, joined(patterns));
  return text;
}

void add_paths(const option_value &value, std::vector<std::string> &paths) {
  for (const option_value &item : value.items) add_paths(item, paths);
  if (value.items.empty() && !value.text.empty()) paths.push_back(value.text);  // the option's default among them
}

/// What an importer hands over may be read by any other one.
bool depends_on_importers(const stage_description &stage) {
  return (stage.flags & CALQUE_EMBEDS) != 0;
}

std::string plugin_text(const stage_description &stage) {
  return fmt::format("{} {} ({})", stage.id, stage.version, stage.digest);
}

std::string prefix_of(const pipeline_stage &stage) {
  return "stage." + stage.name + ".";
}

/// The digest of the fields that `belongs` picks.
template <class Belongs>
std::string digest_where(const configuration &fields, Belongs &&belongs) {
  configuration picked;
  std::copy_if(fields.begin(), fields.end(), std::back_inserter(picked), [&](const auto &field) {
    return field.first.starts_with("library ") || field.first.starts_with("limits.") || belongs(field.first);
  });
  const short_digest digest = digest_of(picked);
  return {reinterpret_cast<const char *>(digest.data()), digest.size()};
}

}  // namespace

stage_resources resources_of(const pipeline_stage &stage) {
  stage_resources found;
  for (std::size_t k = 0; k < stage.options.size() && k < stage.description.options.size(); ++k)
    if (stage.description.options[k].type == CALQUE_PATH) add_paths(stage.options[k], found.paths);
  for (const std::string &need : stage.description.needs) {
    if (need.starts_with("file:")) found.paths.push_back(need.substr(5));
    if (need == "fonts")
      for (const char *place : {"/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts"}) found.paths.emplace_back(place);
  }
  return found;
}

std::string fingerprint_of_path(const std::string &path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) return "missing";
  const auto digest = [](const std::string &file) -> std::string {
    const descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    const auto found = fd ? sha256_of_file(*fd) : std::nullopt;
    return found ? to_hex(*found) : "unreadable";
  };
  if (!fs::is_directory(status)) return "sha256:" + digest(path);
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed))
    if (at->is_regular_file(failed)) files.push_back(at->path().string());
  std::sort(files.begin(), files.end());
  wire_writer all;
  for (const std::string &file : files) {
    all.add(file);
    all.add(digest(file));
  }
  return "sha256:" + to_hex(sha256_of(all.bytes()));
}

configuration configuration_of(const pipeline &whole, const plugin_catalog &catalog,
                               const std::vector<std::pair<std::string, std::string>> &libraries) {
  configuration fields;
  const auto add = [&](std::string name, std::string value) { fields.emplace_back(std::move(name), std::move(value)); };
  // By name: the same code at another place makes the same.
  for (const auto &[path, id] : libraries) add("library " + path.substr(path.rfind('/') + 1), id);
  const limits &bounds = whole.bounds;
  for (const auto &[name, value] : {std::pair{"input", bounds.max_input}, {"text", bounds.max_text},
                                    {"nodes", bounds.max_nodes}, {"depth", bounds.max_depth},
                                    {"annotations", bounds.max_annotations}, {"resource", bounds.max_resource},
                                    {"output", bounds.max_output}, {"parts", bounds.max_parts},
                                    {"archive_members", bounds.max_archive_members},
                                    {"archive_member", bounds.max_archive_member},
                                    {"archive_total", bounds.max_archive_total},
                                    {"archive_ratio", bounds.max_archive_ratio},
                                    {"archive_depth", bounds.max_archive_depth},
                                    {"embedded", bounds.max_embedded}, {"nesting", bounds.max_nesting}})
    add(fmt::format("limits.{}", name), std::to_string(value));
  add("loss.allow", joined(whole.loss.allow));
  add("loss.default", whole.loss.warn_only ? "warn" : "fail");
  for (std::size_t k = 0; k < whole.severities.size(); ++k) {
    constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
    const severity_rule &rule = whole.severities[k];
    add(fmt::format("diagnostics.{}.{}", k + 1, rule.pattern),
        rule.level ? std::string(levels[static_cast<std::size_t>(*rule.level)]) : "off");
  }
  std::vector<std::string> order;
  for (const pipeline_stage &stage : whole.stages) {
    const std::string prefix = prefix_of(stage);
    order.push_back(stage.name);
    add(prefix + std::string(role_name(stage.description.role)), plugin_text(stage.description));
    const std::vector<option_value> values = with_defaults(stage.description.options, stage.options);
    // The default counts as if it were given; what is neither is no field, which is not the same as empty.
    for (std::size_t k = 0; k < values.size(); ++k)
      if (const option_description &option = stage.description.options[k]; values[k].is_set || option.default_value)
        add(prefix + "with." + option.name, text_of(values[k]));
    for (const std::string &path : resources_of(stage).paths) add(prefix + "file " + path, fingerprint_of_path(path));
    if (!stage.when.empty()) add(prefix + "when", text_of(stage.when));
    if (!stage.to.empty()) add(prefix + "to", stage.to);
  }
  add("stages", joined(order));
  if (whole.needs_all_importers())
    for (const stage_description &stage : catalog.stages())
      if (stage.role == stage_role::import) add("importer " + stage.id, plugin_text(stage));
  std::sort(fields.begin(), fields.end());
  return fields;
}

std::string fingerprint_of_stage(const configuration &fields, const pipeline_stage &stage) {
  const std::string prefix = prefix_of(stage);
  // Where its file goes is no matter of what is in it; the runner has the name in the key.
  return digest_where(fields, [&](const std::string &name) {
    return (name.starts_with(prefix) && name != prefix + "to") ||
           (depends_on_importers(stage.description) && name.starts_with("importer "));
  });
}

std::string fingerprint_of_importer(const configuration &fields, const stage_description &importer) {
  return digest_where(fields, [&](const std::string &name) {
    return name == "importer " + importer.id || (depends_on_importers(importer) && name.starts_with("importer "));
  });
}

std::vector<changed_field> compare(const configuration &before, const configuration &after) {
  std::vector<changed_field> changed;
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    if (now == after.end() || (old != before.end() && old->first < now->first)) {
      changed.push_back({old->first, old->second, ""});
      ++old;
    } else if (old == before.end() || now->first < old->first) {
      changed.push_back({now->first, "", now->second});
      ++now;
    } else {
      if (old->second != now->second) changed.push_back({now->first, old->second, now->second});
      ++old, ++now;
    }
  }
  return changed;
}

}  // namespace calque::host
