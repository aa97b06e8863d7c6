// SPDX-License-Identifier: Apache-2.0
// The rules that a plugin's description must keep.
#include "host/plugins/check_plugin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "host/document/layer_schemas.hpp"
#include "host/document/stage_rules.hpp"
#include "host/plugins/description.hpp"
#include "host/plugins/options.hpp"

namespace calque::host {
namespace {

bool is_small(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Words of small letters and digits, with `joints` within them.
bool is_word(std::string_view text, std::string_view joints) {
  if (text.empty() || !is_small(text.front()) || !is_small(text.back())) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return is_small(c) || joints.find(c) != joints.npos; });
}

/// At least two words with dots between.
bool is_dotted(std::string_view text, std::string_view joints) {
  size_t words = 0;
  while (true) {
    const size_t dot = std::min(text.find('.'), text.size());
    if (!is_word(text.substr(0, dot), joints)) return false;
    ++words;
    if (dot == text.size()) return words > 1;
    text.remove_prefix(dot + 1);
  }
}

class checker {
 public:
  explicit checker(std::string who) : who_(std::move(who)) {}

  template <class... Args>
  void wrong(fmt::format_string<Args...> text, Args &&...args) {
    found.push_back(error("plugin.bad-description", who_ + ": " + fmt::format(text, std::forward<Args>(args)...),
                          "this is a mistake in the plugin; please report it to its author"));
  }

  /// True when the string is there, in UTF-8, and not empty.
  bool text(const char *given, std::string_view what) {
    if (given == nullptr || *given == '\0') {
      wrong("{} is missing", what);
      return false;
    }
    return utf8(given, what);
  }
  bool utf8(const char *given, std::string_view what) {
    if (is_utf8(given)) return true;
    wrong("{} is not UTF-8", what);
    return false;
  }

  std::vector<diagnostic> found;

