# SPDX-License-Identifier: Apache-2.0
# How a run is asked for and what it tells: what to do, when to stop, who holds the lock, where its facts go.
import fcntl
import json
import os
import subprocess
import unittest

from calque_cli import PROGRAM

from batch_test import PIPELINE, Batch


class Runs(Batch):
    def test_only_and_limit(self):
        self.documents(20)
        self.run_batch("--only", "in/00?.txt", "--only", "01[0-9].txt")
        self.assertEqual(self.statuses(), {"skipped": 20})  # ? and [] are no patterns of these
        self.run_batch("--only", "*/00*.txt")
        self.assertEqual(self.statuses(), {"ok": 10, "skipped": 10})
        self.run_batch("--limit", "3")
        self.assertEqual(self.statuses(), {"up-to-date": 10, "ok": 3, "skipped": 7})

    def test_every_input_has_one_verdict(self):
        self.documents(10)
        self.write("in/004.txt", b"")
        self.write("in/005.txt", b"\x00\x01\x02 binary")
        self.run_batch(code=1)
        self.assertEqual(len(self.finished()), 10)
        self.assertEqual(sum(self.statuses().values()), 10)
        end = self.events[-1]
        self.assertEqual((end["event"], end["counts"], end["exit"]), ("run-finished", self.statuses(), 1))
        self.assertEqual([event["seq"] for event in self.events], list(range(len(self.events))))

    def test_max_failures(self):
        self.documents(30)
        for k in range(30):
            self.write(f"in/{k:03}.txt", b"")
        self.run_batch("--max-failures", "5", code=4)
        counts = self.statuses()
        self.assertEqual(counts["rejected"] + counts["not-run"], 30)
        self.assertGreater(counts["not-run"], 0)
        self.assertEqual(self.events[-1]["outcome"], "max-failures")
        self.run_batch("--max-failures", "50%", "-j", "1", code=4)
        self.assertEqual(self.statuses(), {"rejected": 15, "not-run": 15})
        self.calque("run", "p.toml", "--max-failures", "many", env=self.environment, code=2)

    def test_the_lock(self):
        self.documents(3)
        self.run_batch()
        with open(self.folder / "out/.calque/lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.truncate()
            lock.write("process 1 on a machine\n")
            lock.flush()
            done = self.calque("run", "p.toml", env=self.environment, code=75)
            self.assertIn("process 1 on a machine", done.err)
            self.calque("run", "p.toml", "--wait", "200 ms", env=self.environment, code=75)
        self.run_batch()

    def test_a_folder_belongs_to_one_pipeline(self):
        self.documents(3)
        self.run_batch()
        self.write("q.toml", PIPELINE.replace('name = "words"', 'name = "others"'))
        done = self.calque("run", "q.toml", env=self.environment, code=73)
        self.assertSays(done, "run.other-pipeline", "words", "others")

    def test_two_inputs_of_one_name_end_the_same_whichever_is_first(self):
        self.write("p.toml", PIPELINE.replace("{stem}.out.txt", "{id}.out.txt").replace("{stem}.marked", "{id}.marked")
                   .replace('import = "text"\nid = "in"', 'import = "record"'))
        record = ("Date:\n1962-04-29\n\nMinutes of {}\n\nCitation:\n\"Minutes\"\n\nURL:\nhttps://example.org/document/one\n\n"
                  "Summary:\nA talk.\n\nOriginal Language:\nRussian\n\nContents:\nEnglish Translation\n\nMinutes\n\nText of {}.\n")
        for name in ("a", "b", "c"):
            self.write(f"in/{name}.txt", record.format(name, name))
        trees = set()
        for jobs in ("1", "2", "3"):
            self.calque("run", "p.toml", "-j", jobs, "-o", f"out-{jobs}", env=self.environment, code=None)
            trees.add(repr(self.tree(f"out-{jobs}")))
            self.calque("run", "p.toml", "-j", jobs, "-o", f"out-{jobs}", env=self.environment, code=None)
            trees.add(repr(self.tree(f"out-{jobs}")))
        self.assertEqual(len(trees), 1)

    def test_events_and_metrics_elsewhere(self):
        self.documents(5)
        done = self.run_batch("--events", "-", "--metrics", "m.prom")
        lines = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual(lines, self.events)
        self.assertIn('calque_run_documents{pipeline="words",status="ok"} 5\n', (self.folder / "m.prom").read_text())

    def test_metrics_of_a_run_that_could_not_begin(self):
        self.documents(5)
        self.write("p.toml", PIPELINE.replace('"test.word_list"', '"test.no_such"'))
        self.calque("run", "p.toml", "--metrics", "m.prom", env=self.environment, code=69)
        self.assertIn('calque_run_exit_code{pipeline="p"} 69\n', (self.folder / "m.prom").read_text())

    def test_on_failure(self):
        self.write("in/a.txt", b"")
        self.run_batch("--on-failure", f"cat > {self.folder}/told.json", code=1)
        told = json.loads((self.folder / "told.json").read_text())
        self.assertEqual((told["pipeline"], told["exit"], told["counts"]), ("words", 1, {"rejected": 1}))

    def test_a_bag(self):
        self.documents(5)
        self.run_batch("--bag", "--premis", "premis.xml")
        out = self.folder / "out"
        self.assertEqual(len(list((out / "data").iterdir())), 10)
        subprocess.run(["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=out, check=True)
        self.assertIn(b"premis", (self.folder / "premis.xml").read_bytes())
        self.calque("verify", "out")

    def test_verify(self):
        self.documents(6)
        self.run_batch()
        self.calque("verify", "out")
        (self.folder / "out/000.marked").write_text("marked:\nrivex\n")
        (self.folder / "out/001.marked").unlink()
        self.write("out/stray.txt", "x")
        found = self.calque("verify", "out", code=1).out.split()
        self.assertEqual(found, ["changed", "000.marked", "missing", "001.marked", "unexpected", "stray.txt"])
        found = self.calque("verify", "out", "--fast", code=1).out.split()
        self.assertEqual(found, ["missing", "001.marked", "unexpected", "stray.txt"])

    def test_many_failures_are_few_lines(self):
        for k in range(300):
            self.write(f"in/{k:03}.txt", b"")
        done = self.run_batch(code=1)
        self.assertLessEqual(len(done.err.splitlines()), 45)
        self.assertIn("calque log", done.err)

    def test_names_cannot_rule_the_terminal_or_the_report(self):
        name = "in/\x1b[31mred\u202e<script>.txt"
        self.write(name, b"")
        self.documents(2)
        done = self.run_batch(code=1)
        page = next((self.folder / "out/.calque/runs").glob("*/report.html")).read_text()
        for text in (done.err, page):
            self.assertNotIn("\x1b", text)
            self.assertNotIn("\u202e", text)
        self.assertNotIn("red\u202e<script>", page)

    def test_in_process(self):
        self.documents(5)
        self.run_batch("--in-process")
        self.assertEqual(self.statuses(), {"ok": 5})
        first = self.tree()
        self.calque("run", "p.toml", "-o", "other", env=self.environment)
        self.assertEqual(first, self.tree("other"))

    def test_without_a_sandbox_and_with_fresh_workers(self):
        self.documents(5)
        self.run_batch("--no-sandbox", "--fresh-workers")
        self.assertEqual(self.statuses(), {"ok": 5})
        self.assertEqual(self.events[0]["sandbox"]["tier"], "none")
        self.assertEqual(self.events[-1]["worker_restarts"]["documents"], 5)
        self.calque("run", "p.toml", "--no-sandbox", "--require-sandbox", env=self.environment, code=69)

    def test_reading_while_it_runs(self):
        self.documents(400)
        running = subprocess.Popen([PROGRAM, "run", "p.toml"], cwd=self.folder, stderr=subprocess.DEVNULL,
                                   env={**os.environ, **self.environment})
        reads = 0
        while running.poll() is None:
            if (self.folder / "out/.calque/runs").exists() and list((self.folder / "out/.calque/runs").glob("*/events.ndjson")):
                self.calque("log", "out", code=None)
                reads += 1
        self.assertEqual(running.returncode, 0)
        self.assertGreater(reads, 0)


unittest.main()
