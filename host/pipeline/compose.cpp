// SPDX-License-Identifier: Apache-2.0
// Includes and overrides of pipeline files.
#include "host/pipeline/compose.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

namespace calque::host {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 16 << 20;
constexpr std::size_t most_files = 100;

// Regular files only: a FIFO would wait for ever, and a device may have no end.
std::optional<std::string> read_config(const std::string &path, const place &where, problems &out) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) {
    const bool denied = failed == std::errc::permission_denied;
    out.error(denied ? "pipeline.unreadable-file" : "pipeline.missing-file", where,
              "`" + path + "` " + (denied ? "may not be read" : "does not exist"),
              denied ? "the folders above it must be readable"
                     : "relative names start at the folder of the file that says them");
    return std::nullopt;
  }
  if (!fs::is_regular_file(status)) {
    out.error("pipeline.unreadable-file", where,
              "`" + path + "` is " + (fs::is_directory(status) ? "a folder" : "not a regular file"),
              "name a TOML file");
    return std::nullopt;
  }
  const std::uintmax_t size = fs::file_size(path, failed);
  if (!failed && size > most_bytes) {
    out.error("pipeline.unreadable-file", where, "`" + path + "` is bigger than 16 MiB", "is it a pipeline at all?");
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    out.error("pipeline.unreadable-file", where, "`" + path + "` cannot be read", "is it yours to read? try `ls -l`");
    return std::nullopt;
  }
  return text;
}

// `over` wins; lists that `path` names add up.
void merge(config_value &base, config_value &&over, const std::string &path, problems &out) {
  for (config_entry &entry : over.entries) {
    config_entry *old = base.find(entry.key);
    const std::string here = path.empty() ? entry.key : path + "." + entry.key;
    if (!old) {
      base.entries.push_back(std::move(entry));
      continue;
    }
    const bool adds_up = here == "stage" || here == "test" || here == "loss.allow";
    if (adds_up && old->value.type == config_type::list && entry.value.type == config_type::list) {
      std::move(entry.value.items.begin(), entry.value.items.end(), std::back_inserter(old->value.items));
    } else if (adds_up && old->value.type == config_type::list) {
      report_type(entry.value, "`" + entry.key + "`", type_name(config_type::list), out);
    } else if (old->value.type == config_type::table && entry.value.type == config_type::table) {
      merge(old->value, std::move(entry.value), here, out);
    } else {
      *old = std::move(entry);
    }
  }
}

struct composer {
  source_texts &sources;
  problems &out;
  std::vector<std::string> open = {};  // the chain of files being read
  std::size_t files = 0;
  bool has_failed = false;

  // An own error stops nothing: the other files are read too, so that all errors come at once.
  config_value read(const std::string &path, std::optional<std::string> text, const place &where) {
    config_value root;
    ++files;
    if (!text) text = read_config(path, where, out);
    if (!text) {
      has_failed = true;
      return root;
    }
    const source_text &source = sources.add({path, std::move(*text)});
    std::optional<config_value> parsed = parse_config(source, out);
    if (!parsed) {
      has_failed = true;
      return root;
    }
    const config_entry *found = parsed->find("include");
    const std::optional<config_entry> include = found ? std::optional(*found) : std::nullopt;
    std::erase_if(parsed->entries, [](const config_entry &entry) { return entry.key == "include"; });
    root.where = parsed->where;
    if (include) {
      open.push_back(absolute_path(path, {}));
      read_includes(*include, root);
      open.pop_back();
    }
    merge(root, std::move(*parsed), {}, out);
    return root;
  }

  void read_includes(const config_entry &include, config_value &root) {
    config_value holder;
    holder.entries.push_back(include);
    table_reader reader(holder, "the file", out);
    for (const config_value *name : reader.texts("include")) {
      const std::string path = (fs::path(name->where.file).parent_path() / name->text).lexically_normal().string();
      const std::string absolute = absolute_path(name->text, name->where);
      if (std::find(open.begin(), open.end(), absolute) != open.end()) {
        const bool is_direct = absolute == open.back();
        out.error("pipeline.include-cycle", name->where,
                  is_direct ? "the file includes itself"
                            : "`" + name->text + "` includes this file, which would include it again",
                  is_direct ? "leave it out" : "move what both need into a third file");
        has_failed = true;
      } else if (files >= most_files) {
        out.error("pipeline.too-many-files", name->where, "more than 100 files are included", {});
        has_failed = true;
        return;
      } else {
        merge(root, read(path, std::nullopt, name->where), {}, out);
      }
    }
  }
};

