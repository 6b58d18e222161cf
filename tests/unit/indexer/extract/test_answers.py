"""What a child may answer: a sound page passes, everything else is refused, and by one kind of error."""

import io
import json
import zlib

import pytest
from PIL import Image, PngImagePlugin

from indexer.extract import answers
from indexer.extract.cage.frames import COUNT, PAGE
from indexer.extract.pages import SOFT_HYPHEN, ExtractError
from indexer.extract.reader import Reader

LINE = ["two words", 7200, 13000, 13000, 14400, [7200, 9000, 9300, 13000], 0, 0, [2, 3]]
SIZE = [59500, 84200, 0, 0]
NO_SIZES = [b"NaN", b"Infinity", b"1e999", b"1.5", b"9" * 5000, b"9" * 40]
ROW = ["ab", 100, 200, [0, 10, 10, 20], [0, -1]]
GLYPHS = [1, 59500, 84200, [ROW], [[0, 65, 1040]]]


def of_lines(*lines):
    """A page of these lines, as the child writes it: all texts, all left edges, and so on."""
    columns = [list(column) for column in zip(*lines, strict=True)]
    columns[5], columns[8] = ([number for numbers in columns[i] for number in numbers] for i in (5, 8))
    return [*SIZE, *columns]


def of_size(width=1, height=2, picture=0, lost=0):
    return [width, height, picture, lost, *[[]] * 9]


def with_columns(**columns):
    names = ("texts", "x0", "y0", "x1", "y1", "edges", "turns", "kinds", "fonts")
    return [*SIZE, *[columns.get(name, column) for name, column in zip(names, of_lines(LINE)[4:], strict=True)]]


def page(content):
    return answers.page_text(1, content if isinstance(content, bytes) else json.dumps(content).encode())


def refused(read, payload):
    with pytest.raises(ExtractError) as caught, answers.checked():
        read(payload)
    return caught.value.code == "reader_crashed"


def test_a_sound_page_passes():
    (line,) = page(of_lines(LINE)).lines
    assert line.text == "two words"
    assert line.words == ((72.0, 90.0), (93.0, 130.0))
    assert line.box == (72.0, 130.0, 130.0, 144.0)
    assert page(None).lines == ()
    hyphened = ["recom" + SOFT_HYPHEN, *LINE[1:5], [0, 1], 0, 0, [0]]
    assert page(of_lines(LINE, hyphened)).lines[1].text.endswith(SOFT_HYPHEN)


def test_what_the_page_does_not_show_stands_apart():
    kinds = [page(line_with(kind=kind)) for kind in range(6)]
    assert [len(read.lines) for read in kinds] == [1, 0, 0, 1, 1, 0]
    assert [len(read.hidden) for read in kinds] == [0, 1, 1, 0, 0, 1]
    assert page(of_size(picture=70)).picture == 70
    assert page(of_size(lost=25)).lost == 0.0025


def line_with(**fields):
    names = ("text", "x0", "y0", "x1", "y1", "edges", "turn", "kind", "fonts")
    return of_lines([fields.get(name, value) for name, value in zip(names, LINE, strict=True)])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[" * 900 + b"]" * 900,
        *[b"[%b,1,0,0,[],[],[],[],[],[],[],[],[]]" % number for number in NO_SIZES],
        {},
        [],
        [1, 2],
        [1, 2, 0, 0],
        of_size()[:-1],
        [*of_size(), []],
        of_size(picture=101),
        of_size(picture="0"),
        of_size(width=-1),
        of_size(width=True),
        of_size(lost=10_001),
        of_size(lost=-1),
        [1, 2, 0, 0, *[3] * 9],
        [1, 2, 0, 0, {}, *[[]] * 8],
        with_columns(texts=["a"]),
        with_columns(texts=["two words", "a"]),
        with_columns(x0=[]),
        with_columns(y1=[1, 2]),
        with_columns(turns=[0, 0]),
        with_columns(kinds=[]),
        with_columns(edges=[1, 2, 3, 4, 5, 6]),
        with_columns(fonts=[1, 2, 3]),
        with_columns(x1="1"),
        with_columns(fonts=None),
        line_with(turn=45),
        line_with(turn=0.0),
        line_with(turn=True),
        line_with(kind=6),
        line_with(kind=-1),
        line_with(kind="0"),
        line_with(fonts=[1]),
        line_with(fonts=[1, -2]),
        line_with(fonts=[1, 10**9]),
        line_with(text=7),
        line_with(text="two\0 words"),
        line_with(text="two\ud800 words"),
        line_with(text="two\x1f words"),
        line_with(text="two\uffff words"),
        line_with(text=f"two{SOFT_HYPHEN} words"),
        line_with(text="three small words"),
        line_with(text="", edges=[]),
        line_with(edges=[1, 2, 3]),
        line_with(edges=[1, 2, 3, True]),
        line_with(edges=[1, 2, 3, 10**12]),
        with_columns(edges="1234"),
        line_with(x0=None),
        line_with(y1=-(10**12)),
        of_lines(*[["a " * 60_000, 0, 0, 0, 0, [0, 0] * 60_000, 0, 0, [0] * 60_000]] * 2),
    ],
)
def test_what_is_no_page_is_refused(content):
    assert refused(page, content)


