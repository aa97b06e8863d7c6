# SPDX-License-Identifier: Apache-2.0
# F34: inputs that change, vanish, block or are no files; and names that would write to a terminal.
import hashlib
import os
import socket
import threading
import time

from harness import FaultTest, escapes_in, main, make_documents, make_pipeline, plain_environment, run_on_terminal, tree


class Kinds(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", 5)
        make_pipeline(self.folder / "p.toml", self.folder / "in")

    def end_of(self, name, code=1, others=5):
        self.run_pipe("-j", 2, code=code, timeout=60)
        records = self.records()
        self.assertEqual(sum(e["status"] == "ok" for e in records.inputs.values()), others)
        return records.end_of(name)

    def test_no_bytes(self):
        self.write("in/empty.txt", b"")
        self.assertEqual(self.end_of("empty.txt")["status"], "rejected")

    def test_what_is_no_file_is_refused_and_never_blocks(self):
        os.mkfifo(self.folder / "in/pipe.txt")
        os.symlink("/dev/zero", self.folder / "in/device.txt")
        os.symlink("/proc/kmsg", self.folder / "in/proc.txt")
        os.symlink("loop.txt", self.folder / "in/loop.txt")
        os.symlink("nowhere", self.folder / "in/dangling.txt")
        server = socket.socket(socket.AF_UNIX)
        self.addCleanup(server.close)
        server.bind(str(self.folder / "in/socket.txt"))
        names = [str(self.folder / f"in/{name}.txt") for name in ("pipe", "device", "proc", "loop", "dangling", "socket")]
        began = time.monotonic()
        self.run_pipe("-j", 2, *names, str(self.folder / "in/000/00000.txt"), code=1, timeout=60)
        self.assertLess(time.monotonic() - began, 10)
        records = self.records()
        for name in names:
            self.assertEqual(records.end_of(name)["status"], "io-error", name)
        self.assertEqual(records.counts(), {"io-error": len(names), "ok": 1})

    def test_a_file_far_too_big_is_refused_by_its_size(self):
        path = self.write("in/sparse.txt", b"x")
        os.truncate(path, 1 << 40)
        began = time.monotonic()
        self.assertIn(self.end_of("sparse.txt")["status"], ("rejected", "limit"))
        self.assertLess(time.monotonic() - began, 10)

    def test_an_input_that_changes_while_it_is_read(self):
        # 60 MB, so that reading them takes much longer than the time from one write to the next.
        path = self.write("in/growing.txt", b"Text of a long file.\n" * (3 << 20))
        for what, mode in (("grows", "ab"), ("is overwritten", "r+b")):
            stop = threading.Event()

            def write():
                with open(path, mode, buffering=0) as file:
                    while not stop.wait(0.001):
                        file.write(b"\n")
            writer = threading.Thread(target=write)
            writer.start()
            try:
                event = self.end_of("growing.txt", others=5 if mode == "ab" else 0)
            finally:
                stop.set()
                writer.join()
            self.assertEqual((event["status"], event["diagnostics"][0]["code"]), ("io-error", "input.changed"), what)
            self.assertFalse([name for name in tree(self.folder / "out") if "growing" in name])
        self.write("in/growing.txt", "Text.\n")
        self.run_pipe("-j", 2)
        self.assertEqual(self.records().end_of("growing.txt")["status"], "ok")

    def test_an_input_that_changes_after_it_was_read(self):
        # What was read is what becomes of it, and the records say so: the next run sees the change.
        path = self.write("in/later.txt", "fault-in: annotate slow 1500\nText.\n")
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        running = self.start("-j", 2)
        time.sleep(0.8)
        with open(path, "a") as file:
            file.write("One more line.\n")
        self.assertEqual(running.wait(timeout=60), 0)
        event = self.records().end_of("later.txt")
        self.assertEqual((event["status"], event["digest"]), ("ok", before))
        self.assertNotIn("One more line.", (self.folder / "out/later.1.txt").read_text())
        self.run_pipe("-j", 2)
        event = self.records().end_of("later.txt")
        self.assertEqual((event["status"], event["reason"]), ("ok", "input-changed"))
        self.assertIn("One more line.", (self.folder / "out/later.1.txt").read_text())

    def test_an_input_that_vanishes_before_its_turn(self):
        for k in range(20):
            self.write(f"in/slow{k:02}.txt", "fault-in: annotate slow 100\nText.\n")
        path = self.write("in/zzz.txt", "Text.\n")
        running = self.start("-j", 1)
        time.sleep(0.8)
        path.unlink()
        self.assertEqual(running.wait(timeout=60), 1)
        self.assertEqual(self.records().end_of("zzz.txt")["status"], "io-error")

    def test_two_names_of_one_file_are_two_inputs(self):
        os.link(self.folder / "in/000/00000.txt", self.folder / "in/again.txt")
        self.assertEqual(self.end_of("again.txt", code=0, others=6)["status"], "ok")

    def test_names_that_a_file_system_may_take_for_one(self):
        for one, other in (("case", "CASE"), ("caf\u00e9", "cafe\u0301")):
            self.write(f"in/{one}.txt", "One.\n")
            self.write(f"in/{other}.txt", "Other.\n")
        ended = self.run_pipe("-j", 2, code=None)
        self.assertIn("output.duplicate", ended.err)
        self.assertNotEqual(ended.code, 0)


class Names(FaultTest):
    NAMES = (b"new\nline", b"esc\x1b[31mred\x1b[0m", b"bell\x07", b"title\x1b]0;owned\x07", b"invalid\xff\xfe", b"back\x08\x08\x08", b"cr\rover",
             b"quote\"<img src=x onerror=alert(1)>", "bidi\u202eevil".encode(), b"x" * 251)

    def setUp(self):
        super().setUp()
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        (self.folder / "in").mkdir()
        for k, name in enumerate(self.NAMES):
            fault = (b"", b"fault-in: annotate warn\n", b"fault-in: annotate fail\n", b"fault-in: annotate segv\n")[k % 4]
            with open(os.fsencode(self.folder) + b"/in/" + name + b".txt", "wb") as file:
                file.write(fault + b"Text \x1b[31m of a document.\n")

    def check(self, bytes_, what):
        self.assertEqual(escapes_in(bytes_.replace(b"\r\n", b"\n")), [], what)
        self.assertNotIn("\u202e".encode(), bytes_, what)

    def test_no_name_reaches_a_terminal_as_it_is(self):
        code, seen = run_on_terminal(self.command("-j", 2, events=None), env=plain_environment(self.folder, TERM="dumb", NO_COLOR="1"), cwd=self.folder)
        self.assertEqual(code, 1)
        self.check(seen.replace(b"\r", b""), "on a terminal")

    def test_nor_any_file_for_people(self):
        ended = self.run_pipe("-j", 2, code=1)
        self.check((ended.out + ended.err).encode(), "in a pipe")
        runs = list((self.folder / "out/.calque/runs").iterdir())
        self.assertEqual(len(runs), 1)
        report = (runs[0] / "report.html").read_bytes()
        self.check(report, "in the report")
        self.assertNotIn(b"<img src=x", report)
        self.assertEqual(len(self.records().inputs), len(self.NAMES), "each name is one line of the events")


main()
