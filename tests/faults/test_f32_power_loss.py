# SPDX-License-Identifier: Apache-2.0
# F32: the power fails at every moment of a run. From the logs of two runs come thousands of disks; after recovery each
# holds whole files only, and all that the run had said was done. And every sync is needed: without it, some disk does not.
import collections
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile

from crash_states import BadLog, Link, Sites, read_log, states, write_state
from harness import DONE, FaultTest, PROGRAM, SEED, figure, main, make_documents, make_pipeline, plain_environment, shim, tree

DOCUMENTS = figure(12, 40)
STATES = figure(5000, 200_000)  # of each: those that are the same are recovered once

# A run that was recorded: what stood there before and after, and [(n, input, its files)]: n is the number of records
# that stood in the log when the run said that the input was done.
Scene = collections.namedtuple("Scene", "pipe out before old wanted log said")


class PowerLoss(FaultTest):
    def setUp(self):
        super().setUp()
        self.env = shim()  # outputs depend on every library that is loaded, so it is in all runs
        self.cache = {}
        scratch = tempfile.TemporaryDirectory(prefix="calque-crash-", dir="/dev/shm")
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name) / "state"

    def scene(self, name, documents, before):
        """Records a run over an output folder for which `before` has been called."""
        folder, pipe, out = self.folder / f"{name}-in", f"{name}.toml", self.folder / name
        make_documents(folder, documents)
        make_pipeline(self.folder / pipe, folder)
        out.mkdir()
        before(folder, pipe, name)
        copy, log = self.folder / f"{name}-before", self.folder / f"{name}.log"
        shutil.copytree(out, copy, symlinks=True)
        # Of all processes: workers write the files, the coordinator makes them durable and renames them.
        self.run_pipe("-j", 2, pipe=pipe, out=name, env=shim(path=out, record=log))
        log = read_log(log)
        return Scene(pipe, out, copy, tree(copy), tree(out), log, self.when_said(log, documents))

    def scenes(self):
        def half(folder, pipe, name):
            # Half of them have been done before, and half of those change: replaced files matter as much as new ones.
            self.run_pipe("--limit", DOCUMENTS // 2, pipe=pipe, out=name, env=self.env)
            for path in sorted(folder.rglob("*.txt"))[:DOCUMENTS // 4]:
                path.write_text(path.read_text() + "One more line.\n")
        return [self.scene("first", DOCUMENTS // 2, lambda *_: None), self.scene("second", DOCUMENTS, half)]

    def when_said(self, log, documents):
        said, events = [], b""
        for done, record in enumerate(log, 1):
            if record.path.endswith("/events.ndjson") and record.data:
                events += record.data
                *lines, events = events.split(b"\n")
                for line in lines:
                    event = json.loads(line)
                    if event["event"] == "input-finished" and event["status"] in DONE:
                        said.append((done, event["input"], [(file["path"], file["sha256"]) for file in event.get("files", ())]))
        self.assertEqual(len(said), documents, "the events file is in the log")
        return said

    def recovered(self, scene, state):
        """What is wrong with the next run on this disk, or None; and the inputs that it found up to date."""
        key = (scene.out.name, hashlib.sha256(repr(sorted(state.items())).encode()).digest())
        if key not in self.cache:
            self.cache[key] = self.recover(scene, state)
        return self.cache[key]

    def recover(self, scene, state):
        folder, events = self.scratch, self.folder / "next.ndjson"
        write_state(state, folder)
        ended = subprocess.run([PROGRAM, "run", str(self.folder / scene.pipe), "-o", str(folder), "-j", "1", "--events", str(events)], cwd=self.folder,
                               env=plain_environment(self.folder, **self.env), capture_output=True, text=True, timeout=60)
        if ended.returncode != 0:
            return f"the next run ends with {ended.returncode}: {ended.stderr[-500:]}", set()
        if tree(folder) != scene.wanted:
            return "the next run makes another tree", set()
        staging = folder / ".calque/staging"
        if staging.exists() and any(staging.iterdir()):
            return "something is left in staging", set()
        return None, {name for name, event in self.records("next.ndjson").inputs.items() if event["status"] == "up-to-date"}

    def wrong_with(self, scene, done, state):
        """What no power loss may leave; None if all is well."""
        there = {path: "link" if isinstance(content, Link) else hashlib.sha256(content).hexdigest()
                 for path, content in state.items() if content is not None and not path.startswith(".calque/")}
        for name, digest in there.items():
            if digest not in (scene.wanted.get(name), scene.old.get(name)):
                return f"{name} is torn"
        for name in scene.old:
            if name not in there:
                return f"{name} is lost"
        said = [(name, files) for when, name, files in scene.said if when <= done]
        for _, files in said:
            for path, digest in files:
                if there.get(path) != digest:
                    return f"{path} was said to be done"
        wrong, up_to_date = self.recovered(scene, state)
        if wrong:
            return wrong
        for name, _ in said:
            if name not in up_to_date:
                return f"{name} was said to be done, and is done again"
        return None

    def test_every_disk_recovers(self):
        for scene in self.scenes():
            for number, done, state in states(scene.log, scene.out, scene.before, STATES // 2, SEED):
                wrong = self.wrong_with(scene, done, state)
                self.assertIsNone(wrong, f"seed {SEED}, state {number} of the {scene.out.name} run, after {done} of {len(scene.log)} records")
        print(f"{STATES} states, {len(self.cache)} of them different, seed {SEED}")

    def test_each_sync_is_needed(self):
        scenes = self.scenes()
        for site in Sites().needed:
            with self.subTest(without=site):
                self.assertTrue(any(self.shows(scene, site) for scene in scenes), f"no state shows that the sync of a {site} is needed")

    def shows(self, scene, site):
        try:
            for number, done, state in states(scene.log, scene.out, scene.before, 6 * len(scene.log), SEED, site):
                if wrong := self.wrong_with(scene, done, state):
                    print(f"without {site}: state {number} of the {scene.out.name} run shows it: {wrong}")
                    return True
        except BadLog as never:  # this run had nothing of that kind to sync
            print(f"without {site}: {never}")
        return False


main()
