# SPDX-License-Identifier: Apache-2.0
# The same input gives the same bytes: twice, in another time zone and locale, in another folder, by another name of it.
import os
import subprocess

from calque_cli import CliTest, MINUTES, ROOT, SAMPLE, main


class SameBytes(CliTest):
    def run_into(self, out, pipe, files, **env):
        self.calque("run", pipe, *files, "-o", out, env=env)
        return {name: (self.folder / out / name).read_bytes() for name in self.list(self.folder / out)
                if (self.folder / out / name).is_file()}

    def turkish(self):
        """A locale whose small i and decimal comma catch what depends on it; made here, since systems rarely have it."""
        folder = self.folder / "locales"
        folder.mkdir(exist_ok=True)
        subprocess.run(["localedef", "-i", "tr_TR", "-f", "UTF-8", str(folder / "tr_TR.UTF-8")], check=False,
                       capture_output=True)
        self.assertTrue((folder / "tr_TR.UTF-8").is_dir(), "localedef made no locale: is the package `locales` there?")
        return {"LOCPATH": str(folder), "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}

    def check(self, pipe, files):
        first = self.run_into("a", pipe, files)
        self.assertTrue(first)
        self.assertEqual(first, self.run_into("b", pipe, files))
        self.assertEqual(first, self.run_into("c/d", pipe, files, TZ="Pacific/Apia", **self.turkish()))
        self.assertEqual(first, self.run_into("e", pipe, files, TZ="America/St_Johns", LC_ALL="C", HOME="/nonexistent"))
        relative = [os.path.relpath(file, self.folder) for file in files]
        self.assertEqual(first, self.run_into("f", pipe, relative, MALLOC_PERTURB_="165", XDG_CACHE_HOME=str(self.folder / "cache")))

    def test_the_sample(self):
        self.check(MINUTES, [SAMPLE])

    def test_records_of_the_corpus(self):
        corpus = ROOT.parent / "shared/corpus/records"
        files = sorted(corpus.glob("*/*.record.txt"))[:5]
        if not files:
            self.skipTest(f"{corpus} is not there")
        self.check(MINUTES, files)


main()
