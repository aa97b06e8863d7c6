# SPDX-License-Identifier: Apache-2.0
# F06 to F08, F30, F38: full disks, folders that cannot be written, and readers that go away.
import os
import signal
import subprocess
import time

from harness import FaultTest, SmallDisk, leftovers, main, make_documents, make_pipeline, plain_environment, shim, tree


class DiskFull(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", 40, [("export", "big-output 1", 10)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")

    def on_disk(self, disk, *more, events="events.ndjson"):
        command = [*disk.enter, *self.command("-j", 2, *more, out="disk", events=events)]
        done = subprocess.run(command, env=plain_environment(self.folder), cwd=self.folder, capture_output=True, text=True, timeout=120)
        return done

    def test_a_full_disk_stops_the_run_and_loses_nothing(self):
        wanted = self.baseline()
        disk = SmallDisk(self.folder / "disk", "6m")
        self.addCleanup(disk.close)
        done = self.on_disk(disk)
        self.assertEqual(done.returncode, 74, done.stderr)
        errors = [line for line in done.stderr.splitlines() if line.startswith("error[")]
        self.assertEqual(len(errors), 1, "one message a run, not one a document")
        self.assertIn("output.disk-full", errors[0])
        self.assertRegex(" ".join(done.stderr.split()), r"cannot write the \d+ bytes of \S+: No space left|cannot write \S*disk\S+: No space left|cannot write the state of \S*disk", "it says where and how much")
        records = self.records()
        self.assertEqual(records.finished["outcome"], "disk-full")
        self.assertEqual(sum(records.counts().values()), 40, "every input has its end")
        there = tree(disk.see())
        self.assertTrue(there, "what was durable is there")
        for name, digest in there.items():
            self.assertEqual(digest, wanted[name])
        self.assertEqual(leftovers(disk.see()), [])
        self.assertEqual(len(there), 2 * records.counts()["ok"], "what is in place is recorded: the state has room of its own")
        # Room is made; what was done stays done.
        subprocess.run([*disk.enter, "mount", "-o", "remount,size=64m", disk.mount_point], check=True)
        self.assertEqual(self.on_disk(disk, events="second.ndjson").returncode, 0)
        self.assertEqual(self.records("second.ndjson").counts()["up-to-date"], records.counts()["ok"])
        self.assertEqual(tree(disk.see()), wanted)

    def test_a_full_state_folder_loses_no_output(self):
        wanted = self.baseline()
        disk = SmallDisk(self.folder / "state", "16k")
        self.addCleanup(disk.close)
        done = subprocess.run([*disk.enter, *self.command("--state", disk.mount_point)], env=plain_environment(self.folder),
                              cwd=self.folder, capture_output=True, text=True, timeout=120)
        self.assertIn(done.returncode, (0, 74), done.stderr)
        for name, digest in tree(self.folder / "out").items():
            self.assertEqual(digest, wanted[name])
        self.run_pipe()
        self.assertEqual(tree(self.folder / "out"), wanted)

    def test_without_a_disk_of_its_own(self):
        # The same by the shim, for machines that give no name space.
        ended = self.run_pipe(code=74, env=shim(path=self.folder / "out", process="coordinator", at=12, action="ENOSPC", mode="forever", ops="write,fallocate"))
        self.assertEqual(ended.err.count("error["), 1, ended.err)
        self.assertIn("output.disk-full", ended.err)
        self.run_pipe()
        self.check_invariants()


class BadFolders(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", 100, [("export", "slow 20", 100)])
        make_pipeline(self.folder / "p.toml", self.folder / "in")

    def refused(self, codes):
        ended = self.run_pipe(code=None)
        self.assertIn(ended.code, codes, ended.err)
        self.assertLess(ended.took, 2.0, "before the first document: each takes 20 ms")
        events = self.folder / "events.ndjson"
        self.assertFalse(events.exists() and events.stat().st_size, "nothing was begun")

    def test_the_output_folder_is_a_file(self):
        self.write("out", "x")
        self.refused((73,))
        self.assertEqual((self.folder / "out").read_text(), "x")

    def test_the_output_folder_cannot_be_written(self):
        # Also for root, whom permissions do not hold.
        disk = SmallDisk(self.folder / "out", "1m")
        self.addCleanup(disk.close)
        subprocess.run([*disk.enter, "mount", "-o", "remount,ro", disk.mount_point], check=True)
        done = subprocess.run([*disk.enter, *self.command()], env=plain_environment(self.folder), cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertIn(done.returncode, (73, 77), done.stderr)

    def test_a_link_in_place_of_a_folder_is_not_followed(self):
        (self.folder / "elsewhere").mkdir()
        (self.folder / "out").mkdir()
        os.symlink(self.folder / "elsewhere", self.folder / "out/000")
        ended = self.run_pipe(code=None)
        self.assertNotEqual(ended.code, 0)
        self.assertEqual(list((self.folder / "elsewhere").iterdir()), [], "nothing outside the output folder")

    def test_the_folder_vanishes_in_the_middle(self):
        running = self.start("-j", 2)
        time.sleep(0.7)
        subprocess.run(["rm", "-rf", str(self.folder / "out/000")])
        code = running.wait(timeout=60)
        self.assertIn(code, (0, 1, 4, 73, 74))
        self.run_pipe()
        self.assertEqual(len(tree(self.folder / "out")), 200)


class Readers(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", 200)
        make_pipeline(self.folder / "p.toml", self.folder / "in")

    def test_a_reader_of_the_events_that_goes_away(self):
        wanted = self.baseline()
        command = self.command(events=None) + ["--events", "-"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.folder, env=plain_environment(self.folder))
        running.stdout.readline()
        running.stdout.close()
        code = running.wait(timeout=60)
        self.assertIn(code, (0, 74, -signal.SIGPIPE))
        self.run_pipe()
        self.assertEqual(tree(self.folder / "out"), wanted)

    def test_closed_and_full_streams_change_no_output(self):
        wanted = self.baseline()
        for k, redirect in enumerate((">&- 2>&-", ">/dev/full 2>/dev/full", "2>&-")):
            subprocess.run(["sh", "-c", f'exec "$@" {redirect}', "sh", *self.command(out=f"out{k}", events=None)], cwd=self.folder,
                           env=plain_environment(self.folder), timeout=60)
            self.assertEqual(tree(self.folder / f"out{k}"), wanted, redirect)

    def test_records_that_cannot_be_written_change_no_exit_code(self):
        wanted = self.baseline()
        # By a link: whatever is done to what has that name must not be done to the device itself.
        full = self.folder / "full"
        full.symlink_to("/dev/full")
        for option in ("--events", "--metrics", "--premis"):
            ended = self.run_pipe(option, full, events=None, out=option.strip("-"))
            self.assertIn("warning", ended.err)
            self.assertEqual(tree(self.folder / option.strip("-")), wanted)
            self.assertTrue(full.is_char_device(), f"{option} has replaced a device by a file")


main()
