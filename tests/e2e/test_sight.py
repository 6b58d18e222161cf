"""What the eye meets: nothing covers the words, an error has room, a sheet on paper bears its marking."""

from __future__ import annotations

from typing import Any

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
