"""Recognises the text of pages' pictures, in the cage: `python -m … SOCKET PARENT FOLDER LANGUAGE…`.

The only importer of tesserocr. The languages' data is loaded before anything is closed, once for all pages. A page is
drawn, turned upright and straightened; then it is read in the languages of its script, one alone at a time: two
together mix alphabets inside words. Lines that are read badly are taken from a reading in another language, if that
makes more of them: papers hold paragraphs of both.
"""

import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import PIL.Image
import PIL.ImageOps

os.environ["OMP_THREAD_LIMIT"] = "1"  # read when the library is loaded: a fork has no threads

import tesserocr

from indexer.extract.cage.frames import LONGEST, PAGE
from indexer.extract.cage.template import Refused, allow_cpu, serve
from indexer.extract.children.pdfium_child import grey_page, opened
from indexer.extract.pages import ASCENT, DESCENT

DPI: Final = 300
ENOUGH: Final = 85  # of 100: with that confidence no other language is tried
_WEAK: Final = 75  # of 100: a line with less confidence may be in another language
_TELLING: Final = 8  # letters of a line that tells so
_SHARE_OF_WEAK: Final = 0.04  # of a page's letters, from which on another script is tried
_CLEARLY: Final = 8  # of 100: by which another reading of a line must be surer
_SAME_PLACE: Final = 0.9
SURELY: Final = 100  # of 100: that nothing is written on a blank page
_DARK: Final = 128  # of 255: what is darker is ink
_SPECKS: Final = 0.0005  # of a page: as much ink as dust
_LATIN: Final = ("eng", "uzb")
_STRAIGHT: Final = 0.4  # degrees: what leans less is read as it is
_MOST_SKEW: Final = 12  # degrees
_SMALL: Final = 1_000  # pixels: what a picture's side has while its angle is looked for
_LEANS_ENOUGH: Final = 2.0  # confidence with which a page that does not stand upright is turned
_HEIGHT: Final = 0.93  # of an em, that a row of Tesseract's is high
_MOST_WORDS: Final = 20_000
_WHITE: Final = 255

_apis: dict[str, tesserocr.PyTessBaseAPI] = {}


def main() -> None:
    """Serve requests from the socket whose descriptor is the first argument until it closes."""
    serve(_work, _warm)


def _warm() -> None:
    """Load what every page needs: a child can open no file."""
    folder, *languages = sys.argv[3:]
    for language in languages:
        mode = tesserocr.PSM.OSD_ONLY if language == "osd" else tesserocr.PSM.AUTO
        _apis[language] = tesserocr.PyTessBaseAPI(path=folder, lang=language, psm=mode)
        _apis[language].SetVariable("debug_file", "/dev/null")
    _recognised(PIL.Image.new("L", (400, 200), _WHITE))


def _work(request: dict[str, Any], descriptor: int) -> Iterator[tuple[bytes, bytes]]:
    """One page: its width and height in hundredths of a point, and what was read of it."""
    allow_cpu(request["cpu"])
    document = opened(descriptor)
    try:
        picture, width, height = grey_page(document, request["page"], DPI)
    finally:
        document.close()
    reading = _recognised(picture)
    scale = 100 * (width if reading.turn in (0, 180) else height) / max(1, reading.width)
    lines = [_placed(row, reading, scale) for row in reading.rows]
    answer = [round(100 * width), round(100 * height), reading.turn, reading.confidence, lines]
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    if len(text) > LONGEST[PAGE]:
        raise Refused("too_large_in_memory")
    yield PAGE, text


