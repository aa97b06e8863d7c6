# SPDX-License-Identifier: Apache-2.0
# F35: what a change makes a run do again is exactly what depends on it; and random edits against clean builds.
import os
import shutil

from harness import FAULTS, FaultTest, SEED, figure, main, make_documents, make_pipeline, text_of, tree

DOCUMENTS = 30


class Incremental(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", DOCUMENTS)
        self.pipe = make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe("-j", 2)
        self.inputs = sorted(path for path in (self.folder / "in").rglob("*.txt"))

    def edit(self, old, new):
        text = self.pipe.read_text()
        self.assertIn(old, text)
        self.pipe.write_text(text.replace(old, new))

    def redone(self, count, reason=None, field=None, **options):
        self.run_pipe("-j", 2, **options)
        records = self.records()
        self.assertEqual(len(records.redone()), count)
        self.assertEqual(records.counts()["up-to-date"], len(records.inputs) - count)
        for name in records.redone():
            event = records.inputs[name]
            if reason:
                self.assertEqual(event["reason"], reason)
            if field:
                self.assertIn(field, [change["field"] for change in event["changed"]])
        self.run_pipe("-j", 2, out="clean", events="clean.ndjson", **options)
        self.assertEqual(tree(self.folder / "out"), tree(self.folder / "clean"), "as a clean run would make it")
        shutil.rmtree(self.folder / "clean")
        return records

    def test_nothing(self):
        self.redone(0)

    def test_an_input(self):
        self.inputs[3].write_text("Another text.\n")
        self.redone(1, "input-changed")

    def test_only_its_time(self):
        for path in self.inputs:
            os.utime(path, (10**9, 10**9))
        self.redone(0)

    def test_its_bytes_but_neither_size_nor_time(self):
        path, info = self.inputs[3], self.inputs[3].stat()
        path.write_bytes(path.read_bytes().swapcase())
        os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
        self.assertEqual(path.stat().st_size, info.st_size)
        self.redone(1, "input-changed")

    def test_a_new_and_a_vanished_input(self):
        self.write("in/new.txt", "New.\n")
        self.redone(1, "new")
        (self.folder / "in/new.txt").unlink()
        self.run_pipe("-j", 2)
        self.assertEqual(len(self.records().inputs), DOCUMENTS)

    def test_a_comment_and_the_order_of_keys(self):
        self.edit('[pipeline]\nname = "faults"', '# a comment\n[pipeline]\nname   =   "faults"')
        self.redone(0)

    def test_an_option_of_one_exporter(self):
        self.edit('mark = "1 "', 'mark = "one "')
        records = self.redone(DOCUMENTS, "pipeline-changed", "stage.first.with.mark")
        for event in records.inputs.values():
            actions = {stage["name"]: stage["action"] for stage in event["stages"]}
            self.assertEqual(actions["first"], "ran")
            self.assertEqual(actions["second"], "reused", "what came to the other is the same")
            self.assertEqual(sorted(file["action"] for file in event["files"]), ["unchanged", "written"])

    def test_a_default_that_is_written_out(self):
        # `with` that says what holds anyway is no change; the budget is none of the document's either.
        self.edit('silence = "20 s"', 'silence = "30 s"')
        self.redone(0)

    def test_a_stage_less(self):
        self.edit('[[stage]]\nannotate = "test.fault_annotate"\n', "")
        self.redone(DOCUMENTS, "pipeline-changed")

    def test_an_output_less_is_removed(self):
        text = self.pipe.read_text()
        self.pipe.write_text(text[:text.index('[[stage]]\nid = "second"')])
        records = self.redone(DOCUMENTS, "pipeline-changed")
        self.assertTrue(all(len(event["removed"]) == 1 for event in records.inputs.values()))
        self.assertEqual(len(tree(self.folder / "out")), DOCUMENTS)

    def test_the_plugin_s_binary(self):
        plugins = self.folder / "plugins"
        plugins.mkdir()
        path = plugins / "fault.calque"
        shutil.copy(f"{FAULTS}/fault.calque", path)
        env = {"CALQUE_PATH": str(plugins)}
        self.redone(0, env=env)  # the same bytes at another place
        with open(path, "ab") as file:
            file.write(b"\0")  # behind what the loader reads, but another binary
        self.redone(DOCUMENTS, "pipeline-changed", env=env)

    def test_the_environment(self):
        self.redone(0, env={"LANG": "de_DE.UTF-8", "TZ": "Pacific/Auckland", "ANYTHING": "else"})

    def test_force_and_only(self):
        self.run_pipe("--force", "--only", "**/00003.txt")
        self.assertEqual(len(self.records().redone()), 1)

    def test_why_names_the_field(self):
        self.edit('mark = "1 "', 'mark = "one "')
        said = self.calque("why", str(self.inputs[0]), "-p", self.pipe, "-o", self.folder / "out")
        self.assertIn(b"stage.first.with.mark", said.stdout + said.stderr)


class RandomEdits(FaultTest):
    def test_edits_against_clean_builds(self):
        make_documents(self.folder / "in", DOCUMENTS)
        pipe = make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe("-j", 2)
        marks = iter(range(10**6))
        for turn in range(figure(12, 10_000)):
            for _ in range(self.rng.randint(1, 4)):
                path = self.folder / f"in/000/{self.rng.randrange(DOCUMENTS + 5):05}.txt"
                act = self.rng.randrange(7)
                if act == 0 and path.exists():
                    os.utime(path, (turn, turn))
                elif act == 1:
                    path.write_text("\n".join(text_of(self.rng)) + "\n")
                elif act == 2 and path.exists():
                    other = path.with_name(f"{self.rng.randrange(DOCUMENTS):05}.txt")
                    shutil.copy(path, other) if other != path else None
                elif act == 3:
                    pipe = make_pipeline(pipe, self.folder / "in", mark=f"{next(marks) % 3} ")
                elif act == 4:
                    outputs = sorted(tree(self.folder / "out"))
                    (self.folder / "out" / self.rng.choice(outputs)).unlink()
                elif act == 5:
                    outputs = sorted(tree(self.folder / "out"))
                    (self.folder / "out" / self.rng.choice(outputs)).write_text("tampered")
                elif act == 6:
                    pipe = make_pipeline(pipe, self.folder / "in", stages=self.rng.choice((("normalize",), ("annotate",), ("normalize", "annotate"))))
            self.run_pipe("-j", 2)
            shutil.rmtree(self.folder / "clean", ignore_errors=True)
            self.run_pipe("-j", 2, out="clean", events="clean.ndjson")
            self.assertEqual(tree(self.folder / "out"), tree(self.folder / "clean"), f"seed {SEED}, turn {turn}")


main()
