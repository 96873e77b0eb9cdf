"""How large the review of a whole issue is, and how fast: the page in Chromium, the Word file in LibreOffice.

    python scripts/bench_review.py

The issue is made of the samples: 48 pages of 1,250 characters with 600 changes; and one of 20,000 changes. Needs the `test` extra,
chromium with chromedriver, and soffice; what is not installed is left out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pbtool.document import Document, Page, Source
from pbtool.edits import Edit
from pbtool.reviews.page import page
from pbtool.reviews.subject import Subject, subject_of
from pbtool.reviews.word import review_word

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PAGES, LENGTH, CHANGES, MANY = 48, 1_250, 600, 20_000


def whole_issue() -> Subject:
    """An issue of 48 pages in which the first 600 changes of the broken sample, said again and again, are asked."""
    broken = (SAMPLES / "issue_broken.txt").read_text(encoding="utf-8")
    text = (broken * (1 + PAGES * LENGTH // len(broken)))[: PAGES * LENGTH]
    pages = tuple(Page(n + 1, n * LENGTH, (n + 1) * LENGTH) for n in range(PAGES))
    found = subject_of([Document.from_text(text, Source("issue"))])
    step = max(1, len(found.edits) // CHANGES)
    document = Document.from_text(text, Source("issue"), pages=pages)
    return Subject(document, found.edits[::step][:CHANGES])


def many_changes() -> Subject:
    """A text with 20,000 changes."""
    text = "推进建设袁提高能力，把群众的事办好。\n" * MANY
    size = len(text) // MANY
    edits = tuple(Edit(n * size + 4, n * size + 5, "袁", "，", "shift") for n in range(MANY))
    return Subject(Document.from_text(text, Source("many")), edits)


def timed(what: str, work: Any) -> Any:
    begun = time.process_time()
    result = work()
    print(f"{what}: {time.process_time() - begun:.2f} CPU s")
    return result


def in_chromium(made: str, folder: Path) -> None:
    """Print how long the page takes to open and to answer a key."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    path = folder / "page.html"
    path.write_text(made, encoding="utf-8")
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1400,900"):
        options.add_argument(argument)
    options.binary_location = shutil.which("chromium") or ""
    driver: Any = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    try:
        opened, keys = [], []
        for _ in range(5):
            driver.get(path.as_uri())
            opened.append(
                driver.execute_script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
            )
        for _ in range(20):
            keys.append(
                driver.execute_script("const t=performance.now();press('y');return performance.now()-t")
            )
        print(f"  Chromium: opens in {sorted(opened)[2]:.0f} ms, a key takes {sorted(keys)[10]:.1f} ms")
    finally:
        driver.quit()


def in_libreoffice(data: bytes, folder: Path) -> None:
    """Print whether LibreOffice opens the file, and how long that takes."""
    path = folder / "review.docx"
    path.write_bytes(data)
    begun = time.monotonic()
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    done = subprocess.run(
        [*command, "--convert-to", "txt:Text", "--outdir", str(folder), str(path)], capture_output=True
    )
    print(f"  LibreOffice: exit {done.returncode} after {time.monotonic() - begun:.1f} s")


def main() -> int:
    browser = bool(shutil.which("chromium") and shutil.which("chromedriver"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for subject in (whole_issue(), many_changes()):
            answers = subject.answers(None)
            title, count = subject.document.source.name, len(subject.edits)
            print(f"{title}: {len(subject.document.original):,} characters, {count:,} changes")
            made = timed("  page", lambda s=subject, a=answers: page("x", s, a, "x.jsonl"))
            print(f"  page: {len(made.encode()) / 1e6:.2f} MB")
            if browser:
                in_chromium(made, folder)
            if subject.document.pages:
                data = timed("  Word", lambda s=subject, a=answers: review_word("x", s, a))
                print(f"  Word: {len(data) / 1e6:.2f} MB")
                if shutil.which("soffice"):
                    in_libreoffice(data, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
