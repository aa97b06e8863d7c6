#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Reads editions with readers that share no code with Calque: validity, and whether every letter is there, in order.
#   check_editions.py schema   FOLDER            JSON editions against edition.schema.json
#   check_editions.py tei      FOLDER            TEI editions against tei_all with jing, when a copy is there
#   check_editions.py html     FOLDER            HTML editions with the Nu checker
#   check_editions.py epub     FOLDER            EPUB editions with EPUBCheck, and what it does not look at
#   check_editions.py letters  FOLDER            text of TEI, HTML, EPUB, JSON, Markdown (through pandoc) and plain text
# Each check is first given something broken that it must refuse: a check that accepts all proves nothing.
import collections
import glob
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import xml.parsers.expat
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SKIPPED = 77  # what ctest takes for "skipped"


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def fail(message):
    print("FAILED:", message)
    sys.exit(1)


def letters(text):
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN")


def need(program):
    if shutil.which(program) is None:
        fail(f"{program} is not installed; ./dev test installs it")


def editions(folder, suffix):
    found = sorted(glob.glob(os.path.join(folder, "**", "*" + suffix), recursive=True))
    if not found:
        fail(f"no {suffix} editions in {folder}")
    return found


# ---- validators -------------------------------------------------------------------------------------------------

def jing(schema, files):
    run = subprocess.run(["jing", schema, *files], capture_output=True, text=True)
    found = [line for line in (run.stdout + run.stderr).splitlines() if "error:" in line or "fatal:" in line]
    return run.returncode == 0, found


def check_tei(folder):
    need("jing")
    corpus = os.environ.get("CALQUE_CORPUS", os.path.join(ROOT, "..", "shared", "corpus"))
    schema = os.path.join(corpus, "tei", "schema", "tei_all.rng")
    files = editions(folder, ".xml")
    if not os.path.exists(schema):
        print(f"skipped: no tei_all.rng at {schema}; {len(files)} TEI editions are not validated")
        sys.exit(SKIPPED)
    broken = read(files[0]).replace("<body>", "<body><nonsense/>", 1)
    with tempfile.TemporaryDirectory() as place:
        bad = os.path.join(place, "broken.xml")
        with open(bad, "w", encoding="utf-8") as file:
            file.write(broken)
        if jing(schema, [bad])[0]:
            fail("jing accepts an element that TEI does not know")
    valid, found = jing(schema, files)
    if not valid:
        fail("\n".join(found[:20]))
    print(f"{len(files)} TEI editions are valid")


def nu(files):
    jar = glob.glob(os.path.join(ROOT, "build", "validators", "node_modules", "vnu-jar", "build", "dist", "vnu.jar"))
    jar += glob.glob(os.path.join(os.environ.get("CALQUE_VALIDATORS", "/nowhere"), "**", "vnu.jar"), recursive=True)
    if not jar:
        fail("the Nu checker is not installed; run tests/validators/install.sh")
    run = subprocess.run(["java", "-jar", jar[0], "--format", "gnu", "--errors-only", *files],
                         capture_output=True, text=True)
    return run.returncode == 0, run.stderr.splitlines()


def check_html(folder):
    need("java")
    files = editions(folder, ".html")
    with tempfile.TemporaryDirectory() as place:
        bad = os.path.join(place, "broken.html")
        with open(bad, "w", encoding="utf-8") as file:
            file.write(read(files[0]).replace("<main>", "<main><li>out of place</li>", 1))
        if nu([bad])[0]:
            fail("the Nu checker accepts an item without a list")
    valid, found = nu(files)
    if not valid:
        fail("\n".join(found[:20]))
    print(f"{len(files)} HTML editions are valid")


# EPUBCheck takes seconds a book: it reads what differs in kind. Every book is read for its letters.
CHECKED_BOOKS = re.compile(r"(every_kind|hostile|arabic|hebrew|chinese)\.epub$")


# Debian's program of that name is this file, which only some systems run by itself.
EPUBCHECK = "/usr/share/java/epubcheck.jar"


