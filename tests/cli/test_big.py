# SPDX-License-Identifier: Apache-2.0
# 100 MB in one line: done, or refused by name, in bounded time and memory.
import resource
import time

from calque_cli import CliTest, MINUTES, PLAIN, main

SIZE = 100_000_000


def eight_gigabytes():
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))


class Big(CliTest):
    def try_one(self, name, *args):
        began = time.monotonic()
        done = self.calque(*args, code=None, before=eight_gigabytes, timeout=500)
        print(f"{name}: exit {done.returncode} in {time.monotonic() - began:.1f} s")
        self.assertIn(done.returncode, (0, 1), done.err[:2000])
        if done.returncode == 1:
            self.assertSays(done, "error[", "big.txt")
        return done

    def test_one_line(self):
        self.write("big.txt", "word " * (SIZE // 5))
        pipe = self.write("p.toml", PLAIN)
        done = self.try_one("text", "run", pipe, "big.txt", "-o", "out")
        if done.returncode == 0:
            self.assertGreaterEqual((self.folder / "out/big.out.txt").stat().st_size, SIZE - 5)

    def test_one_line_through_the_ready_pipeline(self):
        self.write("big.txt", "word " * (SIZE // 5))
        done = self.try_one("minutes", "run", MINUTES, "big.txt", "-o", "out")
        if done.returncode == 1:
            self.assertFalse((self.folder / "out").exists())

    def test_the_limit_is_the_pipelines(self):
        self.write("big.txt", "word\n" * 1000)
        pipe = self.write("p.toml", PLAIN + '\n[limits]\ninput = "1 kB"\n')
        done = self.calque("run", pipe, "big.txt", "-o", "out", code=1)
        self.assertSays(done, "input.too-big", "[limits]")


main()
