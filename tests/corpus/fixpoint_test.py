# SPDX-License-Identifier: Apache-2.0
"""What is written of a file, read and written again, is the same: for every format that is both read and written.

x is a file of the corpus or an input of a case; y is what the exporter makes of it, z what it makes of y: y equals z,
byte for byte. What is known not to be so is listed below, with its reason; one that has come right is to be taken
off the list.

usage: fixpoint_test.py CALQUE REPOSITORY [FORMAT…]
"""
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
corpus = pathlib.Path(os.environ.get("CALQUE_CORPUS", repository.parent / "shared" / "corpus"))

SUFFIXES = {  # of what is written, then of files of the corpus
    "markdown": (".md", {".md", ".markdown", ".txt"}),
    "html": (".html", {".html", ".htm", ".xhtml"}),
    "epub": (".epub", {".epub"}),
    "tei": (".xml", {".xml"}),
    "pandoc_json": (".json", {".json"}),
}
# An edition says of which file it was made, by name, size and digest; for y that is x, for z it is y.
PROVENANCE = {"tei": re.compile(rb'<bibl type="file">.*?</bibl>')}

# What our other importers read makes more files of one format, and editions of another. Books do not give back what
# layers mark, so TEI, which is full of that, makes none.
FILES_OF = {"pandoc_json": ("markdown", "html", "tei")}
EDITIONS_OF = {"epub": ("markdown", "html")}

EXCEPTIONS = {
    "markdown": {
        "example-gfm_spec-630": "an address of mail before an underscore: the escape of that ends it, and makes it a link",
        "example-spec_permissive_autolinks-3": "an address behind a bracket that nothing closes; escaped, it is a link",
    },
    "epub": {
        "spec-38": "line feeds in a row, given by their numbers, within a line: a page shows them as a blank",
        "spec-334": "the same, in GFM's text",
        "spec-575": "a note in the alternative text of an image; that is one string, so nothing in it can call",
        "spec-581": "the same, in GFM's text",
    },
    "tei": {
        "detest": "verse lines that hold quotations with blocks in them; TEI lets blocks stand there, a line holds none",
        "testplace": "a choice with three readings in a name: the mark of the name ends before the last, and cuts the choice",
    },
}

problems, skipped = [], []


def plain(name):
    return re.sub(r"[^A-Za-z0-9_]+", "_", name)


def unescaped(text):
    def value(match):
        what = match.group(1)
        if what[0] == "x":
            return bytes([int(what[1:], 16)])
        if what[0] == "u":
            return chr(int(what[2:-1], 16)).encode()
        return {"n": b"\n", "r": b"\r", "t": b"\t", "f": b"\f", "\\": b"\\"}[what]

    parts = re.split(r"(\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F]+\}|[nrtf\\]))", text)
    return b"".join(value(re.match(r"\\(.*)", part)) if k % 2 else part.encode() for k, part in enumerate(parts))


def packed(text):
    """A ZIP archive of the members that lines "--- NAME" part."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member in re.split(r"^--- ", text, flags=re.M)[1:]:
            name, _, content = member.partition("\n")
            archive.writestr(zipfile.ZipInfo(name), content.removesuffix("\n"))
    return made.getvalue()


def case_inputs(form):
    """The inputs of all cases that begin with this importer, by a name."""
    for path in sorted((repository / "plugins").glob("*/cases/*.md")):
        blocks = re.findall(r"^(`{3,})(toml|input)([^\n]*)\n(.*?)^\1$", path.read_text("utf-8"), re.S | re.M)
        pipeline = ""
        for number, (_, what, info, body) in enumerate(blocks):
            if what == "toml":
                pipeline = body
            elif re.search(rf'^import = "{form}"$', pipeline, re.M):
                body = body[:-1]
                content = unescaped(body) if " escaped" in info else body.encode()
                yield f"case-{path.parts[-3]}-{plain(path.stem)}-{number}", packed(body) if " archive" in info else content


def small_texts(form):
    """What the corpus has many of in one file: examples of specifications, and documents for parsers of HTML."""
    if form == "markdown":
        for path in sorted((corpus / form).rglob("*.txt")):
            for number, text in enumerate(re.findall(r"^`{32} example[^\n]*\n(.*?)^\.$", path.read_text("utf-8"), re.S | re.M)):
                yield f"example-{plain(path.stem)}-{number}", text.replace("\u2192", "\t").encode()
    if form == "html":
        for path in sorted((corpus / form).rglob("*.dat")):
            for number, text in enumerate(re.findall(rb"^#data\n(.*?)\n#errors$", path.read_bytes(), re.S | re.M)):
                yield f"tree-{plain(path.stem)}-{number}", text


def run(importer, exporter, files, folder):
    """One run over all files; what it wrote, by the file's own name."""
    folder.mkdir()
    pipeline = folder.with_suffix(".toml")
    pipeline.write_text(
        f'[pipeline]\nname = "fixpoint"\n[[stage]]\nimport = "{importer}"\nid = "in"\n[[stage]]\nexport = "{exporter}"\n'
        f'id = "out"\nto = "{{stem}}{SUFFIXES[exporter][0]}"\n[loss]\ndefault = "warn"\n')
    done = subprocess.run([calque, "run", pipeline, "-q", "-o", folder, *files], capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 1):  # 1: some were refused
        problems.append(f"{importer} to {exporter}: the run ended with {done.returncode}\n{done.stderr[-2000:]}")
    return sorted(f for f in folder.iterdir() if f.is_file())


