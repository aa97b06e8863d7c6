# SPDX-License-Identifier: Apache-2.0
# F03 and F04: SIGKILL before the k-th operation on the output folder, for every k; and again during the recovery.
import subprocess

from harness import FaultTest, figure, main, make_documents, make_pipeline, points_passed, shim, tree, wait_until_gone

DOCUMENTS = figure(60, 180)


class KillSweep(FaultTest):
    def setUp(self):
        super().setUp()
        make_documents(self.folder / "in", DOCUMENTS)
        make_pipeline(self.folder / "p.toml", self.folder / "in")
        self.wanted = self.baseline()
        self.out = self.folder / "out"
        # Outputs depend on every library that is loaded: without the shim all would be done again, and nothing recovered.
        self.env = shim()

    def shimmed(self, **settings):
        return shim(path=self.out, process="coordinator", **settings)

    def points(self):
        count = self.folder / "count"
        count.unlink(missing_ok=True)
        self.run_pipe("-j", 2, env=self.shimmed(count=count))
        return points_passed(count)

    def recover(self, k):
        for name, digest in tree(self.out).items() if self.out.exists() else ():
            self.assertEqual(digest, self.wanted.get(name), f"{name} after a kill at {k}")
        self.run_pipe("-j", 2, env=self.env)
        self.assertEqual(tree(self.out), self.wanted, k)
        self.check_invariants(verify=False)
        again = self.run_pipe("-j", 2, env=self.env)
        self.assertEqual(self.records().counts(), {"up-to-date": DOCUMENTS}, k)
        self.assertNotIn("state.", again.err, f"the second open is silent ({k})")

    def test_every_operation(self):
        # How publications fall into groups varies, and with it the number of operations: so on until runs are over
        # before the k-th comes, ten times in a row.
        k, killed, over = 0, 0, 0
        while over < 10:
            k += 1
            subprocess.run(["rm", "-rf", str(self.out)], check=True)
            ended = self.run_pipe("-j", 2, code=None, env=self.shimmed(at=k, action="kill"))
            if ended.code == 0:
                over += 1
                continue
            self.assertEqual(ended.code, -9, k)
            killed, over = killed + 1, 0
            self.assertEqual(wait_until_gone(1), {})
            self.recover(k)
        self.assertGreaterEqual(killed, 4 * DOCUMENTS, "the sweep sees the run's work")
        print(f"killed at {killed} of {k - 10} points")

    def test_killed_while_recovering(self):
        points = self.points()
        for first in self.rng.sample(range(5, points), figure(4, 25)):
            for second in range(1, figure(6, 40)):
                subprocess.run(["rm", "-rf", str(self.out)], check=True)
                self.run_pipe("-j", 2, code=None, env=self.shimmed(at=first, action="kill"))
                wait_until_gone(1)
                self.run_pipe("-j", 2, code=None, env=self.shimmed(at=second, action="kill"))
                wait_until_gone(1)
                self.recover((first, second))


main()
