# SPDX-License-Identifier: Apache-2.0
# `calque doctor`: what it says of the machine, and that the jail of workers holds.
import json
import os
import pathlib
import platform
import unittest

from calque_cli import CliTest, as_nobody, main


class Doctor(CliTest):
    def findings(self, *args, code=0, **more):
        told = json.loads(self.calque("doctor", "--format", "json", *args, code=code, **more).out)
        self.assertEqual(told["schema"], "calque.doctor/1")
        return told

    def value(self, told, name):
        return next(one["value"] for one in told["findings"] if one["name"] == name)

    def test_says_what_the_machine_is(self):
        told = self.findings(env={"LANG": "tr_TR.UTF-8"})
        self.assertEqual(told["wrong"], 0, told)
        self.assertIn(platform.release(), self.value(told, "kernel"))
        self.assertIn("tr_TR.UTF-8", self.value(told, "locale"))
        self.assertIn(str(self.folder.resolve()), self.value(told, "free space"))
        self.assertIn("seccomp", self.value(told, "jail"))
        self.assertTrue(self.value(told, "version").startswith("calque "))

    def test_says_the_same_to_people(self):
        done = self.calque("doctor")
        for one in self.findings()["findings"]:
            self.assertRegex(done.out, rf"(?m)^{one['name']} ")

    def test_names_plugins_that_are_broken(self):
        bad = self.write("mine/nothing.calque", b"this is no library")
        told = self.findings("--plugin-path", bad.parent, code=1)
        broken = [one for one in told["findings"] if one["name"] == "broken plugin"]
        self.assertEqual([one["value"] for one in broken], [str(bad)])
        self.assertIn("plugin.not-a-library", broken[0]["trouble"])
        self.assertEqual(told["wrong"], 1)
        self.assertIn("!  plugin.not-a-library", self.calque("--plugin-path", bad.parent, "doctor", code=1).out)

    def test_sees_a_clock_that_is_behind(self):
        # The program's file is dated into the future: the same as a clock that is behind it.
        copy = self.folder / "bin/calque"
        copy.parent.mkdir()
        copy.write_bytes(pathlib.Path(os.environ["CALQUE_PROGRAM"]).read_bytes())
        copy.chmod(0o755)
        os.utime(copy, (4102444800, 4102444800))
        import calque_cli
        self.addCleanup(setattr, calque_cli, "PROGRAM", calque_cli.PROGRAM)
        calque_cli.PROGRAM = str(copy)
        told = self.findings(code=1)
        troubled = {one["name"] for one in told["findings"] if one["trouble"]}
        self.assertEqual(troubled, {"clock", "plugins"})

    def test_shows_what_a_name_hides(self):
        done = self.calque("doctor", env={"LANG": "a\x1b[31m"})
        self.assertNotIn("\x1b", done.out)
        self.assertIn("LANG=a", done.out)


class Sandbox(CliTest):
    def attempts(self, *args, code=0, **more):
        told = json.loads(self.calque("doctor", "--sandbox", "--format", "json", *args, code=code, **more).out)
        self.assertEqual(told["schema"], "calque.doctor-sandbox/1")
        self.assertGreaterEqual(len(told["attempts"]), 22)
        return told

    def test_every_attempt_is_held(self):
        for abi in ([], ["--landlock-abi", "4"], ["--landlock-abi", "3"], ["--landlock-abi", "2"]):
            told = self.attempts(*abi)
            self.assertEqual({one["verdict"] for one in told["attempts"]}, {"SAFE"}, told)
            self.assertEqual(told["safe"], len(told["attempts"]))
            self.assertEqual(told["jail"]["missing"], [])
            self.assertTrue(told["jail"]["seccomp"])
        self.assertEqual(told["jail"]["landlock_abi"], 2)

    @unittest.skipIf(os.geteuid() != 0, "only root can become another user; the test above ran as this one")
    def test_every_attempt_is_held_for_a_user_without_rights(self):
        for abi in ([], ["--landlock-abi", "2"]):
            told = self.attempts(*abi, before=as_nobody)
            self.assertEqual({one["verdict"] for one in told["attempts"]}, {"SAFE"}, told)

    def test_a_violation_is_told_from_a_refusal(self):
        how = {one["name"]: one["how"] for one in self.attempts()["attempts"]}
        self.assertEqual(how["execve"], "SIGSYS")
        self.assertEqual(how["ptrace"], "SIGSYS")
        self.assertEqual(how["fork"], "EPERM")
        self.assertEqual(how["read-passwd"], "EACCES")

    def test_without_landlock_it_says_unsafe(self):
        told = self.attempts("--landlock-abi", "0", code=69)
        unsafe = {one["name"] for one in told["attempts"] if one["verdict"] == "UNSAFE"}
        self.assertIn("read-passwd", unsafe)
        self.assertIn("write-tmp", unsafe)
        self.assertNotIn("execve", unsafe)
        done = self.calque("doctor", "--sandbox", "--landlock-abi", "0", code=69)
        self.assertRegex(done.out, r"(?m)^UNSAFE +read /etc/passwd +it was read$")
        self.assertIn("Missing: ", done.out)
        self.assertSays(done, "jail.incomplete")

    def test_leaves_nothing_behind(self):
        scratch = self.folder / "scratch"
        scratch.mkdir()
        self.calque("doctor", "--sandbox", env={"TMPDIR": str(scratch), "HOME": str(self.folder)})
        self.calque("doctor", "--sandbox", "--landlock-abi", "0", code=69,
                    env={"TMPDIR": str(scratch), "HOME": str(self.folder)})
        self.assertEqual(self.list(), ["scratch"])

    def test_an_abi_goes_with_the_sandbox(self):
        self.assertSays(self.calque("doctor", "--landlock-abi", "2", code=2), "--sandbox")


main()
