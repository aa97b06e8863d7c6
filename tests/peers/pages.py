# SPDX-License-Identifier: Apache-2.0
"""Reads trees of HTML, of one page or of a whole book, with nothing but their elements: words, notes and things."""
import html
import posixpath
import re
import urllib.parse

from measure import reading

SILENT = {"head", "script", "style", "template", "iframe", "annotation", "annotation-xml", "metadata"}
# What is a word apart from what stands around it.
BLOCKS = set("address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
             "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html img input legend li listing "
             "main menu nav noframes noscript ol optgroup option p plaintext pre search section select summary table "
             "tbody td textarea tfoot th thead title tr ul xmp desc text tspan rt rp video audio object doctitle docauthor level "
             "level1 level2 level3 level4 level5 level6 list frontmatter bodymatter rearmatter annotation math "
             "mi mo mn mtext ms mtd mtr mfrac msub msup msubsup mrow image svg".split())
NOTE, NOTES = {"footnote", "endnote", "rearnote"}, {"footnotes", "endnotes", "rearnotes"}
UNSEEN = {"hidden", "password", "checkbox", "radio", "file", "color", "range", "image"}


def local(tag):
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""


def says(element):
    """What an element says of itself, in EPUB's words, ARIA's or pandoc's."""
    own = (element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or "").split()
    return set(own) | {role.removeprefix("doc-") for role in element.get("role", "").split()}


def without_names(text):
    """XML with the characters that HTML has names for, and without what is declared outside the file."""
    for outside in re.findall(r"<!ENTITY\s+(\w+)\s+(?:SYSTEM|PUBLIC)", text):
        text = text.replace(f"&{outside};", "")
    own = set(re.findall(r"<!ENTITY\s+(\w+)", text)) | {"amp", "lt", "gt", "quot", "apos"}
    return re.sub(r"&(\w+);", lambda m: m[0] if m[1] in own else html.unescape(m[0]), text)


def is_page(element):
    return "pagebreak" in says(element) or local(element.tag) == "pagenum"


def leads_elsewhere(element):
    """Links, and what a page shows from elsewhere."""
    tag = local(element.tag)
    if tag in ("video", "audio"):
        return element.get("src") is not None or any(child.get("src") for child in element)
    return element.get({"a": "href", "area": "href", "iframe": "src", "embed": "src", "frame": "src", "object": "data"}.get(
        tag, "")) is not None


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def is_sign(text):
    return 1 <= len(text) <= 8 and " " not in text


