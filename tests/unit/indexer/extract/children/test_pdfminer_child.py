"""The second reader as a process: what it gives, that it is confined, and that its failing costs no page."""

import io
import os
import sys
from pathlib import Path

import pytest

from indexer.extract.cage.limits import Limits
from indexer.extract.children import pdfminer_child
from indexer.extract.pages import SOFT_HYPHEN, UNMAPPED, ExtractError, needs_ocr
from indexer.extract.reader import Reader

sys.path.insert(0, str(Path(__file__).parents[1]))
import pdfs
from test_quality import SOUND

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

RUSSIAN = ["Все люди рождаются свободными и равными", "в своем достоинстве и правах. Они наделены разу-", "мом"]


def broken(encoding: str = "cp1251") -> bytes:
    return pdfs.nameless([line.encode(encoding) for line in RUSSIAN])


def seconds() -> set[int]:
    """Second readers that are children of this process."""
    pids = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"indexer.extract.children.pdfminer_child" in command:
            pids.add(int(status.parent.name))
    return pids


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_a_font_without_letters_is_read_with_the_places_of_its_words(encoding):
    file = io.BytesIO(broken(encoding))
    with Reader() as reader:
        (page,) = reader.pages(file)
        (first,) = reader._read_first(file, lambda done, total: None)
    assert [line.text for line in page.lines] == [RUSSIAN[0], RUSSIAN[1].replace("разу-", f"разу{SOFT_HYPHEN}"), "мом"]
    assert (page.reader, page.trouble) == ("repaired", "")
    assert page.quality > 0.9
    assert "Âñå" in first.lines[0].text or encoding == "koi8-r"
    for mine, theirs in zip(page.lines, first.lines, strict=True):
        assert mine.box == pytest.approx(theirs.box, abs=8)
        assert mine.box[1::2] == pytest.approx(theirs.box[1::2], abs=0.5)
        for a, b in zip(mine.words[:-1], theirs.words[:-1], strict=True):
            assert a == pytest.approx(b, abs=0.5)


def test_a_document_of_untrusted_pages_needs_recognition():
    content = pdfs.nameless([b"qzxv kjwq zzxq vvkj qqwx", b"xkcd wqzx jjqk vxzq kkjz zxqw"], b"")
    with Reader() as reader, pytest.raises(ExtractError) as caught:
        reader.pages(io.BytesIO(content))
    assert caught.value.code == "needs_ocr"
    assert "OCR" in caught.value.message


def test_an_untrusted_page_is_left_empty_and_the_rest_is_read():
    rubbish = pdfs.prose(*["qzxv kjwq zzxq vvkj qqwx xkcd wqzx jjqk"] * 4)
    with Reader() as reader:
        pages = reader.pages(io.BytesIO(pdfs.written([pdfs.prose(SOUND["English"]), rubbish])))
    assert needs_ocr(pages) == (2,)
    assert [len(page.lines) for page in pages] == [1, 0]
    assert pages[1].quality < 0.5


def test_it_is_started_for_doubtful_documents_only_and_ends_with_the_reader():
    before = seconds()
    with Reader() as reader:
        reader.pages(io.BytesIO(pdfs.written([pdfs.prose(SOUND["English"])])))
        assert seconds() == before
        reader.pages(io.BytesIO(broken()))
        (pid,) = seconds() - before
        reader.pages(io.BytesIO(broken()))
        assert seconds() - before == {pid}
    assert seconds() == before


def test_when_it_dies_the_first_reading_stays():
    with Reader() as reader:
        reader._second._module = "indexer.extract.no_such_module"
        (page,) = reader.pages(io.BytesIO(broken()))
        assert page.reader == "repaired"
        assert page.lines[0].text == RUSSIAN[0]
        assert len(reader.pages(io.BytesIO(pdfs.written([pdfs.prose(SOUND["English"])])))) == 1


def test_its_limits_cost_no_document(monkeypatch):
    monkeypatch.setattr(Limits, "of_second", lambda self: Limits(memory_bytes=1 << 20))
    with Reader() as reader:
        (page,) = reader.pages(io.BytesIO(broken()))
        assert (page.reader, page.lines[0].text) == ("repaired", RUSSIAN[0])


def test_a_page_that_takes_it_too_long_costs_only_that_page():
    scattered = [(i * 37 % 590, i * 101 % 830, "qzxv"[i % 3 :]) for i in range(6000)]
    content = pdfs.written([pdfs.prose(SOUND["English"]), scattered])
    with Reader(Limits(cpu_seconds=1, second_page_cpu_seconds=0)) as reader:
        pages = reader.pages(io.BytesIO(content))
        assert needs_ocr(pages) == (2,)
        assert reader.pages(io.BytesIO(broken()))[0].reader == "repaired"


def test_a_page_is_looked_at_when_it_is_asked_for(tmp_path):
    path = tmp_path / "two.pdf"
    path.write_bytes(pdfs.written([pdfs.prose(SOUND["English"]), pdfs.prose(SOUND["English"])]))
    with path.open("rb") as file:
        first, second = pdfminer_child._pages(file.fileno())
        assert not hasattr(first, "contents")
        assert second.looked_at().contents


def test_progress_is_told_while_it_reads():
    seen = []
    with Reader() as reader:
        reader.pages(io.BytesIO(broken()), lambda done, total: seen.append((done, total)))
    assert seen[0] == (1, 1)
    assert len(seen) > 1 and set(seen) == {(1, 1)}


def test_a_font_that_tells_its_letters_is_read_in_the_cage():
    """Its table is decoded by codecs that must be loaded before the cage closes."""
    table = b"1 beginbfrange <41> <5A> <0410> endbfrange"
    content = pdfs.nameless([b"ABC DEF", b"GH\x07I"], table)
    with Reader() as reader:
        pages = reader._read_second(io.BytesIO(content), [1], lambda: None)
    assert [row.text.strip()[:3] for row in pages[1].rows] == ["АБВ", "ЖЗ" + chr(ord(UNMAPPED) + 7)]
    assert (0x41, "А") in {(code, letter) for _, code, letter in pages[1].told}
