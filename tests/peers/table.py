# SPDX-License-Identifier: Apache-2.0
"""Every HTML, EPUB and TEI file of the corpus through Calque and pandoc, beside what an independent reader finds in it.

usage: table.py CALQUE CORPUS [--check] [FILE…]

Recall and precision of words, their order, and the shares of notes, tables, headings, links, images and pages that are
kept; the means of each format; and each file that falls short, with the reason that reasons.toml has for it. It fails
when a mean is below the aim, when a file falls short without a reason, or when a reason is not needed. With --check
pandoc is left out, and lines of files too. With files, those alone.
"""
import concurrent.futures
import os
import pathlib
import re
import shutil
import sys
import tomllib

import calque_reader
import epub_reader
import html_reader
import pandoc_reader
import tei_reader
from measure import THINGS, score

LEAST_RECALL, LEAST_PRECISION = 0.995, 0.99
READERS = {"html": html_reader, "epub": epub_reader, "tei": tei_reader}
FILES = (("html", "html", (".html", ".html5", ".htm", ".xhtml")), ("encodings", "html", (".html",)),
         ("epub", "epub", (".epub",)), ("tei", "tei", (".xml", ".tei")))
LEAST_FILES = 100


def form_of(path):
    return next((form for _, form, endings in FILES if path.suffix in endings), None)


def found_in(corpus):
    for folder, form, endings in FILES:
        for path in sorted((corpus / folder).rglob("*")):
            if path.suffix in endings:
                yield path, form


class row:
    """One file through all of them. What one of them refuses has no score, and no part in the means."""

    def __init__(self, calque, corpus, path, form, with_pandoc):
        self.name, self.form = os.path.relpath(path, corpus), form
        self.calque = self.pandoc = self.unread = self.refused = None
        self.is_empty = False
        try:
            wanted = READERS[form].read(path)
            self.is_empty = not wanted.words()
        except Exception as error:  # whatever a broken file does to a reader
            self.unread = f"{type(error).__name__}: {error}"
        try:
            found = calque_reader.read(calque, path, form)
        except calque_reader.failed as error:
            self.refused = str(error)
        if self.unread is not None or self.refused is not None:
            return
        self.calque = score(wanted, found)
        peer = pandoc_reader.read(path, form) if with_pandoc else None
        self.pandoc = score(wanted, peer) if peer is not None else None

    def faults(self):
        """What is below the aims, or below pandoc."""
        if self.refused is not None:
            # A verdict with a code is the answer to what the reader cannot read, or finds no word in.
            is_answer = re.search(r"error\[[a-z_]+\.[a-z-]+\]", self.refused) and (self.unread is not None or self.is_empty)
            return [] if is_answer else ["not read"]
        if self.unread is not None:
            return ["not read by the reader"]
        ours, theirs = self.calque, self.pandoc
        found = []
        if ours.recall < LEAST_RECALL:
            found.append(f"recall {ours.recall:.4f}")
        if ours.precision < LEAST_PRECISION:
            found.append(f"precision {ours.precision:.4f}")
        if ours.order < LEAST_RECALL:
            found.append(f"order {ours.order:.4f}")
        found += [f"{thing} {share:.3f}" for thing, share in ours.shares.items() if share < 1]
        # A link around several blocks is one of each of them.
        found += [f"{count} {thing} too many" for thing, count in ours.added.items() if thing != "links"]
        if theirs is not None:
            for what in ("recall", "precision", "order"):
                if getattr(ours, what) < getattr(theirs, what):
                    found.append(f"{what} below pandoc's")
            found += [f"{thing} below pandoc's" for thing in ours.shares if ours.shares[thing] < theirs.shares[thing]]
        return found

    def line(self):
        cells = [f"{self.name[-50:]:50}"]
        for one in (self.calque, self.pandoc):
            if one is None:
                cells.append(f"{'-':^20}" + f"{'':{6 * len(THINGS)}}")
                continue
            shares = "".join(f"{one.shares[t]:6.2f}" if t in one.shares else "     ." for t in THINGS)
            cells.append(f"{one.recall:6.4f} {one.precision:6.4f} {one.order:6.4f}{shares}")
        return " | ".join(cells)


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")


def means(rows):
    for form in READERS:
        for who in ("calque", "pandoc"):
            scores = [s for r in rows if r.form == form and (s := getattr(r, who)) is not None]
            if scores:
                shares = "  ".join(f"{t} {mean(s.shares[t] for s in scores if t in s.shares):.3f}" for t in THINGS
                                   if any(t in s.shares for s in scores))
                yield form, who, len(scores), mean(s.recall for s in scores), mean(s.precision for s in scores), \
                    mean(s.order for s in scores), shares


def main():
    calque, corpus, *rest = sys.argv[1:]
    corpus, is_check = pathlib.Path(os.environ.get("CALQUE_CORPUS", corpus)), "--check" in rest
    chosen = [(path, form_of(path)) for path in map(pathlib.Path, rest) if str(path) != "--check"]
    if not chosen and not (corpus / "html").is_dir():
        print(f"skipped: {corpus} is not there, so no real file was tried")
        return 77
    with_pandoc = not is_check and shutil.which("pandoc") is not None
    reasons = tomllib.loads((pathlib.Path(__file__).parent / "reasons.toml").read_text(encoding="utf-8"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(lambda one: row(calque, corpus, *one, with_pandoc), chosen or found_in(corpus)))
    if not is_check:
        columns = f"{'recall':6} {'prec.':6} {'order':6}" + "".join(f"{t[:5]:>6}" for t in THINGS)
        print(f"{'':50} | {'Calque: ' + columns} | {'pandoc: ' + columns}")
        print("\n".join(r.line() for r in rows))
    bad = []
    for form, who, count, recall, precision, order, shares in means(rows):
        others = sum(r.form == form for r in rows) - count
        print(f"mean of {count:3} {form:4} by {who} ({others:2} not read): recall {recall:.4f}, precision {precision:.4f}, "
              f"order {order:.4f}; {shares}")
        if who == "calque" and not chosen and (recall < LEAST_RECALL or precision < LEAST_PRECISION):
            bad.append(f"the mean of {form} is below the aim")
    print("below an aim, or below pandoc:")
    for one in rows:
        if faults := one.faults():
            print(f"  {one.name}: {', '.join(faults)}: {reasons.get(one.name, 'NO REASON')}")
            if one.name not in reasons:
                bad.append(f"{one.name} falls short without a reason")
        elif with_pandoc and one.name in reasons:
            bad.append(f"{one.name} has a reason and needs none")
    if not chosen and len(rows) < LEAST_FILES:
        bad.append(f"only {len(rows)} files were found")
    print("\n".join(bad) or f"{len(rows)} files: all right")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
