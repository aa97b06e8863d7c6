# SPDX-License-Identifier: Apache-2.0
# `calque report`: the page of a run, made again from its records.
import html.parser
import json
import pathlib
import subprocess

from calque_cli import CliTest, as_nobody, main
from run_records import as_bytes, records


class Page(html.parser.HTMLParser):
    """What a reader without scripts sees, by element."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.headings, self.scopeless, self.ids, self.labels = [], [], [], 0, set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        self.labels += [attributes["aria-labelledby"]] if "aria-labelledby" in attributes else []
        if tag == "th" and "scope" not in attributes:
            self.scopeless += 1
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))

    def handle_data(self, data):
        if self.tags[-1:] not in (["script"], ["style"]):
            self.words.append(data)


class Report(CliTest):
    def put(self, events, run="20260301T020000Z-4711", folder="out"):
        self.write(f"{folder}/.calque/runs/{run}/events.ndjson", as_bytes(events))
        return self.folder / folder / ".calque/runs" / run

    def test_beside_the_records_or_elsewhere(self):
        run = self.put(records())
        done = self.calque("report", "out")
        self.assertEqual(done.out, "")
        self.assertSays(done, "report.html")
        page = (run / "report.html").read_bytes()
        self.calque("report", run, "-o", "page.html")
        self.assertEqual((self.folder / "page.html").read_bytes(), page)
        self.assertEqual(sorted(path.name for path in run.iterdir()), ["events.ndjson", "report.html"])

    def test_the_same_records_give_the_same_bytes(self):
        self.put(records(failed=4))
        self.calque("report", "out", "-o", "a.html")
        self.calque("report", "out", "-o", "b.html", env={"TZ": "Asia/Tokyo", "LC_ALL": "C"})
        self.assertEqual((self.folder / "a.html").read_bytes(), (self.folder / "b.html").read_bytes())

    def test_what_a_reader_without_scripts_has(self):
        self.put(records(ok=7, failed=2))
        self.calque("report", "out", "-o", "p.html")
        page = Page((self.folder / "p.html").read_text())
        text = " ".join(page.words)
        for words in ("7 of 9 documents are done; 2 failed", "There is one cause: loss.not-allowed in tei", "in/8.txt",
                      "calque run /srv/minutes.toml in/8.txt", "calque log"):
            self.assertIn(words, text)
        for tag in ("header", "nav", "main", "footer", "h1", "caption", "noscript"):
            self.assertIn(tag, page.tags)
        self.assertEqual(page.scopeless, 0)
        self.assertEqual(page.headings[0], 1)
        self.assertTrue(all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:])), page.headings)
        self.assertLessEqual(set(page.labels), page.ids)

    def test_the_run_before_is_found(self):
        self.put(records(ok=3, failed=0), "20260228T020000Z-1")
        self.put(records(ok=2, failed=1), "20260301T020000Z-1")
        self.put(records(ok=3, failed=0), "20260302T020000Z-1")
        self.calque("report", "out/.calque/runs/20260301T020000Z-1", "-o", "p.html")
        page = (self.folder / "p.html").read_text()
        self.assertIn("Newly failing</dt><dd><data value=\"1\">", page)
        self.calque("report", "out", "-o", "p.html")
        self.assertIn("Mended</dt><dd><data value=\"1\">", (self.folder / "p.html").read_text())
        self.calque("report", "out/.calque/runs/20260228T020000Z-1", "-o", "p.html")
        self.assertNotIn("Since the run before", (self.folder / "p.html").read_text())

    def test_of_a_run_that_goes_on(self):
        self.put(records(ok=5, failed=0, outcome=None))
        self.calque("report", "out", "-o", "p.html")
        self.assertIn("still going on, or was killed", (self.folder / "p.html").read_text())

    def table(self, fragment="", *actions):
        script = pathlib.Path(__file__).with_name("report_script.js")
        done = subprocess.run(["node", script, self.folder / "p.html", fragment, *actions], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_the_table_filters_sorts_and_pages(self):
        events = records(ok=110, failed=12)
        for k, line in enumerate(events[1:-1]):
            line["took"] = (k * 7) % 123 + 0.5
        self.put(events)
        self.calque("report", "out", "-o", "p.html")
        names = {line["input"] for line in events[1:-1]}
        seen = [row[0] for page in (1, 2, 3) for row in self.table(f"#?page={page}")["rows"]]
        self.assertEqual(len(seen), 122)
        self.assertEqual(set(seen), names)
        self.assertEqual(self.table()["shown"], "1–50 of 122")
        self.assertFalse(self.table()["hidden"])

        failed = self.table("", "status=failed")
        self.assertEqual({row[1] for row in failed["rows"]}, {"✕ failed"})
        self.assertEqual(failed["shown"], "1–12 of 12")
        self.assertEqual(failed["fragment"], "#?status=failed")
        self.assertEqual(self.table(failed["fragment"])["rows"], failed["rows"])

        slow = self.table("", "sort=took", "on")
        self.assertEqual(slow["fragment"], "#?sort=took&down=1&page=2")
        self.assertEqual(slow["sorted"], ["took"])
        slowest = sorted((line["took"] for line in events[1:-1]), reverse=True)
        self.assertEqual([row[4] for row in self.table("#?sort=took&down=1")["rows"][:3]],
                         [f"{ms + 0.01:.0f} ms" for ms in slowest[:3]])
        both = self.table("", "code=loss.not-allowed", "stage=tei", "text=IN/115")
        self.assertEqual([row[0] for row in both["rows"]], ["in/115.txt"])
        self.assertEqual(self.table("", "text=nowhere")["shown"], "No document is like that.")

    def test_a_fragment_of_nonsense_shows_all(self):
        self.put(records(ok=3, failed=1))
        self.calque("report", "out", "-o", "p.html")
        for fragment in ("#?status=<b>&page=-7&sort=constructor", "#?page=1e99", "#summary", "#?&&=%", "#?code=__proto__"):
            self.assertEqual(self.table(fragment)["shown"], "1–4 of 4", fragment)

    def test_what_cannot_be_done_is_said(self):
        self.assertSays(self.calque("report", "nowhere", code=66), "run.no-records")
        self.put(records())
        self.assertSays(self.calque("report", "out", "-o", "none/p.html", code=73), "output.cannot-create")
        self.assertSays(self.calque("report", "out", code=77, before=as_nobody), "output.permission")
        self.assertSays(self.calque("report", code=2), "RUN")


main()
