"""Pictures of pages become words with places, straight, turned or askew; what is missing for that is said."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from indexer.extract.pages import ExtractError, as_shown
from indexer.extract.recogniser import LIMITS, Recogniser

RUSSIAN = ["Участники совещания обсудили меры по", "противодействию терроризму. Секретариат", "подготовит доклад."]
ENGLISH = ["The delegations discussed the return of", "families from camps and agreed to share", "what they know."]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def picture(lines: list[str]) -> Image.Image:
    sheet = Image.new("L", (1654, 2339), 255)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(FONT, 48)
    for at in range(12):
        pen.text((150, 200 + 70 * at), lines[at % len(lines)], font=font, fill=0)
    return sheet


def pdf_of(sheet: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    sheet.save(file, "PDF", resolution=200)
    return file


@pytest.fixture(scope="module")
def recogniser(tesseract: None) -> Iterator[Recogniser]:
    opened = Recogniser()
    yield opened
    opened.close()


@pytest.mark.parametrize("lines", [RUSSIAN, ENGLISH], ids=["Russian", "English"])
@pytest.mark.parametrize(
    ("clockwise", "turn"), [(0, 0), (90, 270), (180, 180), (270, 90), (4, 0), (-7, 0)], ids=lambda value: str(value)
)
def test_a_page_is_read_however_it_lies(recogniser, lines, clockwise, turn):
    straight = clockwise % 90 == 0
    sheet = picture(lines).rotate(-clockwise, expand=straight, fillcolor=255, resample=Image.Resampling.BICUBIC)
    page = recogniser.page(pdf_of(sheet), 1)
    read = [line.text for line in page.lines]
    assert [text for text in lines if text in read] == lines
    assert page.confidence > 85
    assert {line.turn for line in page.lines} == {turn}
    size = (sheet.width * 72 / 200, sheet.height * 72 / 200)
    for line in page.lines:
        box = as_shown(line.box, line.turn, size)
        assert 0 < box[0] < box[2] < size[0] and 0 < box[1] < box[3] < size[1]
        assert len(line.words) == len(line.text.split())


@pytest.mark.parametrize("own", [7, 5], ids=["mostly English", "mostly Russian"])
def test_a_page_in_both_alphabets_is_read_in_both(recogniser, own):
    sheet = Image.new("L", (1654, 2339), 255)
    lines = [ENGLISH[i % 3] if i < own else RUSSIAN[i % 3] for i in range(12)]
    for at, text in enumerate(lines):
        ImageDraw.Draw(sheet).text((150, 200 + 70 * at), text, font=ImageFont.truetype(FONT, 48), fill=0)
    assert [line.text for line in recogniser.page(pdf_of(sheet), 1).lines] == lines


def test_words_stand_where_they_are_printed(recogniser):
    page = recogniser.page(pdf_of(picture(ENGLISH)), 1)
    first = page.lines[0]
    assert first.text == ENGLISH[0]
    assert abs(first.box[0] - 150 * 72 / 200) < 3
    baseline = first.box[1] + 0.75 * (first.box[3] - first.box[1])
    assert abs(baseline - (200 + 44) * 72 / 200) < 4


def test_an_empty_page_is_surely_so_and_one_with_ink_is_not(recogniser):
    sheet = Image.new("L", (800, 1000), 255)
    page = recogniser.page(pdf_of(sheet), 1)
    assert (page.confidence, page.lines) == (100, ())
    pen = ImageDraw.Draw(sheet)
    for at in range(6):
        pen.arc((100, 100 + 100 * at, 700, 500 + 100 * at), 200, 340, fill=0, width=6)
    scribbled = recogniser.page(pdf_of(sheet), 1)
    assert scribbled.confidence < 50


def test_a_page_that_is_not_there_is_refused(recogniser):
    with pytest.raises(ExtractError) as error:
        recogniser.page(pdf_of(picture(ENGLISH)), 2)
    assert error.value.code == "no_page"


def test_what_takes_too_long_is_ended(tesseract):
    hurried = Recogniser(limits=replace(LIMITS, wall_seconds=0.2))
    with pytest.raises(ExtractError) as error:
        hurried.page(pdf_of(picture(ENGLISH)), 1)
    hurried.close()
    assert error.value.code == "too_slow"


def test_what_is_missing_is_said(tmp_path: Path):
    said = Recogniser(tmp_path).missing()
    assert "pip install" in said or (str(tmp_path) in said and "TOLMACH_OCR_DATA" in said)
