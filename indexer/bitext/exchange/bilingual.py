"""Writes a document in both languages side by side, for people: HTML and DOCX, with its marking on every page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import Final

from auth.errors import ErrorKind, TolmachError
from indexer.library.documents import SegmentText
from indexer.text import OTHER, tag_of
from indexer.word_file import WordFile

MOST_OF_WORD: Final = 10_000  # sentences of a DOCX: what word processors open at ease, in seconds of our time
MEDIA_TYPE: Final = "text/html; charset=utf-8"
_STYLE: Final = (
    "body{font-family:serif;margin:2em}.marking{text-align:center;font-weight:bold;margin:1em 0}"
    "table{width:100%;border-collapse:collapse}td{width:50%;vertical-align:top;padding:.3em .6em}"
    ".machine{color:#555;font-style:italic}section{break-after:page}"
    "@media print{.running{position:fixed;top:0;left:0;right:0;text-align:center;font-weight:bold}}"
    "@media screen{.running{display:none}}"
)
_MACHINE: Final = {
    "en": "In italics: translated by a machine, and checked by nobody.",
    "ru": "Курсивом: машинный перевод, никем не проверенный.",
}


class TooLongError(TolmachError):
    """A document is too long for a file that word processors open."""

    kind = ErrorKind.INVALID
    code = "too_long_for_word"

    def __init__(self) -> None:
        super().__init__(
            "The document has more than {most} sentences: too many for DOCX. Take it as HTML.", most=MOST_OF_WORD
        )


def write(title: str, marking: str, source: str, sentences: Iterable[SegmentText]) -> str:
    """The whole file. `marking` is what stands over and under every page; `sentences` those of all pages, in order.

    A document that is translated into no other language stands there alone.
    """
    banner = f'<p class="marking">{escape(marking)}</p>'
    pages = "".join(
        f"<section>{banner}<h2>{page}</h2><table>{''.join(map(_row, of_page))}</table>{banner}</section>\n"
        for page, of_page in groupby(sentences, key=lambda each: each.page)
    )
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    notes = "".join(f"<p>{note}</p>" for note in _notes(source))
    running = f'<div class="running">{escape(marking)}</div>'
    body = f"{running}{banner}<h1>{escape(title)}</h1>{notes}\n{pages}"
    return f'<!DOCTYPE html>\n<html lang="{tag_of(source)}"><head>{head}</head><body>{body}</body></html>\n'


def write_word(title: str, marking: str, source: str, sentences: Sequence[SegmentText]) -> bytes:
    """The same as DOCX, with `marking` above and below every page. Raises TooLongError."""
    if len(sentences) > MOST_OF_WORD:
        raise TooLongError
    file = WordFile(title, marking)
    for note in _notes(source):
        file.paragraph(note, "Caption")
    for page, of_page in groupby(sentences, key=lambda each: each.page):
        file.heading(str(page), 2)
        file.rows([_cells(sentence) for sentence in of_page])
    return file.content()


def _notes(source: str) -> list[str]:
    """What is said of machines' sentences, in both languages; nothing where the source is translated into none."""
    target = OTHER.get(source)
    return [_MACHINE[target], _MACHINE[source]] if target else []


def _cells(sentence: SegmentText) -> tuple[str, str, bool]:
    translation = sentence.translation
    if translation is None:
        return sentence.text, "", False
    return sentence.text, translation.text, translation.origin == "machine"


def _row(sentence: SegmentText) -> str:
    source, text, by_machine = _cells(sentence)
    kind = ' class="machine"' if by_machine else ""
    return f"<tr><td>{escape(source)}</td><td{kind}>{escape(text)}</td></tr>"
