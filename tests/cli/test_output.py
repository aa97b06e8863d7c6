# SPDX-License-Identifier: Apache-2.0
# Outputs that cannot be written: exit code, message, and a folder that is as it was.
import os

from calque_cli import CliTest, MINUTES, PLAIN, SAMPLE, as_nobody, no_file_above, main


class BadOutput(CliTest):
    def setUp(self):
        super().setUp()
        self.pipe = self.write("plain.toml", PLAIN)
        self.write("a.txt", "Text.\n")

    def refuse(self, code, *words, before=None, who="a.txt"):
        there = self.list()
        contents = {name: (self.folder / name).read_bytes() for name in there if (self.folder / name).is_file()}
        done = self.calque("run", self.pipe, "a.txt", "-o", "out", code=code, before=before)
        self.assertSays(done, who, "help: ", *words)
        self.assertEqual(self.list(), there)
        for name, content in contents.items():
            self.assertEqual((self.folder / name).read_bytes(), content)

    def test_a_folder_stands_where_the_file_goes(self):
        (self.folder / "out/a.out.txt").mkdir(parents=True)
        self.refuse(73, "output.not-a-file")

    def test_a_file_stands_where_the_folder_goes(self):
        self.write("out", "x")
        self.refuse(73, "output.cannot-create", who="folder out")

    def test_no_permission(self):
        (self.folder / "out").mkdir()
        os.chmod(self.folder / "out", 0o555)
        self.refuse(77, "output.permission", before=as_nobody, who="folder out")

    def test_no_permission_to_make_the_folder(self):
        self.refuse(77, "output.permission", before=as_nobody, who="folder out")

    def test_a_full_disk(self):
        big = self.write("a.txt", "word " * 100_000)
        self.write("out/a.out.txt", "old")
        self.refuse(74, "output.disk-full", before=no_file_above(65536))
        self.assertEqual(big.stat().st_size, 500_000)

    def test_of_five_files_none_is_left_when_the_fourth_fails(self):
        stem = SAMPLE.stem
        (self.folder / f"out/{stem}.txt").mkdir(parents=True)
        self.write(f"out/{stem}.xml", "old")
        self.calque("run", MINUTES, SAMPLE, "-o", "out", code=73)
        self.assertEqual(self.list(self.folder / "out"), [f"{stem}.txt", f"{stem}.xml"])
        self.assertEqual((self.folder / f"out/{stem}.xml").read_text(), "old")

    def test_a_failing_rename_puts_back_what_was_there(self):
        # In a sticky folder nobody may replace root's file, and nothing tells before the rename itself.
        if os.geteuid() != 0:
            self.skipTest("needs root, to own a file that the program may not replace")
        out = self.folder / "out"
        out.mkdir()
        os.chmod(out, 0o1777)
        stem = SAMPLE.stem
        for suffix in ("xml", "html"):
            self.write(f"out/{stem}.{suffix}", f"old {suffix}")
        os.chown(out / f"{stem}.xml", 65534, 65534)  # the first may be replaced, the second not
        done = self.calque("run", MINUTES, SAMPLE, "-o", "out", code=77, before=as_nobody)
        self.assertSays(done, "output.permission")
        self.assertEqual(self.list(out), [f"{stem}.html", f"{stem}.xml"])
        for suffix in ("xml", "html"):
            self.assertEqual((out / f"{stem}.{suffix}").read_text(), f"old {suffix}")

    def test_links_are_not_followed(self):
        (self.folder / "elsewhere").mkdir()
        (self.folder / "out").mkdir()
        os.symlink("../elsewhere", self.folder / "out/sub")
        there = self.list()
        done = self.calque("run", self.pipe, "a.txt", "-o", "out", "--set", "stage.text.to=sub/{stem}.x", code=73)
        self.assertSays(done, "output.symlink")
        self.assertEqual(self.list(), there)

    def test_a_device_is_not_replaced(self):
        self.assertSays(self.calque("convert", "a.txt", "-o", "/dev/null", "--to", "text", code=73), "output.not-a-file", "-o -")
        self.assertTrue(os.path.exists("/dev/null"))

    def test_a_full_stdout(self):
        import subprocess
        from calque_cli import PROGRAM
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "convert", str(SAMPLE)], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 74)

    def test_a_closed_pipe(self):
        import subprocess
        from calque_cli import PROGRAM
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([PROGRAM, "convert", str(SAMPLE)], stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        self.assertEqual(done.returncode, 74)


main()
