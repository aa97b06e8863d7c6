# SPDX-License-Identifier: Apache-2.0
# F31 and I10: the state cut at every byte of its end, with bits flipped, zeroed, empty, gone, foreign or from the future.
import shutil
import time

from harness import FaultTest, figure, main, make_documents, make_pipeline, tree

DOCUMENTS = figure(30, 5000)


class State(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", DOCUMENTS)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe("-j", 2)
        self.out, self.kept = self.folder / "out", self.folder / "kept"
        self.wanted = tree(self.out)
        shutil.copytree(self.out, self.kept)
        self.state = (self.kept / ".calque/state.db").read_bytes()
        # What an undisturbed run adds for one document, and so about the size of a record.
        self.record = max(1, len(self.state) // DOCUMENTS)

    def try_with(self, content, what, may_be_newer=False):
        shutil.rmtree(self.out)
        shutil.copytree(self.kept, self.out)
        path = self.out / ".calque/state.db"
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
        ended = self.run_pipe("-j", 2, code=None)
        if may_be_newer and ended.code == 78:
            self.assertEqual(path.read_bytes(), content, f"what a newer version wrote is not touched: {what}")
            return ended, []
        self.assertEqual(ended.code, 0, f"{what}\n{ended.err[-3000:]}")
        self.assertEqual(tree(self.out), self.wanted, what)
        warnings = [e for e in self.records().of("notice") if e["code"].startswith("state.")]
        self.assertLessEqual(len(warnings), 1, f"one warning: {what}")
        self.assertLessEqual(set(self.records().counts()), {"ok", "up-to-date"}, what)
        again = self.run_pipe("-j", 2)
        self.assertEqual(self.records().counts(), {"up-to-date": DOCUMENTS}, what)
        self.assertEqual([e for e in self.records().of("notice") if e["code"].startswith("state.")], [], f"the second open is silent: {what}")
        self.assertNotIn("state.", again.err, what)
        return ended, warnings

    def test_cut_at_the_end(self):
        size, last = len(self.state), 3 * self.record
        every = range(max(0, size - last), size)
        cuts = list(every) if figure(False, True) else self.rng.sample(every, min(40, len(every)))
        for at in [0, 1, 7, 8, 16, *cuts, *self.rng.sample(range(size), figure(20, min(2000, size)))]:
            self.try_with(self.state[:at], f"cut at {at} of {size}")

    def test_flipped_bits(self):
        for _ in range(figure(40, 10_000)):
            at, bit = self.rng.randrange(len(self.state)), self.rng.randrange(8)
            flipped = bytearray(self.state)
            flipped[at] ^= 1 << bit
            # A flip in the head may make the number of a newer version, which must be refused.
            self.try_with(bytes(flipped), f"bit {bit} of byte {at}", may_be_newer=at < 32)

    def test_never_a_stale_up_to_date(self):
        # Inputs change, and then the state is damaged: what it says must not hide the change.
        for _ in range(figure(10, 300)):
            flipped = bytearray(self.state)
            for _ in range(self.rng.randrange(1, 20)):
                flipped[self.rng.randrange(32, len(flipped))] ^= 1 << self.rng.randrange(8)
            name = self.rng.choice(sorted(path for path in (self.folder / "in").rglob("*.txt")))
            before = name.read_bytes()
            name.write_bytes(before + b"One more line.\n")
            shutil.rmtree(self.out)
            shutil.copytree(self.kept, self.out)
            (self.out / ".calque/state.db").write_bytes(flipped)
            self.run_pipe("-j", 2)
            self.assertEqual(self.records().end_of(str(name))["status"], "ok")
            name.write_bytes(before)

    def test_zeros_nothing_and_something_else(self):
        size = len(self.state)
        self.try_with(self.state[:size - self.record] + bytes(self.record), "zeros at the end")
        self.try_with(self.state + bytes(4096), "zeros after the end")
        self.try_with(b"", "empty")
        self.try_with(None, "gone")
        _, warnings = self.try_with(b"This is not what it says.\n" * 50, "a foreign file")
        self.assertEqual(len(warnings), 1)

    def test_opening_is_quick(self):
        began = time.monotonic()
        self.run_pipe()
        self.assertLess(time.monotonic() - began, figure(2, 20))
        self.assertLessEqual(self.records().of("input-finished")[0]["at"], 200 + figure(300, 0))


main()
