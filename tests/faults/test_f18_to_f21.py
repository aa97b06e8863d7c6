# SPDX-License-Identifier: Apache-2.0
# F18 to F22: lies at the boundary, abuse of the worker's socket, and workers that a plugin has changed.
# The forty mutators of packed documents and the sealing of memfds are unit tests beside their code.
import pathlib
import struct

from harness import FaultTest, faults_table, figure, main, make_documents, make_pipeline, tree, wait_until_gone

# What a record says of each change.
WHAT = {"dup-fds": "descriptors", "chdir": "working folder", "umask": "umask", "setlocale": "locale", "setenv": "environment",
        "sigmask": "signal mask", "round": "rounding mode", "timer": "timer", "thread": "threads"}
CHANGES = ("dup-fds", "chdir", "umask", "setlocale", "setenv", "sigmask", "round", "timer 200", "thread")


class Lies(FaultTest):
    def test_unaccounted_work_is_invalid_output(self):
        stages = ("import", "normalize", "annotate", "export")
        made = make_documents(self.folder / "in", 40, [(stage, "unaccounted", 2) for stage in stages])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe("-j", 2, code=1)
        records = self.records()
        self.assertEqual(records.counts(), {"ok": 32, "invalid-output": 8})
        for name, fault in made.items():
            if fault:
                codes = [d["code"] for d in records.end_of(name)["diagnostics"]]
                self.assertTrue(any(code.startswith(("ledger.", "document.", "plugin.misuse")) for code in codes), (fault, codes))
        self.assertEqual(len(tree(self.folder / "out")), 64)


# Messages as host/worker/channel.cpp and job.cpp have them.
JOB, READY, DONE = 3, 6, 10


def header(kind, job, size, in_memory=0):
    return struct.pack("<IHHQQ", 0x514C4143, kind, in_memory, job, size)


def done(job, payload):
    return header(DONE, job, len(payload)) + payload


def text(words):
    return struct.pack("<Q", len(words)) + words.encode()


def file(path, staged, stage):
    return text(path) + text("text/plain") + struct.pack("<Q", 5) + bytes(32) + b"\1" + struct.pack("<II", stage, 1) + text(staged)


def report(files, status=1):
    """ok, by default; with one part and without stages, results, diagnostics or ledger."""
    nothing = bytes(8)
    return bytes([status]) + text("") + struct.pack("<QB", 1, 1) + nothing + struct.pack("<Q", len(files)) + b"".join(files) + 3 * nothing + text("") + bytes(16) + text("")


