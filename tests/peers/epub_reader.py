# SPDX-License-Identifier: Apache-2.0
"""Reads a book with zipfile and ElementTree, over the spine of its package; nothing is shared with Calque."""
import posixpath
import re
import urllib.parse
import xml.etree.ElementTree as xml
import zipfile

import html_reader
from pages import local, pages, without_names

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


def read(path):
    with zipfile.ZipFile(path) as archive:
        container = xml.fromstring(archive.read("META-INF/container.xml"))
        opf = next(e.get("full-path") for e in container.iter() if local(e.tag) == "rootfile")
        package = xml.fromstring(archive.read(opf))
        items = {e.get("id"): e for e in package.iter() if local(e.tag) == "item"}
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
                trees.append((name, chosen(parsed(archive.read(name)))))
    return pages(trees).read()
