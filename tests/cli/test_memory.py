# SPDX-License-Identifier: Apache-2.0
# `calque memory`: TMX files in and out, files that are no TMX and no memory, and what is left when an import fails.
import json
import pathlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
import xml.etree.ElementTree as ET

from calque_cli import PROGRAM, ROOT, CliTest, main

CORPUS = ROOT / "../shared/corpus"
SCHEMA = pathlib.Path(__file__).with_name("tmx14.rng")
HEAD = '<?xml version="1.0"?><tmx version="1.4"><header creationtool="t" srclang="en"/><body>'


def pair(source, target, more=""):
    return f'<tu>{more}<tuv xml:lang="en"><seg>{source}</seg></tuv><tuv xml:lang="ru"><seg>{target}</seg></tuv></tu>'


def tmx(*units):
    return HEAD + "\n".join(units) + "</body></tmx>"


def little_time():
    """Run in the child: what a file may not make it take."""
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


class Memory(CliTest):
    def fill(self, *units, name="m.memory"):
        self.write("t.tmx", tmx(*units))
        self.calque("memory", "import", "t.tmx", "--into", name)
        return self.folder / name

    def assertTookLittleMemory(self):
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 1 << 20, "KiB")

    def test_import_export_and_import_again(self):
        self.fill(pair("One.", "Раз."), pair("Two <ph>x</ph>.", "Два.", "<note>n</note>"), pair("One.", "Раз."))
        stats = json.loads(self.calque("memory", "stats", "m.memory", "--format", "json").out)
        self.assertEqual((stats["units"], stats["with_codes"]), (2, 1))
        self.assertEqual(stats["pairs"], [{"source": "en", "target": "ru", "units": 2}])
        self.assertEqual(stats["files"][0]["file"], "t.tmx")
        self.assertIn("2 units, 1 with inline codes", self.calque("memory", "stats", "m.memory").out)
        self.calque("memory", "export", "m.memory", "-o", "a.tmx")
        units = ET.parse(self.folder / "a.tmx").findall(".//tu")
        self.assertEqual([unit.find("tuv/seg").text for unit in units], ["One.", "Two "])
        done = self.calque("memory", "import", "a.tmx", "--into", "n.memory")
        self.assertSays(done, "2 new, 0 there already")
        self.assertNotIn("warning", done.err)
        self.calque("memory", "export", "n.memory", "-o", "b.tmx")
        self.assertEqual((self.folder / "a.tmx").read_bytes(), (self.folder / "b.tmx").read_bytes())
        self.assertSays(self.calque("memory", "import", "a.tmx", "--into", "m.memory"), "0 new, 2 there already")

    def test_export_of_some_languages_to_stdout(self):
        self.fill(pair("One.", "Раз."), pair("Two.", "二。").replace('"ru"', '"zh_CN"'))
        done = self.calque("memory", "export", "m.memory", "-o", "-", "--source", "EN", "--target", "zh")
        self.assertIn("二。", done.out)
        self.assertNotIn("Раз", done.out)
        self.assertSays(self.calque("memory", "export", "m.memory", "-o", "-", "--target", "chinese!", code=2), "memory.bad-language")

    def test_what_is_left_out_is_said(self):
        done = self.calque("memory", "import", self.write("l.tmx", tmx('<tu><tuv xml:lang="en"><seg>a</seg></tuv></tu>')), "--into", "m.memory")
        self.assertSays(done, "memory.left-out", "units in one language: 1, the first on line 1", "l.tmx")

    def test_all_files_or_none(self):
        good, bad = self.write("good.tmx", tmx(pair("One.", "Раз."))), self.write("bad.tmx", HEAD + "<tu>")
        done = self.calque("memory", "import", good, bad, "--into", "m.memory", code=1)
        self.assertSays(done, "memory.not-well-formed", "bad.tmx:1:", "xmllint")
        self.assertFalse((self.folder / "m.memory").exists())
        self.fill(pair("Zero.", "Ноль."))
        self.calque("memory", "import", good, bad, "--into", "m.memory", code=1)
        self.assertEqual(json.loads(self.calque("memory", "stats", "m.memory", "--format", "json").out)["units"], 1)

    def test_what_is_no_tmx_and_what_is_no_memory(self):
        self.fill(pair("One.", "Раз."))
        self.write("page.html", "<html/>")
        self.write("empty", b"")
        for args, code, words in (
                (("import", "page.html", "--into", "x"), 1, ("memory.not-tmx", "page.html:1:1")),
                (("import", "empty", "--into", "x"), 1, ("memory.not-well-formed", "empty:1:1")),
                (("import", "no.tmx", "--into", "x"), 66, ("input.missing", "no.tmx")),
                (("import", self.folder, "--into", "x"), 66, ("input.is-a-folder",)),
                (("import", "t.tmx", "--into", "page.html"), 66, ("memory.not-a-memory", "page.html")),
                (("import", "t.tmx", "--into", "no/x"), 74, ("memory.io", "no/x")),
                (("stats", "no.memory"), 66, ("memory.missing", "calque memory import")),
                (("stats", "page.html"), 66, ("memory.not-a-memory", "page.html")),
                (("export", "m.memory", "-o", "no/x.tmx"), 73, ("output.cannot-create", "no/x.tmx")),
                (("export", "m.memory", "-o", "m.memory"), 73, ("output.is-an-input", "m.memory"))):
            with self.subTest(args):
                before = self.list()
                self.assertSays(self.calque("memory", *args, code=code), *words)
                self.assertEqual(self.list(), before)

    def test_a_locked_and_a_damaged_memory(self):
        path = self.fill(*[pair(f"Sentence number {k}.", f"Номер {k}.") for k in range(500)])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin exclusive")
        for args in (("stats", "m.memory"), ("import", "t.tmx", "--into", "m.memory"), ("export", "m.memory", "-o", "e.tmx")):
            self.assertSays(self.calque("memory", *args, code=75), "memory.locked", "m.memory", "try again")
        other.close()
        whole = path.read_bytes()
        path.write_bytes(whole[:len(whole) // 2])
        self.assertSays(self.calque("memory", "export", "m.memory", "-o", "e.tmx", code=74), "memory.damaged", "copy")
        self.assertFalse((self.folder / "e.tmx").exists())

    def test_a_stage_names_what_is_wrong_with_its_memory(self):
        path = self.fill(pair("One.", "Раз."))
        self.write("in.txt", "One.\n")
        self.write("p.toml", """
[pipeline]
name = "p"
[[stage]]
import = "text"
[[stage]]
annotate = "segments"
[[stage]]
annotate = "memory"
with = { files = ["m.memory"], source_language = "en", target_language = "ru" }
[[stage]]
export = "json"
to = "{stem}.json"
[output]
folder = "out"
[loss]
default = "warn"
""")
        self.calque("run", "p.toml", "in.txt")
        self.assertIn("Раз.", (self.folder / "out/in.json").read_text())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin exclusive")
        self.assertSays(self.calque("run", "p.toml", "in.txt", "--force", code=None), "memory.unusable", "being written", "try again")
        other.close()

    def test_a_killed_import_leaves_the_memory_as_it_was(self):
        path = self.fill(pair("Zero.", "Ноль."))
        before = path.read_bytes()
        self.write("big.tmx", tmx(*[pair(f"Sentence number {k}.", f"Номер {k}.") for k in range(60000)]))
        for how, code in ((signal.SIGKILL, -9), (signal.SIGINT, -2)):
            job = subprocess.Popen([PROGRAM, "memory", "import", "big.tmx", "--into", "m.memory"], cwd=self.folder, stderr=subprocess.PIPE)
            while not (self.folder / "m.memory-journal").exists() and job.poll() is None:
                time.sleep(0.01)
            job.send_signal(how)
            job.communicate()
            self.assertIn(job.returncode, (code, 130))
            self.assertSays(self.calque("memory", "import", "t.tmx", "--into", "m.memory"), "0 new, 1 there already")
            self.assertEqual(json.loads(self.calque("memory", "stats", "m.memory", "--format", "json").out)["units"], 1)
        self.assertEqual(len(path.read_bytes()), len(before))

    def test_an_entity_bomb_is_refused(self):
        bomb = '<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + k)} "{("&" + chr(97 + k) + ";") * 10}">' for k in range(8))
        self.write("bomb.tmx", f"<!DOCTYPE tmx [{bomb}]>" + tmx(pair("&i;", "x")).split("?>")[1])
        self.assertSays(self.calque("memory", "import", "bomb.tmx", "--into", "x", code=1, before=little_time), "memory.limit", "amplification")
        self.assertTookLittleMemory()

    def test_files_of_the_corpus(self):
        if not CORPUS.exists():
            self.skipTest("the corpus is not there, so no TMX of other programs was read")
        files = sorted((CORPUS / "tmx").rglob("*.tmx")) + sorted((CORPUS / "hostile/tmx").glob("*.tmx"))
        self.assertGreaterEqual(len(files), 35)
        self.calque("memory", "import", *files, "--into", "m.memory", before=little_time)
        self.calque("memory", "export", "m.memory", "-o", "a.tmx")
        self.assertTookLittleMemory()
        if shutil.which("jing") is None:
            self.skipTest("jing is not there, so the export was not validated")
        checked = subprocess.run(["jing", SCHEMA, "a.tmx"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stdout), (0, ""))


main()
