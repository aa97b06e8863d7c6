# SPDX-License-Identifier: Apache-2.0
"""Makes the editions of a record and reads them with readers that share no code with Calque."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

TEI = "{http://www.tei-c.org/ns/1.0}"


def corpus_or_skip(repository, name):
    """The folder `name` of the corpus; ends the test with 77 where there is no corpus."""
    root = pathlib.Path(os.environ.get("CALQUE_CORPUS", repository.parent / "shared" / "corpus"))
    if not (root / name).exists():
        print(f"skipped: {root / name} is not there, so no real record was tried")
        sys.exit(77)
    return root / name


class editions:
    """What `calque run` made of one record through the pipeline for minutes."""

    def __init__(self, calque, repository, record):
        self.source = record.read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            self.done = subprocess.run(
                [calque, "run", repository / "configs" / "diplomatic-minutes.toml", record, "-o", folder],
                capture_output=True, text=True, timeout=300)
            self.files = {p.name: p.read_bytes() for p in sorted(pathlib.Path(folder).rglob("*"))
                          if p.is_file() and ".calque" not in p.parts}

    def of(self, suffix):
        return next(content for name, content in self.files.items() if name.endswith(suffix))

    def json(self):
        return json.loads(self.of(".json"))

    def tei(self):
        return xml.fromstring(self.of(".xml"))


def annotations(edition, layer, *kinds):
    """Annotations of a layer, with the text that they cover and their values as a dictionary of lists."""
    text = edition["text"].encode()
    found = []
    for one in edition["layers"]:
        if one["name"] != layer:
            continue
        for a in one["annotations"]:
            if kinds and a["kind"] not in kinds:
                continue
            values = {}
            for value in a.get("values", []):
                values.setdefault(value["key"], []).append(value["value"])
            found.append({**a, "text": text[a["begin"]:a["end"]].decode(), "values": values})
    return sorted(found, key=lambda a: (a["begin"], -a["end"]))


def source_range(edition, begin, end):
    """The bytes of the source that text [begin, end) came from."""
    ranges = []
    for run in edition["origins"]:
        if run["end"] <= begin or run["begin"] >= end:
            continue
        if run["exact"]:
            ranges.append((run["source_begin"] + max(begin - run["begin"], 0),
                           run["source_end"] - max(run["end"] - end, 0)))
        else:
            ranges.append((run["source_begin"], run["source_end"]))
    return min(r[0] for r in ranges), max(r[1] for r in ranges)


def squeezed(text):
    return "".join(text.split())
