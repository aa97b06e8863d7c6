# SPDX-License-Identifier: Apache-2.0
# F32: the power fails at every moment of a run. From the log of one run come thousands of disks; after recovery each
# holds whole files only, and all that the run had said was done. And every sync is needed: without it, some disk does not.
import json
import shutil
import subprocess
import tempfile
import pathlib

from crash_states import BadLog, Sites, read_log, states, write_state
from harness import DONE, FaultTest, PROGRAM, SEED, figure, main, make_documents, make_pipeline, plain_environment, shim, tree

DOCUMENTS = figure(12, 40)
STATES = figure(400, 200_000)  # each is recovered by a run of its own, about 20 ms


class PowerLoss(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", DOCUMENTS)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.out = self.folder / "out"
        self.out.mkdir()
        # Half of them have been done before, and half of those change: replaced files matter as much as new ones.
        self.run_pipe("--limit", DOCUMENTS // 2, env=shim())  # outputs depend on every library, so it is always there
        for path in sorted((self.folder / "in").rglob("*.txt"))[:DOCUMENTS // 4]:
            path.write_text(path.read_text() + "One more line.\n")
        shutil.copytree(self.out, self.folder / "before", symlinks=True)
        self.old = tree(self.folder / "before")
        log = self.folder / "log"
        self.run_pipe("-j", 2, env=shim(path=self.out, record=log))
        self.wanted = tree(self.out)
        self.log = read_log(log)
        self.said = self.when_said()

    def when_said(self):
        """[(n, input, its files)]: n is the number of records that stood in the log when the run said it was done."""
        said, events = [], b""
        for done, record in enumerate(self.log, 1):
            if record.path.endswith("/events.ndjson") and record.data:
                events += record.data
                *lines, events = events.split(b"\n")
                for line in lines:
                    event = json.loads(line)
                    if event["event"] == "input-finished" and event["status"] in DONE:
                        said.append((done, event["input"], [(file["path"], file["sha256"]) for file in event.get("files", ())]))
        self.assertEqual(len(said), DOCUMENTS, "the events file is in the log")
        return said

    def wrong_with(self, folder, done):
        """What no power loss may leave; None if all is well."""
        there = tree(folder) if folder.exists() else {}
        for name, digest in there.items():
            if digest not in (self.wanted.get(name), self.old.get(name)):
                return f"{name} is torn"
        for name in self.old:
            if name not in there:
                return f"{name} is lost"
        for when, _, files in self.said:
            if when <= done:
                for path, digest in files:
                    if there.get(path) != digest:
                        return f"{path} was said to be done"
        ended = subprocess.run([PROGRAM, "run", str(self.folder / "p.toml"), "-o", str(folder), "-j", "1", "--events", str(self.folder / "next.ndjson")], cwd=self.folder,
                               env=plain_environment(self.folder, **shim()), capture_output=True, text=True, timeout=60)
        if ended.returncode != 0:
            return f"the next run ends with {ended.returncode}: {ended.stderr[-500:]}"
        if tree(folder) != self.wanted:
            return "the next run makes another tree"
        records = self.records("next.ndjson")
        for when, name, _ in self.said:
            if when <= done and records.inputs[name]["status"] != "up-to-date":
                return f"{name} was said to be done, and is done again"
        staging = folder / ".calque/staging"
        if staging.exists() and any(staging.iterdir()):
            return "something is left in staging"
        return None

    def scratch(self):
        scratch = tempfile.TemporaryDirectory(prefix="calque-crash-", dir="/dev/shm")
        self.addCleanup(scratch.cleanup)
        return pathlib.Path(scratch.name) / "state"

    def test_every_disk_recovers(self):
        folder = self.scratch()
        for number, done, state in states(self.log, self.out, self.folder / "before", STATES, SEED):
            write_state(state, folder)
            wrong = self.wrong_with(folder, done)
            self.assertIsNone(wrong, f"seed {SEED}, state {number}, after {done} of {len(self.log)} records")
        print(f"{STATES} states of {len(self.log)} records, seed {SEED}")

    def test_each_sync_is_needed(self):
        folder = self.scratch()
        for site in Sites().needed:
            with self.subTest(without=site):
                try:
                    for number, done, state in states(self.log, self.out, self.folder / "before", 2000, SEED, site):
                        write_state(state, folder)
                        if self.wrong_with(folder, done):
                            print(f"without {site}: state {number} shows it")
                            break
                    else:
                        self.fail(f"no state shows that the sync of a {site} is needed")
                except BadLog as never:
                    self.fail(str(never))


main()
