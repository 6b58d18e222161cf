"""What becomes of text that pages hold and do not show. Refuses to show or index it until somebody decides so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.extract.pages import Line, LineKind, PageText, among

KEEP_OUT, PICTURE, TAKE_IN = "keep_out", "picture", "take_in"
CHOICES: Final = (KEEP_OUT, PICTURE, TAKE_IN)
"""Leave such text out; take the page as a picture alone; or take the text in as if it were shown, and marked."""


def places(page: PageText) -> int:
    """How many lines of the page's own area it does not show: under a shape, white, tiny, or drawn without a mark."""
    return len(_told(page))


def chosen(pages: Sequence[PageText], choice: str) -> tuple[PageText, ...]:
    """The pages as somebody decided; "" is as if they decided to leave hidden text out."""
    by_choice = {PICTURE: _as_picture, TAKE_IN: _with_hidden}
    change = by_choice.get(choice)
    return tuple(change(page) if change and places(page) else page for page in pages)


def _told(page: PageText) -> list[Line]:
    return [line for line in page.hidden if line.kind is not LineKind.ABSENT]


def _as_picture(page: PageText) -> PageText:
    return replace(page, lines=(), trouble="needs_ocr")


def _with_hidden(page: PageText) -> PageText:
    return replace(page, lines=among(page.lines, _told(page)))
