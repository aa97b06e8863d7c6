# SPDX-License-Identifier: Apache-2.0
"""The measure itself: its longest common subsequence beside the plain one, and what a loss, an addition and a move do to it."""
import random
import unittest

from measure import common_length, reading, score, words


def plain_common_length(a, b):
    row = [0] * (len(b) + 1)
    for one in a:
        above = 0
        for k, other in enumerate(b):
            above, row[k + 1] = row[k + 1], above + 1 if one == other else max(row[k], row[k + 1])
    return row[-1]


def read(text, notes=(), **counts):
    made = reading()
    made.put(text)
    for key, label, note in notes:
        made.call(key, label)
        outer = made.begin_note(key)
        made.put(note)
        made.end_note(outer)
    made.counts.update(counts)
    return made


class measure(unittest.TestCase):
    def test_common_length_is_that_of_the_plain_way(self):
        chance = random.Random(1)
        for _ in range(500):
            a = [chance.choice("abcde") for _ in range(chance.randrange(40))]
            b = [chance.choice("abcde") for _ in range(chance.randrange(40))]
            self.assertEqual(common_length(a, b), plain_common_length(a, b))

    def test_each_character_of_chinese_is_a_word(self):
        self.assertEqual(words("the 道德經 of\u00a0Laozi's"), ["the", "道", "德", "經", "of", "Laozi", "s"])

    def test_a_lost_word_costs_recall_an_added_one_precision(self):
        lost = score(read("one two three four"), read("one two three"))
        self.assertEqual((lost.recall, lost.precision, lost.order), (0.75, 1, 0.75))
        added = score(read("one two three"), read("one two two three"))
        self.assertEqual((added.recall, added.precision, added.order), (1, 0.75, 1))

    def test_a_moved_word_costs_order_alone(self):
        moved = score(read("one two three four"), read("two three four one"))
        self.assertEqual((moved.recall, moved.precision, moved.order), (1, 1, 0.75))

    def test_notes_are_read_behind_the_text_in_the_order_of_their_calls(self):
        made = read("text", [("b", "1", "1 second"), ("a", "2", "first")])
        self.assertEqual(made.words(), ["text", "1", "2", "second", "first"])

    def test_shares_are_of_what_the_file_has(self):
        kept = score(read("x", tables=4, links=1), read("x", tables=3, headings=2, links=5))
        self.assertEqual((kept.shares, kept.added), ({"tables": 0.75, "links": 1}, {"headings": 2, "links": 4}))


if __name__ == "__main__":
    unittest.main()
