"""Measures the page in Chromium over the sample and one long paper: bytes and waves until one can search, how soon an
answer is painted, what holds the page up while the long paper is scrolled and translated, and what stays in memory.
`make bench-web`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from figures import ROOT, record
from playwright.sync_api import sync_playwright
from reportlab.pdfgen import canvas
from serving import served
from visitor import SWITCHES, Demo, Visitor

QUERIES = ("возвращение боевиков", "women and children", "financing", "сотрудничество", "prosecution evidence") * 4
# Of each request: where it went, when it was asked for and answered (ms), and the bytes of its body as they came.
LOADED = """() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
    .filter(({ transferSize }) => transferSize > 0)
    .map((entry) => [entry.name, entry.startTime, entry.responseEnd, entry.encodedBodySize])"""
# From pressing Enter until two frames after the answer's end, less the time that the answer took (ms).
PAINTED = """() => new Promise((resolve) => {
    const begun = performance.now();
    const seen = new PerformanceObserver((list) => {
        const answer = list.getEntries().find(({ name }) => name.endsWith("/api/search"));
        if (!answer) return;
        seen.disconnect();
        const look = () => requestAnimationFrame(() => document.querySelector(".columns[aria-busy=false] .hit")
            ? requestAnimationFrame(() => resolve(performance.now() - begun - answer.duration)) : look());
        look();
    });
    seen.observe({ type: "resource" });
    document.querySelector("#query").form.requestSubmit();
})"""


PAGES, SENTENCES = 300, 7  # of the long paper, and on each of its pages
PAPERS = 30
# Keeps the length of every task over 50 ms, which is what browsers tell of.
WATCH = """() => {
    window.long = [0];
    new PerformanceObserver((list) => window.long.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: "longtask" });
}"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), "demo", "--no-serve", worker=True) as (address, made),
        sync_playwright() as driver,
    ):
        paper = long_paper(Path(folder))
        demo = Demo(address, made["sign_ins"])
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        visitor = entered(browser, demo, demo.expert("strictly-confidential"))
        figures = opened(signed_in(browser, visitor.page.context, demo))
        visitor.page.wait_for_selector("#query")
        times = [painted(visitor.page, query) for query in QUERIES]
        figures |= {"enter_to_painted_over_api_ms": median(times), "enter_to_painted_over_api_worst_ms": max(times)}
        figures |= scrolled(visitor, paper) | remembered(visitor)
        figures |= typed(entered(browser, demo, demo.person("dilnoza")), paper)
        browser.close()
    record("web", "make bench-web", {name: round(value, 1) for name, value in figures.items()})


def entered(browser: Any, demo: Demo, person: Any) -> Visitor:
    """Somebody signed in, in a browser profile of their own."""
    visitor = Visitor(browser.new_context(locale="en-GB").new_page(), demo)
    visitor.arrive()
    visitor.sign_in(person)
    return visitor


def long_paper(folder: Path) -> str:
    """Take a paper of many pages in beside the server; gives its identifier."""
    paper = canvas.Canvas(str(folder / "long.pdf"), invariant=1)
    for page in range(PAGES):
        for line in range(SENTENCES):
            paper.drawString(
                72, 740 - 40 * line, f"On day {page} the commission heard {line + 2} reports on the camps."
            )
        paper.showPage()
    paper.save()
    environment = os.environ | {"TOLMACH_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "services.cli", "ingest", str(folder / "long.pdf"), "--originator", "OSCE"]
    command += ["--level", "unclassified", "--releasable-to", "ALL", "--wait", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)["documents"][0]["document_id"])


def scrolled(visitor: Visitor, paper: str) -> dict[str, float]:
    """What holds the page up while all pages are scrolled through, and how many are drawn at once."""
    page = visitor.page
    visitor.open(paper)
    page.hover(".image-pane")
    page.evaluate(WATCH)
    drawn, written = [], []
    while page.input_value("#page-number") != str(PAGES):
        page.mouse.wheel(0, 450)
        page.wait_for_timeout(60)
        drawn.append(page.locator(".sheet img").count())
        written.append(page.locator(".text-page:not(:empty)").count())
    visitor.await_page(PAGES)
    figures = {"scrolling_longest_task_ms": longest(page), "scrolling_most_pages_drawn": max(drawn)}
    return figures | {"scrolling_most_texts_drawn": max(written)}


def typed(visitor: Visitor, paper: str) -> dict[str, float]:
    """What holds the page up while a sentence of the long paper is translated."""
    page = visitor.page
    page.wait_for_selector("#query:focus")
    visitor.arrive(f"#/translate/{paper}")
    page.click(".sentence-line >> nth=40")
    page.wait_for_selector("#translation:focus")
    page.wait_for_selector(".beside-part")
    page.evaluate(WATCH)
    page.keyboard.type("Комиссия заслушала доклады о лагерях, и каждый из них был обсуждён. " * 4, delay=20)
    return {"editor_segments": PAGES * SENTENCES, "typing_longest_task_ms": longest(page)}


def longest(page: Any) -> float:
    """The longest task, 0 where none took more than 50 ms."""
    page.wait_for_timeout(500)  # the browser tells of tasks late
    return float(page.evaluate("Math.max(...window.long)"))


def remembered(visitor: Visitor) -> dict[str, float]:
    """What the page holds in memory after one paper was read, and after many."""
    page = visitor.page
    page.keyboard.press("Escape")
    page.wait_for_selector("#query")
    page.click(".ask .link")
    page.wait_for_selector(".hit")
    papers = [hit.get_attribute("data-document") for hit in page.locator(".hit-title").all()]
    teller = page.context.new_cdp_session(page)
    held = []
    for at in range(PAPERS):
        visitor.open(str(papers[at % len(papers)]))
        if at in (0, PAPERS - 1):
            teller.send("HeapProfiler.collectGarbage")
            held.append(page.evaluate("performance.memory.usedJSHeapSize / 1e6"))
    nodes = page.evaluate("document.querySelectorAll('*').length")
    return {"heap_after_1_paper_mb": held[0], f"heap_after_{PAPERS}_papers_mb": held[1], "elements_after_papers": nodes}


def signed_in(browser: Any, context: Any, demo: Demo) -> Any:
    """A page with an empty cache, of somebody who is signed in already, once one can search there."""
    page = browser.new_context(storage_state=context.storage_state(), locale="en-GB").new_page()
    page.goto(demo.address)
    page.wait_for_selector("#query:focus")
    return page


def opened(page: Any) -> dict[str, float]:
    """What came until one could search: requests, bytes of their bodies, and waves that waited for one another."""
    entries = sorted(page.evaluate(LOADED), key=lambda entry: float(entry[1]))
    waves, ended = 0, -1.0
    for _, begun, end, _ in entries:
        if begun >= ended:
            waves, ended = waves + 1, end
        ended = min(ended, end)
    return {
        "requests": len(entries),
        "kilobytes": sum(entry[3] for entry in entries) / 1000,
        "waves": waves,
    }


def painted(page: Any, query: str) -> float:
    """How long after its answer a search is painted, in milliseconds."""
    page.fill("#query", query)
    page.evaluate("performance.clearResourceTimings()")
    return float(page.evaluate(PAINTED))


if __name__ == "__main__":
    main()
