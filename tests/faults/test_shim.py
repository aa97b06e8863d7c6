# SPDX-License-Identifier: Apache-2.0
# libfault.so on small programs and on calque itself: what it counts, what it makes fail, and what it logs.
import signal
import subprocess
import sys
import textwrap
import time
import unittest

from crash_states import Disk, Folder, Link, read_log
from harness import FaultTest, PROGRAM, plain_environment, points_passed, shim, tree

# Eight operations: two of mkdir, then open, write, fsync, rename, fsync of the folder, unlink.
EIGHT = """
import os
os.mkdir("d"); os.mkdir("d/e")
f = os.open("d/new", os.O_WRONLY | os.O_CREAT, 0o644)
n = os.write(f, b"0123456789")
os.fsync(f)
os.rename("d/new", "d/kept")
d = os.open("d", os.O_RDONLY)
os.fsync(d)
os.unlink("d/kept")
print("done", n)
"""
AFTER = ["", "d", "d d/e", "d d/e d/new", "d d/e d/new+", "d d/e d/new+", "d d/e d/kept+", "d d/e d/kept+", "d d/e"]


class OnSmallPrograms(FaultTest):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "work"
        self.work.mkdir()

    def python(self, code, script="script.py", **settings):
        self.write(script, textwrap.dedent(code))
        settings.setdefault("path", self.work)
        # -S and no user site: the interpreter itself writes nothing.
        return subprocess.run([sys.executable, str(self.folder / script)], cwd=self.work, capture_output=True, text=True,
                              env={**plain_environment(self.folder, PYTHONDONTWRITEBYTECODE="1"), **shim(**settings)}, timeout=60)

    def there(self):
        names = sorted(self.work.rglob("*"))
        return " ".join(str(p.relative_to(self.work)) + ("+" if p.is_file() and p.stat().st_size else "") for p in names)

    def fresh(self):
        subprocess.run(["rm", "-rf", str(self.work)], check=True)
        self.work.mkdir()


class Shim(OnSmallPrograms):
    def test_counts_points_and_nothing_else(self):
        for _ in range(2):
            self.fresh()
            (self.folder / "count").unlink(missing_ok=True)
            done = self.python(EIGHT, count=self.folder / "count")
            self.assertEqual(done.stdout, "done 10\n", done.stderr)
            self.assertEqual(points_passed(self.folder / "count"), 8)

    def test_kills_at_each_point_before_it_is_done(self):
        for k in range(1, 9):
            self.fresh()
            done = self.python(EIGHT, at=k, action="kill")
            self.assertEqual(done.returncode, -signal.SIGKILL)
            self.assertEqual(self.there(), AFTER[k - 1], k)
        self.fresh()
        self.assertEqual(self.python(EIGHT, at=9, action="kill").returncode, 0)

    def test_fails_with_the_errno_asked_for(self):
        for name, number in (("ENOSPC", 28), ("EIO", 5), ("EDQUOT", 122), ("EROFS", 30), ("EMFILE", 24), ("EINTR", 4)):
            self.fresh()
            done = self.python(EIGHT, at=1, action=name)
            self.assertIn(f"[Errno {number}]", done.stderr)

    def test_once_or_for_ever(self):
        code = """
            import os
            for k in range(4):
                try: os.mkdir(str(k))
                except OSError: print(k)
        """
        self.assertEqual(self.python(code, at=2, action="EIO", mode="once").stdout, "1\n")
        self.fresh()
        self.assertEqual(self.python(code, at=2, action="EIO", mode="forever").stdout, "1\n2\n3\n")

    def test_a_short_write(self):
        self.assertEqual(self.python(EIGHT, at=4, action="short").stdout, "done 5\n")

    def test_only_these_operations(self):
        self.assertEqual(self.python(EIGHT, at=1, action="kill", ops="unlink,rename").returncode, -signal.SIGKILL)
        self.assertEqual(self.there(), "d d/e d/new+")

    def test_only_paths_below(self):
        self.python(EIGHT, path=self.work / "d/e", count=self.folder / "count")
        self.assertEqual(points_passed(self.folder / "count"), 1)  # its mkdir
        self.fresh()
        self.python(EIGHT, path=str(self.work / "d")[:-1] + "x", count=self.folder / "none")
        self.assertEqual(points_passed(self.folder / "none"), 0)

    def test_operations_without_a_path_count_when_named(self):
        code = 'import os\nos.memfd_create("m")\nif os.fork() == 0: os._exit(0)\nos.wait()'
        self.python(code, count=self.folder / "some")
        self.assertEqual(points_passed(self.folder / "some"), 0)
        self.python(code, count=self.folder / "all", ops="memfd,fork")
        self.assertEqual(points_passed(self.folder / "all"), 2)
        self.assertIn("[Errno 11]", self.python(code, at=2, action="EAGAIN", ops="memfd,fork").stderr)

    def test_threads_and_processes_share_one_count(self):
        code = """
            import os, threading
            def work(n):
                f = os.open(f"f{n}", os.O_WRONLY | os.O_CREAT)
                for _ in range(99): os.write(f, b"x")
            child = os.fork()
            threads = [threading.Thread(target=work, args=(f"{child != 0}{n}",)) for n in range(4)]
            for t in threads: t.start()
            for t in threads: t.join()
            if child == 0: os._exit(0)
            os.wait()
        """
        self.python(code, count=self.folder / "count")
        self.assertEqual(points_passed(self.folder / "count"), 800)

    def test_worker_or_coordinator(self):
        code = "import subprocess, sys\nif len(sys.argv) == 1: subprocess.run([sys.executable, '__worker', 'x'])\n"
        (self.work / "__worker").write_text(EIGHT)
        for process, points in (("worker", 8), ("coordinator", 0), ("all", 8)):
            subprocess.run(["rm", "-rf", str(self.work / "d")])
            self.python(code, count=self.folder / process, process=process)
            self.assertEqual(points_passed(self.folder / process), points, process)

    def test_what_it_does_not_know_is_loud(self):
        for settings in ({"at": 1, "action": "explode"}, {"at": 1, "ops": "opne"}, {"at": 1, "process": "both"},
                         {"record": "/nowhere/log"}, {"count": "/nowhere/count"}):
            done = self.python("pass", **settings)
            self.assertEqual((done.returncode, "libfault.so: " in done.stderr), (99, True), settings)

    def test_the_clock_of_the_day_alone_is_moved(self):
        code = "import time\nprint(time.time(), time.monotonic(), time.time())"
        def read(offset):
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**shim(), "CALQUE_CLOCK_OFFSET": offset})
            return [float(word) for word in done.stdout.split()]
        first, monotonic, _ = read("31536000")
        self.assertAlmostEqual(first - time.time(), 31536000, delta=60)
        self.assertAlmostEqual(monotonic, time.monotonic(), delta=60)
        first, _, second = read("back")
        self.assertLess(second, first)


