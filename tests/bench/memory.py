# SPDX-License-Identifier: Apache-2.0
# memory.py BUILD [COUNT] [SEED]: a translation memory of a million units: the time and memory of its import, look-ups a
# second, and how many of the matches that brute force finds. Half of the queries are real sentences that the memory
# does not hold, half are sentences of it with some words changed. The real text is the corpus', where it is there.
import itertools
import json
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT / "../shared/corpus"
QUERIES = 1000


def real_sentences():
    found = []
    for file in sorted([*(CORPUS / "tmx/ntrex").glob("*.tmx"), *(CORPUS / "bench/tmx").glob("*.tmx")]):
        found += [tuv.findtext("seg") for tuv in ET.parse(file).iter("tuv")
                  if tuv.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"]
    for file in sorted((CORPUS / "bench/frus").glob("*.xml")):
        words = " ".join(re.sub(r"<[^>]*>", " ", file.read_text(encoding="utf-8")).split())
        found += [s for s in re.split(r"(?<=[a-z0-9][.?!]) (?=[A-Z])", words) if 3 <= len(s.split()) <= 60 and "&" not in s]
    if not found:
        print("the corpus is not there: all sentences are made up")
        found = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))]
        found = [" ".join(s.split()) for text in found for s in re.split(r"[.?!]\s", text) if 3 <= len(s.split()) <= 60]
    return sorted(set(found))


class Maker:
    """Sentences that go on as the real ones do, word for word, so that frequent words are frequent."""

    def __init__(self, sentences, chance):
        self.sentences, self.chance = sentences, chance
        self.after = {}
        self.words = []
        for sentence in sentences:
            words = sentence.split()
            self.words += words
            for one, next_one in itertools.pairwise(["", *words, ""]):
                self.after.setdefault(one, []).append(next_one)

    def new(self):
        words, word = [], self.chance.choice(self.after[""])
        while word and len(words) < 50:
            words.append(word)
            word = self.chance.choice(self.after[word])
        return " ".join(words)

    def changed(self, sentence, most=0.4):
        words = sentence.split()
        for _ in range(self.chance.randint(1, max(1, int(len(words) * most)))):
            at, how = self.chance.randrange(len(words) + 1), self.chance.random()
            if how < 0.3:
                words.insert(at, self.chance.choice(self.words))
            elif at < len(words) and how < 0.7:
                words[at] = self.chance.choice(self.words)
            elif at < len(words) and len(words) > 2:
                del words[at]
        return " ".join(words)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    real = real_sentences()
    chance.shuffle(real)
    held_out, real = real[:QUERIES // 2], real[QUERIES // 2:]
    maker = Maker(real, chance)
    with tempfile.TemporaryDirectory(dir=build, prefix="bench-") as name:
        folder = pathlib.Path(name)
        sample = []
        with open(folder / "units.tmx", "w", encoding="utf-8") as out:
            out.write('<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4"><header creationtool="bench" creationtoolversion="1" '
                      'segtype="sentence" o-tmf="none" adminlang="en" srclang="en" datatype="plaintext"/><body>\n')
            for k in range(count):
                source = real[k] if k < len(real) else maker.changed(chance.choice(real)) if k % 3 == 0 else maker.new()
                if k % (count // (QUERIES // 2)) == 0 and len(sample) < QUERIES // 2:
                    sample.append(source)
                # As long as a translation is, and another for each.
                out.write(f'<tu tuid="{k}"><tuv xml:lang="en"><seg>{escape(source)}</seg></tuv>'
                          f'<tuv xml:lang="ru" creationdate="20260101T000000Z"><seg>{k} {escape(source[::-1])}</seg></tuv></tu>\n')
            out.write("</body></tmx>\n")
        queries = held_out + [maker.changed(sentence, 0.3) for sentence in sample]
        (folder / "queries.txt").write_text("\n".join(queries) + "\n", encoding="utf-8")
        begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([build / "bin/calque", "memory", "import", folder / "units.tmx", "--into", folder / "m.memory", "-q"], check=True)
        importing = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak, work = after.ru_maxrss // 1024, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        sizes = [(folder / file).stat().st_size >> 20 for file in ("units.tmx", "m.memory")]
        done = subprocess.run([build / "bin/memory_bench", folder / "m.memory", folder / "queries.txt"], check=True, capture_output=True, text=True)
        r = json.loads(done.stdout)
        print(f"{count:,} units of {len(real):,} real sentences, their changes and made ones: {sizes[0]} MiB of TMX, {sizes[1]} MiB of memory")
        print(f"import: {importing:.1f} s (aim 90), {work:.1f} s of them the processor's, {peak} MiB at most")
        print(f"index: {r['building']:.1f} s of the processor, {r['memory']} MiB at most")
        print(f"look-ups: {r['queries'] / r['looking']:,.0f} a second of the processor (aim 1,000); the slowest {r['slowest'] * 1000:.1f} ms; "
              f"{r['answered']} of {r['queries']} found something")
        print(f"matches of brute force ({r['brute']:.0f} s): {r['expected']:,}, found {r['kept'] / max(r['expected'], 1):.2%} (aim 98 %)")
        assert r["kept"] >= 0.98 * r["expected"], "matches are missed"


main()
