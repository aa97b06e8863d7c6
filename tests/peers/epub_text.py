# SPDX-License-Identifier: Apache-2.0
"""Books beside an independent reader of their raw files: words, their order, notes, tables, headings, links. pandoc too.

usage: epub_text.py CALQUE REPOSITORY [--pandoc] [BOOK…]

Without books: all of the corpus; exit 1 when one of them falls short. With them: those, as JSON. The reader is zipfile and
ElementTree over the spine; it shares no code with Calque.
"""
import bisect
import collections
import html
import json
import os
import pathlib
import posixpath
import re
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree as xml
import zipfile

XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
SILENT = {"head", "script", "style", "template", "rp"}
NOTES = {"footnote", "endnote", "rearnote"}
BLOCKS = set("p div li td th dt dd h1 h2 h3 h4 h5 h6 section article aside blockquote figure figcaption caption pre br "
             "body nav header footer ul ol dl table tr hr title desc text tspan img rt".split())


def words(text):
    """Words; each character is one where a script puts no blanks between them."""
    return re.findall(r"[\u2e80-\uabff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]|(?:(?![\u2e80-\uabff\uf900-\ufaff])\w)+", text)


def local(tag):
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""


def kinds(element):
    roles = [r.removeprefix("doc-") for r in element.get("role", "").split()]
    return set(element.get(OPS, "").split()) | set(roles)


def parsed(data):
    text = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig", "replace")
    declared = set(re.findall(r"<!ENTITY\s+(\w+)", text))
    text = re.sub(r"&(?!amp;|lt;|gt;|quot;|apos;|#)(\w+);",
                  lambda m: m.group(0) if m.group(1) in declared else html.unescape(m.group(0)), text)
    return xml.fromstring(re.sub(r"^<\?xml[^>]*\?>", "", text.lstrip()))


class raw_book:
    """What a book's own files say."""

    def __init__(self, path):
        self.text, self.main, self.counts = [], [], collections.Counter()
        self.skipped = []
        with zipfile.ZipFile(path) as archive:
            container = xml.fromstring(archive.read("META-INF/container.xml"))
            opf = next(e.get("full-path") for e in container.iter() if local(e.tag) == "rootfile")
            package = xml.fromstring(archive.read(opf))
            items = {e.get("id"): e for e in package.iter() if local(e.tag) == "item"}
            seen = set()
            for ref in (e for e in package.iter() if local(e.tag) == "itemref"):
                item = items.get(ref.get("idref"))
                while item is not None and "xml" not in item.get("media-type") and item.get("fallback"):
                    item = items.get(item.get("fallback"))
                if item is not None and not re.search(r"xhtml|svg|dtbook|text/html|oeb1", item.get("media-type")):
                    item = items.get(item.get("fallback"))
                if item is None or item.get("id") in seen:
                    continue
                seen.add(item.get("id"))
                name = posixpath.normpath(posixpath.join(posixpath.dirname(opf), urllib.parse.unquote(item.get("href"))))
                try:
                    root = parsed(archive.read(name))
                except (xml.ParseError, KeyError) as error:
                    self.skipped.append(f"{name}: {error}")
                    continue
                self.walk(next((e for e in root.iter() if local(e.tag) == "body"), root), False, False)
        self.text, self.main = words("".join(self.text)), words("".join(self.main))

    def put(self, text, is_note):
        self.text.append(text or "")
        if not is_note:
            self.main.append(text or "")

    def walk(self, element, is_note, in_notes):
        tag, says = local(element.tag), kinds(element)
        is_block = tag in BLOCKS
        if is_block:
            self.put(" ", is_note)
        outer = is_note
        is_note = is_note or bool(says & NOTES) or (in_notes and tag == "li")
        in_notes = in_notes or bool(says & {n + "s" for n in NOTES})
        self.counts["tables"] += tag == "table"
        self.counts["headings"] += tag == "doctitle" or (len(tag) == 2 and tag[0] == "h" and tag[1] in "123456")
        is_call, is_back = tag == "a" and "noteref" in says, tag == "a" and "backlink" in says
        self.counts["calls"] += is_call
        self.counts["links"] += tag == "a" and element.get("href") is not None and not is_call and not is_back
        self.counts["images"] += tag in ("img", "svg")
        if tag == "img":
            self.put(element.get("alt"), True)
        if tag not in SILENT and not (tag == "case" and len(element)):
            self.put(element.text, is_note)
            for child in element:
                self.walk(child, is_note, in_notes)
                self.put(child.tail, is_note)
        if is_block:
            self.put(" ", outer)


