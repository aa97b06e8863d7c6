# SPDX-License-Identifier: Apache-2.0
# `calque check`: all errors at once, in three forms.
import json

from calque_cli import CliTest, MINUTES, PLAIN, ROOT, main


class Check(CliTest):
    def test_all_ready_pipelines_are_right(self):
        for pipe in sorted((ROOT / "configs").glob("*.toml")):
            self.assertSays(self.calque("check", pipe, "--deny-warnings"), ": right, with ")

    def test_errors_have_places_in_each_form(self):
        pipe = self.write("p.toml", PLAIN.replace("to =", "too ="))
        human = self.calque("check", pipe, code=78)
        self.assertSays(human, "p.toml:9:1", "^^^", "too")
        concise = self.calque("check", pipe, "--format", "concise", code=78)
        self.assertRegex(concise.out, r"p\.toml:9:1: error\[pipeline\.unknown-key\]: ")
        objects = [json.loads(line) for line in self.calque("check", pipe, "--format", "json", code=78).out.splitlines()]
        self.assertEqual(objects[0]["code"], "pipeline.unknown-key")

    def test_files_that_options_name_are_read(self):
        stages = PLAIN.replace("[[stage]]\nexport", '[[stage]]\nannotate = "glossary"\nwith = { files = ["terms.csv"] }\n[[stage]]\nexport')
        pipe = self.write("p.toml", stages)
        terms = self.write("terms.csv", "source,target\ntreaty,договор\n")
        self.assertSays(self.calque("check", pipe, "--deny-warnings"), "right, with ")
        terms.write_text("source,target\ntreaty\n")
        self.assertSays(self.calque("check", pipe), "terms.csv:2", "glossary.short-row", "right, with ")
        terms.write_text('source,target\n"treaty,договор\n')
        self.assertSays(self.calque("check", pipe, code=78), "terms.csv:2", "glossary.unclosed-quote")

    def test_several_files(self):
        bad = self.write("bad.toml", "[")
        self.assertSays(self.calque("check", MINUTES, bad, code=78), "bad.toml:1")
        self.calque("check", MINUTES, "none.toml", code=66)

    def test_what_is_no_pipeline_file(self):
        import os
        os.mkfifo(self.folder / "pipe.toml")
        for name in (self.folder, self.folder / "pipe.toml"):
            self.assertSays(self.calque("check", name, code=77), str(name))
        self.assertSays(self.calque("check", self.write("b.toml", b"\x7fELF\0\xff"), code=78), "b.toml")


main()
