# SPDX-License-Identifier: Apache-2.0
# The harness itself, where it can be tested without the engine.
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import harness
from harness import Records, SmallDisk, descendants, faults_table, kill_at_random, leftovers, make_documents, make_pipeline, run_on_terminal, tree, wait_until, wait_until_gone


def events(*more, finished=None):
    lines = [{"event": "run-started", "schema": "calque.events/1"}, *more]
    if finished is not None:
        lines.append({"event": "run-finished", "outcome": "finished", "exit": 0, "counts": finished})
    return [{"seq": k, **line} for k, line in enumerate(lines)]


def ended(name, status):
    return {"event": "input-finished", "input": name, "status": status}


class Harness(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="calque-harness-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def records(self, lines):
        path = self.folder / "events"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return Records(path)

    def test_documents_have_exactly_the_faults_asked_for(self):
        made = make_documents(self.folder, 50, [("import", "segv", 3), ("export", "slow 5", 2)], seed=4)
        self.assertEqual(len(made), 50)
        found = [line for path in self.folder.rglob("*.txt") for line in path.read_text().splitlines() if "fault" in line]
        self.assertEqual(sorted(found), ["fault-in: export slow 5"] * 2 + ["fault-in: import segv"] * 3)
        self.assertEqual(sum(fault is not None for fault in made.values()), 5)

    def test_the_same_seed_makes_the_same_documents(self):
        a, b, c = (self.folder / name for name in "abc")
        asked = [("import", "segv", 3)]
        self.assertEqual(make_documents(a, 20, asked, seed=4), make_documents(b, 20, asked, seed=4))
        make_documents(c, 20, asked, seed=5)
        self.assertEqual(tree(a), tree(b))
        self.assertNotEqual(tree(a), tree(c))

    def test_a_tree_leaves_out_what_calque_keeps(self):
        for name in ("a", "sub/.calque", ".calque/state.db"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(name)
        self.assertEqual(set(tree(self.folder)), {"a", "sub/.calque"})
        self.assertEqual(set(tree(self.folder, with_state=True)), {"a", "sub/.calque", ".calque/state.db"})

    def test_leftovers(self):
        for name in ("a.txt", ".calque/staging/1/0.new", ".calque/state.db", "sub/.hidden", "sub/b.tmp"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text("")
        self.assertEqual([os.path.relpath(path, self.folder) for path in leftovers(self.folder)],
                         [".calque/staging/1", ".calque/staging/1/0.new", "sub/.hidden", "sub/b.tmp"])

    def test_records(self):
        read = self.records(events(ended("x/a", "ok"), ended("x/b", "timeout"), finished={"ok": 1, "timeout": 1}))
        self.assertEqual(read.statuses("x"), {"a": "ok", "b": "timeout"})
        self.assertEqual(read.end_of("b")["status"], "timeout")
        self.assertEqual(read.redone(), ["x/a", "x/b"])

    def test_records_that_break_a_rule(self):
        sound = events(ended("a", "ok"), finished={"ok": 1})
        for name, lines in {
            "a gap": [sound[0], {**sound[1], "seq": 2}],
            "two ends of one input": events(ended("a", "ok"), ended("a", "ok")),
            "an unknown status": events(ended("a", "fine")),
            "counts that do not add up": events(ended("a", "ok"), finished={"ok": 2}),
            "something after the end": sound + [{"seq": 3, "event": "notice"}],
            "no start": [{"seq": 0, "event": "notice"}],
            "nothing": [],
        }.items():
            with self.subTest(name), self.assertRaises(AssertionError):
                self.records(lines)

    def test_a_killed_run_has_records_without_an_end(self):
        self.assertIsNone(self.records(events(ended("a", "ok"))).finished)

    def test_orphans_are_found_and_waited_for(self):
        code = "import os, time\nif os.fork() == 0:\n  os.setsid()\n  time.sleep(float(os.sys.argv[1]))\n"
        for seconds, left in (("0.3", 0), ("30", 1)):
            subprocess.run([sys.executable, "-c", code, seconds], check=True)
            self.assertEqual(len(descendants()), 1)
            still = wait_until_gone(1)
            self.assertEqual(len(still), left)
            for pid in still:
                os.kill(pid, signal.SIGKILL)

    def test_killing_at_random(self):
        running = subprocess.Popen(["sleep", "30"])
        self.assertTrue(kill_at_random(running, random.Random(1), 0.1))
        self.assertEqual(running.wait(), -signal.SIGKILL)
        self.assertFalse(kill_at_random(running, random.Random(1), 0.1))

    def test_waiting(self):
        self.assertIsNone(wait_until(lambda: False, 0.05))
        self.assertLess(wait_until(lambda: True, 5), 0.05)

    def test_a_small_disk_is_full_soon(self):
        disk = SmallDisk(self.folder / "disk", "64k")
        self.addCleanup(disk.close)
        fill = subprocess.run([*disk.enter, "dd", "if=/dev/zero", f"of={disk.mount_point}/f", "bs=1k", "count=100"], capture_output=True)
        self.assertIn(b"No space left", fill.stderr)
        self.assertEqual(disk.see("f").stat().st_size, 64 << 10)
        self.assertEqual(list((self.folder / "disk").iterdir()), [], "nothing of it outside")

    def test_a_terminal(self):
        code, seen = run_on_terminal(["sh", "-c", "test -t 1 && stty size && exit 3"], columns=20)
        self.assertEqual((code, seen), (3, b"24 20\r\n"))
        code, _ = run_on_terminal(["sh", "-c", "echo up; exec sleep 30"], after=lambda pid, seen: os.kill(pid, signal.SIGINT))
        self.assertEqual(code, -signal.SIGINT)
        with self.assertRaises(AssertionError):
            run_on_terminal(["sleep", "30"], timeout=0.3)

    def test_the_table_of_faults(self):
        rows = faults_table()
        self.assertEqual(len(rows), 56)
        for row in rows.values():
            for key in ("at_import", "later"):
                self.assertLessEqual(set(row[key].split("|")), harness.STATUSES, row["fault"])
            self.assertEqual(row["retried"] == "yes", row["later"] in ("crashed", "timeout", "oom"), row["fault"])

    def test_a_pipeline_names_its_budget(self):
        text = make_pipeline(self.folder / "p.toml", "in", {"silence": "2 s"}).read_text()
        self.assertIn('silence = "2 s"', text)
        self.assertIn('memory = "512 MiB"', text)


if __name__ == "__main__":
    unittest.main()
