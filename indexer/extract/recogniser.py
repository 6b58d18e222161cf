"""Has pages' pictures read by Tesseract, in the cage, a child for each page. Refuses what it cannot read in time.

The library is an extra of this package, and the data of its languages are the operator's or the machine's packages':
where either is missing nothing is recognised, and `missing` says what.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from indexer.extract import answers
from indexer.extract.answers import RecognisedPage
from indexer.extract.cage.keeper import Cage, readable
from indexer.extract.cage.limits import Limits
from indexer.extract.pages import ExtractError
from indexer.extract.precheck import precheck

LANGUAGES: Final = ("rus", "eng", "kaz", "kir", "tgk", "uzb_cyrl", "uzb")
ORIENTATION: Final = "osd"
DEBIAN: Final = (Path("/usr/share/tesseract-ocr/5/tessdata"), Path("/usr/share/tesseract-ocr/4.00/tessdata"))
LIMITS: Final = Limits(memory_bytes=1 << 30, cpu_seconds=60, page_cpu_seconds=0, wall_seconds=240, max_pages=1)

_LIBRARY: Final = "tesserocr"
_SUFFIX: Final = ".traineddata"


class Recogniser:
    """Recognises pages; safe to share between threads. `folder` has the languages' data; without it, Debian's has."""

    def __init__(self, folder: Path | None = None, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self.folder = folder or next((each for each in DEBIAN if each.is_dir()), DEBIAN[0])
        languages = [*self.languages, *self._data((ORIENTATION,))]
        self._cage = Cage("indexer.extract.children.tesseract_child", (str(self.folder), *languages))

    @property
    def languages(self) -> tuple[str, ...]:
        """Those whose data is here, of those that we read."""
        return tuple(self._data(LANGUAGES))

    def missing(self) -> str:
        """What is missing before anything can be recognised, and how it comes; "" for nothing."""
        if importlib.util.find_spec(_LIBRARY) is None:
            return "the library is not installed: pip install 'tolmach[ocr]'"
        if not self.languages:
            return (
                f"no language's data is in {self.folder}: apt install tesseract-ocr-rus tesseract-ocr-eng, "
                "or name a folder in TOLMACH_OCR_DATA"
            )
        return ""

    def page(self, file: BinaryIO, number: int) -> RecognisedPage:
        """What a page of an open PDF shows. Raises ExtractError."""
        precheck(file)
        with readable(file) as descriptor:
            frames = self._cage.answers({"page": number}, descriptor, self._limits)
            with contextlib.closing(frames), answers.checked():
                ((_, payload),) = frames
                return answers.recognised_page(payload)

    def check(self) -> None:
        """Start what recognises. Raises ExtractError."""
        self._cage.confinement()

    def close(self) -> None:
        """End the processes. The recogniser may be used again: it then starts others."""
        self._cage.close()

    def _data(self, names: tuple[str, ...]) -> Iterator[str]:
        return (name for name in names if (self.folder / f"{name}{_SUFFIX}").is_file())


__all__ = ["ExtractError", "RecognisedPage", "Recogniser"]
