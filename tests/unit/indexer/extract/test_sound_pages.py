"""What is read of sound papers stays the same, to the letter, whatever is done for speed."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.extract.pages import PageText
from indexer.extract.reader import Reader

READ_BEFORE = Path(__file__).with_name("sound_pages.tsv")


def digest(pages: tuple[PageText, ...]) -> str:
    """Of all that whoever reads the pages is told in words, not of places, which are fractions."""
    told = [
        (page.number, page.trouble, page.reader, line.text, line.turn, line.kind.name, line.marks)
        for page in pages
        for line in (*page.lines, *page.hidden)
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def cases() -> Iterator[tuple[str, int, str]]:
    for name, pages, expected in csv.reader(READ_BEFORE.read_text(encoding="utf-8").splitlines(), delimiter="\t"):
        yield name, int(pages), expected


@pytest.mark.parametrize(("name", "pages", "expected"), list(cases()))
def test_a_sound_paper_is_read_as_before(data: Path, reader: Reader, name: str, pages: int, expected: str):
    with (data / name).open("rb") as file:
        read = reader.pages(file)
    assert (len(read), digest(read)) == (pages, expected)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as it:
        yield it
