# SPDX-License-Identifier: Apache-2.0
"""Reads a TEI file with ElementTree and the JSON edition of it, and says as JSON how much of the one is in the other.

usage: tei_text.py FILE.xml EDITION.json

Shares are between 0 and 1: recall and precision of words, their order (1 when the words of text and notes are the same
ones in the same order), and of each thing how many the document has of those that the file has. Pandoc has no reader
of TEI to stand beside.
"""
import collections
import json
import sys
import xml.etree.ElementTree as xml

TEI = "{http://www.tei-c.org/ns/1.0}"
OTHER_READINGS = {"corr", "reg", "expan", "ex", "rdg"}
DIVISIONS = ("div", "attachment", "front", "body", "back", "text", "group")


def name(element):
    return element.tag.rpartition("}")[2]


class source:
    """Words of the main text, of notes, of other readings and of the header, each in the order of the file."""

    def __init__(self, path):
        self.words = {"text": [], "note": [], "other": [], "header": []}
        self.counts = collections.Counter()
        self.walk(xml.parse(path).getroot(), "text", None)

    def say(self, text, where):
        self.words[where] += (text or "").split()

    def walk(self, element, where, above):
        kind = name(element)
        if kind == "teiHeader" and where == "text" and (above is None or name(above) in ("TEI", "teiCorpus", "TEI.2")):
            where = "header"
        else:
            where = self.place(element, kind, where, above)
        if where != "header":
            self.count(element, kind, where, above)
        self.say(element.text, where)
        for child in element:
            self.walk(child, where, element)
            self.say(child.tail, where)

    def place(self, element, kind, where, above):
        over = name(above) if above is not None else ""
        if where == "header":
            return where
        if kind == "note" and element.get("place") != "inline":
            return "note"
        if kind == "figDesc" or (kind == "desc" and over in ("graphic", "media")):
            return "other"
        if over in ("choice", "app"):
            kept = next((c for c in above if name(c) not in OTHER_READINGS), above[0])
            return where if element is kept else "other"
        return where

    def count(self, element, kind, where, above):
        c = self.counts
        over = name(above) if above is not None else ""
        c["documents"] += kind == "div" and element.get("type") == "document"
        c["notes"] += kind == "note" and element.get("place") != "inline"
        c["names"] += kind in ("persName", "placeName", "orgName", "roleName")
        c["pages"] += kind == "pb"
        c["headings"] += kind == "head" and (over.startswith("div") or over in DIVISIONS)
        c["tables"] += kind == "table"
        c["cells"] += kind == "cell" and over == "row"
        c["links"] += kind in ("ref", "ptr") and bool(element.get("target"))
        c["images"] += kind in ("graphic", "media")


class edition:
    """The same of a JSON edition, by its nodes and layers alone."""

    def __init__(self, paths):
        self.words = {"text": [], "note": [], "other": [], "header": []}
        self.counts = collections.Counter()
        for path in paths:
            with open(path, encoding="utf-8") as file:
                self.read(json.load(file))

    def read(self, made):
        text = made["text"].encode()
        nodes = {node["id"]: node for node in made["nodes"]}
        children, called, place = collections.defaultdict(list), collections.defaultdict(list), {}
        for node in made["nodes"][1:]:
            anchor = node.get("attributes", {}).get("anchor")
            # An aside is read where it is called.
            (called[int(anchor)] if anchor else children[node["parent"]]).append(node)
        open_nodes = [(made["nodes"][0], "text")]
        while open_nodes:
            node, where = open_nodes.pop()
            attributes = node.get("attributes", {})
            if node["kind"] == "aside" and where != "header":
                where = {"field": "header", "note": "note"}.get(attributes["role"], "other")
            place[node["id"]] = where
            if node["kind"] in self.LEAVES:
                self.words[where] += text[node["begin"]:node["end"]].decode().split()
            if where != "header":
                self.count(node, attributes)
            open_nodes += [(child, where) for child in reversed(children[node["id"]] + called[node["id"]])]
        for layer in made["layers"]:
            for one in layer["annotations"]:
                on = nodes.get(one.get("node"))
                is_in_header = on is not None and place[on["id"]] == "header"
                self.counts["pages"] += layer["name"] == "calque.page/1"
                self.counts["names"] += (layer["name"] == "calque.name/1" and not is_in_header and on is not None
                                         and on.get("attributes", {}).get("tei.element", "").endswith("Name"))

    LEAVES = {"text", "line_break", "soft_break", "code", "math", "raw", "image", "anchor"}

    def count(self, node, attributes):
        c = self.counts
        kind = node["kind"]
        c["documents"] += kind == "division" and attributes.get("tei.type") == "document"
        c["notes"] += kind == "aside" and attributes["role"] in ("note", "comment")
        c["headings"] += kind in ("heading", "subtitle")
        c["tables"] += kind == "table"
        c["cells"] += kind == "cell"
        c["links"] += kind == "link"
        c["images"] += kind == "image"


def compare(path, editions):
    want, have = source(path), edition(editions)
    report = {"file": path}
    wanted, had = collections.Counter(), collections.Counter()
    is_same = True
    for where in want.words:
        wanted.update(want.words[where])
        had.update(have.words[where])
        # Where words are cut differs with the elements around them; their letters in a row do not.
        is_same = is_same and "".join(want.words[where]) == "".join(have.words[where])
        if "".join(want.words[where]) != "".join(have.words[where]):
            report.setdefault("differs", {})[where] = first_difference("".join(want.words[where]),
                                                                       "".join(have.words[where]))
    both = sum((wanted & had).values())
    report["words"] = sum(wanted.values())
    report["recall"] = 1 if is_same else round(both / max(1, sum(wanted.values())), 6)
    report["precision"] = 1 if is_same else round(both / max(1, sum(had.values())), 6)
    report["order"] = 1 if is_same else 0
    report["things"] = {thing: {"file": want.counts[thing], "document": have.counts[thing],
                                "share": round(have.counts[thing] / max(1, want.counts[thing]), 6)}
                        for thing in sorted({**want.counts, **have.counts})
                        if want.counts[thing] or have.counts[thing]}
    return report


def first_difference(a, b):
    at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return {"file": a[max(0, at - 20):at + 40], "document": b[max(0, at - 20):at + 40]}


if __name__ == "__main__":
    found = compare(sys.argv[1], sys.argv[2:])
    print(json.dumps(found, ensure_ascii=False, indent=1))
    is_whole = found["order"] == 1 and all(t["file"] == t["document"] for t in found["things"].values())
    sys.exit(0 if is_whole else 1)
