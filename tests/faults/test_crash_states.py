# SPDX-License-Identifier: Apache-2.0
# Crash states of logs made by hand: what was synced is always there, what was not is sometimes not.
import pathlib
import random
import tempfile
import time
import unittest

from crash_states import (BadLog, CREATE, Disk, FSYNC, HEADER, LINK, MAGIC, MAP_SHARED, MKDIR, RENAME, Record, SYNCFS,
                          Sites, TMPFILE, TRUNCATE, UNLINK, WRITE, read_log, states, write_state)

OLD, NEW = b"old " * 2500, b"new " * 3000
ROOT = "/out"

# How a file is replaced, with every sync that it needs.
REPLACE = [
    Record(MKDIR, "/out/.calque"), Record(MKDIR, "/out/.calque/staging"), Record(FSYNC, "/out"),
    Record(CREATE, "/out/.calque/staging/1"),
    Record(WRITE, "/out/.calque/staging/1", data=NEW[:5000]),
    Record(WRITE, "/out/.calque/staging/1", offset=5000, data=NEW[5000:]),
    Record(FSYNC, "/out/.calque/staging/1"),
    Record(RENAME, "/out/.calque/staging/1", "/out/a.txt"),
    Record(FSYNC, "/out"),
]


def seen(records, count=3000, without=None, before=None):
    return list(states(records, ROOT, before, count, 7, without))


class WithOldFile(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="crash-test-")
        self.addCleanup(scratch.cleanup)
        self.before = pathlib.Path(scratch.name) / "before"
        self.before.mkdir()
        (self.before / "a.txt").write_bytes(OLD)

    def contents(self, without=None, from_record=0, records=REPLACE):
        return {state.get("a.txt") for _, done, state in seen(records, without=without, before=self.before)
                if done >= from_record}

    def test_with_all_syncs_the_file_is_old_or_new(self):
        self.assertEqual(self.contents(), {OLD, NEW})

    def test_with_all_syncs_a_finished_replacement_stays(self):
        self.assertEqual(self.contents(from_record=len(REPLACE)), {NEW})

    def test_without_the_sync_of_the_file_some_state_is_torn(self):
        torn = self.contents("staged-file") - {OLD, NEW}
        self.assertTrue(any(len(content) < len(NEW) for content in torn), "short")
        self.assertTrue(any(len(content) == len(NEW) and b"\0" in content for content in torn), "with zeros")
        self.assertTrue(any(content == bytes(len(NEW)) for content in torn), "all zeros: renamed before data")

    def test_torn_blocks_are_whole_sectors(self):
        for content in self.contents("staged-file") - {OLD, NEW}:
            for at in range(0, len(content), 512):
                block, whole = content[at:at + 512], NEW[at:at + 512][:len(content) - at]
                # The two writes meet inside a block, so a block may be of one of them only.
                middle = 5000 - at if at < 5000 < at + 512 else None
                allowed = [whole, bytes(len(block))]
                if middle is not None:
                    allowed += [whole[:middle] + bytes(len(block) - middle), bytes(middle) + whole[middle:]]
                self.assertIn(block, allowed)

    def test_without_the_sync_of_the_folder_a_finished_replacement_may_be_undone(self):
        self.assertEqual(self.contents("output-folder", from_record=len(REPLACE)), {OLD, NEW})

    def test_overwriting_in_place_mixes_old_and_new(self):
        records = [Record(WRITE, "/out/a.txt", data=NEW)]
        mixed = self.contents(records=records, from_record=1)
        self.assertTrue(any(b"old" in content and b"new" in content for content in mixed))

    def test_truncating_may_or_may_not_have_happened(self):
        self.assertEqual({len(content) for content in self.contents(records=[Record(TRUNCATE, "/out/a.txt", offset=3)],
                                                                     from_record=1)}, {3, len(OLD)})

    def test_a_removed_file_may_come_back_until_its_folder_is_synced(self):
        removed = [Record(UNLINK, "/out/a.txt")]
        self.assertEqual(self.contents(records=removed, from_record=1), {OLD, None})
        self.assertEqual(self.contents(records=removed + [Record(FSYNC, "/out")], from_record=2), {None})

    def test_a_rename_is_never_half_done(self):
        for _, done, state in seen([Record(RENAME, "/out/a.txt", "/out/b.txt")], before=self.before):
            self.assertEqual(("a.txt" in state) + ("b.txt" in state), 1)

    def test_the_same_seed_gives_the_same_states(self):
        self.assertEqual(seen(REPLACE, before=self.before), seen(REPLACE, before=self.before))


