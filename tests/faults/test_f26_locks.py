# SPDX-License-Identifier: Apache-2.0
# F26 to F28: one run at a time in an output folder, by a lock that dies with its holder.
import os
import re
import signal
import subprocess
import time

from harness import FaultTest, figure, main, make_documents, make_pipeline, plain_environment, tree, wait_until, wait_until_gone


class Locks(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", 100, [("annotate", "slow 60", 100)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")

    def holder(self, **options):
        running = self.start("-j", 2, events="holder.ndjson", **options)
        events = self.folder / "holder.ndjson"
        self.assertIsNotNone(wait_until(lambda: events.exists() and events.stat().st_size > 0, 10), "it never started")
        return running

    def test_of_many_starts_one_works(self):
        count = figure(20, 50)
        began = time.monotonic()
        started = [subprocess.Popen(self.command("-j", 1, events=f"{k}.ndjson"), env=plain_environment(self.folder), cwd=self.folder,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for k in range(count)]
        talks = [running.communicate(timeout=120)[1] for running in started]
        codes = [running.returncode for running in started]
        self.assertEqual((codes.count(0), codes.count(75)), (1, count - 1), codes)
        winner = started[codes.index(0)].pid
        for code, talk in zip(codes, talks):
            if code == 75:
                self.assertRegex(talk, rf"\b{winner}\b", "it names the process that holds the lock")
                self.assertIn(os.uname().nodename, talk)
        self.assertEqual(len(tree(self.folder / "out")), 200)
        print(f"{count} starts in {time.monotonic() - began:.1f} s")

    def test_the_second_is_refused_at_once(self):
        running = self.holder()
        self.run_pipe(code=75, events="holder.ndjson")
        self.assertEqual(self.records("holder.ndjson").started["pid"], running.pid, "the records of the one at work are left alone")
        took = self.run_pipe(code=75).took
        self.assertLess(took, figure(0.5, 0.3))

    def test_another_pipeline_may_not_have_the_folder(self):
        make_pipeline(self.folder / "q.toml", self.folder / "in", mark="other ")
        running = self.holder()
        self.run_pipe(pipe="q.toml", code=75)
        self.assertEqual(running.wait(timeout=60), 0)
        self.run_pipe()
        self.assertEqual(self.records().counts(), {"up-to-date": 100})

    def test_a_killed_holder_leaves_no_lock(self):
        running = self.holder()
        running.kill()
        running.wait()
        self.assertEqual(wait_until_gone(1), {}, "workers hold no lock for it")
        began = time.monotonic()
        self.run_pipe("--limit", 1)
        self.assertLess(time.monotonic() - began, 3)

    def test_waiting_for_a_stopped_holder_ends(self):
        running = self.holder()
        os.kill(running.pid, signal.SIGSTOP)
        try:
            ended = self.run_pipe("--wait", "2s", code=75)
            self.assertTrue(2 <= ended.took < 3.5, ended.took)
            self.assertTrue(re.search(rf"\b{running.pid}\b", ended.err))
        finally:
            os.kill(running.pid, signal.SIGCONT)

    def test_waiting_pays(self):
        running = self.holder()
        ended = self.run_pipe("--wait", "60s")
        self.assertEqual(running.wait(timeout=1), 0)
        self.assertEqual(self.records().counts(), {"up-to-date": 100}, ended.err)


main()
