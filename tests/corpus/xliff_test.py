# SPDX-License-Identifier: Apache-2.0
"""Every XLIFF file of the corpus is read or refused by name: its sources as ElementTree reads them, letter by letter, its
targets and notes; what is read is written as valid XLIFF 2.1 and read once more with the same words.

usage: xliff_test.py CALQUE REPOSITORY
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

from edition import corpus_or_skip

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, str(repository / "tests" / "validators"))
import check_xliff  # noqa: E402

corpus = corpus_or_skip(repository, "xliff")
problems = []
REFUSED = {"invalid_xml_entity.xlf": "xliff.not-well-formed", "deep-pc-3000.xlf": "xliff.too-deep"}
# Files whose faults must be said.
SAID = {"duplicate-unit-ids.xlf": "xliff.duplicate-id", "bad_NoFile.xlf": "xliff.no-source",
        "bad_SegmentIdNotUnique.xlf": "xliff.duplicate-id", "bad_DataIdNotUnique.xlf": "xliff.duplicate-id",
        "bad_InvalidId2.xlf": None}
# Of 1.x: what holds code of the original format, and <sub>, which holds text within it.
NATIVE = {"bpt", "ept", "it", "ph"}


def letters(text):
    return "".join(c for c in text if c.isalnum())


def local(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "#"


def content(element, is_native=False):
    """The text of a source or a target: without native code, with what stands in <sub>."""
    name = local(element)
    is_native = (is_native or name in NATIVE) and name != "sub"
    own = element.text or "" if not is_native and name != "#" else ""
    if name == "cp":
        own = chr(int(element.get("hex"), 16))
    return own + "".join(content(child, is_native) + ("" if is_native else child.tail or "") for child in element)


def children(element, *names):
    return [child for child in element if local(child) in names]


def read(path):
    """Sources, targets and notes of the units, in order."""
    sources, targets, notes = [], [], []
    for element in tree.parse(path).getroot().iter():
        name = local(element)
        if name == "trans-unit":
            sources += [content(one) for one in children(element, "source")[:1]]
            targets += [content(one) for one in children(element, "target")]
        if name in ("segment", "ignorable"):
            sources += [content(one) for one in children(element, "source")]
        if name == "segment":
            targets += [content(one) for one in children(element, "target")]
        if name in ("notes", "trans-unit", "file", "header", "group", "body"):
            notes += ["".join(one.itertext()) for one in children(element, "note")]
        if name in ("mrk", "sm") and element.get("type") == "comment" and element.get("value"):
            notes.append(element.get("value"))
    return sources, targets, notes


def convert(source, form, target):
    return subprocess.run([calque, "convert", "--from", "xliff", "--to", form, source, "-o", target],
                          capture_output=True, text=True, timeout=60)


def parts_of(edition):
    """Letters of the main flow, of targets, and of comments."""
    text, nodes = edition["text"].encode(), edition["nodes"]
    inside, main, notes = set(), [], []
    for node in nodes:
        if node["kind"] == "aside" or node.get("parent") in inside:
            inside.add(node["id"])
        if node["kind"] in ("text", "soft_break", "line_break", "code", "math", "raw"):
            words = text[node["begin"]:node["end"]].decode()
            (notes if node["parent"] in inside else main).append(words)
    targets = []
    for layer in edition["layers"]:
        if layer["name"] == "calque.translation/1":
            for annotation in layer["annotations"]:
                for value in annotation.get("values", []):
                    if value.get("key") == "text":
                        fragment = re.sub(r"<cp hex=\"(\w+)\"/>", lambda m: chr(int(m[1], 16)), value["value"])
                        targets.append(tree.fromstring(f"<t>{fragment}</t>"))
    return letters("".join(main)), letters("".join("".join(one.itertext()) for one in targets)), letters("".join(notes))


def try_file(source, folder):
    made = folder / "made.json"
    done = convert(source, "json", made)
    codes = set(re.findall(r"\[([a-z.-]+)\]", done.stderr))
    if source.name in REFUSED:
        if done.returncode != 1 or REFUSED[source.name] not in codes:
            problems.append(f"{source.name}: not refused as {REFUSED[source.name]}: {done.stderr[:300]}")
        return
    if done.returncode != 0 or not made.exists():
        problems.append(f"{source.name}: {done.stderr[:300]}")
        return
    if SAID.get(source.name) and SAID[source.name] not in codes:
        problems.append(f"{source.name}: {SAID[source.name]} was not said: {done.stderr[:300]}")
    want = [letters("".join(part)) for part in read(source)]
    have = parts_of(json.loads(made.read_text(encoding="utf-8")))
    for what, a, b in zip(("sources", "targets", "notes"), want, have):
        if a != b and not (what != "sources" and sorted(a) == sorted(b)):
            at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            problems.append(f"{source.name}: {what}: {a[max(0, at - 20):at + 40]!r} became {b[max(0, at - 20):at + 40]!r}")
    try_again(source, folder, have[0])


def try_again(source, folder, words):
    """Written anew, it is valid, and has the same words."""
    pipe = folder / "again.toml"
    pipe.write_text('[pipeline]\nname = "again"\n[loss]\ndefault = "warn"\n[[stage]]\nid = "reader"\nimport = "xliff"\n[[stage]]\nexport = "xliff"\n'
                    'with = { target_language = "fr" }\nto = "again.xlf"\n[output]\nfolder = "out"\n')
    done = subprocess.run([calque, "run", pipe, source, "-o", folder / "out"], capture_output=True, text=True, timeout=60)
    again = folder / "out" / "again.xlf"
    if done.returncode != 0 or not again.exists():
        problems.append(f"{source.name}: not written: {done.stderr[:300]}")
        return
    problems.extend(f"{source.name}: written: {one}" for one in check_xliff.problems_of(tree.parse(again).getroot())[:3])
    convert(again, "json", folder / "reread.json")
    reread = parts_of(json.loads((folder / "reread.json").read_text(encoding="utf-8")))[0]
    if reread != words:
        problems.append(f"{source.name}: the words change on the second trip")


tried = 0
hostile = corpus.parent / "hostile"
for source in sorted([*corpus.rglob("*.xlf"), *corpus.rglob("*.xliff"), *(hostile / "xliff").glob("*.xlf")]):
    with tempfile.TemporaryDirectory() as name:
        try_file(source, pathlib.Path(name))
    tried += 1
with tempfile.TemporaryDirectory() as name:
    for source in sorted((hostile / "xml").glob("*")):
        done = subprocess.run([calque, "convert", "--from", "xliff", "--to", "json", source, "-o", pathlib.Path(name) / "h.json"],
                              capture_output=True, text=True, timeout=20)
        if done.returncode != 1 or "error[xliff." not in done.stderr:
            problems.append(f"{source.name}: exit {done.returncode}: {done.stderr[:300]}")
if tried < 150:
    problems.append(f"only {tried} files were found")
print("\n".join(problems) or f"{tried} files: all right")
sys.exit(1 if problems else 0)