class Abuse(FaultTest):
    def test_each_abuse_of_the_socket_is_a_crash_by_protocol(self):
        abuses, times = ("garbage", "send-fds 100", "done-lie", "close-fds"), figure(3, 50)
        made = make_documents(self.folder / "in", figure(60, 1000), [("annotate", abuse, times) for abuse in abuses])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        running = self.start("-j", 2)
        fds = set()
        while running.poll() is None:
            try:
                fds.add(len(list(pathlib.Path(f"/proc/{running.pid}/fd").iterdir())))
            except OSError:
                break
        self.assertEqual(running.wait(), 1)
        records = self.records()
        self.assertEqual(records.counts(), {"ok": len(made) - 4 * times, "crashed": 4 * times})
        for name, fault in made.items():
            if fault and fault[1].split()[0] != "close-fds":
                self.assertEqual(records.end_of(name)["detail"], "protocol", fault)
                self.assertLessEqual(records.end_of(name)["took"], 1000)
        self.assertLessEqual(max(fds), 100, "descriptors that a worker sent are not kept")
        self.assertEqual(wait_until_gone(1), {})

    def test_a_forged_success_publishes_nothing(self):
        # Longer than any header, of the byte 1: whatever field it is, its length cannot be true.
        make_documents(self.folder / "in", 5, [("annotate", "done-lie " + "01" * 64, 1), ("annotate", "done-lie " + "00" * 4096, 1)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe(code=1)
        self.assertEqual(self.records().counts(), {"ok": 3, "crashed": 2})
        self.assertEqual(len(tree(self.folder / "out")), 6)

    def test_forged_messages_of_the_true_form_publish_nothing(self):
        # The first document is job 1; its second try has another number, and the same lie is one about another's job.
        both = [file(f"000/x.{k}.txt", f"1-{k}", 4 + k) for k in (0, 1)]
        lies = {"another's job": done(77, report(both)),
                "no file of an exporter": done(1, report(both[:1])),
                "files that are not there": done(1, report(both)),
                "a file outside": done(1, report([*both, file("../../outside.txt", "1-0", 4)])),
                "a file of another worker": done(1, report([*both, file("x.txt", "../w1/1-0", 4)])),
                "a status that there is not": done(1, report(both, status=200)),
                "a list without an end": done(1, b"\1" + text("") + struct.pack("<Q", 2**63)),
                "a failure with files": done(1, report(both, status=4)),
                "4 GiB that do not come": header(DONE, 1, 2**32),
                "4 GiB in memory that is not there": header(DONE, 1, 2**32, in_memory=1),
                "ready again": header(READY, 0, 0),
                "the coordinator's own words": header(JOB, 1, 0)}
        for k, (what, lie) in enumerate(lies.items()):
            with self.subTest(what):
                folder = self.folder / f"in{k}"
                folder.mkdir()
                (folder / "a.txt").write_text(f"fault: done-lie {lie.hex()}\nText.\n")
                for good in range(3):
                    (folder / f"b{good}.txt").write_text("Text.\n")
                make_pipeline(self.folder / "p.toml", folder)
                self.run_pipe("-j", 1, code=1, out=f"out{k}")
                records = self.records()
                self.assertEqual(records.counts(), {"ok": 3, "crashed": 1})
                event = records.end_of("a.txt")
                self.assertEqual((event["detail"], event["attempt"], event.get("flaky")), ("protocol", 2, None), event)
                self.assertIn("quarantine", event)
                self.assertEqual(len(tree(self.folder / f"out{k}")), 6)
                self.assertFalse((self.folder / "outside.txt").exists())

    def test_floods_end_well(self):
        make_documents(self.folder / "in", 6, [("annotate", "progress-flood 3000000", 1), ("annotate", "chatter 64", 1)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        ended = self.run_pipe("-j", 2)
        self.assertEqual(self.records().counts(), {"ok": 6})
        self.assertLess(len(ended.out) + len(ended.err), 64 << 10, "what a plugin prints is not passed on")
        self.assertLess((self.folder / "events.ndjson").stat().st_size, 1 << 20)


class Changed(FaultTest):
    def test_the_documents_after_a_change_are_as_ever(self):
        good = figure(25, 100)
        for jail, change in ((jail, change) for jail in ([], ["--no-sandbox"]) for change in CHANGES):
            with self.subTest(change=change, jail=jail):
                name = change.split()[0]
                folder = self.folder / f"{name}{len(jail)}"
                make_documents(folder, good)
                make_pipeline(self.folder / "p.toml", folder)
                wanted = self.baseline(out=f"{folder.name}-wanted")
                # The first by name, with one worker: all others come after it.
                first = folder / "000/00000.txt"
                text = first.read_text()
                first.write_text(f"fault: {change}\n{text}")
                self.run_pipe("-j", 1, *jail, out=f"{folder.name}-out")
                records = self.records()
                self.assertEqual(records.counts(), {"ok": good})
                self.assertEqual(tree(self.folder / f"{folder.name}-out"), wanted)
                ends = {event["reason"] for event in records.of("worker-ended")}
                # The jail refuses some of them, and then nothing has changed.
                if jail or faults_table()[name]["worker"] == "ends":
                    self.assertIn("fingerprint", ends)
                    said = next(event["changed"] for event in records.of("worker-ended") if event["reason"] == "fingerprint")
                    self.assertIn(WHAT[name], said)

    def test_files_have_the_rights_that_the_user_asked_for(self):
        self.write("in/a.txt", "fault: umask\nText.\n")
        self.write("in/b.txt", "Text.\n")
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        for jail in ([], ["--no-sandbox"]):
            out = f"out{len(jail)}"
            self.run_pipe("-j", 1, *jail, out=out)
            rights = {path: path.stat().st_mode & 0o777 for path in (self.folder / out).rglob("*.txt") if ".calque" not in path.parts}
            self.assertEqual(len(rights), 4)
            self.assertEqual(set(rights.values()), {0o644}, rights)


main()
