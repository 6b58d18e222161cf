"""The library's functions on plain addresses, and what a page's characters tell, asked of many in one go.

A typed pointer is a new object at each call, and each call a turn of the interpreter: both cost more than the answer.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Collection, Sequence
from ctypes import c_double, c_float, c_int, c_uint, c_void_p
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

_RECTANGLE, _MATRIX = 4, 6  # floats
_FLOAT = ctypes.sizeof(c_float)


def typed(function: Any, result: Any, *arguments: Any) -> Any:  # noqa: ANN401
    """The library's function on plain addresses."""
    return ctypes.cast(function, ctypes.CFUNCTYPE(result, *arguments))


_text_object = typed(pdfium.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
_loose_box = typed(pdfium.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)
_matrix = typed(pdfium.FPDFText_GetMatrix, c_int, c_void_p, c_int, c_void_p)
_size = typed(pdfium.FPDFText_GetFontSize, c_double, c_void_p, c_int)
_origin = typed(pdfium.FPDFText_GetCharOrigin, c_int, c_void_p, c_int, c_void_p, c_void_p)
_count_rectangles = typed(pdfium.FPDFText_CountRects, c_int, c_void_p, c_int, c_int)
_rectangle = typed(pdfium.FPDFText_GetRect, c_int, c_void_p, c_int, *[c_void_p] * 4)
_to_text = typed(pdfium.FPDFText_GetTextIndexFromCharIndex, c_int, c_void_p, c_int)
_from_text = typed(pdfium.FPDFText_GetCharIndexFromTextIndex, c_int, c_void_p, c_int)
_letter = typed(pdfium.FPDFText_GetUnicode, c_uint, c_void_p, c_int)
_untold = typed(pdfium.FPDFText_HasUnicodeMapError, c_int, c_void_p, c_int)


class Characters:
    """The characters of a page, by their indexes; places are in the PDF's space."""

    def __init__(self, textpage: Any) -> None:  # noqa: ANN401
        self._page = ctypes.cast(textpage, c_void_p).value
        self.count: int = pdfium.FPDFText_CountChars(textpage)
        self._doubles = (c_double * 4)()
        at = ctypes.addressof(self._doubles)
        self._double_at = [at + 8 * i for i in range(4)]

    def of_text(self, places: Sequence[int]) -> list[int]:
        """The characters that stand at these places of the text."""
        return list(map(_from_text, repeat(self._page), places))

    def places(self, indexes: Sequence[int]) -> list[int]:
        """Where these stand in the text; negative for what the text leaves out."""
        return list(map(_to_text, repeat(self._page), indexes))

    def letter(self, index: int) -> int:
        """The code of the character."""
        return int(_letter(self._page, index))

    def untold(self, indexes: Sequence[int]) -> list[bool]:
        """Whether the file does not tell which letter each is: the library then gives its code in the font."""
        return [answer == 1 for answer in map(_untold, repeat(self._page), indexes)]

    def objects(self, indexes: Sequence[int]) -> list[int]:
        """The text objects that draw these; 0 is none."""
        return [handle or 0 for handle in map(_text_object, repeat(self._page), indexes)]

    def boxes(self, indexes: Sequence[int]) -> array[float]:
        """Left, top, right, bottom of the loose box of each, one after the other."""
        return self._floats(_loose_box, indexes, _RECTANGLE)[1]

    def matrices(self, indexes: Collection[int]) -> list[Sequence[float] | None]:
        """The matrix of each; None where there is none."""
        told, floats = self._floats(_matrix, indexes, _MATRIX)
        return [floats[_MATRIX * i : _MATRIX * (i + 1)] if known else None for i, known in enumerate(told)]

    def sizes(self, indexes: Collection[int]) -> list[float]:
        """The size of the font of each, before its matrix."""
        return list(map(_size, repeat(self._page), indexes))

    def origin(self, index: int) -> tuple[float, float] | None:
        """Where the character begins on its baseline."""
        x, y = self._double_at[:2]
        return (self._doubles[0], self._doubles[1]) if _origin(self._page, index, x, y) else None

    def ink(self, first: int, last: int) -> tuple[list[float], list[float]]:
        """The edges along x and along y of the rectangles that the characters from first to last fill."""
        xs: list[float] = []
        ys: list[float] = []
        for index in range(_count_rectangles(self._page, first, last - first + 1)):
            if _rectangle(self._page, index, *self._double_at):
                left, top, right, bottom = self._doubles
                xs += (left, right)
                ys += (bottom, top)
        return xs, ys

    def _floats(self, function: Any, indexes: Collection[int], width: int) -> tuple[list[int], array[float]]:  # noqa: ANN401
        """What the function says of each index, and the floats that it writes, so many each."""
        floats = array("f", bytes(_FLOAT * width * len(indexes)))
        begin, _ = floats.buffer_info()
        step = _FLOAT * width
        told = list(map(function, repeat(self._page), indexes, range(begin, begin + step * len(indexes), step)))
        return told, floats
