# SPDX-License-Identifier: Apache-2.0
# Only what changed is done again: stage runs and written files are counted after each kind of change, and `why` names
# what has changed.
import os
import random
import unittest

from batch_test import PIPELINE, Batch

STAGES = ("in", "unicode", "words", "segments", "marked", "plain")


class Incremental(Batch):
    def setUp(self):
        super().setUp()
        self.documents(42)
        self.run_batch()
        self.assertEqual(self.ran(), {stage: 42 for stage in STAGES})
        self.assertEqual(self.written(), 84)

    def assertNothingDone(self):
        self.assertEqual(self.statuses(), {"up-to-date": 42})
        self.assertEqual((self.ran(), self.written()), ({}, 0))

    def why(self, name="in/000.txt"):
        return self.calque("why", name, "-p", "p.toml", env=self.environment).out

    def test_nothing(self):
        self.run_batch()
        self.assertNothingDone()
        self.assertIn("up to date", self.why())

    def test_an_entry_of_a_word_list(self):
        self.write("words.txt", "river\nharbour\nlantern\n")
        why = self.why()
        self.assertIn("stage.words.file", why)
        self.assertIn("words.txt", why)
        self.run_batch()
        # From the document that was kept before it, on every document; what follows only where its layer is another one.
        self.assertEqual(self.ran(), {"words": 42, "segments": 18, "marked": 18, "plain": 18})
        self.assertEqual(self.written(), 18)  # the plain text has no marks
        self.assertIn("lantern", (self.folder / "out/000.marked").read_text())
        self.assertEqual({event["reason"] for event in self.finished()}, {"pipeline-changed"})

    def test_a_word_list_that_marks_the_same(self):
        self.write("words.txt", "river\nharbour\nnowhere\n")
        self.run_batch()
        self.assertEqual((self.ran(), self.written()), ({"words": 42}, 0))

    def test_an_option_of_the_last_stage(self):
        text = PIPELINE.replace('id = "plain"', 'id = "plain"\nwith = { width = 40 }')
        self.write("p.toml", text)
        self.assertIn("stage.plain.with.width", self.why())
        self.run_batch()
        self.assertEqual(self.ran().get("plain"), 42)
        self.assertNotIn("marked", self.ran())

    def test_comments_keys_and_times(self):
        self.write("p.toml", "# A comment.\n" + PIPELINE.replace('annotate = "test.word_list"\nid = "words"\n',
                                                                 'id = "words"  # first\nannotate = "test.word_list"\n'))
        for path in list((self.folder / "in").iterdir()) + [self.folder / "words.txt"]:
            os.utime(path, (1, 1))
        self.run_batch()
        self.assertNothingDone()

    def test_an_option_given_its_default(self):
        self.write("p.toml", PIPELINE.replace('normalize = "unicode"', 'normalize = "unicode"\nwith = { form = "NFC" }'))
        self.run_batch()
        self.assertNothingDone()

    def test_members_of_an_input(self):
        # Two workers in their jails: whatever importer a member needs is loaded by then.
        self.write("p.toml", '[pipeline]\nname = "mail"\n[input]\nfiles = ["in/*.eml"]\n[[stage]]\nexport = "text"\n'
                             'to = "{stem}-{part}.out.txt"\n[output]\nfolder = "mail"\n')
        for k in range(4):
            self.write(f"in/{k}.eml", f"From: a@example.org\nSubject: Boats {k}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
                                      f"boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: text/plain\nContent-Disposition: "
                                      f"attachment; filename=list.txt\n\nHeron {k}.\n--b--\n")
        self.calque("run", "p.toml", "-j", "2", env=self.environment)
        for k in range(4):
            self.assertIn(f"Heron {k}.", (self.folder / f"mail/{k}-2.out.txt").read_text())
        done = self.calque("run", "p.toml", "-j", "2", env=self.environment)
        events = self.read_events("mail")
        self.assertEqual({e["status"] for e in events if e["event"] == "input-finished"}, {"up-to-date"}, done.err)

    def test_an_input(self):
        self.write("in/005.txt", "Another text.\n")
        self.assertIn("the input has changed", self.why("in/005.txt"))
        self.run_batch()
        self.assertEqual(self.statuses()["up-to-date"], 41)
        self.assertEqual(self.ran(), {stage: 1 for stage in STAGES})

    def test_an_output_that_was_removed_or_changed(self):
        (self.folder / "out/001.marked").unlink()
        (self.folder / "out/002.out.txt").write_text("not by us")
        self.assertIn("an output is missing", self.why("in/001.txt"))
        self.run_batch()
        self.assertEqual(self.statuses()["up-to-date"], 40)
        self.assertEqual((self.ran(), self.written()), ({"marked": 1, "plain": 1}, 2))
        self.assertEqual({event["reason"] for event in self.finished()}, {"unchanged", "output-missing", "output-changed"})

    def test_a_touched_output(self):
        for path in (self.folder / "out").glob("*.marked"):
            os.utime(path, (5, 5))
        self.run_batch()
        self.assertNothingDone()
        self.run_batch()
        self.assertNothingDone()

    def test_a_stage_that_is_gone_takes_its_files_along(self):
        self.write("p.toml", PIPELINE.replace('[[stage]]\nexport = "text"\nid = "plain"\nto = "{stem}.out.txt"\n', ""))
        self.run_batch()
        self.assertEqual(self.ran(), {})
        self.assertEqual(len(self.tree()), 42)

    def test_inputs_that_are_gone(self):
        (self.folder / "in/000.txt").unlink()
        done = self.run_batch()
        self.assertIn("run.vanished", done.err)
        self.assertIn("000.marked", self.tree())
        self.run_batch("--prune")
        self.assertNotIn("000.marked", self.tree())
        self.assertEqual(len(self.tree()), 82)
        self.assertNotIn("run.vanished", self.run_batch().err)

    def test_force(self):
        self.run_batch("--force")
        self.assertEqual(self.ran(), {stage: 42 for stage in STAGES})
        self.assertEqual(self.written(), 0)  # the same bytes

    def test_without_a_cache(self):
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "other")
        self.write("words.txt", "river\nharbour\nlantern\n")
        self.run_batch()
        # What was not kept is made again, and what it was is known.
        self.assertEqual(self.ran(), {"words": 42, "segments": 18, "marked": 18, "plain": 18})

    def test_a_false_cache(self):
        kept = [path for path in (self.folder / "cache/calque/documents").rglob("*") if path.is_file()]
        self.assertEqual(len(kept), 42)
        for k, path in enumerate(kept):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data if k % 2 else data[:100])
        self.write("words.txt", "river\nharbour\nlantern\n")
        self.run_batch()
        self.assertEqual(self.written(), 18)

    def test_dry_run_tells_what_is_done_and_writes_nothing(self):
        self.write("in/100.txt", "New.\n")
        self.write("words.txt", "lantern\n")
        before = {path: path.stat().st_mtime_ns for path in self.folder.rglob("*")}
        told = self.calque("run", "p.toml", "-n", "--format", "json", env=self.environment).out.splitlines()
        self.assertEqual(before, {path: path.stat().st_mtime_ns for path in self.folder.rglob("*")})
        import json
        plan = {line["input"]: line["reason"] for line in map(json.loads, told)}
        self.run_batch()
        self.assertEqual(plan, {event["input"]: event["reason"] for event in self.finished()})


