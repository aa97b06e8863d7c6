# SPDX-License-Identifier: Apache-2.0
# SIGINT and SIGTERM: the program ends by the signal, and what it was making is gone.
import signal
import subprocess
import time

from calque_cli import CliTest, MINUTES, PROGRAM, SAMPLE, main


class Signals(CliTest):
    def stop_with(self, number):
        record = SAMPLE.read_text().strip() + "\n\n\n"
        files = [self.write(f"in/{k}.txt", record * 20) for k in range(300)]
        running = subprocess.Popen([PROGRAM, "run", MINUTES, *map(str, files), "-o", "out"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out = self.folder / "out"
        deadline = time.monotonic() + 100
        while not out.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        running.send_signal(number)
        _, talk = running.communicate(timeout=60)
        self.assertEqual(running.returncode, -number, talk.decode())
        self.assertIn(b" not run", talk)
        made = self.list(out)
        self.assertEqual(list((out / ".calque").glob("staging/*")), [])
        self.assertEqual(len(made) % 100, 0)  # twenty parts in five formats each, or nothing
        self.assertLess(len(made), 300 * 100)

    def test_interrupt(self):
        self.stop_with(signal.SIGINT)

    def test_terminate(self):
        self.stop_with(signal.SIGTERM)


main()
