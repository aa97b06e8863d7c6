# SPDX-License-Identifier: Apache-2.0
"""What the fault tests share: documents with faults, runs and their records, trees, processes, disks and terminals.

Every test prints its seed; `--seed N` repeats it, `--soak` is the long form. What a test needs and does not find is a
failure that names it, never a skip."""
import collections
import contextlib
import csv
import ctypes
import hashlib
import json
import os
import pathlib
import pty
import random
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build/release"
PROGRAM = os.path.realpath(os.environ.get("CALQUE_PROGRAM", BUILD / "bin/calque"))
FAULTS = os.path.realpath(os.environ.get("CALQUE_FAULTS", BUILD / "tests/faults"))
SHIM = f"{FAULTS}/libfault.so"

# Statuses after which there are outputs.
DONE = {"ok", "ok-with-warnings", "up-to-date"}
STATUSES = DONE | {"skipped", "rejected", "failed", "crashed", "timeout", "oom", "limit", "violation", "invalid-output",
                   "io-error", "not-run"}

SOAK = "--soak" in sys.argv
SEED = int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else random.SystemRandom().randrange(10**6)


def figure(quick, soak):
    return soak if SOAK else quick


def main():
    print(f"seed {SEED}{' (soak)' if SOAK else ''}: python3 {sys.argv[0]} --seed {SEED}", file=sys.stderr)
    arguments = [word for k, word in enumerate(sys.argv) if word not in ("--soak", "--seed") and sys.argv[k - 1] != "--seed"]
    unittest.main(argv=arguments)


class Missing(AssertionError):
    """A prerequisite of the tests that is not there."""

    def __init__(self, what):
        super().__init__(f"missing prerequisite: {what}")


# ---- Documents and pipelines