class Edits(Batch):
    """Random edits: what is done bit by bit is what is done at once."""

    def test_the_same_as_from_scratch(self):
        seed = random.randrange(10**6)
        dice = random.Random(seed)
        self.documents(20)
        for step in range(25):
            kind = dice.randrange(6)
            if kind == 0:
                self.write(f"in/{dice.randrange(20):03}.txt", f"Edited at {step}: a {dice.choice(['lantern', 'river'])}.\n")
            elif kind == 1:
                self.write("words.txt", "\n".join(dice.sample(["river", "lantern", "ferry", "number", "at"], 2)) + "\n")
            elif kind == 2:
                self.write("p.toml", PIPELINE.replace('"unicode"', f'"unicode"\nwith = {{ form = "{dice.choice(["NFC", "NFD"])}" }}'))
            elif kind == 3:
                made = sorted(path for path in (self.folder / "out").glob("*") if path.is_file())
                for path in dice.sample(made, min(3, len(made))):
                    path.unlink()
            elif kind == 4:
                self.write("p.toml", PIPELINE)
            else:
                (self.folder / f"in/{dice.randrange(20):03}.txt").unlink(missing_ok=True)
            self.run_batch("--prune")
            self.calque("run", "p.toml", "-o", f"fresh-{step}", "--no-cache", env=self.environment)
            self.assertEqual(self.tree(), self.tree(f"fresh-{step}"), f"seed {seed}, step {step}")


unittest.main()
