"""What a page shows and what it hides, by the objects that it draws. Refuses to call hidden what makes a mark on paper.

A word is suspected for what its object tells: its colour, its mode, its size, its layer, what is drawn over it. Only
then is the page drawn twice, with and without those objects: a word that makes no difference is not shown.
"""

import ctypes
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from ctypes import c_float, c_int, c_size_t, c_uint, c_void_p
from dataclasses import dataclass, field, replace
from enum import IntFlag
from itertools import repeat
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.children.pdfium_calls import typed
from indexer.text import Box

MOST_OBJECTS: Final = 50_000
MOST_COVERS: Final = 400
DEEPEST: Final = 6
_MOST_PIXELS = 3_000_000
_PALE = 235  # from this value on, in each of red, green and blue, text may be lost on white paper
_FAINT = 40  # of 255: text that covers its ground less
_OPAQUE = 250
_BROAD = 4.0  # points: what a stroke must be to cover letters
_ALIKE = 24  # of 255: how far the red, green and blue of letters and of their ground may differ to be one colour
_TINIEST = 1.2  # points: the height of a line of letters of one point; smaller ones are not read
NARROWEST: Final = 0.3  # points: letters that are narrower on the mean are squeezed to nothing
_DIFFERENCE = 10  # of 255: what an eye does not see
_INVISIBLE = (3, 7)  # text render modes that leave no mark
_BACKGROUND = 0.3  # of the page: a picture so large lies under its own text layer
_GRID = 20  # squares along a page's side, by which pictures' share is measured
_MOST_CLIPS, _MOST_POINTS = 8, 64  # paths that clip one object, and points of each, that are looked at
_COLOUR = 4  # numbers: red, green, blue, alpha
_OUTLINES = 300  # paths on a page without text: letters drawn as curves


class Suspicion(IntFlag):
    """Why a word may not be shown."""

    NONE = 0
    COLOUR = 1
    MODE = 2
    SIZE = 4
    LAYER = 8
    COVERED = 16
    OVER_PICTURE = 32  # a reason to believe that an invisible word is a scan's own text layer
    CLIPPED = 64


@dataclass(frozen=True, slots=True)
class Look:
    """What a text object tells: the number of its font, and why its words may not be shown."""

    font: int
    suspicion: Suspicion
    colour: tuple[int, ...] = ()


@dataclass(slots=True)
class _Drawn:
    """What is drawn on a page, in the order of drawing; rectangles are in the PDF's space."""

    order: dict[int, int] = field(default_factory=dict)
    covers: list[tuple[int, Box]] = field(default_factory=list)
    grounds: list[tuple[int, Box, tuple[int, ...]]] = field(default_factory=list)  # shapes with their colour
    pictures: list[Box] = field(default_factory=list)
    inner: set[int] = field(default_factory=set)  # text inside forms, which may be on a layer as a whole
    paths: int = 0
    count: int = 0


