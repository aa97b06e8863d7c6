# SPDX-License-Identifier: Apache-2.0
# Bad input: a clear error that says who, where, what and what next, and no file anywhere.
import os
import socket

from calque_cli import CliTest, MINUTES, PLAIN, as_nobody, main


class BadInput(CliTest):
    def refuse(self, name, code, *words, before=None):
        """Each verb that reads inputs says the same and leaves nothing."""
        pipe = self.folder / "plain.toml"
        if not pipe.exists():
            pipe = self.write("plain.toml", PLAIN)
        there = self.list()
        for args in (["run", pipe, name, "-o", "out"], ["run", MINUTES, name, "-o", "out2"], ["convert", name, "-o", "out.xml"],
                     ["preview", name, "-p", pipe, "--dump"]):
            done = self.calque(*args, code=code, before=before, timeout=60)
            self.assertSays(done, os.path.basename(str(name)), *words)
            self.assertIn("help: ", done.err)  # what next
            self.assertNotIn("terminate", done.err)
            self.assertEqual(self.list(), there)

    def test_missing(self):
        self.refuse("none.txt", 66, "input.missing")

    def test_folder(self):
        (self.folder / "in").mkdir()
        self.refuse("in", 66, "input.is-a-folder", "it is a folder")

    def test_pipe_without_writer(self):
        os.mkfifo(self.folder / "fifo")
        self.refuse("fifo", 66, "input.not-a-file", "named pipe")

    def test_socket_and_device(self):
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(str(self.folder / "sock"))
            self.refuse("sock", 66, "input.not-a-file", "socket")
        self.refuse("/dev/zero", 66, "input.not-a-file", "device")

    def test_no_permission(self):
        secret = self.write("secret.txt", "x")
        secret.chmod(0)
        self.folder.chmod(0o777)  # the output folder can be made
        self.refuse("secret.txt", 77, "input.permission", before=as_nobody)

    def test_no_bytes(self):
        self.write("empty.txt", b"")
        self.refuse("empty.txt", 1, "input.empty", "0 bytes")

    def test_binary(self):
        self.write("data.txt", bytes(range(256)) * 64)
        pipe = self.write("plain.toml", PLAIN)
        for args in (["run", pipe, "data.txt", "-o", "out"], ["run", MINUTES, "data.txt", "-o", "out"],
                     ["convert", "data.txt", "-o", "out.xml"]):
            done = self.calque(*args, code=1)
            self.assertSays(done, "data.txt", "error[", "help: ")
            self.assertEqual(self.list(), ["data.txt", "plain.toml"])

    def test_a_pdf_is_called_one(self):
        self.write("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n\0\0\0")
        done = self.calque("convert", "a.pdf", "-o", "a.html", code=1)
        self.assertSays(done, "input.unknown-format", "a PDF", "a.pdf")
        self.assertEqual(self.list(), ["a.pdf"])

    def test_not_utf8(self):
        # Text in another encoding is read or refused by name, never passed on broken.
        pipe = self.write("plain.toml", PLAIN)
        self.write("bad.txt", "Sehr geehrter Herr Präsident, ".encode("latin-1") * 20 + b"\x81\x8d\x8f\x90\x9d\xff\xfe")
        done = self.calque("run", pipe, "bad.txt", "-o", "out", code=None)
        self.assertIn(done.returncode, (0, 1))
        if done.returncode == 0:
            (self.folder / "out/bad.out.txt").read_bytes().decode("utf-8")
        else:
            self.assertSays(done, "bad.txt", "error[")
            self.assertEqual(self.list(), ["bad.txt", "plain.toml"])

    def test_blank(self):
        self.write("blank.txt", "\n\n   \n")
        done = self.calque("run", MINUTES, "blank.txt", "-o", "out", code=None)
        self.assertIn(done.returncode, (0, 1))
        if done.returncode == 1:
            self.assertSays(done, "blank.txt", "error[")
            self.assertEqual(self.list(self.folder / "out"), [])

    def test_names_that_want_to_rule_the_terminal(self):
        name = "a\x1b[31m\u202eb\nc.txt"
        done = self.calque("convert", name, "-o", "a.html", code=66)  # asserts: no escape in the talk
        self.assertNotIn("\u202e", done.err)


main()
