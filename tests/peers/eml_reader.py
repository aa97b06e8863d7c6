# SPDX-License-Identifier: Apache-2.0
"""Reads mail with Python's own parser, which shares no code with Calque, and prints what it says as JSON.

usage: eml_reader.py FILE

One object a message, in order: `fields` (key → values, by the names that Calque gives them), `words` of the plain body
(without marks of quotes), and `attachments` (the names of the parts that are none of the body).
"""
import email
import email.header
import email.policy
import json
import mailbox
import pathlib
import re
import sys

from measure import words

FIELDS = {"subject": "title", "message-id": "identifier", "in-reply-to": "relation", "to": "calque.to"}


def decoded(part):
    raw = part.get_payload(decode=True) or b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "windows-1252"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError):
            pass
    return raw.decode("latin-1")


def bodies(message, found):
    """The parts that are read as the body, and the names of all others."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        parts = message.get_payload()
        plain = [p for p in parts if p.get_content_type() == "text/plain"]
        if message.get_content_subtype() == "alternative" and plain:
            parts = plain[:1]
        for part in parts:
            bodies(part, found)
    elif message.get_content_type() == "text/plain" and message.get_content_disposition() != "attachment":
        text = decoded(message)
        found["text"] += "\n".join(line.lstrip("> ") for line in text.splitlines()) + "\n"
    elif message.get_filename():
        found["attachments"].append(message.get_filename())


def read(message):
    fields = {}
    for name, key in FIELDS.items():
        for raw in message.get_all(name, []):
            text = str(email.header.make_header(email.header.decode_header(raw)))
            fields.setdefault(key, []).append(words(text))
    found = {"text": "", "attachments": []}
    bodies(message, found)
    return {"fields": fields, "words": words(found["text"]), "attachments": found["attachments"]}


def messages(path):
    bytes_ = path.read_bytes()
    if not bytes_.startswith(b"From "):
        return [email.message_from_bytes(bytes_, policy=email.policy.compat32)]
    box = mailbox.mbox(path, create=False)
    # mboxrd, which the standard library does not undo.
    return [email.message_from_bytes(re.sub(rb"(?m)^>(>*From )", rb"\1", box.get_bytes(key)), policy=email.policy.compat32)
            for key in box.keys()]


if __name__ == "__main__":
    json.dump([read(m) for m in messages(pathlib.Path(sys.argv[1]))], sys.stdout, ensure_ascii=False, indent=1)
    print()