def sources_of(form, folder):
    """Copies of all files of a format, under names that are theirs alone."""
    folder.mkdir()
    of_corpus = corpus / form
    if of_corpus.is_dir():
        for number, path in enumerate(sorted(p for p in of_corpus.rglob("*") if p.suffix in SUFFIXES[form][1])):
            (folder / f"{number:03}-{plain(path.stem)}{path.suffix}").write_bytes(path.read_bytes())
    elif form != "pandoc_json":
        skipped.append(f"{of_corpus} is not there, so of {form} only the inputs of its cases were tried")
    for name, content in (*case_inputs(form), *small_texts(form)):
        if content:
            (folder / (name + SUFFIXES[form][0])).write_bytes(content)
    return sorted(folder.iterdir())


def compared(form, path):
    content = path.read_bytes()
    return PROVENANCE[form].sub(b"", content) if form in PROVENANCE else content


def first_difference(a, b):
    if a.startswith(b"PK") and b.startswith(b"PK"):
        one, other = (zipfile.ZipFile(io.BytesIO(x)) for x in (a, b))
        for name in one.namelist():
            if name not in other.namelist():
                return f"which have no {name}"
            if one.read(name) != other.read(name):
                return f"in {name} " + first_difference(one.read(name), other.read(name))
    at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return f"from byte {at}\n    once:  {a[max(0, at - 60):at + 120]!r}\n    twice: {b[max(0, at - 60):at + 120]!r}"


def check(form, sources, made, folder):
    """`made`: editions that have been written already, of what other importers read."""
    once = run(form, form, sources, folder / "once") + made
    once = [path for path in once if path.stat().st_size > 0]  # of what says nothing, there is nothing to read
    twice = {path.name: path for path in run(form, form, once, folder / "twice")}
    known, seen = EXCEPTIONS.get(form, {}), set()
    for path in once:
        exception = next((name for name in known if name in path.stem), None)
        again = twice.get(path.name)
        if again is None:
            problems.append(f"{form}: {path.name}: what was written cannot be read, or gives other files")
            continue
        a, b = compared(form, path), compared(form, again)
        if a != b and exception:
            seen.add(exception)
        elif a != b:
            problems.append(f"{form}: {path.name}: another round gives other bytes, {first_difference(a, b)}")
    if (corpus / form).is_dir():
        problems.extend(f"{form}: {name} is at its fixpoint now: take it off the list" for name in known.keys() - seen)
    count = len(sources) + len(made)
    print(f"{form}: {count} files, {len(once)} editions, {len(seen)} known to differ")
    if len(once) < 0.85 * count:
        problems.append(f"{form}: {count - len(once)} of {count} files gave no edition, so little was tried")


def check_documents(sources, folder):
    """A document that was kept and read again is the same, and so is what is exported of it."""
    folder.mkdir()

    def convert(given, made):
        done = subprocess.run([calque, "convert", "-q", given, "-o", made], capture_output=True, text=True, timeout=60)
        return "" if done.returncode == 0 and made.exists() else done.stderr[-1000:] or "nothing was written"

    tried = 0
    for number, path in enumerate(sources):
        kept, again, data, of_kept = (folder / f"{number}{end}" for end in ("-1.cqdoc", "-2.cqdoc", "-1.json", "-2.json"))
        if convert(path, kept):
            continue  # what cannot be read has no document
        tried += 1
        wrong = convert(kept, again) or convert(path, data) or convert(kept, of_kept)
        if wrong:
            problems.append(f"cqdoc: {path.name}: {wrong}")
        elif kept.read_bytes() != again.read_bytes():
            problems.append(f"cqdoc: {path.name}: it is not the same when it was read again")
        elif data.read_bytes() != of_kept.read_bytes():
            problems.append(f"json: {path.name}: it is not the same when the document was kept and read again")
    if tried < 0.85 * len(sources):
        problems.append(f"cqdoc: only {tried} of {len(sources)} files could be read, so little was tried")
    print(f"cqdoc and json: {tried} documents")


wanted = sys.argv[3:] or [*SUFFIXES, "cqdoc"]
with tempfile.TemporaryDirectory() as name:
    work = pathlib.Path(name)
    editions = {}
    for form in SUFFIXES:
        (work / form).mkdir()
        sources = sources_of(form, work / form / "sources")
        def made_of(others):
            return [path.rename(path.with_name(f"{other}-{path.name}"))
                    for other in others for path in run(other, form, editions[other], work / form / other)]

        sources += made_of(FILES_OF.get(form, ()))
        editions[form] = sources
        if form in wanted:
            check(form, sources, made_of(EDITIONS_OF.get(form, ())), work / form)
    if "cqdoc" in wanted:
        # A process for each, so a few whole files.
        whole = {form: [path for path in editions[form] if path.name[0].isdigit()] for form in ("markdown", "html", "tei", "epub")}
        check_documents([path for form in whole for path in whole[form][::4]], work / "documents")

for one in skipped:
    print("skipped:", one)
if problems:
    print("\n".join(problems))
    sys.exit(1)
