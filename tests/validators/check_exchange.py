#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Chunks and metadata of the samples, against their schemas and against the text; each check must refuse something too.

usage: check_exchange.py CALQUE REPOSITORY
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import unicodedata

import jsonschema

calque, root = sys.argv[1], pathlib.Path(sys.argv[2])
problems = []
PIPELINE = """
[pipeline]
name = "exchange"
[loss]
default = "warn"
[[stage]]
import = "record"
[[stage]]
annotate = "dates"
[[stage]]
export = "jsonl"
to = "{stem}.jsonl"
with = { size = 300, overlap = 60 }
[[stage]]
export = "dublin_core"
to = "{stem}.dc.json"
with = { form = "json" }
[[stage]]
export = "dublin_core"
id = "dc_xml"
to = "{stem}.dc"
"""


def letters(text):
    return collections.Counter(c for c in text if unicodedata.category(c)[0] in "LN")


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode != 0:
        problems.append(f"{' '.join(map(str, command))}: {done.stderr[:500]}")
    return done


def valid(tool):
    try:
        tool()
        return True
    except jsonschema.ValidationError:
        return False


schema = json.loads((root / "plugins/jsonl/chunk.schema.json").read_text())
check = jsonschema.Draft7Validator(schema)
rng = root / "plugins/dublin_core/oai_dc.rng"
jing = lambda path: subprocess.run(["jing", str(rng), str(path)], capture_output=True).returncode == 0
samples = sorted((root / "configs/samples").glob("*.txt"))
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "exchange.toml").write_text(PIPELINE)
    run(calque, "run", folder / "exchange.toml", *samples, "-o", folder / "out")
    for sample in samples:
        out = folder / "out" / sample.stem
        lines = [json.loads(line) for line in out.with_suffix(".jsonl").read_text().splitlines()]
        source = sample.read_bytes()
        for line in lines:
            problems += [f"{sample.name}: {e.message}" for e in check.iter_errors(line)]
            if len(line["text"]) > 300:
                problems.append(f"{sample.name}: a chunk of {len(line['text'])} characters")
            # The first word of a chunk stands in the bytes that it says it came from.
            word = line["text"].split()[-1]
            if not any(word.encode() in source[o["begin"]:o["end"]] for o in line["origin"]):
                problems.append(f"{sample.name}: {line['id']}: {word!r} is not where it came from")
        if len({line["id"] for line in lines}) != len(lines):
            problems.append(f"{sample.name}: two chunks have one id")
        # Whole text, no letter more or less: chunks without overlap against the JSON edition.
        whole = json.loads(run(calque, "convert", sample, "--to", "json").stdout)["text"]
        plain = [json.loads(line) for line in run(calque, "convert", sample, "--to", "jsonl").stdout.splitlines()]
        missing = letters(whole) - letters("".join(line["text"] for line in plain))
        if missing:
            problems.append(f"{sample.name}: chunks lack {sum(missing.values())} letters")
        dc = pathlib.Path(str(out) + ".dc")
        if not jing(dc):
            problems.append(f"{sample.name}: oai_dc.rng refuses its metadata")
        as_json = json.loads(pathlib.Path(str(out) + ".dc.json").read_text())
        if not as_json.get("title") or not all(v["value"] for values in as_json.values() for v in values):
            problems.append(f"{sample.name}: metadata as JSON lacks a value")
        if sum(map(len, as_json.values())) != dc.read_text().count("</dc:"):
            problems.append(f"{sample.name}: the two forms of metadata do not say the same")
    # What is wrong is refused.
    wrong = dict(lines[0])
    del wrong["origin"]
    if not list(check.iter_errors(wrong)):
        problems.append("the schema accepts a chunk without its origin")
    (folder / "wrong.dc").write_text(dc.read_text().replace("dc:title", "dc:heading"))
    if jing(folder / "wrong.dc"):
        problems.append("oai_dc.rng accepts an element that is none")

print("\n".join(problems) or f"{len(samples)} samples: all right")
if not samples:
    problems.append("no samples were found")
sys.exit(1 if problems else 0)
