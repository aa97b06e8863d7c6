# SPDX-License-Identifier: Apache-2.0
# `calque test`: the tests in pipeline files, what failing ones say, and --update.
from calque_cli import CliTest, PLAIN, ROOT, main

TESTS = PLAIN + """
[[test]]
name = "paragraphs"
input = { text = "One boat.\\n\\nTwo boats.\\n" }
expect = [
  { at = "text", contains = "Two boats." },
  { kind = "paragraph", count = 2 },
]
"""


class Test(CliTest):
    def test_the_ready_pipelines_pass(self):
        pipes = sorted((ROOT / "configs").glob("*.toml"))
        self.assertSays(self.calque("test", *pipes), " passed, 0 failed")

    def test_a_passing_and_a_failing_expectation(self):
        pipe = self.write("p.toml", TESTS)
        self.assertSays(self.calque("test", pipe), "1 test passed, 0 failed")
        pipe.write_text(pipe.read_text().replace("count = 2", "count = 3").replace("Two boats.\" }", "Two goats.\" }"))
        done = self.calque("test", pipe, code=1)
        self.assertSays(done, "failed: ", "paragraphs", "expected 3, found 2", "One boat.", "p.toml:1", "[-goats-]{+boats+}",
                        "0 tests passed, 1 failed")

    def test_file_comparison_and_update(self):
        pipe = self.write("p.toml", PLAIN + '[[test]]\nname = "whole"\ninput = { file = "in.txt" }\n'
                                            'expect = [{ file_equals = "expected.txt" }]\n')
        self.write("in.txt", "One.\n\nTwo.\n")
        self.assertSays(self.calque("test", pipe, code=1), "expected.txt is not there", "--update")
        self.assertSays(self.calque("test", pipe, "--update"), "written: ")
        self.calque("test", pipe)
        expected = self.folder / "expected.txt"
        expected.write_text(expected.read_text().replace("Two", "Three"))
        self.assertSays(self.calque("test", pipe, code=1), "-Three.", "+Two.", "p.toml:")
        self.assertEqual(self.list(), ["expected.txt", "in.txt", "p.toml"])

    def test_it_starts_from_a_dump(self):
        sample = self.write("in.txt", "One boat.\n")
        pipe = self.write("p.toml", PLAIN)
        dump = self.calque("preview", sample, "-p", pipe, "--dump").out
        first = dump.split("==== ")[1].split("\n", 1)[1]
        self.write("start.dump", first)
        pipe.write_text(PLAIN + '[[test]]\nname = "from a dump"\ninput = { doc = "start.dump" }\nexpect = [{ contains = "One boat." }]\n')
        self.assertSays(self.calque("test", pipe), "1 test passed")

    def test_status_and_diagnostics(self):
        pipe = self.write("p.toml", PLAIN + '[[test]]\nname = "nothing"\ninput = { text = "" }\nexpect = [{ status = "rejected", outputs = 0 }]\n'
                                            '[[test]]\nname = "unsaid"\ninput = { text = "" }\nexpect = [{ outputs = 0 }]\n')
        done = self.calque("test", pipe, code=1)
        self.assertSays(done, "1 test passed, 1 failed", "the run ended as rejected", "input.empty")

    def test_some_by_name(self):
        pipe = self.write("p.toml", TESTS)
        self.assertSays(self.calque("test", pipe, "-k", "nothing like it"), "0 tests passed", "no test was run")

    def test_a_broken_pipeline_is_78(self):
        self.calque("test", self.write("p.toml", "x = 1"), code=78)


main()
