# SPDX-License-Identifier: Apache-2.0
# faulty.py BUILD [COUNT]: what crashes cost the others. The records of batch.py, clean, and again with one in ten of
# them ending its worker by a signal, twice; the pace of the good ones, in documents a second, in both.
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
KINDS = ("segv", "bus", "fpe", "ill", "abort")


def ends_of(calque, pipeline, files, folder, plugins):
    os.sync()
    events = folder.with_suffix(".ndjson")
    subprocess.run([calque, "run", pipeline, *files, "-j", "2", "--quiet", "-o", folder, "--events", events],
                   env={**os.environ, "CALQUE_PATH": str(plugins)}, stderr=subprocess.DEVNULL)
    with open(events) as lines:
        return [event for event in map(json.loads, lines) if event["event"] == "input-finished"]


def pace_of_good(ends):
    good = [end["at"] for end in ends if end["status"] in ("ok", "ok-with-warnings")]
    return len(good) / (max(good) - min(good)) * 1000


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    calque, plugins = build / "bin/calque", build / "tests/faults"
    with tempfile.TemporaryDirectory(dir=build, prefix="bench-") as name:
        folder = pathlib.Path(name)
        (folder / "records").mkdir()
        subprocess.run([build / "bin/make_records", folder / "records", str(count)], check=True, stdout=subprocess.DEVNULL)
        files = sorted((folder / "records").glob("*.txt"))
        # A stage that crashes where a line of the text says so, before the three exporters.
        before, exports = (HERE / "batch.toml").read_text().split('[[stage]]\nexport = "tei"')
        pipeline = folder / "faulty.toml"
        pipeline.write_text(f'{before}[[stage]]\nannotate = "test.fault_annotate"\n\n[[stage]]\nexport = "tei"{exports}')
        clean = ends_of(calque, pipeline, files, folder / "clean", plugins)
        for k, file in enumerate(files[::10]):
            with open(file, "a") as text:
                text.write(f"\n\nfault-in: annotate {KINDS[k % len(KINDS)]}\n")
        faulty = ends_of(calque, pipeline, files, folder / "faulty", plugins)
        counts = collections.Counter(end["status"] for end in faulty)
        crashed = collections.Counter(end["detail"] for end in faulty if end["status"] == "crashed")
        written = sum(1 for path in (folder / "faulty").rglob("*.xml"))
        paces = pace_of_good(clean), pace_of_good(faulty)
        print(f"{count} generated records, seven stages, two workers, full durability; {len(files[::10])} crash, each twice")
        print("ends:", ", ".join(f"{status} {number}" for status, number in sorted(counts.items())))
        print("crashes:", ", ".join(f"{detail} {number}" for detail, number in sorted(crashed.items())))
        print(f"TEI editions: {written}")
        print(f"good documents a second: {paces[0]:.0f} clean, {paces[1]:.0f} among the faulty: {paces[1] / paces[0]:.0%} (aim 80 %)")
        assert counts["crashed"] == len(files[::10]) and written == count - len(files[::10]), "an end is wrong"


main()
