# SPDX-License-Identifier: Apache-2.0
# `calque preview`: dumps after each stage, and from a word to its bytes in the source.
import re

from calque_cli import CliTest, MINUTES, PLAIN, SAMPLE, main


class Preview(CliTest):
    def test_a_dump_after_each_stage(self):
        done = self.calque("preview", SAMPLE, "-p", MINUTES, "--dump")
        heads = re.findall(r"(?m)^==== (.*)$", done.out)
        self.assertEqual(heads, ["1/15 import record", "2/15 normalize unicode", "3/15 normalize whitespace",
                                 "4/15 normalize page_joins", "5/15 normalize speeches", "6/15 annotate editorial",
                                 "7/15 annotate cast", "8/15 annotate dates", "9/15 annotate language",
                                 "10/15 annotate segments", "11/15 export tei", "12/15 export html",
                                 "13/15 export markdown", "14/15 export text", "15/15 export json"])
        self.assertEqual(self.list(), [])

    def test_every_place_of_a_word_leads_to_its_bytes(self):
        source = SAMPLE.read_bytes()
        for word in ("Tarqan", "Вольская", "郝文礼", "was were", "harbour"):
            done = self.calque("preview", SAMPLE, "-p", MINUTES, "--at", word)
            places = re.findall(r"bytes (\d+)–(\d+), line (\d+), column (\d+)", done.out)
            self.assertEqual(len(places), source.count(word.encode()), done.out)
            for begin, end, line, column in places:
                self.assertEqual(source[int(begin):int(end)].decode(), word)
                self.assertEqual(source[:int(begin)].count(b"\n") + 1, int(line))
                before = source[source.rfind(b"\n", 0, int(begin)) + 1:int(begin)]
                self.assertEqual(len(before.decode()) + 1, int(column))

    def test_what_changed_a_place_is_said(self):
        pipe = self.write("p.toml", PLAIN.replace("[[stage]]\nexport", '[[stage]]\nnormalize = "unicode"\n[[stage]]\nexport'))
        text = self.write("a.txt", "Do\u0308rbiljin county\n")
        done = self.calque("preview", text, "-p", pipe, "--at", "D\u00f6rbiljin")
        self.assertIn("bytes 0–11, line 1, column 1", done.out)
        self.assertIn("changed by unicode", done.out)

    def test_a_word_that_is_not_there(self):
        self.assertSays(self.calque("preview", SAMPLE, "-p", MINUTES, "--at", "zebra"), "0 places")

    def test_trouble(self):
        self.assertSays(self.calque("preview", SAMPLE, "-p", MINUTES, code=2), "--dump", "--at")
        self.assertSays(self.calque("preview", "none.txt", "-p", MINUTES, "--dump", code=66), "none.txt")
        self.assertSays(self.calque("preview", SAMPLE, "-p", "none.toml", "--dump", code=66), "none.toml")


main()