 private:
  std::string who_;
};

template <class T>
const T &entry(const T *first, uint32_t stride, uint32_t k) {
  return *reinterpret_cast<const T *>(reinterpret_cast<const std::byte *>(first) + size_t{stride} * k);
}

void check_default(checker &check, const calque_option &option, const std::string &what) {
  option_description copy{option.name, "", option.default_value, {}, option.min, option.max, option.type, option.flags};
  for (const char *const *choice = option.choices; choice != nullptr && *choice != nullptr; ++choice)
    copy.choices.emplace_back(*choice);
  if (auto parsed = parse_option(copy, option.default_value); !parsed)
    check.wrong("{}: the default does not hold: {}", what, parsed.error().message);
}

void check_option(checker &check, const calque_option &option, std::set<std::string> &names) {
  if (!check.text(option.name, "the name of an option")) return;
  const std::string what = fmt::format("option \"{}\"", option.name);
  if (!is_word(option.name, "_")) check.wrong("{}: a name has small letters, digits and _", what);
  if (!names.insert(option.name).second) check.wrong("{} stands there twice", what);
  check.text(option.summary, what + ": the summary");
  if (option.type > CALQUE_DURATION) {
    check.wrong("{}: there is no type {}", what, option.type);
    return;
  }
  if ((option.flags & ~uint32_t{CALQUE_REQUIRED | CALQUE_LIST | CALQUE_DEPRECATED}) != 0)
    check.wrong("{}: unknown flags {:#x}", what, option.flags);
  if (std::isnan(option.min) || std::isnan(option.max)) check.wrong("{}: a bound is not a number", what);
  std::set<std::string> choices;
  for (const char *const *choice = option.choices; choice != nullptr && *choice != nullptr; ++choice)
    if (check.text(*choice, what + ": a choice") && !choices.insert(*choice).second)
      check.wrong("{}: the choice \"{}\" stands there twice", what, *choice);
  if (option.type == CALQUE_ENUM && choices.empty()) check.wrong("{}: a choice without choices", what);
  if (option.type != CALQUE_ENUM && !choices.empty()) check.wrong("{}: choices, but its type is no choice", what);
  if (option.default_value == nullptr) return;
  if ((option.flags & CALQUE_REQUIRED) != 0) check.wrong("{}: it must be given, yet has a default", what);
  if (check.utf8(option.default_value, what + ": the default")) check_default(check, option, what);
}

void check_code(checker &check, const calque_code &code, std::set<std::string> &names) {
  if (!check.text(code.code, "a code")) return;
  const std::string what = fmt::format("code \"{}\"", code.code);
  if (!is_dotted(code.code, "_-")) check.wrong("{}: a code is dotted, like \"record.field-label\"", what);
  if (!names.insert(code.code).second) check.wrong("{} stands there twice", what);
  check.text(code.help, what + ": the help");
  if (code.thing > CALQUE_THING_LANGUAGE) check.wrong("{}: there is no thing {}", what, code.thing);
  if (code.effect > CALQUE_EFFECT_DROPPED) check.wrong("{}: there is no effect {}", what, code.effect);
  if (code.severity < CALQUE_DEBUG || code.severity > CALQUE_ERROR)
    check.wrong("{}: there is no severity {}", what, code.severity);
}

void check_layers(checker &check, const char *const *list, std::string_view what) {
  std::set<std::string> names;
  for (; list != nullptr && *list != nullptr; ++list) {
    if (!check.utf8(*list, what)) continue;
    const std::string_view name = *list;
    if (!is_layer_name(name))
      check.wrong("{}: \"{}\" is no layer; they look like \"owner.name/1\"", what, name);
    else if (name.starts_with("calque.") && find_schema(name) == nullptr)
      check.wrong("{}: there is no layer \"{}\" in this version of Calque", what, name);
    if (!names.emplace(name).second) check.wrong("{}: \"{}\" stands there twice", what, name);
  }
}

void check_needs(checker &check, const char *const *list) {
  for (; list != nullptr && *list != nullptr; ++list) {
    if (!check.text(*list, "a need")) continue;
    const std::string_view need = *list;
    if (need != "fonts" && !need.starts_with("file:/") && !need.starts_with("exec:") && !need.starts_with("net:"))
      check.wrong("\"{}\" is no need; they are file:/PATH, fonts, exec:PROGRAM and net:HOST", need);
  }
}

void check_roles(checker &check, const calque_stage &stage) {
  const int roles = (stage.importer != nullptr) + (stage.normalizer != nullptr) + (stage.annotator != nullptr) +
                    (stage.exporter != nullptr);
  if (roles != 1) check.wrong("it has {} roles, and a stage has exactly one", roles);
  const auto ops = [&](const auto *table, std::string_view role) {
    if (table == nullptr) return;
    if (table->struct_size < sizeof(*table))
      check.wrong("its {} table has {} bytes, {} are needed", role, table->struct_size, sizeof(*table));
    else if (table->run == nullptr)
      check.wrong("its {} table has no run", role);
  };
  ops(stage.importer, "importer");
  ops(stage.normalizer, "normalizer");
  ops(stage.annotator, "annotator");
  ops(stage.exporter, "exporter");
  if (stage.importer != nullptr && stage.importer->struct_size >= sizeof(calque_importer_ops) &&
      stage.importer->probe == nullptr)
    check.wrong("its importer table has no probe");
  if (stage.create == nullptr || stage.destroy == nullptr) check.wrong("create or destroy is missing");
}

}  // namespace

