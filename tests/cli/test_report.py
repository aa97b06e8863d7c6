# SPDX-License-Identifier: Apache-2.0
# `calque report`: the page of a run, made again from its records.
import html.parser
import json

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

    def test_what_cannot_be_done_is_said(self):
        self.assertSays(self.calque("report", "nowhere", code=66), "run.no-records")
        self.put(records())
        self.assertSays(self.calque("report", "out", "-o", "none/p.html", code=73), "output.cannot-create")
        self.assertSays(self.calque("report", "out", code=77, before=as_nobody), "output.permission")
        self.assertSays(self.calque("report", code=2), "RUN")


main()