class Model(unittest.TestCase):
    def test_a_new_file_may_be_missing_though_its_bytes_are_synced(self):
        records = [Record(CREATE, "/out/a"), Record(WRITE, "/out/a", data=b"x"), Record(FSYNC, "/out/a")]
        self.assertEqual({state.get("a") for _, done, state in seen(records) if done == 3}, {None, b"x"})

    def test_a_new_folder_is_lost_with_all_in_it_until_its_parent_is_synced(self):
        records = [Record(MKDIR, "/out/d"), Record(CREATE, "/out/d/a"), Record(FSYNC, "/out/d/a"), Record(FSYNC, "/out/d")]
        self.assertEqual({"d/a" in state for _, done, state in seen(records) if done == 4}, {True, False})
        records.append(Record(FSYNC, "/out"))
        self.assertEqual({"d/a" in state for _, done, state in seen(records) if done == 5}, {True})

    def test_appended_records_are_lost_from_anywhere(self):
        records = [Record(CREATE, "/out/log"), Record(WRITE, "/out/log", data=b"A" * 512), Record(FSYNC, "/out/log"),
                   Record(FSYNC, "/out"), Record(WRITE, "/out/log", offset=512, data=b"B" * 512),
                   Record(WRITE, "/out/log", offset=1024, data=b"C" * 512)]
        last = {state["log"] for _, done, state in seen(records) if done == 6}
        for content in last:
            self.assertEqual(content[:512], b"A" * 512)
        self.assertIn(b"A" * 512 + bytes(512) + b"C" * 512, last)
        self.assertIn(b"A" * 512 + b"B" * 512, last)

    def test_syncing_the_file_system_settles_all(self):
        records = [Record(MKDIR, "/out/d"), Record(CREATE, "/out/d/a"), Record(WRITE, "/out/d/a", data=NEW),
                   Record(SYNCFS, "/out/d")]
        self.assertEqual({state.get("d/a") for _, done, state in seen(records) if done == 4}, {NEW})

    def test_a_link_gives_an_unnamed_file_its_name(self):
        unnamed = "/out/#17 (deleted)"
        records = [Record(TMPFILE, unnamed), Record(WRITE, unnamed, data=b"x"), Record(FSYNC, unnamed),
                   Record(LINK, unnamed, "/out/a"), Record(FSYNC, "/out")]
        self.assertEqual({state.get("a") for _, done, state in seen(records) if done == 5}, {b"x"})

    def test_a_file_whose_first_name_is_gone_is_still_written_to(self):
        records = [Record(CREATE, "/out/a", inode=5), Record(LINK, "/out/a", "/out/b"), Record(UNLINK, "/out/a"),
                   Record(WRITE, "/out/a (deleted)", data=b"x", inode=5), Record(FSYNC, "/out/a (deleted)", inode=5),
                   Record(FSYNC, "/out")]
        self.assertEqual([state for _, done, state in seen(records) if done == 6][0], {"b": b"x"})

    def test_a_later_sync_does_not_bring_an_older_entry_back(self):
        # a is made in d, moved away and replaced; syncing e settles the move, so the old entry of d cannot return.
        records = [Record(MKDIR, "/out/d"), Record(MKDIR, "/out/e"), Record(FSYNC, "/out"), Record(CREATE, "/out/d/a"),
                   Record(RENAME, "/out/d/a", "/out/e/a"), Record(FSYNC, "/out/e")]
        for _, done, state in seen(records):
            if done == 6:
                self.assertIn("e/a", state)
                self.assertNotIn("d/a", state)

    def test_every_prefix_comes_up(self):
        self.assertEqual({done for _, done, _ in seen(REPLACE, count=10)}, set(range(10)))

    def test_what_cannot_be_known_is_refused(self):
        with self.assertRaises(BadLog):
            seen([Record(MAP_SHARED, "/out/state.db")])
        with self.assertRaises(BadLog):
            seen([Record(CREATE, "/out/a")], without="state-file")
        with self.assertRaises(BadLog):
            seen([], without="no-such-site")

    def test_sites(self):
        sites = Sites()
        for is_folder, path, site in ((False, ".calque/staging/3/a.xml", "staged-file"), (False, "1962/a.xml", "output-file"),
                                      (True, ".calque/staging", "staging-folder"), (True, "", "output-folder"),
                                      (True, "1962", "output-folder"), (False, ".calque/state.db", "state-file"),
                                      (True, ".calque", "calque-folder"), (False, ".calque/state.db-new", "state-file"),
                                      (False, ".calque/runs/1/events.ndjson", "run-record")):
            self.assertEqual(sites.site_of(is_folder, path), site, path)


class Logs(unittest.TestCase):
    def test_reading_a_log(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(HEADER.pack(MAGIC, RENAME, 0, 9, 2, 3, 0, 17, 5, 4) + b"/a/bcDATA")
            file.flush()
            self.assertEqual(read_log(file.name), [Record(RENAME, "/a", "/bc", 5, b"DATA", 9, 17)])
            file.write(b"CQF1")
            file.flush()
            with self.assertRaises(BadLog):
                read_log(file.name)

    def test_a_state_is_written_as_it_is(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch) / "state"
            write_state({"a": b"1", "d": None, "d/b": b"2"}, folder)
            write_state({"d": None, "d/b": b"3"}, folder)
            self.assertEqual({str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()},
                             {"d/b": b"3"})

    def test_speed(self):
        # Forty documents of two files of 6 kB, as the quick form of the power-loss test makes them.
        records = [Record(MKDIR, "/out/.calque"), Record(MKDIR, "/out/.calque/staging"), Record(CREATE, "/out/.calque/state.db")]
        for k in range(40):
            for n in range(2):
                staged = f"/out/.calque/staging/{k}.{n}"
                records += [Record(CREATE, staged), Record(WRITE, staged, data=NEW[:6000]), Record(FSYNC, staged)]
            records += [Record(WRITE, "/out/.calque/state.db", offset=k * 200, data=b"i" * 200), Record(FSYNC, "/out/.calque/state.db")]
            records += [Record(RENAME, f"/out/.calque/staging/{k}.{n}", f"/out/{k}.{n}") for n in range(2)]
            records += [Record(FSYNC, "/out")]
        began = time.process_time()
        with tempfile.TemporaryDirectory(dir="/dev/shm") as scratch:
            for _, _, state in states(records, ROOT, None, 1000, 1):
                write_state(state, pathlib.Path(scratch) / "s")
        took = time.process_time() - began
        print(f"1,000 states of {len(records)} records in {took:.2f} s of one core")
        self.assertLess(took, 12)  # 5,000 in a minute


if __name__ == "__main__":
    unittest.main()