std::vector<diagnostic> check_stage(const calque_stage &stage) {
  checker check(stage.struct_size >= sizeof(calque_stage) && stage.id != nullptr && is_utf8(stage.id)
                    ? fmt::format("stage \"{}\"", stage.id)
                    : std::string("a stage"));
  if (stage.struct_size < sizeof(calque_stage)) {
    check.wrong("its table has {} bytes, {} are needed", stage.struct_size, sizeof(calque_stage));
    return std::move(check.found);
  }
  if (check.text(stage.id, "the id") && !is_dotted(stage.id, "_-"))
    check.wrong("the id is dotted, like \"calque.markdown\" or \"org.example.diaries\"");
  check.text(stage.version, "the version");
  check.text(stage.summary, "the summary");
  check_roles(check, stage);
  if ((stage.flags & ~uint32_t{CALQUE_REENTRANT | CALQUE_VOLATILE | CALQUE_TILED | CALQUE_EMBEDS}) != 0)
    check.wrong("unknown flags {:#x}", stage.flags);
  if ((stage.flags & CALQUE_TILED) != 0 && stage.importer == nullptr)
    check.wrong("only importers can promise to tile their source");
  if ((stage.flags & CALQUE_EMBEDS) != 0 && stage.importer == nullptr) check.wrong("only importers hand members over");

  if (stage.option_count > 0 && (stage.options == nullptr || stage.option_stride < sizeof(calque_option))) {
    check.wrong("its options have {} bytes each, {} are needed", stage.option_stride, sizeof(calque_option));
  } else {
    std::set<std::string> names;
    for (uint32_t k = 0; k < stage.option_count; ++k)
      check_option(check, entry(stage.options, stage.option_stride, k), names);
  }
  if (stage.code_count > 0 && (stage.codes == nullptr || stage.code_stride < sizeof(calque_code))) {
    check.wrong("its codes have {} bytes each, {} are needed", stage.code_stride, sizeof(calque_code));
  } else {
    std::set<std::string> names;
    for (uint32_t k = 0; k < stage.code_count; ++k)
      check_code(check, entry(stage.codes, stage.code_stride, k), names);
  }
  for (const char *const *accepted = stage.accepts; accepted != nullptr && *accepted != nullptr; ++accepted)
    check.text(*accepted, "what it accepts");
  check_layers(check, stage.required_layers, "required layers");
  check_layers(check, stage.used_layers, "used layers");
  check_layers(check, stage.written_layers, "written layers");
  for (const char *const *layer = stage.written_layers; layer != nullptr && *layer != nullptr; ++layer)
    if (std::strcmp(*layer, "calque.change/1") == 0)
      check.wrong("written layers: \"calque.change/1\" is written by the host alone");
  if (stage.exporter != nullptr && stage.written_layers != nullptr && *stage.written_layers != nullptr)
    check.wrong("written layers: an exporter writes files and nothing else");
  check_needs(check, stage.needs);
  return std::move(check.found);
}

std::vector<diagnostic> check_plugin(const calque_plugin &plugin) {
  static constexpr char magic[8] = CALQUE_MAGIC;
  if (std::memcmp(plugin.magic, magic, sizeof(magic)) != 0)
    return {error("plugin.bad-magic", fmt::format("{} does not begin with the mark of a Calque plugin", CALQUE_ENTRY),
                  "the file exports the right name for something else; it was not made with calque.h")};
  if (plugin.abi_major != CALQUE_ABI_MAJOR || plugin.abi_minor != CALQUE_ABI_MINOR) {
    static_assert(CALQUE_ABI_MAJOR == 0, "from 1.0 on a plugin may need any minor up to the host's");
    return {error("plugin.abi",
                  fmt::format("it was built for ABI {}.{}, this is {}.{}", plugin.abi_major, plugin.abi_minor,
                              CALQUE_ABI_MAJOR, CALQUE_ABI_MINOR),
                  plugin.abi_major != CALQUE_ABI_MAJOR
                      ? "build it anew with the SDK of this version, or take a version of Calque that fits it"
                      : "until 1.0 the minor must match exactly: build it anew with the SDK of this version")};
  }
  checker check("the plugin");
  if (plugin.struct_size < sizeof(calque_plugin)) {
    check.wrong("its table has {} bytes, {} are needed", plugin.struct_size, sizeof(calque_plugin));
    return std::move(check.found);
  }
  check.text(plugin.name, "its name");
  check.text(plugin.version, "its version");
  check.text(plugin.license, "its license");
  if (plugin.url != nullptr) check.utf8(plugin.url, "its url");
  if (plugin.built_with != nullptr) check.utf8(plugin.built_with, "what it was built with");
  if (plugin.stage_count == 0 || plugin.stages == nullptr) check.wrong("it has no stages");
  std::set<std::pair<stage_role, std::string>> known;
  for (uint32_t k = 0; plugin.stages != nullptr && k < plugin.stage_count; ++k) {
    if (plugin.stages[k] == nullptr) {
      check.wrong("stage {} is missing", k);
      continue;
    }
    std::vector<diagnostic> found = check_stage(*plugin.stages[k]);
    if (found.empty()) {
      const stage_description stage = describe(*plugin.stages[k]);
      if (!known.emplace(stage.role, stage.id).second)
        check.wrong("it has the stage {} \"{}\" twice", role_name(stage.role), stage.id);
    }
    check.found.insert(check.found.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return std::move(check.found);
}

}  // namespace calque::host
