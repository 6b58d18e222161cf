"""Awkward files of other people: each gives text or a reason, and the reader goes on."""

from collections import defaultdict

import pytest

from indexer.extract.pages import MESSAGES, ExtractError, needs_ocr
from indexer.extract.reader import Limits, Reader
from indexer.segment.passages import passages
from indexer.segment.segments import segment

EXPECTED = {
    "empty": {"empty"},
    "encrypted-password": {"encrypted", "text"},  # one locks only its attachments
    "image-only": {"no_text", "text"},  # one holds nothing but a form that is filled in
    "ru-scan": {"no_text"},
    "ru-text": {"text"},
    "ru-cp1251": {"text"},
    "ru-broken-encoding": {"repaired"},
    "ru-mixed": {"needs_ocr"},
    "broken-both": {"damaged", "truncated", "encrypted", "not_pdf"},
    "encrypted-openable": {"text", "no_text"},
    "active-or-form": {"text"},
    "attachments": {"text"},
}


def test_every_awkward_file_gives_text_or_a_reason(data):
    files = sorted((data / "robust").glob("*/*.pdf"))
    assert len(files) == 81
    outcomes = defaultdict(set)
    with Reader(Limits(cpu_seconds=20, wall_seconds=60)) as reader:
        for path in files:
            outcomes[path.parent.name].add(outcome(reader, path))
        templates = [cage._template for cage in (reader._first, reader._second)]
    assert all(template is not None and not template.alive() for template in templates)
    assert not {"reader_crashed", "too_slow"} & set().union(*outcomes.values())
    for kind, allowed in EXPECTED.items():
        assert outcomes[kind] <= allowed, (kind, outcomes[kind])


def outcome(reader, path):
    """What becomes of a file: the code of its error, or text, put right or not."""
    try:
        with path.open("rb") as file:
            pages = reader.pages(file)
    except ExtractError as error:
        assert error.code in MESSAGES
        return error.code
    segments = segment(pages)
    assert segments and passages(segments)
    return "repaired" if any(page.reader == "repaired" for page in pages) else "text"


def test_a_book_whose_letters_are_wrong_is_put_right(data):
    with Reader() as reader, (data / "pairs" / "lshort" / "lshort.ru.pdf").open("rb") as file:
        pages = reader.pages(file)
    assert len(needs_ocr(pages)) < 3  # pages of which a line is left out
    assert sum(page.reader == "repaired" for page in pages) > 140
    text = " ".join(line.text for line in pages[24].lines)
    assert "Windows вы должны убедиться, что вы сохраня" in text
    assert "попробуйте yap (“yet another previewer”)" in text


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_cut_file_never_passes_for_whole(data, part, tmp_path):
    whole = (data / "pairs" / "debian-faq" / "debian-faq.en.pdf").read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole[: int(len(whole) * part)])
    with Reader() as reader, cut.open("rb") as file, pytest.raises(ExtractError) as caught:
        reader.pages(file)
    assert caught.value.code == "truncated"
