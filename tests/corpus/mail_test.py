# SPDX-License-Identifier: Apache-2.0
"""Mail through Calque and through Python's parser: the same headers, the same words, the same names of attachments.

usage: mail_test.py CALQUE REPOSITORY
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, str(repository / "tests" / "peers"))
from measure import words  # noqa: E402

PIPELINE = """[pipeline]
name = "mail"
[[stage]]
import = "eml"
with = { alternative = "plain" }
[[stage]]
export = "json"
to = "{stem}-{part}.json"
[loss]
default = "warn"
"""
problems = []


def is_message(edition):
    return not any(f["key"] == "calque.container" for f in edition["fields"])


def body_of(edition):
    """Text of the main flow: leaves outside of asides, blocks parted."""
    text, nodes = edition["text"].encode(), edition["nodes"]
    aside = set()
    out = []
    for n in nodes:
        if n["kind"] == "aside" or n.get("parent") in aside:
            aside.add(n["id"])
        elif n["kind"] in ("paragraph", "line"):
            out.append(text[n["begin"]:n["end"]].decode())
    return "\n".join(out)


def imported(path, folder):
    pipeline = pathlib.Path(folder, "mail.toml")
    pipeline.write_text(PIPELINE, encoding="utf-8")
    done = subprocess.run([calque, "run", pipeline, path, "-o", pathlib.Path(folder, "out"), "--in-process"],
                          capture_output=True, text=True, timeout=300)
    made = sorted(pathlib.Path(folder, "out").glob("*.json"), key=lambda p: int(p.stem.rsplit("-", 1)[1]))
    return done, [json.loads(p.read_text(encoding="utf-8")) for p in made]


def compare(path):
    said = subprocess.run([sys.executable, repository / "tests" / "peers" / "eml_reader.py", path], capture_output=True,
                          text=True, check=True, timeout=60)
    expected = json.loads(said.stdout)
    with tempfile.TemporaryDirectory() as folder:
        done, editions = imported(path, folder)
    if done.returncode not in (0, 1) or not editions:
        problems.append(f"{path.name}: exit {done.returncode}: {done.stderr[:500]}")
        return
    messages = [e for e in editions if is_message(e)]
    if len(messages) != len(expected):
        problems.append(f"{path.name}: {len(messages)} messages instead of {len(expected)}")
        return
    for number, (ours, theirs) in enumerate(zip(messages, expected), 1):
        for key, values in theirs["fields"].items():
            found = [w for f in ours["fields"] if f["key"] == key for w in words(f["value"])]
            if found != [w for v in values for w in v]:
                problems.append(f"{path.name}, message {number}: {key} is {found}, not {values}")
        if words(body_of(ours)) != theirs["words"]:
            problems.append(f"{path.name}, message {number}: words of the body differ:\n  {words(body_of(ours))}\n  {theirs['words']}")
        names = [f["value"] for f in ours["fields"] if f["key"] == "calque.attachment"]
        if names != theirs["attachments"]:
            problems.append(f"{path.name}, message {number}: attachments {names}, not {theirs['attachments']}")
    print(f"{path.name}: {len(messages)} messages, {len(editions) - len(messages)} other documents")


tried = sorted((repository / "configs" / "samples").glob("*.eml")) + sorted((repository / "configs" / "samples").glob("*.mbox"))
corpus = pathlib.Path(os.environ.get("CALQUE_CORPUS", repository.parent / "shared" / "corpus"))
if (corpus / "eml").exists():
    tried += sorted((corpus / "eml").iterdir())
else:
    print(f"{corpus / 'eml'} is not there, so only the samples were tried")
for one in tried:
    compare(one)
for one in sorted((corpus / "hostile" / "eml").glob("*")):
    with tempfile.TemporaryDirectory() as place:
        ended, _ = imported(one, place)
    print(f"{one.name}: exit {ended.returncode}")
    if ended.returncode not in (0, 1):
        problems.append(f"{one.name}: exit {ended.returncode}: {ended.stderr[:500]}")
print("\n".join(problems) or f"{len(tried)} files: all right")
sys.exit(1 if problems else 0)
