# SPDX-License-Identifier: Apache-2.0
"""Judges XML by the rules of a Schematron schema with XSLT 2 (ISO 19757-3), by a stylesheet that is made of it, and Saxon.

What rules ask of a service on the network is not asked: `without` names the variables that hold its answers, and each
assertion that looks at one of them is left out.
"""
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ET

SAXON = pathlib.Path("/usr/share/java/Saxon-HE.jar")
SCHEMATRON, XSLT = "{http://purl.oclc.org/dsdl/schematron}", "{http://www.w3.org/1999/XSL/Transform}"


def is_there():
    return SAXON.exists()


def add(parent, name, /, **attributes):
    return ET.SubElement(parent, XSLT + name, attributes)


def say(parent, text):
    add(parent, "text").text = text


def add_lets(parent, within, without):
    for let in within.findall(SCHEMATRON + "let"):
        value = "()" if let.get("name") in without else let.get("value")
        add(parent, "variable", name=let.get("name"), select=value)


def add_test(template, pattern, test, without):
    asked = test.get("test")
    if any("$" + name in asked for name in without):
        return
    failed = add(template, "if", test=f"not({asked})" if test.tag == SCHEMATRON + "assert" else asked)
    say(failed, f"{pattern.get('id')}\t")
    add(failed, "value-of", select="string-join(for $a in ancestor-or-self::* return concat(name($a), '[', $a/@xml:id, ']'), '/')")
    say(failed, "\t" + " ".join((test.text or "").split()) + " ")
    for part in test:
        if part.tag == SCHEMATRON + "value-of":
            add(failed, "value-of", select=part.get("select"))
        say(failed, " " + " ".join((part.tail or "").split()))
    say(failed, "\n")


def stylesheet(schema, to, without=()):
    """A pattern becomes a mode: a node is judged by the first rule in it that it matches."""
    root = ET.parse(schema).getroot()
    sheet = ET.Element(XSLT + "stylesheet", {"version": "2.0"})
    add(sheet, "output", method="text")
    # Functions that the rules call, and what these read.
    sheet.extend(child for child in root if not child.tag.startswith(SCHEMATRON))
    add_lets(sheet, root, without)
    start = add(sheet, "template", match="/")
    for k, pattern in enumerate(root.iter(SCHEMATRON + "pattern")):
        mode = f"pattern-{k}"
        add(start, "apply-templates", select="//node()|//@*", mode=mode)
        add(sheet, "template", match="node()|@*", mode=mode, priority="0")
        rules = pattern.findall(SCHEMATRON + "rule")
        for place, rule in enumerate(rules):
            template = add(sheet, "template", match=rule.get("context"), mode=mode, priority=str(len(rules) - place))
            add_lets(template, rule, without)
            for test in rule:
                if test.tag in (SCHEMATRON + "assert", SCHEMATRON + "report"):
                    add_test(template, pattern, test, without)
    # Prefixes stand in expressions too, where the serializer does not see them.
    names = {one.get("prefix"): one.get("uri") for one in root.iter(SCHEMATRON + "ns")}
    names |= {"xsl": XSLT[1:-1], "xs": "http://www.w3.org/2001/XMLSchema"}
    for prefix, uri in names.items():
        ET.register_namespace(prefix, uri)
    text = ET.tostring(sheet, encoding="unicode")
    head = text[:text.index(">")]
    missing = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in names.items() if f"xmlns:{prefix}=" not in head)
    to.write_text(re.sub("^<xsl:stylesheet", "<xsl:stylesheet" + missing, text))


def failures(sheet, folder, to):
    """[(file, pattern, place, message)] of all files in a folder; `to` is a new folder for what Saxon writes."""
    to.mkdir()
    done = subprocess.run(["java", "-cp", SAXON, "net.sf.saxon.Transform", f"-s:{folder}", f"-xsl:{sheet}", f"-o:{to}"],
                          capture_output=True, text=True, timeout=300)
    reports = sorted(to.iterdir())
    if done.returncode != 0 or len(reports) != len(list(pathlib.Path(folder).iterdir())):
        raise RuntimeError(f"Saxon: {done.stderr[:600]}")
    return [(report.name, *line.split("\t")) for report in reports for line in report.read_text().splitlines()]
