# SPDX-License-Identifier: Apache-2.0
"""How well versions are aligned: parallel texts, one side disturbed at random, and the links that are found again.

What is counted stands in align_measure.cpp.

usage: align_test.py ALIGN_MEASURE REPOSITORY [SEED...]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from edition import corpus_or_skip

measure, repository = sys.argv[1], pathlib.Path(sys.argv[2])
seeds = sys.argv[3:] or ["1", "2", "3", "4", "5", "6"]
corpus = corpus_or_skip(repository, "text/parallel").parent.parent
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def lines(path):
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def units(path, language):
    """Both sides of a TMX file."""
    pairs = []
    for unit in xml.parse(path).iter("tu"):
        text = {v.get(LANG): " ".join("".join(v.find("seg").itertext()).split()) for v in unit.iter("tuv")}
        pairs.append((text["en"], text[language]))
    return [list(side) for side in zip(*pairs)]


def joined(text, first, count):
    """The declaration's enacting words are divided into lines differently; here they are one line everywhere."""
    return text[:first] + [" ".join(text[first:first + count])] + text[first + count:]


parallel, declaration = corpus / "text/parallel", corpus / "text/udhr"
texts = {}
for language in ("zh-CN", "ru"):
    texts[f"ntrex 200 en-{language}"] = [lines(parallel / f"ntrex-0001-0200.{name}.txt") for name in ("en", language)]
    tmx = corpus / "tmx/ntrex" / f"ntrex-en-{language}-0001-0300.tmx"
    if tmx.exists():
        texts[f"ntrex 300 en-{language}"] = units(tmx, language)
    else:
        print(f"skipped: {tmx} is not there")
    if declaration.exists():
        english, other = lines(declaration / "udhr-en.txt"), lines(declaration / f"udhr-{language}.txt")
        texts[f"udhr en-{language}"] = [joined(english, 9, 3), joined(other, 9, 2) if language == "ru" else other]
    else:
        print(f"skipped: {declaration} is not there")

problems, sure, sure_right = [], 0, 0
with tempfile.TemporaryDirectory() as folder:
    for name, (source, target) in texts.items():
        assert len(source) == len(target), f"{name}: {len(source)} and {len(target)} lines"
        files = [pathlib.Path(folder, side) for side in ("source", "target")]
        for file, text in zip(files, (source, target)):
            file.write_text("\n".join(text) + "\n", encoding="utf-8")
        done = subprocess.run([measure, *files, *seeds], capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            problems.append(f"{name}: {done.stderr}")
            continue
        found = [json.loads(line) for line in done.stdout.splitlines()]
        mean = sum(f["f1"] for f in found) / len(found)
        sure += sum(f["sure"] for f in found)
        sure_right += sum(f["sure_right"] for f in found)
        print(f"{name}: F1 {mean:.4f}; " + ", ".join(f"seed {f['seed']} {f['f1']:.4f} ({f['ms']} ms)" for f in found))
        if mean < 0.95:
            problems.append(f"{name}: F1 is {mean:.4f}, less than 0.95")
print(f"of {sure} links with a score of 0.9 or more, {sure_right} are right ({sure_right / max(sure, 1):.4f})")
if sure_right < 0.985 * sure or sure == 0:
    problems.append("a score of 0.9 does not mean that a link is right nearly always")
for problem in problems:
    print("FAILED:", problem)
sys.exit(1 if problems else 0)
