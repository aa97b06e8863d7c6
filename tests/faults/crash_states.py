# SPDX-License-Identifier: Apache-2.0
"""What a disk may hold after a power loss, from a log of libfault.so and the tree before the run.

The model. A file has the bytes that were synced and a list of changes since; a folder has the entries that were synced;
changes of entries stand in one list. A sync of a file settles its bytes, a sync of a folder its entries and with them
every earlier change of the same entries; a rename is one change of both folders and is never half done. What is not
settled is kept or dropped by a seed: blocks of 512 or 4096 bytes of each write, the size apart from the bytes, and
entries in any subset (a new file may be missing, a renamed one may hold zeros or be short).

    crash_states.py LOG --below FOLDER --before TREE --states N --seed S [--without SITE] -- COMMAND {}
makes N states in a scratch folder and runs the command on each; it prints those on which the command failed.
"""
import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

HEADER = struct.Struct("<IHHIIIIQQQ")
MAGIC = 0x31465143
(CREATE, WRITE, TRUNCATE, FSYNC, FDATASYNC, RENAME, LINK, UNLINK, MKDIR, RMDIR, SYMLINK, SYNCFS, TMPFILE,
 MAP_SHARED) = range(1, 15)
RENAME_EXCHANGE = 2

Record = collections.namedtuple("Record", "kind path path2 offset data pid inode", defaults=("", 0, b"", 0, 0))


class BadLog(Exception):
    """The log is not one, or holds what no crash state can be made of."""


def read_log(path):
    bytes_ = pathlib.Path(path).read_bytes()
    records, at = [], 0
    while at < len(bytes_):
        if at + HEADER.size > len(bytes_):
            raise BadLog(f"{path}: a record is cut off at byte {at}")
        magic, kind, _, pid, path_size, path2_size, _, inode, offset, data_size = HEADER.unpack_from(bytes_, at)
        end = at + HEADER.size + path_size + path2_size + data_size
        if magic != MAGIC or end > len(bytes_):
            raise BadLog(f"{path}: no record at byte {at}")
        at += HEADER.size
        first = os.fsdecode(bytes_[at:at + path_size])
        second = os.fsdecode(bytes_[at + path_size:at + path_size + path2_size])
        records.append(Record(kind, first, second, offset, bytes_[end - data_size:end], pid, inode))
        at = end
    return records


class Sites:
    """Classes of syncs, by what is synced and its path below the folder."""

    def __init__(self, table=pathlib.Path(__file__).with_name("crash_sites.tsv")):
        rows = [line.split("\t") for line in table.read_text().splitlines()[1:]]
        self.patterns = {site: (what, re.compile(path)) for site, what, _, path in rows}
        # A lost entry of staging costs a roll-back, a lost record of a run nothing; outputs are synced while staged.
        self.needed = [site for site, _, needed, _ in rows if needed == "yes"]

    def site_of(self, is_folder, path):
        for site, (what, pattern) in self.patterns.items():
            if (what == "folder") == is_folder and pattern.fullmatch(path):
                return site
        return None


class File:
    __slots__ = ("settled", "changes", "size")

    def __init__(self, content=b""):
        self.settled, self.changes, self.size = content, [], len(content)

    def settle(self):
        if self.changes:
            content = bytearray(self.settled)
            for offset, data in self.changes:
                change(content, offset, data)
            self.settled, self.changes = bytes(content), []


class Link:
    __slots__ = ("target",)

    def __init__(self, target):
        self.target = target


class Folder:
    __slots__ = ("now", "settled")

    def __init__(self):
        self.now, self.settled = {}, {}


def change(content, offset, data):
    """A write, or with data None: the size becomes offset."""
    if data is None:
        if offset < len(content):
            del content[offset:]
        else:
            content.extend(bytes(offset - len(content)))
        return
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(data)] = data


