# SPDX-License-Identifier: Apache-2.0
# What the tests of the program share: starting it, a folder for each test, and running as a user without rights.
import os
import pathlib
import resource
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ.get("CALQUE_PROGRAM", "build/release/bin/calque")
ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "configs/samples/minutes-1958-09-17.txt"
MINUTES = ROOT / "configs/diplomatic-minutes.toml"

# A pipeline of two stages: quick, and not bound to one layout.
PLAIN = """
[pipeline]
name = "plain"
[[stage]]
import = "text"
id = "in"
[[stage]]
export = "text"
to = "{dir}/{stem}.out.txt"
"""


def as_nobody():
    """Run in the child: a user that file permissions hold for."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def no_file_above(size):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


class CliTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="calque-cli-"))
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def list(self, folder=None):
        """Everything below, hidden or not, by relative name; but for the records of runs, and folders of nothing else."""
        folder = folder or self.folder
        found = [path for path in folder.rglob("*") if ".calque" not in path.relative_to(folder).parts]
        keeps_records = {path.parent for path in folder.rglob(".calque")}
        return sorted(str(path.relative_to(folder)) for path in found
                      if path not in keeps_records or any(other.parent == path for other in found))

    def calque(self, *args, code=0, env=None, stdin=None, before=None, timeout=120, cwd=None):
        """Runs the program and checks its exit code; stdout and stderr are bytes decoded as UTF-8."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home"),
                       "XDG_CACHE_HOME": os.environ.get("CALQUE_TEST_CACHE", "/tmp/calque-test-cache")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        environment.update(env or {})
        done = subprocess.run([PROGRAM, *map(str, args)], env=environment, input=stdin, capture_output=True,
                              preexec_fn=before, timeout=timeout, cwd=cwd or self.folder,
                              stdin=None if stdin is not None else subprocess.DEVNULL)
        done.out = done.stdout.decode("utf-8", "surrogateescape")
        done.err = done.stderr.decode("utf-8", "surrogateescape")
        if code is not None:
            self.assertEqual(done.returncode, code, f"\n{args}\nstdout:\n{done.out[:2000]}\nstderr:\n{done.err[:4000]}")
        for stream in (done.stdout, done.stderr):
            self.assertNotIn(b"\x1b", stream, "no colour codes in a pipe")
        self.assertNotIn(b"\r", done.stderr)
        return done

    def assertSays(self, done, *words):
        """Who, where, what, what next: each in the talk."""
        for word in words:
            self.assertIn(word, done.err)


main = unittest.main
