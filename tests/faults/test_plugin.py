# SPDX-License-Identifier: Apache-2.0
# Each fault does what it says, seen from outside: in one process, without workers or a jail. `preview` is that process.
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import time
import unittest

from harness import FAULTS, PROGRAM, FaultTest, faults_table, plain_environment

PIPE = """
[pipeline]
name = "faults"
[[stage]]
import = "test.fault"
[[stage]]
normalize = "test.fault_normalize"
[[stage]]
annotate = "test.fault_annotate"
"""
HERE = pathlib.Path(__file__).parent


def end(running):
    running.kill()
    running.wait()
    if running.stderr:
        running.stderr.close()


class Plugin(FaultTest):
    def setUp(self):
        super().setUp()
        self.pipe = self.write("p.toml", PIPE)

    def start(self, *asked, **options):
        """Starts a process on a document that asks for these faults."""
        lines = ["Hello."] + [f"fault-in: {line}" for line in asked] + ["Good-bye."]
        document = self.write("a.txt", "\n".join(lines) + "\n")
        environment = plain_environment(self.folder)
        options.setdefault("stderr", subprocess.PIPE)
        running = subprocess.Popen([PROGRAM, "preview", str(document), "-p", str(self.pipe), "--dump"], cwd=self.folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=options.pop("stdout", subprocess.DEVNULL), **options)
        self.addCleanup(end, running)
        return running

    def talk(self, *asked, code=None, **options):
        running = self.start(*asked, **options)
        _, talk = running.communicate(timeout=60)
        if code is not None:
            self.assertEqual(running.returncode, code, talk)
        return talk.decode("utf-8", "replace")

    def held(self, *asked):
        """A process that has committed those faults at import and normalize, and now sleeps."""
        running = self.start(*asked, "annotate sleep")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            wchan = pathlib.Path(f"/proc/{running.pid}/syscall").read_text().split()
            if wchan[0] == "230" and wchan[1] == "0x1":  # clock_nanosleep of CLOCK_MONOTONIC
                return running
            self.assertIsNone(running.poll(), "it ended before it slept")
            time.sleep(0.01)
        self.fail("it never slept")

    def status(self, running, key):
        return re.search(rf"^{key}:\s*(\S+)", pathlib.Path(f"/proc/{running.pid}/status").read_text(), re.M).group(1)

    def test_a_document_without_a_fault_is_an_ordinary_one(self):
        self.talk(code=0)

    def test_signals(self):
        for fault, number in (("segv", signal.SIGSEGV), ("bus", signal.SIGBUS), ("fpe", signal.SIGFPE), ("ill", signal.SIGILL),
                              ("abort", signal.SIGABRT), ("throw-from-thread", signal.SIGABRT),
                              ("recursion", signal.SIGSEGV), ("big-stack", signal.SIGSEGV)):
            for stage in ("import", "normalize", "annotate"):
                with self.subTest(fault=fault, stage=stage):
                    self.talk(f"{stage} {fault}", code=-number)

    def test_exits(self):
        for fault in ("exit", "_exit", "quick-exit"):
            self.talk(f"normalize {fault} 0", code=0)
            self.talk(f"normalize {fault} 7", code=7)
        self.talk("normalize pthread-exit", code=0)

    def test_exceptions(self):
        self.assertIn("the sky fell", self.talk("normalize throw-std", code=1))
        self.assertIn("plugin.foreign-exception", self.talk("normalize throw-int", code=1))

    def test_hangs(self):
        for fault, states in (("busy", "R"), ("sleep", "S"), ("deadlock", "S"), ("read-pipe", "S"), ("stop", "T"), ("block-signals", "S")):
            with self.subTest(fault=fault):
                running = self.start(f"normalize {fault}")
                deadline = time.monotonic() + 20
                used = 0
                while time.monotonic() < deadline:
                    fields = pathlib.Path(f"/proc/{running.pid}/stat").read_text().rsplit(")", 1)[1].split()
                    used = int(fields[11])
                    if fields[0] in states and (fault != "busy" or used > 30):
                        break
                    time.sleep(0.05)
                self.assertIn(fields[0], states)
                self.assertIsNone(running.poll())
                if fault == "block-signals":
                    running.send_signal(signal.SIGTERM)
                    time.sleep(0.2)
                    self.assertIsNone(running.poll(), "SIGTERM is blocked")
                running.kill()
                running.wait()

    def test_processes_left_behind(self):
        for fault, has_own_session in (("fork", False), ("setsid-fork", True)):
            with self.subTest(fault=fault):
                # The one left behind holds the pipe open: only a file can be waited for.
                with open(self.folder / "talk", "wb") as talk:
                    running = self.start(f"normalize {fault}", stderr=talk)
                    session = os.getsid(running.pid)
                    running.wait(timeout=20)
                # The one that leaves it may be on its way still.
                for _ in range(100):
                    left = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and self.is_left(pid)]
                    if len(left) == 1 and (os.getsid(left[0]) != session) == has_own_session:
                        break
                    time.sleep(0.02)
                try:
                    self.assertEqual(len(left), 1)
                    self.assertEqual(os.getsid(left[0]) != session, has_own_session)
                finally:
                    for pid in left:
                        os.kill(pid, signal.SIGKILL)

    def is_left(self, pid):
        try:
            return os.readlink(f"/proc/{pid}/cwd") == str(self.folder) and os.readlink(f"/proc/{pid}/exe") == os.path.realpath(PROGRAM)
        except OSError:
            return False

    def test_memory(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))
        self.assertIn("plugin.out-of-memory", self.talk("normalize oom-vector", code=1, preexec_fn=limit))
        self.assertIn("plugin.out-of-memory", self.talk("normalize oom-mmap", code=1, preexec_fn=limit))
        self.talk("normalize oom-null", code=-signal.SIGSEGV, preexec_fn=limit)
        self.assertGreater(int(self.status(self.held("normalize leak 60"), "VmRSS")), 60 << 10)
        # Without a limit it says so, and leaves the machine alone.
        self.assertIn("test.fault-survived", self.talk("normalize oom-vector 10", code=1))

    def test_descriptors(self):
        self.assertEqual(os.listdir(f"/proc/{self.held('normalize close-fds').pid}/fd"), [])
        running = self.held("normalize dup-fds")
        for fd in (0, 1, 2):
            self.assertTrue(os.readlink(f"/proc/{running.pid}/fd/{fd}").startswith("pipe:"))
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            self.start("normalize chatter 2", stdout=out, stderr=err).wait(timeout=60)
        for name in ("out", "err"):
            self.assertGreater((self.folder / name).stat().st_size, 2 << 20)
        self.assertIn(b"\x1b", (self.folder / "err").read_bytes()[:1000])

    def test_sockets(self):
        for fault, check in (("garbage", lambda data, fds: len(data) in (3, 64, 4096) and not fds),
                             ("send-fds 1", lambda data, fds: len(fds) == 253),
                             ("done-lie", lambda data, fds: data.startswith(b"done")),
                             ("done-lie 0102ff", lambda data, fds: data == b"\x01\x02\xff")):
            with self.subTest(fault=fault):
                ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                ours.settimeout(20)
                running = self.start(f"normalize {fault}", pass_fds=[theirs.fileno()], stderr=subprocess.DEVNULL)
                theirs.close()
                data, fds, _, _ = socket.recv_fds(ours, 5000, 300)
                for fd in fds:
                    os.close(fd)
                self.assertTrue(check(data, fds), (data[:40], len(fds)))
                running.kill()
                running.wait()
                ours.close()

    def test_changes_of_the_process(self):
        self.assertEqual(os.readlink(f"/proc/{self.held('normalize chdir').pid}/cwd"), "/")
        self.assertEqual(self.status(self.held("normalize umask"), "Umask"), "0000")
        blocked = int(self.status(self.held("normalize sigmask"), "SigBlk"), 16)
        self.assertEqual(blocked >> (signal.SIGTERM - 1) & 1, 1)
        self.assertEqual(self.status(self.held("normalize thread"), "Threads"), "2")
        self.talk("normalize timer 50", "annotate sleep", code=-signal.SIGALRM)
        for quiet in ("setlocale", "setenv", "round"):  # nothing of these shows from outside
            self.held(f"normalize {quiet}")

    def test_escapes_without_a_jail(self):
        for fault in ("open-passwd", "socket", "connect 9", f"write-home {self.folder}/was-here"):
            self.assertIn("test.fault-escaped", self.talk(f"normalize {fault}", code=1))
        self.assertTrue((self.folder / "was-here").exists())
        self.talk("normalize exec", "annotate segv", code=0)  # another program is in its place by then
        for fault in ("kill-parent", "ptrace-parent"):  # the parent is this test
            self.assertIn("is no calque", self.talk(f"normalize {fault}", code=1))

    def test_faults_by_the_host_s_calls(self):
        for fault, stage, word in (("fail", "import", "test.fault-fail"), ("reject", "import", "test.fault-reject"),
                                   ("silent-fail", "normalize", "plugin.silent-failure"), ("half", "import", "test.fault-half"),
                                   ("half", "normalize", "test.fault-half"), ("half", "annotate", "test.fault-half"),
                                   ("unaccounted", "import", "ledger."), ("unaccounted", "normalize", "ledger."),
                                   ("unaccounted", "annotate", "plugin.misuse"), ("nonsense", "import", "test.fault-unknown")):
            with self.subTest(fault=fault, stage=stage):
                self.assertIn(word, self.talk(f"{stage} {fault}", code=1))
        self.assertIn("test.fault-warn", self.talk("normalize warn", code=0))
        began = time.monotonic()
        self.talk("normalize slow 300", "annotate progress-flood 100000", code=0)
        self.assertGreater(time.monotonic() - began, 0.3)


class Table(unittest.TestCase):
    def test_the_readme_has_the_table(self):
        cells = [[cell.strip().strip("`").replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
                 for line in (HERE / "README.md").read_text().splitlines() if line.startswith("| `")]
        in_table = [cell for cell in cells if len(cell) == 9]
        self.assertEqual(in_table, [list(row.values()) for row in faults_table().values()])

    def test_each_fault_has_a_row_and_each_row_a_fault(self):
        names = set()
        for source in HERE.glob("*.cpp"):
            names |= set(re.findall(r'name == "([a-z_-]+)"', source.read_text()))
        self.assertEqual(names, set(faults_table()))


if __name__ == "__main__":
    unittest.main()
