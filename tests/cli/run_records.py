# SPDX-License-Identifier: Apache-2.0
# Records of runs for tests, as docs/run-records.md has them; written here, so that no code is shared with the program.
import json


def event(seq, name, **keys):
    return {"seq": seq, "event": name, **keys}


def records(run="20260301T020000Z-4711", ok=3, failed=1, outcome="finished", folder="in"):
    """The events of a run: `ok` good documents, then `failed` bad ones; no end when `outcome` is None."""
    lines = [event(0, "run-started", schema="calque.events/1", run=run, time="2026-03-01T02:00:00Z", host="calque 0.1.0",
                   pipeline="minutes", pipeline_file="/srv/minutes.toml", output="/srv/out", inputs=ok + failed, workers=1,
                   command=["calque", "run", "minutes.toml"],
                   stages=[{"name": "tei", "role": "export", "id": "calque.tei", "version": "0.1.0"}])]
    for k in range(ok + failed):
        keys = {"input": f"{folder}/{k}.txt", "status": "ok" if k < ok else "failed", "reason": "new", "worker": 1,
                "began": 10 * k, "took": 1.5, "bytes": 100, "at": 10 * k + 2}
        if k >= ok:
            keys["diagnostics"] = [{"level": "error", "code": "loss.not-allowed", "message": "3 pages", "stage": "tei (calque.tei 0.1.0)"}]
        lines.append(event(k + 1, "input-finished", **keys))
    if outcome:
        counts = {name: count for name, count in (("ok", ok), ("failed", failed)) if count}
        lines.append(event(len(lines), "run-finished", at=10 * len(lines), outcome=outcome, exit=1 if failed else 0,
                           counts=counts, files_written=ok, bytes_written=ok * 50, worker_restarts={}))
    return lines


def as_bytes(lines):
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