class Disk:
    """The tree as the program sees it, and what of it a power loss leaves for sure."""

    def __init__(self, below, before=None, without=None, sites=None):
        self.below = str(below).rstrip("/")
        self.root = Folder()
        self.unnamed = {}  # O_TMPFILE: path in /proc → file
        self.inodes = {}  # of open files, which outlive their names
        self.entries = []  # unsettled changes of entries: [(folder, name, node or None)] each
        self.without = without
        self.sites = sites or Sites()
        self.seen_sites = collections.Counter()
        if without is not None and without not in self.sites.patterns:
            raise BadLog(f"there is no site {without}")
        if before is not None:
            self._load(self.root, pathlib.Path(before))

    def _load(self, folder, path):
        for entry in os.scandir(path):
            if entry.is_symlink():
                node = Link(os.readlink(entry.path))
            elif entry.is_dir():
                node = Folder()
                self._load(node, entry.path)
            elif entry.is_file():
                node = File(pathlib.Path(entry.path).read_bytes())
            else:
                continue
            folder.now[entry.name] = folder.settled[entry.name] = node

    # ---- Paths

    def _parts(self, path):
        """Names below the folder; None for what lies elsewhere."""
        if path == self.below:
            return []
        if not path.startswith(self.below + "/"):
            return None
        return path[len(self.below) + 1:].split("/")

    def _find(self, path):
        if path in self.unnamed:
            return self.unnamed[path]
        parts = self._parts(path)
        node = self.root
        for name in parts if parts is not None else ["\0"]:
            node = node.now.get(name) if isinstance(node, Folder) else None
        return node

    def _open_file(self, r):
        node = self._find(r.path)
        if node is None:
            return self.inodes.get(r.inode) if r.inode else None
        if r.inode:
            self.inodes[r.inode] = node
        return node

    def _parent(self, path):
        folder, name = path.rsplit("/", 1)
        return self._find(folder) if self._parts(path) else None, name

    # ---- What the program did

    def apply(self, r):
        if r.kind == MAP_SHARED:
            raise BadLog(f"{r.path} was mapped for writing: its changes are not in the log")
        if r.kind in (RENAME, LINK) and self._find(r.path) is None and self._parts(r.path2) is not None:
            raise BadLog(f"{r.path2} comes from {r.path}, which the log does not know")
        if r.kind == TMPFILE:
            self.unnamed[r.path] = self.inodes[r.inode] = File()
        elif r.kind == CREATE:
            self.inodes[r.inode] = File()
            self._set([(r.path, self.inodes[r.inode])])
        elif r.kind == MKDIR:
            self._set([(r.path, Folder())])
        elif r.kind == SYMLINK:
            self._set([(r.path, Link(os.fsdecode(r.data)))])
        elif r.kind in (UNLINK, RMDIR):
            self._set([(r.path, None)])
        elif r.kind == LINK:
            self._set([(r.path2, self._find(r.path))])
        elif r.kind == RENAME:
            if self._find(r.path) is self._find(r.path2):
                return  # two names of one file: both stay
            other = self._find(r.path2) if r.offset & RENAME_EXCHANGE else None
            self._set([(r.path, other), (r.path2, self._find(r.path))])
        elif r.kind in (WRITE, TRUNCATE):
            node = self._open_file(r)
            if isinstance(node, File):
                data = r.data if r.kind == WRITE else None
                node.changes.append((r.offset, data))
                node.size = r.offset if data is None else max(node.size, r.offset + len(data))
        elif r.kind in (FSYNC, FDATASYNC):
            self._sync(r)
        elif r.kind == SYNCFS:
            self._sync_all(r.path)
        else:
            raise BadLog(f"there is no record of kind {r.kind}")

    def _set(self, named):
        change_ = []
        for path, node in named:
            parent, name = self._parent(path)
            if not isinstance(parent, Folder):
                continue  # to or from elsewhere
            change_.append((parent, name, node))
        for folder, name, node in change_:
            if node is None:
                folder.now.pop(name, None)
            else:
                folder.now[name] = node
        if change_:
            self.entries.append(change_)

    def _is_left_out(self, is_folder, path):
        parts = self._parts(path)
        site = self.sites.site_of(is_folder, "/".join(parts or []))
        self.seen_sites[site] += 1
        return self.without is not None and site == self.without

    def _sync(self, r):
        node = self._open_file(r)
        if node is None or isinstance(node, Link) or self._is_left_out(isinstance(node, Folder), r.path):
            return
        if isinstance(node, File):
            node.settle()
        else:
            self._settle_entries(lambda change_: any(folder is node for folder, _, _ in change_))

    def _sync_all(self, path):
        """All of the file system; under --without, all but the files and folders of that class."""
        def walk(node, at):
            if isinstance(node, File):
                if not self._is_left_out(False, at):
                    node.settle()
            elif isinstance(node, Folder):
                for name, child in node.now.items():
                    walk(child, f"{at}/{name}")
                if not self._is_left_out(True, at):
                    self._settle_entries(lambda change_: any(folder is node for folder, _, _ in change_))
        walk(self.root, self.below)
        for node in self.unnamed.values():
            node.settle()

    def _settle_entries(self, is_synced):
        # An earlier change of the same entry is settled too, or it could come back over the later one.
        keys, settled, left = set(), [], []
        for change_ in reversed(self.entries):
            mine = {(id(folder), name) for folder, name, _ in change_}
            if is_synced(change_) or mine & keys:
                keys |= mine
                settled.append(change_)
            else:
                left.append(change_)
        for change_ in reversed(settled):
            put(change_, lambda folder: folder.settled)
        self.entries = left[::-1]

    # ---- What a power loss leaves

    def crash(self, rng):
        """{path: bytes | None (a folder) | Link}: one of the states that the disk may be in now."""
        tables = {}

        def table(folder):
            found = tables.get(id(folder))
            if found is None:
                found = tables[id(folder)] = dict(folder.settled)
            return found

        kept = rng.choice((0.0, 0.25, 0.75, 1.0))
        for change_ in self.entries:
            if rng.random() < kept:
                put(change_, table)
        state, contents = {}, {}
        how = (rng.choice((0.0, 0.5, 1.0)), rng.choice((512, 4096)))

        def walk(folder, at):
            entries = tables.get(id(folder), folder.settled)
            for name, node in entries.items():
                path = at + name
                if isinstance(node, Folder):
                    state[path] = None
                    walk(node, path + "/")
                elif isinstance(node, File):
                    if id(node) not in contents:
                        contents[id(node)] = torn(node, rng, *how) if node.changes else node.settled
                    state[path] = contents[id(node)]
                else:
                    state[path] = node
        walk(self.root, "")
        return state


