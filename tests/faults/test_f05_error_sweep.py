# SPDX-License-Identifier: Apache-2.0
# F05: the k-th operation on the output folder fails, once or from then on: an io-error or a stopped run, never a false ok.
import subprocess

from harness import DONE, FaultTest, figure, main, make_documents, make_pipeline, points_passed, shim, tree

ERRORS = figure(("ENOSPC", "EIO", "EINTR"), ("ENOSPC", "EIO", "EDQUOT", "EROFS", "EMFILE", "EINTR", "short"))
DOCUMENTS = figure(6, 12)


class ErrorSweep(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", DOCUMENTS)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.wanted = self.baseline()
        self.out = self.folder / "out"
        self.run_pipe("-j", 1, env=self.shimmed(count=self.folder / "count"))
        self.points = points_passed(self.folder / "count")

    def shimmed(self, **settings):
        return shim(path=self.out, process="coordinator", **settings)

    def check_honest(self, ended, what):
        """What the run said is what is there."""
        self.assertIn(ended.code, (0, 1, 4, 70, 73, 74, 77), (what, ended.err[-2000:]))
        self.assertNotEqual(ended.code, 70, f"an error of Calque itself: {what}")
        there = tree(self.out) if self.out.exists() else {}
        for name, digest in there.items():
            self.assertEqual(digest, self.wanted.get(name), (what, name))
        events = self.folder / "events.ndjson"
        if not events.exists() or not events.stat().st_size:
            return
        for event in self.records().inputs.values():
            if event["status"] in DONE:
                for file in event["files"]:
                    self.assertIn(file["path"], there, f"a false {event['status']}: {what}")
            else:
                self.assertIn(event["status"], ("io-error", "not-run"), what)
        if ended.code == 0:
            self.assertEqual(there, self.wanted, f"exit 0, but not all is there: {what}")

    def test_every_operation(self):
        self.assertGreaterEqual(self.points, DOCUMENTS * 6)
        tried = 0
        for error in ERRORS:
            for mode in ("once", "forever"):
                for k in range(1, self.points + 1):
                    subprocess.run(["rm", "-rf", str(self.out)], check=True)
                    (self.folder / "events.ndjson").unlink(missing_ok=True)
                    what = f"{error} {mode} at {k}"
                    ended = self.run_pipe("-j", 1, code=None, env=self.shimmed(at=k, action=error, mode=mode))
                    self.check_honest(ended, what)
                    if mode == "once" and error in ("EINTR", "short"):
                        self.assertEqual(ended.code, 0, f"{what} is no failure")
                    self.run_pipe("-j", 1, env=shim())  # the same libraries, so that what is done stays done
                    self.assertEqual(tree(self.out), self.wanted, f"the next run mends {what}")
                    tried += 1
        print(f"{tried} failures over {self.points} points")


main()
