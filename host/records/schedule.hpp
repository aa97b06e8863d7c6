// SPDX-License-Identifier: Apache-2.0
// A pipeline that runs by itself: as the units of a systemd timer, or as a line for cron. Text only; nothing is
// installed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/document/diagnostic.hpp"

namespace calque::host {

/// When; both forms mean the same where cron can say it.
struct schedule_time {
  std::string calendar;  // of systemd: "*-*-* 02:30:00"
  std::string cron;      // "30 2 * * *"; empty: cron cannot say it
};
/// "02:30", each day. Code: schedule.bad-time.
result<schedule_time> each_day(std::string_view time);
/// "sunday" or "Sun", and "02:30". Code: schedule.bad-time.
result<schedule_time> each_week(std::string_view day, std::string_view time);
/// A calendar expression of systemd. Only its letters are looked at: systemd itself knows which are right.
/// Code: schedule.bad-time.
result<schedule_time> by_calendar(std::string_view expression);

/// What is run, and what it must reach. Paths are absolute.
struct scheduled_run {
  std::string name;                  // of the pipeline: kebab-case
  std::string program;               // calque itself
  std::vector<std::string> options;  // before the verb
  std::string pipeline, output;
  std::vector<std::string> reads;  // what else it reads: folders of inputs and plugins
  std::string user;                // empty: whoever the manager runs services as
  bool uses_network = false;       // some stage asks for it
};

/// "calque-NAME", the units' name without its ending.
std::string unit_name(const scheduled_run &);
/// The service and its timer, for systemd 247 or later. Code: schedule.bad-word, for a path or user that no unit can
/// hold.
result<std::string> service_unit(const scheduled_run &);
std::string timer_unit(const scheduled_run &, const schedule_time &);
/// A line of a crontab; with a user, of /etc/cron.d. Codes: schedule.bad-word.
result<std::string> cron_line(const scheduled_run &, const schedule_time &);

}  // namespace calque::host
