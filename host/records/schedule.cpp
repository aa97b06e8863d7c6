// SPDX-License-Identifier: Apache-2.0
// A pipeline that runs by itself: as the units of a systemd timer, or as a line for cron. Text only; nothing is
// installed.
#include "host/records/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "host/pipeline/source_text.hpp"

namespace calque::host {
namespace {

/// Hours and minutes of a day.
struct day_time {
  int hour = 0, minute = 0;
};

std::optional<day_time> parse_day_time(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t colon = text.find(':');
  if (colon < 1 || colon > 2 || text.size() != colon + 3) return std::nullopt;
  day_time time;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (k == colon) continue;
    if (!is_digit(text[k])) return std::nullopt;
    int &part = k < colon ? time.hour : time.minute;
    part = 10 * part + (text[k] - '0');
  }
  if (time.hour > 23 || time.minute > 59) return std::nullopt;
  return time;
}

constexpr std::string_view days[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

std::optional<std::size_t> parse_day(std::string_view text) {
  std::string lower(text);
  for (char &c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (std::size_t k = 0; k < std::size(days); ++k)
    if (lower == days[k] || lower == days[k].substr(0, 3)) return k;
  return std::nullopt;
}

diagnostic bad_time(std::string_view text) {
  return error("schedule.bad-time", fmt::format("\"{}\" is no time of day", show_text(text)),
               "write hours and minutes, as in 02:30");
}

/// A line of a unit or of a crontab ends at a line end, whatever is around it.
result<void> check_words(const scheduled_run &run) {
  std::vector<std::string> paths = {run.program, run.pipeline, run.output};
  paths.insert(paths.end(), run.options.begin(), run.options.end());
  paths.insert(paths.end(), run.reads.begin(), run.reads.end());
  for (const std::string &path : paths) {
    const bool has_control =
        std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (has_control || find_invalid_utf8(path))
      return error("schedule.bad-word", fmt::format("\"{}\" cannot stand in a schedule", show_text(path)),
                   "give it a name in UTF-8 without control characters");
  }
  const bool is_user = std::all_of(run.user.begin(), run.user.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
  if (!is_user)
    return error("schedule.bad-word", fmt::format("\"{}\" is no name of a user", show_text(run.user)),
                 "name one that `getent passwd` shows");
  return {};
}

/// A word as systemd splits lines into words; % begins a specifier.
std::string unit_word(std::string_view text) {
  std::string word = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') word += '\\';
    if (c == '%') word += '%';
    word += c;
  }
  return word + "\"";
}

/// An argument of ExecStart=, where $ begins a variable as well. Not for the program itself, which has none.
std::string unit_argument(std::string_view text) {
  std::string word = unit_word(text);
  for (std::size_t at = 0; (at = word.find('$', at)) != std::string::npos; at += 2) word.insert(at, "$");
  return word;
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::vector<std::string> arguments_of(const scheduled_run &run) {
  std::vector<std::string> words = run.options;
  words.insert(words.end(), {"run", run.pipeline, "-o", run.output});
  return words;
}

/// What the program needs is left to it: its own rules for its workers (which need no privilege), its output folder
/// with the state in it, and its cache.
std::string protection(const scheduled_run &run) {
  std::vector<std::string> needed = run.reads;
  needed.insert(needed.end(), {run.program, run.pipeline, run.output});
  const bool uses_tmp = std::any_of(needed.begin(), needed.end(), [](const std::string &path) {
    return is_below(path, "/tmp") || is_below(path, "/var/tmp");
  });
  std::string text = "NoNewPrivileges=yes\nProtectSystem=strict\nProtectHome=read-only\n";
  // A /tmp of its own would hide what it is to read.
  if (!uses_tmp) text += "PrivateTmp=yes\n";
  text += fmt::format("ReadWritePaths={}\n", unit_word(run.output));
  text +=
      "PrivateDevices=yes\nProtectKernelTunables=yes\nProtectKernelModules=yes\nProtectKernelLogs=yes\n"
      "ProtectControlGroups=yes\nProtectClock=yes\nProtectHostname=yes\nRestrictNamespaces=yes\n"
      "RestrictRealtime=yes\nRestrictSUIDSGID=yes\nLockPersonality=yes\nSystemCallArchitectures=native\n";
  if (!run.user.empty()) text += "CapabilityBoundingSet=\n";  // root without them could not enter others' folders
  text += run.uses_network ? "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n" : "RestrictAddressFamilies=AF_UNIX\n";
  return text;
}

/// A word of the shell; in a crontab % is a line end unless it is escaped, within quotes too.
std::string cron_word(std::string_view text) {
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+=:,@").find(c) != std::string_view::npos;
  });
  if (is_plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'')
      word += "'\\''";
    else if (c == '%')
      word += "'\\%'";  // outside the quotes, where the shell takes the backslash away should cron leave it
    else
      word += c;
  }
  return word + "'";
}

}  // namespace

