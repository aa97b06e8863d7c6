# SPDX-License-Identifier: Apache-2.0
# F33: outputs changed, removed, touched or added between runs: `verify` names each, and a run repairs these alone.
import os

from harness import FaultTest, figure, main, make_documents, make_pipeline, tree

DOCUMENTS = figure(60, 1000)


class Tampering(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", DOCUMENTS)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.wanted = self.baseline(out="out")
        self.out = self.folder / "out"
        self.names = sorted(self.wanted)
        self.rng.shuffle(self.names)
        # The first of each document to the front, so that no two of those tampered with are of one.
        self.names.sort(key=lambda name: not name.endswith(".1.txt"))

    def verify(self, *more, code):
        done = self.calque("verify", self.out, *more, code=code)
        return (done.stdout + done.stderr).decode()

    def repaired(self, expected):
        """Runs; `expected` maps inputs to the reason why they are done again."""
        self.run_pipe("-j", 2)
        records = self.records()
        self.assertEqual({os.path.relpath(name, self.folder / "in"): records.inputs[name]["reason"] for name in records.redone()}, expected)
        self.assertEqual(tree(self.out), self.wanted)
        self.verify(code=0)

    @staticmethod
    def input_of(output):
        return output[:-len(".1.txt")] + ".txt"

    def test_nothing_was_done_to_it(self):
        self.verify(code=0)
        self.verify("--fast", code=0)
        self.repaired({})

    def test_changed_and_removed_files_are_named_and_repaired(self):
        changed, removed = self.names[:5], self.names[5:10]
        for name in changed:
            path = self.out / name
            bytes_ = bytearray(path.read_bytes())
            bytes_[self.rng.randrange(len(bytes_))] ^= 1
            path.write_bytes(bytes_)
        for name in removed:
            (self.out / name).unlink()
        said = self.verify(code=1)
        for name in changed + removed:
            self.assertIn(name, said)
        for name in self.names[10:]:
            self.assertNotIn(name, said)
        expected = {self.input_of(name): "output-changed" for name in changed}
        expected.update({self.input_of(name): "output-missing" for name in removed})
        # A run that trusts size and time could not see a change of one bit; ours looks.
        self.repaired(expected)

    def test_fast_sees_what_a_look_at_the_folder_tells(self):
        (self.out / self.names[0]).write_bytes(b"short")
        (self.out / self.names[1]).unlink()
        said = self.verify("--fast", code=1)
        self.assertIn(self.names[0], said)
        self.assertIn(self.names[1], said)

    def test_touching_alone_changes_nothing(self):
        for name in self.names:
            os.utime(self.out / name, (1, 1))
        self.repaired({})

    def test_files_of_others_are_named_and_left(self):
        (self.out / "stranger.txt").write_text("mine")
        self.assertIn("stranger.txt", self.verify(code=1))
        self.run_pipe()
        self.assertEqual((self.out / "stranger.txt").read_text(), "mine")

    def test_a_link_in_place_of_an_output_is_not_followed(self):
        victim = self.write("victim", "untouched")
        (self.out / self.names[0]).unlink()
        os.symlink(victim, self.out / self.names[0])
        # Somebody put it there, so it is neither followed nor replaced: its document alone fails, until it is gone.
        self.run_pipe("-j", 2, code=1)
        records = self.records()
        self.assertEqual(records.counts(), {"up-to-date": DOCUMENTS - 1, "io-error": 1})
        event = records.end_of(self.input_of(self.names[0]))
        self.assertEqual((event["status"], event["diagnostics"][0]["code"]), ("io-error", "output.symlink"))
        self.assertEqual(victim.read_text(), "untouched")
        (self.out / self.names[0]).unlink()
        self.run_pipe("-j", 2)
        self.assertEqual(self.records().counts(), {"up-to-date": DOCUMENTS - 1, "ok": 1})
        self.assertEqual(tree(self.out), self.wanted)


main()
