"""Holds the analysis to its figures: forms of a word meet, different words stay apart, passages are found."""

from pathlib import Path

import pytest
from morphology.measure import cases, mean_reciprocal_rank, share

from indexer.analysis.tokens import stopword, tokens


def stems(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(token.stem for token in tokens(text)) for text in texts]


def stems_asked(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(token.stem for token in tokens(text) if not stopword(token)) for text in texts]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_base_forms_find_their_forms(language: str):
    pairs = cases(f"forms.{language}")
    second = [pair for pair in pairs if pair.second]
    assert len(pairs) >= 300 and len(second) >= 100
    assert share(pairs, stems) >= 0.95
    assert share(second, stems) >= 0.95


@pytest.mark.parametrize("language", ["ru", "en"])
def test_different_words_stay_apart(language: str):
    pairs = cases(f"different.{language}")
    assert len(pairs) >= 300
    assert share(pairs, stems) <= 0.03
    assert share([pair for pair in pairs if pair.second], stems) <= 0.03


@pytest.mark.parametrize("language", ["ru", "en"])
def test_lists_are_what_they_claim_to_be(language: str):
    def plain(word: str) -> str:
        return word.casefold().replace("ё", "е")

    different = cases(f"different.{language}")
    forms = cases(f"forms.{language}")
    assert all(plain(one)[:4] == plain(other)[:4] and plain(one) != plain(other) for one, other, _ in different)
    assert len({frozenset(case[:2]) for case in different}) == len(different)
    assert len({case[:2] for case in forms}) == len(forms)
    assert all(one != other for one, other, _ in forms)


def test_cutting_words_short_would_not_pass():
    def cut(texts: list[str]) -> list[tuple[str, ...]]:
        return [tuple(token.exact[:4] for token in tokens(text)) for text in texts]

    assert share(cases("different.ru"), cut) > 0.9


@pytest.mark.parametrize(("language", "least"), [("ru", 0.955), ("en", 0.965)])
def test_questions_find_their_paragraphs(data: Path, language: str, least: float):
    assert mean_reciprocal_rank(language, data, stems, stems_asked) >= least
