"""What the eye meets: nothing covers the words, an error has room, a sheet on paper bears its marking."""

from __future__ import annotations

from typing import Any

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
