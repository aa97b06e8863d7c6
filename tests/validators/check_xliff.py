#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads XLIFF 2 files with no code of Calque's: against the schema of the core, and against what the specification asks
beyond it: ids, references, codes of sources and targets, halves that match, segments that need no order.

usage: check_xliff.py FOLDER
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
MATCHES = "{urn:oasis:names:tc:xliff:matches:2.0}"
GLOSSARY = "{urn:oasis:names:tc:xliff:glossary:2.0}"
METADATA = "{urn:oasis:names:tc:xliff:metadata:2.0}"
ITS = "{http://www.w3.org/2005/11/its}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
HERE = pathlib.Path(__file__).resolve().parent
SCHEMAS = HERE.parents[1] / "build" / "validators" / "xliff"

NMTOKEN = re.compile(r"[\w.:·-]+")
SUB_TYPE = re.compile(r"[^\s:]+:[^\s:]+")
TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
OF_FORMAT = {"xlf:lb", "xlf:pb", "xlf:b", "xlf:i", "xlf:u"}
ISSUES = set("""terminology mistranslation omission untranslated addition duplication inconsistency grammar legal register
locale-specific-content locale-violation style characters misspelling typographical formatting inconsistent-entities numbers
markup pattern-problem whitespace internationalization length non-conformance uncategorized other""".split())


def problems_of(root):
    """Every breach of the specification in a file, as sentences."""
    found = []
    if root.tag != CORE + "xliff" or root.get("version") != "2.1":
        return [f"its root is {root.tag} of version {root.get('version')}"]
    for name in ("srcLang", "trgLang"):
        if name in root.attrib and not TAG.fullmatch(root.get(name)):
            found.append(f"{name} is {root.get(name)!r}")
    if root.find(f".//{CORE}target") is not None and "trgLang" not in root.attrib:
        found.append("there are targets, but no trgLang")
    unique(root.findall(CORE + "file"), "files", found)
    for file in root.findall(CORE + "file"):
        unique(file.iter(CORE + "unit"), "units", found)
        unique(file.iter(CORE + "group"), "groups", found)
        units = {unit.get("id") for unit in file.iter(CORE + "unit")}
        for unit in file.iter(CORE + "unit"):
            found += [f"unit {unit.get('id')}: {one}" for one in unit_problems(unit, units)]
        for meta in file.iter(METADATA + "metaGroup"):
            if len(meta) == 0:
                found.append("a metaGroup holds nothing")
        for holder in file.iter(METADATA + "metadata"):
            unique([one for one in holder.iter() if "id" in one.attrib], "metaGroups", found)
    return found


def unique(elements, what, found):
    seen = set()
    for element in elements:
        name = element.get("id")
        if name is None or not NMTOKEN.fullmatch(name):
            found.append(f"{what}: an id is {name!r}")
        elif name in seen:
            found.append(f"{what}: two have the id {name}")
        seen.add(name)


