# SPDX-License-Identifier: Apache-2.0
# F02: workers are killed at random times; their document is tried again, and no other feels it.
import os
import signal
import time

from harness import FaultTest, figure, main, make_documents, make_pipeline, tree, wait_until, workers

DOCUMENTS = 400
KILLS = figure(200, 2000)


class KilledWorkers(FaultTest):
    def test_only_the_document_in_hand_is_tried_again(self):
        # Each document takes 10 ms, so that a killed worker mostly has one in hand.
        make_documents(self.folder / "in", DOCUMENTS, [("annotate", "slow 10", DOCUMENTS)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        wanted = self.baseline()
        killed, turn, respawned = [], 0, []
        while len(killed) < KILLS:
            turn += 1
            out, mine = f"out{turn}", []
            events = self.folder / "events.ndjson"
            events.unlink(missing_ok=True)
            running = self.start("-j", 2, out=out)
            # The first worker shows that the plugins can be loaded at all: without it there is no run.
            self.assertIsNotNone(wait_until(lambda: events.exists() and b"worker-started" in events.read_bytes(), 10))
            # A kill every 20 to 60 ms; the k-th kill of a run hits another document almost surely, but never the
            # retry of one more than once in a row: retries come at the end, when no more is killed.
            deadline = time.monotonic() + DOCUMENTS * 0.01 / 2 * 0.7
            while time.monotonic() < deadline and len(killed) + len(mine) < KILLS:
                time.sleep(self.rng.uniform(0.02, 0.06))
                alive = workers(running.pid)
                if alive:
                    pid = self.rng.choice(alive)
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        continue
                    mine.append(pid)
            self.assertEqual(running.wait(timeout=120), 0, (self.folder / "stderr").read_text()[-3000:])
            records = self.records()
            # One that was still starting, or waited to take the place of another, had no document and is in no record.
            started = {event["pid"] for event in records.of("worker-started")}
            mine = [pid for pid in mine if pid in started]
            killed += mine
            self.assertEqual(records.counts(), {"ok": DOCUMENTS})
            ended = {event["pid"]: event for event in records.of("worker-ended")}
            for pid in mine:
                self.assertEqual(ended[pid]["reason"], "crash")
                # A new worker comes within 50 ms, unless the run was over.
                later = [e["at"] - ended[pid]["at"] for e in records.of("worker-started") if e["at"] >= ended[pid]["at"]]
                if later:
                    respawned.append(min(later))
            self.assertEqual({event["pid"] for event in ended.values() if event["reason"] == "crash"} & started, set(mine), "no collateral")
            tried_again = [e for e in records.inputs.values() if e["attempt"] > 1]
            self.assertLessEqual(len(tried_again), len(mine))
            for event in tried_again:
                self.assertTrue(event.get("flaky"), event["input"])
            self.assertEqual(tree(self.folder / out), wanted)
            self.check_invariants(out)
        self.assertGreater(len(respawned), KILLS // 2)
        self.assertLessEqual(sorted(respawned)[int(len(respawned) * 0.99)], 100, "death seen and worker replaced, ms, p99")
        print(f"{len(killed)} workers killed in {turn} runs")


main()
