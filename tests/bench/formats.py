# SPDX-License-Identifier: Apache-2.0
# formats.py BUILD [COUNT]: what reading one format and writing another costs, beside the programs that people use now:
# COUNT small files (1000) in one run, and single files of 10 and 100 MB with the memory at its highest. Every figure has
# its peer's from the same minutes; a ratio is the peer's time over ours, or our memory over the input's size.
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
VOLUME = HERE.parents[2] / "shared/corpus/tei/frus/frus1961-63v06.xml"
EDITIONS = """
[pipeline]
name = "bench-formats"
[[stage]]
import = "record"
[[stage]]
normalize = "speeches"
"""


def editions_to(*formats):
    return EDITIONS + "".join(f'[[stage]]\nexport = "{id}"\nto = "{id}/{{stem}}.{end}"\n' for id, end in formats)


def pipeline(importer, exporter, end):
    return f'[pipeline]\nname = "bench"\n[[stage]]\nimport = "{importer}"\n[[stage]]\nexport = "{exporter}"\nto = "{{stem}}.{end}"\n'


def measured(command, turns=3):
    """The median of the seconds, and the most memory in bytes."""
    seconds, most = [], 0
    for _ in range(turns):
        os.sync()
        began = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds.append(time.monotonic() - began)
        if status != 0:
            raise SystemExit(f"{' '.join(map(str, command))}: status {status}")
        most = max(most, used.ru_maxrss * 1024)
    return statistics.median(seconds), most


def small_files(calque, folder, source, importer, exporter, end, pandoc_from, pandoc_to, count):
    files = sorted((folder / source).iterdir())[:count]
    toml = folder / f"{importer}-{exporter}.toml"
    toml.write_text(pipeline(importer, exporter, end))
    turn = iter(range(9))
    ours = statistics.median(
        measured([calque, "run", toml, *files, "-j", "2", "--quiet", "--no-fsync", "-o", folder / f"out-{toml.stem}-{next(turn)}"], 1)[0]
        for _ in range(3)) / len(files)
    few = files[:60]
    script = f'pandoc --quiet -f {pandoc_from} -t {pandoc_to} "$1" -o "$2/$(basename "$1").out"'
    (folder / "pandoc").mkdir(exist_ok=True)
    began = time.monotonic()
    subprocess.run(["xargs", "-0", "-P2", "-I", "FILE", "sh", "-c", script, "pandoc", "FILE", folder / "pandoc"],
                   input="\0".join(map(str, few)).encode(), check=True, stderr=subprocess.DEVNULL)
    theirs = (time.monotonic() - began) / len(few)
    size = sum(file.stat().st_size for file in files) / len(files)
    print(f"{importer + ' → ' + exporter:<20} {len(files)} files of {size / 1024:5.1f} KiB  calque {1000 * ours:7.2f} ms  "
          f"pandoc {1000 * theirs:7.1f} ms  ratio {theirs / ours:5.0f}", flush=True)


