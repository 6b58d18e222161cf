"""Pages that show nothing of a document but how to get a program for it: their words are left out, and named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from indexer.extract.pages import PageText

Shell = Literal["", "xfa_form", "portfolio", "encrypted"]

MOST_WORDS: Final = 150  # of a page that may be a shell
_SHELLS: Final[Sequence[tuple[Shell, re.Pattern[str]]]] = (
    ("xfa_form", re.compile(r"if this message is not eventually replaced (?:by|with) the proper contents")),
    ("xfa_form", re.compile(r"если это сообщение не будет (?:в итоге )?заменено")),
    (
        "xfa_form",
        re.compile(r"to view the full contents of this (?:document|form), you need a (?:later|newer) version"),
    ),
    ("xfa_form", re.compile(r"(?:form|document) requires a (?:newer|later) version of adobe")),
    ("portfolio", re.compile(r"this is a pdf package\. to view its contents")),
    ("portfolio", re.compile(r"for the best experience, open this pdf portfolio in")),
    ("portfolio", re.compile(r"откройте это(?:т| )(?: ?портфель| ?портфолио) pdf|для наилучшего восприятия откройте")),
    ("portfolio", re.compile(r"(?:open|view) this pdf (?:portfolio|package)")),
    ("portfolio", re.compile(r"multiple files are bound together in this pdf package")),
    ("xfa_form", re.compile(r"(?:document|form) you are trying to (?:load|open) requires adobe")),
    ("xfa_form", re.compile(r"требуется более (?:поздняя|новая) версия (?:программы|средства) просмотра pdf")),
    (
        "encrypted",
        re.compile(r"^.{0,120}(?:document|file) is protected\b.{0,200}\b(?:viewer|reader) (?:does|that|which|to|or)\b"),
    ),
)


def shell_of(page: PageText) -> Shell:
    """What stands behind a page that says only which program would show it; "" for any other page."""
    if sum(len(line.words) for line in page.lines) > MOST_WORDS:
        return ""
    text = " ".join(line.text for line in page.lines).casefold()
    return next((shell for shell, says in _SHELLS if says.search(text)), "")


def without_shells(pages: Sequence[PageText]) -> tuple[tuple[PageText, ...], Shell]:
    """The pages, those that are shells without their words; and what stands behind the first of these."""
    shells = [shell_of(page) for page in pages]
    pairs = zip(pages, shells, strict=True)
    emptied = (replace(page, lines=(), trouble="") if shell else page for page, shell in pairs)
    return tuple(emptied), next(filter(None, shells), "")
