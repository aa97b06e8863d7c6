# SPDX-License-Identifier: Apache-2.0
"""Every record of the corpus, and the damaged forms of one: a clean result or a named diagnostic, and no letter lost.

usage: records_test.py CALQUE REPOSITORY
"""
import codecs
import json
import pathlib
import re
import sys

from edition import corpus_or_skip, editions

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
records = corpus_or_skip(repository, "records")
problems = []
LABELS = ("Citation", "Summary", "Credits", "Original Language", "Contents")


def letters(text):
    """Letters and digits but those of the labels of the page's head, which are kept as attributes."""
    text = text.replace("\u00ad", "").replace("\u00a0", " ")
    for label in LABELS:
        text = re.sub(rf"^[ \t]*{label}:?[ \t]*$", "", text, flags=re.M | re.I)
    return sorted(c for c in text if c.isalnum())


def decoded(name, source):
    if source.startswith(codecs.BOM_UTF16_LE):
        return source.decode("utf-16")
    return source.decode("windows-1252" if "cp1252" in name else "utf-8-sig")


tried = sorted(records.glob("*/*.record.txt")) + sorted((records / "variants").glob("*.txt"))
for record in tried:
    made = editions(calque, repository, record)
    code = made.done.returncode
    if code == 0:
        parts = [name for name in made.files if name.endswith(".json")]
        kept = "".join(json.loads(made.files[name])["text"] + "\n" for name in parts)
        want = re.sub("\r\n?", "\n", decoded(record.name, made.source))
        lost = len(letters(want)) - len(letters(kept))
        print(f"{record.name}: {len(made.files)} files" + (f", {lost} letters lost" if lost else ""))
        if letters(want) != letters(kept):
            problems.append(f"{record.name}: {lost} letters differ")
        if "two-records" in record.name and len(parts) != 2:
            problems.append(f"{record.name}: {len(parts)} documents instead of 2")
    else:
        named = re.findall(r"error\[([a-z.-]+)\]", made.done.stderr)
        print(f"{record.name}: exit {code}, {', '.join(named)}")
        if code not in (1, 66) or not named or made.files:
            problems.append(f"{record.name}: exit {code}, codes {named}, files {list(made.files)}")
        if record.stat().st_size > 0:
            problems.append(f"{record.name} does not come through: {made.done.stderr[:400]}")
if len(tried) < 20:
    problems.append(f"only {len(tried)} records were found")
print("\n".join(problems) or f"{len(tried)} records: all right")
sys.exit(1 if problems else 0)