def write_repeated(path, parts, size, before="", after=""):
    """Piece by piece: a process that is started is counted with the memory of who started it."""
    text = "\n".join(parts) + "\n"
    with open(path, "w") as file:
        file.write(before)
        for _ in range(size // len(text.encode()) + 1):
            file.write(text)
        file.write(after)


def one_file(calque, path, to, peers):
    out = path.with_suffix(".out." + to)
    size = path.stat().st_size
    seconds, most = measured([calque, "convert", path, "-o", out], 1 if size > 50e6 else 3)
    print(f"{path.name:<12} → {to:<5} {size / 1e6:6.1f} MB  calque {seconds:7.2f} s, {most / size:4.1f} times the input's memory", end="")
    for name, command in peers:
        theirs, memory = measured([word if word != "FILE" else path for word in command], 1 if size > 50e6 or name == "pandoc" else 3)
        print(f"; {name} {theirs:.2f} s ({theirs / seconds:.2f} of ours), {memory / size:.1f}", end="")
    print(flush=True)


def glossary(build, folder):
    """Our search alone, beside grep with the same list: it knows no longest term, no bounds of words, and no blanks."""
    terms, text = folder / "terms.txt", folder / "terms-text.txt"
    for kind, more in (("", []), (" with endings", ["endings"])):
        said = subprocess.run([build / "bin/find_terms", terms, text, *more], check=True, capture_output=True, text=True).stdout
        print(f"glossary{kind}: {said}", end="", flush=True)
    # It writes what it finds, into a pipe: to /dev/null it would stop at the first.
    script = 'LC_ALL=C grep -F -o $3 -f "$1" "$2" | tail -1'
    for more in ("", "-i"):
        seconds, memory = measured(["sh", "-c", script, "grep", terms, text, more], 1)
        print(f"  grep -F -o {more} -f: {seconds:.2f} s, {memory / 1e6:.0f} MB", flush=True)
    # A search for each term by itself, on a hundredth of the text and of the terms.
    part = text.read_bytes()[:1_000_000]
    few = terms.read_bytes().splitlines()[::100]
    began = time.monotonic()
    for term in few:
        part.count(term)
    print(f"  a search for each term, from {len(few)} terms in 1 MB: {(time.monotonic() - began) * 100 * 100:.0f} s", flush=True)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    calque, md4c = build / "bin/calque", build / "bin/md4c_html"
    with tempfile.TemporaryDirectory(dir=build, prefix="bench-") as name:
        folder = pathlib.Path(name)
        # In a process of its own: whoever is started is counted with the memory that its parent had.
        subprocess.run([sys.executable, __file__, "--inputs", build, folder, str(count)], check=True)
        print("Small files: one run of two workers, nothing synced, beside pandoc, a process a file, two at a time\n")
        for row in (("markdown", "markdown", "html", "html", "gfm", "html"), ("html", "html", "markdown", "md", "html", "gfm"),
                    ("epub", "epub", "text", "txt", "epub", "plain")):
            small_files(calque, folder / "editions", *row, count)
        print("(pandoc reads no TEI: a volume of it is below, beside pandoc reading the HTML that is made of it)")

        print("\n50,000 terms in 100 MB\n")
        glossary(build, folder)

        print("\nOne file, one process, nothing synced; medians of three\n")
        pandoc = ["pandoc", "--quiet", "FILE"]
        for size in (10, 100):
            peers = [("md4c", [md4c, "FILE", folder / "md4c.html"])] if md4c.exists() else []
            if size == 10:
                peers += [("cmark-gfm", ["cmark-gfm", "FILE"]), ("pandoc", [*pandoc, "-f", "gfm", "-t", "html", "-o", folder / "p.html"])]
            one_file(calque, folder / f"{size}.md", "html", peers)
            one_file(calque, folder / f"{size}.html", "md", [("pandoc", [*pandoc, "-f", "html", "-t", "gfm", "-o", folder / "p.md"])] if size == 10 else [])
        if not VOLUME.exists():
            print(f"skipped: {VOLUME.name}, which lies in the corpus only")
            return
        volume = folder / VOLUME.name
        volume.write_bytes(VOLUME.read_bytes())
        for end in ("html", "epub"):
            subprocess.run([calque, "convert", volume, "-o", folder / f"volume.{end}"], check=True, stderr=subprocess.DEVNULL)
        from_html = ["pandoc", "--quiet", "-f", "html", folder / "volume.html"]
        one_file(calque, volume, "html", [("pandoc from HTML", [*from_html, "-t", "html", "-o", folder / "p.html"])])
        one_file(calque, volume, "epub", [("pandoc from HTML", [*from_html, "-t", "epub", "-o", folder / "p.epub"])])
        one_file(calque, folder / "volume.epub", "txt", [("pandoc", [*pandoc, "-t", "plain", "-o", folder / "p.txt"])])


def write_terms(folder, texts):
    """Some terms stand in the texts, about one in ten words; most are in none, but of the same words."""
    words = re.findall(r"\w+", " ".join(texts))
    met = dict.fromkeys(" ".join(words[k:k + 2 + k % 2]) for k in range(0, len(words) - 3, 7))
    invented = (f"{words[k % len(words)]} {words[7 * k % len(words)]}{k}" for k in range(10**6))
    terms = list(met)[:1500]
    terms += [next(invented) for _ in range(50_000 - len(terms))]
    (folder / "terms.txt").write_text("\n".join(terms) + "\n")
    write_repeated(folder / "terms-text.txt", texts, 100_000_000)


def make_inputs(build, folder, count):
    (folder / "records").mkdir()
    subprocess.run([build / "bin/make_records", folder / "records", str(count)], check=True, stdout=subprocess.DEVNULL)
    (folder / "editions.toml").write_text(editions_to(("markdown", "md"), ("html", "html"), ("tei", "xml"), ("epub", "epub")))
    subprocess.run([build / "bin/calque", "run", folder / "editions.toml", *sorted((folder / "records").glob("*.txt")), "--quiet",
                    "--no-fsync", "-o", folder / "editions"], check=True)
    write_terms(folder, [path.read_text() for path in sorted((folder / "records").glob("*.txt"))[:500]])
    texts = {kind: [path.read_text() for path in sorted((folder / "editions" / kind).iterdir())[:200]] for kind in ("markdown", "html")}
    markdown = [text.split("---\n", 2)[2] for text in texts["markdown"]]
    html = [re.search("<body>(.*)</body>", text, re.S)[1] for text in texts["html"]]
    for size in (10, 100):
        write_repeated(folder / f"{size}.md", markdown, size * 1_000_000)
        write_repeated(folder / f"{size}.html", html, size * 1_000_000,
                       '<!DOCTYPE html><html lang="en"><head><title>All</title></head><body>', "</body></html>")


if sys.argv[1] == "--inputs":
    make_inputs(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4]))
else:
    main()
