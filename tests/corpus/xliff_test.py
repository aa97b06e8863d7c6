# SPDX-License-Identifier: Apache-2.0
"""Every XLIFF file of the corpus is read or refused by name: its sources as ElementTree reads them, letter by letter, its
targets and notes; what is read is written as valid XLIFF 2.1 and read once more with the same words.

usage: xliff_test.py CALQUE REPOSITORY
"""
import json
import pathlib
import re
import shutil
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
        "bad_SegmentIdNotUnique.xlf": "xliff.duplicate-id", "bad_DataIdNotUnique.xlf": "xliff.duplicate-id"}
# Of 1.x: what holds code of the original format, and <sub>, which holds text within it.
NATIVE = {"bpt", "ept", "it", "ph"}


def letters(text):
    return "".join(c for c in text if c.isalnum())


def number(text):
    """A letter by its number; all that counts here is letters."""
    try:
        return letters(chr(int(text, 16)))
    except (ValueError, TypeError, OverflowError):
        return ""


def local(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "#"


def content(element, is_native=False):
    """The text of a source or a target: without native code, with what stands in <sub>."""
    name = local(element)
    is_native = (is_native or name in NATIVE) and name != "sub"
    own = element.text or "" if not is_native and name != "#" else ""
    if name == "cp":
        own = number(element.get("hex"))
    return own + "".join(content(child, is_native) + ("" if is_native else child.tail or "") for child in element)


def children(element, *names):
    return [child for child in element if local(child) in names]


def read(path):
    """Sources, targets and notes of the units, in order."""
    sources, targets, notes = [], [], []
    root = tree.parse(path).getroot()
    # Remarks on targets are said to be left out.
    on_targets = {id(one) for target in root.iter() if local(target) == "target" for one in target.iter()}
    for element in root.iter():
        name = local(element)
        if name == "trans-unit":
            sources += [content(one) for one in children(element, "source")[:1]]
            targets += [content(one) for one in children(element, "target")]
        if name in ("segment", "ignorable"):
            sources += [content(one) for one in children(element, "source")]
        if name == "segment":
            targets += [content(one) for one in children(element, "target")]
        if name in ("notes", "trans-unit", "bin-unit", "file", "header", "group", "body"):
            notes += ["".join(one.itertext()) for one in children(element, "note")]
        if name in ("mrk", "sm") and element.get("type") == "comment" and element.get("value") and id(element) not in on_targets:
            notes.append(element.get("value"))
    return sources, targets, notes


def run(folder, files, language):
    """All files through one run. Gives, by the file's name, what the run's log says of it."""
    folder.mkdir()
    for number, source in enumerate(files):
        shutil.copyfile(source, folder / f"{number:03}-{source.name}")
    (folder / "pipe.toml").write_text(f"""[pipeline]
name = "there-and-back"
[input]
files = ["*.xlf", "*.xliff", "*.xml"]
[loss]
default = "warn"
[[stage]]
id = "reader"
import = "xliff"
[[stage]]
export = "json"
to = "{{stem}}.json"
[[stage]]
export = "xliff"
with = {{ target_language = "{language}" }}
to = "{{stem}}.xlf"
""")
    done = subprocess.run([calque, "run", folder / "pipe.toml", "-o", folder / "out"], capture_output=True, text=True, timeout=300)
    said = {}
    for log in (folder / "out").glob(".calque/runs/*/events.ndjson"):
        for line in log.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["event"] == "input-finished":
                said[pathlib.Path(event["input"]).name] = event
    if len(said) != len(files):
        problems.append(f"{len(said)} of {len(files)} files were tried: {done.stderr[:300]}")
    return {source: said.get(f"{number:03}-{source.name}") for number, source in enumerate(files)}


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
                        fragment = re.sub(r"<cp hex=\"(\w*)\"/>", lambda m: number(m[1]), value["value"])
                        targets.append(tree.fromstring(f"<t>{fragment}</t>"))
    return letters("".join(main)), letters("".join("".join(one.itertext()) for one in targets)), letters("".join(notes))


def compare(source, edition):
    have = parts_of(edition)
    want = [letters("".join(part)) for part in read(source)]
    for what, a, b in zip(("sources", "targets", "notes"), want, have):
        # A unit's notes follow it, whatever order the file has.
        if a != b and not (what != "sources" and sorted(a) == sorted(b)):
            at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            problems.append(f"{source.name}: {what}: {a[max(0, at - 20):at + 40]!r} became {b[max(0, at - 20):at + 40]!r}")


def output(folder, event, suffix):
    return next(folder / "out" / one["path"] for one in event["files"] if one["path"].endswith(suffix))


def try_files(folder, files, language):
    written = {}
    for source, event in run(folder / "first", files, language).items():
        if event is None:
            continue
        codes = {one["code"] for one in event.get("diagnostics", [])}
        if source.name in REFUSED or source.parent.name == "xml":
            wanted = REFUSED.get(source.name)
            if event["status"] != "rejected" or not any(c.startswith("xliff.") and wanted in (None, c) for c in codes):
                problems.append(f"{source.name}: {event['status']}, and not refused as {wanted}: {codes}")
            continue
        if event["status"] not in ("ok", "ok-with-warnings"):
            problems.append(f"{source.name}: {event['status']}: {event.get('diagnostics')}")
            continue
        if source.name in SAID and SAID[source.name] not in codes:
            problems.append(f"{source.name}: {SAID[source.name]} was not said: {codes}")
        edition = json.loads(output(folder / "first", event, ".json").read_text(encoding="utf-8"))
        compare(source, edition)
        again = output(folder / "first", event, ".xlf")
        problems.extend(f"{source.name}: written: {one}" for one in check_xliff.problems_of(tree.parse(again).getroot())[:3])
        written[again] = (source, parts_of(edition)[0])
    for again, event in run(folder / "second", list(written), language).items():
        source, words = written[again]
        if event is None or event["status"] not in ("ok", "ok-with-warnings"):
            problems.append(f"{source.name}: what was written is not read: {event}")
        elif parts_of(json.loads(output(folder / "second", event, ".json").read_text(encoding="utf-8")))[0] != words:
            problems.append(f"{source.name}: the words change on the second trip")


def language_of(source):
    found = re.search(rb"(?:trgLang|target-language)\s*=\s*['\"]([A-Za-z]{2,})", source.read_bytes())
    return found[1].decode().lower()[:2] if found else "fr"


hostile = corpus.parent / "hostile"
every = sorted([*corpus.rglob("*.xlf"), *corpus.rglob("*.xliff"), *(hostile / "xliff").glob("*.xlf"), *(hostile / "xml").glob("*.xml")])
for language in sorted({language_of(source) for source in every}):
    with tempfile.TemporaryDirectory() as name:
        try_files(pathlib.Path(name), [source for source in every if language_of(source) == language], language)
if len(every) < 170:
    problems.append(f"only {len(every)} files were found")
print("\n".join(problems) or f"{len(every)} files: all right")
sys.exit(1 if problems else 0)
