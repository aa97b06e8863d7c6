# SPDX-License-Identifier: Apache-2.0
"""Compares the layout of calque.h with layout_1.txt: the size of each struct, the offset and size of each member, the
value of each enumerator.

The members are read from the header itself, so none can be forgotten. After a change that is meant:

    python3 tests/abi/layout.py --update
"""
import argparse
import difflib
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEADER = HERE.parent.parent / "sdk/include/calque/calque.h"
RECORD = HERE / "layout_1.txt"


def without_comments(text):
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def member_names(body):
    """The names that a struct's body declares, in order."""
    names = []
    for declaration in split_outside_parentheses(body, ";"):
        if not declaration.strip():
            continue
        function = re.search(r"\(\s*CALQUE_CALL\s*\*\s*(\w+)\s*\)\s*\(", declaration)
        if function:
            names.append(function.group(1))
            continue
        for declarator in declaration.split(","):
            names.append(re.findall(r"\w+", re.sub(r"\[.*?\]", "", declarator))[-1])
    return names


def split_outside_parentheses(text, separator):
    parts, depth, start = [], 0, 0
    for at, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == separator and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return parts + [text[start:]]


def structs(text):
    return [(m.group(1), member_names(m.group(2))) for m in re.finditer(r"struct\s+(\w+)\s*\{(.*?)\}", text, flags=re.S)]


def enumerators(text):
    names = ["CALQUE_" + m.group(1) for m in re.finditer(r"\bX\((\w+), \w+, \d+, \w+\)", text)]
    for body in re.findall(r"\benum\s*\{(.*?)\}", text, flags=re.S):
        body = body.replace("CALQUE_KINDS(CALQUE_KIND_ENTRY)", "")
        for entry in body.split(","):
            if entry.strip():
                names.append(re.match(r"\s*(\w+)", entry).group(1))
    return names


def program(text):
    lines = ["#include <calque/calque.h>", "#include <stdio.h>", "#define SIZE(s, m) sizeof(((s *)0)->m)", "int main(void) {"]
    for name, members in structs(text):
        lines.append(f'  printf("{name} %zu\\n", sizeof({name}));')
        for member in members:
            lines.append(f'  printf("  {member} %zu %zu\\n", offsetof({name}, {member}), SIZE({name}, {member}));')
    for name in enumerators(text):
        lines.append(f'  printf("{name} %d\\n", (int){name});')
    return "\n".join(lines + ["  return 0;", "}", ""])


def layout(compiler):
    text = without_comments(HEADER.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder, "layout.c"), pathlib.Path(folder, "layout")
        source.write_text(program(text), encoding="utf-8")
        subprocess.run([compiler, "-std=c11", "-w", f"-I{HEADER.parent.parent}", str(source), "-o", str(binary)], check=True)
        return subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--compiler", default="cc")
    options.add_argument("--update", action="store_true", help="write layout_1.txt anew")
    given = options.parse_args()
    now = layout(given.compiler)
    if given.update:
        RECORD.write_text(now, encoding="utf-8")
        return 0
    recorded = RECORD.read_text(encoding="utf-8")
    if now == recorded:
        print(f"{len(now.splitlines())} lines as recorded")
        return 0
    sys.stdout.writelines(difflib.unified_diff(recorded.splitlines(True), now.splitlines(True), RECORD.name, "calque.h"))
    print("the layout has changed: plugins that are built already would break. If that is meant: layout.py --update")
    return 1


if __name__ == "__main__":
    sys.exit(main())
