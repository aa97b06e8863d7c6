# SPDX-License-Identifier: Apache-2.0
# F18 to F22: lies at the boundary, abuse of the worker's socket, and workers that a plugin has changed.
# The forty mutators of packed documents and the sealing of memfds are unit tests beside their code.
import pathlib

from harness import FaultTest, faults_table, figure, main, make_documents, make_pipeline, tree, wait_until_gone

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
        for change in CHANGES:
            with self.subTest(change=change):
                name = change.split()[0]
                folder = self.folder / name
                make_documents(folder, good)
                make_pipeline(self.folder / "p.toml", folder)
                wanted = self.baseline(out=f"{name}-wanted")
                # The first by name, with one worker: all others come after it.
                first = folder / "000/00000.txt"
                text = first.read_text()
                first.write_text(f"fault: {change}\n{text}")
                self.run_pipe("-j", 1, out=f"{name}-out")
                records = self.records()
                self.assertEqual(records.counts(), {"ok": good})
                self.assertEqual(tree(self.folder / f"{name}-out"), wanted)
                ends = {event["reason"] for event in records.of("worker-ended")}
                must_end = faults_table()[name]["worker"] == "ends"
                self.assertEqual("fingerprint" in ends, must_end, ends)

    def test_files_have_the_rights_that_the_user_asked_for(self):
        self.write("in/a.txt", "fault: umask\nText.\n")
        self.write("in/b.txt", "Text.\n")
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe("-j", 1)
        rights = {path.stat().st_mode & 0o777 for path in (self.folder / "out").rglob("*.txt") if ".calque" not in path.parts}
        self.assertEqual(rights, {0o644})


main()
