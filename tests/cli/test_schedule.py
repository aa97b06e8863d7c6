# SPDX-License-Identifier: Apache-2.0
# `calque schedule`: units that systemd takes, a line that cron can run, and nothing of anybody's overwritten.
import os
import pathlib
import shutil
import subprocess
import sys

from calque_cli import CliTest, PLAIN, PROGRAM, ROOT, as_nobody, main

PIPE = PLAIN.replace('name = "plain"', 'name = "minutes"') + """
[input]
files = ["records/**/*.txt"]
[output]
folder = "editions"
"""


class Schedule(CliTest):
    def pipe(self, folder="", text=PIPE):
        self.write(os.path.join(folder, "records/a.txt"), "Good morning.\n")
        return self.write(os.path.join(folder, "m.toml"), text)

    def verify(self, *units):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *units],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def words(self, unit):
        """What systemd makes of ExecStart=."""
        line = next(one for one in unit.read_text().splitlines() if one.startswith("ExecStart="))
        path = self.write("line", line.removeprefix("ExecStart="))
        reader = ROOT / "tests/validators/unit_words.py"
        done = subprocess.run([sys.executable, reader, path], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    def test_units(self):
        pipe = self.pipe()
        done = self.calque("schedule", pipe, "--daily", "2:30", "--user", "backup")
        self.assertEqual(done.out, "")
        self.assertSays(done, "wrote calque-minutes.service", "wrote calque-minutes.timer", "make the folder",
                        "for backup", "/etc/systemd/system/", "daemon-reload", "enable --now calque-minutes.timer")
        service, timer = self.folder / "calque-minutes.service", self.folder / "calque-minutes.timer"
        self.verify(service, timer)
        self.assertEqual(self.words(service)[1:], ["run", str(pipe), "-o", str(self.folder / "editions")])
        self.assertEqual(os.path.realpath(PROGRAM), self.words(service)[0])
        self.assertIn("User=backup\n", service.read_text())
        self.assertIn("OnCalendar=*-*-* 02:30:00\n", timer.read_text())

    def test_what_the_unit_starts_makes_editions(self):
        pipe = self.pipe('50% of "it\'s" $HOME/谈话 ;')
        self.calque("schedule", "m.toml", "--weekly", "sunday", "02:30", "-o", "out/", cwd=pipe.parent)
        self.verify(pipe.parent / "calque-minutes.service", pipe.parent / "calque-minutes.timer")
        words = self.words(pipe.parent / "calque-minutes.service")
        self.calque(*words[1:], cwd="/")
        self.assertEqual(self.list(pipe.parent / "out")[-1], "a.out.txt")

    def test_cron_starts_the_same(self):
        pipe = self.pipe("it's 50%")
        line = self.calque("schedule", pipe, "--weekly", "Mon", "23:05", "--cron").out
        self.assertRegex(line, r"^5 23 \* \* 1 /")
        self.assertEqual(self.list(pipe.parent), ["m.toml", "records", "records/a.txt"])
        command = line.split(None, 5)[5].replace("\\%", "%")
        done = subprocess.run(["/bin/sh", "-c", command], cwd="/", capture_output=True, text=True,
                              env={**os.environ, "HOME": str(self.folder / "home")})
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.list(pipe.parent / "editions")[-1], "a.out.txt")
        self.assertRegex(self.calque("schedule", pipe, "--daily", "02:30", "--cron", "--user", "backup").out,
                         r"^30 2 \* \* \* backup /")

    def test_plugins_are_found_at_night_too(self):
        pipe = self.pipe()
        own = pathlib.Path(PROGRAM).resolve().parents[1] / "lib/calque/plugins/text.calque"
        (self.folder / "more plugins").mkdir()
        shutil.copy(own, self.folder / "more plugins/text.calque")
        for arguments, env in (["--plugin-path", "more plugins"], {}), ([], {"CALQUE_PATH": "more plugins"}):
            self.calque("schedule", pipe, "--daily", "02:30", "--force", *arguments, env=env)
            self.assertEqual(self.words(self.folder / "calque-minutes.service")[1:3],
                             ["--plugin-path", str(self.folder / "more plugins")])

    def test_nothing_is_overwritten(self):
        pipe = self.pipe()
        self.calque("schedule", pipe, "--daily", "02:30", "--to", ".")
        again = self.calque("schedule", pipe, "--daily", "02:30")
        self.assertSays(again, "unchanged calque-minutes.service", "unchanged calque-minutes.timer")
        timer = self.folder / "calque-minutes.timer"
        before = timer.read_bytes()
        self.assertSays(self.calque("schedule", pipe, "--daily", "03:30", "-o", "elsewhere", code=73), "schedule.exists",
                        "--force")
        self.assertEqual(timer.read_bytes(), before)
        self.assertNotIn("elsewhere", (self.folder / "calque-minutes.service").read_text())
        self.calque("schedule", pipe, "--daily", "03:30", "--force")
        self.assertIn("03:30", timer.read_text())
        # A link is replaced, and only when that is asked for; what it leads to stays.
        mine = self.write("mine", "mine")
        timer.unlink()
        timer.symlink_to(mine)
        self.calque("schedule", pipe, "--daily", "03:30", code=73)
        self.calque("schedule", pipe, "--daily", "03:30", "--force")
        self.assertEqual((mine.read_text(), timer.is_symlink()), ("mine", False))

    def test_calendar_expressions_are_systemds(self):
        pipe = self.pipe()
        self.calque("schedule", pipe, "--calendar", "Mon..Fri 02:30")
        self.verify(self.folder / "calque-minutes.timer", self.folder / "calque-minutes.service")
        self.assertSays(self.calque("schedule", pipe, "--calendar", "evry day", "--force", code=2), "schedule.bad-time",
                        "evry day")
        self.assertSays(self.calque("schedule", pipe, "--calendar", "daily", "--cron", code=2), "schedule.no-cron")
        # Where there is no systemd, nobody can say; the units may be for another machine.
        self.calque("schedule", pipe, "--calendar", "evry day", "--force", env={"PATH": "/nowhere"})

    def test_what_would_fail_at_night_fails_now(self):
        pipe = self.pipe()
        for time in (["--daily", "25:00"], ["--weekly", "sunnday", "02:30"], [], ["--weekly", "sunday"],
                     ["--daily", "02:30", "--calendar", "daily"]):
            self.calque("schedule", pipe, *time, code=2)
        self.assertSays(self.calque("schedule", self.pipe(text=PIPE.replace("to =", "too =")), "--daily", "02:30", code=78),
                        "m.toml:9:1")
        self.calque("schedule", "none.toml", "--daily", "02:30", code=66)
        self.assertSays(self.calque("schedule", self.pipe(text=PLAIN), "--daily", "02:30", "-o", "x", code=66),
                        "input.no-match")
        without = PIPE[:PIPE.index("[output]")]
        self.assertSays(self.calque("schedule", self.pipe(text=without), "--daily", "02:30", code=2), "run.no-folder")
        self.assertSays(self.calque("schedule", self.pipe("two\nlines"), "--daily", "02:30", code=2), "schedule.bad-word")
        self.assertSays(self.calque("schedule", self.pipe(), "--daily", "02:30", "--user", "a b", code=2), "schedule.bad-word")
        self.calque("schedule", self.pipe(), "--daily", "02:30", "--to", "none", code=73)
        self.assertSays(self.calque("schedule", self.pipe(), "--daily", "02:30", "--to", "/", before=as_nobody, code=77),
                        "output.permission")
        self.assertEqual([one for one in self.list() if "calque-" in one], [])

    def test_who_it_runs_as(self):
        pipe = self.pipe()
        os.chmod(self.folder, 0o777)
        if os.geteuid() == 0:
            self.assertSays(self.calque("schedule", pipe, "--daily", "02:30"), "it runs as root", "--user")
            self.assertNotIn("User=", (self.folder / "calque-minutes.service").read_text())
        self.calque("schedule", pipe, "--daily", "02:30", "--force", before=as_nobody)
        self.assertRegex((self.folder / "calque-minutes.service").read_text(), r"\nUser=\w+\n")


main()
