"""Writes files for word processors (DOCX, ECMA-376) whose every page bears a marking. Holds nothing that acts."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Look = Literal["Normal", "Quote", "Caption", "List Paragraph"]  # names of the template's styles
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_MOMENT: Final = datetime(2000, 1, 1)


class WordFile:
    """A file that is written from its beginning on; its marking stands above and below every page."""

    def __init__(self, title: str, marking: str) -> None:
        self._document = Document()
        about = self._document.core_properties
        about.title, about.category = _kept(title)[:255], _kept(marking)[:255]
        about.author, about.comments = "", ""
        about.created = about.modified = _NO_MOMENT
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for band in (section.header, section.footer):
            line = band.paragraphs[0]
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.add_run(_kept(marking)).bold = True
        self.heading(title, 0)

    def heading(self, text: str, level: int) -> None:
        """A heading; level 0 is that of the whole."""
        self._document.add_heading(_kept(text), level)

    def paragraph(self, text: str, look: Look = "Normal", italic: bool = False) -> None:
        """A paragraph; line ends inside it stay."""
        _fill(self._document.add_paragraph(style=look), text, italic)

    def rows(self, rows: Sequence[tuple[str, str, bool]]) -> None:
        """A table of two columns; the right text is in italics where that is said."""
        table = self._document.add_table(len(rows), 2, "Table Grid")
        for row, (left, right, italic) in zip(table.rows, rows, strict=True):
            cells = row.cells
            _fill(cells[0].paragraphs[0], left)
            _fill(cells[1].paragraphs[0], right, italic)

    def content(self) -> bytes:
        """The whole file."""
        written = io.BytesIO()
        self._document.save(written)
        return written.getvalue()


def _fill(paragraph: Paragraph, text: str, italic: bool = False) -> None:
    run = paragraph.add_run(_kept(text))
    run.italic = italic or None
    run.font.size = Pt(10)


def _kept(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_XML.sub("", text)
