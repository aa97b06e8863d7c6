# SPDX-License-Identifier: Apache-2.0
# F25 and F36: the same bytes whatever the number of workers, order, clock, zone, locale, umask or addresses; and limits
# that a jump of the clock does not move.
import os
import subprocess

from harness import FaultTest, PROGRAM, figure, main, make_documents, make_pipeline, plain_environment, shim, tree

WAYS = {
    "two workers": (["-j", 2], {}),
    "four workers": (["-j", 4], {}),
    "fresh workers": (["-j", 2, "--fresh-workers"], {}),
    "in one process": (["--in-process"], {}),
    "no jail": (["-j", 2, "--no-sandbox"], {}),
    "another zone": (["-j", 2], {"TZ": "Pacific/Auckland"}),
    "another language": (["-j", 2], {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}),
    "a year ahead": (["-j", 2], {**shim(), "CALQUE_CLOCK_OFFSET": "31536000"}),
    "an hour behind": (["-j", 2], {**shim(), "CALQUE_CLOCK_OFFSET": "-3600"}),
    "a clock that goes back": (["-j", 2], {**shim(), "CALQUE_CLOCK_OFFSET": "back"}),
    "no addresses at random": (["-j", 2], {"setarch": "-R"}),
}


class SameBytes(FaultTest):
    def setUp(self):
        super().setUp()
        count = figure(100, 2000)
        make_documents(self.folder / "in", count, [(stage, "warn", count // 20) for stage in ("import", "annotate")])
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.wanted = self.baseline()
        self.assertEqual(len(self.wanted), 2 * count)

    def test_ways_to_run(self):
        for n, (way, (options, environment)) in enumerate(WAYS.items()):
            with self.subTest(way):
                environment = dict(environment)
                before = ["setarch", environment.pop("setarch")] if "setarch" in environment else []
                command = [*before, *self.command(*options, out=f"way{n}")]
                done = subprocess.run(command, env=plain_environment(self.folder, **environment), cwd=self.folder, capture_output=True, text=True, timeout=240)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(tree(self.folder / f"way{n}"), self.wanted)

    def test_any_order_of_the_inputs(self):
        inputs = sorted(os.path.relpath(path, self.folder) for path in (self.folder / "in").rglob("*.txt"))
        trees = []
        for turn in range(figure(3, 10)):
            self.rng.shuffle(inputs)
            subprocess.run([PROGRAM, "run", "p.toml", *inputs, "-o", f"order{turn}", "-j", "2"], env=plain_environment(self.folder), cwd=self.folder, check=True, capture_output=True)
            trees.append(tree(self.folder / f"order{turn}"))
        self.assertTrue(all(one == trees[0] for one in trees))

    def test_rights_follow_the_user_s_mask_alone(self):
        for mask, rights in ((0o022, 0o644), (0o077, 0o600)):
            done = subprocess.run(["sh", "-c", f'umask {mask:o}; exec "$@"', "sh", *self.command("-j", 2, out=f"mask{mask}")], env=plain_environment(self.folder), cwd=self.folder, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual({(self.folder / f"mask{mask}" / name).stat().st_mode & 0o777 for name in tree(self.folder / f"mask{mask}")}, {rights})


class Clock(FaultTest):
    def test_limits_do_not_move_with_the_clock_of_the_day(self):
        for offset in ("0", "31536000", "-31536000", "back"):
            make_documents(self.folder / f"in{offset}", 4, [("normalize", "sleep", 1), ("annotate", "slow 300", 3)])
            make_pipeline(self.folder / "p.toml", self.folder / f"in{offset}", {"silence": "1 s"})
            self.run_pipe("-j", 2, out=f"out{offset}", code=1, env={**shim(), "CALQUE_CLOCK_OFFSET": offset})
            records = self.records()
            self.assertEqual(records.counts(), {"ok": 3, "timeout": 1}, offset)
            for event in records.inputs.values():
                least = 1000 if event["status"] == "timeout" else 300
                self.assertTrue(least - 50 <= event["took"] <= least + 700, (offset, event["took"]))
            times = [event["at"] for event in records.events if "at" in event]
            self.assertTrue(all(later >= 0 for later in times), offset)
            self.run_pipe("-j", 2, out=f"out{offset}", code=1, env=shim())  # itself a library that outputs depend on
            self.assertEqual(self.records().counts()["up-to-date"], 3, "and what was done under it is up to date")


main()
