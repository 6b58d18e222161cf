"""What people filled in and pinned to a page: values of form fields, texts of notes. Runs no script."""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.pages import ASCENT, DESCENT, LineKind
from indexer.text import Box

Again = Callable[[], pypdfium2.PdfPage]
Drawn = tuple[pdfium.FS_RECTF, int]

MOST_NOTES: Final = 2_000
MOST_LOOKS: Final = 40  # stamps and signatures of a page
LONGEST_NOTE: Final = 4_000
_SIZE = 12.0  # points: the largest letters that a field's value is taken to have
_HIDDEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_TYPED = (
    pdfium.FPDF_FORMFIELD_TEXTFIELD,
    pdfium.FPDF_FORMFIELD_COMBOBOX,
    pdfium.FPDF_FORMFIELD_LISTBOX,
)
_CHOSEN = (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_PASSWORD = 1 << 13
_WRITTEN = (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_TEXT)
_REMARKS = (
    pdfium.FPDF_ANNOT_HIGHLIGHT,
    pdfium.FPDF_ANNOT_UNDERLINE,
    pdfium.FPDF_ANNOT_SQUIGGLY,
    pdfium.FPDF_ANNOT_STRIKEOUT,
    pdfium.FPDF_ANNOT_CARET,
)
"""What is written to some words of the page, and seen when one points at these."""


def notes(
    page: pypdfium2.PdfPage,
    said: str,
    place: Any,  # noqa: ANN401
    again: Again,
) -> Iterator[tuple[str, Box, int]]:
    """The text, the box as shown, and the kind of each value and note that the page shows, in the order of the file.

    Stamps and signatures whose text stands in their looks alone come last. `again` loads the page once more. Some
    programs note down the very words that were marked: `said` is the page's text, which no remark repeats.
    """
    drawn: list[Drawn] = []
    count = min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_NOTES)
    said = f" {' '.join(said.split())} " if count else ""
    for i in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, i)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                continue
            text, kind = _text_of(page, annotation)
            if pdfium.FPDFAnnot_GetSubtype(annotation) in _REMARKS and f" {text} " in said:
                continue
            rectangle = pdfium.FS_RECTF()
            if not pdfium.FPDFAnnot_GetRect(annotation, rectangle):
                continue
            at = place(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            if text:
                yield text, at, kind
            elif (of_look := _kind_of_look(page, annotation)) is not None:
                drawn.append((rectangle, of_look))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    for (rectangle, kind), text in zip(drawn, _looks(page, again, drawn), strict=False):
        if text:
            yield text, place(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top), kind


def _kind_of_look(page: pypdfium2.PdfPage, annotation: Any) -> int | None:  # noqa: ANN401
    """What is written on a stamp or a signature, of which the file tells no text, is to who looks at the page."""
    subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
    if subtype in (pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_FREETEXT):
        return LineKind.NOTE
    if subtype != pdfium.FPDF_ANNOT_WIDGET or not page.formenv:
        return None
    kind = pdfium.FPDFAnnot_GetFormFieldType(page.formenv.raw, annotation)
    return LineKind.FIELD if kind == pdfium.FPDF_FORMFIELD_SIGNATURE else None


def _text_of(page: pypdfium2.PdfPage, annotation: Any) -> tuple[str, int]:  # noqa: ANN401
    subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
    if subtype == pdfium.FPDF_ANNOT_WIDGET and page.formenv:
        form = page.formenv.raw
        kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
        if kind in _CHOSEN and (chosen := list(_chosen(form, annotation))):
            return "\n".join(chosen), LineKind.FIELD
        if kind in _TYPED and not pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
            return _read(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation), LineKind.FIELD
    elif subtype in _WRITTEN:
        return _read(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents"), LineKind.NOTE
    elif subtype in _REMARKS:
        return " ".join(_read(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents").split()), LineKind.NOTE
    return "", LineKind.NOTE


def _chosen(form: Any, annotation: Any) -> Iterator[str]:  # noqa: ANN401
    """What a list shows for the options that are chosen, which a value may name otherwise."""
    count = min(pdfium.FPDFAnnot_GetOptionCount(form, annotation), MOST_NOTES)
    for i in range(count):
        if pdfium.FPDFAnnot_IsOptionSelected(form, annotation, i):
            yield _read(pdfium.FPDFAnnot_GetOptionLabel, form, annotation, i)


def _looks(page: pypdfium2.PdfPage, again: Again, drawn: Sequence[Drawn]) -> Iterator[str]:
    """What is written on each of these stamps and visible signatures.

    The library tells the text of a page alone: so they are made part of it, it is loaded once more, and what was on it
    before is taken away: a stamp may cover words that nobody is to see.
    """
    own = pdfium.FPDFPage_CountObjects(page.raw) if drawn else 0
    if not drawn or pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return
    flat = again()
    try:
        _take_away(flat, own)
        textpage = flat.get_textpage()
        for rectangle, _ in drawn[:MOST_LOOKS]:
            inside = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
            yield textpage.get_text_bounded(*inside)[:LONGEST_NOTE]
        textpage.close()
    finally:
        flat.close()


def _take_away(page: pypdfium2.PdfPage, count: int) -> None:
    """Rid a page of its first objects."""
    for _ in range(count):
        handle = pdfium.FPDFPage_GetObject(page.raw, 0)
        if not handle or not pdfium.FPDFPage_RemoveObject(page.raw, handle):
            return
        pdfium.FPDFPageObj_Destroy(handle)


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