class pages:
    """The pages of a book, in order, as (path, tree)."""

    def __init__(self, trees):
        self.trees = trees
        self.path, self.parent, self.ids, self.order = {}, {}, {}, {}
        for path, root in trees:
            self.ids.setdefault((path, ""), root)
            for element in root.iter():
                self.path[element], self.order[element] = path, len(self.order)
                for child in element:
                    self.parent[child] = element
                for key in ("id", "{http://www.w3.org/XML/1998/namespace}id", "name"):
                    if element.get(key) and (key != "name" or local(element.tag) == "a"):
                        self.ids.setdefault((path, element.get(key)), element)
        self.called, self.notes, self.back = {}, set(), set()
        self.find_notes()

    def target(self, link):
        href = urllib.parse.unquote(link.get("href", "").strip())
        path, mark, name = href.partition("#")
        if not name or ":" in path:
            return None
        own = self.path[link]
        return self.ids.get((posixpath.normpath(posixpath.join(posixpath.dirname(own), path)) if path else own, name))

    def above(self, element):
        while element is not None:
            yield element
            element = self.parent.get(element)

    def note_at(self, target):
        """The note that a target is or is in, and whether it says so."""
        block = None
        for up, element in enumerate(self.above(target)):
            tag, kinds = local(element.tag), says(element)
            if up > 3 or tag == "body" or kinds & NOTES:
                break
            over = self.parent.get(element)
            if tag not in ("a", "img", "svg", "table") and (kinds & NOTE or (tag == "li" and over is not None and any(
                    says(e) & NOTES or "footnotes" in (e.get("class") or "").split() for e in list(self.above(over))[:3]))):
                return element, True
            if block is None and tag in BLOCKS:
                block = element
        if block is not None and local(block.tag) == "p":
            over = self.parent.get(block)
            if over is not None and over[0] is block and (local(over.tag) in ("li", "aside", "dd") or
                                                          "footnote" in (over.get("class") or "").split()):
                block = over
        if block is None or local(block.tag) not in ("p", "li", "div", "aside", "blockquote", "dd"):
            return None, False
        return block, False

    def leads_back(self, link, note):
        """Whether it leads to a link to the note, to what is around that in its line, or to an anchor right before it."""
        target = self.target(link)
        for call in self.links_to.get(note, []):
            for element in self.above(call):
                if local(element.tag) in BLOCKS:
                    break
                if element is target or self.is_right_before(target, element):
                    return True
        return False

    def is_right_before(self, anchor, element):
        if anchor is None or local(anchor.tag) != "a" or len(anchor) or (anchor.text or "").strip() or (anchor.tail or "").strip():
            return False
        over = self.parent.get(element)
        at = list(over).index(element) if over is not None else 0
        return at > 0 and over[at - 1] is anchor

    def find_notes(self):
        candidates = []
        self.links_to = {}
        for _, root in self.trees:
            for link in root.iter():
                if local(link.tag) != "a" or not link.get("href") or "backlink" in says(link):
                    continue
                target = self.target(link)
                if target is None or target in self.above(link):
                    continue
                note, is_said = self.note_at(target)
                if note is not None and note not in self.above(link) and link not in self.above(note):
                    candidates.append((link, target, note, is_said))
                    self.links_to.setdefault(note, []).append(link)
        for link, target, note, is_said in candidates:
            if note in self.notes:
                continue
            sign = text_of(link)
            returns = [a for a in note.iter() if local(a.tag) == "a" and a.get("href") and
                       ("backlink" in says(a) or (is_sign(text_of(a)) and self.leads_back(a, note)))]
            goes_on = self.order[link] < self.order[target]
            if "noteref" in says(link) or (is_sign(sign) and (is_said or (returns and goes_on))):
                self.called[link] = (note, sign)
                self.notes.add(note)
                self.back.update(returns)

    def read(self):
        self.into = reading()
        for _, root in self.trees:
            self.walk(next((e for e in root.iter() if local(e.tag) == "body"), root))
        return self.into

    def walk(self, element):
        tag, into = local(element.tag), self.into
        if not tag or tag in SILENT or element in self.back:
            return
        if tag == "title" and (element not in self.parent or local(self.parent[element].tag) == "html"):
            return  # of a page without a head
        if is_page(element):
            into.counts["pages"] += 1
            return
        if element in self.called:
            note, sign = self.called[element]
            into.call(note, sign)
            for picture in element.iter():
                if local(picture.tag) == "img":  # which stays before the note
                    self.walk(picture)
            return
        if tag in BLOCKS:
            into.part()
        outer = into.begin_note(element) if element in self.notes else None
        into.counts["tables"] += tag == "table"
        into.counts["headings"] += re.fullmatch("h[1-6]|doctitle", tag) is not None
        # In a book what is embedded is left out, and that is said.
        into.counts["links"] += leads_elsewhere(element) if not self.path[element] else tag in ("a", "area") and element.get("href") is not None
        into.counts["images"] += tag in ("img", "svg")
        if tag == "img":
            into.put(element.get("alt"))
        if tag == "input" and element.get("type", "text").lower() not in UNSEEN:
            into.put(element.get("value"))
        into.put(element.text)
        for child in element:
            self.walk(child)
            into.put(child.tail)
        if outer is not None:
            into.end_note(outer)
        if tag in BLOCKS:
            into.part()
