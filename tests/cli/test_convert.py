# SPDX-License-Identifier: Apache-2.0
# `calque convert`: one file, no pipeline.
import json

from calque_cli import CliTest, SAMPLE, main


class Convert(CliTest):
    def test_the_output_is_chosen_by_its_extension(self):
        for suffix, mark in ((".xml", "<TEI"), (".html", "<!DOCTYPE html>"), (".md", "# "), (".txt", "Lin:")):
            out = self.folder / f"record{suffix}"
            done = self.calque("convert", SAMPLE, "-o", out)
            self.assertEqual(done.out, "")
            self.assertIn(mark, out.read_text())
        self.calque("convert", SAMPLE, "-o", "record.json")
        json.loads((self.folder / "record.json").read_text())
        self.assertEqual(len(self.list()), 5)

    def test_without_output_it_goes_to_stdout(self):
        plain = self.calque("convert", SAMPLE)
        self.assertIn("although some of the boats was were surely counted twice", plain.out)
        self.assertEqual(plain.out, self.calque("convert", SAMPLE, "-o", "-").out)
        json.loads(self.calque("convert", SAMPLE, "--to", "json").out)
        self.assertEqual(self.list(), [])

    def test_standard_input_is_read(self):
        done = self.calque("convert", "-", "--from", "text", stdin="Привет, 郝文礼.\n".encode())
        self.assertIn("Привет, 郝文礼.", done.out)

    def test_from_decides(self):
        done = self.calque("convert", SAMPLE, "--from", "text", "--to", "text")
        self.assertIn("Citation:", done.out)

    def test_unknown_formats_are_usage_errors_with_a_list(self):
        self.assertSays(self.calque("convert", SAMPLE, "-o", "a.docx", code=2), "convert.unknown-format", "*.docx", "html (.html)")
        self.assertSays(self.calque("convert", SAMPLE, "-o", "a", code=2), "no extension", "--to")
        self.assertSays(self.calque("convert", SAMPLE, "--to", "nothing", code=2), "nothing", "html")
        self.assertSays(self.calque("convert", SAMPLE, "--from", "nothing", code=2), "nothing", "record")
        self.assertEqual(self.list(), [])

    def test_the_input_is_never_overwritten(self):
        copy = self.write("a.txt", SAMPLE.read_bytes())
        done = self.calque("convert", copy, "-o", copy, "--to", "text", code=73)
        self.assertSays(done, "output.is-an-input")
        self.assertEqual(copy.read_bytes(), SAMPLE.read_bytes())
        self.assertEqual(self.list(), ["a.txt"])

    def test_two_records_in_one_file_are_two_outputs(self):
        record = SAMPLE.read_text()
        two = self.write("two.txt", record.strip() + "\n\n\n" + record.strip() + "\n")
        self.calque("convert", two, "--from", "record", "-o", "out.html")
        self.assertEqual(self.list(), ["out-1.html", "out-2.html", "two.txt"])

    def test_a_document_is_kept_and_gone_on_from(self):
        at_once = self.calque("convert", SAMPLE, "--to", "tei").out
        for suffix, start in ((".cqdoc", b"CALQDOC\x01"), (".cqdump", b"calque-dump 1\n")):
            kept = self.folder / f"kept{suffix}"
            self.calque("convert", SAMPLE, "-o", kept)
            self.assertTrue(kept.read_bytes().startswith(start))
            self.assertEqual(self.calque("convert", kept, "--to", "tei").out, at_once)
        # Each says all that the other does; the order of strings that nobody sees may differ.
        self.calque("convert", "kept.cqdoc", "-o", "again.cqdump")
        self.calque("convert", "kept.cqdump", "-o", "other.cqdoc")
        self.calque("convert", "other.cqdoc", "-o", "other.cqdump")
        self.calque("convert", "kept.cqdoc", "-o", "again.cqdoc")
        first = (self.folder / "kept.cqdump").read_bytes()
        self.assertEqual((self.folder / "again.cqdump").read_bytes(), first)
        self.assertEqual((self.folder / "other.cqdump").read_bytes(), first)
        self.assertEqual((self.folder / "again.cqdoc").read_bytes(), (self.folder / "kept.cqdoc").read_bytes())

    def test_a_kept_document_is_not_believed(self):
        self.calque("convert", SAMPLE, "-o", "kept.cqdoc")
        bytes_ = bytearray((self.folder / "kept.cqdoc").read_bytes())
        bytes_[len(bytes_) // 2] ^= 1
        self.write("damaged.cqdoc", bytes(bytes_))
        self.assertSays(self.calque("convert", "damaged.cqdoc", "--to", "text", code=1), "packed.digest", "damaged.cqdoc")
        self.write("cut.cqdoc", bytes(bytes_[:1000]))
        self.assertSays(self.calque("convert", "cut.cqdoc", "--to", "text", code=1), "packed.")
        self.write("bad.cqdump", b"calque-dump 1\nnonsense\n")
        self.assertSays(self.calque("convert", "bad.cqdump", "--to", "text", code=1), "dump.syntax")

    def test_parts_are_kept_one_by_one(self):
        record = SAMPLE.read_text()
        two = self.write("two.txt", record.strip() + "\n\n\n" + record.strip() + "\n")
        self.calque("convert", two, "--from", "record", "-o", "out.cqdoc")
        self.assertEqual(self.list(), ["out-1.cqdoc", "out-2.cqdoc", "two.txt"])


main()