@pytest.mark.parametrize(
    "content",
    [
        [0, 1, 1, [], []],
        [1, 1, 1, [], [[0, 1]]],
        [1, 1, 1, [], [[-1, 1, 65]]],
        [1, 1, 1, [], [[0, 1, 0x110000]]],
        [1, 1, 1, [], [[0, "1", 65]]],
        [1, 1, 1, [["ab", 1, 2, [0, 1, 2], [0, 0]]], []],
        [1, 1, 1, [["ab", 1, 2, [0, 1, 2, 3], [0]]], []],
        [1, 1, 1, [["ab", 1, 2, [0, 1, 2, 3], [0, -2]]], []],
        [1, 1, 1, [["ab", 1, 2, [0, 1, 2, 3], [0, "x"]]], []],
        [1, 1, 1, [[None, 1, 2, [], []]], []],
        ["1", 1, 1, [], []],
    ],
)
def test_what_is_no_page_of_glyphs_is_refused(content):
    assert answers.glyph_page(json.dumps(GLYPHS).encode()).rows[0].text == "ab"
    assert refused(answers.glyph_page, json.dumps(content).encode())


@pytest.mark.parametrize("payload", [b"", b"0", b"-1", b"11", b"1.5", b"\xd9\xa1", b"x"])
def test_a_number_of_pages_is_a_number_and_bounded(payload):
    assert answers.page_count(b"10", 10) == 10
    assert refused(lambda content: answers.page_count(content, 10), payload)


def png(width=3, **options):
    out = io.BytesIO()
    Image.new("RGB", (width, 3)).save(out, "PNG", **options)
    return out.getvalue()


def huge():
    """Says that it is 60,000 pixels wide and high, with a right checksum."""
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    return png()[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png()[33:]


def with_text():
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", "of another document")
    return png(pnginfo=comment)


def test_a_picture_is_a_whole_png_of_pixels_alone():
    assert answers.picture(png()) == png()
    flipped = png()[:20] + bytes([png()[20] ^ 1]) + png()[21:]
    for payload in (b"", b"GIF89a", png()[:-1], png() + b"x", png()[:-12], flipped, huge(), with_text()):
        assert refused(answers.picture, payload), payload[:40]


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [(COUNT, b"2"), (PAGE, b"null")],
        [(COUNT, b"1"), (PAGE, b"null"), (PAGE, b"null")],
        [(PAGE, json.dumps(of_size()).encode())],
        [(COUNT, b"9999999")],
        [(COUNT, b"1"), (COUNT, b"1")],
        [(COUNT, b"1"), (PAGE, b"[1,2")],
    ],
)
def test_a_reading_that_does_not_add_up_is_a_crash(frames, monkeypatch):
    with Reader() as reader:
        monkeypatch.setattr(reader._first, "answers", lambda *_: (frame for frame in frames))
        with pytest.raises(ExtractError) as caught:
            reader.pages(io.BytesIO(b"%PDF-1.7 startxref"))
    assert caught.value.code == "reader_crashed"
