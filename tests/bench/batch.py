# SPDX-License-Identifier: Apache-2.0
# batch.py BUILD [COUNT [PANDOC_COUNT]]: what the batch costs over generated records, beside what it cannot be without:
# the stages' own work and the disk's price for the files; and pandoc, a process a file and output.
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PIPELINE = HERE / "batch.toml"


# Each begins with a quiet disk, or it would pay for what the one before has left to be written.
def timed(command, **options):
    os.sync()
    began = time.monotonic()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    return time.monotonic() - began


def seconds_of(command):
    os.sync()
    return float(subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout)


def main():
    build = pathlib.Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    pandoc_count = int(sys.argv[3]) if len(sys.argv) > 3 else min(count, 300)
    calque = build / "bin/calque"
    # Not in memory: the price of the disk is a part of what is measured.
    with tempfile.TemporaryDirectory(dir=build, prefix="bench-") as name:
        folder = pathlib.Path(name)
        records = folder / "records"
        records.mkdir()
        subprocess.run([build / "bin/make_records", records, str(count)], check=True, stdout=subprocess.DEVNULL)
        (folder / "truths").mkdir()
        for truth in records.glob("*.truth.json"):
            truth.rename(folder / "truths" / truth.name)
        files = sorted(records.glob("*.txt"))
        run = [calque, "run", PIPELINE, *files, "-j", "2", "--quiet", "-o"]
        # Nothing is removed in between: ext4 passes over every inode that was freed in the last half minute, one by
        # one, for each file that is made, and that would be measured in place of the batch.
        durable, unsynced, nothing, work, raw = [], [], [], [], []
        # What is not synced comes first: it is not to meet what the others have left the disk to do.
        for turn in range(3):
            unsynced.append(timed([*run, folder / f"unsynced-{turn}", "--no-fsync"]))
            work.append(seconds_of([build / "bin/stage_work", PIPELINE, records, "2"]))
        for turn in range(3):
            out = folder / f"durable-{turn}"
            durable.append(timed([*run, out]))
            nothing.append(timed([*run, out]))
            raw.append(seconds_of([build / "bin/raw_writes", out, folder / f"raw-{turn}"]))
        a, b, c, d, again = (sorted(times)[1] for times in (durable, unsynced, work, raw, nothing))
        (folder / "pandoc").mkdir()
        script = 'for to in tei html json; do pandoc --quiet -f markdown -t $to "$1" -o "$2/$(basename "$1").$to"; done'
        listed = "\0".join(str(file) for file in files[:pandoc_count]).encode()
        began = time.monotonic()
        subprocess.run(["xargs", "-0", "-P2", "-I", "FILE", "sh", "-c", script, "pandoc", "FILE", folder / "pandoc"],
                       input=listed, check=True)
        e = (time.monotonic() - began) / pandoc_count * count

    def row(letter, what, seconds, note=""):
        print(f"({letter}) {what:<58} {seconds:8.2f} s {1000 * seconds / count:8.3f} ms a document{note}")

    print(f"{count} generated records, six stages, TEI, HTML and JSON, two workers; medians of three runs\n")
    row("a", "calque run, full durability", a)
    row("b", "calque run, nothing synced", b)
    row("c", "the stages' own work, in one process, two threads", c)
    row("d", "the same writes, syncs and renames alone", d)
    row("e", "pandoc, a process a file and output, two at a time", e, f" (from {pandoc_count} records)")
    row("n", "calque run again, nothing changed", again)
    print(f"\ncoordination, b − c: {1000 * (b - c) / count:.3f} ms a document (aim 0.3)")
    print(f"durability, a / (b + d): {a / (b + d):.2f} (aim 1.3)")
    print(f"pandoc, e / a: {e / a:.0f} (aim 50)")
    print(f"nothing changed: {again:.2f} s (aim 0.5 for 5,000)")


main()