def epubcheck(path):
    run = subprocess.run(["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", EPUBCHECK, "--quiet",
                          "--failonwarnings", path], capture_output=True, text=True)
    lines = (run.stdout + run.stderr).splitlines()
    return run.returncode == 0, [line for line in lines if line.startswith(("ERROR", "WARNING", "FATAL"))]


def check_epub(folder):
    need("java")
    if not os.path.exists(EPUBCHECK):
        fail("epubcheck is not installed; ./dev test installs it")
    files = [path for path in editions(folder, ".epub") if CHECKED_BOOKS.search(path)] or editions(folder, ".epub")
    with tempfile.TemporaryDirectory() as place:
        bad = os.path.join(place, "broken.epub")
        with zipfile.ZipFile(files[0]) as good, zipfile.ZipFile(bad, "w") as broken:
            for name in good.namelist():
                broken.writestr(name, good.read(name).replace(b"<itemref ", b"<itemref-of-nothing ", 1))
        if epubcheck(bad)[0]:
            fail("EPUBCheck accepts an element that the package does not know")
    for path in files:
        check_container(path)
        valid, found = epubcheck(path)
        if not valid:
            fail(f"{path}:\n" + "\n".join(found[:20]))
    print(f"{len(files)} EPUB editions are valid")


def check_container(path):
    """The first entry is the type, stored and without extra field; no entry has a time or a path of its own."""
    with open(path, "rb") as file:
        head = file.read(58)
    if head[30:58] != b"mimetypeapplication/epub+zip" or head[8:10] != b"\0\0" or head[28:30] != b"\0\0":
        fail(f"{path}: the type does not stand at its place")
    with zipfile.ZipFile(path) as book:
        if book.testzip() is not None:
            fail(f"{path}: {book.testzip()} is damaged")
        for entry in book.infolist():
            if entry.date_time != (1980, 1, 1, 0, 0, 0) or entry.extra:
                fail(f"{path}: {entry.filename} has a time or an extra field")
            if not re.fullmatch(r"mimetype|META-INF/container\.xml|EPUB/(images/)?[a-z0-9-]+\.[a-z]+", entry.filename):
                fail(f"{path}: {entry.filename!r} is no name of ours")


def check_schema(folder):
    import jsonschema
    schema = json.loads(read(os.path.join(ROOT, "plugins", "json", "edition.schema.json")))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    files = editions(folder, ".json")
    broken = json.loads(read(files[0]))
    broken["nodes"][0]["kind"] = 7
    if validator.is_valid(broken):
        fail("the schema accepts a kind that is a number")
    del broken["nodes"]
    if validator.is_valid(broken):
        fail("the schema accepts an edition without nodes")
    for path in files:
        data = json.loads(read(path))
        for error in validator.iter_errors(data):
            fail(f"{path}: {error.message} at {list(error.absolute_path)}")
        check_json_sense(path, data)
    print(f"{len(files)} JSON editions are valid")


def check_json_sense(path, data):
    """What a schema cannot say: ranges, references, tiling."""
    size = len(data["text"].encode())
    ids = [node["id"] for node in data["nodes"]]
    if len(set(ids)) != len(ids):
        fail(f"{path}: ids of nodes repeat")
    for node in data["nodes"][1:]:
        if node["parent"] not in set(ids) or not 0 <= node["begin"] <= node["end"] <= size:
            fail(f"{path}: node {node['id']} is out of place")
    at = 0
    for origin in data["origins"]:
        if origin["begin"] != at:
            fail(f"{path}: origins leave a hole at {at}")
        at = origin["end"]
    if at != size:
        fail(f"{path}: origins end at {at} of {size}")


# ---- readers ----------------------------------------------------------------------------------------------------

class tei_reader:
    """Main-flow text of the body and text of the header, by expat: called notes are left out, line breaks count."""

    def __init__(self, path):
        self.main, self.header, self.left_out, self.in_body, self.in_header = [], [], 0, False, False
        parser = xml.parsers.expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.data
        self.open = []
        parser.Parse(read(path).encode(), True)

    def start(self, name, attributes):
        out = name == "note" and attributes.get("place") != "inline"
        self.open.append(out)
        self.left_out += out
        self.in_body = self.in_body or name == "body"
        self.in_header = self.in_header or name == "teiHeader"
        if name == "lb" and "type" not in attributes:
            self.data("\n")

    def end(self, name):
        self.left_out -= self.open.pop()
        if name == "body":
            self.in_body = False
        if name == "teiHeader":
            self.in_header = False

    def data(self, text):
        if self.in_body and not self.left_out:
            self.main.append(text)
        if self.in_header:
            self.header.append(text)


