# SPDX-License-Identifier: Apache-2.0
# Help, version and usage errors.
import re

from calque_cli import CliTest, ROOT, main

VERBS = ["convert", "run", "check", "test", "plugins", "preview", "memory", "explain", "doctor"]


class Help(CliTest):
    def test_version_is_the_projects(self):
        done = self.calque("--version")
        version = re.search(r"project\(calque VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        self.assertTrue(done.out.startswith(f"calque {version} "), done.out)
        self.assertEqual(done.err, "")

    def test_help_is_data_and_has_the_verbs_and_the_exit_codes(self):
        done = self.calque("--help")
        for verb in VERBS:
            self.assertRegex(done.out, rf"(?m)^ +{verb} ")
        self.assertNotIn("__describe", done.out)
        codes = [int(code) for code in re.findall(r"(?m)^ +(\d+)  \S", done.out)]
        self.assertEqual(codes, [0, 1, 2, 3, 4, 66, 69, 70, 73, 74, 75, 77, 78, 130, 143])
        self.assertEqual(done.err, "")

    def test_each_verb_has_help(self):
        for verb in VERBS:
            self.assertIn(verb, self.calque(verb, "--help").out)

    def test_usage_errors_are_2_and_say_what_would_be_right(self):
        for args in ([], ["--no-such"], ["run"], ["convert"], ["check"], ["explain"], ["plugins", "show"],
                     ["run", "a.toml", "--max-failures", "many"], ["--color", "blue", "explain", "--list"]):
            done = self.calque(*args, code=2)
            self.assertEqual(done.out, "")
            self.assertSays(done, "calque: ", "--help")

    def test_a_mistyped_verb_is_recognised(self):
        self.assertSays(self.calque("chekc", "a.toml", code=2), 'did you mean "check"?')

    def test_a_full_stdout_is_an_error(self):
        with open("/dev/full", "wb") as full:
            import subprocess
            from calque_cli import PROGRAM
            done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 74)


main()