std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + "\"";
}

void apply_to_stages(config_value &root, config_value &&given, problems &out) {
  config_entry *stages = root.find("stage");
  std::vector<std::string> names;
  if (stages)
    for (const config_value &stage : stages->value.items) names.push_back(stage_name(stage));
  for (config_entry &entry : given.entries) {
    const auto found = std::find(names.begin(), names.end(), entry.key);
    if (found == names.end()) {
      out.error("pipeline.unknown-stage", entry.where, "no stage is called `" + entry.key + "`",
                did_you_mean(entry.key, names, "the stages are"));
    } else if (entry.value.type != config_type::table) {
      out.error("pipeline.bad-override", entry.where, "`stage." + entry.key + "` is a whole stage",
                "say what of it: stage." + entry.key + ".with.OPTION=VALUE");
    } else {
      merge(stages->value.items[static_cast<std::size_t>(found - names.begin())], std::move(entry.value),
            "stage." + entry.key, out);
    }
  }
}

// One override as TOML; a value that is not TOML is a text. Blank lines before it give it its line number.
std::optional<config_value> parse_override(std::string &line, std::size_t index, problems &out) {
  place where;
  where.file = override_file;
  where.line = static_cast<std::uint32_t>(index) + 1;
  where.column = 1;
  where.length = static_cast<std::uint32_t>(std::min<std::size_t>(line.size(), 60));
  const std::size_t equals = line.find('=');
  if (equals == std::string::npos || equals == 0 || line.find('\n') != std::string::npos) {
    std::replace(line.begin(), line.end(), '\n', ' ');
    out.error("pipeline.bad-override", where, "an override is one line of the form KEY=VALUE",
              "e.g. --set output.folder=editions");
    return std::nullopt;
  }
  const std::string before(index, '\n');
  const std::string as_text = line.substr(0, equals + 1) + quoted(std::string_view(line).substr(equals + 1));
  for (const std::string &form : {line, as_text}) {
    problems unsaid;
    if (auto parsed = parse_config(source_text(std::string(override_file), before + form), unsaid)) {
      line = form;
      return parsed;
    }
  }
  out.error("pipeline.bad-override", where, "`" + line.substr(0, equals) + "` is no key",
            "keys are joined with dots: --set stage.tei.with.indent=false");
  return std::nullopt;
}

}  // namespace

std::optional<config_value> compose_config(const std::string &path, std::optional<std::string> text,
                                           std::span<const std::string> overrides, source_texts &sources,
                                           problems &out) {
  composer all{.sources = sources, .out = out};
  place named;
  named.file = path;
  config_value root = all.read(path, std::move(text), named);

  std::string lines;
  std::vector<config_value> given;
  for (std::size_t k = 0; k < overrides.size(); ++k) {
    std::string line = overrides[k];
    if (auto parsed = parse_override(line, k, out)) given.push_back(std::move(*parsed));
    lines += line + "\n";
  }
  if (!overrides.empty()) sources.add({std::string(override_file), std::move(lines)});
  if (all.has_failed) return std::nullopt;
  for (config_value &one : given) {
    config_entry *stage = one.find("stage");
    if (stage && stage->value.type == config_type::table) {
      apply_to_stages(root, std::move(stage->value), out);
      std::erase_if(one.entries, [](const config_entry &entry) { return entry.key == "stage"; });
    }
    merge(root, std::move(one), {}, out);
  }
  return root;
}

std::string folder_of(const std::string &file) {
  std::error_code failed;
  const fs::path here = fs::current_path(failed);
  if (file == override_file) return here.string();
  return (here / fs::path(file).parent_path()).lexically_normal().string();
}

std::string absolute_path(const std::string &name, const place &where) {
  return (fs::path(folder_of(where.file)) / name).lexically_normal().string();
}

std::string stage_name(const config_value &stage) {
  if (const config_entry *id = stage.find("id"); id && id->value.type == config_type::text) return id->value.text;
  for (const stage_role role : stage_roles)
    if (const config_entry *plugin = stage.find(role_name(role)); plugin && plugin->value.type == config_type::text)
      return std::string(plain_id(plugin->value.text));
  return {};
}

}  // namespace calque::host
