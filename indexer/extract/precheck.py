"""Looks at a file's first and last bytes. Refuses what is empty, no PDF, or a PDF whose end is missing."""

import os
from typing import BinaryIO

from indexer.extract.pages import ExtractError

HEAD = 1024
TAIL = 2048


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
    file.seek(0)
    if b"startxref" not in tail and b"%%EOF" not in tail:
        raise ExtractError("truncated")
