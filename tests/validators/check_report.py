# SPDX-License-Identifier: Apache-2.0
"""The report of a run, read by the Nu HTML checker: usual records, hostile ones, and none to speak of."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
from check_editions import fail, need, nu, read  # noqa: E402
from run_records import as_bytes, records  # noqa: E402

EVIL = "<script>'\"&\x1b\u202e\0]]>--><b>\u05d0.txt"


def hostile():
    lines = records(ok=3, failed=3)
    for line in lines:
        for key, value in line.items():
            if isinstance(value, str) and key not in ("event", "schema"):
                line[key] = EVIL
        for stage in line.get("stages", []) + line.get("diagnostics", []):
            for key in stage:
                stage[key] = EVIL
    lines[-1]["counts"] = {EVIL: 1}
    lines.insert(1, {"event": "notice", "level": EVIL, "code": EVIL, "message": EVIL})
    return lines


def main():
    need("java")
    program = os.environ["CALQUE_PROGRAM"]
    usual = records(ok=40, failed=30)
    usual[3].update(status="ok-with-warnings", ledger=[{"stage": "tei", "code": "tei.page", "thing": "page", "effect": "dropped",
                                                        "count": 3, "letters_before": 9, "letters_after": 1, "bytes": 4}],
                    diagnostics=[{"level": "warning", "code": "a.b", "message": "m", "stage": "tei"}], peak_kib=4000,
                    stages=[{"name": "tei", "action": "ran", "ms": 1.25}])
    many = records(ok=3000, failed=10)
    cases = {"usual": usual, "many": many, "hostile": hostile(), "begun": records(ok=0, failed=0, outcome=None),
             "good": records(ok=2, failed=0), "cut": records(ok=5, failed=1, outcome=None)}
    with tempfile.TemporaryDirectory() as place:
        pages = []
        for name, lines in cases.items():
            runs = os.path.join(place, name, ".calque", "runs")
            for run, events in (("1", records(ok=20, failed=60)), ("2", lines)):
                os.makedirs(os.path.join(runs, run))
                with open(os.path.join(runs, run, "events.ndjson"), "wb") as file:
                    file.write(as_bytes(events))
            pages.append(os.path.join(place, name + ".html"))
            subprocess.run([program, "-q", "report", os.path.join(place, name), "-o", pages[-1]], check=True)
        broken = os.path.join(place, "broken.html")
        with open(broken, "w", encoding="utf-8") as file:
            file.write(read(pages[0]).replace("<main id=\"content\">", "<main><li>out of place</li>", 1))
        if nu([broken])[0]:
            fail("the Nu checker accepts an item without a list")
        valid, found = nu(pages)
        if not valid:
            fail("\n".join(found[:20]))
    print(f"{len(pages)} reports are valid")


main()
