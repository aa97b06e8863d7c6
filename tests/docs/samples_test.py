# SPDX-License-Identifier: Apache-2.0
"""Runs what the documents show: every TOML block is checked by the program, beside the page's table of terms, and links
between pages lead somewhere.

usage: samples_test.py CALQUE REPOSITORY
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

calque, repository = sys.argv[1], pathlib.Path(sys.argv[2])
failures = []


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


def run(words, folder):
    return subprocess.run([calque, *words], cwd=folder, capture_output=True, text=True, timeout=120)


def check_toml(page):
    """A block with [pipeline] stands alone; any other is a fragment that the page's first pipeline takes in."""
    found = blocks(page, "toml")
    whole = [b for b in found if "[pipeline]" in b]
    for block in found:
        text = block if "[pipeline]" in block else whole[0].split("[loss]")[0] + block if whole else block
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "records").mkdir()
            sample = next((repository / "configs" / "samples").glob("*.txt"))
            shutil.copy(sample, pathlib.Path(folder, "records"))
            for table in blocks(page, "csv"):
                pathlib.Path(folder, "terms.csv").write_text(table, encoding="utf-8")
            pathlib.Path(folder, "minutes.toml").write_text(text, encoding="utf-8")
            done = run(["check", "minutes.toml"], folder)
            if done.returncode != 0:
                failures.append(f"{page.name}: this block does not check:\n{block}\n{done.stderr}")
            elif "[[test]]" in text:
                done = run(["test", "minutes.toml"], folder)
                if done.returncode != 0:
                    failures.append(f"{page.name}: the tests of this block fail:\n{block}\n{done.stdout}{done.stderr}")
            elif block in whole:
                done = run(["run", "minutes.toml"], folder)
                if done.returncode != 0 or not list(pathlib.Path(folder, "editions").rglob("*.xml")):
                    failures.append(f"{page.name}: this block does not run:\n{block}\n{done.stderr}")


def check_links(page):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not (page.parent / target).exists():
            failures.append(f"{page.relative_to(repository)}: the link to {target} leads nowhere")


pages = [*repository.glob("*.md"), *repository.glob("docs/**/*.md"), *repository.glob("plugins/*/README.md"),
         *repository.glob("configs/*.md")]
toml_pages = 0
for page in pages:
    check_links(page)
    # codes.md shows mistakes on purpose; the catalogue's own test runs them.
    if page.parent.name == "docs" and page.name != "codes.md" and blocks(page, "toml"):
        toml_pages += 1
        check_toml(page)
if toml_pages == 0:
    failures.append("no page with a TOML block was found")
print("\n".join(failures) or f"{len(pages)} pages, {toml_pages} of them with pipelines: all right")
sys.exit(1 if failures else 0)
