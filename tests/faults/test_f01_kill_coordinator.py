# SPDX-License-Identifier: Apache-2.0
# F01: the coordinator is killed at random times; what remains is sound, and the next run finishes the tree.
import signal
import time

from harness import FaultTest, descendants, figure, kill_at_random, main, make_documents, make_pipeline, tree, wait_until_gone

DOCUMENTS = figure(1000, 5000)
KILLS = figure(20, 1000)
WORKERS = 2
# What a run has done and not yet recorded: a document a worker, and a group of publications.
GROUP = 64


class KilledCoordinator(FaultTest):
    def test_killed_and_resumed_until_done(self):
        make_documents(self.folder / "in", DOCUMENTS)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        wanted = self.baseline()
        self.assertEqual(len(wanted), DOCUMENTS * 2)
        took = self.run_pipe("-j", WORKERS, out="timed").took
        self.assertEqual(tree(self.folder / "timed"), wanted)

        kills, redone, turn = 0, 0, 0
        while kills < KILLS:
            # Each time the next inputs are forced, or all would soon be done and nothing left to kill.
            turn += 1
            more = ["--force"] if turn % 3 == 0 else []
            running = self.start("-j", WORKERS, *more, events=f"{turn}.ndjson")
            if kill_at_random(running, self.rng, took):
                kills += 1
                self.assertEqual(running.wait(), -signal.SIGKILL)
                self.assertEqual(wait_until_gone(0.25), {}, "orphans after 250 ms")
            else:
                self.assertEqual(running.wait(), 0)
            # Whatever is there under its final name is whole.
            for name, digest in tree(self.folder / "out").items():
                self.assertEqual(digest, wanted.get(name), f"{name} after kill {kills}")
        began = time.monotonic()
        self.run_pipe("-j", WORKERS, events="last.ndjson")
        first = self.records("last.ndjson").of("input-finished")[0]["at"]
        self.assertLess(first, 1000, "the first input is decided within a second of the start")
        self.assertEqual(tree(self.folder / "out"), wanted)
        self.check_invariants()
        print(f"{kills} kills in {turn} runs, last run {time.monotonic() - began:.1f} s")

    def test_a_kill_costs_a_group_at_most(self):
        make_documents(self.folder / "in", 300)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        took = self.run_pipe("-j", WORKERS, out="timed").took
        for turn in range(figure(3, 30)):
            out = f"out{turn}"
            running = self.start("-j", WORKERS, out=out, events="killed.ndjson")
            if not kill_at_random(running, self.rng, took * 0.8):
                continue
            running.wait()
            wait_until_gone(1)
            published = len(tree(self.folder / out)) // 2 if (self.folder / out).exists() else 0
            self.run_pipe("-j", WORKERS, out=out)
            redone = len(self.records().redone())
            self.assertLessEqual(redone - (300 - published), WORKERS + GROUP)

    def test_nothing_is_done_twice_when_nothing_changed(self):
        make_documents(self.folder / "in", 50)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe()
        before = tree(self.folder / "out")
        self.run_pipe()
        self.assertEqual(self.records().counts(), {"up-to-date": 50})
        self.assertEqual(tree(self.folder / "out"), before)
        self.assertEqual(descendants(), {})


main()