def put(change_, table):
    for folder, name, node in change_:
        if node is None:
            table(folder).pop(name, None)
        else:
            table(folder)[name] = node


def torn(file, rng, kept, block):
    """The settled bytes with some blocks of the later writes, and a size that may be of another moment."""
    content = bytearray(file.settled)
    sizes = [len(content)]
    for offset, data in file.changes:
        if data is None:
            if rng.random() < kept:
                change(content, offset, None)
            sizes.append(len(content))
            continue
        at = offset
        while at < offset + len(data):
            end = min((at // block + 1) * block, offset + len(data))
            if rng.random() < kept:
                change(content, at, data[at - offset:end - offset])
            at = end
        sizes.append(max(sizes[-1], offset + len(data)))
    size = rng.choice(sizes)
    change(content, size, None)
    return bytes(content)


def states(records, below, before, count, seed, without=None):
    """Yields (number, how many records were done, state); the same for the same seed. Every prefix comes up before any
    comes a second time, if count allows; else prefixes are spread evenly."""
    disk = Disk(below, before, without)
    prefixes = len(records) + 1
    shares = [count * (k + 1) // prefixes - count * k // prefixes for k in range(prefixes)]
    number = 0
    for done in range(prefixes):
        if done > 0:
            disk.apply(records[done - 1])
        for turn in range(shares[done]):
            yield number, done, disk.crash(random.Random(f"{seed}/{done}/{turn}"))
            number += 1
    if without is not None and disk.seen_sites[without] == 0:
        raise BadLog(f"the run never synced a {without}: leaving it out tests nothing")


def write_state(state, folder):
    """Makes the folder hold exactly this state."""
    folder = str(folder)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for path, content in state.items():
        whole = f"{folder}/{path}"
        if content is None:
            os.mkdir(whole)
        elif isinstance(content, Link):
            os.symlink(content.target, whole)
        else:
            fd = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            os.write(fd, content)
            os.close(fd)


def main():
    parser = argparse.ArgumentParser(description="Makes the disks that a power loss may leave, and runs a command on each.")
    parser.add_argument("log")
    parser.add_argument("--below", required=True, help="the folder that was recorded")
    parser.add_argument("--before", help="a copy of it from before the run")
    parser.add_argument("--states", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1962)
    parser.add_argument("--without", help="treat the syncs of this site of crash_sites.tsv as never made")
    parser.add_argument("command", nargs="*", help="{} is the state's folder; nothing: only make them")
    options = parser.parse_args()
    failed = 0
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="crash-", dir="/dev/shm") as scratch:
        folder = pathlib.Path(scratch) / "state"
        for number, done, state in states(read_log(options.log), options.below, options.before, options.states,
                                          options.seed, options.without):
            write_state(state, folder)
            if options.command:
                command = [word.replace("{}", str(folder)) for word in options.command]
                if subprocess.run(command).returncode != 0:
                    failed += 1
                    print(f"state {number}, after {done} records: failed")
    print(f"{options.states} states, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
