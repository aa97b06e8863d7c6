# SPDX-License-Identifier: Apache-2.0
# `calque run`: inputs, outputs, overrides, the summary, and the exit codes.
import re

from calque_cli import CliTest, MINUTES, PLAIN, SAMPLE, main


class Run(CliTest):
    def setUp(self):
        super().setUp()
        self.pipe = self.write("plain.toml", PLAIN)

    def test_the_ready_pipeline_makes_five_editions(self):
        done = self.calque("run", MINUTES, SAMPLE, "-o", "out")
        stem = SAMPLE.stem
        self.assertEqual(self.list(self.folder / "out"), sorted(f"{stem}.{e}" for e in ("html", "json", "md", "txt", "xml")))
        self.assertEqual(done.out, "")
        self.assertSays(done, "1 input: 1 ok", "5 files in out")

    def test_found_says_what_is_in_it(self):
        done = self.calque("run", MINUTES, SAMPLE, "-o", "out", "--found")
        for words in ("Minutes of Vice Minister Lin Zhaohe", "8 Lin", "7 Ordyntsev", "3 Hao", "3 Вольская", "1 sic", "4 variant_name",
                      "1958-09-17T16:20/1958-09-17T18:05"):
            self.assertIn(words, done.out)

    def test_patterns_and_folders_of_the_pipeline(self):
        for name in ("in/a.txt", "in/x/b.txt", "in/x/y/c.txt"):
            self.write(name, f"Text of {name}.\n")
        pipe = self.write("p/q.toml", '[input]\nfiles = ["../in/**/*.txt"]\n[output]\nfolder = "../out"\n' + PLAIN)
        self.calque("run", pipe, cwd="/")
        self.assertEqual(self.list(self.folder / "out"), ["a.out.txt", "x", "x/b.out.txt", "x/y", "x/y/c.out.txt"])
        self.assertEqual((self.folder / "out/x/b.out.txt").read_text().strip(), "Text of in/x/b.txt.")

    def test_the_command_line_wins(self):
        one = self.write("one.txt", "One.\n")
        pipe = self.write("p.toml", '[input]\nfiles = ["none/*.txt"]\n[output]\nfolder = "elsewhere"\n' + PLAIN)
        self.calque("run", pipe, one, "-o", "here", "--set", "stage.text.to={stem}.final")
        self.assertEqual(self.list(self.folder / "here"), ["one.final"])
        self.assertEqual(self.list(self.folder / "elsewhere"), [])

    def test_one_bad_input_harms_no_other(self):
        files = [self.write("a.txt", "A.\n"), self.write("bad.txt", b""), self.write("c.txt", "C.\n")]
        done = self.calque("run", self.pipe, *files, "missing.txt", "-o", "out", code=1)
        self.assertEqual(self.list(self.folder / "out"), ["a.out.txt", "c.out.txt"])
        self.assertSays(done, "4 inputs: 2 ok, 2 failed", "input.empty", "input.missing", "bad.txt", "missing.txt", "next: ")

    def test_max_failures_stops(self):
        files = [self.write(f"{k}.txt", b"" if k < 2 else "x\n") for k in range(5)]
        done = self.calque("run", self.pipe, *files, "-o", "out", "--max-failures", 2, code=4)
        self.assertSays(done, "2 failed, 3 not run")
        self.assertEqual(self.list(self.folder / "out"), [])

    def test_the_summary_is_short(self):
        files = [self.write(f"{k}.txt", b"") for k in range(60)]
        done = self.calque("run", self.pipe, *files, "-o", "out", code=1)
        summary = done.err[done.err.index("plain: 60 inputs"):]
        self.assertLessEqual(len(summary.splitlines()), 12)

    def test_nothing_to_read(self):
        pipe = self.write("p.toml", '[input]\nfiles = ["none/*.txt"]\n' + PLAIN)
        self.assertSays(self.calque("run", pipe, "-o", "out", code=66), "input.no-match", "FILE")
        self.assertSays(self.calque("run", self.pipe, "-o", "out", code=66), "input.no-match")

    def test_nowhere_to_write(self):
        self.assertSays(self.calque("run", self.pipe, self.write("a.txt", "a"), code=2), "run.no-folder", "-o FOLDER")

    def test_two_inputs_with_one_name_are_refused_before_anything_is_made(self):
        files = [self.write("x/a.txt", "1"), self.write("y/a.txt", "2")]
        done = self.calque("run", self.pipe, *files, "-o", "out", code=73)
        self.assertSays(done, "output.duplicate", "x/a.txt", "y/a.txt")
        self.assertEqual(self.list(self.folder / "out"), [])

    def test_an_input_is_never_overwritten(self):
        one = self.write("a.txt", "Text.\n")
        done = self.calque("run", self.pipe, one, "-o", self.folder, "--set", "stage.text.to={stem}.txt", code=73)
        self.assertSays(done, "output.is-an-input")
        self.assertEqual(one.read_text(), "Text.\n")

    def test_a_broken_pipeline_is_78_with_all_errors(self):
        pipe = self.write("p.toml", '[pipeline]\nname = 3\n[[stage]]\nimport = "text"\nwth = {}\n[[stage]]\nexport = "text"\nto = "{stm}"\n')
        done = self.calque("run", pipe, "a.txt", "-o", "out", code=78)
        self.assertSays(done, "p.toml:2:", "p.toml:5:", "p.toml:8:", "wth")
        self.assertEqual(self.list(), ["p.toml", "plain.toml"])

    def test_a_missing_pipeline_is_66(self):
        self.assertSays(self.calque("run", "none.toml", code=66), "none.toml")

    def test_a_missing_plugin_is_69(self):
        pipe = self.write("p.toml", PLAIN.replace('export = "text"', 'export = "texxt"'))
        self.assertSays(self.calque("run", pipe, "a.txt", "-o", "out", code=69), "texxt", "text")

    def test_warnings_can_be_denied(self):
        pipe = self.write("p.toml", re.sub(r"allow = \[.*?\]", 'default = "warn"', MINUTES.read_text().split("[[test]]")[0], flags=re.S))
        done = self.calque("run", pipe, SAMPLE, "-o", "out", "--deny-warnings", code=3)
        self.assertSays(done, "1 with warnings", "ledger.loss")
        self.assertEqual(len(self.list(self.folder / "out")), 5)  # a warning keeps nothing back
        self.calque("run", pipe, SAMPLE, "-o", "out")
        self.calque("run", MINUTES, SAMPLE, "-o", "out", "--deny-warnings")

    def test_quiet_is_quiet(self):
        done = self.calque("-q", "run", self.pipe, self.write("a.txt", "A.\n"), "-o", "out")
        self.assertEqual((done.out, done.err), ("", ""))

    def test_a_log_file(self):
        one = self.write("a.txt", "A.\n")
        self.calque("run", self.pipe, one, "-o", "out", "--log-file", "calque.log")
        log = (self.folder / "calque.log").read_text()
        self.assertRegex(log, r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info pipeline plain: 1 input: 1 ok; 1 file$")
        self.assertNotIn("a.txt", log)  # no document's name, unless asked for
        self.calque("run", self.pipe, one, "-o", "out", "--log-file", "calque.log", "-v")
        self.assertIn("a.txt", (self.folder / "calque.log").read_text())

    def test_colour_is_asked_for(self):
        import subprocess
        from calque_cli import PROGRAM
        def run(*args, **env):
            return subprocess.run([PROGRAM, *args, "run", "none.toml"], capture_output=True, env={"PATH": "/usr/bin", **env}).stderr
        self.assertIn(b"\x1b[", run("--color", "always"))
        self.assertIn(b"\x1b[", run(FORCE_COLOR="1"))
        self.assertNotIn(b"\x1b[", run(FORCE_COLOR="1", NO_COLOR="1"))
        self.assertNotIn(b"\x1b[", run("--color", "never", FORCE_COLOR="1"))
        self.assertNotIn(b"\x1b[", run())


main()
