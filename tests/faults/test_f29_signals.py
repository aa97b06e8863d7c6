# SPDX-License-Identifier: Apache-2.0
# F29: SIGINT, SIGTERM and SIGHUP at random times, to the coordinator alone and to its whole group; once and twice.
import os
import shutil
import signal
import time

from harness import FaultTest, figure, main, make_documents, make_pipeline, plain_environment, run_on_terminal, tree, wait_until, wait_until_gone, workers

COUNT = 60  # of 5 ms each


class Signals(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", COUNT, [("annotate", "slow 5", COUNT)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.wanted = self.baseline()

    def stop(self, turn, number, to_group):
        running = self.start("-j", 2, out=f"out{turn}", events=f"{turn}.ndjson")
        time.sleep(self.rng.uniform(0.02, 0.05 + COUNT * 0.005 / 2))
        began = time.monotonic()
        (os.killpg if to_group else os.kill)(running.pid, number)
        running.wait(timeout=30)
        return running.returncode, time.monotonic() - began

    def test_the_first_signal_drains_and_the_next_run_finishes(self):
        stopped = 0
        for turn in range(figure(200, 2000)):
            number = self.rng.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
            to_group = self.rng.random() < 0.5
            what = f"{number.name} {'to the group' if to_group else ''} {turn}"
            code, took = self.stop(turn, number, to_group)
            self.assertLess(took, 11, what)
            if code == 0:
                continue
            self.assertEqual(code, -number, what)
            self.assertEqual(wait_until_gone(0.5), {}, what)
            stopped += 1
            for name, digest in tree(self.folder / f"out{turn}").items() if (self.folder / f"out{turn}").exists() else ():
                self.assertEqual(digest, self.wanted[name], what)
            before = 0
            events = self.folder / f"{turn}.ndjson"
            if events.exists() and events.stat().st_size:  # a signal may come before the run has begun
                records = self.records(f"{turn}.ndjson")
                self.assertEqual(records.finished["outcome"], "interrupted", what)
                self.assertLessEqual(set(records.counts()), {"ok", "not-run"}, f"a drained worker is no crash: {what}")
                self.assertEqual(sum(records.counts().values()), COUNT, what)
                before = records.counts()["ok"]
            self.run_pipe("-j", 2, out=f"out{turn}")
            self.assertEqual(len(self.records().redone()), COUNT - before, f"nothing is done twice: {what}")
            self.assertEqual(tree(self.folder / f"out{turn}"), self.wanted, what)
            self.check_invariants(f"out{turn}", verify=False)
            shutil.rmtree(self.folder / f"out{turn}")
        self.assertGreater(stopped, figure(100, 1000), "most signals come before the end")
        print(f"{stopped} runs stopped by a signal")

    def test_the_second_signal_ends_it_now(self):
        make_documents(self.folder / "slow", 4, [("annotate", "slow 60000", 4)])
        make_pipeline(self.folder / "slow.toml", self.folder / "slow")
        for turn in range(figure(3, 20)):
            running = self.start("-j", 2, pipe="slow.toml", out=f"slow{turn}")
            self.assertIsNotNone(wait_until(lambda: len(workers(running.pid)) == 2, 10))
            time.sleep(0.3)
            running.send_signal(signal.SIGINT)
            time.sleep(0.3)
            self.assertIsNone(running.poll(), "the first lets the documents end")
            began = time.monotonic()
            running.send_signal(signal.SIGINT)
            self.assertEqual(running.wait(timeout=10), -signal.SIGINT)
            self.assertLess(time.monotonic() - began, 0.5)
            self.assertEqual(wait_until_gone(0.25), {})
            self.check_invariants(f"slow{turn}", verify=False)

    def test_ctrl_c_on_a_terminal_leaves_it_clean(self):
        pressed = []

        def press(pid, seen):
            if len(seen) > 50 and not pressed:
                pressed.append(pid)
                os.killpg(pid, signal.SIGINT)  # as the terminal does
        code, seen = run_on_terminal(self.command("-j", 2, events=None), env=plain_environment(self.folder, TERM="xterm"),
                                     cwd=self.folder, after=press)
        self.assertEqual(code, -signal.SIGINT)
        if b"\x1b[?25l" in seen:
            self.assertGreater(seen.rfind(b"\x1b[?25h"), seen.rfind(b"\x1b[?25l"), "the cursor is shown again")
        self.assertIn(b"not run", seen)


main()
