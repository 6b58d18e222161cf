"""Holds the analysis to its figures: forms of a word meet, different words stay apart, passages are found."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from indexer.analysis.tokens import stopword, tokens

MEASURE = Path(__file__).resolve().parents[3] / "bench" / "morphology" / "measure.py"


@pytest.fixture(scope="module")
def measure() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("morphology_measure", MEASURE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def stems(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(token.stem for token in tokens(text)) for text in texts]


def stems_asked(texts: list[str]) -> list[tuple[str, ...]]:
    return [tuple(token.stem for token in tokens(text) if not stopword(token)) for text in texts]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_base_forms_find_their_forms(measure: ModuleType, language: str):
    pairs = measure.cases(f"forms.{language}")
    second = [pair for pair in pairs if pair.second]
    assert len(pairs) >= 300 and len(second) >= 100
    assert measure.share(pairs, stems) >= 0.95
    assert measure.share(second, stems) >= 0.95


@pytest.mark.parametrize("language", ["ru", "en"])
def test_different_words_stay_apart(measure: ModuleType, language: str):
    pairs = measure.cases(f"different.{language}")
    assert len(pairs) >= 300
    assert measure.share(pairs, stems) <= 0.03
    assert measure.share([pair for pair in pairs if pair.second], stems) <= 0.03


@pytest.mark.parametrize("language", ["ru", "en"])
def test_lists_are_what_they_claim_to_be(measure: ModuleType, language: str):
    def plain(word: str) -> str:
        return word.casefold().replace("ё", "е")

    different = measure.cases(f"different.{language}")
    forms = measure.cases(f"forms.{language}")
    assert all(plain(one)[:4] == plain(other)[:4] and plain(one) != plain(other) for one, other, _ in different)
    assert len({frozenset(case[:2]) for case in different}) == len(different)
    assert len({case[:2] for case in forms}) == len(forms)
    assert all(one != other for one, other, _ in forms)


def test_cutting_words_short_would_not_pass(measure: ModuleType):
    def cut(texts: list[str]) -> list[tuple[str, ...]]:
        return [tuple(token.exact[:4] for token in tokens(text)) for text in texts]

    assert measure.share(measure.cases("different.ru"), cut) > 0.9


@pytest.mark.parametrize(("language", "least"), [("ru", 0.955), ("en", 0.965)])
def test_questions_find_their_paragraphs(measure: ModuleType, data: Path, language: str, least: float):
    assert measure.mean_reciprocal_rank(language, data, stems, stems_asked) >= least
