"""What the eye meets: nothing covers the words, an error has room, a sheet on paper bears its marking."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest

# The texts of which some point of the first line does not belong to them, but to something that lies over it.
COVERED = """(root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    const lineOf = (text) => {
        const range = document.createRange();
        range.selectNodeContents(text);
        return range.getClientRects()[0];
    };
    const isCovered = (text) => {
        const line = lineOf(text);
        for (let x = line.left + 1; x < line.right - 1; x += 3) {
            for (let y = line.top + 3; y < line.bottom - 3; y += 3) {
                const top = document.elementFromPoint(x, y);
                if (top && !top.contains(text)) return true;
            }
        }
        return false;
    };
    const shown = texts.filter((text) => text.data.trim() && text.parentElement.checkVisibility() && lineOf(text));
    return shown.filter(isCovered).map((text) => text.data);
}"""


def covered(page: Any, part: str) -> list[str]:
    """The texts under an element that something else covers."""
    return list(page.locator(part).evaluate(COVERED))


def test_nothing_covers_the_line_that_says_what_was_searched_for(expert: Any) -> None:
    page = expert.page
    expert.search('return of fighters "risk assessment" camp*')
    assert page.locator(".meaning bdi").count() > 3
    assert covered(page, ".summary") == []


@pytest.mark.parametrize("status", [503, 0])
def test_the_error_of_a_first_search_has_the_whole_width(expert: Any, status: int) -> None:
    page = expert.page
    page.route("**/api/search", lambda route: route.fulfill(status=503) if status else route.abort())
    page.fill("#query", "returnees")
    page.press("#query", "Enter")
    page.wait_for_selector(".results .notice")
    notice, columns = (page.locator(part).bounding_box() for part in (".results .notice", ".columns"))
    assert notice["width"] > 0.95 * columns["width"]
    expert.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_printed_sheet_bears_the_marking_and_no_tools(expert: Any, ask: Any, scheme: str) -> None:
    page = expert.page
    page.emulate_media(color_scheme=scheme)
    expert.search("recommendations")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    marking = one_line(page.locator(".banner").first.text_content())
    last = page.locator(".sentence.original").last.inner_text().split()[-1]
    printed = pypdfium2.PdfDocument(page.pdf(format="A4"))
    sheets = [one_line(sheet.get_textpage().get_text_bounded()) for sheet in printed]
    assert len(sheets) > 1
    assert [sheet.count(marking) for sheet in sheets] == [2] * len(sheets)  # above and below
    assert last in "".join(sheets)  # and nothing is cut off
    for tool in ("Download", "Fit width", "Sign out"):
        assert page.get_by_role("button", name=tool).count() == 1
        assert one_line(tool) not in "".join(sheets)
    corners = [sheet.render(scale=0.2).to_pil().getpixel((0, 0)) for sheet in printed]
    assert set(corners) == {(255, 255, 255)}  # by night too, paper is white

    page.evaluate("() => { window.print = () => undefined; }")  # the dialog of the browser is no part of the page
    total = int(page.get_attribute("#page-number", "max"))
    pages = [ask(f"/documents/{page.url.split('/')[-2]}/pages/{at}") for at in range(1, total + 1)]
    words = [one_line(of_page["segments"][-1]["text"]) for of_page in pages]
    for what, least in (("images", total), ("texts", 1)):
        sheets = printed_whole(page, what)
        assert [sheet.count(marking) for sheet in sheets] == [2] * len(sheets) and len(sheets) >= least
        assert all((word in "".join(sheets)) == (what == "texts") for word in words)
        page.wait_for_selector(".print-pages", state="detached")  # nothing of it stays


def printed_whole(page: Any, what: str) -> list[str]:
    """Choose what to print in the reader's dialog, and give the letters of each sheet."""
    page.click("[data-key=print]")
    page.select_option("#print-what", what)
    page.click("dialog .primary")
    page.wait_for_selector(".print-pages", state="attached")
    printed = pypdfium2.PdfDocument(page.pdf(format="A4"))
    return [one_line(sheet.get_textpage().get_text_bounded()) for sheet in printed]


def test_more_pages_than_are_printed_at_once_are_refused_in_words(expert: Any) -> None:
    page = expert.page
    page.route(
        re.compile("/api/documents/[^/]+$"),
        lambda route: route.fulfill(json=route.fetch().json() | {"pages": 400}),
    )
    expert.search("recommendations")
    expert.hit(0).click()
    page.click("[data-key=print]")
    assert "60" in page.inner_text("dialog .hint") and "300" in page.inner_text("dialog .hint")
    for what, most in (("images", 60), ("texts", 300)):
        page.select_option("#print-what", what)
        page.fill("#print-to", str(most + 1))
        assert str(most) in page.evaluate("document.querySelector('#print-to').validationMessage")
        page.fill("#print-to", str(most))
        assert page.evaluate("document.querySelector('#print-to').validationMessage") == ""
    page.fill("#print-to", "400")
    page.click("dialog .primary")
    assert page.locator("dialog[open] #print-to:invalid").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")


