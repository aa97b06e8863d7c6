# SPDX-License-Identifier: Apache-2.0
"""The one measure of all readers: words, how many are kept and added, whether they stand in order, and things by count."""
import collections
import re

THINGS = ("notes", "tables", "headings", "links", "images", "pages")
# Streams that are no notes; the last two are of TEI.
PLACES = ("text", "header", "other")
# Each character is a word where a script puts no blanks between words.
WORD = re.compile(r"[\u2e80-\uabff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]|(?:(?![\u2e80-\uabff\uf900-\ufaff])\w)+")


def words(text):
    return WORD.findall(text)


class reading:
    """What a reader took from a file: its text, its notes apart from it by where they are called, and how many of each thing.

    The sign that calls a note ("[1]") is read once, at the call: a note's own number and its link back are not. The
    number of a page is the page's, and no word.
    """

    def __init__(self):
        self.counts = collections.Counter()
        self.streams = {"text": []}   # what is read in line, and each note by its key
        self.calls = {"text": []}     # the notes that each of them calls, in order
        self.labels = {}
        self.here = "text"

    def put(self, text):
        self.streams[self.here].append(text or "")

    def part(self):
        """The end of a word: of a block, a line or a cell."""
        self.put(" ")

    def call(self, key, label):
        self.labels[key] = label
        self.calls[self.here].append(key)
        self.put(f" {label} ")

    def begin_note(self, key):
        """Gives what was being read, for `end_note`."""
        outer, self.here = self.here, key
        self.streams.setdefault(key, [])
        self.calls.setdefault(key, [])
        self.counts["notes"] += 1
        return outer

    def end_note(self, outer):
        self.here = outer

    def order(self):
        """The text, then the notes in the order in which they are called, then those that nothing calls."""
        order, known = ["text"], {"text"}
        for key in order:  # which grows
            for called in self.calls.get(key, []):
                if called not in known and called in self.streams:
                    known.add(called)
                    order.append(called)
        return order + [key for key in self.streams if key not in known]

    def words(self):
        found = []
        for key in self.order():
            own = words("".join(self.streams[key]))
            sign = words(self.labels.get(key, ""))
            found += own[len(sign):] if own[:len(sign)] == sign else own
        return found


    def letters(self, place):
        """All of a stream but its blanks: of the text, the header, other readings, or all notes together."""
        of_notes = [key for key in self.order() if key not in PLACES]
        keys = of_notes if place == "notes" else [place]
        return "".join("".join("".join(self.streams[key]).split()) for key in keys)


def common_length(a, b):
    """The length of the longest common subsequence: a bit for each place of `a`, a step for each word of `b`."""
    first = 0
    while first < min(len(a), len(b)) and a[first] == b[first]:
        first += 1
    last = 0
    while last < min(len(a), len(b)) - first and a[-1 - last] == b[-1 - last]:
        last += 1
    a, b = a[first:len(a) - last], b[first:len(b) - last]
    places = collections.defaultdict(list)
    for place, word in enumerate(a):
        places[word].append(place)
    masks = {}
    for word in set(b) & places.keys():
        bits = bytearray(len(a) // 8 + 1)
        for place in places[word]:
            bits[place // 8] |= 1 << place % 8
        masks[word] = int.from_bytes(bits, "little")
    whole = (1 << len(a)) - 1
    rows = whole
    for word in b:
        if mask := masks.get(word):
            both = rows & mask
            rows = (rows + both | rows - both) & whole
    return first + last + len(a) - rows.bit_count()


class score:
    """How one reading keeps another: `recall` and `precision` of words by their number, `order` of the wanted words."""

    def __init__(self, wanted, found):
        want, have = wanted.words(), found.words()
        both = sum((collections.Counter(want) & collections.Counter(have)).values())
        self.words = len(want)
        self.recall = both / len(want) if want else 1.0
        self.precision = both / len(have) if have else 1.0 if not want else 0.0
        self.order = common_length(want, have) / len(want) if want else 1.0
        # Of what the file does not have, no share can be kept.
        self.shares = {thing: min(found.counts[thing] / wanted.counts[thing], 1.0)
                       for thing in THINGS if wanted.counts[thing]}
        self.added = {thing: found.counts[thing] - wanted.counts[thing]
                      for thing in THINGS if found.counts[thing] > wanted.counts[thing]}
