"""The shipped lexicon knows the running words of the sample corpus and of papers of the United Nations.

Counted are content words: no stopword, two letters at least, of the script of the paper's language. Left out are words
written in capitals (abbreviations, symbols) and names: words that the papers never write with a small first letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pypdfium2
import pytest

from indexer.analysis.tokens import Token, stopword, tokens
from indexer.lexicon.lookup import shipped

TEXTS = Path(__file__).resolve().parents[4] / "deploy" / "sample" / "texts"
UN_PAPERS = {
    "en": ["A_79_998.en.pdf", "S_2025_22.en.pdf", "S_2025_482.en.pdf", "S_2025_49.en.pdf"],
    "ru": ["S_2024_145.en.pdf"],
}
LETTERS = {"en": re.compile("[a-z]{2,}"), "ru": re.compile("[а-я]{2,}")}


def sample_texts(language: str) -> list[str]:
    """The sample papers without their front matter."""
    paths = sorted(TEXTS.glob(f"*-{language}.md"))
    return [path.read_text(encoding="utf-8").split("+++", 2)[2] for path in paths]


def pdf_text(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        pages = (page.get_textpage().get_text_bounded() for page in document)
        return re.sub("\ufffe|\u0002|-\r?\n(?=[a-zа-я])", "", "\n".join(pages))


def written(text: str, token: Token) -> str:
    return text[token.start : token.end]


def known(words: list[Token], language: str) -> Iterator[bool]:
    """Of each token, whether some headword of the lexicon covers it."""
    end = 0
    for at in range(len(words)):
        lengths = [match.length for match in shipped().starting_at(words, at, language)]
        end = max([end, *(at + length for length in lengths)])
        yield at < end


def coverage(texts: Iterable[str], language: str) -> float:
    read = [(text, tokens(text)) for text in texts]
    small = {word.stem for text, words in read for word in words if written(text, word)[0].islower()}
    marks = [
        covered
        for text, words in read
        for word, covered in zip(words, known(words, language), strict=True)
        if LETTERS[language].fullmatch(word.exact)
        and not stopword(word)
        and not written(text, word).isupper()
        and word.stem in small
    ]
    assert len(marks) > 4000, "too few words to tell"
    return sum(marks) / len(marks)


@pytest.mark.parametrize(("language", "least"), [("en", 0.97), ("ru", 0.96)])
def test_it_covers_the_sample_corpus(language, least):
    assert coverage(sample_texts(language), language) >= least


@pytest.mark.parametrize(("language", "least"), [("en", 0.93), ("ru", 0.93)])
def test_it_covers_papers_of_the_united_nations(data, language, least):
    assert coverage([pdf_text(data / "un" / name) for name in UN_PAPERS[language]], language) >= least


def test_what_it_does_not_know_lowers_the_figure():
    strange = " ".join(["glimrous"] * 50)
    texts = [text + strange for text in sample_texts("en")]
    assert coverage(texts, "en") < coverage(sample_texts("en"), "en") - 0.1
