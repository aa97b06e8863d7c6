# SPDX-License-Identifier: Apache-2.0
"""Checks a folder against RFC 8493 (BagIt 1.0), from the RFC alone. A line for each fault; exit code 1 when there is one.

usage: check_bag.py FOLDER
"""
import hashlib
import os
import re
import sys

bag = os.fsencode(sys.argv[1])
faults = []


def fault(kind, what):
    faults.append(f"{kind}: {what}")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines(name):
    with open(os.path.join(bag, name), "rb") as file:
        text = file.read().decode("utf-8")
    if text and not text.endswith("\n"):
        fault("tag-file", f"{name!r} does not end with a line end")
    # Line ends are LF, CR or CRLF; other characters that end lines elsewhere are part of a path.
    return re.split(r"\r\n|\r|\n", text)[:-1]


def read_manifest(name):
    entries = {}
    for line in lines(name):
        match = re.fullmatch(r"([0-9a-fA-F]{64})[ \t]+([^ \t].*)", line)
        if not match:
            fault("manifest", f"{name!r} has the line {line!r}")
            continue
        path = match[2].encode("utf-8")
        if re.search(rb"%(?!0[AaDd]|25)", path):
            fault("manifest", f"{path!r} has a % that encodes nothing")
        path = re.sub(rb"%(0[AaDd]|25)", lambda m: bytes([int(m[1], 16)]), path)
        if path.startswith((b"/", b"~")) or b".." in path.split(b"/"):
            fault("manifest", f"{path!r} leads out of the bag")
        if path in entries:
            fault("manifest", f"{path!r} stands twice in {name!r}")
        entries[path] = match[1].lower()
    return entries


def check_digests(entries, what):
    for path, expected in entries.items():
        full = os.path.join(bag, path)
        if not os.path.isfile(full) or os.path.islink(full):
            fault("file-missing", f"{path!r}, which {what} names")
        elif digest(full) != expected:
            fault("checksum-mismatch", f"{path!r}")


if lines(b"bagit.txt") != ["BagIt-Version: 1.0", "Tag-File-Character-Encoding: UTF-8"]:
    fault("tag-file", "bagit.txt does not declare a bag")
info = {}
for line in lines(b"bag-info.txt"):
    match = re.fullmatch(r"([^:\s][^:]*): (.*)", line)
    if not match:
        fault("tag-file", f"bag-info.txt has the line {line!r}")
    else:
        info[match[1]] = match[2]

payload = read_manifest(b"manifest-sha256.txt")
check_digests(payload, "the manifest")
for path in payload:
    if not path.startswith(b"data/"):
        fault("manifest", f"{path!r} is not below data/")
size = count = 0
if not os.path.isdir(os.path.join(bag, b"data")):
    fault("file-missing", "data/")
for folder, _, names in os.walk(os.path.join(bag, b"data")):
    for name in names:
        path = os.path.relpath(os.path.join(folder, name), bag)
        size, count = size + os.path.getsize(os.path.join(folder, name)), count + 1
        if path not in payload:
            fault("unexpected-file", f"{path!r}")
if "Payload-Oxum" in info and info["Payload-Oxum"] != f"{size}.{count}":
    fault("oxum", f"{info['Payload-Oxum']} is said, {size}.{count} is there")
if "Bagging-Date" in info and not re.fullmatch(r"\d{4}-\d\d-\d\d", info["Bagging-Date"]):
    fault("tag-file", f"Bagging-Date is {info['Bagging-Date']}")

tags = read_manifest(b"tagmanifest-sha256.txt")
check_digests(tags, "the tag manifest")
for name in (b"bagit.txt", b"bag-info.txt", b"manifest-sha256.txt"):
    if name not in tags:
        fault("manifest", f"the tag manifest does not name {name!r}")

print("\n".join(faults) or f"{count} files, {size} bytes: a bag")
sys.exit(1 if faults else 0)