def faults_table():
    with open(HERE / "faults.tsv", newline="") as file:
        return {row["fault"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def text_of(rng, paragraphs=5):
    words = "minutes ambassador lantern harbour treaty winter delegate station письмо 会谈 évêque letter".split()
    return [" ".join(rng.choice(words) for _ in range(rng.randint(3, 15))) + "." for _ in range(paragraphs)]


def make_documents(folder, count, faults=(), seed=SEED):
    """COUNT documents below a folder, in subfolders of a hundred; faults are (stage, "NAME ARGUMENT", how many). Returns
    {relative name: (stage, fault) or None}: which documents have them is the seed's choice, how many is exact."""
    rng = random.Random(f"documents {seed}")
    wanted = [(stage, fault) for stage, fault, times in faults for _ in range(times)]
    assert len(wanted) <= count, "more faults than documents"
    chosen = dict(zip(rng.sample(range(count), len(wanted)), wanted))
    made = {}
    for k in range(count):
        name = f"{k // 100:03}/{k:05}.txt"
        lines = text_of(rng)
        if k in chosen:
            lines.insert(rng.randrange(len(lines) + 1), "fault-in: {} {}".format(*chosen[k]))
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
        made[name] = chosen.get(k)
    return made


def make_pipeline(path, folder, budget=None, mark="", extra="", stages=("normalize", "annotate")):
    """A pipeline of the fault plugin over all documents of a folder, two outputs each."""
    budget = {"silence": "20 s", "total": "2 min", "memory": "512 MiB", **(budget or {})}
    text = f'[pipeline]\nname = "faults"\n\n[input]\nfiles = ["{folder}/**/*.txt"]\n\n[budget]\n'
    text += "".join(f'{key} = "{value}"\n' for key, value in budget.items())
    text += '\n[[stage]]\nimport = "test.fault"\n'
    text += "".join(f'\n[[stage]]\n{role} = "test.fault_{role}"\n' for role in stages)
    for n, form in enumerate(("first", "second")):
        text += f'\n[[stage]]\nid = "{form}"\nexport = "test.fault_export"\nto = "{{dir}}/{{stem}}.{n + 1}.txt"\n'
        text += f'with = {{ mark = "{mark}{n + 1} " }}\n'
    pathlib.Path(path).write_text(text + extra)
    return path


# ---- Runs


def plain_environment(folder, **more):
    return {"PATH": os.environ["PATH"], "HOME": f"{folder}/home", "XDG_CACHE_HOME": f"{folder}/cache", "CALQUE_PATH": FAULTS, **more}


def shim(**settings):
    """The environment for libfault.so: shim(at=3, action="kill", path=…) is CALQUE_FAULT_AT=3 and so on."""
    if not os.path.exists(SHIM):
        raise Missing(f"libfault.so at {SHIM} (build the target `fault`)")
    return {"LD_PRELOAD": SHIM, **{f"CALQUE_FAULT_{key.upper()}": str(value) for key, value in settings.items()}}


def points_passed(path):
    return struct.unpack("<Q", pathlib.Path(path).read_bytes())[0]


Ended = collections.namedtuple("Ended", "code out err took")


class Records:
    """An events file, checked line by line against docs/run-records.md."""

    def __init__(self, path):
        self.events = [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]
        for k, event in enumerate(self.events):
            assert event["seq"] == k, f"{path}: line {k} has seq {event['seq']}"
            assert "event" in event, f"{path}: line {k} is no event"
        assert self.events and self.events[0]["event"] == "run-started", f"{path}: it does not begin with run-started"
        assert self.events[0]["schema"] == "calque.events/1"
        self.started = self.events[0]
        self.inputs = {}
        for event in self.of("input-finished"):
            assert event["input"] not in self.inputs, f"{event['input']} has two ends"
            assert event["status"] in STATUSES, f"{event['input']} ends in {event['status']}"
            self.inputs[event["input"]] = event
        ends = self.of("run-finished")
        assert len(ends) <= 1 and (not ends or self.events[-1] is ends[0]), "run-finished comes once, and last"
        self.finished = ends[0] if ends else None
        if self.finished:
            assert self.finished["counts"] == dict(self.counts()), "the counts of run-finished are those of the inputs"

    def of(self, name):
        return [event for event in self.events if event["event"] == name]

    def counts(self):
        return collections.Counter(event["status"] for event in self.inputs.values())

    def statuses(self, below=None):
        """{input: status}; names relative to a folder where one is given."""
        return {os.path.relpath(name, below) if below else name: event["status"] for name, event in self.inputs.items()}

    def end_of(self, name):
        """The event of the one input whose path ends so."""
        found = [event for path, event in self.inputs.items() if path == name or path.endswith("/" + name)]
        assert len(found) == 1, f"{len(found)} inputs end with {name}"
        return found[0]

    def redone(self):
        return [name for name, event in self.inputs.items() if event["status"] not in ("up-to-date", "skipped", "not-run")]


class FaultTest(unittest.TestCase):
    """A folder of its own for each test, and the runs in it."""
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(os.path.realpath(tempfile.mkdtemp(prefix="calque-fault-")))
        os.chmod(self.folder, 0o755)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.rng = random.Random(f"{self.id()} {SEED}")
        for needed in (PROGRAM, f"{FAULTS}/fault.calque"):
            if not os.path.exists(needed):
                raise Missing(needed)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def command(self, *more, out="out", pipe="p.toml", events="events.ndjson"):
        command = [PROGRAM, "run", str(self.folder / pipe), "-o", str(self.folder / out)]
        return command + (["--events", str(self.folder / events)] if events else []) + [str(word) for word in more]

    def start(self, *more, out="out", pipe="p.toml", events="events.ndjson", env=None, **options):
        """A run in a session of its own; its talk goes to files, which no left-over process can hold open against us."""
        for stream in ("stdout", "stderr"):
            options.setdefault(stream, open(self.folder / stream, "wb"))
            if hasattr(options[stream], "close"):
                self.addCleanup(options[stream].close)
        options.setdefault("start_new_session", True)
        running = subprocess.Popen(self.command(*more, out=out, pipe=pipe, events=events), cwd=self.folder,
                                   env=plain_environment(self.folder, **(env or {})), stdin=subprocess.DEVNULL, **options)
        self.addCleanup(end_group, running)
        return running

    def run_pipe(self, *more, code=0, timeout=240, **options):
        began = time.monotonic()
        running = self.start(*more, **options)
        running.wait(timeout=timeout)
        ended = Ended(running.returncode, (self.folder / "stdout").read_text(errors="replace"),
                      (self.folder / "stderr").read_text(errors="replace"), time.monotonic() - began)
        if code is not None:
            self.assertEqual(ended.code, code, f"seed {SEED}\n{ended.out[-2000:]}\n{ended.err[-4000:]}")
        return ended

    def records(self, events="events.ndjson"):
        return Records(self.folder / events)

    def calque(self, *words, code=0, env=None, timeout=120):
        """Any other verb."""
        done = subprocess.run([PROGRAM, *map(str, words)], cwd=self.folder, env=plain_environment(self.folder, **(env or {})),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
        if code is not None:
            self.assertEqual(done.returncode, code, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        return done

    def baseline(self, documents="in", pipe="p.toml", out="baseline", code=0):
        """The tree of an undisturbed run."""
        self.run_pipe("-j", 2, out=out, pipe=pipe, events="baseline.ndjson", code=code)
        return tree(self.folder / out)

    def check_invariants(self, out="out", verify=True):
        """I1, I2, I5, I6 of the contract, after a run that came to its end."""
        left = leftovers(self.folder / out)
        self.assertEqual(left, [], f"seed {SEED}")
        if verify:
            self.calque("verify", self.folder / out)


# ---- Trees


def tree_names(folder, with_state=False):
    """The relative paths of all files. What Calque keeps for itself is left out."""
    folder = str(folder)
    for at, names, files in os.walk(folder):
        if not with_state and at == folder and ".calque" in names:
            names.remove(".calque")
        relative = at[len(folder) + 1:]
        yield from (f"{relative}/{name}" if relative else name for name in files)


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def tree(folder, with_state=False):
    """{relative path: sha256}; links by their target."""
    found = {}
    for name in tree_names(folder, with_state):
        path = os.path.join(folder, name)
        found[name] = "link " + os.readlink(path) if os.path.islink(path) else digest_of(path)
    return found


def leftovers(out):
    """What no ended run may leave: anything in staging, and temporary or hidden names among the outputs."""
    out = pathlib.Path(out)
    left = [str(path) for path in (out / ".calque/staging").rglob("*")] if (out / ".calque/staging").exists() else []
    left += [str(path) for path in out.rglob("*") if ".calque" not in path.parts and (path.name.startswith(".") or path.name.endswith((".new", ".old", ".tmp")))]
    return sorted(left)


# ---- Processes


PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """From now on, whatever our children leave behind becomes ours, and is found by `descendants`."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise Missing("PR_SET_CHILD_SUBREAPER")


adopt_orphans()


def processes():
    """{pid: (parent, state, words of its command line)} of this machine."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            fields = pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
            words = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            continue
        found[int(entry)] = (int(fields[1]), fields[0], [os.fsdecode(word) for word in words])
    return found


def descendants(of=None):
    """Living processes below one, by pid, with their command lines; zombies are gone."""
    all_, wanted, found = processes(), {of or os.getpid()}, {}
    grown = True
    while grown:
        grown = False
        for pid, (parent, state, words) in all_.items():
            if parent in wanted and pid not in wanted:
                wanted.add(pid)
                grown = True
                if state not in "ZX":
                    found[pid] = words
    return found


def workers(of=None):
    return [pid for pid, words in descendants(of).items() if len(words) > 1 and words[1] == "__worker"]


def wait_until(condition, seconds, step=0.005):
    """Seconds until it held; None if it never did."""
    began = time.monotonic()
    while True:
        if condition():
            return time.monotonic() - began
        if time.monotonic() - began > seconds:
            return None
        time.sleep(step)


def wait_until_gone(seconds, known=()):
    """Waits for every descendant of this test but those known; those that are still there."""
    left = lambda: {pid: words for pid, words in descendants().items() if pid not in known}
    wait_until(lambda: not left(), seconds)
    return left()


def end_group(running):
    """After a test: nothing of its run goes on."""
    for pid in [running.pid, *descendants(running.pid)]:
        with contextlib.suppress(ProcessLookupError):
            if running.poll() is None or pid != running.pid:
                os.kill(pid, signal.SIGKILL)
    running.wait()


def kill_at_random(running, rng, most_seconds, pick=lambda running: running.pid):
    """SIGKILL after a time of the seed's choice; False when the run had ended before."""
    time.sleep(rng.uniform(0, most_seconds))
    if running.poll() is not None:
        return False
    pid = pick(running)
    if pid is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return True


# ---- A small disk


class SmallDisk:
    """A tmpfs of a few bytes in a mount namespace of its own. `enter` goes before a command; `see` is a path from here."""

    def __init__(self, mount_point, size):
        self.mount_point = str(mount_point)
        os.makedirs(mount_point, exist_ok=True)
        inner = f"mount -t tmpfs -o size={size} tmpfs '{self.mount_point}' && echo ready && exec sleep 100000"
        self.enter = []
        for how in (["unshare", "-Urm"], ["unshare", "-m"]):
            self.holder = subprocess.Popen([*how, "sh", "-c", inner], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if self.holder.stdout.readline() == b"ready\n":
                own_user = ["-U", "--preserve-credentials"] if "-Urm" in how else []
                self.enter = ["nsenter", "-t", str(self.holder.pid), *own_user, "-m", f"--wd={os.path.dirname(self.mount_point)}"]
                break
            self.close()
            print(f"FALLBACK: {' '.join(how)} is refused here", file=sys.stderr)
        if not self.enter:
            raise Missing("a mount namespace (unshare -Urm, or unshare -m as root)")

    def see(self, path=""):
        return pathlib.Path(f"/proc/{self.holder.pid}/root{self.mount_point}/{path}")

    def close(self):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()


# ---- A terminal


def run_on_terminal(command, env=None, cwd=None, columns=80, rows=24, after=None, timeout=60):
    """Runs a command on a terminal of its own; (exit code as Popen has it, the bytes it wrote). `after(pid, bytes so
    far)` is called whenever something came, and may send signals."""
    pid, fd = pty.fork()
    if pid == 0:
        try:
            if cwd:
                os.chdir(cwd)
            os.execvpe(command[0], [str(word) for word in command], env if env is not None else os.environ)
        finally:
            os._exit(127)
    import fcntl
    import termios
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    seen, deadline = b"", time.monotonic() + timeout
    try:
        while time.monotonic() < deadline:
            if select.select([fd], [], [], 0.1)[0]:
                try:
                    piece = os.read(fd, 65536)
                except OSError:  # EIO: the last process has closed it
                    break
                if not piece:
                    break
                seen += piece
                if after:
                    after(pid, seen)
        else:
            os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"{command} did not end in {timeout} s on a terminal")
    finally:
        os.close(fd)
        status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status), seen


def escapes_in(text):
    """Control characters that must not reach a terminal or a report from a document or its name."""
    bytes_ = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return [byte for byte in bytes_ if byte < 0x20 and byte not in (0x09, 0x0A)]
