"""Measures the page in Chromium over the sample: what comes until one can search, in how many waves, and how soon an
answer is painted once the service has given it. `make bench-web`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from figures import record
from playwright.sync_api import sync_playwright
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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), "demo", "--no-serve") as (address, made):
        demo = Demo(address, made["sign_ins"])
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
            context = browser.new_context(locale="en-GB")
            visitor = Visitor(context.new_page(), demo)
            visitor.arrive()
            visitor.sign_in(demo.expert("strictly-confidential"))
            figures = opened(signed_in(browser, context, demo))
            visitor.page.wait_for_selector("#query")
            times = [painted(visitor.page, query) for query in QUERIES]
            browser.close()
    figures |= {"enter_to_painted_over_api_ms": median(times), "enter_to_painted_over_api_worst_ms": max(times)}
    record("web", "make bench-web", {name: round(value, 1) for name, value in figures.items()})


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