_count = typed(pdfium.FPDFPage_CountObjects, c_int, c_void_p)
_object = typed(pdfium.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
_kind = typed(pdfium.FPDFPageObj_GetType, c_int, c_void_p)
_count_inner = typed(pdfium.FPDFFormObj_CountObjects, c_int, c_void_p)
_inner_object = typed(pdfium.FPDFFormObj_GetObject, c_void_p, c_void_p, c_size_t)
_bounds = typed(pdfium.FPDFPageObj_GetBounds, c_int, c_void_p, *[c_void_p] * 4)
_fill = typed(pdfium.FPDFPageObj_GetFillColor, c_int, c_void_p, *[c_void_p] * 4)
_stroke = typed(pdfium.FPDFPageObj_GetStrokeColor, c_int, c_void_p, *[c_void_p] * 4)
_stroke_width = typed(pdfium.FPDFPageObj_GetStrokeWidth, c_int, c_void_p, c_void_p)
_path_mode = typed(pdfium.FPDFPath_GetDrawMode, c_int, c_void_p, c_void_p, c_void_p)
_text_mode = typed(pdfium.FPDFTextObj_GetTextRenderMode, c_int, c_void_p)
_font = typed(pdfium.FPDFTextObj_GetFont, c_void_p, c_void_p)
_font_name = typed(pdfium.FPDFFont_GetBaseFontName, c_size_t, c_void_p, c_void_p, c_size_t)
_font_weight = typed(pdfium.FPDFFont_GetWeight, c_int, c_void_p)
_marks = typed(pdfium.FPDFPageObj_CountMarks, c_int, c_void_p)
_mark = typed(pdfium.FPDFPageObj_GetMark, c_void_p, c_void_p, c_uint)
_clip = typed(pdfium.FPDFPageObj_GetClipPath, c_void_p, c_void_p)
_clip_paths = typed(pdfium.FPDFClipPath_CountPaths, c_int, c_void_p)
_clip_points = typed(pdfium.FPDFClipPath_CountPathSegments, c_int, c_void_p, c_int)
_clip_point = typed(pdfium.FPDFClipPath_GetPathSegment, c_void_p, c_void_p, c_int, c_int)
_point = typed(pdfium.FPDFPathSegment_GetPoint, c_int, c_void_p, c_void_p, c_void_p)
_mark_name = typed(pdfium.FPDFPageObjMark_GetName, c_int, c_void_p, c_void_p, c_uint, c_void_p)
_matrix_of = typed(pdfium.FPDFPageObj_GetMatrix, c_int, c_void_p, c_void_p)
_transparent = typed(pdfium.FPDFPageObj_HasTransparency, c_int, c_void_p)
_switch = typed(pdfium.FPDFPageObj_SetIsActive, c_int, c_void_p, c_int)


class Fonts:
    """The fonts of a document, numbered by their names: even numbers, and odd ones where letters are bold."""

    def __init__(self) -> None:
        self._by_name: dict[bytes, int] = {}

    def number(self, handle: int) -> int:
        """The number of a font."""
        name = ctypes.create_string_buffer(128)
        _font_name(handle, name, 128)
        bold = b"bold" in name.value.lower() or b"black" in name.value.lower() or _font_weight(handle) >= 600
        return 2 * self._by_name.setdefault(name.value, len(self._by_name)) + bold


class PageLooks:
    """Looks at a page's objects, once each. `place` gives a rectangle of the PDF's space its place as shown."""

    def __init__(
        self, page: pypdfium2.PdfPage, fonts: Fonts, place: Callable[[float, float, float, float], Box]
    ) -> None:
        self._page, self._fonts = page, fonts
        self._looks: dict[int, Look] = {0: Look(0, Suspicion.NONE)}
        self._kinds_of_look: dict[tuple[int, bool, bool, tuple[int, ...]], Look] = {}
        self._by_colour: dict[tuple[int, ...], Sequence[tuple[int, Box]]] = {}
        self._font_numbers: dict[int, int] = {}
        self._numbers = [c_uint() for _ in range(4)]
        self._floats = [c_float() for _ in range(4)]
        self._colour = [ctypes.byref(number) for number in self._numbers]
        self._rectangle = [ctypes.byref(number) for number in self._floats]
        self._place = place
        self._clips: dict[int, Box] = {}  # what is left of the page to each object that is clipped
        self.size = page.get_size()
        self._drawn = _Drawn()
        raw = ctypes.cast(page.raw, c_void_p).value
        count = min(_count(raw), MOST_OBJECTS)
        self._walk(list(map(_object, repeat(raw), range(count))), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0)
        self._covers = [(at, place(*box)) for at, box in self._drawn.covers]
        self._grounds = [(at, place(*box), colour) for at, box, colour in self._drawn.grounds]
        self._pictures = [place(*box) for box in self._drawn.pictures]
        self._covers += [(MOST_OBJECTS + 1, place(*box)) for box in _annotations(page)]

    # --- what is drawn ---

    def _walk(self, objects: Sequence[int], matrix: tuple[float, ...], depth: int) -> None:
        drawn = self._drawn
        for handle, kind in zip(objects, map(_kind, objects), strict=True):
            drawn.count += 1
            if drawn.count > MOST_OBJECTS or not handle:
                return
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                drawn.order[handle] = drawn.count
                if depth:
                    drawn.inner.add(handle)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                drawn.paths += 1
                if len(drawn.covers) < MOST_COVERS and (colour := self._covers_much(handle)):
                    box = self._box(handle, matrix)
                    drawn.covers.append((drawn.count, box))
                    drawn.grounds.append((drawn.count, box, colour))
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                box = self._box(handle, matrix)
                drawn.pictures.append(box)
                if len(drawn.covers) < MOST_COVERS:
                    drawn.covers.append((drawn.count, box))
            elif kind == pdfium.FPDF_PAGEOBJ_SHADING and len(drawn.covers) < MOST_COVERS:
                drawn.covers.append((drawn.count, self._box(handle, matrix)))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
                count = min(_count_inner(handle), MOST_OBJECTS - drawn.count)
                inner = map(_inner_object, repeat(handle), range(count))
                self._walk(list(inner), self._product(handle, matrix), depth + 1)

    def _covers_much(self, handle: int) -> tuple[int, ...]:
        """The colour of a path by which nothing shows, be it filled or a broad stroke; () of any other."""
        mode, stroked = self._numbers[:2]
        if not _path_mode(handle, ctypes.byref(mode), ctypes.byref(stroked)):
            return ()
        filled, broad = bool(mode.value), bool(stroked.value)
        if not filled and broad:
            broad = bool(_stroke_width(handle, self._rectangle[0])) and self._floats[0].value > _BROAD
        if not (filled or broad) or not (_fill if filled else _stroke)(handle, *self._colour):
            return ()
        red, green, blue, alpha = (number.value for number in self._numbers)
        if alpha < _OPAQUE:
            return ()
        _bounds(handle, *self._rectangle)
        left, bottom, right, top = (number.value for number in self._floats)
        return (red, green, blue) if abs(right - left) > 3 and abs(top - bottom) > 3 else ()

    def _box(self, handle: int, matrix: tuple[float, ...]) -> Box:
        if not _bounds(handle, *self._rectangle):
            return 0.0, 0.0, 0.0, 0.0
        left, bottom, right, top = (number.value for number in self._floats)
        a, b, c, d, e, f = matrix
        xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
        ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
        return min(xs), min(ys), max(xs), max(ys)

    def _product(self, handle: int, outer: tuple[float, ...]) -> tuple[float, ...]:
        own = pdfium.FS_MATRIX()
        if not _matrix_of(handle, ctypes.byref(own)):
            return outer
        a, b, c, d, e, f = outer
        return (
            own.a * a + own.b * c,
            own.a * b + own.b * d,
            own.c * a + own.d * c,
            own.c * b + own.d * d,
            own.e * a + own.f * c + e,
            own.e * b + own.f * d + f,
        )

    def picture(self, words: int) -> int:
        """How much of the page is pictures, of 100; all of it where letters are drawn as curves."""
        if not words and (self._drawn.paths > _OUTLINES or self._letters_drawn()):
            return 100
        if not self._pictures:
            return 0
        width, height = self.size
        centres = [(x + 0.5) / _GRID for x in range(_GRID)]
        large = sorted(self._pictures, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))[:64]
        inside = sum(any(_holds(box, x * width, y * height) for box in large) for x in centres for y in centres)
        return round(100 * inside / _GRID**2)

    def _letters_drawn(self) -> bool:
        """Whether text objects make a mark, though none of them tells a letter."""
        everywhere = (0.0, 0.0, *self.size)
        return bool(self._drawn.order) and not self.makes_no_mark([(it, everywhere) for it in self._drawn.order])[0]

    # --- what is shown ---

    def _first_looks(self, handles: Sequence[int]) -> Iterator[Look]:
        """What each of these text objects tells by itself; the library is asked for all of them at once."""
        numbers = array("I", bytes(4 * _COLOUR * len(handles)))
        begin, _ = numbers.buffer_info()
        at = [range(begin + 4 * i, begin + 4 * (_COLOUR * len(handles) + i), 4 * _COLOUR) for i in range(_COLOUR)]
        filled = map(_fill, handles, *at)
        told = zip(handles, map(_font, handles), map(_text_mode, handles), filled, map(_marks, handles), strict=True)
        for i, (handle, font, mode, has_colour, marks) in enumerate(told):
            rgba = tuple(numbers[_COLOUR * i : _COLOUR * (i + 1)]) if has_colour and mode not in _INVISIBLE else ()
            layer = handle in self._drawn.inner or (marks > 0 and self._on_a_layer(handle, marks))
            key = font or 0, mode in _INVISIBLE, layer, rgba
            look = self._kinds_of_look.get(key)
            if look is None:
                look = self._kinds_of_look[key] = self._look_of(*key)
            yield look

    def _look_of(self, font: int, invisible: bool, layer: bool, rgba: tuple[int, ...]) -> Look:
        """What all objects tell that are alike in these."""
        if font and font not in self._font_numbers:
            self._font_numbers[font] = self._fonts.number(font)
        suspicion = Suspicion.MODE if invisible else Suspicion.NONE
        if rgba and (min(rgba[:3]) >= _PALE or rgba[3] < _FAINT):
            suspicion |= Suspicion.COLOUR
        if layer:
            suspicion |= Suspicion.LAYER
        return Look(self._font_numbers.get(font, 0), suspicion, rgba[:3])

    def _on_a_layer(self, handle: int, marks: int) -> bool:
        for i in range(min(marks, 8)):
            name = ctypes.create_string_buffer(8)
            mark = _mark(handle, i)
            if mark and _mark_name(mark, name, 8, self._colour[0]) and name.raw[:6] == b"O\0C\0\0\0":
                return True
        return False

    def odd(self, handles: Collection[int]) -> set[int]:
        """Those of these objects, each named once, that are suspected for what they tell by themselves.

        Nothing else may be asked of an object before. 0 is none.
        """
        known = [handle for handle in handles if handle]
        looks = list(self._first_looks(known))
        if any(map(_transparent, known)):
            looks = list(map(self._masked, known, looks))
        self._looks.update(zip(known, looks, strict=True))
        clips = list(map(_clip, known))
        for handle, clip, paths in zip(known, clips, map(_clip_paths, clips), strict=True):
            if paths > 0 and handle not in self._drawn.inner:  # those are looked at in any case
                left = self._left_by(clip, paths)
                if left != (0.0, 0.0, *self.size):
                    self._clips[handle] = left
        return {handle for handle, look in zip(known, looks, strict=True) if look.suspicion}

    def _masked(self, handle: int, look: Look) -> Look:
        """The look of an object, suspected where a mask or its own transparency may leave nothing of it."""
        return replace(look, suspicion=look.suspicion | Suspicion.COLOUR) if _transparent(handle) else look

    def fonts(self, handles: Sequence[int]) -> list[int]:
        """The number of each object's font; each was looked at before."""
        looks = self._looks
        return [looks[handle].font for handle in handles]

    def _left_by(self, clip: int, paths: int) -> Box:
        """The rectangle of the page as shown outside of which these paths leave nothing."""
        x0, y0 = 0.0, 0.0
        x1, y1 = self.size
        at = self._rectangle[:2]
        for path in range(min(paths, _MOST_CLIPS)):
            points = _clip_points(clip, path)
            if not 0 < points <= _MOST_POINTS:
                continue
            xs: list[float] = []
            ys: list[float] = []
            for i in range(points):
                if _point(_clip_point(clip, path, i), *at):
                    xs.append(self._floats[0].value)
                    ys.append(self._floats[1].value)
            if xs:
                left, top, right, bottom = self._place(min(xs), min(ys), max(xs), max(ys))
                x0, y0, x1, y1 = max(x0, left), max(y0, top), min(x1, right), min(y1, bottom)
        return x0, y0, x1, y1

    def may_clip(self, handles: Sequence[int], box: Box) -> bool:
        """Whether one of these objects is clipped so that less than this box of the page as shown is left to it."""
        if not self._clips:
            return False
        clips = (self._clips[handle] for handle in set(handles) & self._clips.keys())
        return any(not (_holds(clip, box[0], box[1]) and _holds(clip, box[2], box[3])) for clip in clips)

    def _clipped_away(self, handle: int, box: Box) -> bool:
        """Whether the middle of a word of this object is where nothing of it is drawn."""
        clip = self._clips.get(handle)
        return clip is not None and not _holds(clip, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

    def may_cover(self, handles: Sequence[int], box: Box) -> bool:
        """Whether anything that is drawn after the first of these objects touches the box on the page as shown, or a
        ground in the colour of one does."""
        x0, y0, x1, y1 = box
        near = [at for at, (a, b, c, d) in self._covers if a <= x1 and x0 <= c and b <= y1 and y0 <= d]
        if not near:  # every ground is a cover
            return False
        first = min([self._drawn.order.get(handle, 0) for handle in handles])
        return max(near) > first or any(self._like_ground(handle, box) for handle in set(handles))

    def _like_ground(self, handle: int, box: Box) -> bool:
        """Whether the box touches a shape that was drawn before the object, in the object's own colour."""
        grounds = self._grounds_like(self._looks[handle].colour)
        if not grounds:
            return False
        at = self._drawn.order.get(handle, 0)
        return any(before < at and _touch(ground, box) for before, ground in grounds)

    def _grounds_like(self, colour: tuple[int, ...]) -> Sequence[tuple[int, Box]]:
        """The shapes of this colour, or of one that an eye does not tell from it."""
        if colour not in self._by_colour:
            self._by_colour[colour] = [
                (at, ground)
                for at, ground, other in self._grounds
                if colour and all(abs(a - b) < _ALIKE for a, b in zip(colour, other, strict=True))
            ]
        return self._by_colour[colour]

    def suspicion(self, handle: int, box: Box) -> Suspicion:
        """Why a word of this text object at this place of the page as shown may not be seen."""
        suspicion = self._looks[handle].suspicion
        if box[3] - box[1] < _TINIEST:
            suspicion |= Suspicion.SIZE
        if suspicion & Suspicion.MODE and self._over_picture(box):
            suspicion |= Suspicion.OVER_PICTURE
        if self._clips and self._clipped_away(handle, box):
            suspicion |= Suspicion.CLIPPED
        if self._grounds and self._like_ground(handle, box):
            suspicion |= Suspicion.COLOUR
        if self._covers:
            at = self._drawn.order.get(handle, 0)
            x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            if any(later > at and _holds(cover, x, y) for later, cover in self._covers) and not self._over_picture(box):
                suspicion |= Suspicion.COVERED
        return suspicion

    def _over_picture(self, box: Box) -> bool:
        """Whether a word stands on a picture so large that it is what was scanned."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        least = _BACKGROUND * self.size[0] * self.size[1]
        large = (it for it in self._pictures if (it[2] - it[0]) * (it[3] - it[1]) >= least)
        return any(_holds(picture, x, y) for picture in large)

    def makes_no_mark(self, words: Sequence[tuple[int, Box]]) -> list[bool]:
        """For each word, an object and its box on the page as shown: whether the page looks the same without it."""
        width, height = self.size
        scale = min(1.5, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        handles = {handle for handle, _ in words}
        before = self._drawn_at(scale)
        for handle in handles:
            _switch(handle, 0)
        after = self._drawn_at(scale)
        for handle in handles:
            _switch(handle, 1)
        return [before.same(after, box, scale) for _, box in words]

    def _drawn_at(self, scale: float) -> "_Raster":
        bitmap = self._page.render(scale=scale, grayscale=True, may_draw_forms=True)
        return _Raster(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))


@dataclass(frozen=True, slots=True)
class _Raster:
    """A page drawn in grey, a byte a pixel."""

    width: int
    height: int
    stride: int
    grey: bytes

    def same(self, other: "_Raster", box: Box, scale: float) -> bool:
        """Whether both look alike inside the box, given in points; edges of letters may stick out of what covers."""
        across, down = min(3.0, 0.15 * (box[2] - box[0])), 0.15 * (box[3] - box[1])
        left, right = max(0, int((box[0] + across) * scale)), min(self.width, int((box[2] - across) * scale) + 1)
        for y in range(max(0, int((box[1] + down) * scale)), min(self.height, int((box[3] - down) * scale) + 1)):
            row = slice(y * self.stride + left, y * self.stride + right)
            ours, theirs = self.grey[row], other.grey[row]
            if ours != theirs and any(abs(a - b) > _DIFFERENCE for a, b in zip(ours, theirs, strict=True)):
                return False
        return True


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


_NEVER_COVERING: Final = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_TEXT)


def _annotations(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """The rectangles of annotations that may lie over text."""
    for i in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), MOST_COVERS)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, i)
        if not annotation:
            continue
        rectangle = pdfium.FS_RECTF()
        if pdfium.FPDFAnnot_GetSubtype(annotation) not in _NEVER_COVERING and pdfium.FPDFAnnot_GetRect(
            annotation, rectangle
        ):
            yield rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        pdfium.FPDFPage_CloseAnnot(annotation)