def unit_problems(unit, units):
    found = []
    if not unit.findall(CORE + "segment"):
        found.append("no segment")
    data = {one.get("id") for one in unit.findall(f"{CORE}originalData/{CORE}data")}
    unique(unit.findall(f"{CORE}originalData/{CORE}data"), "data", found)
    unique(unit.findall(f"{CORE}notes/{CORE}note"), "notes", found)
    unique(unit.iter(MATCHES + "match"), "matches", found)
    unique(unit.iter(GLOSSARY + "glossEntry"), "glossary entries", found)
    notes = {one.get("id") for one in unit.findall(f"{CORE}notes/{CORE}note")}
    parts = [part for part in unit if part.tag in (CORE + "segment", CORE + "ignorable")]
    for part in parts:
        if [child.tag for child in part] not in ([CORE + "source"], [CORE + "source", CORE + "target"]):
            found.append("a segment holds something else than a source and a target")
        if part.get("order"):
            found.append("a segment has an order, though none is changed")
        target = part.find(CORE + "target")
        if target is not None and target.get(SPACE) != part.find(CORE + "source").get(SPACE):
            found.append("source and target differ in xml:space")
        if part.get("subState") and (not part.get("state") or not SUB_TYPE.fullmatch(part.get("subState"))):
            found.append(f"subState {part.get('subState')!r} without a state")
        if part.get("state", "initial") not in ("initial", "translated", "reviewed", "final"):
            found.append(f"state {part.get('state')!r}")
    sides = {}
    for side in ("source", "target"):
        codes, ends = {}, []
        for part in parts:
            for content in part.findall(CORE + side):
                for code in content.iter():
                    if code is not content:
                        inline_problems(code, side, data, notes, units, codes, ends, found)
        for start in ends:
            if start not in codes:
                found.append(f"{side}: an end of {start}, which has no start before it")
        starts = sorted(name for name, (tag, _) in codes.items() if tag in ("sc", "sm"))
        if sorted(ends) != starts:
            found.append(f"{side}: starts {starts} have the ends {sorted(ends)}")
        sides[side] = codes
    # One space of names for segments, codes and markers.
    names = [part.get("id") for part in parts if part.get("id")] + list(sides["source"])
    if len(set(names)) != len(names):
        found.append("a segment has the id of a code")
    spans = {"pc", "sc"}
    for name, (tag, attributes) in sides["target"].items():
        other = sides["source"].get(name)
        if other is None:
            found.append(f"target: the code {name} is not in the source")
        elif (tag in spans) != (other[0] in spans) or attributes.get("type") != other[1].get("type"):
            found.append(f"target: the code {name} is another in the source")
    targets = set(names)
    for element in unit.iter():
        if element.tag in (MATCHES + "match", GLOSSARY + "glossEntry"):
            reference = element.get("ref", "")
            if not reference.startswith("#") or reference[1:] not in targets:
                found.append(f"{element.tag}: {reference!r} leads nowhere")
        if element.tag == MATCHES + "match":
            if element.find(CORE + "source") is None or element.find(CORE + "target") is None:
                found.append("a match without a source or a target")
            if not 0 <= float(element.get("similarity", "0")) <= 100:
                found.append(f"similarity {element.get('similarity')}")
        if element.tag == GLOSSARY + "glossEntry" and len(element) < 2:
            found.append("a glossary entry has neither a translation nor a definition")
    return found


def inline_problems(code, side, data, notes, units, codes, ends, found):
    if not code.tag.startswith(CORE):
        found.append(f"{side}: {code.tag} within text")
        return
    tag, kind, sub = code.tag[len(CORE):], code.get("type"), code.get("subType")
    if tag in ("ec", "em"):
        ends.append(code.get("startRef"))
        return
    if tag == "cp":
        if not re.fullmatch(r"[0-9A-F]{4,6}", code.get("hex", "")) or allowed(int(code.get("hex"), 16)):
            found.append(f"{side}: cp of {code.get('hex')}")
        return
    name = code.get("id")
    if name is None or not NMTOKEN.fullmatch(name) or name in codes:
        found.append(f"{side}: {tag} with the id {name!r}")
    codes[name] = (tag, code.attrib)
    if tag in ("mrk", "sm"):
        if kind == "comment" and ("value" in code.attrib) == ("ref" in code.attrib):
            found.append(f"{side}: a comment needs either a value or a reference")
        if kind == "comment" and code.get("ref", "#n=")[3:] not in notes and "value" not in code.attrib:
            found.append(f"{side}: the comment {code.get('ref')} leads to no note")
        if code.get(ITS + "locQualityIssueType", "other") not in ISSUES:
            found.append(f"{side}: issue type {code.get(ITS + 'locQualityIssueType')!r}")
        if not 0 <= float(code.get(ITS + "locQualityIssueSeverity", "0")) <= 100:
            found.append(f"{side}: severity {code.get(ITS + 'locQualityIssueSeverity')}")
        return
    if tag not in ("pc", "sc", "ph"):
        found.append(f"{side}: <{tag}> within text")
    for attribute in ("dataRef", "dataRefStart", "dataRefEnd"):
        if attribute in code.attrib and code.get(attribute) not in data:
            found.append(f"{side}: {attribute} {code.get(attribute)!r} leads to no data")
        if attribute in code.attrib and (attribute == "dataRef") != (tag in ("ph", "sc")):
            found.append(f"{side}: <{tag}> has {attribute}")
    if kind not in (None, "fmt", "ui", "quote", "link", "image", "other"):
        found.append(f"{side}: type {kind!r}")
    if sub is not None and (kind is None or not SUB_TYPE.fullmatch(sub)):
        found.append(f"{side}: subType {sub!r} of type {kind!r}")
    if sub is not None and sub.startswith("xlf:") and not (sub in OF_FORMAT and kind == "fmt"):
        found.append(f"{side}: subType {sub!r} of type {kind!r}")
    if code.get("canCopy", "yes") not in ("yes", "no"):
        found.append(f"{side}: canCopy {code.get('canCopy')!r}")
    if "copyOf" in code.attrib and (code.get("copyOf") not in codes or codes[code.get("copyOf")][1].get("canCopy") == "no"):
        found.append(f"{side}: a copy of {code.get('copyOf')!r}, which must not be copied")
    for flow in code.get("subFlows", "").split():
        if flow not in units:
            found.append(f"{side}: subFlows names {flow}, which is no unit")


