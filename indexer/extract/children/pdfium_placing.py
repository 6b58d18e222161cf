"""Maps what stands in a PDF's own space to the page as it is shown, by each of its rotations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexer.text import Box

Place = Callable[[float, float, float, float], Box]


@dataclass(frozen=True, slots=True)
class PagePlacing:
    """Maps the PDF's space to the page shown by some rotation, origin at the top left.

    `low` and `high` are where a rectangle (left, top, right, bottom) has what become its left and right edge; these are
    as far from `origin`, or as far before it if the page is `mirrored`.
    """

    place: Place
    low: int
    high: int
    origin: float
    mirrored: bool

    def edges(self, boxes: Sequence[float]) -> list[float]:
        """The left and right edge of each word, one after the other, from the boxes of its first and last character."""
        low, high, origin = self.low, self.high, self.origin
        if self.mirrored:
            lefts = [origin - far for far in map(max, boxes[low::8], boxes[low + 4 :: 8])]
            rights = [origin - near for near in map(min, boxes[high::8], boxes[high + 4 :: 8])]
        else:
            lefts = [near - origin for near in map(min, boxes[low::8], boxes[low + 4 :: 8])]
            rights = [far - origin for far in map(max, boxes[high::8], boxes[high + 4 :: 8])]
        edges = lefts + rights
        edges[::2], edges[1::2] = lefts, rights
        return edges


_LEFT, _TOP, _RIGHT, _BOTTOM = range(4)


def placings(box: Sequence[float]) -> dict[int, PagePlacing]:
    """For each rotation of a page (left, bottom, right, top), what maps a rectangle of the PDF to it so shown."""
    left, bottom, right, top = box
    return {
        0: PagePlacing(
            lambda x0, y0, x1, y1: (x0 - left, top - y1, x1 - left, top - y0), _LEFT, _RIGHT, left, mirrored=False
        ),
        90: PagePlacing(
            lambda x0, y0, x1, y1: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
            _BOTTOM,
            _TOP,
            bottom,
            mirrored=False,
        ),
        180: PagePlacing(
            lambda x0, y0, x1, y1: (right - x1, y0 - bottom, right - x0, y1 - bottom),
            _RIGHT,
            _LEFT,
            right,
            mirrored=True,
        ),
        270: PagePlacing(
            lambda x0, y0, x1, y1: (top - y1, right - x1, top - y0, right - x0), _TOP, _BOTTOM, top, mirrored=True
        ),
    }
