# SPDX-License-Identifier: Apache-2.0
"""Prints the words of an ExecStart= line, one a line, as systemd.service(5) and systemd.syntax(7) say that it reads them.

usage: unit_words.py FILE
"""
import sys

line = open(sys.argv[1], encoding="utf-8").read()
words, word, quote, k = [], None, None, 0
while k < len(line):
    c = line[k]
    k += 1
    if quote is None and c in " \t":
        if word is not None:
            words.append(word)
        word = None
    elif c == quote:
        quote = None
    elif quote is None and c in "\"'":
        quote, word = c, word or ""
    elif c == "\\":
        escaped = line[k]
        k += 1
        word = (word or "") + {"n": "\n", "t": "\t", "s": " ", "\\": "\\", '"': '"', "'": "'"}[escaped]
    else:
        word = (word or "") + c
assert quote is None, "a quote is open"
words += [word] if word is not None else []


def expand(word, is_program):
    out, k = "", 0
    while k < len(word):
        pair = word[k:k + 2]
        if pair == "%%" or (pair == "$$" and not is_program):
            out, k = out + pair[0], k + 2
            continue
        assert word[k] != "%" and (word[k] != "$" or is_program), f"{word!r} is expanded at {k}"
        out, k = out + word[k], k + 1
    return out


for number, word in enumerate(words):
    print(expand(word, number == 0))
