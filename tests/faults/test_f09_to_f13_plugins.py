# SPDX-License-Identifier: Apache-2.0
# F09 to F13: every fault of faults.tsv at every stage it can have, alone and among thousands of good documents.
import collections
import os
import re

from harness import DONE, SOAK, FaultTest, descendants, faults_table, figure, main, make_documents, make_pipeline, tree, wait_until_gone

# Those of other tests: memory (F16), protocol and state (F18 to F21); and one that only the jail may be asked for.
CRASHES = ("segv", "bus", "fpe", "ill", "abort", "throw-from-thread", "exit", "_exit", "quick-exit", "pthread-exit", "recursion", "big-stack")
FAILURES = ("throw-std", "throw-int", "fail", "silent-fail", "warn", "reject", "half", "unaccounted")
HANGS = ("busy", "sleep", "deadlock", "read-pipe", "stop", "block-signals")
SILENCE, TOTAL = 1.0, 4.0


class PluginFaults(FaultTest):
    def check_ends(self, made, records, table):
        """Every document has exactly the end that the table gives its fault."""
        for name, asked in made.items():
            event = records.end_of(name)
            if asked is None:
                self.assertEqual(event["status"], "ok", name)
                continue
            stage, fault = asked[0], asked[1].split()[0]
            row = table[fault]
            self.assertIn(event["status"], row["at_import" if stage == "import" else "later"].split("|"), (asked, event))
            if row["detail"] != "-":
                self.assertRegex(event["detail"], f"^({row['detail']})$", (asked, event))
            self.assertEqual(event["attempt"], 2 if row["retried"] == "yes" else 1, (asked, event))
            self.assertEqual("quarantine" in event, row["retried"] == "yes", asked)
            if event["status"] not in DONE:
                self.assertFalse(event.get("files"), asked)
                self.assertFalse(any(name[:-4] in path for path in tree(self.folder / "out")), f"{asked}: an output of a failed document")
                told = " ".join(f"{d['code']} {d.get('stage', '')} {d['message']}" for d in event["diagnostics"])
                self.assertIn("test.fault", told, "it names the stage")

    def processor_time(self, *more, **options):
        """Runs; the seconds of processor time that the run and its workers took."""
        before = os.times()
        self.run_pipe(*more, **options)
        after = os.times()
        return after.children_user - before.children_user + after.children_system - before.children_system

    def last_good(self):
        return max(event["at"] for event in self.records().inputs.values() if event["status"] == "ok") / 1000

    def test_each_fault_at_each_stage(self):
        table = faults_table()
        asked = [(stage, f"{fault} {table[fault]['argument']}".removesuffix(" -"), 1)
                 for fault in CRASHES + FAILURES for stage in ("import", "normalize", "annotate", "export")]
        made = make_documents(self.folder / "in", len(asked) + 200, asked)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe("-j", 2, code=1)
        records = self.records()
        self.check_ends(made, records, table)
        deaths = sum(row.split()[0] in CRASHES for _, row, _ in asked)
        self.assertEqual(records.finished["worker_restarts"]["crash"], 2 * deaths, "once, and once more alone")
        self.check_invariants()

    def test_many_crashes_among_many_documents(self):
        count = figure(5000, 50_000)
        kinds = ("segv", "bus", "fpe", "ill", "abort")
        # Clean, for what it costs: the same documents without the faults.
        make_documents(self.folder / "clean", count - count // 10)
        make_pipeline(self.folder / "clean.toml", self.folder / "clean")
        clean_used = self.processor_time("-j", 2, pipe="clean.toml", out="clean-out")
        clean = self.last_good()
        made = make_documents(self.folder / "in", count, [("annotate", kind, count // 50) for kind in kinds])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        used = self.processor_time("-j", 2, code=1)
        records = self.records()
        self.assertEqual(records.counts(), {"ok": count - count // 10, "crashed": count // 10})
        self.assertEqual(collections.Counter(event["detail"] for event in records.inputs.values() if event["status"] == "crashed"),
                         {f"signal {kind}": count // 50 for kind in ("SEGV", "BUS", "FPE", "ILL", "ABRT")})
        # Two workers a crash: the one that dies, and the one for the second try. What they cost decides the pace of the
        # good documents, and with two of them in hand all that can hide it is time in which the disk is waited for. It
        # is 80 % of the clean pace where a document takes half as long as a crash costs; these take a tenth.
        cost, pace = (used - clean_used) / (count // 5), clean / self.last_good()
        print(f"a crash costs {cost * 1000:.1f} ms of a processor; the good documents kept {pace:.0%} of the clean pace")
        self.assertLessEqual(cost, 0.015)
        if SOAK:
            self.assertGreaterEqual(pace, 0.8)
        self.assertEqual(len(tree(self.folder / "out")), 2 * (count - count // 10))
        # A second run tries the bad ones again, and no other.
        self.run_pipe("-j", 2, code=1)
        again = self.records()
        self.assertEqual(len(again.redone()), count // 10)
        self.assertTrue(all(again.inputs[name]["reason"] == "failed-before" for name in again.redone()))

    def test_a_bundle_repeats_its_crash(self):
        make_documents(self.folder / "in", 3, [("normalize", "segv", 1)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe(code=1)
        bundle = [e["quarantine"] for e in self.records().inputs.values() if "quarantine" in e]
        self.assertEqual(len(bundle), 1)
        done = self.calque("repro", self.folder / "out" / bundle[0], code=None)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"SEGV", done.stdout + done.stderr)

    def test_last_words_are_kept_without_control_characters(self):
        self.write("in/a.txt", "fault-in: normalize chatter 1\nfault-in: annotate segv\n")
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe(code=1)
        words = self.records().end_of("a.txt")["stderr"]
        self.assertIn("lazy dog", words)
        self.assertLessEqual(len(words.encode()), 64 << 10)
        self.assertFalse(re.search(r"[\x00-\x08\x0b-\x1f\x7f]", words))

    def test_max_failures(self):
        make_documents(self.folder / "in", 200, [("annotate", "fail", 100)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.run_pipe("-j", 1, "--max-failures", 5, code=4)
        records = self.records()
        self.assertEqual((records.counts()["failed"], records.finished["outcome"]), (5, "max-failures"))
        self.assertEqual(sum(records.counts().values()), 200, "those not run are in the records too")


class Hangs(FaultTest):
    def test_hangs_are_ended_in_time_and_leave_nothing(self):
        table = faults_table()
        asked = [("normalize", fault, 1) for fault in HANGS] + [("annotate", "slow 600000", 1)]
        made = make_documents(self.folder / "in", 60, asked)
        make_pipeline(self.folder / "p.toml", self.folder / "in", {"silence": f"{SILENCE:g} s", "total": f"{TOTAL:g} s"})
        self.run_pipe("-j", 2, code=1)
        self.assertEqual(wait_until_gone(1), {})
        records = self.records()
        self.assertEqual(records.counts(), {"ok": 60 - len(asked), "timeout": len(asked)})
        for name, fault in made.items():
            if fault is None:
                continue
            event, word = records.end_of(name), fault[1].split()[0]
            self.assertEqual(event["detail"], table[word]["detail"], fault)
            limit = TOTAL if event["detail"] == "total" else SILENCE
            self.assertGreaterEqual(event["took"], limit * 1000 - 50, fault)
            self.assertLessEqual(event["took"], (limit + 1) * 1000, f"{fault}: ended within a second of the limit")

    def test_a_stage_may_have_a_shorter_silence(self):
        make_documents(self.folder / "in", 4, [("normalize", "sleep", 1)])
        make_pipeline(self.folder / "p.toml", self.folder / "in", {"silence": "60 s"})
        pipe = self.folder / "p.toml"
        pipe.write_text(pipe.read_text().replace('normalize = "test.fault_normalize"\n', 'normalize = "test.fault_normalize"\nbudget = { silence = "1 s" }\n'))
        self.assertLess(self.run_pipe(code=1).took, 10)

    def test_other_lanes_go_on(self):
        make_documents(self.folder / "in", 100, [("normalize", "sleep", 1)])
        make_pipeline(self.folder / "p.toml", self.folder / "in", {"silence": "3 s"})
        self.run_pipe("-j", 2, code=1)
        done = sorted(e["at"] for e in self.records().inputs.values() if e["status"] == "ok")
        self.assertLess(done[-1], 2000, "all others are done long before the silence ends")

    def test_twenty_hangs_cost_their_limits_and_a_tenth(self):
        count, hangs, lanes, silence = 400, 20, 2, 0.5
        make_documents(self.folder / "clean", count)
        make_pipeline(self.folder / "clean.toml", self.folder / "clean", {"silence": f"{silence} s"})
        self.run_pipe("-j", lanes, pipe="clean.toml", out="clean-out")
        clean = self.records().finished["at"] / 1000
        make_documents(self.folder / "in", count, [("normalize", fault, hangs // 4) for fault in ("busy", "sleep", "deadlock", "stop")])
        make_pipeline(self.folder / "p.toml", self.folder / "in", {"silence": f"{silence} s"})
        self.run_pipe("-j", lanes, code=1)
        records = self.records()
        self.assertEqual(records.counts(), {"ok": count - hangs, "timeout": hangs})
        extra, limits = records.finished["at"] / 1000 - clean, 2 * hangs * silence / lanes  # each is tried twice
        print(f"{hangs} hangs: {extra:.2f} s more than {clean:.2f} s, their limits are {limits:.2f} s")
        self.assertLessEqual(extra, limits * 1.1)

    def test_no_process_is_left(self):
        for more in ([], ["--no-sandbox"]):
            asked = [("normalize", fault, 3) for fault in ("fork", "setsid-fork")]
            made = make_documents(self.folder / "in", 30, asked)
            make_pipeline(self.folder / "p.toml", self.folder / "in")
            before = descendants()
            self.run_pipe("-j", 2, *more, out=f"out{len(more)}", code=None)
            self.assertEqual(wait_until_gone(1, before), {}, f"one second after the run, {more}")
            records = self.records()
            for name, fault in made.items():
                self.assertIn(records.end_of(name)["status"], ("ok", "violation") if fault else ("ok",))

    def test_escapes_are_refused(self):
        asked = [("annotate", fault, 1) for fault in ("open-passwd", "socket", "connect", "exec", "kill-parent", "ptrace-parent")]
        asked.append(("annotate", f"write-home {self.folder}/was-here", 1))
        made = make_documents(self.folder / "in", 20, asked)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        running = self.start("-j", 2)
        running.wait(timeout=60)
        self.assertFalse(os.path.exists(self.folder / "was-here"))
        records = self.records()
        self.assertTrue(records.finished, "the coordinator lives")
        for name, fault in made.items():
            self.assertIn(records.end_of(name)["status"], ("ok", "violation") if fault else ("ok",), fault)


main()