result<schedule_time> each_day(std::string_view text) {
  const auto time = parse_day_time(text);
  if (!time) return bad_time(text);
  return schedule_time{fmt::format("*-*-* {:02}:{:02}:00", time->hour, time->minute),
                       fmt::format("{} {} * * *", time->minute, time->hour)};
}

result<schedule_time> each_week(std::string_view day, std::string_view text) {
  const auto number = parse_day(day);
  if (!number)
    return error("schedule.bad-time", fmt::format("\"{}\" is no day of the week", show_text(day)),
                 "write a day in English, as in sunday or sun");
  const auto time = parse_day_time(text);
  if (!time) return bad_time(text);
  std::string short_name(days[*number].substr(0, 3));
  short_name[0] = static_cast<char>(short_name[0] - 'a' + 'A');
  return schedule_time{fmt::format("{} *-*-* {:02}:{:02}:00", short_name, time->hour, time->minute),
                       fmt::format("{} {} * * {}", time->minute, time->hour, *number)};
}

result<schedule_time> by_calendar(std::string_view expression) {
  const bool is_plain = std::all_of(expression.begin(), expression.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" *,.:/~_+-").find(c) != std::string_view::npos;
  });
  if (!is_plain || expression.find_first_not_of(' ') == std::string_view::npos)
    return error("schedule.bad-time", fmt::format("\"{}\" is no calendar expression", show_text(expression)),
                 "write it as systemd does, e.g. \"Mon..Fri 02:30\"; `man systemd.time` has them all");
  return schedule_time{std::string(expression), {}};
}

std::string unit_name(const scheduled_run &run) {
  return "calque-" + run.name;
}

result<std::string> service_unit(const scheduled_run &run) {
  if (auto sound = check_words(run); !sound.has_value()) return sound.errors();
  if (run.program.find_first_of("\"'\\") != std::string::npos)
    return error("schedule.bad-word", fmt::format("systemd starts no program of the name {}", show_text(run.program)),
                 "install the program below a folder without quotes and backslashes in its name");
  std::string command = unit_word(run.program);
  for (const std::string &word : arguments_of(run)) command += " " + unit_argument(word);

  std::string text = fmt::format("[Unit]\nDescription=Calque: {}\nRequiresMountsFor={} {}\n\n[Service]\n", run.name,
                                 unit_word(run.pipeline), unit_word(run.output));
  text += fmt::format("Type=oneshot\nExecStart={}\n", command);
  if (!run.user.empty()) text += fmt::format("User={}\n", run.user);
  text +=
      "# Another run holds the lock: that one does the work.\nSuccessExitStatus=75\n"
      "# The program ends its workers itself, and needs them until a document is done.\nKillMode=mixed\n"
      "TimeoutStopSec=60\n"
      "# A worker without memory costs its document, not the run.\nOOMPolicy=continue\n";
  text += fmt::format("CacheDirectory=calque/{0}\nEnvironment=XDG_CACHE_HOME=%C/calque/{0}\n\n", run.name);
  return text + protection(run);
}

std::string timer_unit(const scheduled_run &run, const schedule_time &when) {
  return fmt::format(
      "[Unit]\nDescription=Calque: {}, by the calendar\n\n[Timer]\nOnCalendar={}\n"
      "# A run that was missed, because the machine was off, is made up for.\nPersistent=true\n"
      "# Several timers of one hour do not start at once.\nRandomizedDelaySec=5min\nAccuracySec=1min\n\n"
      "[Install]\nWantedBy=timers.target\n",
      run.name, when.calendar);
}

result<std::string> cron_line(const scheduled_run &run, const schedule_time &when) {
  if (auto sound = check_words(run); !sound.has_value()) return sound.errors();
  std::string line = when.cron + " ";
  if (!run.user.empty()) line += run.user + " ";
  line += cron_word(run.program) + " -q";
  for (const std::string &word : arguments_of(run)) line += " " + cron_word(word);
  return line + "\n";
}

}  // namespace calque::host