class html_reader(html.parser.HTMLParser):
    """Text of <div id="text"> without page numbers and note calls, and of the record."""
    VOID = {"br", "hr", "img", "meta", "link", "wbr"}

    def __init__(self, path):
        super().__init__(convert_charrefs=True)
        self.main, self.record, self.open, self.depth_main, self.left_out = [], [], [], 0, 0
        self.in_record = 0
        self.feed(read(path))

    def handle_starttag(self, tag, attributes):
        if tag in self.VOID:
            if tag == "br":
                self.handle_data("\n")
            return
        a = dict(attributes)
        classes = (a.get("class") or "").split()
        state = ("text" if a.get("id") == "text" else "",
                 "out" if set(classes) & {"page", "call", "image"} else "",
                 "record" if classes == ["record"] else "")
        self.open.append(state)
        self.depth_main += state[0] == "text"
        self.left_out += state[1] == "out"
        self.in_record += state[2] == "record"

    def handle_endtag(self, tag):
        if tag in self.VOID:
            return
        state = self.open.pop()
        self.depth_main -= state[0] == "text"
        self.left_out -= state[1] == "out"
        self.in_record -= state[2] == "record"

    def handle_data(self, text):
        if self.depth_main and not self.left_out:
            self.main.append(text)
        if self.in_record:
            self.record.append(text)


class epub_reader:
    """Main-flow text of a book's chapters without notes, page numbers and calls; text of its front page and notes."""

    def __init__(self, path):
        self.main, self.record, self.notes = [], [], []
        with zipfile.ZipFile(path) as book:
            package = book.read("EPUB/package.opf").decode()
            hrefs = dict(re.findall(r'<item id="([^"]*)" href="([^"]*)"', package))
            for page in re.findall(r'<itemref idref="([^"]*)"', package):
                if page == "nav":
                    continue
                self.open, self.to = [], self.record if page == "front" else self.main
                parser = xml.parsers.expat.ParserCreate()
                parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
                parser.CharacterDataHandler = lambda text: self.open and self.open[-1] is not None and self.open[-1].append(text)
                parser.Parse(book.read("EPUB/" + hrefs[page]), True)

    def start(self, name, attributes):
        classes = set((attributes.get("class") or "").split())
        around = self.open[-1] if self.open else None
        if name == "body":
            around = self.to
        elif classes & {"page", "call", "image", "number"}:
            around = None
        elif "notes" in classes:
            around = self.notes
        elif name == "br" and around is not None:
            around.append("\n")
        self.open.append(around)

    def end(self, name):
        self.open.pop()


def pandoc_text(path):
    run = subprocess.run(["pandoc", "-f", "markdown-smart", "-t", "json", path], capture_output=True, text=True, timeout=60)
    if run.returncode != 0:
        fail(f"{path}: pandoc: {run.stderr}")
    main, meta = [], []

    def walk(value, to):
        if isinstance(value, list):
            for item in value:
                walk(item, to)
            return
        if not isinstance(value, dict):
            return
        kind, content = value.get("t"), value.get("c")
        if kind in ("Str", "MetaString"):
            to.append(content)
        elif kind in ("Code", "CodeBlock", "Math", "RawInline", "RawBlock"):
            # HTML of our own (a <sup>, a <br>) is layout; raw text of the document is not.
            text = content[1]
            if not (kind.startswith("Raw") and content[0] == "html" and re.fullmatch(r"</?[a-z]+>|<!-- -->", text)):
                to.append(text)
        elif kind in ("Note", "Image"):
            pass
        elif kind == "MetaMap":
            for item in content.values():
                walk(item, to)
        elif content is not None:
            walk(content, to)

    data = json.loads(run.stdout)
    walk(data["blocks"], main)
    for key, value in data["meta"].items():
        if key != "lang":
            walk(value, meta)
    return "".join(main), "".join(meta)


