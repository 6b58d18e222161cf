"""What people filled in and pinned to a page: values of form fields, texts of notes. Runs no script."""

import ctypes
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.pages import ASCENT, DESCENT, LineKind
from indexer.text import Box

MOST_NOTES: Final = 2_000
LONGEST_NOTE: Final = 4_000
_SIZE = 12.0  # points: the largest letters that a field's value is taken to have
_HIDDEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_TYPED = (
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
)
_WRITTEN = (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP)


def notes(page: pypdfium2.PdfPage, place: Any) -> Iterator[tuple[str, Box, int]]:  # noqa: ANN401
    """The text, the box as shown, and the kind of each value and note that the page shows, in the order of the file."""
    for i in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_NOTES)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, i)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                continue
            text, kind = _text_of(page, annotation)
            rectangle = pdfium.FS_RECTF()
            if text and pdfium.FPDFAnnot_GetRect(annotation, rectangle):
                yield text, place(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top), kind
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _text_of(page: pypdfium2.PdfPage, annotation: Any) -> tuple[str, int]:  # noqa: ANN401
    subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
    if subtype == pdfium.FPDF_ANNOT_WIDGET and page.formenv:
        form = page.formenv.raw
        if pdfium.FPDFAnnot_GetFormFieldType(form, annotation) in _TYPED:
            return _read(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation), LineKind.FIELD
    elif subtype in _WRITTEN:
        return _read(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents"), LineKind.NOTE
    return "", LineKind.NOTE


def _read(function: Any, *arguments: Any) -> str:  # noqa: ANN401
    """What a function of the library writes in UTF-16."""
    size = min(function(*arguments, None, 0), 2 * LONGEST_NOTE)
    if size <= 2:
        return ""
    units = (ctypes.c_ushort * (size // 2 + 1))()
    function(*arguments, units, size)
    return bytes(units)[: size - 2].decode("utf-16-le", "replace")


def rows(text: str, box: Box) -> Iterator[tuple[list[str], Box]]:
    """The rows of a value or note, as words, and where each may stand: its box divided among them, in even parts."""
    lines = [words for part in text.splitlines() if (words := part.split())]
    if not lines:
        return
    step = (box[3] - box[1]) / len(lines)
    size = min(_SIZE, step / (ASCENT + DESCENT))
    for i, words in enumerate(lines):
        middle = box[1] + (i + 0.5) * step
        half = size * (ASCENT + DESCENT) / 2
        yield words, (box[0], middle - half, box[2], middle + half)


def edges(words: list[str], box: Box, size: float = _SIZE) -> list[float]:
    """Left and right edge of each word, as if all letters were of one width, but no wider than usual ones."""
    letters = sum(map(len, words)) + len(words) - 1
    letter = min((box[2] - box[0]) / max(1, letters), 0.55 * size)
    places, at = [], box[0]
    for word in words:
        places += [at, at + letter * len(word)]
        at += letter * (len(word) + 1)
    return places
