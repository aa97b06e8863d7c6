# SPDX-License-Identifier: Apache-2.0
# F15 to F17: memory without end becomes `oom`, a leak costs the worker and nothing else, and the machine never feels it.
import pathlib
import re
import sys
import threading
import time

from harness import FaultTest, figure, main, make_documents, make_pipeline, tree, workers


def free_share():
    memory = dict(re.findall(r"^(\w+):\s+(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.M))
    return int(memory["MemAvailable"]) / int(memory["MemTotal"])


def resident(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    except (OSError, IndexError):
        return 0


class Watched(FaultTest):
    """Looks at the memory of a run while it goes on."""

    def watch(self, *more, code=0):
        running = self.start("-j", 2, *more)
        self.most_worker, self.most_coordinator, self.least_free, self.scores = 0, 0, 1.0, {}
        ended = threading.Event()

        def look():
            while not ended.is_set():
                self.least_free = min(self.least_free, free_share())
                self.most_coordinator = max(self.most_coordinator, resident(running.pid))
                for pid in workers(running.pid):
                    self.most_worker = max(self.most_worker, resident(pid))
                    try:
                        own, its = (int(pathlib.Path(f"/proc/{p}/oom_score_adj").read_text()) for p in (running.pid, pid))
                        self.scores.setdefault(pid, []).append(its - own)
                    except (OSError, ValueError):
                        pass
                time.sleep(0.02)
        thread = threading.Thread(target=look)
        thread.start()
        try:
            self.assertEqual(running.wait(timeout=300), code, (self.folder / "stderr").read_text()[-3000:])
        finally:
            ended.set()
            thread.join()


class OutOfMemory(Watched):
    def test_each_way_to_run_out_is_oom(self):
        kinds, times = ("oom-vector", "oom-null", "oom-mmap"), figure(3, 20)
        asked = [(stage, kind, times) for kind in kinds for stage in ("import", "annotate")]
        count = figure(150, 1000)
        make_documents(self.folder / "in", count, asked)
        make_pipeline(self.folder / "p.toml", self.folder / "in", {"memory": "256 MiB"})
        self.watch(code=1)
        bad = times * len(asked)
        self.assertEqual(self.records().counts(), {"ok": count - bad, "oom": bad})
        self.assertTrue(all(e["attempt"] == 2 for e in self.records().inputs.values() if e["status"] == "oom"))
        self.assertLessEqual(self.most_worker, 300 << 20)
        self.assertGreaterEqual(self.least_free, 0.25)
        # A worker has its number as soon as it runs; one look may come before that.
        scores = [seen[-1] for seen in self.scores.values() if len(seen) > 1]
        self.assertTrue(scores and min(scores) > 0, f"workers go before the coordinator when the kernel must choose: {scores}")

    def test_stacks_end_as_crashes(self):
        make_documents(self.folder / "in", 30, [("annotate", "recursion", 2), ("annotate", "big-stack 1024", 2)])
        make_pipeline(self.folder / "p.toml", self.folder / "in", {"memory": "256 MiB"})
        self.watch(code=1)
        records = self.records()
        self.assertEqual(records.counts(), {"ok": 26, "crashed": 4})
        said = [d["message"] for e in records.inputs.values() if e["status"] == "crashed" for d in e["diagnostics"]]
        self.assertEqual(sum("recursion" in message for message in said), 4, said)


class Leaks(Watched):
    def test_a_leak_costs_workers_and_changes_nothing(self):
        count = figure(200, 2000)
        make_documents(self.folder / "in", count, [("annotate", "leak 5", count)])
        make_pipeline(self.folder / "p.toml", self.folder / "in", {"memory": "256 MiB"})
        self.watch()
        records = self.records()
        self.assertEqual(records.counts(), {"ok": count})
        reasons = {event["reason"] for event in records.of("worker-ended")}
        self.assertIn("growth", reasons)
        self.assertLessEqual(reasons, {"growth", "documents", "end"})
        self.assertLessEqual(self.most_worker, 256 << 20)
        self.run_pipe("--fresh-workers", out="fresh")
        self.assertEqual(tree(self.folder / "out"), tree(self.folder / "fresh"))

    def test_the_coordinator_does_not_grow(self):
        count = figure(2000, 50_000)
        make_documents(self.folder / "in", count)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.watch()
        print(f"the coordinator of {count} documents had {self.most_coordinator / 2**20:.1f} MiB at most", file=sys.stderr)
        self.assertLessEqual(self.most_coordinator, (64 << 20) + 200 * count)


main()
