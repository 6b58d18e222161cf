"""What a paper says of its own level is read where it stands alone, and nowhere else."""

from pathlib import Path

import pytest

from auth.scheme import load
from indexer.extract.pages import Line, PageText
from indexer.library.markings import borne

SCHEME = load(Path(__file__).resolve().parents[4] / "deploy" / "sample" / "scheme.toml")
SHIPPED = load()


def page(text: str, number: int = 1, y: float = 400) -> PageText:
    words = tuple((72.0 + 50 * i, 110.0 + 50 * i) for i in range(len(text.split())))
    return PageText(number, 595.0, 842.0, (Line(text, (72, y, 500, y + 12), words),))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("CONFIDENTIAL", "confidential"),
        ("Confidential", "confidential"),
        ("UN STRICTLY CONFIDENTIAL", "strictly-confidential"),
        ("ОБСЕ – ДЛЯ СЛУЖЕБНОГО ПОЛЬЗОВАНИЯ", "restricted"),
        ("ДСП", "restricted"),
        ("Гриф: Секретно", "strictly-confidential"),
        ("СЕКРЕТНО, экз. № 2", "strictly-confidential"),
        ("CONFIDENTIAL // releasable to KZ".upper(), "confidential"),
        ("TLP: AMBER", "confidential"),
        ("TLP:AMBER+STRICT", "confidential"),
        ("Distr.: Restricted", "restricted"),
        ("RESTRICTED — FOR OFFICIAL USE ONLY", "restricted"),
        ("Қызмет бабында пайдалану үшін", "restricted"),
        ("UNCLASSIFIED", "unclassified"),
        ("TLP AMBER STRICT", "confidential"),
        ("TLP:RED Not for disclosure, restricted to participants only", "strictly-confidential"),
        ("Для служебного пользования Экз. № 3", "restricted"),
        ("Экз. № 2 Сов. секретно", "strictly-confidential"),
        ("PC.DEL/417/18 OSCE RESTRICTED", "restricted"),
        ("OSCE Restricted 3 May 2018", "restricted"),
        ("RESTREINT UE/EU RESTRICTED", "restricted"),
        ("UNCLASSIFIED//FOUO", "restricted"),
        ("Page 1 of 3 RESTRICTED", "restricted"),
        ("Хизмат доирасида фойдаланиш учун", "restricted"),
    ],
)
def test_markings_of_the_region_are_known_in_their_languages(text, level):
    found = borne([page(text)], SCHEME)
    assert found is not None
    assert found.rank == SCHEME.rank(level)


@pytest.mark.parametrize(
    "text",
    [
        "Confidential papers are kept apart.",
        "Secret ballot",
        "Секретно голосовали все делегации",
        "Confidential, and of no use",
        "Distr.: General",
        "The restricted area",
        "Page 3 of the restricted annex",
        "OSCE confidential talks",
        "3 May 2018 Secret ballot",
    ],
)
def test_a_line_that_says_more_is_none(text):
    assert borne([page(text)], SCHEME) is None


def test_the_strongest_counts_and_on_later_pages_only_what_stands_at_the_edge():
    pages = [page("RESTRICTED"), page("CONFIDENTIAL", 2, y=30), page("STRICTLY CONFIDENTIAL", 3, y=400)]
    found = borne(pages, SCHEME)
    assert found is not None and found.words == "CONFIDENTIAL"


def test_words_for_a_level_that_is_switched_off_stand_for_the_next_stronger():
    found = borne([page("FOR OFFICIAL USE ONLY")], SHIPPED)
    assert found is not None and found.rank == SHIPPED.rank("confidential")
