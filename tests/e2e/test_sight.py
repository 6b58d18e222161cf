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
    assert page.locator(".meaning span").count() > 3
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
def test_every_printed_sheet_bears_the_marking_and_no_tools(expert: Any, scheme: str) -> None:
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


def one_line(text: str) -> str:
    """A text without the signs between its words, which a PDF has in other places."""
    return re.sub(r"[\W_]", "", text)
