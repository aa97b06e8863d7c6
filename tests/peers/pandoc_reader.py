# SPDX-License-Identifier: Apache-2.0
"""What pandoc makes of a file: `pandoc -t json`, and that tree. Its notes have no sign; as its writers do, they are numbered."""
import html
import json
import re
import subprocess

from measure import reading

PARTS = set("Plain Para CodeBlock RawBlock BlockQuote OrderedList BulletList DefinitionList Header HorizontalRule Table Div "
            "LineBlock".split())


class tree:
    def __init__(self):
        self.into, self.notes = reading(), 0

    def walk(self, value):
        if isinstance(value, list):
            is_blocks = bool(value) and isinstance(value[0], dict) and value[0].get("t") in PARTS
            if is_blocks:
                self.into.part()
            for one in value:
                self.walk(one)
            if is_blocks:
                self.into.part()
        elif isinstance(value, dict):
            self.node(value["t"], value.get("c"))

    def node(self, kind, content):
        into = self.into
        if kind == "Str":
            into.put(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            into.put(" ")
        elif kind in ("Code", "CodeBlock", "RawInline", "RawBlock", "Math"):
            text = content[1]
            if kind.startswith("Raw"):
                text = html.unescape(re.sub(r"<[^>]*>", " ", text))
            into.put(f" {text} " if kind in ("Math", "CodeBlock") else text)
        elif kind == "Note":
            self.notes += 1
            into.call(self.notes, str(self.notes))
            outer = into.begin_note(self.notes)
            self.walk(content)
            into.end_note(outer)
        elif kind in ("Span", "Div") and self.is_page(content[0]):
            into.counts["pages"] += 1
        else:
            into.counts["links"] += kind == "Link"
            into.counts["images"] += kind == "Image"
            into.counts["headings"] += kind == "Header"
            into.counts["tables"] += kind == "Table"
            is_part = kind in PARTS or kind == "Image"
            if is_part:
                into.part()
            self.walk(content[1] if kind in ("Cite", "Quoted") else content)
            if is_part:
                into.part()

    @staticmethod
    def is_page(attributes):
        named = dict(attributes[2])
        return "pagebreak" in named.get("epub:type", named.get("type", "")) or "doc-pagebreak" in named.get("role", "")


def read(path, form):
    """Nothing, where pandoc does not read the form or fails."""
    if form not in ("html", "epub"):
        return None
    done = subprocess.run(["pandoc", "-f", form, "-t", "json", path], capture_output=True, timeout=300)
    if done.returncode != 0:
        return None
    made = tree()
    made.walk(json.loads(done.stdout)["blocks"])
    return made.into
