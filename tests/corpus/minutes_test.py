# SPDX-License-Identifier: Apache-2.0
"""The record of 29 April 1962: what a careful reader finds in it, Calque finds too.

usage: minutes_test.py CALQUE REPOSITORY
"""
import collections
import pathlib
import re
import sys

from edition import TEI, annotations, corpus_or_skip, editions, source_range, squeezed

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
made = editions(calque, repository, corpus_or_skip(repository, "records") / "minutes-1962-04-29.txt")
problems = []


def expect(what, found, wanted):
    print(f"{what}: {found}")
    if found != wanted:
        problems.append(f"{what}: {found!r} instead of {wanted!r}")


expect("exit code", made.done.returncode, 0)
if made.done.returncode != 0:
    print(made.done.stderr)
    sys.exit(1)
source = made.source.decode()
json, tei = made.json(), made.tei()
body = source.split("Translation - English", 1)[1]

# Speeches, each with its speaker, as TEI says it and as the labels of the source say it.
speeches = tei.findall(f".//{TEI}sp")
expect("speeches by speaker", dict(collections.Counter(sp.get("who") for sp in speeches)),
       {"#zhang": 16, "#chervonenko": 15, "#xu": 2})
labels = re.findall(r"^(?:[^\n:(]*?)(Zhang|Chervonenko|Xu)(?: Ming)?(?: \(hereinafter[^)]*\))?: ", body, re.M)
expect("speakers in order", [sp.get("who")[1:] for sp in speeches], [label.lower() for label in labels])
expect("stage directions", len(tei.findall(f".//{TEI}stage")), 1)
expect("subtitles", [("".join(h.itertext()))[:10] for h in tei.findall(f".//{TEI}head[@type='sub']")],
       ["- Represen", "(The Sovie"])

# Paragraphs that a page cut: joined, with the break before the first word of the second page.
pages = annotations(json, "calque.page/1", "page")
text = json["text"].encode()
expect("page breaks", [text[p["begin"]:].decode()[:7] for p in pages], ["whether", "is this", "this ye"])
paragraphs = [n for n in json["nodes"] if n["kind"] == "paragraph"]
expect("breaks within a paragraph", [any(n["begin"] < p["begin"] < n["end"] for n in paragraphs) for p in pages], [True] * 3)

# Brackets.
brackets = [b for b in annotations(json, "calque.editorial/1") if b["kind"] != "marked"]
in_body = [b for b in brackets if b["text"] != "[...]"]
expect("brackets of the body", len(in_body), 24)
kinds = collections.Counter(b["kind"] for b in in_body)
expect("kinds", (kinds["sic"], kinds["variant_name"], kinds["supplied"] + kinds["gloss"]), (1, 4, 19))
expect("before the body", [(b["text"], b["kind"]) for b in brackets if b not in in_body], [("[...]", "omitted")])
marked = {a["id"]: a["text"] for a in annotations(json, "calque.editorial/1", "marked")}
expect("variant names", [(marked[int(b["values"]["marks"][0])], b["text"]) for b in in_body if b["kind"] == "variant_name"],
       [("Tacheng", "[Qoqek]"), ("Emin", "[Dörbiljin]"), ("Yumin", "[Chaghantoqay]"), ("Huocheng", "[Korgas]")])

# The meeting.
dates = [a for a in annotations(json, "calque.date/1") if "meeting" in a["values"].get("part", [])]
expect("meeting", [a["values"]["edtf"] for a in dates], [["1962-04-29T17:50/1962-04-29T19:50"]])
printed = " ".join(dates[0]["values"]["printed"]) if dates else ""
expect("printed times", ("5:50 p.m." in printed, "7.50 p.m." in printed), (True, True))
people = {tuple(a["values"].get("part", [])): a["values"]["full"][0] for a in annotations(json, "calque.name/1", "person")}
expect("interpreter", people.get(("interpreter",)), "Wang Gaoqing")
expect("writer of the minutes", people.get(("writer",)), "Li Guanru")
expect("participant", [full for part, full in people.items() if "participant" in part], ["Deputy Section Director Xu Ming"])
venues = [a["text"] for a in annotations(json, "calque.name/1", "place") if "venue" in a["values"].get("part", [])]
expect("venue", venues, ["Meeting Room, Ministry of Foreign Affairs"])

# The head, to the letter.
fields = {f["key"]: f["value"] for f in json["fields"]}
head = source.split("Contents:", 1)[0]
for key, pattern in {"date": r"^(\w+ \d+, \d{4})$", "bibliographic_citation": r"Citation:\n\n(.*)\n",
                     "identifier": r"<(.*)>", "abstract": r"Summary:\n\n(.*)\n", "calque.credits": r"Credits:\n\n(.*)\n",
                     "calque.original_language": r"Original Language:\n\n(.*)\n"}.items():
    expect(key, fields.get(key), re.search(pattern, head, re.M).group(1))
expect("title", fields.get("title"), " ".join(re.search(r"\*\*(.*?)\*\*", head, re.S).group(1).split()))
expect("contents", fields.get("calque.contents"), "Translation - English")

# Every word of the body is in the TEI, in order; and errors of the translation stay.
words = squeezed("".join(tei.find(f".//{TEI}body").itertext()))
expect("the body's words in the TEI", words == squeezed(body), True)
expect("typing errors stay", "but it they have happened" in json["text"], True)

# From any word to its bytes in the source. Words lie in leaves: between blocks the text has no separator.
lost = tried = 0
for leaf in json["nodes"]:
    if leaf["kind"] != "text":
        continue
    for word in re.finditer(r"[^\W_]+", text[leaf["begin"]:leaf["end"]].decode()):
        before = text[leaf["begin"]:leaf["end"]].decode()[:word.start()]
        begin = leaf["begin"] + len(before.encode())
        first, last = source_range(json, begin, begin + len(word.group().encode()))
        tried += 1
        lost += made.source[first:last].decode() != word.group()
expect("words that were looked for", tried > 3000, True)
expect("words whose bytes are not found in the source", lost, 0)

print("\n".join(problems) or "all as it should be")
sys.exit(1 if problems else 0)
