# SPDX-License-Identifier: Apache-2.0
"""Pandoc's trees through the document and back: pandoc reads what is written, and finds what it had.

Trees are made by pandoc itself from files of the corpus; the comparison is of pandoc's own native form. Known
differences are taken out of both sides, by name, before they are compared.

usage: pandoc_test.py CALQUE REPOSITORY
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from edition import corpus_or_skip

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
every = os.environ.get("CALQUE_EVERY_PANDOC_FILE") == "1"
corpus = corpus_or_skip(repository, "html").parent
if shutil.which("pandoc") is None:
    print("FAILED: pandoc is not installed; ./dev test installs it")
    sys.exit(1)

KINDS = {".html": "html", ".docx": "docx", ".md": "markdown", ".txt": "markdown", ".markdown": "markdown"}
# Some of each format in every run; all of them when asked.
SOME = {"html/pandoc": 3, "docx/pandoc": 14, "markdown/pandoc": 5, "odt/pandoc": 0}
files = []
for folder, count in SOME.items():
    found = sorted(f for f in (corpus / folder).glob("*") if f.suffix in KINDS) if (corpus / folder).is_dir() else []
    step = max(1, len(found) // count) if count else 1
    files += found if every else found[::step][:count]


def adjust(v):
    """Takes out what the document has in one form only: strings that follow each other are one text."""
    if isinstance(v, list):
        out = []
        for item in map(adjust, v):
            if item == {"t": "Str", "c": ""}:
                continue  # an empty word is no word
            if isinstance(item, dict) and item.get("t") == "Null":
                continue  # no block at all
            before = out[-1] if out else None
            if isinstance(item, dict) and item.get("t") == "Str" and isinstance(before, dict) and before.get("t") == "Str":
                before["c"] += item["c"]  # two words without a blank between them are one
            else:
                out.append(item)
        return out
    if isinstance(v, dict):
        if v.get("t") == "Str" and " " in v["c"]:
            return {"t": "Str", "c": v["c"].replace(" ", "\u2420")}
        return {key: adjust(value) for key, value in v.items()}
    return v


def spaced(v):
    """A blank within a word is a blank between words."""
    if isinstance(v, list):
        out = []
        for item in map(spaced, v):
            if isinstance(item, dict) and item.get("t") == "Str" and "\u2420" in item["c"]:
                for k, part in enumerate(item["c"].split("\u2420")):
                    out += [{"t": "Space"}] if k else []
                    out += [{"t": "Str", "c": part}] if part else []
            else:
                out.append(item)
        return out
    if isinstance(v, dict):
        return {key: spaced(value) for key, value in v.items()}
    return v


def drop_part_attributes(v):
    """Attributes of a head, body or foot of a table are said to be dropped."""
    if isinstance(v, list):
        return [drop_part_attributes(item) for item in v]
    if isinstance(v, dict):
        v = {key: drop_part_attributes(value) for key, value in v.items()}
        if v.get("t") == "Table":
            for part in [v["c"][3], v["c"][5], *v["c"][4]]:
                part[0] = ["", [], []]
        return v
    return v


def native(tree):
    run = subprocess.run(["pandoc", "-f", "json", "-t", "native"], input=json.dumps(tree), capture_output=True, text=True)
    if run.returncode != 0:
        raise ValueError(run.stderr.strip())
    return run.stdout


def convert(source, target, *more):
    run = subprocess.run([calque, "convert", str(source), "-o", str(target), "--from", "pandoc_json", "--to", "pandoc_json", *more],
                         capture_output=True, text=True)
    if run.returncode != 0:
        raise ValueError(run.stderr.strip()[:600])


problems, compared = [], 0
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    for file in files:
        made = subprocess.run(["pandoc", "-f", KINDS[file.suffix], "-t", "json", str(file)], capture_output=True)
        if made.returncode != 0:
            print(f"{file.name}: pandoc itself does not read it")
            continue
        first, second, third = folder / "1.json", folder / "2.json", folder / "3.json"
        first.write_bytes(made.stdout)
        try:
            convert(first, second)
            convert(second, third)
            clean = lambda path: native(spaced(adjust(drop_part_attributes(json.loads(path.read_text())))))
            if native(json.loads(second.read_text())) != native(json.loads(third.read_text())):
                problems.append(f"{file.name}: a second way through changes it")
            want, got = clean(first), clean(second)
            if want != got:
                at = next((k for k, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
                problems.append(f"{file.name}: ...{want[max(0, at - 200):at + 200]!r}\n  became ...{got[max(0, at - 200):at + 200]!r}")
        except ValueError as error:
            problems.append(f"{file.name}: {error}")
        compared += 1

    # The documents of the model's own page, which have every kind: pandoc reads what is written, the
    # document comes back with its text, and from then on nothing changes.
    pages = (repository / "docs/document-model.md").read_text().split("```dump\n")[1:]
    for number, page in enumerate(pages):
        dump = folder / f"{number}.cqdump"
        dump.write_text(page.split("```")[0])
        steps = [folder / f"{number}.{k}.json" for k in range(3)]
        run = lambda *words: subprocess.run([calque, "convert", *map(str, words)], capture_output=True, text=True, check=True)
        try:
            run(dump, "-o", steps[0], "--to", "pandoc_json")
            native(json.loads(steps[0].read_text()))
            convert(steps[0], steps[1])
            convert(steps[1], steps[2])
            before, after = (json.loads(run(f, *more, "--to", "json").stdout)["text"]
                             for f, more in ((dump, ()), (steps[0], ("--from", "pandoc_json"))))
            if sorted(before) != sorted(after):
                problems.append(f"model {number}: its text does not come back")
            if steps[1].read_bytes() != steps[2].read_bytes():
                problems.append(f"model {number}: a third way through changes it")
        except (ValueError, subprocess.CalledProcessError) as error:
            problems.append(f"model {number}: {error}")
    if len(pages) < 2:
        problems.append("the model's page shows no documents")

    # The comparison must see a word that is missing.
    if files and native(json.loads(first.read_text())) == native({**json.loads(first.read_text()), "blocks": []}):
        problems.append("the comparison sees no difference where all is gone")

print("\n".join(problems) or f"{compared} trees: all came back")
if compared < 15:
    problems.append(f"only {compared} trees were compared")
sys.exit(1 if problems else 0)
