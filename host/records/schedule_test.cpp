// SPDX-License-Identifier: Apache-2.0
// Units are judged by systemd itself, crontab lines by the shell that cron hands them to.
#include "host/records/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "host/records/command_output.hpp"
#include "host/pipeline/scratch_folder.hpp"

namespace calque::host {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> awkward = {"plain",    "with space",  "100%",           "50%%d %n %h",  "quo\"te",
                                          "it's",     "back\\slash", "do$lar ${HOME}", "semi;colon #", "谈话 记录",
                                          "-leading", "@at",         "[brackets]*",    "new\\nline",   "e\u0301"};

class schedule_test : public testing::Test {
 protected:
  scheduled_run run_in(const std::string &name) const {
    const std::string base = folder.path(name);
    // An executable that prints its arguments, a line each, so that it can be seen what arrives.
    fs::create_directories(base + "/editions");
    scheduled_run run;
    run.name = "minutes";
    // Of the names here, systemd starts no program from those with quotes and backslashes.
    run.program = name.find_first_of("\"'\\") == std::string::npos ? base + "/calque" : folder.path("calque");
    std::ofstream(run.program) << "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";
    fs::permissions(run.program, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    run.options = {"--plugin-path", base + "/plugins"};
    run.pipeline = base + "/minutes.toml";
    run.output = base + "/editions";
    run.reads = {base + "/records"};
    return run;
  }
  /// What systemd says of the two units; nothing when all is well.
  std::string verify(const scheduled_run &run, const schedule_time &when) const {
    const auto service = service_unit(run);
    if (!service.has_value()) return service.error().message;
    folder.write("units/calque-minutes.service", service.value());
    folder.write("units/calque-minutes.timer", timer_unit(run, when));
    const command_output found =
        output_of("systemd-analyze verify --man=no --recursive-errors=no " +
                  folder.path("units/calque-minutes.service") + " " + folder.path("units/calque-minutes.timer"));
    return found.exit_code == 0 ? found.text : found.text + " exit code " + std::to_string(found.exit_code);
  }
  const scratch_folder folder;
  const schedule_time night = each_day("02:30").value();
};

TEST_F(schedule_test, systemd_takes_units_with_any_path) {
  for (const std::string &name : awkward) {
    scheduled_run run = run_in(name);
    EXPECT_EQ(verify(run, night), "") << name;
    run.user = "backup";
    run.uses_network = true;
    EXPECT_EQ(verify(run, each_week("Sun", "23:59").value()), "") << name;
  }
}

TEST_F(schedule_test, the_check_of_units_can_fail) {
  scheduled_run run = run_in("a");
  run.program = folder.path("a/none");
  EXPECT_NE(verify(run, night), "");
  run = run_in("a");
  run.output = "relative";
  EXPECT_NE(verify(run, night), "");
  EXPECT_NE(verify(run_in("a"), {"evry day", {}}), "");
}

// What systemd would start: `systemd-run` needs a manager, but a unit's own words can be read back.
TEST_F(schedule_test, every_word_arrives) {
  for (const std::string &name : awkward) {
    const scheduled_run run = run_in(name);
    const std::string unit = service_unit(run).value();
    const std::size_t begin = unit.find("ExecStart=") + 10;
    folder.write("line", unit.substr(begin, unit.find('\n', begin) - begin));
    const command_output found =
        output_of("python3 " CALQUE_SOURCE_FOLDER "/tests/validators/unit_words.py " + folder.path("line"));
    EXPECT_EQ(found.text, run.program + "\n--plugin-path\n" + run.options[1] + "\nrun\n" + run.pipeline + "\n-o\n" +
                              run.output + "\n");
  }
}

TEST_F(schedule_test, cron_starts_the_same_words) {
  for (const std::string &name : awkward) {
    const scheduled_run run = run_in(name);
    const std::string line = cron_line(run, night).value();
    ASSERT_EQ(line.rfind("30 2 * * * ", 0), 0u) << line;
    ASSERT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
    // Cron takes the backslash from \% and gives the rest to sh; a % of its own would end the command.
    std::string command;
    for (std::size_t k = 11; k + 1 < line.size(); ++k) {
      if (line[k] == '\\' && line[k + 1] == '%') continue;
      ASSERT_TRUE(line[k] != '%' || line[k - 1] == '\\') << line;
      command += line[k];
    }
    EXPECT_EQ(output_of(command).text,
              "-q\n--plugin-path\n" + run.options[1] + "\nrun\n" + run.pipeline + "\n-o\n" + run.output + "\n");
  }
  scheduled_run run = run_in("plain");
  run.user = "archive";
  EXPECT_EQ(cron_line(run, each_week("saturday", "9:05").value()).value().rfind("5 9 * * 6 archive /", 0), 0u);
}

TEST_F(schedule_test, what_no_line_can_hold) {
  for (const char *name : {"two\nlines", "tab\t", "return\r", "latin\xE9", "\x7F"}) {
    scheduled_run run = run_in("plain");
    run.pipeline += name;
    EXPECT_EQ(service_unit(run).error().code, "schedule.bad-word") << name;
    EXPECT_EQ(cron_line(run, night).error().code, "schedule.bad-word") << name;
    run = run_in("plain");
    run.user = name;
    EXPECT_EQ(service_unit(run).error().code, "schedule.bad-word") << name;
  }
  for (const char *name : {"quo\"te", "it's", "back\\slash"}) {
    scheduled_run run = run_in("plain");
    run.program = folder.path(name) + "/calque";
    EXPECT_EQ(service_unit(run).error().code, "schedule.bad-word") << name;
    EXPECT_TRUE(cron_line(run, night)) << name;
  }
  for (const char *user : {"a b", "%n", "x;reboot"}) {
    scheduled_run run = run_in("plain");
    run.user = user;
    EXPECT_EQ(cron_line(run, night).error().code, "schedule.bad-word") << user;
  }
}

TEST_F(schedule_test, systemd_and_we_mean_the_same_time) {
  const auto normal_form = [](const std::string &calendar) {
    const std::string text = output_of("systemd-analyze calendar " + shell_word(calendar)).text;
    const std::size_t begin = text.find("Normalized form: ");
    return begin == std::string::npos ? text : text.substr(begin + 17, text.find('\n', begin) - begin - 17);
  };
  EXPECT_EQ(normal_form(each_day("2:05").value().calendar), "*-*-* 02:05:00");
  EXPECT_EQ(each_day("2:05").value().cron, "5 2 * * *");
  const std::vector<std::pair<std::string, std::string>> days = {{"sunday", "Sun"}, {"MON", "Mon"}, {"Tuesday", "Tue"},
                                                                 {"wed", "Wed"},    {"thu", "Thu"}, {"friday", "Fri"},
                                                                 {"Sat", "Sat"}};
  for (std::size_t k = 0; k < days.size(); ++k) {
    const auto when = each_week(days[k].first, "23:59");
    ASSERT_TRUE(when) << days[k].first;
    EXPECT_EQ(normal_form(when.value().calendar), days[k].second + " *-*-* 23:59:00");
    EXPECT_EQ(when.value().cron, "59 23 * * " + std::to_string(k));
  }
}

TEST_F(schedule_test, what_is_no_time) {
  for (const char *text : {"", "2", "24:00", "12:60", "2:5", "12:345", ":30", "-1:30", "02.30", " 2:30", "1a:30"})
    EXPECT_EQ(each_day(text).error().code, "schedule.bad-time") << text;
  for (const char *day : {"", "su", "sund", "domingo", "7"})
    EXPECT_EQ(each_week(day, "02:30").error().code, "schedule.bad-time") << day;
  EXPECT_EQ(each_week("sun", "2").error().code, "schedule.bad-time");
  EXPECT_EQ(by_calendar("Mon..Fri *-*~1 02:30 Europe/Berlin").value().calendar, "Mon..Fri *-*~1 02:30 Europe/Berlin");
  for (const char *text : {"", "  ", "daily\nExecStart=/bin/sh", "%n", "谈话"})
    EXPECT_EQ(by_calendar(text).error().code, "schedule.bad-time") << text;
}

TEST_F(schedule_test, a_tmp_of_its_own_only_where_nothing_is_read_from_tmp) {
  scheduled_run run;
  run.name = "minutes";
  run.program = "/usr/bin/calque";
  run.pipeline = "/etc/calque/minutes.toml";
  run.output = "/srv/editions";
  const auto has_own = [&] { return service_unit(run).value().find("PrivateTmp=yes") != std::string::npos; };
  EXPECT_TRUE(has_own());
  run.reads = {"/tmpfiles/records", "/var/tmpx"};
  EXPECT_TRUE(has_own());
  run.reads = {"/var/tmp/records"};
  EXPECT_FALSE(has_own());
  run.reads = {};
  run.output = "/tmp";
  EXPECT_FALSE(has_own());
}

TEST_F(schedule_test, units_that_are_installed) {
  // The template names the installed program; here another one stands in for it.
  for (const char *name : {"calque@.service", "calque@.timer"}) {
    std::ifstream file(std::string(CALQUE_SOURCE_FOLDER "/host/systemd/") + name + ".in");
    std::string text(std::istreambuf_iterator<char>(file), {});
    ASSERT_FALSE(text.empty()) << name;
    constexpr std::string_view placeholder = "@CALQUE_INSTALLED_PROGRAM@";
    for (std::size_t at; (at = text.find(placeholder)) != std::string::npos;)
      text.replace(at, placeholder.size(), "/bin/true");
    folder.write(std::string("units/") + name, text);
  }
  for (const char *instance : {"calque@minutes.service", "calque@minutes.timer"}) {
    // systemd finds the template of an instance in its own folders.
    const command_output found =
        output_of("cd " + folder.path("units") + " && SYSTEMD_UNIT_PATH=" + folder.path("units") +
                  ": systemd-analyze verify --man=no --recursive-errors=no " + instance);
    EXPECT_EQ(found.text, "") << instance;
    EXPECT_EQ(found.exit_code, 0) << instance;
  }
}

}  // namespace
}  // namespace calque::host
