"""Opens PDFs in the cage: `python -m indexer.extract.children.pdfium_child SOCKET PARENT`.

With pdfium_calls, pdfium_lines, pdfium_looks and pdfium_fields the only importer of pypdfium2. Each document is read in
a fork of its own (cage/template.py).
"""

import ctypes
import gc
import io
import json
from collections.abc import Iterator
from typing import Any

import PIL.Image
import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.cage.frames import COUNT, FILE, IMAGE, LONGEST, LONGEST_NAME, MOST_NAMES, PAGE
from indexer.extract.cage.template import Refused, allow_cpu, mapped, serve
from indexer.extract.children.pdfium_lines import PageReading
from indexer.extract.children.pdfium_looks import Fonts

WIDTHS = (100, 2400)
PIXELS = 24_000_000

_OWN_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj "
    b"4 0 obj<</Length 32>>stream\nBT /F 9 Tf 9 9 Td (a) Tj ET      \nendstream endobj "
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)

_ERR_PASSWORD, _ERR_SECURITY = 4, 5


def main() -> None:
    """Serve requests from the socket whose descriptor is the first argument until it closes."""
    gc.disable()  # a document's values hold no cycles, and its process ends with it
    serve(_work, _warm)


def _warm() -> None:
    """Find the fonts of the machine, and load what saves a picture, once for all documents."""
    PIL.Image.preinit()
    document = pypdfium2.PdfDocument(_OWN_PDF)
    PageReading(document[0], Fonts(), lambda: document[0]).lines()
    _image(document, 1, WIDTHS[0])
    document.close()


def _work(request: dict[str, Any], descriptor: int) -> Iterator[tuple[bytes, bytes]]:
    document = opened(descriptor)
    try:
        count = len(document)
        if count < 1:
            raise Refused("damaged")
        if request["page"]:
            yield IMAGE, _image(document, request["page"], request["width"])
            return
        if request.get("attachments"):
            yield PAGE, json.dumps(list(_attachments(document))).encode()
            return
        if request.get("attachment"):
            yield from _attachment(document, request["attachment"])
            return
        if count > request["max_pages"]:
            raise Refused("too_many_pages")
        allow_cpu(request["cpu"] + count * request["page_cpu"])
        yield COUNT, str(count).encode()
        fonts = Fonts()
        for index in range(count):
            text = json.dumps(_page(document, index, fonts), ensure_ascii=False, separators=(",", ":")).encode()
            yield PAGE, text if len(text) <= LONGEST[PAGE] else b"null"
    finally:
        document.close()


def opened(descriptor: int) -> pypdfium2.PdfDocument:
    """The document, and its form as it was filled in. Raises Refused."""
    data = mapped(descriptor)
    try:
        document = pypdfium2.PdfDocument((ctypes.c_ubyte * len(data)).from_buffer(data), password="")
        if document.get_formtype() != pdfium.FORMTYPE_NONE:
            document.init_forms()  # what is filled in is drawn and read; there is no script engine in the library
        return document
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        raise Refused("encrypted" if code in (_ERR_PASSWORD, _ERR_SECURITY) else "damaged") from None


def _page(document: pypdfium2.PdfDocument, index: int, fonts: Fonts) -> list[Any] | None:
    """Width and height of a page in hundredths of a point; how much of it is pictures, of 100; how many of its
    characters have no letter, of 10,000; and its lines, so as `PageReading.lines` has them.

    None if this one page cannot be read.
    """
    try:
        page = document[index]
        try:
            width, height = page.get_size()
            reading = PageReading(page, fonts, lambda: document[index])
            lines = reading.lines()
            return [_hundredths(width), _hundredths(height), reading.picture(), reading.lost(), *lines]
        finally:
            page.close()
    except (pypdfium2.PdfiumError, OverflowError, ValueError):
        return None


def _hundredths(points: float) -> int:
    return round(points * 100)


def grey_page(document: pypdfium2.PdfDocument, number: int, dpi: int) -> tuple[PIL.Image.Image, float, float]:
    """A page in grey at this resolution, or less where it is large; its width and height in points. Raises Refused."""
    if not 1 <= number <= len(document):
        raise Refused("no_page")
    try:
        page = document[number - 1]
        width, height = page.get_size()
        if width <= 0 or height <= 0:
            raise Refused("damaged")
        scale = min(dpi / 72, (PIXELS / (width * height)) ** 0.5)
        return page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil(), width, height
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None


def _attachments(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """The names of the files inside; nothing of what is in them."""
    for index in range(min(document.count_attachments(), MOST_NAMES)):
        try:
            yield document.get_attachment(index).get_name()[:LONGEST_NAME]
        except pypdfium2.PdfiumError:
            yield ""


def _attachment(document: pypdfium2.PdfDocument, number: int) -> Iterator[tuple[bytes, bytes]]:
    """What is in a file inside, counted from 1, in pieces. Raises Refused."""
    if not 1 <= number <= min(document.count_attachments(), MOST_NAMES):
        raise Refused("no_attachment")
    try:
        content = bytes(document.get_attachment(number - 1).get_data())
    except pypdfium2.PdfiumError:
        raise Refused("no_attachment") from None
    for start in range(0, len(content), LONGEST[FILE]):
        yield FILE, content[start : start + LONGEST[FILE]]


def _image(document: pypdfium2.PdfDocument, number: int, width: int) -> bytes:
    """A page as PNG. Draws the page, what is filled into its form, and its annotations; runs no script, follows no
    link."""
    if number > len(document):
        raise Refused("no_page")
    try:
        page = document[number - 1]
        across, down = page.get_size()
        if across <= 0 or down <= 0:
            raise Refused("damaged")
        scale = min(max(WIDTHS[0], min(WIDTHS[1], width)) / across, (PIXELS / (across * down)) ** 0.5)
        picture = page.render(scale=scale, may_draw_forms=True).to_pil()
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
