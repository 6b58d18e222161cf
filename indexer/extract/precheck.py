"""Looks at a file's first and last bytes. Refuses what is empty, no PDF, or a PDF whose end is missing."""

import os
from typing import BinaryIO

from indexer.extract.pages import ExtractError

HEAD = 1024
TAIL = 2048
MOST_AFTER = 16 << 20
"""Bytes after the last end mark that are looked through."""

END, OBJECT = b"%%EOF", b" obj"
_STEP = 1 << 20


def precheck(file: BinaryIO) -> None:
    """Raise ExtractError `empty`, `not_pdf` or `truncated`; otherwise leave the file at its beginning.

    A reader would repair a cut PDF and show half its pages as if they were all: so the end must be there.
    """
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise ExtractError("empty")
    file.seek(0)
    if b"%PDF-" not in file.read(HEAD):
        raise ExtractError("not_pdf")
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    whole = b"startxref" in tail or b"%%EOF" in tail or _followed_by_nothing(file, size)
    file.seek(0)
    if not whole:
        raise ExtractError("truncated")


def _followed_by_nothing(file: BinaryIO, size: int) -> bool:
    """Whether what follows the last end mark is no part of a PDF: zeros of a disk image, lines of a mail gateway.

    In a file that was cut, objects follow the end mark of an earlier state, or none stands before the cut.
    """
    after = b""
    for end in range(size, max(0, size - MOST_AFTER), -_STEP):
        start = max(0, end - _STEP)
        file.seek(start)
        after = file.read(end - start) + after[: len(END) + len(OBJECT)]
        place = after.rfind(END)
        if OBJECT in after[max(0, place) :]:
            return False
        if place >= 0:
            file.seek(max(0, start + place - _STEP))
            return OBJECT in file.read(min(_STEP, start + place))
    return False
