// SPDX-License-Identifier: Apache-2.0
// `calque schedule`: a pipeline that runs by itself, as systemd units or a line for cron. Nothing is installed.
#include "host/records/schedule.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "host/records/durable_file.hpp"
#include "host/cli/pipelines.hpp"
#include "host/cli/verbs.hpp"
#include "host/pipeline/source_text.hpp"
#include "host/plugins/search_path.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

std::string whole_path(const std::string &path) {
  fs::path whole = fs::absolute(path).lexically_normal();
  if (!whole.has_filename() && whole.has_relative_path()) whole = whole.parent_path();  // "out/" is "out"
  return whole.string();
}

/// Whether systemd knows a calendar expression; nothing where there is no systemd to ask.
std::optional<bool> systemd_knows(const std::string &expression) {
  std::string words[] = {"systemd-analyze", "calendar", "--", expression};
  char *arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&quiet, stream, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments[0], &quiet, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&quiet);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
    return std::nullopt;
  return WEXITSTATUS(status) == 0;
}

result<schedule_time> time_of(const schedule_options &options) {
  if (!options.daily.empty()) return each_day(options.daily);
  if (!options.weekly.empty()) return each_week(options.weekly[0], options.weekly[1]);
  auto when = by_calendar(options.calendar);
  if (when.has_value() && systemd_knows(options.calendar) == false)
    return error("schedule.bad-time",
                 fmt::format("systemd does not know the calendar expression \"{}\"", options.calendar),
                 "`systemd-analyze calendar` tries one; `man systemd.time` explains them");
  return when;
}

/// The folder that a pattern begins at: all that comes before its first wildcard.
std::string fixed_part(const std::string &pattern) {
  const std::size_t wildcard = std::min(pattern.find_first_of("*?"), pattern.size());
  return pattern.substr(0, std::max<std::size_t>(pattern.rfind('/', wildcard), 1));
}

std::string name_of_user() {
  if (geteuid() == 0) return {};
  const passwd *user = getpwuid(geteuid());
  return user ? user->pw_name : "";
}

scheduled_run describe_run(const schedule_options &options, const pipeline &whole, const plugin_catalog &plugins) {
  scheduled_run run;
  const fs::path self = own_program();
  run.name = whole.name;
  run.program = self.string();
  run.pipeline = whole_path(options.pipeline);
  run.output = options.output.empty() ? whole.output_folder : whole_path(options.output);
  for (const std::string &pattern : whole.inputs) run.reads.push_back(fixed_part(pattern));
  // Plugins that were found because of --plugin-path or the environment must be found in the night, too.
  const std::string own = (self.parent_path().parent_path() / "lib/calque/plugins").string();
  for (const plugin_description &plugin : plugins.plugins()) {
    const std::string folder = fs::path(plugin.path).parent_path().string();
    if (std::find(run.reads.begin(), run.reads.end(), folder) != run.reads.end()) continue;
    run.reads.push_back(folder);
    if (folder == own || folder == fs::path(run.pipeline).parent_path()) continue;
    run.options.insert(run.options.end(), {"--plugin-path", folder});
  }
  for (const pipeline_stage &stage : whole.stages)
    for (const std::string &need : stage.description.needs) run.uses_network |= need.starts_with("net:");
  // A crontab of one's own has no user; one for /etc/cron.d must be asked for.
  run.user = options.user.empty() && !options.cron ? name_of_user() : options.user;
  return run;
}

struct unit_file {
  std::string path, text;
  bool is_there = false;  // with the same text
};

/// Both units, or a reason to write neither.
result<std::vector<unit_file>> plan_units(const scheduled_run &run, const schedule_time &when,
                                          const schedule_options &options) {
  const auto service = service_unit(run);
  if (!service.has_value()) return service.errors();
  const std::string stem = (fs::path(options.to) / unit_name(run)).lexically_normal().string();
  std::vector<unit_file> files = {{stem + ".service", service.value()}, {stem + ".timer", timer_unit(run, when)}};
  for (unit_file &file : files) {
    std::ifstream there(file.path, std::ios::binary);
    file.is_there = there && std::string(std::istreambuf_iterator<char>(there), {}) == file.text;
    std::error_code failed;
    if (!file.is_there && !options.force && fs::exists(fs::symlink_status(file.path, failed)))
      return error("schedule.exists", fmt::format("{} is there, and says something else", show_text(file.path)),
                   "--force replaces it; --to FOLDER writes elsewhere");
  }
  return files;
}

exit_code refuse(program &p, std::span<const diagnostic> why) {
  p.show(why);
  if (why.front().code == "schedule.exists") return exit_code::cannot_create;
  const exit_code meaning = exit_code_of_input(why);
  return meaning == exit_code::some_failed ? exit_code::usage : meaning;
}

/// A path as a word of the shell, to be copied from the terminal.
std::string shown_word(const std::string &path) {
  std::string shown = show_text(path);
  if (shown.find_first_of(" \"'\\$`&;|<>()*?[]#~!{}") == std::string::npos) return shown;
  std::string word = "'";
  for (const char c : shown) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

void say_what_next(program &p, const scheduled_run &run, const std::vector<unit_file> &files) {
  std::error_code failed;
  p.say("next:");
  if (!fs::exists(run.output, failed))
    p.say(fmt::format("  make the folder {}{}: it must be there when the service starts", show_text(run.output),
                      run.user.empty() ? "" : ", for " + run.user));
  p.say(fmt::format("  sudo cp {} {} /etc/systemd/system/", shown_word(files[0].path), shown_word(files[1].path)));
  p.say("  sudo systemctl daemon-reload");
  p.say(fmt::format("  sudo systemctl enable --now {}.timer", unit_name(run)));
  if (run.user.empty()) p.say("it runs as root; --user NAME makes it somebody with fewer rights");
}

}  // namespace

exit_code schedule(program &p, const schedule_options &options) {
  const plugin_catalog &plugins = p.plugins(options.pipeline);
  const loaded_pipeline loaded = load_pipeline(options.pipeline, plugins, {});
  p.show(loaded.diagnostics, loaded.sources);
  if (!loaded.value) return exit_code_of_pipeline(loaded.diagnostics);
  const auto when = time_of(options);
  if (!when.has_value()) return refuse(p, when.errors());

  const scheduled_run run = describe_run(options, *loaded.value, plugins);
  if (loaded.value->inputs.empty())
    return refuse(p, std::vector{error("input.no-match", "the pipeline does not say what to read",
                                       "write [input] files = [\"FOLDER/*.txt\"] into it")});
  if (run.output.empty())
    return refuse(p, std::vector{error("run.no-folder", "there is no folder for the outputs",
                                       "name one with -o FOLDER, or in [output]")});
  if (options.cron) {
    if (when.value().cron.empty())
      return refuse(p, std::vector{error("schedule.no-cron", "cron has no calendar expressions",
                                         "use --daily or --weekly with --cron, or a systemd timer")});
    const auto line = cron_line(run, when.value());
    if (!line.has_value()) return refuse(p, line.errors());
    p.data(line.value());
    return exit_code::ok;
  }

  const auto files = plan_units(run, when.value(), options);
  if (!files.has_value()) return refuse(p, files.errors());
  for (const unit_file &file : files.value()) {
    if (!file.is_there)
      if (auto written = write_durably(file.path, file.text); !written.has_value()) return refuse(p, written.errors());
    p.say(fmt::format("{} {}", file.is_there ? "unchanged" : "wrote", show_text(file.path)));
  }
  say_what_next(p, run, files.value());
  return exit_code::ok;
}

}  // namespace calque::host
