# SPDX-License-Identifier: Apache-2.0
# What the tests of batches share: a pipeline with a stage that reads a file, and the records of the last run.
import json
import os

from calque_cli import CliTest

PIPELINE = """
[pipeline]
name = "words"
[input]
files = ["in/*.txt"]
[[stage]]
import = "text"
id = "in"
[[stage]]
normalize = "unicode"
[[stage]]
annotate = "test.word_list"
id = "words"
with = { words = "words.txt" }
[[stage]]
annotate = "segments"
[[stage]]
export = "test.marked"
id = "marked"
to = "{stem}.marked"
[[stage]]
export = "text"
id = "plain"
to = "{stem}.out.txt"
[output]
folder = "out"
[loss]
default = "warn"
[cache]
keep_after = "1 h"
"""


class Batch(CliTest):
    def setUp(self):
        super().setUp()
        self.environment = {"XDG_CACHE_HOME": str(self.folder / "cache"), "CALQUE_PATH": os.environ["CALQUE_PLUGINS"]}
        self.write("p.toml", PIPELINE)
        self.write("words.txt", "river\nharbour\n")

    def documents(self, count, common=3):
        """Of each seven documents `common` have the word lantern."""
        for k in range(count):
            word = "lantern" if k % 7 < common else "ferry"
            self.write(f"in/{k:03}.txt", f"The {word} at the river, number {k}.\n")

    def run_batch(self, *more, code=0):
        done = self.calque("run", "p.toml", "-j", "2", *more, env=self.environment, code=code)
        self.events = self.read_events()
        return done

    def read_events(self, out="out"):
        runs = sorted((self.folder / out / ".calque/runs").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(line) for line in (runs[-1] / "events.ndjson").read_text().splitlines()]

    def finished(self):
        return [event for event in self.events if event["event"] == "input-finished"]

    def statuses(self):
        counts = {}
        for event in self.finished():
            counts[event["status"]] = counts.get(event["status"], 0) + 1
        return counts

    def ran(self):
        """How often each stage ran."""
        counts = {}
        for event in self.finished():
            for stage in event.get("stages", []):
                if stage["action"] == "ran":
                    counts[stage["name"]] = counts.get(stage["name"], 0) + 1
        return counts

    def written(self):
        return sum(file["action"] == "written" for event in self.finished() for file in event.get("files", []))

    def tree(self, out="out"):
        return {name: (self.folder / out / name).read_bytes() for name in self.list(self.folder / out)
                if (self.folder / out / name).is_file()}