def replaced(text):
    """What exporters to XML and HTML do to characters that have no place there."""
    made = []
    for c in text:
        n = ord(c)
        if (n < 0x20 and c not in "\t\n") or n == 0x7F:
            made.append(chr(0x2421 if n == 0x7F else 0x2400 + n))
        elif 0x80 <= n < 0xA0 or n & 0xFFFE == 0xFFFE or 0xFDD0 <= n <= 0xFDEF:
            made.append("\uFFFD")
        else:
            made.append(c)
    return "".join(made)


def first_difference(a, b):
    at = next((k for k in range(min(len(a), len(b))) if a[k] != b[k]), min(len(a), len(b)))
    return f"at {at}: wanted {a[at:at + 40]!r}, got {b[at:at + 40]!r}"


def contains_all(wanted, got):
    have = collections.Counter(got)
    return all(have[c] >= count for c, count in collections.Counter(wanted).items())


def check_letters(folder):
    need("pandoc")
    # The reader must see a letter that is gone.
    if letters("a b") == letters("a") or contains_all("aab", "ab"):
        fail("the comparison does not see a lost letter")
    count = 0
    for truth in editions(folder, ".main"):
        stem = truth[:-len(".main")]
        main, fields, notes = read(truth), read(stem + ".fields"), read(stem + ".notes")
        tei = tei_reader(stem + ".xml")
        body = "".join(tei.main)
        # White space between elements is layout; all that is read must be the same, sign by sign.
        squeeze = lambda text: re.sub(r"\s", "", text)
        if squeeze(body) != squeeze(replaced(main)):
            fail(f"{stem}.xml: {first_difference(squeeze(replaced(main)), squeeze(body))}")
        if not contains_all(letters(fields), letters("".join(tei.header))):
            fail(f"{stem}.xml: a letter of the fields is not in the header")
        if not contains_all(letters(main + fields + notes), letters(read(stem + ".xml"))):
            fail(f"{stem}.xml: a letter is lost")
        elements = tei_reader(stem + ".elements.xml")
        if letters("".join(elements.main)) != letters(main):
            fail(f"{stem}.elements.xml: {first_difference(letters(main), letters(''.join(elements.main)))}")
        page = html_reader(stem + ".html")
        shown = "".join(page.main)
        if squeeze(shown) != squeeze(replaced(main)):
            fail(f"{stem}.html: {first_difference(squeeze(replaced(main)), squeeze(shown))}")
        if not contains_all(letters(fields), letters("".join(page.record))):
            fail(f"{stem}.html: a letter of the fields is not in the record")
        book = epub_reader(stem + ".epub")
        shown = "".join(book.main)
        if squeeze(shown) != squeeze(replaced(main)):
            fail(f"{stem}.epub: {first_difference(squeeze(replaced(main)), squeeze(shown))}")
        if not contains_all(letters(fields), letters("".join(book.record))):
            fail(f"{stem}.epub: a letter of the fields is not on the front page")
        if sorted(json.loads(read(stem + ".json"))["text"]) != sorted(main + fields + notes):
            fail(f"{stem}.json: the text is not that of the document")
        for suffix in (".txt", ".wrapped.txt"):
            if not contains_all(letters(main + fields + notes), letters(read(stem + suffix))):
                fail(f"{stem}{suffix}: a letter is lost")
        if not contains_all(letters(main + fields + notes), letters(read(stem + ".md"))):
            fail(f"{stem}.md: a letter is lost")
        through, meta = pandoc_text(stem + ".md")
        if not contains_all(letters(main), letters(through)):
            lost = collections.Counter(letters(main)) - collections.Counter(letters(through))
            fail(f"{stem}.md: pandoc does not read {dict(lost)}")
        if not contains_all(letters(fields), letters(meta)):
            fail(f"{stem}.md: pandoc does not read a letter of the fields")
        count += 1
    print(f"{count} documents are whole in every edition")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__ or "usage: check_editions.py tei|html|epub|schema|letters FOLDER")
    {"tei": check_tei, "html": check_html, "epub": check_epub, "schema": check_schema, "letters": check_letters}[sys.argv[1]](sys.argv[2])
