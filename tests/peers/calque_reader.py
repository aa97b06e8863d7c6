# SPDX-License-Identifier: Apache-2.0
"""What Calque makes of a file: `calque convert FILE -o x.json`, and the JSON edition by its nodes and layers alone."""
import collections
import html
import json
import pathlib
import re
import subprocess
import tempfile

from measure import reading
from tei_reader import INLINE

INLINES = set("emphasis strong underline strikeout superscript subscript small_caps quoted citation link span".split())
LEAVES = {"text", "line_break", "soft_break", "code", "math", "raw", "image", "anchor"}
COUNTED = {"heading": "headings", "subtitle": "headings", "table": "tables", "link": "links", "image": "images",
           "cell": "cells"}


class failed(Exception):
    """No edition was made; the message has what was said."""


class edition:
    """One JSON edition. In TEI other readings and alternative texts are apart, else they stand where they belong."""

    def __init__(self, data, into, key, is_tei):
        self.into, self.key, self.is_tei = into, key, is_tei
        self.text = data["text"].encode()
        self.nodes = {node["id"]: node for node in data["nodes"]}
        self.children, self.asides, self.place = collections.defaultdict(list), {}, {}
        for node in data["nodes"][1:]:
            if node["kind"] == "aside" and "anchor" in node.get("attributes", {}):
                self.asides[node["id"]] = node
            else:
                self.children[node["parent"]].append(node)
        self.walk(data["nodes"][0])
        for layer in data["layers"]:
            for one in layer["annotations"]:
                self.annotation(layer["name"], one)

    def walk(self, top):
        open_nodes = [(top, False)]
        while open_nodes:
            node, is_end = open_nodes.pop()
            if callable(node):
                node()
                continue
            if not is_end:
                open_nodes.append((node, True))
                open_nodes += reversed(self.begin(node))
            elif self.ends_word(node):
                self.into.part()

    def ends_word(self, node):
        kind = node["kind"]
        if kind.startswith("x.tei/"):
            return kind.removeprefix("x.tei/") not in INLINE
        if kind == "span" and "tei.element" in node.get("attributes", {}):
            return node["attributes"]["tei.element"] not in INLINE
        return kind not in INLINES and kind not in LEAVES

    def begin(self, node):
        """Reads what a node is; gives what comes after it, in order."""
        into, attributes, kind = self.into, node.get("attributes", {}), node["kind"]
        self.place[node["id"]] = into.here
        if into.here != "header":
            self.count(node, kind, attributes)
        if self.ends_word(node):
            into.part()
        after = [(child, False) for child in self.children[node["id"]]]
        if kind == "aside" and not attributes.get("anchor"):
            after = self.apart(node, attributes, after)
        if kind in LEAVES:
            self.leaf(node, kind)
        if called := self.asides.get(int(attributes.get("aside", -1))):
            after.append((called, False))
            own = called["attributes"]
            if own["role"] in ("note", "comment") and into.here != "header":
                into.call((self.key, called["id"]), own.get("label", ""))
        if kind == "aside" and attributes.get("anchor"):
            after = self.apart(node, attributes, after)
        return after

    def apart(self, node, attributes, below):
        """What stands in an aside goes to the stream of its own."""
        into, outer, role = self.into, self.into.here, attributes["role"]
        if outer == "header":
            return below
        if role == "field":
            into.here = "header"
        elif role in ("note", "comment"):
            into.begin_note((self.key, node["id"]))
        elif self.is_tei:
            into.here = "other"
        else:
            into.part()
        into.part()
        back = (lambda: setattr(into, "here", outer)) if into.here != outer else into.part
        return below + [(back, False)]

    def leaf(self, node, kind):
        text = self.text[node["begin"]:node["end"]].decode()
        if kind == "raw":
            text = html.unescape(re.sub(r"<annotation.*?</annotation[^>]*>|<[^>]*>", " ", text, flags=re.S))
        elif kind == "math":
            text = f" {text} "
        elif kind == "image" and not self.is_tei:
            text = " "
        self.into.put(text)

    def count(self, node, kind, attributes):
        c = self.into.counts
        if kind in COUNTED:
            c[COUNTED[kind]] += 1
        c["links"] += kind != "link" and "href" in attributes
        c["documents"] += kind == "division" and attributes.get("tei.type") == "document"

    def annotation(self, layer, one):
        on = self.nodes.get(one.get("node"))
        self.into.counts["pages"] += layer == "calque.page/1"
        self.into.counts["names"] += (layer == "calque.name/1" and on is not None and self.place[on["id"]] != "header"
                                      and on.get("attributes", {}).get("tei.element", "").endswith("Name"))


def from_editions(paths, form):
    into = reading()
    into.streams.update(header=[], other=[])
    for number, path in enumerate(paths):
        into.here = "text"
        edition(json.loads(pathlib.Path(path).read_bytes()), into, number, form == "tei")
    if form != "tei":  # fields are no words of a page
        into.streams["header"].clear()
    return into


def read(calque, path, form):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([calque, "convert", "--from", form, path, "-o", pathlib.Path(folder, "x.json")],
                              capture_output=True, text=True, timeout=300)
        made = sorted(pathlib.Path(folder).glob("x*.json"))
        if not made:
            raise failed(done.stderr.strip() or f"exit {done.returncode}")
        return from_editions(made, form)