def allowed(c):
    """Whether XML 1.0 can hold the character itself."""
    return c in (9, 10, 13) or 0x20 <= c < 0xD800 or 0xE000 <= c < 0xFFFE or 0x10000 <= c <= 0x10FFFF


def check_itself():
    """A checker that sees nothing wrong is not to be trusted."""
    good = ('<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en" trgLang="fr"><file id="f">'
            '<unit id="u"><originalData><data id="d">x</data></originalData><segment id="s"><source><pc id="1" dataRefStart="d">a</pc>'
            '<sc id="2" type="fmt" subType="xlf:b"/>b<ec startRef="2"/></source><target><pc id="1">c</pc></target></segment></unit></file></xliff>')
    if problems_of(tree.fromstring(good)):
        sys.exit(f"the checker refuses a good file: {problems_of(tree.fromstring(good))}")
    for old, new in [('id="2"', 'id="1"'), ('dataRefStart="d"', 'dataRefStart="e"'), ('<ec startRef="2"/>', ""),
                     ("<target><pc id=\"1\">", "<target><pc id=\"3\">"), (' trgLang="fr"', ""), ('subType="xlf:b"', 'subType="b"'),
                     ('segment id="s"', 'segment id="1"'), ('type="fmt"', 'type="bold"'), ("<target>", "<target xml:space=\"preserve\">")]:
        if not problems_of(tree.fromstring(good.replace(old, new))):
            sys.exit(f"the checker does not see that {old} became {new!r}")


def schema_problems(paths):
    """What the schema says. It is that of the core: modules pass it unread."""
    core = SCHEMAS / "xliff-core-2.0.xsd"
    if not core.exists():
        print(f"skipped: {core} is not there (tests/validators/install.sh), so files were not held against the schema")
        return []
    with tempfile.TemporaryDirectory() as folder:
        bad = pathlib.Path(folder) / "bad.xlf"
        bad.write_text(paths[0].read_text(encoding="utf-8").replace("<segment", "<sentence", 1).replace("</segment>", "</sentence>", 1),
                       encoding="utf-8")
        done = subprocess.run(["xmllint", "--nonet", "--huge", "--noout", "--schema", core, bad, *paths],
                              capture_output=True, text=True, timeout=120)
    lines = [line for line in done.stderr.splitlines() if not line.endswith(" validates")]
    if not any("bad.xlf" in line for line in lines):
        return ["the schema accepts a <sentence>: " + done.stderr[:300]]
    return [line for line in lines if "bad.xlf" not in line]


def main(folder):
    check_itself()
    paths = sorted(pathlib.Path(folder).rglob("*.xlf"))
    if not paths:
        sys.exit(f"{folder} has no .xlf files")
    found = schema_problems(paths)
    for path in paths:
        found += [f"{path}: {one}" for one in problems_of(tree.parse(path).getroot())]
    print("\n".join(found[:40]) or f"{len(paths)} XLIFF files are valid")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