@dataclass(frozen=True, slots=True)
class _PrintedRow:
    """A line in pixels of the straightened picture: its words with left, right and confidence; baseline and em."""

    words: list[tuple[str, int, int, int]]
    baseline: float
    em: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read of a picture that was turned clockwise by `turn` and then by `skew`, both in degrees."""

    turn: int
    skew: float
    width: int
    height: int
    confidence: int
    rows: list[_PrintedRow]


def _recognised(picture: PIL.Image.Image) -> _Reading:
    turn, scripts = _orientation(picture)
    if turn:
        picture = picture.rotate(-turn, expand=True, fillcolor=_WHITE)
    skew = _skew(picture)
    if skew:
        picture = picture.rotate(-skew, resample=PIL.Image.Resampling.BICUBIC, fillcolor=_WHITE)
    best: tuple[int, list[_PrintedRow]] = (0, [])
    readings: dict[str, list[_PrintedRow]] = {}
    for language in scripts:
        rows = readings[language] = _rows(_apis[language], picture)
        best = max(best, (_confidence(rows), rows), key=lambda pair: pair[0])
        if best[0] >= ENOUGH:
            break
    if any(map(_weak, best[1])):
        best = _patched(best[1], readings, scripts, picture)
    if not best[1] and _blank(picture):
        best = (SURELY, [])
    return _Reading(turn, skew, picture.width, picture.height, *best)


def _weak(row: _PrintedRow) -> bool:
    """Whether a line was read badly, as one in another alphabet is."""
    return sum(len(text) for text, *_ in row.words) >= _TELLING and _confidence([row]) < _WEAK


def _patched(
    rows: list[_PrintedRow], readings: dict[str, list[_PrintedRow]], languages: Sequence[str], picture: PIL.Image.Image
) -> tuple[int, list[_PrintedRow]]:
    """The lines, those that were read badly as another language has them; and the confidence in all."""
    letters = sum(len(text) for row in rows for text, *_ in row.words)
    weak = sum(len(text) for row in rows if _weak(row) for text, *_ in row.words)
    if weak < _SHARE_OF_WEAK * letters:
        return _confidence(rows), rows
    latin = next(iter(readings)) in _LATIN
    other = next((name for name in languages if (name in _LATIN) != latin), "")
    if other and other not in readings:
        readings[other] = _rows(_apis[other], picture)
    again = [row for reading in readings.values() if reading is not rows for row in reading]
    patched = [_better(row, again) if _weak(row) else row for row in rows]
    return _confidence(patched), patched


def _better(row: _PrintedRow, others: Sequence[_PrintedRow]) -> _PrintedRow:
    """What stands at the place of a line in other readings, if one makes clearly more of it."""
    same = [other for other in others if abs(other.baseline - row.baseline) < row.em / 2 and _meet(row, other)]
    best = max(same, key=lambda other: _confidence([other]), default=row)
    return best if _confidence([best]) > _confidence([row]) + _CLEARLY else row


def _meet(row: _PrintedRow, other: _PrintedRow) -> bool:
    """Whether two lines take the same place across, but for a tenth."""
    left, right = max(row.words[0][1], other.words[0][1]), min(row.words[-1][2], other.words[-1][2])
    return right - left > _SAME_PLACE * max(it.words[-1][2] - it.words[0][1] for it in (row, other))


def _orientation(picture: PIL.Image.Image) -> tuple[int, Sequence[str]]:
    """By how much the picture must be turned clockwise to stand upright, and the languages to try in order."""
    languages = [name for name in _apis if name != "osd"]
    api = _apis.get("osd")
    if api is None:
        return 0, languages
    api.SetImage(picture)
    api.SetSourceResolution(DPI)
    seen = api.DetectOrientationScript()
    if not seen:
        return 0, languages
    turn = -seen["orient_deg"] % 360 if seen["orient_conf"] >= _LEANS_ENOUGH else 0
    latin = seen["script_name"] == "Latin"
    return turn, sorted(languages, key=lambda name: (name in _LATIN) != latin)


def _blank(picture: PIL.Image.Image) -> bool:
    """Whether hardly any ink is on it: what has ink and no word may be a hand's writing."""
    return sum(picture.histogram()[:_DARK]) < _SPECKS * picture.width * picture.height


