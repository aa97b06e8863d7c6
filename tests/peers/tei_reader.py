# SPDX-License-Identifier: Apache-2.0
"""Reads a TEI file with ElementTree: text, notes, other readings and the header, each in the order of the file."""
import xml.etree.ElementTree as xml

from measure import reading
from pages import without_names

OTHER_READINGS = {"corr", "reg", "expan", "ex", "rdg"}
DIVISIONS = ("div", "attachment", "front", "body", "back", "text", "group")
# Elements within a word, or between words that are parted by blanks; all others end the word before them.
INLINE = set("abbr add addName affiliation am anchor app att c choice code corr damage date del distinct emph ex expan "
             "foreign forename formula fw g gap genName geogName gi gloss hi ident idno lem m measure mentioned name "
             "nameLink note num orgName orig pb pc persName placeName q quote rdg ref reg restore roleName rs s said seg "
             "sic soCalled space subst supplied surname surplus tag term time title unclear val w".split())


def name(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class source:
    def __init__(self):
        self.into = reading()
        self.into.streams.update(header=[], other=[])

    def walk(self, element, above, is_header):
        kind, into = name(element), self.into
        over = name(above) if above is not None else ""
        is_header = is_header or (kind == "teiHeader" and over in ("", "TEI", "teiCorpus", "TEI.2"))
        outer = into.here
        if is_header:
            into.here = "header"
        elif kind == "note" and element.get("place") != "inline":
            into.call(element, element.get("n", ""))
            into.begin_note(element)
        elif self.is_other(element, kind, above, over):
            into.here = "other"
        if not is_header:
            self.count(element, kind, over)
        is_word_end = kind not in INLINE or into.here != outer or (is_header and kind == "note")
        if is_word_end:
            into.part()
        into.put(element.text if kind else "")
        for child in element:
            self.walk(child, element, is_header)
            into.put(child.tail)
        if is_word_end:
            into.part()
        into.here = outer

    def is_other(self, element, kind, above, over):
        if kind == "figDesc" or (kind == "desc" and over in ("graphic", "media")):
            return True
        if over in ("choice", "app"):
            return element is not next((c for c in above if name(c) not in OTHER_READINGS), above[0])
        return False

    def count(self, element, kind, over):
        c = self.into.counts
        c["documents"] += kind == "div" and element.get("type") == "document"
        c["names"] += kind in ("persName", "placeName", "orgName", "roleName")
        c["pages"] += kind == "pb"
        c["headings"] += kind == "head" and (over.startswith("div") or over in DIVISIONS)
        c["tables"] += kind == "table"
        c["cells"] += kind == "cell" and over == "row"
        c["links"] += kind in ("ref", "ptr") and bool(element.get("target"))
        c["images"] += kind in ("graphic", "media")


def read(path):
    made = source()
    data = path.read_bytes()
    if b"<!DOCTYPE" in data[:1000]:
        # Names of characters are declared in files that are not here.
        data = without_names(data.decode("utf-8")).encode()
    made.walk(xml.fromstring(data), None, False)
    return made.into
