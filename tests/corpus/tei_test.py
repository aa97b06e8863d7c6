# SPDX-License-Identifier: Apache-2.0
"""Every TEI file of the corpus: words, notes, names, pages, headings, tables and links as ElementTree reads them; the
TEI that is made of it changes no more on a second trip; the FRUS volume passes the schema of its series; hostile XML
gets its verdict.

usage: tei_test.py CALQUE REPOSITORY
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from edition import corpus_or_skip

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, str(repository / "tests" / "peers"))
sys.path.insert(0, str(repository / "tests" / "validators"))
import calque_reader  # noqa: E402
import schematron  # noqa: E402
import tei_reader  # noqa: E402

corpus = corpus_or_skip(repository, "tei")
problems = []
# Well-formed XML that is no TEI document: a fragment of two elements, a list without a namespace.
REFUSED = {"tables.tei", "names-demo-en.xml"}
# Floating texts in verse lines and choices of one reading take a place that TEI has no element for; zones of a
# facsimile that stand alone gain a paragraph: each trip wraps them once more.
UNSTEADY = {"detest.xml", "testbasic.xml", "testplace.xml", "testtranscr.xml"}


def convert(source, form, target):
    return subprocess.run([calque, "convert", "--from", "tei", "--to", form, source, "-o", target],
                          capture_output=True, text=True, timeout=120)


def lasting(path):
    """A TEI file without the record of the file that it was made of."""
    return re.sub(r'<bibl type="file">.*?</bibl>', "", path.read_text(encoding="utf-8"))


def compare(name, want, have, places=("text", "notes", "other", "header"), things=None):
    """Letter by letter: where words are cut differs with the elements around them, their letters in a row do not."""
    for place in places:
        a, b = want.letters(place), have.letters(place)
        if a != b:
            at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            problems.append(f"{name}: {place}: {a[max(0, at - 20):at + 40]!r} became {b[max(0, at - 20):at + 40]!r}")
    for thing in things or {**want.counts, **have.counts}:
        if want.counts[thing] != have.counts[thing]:
            problems.append(f"{name}: {want.counts[thing]} {thing} became {have.counts[thing]}")


def try_file(source, folder):
    made = folder / "made.json"
    done = convert(source, "json", made)
    if source.name in REFUSED:
        if not re.search(r"error\[tei\.[a-z-]+\]", done.stderr):
            problems.append(f"{source.name}: no verdict: {done.stderr[:300]}")
        return
    parts = sorted(folder.glob("made*.json"))
    if done.returncode != 0 or not parts:
        problems.append(f"{source.name}: {done.stderr[:300]}")
        return
    compare(source.name, tei_reader.read(source), calque_reader.from_editions(parts, "tei"))
    trips = [source] + [folder / f"trip{k}.xml" for k in (1, 2, 3)]
    for before, after in zip(trips, trips[1:]):
        done = convert(before, "tei", after)
        if done.returncode != 0:
            problems.append(f"{source.name}: {after.stem}: {done.stderr[:300]}")
            return
        if len(parts) > 1:
            return
    if source.name not in UNSTEADY and lasting(trips[2]) != lasting(trips[3]):
        problems.append(f"{source.name}: a trip more changes its TEI")


def try_volume(folder):
    volume, schema = corpus / "frus" / "frus1961-63v06.xml", corpus / "frus" / "frus.rnc"
    whole = folder / "whole.xml"
    convert(volume, "frus_tei", whole)
    done = subprocess.run([calque, "run", repository / "configs" / "frus-volume.toml", volume, "-o", folder / "parts"],
                          capture_output=True, text=True, timeout=120)
    parts = sorted((folder / "parts").rglob("*.xml"))
    if len(parts) != 121:
        problems.append(f"the volume has {len(parts)} parts: {done.stderr[:300]}")
    compare("FRUS-TEI of the volume", tei_reader.read(volume), tei_reader.read(whole), ("text", "notes"),
            ("documents", "notes", "names", "pages", "headings", "tables", "cells"))
    if shutil.which("jing") is None:
        print("skipped: jing is not there, so FRUS-TEI was not validated")
        return
    checked = subprocess.run(["jing", "-c", schema, whole, *parts], capture_output=True, text=True, timeout=300)
    if "error" in checked.stdout:
        problems.append(f"FRUS-TEI is not valid: {checked.stdout[:600]}")
    try_rules(folder, corpus / "frus" / "frus.sch", whole, parts)


def try_rules(folder, rules, whole, parts):
    """The Schematron rules of the series, less what they ask of the Office of the Historian's services."""
    if not schematron.is_there():
        problems.append("Saxon is not there: install libsaxonhe-java")
        return
    sheet, judged = folder / "rules.xsl", folder / "judged"
    schematron.stylesheet(rules, sheet, without=("vol-ids", "available-images"))
    judged.mkdir()
    # A rule compares a volume's id with the name of its file.
    shutil.copy(whole, judged / "frus1961-63v06.xml")
    for part in parts:
        shutil.copy(part, judged / f"part-{part.name}")
    spoiled = whole.read_text().replace('rend="italic"', 'rend="slanted"', 1)
    (judged / "spoiled.xml").write_text(spoiled)
    found = schematron.failures(sheet, judged, folder / "judgements")
    # A part is a document and no volume: it has neither a volume's id nor its name.
    found = [one for one in found if not (one[0] != "frus1961-63v06.xml" and one[1] == "filename-id-check")]
    if not any("slanted" in one[3] for one in found):
        problems.append("the rules see no wrong value of rend: they judge nothing")
    problems.extend(f"FRUS rules: {' '.join(one)}" for one in found if one[0] != "spoiled.xml")


with tempfile.TemporaryDirectory() as name:
    tried = 0
    for source in sorted([*corpus.glob("*/*.xml"), *corpus.glob("*/*.tei"), *corpus.parent.glob("records/*/*.tei.xml")]):
        with tempfile.TemporaryDirectory(dir=name) as one:
            try_file(source, pathlib.Path(one))
        tried += 1
    try_volume(pathlib.Path(name))
    for source in sorted((corpus.parent / "hostile" / "xml").glob("*")):
        done = subprocess.run([calque, "convert", "--from", "tei", "--to", "json", source, "-o", pathlib.Path(name) / "h.json"],
                              capture_output=True, text=True, timeout=10)
        if done.returncode not in (0, 1) or "crashed" in done.stderr:
            problems.append(f"{source.name}: exit {done.returncode}: {done.stderr[:300]}")
if tried < 30:
    problems.append(f"only {tried} files were found")
print("\n".join(problems) or f"{tried} files: all right")
sys.exit(1 if problems else 0)
