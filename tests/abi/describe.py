# SPDX-License-Identifier: Apache-2.0
"""Compares what each plugin says of itself with descriptions/NAME.json, so that a changed option, code or layer shows
up in review. After a change that is meant:

    python3 tests/abi/describe.py --program PROGRAM --plugins FOLDER --update
"""
import argparse
import difflib
import json
import pathlib
import subprocess
import sys

RECORDS = pathlib.Path(__file__).resolve().parent / "descriptions"
MARK = "calque-description "


def describe(program, plugin):
    """The description in a form that reviewers can read; without what differs between machines."""
    said = subprocess.run([program, "__describe", str(plugin)], check=True, capture_output=True, text=True).stdout
    report = json.loads(next(line for line in said.splitlines() if line.startswith(MARK))[len(MARK):])
    if "errors" in report:
        raise SystemExit(f"{plugin}: {report['errors']}")
    description = report["description"]
    del description["built_with"]
    return json.dumps(description, indent=2, ensure_ascii=False) + "\n"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--program", required=True, help="calque, or anything that knows its verb __describe")
    options.add_argument("--plugins", required=True, type=pathlib.Path, help="the folder of the plugins")
    options.add_argument("--update", action="store_true", help="write the records anew")
    given = options.parse_args()
    now = {path.stem: describe(given.program, path) for path in sorted(given.plugins.glob("*.calque"))}
    if not now:
        raise SystemExit(f"no plugins in {given.plugins}")
    if given.update:
        RECORDS.mkdir(exist_ok=True)
        for old in RECORDS.glob("*.json"):
            old.unlink()
        for name, text in now.items():
            (RECORDS / f"{name}.json").write_text(text, encoding="utf-8")
        return 0
    before = {path.stem: path.read_text(encoding="utf-8") for path in RECORDS.glob("*.json")}
    changed = False
    for name in sorted(before.keys() | now.keys()):
        difference = list(difflib.unified_diff(before.get(name, "").splitlines(True), now.get(name, "").splitlines(True),
                                               f"descriptions/{name}.json", f"{name}.calque"))
        changed |= bool(difference)
        sys.stdout.writelines(difference)
    if changed:
        print("a plugin describes itself otherwise than recorded. If that is meant: describe.py --update")
    else:
        print(f"{len(now)} plugins as recorded")
    return int(changed)


if __name__ == "__main__":
    sys.exit(main())