def live(disk):
    """The tree as the log says the program left it, like harness.tree."""
    import hashlib
    found = {}

    def walk(folder, at):
        for name, node in folder.now.items():
            if isinstance(node, Folder):
                walk(node, f"{at}{name}/")
            elif isinstance(node, Link):
                found[at + name] = "link " + node.target
            else:
                node.settle()
                found[at + name] = hashlib.sha256(node.settled).hexdigest()
    walk(disk.root, "")
    return found


class Recorder(OnSmallPrograms):
    def check_replay(self, done, before=None):
        self.assertEqual(done.returncode, 0, done.stderr)
        disk = Disk(self.work, before)
        for record in read_log(self.folder / "log"):
            disk.apply(record)
        self.assertEqual(live(disk), tree(self.work, with_state=True))

    def test_a_log_gives_the_tree_that_the_program_left(self):
        code = """
            import os, random, sys
            rng = random.Random(SEED)
            files, fds = [], []
            for n in range(300):
                act = rng.randrange(14)
                name = f"{rng.randrange(3)}/{rng.randrange(12)}"
                os.makedirs(os.path.dirname(name), exist_ok=True)
                data = bytes([rng.randrange(256)]) * rng.randrange(1, 9000)
                try:
                    if act <= 3:
                        flags = rng.choice([0, os.O_APPEND, os.O_TRUNC, os.O_EXCL])
                        fd = os.open(name, os.O_RDWR | os.O_CREAT | flags)
                        os.write(fd, data); fds.append(fd)
                    elif act == 4: os.pwrite(rng.choice(fds), data, rng.randrange(5000))
                    elif act == 5: os.writev(rng.choice(fds), [data[:10], data[10:]])
                    elif act == 6: os.ftruncate(rng.choice(fds), rng.randrange(8000))
                    elif act == 7: os.rename(name, f"{rng.randrange(3)}/{rng.randrange(12)}")
                    elif act == 8: os.link(name, f"{rng.randrange(3)}/{rng.randrange(12)}")
                    elif act == 9: os.unlink(name)
                    elif act == 10: os.symlink("nowhere", name)
                    elif act == 11: os.fsync(rng.choice(fds))
                    elif act == 12: os.copy_file_range(rng.choice(fds), rng.choice(fds), 3000, 0)
                    elif act == 13: os.posix_fallocate(rng.choice(fds), 0, rng.randrange(1, 9000))
                except (OSError, IndexError): pass
        """
        for turn in range(20):
            self.fresh()
            (self.folder / "log").unlink(missing_ok=True)
            with self.subTest(turn=turn):
                self.check_replay(self.python(code.replace("SEED", str(turn)), record=self.folder / "log"))

    def test_processes_write_one_log_in_the_order_of_their_work(self):
        code = """
            import os
            for n in range(50):
                f = os.open("f", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
                os.write(f, bytes([n]) * 100)
                if os.fork() == 0:
                    os.write(f, bytes([n + 100]) * 100)
                    os._exit(0)
                os.wait()
                os.close(f)
        """
        self.check_replay(self.python(code, record=self.folder / "log"))

    def test_failed_operations_are_not_in_the_log(self):
        self.check_replay(self.python(EIGHT.replace('os.fsync(f)', 'try: os.mkdir("d")\nexcept OSError: pass'), record=self.folder / "log"))

    def test_calque_s_own_work_is_seen_whole(self):
        self.write("p.toml", '[pipeline]\nname = "p"\n[[stage]]\nimport = "test.fault"\n[[stage]]\nexport = "test.fault_export"\nto = "{stem}.out"\n')
        for n in range(5):
            self.write(f"{n}.txt", "Text.\n" * 1000)
        done = subprocess.run([PROGRAM, "run", "p.toml", *[f"{n}.txt" for n in range(5)], "-o", str(self.work)], cwd=self.folder,
                              env={**plain_environment(self.folder), **shim(record=self.folder / "log", path=self.work, count=self.folder / "count")},
                              capture_output=True, text=True, timeout=60)
        outputs = [name for name in tree(self.work) if name.endswith(".out")]
        self.assertEqual(len(outputs), 5, done.stderr)
        self.assertGreater(points_passed(self.folder / "count"), 5 * 4)
        disk = Disk(self.work)
        for record in read_log(self.folder / "log"):
            disk.apply(record)
        seen = live(disk)
        self.assertEqual({name: seen.get(name) for name in outputs}, {name: tree(self.work)[name] for name in outputs})


if __name__ == "__main__":
    unittest.main()
