// SPDX-License-Identifier: Apache-2.0
// Loads and runs the bad plugins of this folder as the program does; each must be caught, by name.
#include <gtest/gtest.h>

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "host/document/ledger.hpp"
#include "host/document/rewriter.hpp"
#include "host/plugins/describe.hpp"
#include "host/plugins/plugin_catalog.hpp"
#include "host/plugins/plugin_library.hpp"
#include "host/plugins/stage_instance.hpp"
#include "host/plugins/symbol_table.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

fs::path file_of(const std::string &name) {
  return fs::path(BAD_PLUGINS_FOLDER) / ("bad_" + name + ".calque");
}

/// A folder of this test's own.
class scratch {
 public:
  scratch() {
    std::string name = (fs::temp_directory_path() / "calque-bad-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~scratch() { fs::remove_all(path); }
  fs::path path;
};

std::string read_file(const fs::path &file) {
  std::ifstream in(file, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

catalog_settings settings_for(const fs::path &folder, const fs::path &cache = {}) {
  // Generous, as the machine may be busy; what hangs has a test with a limit of its own.
  return {{folder}, cache, DESCRIBE_PROGRAM, std::chrono::seconds(60)};
}

/// The catalogue of some of the plugins, by way of children.
plugin_catalog catalog_of(const std::vector<std::string> &names) {
  const scratch folder;
  for (const std::string &name : names) fs::create_symlink(file_of(name), folder.path / file_of(name).filename());
  return plugin_catalog::discover(settings_for(folder.path));
}

/// Why a plugin cannot be loaded: all its reasons, "code: message".
std::string reason_of(const std::string &name) {
  const plugin_catalog catalog = catalog_of({name});
  EXPECT_TRUE(catalog.stages().empty());
  if (catalog.broken().size() != 1) return "not broken";
  EXPECT_NE(catalog.broken_reasons().front().find("bad_" + name + ".calque: "), std::string::npos);
  std::string all;
  for (const diagnostic &d : catalog.broken().front().reasons) all += d.code + ": " + d.message + "\n";
  return all;
}

bool has(const std::string &text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// What the pre-check and the description tell.

TEST(bad_plugin, without_the_symbol) {
  EXPECT_EQ(reason_of("no_symbol"), "plugin.no-symbol: it does not export calque_plugin_v1\n");
}

TEST(bad_plugin, of_another_major_names_both) {
  EXPECT_EQ(reason_of("abi_major"), "plugin.abi: it was built for ABI 7.1, this is 0.1\n");
}

TEST(bad_plugin, of_another_minor_names_both_while_the_major_is_0) {
  EXPECT_EQ(reason_of("abi_minor"), "plugin.abi: it was built for ABI 0.0, this is 0.1\n");
}

TEST(bad_plugin, without_the_magic) {
  EXPECT_TRUE(has(reason_of("magic"), "plugin.bad-magic: "));
}

TEST(bad_plugin, with_too_small_a_table) {
  EXPECT_TRUE(has(reason_of("small_struct"), "plugin.bad-description: the plugin: its table has 24 bytes"));
}

TEST(bad_plugin, with_two_roles) {
  EXPECT_TRUE(has(reason_of("two_roles"), "stage \"bad.two_roles\": it has 2 roles, and a stage has exactly one"));
}

TEST(bad_plugin, with_a_default_that_does_not_parse) {
  EXPECT_TRUE(has(reason_of("default_value"),
                  "stage \"bad.default_value\": option \"depth\": the default does not hold: 'deep' is not an integer"));
}

TEST(bad_plugin, with_many_faults_is_told_all_of_them) {
  const std::string reasons = reason_of("many_faults");
  for (const char *one :
       {"the id is dotted", "the summary is not UTF-8", "option \"Depth\": a name has small letters",
        "option \"mode\": the choice \"a\" stands there twice", "option \"mode\": it must be given, yet has a default",
        "\"b\" is not one of a", "option \"mode\" stands there twice", "option \"mode\": the summary is missing",
        "[ is not TOML", "code \"nodots\": a code is dotted", "code \"bad.thing\": there is no thing 77",
        "\"segment\" is no layer", "there is no layer \"calque.nothing/1\"", "written by the host alone",
        "\"sunshine\" is no need"})
    EXPECT_TRUE(has(reasons, one)) << one << " is not among\n" << reasons;
}

TEST(bad_plugin, that_is_no_library) {
  const scratch folder;
  std::ofstream(folder.path / "text.calque") << "not a library\n";
  std::ofstream(folder.path / "empty.calque").flush();
  fs::create_symlink("/nowhere/at/all", folder.path / "dangling.calque");
  const std::string whole = read_file(file_of("sound"));
  for (const size_t size : {size_t{20}, size_t{64}, whole.size() / 2, whole.size() - 1})
    std::ofstream(folder.path / ("cut" + std::to_string(size) + ".calque"), std::ios::binary).write(whole.data(), static_cast<std::streamsize>(size));
  const plugin_catalog catalog = plugin_catalog::discover(settings_for(folder.path));
  EXPECT_TRUE(catalog.stages().empty());
  ASSERT_EQ(catalog.broken().size(), 7u);
  for (const broken_plugin &one : catalog.broken()) {
    ASSERT_EQ(one.reasons.size(), 1u);
    const bool is_dangling = has(one.path, "dangling");
    EXPECT_EQ(one.reasons.front().code, is_dangling ? "plugin.unreadable" : "plugin.not-a-library") << one.path;
    EXPECT_EQ(one.reasons.front().where.file, one.path);
    if (has(one.path, "cut")) {
      EXPECT_TRUE(has(one.reasons.front().message, "cut off") || has(one.reasons.front().message, "too short"));
    }
  }
}

// One byte of the head, the table of sections or a symbol at a time; most such files are still libraries.
TEST(find_symbol, survives_damaged_files) {
  const scratch folder;
  const std::string whole = read_file(file_of("sound"));
  const fs::path file = folder.path / "damaged";
  size_t faults = 0, missing = 0;
  const auto try_byte = [&](size_t at, unsigned char value) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(value);
    std::ofstream(file, std::ios::binary) << damaged;
    const symbol_lookup looked = find_symbol(file, CALQUE_ENTRY);
    faults += !looked.fault.empty();
    missing += looked.fault.empty() && !looked.is_there;
  };
  for (size_t k = 0; k < 64; ++k) try_byte(k, 0xff);
  Elf64_Ehdr head;
  std::memcpy(&head, whole.data(), sizeof(head));
  for (size_t k = 0; k < size_t{head.e_shnum} * sizeof(Elf64_Shdr); k += 3) try_byte(head.e_shoff + k, 0xff);
  EXPECT_GT(faults, 20u);
  EXPECT_GT(missing, 0u);
}

TEST(find_symbol, finds_it_in_a_stripped_library) {
  const scratch folder;
  const fs::path file = folder.path / "bad_sound.calque";
  fs::copy_file(file_of("sound"), file);
  ASSERT_EQ(std::system(("strip " + file.string()).c_str()), 0);
  EXPECT_TRUE(check_symbol(file));
  EXPECT_EQ(plugin_catalog::discover(settings_for(folder.path)).stages().size(), 4u);
}

// What only a child process survives.

TEST(bad_plugin, that_crashes_when_loaded) {
  EXPECT_TRUE(has(reason_of("crashes_on_load"), "plugin.crashed: it crashed (SIGABRT) while it was loaded"));
}

TEST(bad_plugin, that_ends_the_process_when_loaded) {
  EXPECT_TRUE(has(reason_of("exits_on_load"), "plugin.crashed: it ended the process (exit code 0) while it was loaded"));
}

TEST(bad_plugin, that_hangs_when_loaded) {
  const auto began = std::chrono::steady_clock::now();
  const auto described = describe_in_child(DESCRIBE_PROGRAM, file_of("hangs_on_load"), std::chrono::seconds(2));
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().code, "plugin.timed-out");
  EXPECT_TRUE(has(described.error().message, "within 2 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
}

TEST(bad_plugin, that_lacks_a_function_is_refused_with_the_loaders_words) {
  const std::string reason = reason_of("missing_function");
  EXPECT_TRUE(has(reason, "plugin.cannot-load: "));
  EXPECT_TRUE(has(reason, "calque_function_that_nobody_has")) << reason;
}

TEST(bad_plugin, that_prints_when_loaded_is_described_all_the_same) {
  const plugin_catalog catalog = catalog_of({"prints_on_load"});
  EXPECT_TRUE(catalog.broken().empty());
  EXPECT_NE(catalog.find(stage_role::annotate, "bad.prints_on_load"), nullptr);
}

TEST(describe_in_child, tells_when_the_program_is_not_there) {
  const auto described = describe_in_child("/nowhere/calque", file_of("sound"), std::chrono::seconds(60));
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().code, "plugin.probe-failed");
  EXPECT_TRUE(has(described.error().message, "/nowhere/calque could not be started"));
}

TEST(plugin_catalog, keeps_the_others_beside_broken_ones) {
  const plugin_catalog catalog = catalog_of({"crashes_on_load", "sound", "no_symbol"});
  EXPECT_EQ(catalog.broken().size(), 2u);
  EXPECT_EQ(catalog.stages().size(), 4u);
  const stage_description *stage = catalog.find(stage_role::export_, "bad.sound");
  ASSERT_NE(stage, nullptr);
  EXPECT_EQ(stage->plugin, "bad_sound");
  EXPECT_EQ(stage->digest.size(), 64u);
  EXPECT_EQ(catalog.find(stage_role::export_, "sound"), nullptr) << "only calque. is implied";
}

TEST(plugin_catalog, first_on_the_search_path_wins_and_the_other_is_told) {
  const scratch first, second;
  fs::create_symlink(file_of("sound"), first.path / "sound.calque");
  fs::create_symlink(file_of("sound"), second.path / "sound.calque");
  catalog_settings settings = settings_for(first.path);
  settings.folders.push_back(second.path);
  const plugin_catalog catalog = plugin_catalog::discover(settings);
  EXPECT_EQ(catalog.stages().size(), 4u);
  ASSERT_EQ(catalog.shadowed().size(), 4u);
  EXPECT_EQ(catalog.shadowed().front().used.path, (first.path / "sound.calque").string());
  EXPECT_EQ(catalog.shadowed().front().unused.path, (second.path / "sound.calque").string());
}

TEST(plugin_catalog, asks_each_file_once) {
  const scratch folder, cache;
  fs::create_symlink(file_of("sound"), folder.path / "sound.calque");
  fs::create_symlink(file_of("two_roles"), folder.path / "two.calque");
  fs::create_symlink(file_of("crashes_on_load"), folder.path / "crash.calque");
  catalog_settings settings = settings_for(folder.path, cache.path);
  const plugin_catalog before = plugin_catalog::discover(settings);
  settings.program = "/nowhere/calque";  // so that asking again would show
  const plugin_catalog after = plugin_catalog::discover(settings);
  EXPECT_EQ(after.stages(), before.stages());
  ASSERT_EQ(after.broken().size(), 2u);
  EXPECT_EQ(after.broken()[0].reasons.front().code, "plugin.probe-failed") << "a crash is asked again";
  EXPECT_EQ(after.broken()[1].reasons.front().message, before.broken()[1].reasons.front().message);
}

TEST(plugin_catalog, chooses_the_importer_that_knows_the_input) {
  const plugin_catalog catalog = catalog_of({"sound", "untiled"});
  calque_probe input{};
  input.struct_size = sizeof(input);
  // Symbolic links of catalog_of are gone by now, and load_plugin follows paths.
  std::vector<stage_description> stages = catalog.stages();
  for (stage_description &stage : stages) stage.path = file_of(stage.plugin.substr(4)).string();
  const plugin_catalog whole(stages);
  const auto chosen = whole.choose_importer(input);
  ASSERT_TRUE(chosen);
  EXPECT_EQ((*chosen)->id, "bad.sound");
  stages.erase(std::remove_if(stages.begin(), stages.end(), [](const auto &s) { return s.id == "bad.sound"; }), stages.end());
  const auto none = plugin_catalog(stages).choose_importer(input);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "input.unknown-format");
  EXPECT_TRUE(has(none.error().hint, "bad.untiled"));
}

// What shows only in a run.

struct outcome {
  bool ok = false;
  std::string code, message, stage;  // of the decisive error
  size_t errors = 0;                 // in the diagnostics
};

std::unique_ptr<stage_instance> make(const std::string &name, stage_role role, diagnostics &out) {
  auto described = describe_in_child(DESCRIBE_PROGRAM, file_of(name), std::chrono::seconds(60));
  if (!described) {
    ADD_FAILURE() << described.error().message;
    return nullptr;
  }
  set_file(*described, file_of(name).string(), "");
  for (const stage_description &stage : described->stages)
    if (stage.role == role)
      if (auto made = stage_instance::make(stage, {}, out)) return std::move(*made);
  return nullptr;
}

document import_sound(std::string_view text) {
  diagnostics out;
  auto made = make("sound", stage_role::import, out)->run_import({"a.txt", "text/plain", text}, {limits{}, nullptr, out});
  EXPECT_TRUE(made) << made.error().message;
  return made->parts.front();
}

outcome run(const std::string &name, stage_role role, stop_flag *stop = nullptr) {
  static constexpr std::string_view text = "Zhang: добро пожаловать.";
  diagnostics out;
  outcome ended;
  const auto take = [&](const auto &result) {
    ended.ok = result.has_value();
    if (!ended.ok) {
      ended.code = result.error().code;
      ended.message = result.error().message;
      ended.stage = result.error().stage;
    }
  };
  const limits within;
  const run_context context{within, stop, out};
  if (const auto stage = make(name, role, out)) {
    switch (role) {
      case stage_role::import: take(stage->run_import({"a.txt", "", text}, context)); break;
      case stage_role::normalize: take(stage->run_normalize(import_sound(text), context)); break;
      case stage_role::annotate: take(stage->run_annotate(import_sound(text), context)); break;
      case stage_role::export_: take(stage->run_export(import_sound(text), context)); break;
    }
  } else if (!out.all().empty()) {
    take(result<void>(out.all().front()));
  }
  for (const diagnostic &d : out.all()) {
    ended.errors += d.level == severity::error;
    EXPECT_TRUE(has(d.stage, "bad." + name)) << d.code << " does not name the plugin: " << d.stage;
  }
  // The reason is among the diagnostics, once.
  EXPECT_EQ(ended.errors, ended.ok ? 0u : 1u) << name;
  return ended;
}

TEST(bad_run, sound_plugin_passes_in_all_roles) {
  for (const stage_role role : {stage_role::import, stage_role::normalize, stage_role::annotate, stage_role::export_}) {
    const outcome ended = run("sound", role);
    EXPECT_TRUE(ended.ok) << role_name(role) << ": " << ended.message;
  }
}

TEST(bad_run, exception_out_of_run_is_caught_and_blamed) {
  const outcome ended = run("throws", stage_role::annotate);
  EXPECT_EQ(ended.code, "plugin.exception");
  EXPECT_TRUE(has(ended.message, "the sky fell"));
}

TEST(bad_run, exception_out_of_create_is_caught_and_blamed) {
  EXPECT_EQ(run("throws_from_create", stage_role::annotate).code, "plugin.foreign-exception");
}

TEST(bad_run, failure_without_a_report_is_reported) {
  const outcome ended = run("silent_failure", stage_role::annotate);
  EXPECT_EQ(ended.code, "plugin.silent-failure");
  EXPECT_EQ(ended.message, "it failed without saying why (bug in plugin)");
}

TEST(bad_run, unknown_status_is_a_failure) {
  const outcome ended = run("unknown_status", stage_role::annotate);
  EXPECT_EQ(ended.code, "plugin.unknown-status");
  EXPECT_TRUE(has(ended.message, "4711"));
}

TEST(bad_run, status_that_the_host_did_not_give_is_a_failure) {
  EXPECT_EQ(run("unfounded_status", stage_role::annotate).code, "plugin.unfounded-status");
}

TEST(bad_run, error_that_was_reported_fails_whatever_run_returns) {
  EXPECT_EQ(run("error_and_ok", stage_role::annotate).code, "bad.declared");
}

TEST(bad_run, source_must_be_tiled) {
  const outcome ended = run("untiled", stage_role::import);
  EXPECT_EQ(ended.code, "ledger.source-not-tiled");
  EXPECT_TRUE(has(ended.message, "neither in the document nor skipped")) << ended.message;
}

TEST(bad_run, dropped_text_needs_a_code) {
  const outcome ended = run("drops_text", stage_role::normalize);
  EXPECT_FALSE(ended.ok);
  EXPECT_TRUE(has(ended.code, "ledger.")) << ended.code << ": " << ended.message;
}

TEST(bad_run, undeclared_code_fails_the_document_whatever_run_returns) {
  const outcome ended = run("undeclared_code", stage_role::annotate);
  EXPECT_EQ(ended.code, "plugin.misuse");
  EXPECT_TRUE(has(ended.message, "\"bad.made-up\" is not in the stage's table of codes"));
}

TEST(bad_run, undeclared_layer_cannot_be_opened) {
  const outcome ended = run("undeclared_layer", stage_role::annotate);
  EXPECT_EQ(ended.code, "plugin.misuse");
  EXPECT_TRUE(has(ended.message, "calque.date/1")) << ended.message;
}

TEST(bad_run, span_inside_a_code_point_fails_the_document_whatever_run_returns) {
  const outcome ended = run("inside_code_point", stage_role::annotate);
  EXPECT_EQ(ended.code, "plugin.misuse");
  EXPECT_TRUE(has(ended.message, "code point")) << ended.message;
}

TEST(bad_run, exporter_accounts_for_every_node) {
  const outcome ended = run("unaccounted", stage_role::export_);
  EXPECT_TRUE(has(ended.code, "ledger.")) << ended.code << ": " << ended.message;
}

TEST(bad_run, exporter_stays_in_its_folder) {
  const outcome ended = run("path_climbs", stage_role::export_);
  EXPECT_EQ(ended.code, "plugin.misuse");
  EXPECT_TRUE(has(ended.message, "..")) << ended.message;
}

TEST(bad_run, stops_at_the_first_call_after_it_was_asked_to) {
  for (const stage_role role : {stage_role::import, stage_role::annotate, stage_role::export_})
    for (uint64_t k = 1; k <= 3; ++k) {
      stop_flag stop;
      stop.stop_at_call(k);
      EXPECT_EQ(run("sound", role, &stop).code, "run.stopped") << role_name(role) << " at call " << k;
    }
}

}  // namespace
}  // namespace calque::host