def test_the_passages_collected_are_printed_from_the_reader(expert: Any) -> None:
    page = expert.page
    expert.empty_dossier()
    expert.search("recommendations")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    expert.await_page(int(page.input_value("#page-number")))
    page.focus(".sentence.original[tabindex='0']")
    page.keyboard.press("d")
    page.wait_for_selector(".quote-bar:has-text('In the dossier, 1 in all.')")
    page.evaluate("() => { window.print = () => { window.sent = document.querySelector('.passages').innerText; }; }")
    page.click("[data-key=print]")
    page.select_option("#print-what", "passages")
    page.click("dialog .primary")
    page.wait_for_function("() => window.sent")
    assert page.inner_text(".passages blockquote >> nth=0") in page.evaluate("window.sent")
    assert page.url.endswith("#/dossier")
    marking = one_line(page.locator(".banner").first.text_content())
    sheets = [one_line(one.get_textpage().get_text_bounded()) for one in pypdfium2.PdfDocument(page.pdf(format="A4"))]
    assert [sheet.count(marking) for sheet in sheets] == [2] * len(sheets)


def one_line(text: str) -> str:
    """A text without the signs between its words, which a PDF has in other places."""
    return re.sub(r"[\W_]", "", text)


LONG = "Рекомендации" * 400
NAMES = ("title", "symbol", "meeting", "name", "agency")  # what people write, in answers of the service


def with_names(page: Any, name: str) -> None:
    """Let everything that people name be called so, in all answers from now on."""

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {key: name_in(item) if key in NAMES and item else renamed(item) for key, item in value.items()}

    def name_in(value: Any) -> Any:
        if isinstance(value, dict):
            return dict.fromkeys(value, name)
        return [line | {"value": name} for line in value] if isinstance(value, list) else name

    def handle(route: Any) -> None:
        answer = route.fetch()
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        route.fulfill(response=answer, **({"json": renamed(answer.json())} if is_json else {}))

    page.route(re.compile("/api/(me|search|documents/[^/]+)$"), handle)


@pytest.mark.parametrize("width", [360, 1400])
def test_an_unbroken_name_stays_inside_the_page(expert: Any, width: int) -> None:
    page = expert.page
    page.set_viewport_size({"width": width, "height": 900})
    with_names(page, LONG)
    page.reload()
    expert.search("recommendations")
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert LONG in page.inner_text("#header") and LONG in expert.hit(0).inner_text()
    assert page.evaluate(fits)
    page.click(".unfolder" if width < 900 else ".facet label:last-of-type")
    page.wait_for_selector(".columns[aria-busy=false]")
    assert page.evaluate(fits)
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    assert LONG in page.inner_text("#reader-title")
    assert page.evaluate(fits)


# Whether the letters of a text run from left to right as they are written.
RUNS_FORWARD = """(node) => {
    const text = [...node.childNodes].find((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    const at = (index) => {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + 1);
        return range.getBoundingClientRect().left;
    };
    const start = text.data.search(/\\S/);
    return at(start) < at(start + 1);
}"""


def test_a_name_that_turns_the_direction_turns_nothing_but_itself(expert: Any) -> None:
    page = expert.page
    with_names(page, "abc \u202e def")  # a right-to-left override that nobody ends
    page.reload()
    expert.search("recommendations")
    for after in ("#header .dotted", ".known > span", ".facet .count"):
        assert page.locator(after).first.evaluate(RUNS_FORWARD), after
    name, agency, clearance = (page.locator(part).bounding_box()["x"] for part in (".person", ".agency", ".dotted"))
    assert name < agency < clearance
    page.locator(".facet:has(legend:text-is('Meeting')) label").first.click()
    page.wait_for_selector(".columns[aria-busy=false]")
    chip = page.locator(".chip").first
    assert chip.locator("bdi").bounding_box()["x"] < chip.locator("> span").bounding_box()["x"]
    assert page.locator(".chips .link").evaluate(RUNS_FORWARD)
    chip.click()
    page.wait_for_selector(".hit-title")
    expert.hit(0).click()
    page.wait_for_selector("#reader-title:focus")
    symbol, known = page.locator(".symbol"), page.locator(".reader-head .known > span").first
    assert known.evaluate(RUNS_FORWARD)
    assert known.bounding_box()["x"] < symbol.bounding_box()["x"]


def test_a_sentence_that_turns_the_direction_leaves_the_next_one_alone(expert: Any) -> None:
    page = expert.page

    def turned(route: Any) -> None:
        content = route.fetch().json()
        for segment in content["segments"][::2]:
            segment["text"] = "Turned \u202e here."
        route.fulfill(json=content)

    page.route(re.compile("/api/documents/[^/]+/pages/1$"), turned)
    expert.search("recommendations")
    expert.open(expert.hit(0).get_attribute("data-document"))
    plain = page.locator(".sentence.original:not(:has-text('Turned')):not(.lit) > .words")
    assert plain.count() > 2
    assert all(sentence.evaluate(RUNS_FORWARD) for sentence in plain.all())
