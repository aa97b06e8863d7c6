# SPDX-License-Identifier: Apache-2.0
# `calque log`: what became of each input, from the records alone, also while they are written.
import json
import os
import subprocess
import threading

from calque_cli import PROGRAM, CliTest, main
from run_records import as_bytes, records


class Log(CliTest):
    def put(self, lines, run="20260301T020000Z-4711"):
        return self.write(f"out/.calque/runs/{run}/events.ndjson", lines if isinstance(lines, bytes) else as_bytes(lines))

    def test_a_line_an_input(self):
        self.put(records(ok=2, failed=1))
        done = self.calque("log", "out")
        lines = done.out.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines[0].split(), ["✓", "ok", "1.5", "ms", "in/0.txt"])
        self.assertEqual(lines[2].split(), ["✕", "failed", "1.5", "ms", "in/2.txt", "loss.not-allowed"])
        self.assertEqual(done.err, "")

    def test_of_the_last_run_or_the_one_that_is_named(self):
        self.put(records(run="20260301T020000Z-1", ok=1, failed=0), "20260301T020000Z-1")
        self.put(records(run="20260302T020000Z-1", ok=2, failed=0), "20260302T020000Z-1")
        self.assertEqual(len(self.calque("log", "out").out.splitlines()), 2)
        self.assertEqual(len(self.calque("log", cwd=self.folder / "out").out.splitlines()), 2)
        self.assertEqual(len(self.calque("log", "out/.calque/runs/20260301T020000Z-1/").out.splitlines()), 1)
        self.assertEqual(len(self.calque("log", "out/.calque/runs/20260301T020000Z-1/events.ndjson").out.splitlines()), 1)

    def test_filters(self):
        self.put(records(ok=12, failed=2))
        for asked, count in ((["status=ok"], 12), (["status=failed"], 2), (["verdict=failed"], 2), (["code=loss.*"], 2),
                             (["stage=tei"], 2), (["stage=record"], 0), (["input=in/1*"], 5), (["input=in/1*", "status=ok"], 3),
                             (["status=ok", "status=failed"], 14), (["code=*", "verdict=fine"], 0)):
            args = [word for one in asked for word in ("--filter", one)]
            with self.subTest(asked):
                self.assertEqual(len(self.calque("log", "out", *args).out.splitlines()), count)

    def test_a_filter_that_is_none(self):
        self.put(records())
        self.assertSays(self.calque("log", "out", "--filter", "sttus=ok", code=2), "run.unknown-filter", "did you mean status=ok?")
        self.assertSays(self.calque("log", "out", "--filter", "ok", code=2), "run.unknown-filter", "KEY=VALUE")

    def test_json_is_the_events_as_they_are(self):
        events = records(ok=1, failed=1)
        events[1]["a-key-of-tomorrow"] = {"deep": [1, 2]}
        self.put(events)
        lines = [json.loads(line) for line in self.calque("log", "out", "--format", "json").out.splitlines()]
        self.assertEqual(lines, events[1:3])

    def test_tsv_comes_back(self):
        events = records(ok=1, failed=1)
        events[1]["input"] = "a\tb\\c\nd.txt"
        self.put(events)
        rows = [line.split("\t") for line in self.calque("log", "out", "--format", "tsv").out.split("\n")[:-1]]
        self.assertEqual({len(row) for row in rows}, {9})
        back = rows[1][2].replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\")
        self.assertEqual(back, events[1]["input"])
        self.assertEqual(rows[2][:5], ["failed", "1.5", "in/1.txt", "loss.not-allowed", "tei"])

    def test_names_have_no_power_over_a_terminal(self):
        events = records(ok=1, failed=0)
        events[1]["input"] = "a\x1b[2J\u202eb\n.txt"
        self.put(as_bytes(events).replace(b".txt", b"\xff.txt"))
        self.assertIn("a⟨U+001B⟩[2J⟨U+202E⟩b⟨U+000A⟩⟨0xFF⟩.txt", self.calque("log", "out").out)

    def test_runs(self):
        self.put(records(run="a", ok=3, failed=1), "20260301T020000Z-1")
        self.put(records(run="b", ok=5, failed=0, outcome=None), "20260302T020000Z-1")
        lines = self.calque("log", "out", "--runs").out.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[0], r"^20260301T020000Z-1  finished +\S+ m?s  4 documents: 3 ok, 1 failed$")
        self.assertRegex(lines[1], r"^20260302T020000Z-1  unfinished .*5 documents: 5 ok$")
        rows = [json.loads(line) for line in self.calque("log", "out", "--runs", "--format", "json").out.splitlines()]
        self.assertEqual([(row["outcome"], row["counts"]) for row in rows],
                         [("finished", {"ok": 3, "failed": 1}), ("unfinished", {"ok": 5})])
        self.assertIn("\tok=3 failed=1\n", self.calque("log", "out", "--runs", "--format", "tsv").out)

    def test_damage_costs_a_line_and_is_said(self):
        whole = as_bytes(records(ok=3, failed=0))
        lines = whole.splitlines(keepends=True)
        self.put(lines[0] + lines[1] + b"{\"event\":\n" + lines[2] + lines[3][:30])
        done = self.calque("log", "out")
        self.assertEqual(len(done.out.splitlines()), 2)
        self.assertSays(done, "1 line of")

    def test_no_records(self):
        self.assertSays(self.calque("log", "nowhere", code=66), "run.no-records", "name an output folder")
        (self.folder / "empty").mkdir()
        self.assertSays(self.calque("log", "empty", code=66), "run.no-records")
        self.put(as_bytes(records()).replace(b"calque.events/1", b"calque.events/2"))
        self.assertSays(self.calque("log", "out", code=1), "run.unreadable-records", "calque.events/2")

    def test_a_closed_pipe_ends_it_quietly(self):
        self.put(records(ok=30_000, failed=0))
        done = subprocess.run(f"'{PROGRAM}' log out | head -1", shell=True, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertEqual(done.stderr, "")

    def test_it_reads_while_the_run_writes_and_leaves_nothing(self):
        path = self.put(b"")
        data = as_bytes(records(ok=3000, failed=0))
        wrote = threading.Event()

        def write():
            with open(path, "ab", buffering=0) as file:
                for begin in range(0, len(data), 1000):
                    file.write(data[begin:begin + 1000])
                    wrote.set()
        writer = threading.Thread(target=write)
        writer.start()
        wrote.wait()
        before, counts = self.list(), []
        for _ in range(20):
            counts.append(len(self.calque("log", "out").out.splitlines()))
        writer.join()
        self.assertEqual(counts, sorted(counts))
        self.assertEqual(self.list(), before)
        self.assertEqual(len(self.calque("log", "out").out.splitlines()), 3000)

    def test_it_needs_no_right_to_write(self):
        self.put(records())
        for folder, folders, files in os.walk(self.folder / "out"):
            os.chmod(folder, 0o555)
        self.assertEqual(len(self.calque("log", "out").out.splitlines()), 4)


main()
