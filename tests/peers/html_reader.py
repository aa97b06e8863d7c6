# SPDX-License-Identifier: Apache-2.0
"""Reads an HTML page with Python's own parser, which shares no code with Calque."""
import html.parser
import re
import xml.etree.ElementTree as xml

from pages import pages

EMPTY = set("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split())
# What the start of an element ends, as far up as its limits.
ENDS = {"li": ({"li"}, {"ul", "ol", "menu", "dir"}), "dt": ({"dt", "dd"}, {"dl"}), "dd": ({"dt", "dd"}, {"dl"}),
        "option": ({"option"}, {"select"}), "tr": ({"tr", "td", "th"}, {"table"}), "td": ({"td", "th"}, {"tr", "table"}),
        "th": ({"td", "th"}, {"tr", "table"}), "tbody": ({"thead", "tbody", "tr"}, {"table"})}
PARAGRAPH_ENDS = set("address article aside blockquote center details div dl fieldset figcaption figure footer form h1 h2 "
                     "h3 h4 h5 h6 header hr main menu nav ol p pre section table ul".split())

# Files that say what is not so, and in which only one encoding makes text.
ENCODINGS = {"testArabicMisleadingCharset.html": "windows-1256"}


class builder(html.parser.HTMLParser):
    """A tree with the ends that HTML lets one leave out; what is closed and was never open is passed over."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = xml.Element("html")
        self.open = [self.root]

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in reversed(attributes)}
        if tag == "html":
            return self.root.attrib.update(attributes)
        if tag in PARAGRAPH_ENDS:
            self.end({"p"}, {"table", "td", "th", "button", "object"})
        if tag in ENDS:
            self.end(*ENDS[tag])
        element = xml.SubElement(self.open[-1], tag, attributes)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag in ("svg", "math") or any(e.tag in ("svg", "math") for e in self.open[:-1]):
            self.handle_endtag(tag)

    def end(self, tags, limits):
        for at in range(len(self.open) - 1, 0, -1):
            if self.open[at].tag in limits:
                return
            if self.open[at].tag in tags:
                del self.open[at:]
                return

    def handle_endtag(self, tag):
        if tag in ("body", "html"):
            return
        if any(e.tag == tag for e in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        element = self.open[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + data
        else:
            element.text = (element.text or "") + data


def decoded(path):
    data = path.read_bytes()
    if path.name in ENCODINGS:
        return data.decode(ENCODINGS[path.name])
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    found = re.search(rb"<\?xml[^>]*encoding=[\"']([\w-]+)|<meta[^>]*charset\s*=\s*[\"']?([\w-]+)", data[:4096], re.I)
    said = (found[1] or found[2]).decode() if found else "utf-8"
    for name in (said, "utf-8", "windows-1252"):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass
    return data.decode("latin-1")


def tree(text):
    # The parser of Python 3.11 does not know an end tag with words behind its name.
    text = re.sub(r"</(script|style)\s[^<>]*>", r"</\1>", text, flags=re.I)
    made = builder()
    made.feed(text)
    made.close()
    return made.root


def read(path):
    return pages([("", tree(decoded(path)))]).read()
