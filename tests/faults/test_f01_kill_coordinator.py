# SPDX-License-Identifier: Apache-2.0
# F01: the coordinator is killed at random times; what remains is sound, and the next run finishes the tree.
import os
import signal
import time

from harness import FaultTest, descendants, digest_of, figure, kill_at_random, main, make_documents, make_pipeline, tree, tree_names, wait_until_gone

DOCUMENTS = 5000
KILLS = figure(100, 1000)
WORKERS = 2
# What a run has done and not yet recorded: a document a worker, and a group of publications.
GROUP = 64


class KilledCoordinator(FaultTest):
    def check_whole(self, what):
        """Whatever is there under its final name is whole. A file that has not changed since the last look is not read."""
        for name in tree_names(self.folder / "out"):
            info = os.stat(self.folder / "out" / name)
            mark = (info.st_ino, info.st_ctime_ns, info.st_size)
            if self.seen.get(name) != mark:
                self.assertEqual(digest_of(self.folder / "out" / name), self.wanted.get(name), f"{name} {what}")
                self.seen[name] = mark

    def test_killed_and_resumed_until_done(self):
        make_documents(self.folder / "in", DOCUMENTS)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.wanted, self.seen = self.baseline(), {}
        self.assertEqual(len(self.wanted), DOCUMENTS * 2)
        took = self.records("baseline.ndjson").finished["at"] / 1000

        kills, turn, finished, done = 0, 0, 0, 0
        more = []
        while kills < KILLS:
            turn += 1
            running = self.start("-j", WORKERS, *more, events=f"{turn}.ndjson")
            # So that the kills spread over two runs over all documents, and fall into starts and recoveries too.
            if kill_at_random(running, self.rng, 4 * took / KILLS + 0.1):
                kills += 1
                self.assertEqual(running.wait(), -signal.SIGKILL)
                self.assertEqual(wait_until_gone(0.25), {}, "orphans after 250 ms")
            else:
                self.assertEqual(running.wait(), 0)
            self.check_whole(f"after kill {kills}")
            events = self.folder / f"{turn}.ndjson"
            if events.exists() and b"run-finished" in events.read_bytes()[-600:]:
                # Once all is done, everything is done again over it, or there would be nothing left to kill.
                self.assertEqual(tree(self.folder / "out"), self.wanted)
                finished += 1
                more = ["--force"]
            else:
                more = []
            events.unlink(missing_ok=True)
        began = time.monotonic()
        self.run_pipe("-j", WORKERS, events="last.ndjson")
        first = self.records("last.ndjson").of("input-finished")[0]["at"]
        self.assertLess(first, 1000, "the first input is decided within a second of the start")
        self.assertEqual(tree(self.folder / "out"), self.wanted)
        self.check_invariants()
        print(f"{kills} kills in {turn} runs, of which {finished} came to their end; the last took {time.monotonic() - began:.1f} s")

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
