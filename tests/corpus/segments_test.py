# SPDX-License-Identifier: Apache-2.0
"""Sentences of real text by the built-in rules and by files of SRX, and every file of rules read or refused by name.

Parallel text of news has a sentence a line; its lines are joined to paragraphs, and the ends of sentences are compared
with the ends of lines. Where a translator made several sentences of one, that is said below.

usage: segments_test.py CALQUE REPOSITORY
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
corpus = pathlib.Path(os.environ.get("CALQUE_CORPUS", repository.parent / "shared" / "corpus"))
LANGUAGETOOL = "srx/languagetool/segment.srx"

# Where a line holds two sentences: its number, and the first word of the second. Found by reading.
FURTHER = {
    "ru": {14: "Напомним", 29: "«Рано", 39: "18", 47: "Вместе", 60: "Для", 68: "Это", 75: "Это", 143: "Матч", 147: "Землетрясение",
           150: "Ведется", 151: "По", 154: "Просьба", 180: "Об", 195: "Как"},
    "zh-CN": {35: "他领导了", 75: "如今", 104: "周六"},
}
# Language, rules, and the least precision and recall. LanguageTool's Russian rules know «св.» and «англ.», but neither
# «Св.» nor what a name in Latin letters follows; its Chinese has no rules at all, so that each paragraph stays whole.
EXPECTED = [
    ("en", None, 0.97, 0.97), ("ru", None, 0.97, 0.97), ("zh-CN", None, 0.97, 0.97),
    ("en", LANGUAGETOOL, 0.97, 0.97), ("ru", LANGUAGETOOL, 0.92, 0.97), ("zh-CN", LANGUAGETOOL, None, None),
]
# What is refused, and why; any other file is read.
REFUSED = {
    "srx/loomchild/invalid.srx": 'invalid.srx:2: its version is ""',
    "srx/okapi/alternate-default.srx": 'alternate-default.srx:3831: rule Default#2, <afterbreak>: "<0}" is no regular expression',
    "hostile/srx/bad-regex.srx": 'bad-regex.srx:2: rule d#1, <beforebreak>: "([unclosed" is no regular expression',
    "hostile/srx/redos.srx": "redos.srx:2: rule d#1 (for en) takes more than",
}
# Sentences of LETTER by each file that is read.
LETTER = "Mr. Lin came at 5. He left? See p. 3, etc. and all. 你好。我来了！走"
STOPS = re.compile(r"""[.?!…。！？]["'”’»)\]]*$""")

problems = []


def squeezed(text):
    return "".join(text.split())


def segmented(paragraphs, language, rules):
    """The sentences and their rules, or what the program said against it."""
    options = f'language = "{language}"' + (f", rules = '{rules}'" if rules else "")
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        folder.joinpath("in.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
        folder.joinpath("p.toml").write_text(
            f'[pipeline]\nname = "segments"\n[[stage]]\nimport = "text"\n[[stage]]\nannotate = "segments"\nwith = {{ {options} }}\n'
            '[[stage]]\nexport = "json"\nto = "out.json"\n[loss]\ndefault = "warn"\n', encoding="utf-8")
        done = subprocess.run([calque, "run", folder / "p.toml", folder / "in.txt", "-o", folder / "out", "--in-process"],
                              capture_output=True, text=True, timeout=120)
        made = folder / "out" / "out.json"
        if not made.exists():
            return None, " ".join((done.stdout + done.stderr).split())
        edition = json.loads(made.read_text(encoding="utf-8"))
    text = edition["text"].encode()
    return [(text[a["begin"]:a["end"]].decode(), next(v["value"] for v in a["values"] if v["key"] == "rule"))
            for layer in edition["layers"] if layer["name"] == "calque.segment/1" for a in layer["annotations"]], ""


def ends(parts):
    """Where each part ends, in characters that are no blanks, and the part."""
    found, count = {}, 0
    for part in parts:
        count += len(squeezed(part))
        found[count] = part
    return found


def paragraphs_of(lines):
    """Ten lines each; a line without a stop at its end is a headline, and has a paragraph of its own."""
    found = [[]]
    for line in lines:
        if not STOPS.search(line):
            found += [[line], []]
        elif len(found[-1]) == 10:
            found.append([line])
        else:
            found[-1].append(line)
    return [p for p in found if p]


def sentences_of(line, word):
    """The two sentences of a line whose second begins with the word."""
    at = re.search(rf"[.。][»”]?\s*(?={re.escape(word)})", line).end()
    return [line[:at].strip(), line[at:]]


def compare(language, rules, precision, recall):
    path = corpus / "text" / "parallel" / f"ntrex-0001-0200.{language}.txt"
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    paragraphs = paragraphs_of(lines)
    joined = [("" if language.startswith("zh") else " ").join(p) for p in paragraphs]
    further = FURTHER.get(language, {})
    expected = ends([s for number, line in enumerate(lines, 1)
                     for s in (sentences_of(line, further[number]) if number in further else [line])])
    found, said = segmented(joined, language, corpus / rules if rules else None)
    called = f"{path.name} by {rules or 'the built-in rules'}"
    if found is None:
        problems.append(f"{called}: {said}")
        return
    found = ends([s for s, _ in found])
    blocks = set(ends(joined))
    right, ours = set(expected) - blocks, set(found) - blocks
    if precision is None:
        print(f"{called}: no rules, {len(ours)} ends within paragraphs")
        if ours:
            problems.append(f"{called}: {len(ours)} ends where the file has no rules")
        return
    both = len(right & ours)
    measured = both / max(1, len(ours)), both / max(1, len(right))
    print(f"{called}: precision {measured[0]:.3f}, recall {measured[1]:.3f} ({len(right)} ends of sentences, {len(ours)} found)")
    if measured[0] < precision or measured[1] < recall:
        wrong = [f"  too many: …{found[k][-60:]}" for k in sorted(ours - right)[:12]]
        wrong += [f"  missed: …{expected[k][-60:]}" for k in sorted(right - ours)[:12]]
        problems.append("\n".join([f"{called}: less than {precision} and {recall}", *wrong]))


def read_or_refused():
    redos = corpus / "hostile" / "srx" / "redos-input.txt"
    for path in sorted([*(corpus / "srx").rglob("*.srx"), *(corpus / "hostile" / "srx").glob("*.srx")]):
        name = path.relative_to(corpus).as_posix()
        text = [redos.read_text(encoding="utf-8").strip()] if name.startswith("hostile") else [LETTER]
        found, said = segmented(text, "en", path)
        if name in REFUSED:
            print(f"{name}: refused")
            if found is not None or squeezed(REFUSED[name]) not in squeezed(said):
                problems.append(f"{name}: not refused for its reason\n  {REFUSED[name]}\n  {said or found}")
        elif found is None:
            problems.append(f"{name}: {said}")
        else:
            print(f"{name}: {len(found)} sentences, by {' '.join(dict.fromkeys(rule for _, rule in found))}")
            if squeezed("".join(s for s, _ in found)) != squeezed("".join(text)):
                problems.append(f"{name}: its sentences are not the text: {found}")


if not (corpus / "srx").exists() or not (corpus / "text" / "parallel").exists():
    print(f"skipped: {corpus} has no srx or no text/parallel, so no real rules and no real text were tried")
    sys.exit(77)
for what in EXPECTED:
    compare(*what)
read_or_refused()
print("\n".join(problems) or "all right")
sys.exit(1 if problems else 0)