def _skew(picture: PIL.Image.Image) -> float:
    """By how many degrees the lines have to be turned clockwise to be level; 0 where that is little.

    Level lines make rows of ink and rows of none: of all angles the best is where neighbouring rows differ most.
    """
    small = PIL.ImageOps.invert(picture)
    small.thumbnail((_SMALL, _SMALL))
    coarse = max(range(-_MOST_SKEW, _MOST_SKEW + 1), key=lambda angle: (_levelness(small, angle), -abs(angle)))
    fine = (coarse + step / 4 for step in range(-3, 4))
    degrees = max(fine, key=lambda angle: (_levelness(small, angle), -abs(angle)))
    return degrees if abs(degrees) > _STRAIGHT else 0.0


def _levelness(small: PIL.Image.Image, degrees: float) -> int:
    turned = small.rotate(-degrees, resample=PIL.Image.Resampling.BILINEAR)
    rows = turned.resize((1, turned.height), PIL.Image.Resampling.BOX).tobytes()
    return sum((a - b) ** 2 for a, b in pairwise(rows))


def _rows(api: tesserocr.PyTessBaseAPI, picture: PIL.Image.Image) -> list[_PrintedRow]:
    api.SetImage(picture)
    api.SetSourceResolution(DPI)
    api.Recognize()
    found = api.GetIterator()
    rows: list[_PrintedRow] = []
    count = 0
    if found is None:
        return rows
    for word in tesserocr.iterate_level(found, tesserocr.RIL.WORD):
        box = word.BoundingBox(tesserocr.RIL.WORD)
        text = "".join(word.GetUTF8Text(tesserocr.RIL.WORD).split()) if box else ""
        if not text:
            continue
        if word.IsAtBeginningOf(tesserocr.RIL.TEXTLINE) or not rows:
            rows.append(_begun(word))
        rows[-1].words.append((text, box[0], box[2], round(word.Confidence(tesserocr.RIL.WORD))))
        count += 1
        if count >= _MOST_WORDS:
            break
    api.Clear()
    return rows


def _begun(word: Any) -> _PrintedRow:  # noqa: ANN401
    """A line without words yet, at the place of the one that begins with this word."""
    left, right = word.Baseline(tesserocr.RIL.TEXTLINE) or ((0, 0), (0, 0))
    return _PrintedRow([], (left[1] + right[1]) / 2, word.RowAttributes()["row_height"] / _HEIGHT)


def _confidence(rows: Sequence[_PrintedRow]) -> int:
    """The mean over all letters."""
    letters = sum(len(text) for row in rows for text, *_ in row.words)
    weighed = sum(len(word[0]) * word[3] for row in rows for word in row.words)
    return round(weighed / letters) if letters else 0


def _placed(row: _PrintedRow, reading: _Reading, scale: float) -> list[Any]:
    """Text, x0, y0, x1, y1, edges and confidences of the words, on the page as turned, in hundredths of a point."""
    angle = math.radians(reading.skew)
    centre_x, centre_y = reading.width / 2, reading.height / 2

    def back(x: float, y: float) -> tuple[float, float]:
        """Where a point was before the picture was straightened."""
        dx, dy = x - centre_x, y - centre_y
        across, down = math.cos(angle), math.sin(angle)
        return centre_x + dx * across + dy * down, centre_y - dx * down + dy * across

    edges = [back(x, row.baseline)[0] for _, left, right, _ in row.words for x in (left, right)]
    baseline = back((row.words[0][1] + row.words[-1][2]) / 2, row.baseline)[1]
    top, bottom = baseline - ASCENT * row.em, baseline + DESCENT * row.em
    places = [round(scale * edge) for edge in edges]
    return [
        " ".join(text for text, *_ in row.words),
        min(places),
        round(scale * top),
        max(places),
        round(scale * bottom),
        places,
        [confidence for *_, confidence in row.words],
    ]


if __name__ == "__main__":
    main()
