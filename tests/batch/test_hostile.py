# SPDX-License-Identifier: Apache-2.0
# Hostile files of every kind through the batch: each has a verdict in time, and no control character gets through to a
# terminal, the records or the report.
import resource
import shutil
import time
import unittest

from batch_test import Batch
from calque_cli import ROOT

CORPUS = ROOT.parent / "shared/corpus/hostile"

# The importer that knows a file best is asked for by its content; for what nobody knows that is the verdict.
ANY = """
[pipeline]
name = "anything"
[[stage]]
export = "json"
[[stage]]
export = "text"
id = "plain"
to = "{stem}.out.txt"
[budget]
silence = "5 s"
total = "10 s"
memory = "1 GiB"
[loss]
default = "warn"
"""


class Hostile(Batch):
    def test_each_has_a_verdict(self):
        if not CORPUS.is_dir():
            self.skipTest(f"{CORPUS} is not there")
        self.write("p.toml", ANY.replace('[[stage]]\nexport = "json"', '[[stage]]\nexport = "json"\nto = "{stem}.json"', 1))
        files = sorted(path for path in CORPUS.rglob("*") if path.is_file())
        self.assertGreater(len(files), 100)
        for k, path in enumerate(files):  # names that cannot collide
            target = self.folder / f"in/{k:04}-{path.name}"
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, target)
        there_before = {path.name for path in self.folder.iterdir()}
        inputs = {path.name for path in (self.folder / "in").iterdir()}
        began = time.monotonic()
        done = self.calque("run", "p.toml", *sorted((self.folder / "in").iterdir()), "-o", "out", "-j", "2",
                           env=self.environment, code=None, timeout=280)
        self.assertIn(done.returncode, (0, 1))
        self.events = self.read_events()
        self.assertEqual(len(self.finished()), len(files))
        slowest = max(self.finished(), key=lambda event: event.get("took", 0))
        self.assertLess(slowest.get("took", 0), 11_000, slowest["input"])
        for event in self.finished():
            self.assertLess(event.get("peak_kib", 0), 1 << 20, event["input"])
            self.assertNotIn(event["status"], ("crashed", "violation", "invalid-output", "not-run"), event)
            if event["status"] not in ("ok", "ok-with-warnings"):
                self.assertTrue(all(d["code"] and d["message"] for d in event["diagnostics"]), event)
                self.assertTrue(event["diagnostics"], event)
        # Nothing is written anywhere but in the output folder and the cache, whatever a file calls its members.
        self.assertEqual({path.name for path in self.folder.iterdir()} - there_before, {"cache", "out"})
        self.assertEqual({path.name for path in (self.folder / "in").iterdir()}, inputs)
        runs = next((self.folder / "out/.calque/runs").iterdir())
        for text in (done.err, (runs / "events.ndjson").read_text(), (runs / "report.html").read_text()):
            for bad in "\x1b\x07\u202e\u2066":
                self.assertNotIn(bad, text)
        print(f"{len(files)} files in {time.monotonic() - began:.1f} s: {self.statuses()}; "
              f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10} MiB at most")


unittest.main()
