# SPDX-License-Identifier: Apache-2.0
"""Counts what an HTML page shows with Python's own parser, and how much of it Calque and pandoc keep, in order.

usage: html_text.py CALQUE FILE…            prints JSON: for each file and reader recall and precision of words, and counts
       html_text.py CALQUE --check FOLDER    fails when Calque's recall is below 0.995 or its precision below 0.99

Shares no code with the plugin. Words of the page are those of its visible text. `any_order` is recall without regard to
order: notes stand at their calls in a document, and their numbers are attributes there.
"""
import collections
import difflib
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

UNREAD = {"script", "style", "template", "title", "head"}
BLOCKS = set("address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
             "form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td "
             "tfoot th thead tr ul br".split())


class page(html.parser.HTMLParser):
    """Visible text; a heading, link, table or image counts when it begins."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.unread, self.counts = [], [], {"headings": 0, "links": 0, "tables": 0, "images": 0}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in UNREAD:
            self.unread.append(tag)
        if tag == "body":
            self.unread.clear()
        if tag in BLOCKS:
            self.text.append(" ")
        if re.fullmatch("h[1-6]", tag):
            self.counts["headings"] += 1
        elif tag == "a" and attrs.get("href"):
            self.counts["links"] += 1
        elif tag == "table":
            self.counts["tables"] += 1
        elif tag == "img":
            self.counts["images"] += 1

    def handle_endtag(self, tag):
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()
        if tag in BLOCKS:
            self.text.append(" ")

    def handle_data(self, data):
        if not self.unread:
            self.text.append(data)


def words(text):
    return re.findall(r"\w+", text)


def score(expected, got):
    """Words that stand in both, in order."""
    same = sum(b.size for b in difflib.SequenceMatcher(None, expected, got, autojunk=False).get_matching_blocks())
    found = sum((collections.Counter(expected) & collections.Counter(got)).values())
    return {"any_order": round(found / max(1, len(expected)), 4), "recall": round(same / max(1, len(expected)), 4), "precision": round(same / max(1, len(got)), 4),
            "words": len(expected)}


def unquoted(text):
    signs = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(?:u\{([0-9a-f]+)\}|(.))", lambda m: chr(int(m[1], 16)) if m[1] else signs.get(m[2], m[2]), text)


def by_calque(calque, file, folder):
    """The main flow and asides of the dump, in their order, less fields and what attributes gave."""
    pipe = folder / "p.toml"
    pipe.write_text('[pipeline]\nname = "p"\n[[stage]]\nimport = "html"\n[loss]\ndefault = "warn"\n', encoding="utf-8")
    done = subprocess.run([calque, "preview", file, "-p", pipe, "--dump"], capture_output=True, text=True, timeout=300)
    kept, skip, counts = [], None, {"headings": 0, "links": 0, "tables": 0, "images": 0, "notes": 0}
    for line in done.stdout.splitlines():
        found = re.match(r'( *)([a-z_]+) #\d+(.*)$', line)
        if not found or line.startswith("  #"):
            continue
        depth, kind, rest = len(found[1]), found[2], found[3]
        if skip is not None and depth > skip:
            continue
        skip = None
        if kind == "aside" and ('role="field"' in rest or 'role="alt"' in rest):
            skip = depth
            continue
        counts["notes"] += kind == "aside"
        for name, of in (("headings", "heading"), ("links", "link"), ("tables", "table"), ("images", "image")):
            counts[name] += kind == of
        if kind in ("text", "code", "math", "soft_break", "line_break"):
            kept.append(unquoted(re.search(r'"((?:[^"\\]|\\.)*)"$', rest)[1]))
        elif kind not in ("emphasis", "strong", "span", "link", "superscript", "subscript", "underline", "strikeout",
                          "small_caps", "quoted", "citation"):
            kept.append(" ")
    return "".join(kept), counts


def by_pandoc(file):
    return subprocess.run(["pandoc", "-f", "html", "-t", "plain", "--wrap=none", file], capture_output=True, text=True,
                          timeout=300).stdout, {}


def compare(calque, files, with_pandoc):
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            try:
                text = pathlib.Path(file).read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                continue  # guesses at encodings are another matter
            reader = page()
            reader.feed(text)
            expected = words("".join(reader.text))
            readers = [("calque", by_calque(calque, file, pathlib.Path(folder)))]
            if with_pandoc:
                readers.append(("pandoc", by_pandoc(file)))
            for name, got in readers:
                rows.append({"file": pathlib.Path(file).name, "reader": name, **score(expected, words(got[0])),
                             "page": reader.counts, "kept": got[1]})
    return rows


def main():
    calque, files = sys.argv[1], sys.argv[2:]
    if files[0] != "--check":
        json.dump({"format": "html", "rows": compare(calque, files, shutil.which("pandoc"))}, sys.stdout, indent=1)
        return print()
    folder = pathlib.Path(files[1])
    if not folder.is_dir():
        print(f"skipped: the corpus is not beside the checkout ({folder})")
        return sys.exit(77)
    rows = compare(calque, sorted(str(f) for f in folder.glob("*/*.htm*")), False)
    # A page with notes has their numbers as attributes, and the notes in another place.
    bad = [r for r in rows if r["words"] > 0 and
           (r["any_order"] < 0.98 if r["kept"]["notes"] else r["recall"] < 0.995 or r["precision"] < 0.99)]
    bad += [r for r in rows if any(r["kept"][what] < r["page"][what] for what in ("headings", "tables", "images"))]
    for r in bad:
        print("too little is kept:", json.dumps(r))
    print(f"{len(rows)} pages, {sum(r['words'] for r in rows)} words")
    sys.exit(1 if bad or len(rows) < 10 else 0)


if __name__ == "__main__":
    main()
