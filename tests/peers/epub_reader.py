# SPDX-License-Identifier: Apache-2.0
"""Reads a book with zipfile and ElementTree, over the spine of its package; nothing is shared with Calque."""
import posixpath
import re
import urllib.parse
import xml.etree.ElementTree as xml
import zipfile

import html_reader
from pages import local, pages, says, without_names

READ = re.compile(r"xhtml|svg|dtbook|text/html|oeb1")


def parsed(data):
    """A file's tree; one that is no XML is read as HTML."""
    text = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.decode("utf-8-sig", "replace")
    try:
        return xml.fromstring(without_names(re.sub(r"^<\?xml[^>]*\?>", "", text.lstrip())))
    except xml.ParseError:
        return html_reader.tree(text)


def chosen(root):
    """Of an epub:switch, what any program shows: its default, else its first case."""
    for switch in [e for e in root.iter() if local(e.tag) == "switch"]:
        cases = [c for c in switch if local(c.tag) in ("case", "default")]
        keep = next((c for c in cases if local(c.tag) == "default"), cases[0] if cases else None)
        for case in cases:
            if case is not keep:
                tail = case.tail
                case.clear()
                case.tail = tail
    return root


def body_of(root):
    return next((e for e in root.iter() if local(e.tag) == "body"), root)


def without_lists(root):
    """A navigation document without its lists; none when no more than headings is left."""
    body = body_of(root)
    for parent in list(body.iter()):
        for nav in [e for e in parent if local(e.tag) == "nav"]:
            parent.remove(nav)
    rest = "".join("".join(e.itertext()) for e in body.iter() if re.fullmatch("h[1-6]", local(e.tag)))
    return root if words_of("".join(body.itertext())) != words_of(rest) else None


def words_of(text):
    return re.findall(r"\w+", text.casefold())


def says_again(root, told):
    """Whether a file calls itself a title page, has but words of the metadata, and shows nothing beside."""
    page = body_of(root)
    while not says(page) & {"titlepage", "halftitlepage"}:
        if len(page) != 1 or (page.text or "").strip() or (page[0].tail or "").strip():
            return False
        page = page[0]
    shown = {"img", "svg", "table", "math", "a"} & {local(e.tag) for e in page.iter()}
    return not shown and set(words_of(" ".join(page.itertext()))) <= told


def read(path):
    """What is read of a book: its lists of contents, and title pages that the metadata say again, are ways into it."""
    with zipfile.ZipFile(path) as archive:
        container = xml.fromstring(archive.read("META-INF/container.xml"))
        opf = next(e.get("full-path") for e in container.iter() if local(e.tag) == "rootfile")
        package = xml.fromstring(archive.read(opf))
        items = {e.get("id"): e for e in package.iter() if local(e.tag) == "item"}
        told = {w for e in package.iter() if local(e.tag) == "metadata" for w in words_of(" ".join(e.itertext()))}
        spine = sum(local(e.tag) == "itemref" for e in package.iter())
        known, trees = set(), []
        for reference in (e for e in package.iter() if local(e.tag) == "itemref"):
            item = items.get(reference.get("idref"))
            while item is not None and not READ.search(item.get("media-type")):
                item = items.get(item.get("fallback"))
            if item is None or item.get("id") in known:
                continue
            known.add(item.get("id"))
            href = urllib.parse.unquote(item.get("href"))
            name = posixpath.normpath(posixpath.join(posixpath.dirname(opf), href)).lstrip("/")
            if name in archive.namelist():
                tree = chosen(parsed(archive.read(name)))
                if "nav" in (item.get("properties") or "").split() and spine > 1:
                    tree = without_lists(tree)
                if tree is not None and not (spine > 1 and says_again(tree, told)):
                    trees.append((name, tree))
    return pages(trees).read()