class edition:
    """What Calque makes of it, through its JSON edition."""

    def __init__(self, calque, path):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder, "out.json")
            done = subprocess.run([calque, "convert", path, "-o", out], capture_output=True, text=True, timeout=300)
            self.code, self.reasons = done.returncode, re.findall(r"(?:error|warning)\[([a-z.-]+)\]", done.stderr)
            self.errors, self.stderr = re.findall(r"error\[([a-z.-]+)\]", done.stderr), done.stderr
            self.data = json.loads(out.read_bytes()) if out.exists() else None
        if self.data is None:
            return
        text = self.data["text"].encode()
        parents = {}
        self.counts, all_text, main = collections.Counter(), [], []
        for index, node in enumerate(self.data["nodes"]):
            attributes = node.get("attributes", {})
            parent = parents.get(node.get("parent"), (False, False, False))
            role = attributes.get("role") if node["kind"] == "aside" else None
            # field, note, anything that is not read in line
            here = (parent[0] or role == "field", parent[1] or role == "note", parent[2] or role is not None)
            parents[node.get("id", index)] = here
            self.counts["notes"] += role == "note"
            for kind in ("table", "heading", "link", "image"):
                self.counts[kind + "s"] += node["kind"] == kind
            if here[0]:
                continue
            if role == "note":
                all_text.append(" " + attributes.get("label", "") + " ")
                main.append(" " + attributes.get("label", "") + " ")
            is_leaf = node["kind"] in ("text", "code", "math", "raw", "line_break", "soft_break")
            piece = text[node["begin"]:node["end"]].decode() if is_leaf else " " if node["kind"] in STARTS else ""
            if node["kind"] == "raw":
                piece = " " + html.unescape(re.sub(r"<[^>]*>", "", piece)) + " "
            all_text.append(piece)
            if not here[2]:
                main.append(piece)
        for layer in self.data["layers"]:
            if layer["name"] == "calque.page/1":
                self.counts["pages"] += len(layer["annotations"])
                all_text += [" " + v["value"] for a in layer["annotations"] for v in a.get("values", []) if v["key"] == "n"]
        self.text, self.main = words("".join(all_text)), words("".join(main))


STARTS = set("paragraph heading cell list_item term definition caption code_block section division aside line row".split())


def share(part, whole):
    """How many of `part` are in `whole`, counted with their numbers."""
    part, whole = collections.Counter(part), collections.Counter(whole)
    return sum((part & whole).values()) / max(sum(part.values()), 1)


def in_order(wanted, found):
    """The longest run of words that come once in each and stand in the same order, as a share of them."""
    once = [w for w, n in collections.Counter(wanted).items() if n == 1]
    counted = collections.Counter(found)
    places = {w: k for k, w in enumerate(found) if counted[w] == 1}
    line = [places[w] for w in wanted if w in places and w in set(once)] if len(once) < 50 else None
    if line is None:
        once = set(once)
        line = [places[w] for w in wanted if w in once and w in places]
    tails = []
    for place in line:
        at = bisect.bisect_left(tails, place)
        tails[at:at + 1] = [place]
    return len(tails) / max(len(line), 1)


def pandoc_words(path):
    done = subprocess.run(["pandoc", "-f", "epub", "-t", "plain", "--wrap=none", path], capture_output=True, timeout=300)
    return words(done.stdout.decode("utf-8", "replace")) if done.returncode == 0 else None


def judge(calque, path, with_pandoc):
    made = edition(calque, path)
    row = {"book": path.name, "exit": made.code, "codes": sorted(set(made.reasons))}
    if made.data is None:
        row["stderr"] = made.stderr[:400] if not made.errors else ""
        return row
    try:
        raw = raw_book(path)
    except Exception as error:  # a book that only Calque reads; said in the row
        return {**row, "reader": str(error)}
    row |= {"words": len(raw.text), "recall": share(raw.text, made.text), "precision": share(made.text, raw.text),
            "order": in_order(raw.main, made.main), "unread": raw.skipped,
            "raw": dict(raw.counts), "calque": dict(made.counts)}
    if with_pandoc and (peer := pandoc_words(path)) is not None:
        row["pandoc"] = {"recall": share(raw.text, peer), "precision": share(peer, raw.text),
                         "order": in_order(raw.main, peer)}
    return row


def faults(row):
    if "words" not in row:
        return [] if row["exit"] == 0 or [c for c in row["codes"] if "." in c] else ["no document and no reason"]
    found = []
    if row["unread"]:
        return found
    if row["words"] and row["recall"] < 0.995:
        found.append(f"recall {row['recall']:.4f}")
    if row["words"] and row["precision"] < 0.99:
        found.append(f"precision {row['precision']:.4f}")
    if row["words"] > 200 and row["order"] < 0.98:
        found.append(f"order {row['order']:.4f}")
    raw, made = collections.Counter(row["raw"]), collections.Counter(row["calque"])
    for thing in ("tables", "headings", "images"):
        if raw[thing] != made[thing]:
            found.append(f"{thing}: {raw[thing]} and {made[thing]}")
    if made["notes"] + made["links"] < raw["calls"] + raw["links"] - raw["backlinks"] - made["notes"]:
        found.append(f"links: {raw['links']} and {raw['calls']} calls, {made['links']} and {made['notes']} notes")
    return found


def main():
    calque, repository, *rest = sys.argv[1:]
    with_pandoc = "--pandoc" in rest
    books = [pathlib.Path(b) for b in rest if b != "--pandoc"]
    if books:
        print(json.dumps([judge(calque, b, with_pandoc) for b in books], ensure_ascii=False, indent=1))
        return 0
    root = pathlib.Path(os.environ.get("CALQUE_CORPUS", pathlib.Path(repository).resolve().parent / "shared" / "corpus"))
    if not (root / "epub").exists():
        print(f"skipped: {root / 'epub'} is not there, so no real book was tried")
        return 77
    bad = 0
    books = sorted((root / "epub").rglob("*.epub")) + sorted((root / "hostile").rglob("*.epub"))
    for book in books:
        row = judge(calque, book, with_pandoc)
        row["faults"] = faults(row)
        if "fatal" in book.name and row["exit"] == 0:
            row["faults"].append("a book that cannot be read was read")
        bad += bool(row["faults"])
        print(json.dumps(row, ensure_ascii=False))
    print(f"{len(books)} books, {bad} of them fall short")
    return 1 if bad or len(books) < 50 else 0


sys.exit(main())
