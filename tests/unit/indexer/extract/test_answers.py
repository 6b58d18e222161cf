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
SOUND = [59500, 84200, [LINE], 0, 0]
ROW = ["ab", 100, 200, [0, 10, 10, 20], [0, -1]]
GLYPHS = [1, 59500, 84200, [ROW], [[0, 65, 1040]]]


def page(content):
    return answers.page_text(1, content if isinstance(content, bytes) else json.dumps(content).encode())


def refused(read, payload):
    with pytest.raises(ExtractError) as caught, answers.checked():
        read(payload)
    return caught.value.code == "reader_crashed"


def test_a_sound_page_passes():
    (line,) = page(SOUND).lines
    assert line.text == "two words"
    assert line.words == ((72.0, 90.0), (93.0, 130.0))
    assert line.box == (72.0, 130.0, 130.0, 144.0)
    assert page(None).lines == ()
    hyphened = ["recom" + SOFT_HYPHEN, *LINE[1:5], [0, 1], 0, 0, [0]]
    assert page([1, 1, [hyphened], 0, 0]).lines[0].text.endswith(SOFT_HYPHEN)


def test_what_the_page_does_not_show_stands_apart():
    kinds = [page(line_with(kind=kind)) for kind in range(6)]
    assert [len(read.lines) for read in kinds] == [1, 0, 0, 1, 1, 0]
    assert [len(read.hidden) for read in kinds] == [0, 1, 1, 0, 0, 1]
    assert page([1, 1, [], 70, 25]).picture == 70
    assert page([1, 1, [], 70, 25]).lost == 0.0025


def line_with(**fields):
    names = ("text", "x0", "y0", "x1", "y1", "edges", "turn", "kind", "fonts")
    return [59500, 84200, [[fields.get(name, value) for name, value in zip(names, LINE, strict=True)]], 0, 0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[" * 900 + b"]" * 900,
        b"[NaN,1,[],0,0]",
        b"[Infinity,1,[],0,0]",
        b"[1e999,1,[],0,0]",
        b"[1.5,1,[],0,0]",
        b"[" + b"9" * 5000 + b",1,[],0,0]",
        b"[" + b"9" * 40 + b",1,[],0,0]",
        {},
        [],
        [1, 2],
        [1, 2, 3, 0, 0],
        [1, 2, []],
        [1, 2, [], 101, 0],
        [1, 2, [], "0", 0],
        [-1, 2, [], 0, 0],
        [True, 2, [], 0, 0],
        [1, 2, [[]], 0, 0],
        [1, 2, [["a", 0, 0, 0, 0]], 0, 0],
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
        line_with(edges="1234"),
        line_with(x0=None),
        line_with(y1=-(10**12)),
        [1, 2, [["a " * 60_000, 0, 0, 0, 0, [0, 0] * 60_000, 0, 0, [0] * 60_000]] * 2, 0, 0],
        [1, 2, [], 0, 10_001],
        [1, 2, [], 0, -1],
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
        [(PAGE, json.dumps(SOUND).encode())],
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
